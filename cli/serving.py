"""`starledger serve`: the HTTP interface, bound to this machine."""

from typing import Annotated

import typer

from cli.options import settings_of
from cli.wiring import installation

LOOPBACK = "127.0.0.1"


def add_serving(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("serve", rich_help_panel="serving")(serve)


def serve(ctx: typer.Context, port: Annotated[int, typer.Option(help="the port on this machine")] = 8000) -> None:
    """Serve the read-only HTTP interface on this machine only, until it is stopped."""
    import uvicorn  # noqa: PLC0415 - only this sub-command needs a server

    from api.app import create_app  # noqa: PLC0415 - likewise
    from api.logging import configure  # noqa: PLC0415 - likewise

    with installation(settings_of(ctx)) as installed:
        configure()
        app = create_app(ledger=installed.ledger, follower=installed.follower)
        uvicorn.run(app, host=LOOPBACK, port=port, log_config=None)
