"""The typed names of things, and the tags that follow from them."""

import dataclasses
import re
import typing
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, NewType

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
_READ: tuple[Any, ...] = (Document,)

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
        return tuple(dict.fromkeys([tag(kind, value) for kind, value in typed_values(record) if kind in KINDS]))
    found = [prefix + value for name, prefix in prefixed.fields if (value := getattr(record, name)) is not None]
    return tuple(dict.fromkeys(found)) if prefixed.repeat else tuple(found)


def attachments_of(record: object) -> tuple[str, ...]:
    """Return the SHA-256 names of all attachments that `record` mentions."""
    if not _may_mention(_class_of(record), ATTACHED):
        return ()
    return tuple(dict.fromkeys(value for kind, value in typed_values(record) if kind in ATTACHED))


def documents_of(record: object) -> tuple[str, ...]:
    """Return the attachments that decisions need to read along with `record`."""
    if not _may_mention(_class_of(record), _READ):
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


def typed_values(record: object) -> list[tuple[Any, str]]:
    """Return (id type, value) for every id in a dataclass, whatever it is nested in, in the order of the fields."""
    found: list[tuple[Any, str]] = []
    _collect(record, found)
    return found


_Collect = Callable[[Any, list[tuple[Any, str]]], None]
"""Adds the ids in a value that is there; which function does, follows from the value's declared type, once."""


def _collect(record: object, found: list[tuple[Any, str]]) -> None:
    for name, collect in _collectors(_class_of(record)):
        value = getattr(record, name)
        if value is not None:
            collect(value, found)


@cache
def _collectors(record: type) -> tuple[tuple[str, _Collect], ...]:
    """Return how each field is gone through; none of what only a program could have put in a record's place."""
    return tuple((name, _collector(hint)) for name, hint in _hints(record)) if dataclasses.is_dataclass(record) else ()


def _collector(hint: Any) -> _Collect:  # noqa: ANN401
    if isinstance(hint, NewType):
        return lambda value, found: found.append((hint, str(value)))
    if typing.get_origin(hint) is not tuple:
        return _collect
    collect = _collector(_without_none(typing.get_args(hint)[0]))

    def collect_each(values: Any, found: list[tuple[Any, str]]) -> None:  # noqa: ANN401
        for value in values if isinstance(values, tuple) else ():
            if value is not None:
                collect(value, found)

    return collect_each


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


class _Prefixed(NamedTuple):
    """The fields of a record in which ids stand, each with what stands before its value in a tag."""

    fields: tuple[tuple[str, str], ...]
    repeat: bool
    """Whether two fields might give the same tag."""


@cache
def _prefixed(record: type) -> _Prefixed | None:
    """Return where the ids of a record stand; None unless all of them have fields of their own."""
    hints = _hints(record)
    if not all(isinstance(hint, NewType) for _, hint in hints):
        return None
    fields = tuple((name, tag(hint, "")) for name, hint in hints if hint in KINDS)
    return _Prefixed(fields, len({prefix for _, prefix in fields}) < len(fields))


def _may_hold_ids(hint: Any) -> bool:  # noqa: ANN401
    if isinstance(hint, NewType):
        return True
    if dataclasses.is_dataclass(hint):
        return bool(_hints(typing.cast("type", hint)))
    return any(_may_hold_ids(part) for part in typing.get_args(hint) if part is not Ellipsis)
