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
    "both-ends": ["floors", "components.peers.ballots"],
    "gates-and-probation": ["gates", "probation", "consequences"],
    "named-stars": ["result.kind", "named_stars"],
    "quarterly-sums": [],
    "veto-and-multipliers": ["result.kind", "vetoes"],
}


@pytest.mark.parametrize("scheme", PLACES)
def test_each_construct_that_is_not_carried_is_named_with_a_remedy(scheme: str) -> None:
    found = uncarried(parse_rulebook((SCHEMES / f"{scheme}.toml").read_bytes()))
    assert [each.place for each in found] == PLACES[scheme]
    assert all("starledger score" in each.remedy.en for each in found)


@pytest.mark.parametrize("name", rulebooks.SHIPPED)
def test_the_shipped_rulebooks_are_carried_whole(name: str) -> None:
    assert uncarried(parse_rulebook(rulebooks.shipped(name))) == ()


VETO = """
[[vetoes]]
code = "case"
title = { zh = "受党纪处分", en = "a disciplinary penalty" }
effect = "lowest"
declared_by = "纪检委员"
clause = "A-23"

[component_range]
"""


def test_a_round_is_not_opened_without_what_the_rulebook_says(ready: World) -> None:
    """Nothing may be computed as though a veto had not been written."""
    facts = [
        fact._replace(
            documents={
                name: text.replace(b"\n[component_range]\n", VETO.encode(), 1) for name, text in fact.documents.items()
            }
        )
        for fact in ready.facts
    ]
    refusal = World(tuple(facts)).when(OPEN, actor=ZHANG, at=OPENING).refused("rulebook-not-carried")
    assert "vetoes" in refusal.why.en
    assert "一票否决" in refusal.why.zh
    assert ready.when(OPEN, actor=ZHANG, at=OPENING).refusal is None
