"""What can be wrong with a request: where it is, a stable code, and what to do, never what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.decision import Refused
from domain.text import Language, Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the field, a stable code, and what would do where that can be listed."""

    field: str
    code: str
    known: str = ""

    def said_in(self, language: Language) -> dict[str, str]:
        """Return it as an entry of a problem's `errors`."""
        words = FAULTS[self.code]
        message = words.said_in(language) + (f" {self.known}" if self.known else "")
        return {"field": self.field, "code": self.code, "message": message}


class Unfit(ValueError):  # noqa: N818 - says what the request is, not that something broke
    """What was sent does not fit; with all faults at once."""

    def __init__(self, *faults: Fault) -> None:
        """Name the faults; their places only, for an error may be logged."""
        super().__init__(", ".join(f"{fault.field}: {fault.code}" for fault in faults))
        self.faults: Sequence[Fault] = faults


class MalformedRequest(Refused):
    """A request that does not say a command; nothing was asked of the ledger."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Refuse with the faults."""
        super().__init__("malformed-request", MALFORMED)
        self.faults = faults


MALFORMED = Text("请求中有无法识别的内容；请按 errors 逐项修改。", "The request cannot be read; see `errors`.")
FAULTS: Final[Mapping[str, Text]] = {
    "missing": Text("必填。", "This is needed."),
    "unknown-field": Text("没有这个字段；请核对名称。", "There is no such field; check the name."),
    "not-json": Text("不是 JSON（UTF-8，字段不重复，没有 NaN）。", "This is not JSON (UTF-8, no field twice, no NaN)."),
    "not-an-object": Text("应为 JSON 对象。", "Write a JSON object."),
    "not-a-list": Text("应为 JSON 数组。", "Write a JSON array."),
    "too-many": Text("项数过多；请分次提交。", "That is too many; send them in several requests."),
    "not-text": Text("应为文字，且不含空字符或不完整的编码。", "Write text, without NUL or half a surrogate pair."),
    "not-an-id": Text(
        "编号只能用字母、数字、下划线、点和连字符，1 至 64 个。", "An id has 1 to 64 letters, digits, '_', '.' or '-'."
    ),
    "not-a-file": Text("应为附件的 SHA-256（64 位小写十六进制）。", "Write an attachment's SHA-256 in lower-case hex."),
    "not-one-of": Text("应为下列之一：", "Write one of:"),
    "not-yes-or-no": Text("应为 true 或 false。", "Write true or false."),
    "not-a-count": Text("应为 0 至 2147483647 的整数。", "Write a whole number from 0 to 2147483647."),
    "not-a-decimal": Text(
        '应为写成文字的十进制数，如 "12.5"，小数至多六位。',
        'Write a decimal in text, such as "12.5", of at most 6 places.',
    ),
    "not-a-day": Text(
        "应为 1900 至 2199 年间的日期，如 2026-01-05。", "Write a day from 1900 to 2199, such as 2026-01-05."
    ),
    "not-an-instant": Text(
        "应为带时区的时间，如 2026-01-05T18:00:00+08:00。",
        "Write a time with offset, such as 2026-01-05T18:00:00+08:00.",
    ),
}
"""Every fault of a field by its code."""
