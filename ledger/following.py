"""Telling followers that a ledger has grown: at once within a process and on PostgreSQL, otherwise they poll."""

import contextlib
import math
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.pool import Pool

from ledger.engine import is_sqlite
from ledger.statements import DriverConnection

POLL_SECONDS = 0.25
SILENT_SECONDS = 0.02
LISTEN_SECONDS = 1.0


class Bell:
    """Rings for every follower of one ledger in this process."""

    def __init__(self) -> None:
        """Begin without followers."""
        self._followers: set[threading.Event] = set()
        self._lock = threading.Lock()

    def follow(self, follower: threading.Event) -> None:
        """Set `follower` whenever the ledger grows."""
        with self._lock:
            self._followers.add(follower)

    def leave(self, follower: threading.Event) -> None:
        """Leave `follower` alone from now on."""
        with self._lock:
            self._followers.discard(follower)

    def ring(self) -> None:
        """Tell every follower."""
        with self._lock:
            for follower in self._followers:
                follower.set()


class Herald:
    """Tells other processes: at once, but after that not before a while, and then once for all that came meanwhile."""

    def __init__(self) -> None:
        """Begin in silence."""
        self._lock = threading.Lock()
        self._silent_until = -math.inf
        self._waits = False

    def announce(self, engine: Engine, ledger_id: str, connection: DriverConnection) -> None:
        """See to it that others hear of what was committed on `connection`."""
        with self._lock:
            if self._waits:
                return
            pause = self._silent_until - time.monotonic()
            self._waits = pause > 0
        if pause > 0:
            threading.Timer(pause, self._announce_late, (engine, engine.pool, ledger_id)).start()
        else:
            self._notify(ledger_id, connection)

    def _announce_late(self, engine: Engine, pool: Pool, ledger_id: str) -> None:
        with self._lock:
            self._waits = False
        if engine.pool is not pool:
            return  # the database has been closed meanwhile, and is not opened again for this
        with contextlib.suppress(Exception):
            lent = engine.raw_connection()
            try:
                self._notify(ledger_id, lent.driver_connection)
            finally:
                if engine.pool is not pool:
                    lent.invalidate()
                lent.close()

    def _notify(self, ledger_id: str, connection: DriverConnection) -> None:
        self._silent_until = time.monotonic() + SILENT_SECONDS
        with contextlib.suppress(Exception):
            # A message need not survive a power cut; the facts are on the disk already.
            connection.execute(f"SET LOCAL synchronous_commit TO off; NOTIFY {channel(ledger_id)}")
            connection.commit()


_tellers: WeakKeyDictionary[Pool, dict[str, tuple[Bell, Herald]]] = WeakKeyDictionary()
_tellers_lock = threading.Lock()


def bell(engine: Engine, ledger_id: str) -> Bell:
    """Return the bell of a ledger: one for all who share the engine's connections."""
    return _tellers_of(engine, ledger_id)[0]


def _tellers_of(engine: Engine, ledger_id: str) -> tuple[Bell, Herald]:
    with _tellers_lock:
        known = _tellers.setdefault(engine.pool, {})
        if ledger_id not in known:
            known[ledger_id] = (Bell(), Herald())
        return known[ledger_id]


def channel(ledger_id: str) -> str:
    """Return the PostgreSQL channel of a ledger (a channel's name has at most 63 bytes)."""
    return f"starledger_{sha256(ledger_id.encode()).hexdigest()[:32]}"


def announce(engine: Engine, ledger_id: str, connection: DriverConnection) -> None:
    """Wake the followers: in this process by the bell, in others by NOTIFY on a `connection` that has committed.

    Not inside the append: there it would make all ledgers of a server commit one after the other. Where it gets lost,
    followers poll; a fact that is recorded is not put in doubt by it.
    """
    bell, herald = _tellers_of(engine, ledger_id)
    bell.ring()
    if not is_sqlite(engine):
        herald.announce(engine, ledger_id, connection)


def listen(engine: Engine, ledger_id: str, wake: Callable[[], None], stopped: threading.Event) -> None:
    """Call `wake` whenever the ledger may have grown in another process, until `stopped` is set.

    PostgreSQL says so; SQLite has no such means, so there it is just time to look again.
    """
    if is_sqlite(engine):
        while not stopped.wait(POLL_SECONDS):
            wake()
        return
    connection = engine.raw_connection()
    listener: DriverConnection = connection.driver_connection
    connection.detach()  # it is kept for long and commits by itself: the pool shall not count it or lend it again
    try:
        listener.autocommit = True
        listener.execute(f"LISTEN {channel(ledger_id)}")
        wake()
        while not stopped.is_set():
            for _ in listener.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                break
            wake()
    finally:
        connection.close()
