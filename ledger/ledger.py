"""One ledger of facts, and the one way to record: a command carried out.

    receipt = ledger.execute(command, actor=…)          from any thread; returns once the facts are committed
    receipt = await ledger.submit(command, actor=…)     from a coroutine; the same arguments, answers and refusals

Commands that wait at the same time share one transaction and one commit (`ledger/group.py`); what happens in it is in
`ledger/deciding.py`. Nothing is decided on stale facts, so nothing needs to be tried again.
"""

import hmac
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, Engine

from domain.decision import Catalogue, Command, Event, Fact, Selector, State
from ledger.appending import Appender
from ledger.asking import Receipt, ask
from ledger.clock import Clock
from ledger.deciding import Deciding, Order
from ledger.engine import asking
from ledger.expecting import Expected, Newest
from ledger.facts import Facts
from ledger.failpoints import Failpoint, never
from ledger.failures import InDoubt
from ledger.folding import keys_of
from ledger.group import Group
from ledger.paging import PAGE_ROWS
from ledger.store import Attachment, Head, Row

__all__ = ["Attachment", "Head", "InDoubt", "Ledger", "Receipt", "Row"]

READ_ROWS = 256
"""How many facts are made at a time where all are read."""


class Ledger:
    """The facts of one organisation, in one gap-free order, under one Merkle tree."""

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        engine: Engine,
        ledger_id: str,
        *,
        catalogue: Catalogue,
        clock: Clock,
        fingerprint_key: bytes,
        random: Callable[[int], bytes] = os.urandom,
        failpoint: Failpoint = never,
        deciding: type[Deciding] = Deciding,
    ) -> None:
        """Open the ledger `ledger_id`, creating its tables and head where they are missing."""
        self.ledger_id = ledger_id
        self.catalogue = catalogue
        self.engine = engine
        self._fingerprint_key = fingerprint_key
        self._random = random
        appender = Appender(engine, ledger_id, random, failpoint)
        self._store = appender.store
        self._facts = Facts(self._store, catalogue.events)
        self._deciding = deciding(engine, appender, self._facts, clock, failpoint)
        self._group = Group(self._deciding.serve)
        self._seen = 0

    @property
    def clock(self) -> Clock:
        """The clock that says when facts are recorded."""
        return self._deciding.clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self._deciding.clock = clock

    # recording

    def execute(  # noqa: PLR0913 - what comes with a command comes together
        self,
        command: Command,
        *,
        actor: str,
        on_behalf_of: str | None = None,
        command_id: str | None = None,
        attachments: Iterable[Attachment] = (),
        expected: Expected | None = None,
    ) -> Receipt:
        """Carry out `command` and return its receipt; the same `command_id` again returns the same answer.

        Raises `Refused` (with nothing recorded, or with the fact that the refusal is; `Stale` where what was `expected`
        no longer stands), `ClockLeapt`, `Damaged`, and
        `InDoubt` where the database cannot say whether the facts were kept: then ask again with the same id.
        """
        order = self._order(command, actor, on_behalf_of, command_id, attachments, expected)
        self._group.wait(order)
        return order.outcome()

    async def submit(  # noqa: PLR0913 - what comes with a command comes together
        self,
        command: Command,
        *,
        actor: str,
        on_behalf_of: str | None = None,
        command_id: str | None = None,
        attachments: Iterable[Attachment] = (),
        expected: Expected | None = None,
    ) -> Receipt:
        """Carry out `command` as `execute` does, from a coroutine; many that wait at once share one commit.

        Whoever is cancelled while waiting has not taken his command back: asked again, it answers what became of it.
        """
        order = self._order(command, actor, on_behalf_of, command_id, attachments, expected)
        await self._group.arrive(order)
        return order.outcome()

    def _order(  # noqa: PLR0913 - likewise
        self,
        command: Command,
        actor: str,
        on_behalf_of: str | None,
        command_id: str | None,
        attachments: Iterable[Attachment],
        expected: Expected | None = None,
    ) -> Order:
        asked = ask(
            command,
            actor,
            on_behalf_of,
            command_id,
            attachments,
            fingerprint_key=self._fingerprint_key,
            random=self._random,
        )
        decider = self.catalogue.deciders[type(command)]
        states = keys_of(decider.states, command) + (() if expected is None else (expected.key,))
        may_be_known = command_id is not None
        return Order(asked, decider, states, command_id or "", may_be_known=may_be_known, expected=expected)

    def id_for(self, owner: str, key: str) -> str:
        """Return the command id that a key of `owner`'s stands for: another for everybody else, for nobody to guess.

        It tells nothing of either to whoever reads the facts.
        """
        words = f"{len(owner)}:{owner}{key}".encode()
        return f"key-{hmac.digest(self._fingerprint_key, words, 'sha256').hex()[:40]}"

    def preview(
        self,
        command: Command,
        *,
        actor: str,
        on_behalf_of: str | None = None,
        attachments: Iterable[Attachment] = (),
    ) -> list[Event]:
        """Return the events that `command` would be recorded as now; nothing is written. Raises `Refused`."""
        return self._deciding.preview(self._order(command, actor, on_behalf_of, None, attachments))

    # reading

    def head(self) -> Head:
        """Return size, Merkle frontier and last time of the ledger."""
        with asking(self.engine) as connection:
            head = self._store.head(connection)
        self._seen = max(self._seen, head.size)
        return head

    def read(
        self,
        selectors: Sequence[Selector] = (),
        *,
        after: int = 0,
        upto: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Fact]:
        """Yield the facts that match, oldest first; those committed when the reading began."""
        return chain.from_iterable(self._pages(selectors, after, upto, limit))

    def _pages(
        self, selectors: Sequence[Selector], after: int, upto: int | None, limit: int | None
    ) -> Iterator[list[Fact]]:
        last = self._last(upto)
        # Small pages stay in the processor's cache; but each page of a selection costs a search.
        most = PAGE_ROWS if selectors else READ_ROWS
        while after < last and (limit is None or limit > 0):
            with asking(self.engine) as connection:
                rows = most if limit is None else min(limit, most)
                facts, after = self._facts.read_page(connection, selectors, after=after, upto=last, limit=rows)
            yield facts
            limit = None if limit is None else limit - len(facts)

    def rows(self, selectors: Sequence[Selector] = (), *, after: int = 0, upto: int | None = None) -> Iterator[Row]:
        """Yield the stored rows that match, oldest first; those committed when the reading began."""
        last = self._last(upto)
        while after < last:
            with asking(self.engine) as connection:
                page = self._store.read_rows(connection, selectors, after=after, upto=last)
            yield from page
            after = page[-1].position if page else last

    def _last(self, upto: int | None) -> int:
        """Facts never change, so pages read one after the other up to the head seen first are one consistent view.

        Nor do they become fewer: who asks for no more than was there before need not ask how many there are now.
        """
        if upto is not None and upto <= self._seen:
            return upto
        size = self.head().size
        return size if upto is None else min(upto, size)

    def position_at(self, instant: datetime) -> int:
        """Return the position of the last fact recorded at or before `instant`."""
        with asking(self.engine) as connection:
            return self._store.position_at(connection, instant)

    def attachment(self, sha256: str) -> Attachment | None:
        """Return a document by its SHA-256, or None."""
        with asking(self.engine) as connection:
            return self._store.attachment(connection, sha256)

    def words(self, digests: Sequence[str]) -> dict[str, str]:
        """Return digest → words for the sealed values that have not been erased."""
        with asking(self.engine) as connection:
            return self._store.words(connection, digests)

    def connect(self) -> Connection:
        """Return a connection for checks that read every table; the caller closes it."""
        return self.engine.connect()

    def newest(self, watched: str, upto: int | None = None) -> int:
        """Return the position of the last fact among those that are watched (`ledger.expecting`), 0 without one."""
        state = self.fold(Newest, watched, upto)
        return state.position if isinstance(state, Newest) else 0

    def fold(self, kind: type[State], key: str = "", upto: int | None = None) -> State:
        """Return a state as its facts up to a position make it."""
        state = kind(key)
        for fact in self.read((kind.selector(key),), upto=upto):
            state.evolve(fact)
        return state
