"""Sentences about private matter: who may read it, who did, who was refused, what left sealed; no words (A7)."""

from typing import assert_never

from domain.archiving import ArchiveEvent, SealedExported
from domain.private_matter import MATTERS
from domain.private_reading import ReadingEvent, SealedRead, SealedReadingRefused
from domain.readers import ReaderEvent, ReaderNamed, ReaderWithdrawn
from domain.text import Text
from projections.sentences.telling import Telling, optional

PrivacyEvent = ReaderEvent | ReadingEvent | ArchiveEvent

_OWN = ("（本人的）", ", as his own")


def tell_privacy(event: PrivacyEvent, telling: Telling) -> Text:
    """Return the sentence of a fact about named readers or a reading."""
    match event:
        case ReaderNamed() | ReaderWithdrawn():
            return _tell_reader(event, telling)
        case SealedRead() | SealedReadingRefused():
            return _tell_reading(event, telling)
        case SealedExported(purpose=why):
            who, of = telling.person(event.reader), _exported(event, telling)
            return Text(
                f"{who}随档案带出了{of.zh}的封存内容，用途：{why}。",
                f"{who} let the sealed words of {of.en} leave with an archive; purpose: {why}.",
            )
        case _:
            assert_never(event)


def _tell_reader(event: ReaderEvent, telling: Telling) -> Text:
    who, where, what = telling.person(event.person), telling.where(event.branch), MATTERS[event.matter]
    match event:
        case ReaderNamed(since=since):
            by = telling.second(event.seconded_by)
            until = optional(event.until, f"至{event.until}", f" until {event.until}")
            return Text(
                f"指定{who}自{since}起{until.zh}可阅看{where.zh}的{what.zh}（{event.decided_by}决定{by.zh}）。",
                f"{who} may read {what.en} of {where.en} from {since}{until.en}, as {event.decided_by} decided{by.en}.",
            )
        case ReaderWithdrawn(on=on):
            return Text(
                f"{who}自{on}起不再可阅看{where.zh}的{what.zh}（{event.decided_by}决定）。",
                f"{who} may no longer read {what.en} of {where.en} from {on}, as {event.decided_by} decided.",
            )
        case _:
            assert_never(event)


def _tell_reading(event: ReadingEvent, telling: Telling) -> Text:
    who, what, place = telling.person(event.reader), MATTERS[event.matter], _place(event, telling)
    match event:
        case SealedRead(purpose=why):
            own = optional(event.basis == "own", *_OWN)
            return Text(
                f"{who}阅看了{place.zh}封存的{what.zh}{own.zh}，用途：{why}。",
                f"{who} read {what.en} sealed in {place.en}{own.en}; purpose: {why}.",
            )
        case SealedReadingRefused(purpose=why):
            return Text(
                f"{who}要求阅看{place.zh}封存的{what.zh}，被拒绝（{event.code}），所述用途：{why}。",
                f"{who} asked to read {what.en} sealed in {place.en} and was refused ({event.code}); "
                f"purpose given: {why}.",
            )
        case _:
            assert_never(event)


def _place(event: ReadingEvent, telling: Telling) -> Text:
    if event.objection is not None:
        return Text(f"异议{event.objection}", f"objection {event.objection}")
    of = telling.person(event.person)
    return Text(f"第{event.fact}条（{of}）", f"fact {event.fact} ({of})")


def _exported(event: SealedExported, telling: Telling) -> Text:
    if event.person is not None:
        who = telling.person(event.person)
        return Text(who, who)
    if event.round is not None:
        return Text(f"评定周期{event.round}", f"round {event.round}")
    return Text("全部事实", "all facts")
