"""What can be wrong with the lines of a roster, in words: what, where, and what to do next."""

from collections.abc import Iterable
from datetime import date

from domain.findings import Finding
from domain.text import Text
from workbooks.roster import RosterRow


def finding(row: RosterRow, code: str, message: Text, remedy: Text) -> Finding:
    """Return a finding about a row: `message` continues the words that name row and person."""
    zh, en = f"第 {row.row} 行「{row.name}」{message.zh}", f"Row {row.row}, “{row.name}”: {message.en}"
    return Finding(code, row.address, Text(zh, en), remedy)


def malformed_id(row: RosterRow) -> Finding:
    """Return that a number cannot be an id."""
    return finding(
        row,
        "malformed-id",
        Text(f"的编号「{row.person_id}」不合规。", f"“{row.person_id}” cannot be an id."),
        Text(
            "编号只能用字母、数字、下划线、点和连字符，1 至 64 个；也可留空，由系统编号。",
            "Use 1 to 64 letters, digits, '_', '.' or '-', or leave it empty and an id is assigned.",
        ),
    )


def name_twice(row: RosterRow) -> Finding:
    """Return that a name stands in the table more than once without ids."""
    return finding(
        row,
        "name-doubled",
        Text("在表中不止一次，且未都写编号。", "this name stands in the table more than once, not always with an id."),
        Text("请删去重复的行；若确为同名，请分别写明编号。", "Delete the doubled row, or give each namesake an id."),
    )


def name_shared(row: RosterRow, bearers: Iterable[str]) -> Finding:
    """Return that several people of the branch bear the name."""
    ids = "、".join(bearers)
    return finding(
        row,
        "name-shared",
        Text(f"：支部有同名的人（{ids}），不知是哪一位。", f"the branch has several of this name ({ids})."),
        Text("请在「编号」一列写明。", "Say in the column 编号 who is meant."),
    )


def name_elsewhere(row: RosterRow, bearers: Iterable[str]) -> Finding:
    """Return that somebody outside the branch bears the name."""
    ids = "、".join(bearers)
    return finding(
        row,
        "name-known-elsewhere",
        Text(
            f"：登记册中已有同名的人（{ids}），不知是否同一人。",
            f"the register knows this name ({ids}); the same person?",
        ),
        Text(
            "是同一人的，请写上其编号（在其他支部的先用 transfer-member 转入）；不是的，请写一个新编号。",
            "If so, write that id (transfer-member first, if in another branch); if not, write a new one.",
        ),
    )


def other_name(row: RosterRow, known: str) -> Finding:
    """Return that an id belongs to somebody of another name."""
    return finding(
        row,
        "name-and-code-differ",
        Text(f"的编号「{row.person_id}」在登记册中是「{known}」。", f"the id “{row.person_id}” belongs to “{known}”."),
        Text("请核对；改了名的，先用 rename-person 登记。", "Check; if the name has changed, use rename-person first."),
    )


def in_other_branch(row: RosterRow, branch: str) -> Finding:
    """Return that the person belongs to another branch."""
    return finding(
        row,
        "already-in-a-branch",
        Text(f"现在支部 {branch}。", f"belongs to branch {branch} now."),
        Text("请先用 transfer-member 办理转入。", "Transfer the person first, with transfer-member."),
    )


def unknown_group(row: RosterRow, branch: str, titles: Iterable[str]) -> Finding:
    """Return that the branch has no such group."""
    known = "、".join(titles)
    return finding(
        row,
        "unknown-group",
        Text(
            f"的党小组「{row.group}」尚未登记（现有：{known or '无'}）。",
            f"the group “{row.group}” is not registered (there are: {known or 'none'}).",
        ),
        Text(
            f"请核对名称，或先用 form-group --branch {branch} 登记该小组。",
            f"Check the title, or register the group with form-group --branch {branch}.",
        ),
    )


def shared_group(row: RosterRow, groups: Iterable[str]) -> Finding:
    """Return that several groups bear the title."""
    ids = "、".join(groups)
    return finding(
        row,
        "group-shared",
        Text(f"：有几个党小组叫「{row.group}」（{ids}）。", f"several groups are called “{row.group}” ({ids})."),
        Text("请写小组的编号。", "Write the group's id instead."),
    )


def kind_missing(row: RosterRow) -> Finding:
    """Return that the table does not say what the person is."""
    return finding(
        row,
        "kind-missing",
        Text("没有写明类别。", "the category is not given."),
        Text("请在「类别」一列填：正式党员、预备党员或群众。", "Write 正式党员, 预备党员 or 群众 in the column 类别."),
    )


def date_missing(row: RosterRow) -> Finding:
    """Return that the table does not say since when the person belongs to the branch."""
    return finding(
        row,
        "date-missing",
        Text("没有入支部时间。", "the day of joining the branch is missing."),
        Text("请补填，或用 --joined 给出缺省日期。", "Fill it in, or give a day for those without with --joined."),
    )


def date_in_future(row: RosterRow, day: date) -> Finding:
    """Return that the day of joining has not come yet."""
    return finding(
        row,
        "in-the-future",
        Text(f"的入支部时间 {day} 还没有到。", f"the day of joining, {day}, is still to come."),
        Text("请核对日期。", "Check the date."),
    )


def activist(row: RosterRow) -> Finding:
    """Return the note that an applicant is entered among those outside the Party."""
    return finding(
        row,
        "entered-as-staff",
        Text("是入党积极分子，按群众登记。", "is an applicant and is entered among those outside the Party."),
        Text("无需处理。", "Nothing needs to be done."),
    )


def another_of_that_name(row: RosterRow, bearers: Iterable[str]) -> Finding:
    """Return the note that a new id makes the person somebody else than those of the same name."""
    ids = "、".join(bearers)
    return finding(
        row,
        "same-name",
        Text(f"与 {ids} 同名，按另一人登记。", f"bears the name of {ids} and is entered as another person."),
        Text("若是同一人，请改用其编号。", "If it is the same person, write that id."),
    )


def differs(row: RosterRow, what: Text, recorded: str, remedy: str) -> Finding:
    """Return the note that somebody known is recorded otherwise, which a roster does not change."""
    return finding(
        row,
        "recorded-otherwise",
        Text(
            f"的{what.zh}在登记册中是「{recorded}」，导入不改动。",
            f"the {what.en} recorded is “{recorded}”; left as it is.",
        ),
        Text(f"确有变动的，请用 {remedy} 登记。", f"If it has changed, enter that with {remedy}."),
    )


def dates_not_entered(columns: Iterable[str]) -> Finding:
    """Return the note that the dates of Party membership stay in the workbook."""
    letters = "、".join(columns)
    return Finding(
        "dates-not-entered",
        "table",
        Text(
            f"入党时间、转正时间（{letters} 列）不登记，随原表留存。",
            f"Party membership dates ({letters}) stay in the file.",
        ),
        Text("预备党员转正请用 make-formal 登记。", "Enter a probationary member's becoming formal with make-formal."),
    )


def absent(person: str, name: str) -> Finding:
    """Return the note that somebody of the branch is not in the table."""
    return Finding(
        "person-absent",
        "table",
        Text(
            f"支部现有的「{name}」（{person}）不在表中，不作改动。",
            f"“{name}” ({person}) is not in the table; left as is.",
        ),
        Text(
            "已离开的，请用 leave-branch 或 transfer-member 登记。", "Use leave-branch or transfer-member for leavers."
        ),
    )
