# ruff: noqa: INP001 - a script beside the page it writes, no package
"""Write `docs/procedures.md` anew: `.venv/bin/python docs/procedures.py`.

Here are the procedures that the page shows: their stages, and the commands of the tests' story that are asked for.
"""

import sys
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from docs.exploration import Probe, Procedure, page
from domain.attendance import RecordAttendance
from domain.ballot_boxes import Box
from domain.ballot_closing import CloseBox, VoidBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import HandOutSheets, PrintSlips, RecordReturns, ReturnSheet
from domain.ballots import BoxClosed
from domain.closing import CloseMeeting
from domain.comments import CommentOn
from domain.commitments import Commitment
from domain.committing import ApproveCommitment, MakeCommitment, ReturnCommitment, RevokeCommitment
from domain.confirmation import Confirmations
from domain.confirming import ConfirmStars
from domain.convening import CallOffMeeting, ConveneMeeting
from domain.corrections import DecideCorrection, OpenCorrection
from domain.decision import Command, Refused, State, replace
from domain.fulfilling import AppraiseCommitment, ReportFulfilment
from domain.ids import ObjectionId
from domain.improvement import CheckImprovement, CloseImprovement, Improvements, OpenImprovement
from domain.inquiries import AcceptObjection, ExtendObjection, RejectObjection, ReplyToObjection, RuleOnObjection
from domain.lists import HoldVote, Lists
from domain.meetings import Meeting
from domain.notices import InterruptNotice, Notices, PostNotice, ResumeNotice
from domain.objections import FileObjection, Objections, WithdrawObjection
from domain.proposing import ProposeList
from domain.record_verifying import RejectEntry, ReverseEntry, VerifyEntry
from domain.recording import CorrectEntry, ProposeEntry
from domain.records import Entries
from domain.reports import GiveReport
from domain.rounds import OpenRound, Round
from domain.score_import import ImportScores
from domain.scores import RecordScore, Scores
from domain.talks import CheckRectification, HoldTalk, Talk
from domain.tally import DecideTie, Results, Tally
from domain.text import Text
from tests.control_duties import COMMITMENT, ENTRY, TALK
from tests.control_meetings import MONTHLY
from tests.controls import (
    BOX,
    BRANCH,
    CORRECTION,
    LI,
    NOTICE,
    PLAN,
    ROUND,
    SECOND_NOTICE,
    STORY,
    WU,
    Step,
    noon,
)
from tests.domain.conftest import World

AnyState = TypeVar("AnyState", bound=State)

PAGE = Path(__file__).resolve().with_name("procedures.md")
OBJECTION = ObjectionId("objection-explored")


@dataclass(frozen=True, slots=True)
class Told:
    """The story with the world before each of its steps, and the one after the last."""

    worlds: tuple[World, ...]

    def step(self, kind: type[Command], **equal: object) -> Step:
        """Return the first step that asks for a command of a class with these values."""
        return STORY[self.index(kind, **equal)]

    def index(self, kind: type[Command], **equal: object) -> int:
        """Return the number of that step."""
        return next(
            number
            for number, step in enumerate(STORY)
            if isinstance(step.asked, kind) and all(getattr(step.asked, name) == each for name, each in equal.items())
        )

    def before(self, kind: type[Command], **equal: object) -> World:
        """Return the world before that step."""
        return self.worlds[self.index(kind, **equal)]

    def probe(self, kind: type[Command], note: str = "", **changes: object) -> Probe:
        """Return a probe: the story's first command of a class, with these fields changed."""
        step = self.step(kind)
        name = f"{kind.NAME} ({note})" if note else kind.NAME
        return Probe(name, replace(step.asked, **changes), step.actor, step.at)


def told() -> Told:
    """Return the story carried out."""
    worlds = [World()]
    for step in STORY:
        worlds.append(worlds[-1].play([step]))
    return Told(tuple(worlds))


def procedures() -> tuple[Procedure, ...]:
    """Return every procedure of the page."""
    story = told()
    made = (_round, _list, _notice, _objection, _correction, _commitment, _entry, _meeting, _box, _improvement, _talk)
    return tuple(make(story) for make in made)


def _in(world: World, kind: type[AnyState], key: str = "") -> AnyState:
    return typing.cast("AnyState", world.fold(kind, key))


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
    this, results = _in(world, Round, ROUND), _in(world, Results, ROUND)
    if this.opened is None:
        return "not opened"
    if _in(world, Confirmations, ROUND).stars:
        return "partly confirmed"
    scores = _in(world, Scores, ROUND)
    try:
        tallied = results.require_current(this, scores)
    except Refused:
        return "scored" if scores.held else "open"
    if tallied.incomplete:
        return "tallied, incomplete"
    return "tallied, tie open" if tallied.undecided else "tallied"


def _first_and_last(worlds: tuple[World, ...], stage: Callable[[World], str]) -> tuple[World, ...]:
    """Return of each stage the first and the last world."""
    found: dict[str, dict[int, World]] = {}
    for world in worlds:
        kept = found.setdefault(stage(world), {})
        kept[min(len(kept), 1)] = world
    return tuple(world for kept in found.values() for world in kept.values())


def _list(story: Told) -> Procedure:
    vote = story.step(HoldVote)

    def voting(note: str, **changes: object) -> Probe:
        def ask(world: World) -> Command:
            proposed = _in(world, Lists, ROUND).proposed
            return replace(vote.asked, **changes, list=1 if proposed is None else proposed.list)

        return Probe(f"hold-vote ({note})", ask, vote.actor, vote.at)

    return Procedure(
        Text("名单", "List and vote"),
        ("none", "proposed", "adopted", "rejected", "inquorate"),
        lambda world: _list_stage(_in(world, Lists, ROUND)),
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
        posting = _in(world, Notices, ROUND).postings.get(NOTICE)
        if posting is None:
            return "not posted"
        return "interrupted" if posting.gaps and posting.gaps[-1][1] is None else "hangs"

    kinds = (PostNotice, InterruptNotice, ResumeNotice)
    return Procedure(
        Text("公示", "Notice"),
        ("not posted", "hangs", "interrupted"),
        stage,
        (*(story.probe(kind) for kind in kinds), story.probe(PostNotice, "another", notice=SECOND_NOTICE)),
        (story.before(PostNotice),),
    )


def _objection(story: Told) -> Procedure:
    def stage(world: World) -> str:
        objections = _in(world, Objections, ROUND)
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
        known = _in(world, Confirmations, ROUND)
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
        plans = _in(world, Improvements)
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
        talk = _in(world, Talk, TALK)
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


# the months


def _commitment(story: Told) -> Procedure:
    def stage(world: World) -> str:
        known = _in(world, Commitment, COMMITMENT)
        if known.made is None:
            return "not made"
        if known.revoked is not None:
            return "revoked"
        if not known.approved:
            return "returned" if known.returned else "made"
        return "appraised" if known.appraised else "reported" if known.reported else "approved"

    kinds = (MakeCommitment, ReturnCommitment, ApproveCommitment, ReportFulfilment, AppraiseCommitment)
    return Procedure(
        Text("承诺", "Commitment"),
        ("not made", "made", "returned", "approved", "reported", "appraised", "revoked"),
        stage,
        (
            *(story.probe(kind) for kind in kinds),
            story.probe(RevokeCommitment, "for another"),
            story.probe(RevokeCommitment, "for none", successor=None),
        ),
        (story.before(MakeCommitment), story.before(ProposeEntry)),
    )


def _entry(story: Told) -> Procedure:
    def stage(world: World) -> str:
        entry = _in(world, Entries, BRANCH).known.get(ENTRY)
        return "none" if entry is None else entry.status

    kinds = (ProposeEntry, VerifyEntry, CorrectEntry, ReverseEntry)
    return Procedure(
        Text("记实条目", "Entry"),
        ("none", "proposed", "verified", "rejected", "reversed"),
        stage,
        (*(story.probe(kind) for kind in kinds), story.probe(RejectEntry, entry=ENTRY)),
        (story.before(ProposeEntry),),
    )


def _meeting(story: Told) -> Procedure:
    def stage(world: World) -> str:
        meeting = _in(world, Meeting, MONTHLY)
        if meeting.convened is None:
            return "not convened"
        if meeting.called_off is not None:
            return "called off"
        if meeting.closed is not None:
            return "closed"
        return "convened" if meeting.attended is None else "held"

    spoken = story.step(GiveReport, person=WU)
    kinds = (ConveneMeeting, RecordAttendance, CommentOn, CloseMeeting)
    return Procedure(
        Text("会议", "Meeting"),
        ("not convened", "convened", "held", "closed", "called off"),
        stage,
        (
            *(story.probe(kind) for kind in kinds),
            story.probe(GiveReport, "in writing"),
            Probe("give-report (spoken)", spoken.asked, spoken.actor, spoken.at),
            story.probe(CallOffMeeting, meeting=MONTHLY),
        ),
        (story.before(ConveneMeeting), story.before(CommentOn)),
    )


def _box(story: Told) -> Procedure:
    def stage(world: World) -> str:
        box = _in(world, Box, BOX)
        if box.opened is None:
            return "not opened"
        if box.ended is None:
            return "open" if not (box.on_screen or box.on_paper) else "some have voted"
        return "closed" if isinstance(box.ended, BoxClosed) else "void"

    first, last = story.index(OpenBox, box=BOX), story.index(CloseBox, box=BOX) + 2
    kinds = (OpenBox, PrintSlips, HandOutSheets, ReturnSheet, RecordReturns, CloseBox)
    return Procedure(
        Text("票箱", "Ballot box"),
        ("not opened", "open", "some have voted", "closed", "void"),
        stage,
        (*(story.probe(kind, box=BOX) for kind in kinds), story.probe(VoidBox, box=BOX)),
        _first_and_last(story.worlds[first:last], stage),
    )


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(procedures()), encoding="utf-8")
    sys.stdout.write("docs/procedures.md\n")


if __name__ == "__main__":
    main()
