"""When a session is to be held: the last week of a month, or the first week after a quarter (B-27, B-36).

AMB-B5: a session judges the calendar month before, so March is judged in the last week of April and December at the
end of January. AMB-B6: a week is as many calendar days as the rulebook says; a session outside them is valid and
flagged.
"""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from domain.decision import Refused
from domain.rounds import days_of
from domain.rulebook.conduct import Session
from domain.text import Text

Timing = Literal["early", "in_time", "late"]

_DAY = timedelta(days=1)


class Days(NamedTuple):
    """The days from the first to the last one, both included."""

    first: date
    last: date

    def timing(self, day: date) -> Timing:
        """Return whether `day` is one of them, or lies before or after them."""
        if day < self.first:
            return "early"
        return "in_time" if day <= self.last else "late"


def judged_days(judged: str) -> Days:
    """Return the days of the month that is judged, such as `2025-03`; `Refused` where it is written otherwise."""
    days = Days(*days_of(judged))
    if "-" not in judged:
        raise Refused("not-a-month", _not_a_month(judged))
    return days


def month_held(session: Session, judged: str) -> Days:
    """Return the days of the month in which the session that judges `judged` is held (AMB-B5)."""
    days = judged_days(judged)
    return days if session.judges == "this_month" else month_of(days.last + _DAY)


def due_days(session: Session, judged: str) -> Days:
    """Return the days on which the session that judges a month is to be held; a week of its own by `iso_last_week`."""
    first, last = month_held(session, judged)
    if session.window == "first_days":
        return Days(first, first + (session.days - 1) * _DAY)
    if session.window == "last_days":
        return Days(last - (session.days - 1) * _DAY, last)
    monday = last - last.weekday() * _DAY
    return Days(monday, monday + 6 * _DAY)


def month_of(day: date) -> Days:
    """Return the days of the calendar month that `day` lies in."""
    return Days(*days_of(f"{day:%Y-%m}"))


def _not_a_month(judged: str) -> Text:
    return Text(
        f"「{judged}」应写成月份，如 2025-03：组织生活会评议的是一个月。",
        f"'{judged}' is to be a month such as 2025-03: a session judges a month.",
    )
