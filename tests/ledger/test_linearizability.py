"""One round, many clients: what they were answered could have been answered by one clerk, one after the other."""

import itertools
import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision import Command, Context, Event, Refused, deciders
from domain.ids import PersonId
from ledger.clock import SimulatedClock
from ledger.ledger import Ledger
from tests.experiments import Notebook
from tests.ledger.conftest import Opener
from tests.ledger.linearity import Operation, is_linearizable
from tests.ledger.toy import (
    START,
    TOY,
    Confirm,
    Confirmed,
    Object,
    Objected,
    Round,
    Withdraw,
    Withdrawn,
    a_confirmation,
    an_objection,
    confirm,
    object_,
    toy_ledger,
    withdraw,
)

SEED = int(os.environ.get("STARLEDGER_SEED", "20260107"))
HISTORIES, OPERATIONS, CLIENTS = 40, 240, 6
PROMISE = "nothing is decided on stale facts"
WAY = f"histories of {CLIENTS} clients at one round, {OPERATIONS} operations each, searched for an order"

# the model: one clerk with one sheet of paper


@dataclass(frozen=True, slots=True)
class Sheet:
    """Whether the round is confirmed, and the objections that are open."""

    confirmed: bool = False
    objections: frozenset[str] = field(default_factory=frozenset)


def clerk(sheet: Sheet, asked: Command) -> tuple[Sheet, str]:
    """Return the sheet after one command, and the answer."""
    match asked:
        case Object() if sheet.confirmed:
            return sheet, "too-late"
        case Object():
            after = Sheet(sheet.confirmed, sheet.objections | {asked.objection})
        case Withdraw():
            after = Sheet(sheet.confirmed, sheet.objections - {asked.objection})
        case Confirm() if sheet.objections:
            return sheet, "open-objection"
        case _:
            after = Sheet(confirmed=True, objections=sheet.objections)
    return after, "done" if after != sheet else "nothing"


# the clients

Ask = Callable[[Command], str]


def asked_of(ledger: Ledger) -> Ask:
    """Return how a client asks the ledger."""

    def ask(asked: Command) -> str:
        try:
            return "done" if ledger.execute(asked, actor="P1").positions else "nothing"
        except Refused as refusal:
            return refusal.code

    return ask


def _object(asked: Object, _context: Context) -> list[Event]:
    return [Objected(round=asked.round, objection=asked.objection)]


def _withdraw(asked: Withdraw, _context: Context) -> list[Event]:
    return [Withdrawn(round=asked.round, objection=asked.objection)]


def _confirm(asked: Confirm, _context: Context) -> list[Event]:
    return [Confirmed(round=asked.round)]


UNCONDITIONAL = type(TOY).of(tuple(TOY.events.values()), deciders(_object, _withdraw, _confirm))
"""The same facts, recorded by deciders that depend on nothing."""


def asked_without_condition(ledger: Ledger) -> Ask:
    """Return the control: the client reads the round, decides for himself and has it recorded without a condition."""
    decide: dict[type[Command], Callable[..., list[Event]]] = {Object: object_, Withdraw: withdraw, Confirm: confirm}

    def ask(asked: Command) -> str:
        context = Context(START, PersonId("P1"), None, {})
        try:
            events = decide[type(asked)](asked, context, ledger.fold(Round, "R1"))
        except Refused as refusal:
            return refusal.code
        if events:
            ledger.execute(asked, actor="P1")
        return "done" if events else "nothing"

    return ask


def history(clients: Sequence[Ask], dice: random.Random) -> list[Operation[Command]]:
    """Let every client send its share of the operations at once; return what each was answered, and when."""
    seen: list[Operation[Command]] = []
    start = threading.Barrier(len(clients))

    def work(ask: Ask, commands: Iterable[Command]) -> None:
        start.wait(60)
        for asked in commands:
            called = time.monotonic_ns()
            answer = ask(asked)
            seen.append(Operation(called, time.monotonic_ns(), asked, answer))

    shares = [[some_command(dice) for _ in range(OPERATIONS // len(clients))] for _ in clients]
    threads = [threading.Thread(target=work, args=each) for each in zip(clients, shares, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def some_command(dice: random.Random) -> Command:
    """Return mostly objections and withdrawals, so that a confirmation is now and then possible and seldom there."""
    objection = an_objection("R1", f"O{dice.randrange(3)}")
    withdrawal = Withdraw(round=objection.round, objection=objection.objection)
    return dice.choices([objection, withdrawal, a_confirmation("R1")], [12, 12, 1])[0]


# the experiment


@pytest.mark.slow
def test_what_many_clients_were_answered_could_have_been_answered_in_one_order(
    database_url: str, opened: Opener, notebook: Notebook
) -> None:
    dice, engines = random.Random(SEED), [opened(database_url) for _ in range(2)]  # noqa: S311 - replays
    broken = confirmed = 0
    for number in range(HISTORIES):
        # Two processes' worth of ledgers, each asked by several threads.
        ledgers = [toy_ledger(engine, ledger_id=f"l{number}") for engine in engines]
        seen = history([asked_of(ledgers[client % 2]) for client in range(CLIENTS)], dice)
        broken += not is_linearizable(seen, Sheet(), clerk)
        confirmed += any(isinstance(each.asked, Confirm) and each.answer == "done" for each in seen)
    figures = {"operations": HISTORIES * OPERATIONS, "confirmed": confirmed, "without an order": broken}
    notebook.saw(PROMISE, WAY, on=engines[0].dialect.name, runs=HISTORIES, seed=SEED, figures=figures)
    assert broken == 0
    assert confirmed > 0


@pytest.mark.slow
def test_a_ledger_without_its_condition_is_caught_by_the_checker(
    sqlite_url: str, opened: Opener, notebook: Notebook
) -> None:
    dice, engine = random.Random(SEED), opened(sqlite_url)  # noqa: S311 - replays
    broken = 0
    for number in range(HISTORIES // 4):
        clock = SimulatedClock(START)
        ledger = Ledger(engine, f"l{number}", catalogue=UNCONDITIONAL, clock=clock, fingerprint_key=b"toy")
        seen = history([asked_without_condition(ledger)] * CLIENTS, dice)
        broken += not is_linearizable(seen, Sheet(), clerk)
    figures = {"operations": HISTORIES // 4 * OPERATIONS, "without an order": broken}
    way = f"{WAY}; decided on what was read before"
    notebook.saw(PROMISE, way, on="sqlite", runs=HISTORIES // 4, control=True, seed=SEED, figures=figures)
    assert broken > 0


# the checker itself


commands = st.sampled_from([an_objection("R1", "O0"), an_objection("R1", "O1"), a_confirmation("R1")])
answers = st.sampled_from(["done", "nothing", "too-late", "open-objection"])
instants = st.tuples(st.integers(0, 20), st.integers(0, 6))
operations = st.builds(
    lambda span, asked, answer: Operation(span[0], span[0] + span[1], asked, answer), instants, commands, answers
)


@given(st.lists(operations, max_size=5))
def test_the_checker_finds_an_order_exactly_where_trying_every_order_finds_one(seen: list[Operation[Command]]) -> None:
    assert is_linearizable(seen, Sheet(), clerk) == any(fits(order) for order in itertools.permutations(seen))


def fits(order: Sequence[Operation[Command]]) -> bool:
    """Return whether this very order respects who was answered before whom was called, and gives these answers."""
    if any(later.answered < earlier.called for earlier, later in itertools.combinations(order, 2)):
        return False
    sheet = Sheet()
    for each in order:
        sheet, answer = clerk(sheet, each.asked)
        if answer != each.answer:
            return False
    return True


def test_an_objection_answered_before_a_confirmation_was_asked_for_cannot_be_overlooked() -> None:
    objected: Operation[Command] = Operation(0, 1, an_objection("R1", "O0"), "done")
    overlooked: Operation[Command] = Operation(2, 3, a_confirmation("R1"), "done")
    refused: Operation[Command] = Operation(2, 3, a_confirmation("R1"), "open-objection")
    assert not is_linearizable([objected, overlooked], Sheet(), clerk)
    assert is_linearizable([objected, refused], Sheet(), clerk)
