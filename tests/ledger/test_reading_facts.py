"""Facts read page by page are the facts read one by one; what cannot be read is named, wherever in a page it stands."""

import pytest
from sqlalchemy import Engine

from domain.decision import NO_DOCUMENTS, Fact, Selector
from ledger.failures import Damaged
from tests.ledger.tampering import CHARTER, Tampered
from tests.ledger.toy import CharterAdopted, Noted, a_note, an_objection, toy_ledger


@pytest.fixture
def tampered(shared_engine: Engine) -> Tampered:
    return Tampered(shared_engine)


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
