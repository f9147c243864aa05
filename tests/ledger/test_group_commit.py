"""Commands that wait together are decided one after the other and committed at once; each is answered for itself."""

import asyncio
import threading
import time
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from domain.appointments import OpenLedger
from domain.decision import Catalogue, Command, Conflict, Context, Event, Fact, Refused, deciders
from domain.ids import Document, Evidence, RoundId, RulebookId
from domain.keeping import EraseSealed
from domain.sealed import Sealed
from ledger.ledger import Attachment, InDoubt, Ledger, Receipt
from ledger.verification import verify
from tests.ledger import toy
from tests.ledger.toy import (
    AdoptCharter,
    ConfirmationRefused,
    FilePaper,
    Noted,
    Notes,
    ReadCharter,
    Round,
    Whisper,
    Whispered,
    a_confirmation,
    a_note,
    an_objection,
    person,
    toy_ledger,
)

PAPER = Attachment.of(b"paper", "text/plain")
CHARTER = Attachment.of(b"charter", "text/plain")
Asked = tuple[Command, str]


class Failpoints:
    """Lets the first transaction, once it is armed, wait until the others are in the queue; fails in later ones."""

    def __init__(self) -> None:
        """Let everything pass."""
        self.awaited = 0
        self.passed: list[str] = []
        self.failing: dict[str, int] = {}
        self.failure: type[BaseException] = BrokenError
        self.ledger: Ledger | None = None

    def __call__(self, name: str) -> None:
        self.passed.append(name)
        if name == "append:locked" and self.awaited:
            awaited, self.awaited = self.awaited, 0
            until_queued(self.ledger, awaited)
        if self.failing.get(name, 0) and self.commits > (name == "append:committed"):
            self.failing[name] -= 1
            raise self.failure(name)

    def until_open(self) -> None:
        """Return once the first transaction is open: nobody who comes now is taken along in it."""
        give_up = time.monotonic() + 30
        while self.awaited:
            assert time.monotonic() < give_up
            time.sleep(0.001)

    @property
    def commits(self) -> int:
        """How many transactions were committed."""
        return self.passed.count("append:committed")


class BrokenError(Exception):
    """What the test lets happen."""


def until_queued(ledger: Ledger | None, number: int) -> None:
    assert ledger is not None
    give_up = time.monotonic() + 30
    while len(ledger._group._queue) < number:  # noqa: SLF001 - nothing outside tells
        assert time.monotonic() < give_up
        time.sleep(0.001)


@pytest.fixture
def failpoints() -> Failpoints:
    return Failpoints()


@pytest.fixture
def ledger(engine: Engine, failpoints: Failpoints) -> Ledger:
    failpoints.ledger = toy_ledger(engine, failpoint=failpoints)
    return failpoints.ledger


def together(
    ledger: Ledger, failpoints: Failpoints, asked: Sequence[Asked], attachments: Sequence[Attachment] = ()
) -> list[Receipt | BaseException]:
    """Send commands, each with its id, so that all of them share one transaction; return what became of each.

    A note before them opens the transaction during which they gather.
    """

    async def send() -> list[Receipt | BaseException]:
        first = asyncio.ensure_future(ledger.submit(a_note("before them"), actor="P1"))
        failpoints.awaited = len(asked)
        await asyncio.to_thread(failpoints.until_open)
        sent = [
            asyncio.ensure_future(ledger.submit(command, actor="P1", command_id=name, attachments=attachments))
            for command, name in asked
        ]
        await first
        return await asyncio.gather(*sent, return_exceptions=True)

    return asyncio.run(send())


def answers(outcomes: Sequence[Receipt | BaseException]) -> list[object]:
    """Return positions, or the code of a refusal, or the kind of failure."""
    return [
        each.positions if isinstance(each, Receipt) else each.code if isinstance(each, Refused) else type(each)
        for each in outcomes
    ]


# one transaction


def test_commands_that_wait_together_share_one_commit(ledger: Ledger, failpoints: Failpoints) -> None:
    asked = [(a_note(str(number)), f"c{number}") for number in range(20)]
    assert answers(together(ledger, failpoints, asked)) == [(number,) for number in range(2, 22)]
    assert failpoints.commits == 2
    assert [fact.command_id for fact in ledger.read(after=1)] == [name for _, name in asked]
    assert verify(ledger).findings == ()


def test_threads_that_wait_together_share_one_commit(ledger: Ledger, failpoints: Failpoints) -> None:
    failpoints.awaited = 7
    threads = [
        threading.Thread(target=ledger.execute, args=(a_note(str(number)),), kwargs={"actor": "P1"})
        for number in range(8)
    ]
    threads[0].start()
    failpoints.until_open()
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (ledger.head().size, failpoints.commits) == (8, 2)
    assert verify(ledger).findings == ()


def test_every_decision_sees_the_facts_of_the_commands_before_it(ledger: Ledger, failpoints: Failpoints) -> None:
    asked = [
        (an_objection("R1"), "c1"),
        (a_confirmation("R1"), "c2"),
        (a_confirmation("R2"), "c3"),
        (an_objection("R2"), "c4"),
        (an_objection("R1"), "c5"),
    ]
    assert answers(together(ledger, failpoints, asked)) == [(2,), "open-objection", (4,), "too-late", ()]
    assert failpoints.commits == 2
    assert isinstance(next(ledger.read(after=2)).event, ConfirmationRefused)
    assert ledger.execute(an_objection("R1", "O2"), actor="P1").positions == (5,)
    with pytest.raises(Conflict, match="open-objection"):
        ledger.execute(a_confirmation("R1"), actor="P1")
    assert verify(ledger).findings == ()


def test_documents_that_come_with_a_command_are_there_for_those_after_it(
    ledger: Ledger, failpoints: Failpoints
) -> None:
    asked: list[Asked] = [
        (AdoptCharter(charter=RulebookId("C1"), text=Document(CHARTER.sha256)), "c1"),
        (ReadCharter(charter=RulebookId("C1"), person=person("P1")), "c2"),
        (FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256)), "c3"),
        (FilePaper(person=person("P2"), paper=Evidence(PAPER.sha256)), "c4"),
    ]
    assert answers(together(ledger, failpoints, asked, [CHARTER, PAPER])) == [(2,), (3,), (4,), (5,)]
    noted = next(ledger.read(after=2)).event
    assert isinstance(noted, Noted)
    assert noted.words == str(len(CHARTER.content))
    assert verify(ledger).findings == ()


def test_words_are_sealed_and_erased_in_one_transaction(ledger: Ledger, failpoints: Failpoints) -> None:
    ledger.execute(OpenLedger(committee="c", registrar=person("R"), operator=person("P1")), actor="P1")
    ledger.execute(Whisper(person=person("P1"), words=Sealed("old")), actor="P1")
    (old,) = [fact.event.words.digest for fact in ledger.read() if isinstance(fact.event, Whispered)]
    asked: list[Asked] = [
        (Whisper(person=person("P1"), words=Sealed("new")), "c1"),
        (EraseSealed(digests=(old,), ordered_by="P1", ground="asked"), "c2"),
    ]
    assert answers(together(ledger, failpoints, asked)) == [(4,), (5,)]
    digests = [fact.event.words.digest for fact in ledger.read() if isinstance(fact.event, Whispered)]
    assert list(ledger.words(digests).values()) == ["new"]
    assert verify(ledger).findings == ()


# once


def test_a_command_that_comes_twice_into_one_transaction_happens_once(ledger: Ledger, failpoints: Failpoints) -> None:
    asked = [(a_note("x"), "c1"), (a_note("x"), "c1"), (a_note("y"), "c1"), (a_note("y"), "c2")]
    outcomes = together(ledger, failpoints, asked)
    assert answers(outcomes) == [(2,), (2,), "command-id-reused", (3,)]
    assert [each.repeated for each in outcomes if isinstance(each, Receipt)] == [False, True, False]
    assert verify(ledger).findings == ()


def test_what_was_done_before_is_answered_among_others(ledger: Ledger, failpoints: Failpoints) -> None:
    done = ledger.execute(a_note("x"), actor="P1", command_id="c1")
    outcomes = together(ledger, failpoints, [(a_note("y"), "c2"), (a_note("x"), "c1"), (a_note("z"), "c3")])
    assert answers(outcomes) == [(3,), done.positions, (4,)]


# each for itself


def test_a_refusal_concerns_its_own_command_alone(ledger: Ledger, failpoints: Failpoints) -> None:
    ledger.execute(a_confirmation("R1"), actor="P1")
    asked = [(a_note("x"), "c1"), (an_objection("R1"), "c2"), (a_note("x" * 70_000), "c3"), (a_note("y"), "c4")]
    assert answers(together(ledger, failpoints, asked)) == [(3,), "too-late", "entry-too-large", (4,)]
    assert failpoints.commits == 3
    assert ledger.execute(a_note("other"), actor="P1", command_id="c2").positions == (5,)
    assert verify(ledger).findings == ()


def test_a_decision_that_breaks_concerns_its_own_command_alone(
    ledger: Ledger, failpoints: Failpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    evolve = Round.evolve

    def breaks(state: Round, fact: Fact) -> None:
        if state.key == "R1" and state.objections:
            raise BrokenError
        evolve(state, fact)

    with monkeypatch.context() as broken:
        broken.setattr(Round, "evolve", breaks)
        asked = [(an_objection("R1", f"O{number}"), f"c{number}") for number in range(4)]
        asked.insert(2, (an_objection("R2"), "c9"))
        outcomes = together(ledger, failpoints, asked)
    assert answers(outcomes) == [(2,), (3,), (4,), BrokenError, BrokenError]
    with pytest.raises(Conflict, match="open-objection"):
        ledger.execute(a_confirmation("R1"), actor="P1")
    state = ledger.fold(Round, "R1")
    assert isinstance(state, Round)
    assert state.objections == {"O0", "O1"}
    assert verify(ledger).findings == ()


def test_a_state_whose_fold_broke_off_is_folded_anew_for_the_commands_after_it(
    ledger: Ledger, failpoints: Failpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    evolve, breaking = Notes.evolve, [BrokenError()]

    def breaks_once(notes: Notes, fact: Fact) -> None:
        if breaking and fact.position == 3:
            raise breaking.pop()
        evolve(notes, fact)

    monkeypatch.setattr(Notes, "evolve", breaks_once)
    look = toy.Look(round=RoundId("R1"), person=person("P1"))
    asked = [(a_note("a"), "c1"), (a_note("b"), "c2"), (look, "c3"), (look, "c4")]
    assert answers(together(ledger, failpoints, asked)) == [(2,), (3,), BrokenError, ()]
    assert [notes.words for _, notes, _ in toy.SEEN] == [["before them", "a", "b"]]


def test_a_decider_that_fails_concerns_its_own_command_alone(
    engine: Engine, failpoints: Failpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(asked: toy.Note, _context: Context, notes: Notes) -> list[Event]:
        if asked.words == "bad":
            raise BrokenError
        return [Noted(person=asked.person, words=f"{asked.words} after {len(notes.words)}")]

    catalogue = Catalogue.of(tuple(toy.TOY.events.values()), deciders(fails, toy.object_))
    monkeypatch.setattr(toy, "TOY", catalogue)
    ledger = failpoints.ledger = toy_ledger(engine, failpoint=failpoints)
    outcomes = together(ledger, failpoints, [(a_note("a"), "c1"), (a_note("bad"), "c2"), (a_note("b"), "c3")])
    assert answers(outcomes) == [(2,), BrokenError, (3,)]
    words = [fact.event.words for fact in ledger.read() if isinstance(fact.event, Noted)]
    assert words == ["before them after 0", "a after 1", "b after 2"]


# what fails for all


@pytest.mark.parametrize("name", ["append:locked", "append:facts-inserted", "append:head-advanced"])
def test_where_a_transaction_fails_before_its_commit_each_command_is_tried_alone(
    ledger: Ledger, failpoints: Failpoints, name: str
) -> None:
    failpoints.failing[name] = 1
    asked = [(an_objection("R1", f"O{number}"), f"c{number}") for number in range(4)]
    assert answers(together(ledger, failpoints, asked)) == [(2,), (3,), (4,), (5,)]
    assert failpoints.commits == 5
    assert_goes_on(ledger)


def test_what_fails_once_more_fails_for_that_command(ledger: Ledger, failpoints: Failpoints) -> None:
    failpoints.failing["append:facts-inserted"] = 2
    asked = [(an_objection("R1", f"O{number}"), f"c{number}") for number in range(4)]
    assert answers(together(ledger, failpoints, asked)) == [BrokenError, (2,), (3,), (4,)]
    assert_goes_on(ledger)


def test_what_fails_after_the_commit_has_happened_and_is_answered(ledger: Ledger, failpoints: Failpoints) -> None:
    failpoints.failing["append:committed"] = 1
    asked = [(an_objection("R1", f"O{number}"), f"c{number}") for number in range(4)]
    outcomes = together(ledger, failpoints, asked)
    assert answers(outcomes) == [(2,), (3,), (4,), (5,)]
    assert_goes_on(ledger)


@pytest.mark.parametrize("kept", [False, True])
def test_a_commit_that_fails_leaves_all_of_them_in_doubt_and_asking_again_settles_it(
    ledger: Ledger,
    failpoints: Failpoints,
    monkeypatch: pytest.MonkeyPatch,
    kept: bool,  # noqa: FBT001
) -> None:
    asked = [(an_objection("R1", "O1"), "c1"), (a_confirmation("R1"), "c2"), (a_confirmation("R2"), "c3")]
    asked += [(an_objection("R2"), "c4")]
    commits: list[object] = []

    def fail(connection: object) -> None:
        commits.append(connection)
        if kept or len(commits) == 1:
            connection.commit()  # type: ignore[attr-defined]
        if len(commits) > 1:
            raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("ledger.engine._hand_in", fail)
        outcomes = together(ledger, failpoints, asked)
    assert answers(outcomes) == [InDoubt] * 4
    assert ledger.head().size == 1 + 3 * kept
    again = together(ledger, failpoints, asked)
    assert answers(again)[1::2] == ["open-objection", "too-late"]
    assert [each.repeated for each in again if isinstance(each, Receipt)] == [kept, kept]
    assert_goes_on(ledger)


def test_where_a_leader_is_torn_away_nobody_is_told_that_his_facts_are_kept(
    ledger: Ledger, failpoints: Failpoints
) -> None:
    failpoints.failing["append:head-advanced"] = 1
    failpoints.failure = KeyboardInterrupt
    outcomes: list[object] = []

    def work(number: int) -> None:
        try:
            outcomes.append(ledger.execute(an_objection("R1", f"O{number}"), actor="P1", command_id=f"c{number}"))
        except BaseException as failure:  # noqa: BLE001 - that is what is looked at
            outcomes.append(type(failure))

    failpoints.awaited = 4
    first = threading.Thread(target=ledger.execute, args=(a_note("x"),), kwargs={"actor": "P1"})
    threads = [first, *(threading.Thread(target=work, args=(number,)) for number in range(4))]
    first.start()
    failpoints.until_open()
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(str, outcomes)) == sorted(map(str, [KeyboardInterrupt, InDoubt, InDoubt, InDoubt]))
    assert ledger.head().size == 1
    assert ledger.execute(an_objection("R1", "O0"), actor="P1", command_id="c0").positions == (2,)
    assert_goes_on(ledger)


def assert_goes_on(ledger: Ledger) -> None:
    """Decide on states that a failure must not have touched."""
    with pytest.raises(Conflict, match="open-objection"):
        ledger.execute(a_confirmation("R1"), actor="P1")
    ledger.execute(a_confirmation("R9"), actor="P1")
    with pytest.raises(Conflict, match="too-late"):
        ledger.execute(an_objection("R9"), actor="P1")
    assert [fact.position for fact in ledger.read()] == list(range(1, ledger.head().size + 1))
    assert verify(ledger).findings == ()


# coroutines


def test_a_coroutine_is_refused_as_a_thread_is(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="malformed-id"):
        asyncio.run(ledger.submit(a_note("x", name="no id"), actor="P1"))
    asyncio.run(ledger.submit(a_confirmation("R1"), actor="P1"))
    with pytest.raises(Conflict, match="too-late"):
        asyncio.run(ledger.submit(an_objection("R1"), actor="P1", command_id="c1"))


def test_who_is_cancelled_while_he_waits_has_not_taken_his_command_back(ledger: Ledger, failpoints: Failpoints) -> None:
    async def give_up() -> None:
        first = asyncio.ensure_future(ledger.submit(a_note("first"), actor="P1"))
        failpoints.awaited = 1
        await asyncio.to_thread(failpoints.until_open)
        second = asyncio.ensure_future(ledger.submit(a_note("second"), actor="P1", command_id="c2"))
        await asyncio.sleep(0)
        second.cancel()
        await first
        assert (await ledger.submit(a_note("second"), actor="P1", command_id="c2")).repeated

    asyncio.run(give_up())
    assert ledger.head().size == 2
