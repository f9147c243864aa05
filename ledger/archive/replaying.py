"""Every published result computed again from the facts it rests on, by the domain's own rules, and compared.

What a tally recorded must be what its scores, votes, entries and decisions come to; what a notice, a settled month, a
confirmation and a list then say must be what the tally said; what was drawn into a round must be what its source says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.confirmation import StarConfirmed
from domain.decision import Event, Fact, Refused
from domain.drawn import DrawnEntry, MonthDrawn, RecordsDrawn
from domain.findings import Invalid
from domain.ids import RoundId
from domain.lists import ListProposed
from domain.months import MonthSettled
from domain.notices import LinePosted
from domain.records import EntryCorrected, EntryProposed
from domain.rounds import Round, RoundOpened
from domain.scores import Scores
from domain.tally import ResultComputed, Results, RoundTallied, retally

Add = Callable[..., None]
"""Takes a kind of finding, a position and details (`ledger.verdict.Findings.add`)."""

_PUBLISHED: dict[type[Event], tuple[str, ...]] = {
    LinePosted: ("total", "star", "label"),
    StarConfirmed: ("total", "star", "label"),
    MonthSettled: ("total", "star", "label"),
}
_ENTRY = ("entry", "item", "points", "occurred_on", "amount", "level", "matter")
_UNUSABLE = (Refused, Invalid, LookupError, ValueError, TypeError, AttributeError, ArithmeticError)


@dataclass(slots=True)
class _Round:
    """One round's states, and the results that its newest tally still has to record."""

    frame: Round
    scores: Scores
    results: Results
    due: list[Event] = field(default_factory=list)


class Replay:
    """Follows every round; `whole`: all facts come along, so that what was drawn can be compared with its source."""

    def __init__(self, add: Add, *, whole: bool) -> None:
        """Add findings by `add`."""
        self._add = add
        self._whole = whole
        self._rounds: dict[str, _Round] = {}
        self._sources: dict[int, Event] = {}
        self.recomputed = 0

    def take(self, fact: Fact) -> None:
        """Take one more fact."""
        event = fact.event
        if isinstance(event, EntryProposed | EntryCorrected | MonthSettled):
            self._sources[fact.position] = event
        name = getattr(event, "round", None)
        if not isinstance(name, str):
            return
        if isinstance(event, RoundOpened):
            self._rounds[name] = _Round(Round(name), Scores(name), Results(name))
        this = self._rounds.get(name)
        if this is None:
            return
        try:
            self._check(this, fact)
            for state in (this.frame, this.scores, this.results):
                if isinstance(event, state.EVENTS):
                    state.evolve(fact)
        except _UNUSABLE as error:
            self._add("result-differs", fact.position, f"{name}: {type(error).__name__} {error}")

    def finish(self) -> None:
        """Find results that a last tally should have recorded."""
        for this in self._rounds.values():
            self._left_out(this, None)

    def _check(self, this: _Round, fact: Fact) -> None:
        event = fact.event
        if this.due and not (isinstance(event, ResultComputed) and event == this.due[0]):
            self._left_out(this, fact.position)
        match event:
            case RoundTallied():
                self._tallied(this, event, fact.position)
            case ResultComputed():
                self._computed(this, event, fact.position)
            case LinePosted() | StarConfirmed() | MonthSettled():
                names = _PUBLISHED[type(event)]
                if isinstance(event, MonthSettled) and not _adds_up(this.frame):
                    names = (*names, "components")
                self._same(this.results.latest.get(event.person), event, names, fact.position)
            case ListProposed():
                self._same(this.results.tallied, event, ("tally",), fact.position)
            case RecordsDrawn() | MonthDrawn() if self._whole:
                self._drawn(event, fact.position)

    def _tallied(self, this: _Round, event: RoundTallied, at: int) -> None:
        computed = retally(this.frame, this.scores, this.results)
        made = next((each for each in computed if isinstance(each, RoundTallied)), None)
        self._same(made, event, ("tally", "roster_size", "caps", "incomplete", "undecided"), at)
        this.due = [each for each in computed if isinstance(each, ResultComputed)]

    def _computed(self, this: _Round, event: ResultComputed, at: int) -> None:
        if this.due and this.due[0] == event:
            this.due.pop(0)
            self.recomputed += 1
        else:
            self._add("result-differs", at, f"{event.round} {event.person}")

    def _left_out(self, this: _Round, at: int | None) -> None:
        for due in this.due:
            self._add("result-differs", at, f"{this.frame.key} {getattr(due, 'person', '')}")
        this.due = []

    def _same(self, ours: object, theirs: Event, names: tuple[str, ...], at: int) -> None:
        missing = object()
        for name in names:
            if getattr(ours, name, missing) != getattr(theirs, name):
                who = getattr(theirs, "person", getattr(theirs, "round", RoundId("")))
                self._add("result-differs", at, f"{who} {name}: {getattr(theirs, name)} ≠ {getattr(ours, name, None)}")
                return

    def _drawn(self, event: RecordsDrawn | MonthDrawn, at: int) -> None:
        if isinstance(event, MonthDrawn):
            if not _is_month(event, self._sources.get(event.source)):
                self._add("source-differs", at, event.source)
            return
        for entry in event.entries:
            source: Any = self._sources.get(entry.position)
            if not _is_entry(entry, source):
                self._add("source-differs", at, entry.position)


def _adds_up(frame: Round) -> bool:
    """Return whether each part of the year counts on from the last: then what is settled is the part's own points."""
    return frame.rulebook.annual is not None and frame.rulebook.annual.carry


def _is_entry(entry: DrawnEntry, source: object) -> bool:
    missing = object()
    return all(getattr(entry, name) == getattr(source, name, missing) for name in _ENTRY)


def _is_month(drawn: MonthDrawn, source: object) -> bool:
    if not isinstance(source, MonthSettled):
        return False
    exact = {each.component: each.points for each in source.components}
    same = (drawn.person, drawn.period) == (source.person, source.period)
    return same and all(value == exact.get(code) for code, value in drawn.values.items())
