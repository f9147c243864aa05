"""`starledger read-sealed`: the one sub-command that prints private words, after the reading is on record (A7).

Nothing else in this program resolves them; `tests/cli/program/test_identity_canary.py` looks everywhere.
"""

import sys
from typing import Annotated

import typer

from cli.derived import actor_of
from cli.exits import Exit, refuse, stop
from cli.options import AS, JSON, settings_of
from cli.printing import print_json
from cli.wiring import installation
from domain.decision import Command, Refused
from domain.ids import ObjectionId
from domain.private_reading import ReadSealed
from domain.text import Text
from projections.private_words import words_read

BY_HAND: frozenset[type[Command]] = frozenset({ReadSealed})
"""The command that has its sub-command here: its answer is not only a receipt."""


def add_private_reading(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command(ReadSealed.NAME, rich_help_panel="private reading")(read_sealed)


def read_sealed(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    purpose: Annotated[str, typer.Option(help="what it is read for; stands in the record of the reading")],
    fact: Annotated[int | None, typer.Option(help="the position of the fact beside which it is sealed", min=1)] = None,
    objection: Annotated[str | None, typer.Option(help="or the objection (id)")] = None,
    actor: AS = None,
    *,
    as_json: JSON = False,
) -> None:
    """Read private words as a named reader, or one's own, for a purpose; every reading, and every refusal, is a fact.

    The words are printed once, after the reading was recorded; each time it is asked is a reading of its own.
    """
    settings = settings_of(ctx)
    reader = actor_of(actor, settings)
    asked = ReadSealed(purpose=purpose, fact=fact, objection=None if objection is None else ObjectionId(objection))
    with installation(settings) as installed:
        try:
            receipt = installed.ledger.execute(asked, actor=reader)
            read_at, (matter, words) = receipt.positions[0], words_read(installed.ledger, receipt.positions[0])
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
    if words is None:
        stop(Exit.INCOMPLETE, _MISSING, settings.language)
    if as_json:
        print_json({"fact": matter, "reading": read_at, "words": words})
    else:
        sys.stdout.write(f"{words}\n")
        sys.stderr.write(f"{_recorded(read_at).said_in(settings.language)}\n")


_MISSING = Text(
    "封存内容缺失，且没有删除令：请运行 verify。",
    "The sealed words are missing and no fact orders their erasure: run verify.",
)


def _recorded(position: int) -> Text:
    return Text(
        f"此次阅看已记入第{position}条事实，当事人和监督员可以看到。",
        f"That you read this stands in fact {position}, for the person concerned and the auditor to see.",
    )
