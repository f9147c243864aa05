"""A harness for deciders: given these facts, when this is asked, then these events follow, or it is refused.

Nothing is stored. Each state that a decider names is folded from those of the given facts that its selector asks for,
by type and by tag, so a decider that needs a fact it does not select fails here as it would in a ledger.
"""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import pytest

from domain.catalogue import CATALOGUE
from domain.decision import Command, Context, Event, Fact, Refused, Selector, State
from domain.feedback import DeliverFeedback
from domain.ids import PersonId, documents_of, tags_of
from domain.membership import MakeFormal
from domain.sealed import Sealed
from tests.controls import DOCUMENTS, FOUNDED, REGISTRAR, STORY, YEAR_END, Step, noon


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command."""

    events: tuple[Event, ...]
    refusal: Refused | None

    def then(self, *events: Event) -> None:
        """Assert that exactly these events follow."""
        assert self.refusal is None, self.refusal
        assert self.events == events

    def then_nothing(self) -> None:
        """Assert that there is nothing to do: it is so already."""
        self.then()

    def refused(self, code: str, kind: type[Refused] = Refused) -> Refused:
        """Assert that it is refused with this code, and return the refusal."""
        assert self.refusal is not None, f"not refused: {self.events}"
        assert self.refusal.code == code
        assert isinstance(self.refusal, kind)
        return self.refusal


@dataclass(frozen=True, slots=True)
class World:
    """Facts, as a ledger would hold them: numbered from 1, with digests in place of sealed words."""

    facts: tuple[Fact, ...] = ()

    def after(self, *events: Event, actor: PersonId = REGISTRAR, at: datetime | None = None) -> "World":
        """Return the world in which these events have been recorded as well."""
        position, when = len(self.facts) + 1, at or noon(FOUNDED)
        new = [_fact(position + n, event, actor, when) for n, event in enumerate(events)]
        return World((*self.facts, *new))

    def when(self, asked: Command, *, actor: PersonId, at: datetime | None = None) -> Answer:
        """Ask for something (by default at noon of the last day of 2025) and return what comes of it."""
        decider = CATALOGUE.deciders[type(asked)]
        states = [self.fold(kind, kind.key_for(asked)) for kind in decider.states]
        context = Context(at or noon(YEAR_END), actor, None, DOCUMENTS)
        try:
            return Answer(tuple(decider.decide(asked, context, *states)), None)
        except Refused as refused:
            return Answer((), refused)

    def fold(self, kind: type[State], key: str = "") -> State:
        """Return a state folded from the facts that it selects."""
        state = kind(key)
        for fact in selected(self.facts, kind.selector(key)):
            state.evolve(fact)
        return state

    def play(self, steps: Iterable[Step]) -> "World":
        """Return the world after these steps, each of which must be taken."""
        world = self
        for step in steps:
            answer = world.when(step.asked, actor=step.actor, at=step.at)
            assert answer.refusal is None, f"{step.asked}: {answer.refusal}"
            world = world.after(*answer.events, actor=step.actor, at=step.at)
        return world


def selected(facts: Sequence[Fact], selector: Selector) -> list[Fact]:
    """Return the facts that a selector asks for."""
    return [
        fact
        for fact in facts
        if (not selector.types or fact.event.NAME in selector.types) and set(selector.tags) <= set(tags_of(fact.event))
    ]


def _fact(position: int, event: Event, actor: PersonId, at: datetime) -> Fact:
    documents = {name: DOCUMENTS[name] for name in documents_of(event)}
    return Fact(position, at, actor, None, as_recorded(event), documents=documents)


def as_recorded(event: Event) -> Event:
    """Return the event with a digest in place of its sealed words: all that a later decision sees of them."""
    words = {
        field.name: Sealed(digest=sha256(value.text.encode()).hexdigest())
        for field in dataclasses.fields(event)  # type: ignore[arg-type]
        if isinstance(value := getattr(event, field.name), Sealed) and value.text is not None
    }
    return dataclasses.replace(event, **words)  # type: ignore[type-var]


@pytest.fixture(scope="session")
def nothing() -> World:
    """Return the world before its first fact."""
    return World()


@pytest.fixture(scope="session")
def before(nothing: World) -> Callable[[type[Command]], World]:
    """Return how to get the world of the story as it is before the first command of a class."""
    worlds: dict[type[Command], World] = {}
    world = nothing
    for step in STORY:
        worlds.setdefault(type(step.asked), world)
        world = world.play([step])
    return worlds.__getitem__


@pytest.fixture(scope="session")
def up_to(nothing: World) -> Callable[[Command], World]:
    """Return how to get the world of the story as it is before this very command."""
    worlds: list[World] = [nothing]
    for step in STORY:
        worlds.append(worlds[-1].play([step]))
    commands = [step.asked for step in STORY]
    return lambda asked: worlds[commands.index(asked)]


@pytest.fixture(scope="session")
def branch(before: Callable[[type[Command]], World]) -> World:
    """Return the world of the opened ledger: a branch with its members and officers, nothing else yet."""
    return before(MakeFormal)


@pytest.fixture(scope="session")
def confirmed(before: Callable[[type[Command]], World]) -> World:
    """Return the world in which the round's stars are confirmed and nothing has followed from them yet."""
    return before(DeliverFeedback)


@pytest.fixture(scope="session")
def in_the_end(nothing: World) -> World:
    """Return the world after the whole story."""
    return nothing.play(STORY)
