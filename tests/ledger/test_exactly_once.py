"""Every command is sent one to four times, in any order, with restarts between: each happens once."""

import json
import os
import random
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from ledger.ledger import Ledger, Receipt
from ledger.store import Store
from ledger.verification import verify
from tests.ledger.conftest import Opener
from tests.ledger.toy import a_note, toy_ledger

SEED = int(os.environ.get("STARLEDGER_SEED", "20260106"))
RESTARTS = 40


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


def test_a_ledger_that_forgets_its_commands_would_be_caught(
    sqlite_url: str, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "command", lambda *_: None)
    monkeypatch.setattr(Store, "insert_command", lambda *_: None)
    found = send_all(sqlite_url, 500, opened)
    assert found.doubled > 500
    assert found.answered_differently > 250


def test_a_second_process_that_has_not_seen_the_first_answer_gives_the_same(shared_engine: Engine) -> None:
    ledgers = [toy_ledger(shared_engine) for _ in range(2)]
    assert [send(ledger, 1).positions for ledger in ledgers] == [(1,), (1,)]
