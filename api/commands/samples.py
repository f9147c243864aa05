"""Examples for the description of the interface: one word for each name that a field may have."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from domain.ids import KINDS
from domain.sealed import Sealed

_SHA256: Final = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
_IDS: Final[Mapping[str, str]] = {
    "person": "P09",
    "branch": "workshop-1",
    "group": "workshop-1.g1",
    "rulebook": "annual-360",
    "round": "workshop-1.2025",
}
_WORDS: Final[Mapping[str, str]] = {
    "area": "duty",
    "aspect": "",
    "begins": "14:00",
    "body": "支部委员会",
    "cell": "C5",
    "code": "discipline",
    "committee": "厂党委",
    "component": "masses",
    "contact": "支部办公室",
    "copied_to": "厂党委组织部",
    "decided_by": "党员大会",
    "duties": "好",
    "attitude": "好",
    "tasks": "好",
    "overall": "好",
    "ground": "party-regulations",
    "group": "masses",
    "honour": "model-member",
    "how": "由车间职工推荐",
    "item": "volunteering",
    "judges": "2026-01",
    "kind": "monthly",
    "measure": "attendance",
    "meeting": "支部党员大会",
    "note": "公示期满，完好取下",
    "period": "2025",
    "place": "车间会议室",
    "places": "车间公告栏",
    "post": "班长",
    "purpose": "核实异议",
    "replaces": "2026-02",
    "role": "recorder",
    "source": "国务院办公厅通知",
    "title": "第一车间党支部",
    "to_body": "厂党委",
    "why": "改正笔误",
}
_OTHERWISE: Final[Mapping[Any, Any]] = {
    str: "如实填写",
    bool: True,
    int: 3,
    Sealed: "如实填写的说明",
    Decimal: "12.5",
    date: "2026-01-05",
    datetime: "2026-01-05T18:00:00+08:00",
}


def sample_id(kind: Any) -> str:  # noqa: ANN401 - a NewType has no type of its own
    """Return an example of an id, or of an attachment's name."""
    return _IDS.get(KINDS[kind], f"{KINDS[kind]}-1") if kind in KINDS else _SHA256


def sample_of(hint: Any, name: str) -> Any:  # noqa: ANN401
    """Return an example of a plain type in a field called `name`."""
    return _WORDS.get(name, _OTHERWISE[str]) if hint is str else 2026 if name == "year" else _OTHERWISE[hint]
