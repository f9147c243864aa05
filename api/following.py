"""Keeping the views up while the server runs: one thread follows the ledger, woken by every commit, also elsewhere."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from ledger.following import bell, listen
from ledger.ledger import Ledger
from projections.engine import FaultyView, Follower

AGAIN_SECONDS = 1.0
GATHER_SECONDS = 0.05
"""How long facts gather before the views take them all at once; who reads meanwhile does not wait for this."""
_log = structlog.stdlib.get_logger("api.following")


@contextmanager
def following(ledger: Ledger, follower: Follower) -> Iterator[None]:
    """Keep the views up for as long as the block runs; a database that does not answer is tried again."""
    woken, stopped = threading.Event(), threading.Event()
    bell(ledger.engine, ledger.ledger_id).follow(woken)
    threads = [
        threading.Thread(target=_keep_up, args=(follower, woken, stopped), name="views", daemon=True),
        threading.Thread(target=_listen, args=(ledger, woken, stopped), name="ledger-grows", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        woken.set()
        bell(ledger.engine, ledger.ledger_id).leave(woken)
        for thread in threads:
            thread.join()


def _keep_up(follower: Follower, woken: threading.Event, stopped: threading.Event) -> None:
    woken.set()
    while not stopped.is_set():
        woken.wait()
        if stopped.wait(GATHER_SECONDS):
            return
        woken.clear()
        try:
            follower.keep_up()
        except FaultyView as fault:
            _log.error("faulty-view", exc_info=fault)
        except Exception as error:  # noqa: BLE001 - a view that cannot be kept up now must not end the server
            _log.warning("views-not-kept-up", exc_info=error)
            stopped.wait(AGAIN_SECONDS)
            woken.set()


def _listen(ledger: Ledger, woken: threading.Event, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            listen(ledger.engine, ledger.ledger_id, woken.set, stopped)
        except Exception as error:  # noqa: BLE001 - the line to PostgreSQL broke: it is laid again
            _log.warning("not-listening", exc_info=error)
            stopped.wait(AGAIN_SECONDS)
