"""A network that breaks between the ledger and PostgreSQL: a command sent until it is acknowledged happens once."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from ledger.engine import open_database
from ledger.failures import InDoubt
from ledger.ledger import Ledger
from ledger.verification import verify
from tests.experiments import Notebook
from tests.ledger.conftest import Opener
from tests.ledger.faulty_line import FaultyLine
from tests.ledger.toy import Noted, a_note, toy_ledger

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
SEED = int(os.environ.get("STARLEDGER_SEED", "20260109"))
COMMANDS = 400 * int(os.environ.get("STARLEDGER_SOAK", "1"))
MOST_ANSWERS = 80
"""Opening the ledger takes some 25 answers, a command some ten."""
PROMISE, WAY = "a command happens once", "the line to the server breaks in the middle of a random answer"


@pytest.fixture
def line(postgres_server: sa.URL) -> Iterator[FaultyLine]:
    directory = postgres_server.query.get("host")
    if not isinstance(directory, str) or not directory.startswith("/"):
        pytest.skip("the server given is not reached through a socket in a directory")
    dice = random.Random(SEED)  # noqa: S311 - replays
    with FaultyLine(Path(directory) / ".s.PGSQL.5432", dice, MOST_ANSWERS).open() as opened:
        yield opened


class Sender:
    """Sends a command until it is acknowledged, opening the ledger again wherever the line broke."""

    def __init__(self, url: sa.URL) -> None:
        """Have sent nothing yet."""
        self._url = url
        self._ledger: Ledger | None = None
        self.attempts = self.in_doubt = 0

    def send(self, number: int, *, under_one_id: bool = True) -> None:
        """Send one note; the control gives each attempt an id of its own."""
        while True:
            self.attempts += 1
            command_id = f"c{number}" if under_one_id else f"c{number}.{self.attempts}"
            try:
                self._opened().execute(a_note(str(number)), actor="P1", command_id=command_id)
            except InDoubt:
                self.in_doubt += 1
                self._hang_up()
            except (psycopg.Error, sa.exc.DBAPIError):
                self._hang_up()
            else:
                return

    def _opened(self) -> Ledger:
        if self._ledger is None:
            engine = open_database(self._url)
            try:
                self._ledger = toy_ledger(engine)
            except BaseException:
                engine.dispose()
                raise
        return self._ledger

    def _hang_up(self) -> None:
        if self._ledger is not None:
            self._ledger.engine.dispose()
        self._ledger = None


def send_all(postgres_url: str, line: FaultyLine, opened: Opener, *, under_one_id: bool) -> dict[str, int | str]:
    """Send every command through the faulty line; return what the server holds, read past it."""
    straight = toy_ledger(opened(postgres_url))
    url = sa.make_url(postgres_url)
    sender = Sender(url.set(query={}, host="127.0.0.1", port=line.port).update_query_dict({"sslmode": "disable"}))
    for number in range(COMMANDS):
        sender.send(number, under_one_id=under_one_id)
    sender._hang_up()  # noqa: SLF001 - the sender's last call ends with him
    notes = [fact.event.words for fact in straight.read() if isinstance(fact.event, Noted)]
    return {
        "attempts": sender.attempts,
        "broken lines": line.broken,
        "in doubt": sender.in_doubt,
        "acknowledged": COMMANDS,
        "lost": COMMANDS - len(set(notes)),
        "doubled": len(notes) - len(set(notes)),
        "tree ok": verify(straight).findings == (),
    }


def test_a_command_sent_until_it_is_acknowledged_happens_once_over_a_line_that_breaks(
    postgres_url: str, line: FaultyLine, opened: Opener, notebook: Notebook
) -> None:
    figures = send_all(postgres_url, line, opened, under_one_id=True)
    notebook.saw(PROMISE, WAY, on="postgresql", runs=COMMANDS, seed=SEED, figures=figures)
    assert (figures["lost"], figures["doubled"], figures["tree ok"]) == (0, 0, True)
    assert line.broken > COMMANDS / 20


def test_commands_without_an_id_of_their_own_would_happen_twice(
    postgres_url: str, line: FaultyLine, opened: Opener, notebook: Notebook
) -> None:
    figures = send_all(postgres_url, line, opened, under_one_id=False)
    way = f"{WAY}; each attempt under another id"
    notebook.saw(PROMISE, way, on="postgresql", runs=COMMANDS, control=True, seed=SEED, figures=figures)
    assert int(figures["doubled"]) > 0
