"""When a session is to be held: the last week of a month, or the first week after a quarter (B-27, B-36).

AMB-B5: a session judges the calendar month before, so March is judged in the last week of April and December at the
end of January. AMB-B6: a week is as many calendar days as the rulebook says; a session outside them is valid and
flagged.
"""

from datetime import date, timedelta

from domain.dates import Days
from domain.decision import Refused
from domain.period_days import days_of
from domain.rulebook.conduct import Session
from domain.rulebook.periods import CIVIL, YearShape, kind_of
from domain.text import Text

_DAY = timedelta(days=1)


def judged_days(judged: str, year: YearShape = CIVIL) -> Days:
    """Return the days of the month, quarter or half-year that is judged, such as `2025-03`; `Refused` for others."""
    days = days_of(judged, year)
    if kind_of(judged) == "year":
        raise Refused("not-a-month", _not_a_month(judged))
    return days


def month_held(session: Session, judged: str, year: YearShape = CIVIL) -> Days:
    """Return the days of the month in which the session that judges `judged` is held (AMB-B5).

    It is the month after what is judged, or its last month.
    """
    last = judged_days(judged, year).last
    return month_of(last if session.judges == "this_month" else last + _DAY)


def due_days(session: Session, judged: str, year: YearShape = CIVIL) -> Days:
    """Return the days on which the session that judges a month is to be held; a week of its own by `iso_last_week`."""
    first, last = month_held(session, judged, year)
    if session.window == "first_days":
        return Days(first, first + (session.days - 1) * _DAY)
    if session.window == "last_days":
        return Days(last - (session.days - 1) * _DAY, last)
    monday = last - last.weekday() * _DAY
    return Days(monday, monday + 6 * _DAY)


def month_of(day: date) -> Days:
    """Return the days of the calendar month that `day` lies in."""
    return CIVIL.around(day, "month")


def _not_a_month(judged: str) -> Text:
    return Text(
        f"「{judged}」是一年；会议评议的是一个月、一个季度或半年，如 2025-03、2025-Q1。",
        f"'{judged}' is a year: a session judges a month, a quarter or a half-year, such as 2025-03 or 2025-Q1.",
    )
