"""Clauses that nothing carries out, notices that hang too short and objections without inquiry are spoken about."""

from collections.abc import Callable

import pytest

from domain.rulebook import Rulebook, lint

Changed = Callable[..., Rulebook]


def spoken(rulebook: Rulebook, *codes: str, size: int | None = None) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in lint(rulebook, size) if each.code in codes]


@pytest.mark.parametrize(
    ("name", "unused"),
    [("annual-360", []), ("monthly-points", ["B-20", "B-46", "B-49", "AMB-A13"]), ("blank", [])],
)
def test_clauses_that_no_number_cites_are_noted(changed: Changed, name: str, unused: list[str]) -> None:
    found = [("note-clause-unused", f"clauses.{clause}") for clause in unused]
    assert spoken(changed(name=name), "note-clause-unused") == found


def test_a_clause_is_unused_once_its_last_citation_goes(changed: Changed) -> None:
    rulebook = changed(('percent = 30\nclause = "A-33"', 'percent = 30\nclause = "A-34"'))
    assert spoken(rulebook, "note-clause-unused") == [("note-clause-unused", "clauses.A-33")]


@pytest.mark.parametrize(
    ("days", "unit", "short"),
    [
        (7, "calendar_days", False),
        (6, "calendar_days", True),
        (5, "calendar_days", True),
        (5, "working_days", False),
        (4, "working_days", True),
    ],
)
def test_a_notice_below_seven_days_is_named(changed: Changed, days: int, unit: str, short: bool) -> None:  # noqa: FBT001
    rulebook = changed(('days = 7\nunit = "calendar_days"', f'days = {days}\nunit = "{unit}"'))
    assert spoken(rulebook, "publicity-short") == ([("publicity-short", "publicity.days")] if short else [])


@pytest.mark.parametrize("name", ["annual-360", "monthly-points", "blank"])
def test_the_shipped_rulebooks_hang_long_enough_and_somebody_inquires(changed: Changed, name: str) -> None:
    rulebook = changed(name=name)
    assert spoken(rulebook, "publicity-short", "inquiry-nobody", "note-inquiry-alone", size=3) == []


@pytest.mark.parametrize(
    ("inquirers", "size", "found"),
    [
        (2, 2, "inquiry-nobody"),
        (2, 3, None),
        (3, 3, "inquiry-nobody"),
        (1, 3, "note-inquiry-alone"),
        (1, 1, "inquiry-nobody"),
        (9, None, None),
    ],
)
def test_objections_that_nobody_of_the_branch_can_inquire_into_are_named(
    changed: Changed, inquirers: int, size: int | None, found: str | None
) -> None:
    rulebook = changed(("investigators = 2", f"investigators = {inquirers}"))
    said = spoken(rulebook, "inquiry-nobody", "note-inquiry-alone", size=size)
    assert said == ([] if found is None else [(found, "objections.investigators")])
