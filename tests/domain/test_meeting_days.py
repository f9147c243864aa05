"""The week that a session belongs to, and the month it judges (B-27, B-36, AMB-B5, AMB-B6)."""

from calendar import monthrange
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from domain.decision import replace
from domain.meeting_days import due_days, month_held
from domain.rulebook import parse_rulebook
from domain.rulebook.periods import YearShape
from rulebooks import shipped
from tests.control_meetings import CONVENE_QUARTERLY, SESSION_RULES

SESSIONS_OF_SEED_B = parse_rulebook(shipped("monthly-points")).conduct
MONTHLY_SESSION, QUARTERLY_SESSION = SESSIONS_OF_SEED_B.sessions

months = st.builds(lambda year, month: f"{year:04}-{month:02}", st.integers(1990, 2100), st.integers(1, 12))


@example("2024-02")
@example("2023-02")
@example("2000-02")
@example("2025-12")
@given(months)
def test_the_last_week_is_the_last_seven_days_of_the_month_after_the_one_judged(judged: str) -> None:
    year, month = int(judged[:4]), int(judged[5:])
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    length = monthrange(year, month)[1]
    first, last = due_days(MONTHLY_SESSION, judged)
    assert (first, last) == (date(year, month, length - 6), date(year, month, length))
    days = [date(year, month, day) for day in range(1, length + 1)]
    timings = [due_days(MONTHLY_SESSION, judged).timing(day) for day in days]
    assert timings == ["early"] * (length - 7) + ["in_time"] * 7
    assert due_days(MONTHLY_SESSION, judged).timing(last + timedelta(days=1)) == "late"


@given(months)
def test_the_quarterly_session_is_due_in_the_first_week_after_a_quarter(judged: str) -> None:
    held = month_held(QUARTERLY_SESSION, judged)
    due = due_days(QUARTERLY_SESSION, judged)
    assert (held.first.month in QUARTERLY_SESSION.months) == (judged[5:] in {"03", "06", "09", "12"})
    assert due == (held.first, held.first + timedelta(days=6))
    assert due.timing(held.first - timedelta(days=1)) == "early"
    assert due.timing(date(held.first.year, held.first.month, 8)) == "late"


@given(months)
def test_by_the_other_reading_the_last_week_is_the_calendar_week_in_which_the_month_ends(judged: str) -> None:
    by_weeks = replace(MONTHLY_SESSION, window="iso_last_week")
    first, last = due_days(by_weeks, judged)
    assert (first.isoweekday(), last.isoweekday()) == (1, 7)
    assert first <= month_held(by_weeks, judged).last <= last


def test_by_the_other_reading_a_session_judges_its_own_month() -> None:
    own = replace(MONTHLY_SESSION, judges="this_month")
    assert due_days(own, "2025-03") == (date(2025, 3, 25), date(2025, 3, 31))


def test_a_quarter_is_judged_after_its_last_month_as_the_scheme_counts_it() -> None:
    from_december = YearShape(12)
    assert due_days(QUARTERLY_SESSION, "2026-Q1", from_december) == (date(2026, 3, 1), date(2026, 3, 7))
    own = replace(MONTHLY_SESSION, judges="this_month")
    assert due_days(own, "2026-H1", from_december) == (date(2026, 5, 25), date(2026, 5, 31))


def test_march_is_judged_in_the_last_week_of_april_and_december_at_the_end_of_january() -> None:
    assert due_days(MONTHLY_SESSION, "2025-03") == (date(2025, 4, 24), date(2025, 4, 30))
    assert due_days(MONTHLY_SESSION, "2025-12") == (date(2026, 1, 25), date(2026, 1, 31))


def test_the_rules_of_the_controls_have_the_sessions_of_seed_b() -> None:
    ours = parse_rulebook(SESSION_RULES).conduct.sessions
    assert [(one.code, one.months, one.window, one.days, one.judges) for one in ours] == [
        (one.code, one.months, one.window, one.days, one.judges) for one in SESSIONS_OF_SEED_B.sessions
    ]
    assert [one.representatives_at_least for one in ours] == [0, 3]
    assert CONVENE_QUARTERLY.kind == SESSIONS_OF_SEED_B.sessions[1].code
