"""Working days as facts with a source, and the windows and terms that are counted on them.

AMB-B14 (the project's seven-day requirement, seed B-42): days are whole calendar days, the posting day is not counted,
the last day ends at 24:00, and a last day that is a statutory rest day rolls to the next working day. A day on
which the notice did not hang throughout does not count (AMB-B15).
"""

import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from domain.appointments import Offices
from domain.dates import civil_date, end_of_day, start_of_day
from domain.decision import Command, Context, Event, Fact, Refused, State, command, deciders, event
from domain.roles import REGISTER_KEEPERS
from domain.rulebook.terms import DayUnit, Publicity
from domain.text import Text

SATURDAY = 5

Gap = tuple[datetime, datetime | None]
"""A time in which a notice did not hang; without end while it still does not."""


@command("publish-calendar", roles=REGISTER_KEEPERS, at="calendars")
class PublishCalendar(Command):
    """Enter a year's statutory rest days and the weekend days that are worked instead, with the source."""

    year: int
    rest_days: tuple[date, ...]
    worked_weekends: tuple[date, ...]
    source: str


@event("calendar.Published.v1")
class CalendarPublished(Event):
    """A year's rest days and worked weekend days, as the source gives them."""

    year: int
    rest_days: tuple[date, ...]
    worked_weekends: tuple[date, ...]
    source: str


CalendarEvent = CalendarPublished


@dataclass(frozen=True, slots=True)
class Window:
    """When a window ends; `provisional` where a calendar that it needs has not been published."""

    ends_at: datetime
    provisional: bool


@dataclass(slots=True)
class Calendars(State):
    """The calendars published, the newest of each year."""

    EVENTS = (CalendarPublished,)
    years: dict[int, CalendarPublished] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more calendar into account."""
        published = typing.cast("CalendarEvent", fact.event)
        self.years[published.year] = published

    def works_on(self, day: date) -> bool:
        """Return whether `day` is a working day, as far as is known."""
        published = self.years.get(day.year)
        if published is not None and day in published.worked_weekends:
            return True
        rests = published is not None and day in published.rest_days
        return day.weekday() < SATURDAY and not rests

    def working_day_from(self, day: date) -> date:
        """Return `day`, or the next working day after it."""
        while not self.works_on(day):
            day += timedelta(days=1)
        return day

    def term(self, start: datetime, days: int, unit: DayUnit) -> Window:
        """Return the end of a term of `days` that begins on the day after `start`."""
        day, left = civil_date(start), days
        while left:
            day += timedelta(days=1)
            left -= unit == "calendar_days" or self.works_on(day)
        return self._window(civil_date(start), self.working_day_from(day))

    def publicity(self, posted: datetime, terms: Publicity, gaps: Sequence[Gap]) -> Window | None:
        """Return the end of a notice's window; None where the notice was taken down before and does not hang again."""
        left = terms.days
        for day in _hung_from(civil_date(posted) + timedelta(days=not terms.start_counted), gaps):
            left -= left > 0 and (terms.unit == "calendar_days" or self.works_on(day))
            if not left and (terms.roll == "none" or self.works_on(day)):
                return self._window(civil_date(posted), day)
        return None

    def _window(self, first: date, last: date) -> Window:
        missing = set(range(first.year, last.year + 1)) - self.years.keys()
        return Window(end_of_day(last), bool(missing))


def _hung_from(day: date, gaps: Sequence[Gap]) -> Iterator[date]:
    """Yield the days from `day` on throughout which a notice hung; they end where it came down for good."""
    down = next((civil_date(begin) for begin, end in gaps if end is None), date.max)
    while day < down:
        if not any(_overlaps(day, gap) for gap in gaps):
            yield day
        day += timedelta(days=1)


def _overlaps(day: date, gap: Gap) -> bool:
    begin, end = gap
    return begin < end_of_day(day) and (end is None or end > start_of_day(day))


def publish_calendar(asked: PublishCalendar, context: Context, calendars: Calendars, offices: Offices) -> list[Event]:
    """Enter a calendar; a later one for the same year replaces it for what is decided afterwards."""
    offices.require(asked, context)
    wrong = [day for day in (*asked.rest_days, *asked.worked_weekends) if day.year != asked.year]
    wrong += [day for day in asked.worked_weekends if day.weekday() < SATURDAY or day in asked.rest_days]
    if wrong:
        raise Refused("calendar-contradicts-itself", _wrong_days(asked.year, wrong))
    published = CalendarPublished(
        year=asked.year,
        rest_days=tuple(sorted(set(asked.rest_days))),
        worked_weekends=tuple(sorted(set(asked.worked_weekends))),
        source=asked.source,
    )
    return [] if calendars.years.get(asked.year) == published else [published]


DECIDERS = deciders(publish_calendar)


def _wrong_days(year: int, days: list[date]) -> Text:
    listed = "、".join(map(str, days))
    return Text(
        f"这些日期不属于 {year} 年，或调休上班日不是周末、又列为休息日：{listed}；请对照放假通知核对。",
        f"Not in {year}, or worked though no weekend or listed as rest: {listed}; check the holiday notice.",
    )
