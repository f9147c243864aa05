"""Sentences about months: what was drawn, what was settled for the year, and which boards hang."""

from typing import assert_never

from domain.boards import BoardEvent, BoardLinePosted, BoardPosted
from domain.drawn import AppraisalNotHeld, DrawEvent, MonthDrawn, NoAppraisalTakenBack, RecordsDrawn
from domain.months import MonthEvent, MonthSettled
from domain.text import Text
from projections.sentences.telling import Telling, counted, star_words, total_words

MonthlyEvent = DrawEvent | MonthEvent | BoardEvent

_BOARDS = {
    "indoor": Text("室内展示台", "the indoor board"),
    "outside": Text("党务公开栏（优秀党员名单）", "the outside list of the excellent"),
}


def tell_month(event: MonthlyEvent, telling: Telling) -> Text:
    """Return the sentence of a fact about a month."""
    match event:
        case RecordsDrawn() | MonthDrawn() | AppraisalNotHeld() | NoAppraisalTakenBack():
            return _tell_drawn(event, telling)
        case MonthSettled(person=person, period=period):
            name, total, star = telling.person(person), total_words(event.total), star_words(event.star, event.label)
            return Text(
                f"{name}{period}月度结果记入全年：{total.zh}，{star.zh}。",
                f"{name}'s month {period} stands for the year: {total.en}, {star.en}.",
            )
        case BoardPosted(board=board, places=places, shown=shown):
            people = counted(shown, "person", "people")
            return Text(
                f"{_BOARDS[board].zh}张贴于{'、'.join(places)}，公布{shown}人。",
                f"{_BOARDS[board].en} hangs at {', '.join(places)}, showing {people}.".capitalize(),
            )
        case BoardLinePosted(person=person, board="outside" as board):
            name = telling.person(person)
            return Text(f"{_BOARDS[board].zh}：{name}。", f"{name} stands on {_BOARDS[board].en}.")
        case BoardLinePosted(person=person, board=board):
            name, star = telling.person(person), star_words(event.star, event.label)
            return Text(
                f"{_BOARDS[board].zh}：{name}，民主评议{event.appraisal or '—'}，{star.zh}。",
                f"On {_BOARDS[board].en}: {name}, appraisal {event.appraisal or '–'}, {star.en}.",
            )
        case _:
            assert_never(event)


def _tell_drawn(event: DrawEvent, telling: Telling) -> Text:
    match event:
        case RecordsDrawn(person=person, entries=entries):
            name = telling.person(person)
            return Text(
                f"汇集{name}的记实积分{len(entries)}项，作为{event.component}的依据。",
                f"{counted(len(entries), 'entry', 'entries')} of {name} make up {event.component}.",
            )
        case MonthDrawn(person=person, period=period):
            name, records, appraisal = telling.person(person), event.records or "—", event.appraisal or "—"
            return Text(
                f"{name}{period}月度结果汇入全年：记实{records}，民主评议{appraisal}（见第{event.source}条）。",
                f"{name}'s month {period} counts in the year: records {records}, appraisal {appraisal} "
                f"(fact {event.source}).",
            )
        case AppraisalNotHeld():
            return Text(f"本年度未举行年度民主评议：{event.why}。", f"No annual appraisal was held: {event.why}.")
        case NoAppraisalTakenBack():
            return Text(
                f"撤回“本年度未举行年度民主评议”的登记：{event.why}。",
                f"That no annual appraisal was held was taken back: {event.why}.",
            )
        case _:
            assert_never(event)
