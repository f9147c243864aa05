"""The command `starledger`: what it can do, and how it ends."""

import dataclasses
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from cli import (
    accounts,
    archive,
    auditing,
    backups,
    ballots,
    bench,
    checkpoints,
    comparing,
    demo,
    derived,
    doctor,
    meetings,
    months,
    notice_checks,
    paper_out,
    private_reading,
    reading,
    receipts,
    replaying,
    returns,
    rulebook,
    scrutiny,
    serving,
    signer,
    tables,
    tiles,
    what_if,
    why_not,
    witness,
)
from cli.exits import Exit, Stop, exit_of, stop
from cli.options import JSON, settings_of
from cli.pages import PAGE
from cli.score import One, run_score
from cli.settings import settings
from cli.visible import make_visible
from domain.catalogue import CATALOGUE
from domain.decision import Refused
from domain.text import Text
from ledger.clock import ClockLeapt
from ledger.failures import Damaged, InDoubt, NotStored, UnsafeSettings, trouble_with_disk

app = typer.Typer(
    name="starledger",
    help="Starledger 星鉴: the record of a star evaluation as facts that nobody can change unseen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def start(
    ctx: typer.Context,
    data: Annotated[Path | None, typer.Option(help="the data directory (else STARLEDGER_DATA, else ./data)")] = None,
    ledger: Annotated[str | None, typer.Option(help="the ledger, where there are several")] = None,
    clock: Annotated[
        str | None, typer.Option(help="the instant it is (RFC 3339): only for ledgers on a simulated clock")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="zh or en (else STARLEDGER_LANG, else the terminal's)")] = None,
) -> None:
    """Read the settings of this run."""
    said = settings(data, ledger, None if lang is None else "zh" if lang.startswith("zh") else "en")
    ctx.obj = said if clock is None else dataclasses.replace(said, clock=_instant(clock))


def _instant(words: str) -> datetime:
    try:
        instant = datetime.fromisoformat(words)
    except ValueError:
        instant = datetime.min  # noqa: DTZ901 - refused below, as any time without an offset is
    if instant.tzinfo is None:
        message = f"'{words}' is not a time with an offset, such as 2026-01-05T09:00:00+08:00"
        raise typer.BadParameter(message)
    return instant


@app.command("score", rich_help_panel="computing")
def score(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    rulebook: Annotated[str, typer.Argument(help="a rulebook's path, or the name of a shipped one")],
    sheet: Annotated[str, typer.Argument(help="the sheet: JSON, or Table 3-1 as a workbook")],
    period: Annotated[str | None, typer.Option(help="the period, where the sheet does not say")] = None,
    explain: Annotated[str | None, typer.Option(help="one person (id): every step of this result, no table")] = None,
    page: PAGE = None,
    *,
    as_json: JSON = False,
) -> None:
    """试算: compute stars from a rulebook and a sheet, without any ledger."""
    language = settings_of(ctx).language
    if page is not None and explain is None:
        stop(Exit.USAGE, _PAGE_OF_WHOM, language)
    one = None if explain is None else One(explain, page)
    code = run_score(rulebook, sheet, as_json=as_json, language=language, period=period, one=one)
    if code:
        raise Stop(Exit(code))


_PAGE_OF_WHOM = Text("--page 须与 --explain 同用，写明是谁。", "--page needs --explain to say whose page it is.")


reading.add_reading(app)
auditing.add_auditing(app)
replaying.add_replaying(app)
comparing.add_comparing(app)
what_if.add_what_if(app)
why_not.add_why_not(app)
checkpoints.add_checkpoints(app)
archive.add_archive(app)
bench.add_bench(app)
rulebook.add_rulebook(app)
meetings.add_meetings(app)
months.add_months(app)
returns.add_returns(app)
scrutiny.add_scrutiny(app)
receipts.add_receipts(app)
notice_checks.add_notice_checks(app)
paper_out.add_paper(app)
tiles.add_tiles(app)
witness.add_witness(app)
signer.add_signer(app)
tables.add_tables(app)
serving.add_serving(app)
accounts.add_accounts(app)
backups.add_backups(app)
doctor.add_doctor(app)
demo.add_demo(app)
ballots.add_ballots(app)
private_reading.add_private_reading(app)
for _kind in CATALOGUE.deciders:
    if _kind not in ballots.BY_HAND | private_reading.BY_HAND | archive.BY_HAND:
        derived.add_command(app, _kind)


@cache
def _program() -> Callable[..., object]:
    """Return the whole command line, built once: a hundred sub-commands take longer than most of them run."""
    return typer.main.get_command(app)


_FAULTS: dict[type[Exception], Exit] = {
    ClockLeapt: Exit.REFUSED,
    UnsafeSettings: Exit.REFUSED,
    InDoubt: Exit.UNEXPECTED,
    NotStored: Exit.UNEXPECTED,
    Damaged: Exit.VIOLATED,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code (`cli.exits.Exit`)."""
    make_visible()
    code = _run(None if arguments is None else list(arguments))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _unread()
    return code


def _run(arguments: list[str] | None) -> int:
    try:
        _program()(arguments, prog_name="starledger")
    except Stop as ended:
        return ended.code
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # so the library ends where nobody reads any more
            return _unread()
        return ended.code if isinstance(ended.code, int) else Exit.OK
    except BrokenPipeError:
        return _unread()
    except Exception as fault:  # noqa: BLE001 - the last place that can say what happened
        return _ended_by(fault)
    return Exit.OK


def _unread() -> Exit:
    """Return the exit code where whoever read our output stopped, as `head` does: there is nothing to complain of."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - what is left goes nowhere
    return Exit.OK


def _ended_by(fault: Exception) -> Exit:
    """Say what happened and what to do, as far as that is known, and return the exit code."""
    if isinstance(fault, (Refused, *_FAULTS)):
        sys.stderr.write(f"{_said(fault)}\n")
        return exit_of(fault) if isinstance(fault, Refused) else _FAULTS[type(fault)]
    trouble = trouble_with_disk(fault)
    if trouble is None:
        traceback.print_exception(fault)
    else:
        sys.stderr.write(f"{trouble.zh}\n{trouble.en}\n")
    return Exit.UNEXPECTED


def _said(fault: Exception) -> str:
    """Return what a fault has to say, in both languages where it knows them."""
    why = getattr(fault, "why", None)
    return f"{why.zh}\n{why.en}" if isinstance(why, Text) else str(fault)


if __name__ == "__main__":
    sys.exit(main())
