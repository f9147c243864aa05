"""States kept between commands are what a fresh fold makes them, whoever else records, and whatever fails."""

import contextlib
import functools
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.decision import Command, Fact, Refused, Selector
from domain.ids import Document, ObjectionId, RoundId, RulebookId
from domain.sealed import Sealed
from ledger.engine import open_database
from ledger.folding import Recent
from ledger.ledger import Attachment, Ledger
from tests.ledger.toy import (
    SEEN,
    AdoptCharter,
    Everything,
    Look,
    Notes,
    Round,
    Whisper,
    Withdraw,
    a_confirmation,
    a_note,
    an_objection,
    person,
    toy_ledger,
)

rounds = st.sampled_from(["R1", "R2", "R3"])
names = st.sampled_from(["O1", "O2"])
people = st.sampled_from(["P1", "P2"])
withdrawals = st.builds(lambda r, o: Withdraw(round=RoundId(r), objection=ObjectionId(o)), rounds, names)
looks = st.builds(lambda r, p: Look(round=RoundId(r), person=person(p)), rounds, people)
commands = st.one_of(
    st.builds(an_objection, rounds, names),
    st.builds(a_confirmation, rounds),
    withdrawals,
    st.builds(a_note, st.text("ab", max_size=2), people),
    looks,
)


def seen_by(ledger: Ledger, look: Look) -> None:
    """Assert that the states a decision would be based on are those of a fresh fold."""
    ledger.execute(look, actor="P1")
    fresh = (ledger.fold(Round, look.round), ledger.fold(Notes, look.person), ledger.fold(Everything))
    assert [fresh] == SEEN


@given(st.lists(st.tuples(st.integers(0, 1), commands, st.booleans()), max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_kept_state_is_a_fresh_fold(steps: Sequence[tuple[int, Command, bool]]) -> None:
    engine = open_database("sqlite://")
    failing = [False]
    pair = [toy_ledger(engine, failpoint=functools.partial(fail_if, failing)) for _ in range(2)]
    for who, command, fails in steps:
        failing[0] = fails
        with contextlib.suppress(Refused, RuntimeError):
            pair[who].execute(command, actor="P1")
        failing[0] = False
    for ledger in pair:
        for round_name in ("R1", "R2", "R3"):
            seen_by(ledger, Look(round=RoundId(round_name), person=person("P1")))
    engine.dispose()


def fail_if(failing: list[bool], name: str) -> None:
    if failing[0] and name in {"append:facts-inserted", "append:committed"}:
        raise RuntimeError(name)


def test_a_state_whose_fold_broke_off_is_folded_anew(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        toy_ledger(engine).execute(a_note(str(number)), actor="P1")
    ledger, evolve = toy_ledger(engine), Notes.evolve

    def break_off(notes: Notes, fact: Fact) -> None:
        if fact.position == 3:
            raise RuntimeError
        evolve(notes, fact)

    look = Look(round=RoundId("R1"), person=person("P1"))
    with monkeypatch.context() as broken:
        broken.setattr(Notes, "evolve", break_off)
        with pytest.raises(RuntimeError):
            ledger.execute(look, actor="P1")
    seen_by(ledger, look)


def test_states_that_are_kept_no_longer_are_folded_anew(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = toy_ledger(engine)
    monkeypatch.setattr(ledger._deciding._cache, "_capacity", 2)  # noqa: SLF001 - so that five rounds are many
    for turn in range(3):
        for number in range(5):
            ledger.execute(an_objection(f"R{number}", f"O{turn}"), actor="P1")
    for number in range(5):
        seen_by(ledger, Look(round=RoundId(f"R{number}"), person=person("P1")))


def test_a_state_that_lags_far_behind_catches_up_from_the_database(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = toy_ledger(engine)
    ledger.execute(an_objection("R1", "O1"), actor="P1")
    monkeypatch.setattr(ledger._deciding._recent, "_capacity", 10)  # noqa: SLF001 - so that few facts are far
    for number in range(50):
        ledger.execute(a_note(str(number)), actor="P1")
    ledger.execute(an_objection("R1", "O2"), actor="P1")
    assert not ledger._deciding._recent.covers(1, 51)  # noqa: SLF001
    seen_by(ledger, Look(round=RoundId("R1"), person=person("P1")))


def test_threads_never_see_each_others_half_made_states(engine: Engine) -> None:
    ledger = toy_ledger(engine)
    wrong: list[object] = []

    def work(number: int) -> None:
        for turn in range(30):
            ledger.execute(an_objection("R1", f"O{number}-{turn}"), actor="P1")
            receipt = ledger.execute(a_confirmation(f"R{number}-{turn}"), actor="P1")
            if len(receipt.positions) != 1:
                wrong.append(receipt)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen_by(ledger, Look(round=RoundId("R1"), person=person("P1")))
    assert wrong == []
    state = ledger.fold(Round, "R1")
    assert isinstance(state, Round)
    assert len(state.objections) == 180


def test_a_fact_known_from_its_recording_is_the_one_that_is_read(engine: Engine) -> None:
    ledger = toy_ledger(engine)
    charter = Attachment.of("章程".encode(), "text/plain")
    ledger.execute(a_note('\U00020bb7 \\ " \n'), actor="P1", on_behalf_of="支部大会", command_id="c1")
    ledger.execute(Whisper(person=person("P1"), words=Sealed("李四")), actor="P1")
    adoption = AdoptCharter(charter=RulebookId("C1"), text=Document(charter.sha256))
    ledger.execute(adoption, actor="P1", attachments=[charter])
    ledger.execute(an_objection(), actor="P1")
    with pytest.raises(Refused):
        ledger.execute(a_confirmation(), actor="P1")
    deciding, facts = ledger._deciding, ledger._facts  # noqa: SLF001 - nothing outside tells where a fact comes from
    recent = deciding._recent  # noqa: SLF001
    known = recent.matching(Selector(), 0, 5, lambda at, of: facts.of_draft(of, at, ledger.attachment))
    assert list(known) == list(ledger.read())


# what was recorded last


def as_fact(position: int, entry: bytes) -> Fact:
    return Fact(position, None, entry.decode(), None, None)  # type: ignore[arg-type]


def read(recent: Recent, after: int, upto: int, selector: Selector = Selector()) -> list[tuple[int, str]]:  # noqa: B008
    return [(fact.position, fact.actor) for fact in recent.matching(selector, after, upto, as_fact)]


def test_what_was_recorded_last_is_known_without_a_gap() -> None:
    recent = Recent(capacity=3)
    recent.add(0, [("a", ("x",), b"1"), ("b", ("x", "y"), b"2")])
    recent.add(2, [("a", (), b"3")])
    assert (recent.end, recent.covers(0, 3), recent.covers(0, 4)) == (3, True, False)
    assert read(recent, 1, 3) == [(2, "2"), (3, "3")]
    assert read(recent, 0, 3, Selector(types=("a",))) == [(1, "1"), (3, "3")]
    assert read(recent, 0, 3, Selector(tags=("x",))) == [(1, "1"), (2, "2")]
    assert read(recent, 0, 3, Selector(types=("b",), tags=("x", "y"))) == [(2, "2")]


def test_after_somebody_else_has_recorded_it_begins_anew() -> None:
    recent = Recent(capacity=3)
    recent.add(0, [("a", (), b"1")])
    recent.add(5, [("a", (), b"6")])
    assert (recent.covers(0, 6), recent.covers(5, 6), read(recent, 5, 6)) == (False, True, [(6, "6")])


def test_what_is_older_is_let_go() -> None:
    recent = Recent(capacity=3)
    for position in range(10):
        recent.add(position, [("a", (), str(position + 1).encode())])
        recent.settled()
    assert (recent.covers(0, 10), recent.covers(7, 10)) == (False, True)
    assert read(recent, 7, 10) == [(8, "8"), (9, "9"), (10, "10")]
