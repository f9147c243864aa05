"""The tag index, read along with the facts: whole runs of it compared at once, or one fact's tags by name."""

from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from ledger.entry import HASHED, indexed
from ledger.schema import INDEXED_CHARACTERS
from ledger.verdict import Findings

IndexRow = tuple[Any, Any]
"""Position and tag, as they are stored."""


class IndexedTags:
    """Goes through pages of rows in the order of their positions, with the facts."""

    def __init__(self, pages: Iterator[list[IndexRow]], found: Findings) -> None:
        """Read `pages` as they are needed, and add to `found`."""
        self._pages = pages
        self._found = found
        self._page: list[IndexRow] = next(pages, [])
        self._at = 0

    def pass_over(self, upto: int, expected: set[IndexRow]) -> bool:
        """Pass over all rows up to a position where they are what is `expected`; return whether they are.

        May raise `TypeError` where a position is no number; nothing has been passed over then.
        """
        while not self._page or self._page[-1][0] <= upto:
            page = next(self._pages, None)
            if page is None:
                break
            self._page = [*self._page[self._at :], *page]
            self._at = 0
        end = bisect_right(self._page, upto, self._at, key=itemgetter(0))
        if set(self._page[self._at : end]) != expected:
            return False
        self._at = end
        return True

    def compare(self, position: int, expected: tuple[str, ...] | None) -> None:
        """Compare the tags indexed for one fact with those in its entry (None: it cannot be read)."""
        there: set[Any] = set()
        while (row := self._next()) is not None and _is_upto(row[0], position):
            if row[0] == position:
                there.add(row[1])
            else:
                self._found.add("tag-surplus", place(row[0]), row[1])
            self._at += 1
        if expected is None:
            return
        wanted = {indexed(tag) for tag in expected}
        for tag in sorted(wanted - there):
            self._found.add("tag-missing", position, tag)
        for tag in sorted(map(str, there - wanted)):
            self._found.add("tag-surplus", position, tag)

    def finish(self) -> None:
        """Name the tags of positions where there is no fact."""
        while (row := self._next()) is not None:
            self._found.add("tag-surplus", place(row[0]), row[1])
            self._at += 1

    def _next(self) -> IndexRow | None:
        if self._at == len(self._page):
            self._page, self._at = next(self._pages, []), 0
        return self._page[self._at] if self._page else None


def _is_upto(at: object, position: int) -> bool:
    # What is no number comes before all numbers (NULL) or after them (text): as surplus at either end.
    return at is None or (isinstance(at, int | float) and at <= position)


def indexed_as(tags: list[str]) -> list[str]:
    """Return what stands for each of `tags` in the index, as `indexed` would say."""
    together = "\n".join(tags)
    if "\0" in together or HASHED in together or max(map(len, tags), default=0) > INDEXED_CHARACTERS:
        return list(map(indexed, tags))
    return tags


def place(position: object) -> int | None:
    """Return a position for a finding, None where it is no number."""
    return position if isinstance(position, int) else None
