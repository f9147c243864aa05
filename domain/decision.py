"""How a decision is made: a command meets the facts it depends on, and events or a refusal follow.

The shape of every module that keeps a kind of record: commands, events, state, deciders.
A decider is a function `(command, context, *states) -> list[Event]`; the states it names in its signature
are the facts that the decision depends on, and nothing else may influence it.
"""

import copy
import dataclasses
import inspect
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar, dataclass_transform

from domain.ids import Document, PersonId, id_field, tag, tags_of
from domain.text import Text

T = TypeVar("T")

Reach = Literal["record", "decide", "export"]
"""How far a right to act must go for a command: to enter facts, to decide, to take matter out of the house."""


class Event:
    """Something that happened. Its `NAME` and fields are the storage format: never renamed, only versioned."""

    __slots__ = ()
    NAME: ClassVar[str]


class Command:
    """Something that somebody asks for. `ROLES` may ask for it (empty: the decider says who).

    `AT` is its place among the things it is about, `{field}` being a field of its own: `rounds/{round}/objections` adds
    to a collection. What `CHANGES` a thing that is there names the thing and then what becomes of it, as in
    `…/objections/{objection}/ruling`; whoever asks for it says which state he has seen. Before what is `GRAVE`, he
    proves once more who he is.
    """

    __slots__ = ()
    NAME: ClassVar[str]
    ROLES: ClassVar[tuple[str, ...]]
    AT: ClassVar[str]
    REACH: ClassVar[Reach]
    CHANGES: ClassVar[bool]
    GRAVE: ClassVar[bool]

    @property
    def in_confidence(self) -> bool:
        """Return whether the facts name a one-time pseudonym instead of the person who asks (design §3)."""
        return False


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str) -> Callable[[type[T]], type[T]]:
    """Make a class an event, stored for ever under `name` (kind.Happened.vN)."""

    def declare(cls: type[T]) -> type[T]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        made.NAME = name  # type: ignore[attr-defined]
        return made

    return declare


@dataclass_transform(frozen_default=True, kw_only_default=True)
def command(  # noqa: PLR0913 - all that is said of a command is said in one place
    name: str,
    *,
    roles: tuple[str, ...] = (),
    at: str = "",
    reach: Reach = "record",
    changes: bool = False,
    grave: bool = False,
) -> Callable[[type[T]], type[T]]:
    """Make a class a command, called `name` (kebab-case) on the terminal; the rest as `Command` says."""

    def declare(cls: type[T]) -> type[T]:
        made: Any = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        made.NAME, made.ROLES, made.AT = name, roles, at
        made.REACH, made.CHANGES, made.GRAVE = reach, changes, grave
        return typing.cast("type[T]", made)

    return declare


NO_DOCUMENTS: Mapping[str, bytes] = {}


class Fact(NamedTuple):
    """An event as the ledger holds it: its place in the one order, when it was recorded, and who stood behind it.

    A tuple, because a replay makes a million of them: a frozen dataclass takes four times as long to make.
    """

    position: int
    recorded_at: datetime
    actor: str
    on_behalf_of: str | None
    event: Event
    command_id: str = ""
    documents: Mapping[str, bytes] = NO_DOCUMENTS

    def document(self, sha256: Document) -> bytes:
        """Return the attachment that this fact's event names as a document."""
        return self.documents[sha256]


@dataclass(frozen=True, slots=True)
class Context:
    """What is true of a command beside its own words: who asks, for which body, and when (UTC)."""

    now: datetime
    actor: PersonId
    on_behalf_of: str | None = None
    documents: Mapping[str, bytes] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818 - an expected answer, not a fault
    """A command that is not carried out. `code` is stable; `why` says what to do next.

    `record` is an event that auditors must see although the command is refused.
    """

    def __init__(self, code: str, why: Text, record: Event | None = None) -> None:
        """Refuse with a reason, and possibly a fact that says so."""
        super().__init__(f"{code}: {why.en}")
        self.code = code
        self.why = why
        self.record = record


class NotFound(Refused):
    """The thing that the command speaks of is not in the ledger."""


class NotPermitted(Refused):
    """The actor may not do this, or not in his own case."""


class Conflict(Refused):
    """Something else was done before that excludes this."""


REFUSALS: tuple[type[Refused], ...] = (Refused, NotFound, NotPermitted, Conflict)


@dataclass(frozen=True, slots=True)
class Selector:
    """Facts of any of these types (none: all) that carry all of these tags."""

    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(slots=True)
class State:
    """What a kind of record comes to, folded from its facts in order.

    `KIND` is the id type that tells one record from another (None: one for the whole ledger), `EVENTS` what it
    folds. `evolve` changes the state in place: it belongs to one fold alone and deciders only read it.
    """

    KIND: ClassVar[Any] = None
    EVENTS: ClassVar[tuple[type[Event], ...]] = ()
    key: str = ""

    def evolve(self, fact: Fact) -> None:
        """Take one more fact into account."""
        raise NotImplementedError

    @classmethod
    def key_for(cls, asked: Command) -> str:
        """Return which record of this kind the command speaks of."""
        return "" if cls.KIND is None else str(getattr(asked, id_field(type(asked), cls.KIND)))

    @classmethod
    def selector(cls, key: str) -> Selector:
        """Return the facts that this state is folded from."""
        tags = () if cls.KIND is None else (tag(cls.KIND, key),)
        return Selector(tuple(kind.NAME for kind in cls.EVENTS), tags)


AnyState = TypeVar("AnyState", bound=State)


def ahead(state: AnyState, events: Iterable[Event], position: int) -> AnyState:
    """Return the state as it will be once `events` are facts, the first at `position`; the one given stays as it is."""
    tags = set(state.selector(state.key).tags)
    coming = [
        Fact(position + number, datetime.min.replace(tzinfo=UTC), "", None, happened)
        for number, happened in enumerate(events)
        if isinstance(happened, state.EVENTS) and tags <= set(tags_of(happened))
    ]
    after = copy.deepcopy(state) if coming else state
    for fact in coming:
        after.evolve(fact)
    return after


Decide = Callable[..., list[Event]]


@dataclass(frozen=True, slots=True)
class Decider:
    """A decision function with the command it answers and the states it depends on."""

    command: type[Command]
    states: tuple[type[State], ...]
    decide: Decide


def decider(function: Decide) -> Decider:
    """Return the decider that a function `(command, context, *states)` is, read from its annotations."""
    hints = typing.get_type_hints(function)
    command_name, _context, *states = inspect.signature(function).parameters
    return Decider(hints[command_name], tuple(hints[name] for name in states), function)


def deciders(*functions: Decide) -> tuple[Decider, ...]:
    """Return the deciders that functions are."""
    return tuple(decider(function) for function in functions)


def members_of(union: Any) -> tuple[type[Event], ...]:  # noqa: ANN401 - a union has no type of its own
    """Return the event classes in a union (or the one class there is)."""
    return typing.get_args(union) or (union,)


def replace(record: T, **changes: object) -> T:
    """Return `record` with some fields changed."""
    return dataclasses.replace(record, **changes)  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that a ledger knows how to read and to decide."""

    events: Mapping[str, type[Event]]
    deciders: Mapping[type[Command], Decider]

    @classmethod
    def of(cls, events: tuple[type[Event], ...], deciders: tuple[Decider, ...]) -> "Catalogue":
        """Return the catalogue of these events and deciders; `ValueError` where one stands for two."""
        by_name = {kind.NAME: kind for kind in events}
        by_command = {entry.command: entry for entry in deciders}
        if len(by_name) != len(events) or len(by_command) != len(deciders):
            message = "two events share a name, or two deciders a command"
            raise ValueError(message)
        return cls(by_name, by_command)

    def command(self, name: str) -> type[Command]:
        """Return the command class called `name`; `LookupError` without one."""
        for kind in self.deciders:
            if name == kind.NAME:
                return kind
        raise LookupError(name)
