"""The row that computes a whole round: many people with sixty entries each, beside adding the same decimals bare."""

import json
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
from domain.sheet import Candidate, Recorded, Sheet, parse_sheet

ENTRIES_EACH = 60
MOST_PEOPLE = 10_000
PERIOD, DAYS = "2025-03", 28
FINE = 10_000
"""Points that hardly repeat are drawn in ten-thousandths."""


def people_of(workshop: Workshop) -> int:
    """Return how many people are scored: ten thousand in a whole run, fewer in a short one."""
    return min(MOST_PEOPLE, max(1, workshop.size.facts // 10))


@cache
def scheme() -> Rulebook:
    """Return the shipped scheme of months, whose record is made of entries."""
    return parse_rulebook(rulebooks.shipped("monthly-points"))


@cache
def document_of(people: int, *, alike: bool) -> bytes:
    """Return a month of so many people as a sheet, each with sixty entries that differ from person to person.

    About one entry in thirty takes points away, so that totals differ and every star has holders. Entries that are
    `alike` have one of the two ends of what their item is worth; else points are drawn so finely between them that
    hardly two entries of the sheet say the same.
    """
    items = [item for item in scheme().items.values() if item.max_times is None]
    if not alike:
        items = [item for item in items if item.value.fixed is None]
    adding = [item for item in items if item.value.low > 0]
    deducting = [item for item in items if item.value.low < 0]
    listed = [_person(number, adding, deducting or adding, alike=alike) for number in range(people)]
    return json.dumps({"period": PERIOD, "people": listed}).encode()


@cache
def sheet_of(people: int, *, alike: bool = True) -> Sheet:
    """Return that sheet, read as every sheet is."""
    return parse_sheet(document_of(people, alike=alike), scheme())


def _person(number: int, adding: list[Item], deducting: list[Item], *, alike: bool) -> dict[str, object]:
    drawn = Random(number)  # noqa: S311 - the same sheet in every run
    entries = [
        _entry(drawn, drawn.choice(deducting if drawn.randrange(30) == 0 else adding), alike=alike)
        for _ in range(ENTRIES_EACH)
    ]
    return {"id": f"p{number}", "components": {"appraisal": "88.5"}, "entries": {"records": entries}}


def _entry(drawn: Random, item: Item, *, alike: bool) -> dict[str, object]:
    low, high = item.value.low, item.value.high
    points = drawn.choice((low, high)) if alike else low + (high - low) * drawn.randrange(FINE + 1) / FINE
    day = date(2025, 3, drawn.randint(1, DAYS))
    return {
        "item": item.code, "points": str(points), "occurred_on": str(day), "sources": [drawn.randint(1, MOST_PEOPLE)],
    }  # fmt: skip


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


def scored_fine(workshop: Workshop) -> Sample:
    """Do the same with points drawn in ten-thousandths, so that hardly two entries of the sheet say the same."""
    people = people_of(workshop)
    sheet = sheet_of(people, alike=False)
    return _a_second(people, lambda: score(scheme(), sheet))


def read_and_scored(workshop: Workshop) -> Sample:
    """Read the same sheet from its JSON first, which checks it, and then score it."""
    people = people_of(workshop)
    document = document_of(people, alike=True)
    return _a_second(people, lambda: score(scheme(), parse_sheet(document, scheme())))


def _a_second(people: int, work: Callable[[], object]) -> Sample:
    return Sample(people / timed(work))
