"""Sentences about months: what was drawn, what was settled for the year, and which boards hang."""

from typing import assert_never

from domain.boards import BoardEvent, BoardLinePosted, BoardPosted
from domain.drawn import AppraisalNotHeld, DrawEvent, MonthDrawn, NoAppraisalTakenBack, RecordsDrawn
from domain.months import MonthEvent, MonthSettled
from domain.rulebook.periods import KIND_WORDS, kind_of
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
            what = _part(period)
            return Text(
                f"{name}{period}{what.zh}结果记入全年：{total.zh}，{star.zh}。",
                f"{name}'s {what.en} {period} stands for the year: {total.en}, {star.en}.",
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


def _part(period: str) -> Text:
    """Return what kind of part of a year a period is."""
    kind = kind_of(period)
    words = KIND_WORDS[kind or "month"]
    return Text("月度", words.en) if kind in ("month", None) else words


def _values(drawn: MonthDrawn) -> Text:
    """Return the values of a drawn period: by name where the scheme has the usual two, else by code."""
    if drawn.components:
        listed = [f"{each.component} {each.points or '—'}" for each in drawn.components]
        return Text("，".join(listed), ", ".join(listed))
    records, appraisal = drawn.records or "—", drawn.appraisal or "—"
    return Text(f"记实{records}，民主评议{appraisal}", f"records {records}, appraisal {appraisal}")


def _tell_drawn(event: DrawEvent, telling: Telling) -> Text:
    match event:
        case RecordsDrawn(person=person, entries=entries):
            name = telling.person(person)
            return Text(
                f"汇集{name}的记实积分{len(entries)}项，作为{event.component}的依据。",
                f"{counted(len(entries), 'entry', 'entries')} of {name} make up {event.component}.",
            )
        case MonthDrawn(person=person, period=period):
            name, what, shown = telling.person(person), _part(period), _values(event)
            return Text(
                f"{name}{period}{what.zh}结果汇入全年：{shown.zh}（见第{event.source}条）。",
                f"{name}'s {what.en} {period} counts in the year: {shown.en} (fact {event.source}).",
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
