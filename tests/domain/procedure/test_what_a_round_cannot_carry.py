"""A round is refused under a rulebook that says what the procedure in the ledger has no facts for, naming it."""

from pathlib import Path

import pytest

import rulebooks
from domain.rulebook import parse_rulebook
from domain.rulebook.carried import uncarried
from tests.controls import ZHANG
from tests.domain.conftest import World
from tests.domain.procedure.conftest import OPEN, OPENING

SCHEMES = Path(__file__).parents[1] / "schemes"
PLACES = {
    "both-ends": ["components.peers.ballots"],
    "gates-and-probation": [],
    "named-stars": [],
    "quarterly-sums": [],
    "veto-and-multipliers": [],
}


@pytest.mark.parametrize("scheme", PLACES)
def test_each_construct_that_is_not_carried_is_named_with_a_remedy(scheme: str) -> None:
    found = uncarried(parse_rulebook((SCHEMES / f"{scheme}.toml").read_bytes()))
    assert [each.place for each in found] == PLACES[scheme]
    assert all("starledger score" in each.remedy.en for each in found)


@pytest.mark.parametrize("name", rulebooks.SHIPPED)
def test_the_shipped_rulebooks_are_carried_whole(name: str) -> None:
    assert uncarried(parse_rulebook(rulebooks.shipped(name))) == ()


def apart(document: bytes) -> bytes:
    """Return a rulebook in which what people give themselves does not count."""
    return document.replace(b"ballots = { minimum", b"ballots = { exclude_self = true, minimum", 1)


def test_a_round_is_not_opened_without_what_the_rulebook_says(ready: World) -> None:
    """Nothing may be computed as though what the rulebook says had not been written."""
    facts = [
        fact._replace(documents={name: apart(text) for name, text in fact.documents.items()}) for fact in ready.facts
    ]
    refusal = World(tuple(facts)).when(OPEN, actor=ZHANG, at=OPENING).refused("rulebook-not-carried")
    assert "components.masses.ballots" in refusal.why.en
    assert "评议组" in refusal.why.zh
    assert ready.when(OPEN, actor=ZHANG, at=OPENING).refusal is None
