"""The history of something, what two moments differ by, and what a replay came to, as told (A1, A2)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypedDict, cast

import msgspec

from domain.catalogues import parsed
from domain.decision import Fact, Selector
from domain.rounds import RoundOpened
from ledger.ledger import Ledger
from projections.asof import Changed
from projections.compare import Line, line_of
from projections.disclosed_facts import FactReader
from projections.disclosed_rows import RowCurtain
from projections.fact_notes import FactNote, note
from projections.history import facts_at
from projections.names import erased_digests, names_in
from projections.replay import Difference, Replayed
from projections.sentences import Telling


class NoteTold(TypedDict):
    """One fact in one sentence: `evidence` are the SHA-256 names of its attachments, `earlier` what it replaced."""

    position: int
    type: str
    recorded_at: str
    occurred_on: str | None
    late: bool
    days_late: int | None
    actor: str
    on_behalf_of: str | None
    sentence: dict[str, str]
    evidence: list[str]
    earlier: Any


class ChangedLine(msgspec.Struct, frozen=True):
    """A line of a table that is not the same at both moments, and the facts that did it."""

    table: str
    kind: str
    key: Mapping[str, Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    facts: Sequence[int]


class ComparedTold(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """What two moments differ by, line by line, and the facts that did it, each in one sentence."""

    first: int
    last: int
    lines: list[ChangedLine]
    facts: list[NoteTold]


class EngineTold(msgspec.Struct, frozen=True):
    """A tally by a version of the engine that this program does not have."""

    position: int
    engine: int


class ReplayedTold(msgspec.Struct, frozen=True):
    """How many rounds, facts and numbers were computed again, and which numbers came out otherwise."""

    rounds: Sequence[str]
    facts: int
    numbers: int
    engines: list[EngineTold]
    differences: list[Difference]


def facts_of(curtain: RowCurtain) -> FactReader | None:
    """Return what stands between single facts and a viewer; None where nothing does."""
    return None if curtain.disclosures.sees_everything else FactReader(curtain.disclosures)


def telling_before(curtain: RowCurtain, upto: int | None) -> Telling:
    """Return how facts up to a position are put into sentences before a viewer."""
    ledger = curtain.disclosures.ledger
    return Telling(names_in(ledger, upto), erased=erased_digests(ledger, upto), curtain=facts_of(curtain))


def notes_of(facts: Iterable[Fact], person: str | None, curtain: RowCurtain, upto: int | None) -> list[FactNote]:
    """Return facts as notes, as far as they stand in the list of those that mention a person (None: of all)."""
    telling, reader = telling_before(curtain, upto), facts_of(curtain)
    return [note(fact, telling) for fact in facts if reader is None or reader.listed(fact, person)]


def as_told(note: FactNote) -> NoteTold:
    """Return a note as JSON-ready values."""
    return cast("NoteTold", note.as_json())


def compared(
    positions: Sequence[int], found: Iterable[Changed], curtain: RowCurtain
) -> tuple[ComparedTold, list[Line], list[FactNote]]:
    """Return what two moments differ by before a viewer, as told, with its lines and notes."""
    lines = [line_of(each, curtain) for each in found]
    facts = facts_at(curtain.disclosures.ledger, {position for line in lines for position in line.facts})
    notes = notes_of((fact for _, fact in sorted(facts.items())), None, curtain, max(positions))
    told = ComparedTold(positions[0], positions[1], [_line(each) for each in lines], [as_told(each) for each in notes])
    return told, lines, notes


def _line(line: Line) -> ChangedLine:
    return ChangedLine(line.table, line.kind, line.key, line.before, line.after, line.facts)


def rounds_asked(ledger: Ledger, round_id: str | None, year: str | None, upto: int | None) -> frozenset[str]:
    """Return the round asked for, or those of a year and its months."""
    return frozenset(
        fact.event.round
        for fact in ledger.read((Selector((RoundOpened.NAME,)),), upto=upto)
        if isinstance(fact.event, RoundOpened) and (fact.event.round == round_id or _year_of(fact, fact.event) == year)
    )


def _year_of(fact: Fact, opened: RoundOpened) -> str:
    return parsed(fact.document(opened.document)).year.year_of(opened.period)


def replayed(found: Replayed, differences: Collection[Difference]) -> ReplayedTold:
    """Return what a replay came to; `differences` as far as they may be shown."""
    engines = [EngineTold(position, engine) for position, engine in found.engines.items()]
    return ReplayedTold(found.rounds, found.facts, found.numbers, engines, list(differences))
