"""Controls for commitments, the record and talks, and one example of every event of theirs.

The people are those of `tests.controls`, whose story this goes on with: Sun's commitments and entries, and a year of
the other branch, whose only member falls short of a star.
"""

from datetime import date
from decimal import Decimal
from hashlib import sha256

from domain.adoption import AdoptRulebook
from domain.appointments import Appoint
from domain.ballot_appraising import HoldOpenAppraisal, Judgement
from domain.commitments import (
    CommitmentAppraised,
    CommitmentApproved,
    CommitmentMade,
    CommitmentReturned,
    CommitmentRevoked,
    FulfilmentReported,
)
from domain.committing import ApproveCommitment, MakeCommitment, ReturnCommitment, RevokeCommitment
from domain.confirming import ConfirmStars
from domain.decision import Command, Event
from domain.fulfilling import AppraiseCommitment, ReportFulfilment
from domain.ids import (
    ActivityId,
    BranchId,
    CommitmentId,
    Document,
    EntryId,
    Evidence,
    NoticeId,
    PersonId,
    RoundId,
    RulebookId,
    TalkId,
)
from domain.lists import HoldVote
from domain.notices import PostNotice
from domain.proposing import ProposeList
from domain.record_verifying import RejectEntry, ReverseEntry, VerifyEntry
from domain.recording import CorrectEntry, ProposeEntry
from domain.records import EntryCorrected, EntryProposed, EntryRejected, EntryReversed, EntryValue, EntryVerified
from domain.roles import LEADING_GROUP_HEAD, RECORDER, SECRETARY
from domain.rounds import OpenRound
from domain.score_import import ImportScores, ScoreLine
from domain.sealed import Sealed
from domain.talks import CheckRectification, HoldTalk, RectificationChecked, RectificationOrdered, TalkHeld
from domain.tally import Tally
from rulebooks import shipped

Part = tuple[PersonId, date, tuple[Command, ...]]

_REGISTRAR, _CHAIR, _STAFF = PersonId("registrar"), PersonId("committee-secretary"), PersonId("staff")
_LI, _WANG, _ZHANG, _CHEN = PersonId("li"), PersonId("wang"), PersonId("zhang"), PersonId("chen")
_SUN, _QIAN, _MOVER = PersonId("sun"), PersonId("qian"), PersonId("mover")
_BRANCH, _OTHER_BRANCH = BranchId("workshop-1"), BranchId("workshop-2")
_PAPER = Evidence(sha256(b"a paper").hexdigest())
COMMITMENT, BETTER, TALK = CommitmentId("commitment-1"), CommitmentId("commitment-2"), TalkId("talk-1")
ENTRY, DOUBTED = EntryId("entry-1"), EntryId("entry-2")
TRIAL, TRIAL_ROUND, TRIAL_NOTICE = RulebookId("trial"), RoundId("workshop-2.trial"), NoticeId("notice-9")
TRIAL_RULES = (
    shipped("annual-360")
    .replace(b'id = "annual-360"', b'id = "trial"', 1)
    .replace(b"star = 1\n", b"star = 0\nunrated = true\n", 1)
    + """
[ballot_box]
shown_from = 5
small_body = "open"
clause = "AMB-A14"

[[consequences]]
code = "talk"
unrated = true
measures = ["talk", "rectification"]
clause = "A-37"

[[consequences]]
code = "stand_down"
unrated = true
measures = ["organisational_measures"]
clause = "A-37"

[[groups]]
code = "serving"
title = { zh = "带头服务群众", en = "Leading in serving the masses" }
component = "work"
start = 80
low = 0
high = 100
clause = "A-42"

[[items]]
code = "S1"
title = { zh = "为群众办实事", en = "Something done for the masses" }
test = { zh = "有受助人说明", en = "Somebody who was helped says so" }
group = "serving"
points = 2
activities = ["serving", "public_welfare"]
max_times = 2
clause = "A-49"

[[items]]
code = "S2"
title = { zh = "群众书面表扬", en = "Praised in writing" }
test = { zh = "有表扬信", en = "There is a letter" }
group = "serving"
points_low = 1
points_high = 3
evidence_required = true
posts = [{ post = "质检班长", points = 5 }]
clause = "A-46"

[[items]]
code = "S3"
title = { zh = "推诿群众", en = "Turned somebody away" }
test = { zh = "有投诉并属实", en = "There was a complaint and it is true" }
group = "serving"
points = -5
clause = "A-42"
""".encode()
)
"""A scheme of the other branch: the annual one with a catalogue of items, and a talk for whom no star is given."""
TRIAL_DOCUMENT = Document(sha256(TRIAL_RULES).hexdigest())


def _part(actor: PersonId, day: date, *asked: Command) -> Part:
    return (actor, day, asked)


def _line(person: PersonId, component: str, points: str) -> ScoreLine:
    return ScoreLine(person=person, component=component, points=Decimal(points), cell=f"{person}.{component}")


def _office(person: PersonId, role: str, branch: BranchId) -> Appoint:
    return Appoint(person=person, role=role, branch=branch, since=date(2025, 1, 6), decided_by="党员大会")


def _entry(entry: EntryId, person: PersonId) -> ProposeEntry:
    return ProposeEntry(
        entry=entry,
        branch=_BRANCH,
        person=person,
        rulebook=TRIAL,
        item="S1",
        occurred_on=date(2026, 7, 11),
        statement=Sealed("帮助独居老人修水管"),
    )


def _commitment(commitment: CommitmentId) -> MakeCommitment:
    return MakeCommitment(
        commitment=commitment,
        person=_SUN,
        period="2026",
        virtue="occupational",
        area="duty",
        on=date(2026, 7, 11),
        due=date(2026, 12, 20),
        statement=Sealed("质检零差错"),
        plan=Sealed("每周自查一次"),
        private_circumstances=Sealed("腰伤复健"),
    )


DUTY_PARTS: tuple[Part, ...] = (
    _part(
        _CHAIR,
        date(2026, 7, 11),
        AdoptRulebook(
            rulebook=TRIAL,
            document=TRIAL_DOCUMENT,
            meeting="党委会 2026 年第 3 次会议",
            adopted_on=date(2026, 7, 11),
            effective_from=date(2025, 1, 1),
        ),
    ),
    _part(_SUN, date(2026, 7, 11), _commitment(COMMITMENT)),
    _part(_LI, date(2026, 7, 11), ReturnCommitment(commitment=COMMITMENT, reason=Sealed("请写明期限"))),
    _part(_SUN, date(2026, 7, 11), _commitment(COMMITMENT), _commitment(BETTER)),
    _part(_LI, date(2026, 7, 12), ApproveCommitment(commitment=COMMITMENT), ApproveCommitment(commitment=BETTER)),
    _part(_SUN, date(2026, 7, 12), _entry(ENTRY, _SUN), _entry(DOUBTED, _SUN)),
    _part(
        _ZHANG,
        date(2026, 7, 13),
        VerifyEntry(entry=ENTRY, branch=_BRANCH),
        RejectEntry(entry=DOUBTED, branch=_BRANCH, reason=Sealed("重复")),
        CorrectEntry(
            entry=ENTRY,
            branch=_BRANCH,
            person=_SUN,
            item="S2",
            occurred_on=date(2026, 7, 11),
            points=Decimal(5),
            reason=Sealed("应按表扬信计分"),
            evidence=(_PAPER,),
        ),
        ReverseEntry(entry=ENTRY, branch=_BRANCH, reason=Sealed("表扬信系误投")),
    ),
    _part(
        _REGISTRAR,
        date(2026, 7, 13),
        _office(_LI, SECRETARY, _OTHER_BRANCH),
        _office(_ZHANG, RECORDER, _OTHER_BRANCH),
        _office(_CHEN, LEADING_GROUP_HEAD, _OTHER_BRANCH),
    ),
    _part(
        _ZHANG,
        date(2026, 7, 14),
        OpenRound(round=TRIAL_ROUND, branch=_OTHER_BRANCH, period="2025", rulebook=TRIAL),
        HoldOpenAppraisal(
            round=TRIAL_ROUND,
            component="masses",
            judgements=(
                Judgement(person=_QIAN, rater=_STAFF, group="masses", points=Decimal(60)),
                Judgement(person=_QIAN, rater=_MOVER, group="masses", points=Decimal(60)),
            ),
        ),
        ImportScores(
            round=TRIAL_ROUND,
            workbook=_PAPER,
            ballots=9,
            lines=tuple(_line(_QIAN, component, "60") for component in ("work", "branch", "masses", "self")),
        ),
        Tally(round=TRIAL_ROUND),
    ),
    _part(_CHEN, date(2026, 7, 14), ProposeList(round=TRIAL_ROUND, body="考核工作领导小组")),
    _part(
        _ZHANG,
        date(2026, 7, 15),
        HoldVote(round=TRIAL_ROUND, list=1, on=date(2026, 7, 15), chair=_LI, present=(_QIAN,), yes=1, no=0, abstain=0),
        PostNotice(round=TRIAL_ROUND, notice=TRIAL_NOTICE, places=("厂务公开栏",), contact="赵，电话分机 12"),
    ),
    _part(_CHEN, date(2026, 7, 28), ConfirmStars(round=TRIAL_ROUND, body="考核工作领导小组")),
    _part(
        _LI,
        date(2026, 7, 29),
        HoldTalk(
            talk=TALK,
            round=TRIAL_ROUND,
            person=_QIAN,
            kind="admonition",
            on=date(2026, 7, 29),
            by=_LI,
            recorder=_ZHANG,
            ground=Sealed("年度未能评星"),
            content=Sealed("指出差距"),
            response=Sealed("接受，改进"),
            signed=True,
            copied_to="厂党委",
            rectify_by=date(2026, 10, 31),
        ),
    ),
    _part(
        _SUN,
        date(2026, 7, 31),
        ReportFulfilment(commitment=COMMITMENT, on=date(2026, 7, 31), report=Sealed("本月零差错"), evidence=(_PAPER,)),
    ),
    _part(
        _LI,
        date(2026, 7, 31),
        AppraiseCommitment(
            commitment=COMMITMENT, on=date(2026, 7, 31), side="branch", outcome="kept", remark=Sealed("属实")
        ),
        RevokeCommitment(commitment=COMMITMENT, reason=Sealed("岗位有变"), successor=BETTER),
    ),
    _part(
        _LI,
        date(2026, 10, 31),
        CheckRectification(talk=TALK, on=date(2026, 10, 31), outcome="rectified", remark=Sealed("已补学")),
    ),
)
"""Who asks for what on which day."""

DUTY_EVENTS: tuple[Event, ...] = (
    CommitmentMade(
        commitment=COMMITMENT,
        person=_SUN,
        branch=_BRANCH,
        period="2026",
        virtue="occupational",
        area="duty",
        on=date(2026, 7, 11),
        due=date(2026, 12, 20),
        statement=Sealed("质检零差错"),
        plan=Sealed("每周自查一次"),
        private_circumstances=Sealed("腰伤复健"),
    ),
    CommitmentApproved(commitment=COMMITMENT, person=_SUN),
    CommitmentReturned(commitment=COMMITMENT, person=_SUN, reason=Sealed("请写明期限")),
    FulfilmentReported(
        commitment=COMMITMENT, person=_SUN, on=date(2026, 7, 31), report=Sealed("本月零差错"), evidence=(_PAPER,)
    ),
    CommitmentAppraised(
        commitment=COMMITMENT,
        person=_SUN,
        on=date(2026, 7, 31),
        side="branch",
        outcome="kept",
        remark=Sealed("属实"),
    ),
    CommitmentRevoked(commitment=COMMITMENT, person=_SUN, reason=Sealed("岗位有变"), successor=BETTER),
    EntryProposed(
        entry=ENTRY,
        branch=_BRANCH,
        person=_SUN,
        rulebook=TRIAL,
        version=1,
        clause="A-49",
        item="S1",
        points=Decimal(2),
        occurred_on=date(2026, 7, 11),
        statement=Sealed("帮助独居老人修水管"),
        evidence=(_PAPER,),
        activity=ActivityId("activity-1"),
        reported=True,
    ),
    EntryVerified(entry=ENTRY, branch=_BRANCH, person=_SUN),
    EntryRejected(entry=ENTRY, branch=_BRANCH, person=_SUN, reason=Sealed("重复")),
    EntryCorrected(
        entry=ENTRY,
        branch=_BRANCH,
        person=_SUN,
        version=1,
        clause="A-46",
        item="S2",
        points=Decimal("1.5"),
        occurred_on=date(2026, 7, 12),
        was=EntryValue(item="S1", points=Decimal(2), occurred_on=date(2026, 7, 11)),
        corrects=160,
        evidence=(_PAPER,),
        reason=Sealed("应按表扬信计分"),
        amount=Decimal(3),
        level="city",
        counts=Decimal(3),
        matter="flood-relief",
    ),
    EntryReversed(entry=ENTRY, branch=_BRANCH, person=_SUN, reason=Sealed("表扬信系误投")),
    TalkHeld(
        talk=TALK,
        round=TRIAL_ROUND,
        person=_QIAN,
        branch=_OTHER_BRANCH,
        kind="admonition",
        on=date(2026, 7, 29),
        by=_LI,
        recorder=_ZHANG,
        ground=Sealed("年度未能评星"),
        content=Sealed("指出差距"),
        response=Sealed("接受，改进"),
        signed=False,
        witness=_WANG,
        copied_to="厂党委",
        clause="A-37",
    ),
    RectificationOrdered(talk=TALK, round=TRIAL_ROUND, person=_QIAN, due=date(2026, 10, 31)),
    RectificationChecked(
        talk=TALK,
        round=TRIAL_ROUND,
        person=_QIAN,
        on=date(2026, 10, 31),
        outcome="rectified",
        remark=Sealed("已补学"),
    ),
)
