"""What is recorded can be read: a value that its event's own decoder would not take is refused, nothing is written."""

import dataclasses
import typing
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.catalogue import CATALOGUE
from domain.decision import Event, Refused
from ledger.appending import Draft
from ledger.entry import write_data
from ledger.facts import Facts
from ledger.failures import Damaged
from ledger.ledger import Ledger
from ledger.verification import verify
from tests.control_events import EVENTS
from tests.ledger.test_group_commit import Failpoints, answers, together
from tests.ledger.toy import Note, a_note, toy_ledger


def a_bad_note(words: object = 7, name: object = "P1") -> Note:
    """Return a command as only a program could make it, and one that no type checker has seen."""
    fields: dict[str, Any] = {"person": name, "words": words}
    return Note(**fields)


@pytest.mark.parametrize("words", [7, True, 1.5, ("a", "b"), {"a": 1}], ids=str)
def test_a_value_that_could_not_be_read_back_is_refused_and_nothing_written(engine: Engine, words: object) -> None:
    ledger = toy_ledger(engine)
    with pytest.raises(Refused, match="malformed-command") as refused:
        ledger.execute(a_bad_note(words), actor="P1", command_id="c1")
    assert "toy.Noted.v1 $.words" in refused.value.why.en
    assert "toy.Noted.v1 $.words" in refused.value.why.zh
    assert ledger.head().size == 0
    assert verify(ledger).findings == ()
    assert ledger.execute(a_note("right"), actor="P1", command_id="c1").positions == (1,)


def test_the_refusal_says_where_and_never_what_the_value_was(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="malformed-command") as refused:
        ledger.execute(a_bad_note({"confided": "by 李四"}), actor="P1")
    assert not {"confided", "李四"} & set(f"{refused.value.why} {refused.value}".replace("'", " ").split())


def test_control_without_reading_back_such_a_value_is_recorded_and_damages_the_ledger(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Facts, "read_back", lambda *_: None)
    ledger.execute(a_bad_note(), actor="P1")
    with pytest.raises(Damaged):
        list(ledger.read())


def test_others_in_the_same_transaction_are_recorded(engine: Engine) -> None:
    failpoints = Failpoints()
    ledger = failpoints.ledger = toy_ledger(engine, failpoint=failpoints)
    outcomes = together(ledger, failpoints, [(a_note("a"), "c1"), (a_bad_note(), "c2"), (a_note("b"), "c3")])
    assert answers(outcomes) == [(2,), "malformed-command", (3,)]
    assert [fact.command_id for fact in ledger.read(after=1)] == ["c1", "c3"]


LITERALS = [
    (event, field)
    for event in EVENTS.values()
    for field, hint in typing.get_type_hints(type(event)).items()
    if typing.get_origin(hint) is typing.Literal
]


@pytest.mark.parametrize(("event", "field"), LITERALS, ids=[f"{event.NAME} {field}" for event, field in LITERALS])
def test_a_word_outside_those_that_an_event_knows_is_refused(event: Event, field: str) -> None:
    facts = Facts(None, CATALOGUE.events)  # type: ignore[arg-type]  # nothing is looked up
    assert type(facts.read_back(a_draft(event))) is type(event)
    foreign: Event = dataclasses.replace(event, **{field: "neither"})  # type: ignore[type-var]
    with pytest.raises(Refused, match="malformed-command") as refused:
        facts.read_back(a_draft(foreign))
    assert f"{event.NAME} $.{field}" in refused.value.why.en


def a_draft(event: Event) -> Draft:
    data, _ = write_data(event, lambda: bytes(16))
    return Draft(event.NAME, data, (), "P1")
