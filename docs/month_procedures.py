# ruff: noqa: INP001 - read by a script beside it, no package
"""The procedures of seed B's months that `docs/procedures.md` shows: commitment, entry, meeting, ballot box."""

from collections.abc import Callable

from docs.exploration import Probe, Procedure, Told, state_in
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
from domain.convening import CallOffMeeting, ConveneMeeting
from domain.decision import replace
from domain.fulfilling import AppraiseCommitment, ReportFulfilment
from domain.meetings import Meeting
from domain.record_verifying import RejectEntry, ReverseEntry, VerifyEntry
from domain.recording import CorrectEntry, ProposeEntry
from domain.records import Entries
from domain.reports import GiveReport
from domain.text import Text
from tests.control_duties import COMMITMENT, ENTRY
from tests.control_meetings import MONTHLY
from tests.controls import (
    BOX,
    BRANCH,
    WU,
    ZHOU,
)
from tests.domain.conftest import World


def commitment(story: Told) -> Procedure:
    """Return the stages of a commitment 承诺."""

    def stage(world: World) -> str:
        known = state_in(world, Commitment, COMMITMENT)
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


def entry(story: Told) -> Procedure:
    """Return the stages of an entry of the record 记实."""

    def stage(world: World) -> str:
        entry = state_in(world, Entries, BRANCH).known.get(ENTRY)
        return "none" if entry is None else entry.status

    kinds = (ProposeEntry, VerifyEntry, CorrectEntry, ReverseEntry)
    return Procedure(
        Text("记实条目", "Entry"),
        ("none", "proposed", "verified", "rejected", "reversed"),
        stage,
        (*(story.probe(kind) for kind in kinds), story.probe(RejectEntry, entry=ENTRY)),
        (story.before(ProposeEntry),),
    )


def meeting(story: Told) -> Procedure:
    """Return the stages of a session 组织生活会."""

    def stage(world: World) -> str:
        meeting = state_in(world, Meeting, MONTHLY)
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
            Probe("give-report (spoken)", replace(spoken.asked, person=ZHOU), spoken.actor, spoken.at),
            story.probe(CallOffMeeting, meeting=MONTHLY),
        ),
        (story.before(ConveneMeeting), story.before(CommentOn)),
    )


def box(story: Told) -> Procedure:
    """Return the stages of a ballot box 票箱."""

    def stage(world: World) -> str:
        box = state_in(world, Box, BOX)
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


def _first_and_last(worlds: tuple[World, ...], stage: Callable[[World], str]) -> tuple[World, ...]:
    """Return of each stage the first and the last world."""
    found: dict[str, dict[int, World]] = {}
    for world in worlds:
        kept = found.setdefault(stage(world), {})
        kept[min(len(kept), 1)] = world
    return tuple(world for kept in found.values() for world in kept.values())
