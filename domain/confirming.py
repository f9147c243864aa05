"""Confirming stars: each when his own window is over and no open objection can touch him (B-43, AMB-B18).

The machine says who can be confirmed; a body confirms, and nobody confirms his own case.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from domain.appointments import Offices
from domain.calendars import Calendars
from domain.confirmation import ConfirmationRefused, Confirmations, StarConfirmed
from domain.dates import deadline
from domain.decision import Command, Context, Event, Refused, command, deciders
from domain.ids import PersonId, RoundId
from domain.lists import Lists
from domain.notices import Notices
from domain.objections import Objections
from domain.ripple import touchable
from domain.roles import LEADING_GROUP, SECRETARIES
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.scores import Scores
from domain.seconding import require_second
from domain.tally import ResultComputed, Results
from domain.text import Text
from domain.verdicts import Verdict
from domain.vetoes import Vetoes


@command(
    "confirm-stars", roles=LEADING_GROUP + SECRETARIES, at="rounds/{round}/confirmations", reach="decide", grave=True
)
class ConfirmStars(Command):
    """Confirm the stars of these people, or of everybody who can be confirmed by this person now."""

    round: RoundId
    body: str
    people: tuple[PersonId, ...] = ()
    seconded_by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a person cannot be confirmed yet."""

    code: str
    why: Text


def confirm_stars(  # noqa: PLR0913 - a confirmation depends on the whole round
    asked: ConfirmStars,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    lists: Lists,
    notices: Notices,
    objections: Objections,
    confirmations: Confirmations,
    calendars: Calendars,
    vetoes: Vetoes,
    offices: Offices,
) -> list[Event]:
    """Confirm who can be confirmed; a request that comes too early is refused, and the refusal is a fact."""
    offices.require(asked, context, this.branch)
    require_second(offices, asked, context, this.branch, asked.people)
    this.require_final()
    lists.require_adopted()
    named = tuple(dict.fromkeys(asked.people))
    for person in named:
        this.require_enrolled(person)
        offices.require_stranger(context, person)
    pending = [p for p in named or this.roster if not confirmed_as_is(p, results, confirmations)]
    if not named:
        both = [person for person in (context.actor, asked.seconded_by) if person is not None]
        pending = [p for p in pending if p not in both and not any(offices.related(p, each) for each in both)]
    if not pending:
        return []
    found = obstacles(context, this, scores, results, notices, objections, confirmations, calendars, vetoes)
    ready = [person for person in pending if person not in found]
    if not ready or (named and len(ready) < len(pending)):
        raise _refusal(asked, {person: found[person] for person in pending if person in found})
    return [_confirmed(asked, results.latest[person], notices, confirmations) for person in ready]


def _refusal(asked: ConfirmStars, found: Mapping[PersonId, Obstacle]) -> Refused:
    first = next(iter(found.values()))
    people: dict[Obstacle, list[str]] = {}
    for person, obstacle in found.items():
        people.setdefault(obstacle, []).append(person)
    zh = "；".join(f"{'、'.join(who)}：{obstacle.why.zh}" for obstacle, who in people.items())
    en = "; ".join(f"{', '.join(who)}: {obstacle.why.en}" for obstacle, who in people.items())
    record = ConfirmationRefused(round=asked.round, people=tuple(found), code=first.code)
    return Refused(first.code, Text(f"还不能确认。{zh}", f"Not to be confirmed yet. {en}"), record)


def _confirmed(
    asked: ConfirmStars, result: ResultComputed, notices: Notices, confirmations: Confirmations
) -> StarConfirmed:
    line = notices.lines[result.person]
    return StarConfirmed(
        round=asked.round,
        person=result.person,
        star=line.star or 0,
        label=line.label,
        total=line.total,
        notice=line.notice,
        tally=result.tally,
        body=asked.body,
        supersedes=confirmations.positions.get(result.person),
        verdict=result.verdict,
        seconded_by=asked.seconded_by,
    )


def confirmed_as_is(person: PersonId, results: Results, confirmations: Confirmations) -> bool:
    """Return whether the newest confirmation says what the newest result says."""
    star, result = confirmations.stars.get(person), results.latest.get(person)
    if star is None or result is None:
        return False
    said, now = star.verdict or Verdict(), result.verdict or Verdict()
    same = (star.star, star.total) == (result.star, result.total)
    return same and (said.named, said.probation) == (now.named, now.probation)


def obstacles(  # noqa: PLR0913
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    notices: Notices,
    objections: Objections,
    confirmations: Confirmations,
    calendars: Calendars,
    vetoes: Vetoes,
) -> dict[PersonId, Obstacle]:
    """Return why people on the roster cannot be confirmed now; who is not in it can be.

    A veto declared or lifted since the last tally holds whom it could touch, as an open objection does.
    """
    turned = {each.person for each in vetoes.turned(this, results.vetoes)}
    questioned = objections.open_about | confirmations.in_question | turned
    held = touchable(this.rulebook, sheet_of(this, scores, results.vetoes), results.decisions, questioned)
    due = {result.person for result in notices.due(results, this.rulebook.publicity)}
    found: dict[PersonId, Obstacle] = {}
    for person in this.roster:
        obstacle = _obstacle(person, context, this, results, notices, calendars, due)
        if obstacle is None and person in turned:
            obstacle = Obstacle("veto-waiting", _VETO_WAITING)
        if obstacle is None and person in held:
            obstacle = Obstacle("objection-open", _OBJECTION_OPEN)
        if obstacle is not None:
            found[person] = obstacle
    return found


def _obstacle(  # noqa: PLR0913 - one line for each reason
    person: PersonId,
    context: Context,
    this: Round,
    results: Results,
    notices: Notices,
    calendars: Calendars,
    due: Container[PersonId],
) -> Obstacle | None:
    result = results.latest.get(person)
    if result is None or result.star is None:
        return Obstacle("no-result", _NO_RESULT)
    posting = notices.posting_of(person)
    if posting is None or person in due:
        return Obstacle("not-published", _NOT_PUBLISHED)
    window = posting.window(this.rulebook.publicity, calendars)
    if window is None:
        return Obstacle("notice-interrupted", _INTERRUPTED)
    if window.provisional:
        return Obstacle("calendar-missing", _CALENDAR_MISSING)
    if context.now < window.ends_at:
        return Obstacle("window-open", _window_open(deadline(window.ends_at)))
    return None


DECIDERS = deciders(confirm_stars)


_VETO_WAITING = Text(
    "提名之后有一票否决登记或撤回，尚未裁定是否计入；请先裁定。",
    "a veto was declared or lifted since the list was proposed; rule on it first.",
)
_OBJECTION_OPEN = Text(
    "有未办结的异议、更正或一票否决可能影响其星级；请先办结。",
    "an open objection, correction or veto could still touch this star; settle it first.",
)
_NO_RESULT = Text("还没有完整结果；请先汇总并决定同分。", "there is no complete result; tally and decide ties first.")
_NOT_PUBLISHED = Text("现有结果尚未公示；请先公示。", "the present result has not hung in public; post a notice first.")
_INTERRUPTED = Text("公示中断；请先恢复张贴。", "the notice does not hang at present; resume it first.")
_CALENDAR_MISSING = Text(
    "缺少公示期所涉年份的放假安排；请先登记当年日历。",
    "the holiday calendar of the window's year is missing; publish it first.",
)


def _window_open(until: str) -> Text:
    return Text(f"公示期到 {until} 为止；届满后再确认。", f"the window lasts until {until}; confirm after that.")
