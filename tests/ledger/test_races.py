"""Two who decide at once: an objection and a confirmation never both stand, and the control shows they could."""

import asyncio
import functools
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from random import Random

import pytest
from sqlalchemy import Engine

from domain.decision import Command, Refused
from ledger.appending import Appending
from ledger.deciding import Deciding, Order
from ledger.folding import Folded, Lent
from ledger.ledger import Ledger
from ledger.verification import verify
from tests.experiments import Notebook
from tests.ledger.conftest import Opener
from tests.ledger.toy import Confirmed, Objected, Round, a_confirmation, a_note, an_objection, toy_ledger

PROMISE, IN_GROUPS = "nothing is decided on stale facts", "objection and confirmation decided in one transaction"
RACES = 500
SEED = 20260105


class FoldsFirst(Deciding):
    """Waits, once it has folded outside the lock, until its opponent has done so too: the worst moment."""

    meeting: threading.Barrier

    def _fold_ahead(self, lent: Lent, orders: Sequence[Order]) -> None:
        super()._fold_ahead(lent, orders)
        self.meeting.wait(60)


class DecidesOnStaleStates(FoldsFirst):
    """The control: everything is folded before the head is locked, and nothing that is newer afterwards."""

    def _fold_ahead(self, lent: Lent, orders: Sequence[Order]) -> None:
        self._recent.forget()
        super()._fold_ahead(lent, orders)

    def _catch_up(self, appending: Appending, states: Sequence[Folded]) -> None:
        """Leave the states as they are."""


@dataclass(frozen=True)
class Outcome:
    """Who won, and in how many races both did."""

    races: int
    objected: int
    confirmed: int
    wrong: int

    @property
    def figures(self) -> dict[str, int]:
        """Return the line for the notebook."""
        return {"objected": self.objected, "confirmed": self.confirmed, "both stand": self.wrong}


def race(engines: tuple[Engine, Engine], kind: type[FoldsFirst]) -> Outcome:
    """Let an objection and a confirmation of the same round start together, in one round after the other."""
    kind.meeting = threading.Barrier(2)
    pair = [toy_ledger(engine, deciding=kind) for engine in engines]
    # Who has which command is drawn by lot: threads that win in turns must not meet sides that change in turns.
    lot = Random(SEED)  # noqa: S311 - a seeded lot that replays
    sides: tuple[list[Command], list[Command]] = ([], [])
    for number in range(RACES):
        commands = [an_objection(f"R{number}"), a_confirmation(f"R{number}")]
        lot.shuffle(commands)
        for side, asked in zip(sides, commands, strict=True):
            side.append(asked)
    run_together([functools.partial(send_each, *each) for each in zip(pair, sides, strict=True)])
    return outcome(toy_ledger(engines[0]))


class DecidesOnWhatWasBeforeTheBatch(Deciding):
    """The control: a decision does not see the commands that are decided before it in the same transaction."""

    def _catch_up(self, appending: Appending, states: Sequence[Folded]) -> None:
        decided = len(appending.pending.entries)
        before = appending.head.size - decided
        self._facts.catch_up(appending.connection, [state for state in states if state.position < before], before)


def race_in_groups(engine: Engine, kind: type[Deciding]) -> Outcome:
    """Let an objection and a confirmation of the same round wait together, those of ten rounds at a time.

    Half of the rounds' commands come through coroutines, half from threads.
    """
    ledger = toy_ledger(engine, deciding=kind)
    lot = Random(SEED)  # noqa: S311 - a seeded lot that replays
    for first in range(0, RACES, 10):
        commands = [c for n in range(first, first + 10) for c in (an_objection(f"R{n}"), a_confirmation(f"R{n}"))]
        lot.shuffle(commands)
        threads = [functools.partial(send_each, ledger, [command]) for command in commands[::2]]
        run_together([*threads, functools.partial(asyncio.run, submit_all(ledger, commands[1::2]))])
    return outcome(toy_ledger(engine))


async def submit_all(ledger: Ledger, commands: Sequence[Command]) -> None:
    """Submit all at once, and take refusals for what they are."""
    outcomes = await asyncio.gather(*(ledger.submit(each, actor="P1") for each in commands), return_exceptions=True)
    for failure in outcomes:
        if isinstance(failure, BaseException) and not isinstance(failure, Refused):
            raise failure


def run_together(tasks: Iterable[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def send_each(ledger: Ledger, commands: list[Command]) -> None:
    for command in commands:
        try:
            ledger.execute(command, actor="P1")
        except Refused:
            continue


def outcome(ledger: Ledger) -> Outcome:
    objected = {fact.event.round for fact in ledger.read() if isinstance(fact.event, Objected)}
    confirmed = {fact.event.round for fact in ledger.read() if isinstance(fact.event, Confirmed)}
    found = Outcome(RACES, len(objected), len(confirmed), len(objected & confirmed))
    print(json.dumps(asdict(found)))  # noqa: T201 - shown by pytest where it fails
    assert verify(ledger).ok
    return found


@pytest.mark.slow
def test_an_objection_and_a_confirmation_never_both_stand(database_url: str, opened: Opener) -> None:
    found = race((opened(database_url), opened(database_url)), FoldsFirst)
    assert (found.wrong, found.objected + found.confirmed) == (0, RACES)
    assert min(found.objected, found.confirmed) > 0


@pytest.mark.slow
def test_a_ledger_that_decides_on_what_it_folded_outside_the_lock_would_be_caught(
    database_url: str, opened: Opener
) -> None:
    assert race((opened(database_url), opened(database_url)), DecidesOnStaleStates).wrong > RACES / 2


@pytest.mark.slow
def test_an_objection_and_a_confirmation_that_share_a_transaction_never_both_stand(
    shared_engine: Engine, notebook: Notebook
) -> None:
    found = race_in_groups(shared_engine, Deciding)
    notebook.saw(PROMISE, IN_GROUPS, on=shared_engine.dialect.name, runs=RACES, figures=found.figures, seed=SEED)
    assert (found.wrong, found.objected + found.confirmed) == (0, RACES)
    assert min(found.objected, found.confirmed) > 0


@pytest.mark.slow
def test_a_ledger_that_decides_on_what_was_before_the_batch_would_be_caught(
    shared_engine: Engine, notebook: Notebook
) -> None:
    found = race_in_groups(shared_engine, DecidesOnWhatWasBeforeTheBatch)
    way = f"{IN_GROUPS}; decided on what was before them"
    notebook.saw(
        PROMISE, way, on=shared_engine.dialect.name, runs=RACES, control=True, figures=found.figures, seed=SEED
    )
    assert found.wrong > 0


def test_many_threads_on_one_ledger_each_see_what_the_others_recorded(engine: Engine) -> None:
    ledger = toy_ledger(engine)
    lists = [[command for _ in range(25) for command in three(number)] for number in range(6)]
    run_together([functools.partial(send_each, ledger, commands) for commands in lists])
    for name in ("R0", "R1"):
        state = ledger.fold(Round, name)
        assert isinstance(state, Round)
        assert not (state.confirmed and state.objections)
    assert verify(ledger).findings == ()
    assert [fact.position for fact in ledger.read()] == list(range(1, ledger.head().size + 1))


def three(number: int) -> tuple[Command, ...]:
    return (a_note(str(number)), an_objection(f"R{number % 2}", f"O{number}"), a_confirmation(f"R{number % 2}"))
