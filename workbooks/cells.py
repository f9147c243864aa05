"""Understanding one cell: a score, a date, a name, a code. What is ambiguous is refused, never guessed (S5)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from domain.text import Text
from workbooks.grid import Raw, as_text

MAX_DECIMAL_PLACES = 6
EARLIEST = date(1920, 1, 1)
LATEST = date(2100, 1, 1)

_MAX_SCORE_TEXT = 24
_MAX_NAME = 60
_HIGHEST_SCORE = Decimal(100)


class Gap(Enum):
    """Why a cell holds no value."""

    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Unclear:
    """What is wrong with the value of one cell, and what to do about it."""

    code: str
    message: Text
    remedy: Text


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HALF_WIDTH_ALPHANUMERICS = {code: half for code, half in _HALF_WIDTH.items() if chr(half).isalnum()}
_SPACES = dict.fromkeys((0x00A0, 0x3000, 0x200B, 0xFEFF), " ")
_PLAIN: dict[int, int | str] = {**_HALF_WIDTH, **_SPACES}
_NOT_APPLICABLE = frozenset({"/", "\\", "-", "--", "—", "——", "–", "不适用", "无", "n/a", "na"})
_SCORE = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:\.[0-9]+)?")
_DATE = re.compile(r"(\d{4})([-/.年])(\d{1,2})(?:([-/.月])(\d{1,2})(日?))?(?:月)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_OR_MONTH_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")

_WRITE_A_SCORE = Text(
    zh="请只填 0–100 的数字，例如 90 或 90.5。", en="Write just a number from 0 to 100, such as 90 or 90.5."
)
_WRITE_A_DATE = Text(zh="请写成 2025-03-05 的样子。", en="Write it like 2025-03-05.")
_WRITE_A_NAME = Text(zh="请填写党员姓名。", en="Write the member's name.")


def half_width(text: str) -> str:
    """Return `text` with full-width forms and ideographic spaces as their ASCII twins, trimmed.

    Not NFKC: that would turn 9² into 92.
    """
    return text.translate(_PLAIN).strip()


def read_score(raw: Raw, *, percent: bool = False) -> Decimal | Gap | Unclear:
    """Return the score in 0–100, exact to six decimals; a gap; or why it is no score."""
    if percent:
        return _unclear_score("score-is-percentage", "是百分数", "is a percentage")
    if isinstance(raw, bool):
        return _unclear_score("score-unclear", "不是分数", "is no score")
    if isinstance(raw, date | time | timedelta):
        return _unclear_score("score-is-date", "被 Excel 当成了日期或时间", "was taken for a date or time by Excel")
    text = _score_text(as_text(raw))
    if not text:
        return Gap.MISSING
    if text.lower() in _NOT_APPLICABLE:
        return Gap.NOT_APPLICABLE
    return _score_of(text)


def _score_text(text: str) -> str:
    text = half_width(text) if len(text) <= 2 * _MAX_SCORE_TEXT else text
    if len(text) > 2 and (text[0], text[-1]) in {("「", "」"), ("“", "”"), ('"', '"')}:  # noqa: PLR2004 - a pair of quotes
        text = text[1:-1].strip()
    return text.removesuffix("分").rstrip()


def _score_of(text: str) -> Decimal | Unclear:
    if "%" in text:
        return _unclear_score("score-is-percentage", "是百分数", "is a percentage")
    number = text.removeprefix("-")
    if len(text) > _MAX_SCORE_TEXT or not _SCORE.fullmatch(number):
        return _unclear_score("score-unclear", "看不出是多少分", "cannot be understood as one score")
    points = shortest(Decimal(text))
    if not 0 <= points <= _HIGHEST_SCORE:
        return _unclear_score("score-out-of-range", "不在 0–100 之间", "is not between 0 and 100")
    if max(0, -int(points.as_tuple().exponent)) > MAX_DECIMAL_PLACES:
        return Unclear(
            "score-too-many-decimals",
            Text(zh=f"小数超过 {MAX_DECIMAL_PLACES} 位", en=f"has more than {MAX_DECIMAL_PLACES} decimal places"),
            Text(
                zh="请用 ROUND 取到所需位数，再「选择性粘贴→数值」。", en="Round it with ROUND and paste it as a value."
            ),
        )
    return points


def shortest(number: Decimal) -> Decimal:
    """Return the same number without trailing zeros and without an exponent: 90.50 as 90.5, 100 as 100."""
    short = number.normalize() + 0  # minus zero is zero
    return short.quantize(Decimal(1)) if int(short.as_tuple().exponent) > 0 else short


def _unclear_score(code: str, zh: str, en: str) -> Unclear:
    return Unclear(code, Text(zh=zh, en=en), _WRITE_A_SCORE)


def read_date(raw: Raw, *, counts_from_1904: bool = False) -> date | Gap | Unclear:
    """Return the day a cell of a date column holds: a date, a text with the year first, or Excel's serial number."""
    if isinstance(raw, datetime):
        raw = raw.date() if raw.time() == time() else str(raw)
    if isinstance(raw, date):
        return _plausible(raw)
    if isinstance(raw, bool | time | timedelta):
        return _unclear_date("不是日期", "is no date")
    if isinstance(raw, int) and len(str(raw)) <= len("73051"):
        return _from_serial(raw, counts_from_1904=counts_from_1904)
    text = "".join(half_width(as_text(raw)).split())
    if not text:
        return Gap.MISSING
    if text.lower() in _NOT_APPLICABLE:
        return Gap.NOT_APPLICABLE
    return _date_of(text)


def _from_serial(serial: int, *, counts_from_1904: bool) -> date | Unclear:
    origin = date(1904, 1, 1) if counts_from_1904 else date(1899, 12, 30)
    if serial < 0:
        return _unclear_date("不是日期", "is no date")
    return _plausible(origin + timedelta(days=serial))


def _date_of(text: str) -> date | Unclear:
    if _DAY_OR_MONTH_FIRST.fullmatch(text):
        return _unclear_date("分不清日、月、年的先后", "does not show which part is day, month or year")
    found = _COMPACT_DATE.fullmatch(text)
    if found:
        return _calendar_day(*(int(part) for part in found.groups()))
    found = _DATE.fullmatch(text)
    if found is None or not _consistent(found):
        return _unclear_date("看不出是哪一天", "cannot be understood as a day")
    if found[5] is None:
        return _unclear_date("缺少「日」", "lacks the day")
    return _calendar_day(int(found[1]), int(found[3]), int(found[5]))


def _consistent(found: re.Match[str]) -> bool:
    first, second = found[2], found[4]
    if second is None:
        return True
    return (second == "月") if first == "年" else (first == second and not found[6])


def _calendar_day(year: int, month: int, day: int) -> date | Unclear:
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        return _unclear_date("日历上没有这一天", "is not in the calendar")


def _plausible(day: date) -> date | Unclear:
    if EARLIEST <= day < LATEST:
        return day
    return _unclear_date(f"（{day.isoformat()}）年份不合理", f"({day.isoformat()}) is in an implausible year")


def _unclear_date(zh: str, en: str) -> Unclear:
    return Unclear("date-unclear", Text(zh=zh, en=en), _WRITE_A_DATE)


_HAN = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002ebef\U0002ebf0-\U0002ee5d\U0002f800-\U0002fa1f\U00030000-\U000323af"
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_DOT = re.compile(r"\s*[\u00b7\u0387\u2022\u2027\u2219\u22c5\u2e31\u30fb\uff65\uff0e]\s*")
_FULL_STOP_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s*[.]\s*(?=[{_HAN}])")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def read_name(raw: Raw) -> str | Gap | Unclear:
    """Return a name as its bearer writes it: characters kept, stray spaces folded, the middle dot as U+00B7."""
    if raw is None:
        return Gap.MISSING
    if not isinstance(raw, str):
        return Unclear("name-unclear", Text(zh="不是姓名", en="is no name"), _WRITE_A_NAME)
    name = " ".join(raw.translate(_SPACES).split())
    name = _SPACE_BETWEEN_HAN.sub("", name)
    name = _FULL_STOP_BETWEEN_HAN.sub("\u00b7", _DOT.sub("\u00b7", name))
    if not name:
        return Gap.MISSING
    return _checked_name(name)


def _checked_name(name: str) -> str | Unclear:
    hidden = [sign for sign in name if unicodedata.category(sign) in _INVISIBLE]
    if hidden:
        code = f"U+{ord(hidden[0]):04X}"
        message = Text(zh=f"含有看不见的字符 {code}", en=f"contains the invisible character {code}")
        return Unclear(
            "name-unclear", message, Text(zh="请删去后重新输入姓名。", en="Delete it and type the name anew.")
        )
    if len(name) > _MAX_NAME or not any(unicodedata.category(sign).startswith("L") for sign in name):
        return Unclear("name-unclear", Text(zh="不像姓名", en="does not look like a name"), _WRITE_A_NAME)
    return name


def name_key(name: str) -> str:
    """Return what names are compared by: NFC with full-width letters and digits folded, so that spellings meet."""
    return unicodedata.normalize("NFC", name.translate(_HALF_WIDTH_ALPHANUMERICS))


def read_code(raw: Raw) -> str | Gap | Unclear:
    """Return a person's number as text; whole numbers without a decimal point, full-width signs folded."""
    text = half_width(as_text(raw))
    if not text:
        return Gap.MISSING
    if isinstance(raw, str | int) and not isinstance(raw, bool) and len(text) <= _MAX_NAME and text.isprintable():
        return text
    return Unclear(
        "code-unclear",
        Text(zh="不是编号", en="is no number of a person"),
        Text(zh="请以文本形式填写编号。", en="Write the person's number as text."),
    )
