"""Sentences about publicity: notices and their lines, objections and what became of them.

Who objected in confidence is never said, whatever words the reader may see.
"""

from typing import assert_never

from domain.dates import deadline
from domain.notice_prints import NoticePrinted
from domain.notices import (
    LinePosted,
    NoticeCorrected,
    NoticeEvent,
    NoticeInterrupted,
    NoticePosted,
    NoticeResumed,
    NoticeTakenDown,
)
from domain.objections import (
    ObjectionAccepted,
    ObjectionEvent,
    ObjectionExtended,
    ObjectionFiled,
    ObjectionFiledLate,
    ObjectionRejected,
    ObjectionReplied,
    ObjectionRuled,
    ObjectionWithdrawn,
)
from domain.text import Text
from projections.sentences.telling import Telling, optional, total_words, verdict_words

PublicityEvent = NoticeEvent | NoticePrinted | ObjectionEvent

_CONFIDENTIAL = Text("不公开姓名者", "Somebody in confidence")
_LATE = ("（已逾期）", ", after its term")


def tell_publicity(event: PublicityEvent, telling: Telling) -> Text:
    """Return the sentence of a fact about a notice or an objection."""
    match event:
        case NoticePosted() | LinePosted():
            return _tell_posting(event, telling)
        case NoticeInterrupted() | NoticeResumed() | NoticeCorrected() | NoticeTakenDown():
            return _tell_keeping(event, telling)
        case NoticePrinted():
            return _tell_printed(event)
        case ObjectionFiled() | ObjectionFiledLate() | ObjectionAccepted() | ObjectionRejected():
            return _tell_filing(event, telling)
        case ObjectionWithdrawn() | ObjectionExtended() | ObjectionRuled() | ObjectionReplied():
            return _tell_settling(event, telling)
        case _:
            assert_never(event)


def _tell_posting(event: NoticePosted | LinePosted, telling: Telling) -> Text:
    match event:
        case NoticePosted(notice=notice, number=number, days=days):
            until = _until(event)
            return Text(
                f"第{number}次公示（{notice}）张贴于{'、'.join(event.places)}，公示{days}天，{until.zh}；"
                f"意见受理：{event.contact}。",
                f"Notice {number} ({notice}) hangs at {', '.join(event.places)} for {days} days, {until.en}; "
                f"objections to {event.contact}.",
            )
        case LinePosted(notice=notice, person=person):
            who, total, star = telling.person(person), total_words(event.total), verdict_words(event)
            again = optional(event.restarts, "，替代此前公示的内容并重新起算", ", in place of an earlier line, anew")
            return Text(
                f"公示{notice}：{who}，{total.zh}，拟评{star.zh}{again.zh}。",
                f"Notice {notice} says: {who}, {total.en}, {star.en} proposed{again.en}.",
            )
        case _:
            assert_never(event)


def _tell_keeping(
    event: NoticeInterrupted | NoticeResumed | NoticeCorrected | NoticeTakenDown, telling: Telling
) -> Text:
    match event:
        case NoticeInterrupted(notice=notice, why=why):
            return Text(f"公示{notice}中断：{why}。", f"Notice {notice} no longer hangs: {why}.")
        case NoticeResumed(notice=notice):
            until = _until(event)
            return Text(f"公示{notice}恢复张贴，{until.zh}。", f"Notice {notice} hangs again, {until.en}.")
        case NoticeCorrected(notice=notice, why=why):
            said = _anew(event) if event.material else Text("公示期不变", "its window stays as it is")
            return Text(f"公示{notice}更正：{why}；{said.zh}。", f"Notice {notice} is corrected: {why}; {said.en}.")
        case NoticeTakenDown(notice=notice):
            seen = "" if event.witness is None else telling.person(event.witness)
            by = optional(seen, f"，见证人{seen}", f", seen by {seen}")
            note = optional(event.note, f"：{event.note}", f": {event.note}")
            return Text(
                f"公示{notice}期满撤下{by.zh}{note.zh}。",
                f"Notice {notice} was taken down after its window{by.en}{note.en}.",
            )
        case _:
            assert_never(event)


def _tell_printed(event: NoticePrinted) -> Text:
    with_what = f"{event.template}, {event.typesetter}"
    return Text(
        f"公示{event.notice}第{event.edition}版已打印（模板 {with_what}），SHA-256 {event.sha256}。",
        f"Edition {event.edition} of notice {event.notice} was printed (template {with_what}), SHA-256 {event.sha256}.",
    )


def _anew(event: NoticeCorrected) -> Text:
    until = _until(event)
    return Text(
        f"张贴于{'、'.join(event.places)}，意见受理：{event.contact}；公示期重新起算，{until.zh}",
        f"it hangs at {', '.join(event.places)}, objections to {event.contact}, and its window begins anew, {until.en}",
    )


def _until(event: NoticePosted | NoticeResumed | NoticeCorrected) -> Text:
    end = deadline(event.ends_at)
    unsure = optional(event.provisional, "（缺放假安排，暂定）", " (provisional: a calendar is missing)")
    return Text(f"到{end}为止{unsure.zh}", f"until {end}{unsure.en}")


def _tell_filing(
    event: ObjectionFiled | ObjectionFiledLate | ObjectionAccepted | ObjectionRejected, telling: Telling
) -> Text:
    key, about = event.objection, telling.person(event.about)
    match event:
        case ObjectionFiled(statement=statement):
            by, said = _objector(event, telling), telling.sealed(statement)
            accept, rule = deadline(event.accept_by), deadline(event.rule_by)
            return Text(
                f"{by.zh}对{about}的公示结果提出异议{key}：{said.zh}；{accept}前决定是否受理，{rule}前作出结论。",
                f"{by.en} objects to the result of {about} (objection {key}): {said.en}; it is to be accepted by "
                f"{accept} and ruled on by {rule}.",
            )
        case ObjectionFiledLate(statement=statement):
            by, said = _objector(event, telling), telling.sealed(statement)
            return Text(
                f"{by.zh}在公示期外对{about}提出异议{key}：{said.zh}；不予受理，可作为申请更正的依据。",
                f"{by.en} objects to the result of {about} outside its window (objection {key}): {said.en}; "
                "it is refused, and a ground for a correction.",
            )
        case ObjectionAccepted():
            who, late = telling.people(event.investigators), optional(event.late, *_LATE)
            return Text(
                f"受理关于{about}的异议{key}{late.zh}，由{who.zh}调查。",
                f"Objection {key} about {about} is accepted{late.en}; {who.en} inquire into it.",
            )
        case ObjectionRejected(reason=reason):
            said, late = telling.sealed(reason), optional(event.late, *_LATE)
            return Text(
                f"不受理关于{about}的异议{key}{late.zh}，理由{said.zh}。",
                f"Objection {key} about {about} is not accepted{late.en}; reason {said.en}.",
            )
        case _:
            assert_never(event)


def _objector(event: ObjectionFiled | ObjectionFiledLate, telling: Telling) -> Text:
    if event.objector is None:
        return _CONFIDENTIAL
    return Text(telling.person(event.objector), telling.person(event.objector))


def _tell_settling(
    event: ObjectionWithdrawn | ObjectionExtended | ObjectionRuled | ObjectionReplied, telling: Telling
) -> Text:
    key, about = event.objection, telling.person(event.about)
    match event:
        case ObjectionWithdrawn():
            return Text(
                f"异议人撤回关于{about}的异议{key}。", f"The objector takes back objection {key} about {about}."
            )
        case ObjectionExtended(days=days, reason=reason):
            said, until = telling.sealed(reason), deadline(event.rule_by)
            return Text(
                f"异议{key}的答复期限延长{days}个工作日，至{until}，理由{said.zh}。",
                f"The ruling on objection {key} is due {days} working days later, by {until}; reason {said.en}.",
            )
        case ObjectionRuled(findings=findings):
            said, late, touched = telling.sealed(findings), optional(event.late, *_LATE), telling.people(event.touched)
            upheld = event.verdict == "upheld"
            verdict = Text("成立", "upheld") if upheld else Text("不成立", "dismissed")
            whom = optional(event.touched, f"；结果变动：{touched.zh}", f"; results changed: {touched.en}")
            return Text(
                f"关于{about}的异议{key}裁定{verdict.zh}{late.zh}，查证情况{said.zh}{whom.zh}。",
                f"Objection {key} about {about} is {verdict.en}{late.en}; findings {said.en}{whom.en}.",
            )
        case ObjectionReplied(reply=reply):
            said = telling.sealed(reply)
            return Text(f"就异议{key}答复异议人{said.zh}。", f"The objector of {key} was answered {said.en}.")
        case _:
            assert_never(event)
