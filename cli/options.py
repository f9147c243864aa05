"""Options that many sub-commands share, and the settings of the run behind them."""

from typing import Annotated

import typer

from cli.settings import Settings

AS = Annotated[str | None, typer.Option("--as", help="who asks (person id; else STARLEDGER_ACTOR)")]
JSON = Annotated[bool, typer.Option("--json", help="the answer as JSON")]
YES = Annotated[bool, typer.Option("--yes", help="write it: without this, only a preview")]
ROUND = Annotated[str, typer.Option("--round", help="the round (id)")]
AS_OF = Annotated[str | None, typer.Option("--as-of", help="as it was at a position (number) or a time (RFC 3339)")]
OCCURRED_UNTIL = Annotated[
    str | None,
    typer.Option("--occurred-until", help="only what had happened by this day, whenever it was recorded (2025-12-31)"),
]


def settings_of(ctx: typer.Context) -> Settings:
    """Return the settings that the main command read."""
    found = ctx.find_object(Settings)
    if found is None:
        message = "the main command reads the settings first"
        raise LookupError(message)
    return found
