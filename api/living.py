"""The life of one serving process: views are kept up from its start, and from SIGTERM on nothing more is recorded.

What has been accepted by then is finished: the server waits for the requests under way before it ends.
"""

import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from types import FrameType

from fastapi import FastAPI

from api.ability import Ability
from api.following import following
from ledger.ledger import Ledger
from projections.engine import Follower

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
ENDING = (signal.SIGTERM, signal.SIGINT)


def living(ledger: Ledger, follower: Follower, ability: Ability) -> Lifespan:
    """Return what surrounds the application's life."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        with following(ledger, follower), _told_to_end(ability.stopping):
            yield

    return lifespan


@contextmanager
def _told_to_end(stopping: threading.Event) -> Iterator[None]:
    """Set `stopping` when the process is told to end, before the server's own way of ending begins."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}

    def told(number: int, frame: FrameType | None) -> None:
        stopping.set()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in ENDING:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
