"""Facts gone through some hundred at once: quickly, and only to say that all of them are plainly in order.

Plainly in order is: the next positions; hashes, links, columns and index as the entries demand; each entry to the byte
as this version writes it; clocks that go forward. Whatever else there may be, harmless or not, is for `ledger.rowwise`
to judge. So nothing has to be named here, and each thing is compared for a whole chunk by one comparison of lists.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from domain.decision import Event
from domain.ids import tags_of
from ledger.entry import MAX_ENTRY_BYTES
from ledger.hashing import leaves_of, links_of
from ledger.indexed_tags import IndexedTags, indexed_as
from ledger.passed import Passed
from ledger.reading import MALFORMED, Reader, ReadFact, Strict, read_as_written

NOT_PLAIN = (*MALFORMED, AttributeError)
"""What values that are not as expected may end in."""
IN_UTC = "+00:00"


class Chunkwise:
    """Goes through chunks of (position, type, time as text, entry, leaf, chain)."""

    def __init__(self, reader: Reader, passed: Passed, size: object, *, time_has_zone: bool) -> None:
        """Go on from `passed`; the head says that there are `size` facts."""
        self._reader = reader
        self._passed = passed
        self._size = size
        self._zone = "" if time_has_zone else IN_UTC

    def take(self, chunk: Sequence[tuple[Any, ...]], indexed_tags: IndexedTags) -> list[ReadFact] | None:
        """Return a chunk's facts where they are plainly in order; else None, and nothing has been passed over."""
        try:
            return self._take(chunk, indexed_tags)
        except NOT_PLAIN:
            return None

    def _take(self, chunk: Sequence[tuple[Any, ...]], indexed_tags: IndexedTags) -> list[ReadFact] | None:
        positions, kinds, times, entries, leaves, chains = zip(*chunk, strict=True)
        raws = [entry.encode() for entry in entries]
        hashed = leaves_of(raws)
        if not (self._are_next(positions) and self._are_linked(hashed, leaves, chains)):
            return None
        envelopes = read_as_written(raws) if max(map(len, raws)) <= MAX_ENTRY_BYTES else None
        if envelopes is None or not self._are_as_columns_say(envelopes, positions, times):
            return None
        events = self._events_in(envelopes, kinds)
        if events is None or not indexed_tags.pass_over(positions[-1], _index_of(envelopes)):
            return None
        self._pass(positions[-1], hashed, chains[-1], envelopes[-1])
        return list(zip(positions, envelopes, events, strict=True))

    def _are_next(self, positions: tuple[Any, ...]) -> bool:
        first = self._passed.position + 1
        last = first + len(positions) - 1
        counted = positions == tuple(range(first, last + 1)) and set(map(type, positions)) == {int}
        return counted and isinstance(self._size, int) and last <= self._size

    def _are_linked(self, hashed: list[bytes], leaves: tuple[Any, ...], chains: tuple[Any, ...]) -> bool:
        before = self._passed.chain
        return before is not None and list(leaves) == hashed and list(chains) == links_of(before, chains, hashed)

    def _are_as_columns_say(self, envelopes: list[Strict], positions: tuple[Any, ...], times: tuple[Any, ...]) -> bool:
        recorded = [envelope.recorded_at for envelope in envelopes]
        clocks = [envelope.clock for envelope in envelopes]
        return (
            [envelope.position for envelope in envelopes] == list(positions)
            and [datetime.fromisoformat(time + self._zone) for time in times] == recorded
            and _go_forward(self._passed.recorded_at, recorded)
            and _go_forward(self._passed.clock, clocks)
        )

    def _events_in(self, envelopes: list[Strict], kinds: tuple[Any, ...]) -> list[Event | None] | None:
        known = [self._reader.kind(envelope.type) for envelope in envelopes]
        if [kind.indexed for kind in known if kind is not None] != list(kinds):
            return None
        events = [kind.read(e.data) for kind, e in zip(known, envelopes, strict=True) if kind is not None]
        derived = [e.tags if event is None else tags_of(event) for event, e in zip(events, envelopes, strict=True)]
        return events if derived == [envelope.tags for envelope in envelopes] else None

    def _pass(self, position: int, leaves: list[bytes], link: bytes, last: Strict) -> None:
        passed = self._passed
        passed.grow(leaves)
        passed.position, passed.chain = position, link
        passed.recorded_at, passed.clock = last.recorded_at, last.clock


def _go_forward(before: datetime | None, times: list[datetime]) -> bool:
    return times == sorted(times) and (before is None or before <= times[0])


def _index_of(envelopes: list[Strict]) -> set[tuple[int, str]]:
    tags = indexed_as(list(chain.from_iterable(envelope.tags for envelope in envelopes)))
    positions = [envelope.position for envelope in envelopes for _ in envelope.tags]
    return set(zip(positions, tags, strict=True))
