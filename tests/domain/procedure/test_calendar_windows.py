"""How long a notice hangs and when a term ends: whole days in China, working days as facts (AMB-B14, AMB-B15)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import CalendarPublished, Calendars, Gap, PublishCalendar, Window
from domain.dates import CHINA, start_of_day
from domain.decision import Fact, NotPermitted, replace
from domain.rulebook import parse_rulebook
from tests.controls import ANNUAL_360, LI, REGISTRAR, SUN, noon
from tests.domain.conftest import World
from tests.domain.procedure.conftest import INSTANT, on

TERMS = parse_rulebook(ANNUAL_360).publicity
UNROLLED = replace(TERMS, roll="none")
WORKING_DAYS = replace(TERMS, unit="working_days")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(n) for n in range((last - first).days + 1))


SPRING_FESTIVAL = days(date(2026, 2, 15), date(2026, 2, 23))
NATIONAL_DAY = days(date(2026, 10, 1), date(2026, 10, 7))
YEAR_2026 = CalendarPublished(
    year=2026,
    rest_days=(*days(date(2026, 1, 1), date(2026, 1, 3)), *SPRING_FESTIVAL, *NATIONAL_DAY),
    worked_weekends=tuple(date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (9, 20), (10, 10))),
    source="国务院办公厅关于2026年部分节假日安排的通知",
)
YEAR_2027 = CalendarPublished(
    year=2027, rest_days=days(date(2027, 1, 1), date(2027, 1, 3)), worked_weekends=(), source="通知"
)
PUBLISH = PublishCalendar(
    year=2027, rest_days=(date(2027, 1, 1),), worked_weekends=(date(2027, 1, 9),), source="国办通知"
)


def calendars(*published: CalendarPublished) -> Calendars:
    folded = Calendars()
    for position, year in enumerate(published, 1):
        folded.evolve(Fact(position, on(1, 1), REGISTRAR, None, year))
    return folded


KNOWN = calendars(YEAR_2026, YEAR_2027)


def end(posted: datetime, *gaps: Gap, known: Calendars = KNOWN) -> Window:
    window = known.publicity(posted, TERMS, gaps)
    assert window is not None
    return window


def test_a_notice_hangs_seven_whole_days_and_the_day_of_posting_is_not_counted() -> None:
    assert end(on(3, 2, 9)) == Window(on(3, 9, 24), provisional=False)
    # A window of one day less than the first would roll from Sunday the eighth to the same end; this one would not.
    assert end(on(3, 3, 9)) == Window(on(3, 10, 24), provisional=False)


@pytest.mark.parametrize("hour", [0, 1, 12, 23])
def test_the_hour_of_posting_makes_no_difference(hour: int) -> None:
    assert end(on(3, 2, hour)) == end(on(3, 2, 9))


def test_a_day_begins_at_midnight_in_china() -> None:
    assert end(on(3, 2, 24) - INSTANT).ends_at == on(3, 9, 24)
    assert end(on(3, 2, 24)).ends_at == on(3, 10, 24)


def test_a_window_that_would_end_on_an_ordinary_weekend_ends_on_monday() -> None:
    assert end(on(3, 6)).ends_at == on(3, 13, 24)
    assert end(on(3, 7)).ends_at == on(3, 16, 24)
    assert end(on(3, 8)).ends_at == on(3, 16, 24)


@pytest.mark.parametrize(
    ("posted", "ends"),
    [
        pytest.param(on(9, 23), on(9, 30, 24), id="before National Day"),
        pytest.param(on(9, 24), on(10, 8, 24), id="the first day of National Day"),
        pytest.param(on(9, 30), on(10, 8, 24), id="the last day of National Day"),
        pytest.param(on(10, 3), on(10, 10, 24), id="a Saturday that is worked"),
        pytest.param(on(2, 7), on(2, 14, 24), id="the worked Saturday before Spring Festival"),
        pytest.param(on(2, 8), on(2, 24, 24), id="the first day of Spring Festival"),
        pytest.param(on(2, 21), on(2, 28, 24), id="the worked Saturday after it"),
    ],
)
def test_a_window_that_would_end_on_a_rest_day_ends_on_the_next_working_day(posted: datetime, ends: datetime) -> None:
    assert end(posted) == Window(ends, provisional=False)


def test_a_rulebook_may_let_a_window_end_on_a_rest_day() -> None:
    assert KNOWN.publicity(on(9, 24), UNROLLED, ()) == Window(on(10, 1, 24), provisional=False)


def test_a_rulebook_may_count_the_day_of_posting() -> None:
    assert KNOWN.publicity(on(3, 2), replace(TERMS, start_counted=True), ()) == Window(on(3, 9, 24), provisional=False)
    assert KNOWN.publicity(on(3, 3), replace(TERMS, start_counted=True), ()) == Window(on(3, 9, 24), provisional=False)


def test_a_rulebook_may_count_working_days_only() -> None:
    assert KNOWN.publicity(on(9, 28), WORKING_DAYS, ()) == Window(on(10, 13, 24), provisional=False)


def test_the_leap_day_is_a_day() -> None:
    assert end(on(2, 22, year=2024)).ends_at == on(2, 29, 24, year=2024)
    assert end(on(2, 23, year=2024)).ends_at == on(3, 1, 24, year=2024)


def test_a_window_over_the_turn_of_the_year_needs_the_calendars_of_both_years() -> None:
    assert end(on(12, 25)) == Window(on(1, 4, 24, year=2027), provisional=False)
    assert end(on(12, 25), known=calendars(YEAR_2026)) == Window(on(1, 1, 24, year=2027), provisional=True)
    assert end(on(12, 25), known=calendars(YEAR_2027)).provisional


def test_a_window_is_provisional_while_the_year_has_no_calendar() -> None:
    assert end(on(3, 2), known=calendars()) == Window(on(3, 9, 24), provisional=True)
    assert not end(on(3, 2), known=calendars(YEAR_2026)).provisional


def test_a_window_that_a_gap_of_a_year_divides_needs_the_calendar_in_between() -> None:
    gap = (on(12, 30, year=2025), on(1, 5, year=2027))
    years = [replace(YEAR_2027, year=year, rest_days=()) for year in (2025, 2026, 2027)]
    assert not end(on(12, 24, year=2025), gap, known=calendars(*years)).provisional
    assert end(on(12, 24, year=2025), gap, known=calendars(years[0], years[2])).provisional


def test_a_later_calendar_of_a_year_replaces_the_earlier_one() -> None:
    corrected = replace(YEAR_2026, rest_days=())
    assert end(on(9, 24), known=calendars(YEAR_2026, corrected)).ends_at == on(10, 1, 24)


def test_a_day_on_which_the_notice_did_not_hang_throughout_does_not_count() -> None:
    assert end(on(3, 2), (on(3, 4, 10), on(3, 4, 11))).ends_at == on(3, 10, 24)
    assert end(on(3, 2), (on(3, 4, 10), on(3, 5, 9))).ends_at == on(3, 11, 24)


def test_two_interruptions_lengthen_a_window_by_the_days_of_both() -> None:
    assert end(on(3, 2), (on(3, 4, 10), on(3, 4, 11)), (on(3, 9, 23), on(3, 10, 1))).ends_at == on(3, 12, 24)


def test_two_interruptions_on_one_day_cost_one_day() -> None:
    assert end(on(3, 2), (on(3, 4, 8), on(3, 4, 9)), (on(3, 4, 10), on(3, 4, 11))).ends_at == on(3, 10, 24)


def test_an_interruption_from_midnight_to_midnight_costs_that_day_alone() -> None:
    assert end(on(3, 2), (on(3, 4, 0), on(3, 4, 24))).ends_at == on(3, 10, 24)


def test_an_interruption_on_the_day_of_posting_costs_nothing() -> None:
    assert end(on(3, 2), (on(3, 2, 13), on(3, 2, 14))).ends_at == on(3, 9, 24)


def test_the_last_day_is_a_working_day_on_which_the_notice_hangs() -> None:
    assert end(on(3, 6), (on(3, 13, 10), on(3, 13, 11))).ends_at == on(3, 16, 24)
    assert end(on(3, 7), (on(3, 16, 10), on(3, 16, 11))).ends_at == on(3, 17, 24)


def test_a_window_has_no_end_while_the_notice_is_down_before_its_time() -> None:
    assert KNOWN.publicity(on(3, 2), TERMS, [(on(3, 9, 24) - INSTANT, None)]) is None
    assert KNOWN.publicity(on(3, 7), TERMS, [(on(3, 15), None)]) is None


def test_a_notice_that_comes_down_after_its_window_keeps_the_window() -> None:
    assert end(on(3, 2), (on(3, 9, 24), None)).ends_at == on(3, 9, 24)
    assert end(on(3, 2), (on(3, 20), None)).ends_at == on(3, 9, 24)


def test_a_term_in_working_days_leaves_out_weekends_and_rest_days() -> None:
    assert KNOWN.term(on(3, 5), 3, "working_days") == Window(on(3, 10, 24), provisional=False)
    assert KNOWN.term(on(9, 30), 3, "working_days") == Window(on(10, 10, 24), provisional=False)
    assert KNOWN.term(on(2, 13), 2, "working_days") == Window(on(2, 24, 24), provisional=False)


def test_a_term_in_calendar_days_ends_on_a_working_day() -> None:
    assert KNOWN.term(on(3, 5), 3, "calendar_days") == Window(on(3, 9, 24), provisional=False)
    assert KNOWN.term(on(3, 5), 5, "calendar_days") == Window(on(3, 10, 24), provisional=False)


# laws, against an oracle that looks at every single hour

posting = st.integers(0, 24 * 500).map(lambda hours: on(1, 1, hours))
cuts = st.lists(st.integers(0, 24 * 20), max_size=8, unique=True).map(sorted)
holidays = st.sets(st.integers(0, 730), max_size=200)


def holiday_calendars(chosen: set[int]) -> Calendars:
    """Return calendars of 2026 to 2028 in which the chosen days are not what their weekday says."""
    odd = [date(2026, 1, 1) + timedelta(n) for n in chosen]
    return calendars(
        *(
            CalendarPublished(
                year=year,
                rest_days=tuple(day for day in odd if day.year == year and day.weekday() < 5),
                worked_weekends=tuple(day for day in odd if day.year == year and day.weekday() >= 5),
                source="",
            )
            for year in (2026, 2027, 2028)
        )
    )


def gaps_after(posted: datetime, hours: Sequence[int]) -> list[Gap]:
    """Return gaps between every other pair of hours after posting; the last one may have no end."""
    instants = [posted + n * HOUR for n in hours]
    return [
        (begin, instants[2 * n + 1] if 2 * n + 1 < len(instants) else None) for n, begin in enumerate(instants[::2])
    ]


def hung(hour: datetime, gaps: Sequence[Gap]) -> bool:
    return not any(begin < hour + HOUR and (end is None or end > hour) for begin, end in gaps)


def counted_by_hours(posted: datetime, gaps: Sequence[Gap], works: Calendars) -> datetime | None:
    """Return the end of the window, looked for hour by hour over two months and some holidays."""
    day, whole = start_of_day(posted.astimezone(CHINA).date()) + DAY, 0
    for _ in range(300):
        if all(hung(day + n * HOUR, gaps) for n in range(24)):
            whole += 1
            if whole >= 7 and works.works_on(day.date()):
                return day + DAY
        day += DAY
    return None


@given(posting, cuts, holidays)
def test_a_window_is_what_counting_every_hour_gives(posted: datetime, hours: list[int], chosen: set[int]) -> None:
    gaps, known = gaps_after(posted, hours), holiday_calendars(chosen)
    window = known.publicity(posted, TERMS, gaps)
    assert (None if window is None else window.ends_at) == counted_by_hours(posted, gaps, known)


@given(posting, cuts, holidays)
def test_a_window_never_has_fewer_than_seven_whole_days(posted: datetime, hours: list[int], chosen: set[int]) -> None:
    gaps = gaps_after(posted, hours)
    window = holiday_calendars(chosen).publicity(posted, TERMS, gaps)
    if window is not None:
        instants = [posted + n * HOUR for n in range(int((window.ends_at - posted) / HOUR))]
        assert sum(hung(instant, gaps) for instant in instants) >= 7 * 24


@given(posting, st.integers(1, 20), holidays)
def test_a_term_has_as_many_working_days_as_it_says(posted: datetime, length: int, chosen: set[int]) -> None:
    known = holiday_calendars(chosen)
    last = (known.term(posted, length, "working_days").ends_at - DAY).date()
    assert known.works_on(last)
    assert sum(known.works_on(day) for day in days(posted.date() + DAY, last)) == length


# publishing


def test_those_who_keep_the_register_publish_a_calendar(ready: World) -> None:
    published = CalendarPublished(
        year=2027, rest_days=(date(2027, 1, 1),), worked_weekends=(date(2027, 1, 9),), source="国办通知"
    )
    ready.when(PUBLISH, actor=REGISTRAR).then(published)
    ready.when(PUBLISH, actor=SUN).refused("wrong-office", NotPermitted)


def test_a_secretary_of_one_branch_publishes_no_calendar_for_all(ready: World) -> None:
    ready.when(PUBLISH, actor=LI).refused("wrong-office", NotPermitted)


def test_a_calendar_published_again_changes_nothing_whatever_the_order_of_its_days(ready: World) -> None:
    first, second = date(2027, 1, 1), date(2027, 1, 2)
    world = ready.after(*ready.when(replace(PUBLISH, rest_days=(first, second)), actor=REGISTRAR).events)
    world.when(replace(PUBLISH, rest_days=(second, first, second)), actor=REGISTRAR).then_nothing()
    assert world.when(replace(PUBLISH, rest_days=(first,)), actor=REGISTRAR, at=noon(date(2026, 1, 5))).events


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(replace(PUBLISH, rest_days=(date(2026, 12, 31),)), id="a rest day of another year"),
        pytest.param(replace(PUBLISH, worked_weekends=(date(2028, 1, 1),)), id="a worked day of another year"),
        pytest.param(replace(PUBLISH, worked_weekends=(date(2027, 1, 8),)), id="a worked weekend on a Friday"),
        pytest.param(replace(PUBLISH, rest_days=(date(2027, 1, 9),)), id="a day both rested and worked"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(ready: World, wrong: PublishCalendar) -> None:
    ready.when(wrong, actor=REGISTRAR).refused("calendar-contradicts-itself")
