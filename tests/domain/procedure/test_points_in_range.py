"""Points lie in the range that the rulebook gives their component, its own one or that of all (AMB-A12)."""

from decimal import Decimal

import pytest

from domain.ballot_boxes import keeper_digest
from domain.ballot_opening import OpenBox
from domain.ballots import Slips
from domain.ids import BoxId
from domain.scores import RecordScore
from tests.controls import ROUND, SUN, ZHANG
from tests.domain.conftest import World
from tests.domain.procedure.conftest import SCORING, under

COLUMN = 'rater = "masses"\n'
BOX = OpenBox(
    box=BoxId("box"),
    round=ROUND,
    component="masses",
    keeper=keeper_digest("of the keeper"),
    slips=(Slips(group="masses", count=9),),
)


def within(world: World, reach: str) -> World:
    """Return the world in which the masses' points have a range of their own."""
    return under(world, (COLUMN, f"{COLUMN}range = {reach}\n"))


@pytest.mark.parametrize(
    ("reach", "fits", "beyond"),
    [
        ('{ low = 0, high = 30, clause = "A-25" }', ("0", "30"), ("-0.5", "30.5", "100")),
        ('{ low = 10, high = 120, clause = "A-25" }', ("10", "120"), ("9.99", "120.01")),
        ('{ low = 0, clause = "A-25" }', ("0", "250"), ("-1",)),
    ],
)
def test_points_lie_between_the_bounds_of_their_own_component(
    opened: World, reach: str, fits: tuple[str, ...], beyond: tuple[str, ...]
) -> None:
    world = within(opened, reach)
    for points in (*fits, *beyond):
        asked = RecordScore(round=ROUND, person=SUN, component="masses", points=Decimal(points), ballots=9)
        answer = world.when(asked, actor=ZHANG, at=SCORING)
        if points in fits:
            assert answer.refusal is None, answer.refusal
        else:
            assert "A-25" in answer.refused("points-out-of-range").why.en


def test_a_ballot_gives_points_only_where_every_mark_of_it_can_count(opened: World) -> None:
    assert opened.when(BOX, actor=ZHANG, at=SCORING).events
    narrow = within(opened, '{ low = 0, high = 30, clause = "A-25" }')
    narrow.when(BOX, actor=ZHANG, at=SCORING).refused("range-unfit-for-ballots")
    wide = within(opened, '{ low = 0, high = 120, clause = "A-25" }')
    assert wide.when(BOX, actor=ZHANG, at=SCORING).events
