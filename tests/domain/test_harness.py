"""The harness folds what a ledger would fold, and finds what does not hold."""

import dataclasses

import pytest

from domain.catalogue import CATALOGUE
from domain.decision import Fact, Selector, replace
from domain.ids import RoundId
from domain.organisation import BranchFounded, PersonRegistered
from domain.rounds import Round
from domain.sealed import Sealed
from ledger.clock import SimulatedClock
from ledger.engine import open_database
from ledger.ledger import Ledger
from ledger.store import Attachment
from tests.control_events import EVENTS
from tests.controls import DOCUMENTS, OPERATOR, PAPER, REGISTRAR, ROUND, STORY
from tests.domain.conftest import World, selected

FOUNDED = EVENTS[BranchFounded]


def told(fact: Fact) -> tuple[object, ...]:
    """Return what a fact tells, without sealed words, whose digests are salted."""
    named = ((field.name, getattr(fact.event, field.name)) for field in dataclasses.fields(fact.event))  # type: ignore[arg-type]
    open_fields = [(name, value) for name, value in named if not isinstance(value, Sealed)]
    return (fact.position, fact.recorded_at, fact.actor, type(fact.event), open_fields)


def test_the_story_makes_the_same_facts_in_a_ledger(in_the_end: World, sqlite_url: str) -> None:
    clock = SimulatedClock(STORY[0].at)
    ledger = Ledger(open_database(sqlite_url), "story", catalogue=CATALOGUE, clock=clock, fingerprint_key=b"k" * 32)
    rules = [Attachment(name, "application/toml", content) for name, content in DOCUMENTS.items()]
    papers = [*rules, Attachment(PAPER, "text/plain", b"a paper")]
    for step in STORY:
        clock.set(step.at)
        ledger.execute(step.asked, actor=step.actor, attachments=papers)
    kept, played = list(ledger.read()), in_the_end.facts
    assert [told(fact) for fact in kept] == [told(fact) for fact in played]


def test_a_state_is_folded_from_its_own_facts_alone(in_the_end: World) -> None:
    here, elsewhere = in_the_end.fold(Round, ROUND), in_the_end.fold(Round, RoundId("other"))
    assert isinstance(here, Round)
    assert isinstance(elsewhere, Round)
    assert here.opened is not None
    assert elsewhere.opened is None


def test_facts_are_selected_by_type_and_by_every_tag(in_the_end: World) -> None:
    of_round = selected(in_the_end.facts, Selector((), (f"round:{ROUND}",)))
    scores = selected(in_the_end.facts, Selector(("score.Recorded.v1",), (f"round:{ROUND}", "person:wu")))
    assert 0 < len(scores) < len(of_round) < len(in_the_end.facts)
    assert selected(in_the_end.facts, Selector((), (f"round:{ROUND}", "round:other"))) == []


def test_later_decisions_see_digests_and_no_words(nothing: World) -> None:
    world = nothing.after(PersonRegistered(person=REGISTRAR, full_name=Sealed("words")))
    kept = world.facts[0].event
    assert isinstance(kept, PersonRegistered)
    assert kept.full_name.text is None
    assert kept.full_name.digest


def test_what_does_not_hold_is_found(nothing: World) -> None:
    opening = STORY[0].asked
    with pytest.raises(AssertionError):
        nothing.when(opening, actor=OPERATOR).then(FOUNDED)
    with pytest.raises(AssertionError):
        nothing.when(opening, actor=OPERATOR).then_nothing()
    with pytest.raises(AssertionError, match="not refused"):
        nothing.when(opening, actor=OPERATOR).refused("wrong-office")
    with pytest.raises(AssertionError):
        nothing.when(opening, actor=REGISTRAR).refused("another-code")
    with pytest.raises(AssertionError, match="wrong-office"):
        nothing.when(opening, actor=REGISTRAR).then()
    with pytest.raises(AssertionError):
        nothing.play([replace(STORY[0], actor=REGISTRAR)])
