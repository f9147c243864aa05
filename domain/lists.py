"""The list that is put to the members' meeting, and the vote on it.

AMB-B19: a rejected list goes back with reasons; the meeting edits no score, a new version is voted on.
AMB-B20, Regulations on the work of Party branches art. 11: present ≥ half of the members with a vote, yes > half of
those who should attend; probationary members do not vote. AMB-B24: the vote may be an item of a meeting on record.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, assert_never

from domain.appointments import Offices
from domain.dates import civil_date
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    NotFound,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import BranchId, Evidence, MeetingId, PersonId, RoundId
from domain.meetings import MEMBERS_MEETING, Meeting, MeetingConvened
from domain.membership import Membership
from domain.refusals import not_in_future
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.rulebook.terms import Meeting as MeetingRule
from domain.text import Text

Outcome = Literal["adopted", "rejected", "inquorate"]


@command("hold-vote", roles=RECORDERS, at="rounds/{round}/lists/{list}/vote")
class HoldVote(Command):
    """Enter a members' meeting 党员大会: who was there, and how it voted on the list.

    `meeting` names the meeting where it was convened in the ledger: a members' meeting, or a session that took the
    vote as one of its items (AMB-B24).
    """

    round: RoundId
    list: int
    on: date
    chair: PersonId
    present: tuple[PersonId, ...]
    yes: int
    no: int
    abstain: int
    reasons: str = ""
    minutes: Evidence | None = None
    meeting: MeetingId | None = None


@event("list.Proposed.v1")
class ListProposed(Event):
    """A body proposed the results of a tally as the list to vote on."""

    round: RoundId
    list: int
    tally: int
    body: str


@event("list.VoteHeld.v1")
class VoteHeld(Event):
    """A meeting voted on a list; `should_attend` and `voters_present` count the members with a vote."""

    round: RoundId
    list: int
    on: date
    chair: PersonId
    present: tuple[PersonId, ...]
    should_attend: int
    voters_present: int
    yes: int
    no: int
    abstain: int
    outcome: Outcome
    reasons: str
    minutes: Evidence | None
    meeting: MeetingId | None = None


ListEvent = ListProposed | VoteHeld


@dataclass(slots=True)
class Lists(State):
    """The newest list and what the meetings said of it."""

    KIND = RoundId
    EVENTS = members_of(ListEvent)
    proposed: ListProposed | None = None
    proposed_on: date | None = None
    votes: list[VoteHeld] = field(default_factory=list)

    def evolve(self, fact: Fact) -> None:
        """Take one more list or vote into account."""
        happened = typing.cast("ListEvent", fact.event)
        match happened:
            case ListProposed():
                self.proposed, self.proposed_on, self.votes = happened, civil_date(fact.recorded_at), []
            case VoteHeld():
                self.votes.append(happened)
            case _:
                assert_never(happened)

    @property
    def outcome(self) -> Outcome | None:
        """Return how the last meeting on the newest list ended; None before there was one."""
        return self.votes[-1].outcome if self.votes else None

    @property
    def fixes_scores(self) -> bool:
        """Return whether scores may change only by ruling: from the proposal on, unless the list was rejected."""
        return self.proposed is not None and self.outcome != "rejected"

    def require_open_scores(self) -> None:
        """Raise `Refused` where a list has been proposed: from then on results change only by ruling."""
        if self.fixes_scores:
            raise Refused("list-proposed", _LIST_PROPOSED)

    def require_adopted(self) -> ListProposed:
        """Return the list that a meeting adopted; `Refused` before that."""
        if self.proposed is None or self.outcome != "adopted":
            raise Refused("list-not-adopted", _NOT_ADOPTED)
        return self.proposed


@dataclass(slots=True)
class VotedAt(Meeting):
    """The meeting that a vote was an item of."""

    @classmethod
    def key_for(cls, asked: Command) -> str:
        """Return the id of the meeting, empty where the vote names none."""
        return getattr(asked, "meeting", None) or ""


def hold_vote(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: HoldVote,
    context: Context,
    this: Round,
    lists: Lists,
    at: VotedAt,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Enter a vote on the newest list and what it comes to."""
    offices.require(asked, context, this.branch)
    not_in_future(asked.on, context)
    if lists.proposed is None or lists.proposed_on is None or lists.proposed.list != asked.list:
        raise NotFound("no-such-list", _no_such_list(asked.list))
    if asked.on < lists.proposed_on:
        raise Refused("before-the-proposal", _too_early(lists.proposed_on))
    voters = voters_on(this, membership, asked.on)
    held = _held(asked, this, voters)
    if held in lists.votes:
        return []
    if asked.meeting is not None:
        _require_item(asked, context, this, at, voters)
    if lists.outcome == "adopted":
        raise Conflict("already-adopted", _ALREADY_ADOPTED)
    if lists.outcome == "rejected":
        raise Conflict("already-rejected", _REJECTED)
    if held.outcome == "rejected" and not held.reasons.strip():
        raise Refused("reasons-missing", _REASONS_MISSING)
    return [held]


def _held(asked: HoldVote, this: Round, voters: set[PersonId]) -> VoteHeld:
    voters_present = len(voters & set(asked.present))
    votes = asked.yes + asked.no + asked.abstain
    if min(asked.yes, asked.no, asked.abstain) < 0 or votes > voters_present:
        raise Refused("more-votes-than-voters", _too_many_votes(votes, voters_present))
    return VoteHeld(
        round=asked.round,
        list=asked.list,
        on=asked.on,
        chair=asked.chair,
        present=tuple(dict.fromkeys(asked.present)),
        should_attend=len(voters),
        voters_present=voters_present,
        yes=asked.yes,
        no=asked.no,
        abstain=asked.abstain,
        outcome=outcome(this.rulebook.meeting, len(voters), voters_present, asked.yes),
        reasons=asked.reasons,
        minutes=asked.minutes,
        meeting=asked.meeting,
    )


def _require_item(asked: HoldVote, context: Context, this: Round, at: VotedAt, voters: set[PersonId]) -> None:
    """Raise `Refused` unless the vote was an item of this open and quorate meeting of the branch (AMB-B24)."""
    convened = at.require_open()
    if convened.branch != this.branch:
        raise Refused("other-branch", _other_branch(convened, this.branch))
    if not _is_item(this, at, convened):
        raise Refused("not-on-the-agenda", _not_on_the_agenda(convened, this.period))
    if convened.on != asked.on:
        raise Refused("other-day", _other_day(convened, asked.on))
    attended = at.require_attended(context)
    present = voters & set(attended.present)
    if not _quorate(this.rulebook.meeting, len(voters), len(present)):
        raise Refused("meeting-inquorate", _inquorate(convened, len(present), len(voters)))
    if elsewhere := [person for person in asked.present if person not in attended.present]:
        raise Refused("not-at-the-meeting", _not_there(convened, elsewhere))


def _is_item(this: Round, at: VotedAt, convened: MeetingConvened) -> bool:
    """Return whether a list can be put to the vote there: at a session only that of the period it judges.

    A session may also judge the month of the one whose place it takes (AMB-B12).
    """
    if convened.kind == MEMBERS_MEETING:
        return True
    judged = {convened.judges} | ({at.replaces.replaces} if at.replaces is not None else set())
    return convened.rulebook == this.require_open().rulebook and this.period in judged


def voters_on(this: Round, membership: Membership, day: date) -> set[PersonId]:
    """Return the members of the branch who have a vote on a day."""
    members = membership.members_on(this.branch, day)
    return {person for person, stay in members if stay.kind_on(day) in this.rulebook.meeting.voters}


def outcome(rule: MeetingRule, should_attend: int, present: int, yes: int) -> Outcome:
    """Return what a vote comes to under the rulebook's quorum and majority."""
    if not _quorate(rule, should_attend, present):
        return "inquorate"
    return "adopted" if yes > rule.yes_more_than * should_attend else "rejected"


def _quorate(rule: MeetingRule, should_attend: int, present: int) -> bool:
    return present >= rule.present_at_least * should_attend


DECIDERS = deciders(hold_vote)


_LIST_PROPOSED = Text(
    "名单已经提出，分数和结果只随裁定变动；公示期内请提出异议，确认后请走更正程序。",
    "The list has been proposed; scores and results change only by ruling: object while the notice hangs, "
    "or open a correction.",
)
_NOT_ADOPTED = Text(
    "名单尚未经党员大会通过；请先提交表决并登记结果。",
    "No meeting has adopted the list yet; put it to the vote and enter the result first.",
)
_REJECTED = Text(
    "这份名单已被否决；请由评议机构重新提出名单，再行表决。",
    "This list was rejected; the recording body proposes a new one, which is then voted on.",
)
_REASONS_MISSING = Text(
    "名单未获通过的，须写明理由，退回评议机构。", "A rejected list goes back with the meeting's reasons; give them."
)
_ALREADY_ADOPTED = Text("这份名单已经通过，不再表决。", "This list has been adopted; it is not voted on again.")


def _no_such_list(number: int) -> Text:
    return Text(
        f"第 {number} 份名单不是现在待表决的名单；请核对。",
        f"List {number} is not the one that is up for the vote; check.",
    )


def _too_early(proposed_on: date) -> Text:
    return Text(
        f"名单于 {proposed_on} 提出；此前的会议不能对其表决，请核对日期。",
        f"The list was proposed on {proposed_on}; no earlier meeting voted on it: check the date.",
    )


def _other_branch(convened: MeetingConvened, branch: BranchId) -> Text:
    return Text(
        f"会议 {convened.meeting} 是支部 {convened.branch} 的，不是 {branch} 的；请核对会议编号。",
        f"The meeting {convened.meeting} is one of branch {convened.branch}, not of {branch}; check its id.",
    )


def _not_on_the_agenda(convened: MeetingConvened, period: str) -> Text:
    return Text(
        f"会议 {convened.meeting} 考评的是 {convened.judges}，{period} 的名单不是其议程；请在党员大会上表决。",
        f"The session {convened.meeting} judges {convened.judges}, and the list of {period} is none of its items; "
        "put it to a members' meeting.",
    )


def _other_day(convened: MeetingConvened, day: date) -> Text:
    return Text(
        f"会议 {convened.meeting} 于 {convened.on} 召开，不是 {day}；请核对日期。",
        f"The meeting {convened.meeting} is held on {convened.on}, not on {day}; check the day.",
    )


def _inquorate(convened: MeetingConvened, present: int, should_attend: int) -> Text:
    return Text(
        f"会议 {convened.meeting} 应到有表决权的党员 {should_attend} 名，实到 {present} 名，不足法定人数；请另行召开。",
        f"{present} of {should_attend} members with a vote came to {convened.meeting}: no quorum; hold another.",
    )


def _not_there(convened: MeetingConvened, people: list[PersonId]) -> Text:
    return Text(
        f"{'、'.join(people)} 没有列入会议 {convened.meeting} 的到会名单；请核对。",
        f"Not on record as present at {convened.meeting}: {', '.join(people)}; check.",
    )


def _too_many_votes(votes: int, present: int) -> Text:
    return Text(
        f"票数共 {votes}，而到会有表决权的党员只有 {present} 名；请核对到会名单和票数。",
        f"{votes} votes, but only {present} members with a vote were present; check both.",
    )
