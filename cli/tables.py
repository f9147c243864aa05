"""Workbooks in and out: preview first, one confirmation, one batch (S1, S3, S4)."""

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, cast

import msgspec
import typer

from cli.derived import actor_of, attach, print_receipt
from cli.exits import Exit, invalid, refuse, stop
from cli.options import AS, JSON, YES, settings_of
from cli.settings import Settings
from cli.wiring import Installation, installation
from domain.decision import Refused
from domain.findings import Finding, Invalid
from domain.ids import Evidence, PersonId, RoundId
from domain.rounds import Round
from domain.rulebook_model import Rulebook
from domain.score_import import ImportScores, ScoreLine
from domain.scores import Scores
from domain.sealed import Sealed
from domain.text import Text
from ledger.ledger import Ledger
from projections.names import person_names
from workbooks.grid import Grid, read_grid
from workbooks.matching import KnownPerson, match
from workbooks.preview import Line, Preview, preview
from workbooks.score_table import read_score_table
from workbooks.write_marked import write_marked

ROUND = Annotated[str, typer.Option("--round", help="the round (id)")]


def add_tables(app: typer.Typer) -> None:
    """Add the sub-commands that read workbooks into the ledger."""
    app.command("import-table", rich_help_panel="workbooks")(import_table)


def import_table(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Table 3-1 as an .xlsx workbook")],
    round_id: ROUND,
    ballots: Annotated[int | None, typer.Option(help="valid ballots behind the masses' means (AMB-A14)")] = None,
    occurred_on: Annotated[str | None, typer.Option(help="the day the scores were given")] = None,
    reason: Annotated[str | None, typer.Option(help="why recorded scores change")] = None,
    marked: Annotated[Path | None, typer.Option(help="write the sheet back with bad cells marked")] = None,
    actor: AS = None,
    yes: YES = False,
    as_json: JSON = False,
) -> None:
    """Read a filled-in Table 3-1: without --yes only a preview, with it one batch, whole or not at all."""
    settings = settings_of(ctx)
    with installation(settings) as installed:
        who = actor_of(actor, settings)
        grid = read_workbook(file, settings, as_json=as_json)
        shown, lines = _plan(installed, grid, round_id, who, settings, as_json=as_json)
        print_preview(shown, settings, as_json=as_json and not yes)
        stop_on_errors(shown, grid, marked, settings)
        if not yes or not lines:
            sys.stderr.write((_NOTHING_NEW if not lines else NOTHING_WRITTEN).said_in(settings.language) + "\n")
            return
        workbook = attach(file, settings)
        asked = ImportScores(
            round=RoundId(round_id),
            workbook=Evidence(workbook.sha256),
            lines=tuple(lines),
            ballots=ballots,
            occurred_on=None if occurred_on is None else date.fromisoformat(occurred_on),
            reason=None if reason is None else Sealed(reason),
        )
        try:
            receipt = installed.ledger.execute(asked, actor=who, attachments=(workbook,))
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
    print_receipt(receipt, settings, as_json=as_json)


def read_workbook(file: Path, settings: Settings, *, as_json: bool) -> Grid:
    """Return the first sheet of a workbook; ends with code 3 or 6 where it cannot be read."""
    try:
        return read_grid(attach(file, settings).content)
    except Invalid as found:
        invalid(found, settings.language, as_json=as_json)


def _plan(  # noqa: PLR0913
    installed: Installation, grid: Grid, round_id: str, actor: str, settings: Settings, *, as_json: bool
) -> tuple[Preview, list[ScoreLine]]:
    ledger = installed.ledger
    this = cast("Round", ledger.fold(Round, round_id))
    try:
        rulebook = this.rulebook
        table = read_score_table(grid, printed_weights(rulebook))
    except Refused as refused:
        refuse(refused, settings.language, as_json=as_json)
    except Invalid as found:
        invalid(found, settings.language, as_json=as_json)
    matching = match(table.rows, known_people(ledger, this.evaluated))
    scores = cast("Scores", ledger.fold(Scores, round_id))
    shown = preview(table, matching, {cell: held[None].points for cell, held in scores.held.items() if None in held})
    return shown, list(_lines(shown, rulebook, actor))


def _lines(shown: Preview, rulebook: Rulebook, actor: str) -> Iterator[ScoreLine]:
    """Yield what is to be written: a person's own line is left for somebody else, but for his self-assessment."""
    for line in shown.lines:
        own = line.person == actor and line.component in rulebook.leaves() and not _by_himself(rulebook, line)
        if line.kind in ("new", "changed", "not_applicable") and line.person and line.component and not own:
            yield ScoreLine(person=PersonId(line.person), component=line.component, points=line.after, cell=line.place)


def _by_himself(rulebook: Rulebook, line: Line) -> bool:
    return rulebook.leaves()[line.component or ""].rater == "self"


def printed_weights(rulebook: Rulebook) -> Mapping[str, Decimal]:
    """Return the percentages that Table 3-1's header prints for this rulebook."""
    return {"party" if code == "organisation" else code: node.weight for code, node in rulebook.nodes().items()}


def known_people(ledger: Ledger, people: list[PersonId]) -> list[KnownPerson]:
    """Return the people a table may name."""
    names = person_names(ledger)
    return [KnownPerson(person, names.get(person, person)) for person in people]


def print_preview(shown: Preview, settings: Settings, *, as_json: bool) -> None:
    """Print every line that is new, changed or wrong, and the counts."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(shown.as_json()).decode() + "\n")
        return
    for line in shown.lines:
        if line.kind in ("new", "changed", "error", "note"):
            sys.stderr.write(_line_words(line, settings) + "\n")
    counted = "  ".join(f"{kind} {count}" for kind, count in shown.counts.items() if count)
    sys.stderr.write(counted + "\n")


def _line_words(line: Line, settings: Settings) -> str:
    if line.kind in ("error", "note"):
        said = [t.said_in(settings.language) for t in (line.reason, line.remedy) if t is not None]
        return f"{line.kind} {line.place} {line.value!r}: {' '.join(said)}"
    change = f"{line.before} → {line.after}" if line.kind == "changed" else f"{line.after}"
    return f"{line.kind} {line.place} {line.name} {line.component}: {change}"


def stop_on_errors(shown: Preview, grid: Grid, marked: Path | None, settings: Settings) -> None:
    """End with code 6 where a cell is wrong; with `marked`, write the sheet back with those cells marked."""
    if not shown.counts["error"]:
        return
    if marked is not None:
        marked.write_bytes(write_marked(grid, _as_findings(shown)))
    stop(Exit.REFUSED, NOT_IMPORTED, settings.language)


def _as_findings(shown: Preview) -> list[Finding]:
    return [
        Finding("cell", line.place, line.reason or _EMPTY, line.remedy or _EMPTY)
        for line in shown.lines
        if line.kind == "error"
    ]


_EMPTY = Text("", "")
NOT_IMPORTED = Text(
    "表格有误，什么都没有写入；请改正后重新导入。",
    "The table has errors; nothing was written. Correct it and import again.",
)
NOTHING_WRITTEN = Text(
    "以上只是预览，尚未写入；确认无误后加 --yes 再执行一次。",
    "This was a preview, nothing was written; repeat with --yes.",
)
_NOTHING_NEW = Text("没有新的或改动的分数。", "There is nothing new and nothing changed.")
