"""A filled-in sheet as it is sent: JSON, person → mark; what is wrong with it is never said, nor what stands in it."""

import msgspec

from domain.ballot_sheets import Marks
from domain.decision import Refused
from domain.text import Text

Row = str | list[str]
"""What stands in a row of a sheet: a mark, or several."""


def read_marks(decoded: object) -> Marks:
    """Return the marks that decoded JSON says; `Refused` where it is no sheet."""
    try:
        return msgspec.convert(decoded, dict[str, Row | dict[str, Row]])
    except msgspec.ValidationError:
        raise Refused("sheet-unreadable", UNREADABLE) from None


UNREADABLE = Text(
    '选票须为 JSON 对象，如 {"人员编号": "等次"}；没有收下。',
    'A sheet is a JSON object such as {"person id": "mark"}; it was not taken.',
)
RECORDED = Text(
    "登记的只是谁投过票；投了什么与任何人、时间都不相联，封箱后只公布合计。",
    "It is recorded who has voted. What was voted is joined to nobody and to no time; only counts are ever shown.",
)
"""What every voter is told."""
