"""Workbooks in and out: preview first, one confirmation, one batch (S1, S3, S4)."""

import sys
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cli.attaching import attach_workbook
from cli.derived import actor_of, print_receipt
from cli.exits import Exit, invalid, refuse, stop
from cli.options import AS, JSON, ROUND, YES, settings_of
from cli.settings import Settings
from cli.table_asking import Manner, carry_out, write_new
from cli.wiring import installation
from domain.decision import Refused
from domain.findings import Invalid
from domain.text import Text
from ledger.ledger import Ledger
from ledger.store import Attachment
from workbooks import table_out, table_roster_out
from workbooks.confined import read_grid_confined
from workbooks.grid import Grid
from workbooks.roster import read_roster
from workbooks.table_proposal import Proposal
from workbooks.table_register import register
from workbooks.table_roster import plan_roster
from workbooks.table_round import round_facts
from workbooks.table_score_proposal import Extras, score_proposal

FILE = Annotated[Path, typer.Argument(help="the .xlsx workbook")]
OUT = Annotated[Path, typer.Option("--out", help="the workbook to write; a file that is there is not overwritten")]
MARKED = Annotated[Path | None, typer.Option(help="where there are errors: write the sheet back, bad cells marked")]
BRANCH = Annotated[str, typer.Option("--branch", help="the branch (id)")]

Propose = Callable[[Ledger, Grid, Attachment, Manner], Proposal]
Write = Callable[[Ledger], bytes]


def add_tables(app: typer.Typer) -> None:
    """Add the sub-commands that read workbooks into the ledger and write them out of it."""
    for name, command in (
        ("import-table", import_table),
        ("import-roster-table", import_roster_table),
        ("template", template),
        ("export-table", export_table),
        ("export-roster", export_roster),
    ):
        app.command(name, rich_help_panel="workbooks")(command)


def import_table(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    file: FILE,
    *,
    round_id: ROUND,
    ballots: Annotated[int | None, typer.Option(min=0, help="valid ballots behind the masses' means (AMB-A14)")] = None,
    occurred_on: Annotated[str | None, typer.Option(help="the day the scores were given (2026-01-05)")] = None,
    reason: Annotated[str | None, typer.Option(help="why recorded scores change; kept sealed")] = None,
    marked: MARKED = None,
    actor: AS = None,
    yes: YES = False,
    as_json: JSON = False,
) -> None:
    """Read a filled-in Table 3-1: without --yes only a preview, with it one batch, whole or not at all."""
    settings = settings_of(ctx)
    manner = Manner(actor_of(actor, settings), settings.language, yes, as_json, marked)
    extras = Extras(ballots, _day(occurred_on, "--occurred-on", settings), reason)

    def propose(ledger: Ledger, grid: Grid, workbook: Attachment, manner: Manner) -> Proposal:
        return score_proposal(round_facts(ledger, round_id), grid, workbook.sha256, extras, manner)

    _import(file, propose, settings, manner)


def import_roster_table(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    file: FILE,
    *,
    branch: BRANCH,
    joined: Annotated[str | None, typer.Option(help="the day of joining for those whose line has none")] = None,
    marked: MARKED = None,
    actor: AS = None,
    yes: YES = False,
    as_json: JSON = False,
) -> None:
    """Read a roster 党员花名册: without --yes only a preview, with it everybody new is entered, or nobody."""
    settings = settings_of(ctx)
    manner = Manner(actor_of(actor, settings), settings.language, yes, as_json, marked)
    day = _day(joined, "--joined", settings)

    def propose(ledger: Ledger, grid: Grid, workbook: Attachment, manner: Manner) -> Proposal:
        known = register(ledger, branch)
        plan = plan_roster(read_roster(grid), known, day)
        return table_roster_out.proposal(plan, known, workbook.sha256, manner.language)

    _import(file, propose, settings, manner)


def template(ctx: typer.Context, *, round_id: ROUND, out: OUT, as_json: JSON = False) -> None:
    """Write Table 3-1 with this round's names, ready to be filled in."""
    _export(settings_of(ctx), out, lambda ledger: table_out.template(round_facts(ledger, round_id)), as_json=as_json)


def export_table(
    ctx: typer.Context,
    *,
    round_id: ROUND,
    out: OUT,
    with_stars: Annotated[bool, typer.Option("--with-stars", help="with the stars of the newest tally")] = False,
    as_json: JSON = False,
) -> None:
    """Write Table 3-1 as recorded, with totals; it reads back without a change."""

    def write(ledger: Ledger) -> bytes:
        return table_out.filled(round_facts(ledger, round_id), with_stars=with_stars)

    _export(settings_of(ctx), out, write, as_json=as_json)


def export_roster(ctx: typer.Context, *, branch: BRANCH, out: OUT, as_json: JSON = False) -> None:
    """Write the branch's roster 党员花名册 as it stands today; it reads back without a change."""
    _export(settings_of(ctx), out, lambda ledger: table_roster_out.roster(register(ledger, branch)), as_json=as_json)


def _import(file: Path, propose: Propose, settings: Settings, manner: Manner) -> None:
    with installation(settings) as installed:
        workbook = attach_workbook(file, settings)
        try:
            grid = read_grid_confined(workbook.content)
            proposal = propose(installed.ledger, grid, workbook, manner)
        except Refused as refused:
            refuse(refused, settings.language, as_json=manner.as_json)
        except Invalid as found:
            invalid(found, settings.language, as_json=manner.as_json)
        receipt = carry_out(proposal, installed.ledger, workbook, grid, manner)
    if receipt is not None and not manner.as_json:
        print_receipt(receipt, settings, as_json=False)


def _export(settings: Settings, out: Path, write: Write, *, as_json: bool) -> None:
    with installation(settings) as installed:
        try:
            content = write(installed.ledger)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
    write_new(out, content, settings.language)
    said = {"file": str(out), "sha256": sha256(content).hexdigest(), "bytes": len(content)}
    sys.stdout.write((msgspec.json.encode(said).decode() if as_json else str(out)) + "\n")


def _day(words: str | None, option: str, settings: Settings) -> date | None:
    """Return the day that an option gives; ends with code 2 where it is none."""
    try:
        return None if words is None else date.fromisoformat(words)
    except ValueError:
        stop(Exit.USAGE, _no_day(option, words or ""), settings.language)


def _no_day(option: str, words: str) -> Text:
    return Text(
        f"{option} 的「{words}」不是日期；请写成 2026-01-05 的样子。",
        f"{option} '{words}' is no day; write it like 2026-01-05.",
    )
