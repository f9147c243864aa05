"""Stored entries as facts: decoded, with the documents that decisions read, and folded into states."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from domain.decision import Event, Fact, Refused, Selector
from domain.ids import documents_of
from domain.text import Text
from ledger.appending import Draft
from ledger.entry import EventReader
from ledger.failures import Damaged
from ledger.folding import Folded, Recent
from ledger.statements import DriverConnection
from ledger.store import Attachment, Head, Joined, Store

UNREADABLE = (msgspec.MsgspecError, NotImplementedError, UnicodeError, TypeError)
"""What reading an entry that the ledger did not write may end in."""

Attached = Callable[[str], Attachment | None]
"""Returns a document by its SHA-256, or None."""


class Recorded(NamedTuple):
    """A draft that has become a fact, when, and the event that its data was read back as."""

    draft: Draft
    recorded_at: datetime
    event: Event


class Facts:
    """Reads the facts of one ledger."""

    def __init__(self, store: Store, events: Mapping[str, type[Event]]) -> None:
        """Read from `store` what `events` describe."""
        self._store = store
        self._reader = EventReader(events)

    def read(self, entry: str | bytes, position: int, attached: Attached) -> Fact:
        """Return the fact in an entry; `Damaged` where it cannot be read."""
        try:
            fact = self._reader.fact(entry)
        except UNREADABLE:
            raise Damaged(position) from None
        return _with_documents(fact, attached)

    def read_page(  # noqa: PLR0913 - which page, of what
        self,
        connection: DriverConnection,
        selectors: Sequence[Selector] = (),
        *,
        after: int,
        upto: int,
        limit: int | None = None,
        attached: Attached | None = None,
    ) -> tuple[list[Fact], int]:
        """Return one page of facts in order, and up to which position it is complete; `Damaged` as by `read`.

        As a whole where that can be done, which is quicker; else one by one.
        """
        asked = (connection, selectors)
        attached = attached or self.attached(connection)
        joined = self._store.read_joined(*asked, after=after, upto=upto, limit=limit)
        facts = self._in_order(joined, attached)
        if facts is not None:
            return facts, joined.reaches
        page = self._store.read_entries(*asked, after=after, upto=upto, limit=limit)
        return [self.read(entry, position, attached) for position, entry in page], page[-1][0] if page else upto

    def _in_order(self, joined: Joined, attached: Attached) -> list[Fact] | None:
        """Return the facts in a page, None where it is anything but as many entries as there are rows, in order."""
        if joined.entries is None:
            return None if joined.count else []
        try:
            facts, any_names_documents = self._reader.facts(joined.entries)
        except UNREADABLE:
            return None
        positions = [fact.position for fact in facts]
        if len(positions) != joined.count or positions != sorted(positions) or positions[-1] != joined.last:
            return None
        return [_with_documents(fact, attached) for fact in facts] if any_names_documents else facts

    def read_back(self, draft: Draft) -> Event:
        """Return the event as which a draft will be read; `Refused` where it could not be: it must not be stored."""
        try:
            return self._reader.read(draft.type, draft.data)
        except UNREADABLE as error:
            raise Refused("malformed-command", _unreadable(draft.type, error)) from None

    def of_draft(self, recorded: Recorded, position: int, attached: Attached) -> Fact:
        """Return the fact that a draft has become, just as it will be read from its entry."""
        draft, recorded_at, event = recorded
        fact = Fact(position, recorded_at, draft.actor, draft.on_behalf_of, event, draft.command_id)
        return _with_documents(fact, attached)

    def attached(self, connection: DriverConnection) -> Attached:
        """Return where documents come from that are in the database."""
        return lambda sha256: self._store.attachment(connection, sha256)

    def catch_up(
        self,
        connection: DriverConnection,
        states: Iterable[Folded],
        size: int,
        recent: Recent | None = None,
        attached: Attached | None = None,
    ) -> None:
        """Fold what is newer, up to `size`: from `recent` where that reaches back far enough, else from the database.

        `recent` may reach further than the database: to what an open transaction has decided already.
        """
        attached = attached or self.attached(connection)
        for folded in states:
            if folded.position < size:
                _evolve(folded, self._newer(connection, folded, size, recent, attached), size)

    def bring_up(self, connection: DriverConnection, states: Sequence[Folded]) -> Head:
        """Fold all that there is; return the head. Where one state is asked for, this is one question for both."""
        if not states:
            return self._store.head(connection)
        first = states[0]
        head, joined = self._store.head_and_joined(connection, first.selector, after=first.position)
        facts = self._in_order(joined, self.attached(connection))
        if facts is not None and first.position <= joined.reaches <= head.size:
            _evolve(first, facts, joined.reaches)
        self.catch_up(connection, states, head.size)
        return head

    def _newer(
        self, connection: DriverConnection, folded: Folded, size: int, recent: Recent | None, attached: Attached
    ) -> Iterator[Fact]:
        after = folded.position
        stored = size if recent is None else recent.known_from(size)
        while after < stored:
            asked = (connection, (folded.selector,))
            facts, after = self.read_page(*asked, after=after, upto=stored, attached=attached)
            yield from facts
        if recent is not None and after < size:
            yield from recent.matching(folded.selector, after, size, lambda at, of: self.of_draft(of, at, attached))


def _evolve(folded: Folded, facts: Iterable[Fact], upto: int) -> None:
    evolve = folded.state.evolve
    for fact in facts:
        evolve(fact)
    folded.position = upto


def _with_documents(fact: Fact, attached: Attached) -> Fact:
    wanted = documents_of(fact.event)
    if not wanted:
        return fact
    found = ((sha256, attached(sha256)) for sha256 in wanted)
    return fact._replace(documents={sha256: a.content for sha256, a in found if a is not None})


def _unreadable(name: str, error: Exception) -> Text:
    """Say where it cannot be read, never what stands there."""
    place = f"{name} {str(error).rpartition(' - at ')[2].strip('`')}" if " - at " in str(error) else name
    return Text(
        f"命令中有账本无法读回的值（{place}），没有记录；请改正后重试。",
        f"The command has a value that could not be read back ({place}); nothing was recorded. Correct it, then retry.",
    )
