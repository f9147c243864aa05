"""Facts read page by page are the facts read one by one; what cannot be read is named, wherever in a page it stands."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine

from domain.decision import NO_DOCUMENTS, Catalogue, Fact, Selector
from ledger.clock import SystemClock
from ledger.engine import asking, recording
from ledger.entry import ForeignEvent
from ledger.failures import Damaged
from ledger.ledger import Ledger
from ledger.store import Joined, Store
from tests.ledger.conftest import Opener
from tests.ledger.tampering import CHARTER, Tampered
from tests.ledger.toy import TOY, CharterAdopted, Noted, Round, a_note, an_objection, toy_ledger

PG_CHANGE = "UPDATE ledger.head SET size = 7"
Change = Callable[[list[Any]], list[Any]]


@pytest.fixture
def tampered(shared_engine: Engine) -> Tampered:
    return Tampered(shared_engine)


@pytest.fixture
def notes(shared_engine: Engine) -> Ledger:
    """Return a ledger of facts of known types only."""
    ledger = toy_ledger(shared_engine)
    for number in range(6):
        ledger.execute(a_note(f"note {number}"), actor="P1")
    return ledger


@pytest.fixture
def sqlite_ledger(sqlite_url: str, opened: Opener) -> Ledger:
    return toy_ledger(opened(sqlite_url))


@pytest.mark.parametrize("rows", [1, 3, 256])
def test_facts_are_the_same_in_pages_of_any_size(
    tampered: Tampered, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    expected = [next(tampered.ledger.read(after=position, upto=position + 1)) for position in range(12)]
    monkeypatch.setattr("ledger.ledger.READ_ROWS", rows)
    assert list(tampered.ledger.read()) == expected
    assert list(tampered.ledger.read(after=2, limit=7)) == expected[2:9]
    assert [fact.position for fact in expected] == list(range(1, 13))


def test_only_facts_that_name_documents_bring_them_along(tampered: Tampered) -> None:
    brought = {fact.position: fact.documents for fact in tampered.ledger.read() if fact.documents is not NO_DOCUMENTS}
    assert brought == {10: {CHARTER.sha256: b"charter"}}
    (adopted,) = tampered.ledger.read((Selector(types=(CharterAdopted.NAME,)),))
    assert isinstance(adopted.event, CharterAdopted)
    assert adopted.document(adopted.event.text) == b"charter"


@pytest.mark.parametrize("position", [1, 5, 12])
def test_an_entry_that_cannot_be_read_is_named(tampered: Tampered, position: int) -> None:
    tampered.rewrite(position, '{"position"', "<")
    with pytest.raises(Damaged) as damaged:
        list(tampered.ledger.read())
    assert damaged.value.position == position


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries[::-1],
        lambda entries: [entries[1], entries[0], *entries[2:]],
        lambda entries: entries[1:],
        lambda entries: entries[:-1],
        lambda entries: [*entries, entries[-1]],
        lambda entries: [entries[0], *entries[:-1]],
        lambda _: [],
    ],
    ids=["backwards", "swapped", "without-the-first", "without-the-last", "one-twice", "one-for-another", "none"],
)
@pytest.mark.parametrize("selectors", [(), (Selector(tags=("person:P1",)),)])
def test_a_page_that_an_engine_puts_together_in_another_way_is_read_row_by_row(
    notes: Ledger, monkeypatch: pytest.MonkeyPatch, change: Change, selectors: tuple[Selector, ...]
) -> None:
    expected = list(notes.read(selectors))
    assert len(expected) > 2
    joining = Store.read_joined

    def otherwise(store: Store, *asked: Any, **page: Any) -> Joined:  # noqa: ANN401 - what `read_joined` takes
        joined = joining(store, *asked, **page)
        if joined.entries is None:
            return joined
        entries = change(msgspec.json.decode(joined.entries))
        return replace(joined, entries=msgspec.json.encode(entries) if entries else None)

    monkeypatch.setattr(Store, "read_joined", otherwise)
    assert list(notes.read(selectors)) == expected


@pytest.mark.parametrize("selectors", [(), (Selector(tags=("person:P1",)),)])
def test_a_page_in_order_is_not_read_row_by_row(
    notes: Ledger, monkeypatch: pytest.MonkeyPatch, selectors: tuple[Selector, ...]
) -> None:
    monkeypatch.delattr(Store, "read_entries")
    assert [fact.position for fact in notes.read(selectors)] == list(range(1, 7))


def test_facts_of_types_that_this_program_does_not_know_are_read_among_the_others(tampered: Tampered) -> None:
    known = {name: kind for name, kind in TOY.events.items() if kind is not Noted}
    catalogue = Catalogue(known, TOY.deciders)
    older = Ledger(tampered.ledger.engine, "main", catalogue=catalogue, clock=SystemClock(), fingerprint_key=b"toy")
    read = list(older.read())
    foreign = [fact.position for fact in read if isinstance(fact.event, ForeignEvent)]
    assert [fact.position for fact in read] == list(range(1, 13))
    assert {fact.position for fact in tampered.ledger.read((Selector(types=(Noted.NAME,)),))} <= set(foreign)
    assert len(foreign) < len(read)


def test_an_entry_that_claims_another_place_does_not_lead_the_reading_astray(
    tampered: Tampered, monkeypatch: pytest.MonkeyPatch
) -> None:
    tampered.rewrite(3, '"position":3', '"position":1')
    monkeypatch.setattr("ledger.ledger.READ_ROWS", 3)
    assert len(list(tampered.ledger.read())) == 12


def test_a_selection_across_pages_is_complete_and_in_order(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = toy_ledger(engine)
    for number in range(30):
        ledger.execute(a_note(str(number)) if number % 3 else an_objection(name=f"O{number}"), actor="P1")
    monkeypatch.setattr("ledger.ledger.PAGE_ROWS", 4)
    positions = [fact.position for fact in ledger.read((Selector(types=(Noted.NAME,)),))]
    assert positions == [number + 1 for number in range(30) if number % 3]


def test_a_fact_cannot_be_changed(tampered: Tampered) -> None:
    fact: Fact = next(tampered.ledger.read())
    with pytest.raises(AttributeError):
        fact.position = 2  # type: ignore[misc]


def test_a_decision_on_one_state_asks_once_for_the_head_and_for_the_facts(sqlite_ledger: Ledger) -> None:
    sqlite_ledger.execute(an_objection(), actor="P1")
    fresh = toy_ledger(sqlite_ledger.engine)
    asked: list[str] = []
    with asking(fresh.engine) as connection:
        connection.set_trace_callback(asked.append)
    fresh.preview(an_objection(name="O2"), actor="P1")
    assert len(asked) == 1


def test_a_preview_folds_no_fact_past_the_head(tampered: Tampered) -> None:
    before = tampered.ledger.fold(Round, "R1")
    tampered.insert(13, tampered.entry(11).decode().replace('"position":11', '"position":13'), "toy.Objected.v1")
    fresh = toy_ledger(tampered.ledger.engine)
    assert fresh.fold(Round, "R1") == before
    fresh.preview(an_objection(name="O2"), actor="P1")


def test_a_connection_that_was_only_asked_records_in_transactions_afterwards(shared_engine: Engine) -> None:
    ledger = toy_ledger(shared_engine)
    ledger.execute(a_note("kept"), actor="P1")
    shared_engine.dispose()  # else the connection that recorded would record again
    with asking(shared_engine) as connection:
        asked_on = connection
    with pytest.raises(ZeroDivisionError), recording(shared_engine) as connection:  # noqa: PT012 - inside it is the point
        assert connection is asked_on
        connection.execute("UPDATE head SET size = 7" if shared_engine.dialect.name == "sqlite" else PG_CHANGE)
        raise ZeroDivisionError
    assert ledger.head().size == 1
