"""The annual return: who took part in the appraisal, what grades came of it, and what was done about results."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import takewhile

import pytest

from domain.adoption import AdoptRulebook
from domain.assistance import ImprovementOpened
from domain.ballot_opening import OpenBox
from domain.ballots import BallotsCounted, GradeCount, NamedMark, OpenlyAppraised
from domain.decision import Event, Fact, NotFound, Refused
from domain.ids import BoxId, PersonId, TalkId
from domain.membership import MakeFormal
from domain.organisation import EnterUnitKind
from domain.rounds import OpenRound, Round
from domain.scores import ScoreRecorded, Scores
from domain.talks import RectificationChecked, RectificationOrdered, TalkHeld
from ledger.store import Attachment
from projections.appraisal_return import (
    AppraisalReturn,
    Disposals,
    Headcount,
    NotGraded,
    appraisal_return,
    disposals_by_unit,
    returned,
)
from projections.folding import folded
from tests.control_events import EVENTS
from tests.controls import (
    ANNUAL,
    BRANCH,
    LI,
    OTHER_BRANCH,
    PLAN,
    REGISTRAR,
    ROUND,
    STORY,
    SUN,
    WU,
    ZHANG,
    Step,
    noon,
)
from tests.projections.month_ledger import (
    BEST,
    EVERYBODY,
    MARCH,
    MONTHS,
    RULES,
    SCHEME,
    YEAR_ROUND,
    LivedMonths,
    story,
)
from tests.projections.year_ledger import ATTACHED, Year, open_year

GRADES = ("优秀", "合格", "基本合格", "不合格")
JANUARY = noon(date(2026, 1, 5))
BOX = BoxId(f"box-{MONTHS[1]}")
OPENED = OpenRound(round=YEAR_ROUND, branch=BRANCH, period="2025", rulebook=SCHEME)


@dataclass(frozen=True, slots=True)
class Appraised:
    """A ledger whose year has an annual ballot, in which everybody was graded; `uncounted` is before it."""

    year: Year
    uncounted: int


@pytest.fixture(scope="module")
def appraised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appraised]:
    """Give a ledger in which the branch is founded, adopts the scheme, and votes once for the whole year."""
    year = open_year(f"sqlite:///{tmp_path_factory.mktemp('appraised') / 'ledger.db'}")
    year.play(takewhile(lambda step: not isinstance(step.asked, MakeFormal), ANNUAL))
    year.clock.set(JANUARY)
    rules = Attachment(sha256(RULES).hexdigest(), "application/toml", RULES)
    adopt = next(step for step in story() if isinstance(step.asked, AdoptRulebook))
    year.ledger.execute(adopt.asked, actor=adopt.actor, attachments=(*ATTACHED, rules))
    year.ledger.execute(OPENED, actor=ZHANG)
    uncounted = year.ledger.head().size
    for step in story():
        if getattr(step.asked, "box", None) == BOX:
            asked = replace(step.asked, round=YEAR_ROUND) if isinstance(step.asked, OpenBox) else step.asked
            year.ledger.execute(asked, actor=step.actor)
    yield Appraised(year, uncounted)
    year.close()


@pytest.fixture
def voted(appraised: Appraised) -> AppraisalReturn:
    """Return the return of that year."""
    return appraisal_return(appraised.year.ledger, YEAR_ROUND)


def counted(person: PersonId, group: str, **voices: int) -> BallotsCounted:
    """Return what a group gave a person."""
    counts = tuple(GradeCount(grade=grade, points=None, voices=number) for grade, number in voices.items())
    return BallotsCounted(
        round=YEAR_ROUND,
        box=BOX,
        person=person,
        component="appraisal",
        group=group,
        pooled=(),
        counts=counts,
        valid=sum(voices.values()),
        abstained=0,
        void=0,
        withheld=False,
    )


def with_facts(appraised: Appraised, *events: Event) -> AppraisalReturn:
    """Return the return of the year with more facts about its scores and its disposals."""
    ledger = appraised.year.ledger
    scores, disposals = folded(ledger, Scores, YEAR_ROUND), Disposals(YEAR_ROUND)
    for number, event in enumerate(events, start=1):
        state = disposals if isinstance(event, Disposals.EVENTS) else scores
        state.evolve(Fact(10_000 + number, JANUARY, ZHANG, None, event))
    return returned(folded(ledger, Round, YEAR_ROUND), scores, disposals)


def grade_of(found: AppraisalReturn, before: AppraisalReturn) -> str:
    """Return the grade that one return counts once more than the other."""
    (grade,) = (grade for grade in GRADES if found.grades[grade] == before.grades[grade] + 1)
    return grade


def test_a_grade_is_what_most_voices_gave(voted: AppraisalReturn) -> None:
    assert tuple(voted.grades) == GRADES
    assert voted.grades == {"优秀": len(BEST), "合格": len(EVERYBODY) - len(BEST) - 1, "基本合格": 0, "不合格": 0}
    assert (voted.branch, voted.period, voted.component) == (BRANCH, "2025", "appraisal")


def test_a_probationary_member_takes_part_and_has_no_grade(voted: AppraisalReturn) -> None:
    assert voted.roster == voted.taking_part == Headcount(formal=len(EVERYBODY) - 1, probationary=1)
    assert voted.not_graded == (NotGraded(WU, "probationary"),)
    assert (voted.check.holds, voted.check.left, voted.check.right) == (True, 8, 8)
    assert voted.check.relation.zh == "参加评议正式党员数=优秀+合格+基本合格+不合格"


def test_the_voices_of_all_groups_count_together(appraised: Appraised, voted: AppraisalReturn) -> None:
    given = (counted(SUN, "members", 优秀=4, 合格=3), counted(SUN, "representatives", 合格=5))
    found = with_facts(appraised, *given)
    assert grade_of(found, voted) == "合格"


def test_representatives_recorded_beside_the_members_do_not_decide_a_grade(
    appraised: Appraised, voted: AppraisalReturn
) -> None:
    ledger = appraised.year.ledger
    this, scores = folded(ledger, Round, YEAR_ROUND), folded(ledger, Scores, YEAR_ROUND)
    parts = tuple(replace(each, representatives="beside") for each in this.rulebook.components)
    this.rules = replace(this.rulebook, components=parts)
    for given in (counted(SUN, "members", 优秀=4, 合格=3), counted(SUN, "representatives", 合格=5)):
        scores.evolve(Fact(10_000, JANUARY, ZHANG, None, given))
    assert returned(this, scores, Disposals(YEAR_ROUND)).grades == voted.grades


def test_of_grades_with_as_many_voices_the_lower_counts(appraised: Appraised, voted: AppraisalReturn) -> None:
    given = (counted(SUN, "members", 优秀=4, 基本合格=3), counted(SUN, "representatives", 合格=4, 基本合格=1))
    assert grade_of(with_facts(appraised, *given), voted) == "基本合格"


def test_of_a_formal_member_with_a_withheld_count_the_return_does_not_add_up(
    appraised: Appraised, voted: AppraisalReturn
) -> None:
    hidden = [
        replace(counted(person, group), counts=(), valid=None, abstained=None, void=None, withheld=True)
        for person in (SUN, WU)
        for group in ("members", "representatives")
    ]
    found = with_facts(appraised, *hidden)
    assert set(found.not_graded) == {NotGraded(WU, "probationary"), NotGraded(SUN, "withheld")}
    assert found.taking_part == voted.taking_part
    assert (found.check.holds, found.check.left, found.check.right) == (False, 8, 7)


def test_fewer_voices_than_the_rulebook_asks_for_make_no_grade(appraised: Appraised) -> None:
    found = with_facts(appraised, counted(SUN, "members", 优秀=3), counted(SUN, "representatives", 优秀=1))
    assert NotGraded(SUN, "too_few") in found.not_graded
    assert not found.check.holds


def test_a_score_in_points_in_place_of_the_ballots_is_no_grade(appraised: Appraised) -> None:
    ruled = EVENTS[ScoreRecorded]
    assert isinstance(ruled, ScoreRecorded)
    found = with_facts(appraised, replace(ruled, round=YEAR_ROUND, person=SUN, component="appraisal"))
    assert NotGraded(SUN, "points") in found.not_graded
    assert not found.check.holds


def test_an_open_appraisal_of_a_small_body_gives_a_grade(appraised: Appraised) -> None:
    counting = folded(appraised.year.ledger, Scores, YEAR_ROUND)
    ballots = {cell: groups for cell, groups in counting.counted.items() if cell[0] != SUN}
    marks = tuple(NamedMark(rater=rater, group="members", grade="不合格") for rater in (LI, ZHANG))
    openly = OpenlyAppraised(
        round=YEAR_ROUND, branch=BRANCH, component="appraisal", meeting=None, person=SUN, marks=marks, shown_from=5
    )
    counting.counted = ballots
    counting.evolve(Fact(10_000, JANUARY, ZHANG, None, openly))
    this = folded(appraised.year.ledger, Round, YEAR_ROUND)
    found = returned(this, counting, Disposals(YEAR_ROUND))
    assert (found.grades["不合格"], found.check.holds) == (1, True)


def test_who_is_exempt_does_not_take_part(appraised: Appraised) -> None:
    ledger = appraised.year.ledger
    this = folded(ledger, Round, YEAR_ROUND)
    this.exempt.add(SUN)
    found = returned(this, folded(ledger, Scores, YEAR_ROUND), Disposals(YEAR_ROUND))
    assert (found.roster.together, found.taking_part.together) == (len(EVERYBODY), len(EVERYBODY) - 1)
    assert NotGraded(SUN, "exempt") in found.not_graded
    assert (found.grades["优秀"], found.check.holds) == (len(BEST) - 1, True)


def test_before_ballots_are_counted_nobody_has_taken_part(appraised: Appraised) -> None:
    found = appraisal_return(appraised.year.ledger, YEAR_ROUND, appraised.uncounted)
    assert found.taking_part == Headcount(0, 0)
    assert {one.reason for one in found.not_graded} == {"not_counted"}
    assert sum(found.grades.values()) == 0


def test_where_no_annual_appraisal_was_held_everybody_is_without_a_grade_for_that(lived: LivedMonths) -> None:
    found = appraisal_return(lived.year.ledger, YEAR_ROUND)
    assert {one.person for one in found.not_graded} == set(EVERYBODY)
    assert {one.reason for one in found.not_graded} == {"not_held"}
    assert (found.taking_part.together, found.check.holds) == (0, True)


def test_disposals_are_counted_by_kind(appraised: Appraised) -> None:
    held = EVENTS[TalkHeld]
    assert isinstance(held, TalkHeld)
    reminders = [replace(held, talk=TalkId(f"reminder-{number}"), kind="reminder") for number in (1, 2)]
    ordered = RectificationOrdered(talk=held.talk, round=YEAR_ROUND, person=SUN, due=date(2026, 5, 1))
    checked = EVENTS[RectificationChecked]
    assert isinstance(checked, RectificationChecked)
    again = replace(checked, on=date(2026, 12, 1), outcome="rectified")
    events = (held, *reminders, ordered, checked, again, EVENTS[ImprovementOpened])
    found = with_facts(appraised, *events)
    assert found.talks == {"reminder": 2, "admonition": 1}
    assert (found.rectifications_ordered, found.rectifications_checked, found.improvements_opened) == (1, 1, 1)


def test_disposals_are_those_of_the_round(ended: Year) -> None:
    assert folded(ended.ledger, Disposals, ROUND).improvements == {PLAN}
    assert folded(ended.ledger, Disposals, YEAR_ROUND).improvements == set()


def test_a_month_points_and_a_strange_round_have_no_return(lived: LivedMonths, ended: Year) -> None:
    with pytest.raises(Refused, match="not-a-year"):
        appraisal_return(lived.year.ledger, MARCH)
    with pytest.raises(Refused, match="no-grades"):
        appraisal_return(ended.ledger, ROUND)
    with pytest.raises(NotFound, match="unknown-round"):
        appraisal_return(ended.ledger, "another")


# across branches


def test_the_measures_of_a_year_stand_by_kind_of_unit_those_not_entered_last(year: Year) -> None:
    year.play(STORY[len(ANNUAL) :])
    entered, unknown = disposals_by_unit(year.ledger, "2025")
    assert (entered.unit, entered.branches) == ("enterprise", (OTHER_BRANCH,))
    assert (entered.talks, entered.rectifications_ordered) == ({"reminder": 0, "admonition": 1}, 1)
    assert (unknown.unit, unknown.branches, unknown.improvements_opened) == (None, (BRANCH,), 1)
    year.play([Step(EnterUnitKind(branch=BRANCH, kind="enterprise"), REGISTRAR, noon(date(2027, 3, 1)))])
    (together,) = disposals_by_unit(year.ledger, "2025")
    assert (together.branches, together.improvements_opened) == ((BRANCH, OTHER_BRANCH), 1)
    assert disposals_by_unit(year.ledger, "2024") == ()
