"""What the labels and the words of a roster 党员花名册 mean."""

import re
from typing import Literal

from workbooks.cells import half_width
from workbooks.header import bare
from workbooks.sensitive import is_sensitive_label

Kind = Literal["formal", "probationary", "activist", "masses"]

DATES = ("joined_party", "became_formal", "joined_branch")
SINGLE = ("name", "person_id", "kind", "group", "post", *DATES)
REQUIRED = ("name",)

_EXACT = {
    "name": {"姓名", "党员姓名", "名字", "name", "fullname"},
    "number": {"序号", "序", "no", "number", "seq"},
    "person_id": {"编号", "党员编号", "人员编号", "工号", "id", "personid", "memberid", "code"},
    "kind": {"类别", "党员类别", "人员类别", "人员类型", "政治面貌", "党员类型", "kind", "category"},
    "group": {"党小组", "小组", "所在党小组", "所属党小组", "partygroup", "group"},
    "post": {"岗位", "职务", "岗位职务", "职务岗位", "工作岗位", "党内职务", "post", "position"},
    "unit": {"单位", "党支部", "支部", "所在支部", "所在党支部", "部门", "branch", "unit"},
    "remark": {"备注", "说明", "remark", "remarks", "note", "notes"},
}
_WORDS = (
    ("became_formal", re.compile(r"转正|becameformal|formalsince|fullmember")),
    (
        "joined_branch",
        re.compile(
            r"(入|转入|进入|加入|到|编入)(本)?(党)?支部|^加入(时间|日期)$|^转入(时间|日期)$|joinedbranch|^joined$"
        ),
    ),
    ("joined_party", re.compile(r"入党|加入(中共|中国共产党|党组织)|joinedparty|admitted")),
)
_LONGEST_LABEL = 40

_KINDS: dict[str, Kind] = {
    "正式党员": "formal",
    "正式": "formal",
    "中共正式党员": "formal",
    "formal": "formal",
    "预备党员": "probationary",
    "预备": "probationary",
    "中共预备党员": "probationary",
    "probationary": "probationary",
    "入党积极分子": "activist",
    "积极分子": "activist",
    "发展对象": "activist",
    "activist": "activist",
    "群众": "masses",
    "党外群众": "masses",
    "党外干部": "masses",
    "党外职工": "masses",
    "masses": "masses",
}


def roster_code(path: tuple[str, ...]) -> str | None:
    """Return what a column means by the labels above it, the lowest one understood."""
    codes = [_label_code(label) for label in path]
    if "sensitive" in codes:
        return "sensitive"
    return next((code for code in reversed(codes) if code is not None), None)


def _label_code(label: str) -> str | None:
    if len(label) > _LONGEST_LABEL:
        return None
    if is_sensitive_label(label):
        return "sensitive"
    text = bare(label)
    for code, labels in _EXACT.items():
        if text in labels:
            return code
    return next((code for code, words in _WORDS if words.search(text)), None)


def kind_of(text: str) -> Kind | None:
    """Return the kind of person a word of the 类别 column means; None where it does not say, such as 党员 alone."""
    return _KINDS.get("".join(half_width(text).split()).lower())
