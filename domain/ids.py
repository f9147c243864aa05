"""The typed names of things, and the tags that follow from them."""

import dataclasses
import re
import typing
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NewType

PersonId = NewType("PersonId", str)
"""Anyone who acts or is rated: members, staff, officers."""
BranchId = NewType("BranchId", str)
"""A Party branch 党支部."""
GroupId = NewType("GroupId", str)
"""A Party group 党小组 inside a branch."""
RulebookId = NewType("RulebookId", str)
"""A scheme 评星办法 through all its versions."""
RoundId = NewType("RoundId", str)
"""One evaluation of one branch for one period 评定周期."""
NoticeId = NewType("NoticeId", str)
"""One posting of a list 公示."""
ObjectionId = NewType("ObjectionId", str)
"""One objection 异议."""
CorrectionId = NewType("CorrectionId", str)
"""One procedure that corrects a confirmed result 更正."""
ReviewId = NewType("ReviewId", str)
"""One review by the superior organisation 上级复核."""
TaskId = NewType("TaskId", str)
"""One task or resolution assigned to a member."""
ActivityId = NewType("ActivityId", str)
"""One recorded activity of a member 记实."""
ImprovementId = NewType("ImprovementId", str)
"""One plan of assistance and rectification 帮扶整改."""
CommitmentId = NewType("CommitmentId", str)
"""One public commitment of a member 公开承诺."""
EntryId = NewType("EntryId", str)
"""One entry of a member's record 记实: an item with its points."""
TalkId = NewType("TalkId", str)
"""One talk with a member 谈话."""
MeetingId = NewType("MeetingId", str)
"""One meeting: of organisation life 组织生活会, or of all members 党员大会."""
VetoId = NewType("VetoId", str)
"""One veto 一票否决 declared against a member."""
BoxId = NewType("BoxId", str)
"""One ballot box 票箱."""
Document = NewType("Document", str)
"""SHA-256 (hex) of an attachment that decisions read: a rulebook, a calendar."""
Evidence = NewType("Evidence", str)
"""SHA-256 (hex) of an attachment that people read: a paper, a picture, an imported workbook."""

KINDS: dict[Any, str] = {
    PersonId: "person",
    BranchId: "branch",
    GroupId: "group",
    RulebookId: "rulebook",
    RoundId: "round",
    NoticeId: "notice",
    ObjectionId: "objection",
    CorrectionId: "correction",
    ReviewId: "review",
    TaskId: "task",
    ActivityId: "activity",
    ImprovementId: "improvement",
    CommitmentId: "commitment",
    EntryId: "entry",
    TalkId: "talk",
    MeetingId: "meeting",
    VetoId: "veto",
    BoxId: "box",
}
ATTACHED: tuple[Any, ...] = (Document, Evidence)

LONGEST_ID = 64
_ID = re.compile(rf"[\w.\-]{{1,{LONGEST_ID}}}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")


def tag(kind: Any, value: str) -> str:  # noqa: ANN401 - a NewType has no type of its own before 3.12
    """Return the tag under which facts mention the thing `value` of id type `kind`."""
    return f"{KINDS[kind]}:{value}"


def tags_of(record: object) -> tuple[str, ...]:
    """Return the tags of an event: every id that its fields mention, each once, in field order."""
    prefixed = _prefixed(_class_of(record))
    if prefixed is None:
        found = [tag(kind, value) for kind, value in typed_values(record) if kind in KINDS]
    else:
        found = [prefix + value for name, prefix in prefixed if (value := getattr(record, name)) is not None]
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))  # noqa: PLR2004 - one is no repetition


def attachments_of(record: object) -> tuple[str, ...]:
    """Return the SHA-256 names of all attachments that `record` mentions."""
    if not may_mention(_class_of(record), ATTACHED):
        return ()
    return tuple(dict.fromkeys(value for kind, value in typed_values(record) if kind in ATTACHED))


def documents_of(record: object) -> tuple[str, ...]:
    """Return the attachments that decisions need to read along with `record`."""
    if not may_mention(_class_of(record), (Document,)):
        return ()
    return tuple(dict.fromkeys(value for kind, value in typed_values(record) if kind is Document))


def malformed_ids(record: object) -> list[str]:
    """Return the ids in `record` that are not 1 to 64 of `A-Z a-z 0-9 _ . -` (hex for attachments)."""
    return [
        value for kind, value in typed_values(record) if not (_SHA256 if kind in ATTACHED else _ID).fullmatch(value)
    ]


def id_field(record: type, kind: Any) -> str:  # noqa: ANN401
    """Return the name of the field of `record` that holds an id of `kind`; `LookupError` without one."""
    for name, hint in _hints(record):
        if hint is kind:
            return name
    message = f"{record.__name__} names no {KINDS[kind]}"
    raise LookupError(message)


def typed_values(record: object) -> Iterator[tuple[Any, str]]:
    """Yield (id type, value) for every id in a dataclass, whatever it is nested in."""
    for name, hint in _hints(_class_of(record)):
        yield from _ids_in(getattr(record, name), hint)


def _ids_in(value: object, hint: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    if value is None:
        return
    if isinstance(hint, NewType):
        yield hint, str(value)
    elif dataclasses.is_dataclass(value):
        yield from typed_values(value)
    elif isinstance(value, tuple):
        element = typing.get_args(_without_none(hint))[0]
        for item in _only_iterable(value):
            yield from _ids_in(item, element)
    elif (inner := _without_none(hint)) is not hint:
        yield from _ids_in(value, inner)


def _only_iterable(value: object) -> Iterable[object]:
    return typing.cast("Iterable[object]", value)


def _without_none(hint: Any) -> Any:  # noqa: ANN401
    present = [part for part in typing.get_args(hint) if part is not type(None)]
    return present[0] if type(None) in typing.get_args(hint) and len(present) == 1 else hint


@cache
def _hints(record: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(record)
    relevant = ((field.name, hints[field.name]) for field in dataclasses.fields(record))
    return tuple((name, _without_none(hint)) for name, hint in relevant if _may_hold_ids(hint))


def _class_of(record: object) -> Any:  # noqa: ANN401 - "type[object]" would not count as hashable
    return type(record)


def may_mention(record: type, kinds: tuple[Any, ...]) -> bool:
    """Return whether a record of this class could mention an id of one of `kinds`, whatever it is nested in."""
    return _may_mention(typing.cast("Any", record), kinds)


@cache
def _may_mention(record: Any, kinds: tuple[Any, ...]) -> bool:  # noqa: ANN401
    return any(_leads_to(hint, kinds) for _, hint in _hints(record))


def _leads_to(hint: Any, kinds: tuple[Any, ...]) -> bool:  # noqa: ANN401
    if isinstance(hint, NewType):
        return hint in kinds
    if dataclasses.is_dataclass(hint):
        return may_mention(typing.cast("type", hint), kinds)
    return any(_leads_to(part, kinds) for part in typing.get_args(hint) if part is not Ellipsis)


@cache
def _prefixed(record: type) -> tuple[tuple[str, str], ...] | None:
    """Return (field, what stands before its value in a tag) where all ids stand in fields of their own; else None."""
    hints = _hints(record)
    if not all(isinstance(hint, NewType) for _, hint in hints):
        return None
    return tuple((name, tag(hint, "")) for name, hint in hints if hint in KINDS)


def _may_hold_ids(hint: Any) -> bool:  # noqa: ANN401
    if isinstance(hint, NewType):
        return True
    if dataclasses.is_dataclass(hint):
        return bool(_hints(typing.cast("type", hint)))
    return any(_may_hold_ids(part) for part in typing.get_args(hint) if part is not Ellipsis)
