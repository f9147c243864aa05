"""Those who wait at the same time are served together, in order, and nobody is forgotten."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from ledger import group
from ledger.group import Group


@dataclass(eq=False)
class Item:
    """Something to be served."""

    name: int
    size_bytes: int = 1
    served: bool = False
    is_abandoned: bool = False

    def abandoned(self) -> None:
        self.is_abandoned = not self.served


class Counter:
    """Serves items, and notes who was served together; the first are held until they are let go."""

    def __init__(self, most_together: int = 256, most_bytes: int = 1_000_000) -> None:
        """Serve through a group with these bounds."""
        self.batches: list[list[int]] = []
        self.go_on = threading.Event()
        self.group = Group(self.serve, most_together, most_bytes)

    def serve(self, items: Sequence[Item]) -> None:
        self.batches.append([item.name for item in items])
        assert self.go_on.wait(30)
        for item in items:
            item.served = True

    def wait_in_threads(self, items: Sequence[Item]) -> list[threading.Thread]:
        """Let every item wait in a thread of its own; return once all of them are in the queue."""
        return [self._begin(item) for item in items]

    def _begin(self, item: Item) -> threading.Thread:
        thread = threading.Thread(target=self.group.wait, args=(item,), daemon=True)
        before = self.met
        thread.start()
        until(lambda: self.met > before)
        return thread

    @property
    def met(self) -> int:
        """How many have come."""
        return sum(map(len, self.batches)) + len(self.group._queue)  # noqa: SLF001 - nothing outside tells


def until(happened: Callable[[], bool]) -> None:
    """Return once something has happened."""
    give_up = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.001)


def join(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def items(number: int, size_bytes: int = 1) -> list[Item]:
    return [Item(name, size_bytes) for name in range(number)]


def test_who_comes_alone_is_served_alone_and_at_once() -> None:
    counter = Counter()
    counter.go_on.set()
    for item in items(3):
        counter.group.wait(item)
        assert item.served
    assert counter.batches == [[0], [1], [2]]


def test_threads_that_come_meanwhile_are_served_together_in_the_order_in_which_they_came() -> None:
    counter, waiting = Counter(), items(6)
    threads = counter.wait_in_threads(waiting)
    counter.go_on.set()
    join(threads)
    assert counter.batches == [[0], [1, 2, 3, 4, 5]]
    assert all(item.served for item in waiting)


def test_no_more_are_served_together_than_there_is_room_for() -> None:
    counter = Counter(most_together=2)
    threads = counter.wait_in_threads(items(6))
    counter.go_on.set()
    join(threads)
    assert counter.batches == [[0], [1, 2], [3, 4], [5]]


def test_no_more_bytes_are_served_together_than_there_is_room_for_but_something_always_is() -> None:
    counter = Counter(most_bytes=10)
    sizes = (1, 4, 4, 4, 99, 1)
    threads = counter.wait_in_threads([Item(name, size) for name, size in enumerate(sizes)])
    counter.go_on.set()
    join(threads)
    assert counter.batches == [[0], [1, 2], [3], [4], [5]]


def test_coroutines_are_served_together_and_their_loop_goes_on_meanwhile() -> None:
    counter, waiting = Counter(), items(5)
    turns: list[int] = []

    async def look_on() -> None:
        while len(turns) < 50:
            turns.append(sum(item.served for item in waiting))
            await asyncio.sleep(0.001)
        counter.go_on.set()

    async def arrive() -> None:
        await asyncio.gather(look_on(), *(counter.group.arrive(item) for item in waiting))

    asyncio.run(arrive())
    assert [name for batch in counter.batches for name in batch] == [0, 1, 2, 3, 4]
    assert len(counter.batches) <= 2
    assert turns == [0] * 50
    assert all(item.served for item in waiting)


def test_coroutines_that_are_ready_in_the_same_turn_come_together() -> None:
    counter, waiting = Counter(), items(12)
    counter.go_on.set()

    async def arrive(some: Sequence[Item]) -> None:
        await asyncio.gather(*(counter.group.arrive(item) for item in some))

    for start in range(0, 12, 4):
        asyncio.run(arrive(waiting[start : start + 4]))
    assert counter.batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]


def test_who_comes_after_a_loop_that_ended_too_early_is_served_with_those_it_left_behind() -> None:
    counter, waiting = Counter(), items(3)
    counter.go_on.set()
    loop = asyncio.new_event_loop()
    coming = counter.group.arrive(waiting[0])
    loop.call_soon(lambda: loop.create_task(coming))
    for _ in range(2):  # it has come, and the end of the turn, when all would be served, is not reached
        loop.call_soon(loop.stop)
        loop.run_forever()
    loop.close()
    asyncio.run(counter.group.arrive(waiting[1]))
    counter.group.wait(waiting[2])
    assert counter.batches == [[0, 1], [2]]


def test_threads_and_coroutines_wait_in_one_queue() -> None:
    counter, waiting = Counter(), items(8)
    threads = counter.wait_in_threads(waiting[:3])

    async def arrive() -> None:
        coming = [asyncio.ensure_future(counter.group.arrive(item)) for item in waiting[3:6]]
        await asyncio.sleep(0)
        threads.extend(counter.wait_in_threads(waiting[6:]))
        counter.go_on.set()
        await asyncio.gather(*coming)

    asyncio.run(arrive())
    join(threads)
    assert counter.batches == [[0], [1, 2, 3, 4, 5, 6, 7]]


def test_what_a_cancelled_coroutine_waited_for_is_served_all_the_same() -> None:
    counter, item = Counter(), Item(0)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(counter.group.arrive(item), 0.01)
        counter.go_on.set()

    asyncio.run(give_up())
    until(lambda: item.served)


def test_the_thread_that_serves_coroutines_ends_in_peace_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "LINGER_SECONDS", 0.02)
    counter = Counter()
    counter.go_on.set()
    for item in items(3):
        asyncio.run(counter.group.arrive(item))
        assert item.served
        until(lambda: not counter.group._writer._alive)  # noqa: SLF001 - nothing outside tells
    assert counter.batches == [[0], [1], [2]]


class TornAway(Counter):
    """Is interrupted while it serves for the first time, as by Ctrl-C."""

    def serve(self, items: Sequence[Item]) -> None:
        super().serve(items)
        if len(self.batches) == 1:
            for item in items:
                item.served = False
            raise KeyboardInterrupt


def test_where_a_leader_is_torn_away_those_he_served_are_told_and_the_next_goes_on() -> None:
    counter, waiting = TornAway(), items(4)
    interrupted: list[bool] = []

    def lead() -> None:
        try:
            counter.group.wait(waiting[0])
        except KeyboardInterrupt:
            interrupted.append(True)

    leader = threading.Thread(target=lead)
    leader.start()
    until(lambda: counter.met == 1)
    threads = counter.wait_in_threads(waiting[1:])
    counter.go_on.set()
    join([leader, *threads])
    assert interrupted == [True]
    assert [item.is_abandoned for item in waiting] == [True, False, False, False]
    assert counter.batches == [[0], [1, 2, 3]]


class Interrupted:
    """A gate at which Ctrl-C comes, perhaps just after one was made the leader."""

    def __init__(self, before: Callable[[], None]) -> None:
        """Do something first."""
        self._before = before

    def acquire(self) -> bool:
        self._before()
        raise KeyboardInterrupt


@pytest.mark.parametrize("promoted", [False, True])
def test_who_stops_waiting_leaves_the_queue_and_keeps_nobody_waiting(promoted: bool) -> None:  # noqa: FBT001
    counter, waiting = Counter(), items(4)
    threads = counter.wait_in_threads(waiting[:1])
    gate = threading.Lock()
    gate.acquire()
    seat = group._Seat(waiting[1], gate)  # noqa: SLF001 - of a thread that is about to be interrupted
    counter.group._queue.append(seat)  # noqa: SLF001
    threads += counter.wait_in_threads(waiting[2:3])

    def before() -> None:
        if promoted:
            counter.go_on.set()
            until(lambda: seat.leads)

    with pytest.raises(KeyboardInterrupt):
        counter.group._stand_by(seat, Interrupted(before))  # type: ignore[arg-type]  # noqa: SLF001
    counter.go_on.set()
    join(threads)
    counter.group.wait(waiting[3])
    assert counter.batches == [[0], [2], [3]]
