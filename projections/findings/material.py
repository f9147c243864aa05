"""What the checks look at: the facts gathered once, by type and by round, and who held which office on which day."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from domain.appointments import Offices
from domain.dates import civil_date
from domain.decision import Event, Fact
from domain.ids import BranchId, MeetingId, PersonId, RoundId
from domain.meetings import MeetingConvened
from domain.roles import BRANCH_OFFICERS
from domain.rounds import Round
from ledger.entry import ForeignEvent

E = TypeVar("E", bound=Event)
K = TypeVar("K", bound=Hashable)

SHOWN_FROM = 5
"""Fewer are not shown where the rulebook says nothing of ballots (design §3)."""


@dataclass(slots=True)
class Gathered:
    """Facts by the type of their events, each list in the order of the ledger."""

    facts: dict[type[Event], list[Fact]] = field(default_factory=dict)

    def add(self, fact: Fact) -> None:
        """Take one more fact."""
        self.facts.setdefault(type(fact.event), []).append(fact)

    def of(self, kind: type[E]) -> Iterator[tuple[Fact, E]]:
        """Yield the facts of one type, each with its event, oldest first."""
        for fact in self.facts.get(kind, ()):
            yield fact, fact.event  # type: ignore[misc] # gathered by this very type


@dataclass(slots=True)
class Evaluation(Gathered):
    """The facts of one round, and its frame."""

    frame: Round = field(default_factory=Round)

    @property
    def where(self) -> str:
        """Return the tag of the round."""
        return f"round:{self.frame.key}"

    @property
    def shown_from(self) -> int:
        """Return the fewest voices of which anything is shown."""
        box = self.frame.rulebook.conduct.ballot_box
        return SHOWN_FROM if box is None else box.shown_from


@dataclass(slots=True)
class Material(Gathered):
    """Everything that a ledger says, up to some fact."""

    offices: Offices = field(default_factory=Offices)
    rounds: dict[RoundId, Evaluation] = field(default_factory=dict)
    meetings: dict[MeetingId, MeetingConvened] = field(default_factory=dict)

    @property
    def shown_from(self) -> int:
        """Return the fewest voices of which anything is shown in every round."""
        return max((each.shown_from for each in self.evaluations()), default=SHOWN_FROM)

    def evaluations(self) -> list[Evaluation]:
        """Return the rounds that were opened, in that order."""
        return [each for each in self.rounds.values() if each.frame.opened is not None]

    def branch_of(self, event: Event) -> BranchId | None:
        """Return the branch an event is about: its own field, or that of its round."""
        if (own := getattr(event, "branch", None)) is not None:
            return BranchId(own)
        known = self.rounds.get(getattr(event, "round", RoundId("")))
        return known.frame.opened.branch if known is not None and known.frame.opened is not None else None

    def leads(self, actor: str, branch: BranchId | None, fact: Fact) -> bool:
        """Return whether somebody was secretary, deputy or committee member of a branch when a fact was recorded."""
        return self.offices.holds(PersonId(actor), BRANCH_OFFICERS, branch, civil_date(fact.recorded_at))


def gather(facts: Iterable[Fact]) -> Material:
    """Return the material that facts, in the order of the ledger, make; facts of other programs are passed over."""
    material = Material()
    for fact in facts:
        if isinstance(fact.event, ForeignEvent):
            continue
        material.add(fact)
        if isinstance(fact.event, Offices.EVENTS):
            material.offices.evolve(fact)
        if isinstance(fact.event, MeetingConvened):
            material.meetings[fact.event.meeting] = fact.event
        if (key := getattr(fact.event, "round", None)) is not None:
            _into(material.rounds, RoundId(key), fact)
    return material


def _into(rounds: dict[RoundId, Evaluation], key: RoundId, fact: Fact) -> None:
    evaluation = rounds.setdefault(key, Evaluation(frame=Round(key)))
    evaluation.add(fact)
    if isinstance(fact.event, Round.EVENTS):
        evaluation.frame.evolve(fact)


def newest(pairs: Iterable[tuple[Fact, E]], key: Callable[[E], K]) -> dict[K, tuple[Fact, E]]:
    """Return of each key the pair whose fact came last, in the order in which keys came first."""
    found: dict[K, tuple[Fact, E]] = {}
    for fact, event in sorted(pairs, key=lambda pair: pair[0].position):
        found[key(event)] = (fact, event)
    return found


def grouped(pairs: Iterable[tuple[Fact, E]], key: Callable[[Fact, E], K | None]) -> dict[K, list[tuple[Fact, E]]]:
    """Return pairs by key, in the order in which keys come; those without one (None) are left out."""
    found: dict[K, list[tuple[Fact, E]]] = {}
    for fact, event in pairs:
        if (of := key(fact, event)) is not None:
            found.setdefault(of, []).append((fact, event))
    return found


def positions(*pairs: tuple[Fact, Event]) -> tuple[int, ...]:
    """Return where the facts stand, in order."""
    return tuple(sorted(fact.position for fact, _ in pairs))
