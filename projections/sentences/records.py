"""Sentences about what members commit themselves to, the entries of their record, and talks with them (seed B)."""

from typing import assert_never

from domain.commitments import (
    AREAS,
    VIRTUES,
    CommitmentAppraised,
    CommitmentApproved,
    CommitmentEvent,
    CommitmentMade,
    CommitmentReturned,
    CommitmentRevoked,
    FulfilmentReported,
)
from domain.records import (
    EntryCorrected,
    EntryProposed,
    EntryRejected,
    EntryReversed,
    EntryValue,
    EntryVerified,
    RecordEvent,
)
from domain.talks import RectificationChecked, RectificationOrdered, TalkEvent, TalkHeld
from domain.text import Text
from projections.sentences.telling import Telling, counted, optional, points

DutyEvent = CommitmentEvent | RecordEvent | TalkEvent

_SIDES = {
    "self": Text("本人自评", "The member himself"),
    "branch": Text("支部评诺", "The branch"),
    "masses": Text("群众评诺", "The masses"),
}
_KEPT = {
    "kept": Text("已兑现", "kept"),
    "partly": Text("部分兑现", "partly kept"),
    "not_kept": Text("未兑现", "not kept"),
}
_TALKS = {
    "reminder": Text("提醒谈话", "a reminder"),
    "admonition": Text("诫勉谈话", "an admonition"),
}
_RECTIFIED = {
    "rectified": Text("已整改到位", "rectified"),
    "partly": Text("部分整改", "partly rectified"),
    "not_rectified": Text("未整改", "not rectified"),
}


def tell_duty(event: DutyEvent, telling: Telling) -> Text:
    """Return the sentence of a fact about a commitment, an entry of the record or a talk."""
    if isinstance(event, CommitmentEvent):
        return _tell_commitment(event, telling)
    if isinstance(event, RecordEvent):
        return _tell_entry(event, telling)
    return _tell_talk(event, telling)


def _tell_commitment(event: CommitmentEvent, telling: Telling) -> Text:
    who, key = telling.person(event.person), event.commitment
    match event:
        case CommitmentMade():
            return _tell_made(event, telling)
        case CommitmentApproved():
            return Text(f"支部审定{who}的公开承诺{key}。", f"The branch approved the commitment {key} of {who}.")
        case CommitmentReturned(reason=reason):
            why = telling.after("原因", "reason", reason)
            return Text(
                f"支部退回{who}的公开承诺{key}{why.zh}。", f"The branch returned the commitment {key} of {who}{why.en}."
            )
        case FulfilmentReported(on=on, report=report):
            said, proof = telling.sealed(report), _papers(len(event.evidence))
            return Text(
                f"践诺：{who}于{on}报告承诺{key}的兑现情况{said.zh}{proof.zh}。",
                f"On {on}, {who} had done this about the commitment {key}: {said.en}{proof.en}.",
            )
        case CommitmentAppraised(on=on, remark=remark):
            side, outcome, said = _SIDES[event.side], _KEPT[event.outcome], telling.sealed(remark)
            return Text(
                f"{side.zh}：{who}的承诺{key}于{on}评为{outcome.zh}{said.zh}。",
                f"{side.en} found the commitment {key} of {who} {outcome.en} on {on}: {said.en}.",
            )
        case CommitmentRevoked(reason=reason, successor=successor):
            why = telling.after("原因", "reason", reason)
            instead = optional(successor, f"，由{successor}取代", f" in favour of {successor}")
            return Text(
                f"撤销{who}的公开承诺{key}{instead.zh}，原记录保留{why.zh}。",
                f"The commitment {key} of {who} is revoked{instead.en}; its record stays{why.en}.",
            )
        case _:
            assert_never(event)


def _tell_made(event: CommitmentMade, telling: Telling) -> Text:
    """Return the sentence; private circumstances are never quoted, whoever reads (AMB-B17)."""
    who, said, plan = telling.person(event.person), telling.sealed(event.statement), telling.sealed(event.plan)
    virtue, area = VIRTUES[event.virtue], AREAS[event.area]
    private = optional(event.private_circumstances, "（另有个人原因说明）", ", for personal reasons stated apart")
    return Text(
        f"公开承诺{event.commitment}：{who}于{event.on}就{event.period}周期承诺（{virtue.zh}·{area.zh}）{said.zh}，"
        f"打算{plan.zh}，{event.due}前完成{private.zh}。",
        f"Commitment {event.commitment}: on {event.on} {who} committed himself for {event.period} "
        f"({virtue.en}, {area.en}) to {said.en} with the plan {plan.en}, due on {event.due}{private.en}.",
    )


def _tell_entry(event: RecordEvent, telling: Telling) -> Text:
    who, key = telling.person(event.person), event.entry
    match event:
        case EntryProposed():
            return _tell_proposed(event, telling)
        case EntryVerified():
            return Text(f"审核通过{who}的记实条目{key}。", f"The entry {key} of {who} is verified.")
        case EntryRejected(reason=reason):
            why = telling.after("原因", "reason", reason)
            return Text(f"{who}的记实条目{key}审核未通过{why.zh}。", f"The entry {key} of {who} is rejected{why.en}.")
        case EntryCorrected():
            return _tell_corrected(event, telling)
        case EntryReversed(reason=reason):
            why = telling.after("原因", "reason", reason)
            return Text(
                f"冲销{who}的记实条目{key}，原记录保留{why.zh}。",
                f"The entry {key} of {who} is reversed; its record stays{why.en}.",
            )
        case _:
            assert_never(event)


def _tell_proposed(event: EntryProposed, telling: Telling) -> Text:
    who, said, proof = telling.person(event.person), telling.sealed(event.statement), _papers(len(event.evidence))
    own = Text("本人提出", "proposed by himself") if event.reported else Text("记录员提出", "proposed by a recorder")
    given, more = points(event.points), _besides(event)
    return Text(
        f"记实条目{event.entry}：{who}于{event.occurred_on}，项目{event.item}（{event.rulebook}第{event.version}版"
        f"{event.clause}）{given}分{more.zh}{said.zh}{proof.zh}，{own.zh}，待审核。",
        f"Entry {event.entry}: {who} on {event.occurred_on}, item {event.item} ({event.clause} of {event.rulebook}, "
        f"version {event.version}), {given} points{more.en}: {said.en}{proof.en}, {own.en} and to be verified.",
    )


def _tell_corrected(event: EntryCorrected, telling: Telling) -> Text:
    who, why, was = telling.person(event.person), telling.after("原因", "reason", event.reason), event.was
    before, now = points(was.points), points(event.points)
    first, then = _besides(was), _besides(event)
    return Text(
        f"更正{who}的记实条目{event.entry}：由{was.occurred_on}项目{was.item}{before}分{first.zh}（第{event.corrects}条）"
        f"改为{event.occurred_on}项目{event.item}{now}分{then.zh}，待审核{why.zh}。",
        f"The entry {event.entry} of {who} is corrected from item {was.item} with {before} points{first.en} on "
        f"{was.occurred_on} (fact {event.corrects}) to item {event.item} with {now}{then.en} on {event.occurred_on}, "
        f"to be verified{why.en}.",
    )


def _counts_zh(said: EntryProposed | EntryCorrected | EntryValue) -> str:
    return "" if said.counts is None else f"计{points(said.counts)}分"


def _counts_en(said: EntryProposed | EntryCorrected | EntryValue) -> str:
    return "" if said.counts is None else f" counting {points(said.counts)}"


def _besides(said: EntryProposed | EntryCorrected | EntryValue) -> Text:
    """Say what an item asked for beside the points: how much, at which level, about what; empty for nothing."""
    parts = (
        (f"数量{said.amount}", f"amount {said.amount}") if said.amount is not None else None,
        (f"级别{said.level}{_counts_zh(said)}", f"level {said.level}{_counts_en(said)}") if said.level else None,
        (f"事项{said.matter}", f"matter {said.matter}") if said.matter else None,
    )
    known = [part for part in parts if part is not None]
    if not known:
        return Text("", "")
    return Text(f"（{'，'.join(zh for zh, _ in known)}）", f" ({', '.join(en for _, en in known)})")


def _tell_talk(event: TalkEvent, telling: Telling) -> Text:
    who = telling.person(event.person)
    match event:
        case TalkHeld():
            return _tell_held(event, telling)
        case RectificationOrdered(talk=talk, due=due):
            return Text(
                f"责令{who}于{due}前整改（谈话{talk}）。", f"{who} is ordered to rectify by {due} (talk {talk})."
            )
        case RectificationChecked(talk=talk, on=on, remark=remark):
            outcome, said = _RECTIFIED[event.outcome], telling.sealed(remark)
            return Text(
                f"{on}检查{who}的整改（谈话{talk}）：{outcome.zh}{said.zh}。",
                f"On {on} {who} was found to have {outcome.en} (talk {talk}): {said.en}.",
            )
        case _:
            assert_never(event)


def _tell_held(event: TalkHeld, telling: Telling) -> Text:
    who, by, kind = telling.person(event.person), telling.person(event.by), _TALKS[event.kind]
    ground, said = telling.sealed(event.ground), telling.sealed(event.content)
    answer = telling.after("表态", "he answered", event.response)
    signed = (
        Text("本人签字", "signed by him")
        if event.signed
        else optional(
            event.witness, f"{telling.person(event.witness)}见证", f"witnessed by {telling.person(event.witness)}"
        )
    )
    copy = optional(event.copied_to, f"，抄送{event.copied_to}", f", with a copy to {event.copied_to}")
    sign = optional(signed.zh, f"，{signed.zh}", f", {signed.en}")
    return Text(
        f"{by}于{event.on}对{who}进行{kind.zh}（戒勉谈话，{event.clause}），事由{ground.zh}，内容{said.zh}，"
        f"{telling.person(event.recorder)}记录{sign.zh}{copy.zh}{answer.zh}。",
        f"On {event.on} {by} gave {who} {kind.en} under {event.clause}, because {ground.en}: {said.en}; recorded by "
        f"{telling.person(event.recorder)}{sign.en}{copy.en}{answer.en}.",
    )


def _papers(number: int) -> Text:
    return optional(number, f"，证明材料{number}件", f", with {counted(number, 'paper', 'papers')} as evidence")
