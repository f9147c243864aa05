"""Sentences about what an evaluation comes to: confirmation, correction, feedback, honours, assistance, review."""

from typing import assert_never

from domain.assistance import ImprovementChecked, ImprovementClosed, ImprovementEvent, ImprovementOpened
from domain.confirmation import (
    ConfirmationEvent,
    ConfirmationRefused,
    CorrectionDecided,
    CorrectionOpened,
    StarConfirmed,
)
from domain.feedback import FeedbackDelivered, FeedbackEvent
from domain.following_up import ConsequenceNoted, FollowingEvent
from domain.honours import AwardGranted, HonourEvent, MemberRecommended
from domain.reviews import ReviewDecided, ReviewEvent, ReviewRequested
from domain.text import Text
from projections.sentences.telling import Telling, optional, probation_words, star_words, total_words, verdict_words

OutcomeEvent = ConfirmationEvent | FeedbackEvent | HonourEvent | FollowingEvent | ImprovementEvent | ReviewEvent

_PLAN_OUTCOMES = {
    "reached": Text("达到目标", "the goal was reached"),
    "partly": Text("部分达到目标", "the goal was partly reached"),
    "not_reached": Text("未达到目标", "the goal was not reached"),
}


def tell_outcome(event: OutcomeEvent, telling: Telling) -> Text:  # noqa: PLR0911 - one for each kind
    """Return the sentence of a fact about what an evaluation comes to."""
    match event:
        case StarConfirmed() | ConfirmationRefused() | CorrectionOpened() | CorrectionDecided():
            return _tell_confirmation(event, telling)
        case FeedbackDelivered(person=person, on=on):
            who, star, total = telling.person(person), star_words(event.star), total_words(event.total)
            witness = telling.person(event.witness)
            receipt = (
                Text("本人签收", "who signed for it")
                if event.signed
                else Text(f"本人未签收，{witness}见证", f"who did not sign; {witness} is witness")
            )
            return Text(
                f"{on}向{who}反馈结果：{total.zh}，{star.zh}；{receipt.zh}。",
                f"The result, {total.en} and {star.en}, was told on {on} to {who}, {receipt.en}.",
            )
        case MemberRecommended(honour=honour):
            who, star = telling.person(event.person), star_words(event.star)
            return Text(
                f"依{event.clause}，向{event.to_body}推荐{who}（{star.zh}）参评{honour}。",
                f"{who}, with {star.en}, is recommended to {event.to_body} for '{honour}' under {event.clause}.",
            )
        case AwardGranted(honour=honour, on=on):
            who = telling.person(event.person)
            return Text(
                f"{event.awarded_by}于{on}授予{who}{honour}。", f"{event.awarded_by} granted {who} '{honour}' on {on}."
            )
        case ConsequenceNoted(on=on, decided_by=body):
            who, said = telling.person(event.person), telling.sealed(event.statement)
            return Text(
                f"{body}于{on}依{event.clause}就{who}的“{event.code}”作出决定并办理：{said.zh}。",
                f"On {on} {body} decided on '{event.code}' of {who} under {event.clause}; what was done: {said.en}.",
            )
        case ImprovementOpened() | ImprovementChecked() | ImprovementClosed():
            return _tell_plan(event, telling)
        case ReviewRequested(review=review, ground=ground):
            who, said = telling.person(event.person), telling.sealed(ground)
            return Text(
                f"{who}的评定结果申请上级复核（{review}），理由{said.zh}。",
                f"A review of the result of {who} is asked of the superior body ({review}); ground {said.en}.",
            )
        case ReviewDecided(review=review, on=on, opinion=opinion):
            who, said = telling.person(event.person), telling.sealed(opinion)
            verdict = Text("成立", "upheld") if event.upheld else Text("不成立", "dismissed")
            return Text(
                f"{on}党委对{who}的复核{review}决定：{verdict.zh}，意见{said.zh}。",
                f"On {on} the committee found the review {review} of {who} {verdict.en}; opinion {said.en}.",
            )
        case _:
            assert_never(event)


def _tell_confirmation(event: ConfirmationEvent, telling: Telling) -> Text:
    match event:
        case StarConfirmed(person=person, body=body):
            who, total, star = telling.person(person), total_words(event.total), verdict_words(event)
            end = probation_words(event)
            before = event.supersedes
            again = optional(before, f"，取代第{before}条确认", f", in place of the confirmation in fact {before}")
            by = telling.second(event.seconded_by)
            return Text(
                f"{body}确认{who}：{total.zh}，{star.zh}{end.zh}{again.zh}{by.zh}。",
                f"{body} confirms {who} with {total.en}, {star.en}{end.en}{again.en}{by.en}.",
            )
        case ConfirmationRefused(people=people, code=code):
            asked = telling.people(people)
            return Text(
                f"请求确认{asked.zh}的星级，因条件未具备（{code}）未予确认。",
                f"Confirming {asked.en} was asked for and refused, being too early ({code}).",
            )
        case CorrectionOpened(correction=correction, person=person):
            who, cause = telling.person(person), telling.after("事由", "cause", event.cause)
            source = event.objection or event.review
            by = optional(source, f"，依据{source}", f", following {source}")
            return Text(
                f"对{who}已确认的结果启动更正程序{correction}{by.zh}{cause.zh}。",
                f"Correction {correction} of the confirmed result of {who} is opened{by.en}{cause.en}.",
            )
        case CorrectionDecided(correction=correction, person=person, findings=findings):
            who, said, touched = telling.person(person), telling.sealed(findings), telling.people(event.touched)
            verdict = Text("成立", "upheld") if event.verdict == "upheld" else Text("不成立", "dismissed")
            whom = optional(event.touched, f"；结果变动：{touched.zh}", f"; results changed: {touched.en}")
            return Text(
                f"{event.body}对{who}的更正{correction}决定{verdict.zh}，查证情况{said.zh}{whom.zh}。",
                f"{event.body} decided that correction {correction} of {who} is {verdict.en}; "
                f"findings {said.en}{whom.en}.",
            )
        case _:
            assert_never(event)


def _tell_plan(event: ImprovementEvent, telling: Telling) -> Text:
    who, key = telling.person(event.person), event.improvement
    match event:
        case ImprovementOpened(review_on=review_on, goal=goal):
            helper, said = telling.person(event.helper), telling.sealed(goal)
            return Text(
                f"依{event.clause}，由{helper}帮扶{who}（{key}），目标{said.zh}，{review_on}复查。",
                f"Under {event.clause}, {helper} helps {who} ({key}); goal {said.en}, to be reviewed on {review_on}.",
            )
        case ImprovementChecked(on=on, progress=progress):
            said = telling.sealed(progress)
            return Text(
                f"{on}检查{who}的帮扶整改{key}：{said.zh}。", f"Plan {key} of {who} was checked on {on}: {said.en}."
            )
        case ImprovementClosed(on=on, branch_opinion=opinion):
            outcome, said = _PLAN_OUTCOMES[event.outcome], telling.sealed(opinion)
            superior = telling.after("上级意见", "opinion of the superior body", event.superior_opinion)
            return Text(
                f"{who}的帮扶整改{key}于{on}办结：{outcome.zh}，支部意见{said.zh}{superior.zh}。",
                f"Plan {key} of {who} was closed on {on}: {outcome.en}; opinion of the branch {said.en}{superior.en}.",
            )
        case _:
            assert_never(event)
