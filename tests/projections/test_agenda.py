"""What is due in a round, at several moments of the story."""

from datetime import date, datetime, timedelta

import pytest

from domain.assistance import ImprovementOpened
from domain.calendars import CalendarPublished
from domain.confirmation import CorrectionOpened, StarConfirmed
from domain.dates import CHINA, end_of_day
from domain.decision import Event, NotFound
from domain.feedback import FeedbackDelivered
from domain.lists import ListProposed, VoteHeld
from domain.notices import LinePosted, NoticeInterrupted
from domain.objections import ObjectionAccepted
from domain.reviews import ReviewRequested
from domain.scores import ScoreCorrected, ScoreRecorded, SheetImported
from domain.tally import ResultComputed
from projections.agenda import Agenda, agenda
from projections.names import Names
from tests.controls import (
    CORRECTION,
    NOTICE,
    PLAN,
    REVIEW,
    ROUND,
    SECOND_NOTICE,
    SUN,
    UPHELD,
    WU,
    ZHOU,
    noon,
)
from tests.projections.test_stars_view import position_of
from tests.projections.year_ledger import Year


def due(year: Year, kind: type[Event], nth: int = 0, now: datetime | None = None) -> Agenda:
    """Return the agenda as of the n-th fact of a kind, at the instant when it was recorded unless another is given."""
    position = position_of(year, kind, nth)
    recorded = next(iter(year.ledger.read(after=position - 1, upto=position))).recorded_at
    return agenda(year.ledger, ROUND, now or recorded, position)


def step(asked: Agenda) -> str | None:
    """Return the name of the next step."""
    return None if asked.next_step is None else asked.next_step.name


def abouts(asked: Agenda, code: str) -> list[tuple[str, ...]]:
    """Return what the items of a code are about."""
    return [item.about for item in asked.items if item.code == code]


@pytest.mark.parametrize(
    ("kind", "nth", "expected"),
    [
        (SheetImported, 0, "scores"),
        (ScoreRecorded, -1, "tally"),
        (ResultComputed, 7, "tally"),
        (ResultComputed, 9, "proposal"),
        (ListProposed, 0, "meeting"),
        (VoteHeld, 0, "notice"),
        (LinePosted, 7, "objections"),
        (ScoreCorrected, 1, "tally"),
        (ResultComputed, 10, "notice"),
        (LinePosted, 8, "objections"),
        (StarConfirmed, 2, "confirmation"),
        (StarConfirmed, -1, "feedback"),
        (CorrectionOpened, 0, "objections"),
        (ResultComputed, -1, "notice"),
    ],
)
def test_the_next_step_is_the_first_that_is_not_done(ended: Year, kind: type[Event], nth: int, expected: str) -> None:
    asked = due(ended, kind, nth)
    assert step(asked) == expected
    assert asked.next_step is not None
    assert asked.next_step.text.zh
    assert asked.next_step.clause


def test_missing_scores_are_named_by_person_and_component(ended: Year) -> None:
    missing = {each[0]: each[1:] for each in abouts(due(ended, SheetImported), "missing-score")}
    assert missing[SUN] == ("work", "group", "branch")
    assert missing[WU] == ("work", "branch", "self")
    assert len(missing) == 7
    assert abouts(due(ended, ScoreRecorded, -1), "missing-score") == []


def test_an_undecided_tie_is_due_until_it_is_decided(ended: Year) -> None:
    assert abouts(due(ended, ResultComputed, 7), "tie") == [(SUN, ZHOU)]
    assert abouts(due(ended, ListProposed), "tie") == []


def test_a_window_ends_at_the_instant_that_the_calendars_give(ended: Year) -> None:
    (window,) = [item for item in due(ended, LinePosted, 7).items if item.code == "window"]
    assert (window.about, window.due_at) == ((NOTICE,), end_of_day(date(2026, 1, 15)))
    assert [item for item in due(ended, NoticeInterrupted).items if item.code == "window"] == []
    assert abouts(due(ended, LinePosted, 8), "window") == [(NOTICE,), (SECOND_NOTICE,)]


@pytest.mark.parametrize(("later", "overdue"), [(timedelta(), False), (timedelta(microseconds=1), True)])
def test_an_objection_is_overdue_after_its_term(ended: Year, later: timedelta, overdue: bool) -> None:  # noqa: FBT001
    term = end_of_day(date(2026, 1, 14))
    (item,) = [
        each for each in due(ended, ObjectionAccepted, now=term + later).items if each.code == "rule-on-objection"
    ]
    assert item.about == (UPHELD,)
    before = position_of(ended, ObjectionAccepted) - 1
    waiting = agenda(ended.ledger, ROUND, term + later, before)
    (accept,) = [each for each in waiting.items if each.code == "accept-objection" and each.about == (UPHELD,)]
    assert (accept.due_at, accept.overdue) == (term, overdue)


def test_nobody_can_be_confirmed_before_his_window_is_over(ended: Year) -> None:
    open_window = due(ended, LinePosted, 8)
    assert open_window.confirmable == ()
    assert {held.code for held in open_window.held} == {"window-open"}
    last = position_of(ended, LinePosted, 8)
    after = agenda(ended.ledger, ROUND, datetime(2026, 1, 20, tzinfo=CHINA), last)
    assert [(held.person, held.code) for held in after.held] == [(WU, "window-open")]
    assert len(after.confirmable) == 7
    both = agenda(ended.ledger, ROUND, datetime(2026, 1, 22, tzinfo=CHINA), last)
    assert (len(both.confirmable), both.held) == (8, ())


def test_an_open_objection_holds_whom_it_could_touch(ended: Year) -> None:
    accepted = position_of(ended, ObjectionAccepted)
    asked = agenda(ended.ledger, ROUND, noon(date(2026, 1, 25)), accepted)
    assert WU in {held.person for held in asked.held if held.code == "objection-open"}
    assert all(held.why.zh and held.why.en for held in asked.held)


def test_a_window_without_its_calendar_asks_for_it(ended: Year) -> None:
    assert abouts(due(ended, LinePosted, 7), "calendar") == []
    assert position_of(ended, CalendarPublished) < position_of(ended, LinePosted)


def test_feedback_is_due_for_every_confirmed_result(ended: Year) -> None:
    before, after = due(ended, StarConfirmed, -1), due(ended, FeedbackDelivered)
    assert len(abouts(before, "feedback")) == 8
    assert set(abouts(before, "feedback")) - set(abouts(after, "feedback")) == {(WU,)}


def test_low_stars_need_a_plan_and_plans_a_review(ended: Year) -> None:
    assert abouts(due(ended, StarConfirmed, -1), "open-improvement") == [(WU,)]
    opened = due(ended, ImprovementOpened)
    assert abouts(opened, "open-improvement") == []
    (review,) = [item for item in opened.items if item.code == "review-improvement"]
    assert (review.about, review.due_at, review.overdue) == ((PLAN,), end_of_day(date(2026, 6, 30)), False)


def test_reviews_and_corrections_wait_for_a_decision(ended: Year) -> None:
    assert abouts(due(ended, ReviewRequested), "decide-review") == [(REVIEW, WU)]
    assert abouts(due(ended, CorrectionOpened), "decide-correction") == [(CORRECTION, WU)]
    end = agenda(ended.ledger, ROUND, ended.clock.now())
    assert abouts(end, "decide-review") == abouts(end, "decide-correction") == []


def test_what_has_a_term_comes_first_and_the_soonest_first(ended: Year) -> None:
    items = due(ended, ObjectionAccepted).items
    terms = [item.due_at for item in items]
    known = [term for term in terms if term is not None]
    assert known == sorted(known) != []
    assert terms == known + [None] * (len(terms) - len(known))


def test_names_stand_in_the_sentences(ended: Year) -> None:
    position = position_of(ended, StarConfirmed)
    asked = agenda(ended.ledger, ROUND, noon(date(2026, 2, 2)), position, Names(people={WU: "吴某"}))
    assert any("吴某" in item.text.zh and "吴某" in item.text.en for item in asked.items)


def test_an_unknown_round_has_no_agenda(ended: Year) -> None:
    with pytest.raises(NotFound):
        agenda(ended.ledger, "another", ended.clock.now())
