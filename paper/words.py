"""How numbers, days and periods are written on paper."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Final

from domain.dates import CHINA, deadline
from domain.rulebook.periods import kind_of
from domain.scoring.numbers import published
from projections.disclosed_rows import Hidden

PLACES: Final = 2
VOTERS: Final = {
    "members": "党员",
    "representatives": "群众代表",
    "masses": "群众",
    "group": "党小组",
    "branch": "支部",
    "staff": "干部职工",
}
ASPECTS: Final = {"attitude": "思想表现", "duties": "履职尽责", "tasks": "完成任务", "overall": "综合"}
_NUMERALS: Final = "一二三四五六七八九十"


def day(on: date | datetime | str | None) -> str:
    """Return a day as 2026年1月8日, nothing where there is none; the mark of what is withheld stays."""
    if on is None or isinstance(on, str):
        return on or ""
    local = on.astimezone(CHINA) if isinstance(on, datetime) else on
    return f"{local.year}年{local.month}月{local.day}日"


def until(instant: datetime | str | None) -> str:
    """Return the end of a term as people say it: 2026年1月23日24时."""
    if instant is None or isinstance(instant, str):
        return instant or "（现未张贴）"
    on, _, hour = deadline(instant).partition(" ")
    hours, _, minutes = hour.partition(":")
    return f"{day(date.fromisoformat(on))}{int(hours)}时" + (f"{minutes}分" if minutes != "00" else "")


def since(instant: datetime | str) -> str:
    """Return the beginning of a term to the minute."""
    if isinstance(instant, str):
        return instant
    local = instant.astimezone(CHINA)
    return f"{day(local)}{local.hour}时{local.minute:02}分"


def period(written: str) -> str:
    """Return a period as people say it: 2025年度, 2025年3月, 2025年第1季度, 2025年上半年."""
    year, _, part = written.partition("-")
    match kind_of(written):
        case "year":
            return f"{year}年度"
        case "month":
            return f"{year}年{int(part)}月"
        case "quarter":
            return f"{year}年第{part[1]}季度"
        case "half_year":
            return f"{year}年{'上' if part == 'H1' else '下'}半年"
        case _:
            return written


def numeral(number: int) -> str:
    """Return 1 to 10 as 一 to 十, for headings."""
    return _NUMERALS[number - 1]


def listed(words: Iterable[str]) -> str:
    """Return words in one line."""
    return "、".join(each for each in words if each)


def hidden(value: object) -> bool:
    """Return whether a value is the mark of what is withheld."""
    return isinstance(value, Hidden)


def plain(value: object) -> str:
    """Return what stands in a cell: nothing for None."""
    return "" if value is None else str(value)


def points(exact: str | None) -> str:
    """Return an exact number as people read it, to two decimals; a mark of what is withheld stays."""
    if exact is None or isinstance(exact, Hidden):
        return exact or ""
    return str(published(Fraction(exact), PLACES))
