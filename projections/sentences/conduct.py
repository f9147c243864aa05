"""Sentences about what members set out to do and did: posts, goals, activities, tasks."""

from typing import assert_never

from domain.activities import ActivityEvent, ActivityRecorded, ActivityReversed, ActivityVerified
from domain.activity_kinds import ACTIVITY_KINDS
from domain.posts import GoalSet, PostAssigned, PostEvent
from domain.tasks import TaskAssigned, TaskCompleted, TaskEvent
from domain.text import Text
from projections.sentences.telling import Telling, counted, optional, star_words

ConductEvent = PostEvent | ActivityEvent | TaskEvent

_TASK_OUTCOMES = {
    "done": Text("已完成", "done"),
    "partly": Text("部分完成", "partly done"),
    "not_done": Text("未完成", "not done"),
}


def tell_conduct(event: ConductEvent, telling: Telling) -> Text:  # noqa: PLR0911 - one for each kind
    """Return the sentence of a fact about a member's work."""
    who = telling.person(event.person)
    match event:
        case PostAssigned(post=post, on=on):
            return Text(f"{who}自{on}起的岗位是{post}。", f"{who} holds the post '{post}' from {on}.")
        case GoalSet(period=period, goals=goals):
            said = telling.sealed(goals)
            target = star_words(event.target_star)
            aim = optional(event.target_star is not None, f"，目标{target.zh}", f", aiming at {target.en}")
            return Text(
                f"{who}提出{period}周期的目标{said.zh}{aim.zh}。", f"{who} sets goals for {period}: {said.en}{aim.en}."
            )
        case ActivityRecorded():
            return _tell_activity(event, who, telling)
        case ActivityVerified(activity=activity):
            return Text(f"核实了{who}自报的记实{activity}。", f"Activity {activity}, reported by {who}, is verified.")
        case ActivityReversed(activity=activity, reason=reason):
            why = telling.after("原因", "reason", reason)
            return Text(
                f"撤回{who}的记实{activity}，原记录保留{why.zh}。",
                f"Activity {activity} of {who} is taken back; its record stays{why.en}.",
            )
        case TaskAssigned(task=task, due=due, what=what):
            said = telling.sealed(what)
            source = optional(event.resolution, f"（依据{event.resolution}）", f" (under {event.resolution})")
            return Text(
                f"向{who}布置任务{task}{source.zh}：{said.zh}，期限{due}。",
                f"{who} is given task {task}{source.en}: {said.en}, due on {due}.",
            )
        case TaskCompleted(task=task, on=on, statement=statement):
            outcome, said = _TASK_OUTCOMES[event.outcome], telling.sealed(statement)
            return Text(
                f"{who}的任务{task}于{on}认定为{outcome.zh}：{said.zh}。",
                f"Task {task} of {who} was found {outcome.en} on {on}: {said.en}.",
            )
        case _:
            assert_never(event)


def _tell_activity(event: ActivityRecorded, who: str, telling: Telling) -> Text:
    known, said = ACTIVITY_KINDS.get(event.kind), telling.sealed(event.statement)
    kind = Text(event.kind, event.kind) if known is None else known.title
    own = optional(event.reported, "（本人自报，待核实）", ", reported by himself and to be verified")
    papers = len(event.evidence)
    proof = optional(papers, f"，证明材料{papers}件", f", with {counted(papers, 'paper', 'papers')} as evidence")
    return Text(
        f"记实：{who}于{event.occurred_on}「{kind.zh}」{said.zh}{proof.zh}{own.zh}。",
        f"Activity of {who} on {event.occurred_on}, '{kind.en}': {said.en}{proof.en}{own.en}.",
    )
