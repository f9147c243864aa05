"""Facts gone through one by one: slowly, and with a name for everything that does not fit.

What `ledger.chunkwise` finds to be plainly in order never comes here.
"""

from typing import Any

from domain.decision import Event
from domain.ids import tags_of
from ledger import tree
from ledger.entry import MAX_ENTRY_BYTES, indexed
from ledger.indexed_tags import IndexedTags
from ledger.passed import Passed
from ledger.reading import MALFORMED, Malformed, Reader, ReadFact, Strict, read_instant, read_strictly


class Rowwise:
    """Goes through rows of (position, type, time as text, entry, leaf, chain), and believes nothing."""

    def __init__(self, reader: Reader, passed: Passed, size: object) -> None:
        """Go on from `passed`; the head says that there are `size` facts."""
        self._reader = reader
        self._passed = passed
        self._found = passed.found
        self._size = size

    def check(self, row: tuple[Any, ...], indexed_tags: IndexedTags) -> ReadFact | None:
        """Check one row; return its fact, or None where there is none to be read."""
        position, kind, recorded_at, entry, leaf, chain = row
        if not isinstance(position, int):
            self._found.add("position-malformed", None, position)
            return None
        raw = self.hash(position, entry, leaf, chain)
        envelope = self._envelope(position, raw)
        indexed_tags.compare(position, None if envelope is None else envelope.tags)
        if envelope is None:
            return None
        self._check_columns(position, envelope, kind, recorded_at)
        self._check_clocks(position, envelope)
        return position, envelope, self._check_event(position, envelope)

    def hash(self, position: int, entry: object, leaf: object, chain: object) -> bytes:
        """Check one row's place and hashes; return its entry's bytes."""
        raw = self._bytes_of(position, entry)
        self._check_place(position)
        self._check_hashes(position, raw, leaf, chain)
        return raw

    def _bytes_of(self, position: int, entry: object) -> bytes:
        if isinstance(entry, str):
            return entry.encode("utf-8", "surrogateescape")
        self._found.add("entry-not-text", position)
        return bytes(entry) if isinstance(entry, bytes) else b""

    def _check_place(self, position: int) -> None:
        passed = self._passed
        if position > passed.position + 1:
            self._found.add("position-missing", passed.position + 1, span(passed.position + 1, position - 1))
            passed.chain = None
        elif position == passed.position:
            self._found.add("position-duplicate", position)
        if isinstance(self._size, int) and not 0 < position <= self._size:
            self._found.add("beyond-head", position, self._size)
        passed.position = position

    def _check_hashes(self, position: int, raw: bytes, leaf: object, chain: object) -> None:
        passed = self._passed
        hashed = tree.leaf_hash(raw)
        passed.grow([hashed])
        if leaf != hashed:
            self._found.add("leaf-mismatch", position)
        # Compared with the leaf as stored, and going on from the link as stored: so one change is named once.
        if passed.chain is not None and isinstance(leaf, bytes) and chain != tree.link(passed.chain, leaf):
            self._found.add("chain-mismatch", position)
        passed.chain = chain if isinstance(chain, bytes) else None

    def _envelope(self, position: int, raw: bytes) -> Strict | None:
        if len(raw) > MAX_ENTRY_BYTES:
            self._found.add("entry-too-long", position, len(raw))
        try:
            envelope = read_strictly(raw)
        except Malformed as reason:
            self._found.add("entry-malformed", position, reason)
            return None
        if envelope.position != position:
            self._found.add("position-mismatch", position, envelope.position)
        return envelope

    def _check_columns(self, position: int, envelope: Strict, kind: object, recorded_at: object) -> None:
        if kind != indexed(envelope.type):
            self._found.add("type-mismatch", position, kind)
        if read_instant(recorded_at) != envelope.recorded_at:
            self._found.add("time-mismatch", position, recorded_at)

    def _check_clocks(self, position: int, envelope: Strict) -> None:
        passed = self._passed
        if passed.recorded_at is not None and envelope.recorded_at < passed.recorded_at:
            self._found.add("time-back", position)
        if passed.clock is not None and envelope.clock < passed.clock:
            self._found.add("clock-back", position)
        passed.recorded_at, passed.clock = envelope.recorded_at, envelope.clock

    def _check_event(self, position: int, envelope: Strict) -> Event | None:
        kind = self._reader.kind(envelope.type)
        if kind is None:
            self._found.add("unknown-event", position, envelope.type)
            return None
        try:
            event = kind.read(envelope.data)
        except MALFORMED:
            self._found.add("data-malformed", position)
            return None
        if event is not None and envelope.tags != tags_of(event):
            self._found.add("tags-not-derived", position)
        return event


def span(first: int, last: int) -> str:
    """Return the positions from one to another in words."""
    return str(first) if first == last else f"{first}–{last}"
