"""Stored entries as facts: decoded, with the documents that decisions read, and folded into states."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from domain.decision import Event, Fact, Refused
from domain.ids import Document, documents_of, may_mention
from domain.text import Text
from ledger.appending import Draft
from ledger.entry import EventReader, read_envelope
from ledger.failures import Damaged
from ledger.folding import Folded, Recent
from ledger.statements import DriverConnection
from ledger.store import Attachment, Store

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
            fact = self._reader.fact(read_envelope(entry))
        except UNREADABLE:
            raise Damaged(position) from None
        return _with_documents(fact, attached)

    def read_page(self, page: Sequence[tuple[int, str | bytes]], attached: Attached) -> list[Fact]:
        """Return the facts in a page of (position, entry), quicker than one by one; `Damaged` as by `read`."""
        try:
            facts = self._reader.facts([entry for _, entry in page])
        except UNREADABLE:
            return [self.read(entry, position, attached) for position, entry in page]
        kinds = {type(fact.event) for fact in facts}
        if not any(may_mention(kind, (Document,)) for kind in kinds):
            return facts
        return [_with_documents(fact, attached) for fact in facts]

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
                for fact in self._newer(connection, folded, size, recent, attached):
                    folded.state.evolve(fact)
                folded.position = size

    def _newer(
        self, connection: DriverConnection, folded: Folded, size: int, recent: Recent | None, attached: Attached
    ) -> Iterator[Fact]:
        after = folded.position
        stored = size if recent is None else recent.known_from(size)
        while after < stored:
            page = self._store.read_entries(connection, (folded.selector,), after=after, upto=stored)
            yield from self.read_page(page, attached)
            after = page[-1][0] if page else stored
        if recent is not None and after < size:
            yield from recent.matching(folded.selector, after, size, lambda at, of: self.of_draft(of, at, attached))


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
