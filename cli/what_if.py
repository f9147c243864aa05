"""`starledger what-if`: one thing supposed otherwise, computed in memory, with everybody who would change (A9)."""

import sys
from typing import Annotated

import typer

from cli.as_of import position_of
from cli.audience import for_audiences, showing, viewer_of
from cli.exits import Exit, invalid, refuse, stop
from cli.options import AS_OF, JSON, settings_of
from cli.rulebook_files import read_rulebook
from cli.rulebook_trial import print_changes, ripple_remarks
from cli.wiring import installation
from domain.decision import Refused
from domain.findings import Invalid
from domain.text import Language, Text
from projections.answers.hypothetical import MalformedHypothesis, Supposed, hypothesis
from projections.answers.supposing import otherwise_told
from projections.names import Names, names_in
from projections.what_if import Otherwise, RoundOtherwise, what_if
from projections.withholding import Disclosures

PANEL = "auditing"
MOST_GONE = 12
ROUND = Annotated[str | None, typer.Option("--round", help="the round (id); needed where the rulebook is another")]
OBJECTION = Annotated[str | None, typer.Option(help="had this objection been ruled otherwise")]
RULED = Annotated[str, typer.Option(help="upheld or dismissed")]
POINTS = Annotated[list[str] | None, typer.Option(help="upheld: PERSON.COMPONENT=POINTS, of a month COMPONENT@2025-03")]
RULEBOOK = Annotated[str | None, typer.Option(help="under this rulebook: a path, a shipped one, or adopted:ID@N")]
SET = Annotated[list[str] | None, typer.Option("--set", help="had the rulebook this at a place: PLACE=VALUE")]
CAP_ROUNDING = Annotated[str | None, typer.Option(help="had places been rounded so: floor, half_up, ceil")]
WITHOUT = Annotated[int | None, typer.Option(help="had this fact (position) not been recorded", min=1)]
INQUORATE = Annotated[str | None, typer.Option(help="had too few come to this meeting (its id, or the round's)")]


def add_what_if(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("what-if", rich_help_panel=PANEL)(for_audiences(what_if_supposed))


def what_if_supposed(  # noqa: PLR0913 - each hypothesis has its option
    ctx: typer.Context,
    round_id: ROUND = None,
    objection: OBJECTION = None,
    ruled: RULED = "upheld",
    points: POINTS = None,
    rulebook: RULEBOOK = None,
    changes: SET = None,
    cap_rounding: CAP_ROUNDING = None,
    without: WITHOUT = None,
    inquorate: INQUORATE = None,
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Compute what would be otherwise, in memory, and print everybody who would change, from what to what, and why.

    Refused (6) where the answer would say what somebody voted, or touch a body too small for a secret ballot.
    """
    settings = settings_of(ctx)
    supposed = Supposed(
        round_id=round_id,
        objection=objection,
        ruled=ruled,
        points=tuple(points or ()),
        rulebook=rulebook,
        changes=tuple(changes or ()),
        cap_rounding=cap_rounding,
        without=without,
        inquorate=inquorate,
    )
    with installation(settings) as installed:
        ledger = installed.ledger
        upto = None if as_of is None else position_of(ledger, as_of, settings)
        try:
            asked = hypothesis(supposed, ledger, upto, lambda word: read_rulebook(word, settings, ledger).rulebook)
            rounds = () if round_id is None else (round_id,)
            found = what_if(ledger, asked, rounds, upto, Disclosures(ledger, viewer_of(ctx), upto))
        except MalformedHypothesis as malformed:
            stop(Exit.USAGE, malformed.why, settings.language)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
        except Invalid as unusable:
            invalid(unusable, settings.language, as_json=as_json)
        curtain, names = showing(ctx, ledger, upto), names_in(ledger, upto)
    if as_json:
        curtain.print_json(otherwise_told(found, names.person))
    else:
        _print(found, names, settings.language)


def _print(found: Otherwise, names: Names, language: Language) -> None:
    for each in found.rounds:
        sys.stdout.write(f"{_heading(each).said_in(language)}\n")
        print_changes(each.ripple, names.person, language)
        for remark in _remarks(each, names):
            sys.stdout.write(f"{remark.said_in(language)}\n")
    if found.gone:
        some = " ".join(f"#{position}" for position in found.gone[:MOST_GONE])
        more = " …" if len(found.gone) > MOST_GONE else ""
        sys.stdout.write(f"{_gone(len(found.gone), some + more).said_in(language)}\n")


def _remarks(each: RoundOtherwise, names: Names) -> list[Text]:
    said = ripple_remarks(each.ripple)
    if each.adopted[0] and not each.adopted[1]:
        said.append(Text("名单未获通过。", "No list would have been adopted."))
    if each.unconfirmed:
        people = [names.person(person) for person in each.unconfirmed]
        said.append(Text(f"不能确认：{'、'.join(people)}", f"not to be confirmed: {', '.join(people)}"))
    return said


def _heading(each: RoundOtherwise) -> Text:
    count, people = len(each.ripple.changes), each.people
    return Text(
        f"{each.round}（{each.period}）：{people}人中{count}人的结果会不同；没有写入任何内容。",
        f"{each.round} ({each.period}): {count} of {people} would have another result; nothing was written.",
    )


def _gone(number: int, listed: str) -> Text:
    return Text(f"不会有的事实 {number} 条：{listed}", f"{number} facts would not be there: {listed}")
