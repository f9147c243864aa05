"""`starledger replay`: every published number computed again from facts and rulebooks, without trust in what was."""

import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from cli.as_of import position_of
from cli.audience import Showing, for_audiences, showing
from cli.exits import Exit, Stop, stop
from cli.options import AS_OF, JSON, settings_of
from cli.wiring import installation
from domain.text import Text
from projections.answers.auditing import replayed, rounds_asked
from projections.names import Names, names_in
from projections.replay import Difference, Replayed, replay

PANEL = "auditing"
MOST_SOURCES = 6


def add_replaying(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("replay", rich_help_panel=PANEL)(for_audiences(replay_rounds))


def replay_rounds(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    round_id: Annotated[str | None, typer.Option("--round", help="this round (id)")] = None,
    year: Annotated[str | None, typer.Option(help="every round of this year and its months")] = None,
    as_of: AS_OF = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="every round of the ledger")] = False,
    as_json: JSON = False,
) -> None:
    """Compute every published number again from facts and rulebooks; exit 12 where one differs from what hangs.

    Results, lists, months, notices, boards, confirmations and what followed from them are compared. Recorded results
    are never computed with. A tree that does not fit is for `verify` to say (exit 10).
    """
    settings = settings_of(ctx)
    if sum(asked is not None for asked in (round_id, year)) + every != 1:
        stop(Exit.USAGE, _ONE_OF_THREE, settings.language)
    with installation(settings) as installed:
        upto = None if as_of is None else position_of(installed.ledger, as_of, settings)
        rounds = None if every else rounds_asked(installed.ledger, round_id, year, upto)
        if rounds is not None and not rounds:
            stop(Exit.NOT_FOUND, _no_round(round_id or year or ""), settings.language)
        found = replay(installed.ledger, rounds, upto)
        curtain, names = showing(ctx, installed.ledger, upto), names_in(installed.ledger, upto)
    differences = curtain.over(found.differences)
    if as_json:
        curtain.print_json(replayed(found, differences))
    else:
        _print(found, differences, names, curtain)
    if found.differences:
        raise Stop(Exit.VIEW_DIFFERS)


def _print(found: Replayed, differences: Iterable[Difference], names: Names, curtain: Showing) -> None:
    language = curtain.language
    for each in differences:
        sys.stdout.write(f"{_line(each, names).said_in(language)}\n")
    for position, engine in found.engines.items():
        sys.stdout.write(f"{_other_engine(position, engine).said_in(language)}\n")
    sys.stdout.write(f"{_summary(found).said_in(language)}\n")
    curtain.print_withheld()


def _line(each: Difference, names: Names) -> Text:
    who = "" if each.person is None else f"  {each.person} {names.person(each.person)}"
    sources = "".join(f" #{source}" for source in each.sources[:MOST_SOURCES])
    more = " …" if len(each.sources) > MOST_SOURCES else ""
    behind = f"  [{each.clause}]{sources}{more}" if each.clause or sources else ""
    published, replayed = ("—" if value is None else value for value in (each.published, each.replayed))
    head = f"#{each.position} {each.type}  {each.round}{who}  {each.number}"
    return Text(
        f"{head}：公布为 {published}，重算为 {replayed}{behind}",
        f"{head}: published {published}, recomputed {replayed}{behind}",
    )


def _summary(found: Replayed) -> Text:
    rounds, facts, numbers, wrong = len(found.rounds), found.facts, found.numbers, len(found.differences)
    if wrong:
        return Text(
            f"{rounds} 轮评定、{facts} 条事实、{numbers} 个数：{wrong} 个与重算不符",
            f"{rounds} rounds, {facts} facts, {numbers} numbers: {wrong} are not what facts and rulebooks come to",
        )
    return Text(
        f"{rounds} 轮评定、{facts} 条事实、{numbers} 个数：全部与重算一致",
        f"{rounds} rounds, {facts} facts, {numbers} numbers: all as recomputed",
    )


_ONE_OF_THREE = Text("请用 --round、--year 或 --all 指明其一。", "Say one of --round, --year and --all.")


def _no_round(asked: str) -> Text:
    return Text(f"没有评定周期 {asked}；请核对编号。", f"There is no round {asked}; check the id.")


def _other_engine(position: int, engine: int) -> Text:
    return Text(
        f"#{position} 由计分程序第{engine}版汇总；本程序没有该版本，已用现行版本重算。",
        f"#{position} was tallied by engine {engine}, which this program does not have; computed with its own.",
    )
