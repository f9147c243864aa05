"""The replay itself: decision after decision, each number that it published is held against what it should be."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from domain.ballots import BallotsCounted, BoxClosed
from domain.catalogues import parsed
from domain.confirmation import CorrectionDecided, StarConfirmed
from domain.decision import Event, Fact, Selector, State
from domain.ids import BranchId, RoundId, tag
from domain.notices import NoticeCorrected, NoticePosted, NoticeResumed
from domain.objections import ObjectionRuled
from domain.records import Entries
from domain.rounds import RoundOpened
from domain.scoring import ENGINE
from domain.tally import ResultComputed, RoundTallied
from domain.veto_rulings import VetoRuledOn
from ledger.ledger import Ledger
from projections.replay.books import EVERYWHERE, Books, Numbers
from projections.replay.counts import unfit_counts
from projections.replay.grounds import grounds_of
from projections.replay.moments import Moments
from projections.replay.numbers import numbers_of, written_out
from projections.replay.owed import RULES, UNFOUNDED, owed

UNFIT = "fact"
"""Stands in place of a number where nothing before a fact leads to it."""
MOMENT = "moment"
"""Stands in place of a number where a star was confirmed before it could be; what stood in the way is named."""
_FIRST_TAKEN = (NoticePosted, NoticeResumed, NoticeCorrected, RoundTallied, RoundOpened)
"""Facts that are taken into account before they are judged: what they say follows from them and what came before."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that was published otherwise than it should have been: in which fact, and what should stand there.

    None: nothing should, or nothing does. `clause` and `sources` are what the number follows from.
    """

    position: int
    type: str
    round: str
    person: str | None
    number: str
    published: str | None
    replayed: str | None
    clause: str
    sources: tuple[int, ...]


@dataclass(slots=True)
class Replayed:
    """What a replay came to: how much was read and compared, and every number that differs.

    `engines` are tallies made by an engine that this program does not have: they were computed anew with its own.
    """

    rounds: tuple[str, ...]
    facts: int = 0
    numbers: int = 0
    differences: list[Difference] = field(default_factory=list)
    engines: dict[int, int] = field(default_factory=dict)


def replay(ledger: Ledger, rounds: Collection[str] | None = None, upto: int | None = None) -> Replayed:
    """Return what published numbers of `rounds` (None: of all) differ from what facts and rulebooks come to."""
    opened = list(ledger.read((Selector((RoundOpened.NAME,)),), upto=upto))
    asked = [fact.event for fact in opened if isinstance(fact.event, RoundOpened)]
    found = Replayed(tuple(each.round for each in asked if rounds is None or each.round in rounds))
    walk = _Walk(found, None if rounds is None else frozenset(rounds))
    for _, decision in groupby(ledger.read(needed_for(opened, rounds), upto=upto), key=lambda fact: fact.command_id):
        walk.decide(list(decision))
    return found


def needed_for(opened: Sequence[Fact], rounds: Collection[str] | None) -> tuple[Selector, ...]:
    """Return the facts that are needed: all, or those of the rounds, of what they draw from, and of no round."""
    if rounds is None:
        return ()
    needed = {*rounds, *_months_behind(opened, rounds)}
    branches = {
        fact.event.branch for fact in opened if isinstance(fact.event, RoundOpened) and fact.event.round in needed
    }
    return (
        *(Selector((), (tag(RoundId, each),)) for each in sorted(needed)),
        *(Selector(_names(Entries), (tag(BranchId, branch),)) for branch in sorted(branches)),
        Selector(tuple(name for state in EVERYWHERE for name in _names(state))),
    )


def _months_behind(opened: Sequence[Fact], rounds: Collection[str]) -> Iterator[str]:
    """Yield the rounds of the months or quarters that a round may draw from, of whichever branch (AMB-A15)."""
    for fact in opened:
        year = fact.event
        if isinstance(year, RoundOpened) and year.round in rounds:
            behind = parsed(fact.document(year.document)).counted_in(year.period)
            for each in opened:
                if isinstance(each.event, RoundOpened) and each.event.period in behind:
                    yield each.event.round


def _names(state: type[State]) -> tuple[str, ...]:
    return tuple(kind.NAME for kind in state.EVENTS)


class _Walk:
    """Goes through the decisions of a ledger in order."""

    def __init__(self, found: Replayed, rounds: Collection[str] | None) -> None:
        """Tell `found` what differs in `rounds` (None: in all)."""
        self._found = found
        self._rounds = rounds
        self._books = Books()
        self._moments = Moments()

    def decide(self, facts: list[Fact]) -> None:
        """Judge and take the facts of one decision, then what can be said only of all of them together."""
        self._found.facts += len(facts)
        self._books.begin()
        for fact in facts:
            try:
                self._judge(fact)
            except UNFOUNDED:
                self._differs(fact, UNFIT, type(fact.event).NAME, None)
            self._moments.take(fact)
        kinds = {type(fact.event) for fact in facts}
        if RoundTallied in kinds:
            self._left_out(facts)
        if kinds & {ObjectionRuled, CorrectionDecided, VetoRuledOn}:
            self._rulings(facts)
        if kinds & {BallotsCounted, BoxClosed}:
            for fact, number, published, real in unfit_counts(self._books, facts):
                self._differs(fact, number, published, real)

    def _judge(self, fact: Fact) -> None:
        first = isinstance(fact.event, _FIRST_TAKEN)
        if first:
            self._books.take(fact)
        if type(fact.event) in RULES:
            self._compare(fact, owed(self._books, fact))
        if isinstance(fact.event, StarConfirmed):
            self._confirmed(fact, fact.event)
        if not first:
            self._books.take(fact)
        if isinstance(fact.event, RoundTallied) and fact.event.engine != ENGINE:
            self._found.engines[fact.position] = fact.event.engine

    def _compare(self, fact: Fact, should: Numbers | None) -> None:
        if should is None:
            self._differs(fact, UNFIT, type(fact.event).NAME, None)
            return
        said = numbers_of(fact.event)
        for number in {**said, **should}:
            self._found.numbers += self._asked(fact.event)
            if said.get(number) != should.get(number):
                self._differs(fact, number, said.get(number), should.get(number))

    def _confirmed(self, fact: Fact, confirmed: StarConfirmed) -> None:
        """Say what stood in the way of a confirmation at its moment, where its numbers are as they should be."""
        wrong = self._found.differences and self._found.differences[-1].position == fact.position
        obstacle = None if wrong else self._moments.obstacle(self._books, fact, confirmed)
        if obstacle is not None:
            self._differs(fact, MOMENT, "confirmed", obstacle)

    def _left_out(self, facts: Iterable[Fact]) -> None:
        """Name those whose result the tally changed, though no fact says so."""
        made = next(fact for fact in facts if isinstance(fact.event, RoundTallied))
        book = self._books.round(_round_of(made.event))
        said = {fact.event.person for fact in facts if isinstance(fact.event, ResultComputed)}
        for person in book.changed:
            if person not in said and book.differs_from_the_record(person):
                latest, known = book.results.latest[person], book.recorded.get(person)
                total = None if known is None else written_out(known.total)
                self._differs(made._replace(event=latest), "total", total, written_out(latest.total))

    def _rulings(self, facts: Sequence[Fact]) -> None:
        """Compare whom a ruling says that it touches with whose result its tally changed."""
        tallied = [fact.event.round for fact in facts if isinstance(fact.event, RoundTallied)]
        for fact in facts:
            if isinstance(fact.event, ObjectionRuled | CorrectionDecided | VetoRuledOn):
                touched = self._books.round(fact.event.round).changed if fact.event.round in tallied else ()
                self._compare(fact, {"touched": written_out(touched)})

    def _differs(self, fact: Fact, number: str, published: str | None, replayed: str | None) -> None:
        if not self._asked(fact.event):
            return
        round_id, person = _round_of(fact.event), getattr(fact.event, "person", getattr(fact.event, "about", None))
        clause, sources = grounds_of(self._books.round(round_id), fact.event, number)
        self._found.differences.append(
            Difference(
                fact.position, type(fact.event).NAME, round_id, person, number, published, replayed, clause, sources
            )
        )

    def _asked(self, event: Event) -> bool:
        return self._rounds is None or _round_of(event) in self._rounds


def _round_of(event: Event) -> str:
    return str(getattr(event, "round", ""))
