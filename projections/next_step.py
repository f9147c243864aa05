"""Which step of the rulebook's procedure a round has come to: the first one that is not done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from domain.rulebook.conduct import Named
from domain.rulebook.model import Step
from domain.text import Text
from projections.round_frame import Frame
from projections.sentences.telling import counted


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step to be taken next: its name in the rulebook, who takes it, its clause, what to do, its stage (B-21)."""

    name: str
    actor: str
    clause: str
    text: Text
    stage: Text | None = None


def next_step(frame: Frame) -> NextStep | None:
    """Return the step to be taken next; None where every step that is known here has been taken."""
    steps = ((step, left(frame)) for step, left in _known_steps(frame))
    found = next(((step, text) for step, text in steps if text is not None), None)
    return None if found is None else _as_next(*found, frame.this.rulebook.conduct.stage(found[0].stage))


def all_steps(frame: Frame) -> tuple[tuple[Step, Text | None], ...]:
    """Return every step that is known here in the order of the rulebook, with what is left of it; None: nothing."""
    return tuple((step, left(frame)) for step, left in _known_steps(frame))


def _known_steps(frame: Frame) -> Iterator[tuple[Step, Callable[[Frame], Text | None]]]:
    for step in frame.this.rulebook.procedure:
        if step.name in _LEFT_TO_DO and not (frame.this.is_part and step.name in _OF_THE_YEAR):
            yield step, _LEFT_TO_DO[step.name]


def _as_next(step: Step, text: Text, stage: Named | None) -> NextStep:
    return NextStep(step.name, step.actor, step.clause, text, None if stage is None else stage.title)


def _scores(frame: Frame) -> Text | None:
    missing = len(frame.incomplete)
    if not missing:
        return None
    return Text(f"还有{missing}人缺少评分；请补登。", f"Scores of {_people(missing)} are missing; record them.")


def _tally(frame: Frame) -> Text | None:
    if not frame.tally_is_current:
        return Text("请汇总计分。", "Tally the round.")
    return (
        Text("名额线上有同分待决；请集体决定。", "There are ties at a cap; decide them.")
        if frame.undecided_ties
        else None
    )


def _proposal(frame: Frame) -> Text | None:
    if frame.lists.proposed is None:
        return Text("请提出拟评名单。", "Propose the list.")
    if frame.lists.outcome == "rejected":
        return Text("党员大会未通过名单；请重新提出。", "The meeting rejected the list; propose a new one.")
    return None


def _meeting(frame: Frame) -> Text | None:
    if frame.lists.outcome == "adopted":
        return None
    return Text("请召开党员大会表决名单。", "Put the list to the vote of a members' meeting.")


def _notice(frame: Frame) -> Text | None:
    unposted = len(frame.unposted)
    if not unposted:
        return None
    return Text(
        f"有{unposted}人的现有结果尚未公示；请公示。",
        f"The present results of {_people(unposted)} do not hang; post a notice.",
    )


def _objections(frame: Frame) -> Text | None:
    if frame.unsettled:
        return Text("有异议或更正尚未办结；请办理。", "Objections or corrections are open; settle them.")
    if frame.turned:
        return Text("有一票否决尚未裁定是否计入；请裁定。", "A veto waits for a ruling; rule on whether it counts.")
    waiting = {frame.obstacles[person].code for person in frame.unconfirmed if person in frame.obstacles}
    if "notice-interrupted" in waiting:
        return Text("公示中断；请恢复张贴。", "A notice does not hang; resume it.")
    if "window-open" in waiting:
        return Text(
            "公示期未满；请受理异议，届满后确认。", "The window is open: receive objections, and confirm later."
        )
    return None


def _confirmation(frame: Frame) -> Text | None:
    waiting = len(frame.unconfirmed)
    if not waiting:
        return None
    return Text(f"有{waiting}人待确认星级。", f"The stars of {_people(waiting)} are to be confirmed.")


def _feedback(frame: Frame) -> Text | None:
    waiting = len(frame.without_feedback)
    if not waiting:
        return None
    return Text(f"有{waiting}人的结果尚未反馈本人。", f"The results are still to be told to {_people(waiting)}.")


def _people(number: int) -> str:
    return counted(number, "person", "people")


_OF_THE_YEAR = frozenset({"notice", "objections", "confirmation", "feedback"})
"""Steps that a month does not have: its stars are only proposed (AMB-B4)."""
_LEFT_TO_DO: Mapping[str, Callable[[Frame], Text | None]] = {
    "scores": _scores,
    "tally": _tally,
    "proposal": _proposal,
    "meeting": _meeting,
    "notice": _notice,
    "objections": _objections,
    "confirmation": _confirmation,
    "feedback": _feedback,
}
"""What is left to do, by the names that rulebooks give to steps; a round that is open has its roster."""
