"""Nothing at rest says who voted what: 2,000 games are guessed no better than by a coin, and each control is broken."""

import math
import os
from collections import Counter
from collections.abc import Sequence

import pytest

from domain.ballot_sheets import Cell, Counting, Sheet, count_sheets
from domain.ballots import BoxOpened
from domain.decision import replace
from ledger import ballot_boxes
from ledger.ballot_boxes import Keeper
from tests.ledger.ballot_game import (
    Digested,
    Distinguisher,
    InOrder,
    OneNonce,
    Table,
    Unfilled,
    batch,
    content,
    fingerprint,
    order,
    play,
    reused,
    size,
    squeeze,
)
from tests.ledger.ballot_house import GRADES

SEED = int(os.environ.get("STARLEDGER_SEED", "20250428"))
GAMES, CONTROL_GAMES = 2_000, 120
DEVIATIONS = 4.5
"""So many standard deviations from a coin's mean happen to one of seven honest coins once in twenty thousand runs."""


def edge(right: int, games: int) -> float:
    """Return by how many standard deviations a number of right guesses lies off a coin's."""
    return (right - games / 2) / (math.sqrt(games) / 2)


@pytest.mark.slow
def test_whoever_holds_everything_at_rest_cannot_tell_two_voters_sheets_apart() -> None:
    right = play(Table(SEED), GAMES)
    print({"seed": SEED, "games": GAMES, "right": right})  # noqa: T201 - shown by pytest where it fails
    assert {name: edge(number, GAMES) for name, number in right.items() if abs(edge(number, GAMES)) > DEVIATIONS} == {}


@pytest.mark.parametrize(
    ("kind", "distinguisher"),
    [
        (InOrder, content),
        (InOrder, order),
        (InOrder, squeeze),
        (Unfilled, size),
        (OneNonce, reused),
        (Digested, fingerprint),
    ],
)
def test_a_box_without_one_of_its_safeties_would_be_broken(kind: type[Keeper], distinguisher: Distinguisher) -> None:
    right = play(Table(SEED, kind), CONTROL_GAMES, (distinguisher,))
    assert edge(right[distinguisher.__name__], CONTROL_GAMES) > DEVIATIONS, right


def test_counts_listed_in_the_order_of_the_votes_would_give_them_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballot_boxes, "count_sheets", as_they_came)
    games = 2 * CONTROL_GAMES  # the trace is fainter: others may have given a mark before the two
    right = play(Table(SEED, InOrder), games, (batch,))
    assert edge(right["batch"], games) > DEVIATIONS, right


def as_they_came(opened: BoxOpened, sheets: Sequence[Sheet]) -> Counting:
    """Count like the domain, but list the marks of each person in the order in which they were first given."""
    counting = count_sheets(opened, sheets)

    def listed(cell: Cell) -> Cell:
        rows = [sheet.rows[opened.subjects.index(cell.person)] for sheet in sheets]
        first = [GRADES[row] for row in Counter(rows) if row < len(GRADES)]
        return replace(cell, counts=tuple(sorted(cell.counts, key=lambda count: first.index(str(count.grade)))))

    return Counting(counting.valid, counting.void, tuple(listed(cell) for cell in counting.cells))
