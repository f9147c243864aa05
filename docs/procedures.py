# ruff: noqa: INP001 - a script beside the page it writes, no package
"""Write `docs/procedures.md` anew: `.venv/bin/python docs/procedures.py`.

Here are the procedures that the page shows: their stages, and the commands of the tests' story that are asked for.
"""

import sys
from datetime import date
from pathlib import Path

from docs.exploration import Probe, Procedure, Told, page, state_in, told
from docs.month_procedures import box, commitment, entry, meeting
from domain.assistance import Improvements
from domain.confirmation import Confirmations
from domain.confirming import ConfirmStars
from domain.corrections import DecideCorrection, OpenCorrection
from domain.decision import Command, Refused, replace
from domain.ids import ObjectionId
from domain.improvement import CheckImprovement, CloseImprovement, OpenImprovement
from domain.inquiries import AcceptObjection, ExtendObjection, RejectObjection, ReplyToObjection, RuleOnObjection
from domain.lists import HoldVote, Lists
from domain.notice_keeping import CorrectNotice, TakeDownNotice
from domain.notices import InterruptNotice, Notices, PostNotice, ResumeNotice
from domain.objections import FileObjection, Objections, WithdrawObjection
from domain.proposing import ProposeList
from domain.rounds import OpenRound, Round
from domain.score_import import ImportScores
from domain.scores import RecordScore, Scores
from domain.talks import CheckRectification, HoldTalk, Talk
from domain.tally import DecideTie, Results, Tally
from domain.text import Text
from domain.vetoes import Vetoes
from tests.control_duties import TALK
from tests.controls import (
    CORRECTION,
    LI,
    NOTICE,
    PLAN,
    ROUND,
    SECOND_NOTICE,
    STORY,
    WU,
    noon,
)
from tests.domain.conftest import World

PAGE = Path(__file__).resolve().with_name("procedures.md")
OBJECTION = ObjectionId("objection-explored")


def procedures() -> tuple[Procedure, ...]:
    """Return every procedure of the page."""
    story = told()
    made = (_round, _list, _notice, _objection, _correction, commitment, entry, meeting, box, _improvement, _talk)
    return tuple(make(story) for make in made)


# the round and its list


def _round(story: Told) -> Procedure:
    first, last = story.index(OpenRound, round=ROUND), story.index(ConfirmStars, round=ROUND) + 1
    kinds = (OpenRound, ImportScores, Tally, DecideTie, ProposeList, HoldVote, PostNotice, ConfirmStars)
    return Procedure(
        Text("评定周期", "Round"),
        ("not opened", "open", "scored", "tallied, incomplete", "tallied, tie open", "tallied", "partly confirmed"),
        _round_stage,
        (*(story.probe(kind) for kind in kinds), story.probe(RecordScore)),
        tuple(story.worlds[n] for n in range(first, last) if isinstance(STORY[n].asked, (*kinds, RecordScore))),
    )


def _round_stage(world: World) -> str:
    this, results = state_in(world, Round, ROUND), state_in(world, Results, ROUND)
    if this.opened is None:
        return "not opened"
    if state_in(world, Confirmations, ROUND).stars:
        return "partly confirmed"
    scores = state_in(world, Scores, ROUND)
    try:
        tallied = results.require_current(this, scores, state_in(world, Vetoes, ""))
    except Refused:
        return "scored" if scores.held else "open"
    if tallied.incomplete:
        return "tallied, incomplete"
    return "tallied, tie open" if tallied.undecided else "tallied"


def _list(story: Told) -> Procedure:
    vote = story.step(HoldVote)

    def voting(note: str, **changes: object) -> Probe:
        def ask(world: World) -> Command:
            proposed = state_in(world, Lists, ROUND).proposed
            return replace(vote.asked, **changes, list=1 if proposed is None else proposed.list)

        return Probe(f"hold-vote ({note})", ask, vote.actor, vote.at)

    return Procedure(
        Text("名单", "List and vote"),
        ("none", "proposed", "adopted", "rejected", "inquorate"),
        lambda world: _list_stage(state_in(world, Lists, ROUND)),
        (
            story.probe(ProposeList),
            voting("a majority"),
            voting("no majority", yes=1, no=7, reasons="实绩依据不足"),
            voting("too few", present=(LI,), yes=1, no=0),
            story.probe(Tally),
            story.probe(PostNotice),
        ),
        (story.before(ProposeList),),
    )


def _list_stage(lists: Lists) -> str:
    return lists.outcome or ("none" if lists.proposed is None else "proposed")


# what follows from it


def _notice(story: Told) -> Procedure:
    def stage(world: World) -> str:
        posting = state_in(world, Notices, ROUND).postings.get(NOTICE)
        if posting is None:
            return "not posted"
        if posting.taken_down is not None:
            return "taken down"
        return "hangs" if posting.hangs else "interrupted"

    kinds = (PostNotice, InterruptNotice, ResumeNotice, CorrectNotice, TakeDownNotice)
    return Procedure(
        Text("公示", "Notice"),
        ("not posted", "hangs", "interrupted", "taken down"),
        stage,
        (*(story.probe(kind) for kind in kinds), story.probe(PostNotice, "another", notice=SECOND_NOTICE)),
        (story.before(PostNotice),),
    )


def _objection(story: Told) -> Procedure:
    def stage(world: World) -> str:
        objections = state_in(world, Objections, ROUND)
        case = objections.cases.get(OBJECTION)
        if case is None:
            return "late" if OBJECTION in objections.late else "not filed"
        if case.stage == "accepted" and case.extended:
            return "extended"
        return f"{case.stage}, answered" if case.replied else case.stage

    filed = story.probe(FileObjection, objection=OBJECTION, about=WU)
    kinds = (AcceptObjection, ExtendObjection, RejectObjection, RuleOnObjection, ReplyToObjection, WithdrawObjection)
    return Procedure(
        Text("异议", "Objection"),
        (
            "not filed",
            "filed",
            "accepted",
            "extended",
            "rejected",
            "ruled",
            "withdrawn",
            "rejected, answered",
            "ruled, answered",
            "late",
        ),
        stage,
        (
            filed,
            Probe("file-objection (after the window)", filed.asked, filed.actor, noon(date(2026, 7, 11))),
            *(story.probe(kind, objection=OBJECTION) for kind in kinds),
        ),
        (story.before(FileObjection), story.before(OpenImprovement)),
    )


def _correction(story: Told) -> Procedure:
    def stage(world: World) -> str:
        known = state_in(world, Confirmations, ROUND)
        if CORRECTION not in known.corrections:
            return "not opened"
        return "open" if CORRECTION in known.undecided else "decided"

    return Procedure(
        Text("更正", "Correction"),
        ("not opened", "open", "decided"),
        stage,
        (
            story.probe(OpenCorrection),
            story.probe(DecideCorrection, "upheld"),
            story.probe(DecideCorrection, "dismissed", verdict="rejected", amendments=()),
        ),
        (story.before(OpenCorrection),),
    )


def _improvement(story: Told) -> Procedure:
    def stage(world: World) -> str:
        plans = state_in(world, Improvements)
        if PLAN not in plans.opened:
            return "not opened"
        if PLAN in plans.closed:
            return "closed"
        return "checked" if PLAN in plans.checked else "open"

    kinds = (OpenImprovement, CheckImprovement, CloseImprovement)
    return Procedure(
        Text("帮扶整改", "Improvement"),
        ("not opened", "open", "checked", "closed"),
        stage,
        tuple(story.probe(kind) for kind in kinds),
        (story.before(OpenImprovement),),
    )


def _talk(story: Told) -> Procedure:
    def stage(world: World) -> str:
        talk = state_in(world, Talk, TALK)
        if talk.held is None:
            return "not held"
        if talk.checked is not None:
            return talk.checked.outcome
        return "held" if talk.due is None else "rectification ordered"

    return Procedure(
        Text("谈话", "Talk"),
        ("not held", "rectification ordered", "rectified", "not_rectified"),
        stage,
        (
            story.probe(HoldTalk),
            story.probe(CheckRectification, "rectified"),
            story.probe(CheckRectification, "not rectified", outcome="not_rectified"),
        ),
        (story.before(HoldTalk),),
    )


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(procedures()), encoding="utf-8")
    sys.stdout.write("docs/procedures.md\n")


if __name__ == "__main__":
    main()
