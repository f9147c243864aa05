"""What the facts come to while they are replayed: raw facts are taken as they are, results are computed anew."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from domain.ballot_boxes import Box
from domain.ballots import BallotsCounted
from domain.calendars import Calendars
from domain.catalogues import Catalogues
from domain.decision import Event, Fact, State
from domain.drawn import MonthDrawn, RecordsDrawn
from domain.earlier import EarlierStars
from domain.ids import PersonId, id_field
from domain.lists import Lists
from domain.membership import Membership
from domain.months import Months, MonthSettled
from domain.notices import Notices
from domain.posts import EverybodysPosts
from domain.records import Entries
from domain.rounds import Round
from domain.scores import Scores
from domain.scoring import Scoring, score
from domain.tally import ResultComputed, Results, RoundTallied, content, retally
from domain.vetoes import Vetoes

Made = TypeVar("Made")
MADE = (RoundTallied, ResultComputed, RecordsDrawn, MonthDrawn, MonthSettled)
"""Facts that hold what was computed: they are compared, and never computed with."""


@dataclass(slots=True)
class RoundBook:
    """One round: its frame and scores, the results that a replay comes to, and those that were recorded."""

    this: Round
    scores: Scores
    results: Results
    lists: Lists
    notices: Notices
    recorded: dict[PersonId, ResultComputed] = field(default_factory=dict)
    computed_at: dict[PersonId, int] = field(default_factory=dict)
    changed: tuple[PersonId, ...] = ()
    """Whose result the newest tally changed."""
    scoring: Scoring = score

    @classmethod
    def of(cls, round_id: str, scoring: Scoring = score) -> "RoundBook":
        """Return the book of a round of which no fact was read yet."""
        states = (Round(round_id), Scores(round_id), Results(round_id), Lists(round_id), Notices(round_id))
        return cls(*states, scoring=scoring)

    @property
    def states(self) -> tuple[State, ...]:
        """Return the states that raw facts of the round are folded into."""
        return (self.this, self.scores, self.results, self.lists, self.notices)

    def tally(self, fact: Fact) -> None:
        """Compute the round anew, at the position of a tally that was recorded."""
        made = retally(self.this, self.scores, self.results, scoring=self.scoring)
        self.changed = tuple(each.person for each in made if isinstance(each, ResultComputed))
        for each in made:
            self.results.evolve(fact._replace(event=each))
        self.computed_at |= dict.fromkeys(self.changed, fact.position)

    def differs_from_the_record(self, person: PersonId) -> bool:
        """Return whether what was recorded of a person is not what a replay comes to."""
        known = self.recorded.get(person)
        return known is None or content(known) != content(self.results.latest[person])


@dataclass(slots=True)
class Books:
    """Everything that results are made of, as far as the facts have been read."""

    scoring: Scoring = score
    rounds: dict[str, RoundBook] = field(default_factory=dict)
    entries: dict[str, Entries] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    counted: list[BallotsCounted] = field(default_factory=list)
    """What the decision that is being read counted."""
    months: Months = field(default_factory=Months)
    membership: Membership = field(default_factory=Membership)
    calendars: Calendars = field(default_factory=Calendars)
    catalogues: Catalogues = field(default_factory=Catalogues)
    posts: EverybodysPosts = field(default_factory=EverybodysPosts)
    vetoes: Vetoes = field(default_factory=Vetoes)
    earlier: EarlierStars = field(default_factory=EarlierStars)
    _once: dict[Hashable, Any] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin with the facts of another decision."""
        self.counted.clear()
        self._once.clear()

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` makes, made once for all the facts of a decision."""
        if key not in self._once:
            self._once[key] = make()
        made: Made = self._once[key]
        return made

    def round(self, round_id: str) -> RoundBook:
        """Return the book of a round."""
        return self.rounds.setdefault(round_id, RoundBook.of(round_id, self.scoring))

    def take(self, fact: Fact) -> None:
        """Take a raw fact into account; of what was computed, only a tally is taken as the occasion to compute."""
        event = fact.event
        if isinstance(event, RoundTallied):
            self.round(event.round).tally(fact)
        elif isinstance(event, ResultComputed):
            self.round(event.round).recorded[event.person] = event
        elif not isinstance(event, MADE):
            for state in self._states(event):
                state.evolve(fact)
            if isinstance(event, BallotsCounted):
                self.counted.append(event)

    def put(self, fact: Fact, event: RecordsDrawn | MonthDrawn | MonthSettled) -> None:
        """Take what should have been recorded in a fact into account instead of what was."""
        state: State = self.months if isinstance(event, MonthSettled) else self.round(event.round).scores
        state.evolve(fact._replace(event=event))

    def _states(self, event: Event) -> Iterable[State]:
        kind = type(event)
        if kind in _OF_ROUNDS:
            yield from _taking(self.round(str(getattr(event, "round", ""))).states, event)
        if kind in _OF_BRANCHES:
            branch = str(getattr(event, id_field(kind, Entries.KIND)))
            yield self.entries.setdefault(branch, Entries(branch))
        if kind in _OF_BOXES:
            box = str(getattr(event, id_field(kind, Box.KIND)))
            yield self.box(box)
        everywhere = (self.membership, self.calendars, self.catalogues, self.posts, self.months)
        yield from _taking((*everywhere, self.vetoes, self.earlier), event)

    def box(self, box: str) -> Box:
        """Return a box, be it that nothing was read of it yet."""
        return self.boxes.setdefault(box, Box(box))


def _taking(states: Iterable[State], event: Event) -> Iterable[State]:
    return (state for state in states if isinstance(event, state.EVENTS))


_OF_ROUNDS = frozenset(kind for state in RoundBook.of("").states for kind in state.EVENTS)
_OF_BRANCHES = frozenset(Entries.EVENTS)
_OF_BOXES = frozenset(Box.EVENTS)
EVERYWHERE: tuple[type[State], ...] = (Membership, Calendars, Catalogues, EverybodysPosts, Vetoes, EarlierStars)
"""States that belong to no round: all of their facts are needed, whichever round is asked about."""

Numbers = Mapping[str, str | None]
"""What a fact publishes: the name of each number, and the number as it is written."""
