"""The application under test: ledger, views, boxes and signer of one data directory, which die and start again.

Everything is put together as `cli.wiring` does it, with the program's own seams: clock, random source, failpoint.
A death is a copy of the directory as it lay on disk at that moment; the next process starts on the copy, and nothing
that the dead one still does can be seen there.
"""

import random
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.catalogue import CATALOGUE
from ledger.ballot_boxes import Keeper
from ledger.ballot_files import BoxFiles
from ledger.deciding import Deciding, Order
from ledger.engine import open_database
from ledger.ledger import Ledger
from ledger.signer import Signer
from projections.engine import Follower
from projections.view import View
from projections.views import VIEWS
from tests.simulator.virtual_time import VirtualTime

LEDGER_ID, KEY = "main", b"k" * 32
ORIGIN = "example.org/simulated"
FILES = ("ledger.db", "ledger.db-wal", "views.db", "views.db-wal", "fingerprint.key")
FOLDERS = ("keys", "boxes")


class Died(BaseException):
    """The process ended here."""


class Broken(Exception):  # noqa: N818
    """Something failed here, and the process lives on."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is made of; a control puts in a part without its safety."""

    deciding: type[Deciding] = Deciding
    keeper: type[Keeper] = Keeper
    views: tuple[View, ...] = VIEWS


SOUND = Parts()


@dataclass(slots=True)
class Arming:
    """Where the next fault strikes: a named place with how often it is passed before, or a commit."""

    place: str = ""
    passes: int = 0
    dies: bool = False
    commit: str = ""


@dataclass(slots=True)
class Gate:
    """Keeps the first to be served until others wait behind him, so that they are served together."""

    shut: bool = False
    entered: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        """Stop the next one who is served."""
        self.shut, self.entered, self.opened = True, threading.Event(), threading.Event()

    def pass_through(self) -> None:
        """Wait where it is shut."""
        if self.shut:
            self.shut = False
            self.entered.set()
            self.opened.wait()


def hasten(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
    """Leave out what only a power cut could miss, and do not wait for whoever holds the lock: here he is a fault."""
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA busy_timeout = 0")


class House:
    """One data directory and the process that works on it."""

    def __init__(self, folder: Path, time: VirtualTime, dice: random.Random, parts: Parts) -> None:
        """Open what lies in `folder`."""
        self.folder, self.time, self.parts = folder, time, parts
        self.arming, self.gate, self.passed, self.fired = Arming(), Gate(), Counter[str](), Counter[str]()
        self.died: Path | None = None
        self.lives = 1
        self._dice, self._opened = dice, list[sa.Engine]()
        self._open()

    def _open(self) -> None:
        self.died, self.arming, self.gate = None, Arming(), Gate()
        self._open_ledger()
        self.other: Ledger | None = None
        self.keeper = self.parts.keeper(
            self.ledger, BoxFiles(self.folder), random=self._dice.randbytes, failpoint=self._failpoint()
        )
        self.open_views()
        self.signer = Signer(self.folder.with_name("signer"), self._failpoint())

    def _open_ledger(self) -> None:
        self.engine = self._engine("ledger.db")
        gate, kind = self.gate, self.parts.deciding

        class Gated(kind):  # type: ignore[misc, valid-type]
            """Decides as the part does, but lets others come to wait first where it is told to."""

            def serve(self, orders: Sequence[Order]) -> None:
                gate.pass_through()
                super().serve(orders)

        self.ledger = self._ledger(Gated)

    def _ledger(self, deciding: type[Deciding]) -> Ledger:
        return Ledger(
            self.engine,
            LEDGER_ID,
            catalogue=CATALOGUE,
            clock=self.time.clock(),
            fingerprint_key=KEY,
            random=self._dice.randbytes,
            failpoint=self._failpoint(),
            deciding=deciding,
        )

    def open_views(self) -> None:
        """Open the views' database."""
        self.views = _views_engine(self.folder / "views.db")
        self.follower = Follower(
            self.ledger, self.views, self.parts.views, failpoint=self._failpoint(), batch_facts=40, monotonic=float
        )

    def _engine(self, name: str) -> sa.Engine:
        engine = open_database(f"sqlite:///{self.folder / name}")
        sa.event.listen(engine, "connect", hasten)
        self._opened.append(engine)
        return engine

    def beside(self) -> Ledger:
        """Return the ledger as a second process has it open, which knows nothing of the first one's memory."""
        self.other = self.other or self._ledger(self.parts.deciding)
        return self.other

    # failing

    def _failpoint(self) -> Callable[[str], None]:
        """Return the places of this life: once it has died, nothing gets past them."""
        life = self.lives

        def passed(name: str) -> None:
            if self.died is not None or life != self.lives:
                raise Died
            self._pass(name)

        return passed

    def _pass(self, name: str) -> None:
        self.passed[name] += 1
        arming = self.arming
        if arming.place != name:
            return
        arming.passes -= 1
        if arming.passes < 0:
            self.arming = Arming()
            self.fired[f"{'died' if arming.dies else 'raised'} at {name}"] += 1
            if arming.dies:
                self.die()
            raise Broken(name)

    def die(self) -> None:
        """End here: what lies on disk now is all that is left."""
        self.died = copied(self.folder, self.folder.with_name("left"))
        raise Died

    def hand_in(self, connection: Any) -> None:  # noqa: ANN401 - the driver's
        """Commit as the ledger does; where a commit is to fail, it fails before anything is kept, or after."""
        trouble, self.arming.commit = self.arming.commit, ""
        if trouble:
            self.fired[f"commit failed, {trouble}"] += 1
        if trouble == "not kept":
            raise sqlite3.OperationalError(trouble)
        connection.commit()
        if trouble:
            raise sqlite3.OperationalError(trouble)

    def start_again(self) -> None:
        """Start a new process on what the last one left, or, where it lives, end it in order."""
        self.close()
        if self.died is not None:
            shutil.rmtree(self.folder)
            self.died.rename(self.folder)
        self.lives += 1
        self._open()

    def close(self) -> None:
        """Close every database."""
        for engine in self._opened:
            engine.dispose()
        self._opened.clear()
        self.views.dispose()

    @contextmanager
    def busy(self, name: str) -> Iterator[None]:
        """Let somebody else hold the writer's lock of a database."""
        with closing(sqlite3.connect(self.folder / name, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                other.execute("ROLLBACK")

    def lose_views(self) -> None:
        """Delete the views' database."""
        self.views.dispose()
        for path in self.folder.glob("views.db*"):
            path.unlink()
        self.open_views()


@cache
def _views_engine(path: Path) -> sa.Engine:
    """Return the engine of a views' database; its statements are compiled once for all lives and seeds."""
    engine = open_database(f"sqlite:///{path}", "views")
    sa.event.listen(engine, "connect", hasten)
    return engine


def copied(source: Path, target: Path) -> Path:
    """Copy a data directory as it lies on disk; return the copy."""
    target.mkdir()
    for name in FILES:
        with suppress(FileNotFoundError):
            shutil.copyfile(source / name, target / name)
    for name in FOLDERS:
        if (source / name).exists():
            shutil.copytree(source / name, target / name)
    return target
