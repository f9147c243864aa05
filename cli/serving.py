"""`starledger serve`: the HTTP interface, bound to this machine unless there is TLS."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cli.exits import Exit, stop
from cli.first_run import LOOPBACK, Binding, announce_first_run
from cli.options import settings_of
from cli.wiring import installation
from domain.text import Text

PORT = 8000
GRACE_SECONDS = 30
"""How long requests that are under way may take when the server is told to end."""


def add_serving(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("serve", rich_help_panel="serving")(serve)


def serve(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    port: Annotated[int, typer.Option(help="the port on this machine")] = PORT,
    workers: Annotated[int, typer.Option(min=1, help="how many processes serve (more than one: PostgreSQL)")] = 1,
    host: Annotated[str, typer.Option(help="the address to listen on; any but this machine's needs TLS")] = LOOPBACK,
    tls_cert: Annotated[Path | None, typer.Option(help="the certificate, PEM")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="its key, PEM")] = None,
    *,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help="a proxy in front sees to TLS")] = False,
) -> None:
    """Serve the HTTP interface until it is stopped; requests under way are finished then.

    It listens on this machine alone, unless there is TLS, here or at a proxy. Where nobody has an account yet, one
    link for the operator is printed: it works once, within 15 minutes.
    """
    import uvicorn  # noqa: PLC0415 - only this sub-command needs a server

    from cli.web import application_of, hand_down  # noqa: PLC0415 - likewise

    binding = Binding(host, port, tls_cert, tls_key, behind_proxy).required(settings_of(ctx).language)
    settings = replace(settings_of(ctx), secure=binding.secure)
    if workers > 1 and settings.database_url is None:
        stop(Exit.USAGE, _ONE_PROCESS, settings.language)
    announce_first_run(settings, binding.url)
    how = {**binding.options(), "log_config": None, "timeout_graceful_shutdown": GRACE_SECONDS}
    if workers == 1:
        uvicorn.run(application_of(settings), **how)
        return
    with installation(settings), tempfile.TemporaryDirectory() as counted:
        hand_down(settings)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
        uvicorn.run("cli.web:application", factory=True, workers=workers, **how)


_ONE_PROCESS = Text(
    "SQLite 账本只由一个进程服务；需要多个进程时请用 PostgreSQL（见 move）。",
    "A ledger in SQLite is served by one process; for several use PostgreSQL (see move).",
)
