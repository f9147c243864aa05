"""`starledger what-if`: one thing supposed otherwise, computed in memory, with everybody who would change (A9)."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

import typer

from cli.as_of import position_of
from cli.audience import for_audiences, showing, viewer_of
from cli.exits import Exit, invalid, refuse, stop
from cli.options import AS_OF, JSON, settings_of
from cli.rulebook_files import read_rulebook
from cli.rulebook_trial import print_changes, ripple_remarks
from cli.settings import Settings
from cli.wiring import installation
from domain.decision import NotFound, Refused
from domain.findings import Invalid
from domain.ids import PersonId
from domain.rounds import Round
from domain.rulings import Amendment
from domain.text import Language, Text
from ledger.ledger import Ledger
from projections.answers.supposing import otherwise_told
from projections.folding import folded
from projections.hypotheses import Hypothesis, Inquorate, Ruled, Setting, Under, Without
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was supposed, as it was typed."""

    round_id: str | None
    objection: str | None
    ruled: str
    points: tuple[str, ...]
    rulebook: str | None
    changes: Mapping[str, str]
    without: int | None
    inquorate: str | None

    @property
    def hypotheses(self) -> int:
        """Return how many things are supposed at once."""
        one_each = (self.objection, self.rulebook, self.without, self.inquorate)
        return sum(each is not None for each in one_each) + bool(self.changes)


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
    altered = _pairs(changes or (), settings) | ({} if cap_rounding is None else {"cap_rounding": cap_rounding})
    asked = _Asked(round_id, objection, ruled, tuple(points or ()), rulebook, altered, without, inquorate)
    if asked.hypotheses != 1 or ruled not in ("upheld", "dismissed"):
        stop(Exit.USAGE, _ONE_AT_A_TIME, settings.language)
    with installation(settings) as installed:
        ledger = installed.ledger
        upto = None if as_of is None else position_of(ledger, as_of, settings)
        try:
            supposed = _hypothesis(asked, ledger, settings, upto)
            rounds = () if round_id is None else (round_id,)
            found = what_if(ledger, supposed, rounds, upto, Disclosures(ledger, viewer_of(ctx), upto))
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
        except Invalid as unusable:
            invalid(unusable, settings.language, as_json=as_json)
        curtain, names = showing(ctx, ledger, upto), names_in(ledger, upto)
    if as_json:
        curtain.print_json(otherwise_told(found, names.person))
    else:
        _print(found, names, settings.language)


def _hypothesis(asked: _Asked, ledger: Ledger, settings: Settings, upto: int | None) -> Hypothesis:
    if asked.objection is not None:
        verdict: Literal["upheld", "dismissed"] = "upheld" if asked.ruled == "upheld" else "dismissed"
        return Ruled(asked.objection, verdict, tuple(_amendment(words, settings) for words in asked.points))
    if asked.inquorate is not None:
        return Inquorate(asked.inquorate)
    if asked.without is not None:
        fact = next(ledger.read(after=asked.without - 1, upto=asked.without), None)
        if fact is None:
            raise NotFound("unknown-fact", _no_fact(asked.without))
        return Without(fact.position, fact.event)
    if asked.round_id is None:
        stop(Exit.USAGE, _WHICH_ROUND, settings.language)
    pinned = folded(ledger, Round, asked.round_id, upto).require_open().rulebook
    if asked.rulebook is not None:
        return Under(pinned, read_rulebook(asked.rulebook, settings, ledger).rulebook)
    return Setting(pinned, asked.changes)


def _pairs(words: Iterable[str], settings: Settings) -> dict[str, str]:
    return dict(_pair(each, settings) for each in words)


def _pair(words: str, settings: Settings) -> tuple[str, str]:
    place, given, value = words.partition("=")
    if not given or not place or not value:
        stop(Exit.USAGE, _malformed(words), settings.language)
    return place, value


def _amendment(words: str, settings: Settings) -> Amendment:
    """Return the score that `PERSON.COMPONENT=POINTS` says, of a month `PERSON.COMPONENT@PERIOD=POINTS`."""
    cell, value = _pair(words, settings)
    person, _, component = cell.rpartition(".")
    component, _, period = component.partition("@")
    try:
        points = Decimal(value)
    except InvalidOperation:
        stop(Exit.USAGE, _malformed(words), settings.language)
    return Amendment(person=PersonId(person), component=component, points=points, period=period or None)


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


_ONE_AT_A_TIME = Text(
    "一次只设一个假设：--objection（--ruled 为 upheld 或 dismissed）、--rulebook、--set 与 --cap-rounding、"
    "--without 或 --inquorate。",
    "Suppose one thing at a time: --objection (--ruled upheld or dismissed), --rulebook, --set and --cap-rounding, "
    "--without or --inquorate.",
)
_WHICH_ROUND = Text("请用 --round 指明评定周期。", "Name the round with --round.")


def _malformed(words: str) -> Text:
    return Text(
        f"「{words}」应写成 PLACE=VALUE；分数写成 人员.项目=分数。",
        f"'{words}' is to be PLACE=VALUE; a score PERSON.COMPONENT=POINTS.",
    )


def _no_fact(position: int) -> Text:
    return Text(f"没有第 {position} 条事实；请核对。", f"There is no fact {position}; check.")
