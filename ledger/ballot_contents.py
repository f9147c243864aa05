"""What lies in a box while it is open: sheets at places that only its key can find, and paper sheets by their number.

Contents are written as JSON in the order of the places, which is random, and filled up with spaces to a size that
follows from the opening alone: neither length nor order tells how many sheets there are, or which came last.
"""

from dataclasses import dataclass

import msgspec

from domain.ballot_boxes import Box
from domain.ballots import BoxOpened, groups_of, rows_of
from ledger.ballot_keys import BoxKey

SLOT_BYTES = 160
"""What JSON needs for one place beside group, rows and keyers: punctuation, the place itself, numbers."""


class Dropped(msgspec.Struct):
    """A sheet at its place; of a slip that nobody has used yet there are no rows. `printing` counts from 1."""

    group: str
    rows: str | None = None
    printing: int = 0


class Keyed(msgspec.Struct):
    """A paper sheet as each of two tellers keyed it in: person id → rows."""

    group: str
    number: int
    by: dict[str, str]


class Contents(msgspec.Struct):
    """All that lies in one box; rows are hex."""

    sheets: dict[str, Dropped] = {}
    paper: dict[str, Keyed] = {}


@dataclass(slots=True)
class OpenedBox:
    """A box in its keeper's hands: its facts, its key, and what lies in it."""

    state: Box
    opened: BoxOpened
    key: BoxKey
    contents: Contents


_WRITER = msgspec.json.Encoder(order="deterministic")


def voices(opened: BoxOpened) -> int:
    """Return how many sheets a box can hold at most, of each kind."""
    return len(opened.voters) + sum(each.count for each in opened.slips)


def size_of(opened: BoxOpened) -> int:
    """Return the constant size in bytes of a box's contents: room for every voice dropped, keyed in and keyed again."""
    group = max(len(_WRITER.encode(group)) for group in groups_of(opened))
    keyers = sum(sorted((len(_WRITER.encode(teller)) for teller in opened.tellers), reverse=True)[:2])
    rows = 2 * len(rows_of(opened))
    return voices(opened) * (2 * SLOT_BYTES + 3 * rows + 2 * group + keyers) + SLOT_BYTES


def packed(contents: Contents, size: int) -> bytes:
    """Return contents in exactly `size` bytes; `ValueError` where they need more."""
    written = _WRITER.encode(contents)
    if len(written) > size:
        message = "the contents outgrew their box"
        raise ValueError(message)
    return written.ljust(size)


def unpacked(written: bytes) -> Contents:
    """Return the contents that were packed."""
    return msgspec.json.decode(written, type=Contents)
