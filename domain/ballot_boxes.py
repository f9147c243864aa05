"""One ballot box as its facts tell it, and the boxes of a round; what lies inside is with the keeper (design §3)."""

import typing
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import assert_never

from domain.ballots import (
    BoxClosed,
    BoxEvent,
    BoxOpened,
    BoxVoided,
    OpenlyAppraised,
    SlipIssued,
    SlipReturned,
    SlipsIssued,
    Voter,
    groups_of,
)
from domain.dates import deadline
from domain.decision import Conflict, Fact, NotFound, NotPermitted, Refused, State, members_of
from domain.ids import BoxId, MeetingId, PersonId, RoundId
from domain.text import Text


@dataclass(slots=True)
class Box(State):
    """One box: how it was opened, what went out, who has returned his sheet, and how it ended."""

    KIND = BoxId
    EVENTS = members_of(BoxEvent)
    opened: BoxOpened | None = None
    ended: BoxClosed | BoxVoided | None = None
    handed: set[PersonId] = field(default_factory=set)
    on_screen: set[PersonId] = field(default_factory=set)
    on_paper: set[PersonId] = field(default_factory=set)
    printed: dict[str, int] = field(default_factory=dict)
    blank: dict[str, int] = field(default_factory=dict)
    printings: int = 0

    def evolve(self, fact: Fact) -> None:
        """Take one more fact about the box into account."""
        happened = typing.cast("BoxEvent", fact.event)
        match happened:
            case BoxOpened():
                self.opened = happened
            case SlipIssued():
                self.handed.add(happened.person)
            case SlipsIssued():
                self._issued(happened)
            case SlipReturned():
                (self.on_paper if happened.paper else self.on_screen).add(happened.person)
            case BoxClosed() | BoxVoided():
                self.ended = happened
            case _:
                assert_never(happened)

    def _issued(self, happened: SlipsIssued) -> None:
        counts = self.blank if happened.paper else self.printed
        counts[happened.group] = counts.get(happened.group, 0) + happened.count
        self.printings += not happened.paper

    def require_known(self) -> BoxOpened:
        """Return how the box was opened; `NotFound` where it was not."""
        if self.opened is None:
            raise NotFound("unknown-box", _unknown(self.key))
        return self.opened

    def require_open(self) -> BoxOpened:
        """Return how the box was opened; refused where it was not, or is over."""
        opened = self.require_known()
        if self.ended is not None:
            raise Conflict("box-over", _OVER)
        return opened

    def require_voting(self, now: datetime) -> BoxOpened:
        """Return how the box was opened; refused where sheets are no longer taken."""
        opened = self.require_open()
        if opened.closes_by is not None and now >= opened.closes_by:
            raise Refused("voting-over", _voting_over(opened.closes_by))
        return opened

    def require_voter(self, person: PersonId) -> Voter:
        """Return a person's place on the list; `NotPermitted` where he has none."""
        for voter in self.require_known().voters:
            if voter.person == person:
                return voter
        raise NotPermitted("not-on-the-voters-list", _no_voter(person))

    def require_keeper(self, keeper_pass: str) -> None:
        """Raise `NotPermitted` unless this comes from the keeper of the box, who alone can open its sheets."""
        if not compare_digest(keeper_digest(keeper_pass), self.require_known().keeper):
            raise NotPermitted("not-the-keeper", _NOT_THE_KEEPER)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups that have a voice in this box, in the order of its lists."""
        return groups_of(self.require_known())

    def allowed(self, group: str) -> int:
        """Return how many voices without a name a group has."""
        return sum(each.count for each in self.require_known().slips if each.group == group)

    def nameless(self, group: str) -> int:
        """Return how many slips and blank sheets went out to a group."""
        return self.printed.get(group, 0) + self.blank.get(group, 0)

    def named(self, people: Iterable[PersonId], group: str) -> int:
        """Return how many of these people vote in a group."""
        wanted = set(people)
        return sum(1 for voter in self.require_known().voters if voter.group == group and voter.person in wanted)

    def issued(self, group: str) -> int:
        """Return how many sheets of a group went out; who votes on a screen takes his by voting."""
        return self.named(self.handed | self.on_screen | self.on_paper, group) + self.nameless(group)

    @property
    def issued_in_all(self) -> int:
        """Return how many sheets went out."""
        return sum(self.issued(group) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Voices:
    """Groups and people who are to vote, or to appraise."""

    groups: frozenset[str]
    people: frozenset[PersonId]

    def meet(self, groups: Iterable[str], people: Iterable[PersonId]) -> bool:
        """Return whether one of these groups or people is among them."""
        return not (self.groups.isdisjoint(groups) and self.people.isdisjoint(people))


@dataclass(slots=True)
class Boxes(State):
    """The boxes of a round, and where a small body appraised openly instead."""

    KIND = RoundId
    EVENTS = (BoxOpened, BoxVoided, OpenlyAppraised)
    opened: dict[BoxId, BoxOpened] = field(default_factory=dict)
    openly: list[OpenlyAppraised] = field(default_factory=list)

    def evolve(self, fact: Fact) -> None:
        """Take one more box into account; a void one is as if it had never been."""
        happened = typing.cast("BoxOpened | BoxVoided | OpenlyAppraised", fact.event)
        match happened:
            case BoxOpened():
                self.opened[happened.box] = happened
            case BoxVoided():
                self.opened.pop(happened.box, None)
            case OpenlyAppraised():
                self.openly.append(happened)
            case _:
                assert_never(happened)

    def require_none(self, component: str, meeting: MeetingId | None, voices: Voices) -> None:
        """Raise `Conflict` where these voted on it before: the difference of two counts would show single votes."""
        for known in self.opened.values():
            same = (known.component, known.meeting) == (component, meeting)
            if same and voices.meet(groups_of(known), (voter.person for voter in known.voters)):
                raise Conflict("voted-already", _voted(known.box))

    def require_not_open(self, component: str, meeting: MeetingId | None, voices: Voices) -> None:
        """Raise `Conflict` where these appraised it openly."""
        for known in self.openly:
            same = (known.component, known.meeting) == (component, meeting)
            if same and voices.meet((m.group for m in known.marks), (m.rater for m in known.marks)):
                raise Conflict("appraised-openly", _OPENLY)


def keeper_digest(keeper_pass: str) -> str:
    """Return what a box shows of its keeper's pass: SHA-256 in hex."""
    return sha256(keeper_pass.encode()).hexdigest()


_OVER = Text("票箱已经封存计票或作废；不再收发选票。", "The box is closed or void; no more sheets go out or come in.")
_NOT_THE_KEEPER = Text(
    "此项只能由票箱保管程序办理；请用投票、开箱、封箱的专门命令。",
    "This is for the keeper of the box alone; use the commands for voting, opening and closing.",
)
_OPENLY = Text(
    "该项已由小范围公开评议，不再投票。", "This was appraised openly by a small body; there is no ballot on it."
)


def _unknown(key: str) -> Text:
    return Text(f"没有票箱 {key}；请核对编号。", f"There is no ballot box {key}; check the id.")


def _voting_over(at: datetime) -> Text:
    return Text(f"投票已于 {deadline(at)} 截止。", f"Voting ended at {deadline(at)}.")


def _no_voter(person: str) -> Text:
    return Text(f"{person} 不在投票人名单上；请核对名单。", f"{person} is not on the list of voters; check the list.")


def _voted(box: str) -> Text:
    return Text(
        f"该项已有票箱 {box}；两次计票相减会暴露个人选票，只有作废后才能重投。",
        f"Box {box} is for this already; two counts would show single votes by their difference. Void it to repeat.",
    )
