"""Everything that decides what is due in a month's round: its states up to a position, and its meeting."""

from dataclasses import dataclass, field
from typing import Final

from domain.ballot_boxes import Box, Boxes
from domain.boards import Boards
from domain.comments import Comments
from domain.dates import Days
from domain.decision import Refused
from domain.ids import BoxId, MeetingId, PersonId
from domain.lists import Lists
from domain.meeting_days import judged_days
from domain.meetings import BranchMeetings, Meeting
from domain.membership import Membership
from domain.months import Months
from domain.records import Entries
from domain.reports import Reports
from domain.rounds import Round
from domain.scores import Scores
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes
from ledger.ledger import Ledger
from projections.folding import folded

MONTHLY: Final = "monthly"


@dataclass(frozen=True, slots=True)
class MonthFrame:
    """A month's round as it stood at `position`, with the meeting that is looked at, None where none is convened."""

    ledger: Ledger
    position: int
    days: Days
    this: Round
    scores: Scores
    results: Results
    vetoes: Vetoes
    lists: Lists
    boards: Boards
    months: Months
    entries: Entries
    meetings: BranchMeetings
    membership: Membership
    boxes: dict[BoxId, Box]
    meeting: Meeting | None
    reported: frozenset[PersonId] = frozenset()
    commented: frozenset[PersonId] = frozenset()
    known: dict[MeetingId, Meeting] = field(default_factory=dict)

    def meeting_of(self, key: MeetingId) -> Meeting:
        """Return a meeting as it stood."""
        if key not in self.known:
            self.known[key] = folded(self.ledger, Meeting, key, self.position)
        return self.known[key]

    @property
    def members(self) -> tuple[PersonId, ...]:
        """Return the members of the branch on the meeting's day; nobody where there is no meeting."""
        if self.meeting is None:
            return ()
        convened = self.meeting.require_convened()
        return tuple(person for person, _ in self.membership.members_on(convened.branch, convened.on))

    @property
    def staff(self) -> tuple[PersonId, ...]:
        """Return the staff who attended the meeting."""
        attended = None if self.meeting is None else self.meeting.attended
        return () if attended is None else attended.attending_staff

    @property
    def tally_is_current(self) -> bool:
        """Whether there is a tally, and nothing has changed since; a veto after the list waits for a ruling instead."""
        try:
            self.results.require_current(self.this, self.scores, None if self.lists.fixes_scores else self.vetoes)
        except Refused:
            return False
        return True

    @property
    def settled(self) -> bool:
        """Whether everybody with a complete result has his settled month."""
        complete = [person for person, result in self.results.latest.items() if result.status != "incomplete"]
        return all(self.months.of(self.this, person) is not None for person in complete)


def month_frame(ledger: Ledger, round_id: str, meeting: str | None, upto: int) -> MonthFrame:
    """Return a month's frame; `NotFound` or `Refused` where the round or the meeting is not of a month."""
    this = folded(ledger, Round, round_id, upto)
    this.require_open()
    days = judged_days(this.period, this.rulebook.year)
    meetings = folded(ledger, BranchMeetings, this.branch, upto)
    found = _meeting(ledger, this, meetings, meeting, upto)
    key = "" if found is None else found.key
    return MonthFrame(
        ledger=ledger,
        position=upto,
        days=days,
        this=this,
        scores=folded(ledger, Scores, round_id, upto),
        results=folded(ledger, Results, round_id, upto),
        vetoes=folded(ledger, Vetoes, "", upto),
        lists=folded(ledger, Lists, round_id, upto),
        boards=folded(ledger, Boards, round_id, upto),
        months=folded(ledger, Months, "", upto),
        entries=folded(ledger, Entries, this.branch, upto),
        meetings=meetings,
        membership=folded(ledger, Membership, "", upto),
        boxes={box: folded(ledger, Box, box, upto) for box in folded(ledger, Boxes, round_id, upto).opened},
        meeting=found,
        reported=frozenset(folded(ledger, Reports, key, upto).given) if key else frozenset(),
        commented=frozenset(folded(ledger, Comments, key, upto).made) if key else frozenset(),
    )


def _meeting(ledger: Ledger, this: Round, meetings: BranchMeetings, asked: str | None, upto: int) -> Meeting | None:
    """Return the meeting asked for, else the monthly one of the month, else any session that judges it."""
    if asked is not None:
        found = folded(ledger, Meeting, asked, upto)
        convened = found.require_convened()
        if (convened.branch, convened.judges) != (this.branch, this.period):
            raise Refused("other-month", _other_month(asked, this))
        return found
    kinds = dict.fromkeys((MONTHLY, *(session.code for session in this.rulebook.conduct.sessions)))
    for kind in kinds:
        convened_here = meetings.judging(kind, this.period)
        if convened_here is not None:
            return folded(ledger, Meeting, convened_here.meeting, upto)
    return None


def _other_month(meeting: str, this: Round) -> Text:
    return Text(
        f"会议 {meeting} 评议的不是支部 {this.branch} 的 {this.period}；请核对编号。",
        f"The meeting {meeting} does not judge {this.period} of branch {this.branch}; check the id.",
    )
