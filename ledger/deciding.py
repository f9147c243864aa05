"""Deciding the commands that wait together, in one transaction.

The facts that decisions depend on are folded outside the lock. Then, in one transaction: the head row is locked and the
command ids are looked up; one command after the other, the time is taken, newer matching facts are folded, those of the
commands before it included, and the decider is called; then everything that was decided is written at once. Each is
answered after the commit. A refusal or a failure concerns its own command alone; where the commit is in doubt, all are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, repeat

import msgspec
from sqlalchemy import Engine

from domain.decision import Context, Decider, Event, Refused, State
from domain.ids import attachments_of, documents_of, tags_of
from domain.keeping import AcceptClock, EraseSealed, SealedErased
from ledger.appending import Appender, Appending, Draft
from ledger.asking import DRAWN_BYTES, MISSING, Answer, Asked, Receipt, new_id
from ledger.clock import Clock
from ledger.engine import asking, scrub
from ledger.expecting import Expected, require_unchanged
from ledger.facts import Attached, Facts, Recorded
from ledger.failpoints import Failpoint
from ledger.failures import InDoubt
from ledger.folding import Folded, Key, Lent, Recent, StateCache
from ledger.store import Attachment, Head

_ANSWER = msgspec.json.Encoder()
Outcome = tuple[Receipt | None, Exception | None]
"""A receipt, or why there is none; both where a refusal is a fact."""


@dataclass(slots=True, eq=False)
class Order:
    """A command that waits, and what became of it."""

    asked: Asked
    decider: Decider
    states: tuple[Key, ...]
    """Which states the decision depends on; last, what tells whether the `expected` still stands."""
    command_id: str = ""
    """Given with the command, or made by the ledger once it is its turn."""
    may_be_known: bool = False
    """Whether something may have been carried out under its id before."""
    expected: Expected | None = None
    """What whoever asks has seen, where that has to stand when it is decided."""
    receipt: Receipt | None = None
    failure: BaseException | None = None

    @property
    def size_bytes(self) -> int:
        """Return about how large the command is."""
        return self.asked.size_bytes

    def abandoned(self) -> None:
        """Be in doubt, unless there is an answer."""
        if self.receipt is None and self.failure is None:
            self.failure = InDoubt()

    def outcome(self) -> Receipt:
        """Return the receipt, or raise what there is instead."""
        if self.failure is not None:
            raise self.failure
        assert self.receipt is not None  # noqa: S101 - whoever is served has one or the other
        return self.receipt


class Deciding:
    """Carries out commands, one transaction at a time."""

    def __init__(self, engine: Engine, appender: Appender, facts: Facts, clock: Clock, failpoint: Failpoint) -> None:
        """Decide on `facts`, at the time of `clock`, and record with `appender`."""
        self._random = appender.random
        self._engine = engine
        self._appender = appender
        self._store = appender.store
        self._facts = facts
        self.clock = clock
        self._failpoint = failpoint
        self._cache = StateCache()
        self._recent = Recent()
        self._database_error: type[Exception] = engine.dialect.loaded_dbapi.Error

    def serve(self, orders: Sequence[Order]) -> None:
        """Carry out `orders` together: each has its outcome afterwards. Not to be called by two threads at once."""
        try:
            self._serve_together(orders)
        except InDoubt as doubt:
            for order in orders:
                order.failure = _again(doubt)
        except Exception as error:  # noqa: BLE001 - whoever asked has to hear of it
            self._serve_apart(orders, error)

    def _serve_together(self, orders: Sequence[Order]) -> None:
        lent = self._cache.lend()
        try:
            self._fold_ahead(lent, orders)
            answers = self._record(lent, orders)
        except BaseException:
            self._recent.forget()
            raise
        for order, answer in zip(orders, answers, strict=True):  # only now: it has been committed
            order.receipt, order.failure = answer
        lent.give_back()
        self._recent.settled()
        if any(_has_erased(order) for order in orders):
            scrub(self._engine)
        if any(_has_accepted(order) for order in orders):
            self.clock.accept()

    def _serve_apart(self, orders: Sequence[Order], error: Exception) -> None:
        """Let the one who is at fault fail alone: the transaction has not happened, or their ids say what has."""
        if len(orders) == 1:
            orders[0].failure = error
            return
        for order in orders:
            order.may_be_known = True
            self.serve([order])

    def _fold_ahead(self, lent: Lent, orders: Sequence[Order]) -> None:
        """Fold outside the lock, unless all that this process knows to be newer is at hand anyway."""
        states = [state for order in orders for state in lent.take(order.states)]
        newest = self._recent.end
        if newest == 0 or not all(self._recent.covers(state.position, newest) for state in states):
            with asking(self._engine) as connection:
                self._facts.catch_up(connection, states, self._store.head(connection).size, self._recent)

    def _record(self, lent: Lent, orders: Sequence[Order]) -> list[Outcome]:
        """Decide and write in one transaction; return what to answer."""
        looked_up = [order.command_id for order in orders if order.may_be_known]
        with self._appender.locked(looked_up) as appending:
            self._name(orders, appending.head.size)
            return [self._carry_out(order, appending, lent) for order in orders]

    def _name(self, orders: Sequence[Order], size: int) -> None:
        """Give an id to the commands that have none."""
        nameless = [order for order in orders if not order.command_id]
        drawn = self._random(DRAWN_BYTES * len(nameless)) if nameless else b""
        for order, start in zip(nameless, count(0, DRAWN_BYTES)):
            order.command_id = new_id(size + 1, drawn[start : start + DRAWN_BYTES])

    def _carry_out(self, order: Order, appending: Appending, lent: Lent) -> Outcome:
        try:
            return self._decide(order, appending, lent)
        except Refused as refused:
            return None, refused
        except self._database_error:
            raise
        except Exception as error:  # noqa: BLE001 - others in the same transaction have nothing to do with it
            lent.drop(order.states)
            return None, error

    def _decide(self, order: Order, appending: Appending, lent: Lent) -> Outcome:
        asked, head = order.asked, appending.head
        known = appending.answer_to(order.command_id)
        if known is not None:
            answer = asked.answered(known)
            return _receipt(order, answer, repeated=True), answer.refusal()
        before = head.size
        now, clock = self._time(asked, head)
        states = lent.take(order.states)
        self._catch_up(appending, states)
        context = Context(now, asked.actor, asked.on_behalf_of, _documents(asked, appending.attachment))
        events, refused = _called(order, context, states)
        if events and refused is None and order.expected is not None:  # last: the decider knows more of why not
            require_unchanged(order.expected, states[-1].state)
        self._failpoint("append:decided")
        drafts = [self._draft(order, event, appending) for event in events]
        read_back = [self._facts.read_back(draft) for draft in drafts]  # before anything unreadable can be stored
        positions = appending.add(drafts, now, clock)
        answer = Answer.of(tuple(positions), now, refused)
        appending.answer(order.command_id, asked.fingerprint, _ANSWER.encode(answer).decode())
        recorded = map(Recorded, drafts, repeat(now), read_back)
        self._recent.add(before, [(each.draft.type, each.draft.tags, each) for each in recorded])
        return _receipt(order, answer, repeated=False), refused

    def _catch_up(self, appending: Appending, states: Sequence[Folded]) -> None:
        """Fold everything up to the place where the next fact will stand."""
        self._facts.catch_up(
            appending.connection, states, appending.head.size, self._recent, attached=appending.attachment
        )

    def _time(self, asked: Asked, head: Head) -> tuple[datetime, datetime]:
        """Return the instant of recording, which never goes back, and what the clock says."""
        clock = self.clock.unchecked() if isinstance(asked.command, AcceptClock) else self.clock.now()
        return max(clock, head.last_time or clock), clock

    def _draft(self, order: Order, event: Event, appending: Appending) -> Draft:
        asked = order.asked
        data, sealed = self._appender.data_of(event)
        return Draft(
            event.NAME,
            data,
            tags_of(event),
            asked.recorded_actor,
            asked.on_behalf_of,
            order.command_id,
            sealed,
            _attached(asked, event, appending),
            event.erased if isinstance(event, SealedErased) else (),
        )

    def preview(self, order: Order) -> list[Event]:
        """Return the events that a command would be recorded as now; nothing is written. Raises `Refused`."""
        asked, lent = order.asked, self._cache.lend()
        states = lent.take(order.states)
        with asking(self._engine) as connection:
            head = self._facts.bring_up(connection, states)
            now, _ = self._time(asked, head)
            documents = _documents(asked, self._facts.attached(connection))
        context = Context(now, asked.actor, asked.on_behalf_of, documents)
        try:
            return order.decider.decide(asked.command, context, *_depended_on(order, states))
        finally:
            lent.give_back()


def _called(order: Order, context: Context, states: Sequence[Folded]) -> tuple[list[Event], Refused | None]:
    """Return what the decider says; a refusal that auditors must see is an event and a refusal."""
    try:
        return order.decider.decide(order.asked.command, context, *_depended_on(order, states)), None
    except Refused as refusal:
        if refusal.record is None:
            raise
        return [refusal.record], refusal


def _depended_on(order: Order, states: Sequence[Folded]) -> list[State]:
    return [folded.state for folded in states[: len(order.decider.states)]]


def _documents(asked: Asked, attached: Attached) -> dict[str, bytes]:
    """Return the documents that the decision reads; `Refused` where anything that the command names is missing."""
    found: dict[str, bytes] = {}
    named = attachments_of(asked.command)
    for sha256 in named:
        document = asked.attachments.get(sha256) or attached(sha256)
        if document is None:
            raise Refused("attachment-missing", MISSING)
        found[sha256] = document.content
    return {sha256: found[sha256] for sha256 in documents_of(asked.command)} if named else {}


def _attached(asked: Asked, event: Event, appending: Appending) -> tuple[Attachment, ...]:
    """Return the documents that are to be stored with an event; `Refused` where one is nowhere."""
    named = attachments_of(event)
    if not named:
        return ()
    if not all(sha256 in asked.attachments or appending.has_attachment(sha256) for sha256 in named):
        raise Refused("attachment-missing", MISSING)
    return tuple(asked.attachments[sha256] for sha256 in named if sha256 in asked.attachments)


def _receipt(order: Order, answer: Answer, *, repeated: bool) -> Receipt:
    return Receipt(order.command_id, answer.positions, answer.recorded_at, repeated)


def _has_erased(order: Order) -> bool:
    """Return whether somebody is told that words are erased: now, or again because he was left in doubt."""
    return isinstance(order.asked.command, EraseSealed) and order.receipt is not None


def _has_accepted(order: Order) -> bool:
    accepted = isinstance(order.asked.command, AcceptClock) and order.failure is None
    return accepted and order.receipt is not None and not order.receipt.repeated


def _again(doubt: InDoubt) -> InDoubt:
    """Return the same doubt for one more who has to hear of it."""
    another = InDoubt(doubt.__cause__)
    another.__cause__ = doubt.__cause__
    return another
