"""Facts about secret ballots: who may vote, that sheets went out and came back, and what was counted (B-34, AMB-A14).

Who has voted and what was voted never share a fact. That a person was given a sheet and returned it is a fact about
him, without content. What was voted lies outside the ledger until the box is closed; then counts are recorded, for at
least `shown_from` ballots together, without voter, order or time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from domain.decision import Event, event
from domain.ids import BoxId, BranchId, MeetingId, PersonId, RoundId

MarkKind = Literal["grades", "points"]
STAFF = "staff"
"""What a box about the staff outside the Party is for, in place of a component (B-35)."""
OVERALL = "overall"
"""The grade beside the three aspects (B-35)."""
VoidCause = Literal["more-returned-than-issued", "sheets-missing", "declared"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voter:
    """A person with a voice, and the group he votes in: members, representatives, masses."""

    person: PersonId
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """How many voices without a name a group has: one-time slips or blank sheets."""

    group: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeCap:
    """A sheet that gives `grade` to more than `at_most` people is void (AMB-B13)."""

    grade: str
    at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeCount:
    """How many voices gave a grade, or a number of points."""

    grade: str | None
    points: Decimal | None
    voices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupReturn:
    """How many sheets of a group went out and came back."""

    group: str
    issued: int
    returned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMark:
    """What a member of a small body gave openly."""

    rater: PersonId
    group: str
    grade: str | None = None
    points: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSheet:
    """What a sheet about the staff asks of each: the aspects and overall, for the period that the meeting judges."""

    aspects: tuple[str, ...]
    period: str
    on: date


# events


@event("ballot.BoxOpened.v1")
class BoxOpened(Event):
    """A box is open to these voters on these subjects; `keeper` is the digest of what only its keeper knows.

    Nothing is shown for fewer than `shown_from`; `pooled`: a small group is counted together with others. A box about
    the staff (`staff`) has its marks from the best to the worst. `own_left_out`: whoever is judged in it votes on a
    screen, where the line about himself is left out (decision 23).
    """

    box: BoxId
    round: RoundId
    branch: BranchId
    component: str
    meeting: MeetingId | None
    subjects: tuple[PersonId, ...]
    voters: tuple[Voter, ...]
    slips: tuple[Slips, ...]
    kind: MarkKind
    marks: tuple[str, ...]
    abstentions: tuple[str, ...]
    caps: tuple[GradeCap, ...]
    shown_from: int
    pooled: bool
    clause: str
    closes_by: datetime | None
    tellers: tuple[PersonId, ...]
    keeper: str
    staff: StaffSheet | None = None
    own_left_out: bool = False


@event("ballot.SlipIssued.v1")
class SlipIssued(Event):
    """A sheet of paper was handed to a voter."""

    box: BoxId
    round: RoundId
    person: PersonId
    group: str


@event("ballot.SlipsIssued.v1")
class SlipsIssued(Event):
    """So many one-time slips were printed, or blank sheets handed out, for a group whose voices have no names."""

    box: BoxId
    round: RoundId
    group: str
    count: int
    paper: bool


@event("ballot.SlipReturned.v1")
class SlipReturned(Event):
    """A voter returned his sheet. Nothing here, nor its place, says which one it was."""

    box: BoxId
    round: RoundId
    person: PersonId
    group: str
    paper: bool


@event("ballot.Counted.v1")
class BallotsCounted(Event):
    """What a group gave a person, of the staff in one aspect; `pooled` names the groups counted as one.

    Withheld: fewer than may be shown.
    """

    round: RoundId
    box: BoxId
    person: PersonId
    component: str
    group: str
    pooled: tuple[str, ...]
    counts: tuple[GradeCount, ...]
    valid: int | None
    abstained: int | None
    void: int | None
    withheld: bool
    aspect: str = ""


@event("ballot.BoxClosed.v1")
class BoxClosed(Event):
    """The box is closed and counted; `paper` of the returned sheets were keyed in by the tellers."""

    box: BoxId
    round: RoundId
    component: str
    meeting: MeetingId | None
    issued: int
    returned: int
    valid: int
    void: int
    paper: int
    groups: tuple[GroupReturn, ...]
    tellers: tuple[PersonId, ...]


@event("ballot.BoxVoided.v1")
class BoxVoided(Event):
    """Nothing of this box counts; the ballot is to be repeated with a new one (form 7)."""

    box: BoxId
    round: RoundId
    component: str
    meeting: MeetingId | None
    cause: VoidCause
    why: str | None
    issued: int
    returned: int | None


@event("ballot.OpenlyAppraised.v1")
class OpenlyAppraised(Event):
    """A body smaller than a secret ballot needs gave a person these marks openly, each with a name."""

    round: RoundId
    branch: BranchId
    component: str
    meeting: MeetingId | None
    person: PersonId
    marks: tuple[NamedMark, ...]
    shown_from: int


BallotEvent = (
    BoxOpened | SlipIssued | SlipsIssued | SlipReturned | BallotsCounted | BoxClosed | BoxVoided | OpenlyAppraised
)
BoxEvent = BoxOpened | SlipIssued | SlipsIssued | SlipReturned | BoxClosed | BoxVoided


def rows_of(opened: BoxOpened) -> tuple[tuple[PersonId, str], ...]:
    """Return what each row of a sheet is about: a person, and of the staff one aspect."""
    aspects = ("",) if opened.staff is None else opened.staff.aspects
    return tuple((person, aspect) for person in opened.subjects for aspect in aspects)


def groups_of(opened: BoxOpened) -> tuple[str, ...]:
    """Return the groups that have a voice in a box, in the order of its lists."""
    groups = [*(voter.group for voter in opened.voters), *(each.group for each in opened.slips)]
    return tuple(dict.fromkeys(groups))
