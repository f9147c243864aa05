# ruff: noqa: INP001 - read by a script beside it, no package
"""Procedures explored: at every stage that can be reached, every command of a procedure is asked of its decider.

What is accepted is an arrow of a state diagram; what is refused stands in a table, with the code of the refusal.
"""

import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from domain.decision import Command, State, replace
from domain.ids import PersonId
from domain.text import Text
from tests.controls import STORY, Step
from tests.domain.conftest import World

NOTHING = "="
"""What a command comes to that is accepted and has nothing left to do."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A command to ask for at every stage: by whom, and not before when; `asked` may depend on the world."""

    name: str
    asked: Command | Callable[[World], Command]
    actor: PersonId
    at: datetime

    def in_world(self, world: World) -> Command:
        """Return the command as it is asked for in a world."""
        return self.asked if isinstance(self.asked, Command) else self.asked(world)


@dataclass(frozen=True, slots=True)
class Procedure:
    """A record that goes through stages: how to tell its stage, and what may be asked for (see `stages`).

    `stages` are all that the page is to show, the first being the one before anything has happened; `worlds` are where
    the exploration begins.
    """

    title: Text
    stages: tuple[str, ...]
    stage: Callable[[World], str]
    probes: tuple[Probe, ...]
    worlds: tuple[World, ...]


@dataclass(slots=True)
class Explored:
    """What each command came to at each stage: stages it leads to, codes of refusals, or nothing."""

    reached: list[str] = field(default_factory=list)
    led: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    refused: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def arrows(self) -> Iterator[tuple[str, str, str]]:
        """Yield stage, command and the stage it leads to."""
        for (stage, name), targets in self.led.items():
            for target in targets:
                yield stage, name, target


def explore(procedure: Procedure) -> Explored:
    """Return what every command comes to at every stage that can be reached."""
    found = Explored()
    waiting = list(procedure.worlds)
    seen = len(waiting)
    for number, world in enumerate(waiting):
        stage = procedure.stage(world)
        if stage not in found.reached:
            found.reached.append(stage)
        elif number >= seen:
            continue
        for probe in procedure.probes:
            after, done = _ask(found, stage, probe, world)
            target = procedure.stage(after)
            if done or target != stage:
                _note(found.led, (stage, probe.name), target)
                waiting.append(after)
    return found


def _ask(found: Explored, stage: str, probe: Probe, world: World) -> tuple[World, bool]:
    """Return the world after a command, and whether it was carried out: a refusal may leave a fact as well."""
    at = max(probe.at, world.facts[-1].recorded_at)
    answer = world.when(probe.in_world(world), actor=probe.actor, at=at)
    events = answer.events
    if answer.refusal is not None:
        _note(found.refused, (stage, probe.name), answer.refusal.code)
        events = () if answer.refusal.record is None else (answer.refusal.record,)
    elif not events:
        _note(found.refused, (stage, probe.name), NOTHING)
    return world.after(*events, actor=probe.actor, at=at), bool(answer.events)


def _note(notes: dict[tuple[str, str], list[str]], where: tuple[str, str], what: str) -> None:
    known = notes.setdefault(where, [])
    if what not in known:
        known.append(what)


def page(procedures: Sequence[Procedure]) -> str:
    """Return the page with a diagram and a table for each procedure."""
    return HEAD + "".join(_section(procedure, explore(procedure)) for procedure in procedures)


def _section(procedure: Procedure, found: Explored) -> str:
    reached = [stage for stage in procedure.stages if stage in found.reached]
    return "\n".join(
        (
            f"\n## {procedure.title.en} {procedure.title.zh}\n",
            "```mermaid",
            "stateDiagram-v2",
            *_diagram(reached, found),
            "```\n",
            *_table(procedure, reached, found),
            "",
        )
    )


def _diagram(reached: Sequence[str], found: Explored) -> Iterator[str]:
    for stage in reached:
        yield f'    state "{stage}" as {_id(stage)}'
    yield f"    [*] --> {_id(reached[0])}"
    merged: dict[tuple[str, str], list[str]] = {}
    for stage, name, target in found.arrows():
        merged.setdefault((stage, target), []).append(name)
    for stage in reached:
        for target in reached:
            if names := merged.get((stage, target)):
                yield f"    {_id(stage)} --> {_id(target)}: {', '.join(names)}"


def _table(procedure: Procedure, reached: Sequence[str], found: Explored) -> Iterator[str]:
    yield f"| | {' | '.join(reached)} |"
    yield f"|---|{'---|' * len(reached)}"
    for probe in procedure.probes:
        cells = (_cell(found, stage, probe.name) for stage in reached)
        yield f"| {probe.name} | {' | '.join(cells)} |"


def _cell(found: Explored, stage: str, name: str) -> str:
    led = [f"→ {target}" for target in found.led.get((stage, name), ())]
    refused = [code if code == NOTHING else f"`{code}`" for code in found.refused.get((stage, name), ())]
    return ", ".join((*led, *refused))


def _id(stage: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in stage)


HEAD = """<!-- Generated by docs/procedures.py; do not edit. -->
# Procedures

Each diagram is drawn from the deciders. At every stage that can be reached from the story of `tests/controls.py`, every
command below was asked for: an arrow is a command that was carried out, and a cell of the table says where it leads
(→), by which code it is refused, or that it has nothing left to do (=). A cell with several answers is a stage that
does not decide alone: what else has happened and the time matter as well; a refusal may also leave a fact (→).
"""


# the story that the probes come from


AnyState = TypeVar("AnyState", bound=State)


def state_in(world: World, kind: type[AnyState], key: str = "") -> AnyState:
    """Return a state as the facts of a world make it."""
    return typing.cast("AnyState", world.fold(kind, key))


@dataclass(frozen=True, slots=True)
class Told:
    """The story with the world before each of its steps, and the one after the last."""

    worlds: tuple[World, ...]

    def step(self, kind: type[Command], **equal: object) -> Step:
        """Return the first step that asks for a command of a class with these values."""
        return STORY[self.index(kind, **equal)]

    def index(self, kind: type[Command], **equal: object) -> int:
        """Return the number of that step."""
        return next(
            number
            for number, step in enumerate(STORY)
            if isinstance(step.asked, kind) and all(getattr(step.asked, name) == each for name, each in equal.items())
        )

    def before(self, kind: type[Command], **equal: object) -> World:
        """Return the world before that step."""
        return self.worlds[self.index(kind, **equal)]

    def probe(self, kind: type[Command], note: str = "", **changes: object) -> Probe:
        """Return a probe: the story's first command of a class, with these fields changed."""
        step = self.step(kind)
        name = f"{kind.NAME} ({note})" if note else kind.NAME
        return Probe(name, replace(step.asked, **changes), step.actor, step.at)


def told() -> Told:
    """Return the story carried out."""
    worlds = [World()]
    for step in STORY:
        worlds.append(worlds[-1].play([step]))
    return Told(tuple(worlds))
