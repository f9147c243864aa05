"""The law of the record: what counts follows from what became of each entry, in whatever order it was entered."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.decision import Event, replace
from domain.ids import EntryId
from tests.domain.conftest import World
from tests.domain.test_records import CORRECTED, DAY, MAY, REJECTED, REPORTED, REVERSED, VERIFIED, counting

LIVES: tuple[tuple[str, ...], ...] = (
    ("propose",),
    ("propose", "verify"),
    ("propose", "reject"),
    ("propose", "reverse"),
    ("propose", "verify", "reverse"),
    ("propose", "verify", "correct"),
    ("propose", "correct", "verify"),
    ("propose", "verify", "correct", "verify"),
    ("propose", "verify", "correct", "verify", "reverse"),
)
COUNTS = {life: life[-1] == "verify" for life in LIVES}


def happening(entry: EntryId, act: str, day: date) -> Event:
    """Return the fact of an act on an entry."""
    facts: dict[str, Event] = {
        "propose": replace(REPORTED, entry=entry, occurred_on=day),
        "verify": replace(VERIFIED, entry=entry),
        "reject": replace(REJECTED, entry=entry),
        "reverse": replace(REVERSED, entry=entry),
        "correct": replace(CORRECTED, entry=entry, occurred_on=day + DAY),
    }
    return facts[act]


@st.composite
def interleaved(draw: st.DrawFn) -> tuple[list[tuple[str, ...]], list[int]]:
    """Draw what becomes of some entries, and an order of acts in which each entry keeps its own."""
    lives = draw(st.lists(st.sampled_from(LIVES), min_size=1, max_size=5))
    turns = [number for number, life in enumerate(lives) for _ in life]
    return lives, draw(st.permutations(turns))


def folded_in_turn(lives: Sequence[tuple[str, ...]], turns: Sequence[int]) -> list[tuple[EntryId, str, Decimal, date]]:
    """Return what counts after these acts, without the positions, which an order of acts does decide."""
    left = [list(life) for life in lives]
    world = World()
    for number in turns:
        day = MAY + DAY * (number % 2)
        world = world.after(happening(EntryId(f"e-{number}"), left[number].pop(0), day))
    return [(one.entry, one.item, one.points, one.occurred_on) for one in counting(world)]


@given(interleaved())
def test_the_order_of_proposing_and_verifying_never_changes_what_counts(
    drawn: tuple[list[tuple[str, ...]], list[int]],
) -> None:
    lives, turns = drawn
    found = folded_in_turn(lives, turns)
    assert found == folded_in_turn(lives, sorted(turns))
    assert {entry for entry, *_ in found} == {EntryId(f"e-{n}") for n, life in enumerate(lives) if COUNTS[life]}
    assert all((day, entry) <= (later, other) for (entry, _, _, day), (other, _, _, later) in pairwise(found))
