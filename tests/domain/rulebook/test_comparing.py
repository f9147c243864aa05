"""Two rulebooks are compared by what they mean: every number and word that differs, and nothing that does not."""

import contextlib
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulebooks
from domain.findings import Invalid
from domain.rulebook import Rulebook, parse_rulebook
from domain.rulebook.citing import cited
from domain.rulebook.compare import Difference, differences
from domain.rulebook.parts import parts

Changed = Callable[..., Rulebook]


def said(old: Rulebook, new: Rulebook) -> list[tuple[str, str, str | None, str | None, str]]:
    return [_plain(each) for each in differences(old, new)]


def _plain(each: Difference) -> tuple[str, str, str | None, str | None, str]:
    before, after = (None if side is None else side.en for side in (each.before, each.after))
    return each.place, each.change, before, after, each.clause


@pytest.mark.parametrize("name", rulebooks.SHIPPED)
def test_a_rulebook_does_not_differ_from_itself(changed: Changed, name: str) -> None:
    assert differences(changed(name=name), changed(name=name)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("weight = 35", 'weight = "35.0"'),
        ("low = 95", "low = 95.00"),
        ('cap_rounding = "floor" ', "# left at its default "),
        ("days = 7\nunit", "# as before\ndays = 7\nunit"),
        ("percent = 30", 'percent = 30\nround = "floor"\nof = "all"'),
        ("low = 95", "low = 95\nlow_inclusive = true"),
    ],
)
def test_writing_the_same_otherwise_is_no_difference(changed: Changed, old: str, new: str) -> None:
    assert said(changed(), changed((old, new))) == []


def test_the_order_of_bands_and_caps_on_the_page_is_no_difference(changed: Changed) -> None:
    moved = changed(
        ('[[caps]]\nstar = 5\npercent = 5\nclause = "A-34"\n\n', ""),
        ("[overflow]", '[[caps]]\nstar = 5\npercent = 5\nclause = "A-34"\n\n[overflow]'),
    )
    assert [cap.star for cap in moved.caps] == [4, 5]
    assert said(changed(), moved) == []


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("percent = 30", "percent = 25", ("caps[4].percent", "changed", "30", "25", "A-33")),
        ("weight = 60", "weight = 55", ("components.organisation.parts.group.weight", "changed", "60", "55", "A-24")),
        ("minimum = 5,", "minimum = 6,", ("components.masses.ballots.minimum", "changed", "5", "6", "AMB-A14")),
        ("low = 88\n", "low = 87\n", ("bands[4].low", "changed", "88", "87", "A-32")),
        ("low = 88\n", "", ("bands[4].low", "removed", "88", None, "A-32")),
        ("minimum_months = 6", "minimum_months = 3", ("newcomers.minimum_months", "changed", "6", "3", "AMB-A15")),
        ('opens = "01-01"', 'opens = "01-15"', ("calendar.opens", "changed", "1, 1", "1, 15", "A-18")),
        ('present_at_least = "1/2"', 'present_at_least = "2/3"', (
            "meeting.present_at_least", "changed", "1/2", "2/3", "NORM-BRANCH-11")),
        ("points_low = 2\npoints_high = 8", "points = 5", (
            "items.job-target-exceeded.points", "changed", "2 … 8", "5", "A-39")),
        ('"work", "masses", "organisation"', '"masses", "work"', (
            "ties.chain", "changed", "work, masses, organisation", "masses, work", "AMB-A8")),
        ('clause = "A-34"', 'clause = "A-33"', ("caps[5].clause", "changed", "A-34", "A-33", "A-33")),
        ('en = "five stars"', 'en = "best"', ("bands[5].label", "changed", "five stars", "best", "AMB-A1")),
        ("start = 80", "start = 70", ("groups.job.start", "changed", "80", "70", "AMB-A12")),
    ],
)  # fmt: skip
def test_a_changed_number_or_word_has_place_values_and_clause(
    changed: Changed, old: str, new: str, difference: tuple[str, str, str | None, str | None, str]
) -> None:
    assert difference in said(changed(), changed((old, new)))


def test_a_changed_reading_says_what_both_choices_mean(changed: Changed) -> None:
    found = said(changed(), changed(('cap_nesting = "separate"', 'cap_nesting = "nested"')))
    assert found[0] == (
        "readings.cap_nesting",
        "changed",
        "separate: each star has its own cap",
        "nested: a lower star's cap counts the higher stars as well",
        "AMB-A6",
    )
    assert [place for place, *_ in found[1:]] == ["caps[5].nested", "caps[4].nested"]


def test_items_added_and_removed_are_said_once_with_their_numbers(changed: Changed) -> None:
    old, new = changed(), changed(('code = "job-small"', 'code = "job-tiny"'))
    named = "A small thing done well (points 1, max_times 10, "
    found = said(old, new)
    assert [(place, change, clause) for place, change, _, _, clause in found] == [
        ("items.job-tiny", "added", "A-4"),
        ("items.job-small", "removed", "A-4"),
    ]
    assert str(found[0][3]).startswith(named[:-2])
    assert found[0][2] is None
    assert found[1][3] is None


def test_a_step_that_moves_is_said_as_an_order_and_nothing_else(changed: Changed) -> None:
    step = '[[procedure]]\nstep = "tally"\nactor = "branch"\nclause = "A-26"\n\n'
    moved = changed((step, ""), ("[meeting]", step + "[meeting]"))
    assert [(place, change) for place, change, *_ in said(changed(), moved)] == [("procedure", "reordered")]


def test_comparing_the_other_way_round_swaps_the_sides(changed: Changed) -> None:
    old, new = changed(), changed(("percent = 30", "percent = 25"), ('code = "job-small"', 'code = "job-tiny"'))
    back = {(place, change, after, before) for place, change, before, after, _ in said(new, old)}
    names = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(place, names[change], before, after) for place, change, before, after, _ in said(old, new)} == back


NUMBERS = [("percent = 30", 30), ("percent = 5", 5), ("weight = 35", 35), ("days = 7", 7), ("low = 95", 95)]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(NUMBERS), st.integers(1, 100))
def test_any_other_number_is_one_difference_and_the_same_number_none(
    changed: Changed, written: tuple[str, int], number: int
) -> None:
    text, was = written
    found = said(changed(), changed((text, text.replace(str(was), str(number)))))
    assert [(before, after) for _, _, before, after, _ in found] == ([] if number == was else [(str(was), str(number))])


@pytest.mark.parametrize("name", rulebooks.SHIPPED)
def test_every_number_of_the_document_is_a_part(changed: Changed, name: str) -> None:
    known = {number for part in parts(changed(name=name)) for number in re.findall(r"\d+", part.said.en)}
    written = set(_numbers(tomllib.loads(rulebooks.shipped(name).decode())))
    assert {number for number in written if str(abs(number)) not in known} - {1} == set()  # 1: `format`


SCHEMES = sorted((Path(__file__).parents[1] / "schemes").glob("*.toml"))


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_any_number_changed_in_any_construct_is_a_difference(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rulebook = parse_rulebook(text.encode())
    tried = 0
    for found in re.finditer(r"^(?!format|version|star|rank|order)[a-z_]+ = (-?\d+)$", text, re.MULTILINE):
        changed_text = f"{text[: found.start(1)]}{int(found[1]) + 1}{text[found.end(1) :]}"
        with contextlib.suppress(Invalid):  # where the number and its neighbours no longer fit together
            assert differences(rulebook, parse_rulebook(changed_text.encode())), found[0]
            tried += 1
    assert tried > 5


@pytest.mark.parametrize("name", [*rulebooks.SHIPPED, *SCHEMES], ids=lambda name: Path(name).stem)
def test_no_two_parts_stand_at_one_place(name: str | Path) -> None:
    document = name.read_bytes() if isinstance(name, Path) else rulebooks.shipped(name)
    places = [part.place for part in parts(parse_rulebook(document))]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("name", rulebooks.SHIPPED)
def test_every_clause_that_is_cited_stands_under_a_part(changed: Changed, name: str) -> None:
    rulebook = changed(name=name)
    assert {clause for _, clause in cited(rulebook)} <= {part.clause for part in parts(rulebook)}


def _numbers(value: object) -> list[int]:
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [number for each in inner for number in _numbers(each)]
