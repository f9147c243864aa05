"""`starledger serve`: the HTTP interface, bound to this machine."""

import os
import tempfile
from typing import Annotated

import typer

from cli.exits import Exit, stop
from cli.options import settings_of
from cli.wiring import installation
from domain.text import Text

LOOPBACK = "127.0.0.1"
PORT = 8000
GRACE_SECONDS = 30
"""How long requests that are under way may take when the server is told to end."""


def add_serving(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("serve", rich_help_panel="serving")(serve)


def serve(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(help="the port on this machine")] = PORT,
    workers: Annotated[int, typer.Option(min=1, help="how many processes serve (more than one: PostgreSQL)")] = 1,
) -> None:
    """Serve the HTTP interface on this machine only, until it is stopped; requests under way are finished then."""
    import uvicorn  # noqa: PLC0415 - only this sub-command needs a server

    from cli.web import application_of, hand_down  # noqa: PLC0415 - likewise

    settings = settings_of(ctx)
    if workers > 1 and settings.database_url is None:
        stop(Exit.USAGE, _ONE_PROCESS, settings.language)
    how = {"host": LOOPBACK, "port": port, "log_config": None, "timeout_graceful_shutdown": GRACE_SECONDS}
    if workers == 1:
        uvicorn.run(application_of(settings), **how)  # type: ignore[arg-type]
        return
    with installation(settings), tempfile.TemporaryDirectory() as counted:
        hand_down(settings)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
        uvicorn.run("cli.web:application", factory=True, workers=workers, **how)  # type: ignore[arg-type]


_ONE_PROCESS = Text(
    "SQLite 账本只由一个进程服务；需要多个进程时请用 PostgreSQL（见 move）。",
    "A ledger in SQLite is served by one process; for several use PostgreSQL (see move).",
)
