"""What the labels of Table 3-1 mean, in the wordings secretaries use and in the English of the seed (A-27)."""

import re

from workbooks.header import bare, weight_in
from workbooks.sensitive import is_sensitive_label

COMPONENTS = ("work", "group", "branch", "masses", "self")
REQUIRED = ("name", *COMPONENTS)
SINGLE = (*REQUIRED, "person_id", "stated_total")

_EXACT = {
    "name": {"姓名", "项目姓名", "姓名项目", "党员姓名", "名字", "党员"}
    | {"name", "fullname", "itemname", "nameitem", "membername"},
    "number": {"序号", "序", "编次", "no", "number", "seq", "sn"},
    "person_id": {"编号", "党员编号", "人员编号", "工号", "id", "personid", "memberid", "code"},
    "unit": {"单位", "党支部", "支部", "所在支部", "所在党支部", "支部名称", "所属支部", "部门", "unit", "branchname"},
    "group_name": {"党小组", "小组", "所在党小组", "所属党小组"},
    "kind": {"类别", "党员类别", "人员类别", "kind", "category"},
    "post": {"岗位", "职务", "岗位职务", "post"},
    "remark": {"备注", "说明", "remark", "remarks", "note", "notes"},
}  # fmt: skip
_WORDS = (
    ("stated_total", re.compile(r"^(加权|折算|年度)?(总分|总得分|总评分|综合得分|合计)|^total")),
    ("weighted", re.compile(r"折算|加权|折合|weighted")),
    ("star", re.compile(r"星级|名次|排名|^star|rank")),
    ("self", re.compile(r"自评|自我评|selfassess|selfeval|^self$")),
    ("masses", re.compile(r"群众|^mass")),
    ("group", re.compile(r"小组(评|打分|得分|意见分)|partygroup|^group(eval|score|$)")),
    ("branch", re.compile(r"支部(评|打分|得分|意见分)|partybranch|^branch(eval|score|$)")),
    ("party", re.compile(r"党内(活动|评)|组织(评|考)|innerparty|organi[sz]ation(al)?eval")),
    ("work", re.compile(r"业绩|实绩|^workperf|^work$")),
)
_LONGEST_LABEL = 40


def label_code(label: str) -> str | None:
    """Return what one label means by itself, None where it is unknown."""
    if is_sensitive_label(label):
        return "sensitive" if len(label) <= _LONGEST_LABEL else None
    text = bare(label)
    if not text or len(text) > _LONGEST_LABEL:
        return None
    for code, labels in _EXACT.items():
        if text in labels:
            return code
    return next((code for code, words in _WORDS if words.search(text)), None)


def path_code(path: tuple[str, ...]) -> str | None:
    """Return what a column means by the labels above it: the lowest one understood, in the light of those above."""
    codes = [label_code(label) for label in path]
    for aside in ("sensitive", "weighted"):
        if aside in codes:
            return aside
    known = [(label, code) for label, code in zip(path, codes, strict=True) if code is not None]
    if not known:
        return None
    label, code = known[-1]
    is_score = weight_in(label) is not None or any(upper == "party" for _, upper in known[:-1])
    return {"unit": "branch", "group_name": "group"}.get(code, code) if is_score else code
