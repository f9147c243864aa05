"""The deciders once more, over facts in the order in which they stand: what each command should have come to.

Nothing is locked, cached or grouped here: states are folded in memory, fact by fact. What the ledger recorded under a
command must be what its decider says of exactly the facts before; so a decision on stale facts cannot pass.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.catalogue import CATALOGUE
from domain.decision import Command, Context, Event, Fact, Refused, State
from domain.ids import PersonId, tags_of
from domain.sealed import Sealed

Key = tuple[type[State], str]


class Mirror:
    """All facts, and the states that were asked for."""

    def __init__(self, documents: Mapping[str, bytes]) -> None:
        """Begin with nothing; `documents` are those that commands bring along."""
        self.facts: list[Fact] = []
        self._documents = documents
        self._by_type: dict[str, list[tuple[Fact, frozenset[str]]]] = defaultdict(list)
        self._states: dict[Key, State] = {}
        self._watching: dict[str, list[tuple[frozenset[str], State]]] = defaultdict(list)

    def learn(self, fact: Fact) -> None:
        """Take one more fact into account."""
        name, tags = fact.event.NAME, frozenset(tags_of(fact.event))
        self.facts.append(fact)
        self._by_type[name].append((fact, tags))
        for wanted, state in self._watching[name]:
            if wanted <= tags:
                state.evolve(fact)

    def decide(self, command: Command, actor: str, now: datetime) -> tuple[list[Event], Refused | None]:
        """Return what comes of a command now: its events, or the refusal with the event that it may be."""
        decider = CATALOGUE.deciders[type(command)]
        states = [self._state(kind, kind.key_for(command)) for kind in decider.states]
        context = Context(now, PersonId(actor), None, self._documents)
        try:
            return decider.decide(command, context, *states), None
        except Refused as refused:
            return [] if refused.record is None else [refused.record], refused

    def _state(self, kind: type[State], key: str) -> State:
        if (kind, key) not in self._states:
            self._states[kind, key] = self._folded(kind, key)
        return self._states[kind, key]

    def _folded(self, kind: type[State], key: str) -> State:
        state, selector = kind(key), kind.selector(key)
        wanted = frozenset(selector.tags)
        names = selector.types or tuple(CATALOGUE.events)
        found = [fact for name in names for fact, tags in self._by_type[name] if wanted <= tags]
        for fact in sorted(found, key=lambda each: each.position):
            state.evolve(fact)
        for name in names:
            self._watching[name].append((wanted, state))
        return state


def alike(expected: Sequence[Event], recorded: Sequence[Event]) -> bool:
    """Return whether these events say the same, apart from words that are sealed."""
    return len(expected) == len(recorded) and all(
        type(one) is type(other) and all(_same(one, other, field.name) for field in dataclasses.fields(one))  # type: ignore[arg-type]
        for one, other in zip(expected, recorded, strict=True)
    )


def _same(one: Event, other: Event, name: str) -> bool:
    mine, theirs = getattr(one, name), getattr(other, name)
    return isinstance(theirs, Sealed) if isinstance(mine, Sealed) else bool(mine == theirs)
