"""Proofs of a stored ledger: from the leaf column, from the entries, and against others' verifier."""

import pytest
from sqlalchemy import Engine

from ledger import tree
from ledger.failures import Damaged
from ledger.ledger import Ledger
from ledger.proofs import hashed_leaves, prove_record, prove_tree, roots_at, stored_leaves
from tests.ledger import second_verifier
from tests.ledger.proving import recursive_root
from tests.ledger.tampering import Tampered
from tests.ledger.toy import a_note, toy_ledger


@pytest.fixture
def noted(engine: Engine) -> Ledger:
    """Return a ledger of thirteen facts, read in pages of five."""
    ledger = toy_ledger(engine)
    for number in range(13):
        ledger.execute(a_note(str(number)), actor="P1")
    return ledger


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.proofs.PAGE_LEAVES", 5)


def test_every_fact_is_proved_to_be_in_every_later_tree(noted: Ledger) -> None:
    leaves = [row.leaf for row in noted.rows()]
    for size in range(1, 14):
        root = recursive_root(leaves[:size])
        for position in range(1, size + 1):
            proof = prove_record(noted, position, size)
            assert proof.leaf == leaves[position - 1]
            assert proof.holds_under(root)
            assert second_verifier.includes(position - 1, size, proof.leaf, proof.path, root)
            assert not proof.holds_under(bytes(32))


def test_every_tree_is_proved_to_extend_every_earlier_one(noted: Ledger) -> None:
    leaves = [row.leaf for row in noted.rows()]
    for new in range(14):
        for old in range(new + 1):
            before, after = recursive_root(leaves[:old]), recursive_root(leaves[:new])
            proof = prove_tree(noted, old, new)
            assert tree.check_tree(old, before, new, after, proof)
            assert second_verifier.extends(old, before, new, after, proof)


def test_roots_are_those_of_the_entries_at_each_size_asked_for(noted: Ledger) -> None:
    leaves = list(hashed_leaves(noted, 13))
    assert leaves == list(stored_leaves(noted, 13)) == [row.leaf for row in noted.rows()]
    assert roots_at(noted, [0, 5, 13, 14]) == {size: recursive_root(leaves[:size]) for size in (0, 5, 13)}
    assert roots_at(noted, []) == {}


def test_a_fact_or_tree_that_is_not_there_has_no_proof(noted: Ledger) -> None:
    for position, size in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="no such"):
            prove_record(noted, position, size)
    with pytest.raises(Damaged, match="Fact 14"):
        prove_record(noted, 2, 14)
    with pytest.raises(Damaged, match="Fact 14"):
        prove_tree(noted, 3, 20)


def test_other_ledgers_in_the_same_database_are_not_looked_at(noted: Ledger) -> None:
    other = toy_ledger(noted.engine, ledger_id="other")
    other.execute(a_note("x"), actor="P1")
    assert list(stored_leaves(other, 1)) == [row.leaf for row in other.rows()]


def test_leaves_of_the_entries_are_not_taken_from_the_column(shared_engine: Engine) -> None:
    tampered = Tampered(shared_engine)
    leaf = tampered.rewrite(3, "note 3", "note X")
    leaves = list(hashed_leaves(tampered.ledger, 12))
    assert leaves[2] == leaf != list(stored_leaves(tampered.ledger, 12))[2]


@pytest.mark.parametrize(
    "change", ["DELETE FROM {facts} WHERE position = 7", "UPDATE {facts} SET leaf = '' WHERE position = 7"]
)
def test_a_leaf_that_is_missing_or_none_is_named(shared_engine: Engine, change: str) -> None:
    tampered = Tampered(shared_engine)
    tampered.sql(change)
    with pytest.raises(Damaged, match="Fact 7"):
        prove_record(tampered.ledger, 2, 12)


def test_bytes_that_are_no_text_are_hashed_as_they_lie_there(shared_engine: Engine) -> None:
    tampered = Tampered(shared_engine)
    if tampered.sqlite:  # PostgreSQL can hold no such text
        tampered.sql("UPDATE {facts} SET entry = CAST(x'41ff' AS TEXT) WHERE position = 7")
        assert list(hashed_leaves(tampered.ledger, 12))[6] == tree.leaf_hash(b"A\xff")
