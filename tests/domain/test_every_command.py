"""Laws that hold for every command of the domain, tried on each step of the story in the controls."""

import pytest

from domain.archiving import ExportSealed
from domain.catalogue import CATALOGUE
from domain.decision import Command, NotPermitted
from domain.ids import malformed_ids
from domain.keeping import AcceptClock
from domain.organisation import RenamePerson
from domain.posts import SetGoal
from domain.private_reading import ReadSealed
from tests.controls import COMMANDS, STORY, STRANGER, Step
from tests.domain.conftest import World

SAID_ANEW: frozenset[type[Command]] = frozenset({AcceptClock, ExportSealed, ReadSealed, RenamePerson, SetGoal})
"""Whose repetition no fact can tell: the words are sealed, or each time is an act of its own."""

STEPS = [pytest.param(number, id=f"{number}-{step.asked.NAME}") for number, step in enumerate(STORY)]


@pytest.fixture(scope="module")
def turns(nothing: World) -> list[tuple[World, Step]]:
    """Return each step of the story with the world in which its turn comes."""
    found: list[tuple[World, Step]] = []
    world = nothing
    for step in STORY:
        found.append((world, step))
        world = world.play([step])
    return found


def test_every_command_has_an_example() -> None:
    assert {kind.__name__ for kind in CATALOGUE.deciders} == {kind.__name__ for kind in COMMANDS}


def test_every_example_names_things_by_proper_ids() -> None:
    assert {kind.NAME: malformed_ids(example) for kind, example in COMMANDS.items() if malformed_ids(example)} == {}


@pytest.mark.parametrize("number", STEPS)
def test_whoever_may_take_a_step_brings_something_about(number: int, turns: list[tuple[World, Step]]) -> None:
    world, step = turns[number]
    answer = world.when(step.asked, actor=step.actor, at=step.at)
    assert answer.refusal is None
    assert answer.events
    assert all(CATALOGUE.events[happened.NAME] is type(happened) for happened in answer.events)


@pytest.mark.parametrize("number", STEPS)
def test_a_stranger_is_not_permitted(number: int, turns: list[tuple[World, Step]]) -> None:
    world, step = turns[number]
    answer = world.when(step.asked, actor=STRANGER, at=step.at)
    assert isinstance(answer.refusal, NotPermitted), answer.events


@pytest.mark.parametrize("number", STEPS)
def test_what_is_asked_twice_happens_once(number: int, turns: list[tuple[World, Step]]) -> None:
    world, step = turns[number]
    once = world.when(step.asked, actor=step.actor, at=step.at)
    again = world.play([step]).when(step.asked, actor=step.actor, at=step.at)
    if type(step.asked) in SAID_ANEW:
        assert again.events == once.events
    else:
        assert again.events == ()


@pytest.mark.parametrize("number", STEPS)
def test_a_refusal_speaks_both_languages_and_has_a_code(number: int, turns: list[tuple[World, Step]]) -> None:
    world, step = turns[number]
    refusal = world.when(step.asked, actor=STRANGER, at=step.at).refusal
    assert refusal is not None
    assert refusal.code.replace("-", "").isalpha()
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.why.zh)
    assert refusal.why.en.isascii()
