"""Civil dates of the People's Republic: one time zone, UTC+8, without summer time since 1992."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Literal, NamedTuple

CHINA = timezone(timedelta(hours=8))
Timing = Literal["early", "in_time", "late"]


class Days(NamedTuple):
    """The days from the first to the last one, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Return whether `day` is one of them."""
        return self.first <= day <= self.last

    def timing(self, day: date) -> Timing:
        """Return whether `day` is one of them, or lies before or after them."""
        if day < self.first:
            return "early"
        return "in_time" if self.holds(day) else "late"


def civil_date(instant: datetime) -> date:
    """Return the calendar day in China on which `instant` falls."""
    return instant.astimezone(CHINA).date()


def end_of_day(day: date) -> datetime:
    """Return 24:00 of `day` in China, which is 00:00 of the next."""
    return datetime.combine(day + timedelta(days=1), time(), CHINA)


def start_of_day(day: date) -> datetime:
    """Return 00:00 of `day` in China."""
    return datetime.combine(day, time(), CHINA)


def deadline(instant: datetime) -> str:
    """Return an instant as the clock in China shows it: `2026-01-23 24:00` for the end of a day."""
    local = instant.astimezone(CHINA)
    if local.time() == time():
        return f"{local.date() - timedelta(days=1)} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"
