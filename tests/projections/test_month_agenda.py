"""What is due in a month: its sessions, who has not spoken, been commented on or voted, entries that wait."""

from datetime import date, datetime, timedelta

import pytest

from domain.dates import CHINA
from domain.decision import NotFound, Refused
from projections.month_agenda import MonthAgenda, month_agenda
from tests.controls import LI, MEMBERS, STAFF, SUN, WU, noon
from tests.projections.month_ledger import (
    BOX,
    EVERYBODY,
    MARCH,
    MEETING,
    MEETING_DAY,
    MONTHS,
    WAITING,
    WITHHELD_MONTH,
    YEAR_ROUND,
    LivedMonths,
)

EARLY, AFTER = noon(date(2025, 4, 2)), noon(date(2025, 5, 2))


def march(lived: LivedMonths, mark: str | None = None, now: datetime = EARLY) -> MonthAgenda:
    """Return what is due in March at a moment of the story, or in the end."""
    return month_agenda(lived.year.ledger, MARCH, now, as_of=None if mark is None else lived.marks[mark])


def test_the_sessions_that_judge_the_month_are_due_in_the_weeks_that_the_scheme_says(lived: LivedMonths) -> None:
    sessions = {one.kind: one for one in march(lived, "before the meeting").sessions}
    assert {kind: (one.first, one.last, one.state) for kind, one in sessions.items()} == {
        "monthly": (date(2025, 4, 24), date(2025, 4, 30), "missing"),
        "quarterly": (date(2025, 4, 1), date(2025, 4, 7), "missing"),
    }
    may = month_agenda(lived.year.ledger, f"workshop-1.{MONTHS[1]}", EARLY)
    assert [one.kind for one in may.sessions] == ["monthly"]


def test_a_session_that_is_not_convened_falls_due_and_is_overdue_after_its_week(lived: LivedMonths) -> None:
    items = {one.about[0]: one for one in march(lived, "before the meeting").items if one.code == "convene-session"}
    assert items["quarterly"].due_at == datetime(2025, 4, 8, tzinfo=CHINA)
    assert items["monthly"].due_at == datetime(2025, 5, 1, tzinfo=CHINA)
    assert not any(one.overdue for one in items.values())
    late = {one.about[0]: one for one in march(lived, "before the meeting", AFTER).items}
    assert late["monthly"].overdue
    assert "invite-representatives" in {one.code for one in march(lived, "before the meeting").items}


def test_a_convened_session_is_to_be_held_and_a_closed_one_is_done(lived: LivedMonths) -> None:
    convened = march_at(lived, lived.marks["before the meeting"] + 1)
    assert [(one.kind, one.state) for one in convened.sessions] == [("monthly", "convened"), ("quarterly", "missing")]
    assert {one.code for one in convened.items} >= {"hold-session", "report"}
    assert (convened.meeting, convened.without_report) == (MEETING, tuple(sorted_members(convened)))
    ended = march(lived, now=AFTER)
    assert [one.state for one in ended.sessions if one.kind == "monthly"] == ["closed"]
    assert not {"hold-session", "close-meeting", "report", "comment"} & {one.code for one in ended.items}


def march_at(lived: LivedMonths, position: int) -> MonthAgenda:
    """Return what is due in March at a position."""
    return month_agenda(lived.year.ledger, MARCH, EARLY, as_of=position)


def sorted_members(found: MonthAgenda) -> list[str]:
    """Return everybody who has yet to report, checked to be all members."""
    assert set(found.without_report) == set(EVERYBODY)
    return list(found.without_report)


def test_who_has_not_reported_or_been_commented_on_is_named(lived: LivedMonths) -> None:
    found = march(lived, "one vote", noon(MEETING_DAY))
    assert set(found.without_report) == set(EVERYBODY) - {SUN, WU}
    assert set(found.without_comment) == set(EVERYBODY) - {SUN}
    items = {one.code: one.about for one in found.items}
    assert items["comment"] == (WU,)
    assert (found.staff_without_report, found.staff_without_comment) == ((), ())
    assert STAFF not in found.without_report


def test_who_has_not_voted_is_told_and_nothing_of_the_votes(lived: LivedMonths) -> None:
    (open_box,) = march(lived, "one vote").not_voted
    assert (open_box.box, open_box.nameless) == (BOX, 5)
    assert set(open_box.people) == set(MEMBERS) - {SUN}
    (later,) = march(lived, "closing").not_voted
    assert later.people == ()
    assert march(lived, "drawn").not_voted == ()
    assert "优秀" not in repr(march(lived, "closing"))


def test_a_void_box_waits_for_nobody(lived: LivedMonths) -> None:
    assert [one.box for one in march(lived, "one vote").not_voted] == [BOX]


def test_entries_that_nobody_has_verified_are_listed(lived: LivedMonths) -> None:
    (entry,) = march(lived).waiting_entries
    assert (entry.entry, entry.person, entry.item, entry.points) == (WAITING, WU, "study-task-missed", "-2")
    assert ("verify-entry", (WAITING, WU)) in {(one.code, one.about) for one in march(lived).items}
    assert month_agenda(lived.year.ledger, f"workshop-1.{MONTHS[1]}", EARLY).waiting_entries == ()


@pytest.mark.parametrize(
    ("mark", "step"),
    [
        ("before the meeting", "verify"),
        ("settled", "settle"),
        ("indoor", "board"),
        ("outside", "excellent_list"),
        ("staff", None),
    ],
)
def test_the_next_step_is_the_first_that_is_not_done(lived: LivedMonths, mark: str, step: str | None) -> None:
    found = march(lived, mark).next_step
    assert (None if found is None else found.name) == step


def test_a_withheld_count_is_no_reason_to_vote_again(lived: LivedMonths) -> None:
    found = month_agenda(lived.year.ledger, f"workshop-1.{WITHHELD_MONTH}", AFTER).next_step
    assert found is not None
    assert (found.name, found.clause) == ("records", "B-40")


def test_as_of_and_now_are_two_clocks(lived: LivedMonths) -> None:
    before = march(lived, "one vote", EARLY)
    after = march(lived, "one vote", EARLY + timedelta(60))
    assert before.position == after.position == lived.marks["one vote"]
    assert [one.code for one in before.items if one.overdue] == []
    assert [one.code for one in after.items if one.overdue] != []


def test_a_year_is_no_month_and_another_month_s_meeting_not_this_one_s(lived: LivedMonths) -> None:
    with pytest.raises(Refused) as refused:
        month_agenda(lived.year.ledger, YEAR_ROUND, AFTER)
    assert refused.value.code == "not-a-month"
    with pytest.raises(Refused) as refused:
        month_agenda(lived.year.ledger, f"workshop-1.{MONTHS[1]}", AFTER, MEETING)
    assert refused.value.code == "other-month"
    with pytest.raises(NotFound):
        month_agenda(lived.year.ledger, "another", AFTER)
    assert month_agenda(lived.year.ledger, MARCH, AFTER, MEETING).meeting == MEETING
    assert LI in EVERYBODY
