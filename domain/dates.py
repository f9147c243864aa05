"""Civil dates of the People's Republic: one time zone, UTC+8, without summer time since 1992."""

from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def civil_date(instant: datetime) -> date:
    """Return the calendar day in China on which `instant` falls."""
    return instant.astimezone(CHINA).date()


def end_of_day(day: date) -> datetime:
    """Return 24:00 of `day` in China, which is 00:00 of the next."""
    return datetime.combine(day + timedelta(days=1), time(), CHINA)


def start_of_day(day: date) -> datetime:
    """Return 00:00 of `day` in China."""
    return datetime.combine(day, time(), CHINA)
