"""`starledger compare`: what two moments of a ledger differ by, line by line, and the facts that did it (A2)."""

import sys
from typing import Annotated

import typer

from cli.as_of import position_of
from cli.audience import Showing, for_audiences, showing
from cli.options import JSON, settings_of
from cli.wiring import installation
from domain.text import Text
from projections.answers.auditing import compared
from projections.compare import Line, compare
from projections.names import Names, names_in

PANEL = "auditing"
MOMENT = "a position (number) or a time (RFC 3339)"
_SIGNS = {"added": "+", "changed": "~", "removed": "-"}


def add_comparing(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("compare", rich_help_panel=PANEL)(for_audiences(compare_moments))


def compare_moments(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    first: Annotated[str, typer.Option("--from", help=f"the one moment: {MOMENT}")],
    last: Annotated[str | None, typer.Option("--to", help=f"the other moment, else now: {MOMENT}")] = None,
    round_id: Annotated[str | None, typer.Option("--round", help="only lines of this round")] = None,
    person: Annotated[str | None, typer.Option(help="only lines about this person")] = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print the lines that were added, changed or removed between two moments, and the facts that did it (A2)."""
    settings = settings_of(ctx)
    with installation(settings) as installed:
        ledger = installed.ledger
        positions = [
            ledger.head().size if each is None else position_of(ledger, each, settings) for each in (first, last)
        ]
        found = compare(ledger, *positions, round_id=round_id, person=person)
        curtain, names = showing(ctx, ledger, max(positions)), names_in(ledger, max(positions))
        answer, lines, notes = compared(positions, found, curtain)
    if as_json:
        curtain.print_json(answer)
        return
    for each in lines:
        sys.stdout.write(f"{_said(each, names, curtain)}\n")
    for each_note in notes:
        sys.stdout.writelines(f"{line}\n" for line in each_note.lines(curtain.language))
    sys.stdout.write(f"{_summary(positions, lines).said_in(curtain.language)}\n")
    curtain.print_withheld()


def _said(line: Line, names: Names, curtain: Showing) -> str:
    who = next((name for key in ("person", "about") if (name := line.key.get(key))), None)
    called = "" if who is None or names.person(who) == who else f" {names.person(who)}"
    key = " ".join(value for value in line.key.values() if value is not None)
    changes = ", ".join(_change(name, line) for name in (line.after or line.before or {}))
    facts = " ".join(f"#{position}" for position in line.facts)
    return f"{_SIGNS[line.kind]} {line.title.said_in(curtain.language)}  {key}{called}: {changes}  ← {facts}"


def _change(name: str, line: Line) -> str:
    was, now = (None if side is None else side[name] for side in (line.before, line.after))
    if line.kind == "changed":
        return f"{name} {'—' if was is None else was} → {'—' if now is None else now}"
    return f"{name} {now if line.kind == 'added' else was}"


def _summary(positions: list[int], lines: list[Line]) -> Text:
    kinds = [line.kind for line in lines]
    added, changed, removed = (kinds.count(kind) for kind in ("added", "changed", "removed"))
    first, last = positions
    return Text(
        f"第 {first} 条与第 {last} 条之间：增 {added} 行，改 {changed} 行，减 {removed} 行",
        f"between fact {first} and fact {last}: {added} lines added, {changed} changed, {removed} removed",
    )
