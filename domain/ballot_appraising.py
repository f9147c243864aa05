"""Appraising openly where a body is too small to vote in secret: then it is no ballot, and each mark bears a name.

Design §3: the rulebook says whether a small body votes openly or is pooled.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.appointments import Offices
from domain.ballot_boxes import Boxes, Voices
from domain.ballot_rules import MOST_POINTS, BallotRules, ballot_rules
from domain.ballots import NamedMark, OpenlyAppraised
from domain.decision import Command, Context, Event, NotPermitted, Refused, command, deciders
from domain.ids import MeetingId, PersonId, RoundId
from domain.lists import Lists
from domain.organisation import Organisation
from domain.raters import component_of
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.scores import Scores
from domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What somebody said of somebody in the meeting: a grade, or points."""

    person: PersonId
    rater: PersonId
    group: str
    grade: str | None = None
    points: Decimal | None = None


@command("hold-open-appraisal", roles=RECORDERS, at="rounds/{round}/open-appraisals")
class HoldOpenAppraisal(Command):
    """Enter what a body too small for a secret ballot gave openly, each judgement with the name of who gave it."""

    round: RoundId
    component: str
    judgements: tuple[Judgement, ...]
    meeting: MeetingId | None = None


def hold_open_appraisal(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: HoldOpenAppraisal,
    context: Context,
    this: Round,
    boxes: Boxes,
    lists: Lists,
    scores: Scores,
    organisation: Organisation,
    offices: Offices,
) -> list[Event]:
    """Enter one fact for each person appraised, where the rulebook lets a small body appraise openly."""
    offices.require(asked, context, this.branch)
    rules = ballot_rules(this.rulebook, component_of(this, asked.component))
    found = _appraised(asked, this, rules)
    if found and all(each in boxes.openly for each in found):
        return []
    lists.require_open_scores()
    scores.require_held(asked.component)
    voices = Voices(
        frozenset(each.group for each in asked.judgements), frozenset(each.rater for each in asked.judgements)
    )
    boxes.require_none(asked.component, asked.meeting, voices)
    boxes.require_not_open(asked.component, asked.meeting, voices)
    _check_body(asked.judgements, rules)
    for judgement in asked.judgements:
        this.require_enrolled(judgement.person)
        organisation.require_person(judgement.rater)
        _check(judgement, rules)
    return list(found)


DECIDERS = deciders(hold_open_appraisal)


def _appraised(asked: HoldOpenAppraisal, this: Round, rules: BallotRules) -> Sequence[OpenlyAppraised]:
    people = dict.fromkeys(each.person for each in asked.judgements)
    return [
        OpenlyAppraised(
            round=asked.round,
            branch=this.branch,
            component=asked.component,
            meeting=asked.meeting,
            person=person,
            marks=tuple(_named(each) for each in asked.judgements if each.person == person),
            shown_from=rules.shown_from,
        )
        for person in people
    ]


def _named(judgement: Judgement) -> NamedMark:
    return NamedMark(rater=judgement.rater, group=judgement.group, grade=judgement.grade, points=judgement.points)


def _check_body(judgements: Iterable[Judgement], rules: BallotRules) -> None:
    given = Counter((each.person, each.rater) for each in judgements)
    raters = {rater for _, rater in given}
    if not given:
        raise Refused("nobody-appraised", _NOBODY)
    if rules.small_body != "open":
        raise Refused("small-bodies-are-pooled", _POOLED)
    if all(len(raters - {person}) >= rules.shown_from for person, _ in given):
        raise Refused("large-enough-for-a-ballot", _large(rules.shown_from))
    if max(given.values()) > 1:
        raise Refused("appraised-twice", _TWICE)


def _check(judgement: Judgement, rules: BallotRules) -> None:
    if judgement.person == judgement.rater:
        raise NotPermitted("own-case", _OWN)
    if judgement.group not in rules.groups:
        raise Refused("unknown-voter-group", _UNFIT)
    points = judgement.points
    fits = (
        points is None and judgement.grade in (*rules.marks, *rules.abstentions)
        if rules.kind == "grades"
        else judgement.grade is None and points is not None and points in range(MOST_POINTS + 1)
    )
    if not fits:
        raise Refused("mark-does-not-fit", _UNFIT)


_NOBODY = Text("没有评议内容；请填写。", "There is no judgement to enter.")
_POOLED = Text(
    "按本办法，人数少的评议组合并计票，不公开评议；请开启票箱。",
    "Under this rulebook small groups are pooled, not open; open a ballot box.",
)
_TWICE = Text("同一人对同一对象评议了两次；请更正。", "Somebody is down twice for the same person; correct it.")
_OWN = Text("不能评议自己。", "Nobody appraises himself.")
_UNFIT = Text(
    "评议组、等次或分数与办法不符；请核对。", "Group, grade or points are not those of the rulebook; check them."
)


def _large(least: int) -> Text:
    return Text(
        f"人数足以无记名投票（至少 {least} 票可公开）；请开启票箱。",
        f"The body is large enough for a secret ballot, shown from {least} votes on; open a box.",
    )
