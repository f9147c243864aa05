"""The days of a period as people write it, and the refusal of what is no period."""

from domain.dates import Days
from domain.decision import Refused
from domain.rulebook.periods import CIVIL, YearShape
from domain.text import Text


def days_of(period: str, year: YearShape = CIVIL) -> Days:
    """Return the days of a year (`2025`), half-year (`2025-H1`), quarter (`2025-Q1`) or month (`2025-03`).

    `year` is where the scheme's year lies. `Refused` where the period is written otherwise.
    """
    days = year.days(period)
    if days is None:
        raise Refused("malformed-period", _malformed_period(period))
    return days


def _malformed_period(period: str) -> Text:
    return Text(
        f"周期「{period}」应写成年份、半年、季度或月份，如 2025、2025-H1、2025-Q1 或 2025-03。",
        f"The period '{period}' is to be a year, a half-year, a quarter or a month, such as 2025, 2025-H1, 2025-Q1 or "
        "2025-03.",
    )
