"""What a rulebook says about a ballot: marks, groups of voters, the cap on 优秀, and from how many sheets it is shown.

AMB-A14, AMB-B8: grades or points; AMB-B10: the groups that vote together; AMB-B13: the cap of the excellent.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from domain.ballots import OVERALL, MarkKind
from domain.decision import Refused, replace
from domain.rulebook.model import Component, Rulebook
from domain.text import Text

SmallBody = Literal["open", "pooled"]
LOWEST_SHOWN_FROM = 3
"""No rulebook may have counts shown for fewer: of two voters each would know the other's vote."""
USUALLY_SHOWN_FROM = 5
HALF = Fraction(1, 2)
MOST_POINTS = 100
"""What a row of a ballot can give at most, and 0 at least, where it gives points."""


@dataclass(frozen=True, slots=True)
class BallotRules:
    """The rules under which a box is opened; `clause` is what its size limit rests on.

    `small_body` is for a body that is too small as a whole. A small group within a larger body is `pooled` with the
    others where every voice is worth the same (AMB-B10); otherwise its count is withheld. `least` is how many voices
    each group needs where it has a share of its own. `own_left_out`: what people give themselves may not be counted.
    """

    kind: MarkKind
    marks: tuple[str, ...]
    abstentions: tuple[str, ...]
    groups: tuple[str, ...]
    shown_from: int
    small_body: SmallBody
    pooled: bool
    capped_grade: str
    cap_share: Fraction | None
    cap_rounding: str
    clause: str
    least: Mapping[str, int] = field(default_factory=dict)
    own_left_out: bool = False

    def most(self, subjects: int) -> int | None:
        """Return how many of `subjects` one sheet may give the capped grade to; None where there is no cap."""
        if self.cap_share is None:
            return None
        share = self.cap_share * subjects
        if self.cap_rounding == "ceil":
            return math.ceil(share)
        return math.floor(share + HALF) if self.cap_rounding == "half_up" else math.floor(share)


def ballot_rules(rulebook: Rulebook, component: Component) -> BallotRules:
    """Return the ballot rules of a component; `Refused` where it is not one that several people vote on."""
    groups = component.ballot_groups or ((component.rater,) if component.rater else ())
    if not groups or component.rater == "self" or component.takes_entries:
        raise Refused("not-by-ballot", _not_by_ballot(component))
    box, excellent = rulebook.conduct.ballot_box, rulebook.conduct.excellent
    shown_from = max(LOWEST_SHOWN_FROM, _shown_from(component) if box is None else box.shown_from)
    grades = component.grades if component.takes_ballots else None
    capped = excellent if excellent is not None and grades is not None and excellent.grade in grades.points else None
    reach = rulebook.range_of(component)
    if grades is None and (reach.low > 0 or (reach.high is not None and reach.high < MOST_POINTS)):
        raise Refused("range-unfit-for-ballots", _range_unfit(component))
    return BallotRules(
        kind="points" if grades is None else "grades",
        marks=() if grades is None else tuple(grades.points),
        abstentions=() if grades is None else grades.abstentions,
        groups=groups,
        shown_from=shown_from,
        small_body="pooled" if box is None else box.small_body,
        pooled=component.representatives == "one_voice" and not component.shares,
        capped_grade="" if capped is None else capped.grade,
        cap_share=None if capped is None else capped.at_most,
        cap_rounding="floor" if capped is None else capped.round,
        clause=(component.ballots_clause or "AMB-A14") if box is None else box.clause,
        least={each.group: max(shown_from, each.minimum) for each in component.shares},
        own_left_out=component.exclude_self,
    )


def staff_rules(rulebook: Rulebook) -> BallotRules:
    """Return the rules of a ballot on the staff, in the form of the members' appraisal (B-34, B-35).

    `Refused` where the rulebook has them graded openly. Only members vote; the cap is on members alone (AMB-B13). The
    marks stand from the best to the worst.
    """
    appraisal = rulebook.conduct.staff_appraisal
    form = next((leaf for leaf in rulebook.leaves().values() if leaf.takes_ballots), None)
    if appraisal is None or appraisal.by == "open" or form is None or form.grades is None:
        raise Refused("staff-graded-openly", _STAFF_OPENLY)
    rules, points = ballot_rules(rulebook, form), form.grades.points
    return replace(
        rules,
        marks=tuple(sorted(points, key=points.__getitem__, reverse=True)),
        groups=rules.groups[:1],
        capped_grade="",
        cap_share=None,
        clause=appraisal.clause,
        least={},
        own_left_out=False,
    )


def staff_aspects(rulebook: Rulebook) -> tuple[str, ...]:
    """Return what the staff are graded on, and overall (B-35)."""
    return (*(each.code for each in rulebook.conduct.forms.staff_aspects), OVERALL)


_STAFF_OPENLY = Text(
    "按本办法，党外干部职工在会上公开评定；请用 appraise-staff 登记。",
    "Under this rulebook the staff are graded openly in the meeting: use appraise-staff.",
)


def _shown_from(component: Component) -> int:
    return component.ballots_minimum or USUALLY_SHOWN_FROM


def _range_unfit(component: Component) -> Text:
    return Text(
        f"“{component.title.zh}”的分值范围不是 0 至 {MOST_POINTS}，不能在选票上填分数；请按等次投票，或登记平均分。",
        f"The range of '{component.title.en}' is not 0 to {MOST_POINTS}, so no ballot gives points: vote with grades, "
        "or enter the mean.",
    )


def _not_by_ballot(component: Component) -> Text:
    return Text(
        f"“{component.title.zh}”不是投票评议的项目；请核对项目代码。",
        f"'{component.title.en}' is not decided by ballot; check the component.",
    )
