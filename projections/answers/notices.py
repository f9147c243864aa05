"""Notices as told: each with its code, and whether a code or a copy is of a notice that hung here (B-42, S9)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, get_type_hints

import msgspec

from domain.decision import NotFound
from domain.rounds import Round
from domain.text import Language, Text
from ledger.ledger import Ledger
from projections.disclosed_rows import RowCurtain
from projections.engine import Reading
from projections.folding import folded
from projections.notice_board import PostedNotice, posted_notices
from projections.notice_codes import CodedNotice, NoticeHeads, coded_notices

FIELDS: Final = ("person", "total", "star", "label")
"""What a copy says of a line."""


class CopyLine(msgspec.Struct, frozen=True):
    """A line as it was posted."""

    person: str
    total: str | None
    star: int | None
    label: str | None


class CheckedNotice(msgspec.Struct, frozen=True):
    """Which list a code stands for: posted when, under which rulebook, until when it hung, what replaced it."""

    code: str
    head: str
    round: str
    notice: str
    number: int
    rulebook: str
    posted_at: datetime
    position: int
    ends_at: datetime | None
    places: Sequence[str]
    hangs: bool
    superseded_by: list[str]
    lines: list[CopyLine]
    differences: list[str]
    heads: NoticeHeads | None = None


_OF_A_NOTICE: Final = get_type_hints(PostedNotice)
PostedWithCode = msgspec.defstruct(
    "PostedWithCode",
    [*((each.name, _OF_A_NOTICE[each.name]) for each in fields(PostedNotice)), ("code", str)],
    frozen=True,
    namespace={"__doc__": f"{PostedNotice.__doc__} With its code."},
)
"""A notice as it hangs, and its code."""


def with_codes(ledger: Ledger, reading: Reading, round_id: str, shown: Sequence[PostedNotice]) -> list[Any]:
    """Return the notices of a round, each with its code."""
    codes = {each.notice: each.code for each in coded_notices(ledger, reading.position, round_id)}
    return [
        PostedWithCode(**{each.name: getattr(notice, each.name) for each in fields(notice)}, code=codes[notice.notice])
        for notice in shown
    ]


def notice_of(ledger: Ledger, reading: Reading, code: str) -> tuple[CodedNotice, PostedNotice]:
    """Return the notice that a code stands for, as it hangs; `NotFound` where there is none."""
    coded = next((each for each in coded_notices(ledger) if each.code == code), None)
    posted = () if coded is None else posted_notices(reading, coded.round)
    notice = next((each for each in posted if coded is not None and each.notice == coded.notice), None)
    if coded is None or notice is None:
        raise NotFound("unknown-code", unknown_code(code))
    return coded, notice


def checked_notice(  # noqa: PLR0913 - what there is to say
    coded: CodedNotice,
    shown: PostedNotice,
    differences: Sequence[Text],
    ledger: Ledger,
    language: Language,
    heads: NoticeHeads | None = None,
) -> CheckedNotice:
    """Return what is said of a notice that a code stands for; its heads where they were made."""
    rules = folded(ledger, Round, coded.round).rulebook
    return CheckedNotice(
        code=coded.code,
        head=coded.head.hex(),
        round=shown.round,
        notice=shown.notice,
        number=shown.number,
        rulebook=f"{rules.id} v{rules.version}",
        posted_at=shown.posted_at,
        position=shown.position,
        ends_at=shown.ends_at,
        places=shown.places,
        hangs=shown.hangs,
        superseded_by=successors(shown),
        lines=[CopyLine(line.person, line.total, line.star, line.label) for line in shown.lines],
        differences=[each.said_in(language) for each in differences],
        heads=heads,
    )


def successors(notice: PostedNotice) -> list[str]:
    """Return the notices by which lines of a notice were replaced."""
    return list(dict.fromkeys(str(line.replaced_by) for line in notice.lines if line.replaced_by))


def differences(claimed: Sequence[Mapping[str, Any]] | None, notice: PostedNotice, curtain: RowCurtain) -> list[Text]:
    """Return how a copy differs from the list as it was posted, line by line.

    Before an audience that is not shown every line there is none: a difference would show it.
    """
    whole = claimed is not None and curtain.over(notice) == notice
    return list(_differences(claimed or (), notice)) if whole else []


def heads_differ(claimed: Mapping[str, Any], heads: NoticeHeads) -> list[Text]:
    """Return how the heads that a copy names differ from those that the facts come to; nothing where it names none."""
    named = [claimed.get(name) for name in ("size", "root", "round_head")]
    return [] if not claimed or named == [heads.size, heads.root, heads.round_head] else [_other_heads(heads)]


def _other_heads(heads: NoticeHeads) -> Text:
    return Text(
        f"随公示给出的头哈希与账本前 {heads.size} 条不符：张贴以后，有事实被改动、删去或插入。",
        f"The heads given with the notice are not those of the first {heads.size} facts: since it was posted, "
        "some were changed, left out or put in.",
    )


def _differences(claimed: Sequence[Mapping[str, Any]], notice: PostedNotice) -> Iterator[Text]:
    posted = {line.person: tuple(getattr(line, name) for name in FIELDS) for line in notice.lines}
    copied = {str(line.get("person")): tuple(line.get(name) for name in FIELDS) for line in claimed}
    for person in dict.fromkeys((*posted, *copied)):
        if person not in copied:
            yield Text(f"{person}：副本缺少此人。", f"{person} is missing from the copy.")
        elif person not in posted:
            yield Text(f"{person}：公示中没有此人。", f"{person} is not on the notice.")
        elif posted[person] != copied[person]:
            yield _differs(person, copied[person], posted[person])


def _differs(person: str, copied: Sequence[object], posted: Sequence[object]) -> Text:
    one, other = (" ".join(str(value) for value in values[1:] if value is not None) for values in (copied, posted))
    return Text(
        f"{person}：副本为「{one}」，公示为「{other}」。", f"{person}: the copy says '{one}', posted is '{other}'."
    )


def unknown_code(code: str) -> Text:
    """Return that no notice has a code."""
    return Text(
        f"没有代码为 {code} 的公示：请核对是否抄错；若无误，这份名单不是这里张贴的。",
        f"No notice has the code {code}: check how it was copied; if it is right, this list was not posted here.",
    )
