"""The row that computes a whole round: many people with sixty entries each, beside adding the same decimals bare."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

import rulebooks
from bench.measuring import Sample, timed
from bench.workshop import Workshop
from domain.rulebook import Rulebook, parse_rulebook
from domain.rulebook.items import Item
from domain.scoring import score
from domain.sheet import Candidate, Entry, Given, Recorded, Sheet

ENTRIES_EACH = 60
MOST_PEOPLE = 10_000
PERIOD, DAYS = "2025-03", 28


def people_of(workshop: Workshop) -> int:
    """Return how many people are scored: ten thousand in a whole run, fewer in a short one."""
    return min(MOST_PEOPLE, max(1, workshop.size.facts // 10))


@cache
def scheme() -> Rulebook:
    """Return the shipped scheme of months, whose record is made of entries."""
    return parse_rulebook(rulebooks.shipped("monthly-points"))


@cache
def sheet_of(people: int) -> Sheet:
    """Return a month of so many people, each with sixty entries that differ from person to person.

    About one entry in thirty takes points away, so that totals differ and every star has holders.
    """
    items = [item for item in scheme().items.values() if item.max_times is None]
    adding = [item for item in items if item.value.low > 0]
    deducting = [item for item in items if item.value.low < 0]
    return Sheet(PERIOD, tuple(_person(number, adding, deducting) for number in range(people)))


def _person(number: int, adding: list[Item], deducting: list[Item]) -> Candidate:
    drawn = Random(number)  # noqa: S311 - the same sheet in every run
    entries = tuple(_entry(drawn, deducting if drawn.randrange(30) == 0 else adding) for _ in range(ENTRIES_EACH))
    return Candidate(f"p{number}", components={"records": Recorded(entries), "appraisal": Given(Decimal("88.5"))})


def _entry(drawn: Random, items: list[Item]) -> Entry:
    item = drawn.choice(items)
    points = drawn.choice((item.value.low, item.value.high))
    return Entry(item.code, points, date(2025, 3, drawn.randint(1, DAYS)), (drawn.randint(1, MOST_PEOPLE),))


def bare_sums(workshop: Workshop) -> Sample:
    """Add the same decimals person by person in a bare loop; nothing is checked, bounded or explained."""
    people = people_of(workshop)
    points = [list(_points(person)) for person in sheet_of(people).people]
    return _a_second(people, lambda: [_sum(each) for each in points])


def _points(person: Candidate) -> Iterable[Decimal]:
    recorded = person.components["records"]
    if isinstance(recorded, Recorded):
        yield from (entry.points for entry in recorded.entries if entry.points is not None)


def _sum(points: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for each in points:
        total += each
    return total


def scored(workshop: Workshop) -> Sample:
    """Check a sheet that was read before and compute every total and star, in one process; no reasons are asked for."""
    people = people_of(workshop)
    sheet = sheet_of(people)
    return _a_second(people, lambda: score(scheme(), sheet))


def _a_second(people: int, work: Callable[[], object]) -> Sample:
    return Sample(people / timed(work))
