"""Helper and helped keep apart wherever close relations do, from one place (AMB-B21)."""

from datetime import date

import pytest

from domain.appointments import DeclareRelation, Offices, RelationDeclared
from domain.assistance import ImprovementClosed, ImprovementOpened
from domain.decision import Event
from domain.ids import ImprovementId, PersonId, RoundId, tags_of
from domain.improvement import CheckImprovement, OpenImprovement
from domain.sealed import Sealed
from tests.controls import BRANCH, LI, STORY, SUN, WU, Step
from tests.domain.conftest import World

PAIR, ELSEWHERE = ImprovementId("pair"), RoundId("a-year-ago")
KEPT_FOR_ITSELF = (CheckImprovement, OpenImprovement, DeclareRelation)
"""The helper looks after the plan; that a plan or a relation is there already is for these to say."""


def helping(helper: PersonId, person: PersonId) -> ImprovementOpened:
    return ImprovementOpened(
        improvement=PAIR,
        round=ELSEWHERE,
        person=person,
        branch=BRANCH,
        helper=helper,
        lost_points=Sealed("返工"),
        goal=Sealed("三星级"),
        measures=Sealed("结对"),
        review_on=date(2030, 1, 1),
        clause="A-37",
    )


OVER = ImprovementClosed(
    improvement=PAIR,
    round=ELSEWHERE,
    person=WU,
    on=date(2026, 1, 1),
    outcome="reached",
    branch_opinion=Sealed("同意"),
    superior_opinion=None,
)


def offices(world: World) -> Offices:
    found = world.fold(Offices)
    assert isinstance(found, Offices)
    return found


def test_helper_and_helped_are_a_pair_while_the_plan_is_open(branch: World) -> None:
    held, over = offices(branch.after(helping(SUN, WU))), offices(branch.after(helping(SUN, WU), OVER))
    assert held.related(SUN, WU)
    assert held.related(WU, SUN)
    assert not held.related(SUN, LI)
    assert not over.related(SUN, WU)


def test_that_one_helps_the_other_is_no_declaration_that_they_are_close(branch: World) -> None:
    held = offices(branch.after(helping(SUN, WU)))
    assert not held.declared(SUN, WU)
    declaring = DeclareRelation(person=SUN, other=WU, relation="sibling")
    assert branch.after(helping(SUN, WU)).when(declaring, actor=SUN).events


@pytest.fixture(scope="module")
def turns(nothing: World) -> list[tuple[World, Step]]:
    """Return each step of the story with the world in which its turn comes."""
    found: list[tuple[World, Step]] = []
    world = nothing
    for step in STORY:
        found.append((world, step))
        world = world.play([step])
    return found


def refusal(world: World, step: Step, closeness: Event) -> str | None:
    answer = world.after(closeness).when(step.asked, actor=step.actor, at=step.at)
    return None if answer.refusal is None else answer.refusal.code


def related(actor: PersonId, person: PersonId) -> RelationDeclared:
    return RelationDeclared(person=actor, other=person, relation="sibling")


def concerned(world: World, step: Step) -> list[PersonId]:
    """Return everybody else whom a command or what it brings about mentions, and some whom it does not."""
    if isinstance(step.asked, KEPT_FOR_ITSELF):
        return []
    said = (step.asked, *world.when(step.asked, actor=step.actor, at=step.at).events)
    tags = {tag for each in said for tag in tags_of(each) if tag.startswith("person:")}
    people = {PersonId(tag.removeprefix("person:")) for tag in tags} | {SUN, WU}
    return sorted(people - {step.actor})


@pytest.mark.parametrize("helper_acts", [True, False])
def test_where_a_close_relation_is_kept_away_so_are_helper_and_helped(
    turns: list[tuple[World, Step]],
    helper_acts: bool,  # noqa: FBT001 - both ways of one pair
) -> None:
    kept_away = set()
    for world, step in turns:
        for person in concerned(world, step):
            pair = helping(step.actor, person) if helper_acts else helping(person, step.actor)
            by_relation = refusal(world, step, related(step.actor, person))
            assert refusal(world, step, pair) == by_relation, (step.asked, person)
            if by_relation is not None:
                kept_away.add(type(step.asked).NAME)
    assert {"record-score", "verify-entry", "rule-on-objection", "close-improvement"} <= kept_away
