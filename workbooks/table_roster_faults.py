"""What can be wrong with the lines of a roster, in words: what, where, and what to do next.

Each finding is its code and two sentences; `{…}` is what the caller says of it, and of a row its number and name.
"""

from collections.abc import Mapping
from typing import Final

from domain.findings import Finding
from domain.text import Text
from workbooks.roster import RosterRow

_OF_ROWS: Final[Mapping[str, tuple[Text, Text]]] = {
    "malformed-id": (
        Text("的编号「{row.person_id}」不合规。", "“{row.person_id}” cannot be an id."),
        Text(
            "编号只能用字母、数字、下划线、点和连字符，1 至 64 个；也可留空，由系统编号。",
            "Use 1 to 64 letters, digits, '_', '.' or '-', or leave it empty and an id is assigned.",
        ),
    ),
    "name-doubled": (
        Text("在表中不止一次，且未都写编号。", "this name stands in the table more than once, not always with an id."),
        Text("请删去重复的行；若确为同名，请分别写明编号。", "Delete the doubled row, or give each namesake an id."),
    ),
    "name-shared": (
        Text("：支部有同名的人（{bearers}），不知是哪一位。", "the branch has several of this name ({bearers})."),
        Text("请在「编号」一列写明。", "Say in the column 编号 who is meant."),
    ),
    "name-known-elsewhere": (
        Text(
            "：登记册中已有同名的人（{bearers}），不知是否同一人。",
            "the register knows this name ({bearers}); the same person?",
        ),
        Text(
            "是同一人的，请写上其编号（在其他支部的先用 transfer-member 转入）；不是的，请写一个新编号。",
            "If so, write that id (transfer-member first, if in another branch); if not, write a new one.",
        ),
    ),
    "name-and-code-differ": (
        Text("的编号「{row.person_id}」在登记册中是「{known}」。", "the id “{row.person_id}” belongs to “{known}”."),
        Text("请核对；改了名的，先用 rename-person 登记。", "Check; if the name has changed, use rename-person first."),
    ),
    "already-in-a-branch": (
        Text("现在支部 {branch}。", "belongs to branch {branch} now."),
        Text("请先用 transfer-member 办理转入。", "Transfer the person first, with transfer-member."),
    ),
    "unknown-group": (
        Text(
            "的党小组「{row.group}」尚未登记（现有：{known.zh}）。",
            "the group “{row.group}” is not registered (there are: {known.en}).",
        ),
        Text(
            "请核对名称，或先用 form-group --branch {branch} 登记该小组。",
            "Check the title, or register the group with form-group --branch {branch}.",
        ),
    ),
    "group-shared": (
        Text("：有几个党小组叫「{row.group}」（{groups}）。", "several groups are called “{row.group}” ({groups})."),
        Text("请写小组的编号。", "Write the group's id instead."),
    ),
    "kind-missing": (
        Text("没有写明类别。", "the category is not given."),
        Text("请在「类别」一列填：正式党员、预备党员或群众。", "Write 正式党员, 预备党员 or 群众 in the column 类别."),
    ),
    "date-missing": (
        Text("没有入支部时间。", "the day of joining the branch is missing."),
        Text("请补填，或用 --joined 给出缺省日期。", "Fill it in, or give a day for those without with --joined."),
    ),
    "in-the-future": (
        Text("的入支部时间 {day} 还没有到。", "the day of joining, {day}, is still to come."),
        Text("请核对日期。", "Check the date."),
    ),
    "entered-as-staff": (
        Text("是入党积极分子，按群众登记。", "is an applicant and is entered among those outside the Party."),
        Text("无需处理。", "Nothing needs to be done."),
    ),
    "same-name": (
        Text("与 {bearers} 同名，按另一人登记。", "bears the name of {bearers} and is entered as another person."),
        Text("若是同一人，请改用其编号。", "If it is the same person, write that id."),
    ),
    "recorded-otherwise": (
        Text(
            "的{what.zh}在登记册中是「{recorded}」，导入不改动。",
            "the {what.en} recorded is “{recorded}”; left as it is.",
        ),
        Text("确有变动的，请用 {remedy} 登记。", "If it has changed, enter that with {remedy}."),
    ),
}
_OF_TABLE: Final[Mapping[str, tuple[Text, Text]]] = {
    "dates-not-entered": (
        Text(
            "入党时间、转正时间（{columns} 列）不登记，随原表留存。",
            "Party membership dates ({columns}) stay in the file.",
        ),
        Text("预备党员转正请用 make-formal 登记。", "Enter a probationary member's becoming formal with make-formal."),
    ),
    "person-absent": (
        Text(
            "支部现有的「{name}」（{person}）不在表中，不作改动。",
            "“{name}” ({person}) is not in the table; left as is.",
        ),
        Text(
            "已离开的，请用 leave-branch 或 transfer-member 登记。", "Use leave-branch or transfer-member for leavers."
        ),
    ),
}


def of_row(row: RosterRow, code: str, **said: object) -> Finding:
    """Return the finding `code` about a row; its message continues the words that name row and person."""
    message, remedy = (_filled(text, row=row, **said) for text in _OF_ROWS[code])
    zh, en = f"第 {row.row} 行「{row.name}」{message.zh}", f"Row {row.row}, “{row.name}”: {message.en}"
    return Finding(code, row.address, Text(zh, en), remedy)


def of_table(code: str, **said: object) -> Finding:
    """Return the finding `code` about the table as a whole."""
    message, remedy = (_filled(text, **said) for text in _OF_TABLE[code])
    return Finding(code, "table", message, remedy)


def _filled(text: Text, **said: object) -> Text:
    return Text(text.zh.format(**said), text.en.format(**said))
