"""A primary that fails and a standby that takes over: what was acknowledged is there, whoever answers now."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import text

from ledger.engine import open_database
from ledger.failures import InDoubt
from ledger.ledger import Ledger
from ledger.verification import verify
from tests.conftest import END_SECONDS, without_postgres
from tests.experiments import Notebook
from tests.ledger.toy import a_note, toy_ledger

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
SEED = int(os.environ.get("STARLEDGER_SEED", "20260108"))
FAILOVERS = 5 * int(os.environ.get("STARLEDGER_SOAK", "1"))
PROMISE = "an acknowledged fact is kept"
WAY = "the primary is killed while facts are recorded, its synchronous standby promoted, a new one built"
NO_DOUBT = "in doubt is never success"
CANCELLED = "the wait for the standby is cancelled, and the command sent again"


class Servers:
    """The two servers, and the URL that finds whichever of them is the primary."""

    def __init__(self, program: subprocess.Popen[str], first_line: str) -> None:
        """Take the directories of the sockets from the program's first line."""
        self._program = program
        directories = first_line.split()
        hosts = {"host": directories, "target_session_attrs": "read-write", "connect_timeout": "5"}
        self.url = sa.URL.create("postgresql+psycopg", "postgres", database="postgres", query=hosts)

    def do(self, deed: str) -> None:
        """Have something done to the servers."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{deed}\n")
        self._program.stdin.flush()
        assert self._program.stdout.readline() == "done\n", deed

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """Open the ledger on whichever server is the primary now."""
        engine = open_database(self.url)
        try:
            yield toy_ledger(engine)
        finally:
            engine.dispose()


@pytest.fixture
def servers(postgres_binaries: Path, checkout: Path) -> Iterator[Servers]:
    command: list[str | Path] = [sys.executable, "-m", "tests.postgres_pair", postgres_binaries]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=checkout) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        try:
            first_line = program.stdout.readline()
            if not first_line:
                without_postgres(program.stderr.read())
            yield Servers(program, first_line)
        finally:
            program.stdin.close()
            program.wait(END_SECONDS)


class Clerk:
    """Records one note after the other and remembers, outside the servers, which were acknowledged."""

    def __init__(self, servers: Servers) -> None:
        """Record nothing yet."""
        self._servers = servers
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record for as long as this lasts."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join(END_SECONDS)

    def wait_for(self, more: int) -> None:
        """Return once so many more have been acknowledged."""
        wanted, give_up = len(self.acknowledged) + more, time.monotonic() + END_SECONDS
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < give_up
            time.sleep(0.005)

    def _work(self) -> None:
        number = 0
        while not self._stop.is_set():
            try:
                with self._servers.ledger() as ledger:
                    while not self._stop.is_set():
                        self.send(ledger, f"c{number}")
                        number += 1
            except (psycopg.Error, sa.exc.DBAPIError, InDoubt):
                time.sleep(0.01)  # the same command again, from whoever answers

    def send(self, ledger: Ledger, command_id: str) -> None:
        """Send one note."""
        self.sent.add(command_id)
        ledger.execute(a_note(command_id), actor="P1", command_id=command_id)
        self.acknowledged.add(command_id)


def figures_of(ledger: Ledger, clerk: Clerk) -> dict[str, int | str]:
    held = [fact.command_id for fact in ledger.read()]
    return {
        "acknowledged": len(clerk.acknowledged),
        "lost": len(clerk.acknowledged - set(held)),
        "doubled": len(held) - len(set(held)) + len(set(held) - clerk.sent),
        "tree ok": verify(ledger).findings == (),
    }


def test_nothing_acknowledged_is_lost_when_a_synchronous_standby_takes_over(
    servers: Servers, notebook: Notebook
) -> None:
    dice, clerk = random.Random(SEED), Clerk(servers)  # noqa: S311 - replays
    with clerk.recording():
        for _ in range(FAILOVERS):
            servers.do("wait on")
            clerk.wait_for(dice.randrange(20, 60))
            servers.do("freeze")
            time.sleep(dice.uniform(0, 0.05))
            servers.do("kill")
            servers.do("promote")
            clerk.wait_for(5)
            servers.do("rebuild")
    with servers.ledger() as ledger:
        figures = figures_of(ledger, clerk)
    notebook.saw(PROMISE, WAY, on="postgresql", runs=FAILOVERS, seed=SEED, figures=figures)
    assert (figures["lost"], figures["doubled"], figures["tree ok"]) == (0, 0, True)


def test_a_standby_that_is_not_waited_for_would_lose_what_was_acknowledged(
    servers: Servers, notebook: Notebook
) -> None:
    clerk = Clerk(servers)
    with clerk.recording():
        servers.do("wait off")
        servers.do("freeze")
        clerk.wait_for(50)
        servers.do("kill")
        servers.do("promote")
        clerk.wait_for(5)
    with servers.ledger() as ledger:
        figures = figures_of(ledger, clerk)
    notebook.saw(PROMISE, f"{WAY}; not waited for", on="postgresql", runs=1, control=True, figures=figures)
    assert int(figures["lost"]) > 0


def test_a_wait_for_the_standby_that_is_cancelled_is_in_doubt_and_never_success_until_the_standby_has_it(
    servers: Servers, notebook: Notebook
) -> None:
    servers.do("wait on")
    answers: list[str] = []
    with servers.ledger() as ledger:
        ledger.execute(a_note("before"), actor="P1", command_id="before")
        servers.do("freeze")
        # Sent again while the standby is still away, it is known, yet it must not pass for kept.
        answers += [answered(ledger, servers.url) for _ in range(3)]
        servers.do("thaw")
        answers.append(answered(ledger, servers.url, cancel=False))
        figures: dict[str, int | str] = {"answers": " ".join(answers), "facts": ledger.head().size}
    notebook.saw(NO_DOUBT, CANCELLED, on="postgresql", runs=3, figures=figures)
    assert figures == {"answers": "in-doubt in-doubt in-doubt repeated", "facts": 2}


def test_a_ledger_that_does_not_hear_the_warning_would_call_it_done(
    servers: Servers, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.engine._remember_doubt", lambda *_: None)
    servers.do("wait on")
    with servers.ledger() as ledger:
        servers.do("freeze")
        figures: dict[str, int | str] = {"answers": answered(ledger, servers.url)}
        servers.do("thaw")
    way = f"{CANCELLED}; the warning not heard"
    notebook.saw(NO_DOUBT, way, on="postgresql", runs=1, control=True, figures=figures)
    assert figures == {"answers": "done"}


def answered(ledger: Ledger, url: sa.URL, *, cancel: bool = True) -> str:
    """Send the same note (again) and cancel its wait for the standby; return what was answered."""
    found: list[str] = []

    def send() -> None:
        try:
            receipt = ledger.execute(a_note("waited for"), actor="P1", command_id="waited-for")
            found.append("repeated" if receipt.repeated else "done")
        except InDoubt:
            found.append("in-doubt")

    waiting = threading.Thread(target=send)
    waiting.start()
    if cancel:
        cancel_the_wait(url, still=waiting.is_alive)
    waiting.join(END_SECONDS)
    return found[0]


def cancel_the_wait(url: sa.URL, still: Callable[[], bool]) -> None:
    """Cancel whoever waits for a standby, as an impatient operator would."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    waiters = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    with engine.connect() as connection:
        while still() and not connection.execute(text(waiters)).all():
            time.sleep(0.01)
