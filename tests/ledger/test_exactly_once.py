"""Every command is sent one to four times, in any order, with restarts between: each happens once."""

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from ledger.appending import Appending
from ledger.ledger import Ledger, Receipt
from ledger.verification import verify
from tests.experiments import Notebook
from tests.ledger.conftest import Opener
from tests.ledger.toy import a_note, toy_ledger

SEED = int(os.environ.get("STARLEDGER_SEED", "20260106"))
RESTARTS = 40
PROMISE, TOGETHER = "a command happens once", "each sent one to four times, forty at a time"
ENGINES = {"sqlite_url": "SQLite", "postgres_url": "PostgreSQL"}


@dataclass(frozen=True)
class Outcome:
    """How often commands happened, and how many were answered in two ways."""

    seed: int
    sent: int
    happened: int
    doubled: int
    lost: int
    answered_differently: int
    findings: int

    @property
    def figures(self) -> dict[str, int]:
        """Return the line for the notebook."""
        return {name: value for name, value in asdict(self).items() if name != "seed"}


def send_all(url: str, commands: int, opened: Opener) -> Outcome:
    """Send every command one to four times; return what came of it."""
    dice = random.Random(SEED)  # noqa: S311 - must be the same in every run
    letters = [number for number in range(commands) for _ in range(dice.randint(1, 4))]
    dice.shuffle(letters)
    cuts = [0, *sorted(dice.sample(range(len(letters)), RESTARTS)), len(letters)]
    answers: dict[int, set[tuple[int, ...]]] = {}
    for start, end in pairwise(cuts):
        engine = opened(url)
        # Two at a time, as two processes would be, so that each meets what the other has recorded.
        pair = (toy_ledger(engine), toy_ledger(engine))
        for number in letters[start:end]:
            answers.setdefault(number, set()).add(send(pair[dice.randrange(2)], number).positions)
        engine.dispose()
    return outcome(toy_ledger(opened(url)), len(letters), answers)


def send_all_at_once(url: str, commands: int, opened: Opener) -> Outcome:
    """Send every command one to four times, forty at a time through coroutines; return what came of it."""
    dice = random.Random(SEED)  # noqa: S311 - must be the same in every run
    letters = [number for number in range(commands) for _ in range(dice.randint(1, 4))]
    # Near each other, so that most repetitions meet in one transaction.
    letters.sort(key=lambda number: number + dice.uniform(0, 20))
    engine = opened(url)
    pair = (toy_ledger(engine), toy_ledger(engine))
    answers: dict[int, set[tuple[int, ...]]] = {}

    async def send_some(numbers: Sequence[int]) -> None:
        sent = [submit(pair[dice.randrange(2)], number) for number in numbers]
        for number, receipt in zip(numbers, await asyncio.gather(*sent), strict=True):
            answers.setdefault(number, set()).add(receipt.positions)

    async def send_everything() -> None:
        for start in range(0, len(letters), 40):
            await send_some(letters[start : start + 40])

    asyncio.run(send_everything())
    return outcome(toy_ledger(engine), len(letters), answers)


async def submit(ledger: Ledger, number: int) -> Receipt:
    return await ledger.submit(a_note(str(number), name=f"P{number % 7}"), actor="P1", command_id=f"c{number}")


def send(ledger: Ledger, number: int) -> Receipt:
    return ledger.execute(a_note(str(number), name=f"P{number % 7}"), actor="P1", command_id=f"c{number}")


def outcome(ledger: Ledger, sent: int, answers: dict[int, set[tuple[int, ...]]]) -> Outcome:
    happened = Counter(fact.command_id for fact in ledger.read())
    found = Outcome(
        seed=SEED,
        sent=sent,
        happened=len(happened),
        doubled=sum(count - 1 for count in happened.values()),
        lost=len(answers) - len(happened),
        answered_differently=sum(1 for each in answers.values() if len(each) > 1),
        findings=len(verify(ledger).findings),
    )
    print(json.dumps(asdict(found)))  # noqa: T201 - shown by pytest where it fails
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("which", "commands"), [("sqlite_url", 2_000), pytest.param("postgres_url", 500, marks=pytest.mark.postgres)]
)
def test_every_command_happens_once_and_is_answered_alike(
    request: pytest.FixtureRequest, which: str, commands: int, opened: Opener
) -> None:
    found = send_all(request.getfixturevalue(which), commands, opened)
    assert (found.happened, found.doubled, found.lost, found.answered_differently, found.findings) == (
        commands, 0, 0, 0, 0,
    )  # fmt: skip
    assert found.sent > 2 * commands


@pytest.mark.slow
@pytest.mark.parametrize(
    ("which", "commands"), [("sqlite_url", 2_000), pytest.param("postgres_url", 500, marks=pytest.mark.postgres)]
)
def test_every_command_happens_once_where_its_repetitions_wait_together(
    request: pytest.FixtureRequest, which: str, commands: int, opened: Opener, notebook: Notebook
) -> None:
    found = send_all_at_once(request.getfixturevalue(which), commands, opened)
    notebook.saw(PROMISE, TOGETHER, on=ENGINES[which], runs=commands, figures=found.figures, seed=SEED)
    assert (found.happened, found.doubled, found.lost, found.answered_differently, found.findings) == (
        commands, 0, 0, 0, 0,
    )  # fmt: skip
    assert found.sent > 2 * commands


def test_a_ledger_that_forgets_what_waits_with_it_would_be_caught(
    sqlite_url: str, opened: Opener, monkeypatch: pytest.MonkeyPatch, notebook: Notebook
) -> None:
    monkeypatch.setattr(Appending, "answer", lambda *_: None)
    found = send_all_at_once(sqlite_url, 300, opened)
    way = f"{TOGETHER}; its commands forgotten"
    notebook.saw(PROMISE, way, on="SQLite", runs=300, control=True, figures=found.figures, seed=SEED)
    assert found.doubled > 300


def test_a_ledger_that_forgets_its_commands_would_be_caught(
    sqlite_url: str, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Appending, "answer", lambda *_: None)
    found = send_all(sqlite_url, 500, opened)
    assert found.doubled > 500
    assert found.answered_differently > 250


def test_a_second_process_that_has_not_seen_the_first_answer_gives_the_same(shared_engine: Engine) -> None:
    ledgers = [toy_ledger(shared_engine) for _ in range(2)]
    assert [send(ledger, 1).positions for ledger in ledgers] == [(1,), (1,)]
