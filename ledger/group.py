"""Group commit: those who wait at the same time are served together, in one transaction with one commit.

Whoever comes first leads: he serves all who wait by then, himself included, and hands over to one who came meanwhile.
Nobody waits for others to come. Threads lead in turn; coroutines are served by one thread, which lives as long as they
keep coming and a second longer.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

MOST_TOGETHER = 256
MOST_BYTES = 1_048_576
LINGER_SECONDS = 1.0


class Served(Protocol):
    """What is served: how large it is, and what to say where its leader was torn away in the middle."""

    @property
    def size_bytes(self) -> int:
        """Return about how large it is."""

    def abandoned(self) -> None:
        """Take note that nobody knows what came of it, unless an answer is there already."""


T = TypeVar("T", bound=Served)


@dataclass(slots=True, eq=False)
class _Seat(Generic[T]):
    """A place in the queue: of a thread, woken through its gate, or of a coroutine, woken through its future."""

    item: T
    gate: "threading.Lock | None" = None
    future: "asyncio.Future[None] | None" = None
    leads: bool = False


class Group(Generic[T]):
    """Serves items in the order in which they come, as many at once as wait."""

    def __init__(
        self, serve: Callable[[Sequence[T]], None], most_together: int = MOST_TOGETHER, most_bytes: int = MOST_BYTES
    ) -> None:
        """Let `serve` answer items, which it is given in order, never from two threads at once."""
        self._serve = serve
        self._most_together = most_together
        self._most_bytes = most_bytes
        self._mutex = threading.Lock()
        self._queue: deque[_Seat[T]] = deque()
        self._led = False
        self._writer = _Writer(self._lead)

    def wait(self, item: T) -> None:
        """Return once `item` has been served, by this thread or by another."""
        seat = _Seat(item)
        with self._mutex:
            seat.leads, self._led = not self._led, True
            if not seat.leads:
                seat.gate = threading.Lock()
                seat.gate.acquire()
            self._queue.append(seat)
        if seat.gate is not None:
            self._stand_by(seat, seat.gate)
        if seat.leads:
            self._lead()

    def _stand_by(self, seat: _Seat[T], gate: "threading.Lock") -> None:
        """Return once the seat has been served or is to lead."""
        try:
            gate.acquire()
        except BaseException:  # Ctrl-C: nobody shall wait for a leader who has left
            with self._mutex, contextlib.suppress(ValueError):
                self._queue.remove(seat)
            if seat.leads:
                self._hand_over()
            raise

    async def arrive(self, item: T) -> None:
        """Return once `item` has been served. To stop waiting does not take it back."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._mutex:
            last = self._queue[-1].future if self._queue else None
            is_first = not self._led and (last is None or last.get_loop() is not loop)
            self._queue.append(_Seat(item, future=future))
        if is_first:
            loop.call_soon(self._begin)
        await future

    def _begin(self) -> None:
        """Have those served who came in one turn of a loop, unless somebody leads them by now."""
        with self._mutex:
            begins = bool(self._queue) and not self._led
            self._led |= begins
        if begins:
            self._writer.wake()

    def _lead(self) -> None:
        seats = self._take()
        try:
            self._serve([seat.item for seat in seats])
        finally:
            for seat in seats:
                seat.item.abandoned()
            self._hand_over()
            _wake(seats)

    def _take(self) -> list[_Seat[T]]:
        taken: list[_Seat[T]] = []
        room = self._most_bytes
        with self._mutex:
            while self._queue and len(taken) < self._most_together:
                room -= self._queue[0].item.size_bytes
                if taken and room < 0:
                    break
                taken.append(self._queue.popleft())
        return taken

    def _hand_over(self) -> None:
        with self._mutex:
            self._led = bool(self._queue)
            following = self._queue[0] if self._queue else None
        if following is None:
            return
        if following.gate is None:
            self._writer.wake()
        else:
            following.leads = True
            following.gate.release()


def _wake(seats: Sequence[_Seat[T]]) -> None:
    futures: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for seat in seats:
        if seat.future is not None:
            futures.setdefault(seat.future.get_loop(), []).append(seat.future)
        elif seat.gate is not None and not seat.leads:
            seat.gate.release()
    for loop, waiting in futures.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, waiting)


def _settle(futures: Sequence["asyncio.Future[None]"]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


@dataclass(slots=True, eq=False)
class _Writer:
    """The thread that leads for coroutines."""

    lead: Callable[[], None]
    _lock: "threading.Lock" = field(default_factory=threading.Lock)
    _gate: "threading.Lock" = field(default_factory=threading.Lock)
    _alive: bool = False

    def __post_init__(self) -> None:
        self._gate.acquire()

    def wake(self) -> None:
        """Let the thread lead once; start it where there is none. Nobody wakes it again before it has begun to lead."""
        with self._lock:
            self._gate.release()
            if not self._alive:
                self._alive = True
                threading.Thread(target=self._run, name="ledger writer", daemon=True).start()

    def _run(self) -> None:
        while self._is_wanted():
            with contextlib.suppress(BaseException):  # whoever was served has been told
                self.lead()

    def _is_wanted(self) -> bool:
        """Wait to be woken; no longer wanted is who has waited in vain."""
        if self._gate.acquire(timeout=LINGER_SECONDS):
            return True
        with self._lock:
            self._alive = self._gate.acquire(blocking=False)
            return self._alive
