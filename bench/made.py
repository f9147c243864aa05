"""The facts that are measured: the same for everybody, drawn from a seed before any clock is started."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random

import msgspec

from bench.catalogue import EnterList, EnterPoints, Line, PointsEntered
from domain.ids import BranchId, PersonId, tags_of
from ledger.entry import Envelope, write_data, write_entry

ITEMS = ("study", "meeting", "volunteering", "suggestion", "honour", "assistance", "attendance", "reporting")
BEGAN = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
YEAR = date(2026, 1, 1)
BRANCH_SIZE = 100
SEED = "starledger"
POOL = 5_000


@dataclass(frozen=True, slots=True)
class Made:
    """One fact in the forms that contenders take it in: a command, an event's JSON, a line of text."""

    position: int
    command: EnterPoints
    data: bytes
    tags: tuple[str, ...]
    line: bytes

    @property
    def text(self) -> str:
        """The line as text."""
        return self.line.decode()


@lru_cache(maxsize=4)
def facts(persons: int = BRANCH_SIZE) -> tuple[Made, ...]:
    """Return 5,000 facts about as many `persons`, drawn at random: at every call the same, to be used over and over."""
    random = Random(f"{SEED} {persons}")  # noqa: S311 - no secrets
    return tuple(_made(random, position, random.randrange(persons)) for position in range(1, POOL + 1))


def lists(number: int, persons: int, lines: int = BRANCH_SIZE) -> Iterator[EnterList]:
    """Yield the commands that enter `number` facts, branch after branch, every member in turn equally often."""
    random = Random(f"{SEED} lists")  # noqa: S311
    size = min(persons, BRANCH_SIZE)
    rounds = max(1, number // persons)
    order = [
        first + member
        for first in range(0, persons, size)
        for _ in range(rounds)
        for member in range(min(size, persons - first))
    ]
    order += [index % persons for index in range(number - len(order))]
    for start in range(0, number, lines):
        some = order[start : min(start + lines, number)]
        yield EnterList(branch=branch_of(some[0]), lines=tuple(_line(random, person) for person in some))


def person_id(number: int) -> PersonId:
    """Return the id of the member with this number."""
    return PersonId(f"P{number:06}")


def branch_of(person: int) -> BranchId:
    """Return the branch of the member with this number."""
    return BranchId(f"B{person // BRANCH_SIZE:04}")


def _line(random: Random, person: int) -> Line:
    return Line(
        person=person_id(person),
        item=random.choice(ITEMS),
        points=Decimal(random.randrange(25, 1_000)).scaleb(-2),
        occurred_on=YEAR + timedelta(days=random.randrange(365)),
    )


def _made(random: Random, position: int, person: int) -> Made:
    line = _line(random, person)
    said = {"person": line.person, "item": line.item, "points": line.points, "occurred_on": line.occurred_on}
    entered = PointsEntered(branch=branch_of(person), **said)  # type: ignore[arg-type]
    data, _ = write_data(entered, lambda: b"")
    at = BEGAN + timedelta(milliseconds=position, microseconds=position % 997)
    tags = tags_of(entered)
    envelope = Envelope(
        position=position,
        recorded_at=at,
        clock=at,
        type=entered.NAME,
        actor="P000001",
        on_behalf_of=None,
        command=f"{random.getrandbits(128):032x}0000",
        tags=tags,
        nonce=random.randbytes(16).hex(),
        data=msgspec.Raw(data),
    )
    command = EnterPoints(branch=entered.branch, **said)  # type: ignore[arg-type]
    return Made(position, command, data, tags, write_entry(envelope))
