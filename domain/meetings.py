"""Meetings 组织生活会 and what became of them, as facts; `domain.convening`, `attendance` and `closing` decide.

B-27: one in the last week of each month. B-29: staff outside the Party attend. B-36: once a quarter the masses'
representatives take part throughout. AMB-B24: a members' meeting 党员大会 may be held as often as it is needed.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import Final, assert_never

from domain.dates import Timing, civil_date
from domain.decision import Context, Event, Fact, NotFound, Refused, State, event, members_of
from domain.ids import BranchId, Document, Evidence, MeetingId, PersonId, RulebookId
from domain.rulebook import parse_rulebook
from domain.rulebook.conduct import Session
from domain.rulebook.model import Rulebook
from domain.sealed import Sealed
from domain.text import Text

MEMBERS_MEETING: Final = "members"
"""党员大会: the kind of meeting that is no session of a rulebook; nobody reports in it."""


# events


@event("meeting.Convened.v1")
class MeetingConvened(Event):
    """A meeting of a kind is to judge a month (or a year); `timing` says whether its day is the rulebook's.

    `begins` is the hour and minute in China, such as `14:30`.
    """

    meeting: MeetingId
    branch: BranchId
    rulebook: RulebookId
    version: int
    document: Document
    kind: str
    judges: str
    on: date
    begins: str | None
    place: str
    chair: PersonId
    timing: Timing | None
    reason_outside: str | None


@event("meeting.CalledOff.v1")
class MeetingCalledOff(Event):
    """A meeting is not held."""

    meeting: MeetingId
    branch: BranchId
    reason: str


@event("meeting.ReplacementDeclared.v1")
class ReplacementDeclared(Event):
    """A session takes the place of the one of kind `kind` that would judge the month `replaces` (AMB-B12)."""

    meeting: MeetingId
    branch: BranchId
    kind: str
    replaces: str


@event("meeting.RepresentativesInvited.v1")
class RepresentativesInvited(Event):
    """Who speaks for the masses in a session, how they were chosen, and who of them did so `last_on` as well."""

    meeting: MeetingId
    branch: BranchId
    on: date
    people: tuple[PersonId, ...]
    how: str
    again: tuple[PersonId, ...]
    last_on: date | None


@event("meeting.ApologySent.v1")
class ApologySent(Event):
    """A member cannot come; reasons of `health` are for the leading group alone, others hear of personal ones."""

    meeting: MeetingId
    person: PersonId
    on: date
    reason: Sealed | None
    health: Sealed | None


@event("meeting.Attended.v1")
class MeetingAttended(Event):
    """Who of the members was there, excused, or neither; which staff attended, which representatives took part."""

    meeting: MeetingId
    branch: BranchId
    on: date
    should_attend: int
    present: tuple[PersonId, ...]
    excused: tuple[PersonId, ...]
    absent: tuple[PersonId, ...]
    attending_staff: tuple[PersonId, ...]
    representatives: tuple[PersonId, ...]


@event("meeting.Closed.v1")
class MeetingClosed(Event):
    """A meeting is over, with what it left undone: who neither spoke nor wrote, who was not commented on, who lacked.

    `staff_lacking`: the rulebook invites staff, and nobody of them attended.
    """

    meeting: MeetingId
    branch: BranchId
    on: date
    without_report: tuple[PersonId, ...]
    without_comment: tuple[PersonId, ...]
    staff_without_report: tuple[PersonId, ...]
    staff_without_comment: tuple[PersonId, ...]
    representatives_lacking: int
    staff_lacking: bool
    minutes: Evidence | None


MeetingEvent = (
    MeetingConvened
    | MeetingCalledOff
    | ReplacementDeclared
    | RepresentativesInvited
    | ApologySent
    | MeetingAttended
    | MeetingClosed
)


# state


@dataclass(slots=True)
class Meeting(State):
    """One meeting: how it was convened and under which rules, who is invited, who came, and whether it is over."""

    KIND = MeetingId
    EVENTS = members_of(MeetingEvent)
    convened: MeetingConvened | None = None
    rules: Rulebook | None = None
    called_off: MeetingCalledOff | None = None
    replaces: ReplacementDeclared | None = None
    invited: RepresentativesInvited | None = None
    apologies: dict[PersonId, ApologySent] = field(default_factory=dict)
    attended: MeetingAttended | None = None
    closed: MeetingClosed | None = None

    def evolve(self, fact: Fact) -> None:
        """Take one more fact about the meeting into account."""
        happened = typing.cast("MeetingEvent", fact.event)
        match happened:
            case MeetingConvened():
                self.convened = happened
                self.rules = parse_rulebook(fact.document(happened.document))
            case MeetingCalledOff():
                self.called_off = happened
            case ReplacementDeclared():
                self.replaces = happened
            case RepresentativesInvited():
                self.invited = happened
            case ApologySent():
                self.apologies[happened.person] = happened
            case MeetingAttended():
                self.attended = happened
            case MeetingClosed():
                self.closed = happened
            case _:
                assert_never(happened)

    @property
    def rulebook(self) -> Rulebook:
        """Return the rulebook as it was in force on the day of the meeting."""
        self.require_convened()
        return typing.cast("Rulebook", self.rules)

    @property
    def session(self) -> Session | None:
        """Return the session of the rulebook that the meeting is; None for a members' meeting."""
        return self.rulebook.conduct.session(self.require_convened().kind)

    def require_convened(self) -> MeetingConvened:
        """Return how the meeting was convened; `NotFound` where it was not."""
        if self.convened is None:
            raise NotFound("unknown-meeting", _unknown(self.key))
        return self.convened

    def require_open(self) -> MeetingConvened:
        """Return how a meeting was convened that is neither called off nor closed."""
        convened = self.require_convened()
        if self.called_off is not None:
            raise Refused("called-off", _called_off(self.key))
        if self.closed is not None:
            raise Refused("meeting-closed", _closed(self.key))
        return convened

    def require_attended(self, context: Context) -> MeetingAttended:
        """Return who came to an open meeting; `Refused` while nobody has entered that."""
        convened = self.require_open()
        if self.attended is None or civil_date(context.now) < convened.on:
            raise Refused("attendance-missing", _attendance_missing(self.key))
        return self.attended


@dataclass(slots=True)
class BranchMeetings(State):
    """The meetings of a branch that are held or to be held, what they replace, and who spoke for the masses."""

    KIND = BranchId
    EVENTS = (MeetingConvened, MeetingCalledOff, ReplacementDeclared, RepresentativesInvited)
    convened: dict[MeetingId, MeetingConvened] = field(default_factory=dict)
    replaced: dict[MeetingId, ReplacementDeclared] = field(default_factory=dict)
    invited: dict[MeetingId, RepresentativesInvited] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more fact about the branch's meetings into account."""
        happened = typing.cast(
            "MeetingConvened | MeetingCalledOff | ReplacementDeclared | RepresentativesInvited", fact.event
        )
        match happened:
            case MeetingConvened():
                self.convened[happened.meeting] = happened
            case MeetingCalledOff():
                for known in (self.convened, self.replaced, self.invited):
                    known.pop(happened.meeting, None)
            case ReplacementDeclared():
                self.replaced[happened.meeting] = happened
            case RepresentativesInvited():
                self.invited[happened.meeting] = happened
            case _:
                assert_never(happened)

    def judging(self, kind: str, judged: str) -> MeetingConvened | None:
        """Return the meeting of a kind that judges a month, None where there is none."""
        return next((one for one in self.convened.values() if (one.kind, one.judges) == (kind, judged)), None)

    def replacing(self, kind: str, judged: str) -> ReplacementDeclared | None:
        """Return the declaration under which another session takes the place of that meeting (AMB-B12)."""
        return next((one for one in self.replaced.values() if (one.kind, one.replaces) == (kind, judged)), None)

    def represented_before(self, day: date) -> RepresentativesInvited | None:
        """Return who spoke for the masses in the last session before a day (AMB-B11)."""
        earlier = [one for one in self.invited.values() if one.on < day]
        return max(earlier, key=lambda one: one.on, default=None)


def _unknown(key: str) -> Text:
    return Text(f"没有会议 {key}；请先召集，或核对编号。", f"There is no meeting {key}; convene it, or check the id.")


def _called_off(key: str) -> Text:
    return Text(f"会议 {key} 已取消；请另行召集。", f"The meeting {key} was called off; convene another.")


def _closed(key: str) -> Text:
    return Text(
        f"会议 {key} 已经结束，会上未办的事项已随之记录；请在下次会议上办理。",
        f"The meeting {key} is over, and what it left undone is on record; take it up at the next one.",
    )


def _attendance_missing(key: str) -> Text:
    return Text(
        f"会议 {key} 尚未登记到会情况；请在会议当天或之后先行登记。",
        f"Nobody has entered yet who came to the meeting {key}; do so first, on its day or later.",
    )
