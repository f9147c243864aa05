"""Every kind of finding that a committee is promised before it adopts a rulebook, and clamps that undo each other."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import rulebooks
from domain.findings import Finding
from domain.rulebook import Rulebook, lint, parse_rulebook
from domain.rulebook.lint import FAULTS

Changed = Callable[..., Rulebook]
SCHEMES = {path.stem: path for path in (Path(__file__).parents[1] / "schemes").glob("*.toml")}
ROOT = Path(__file__).parents[3]
linter = sys.modules["domain.rulebook.lint"]
CONTRADICTED = "clamps-contradicted"


def of_scheme(name: str, *replacements: tuple[str, str]) -> Rulebook:
    text = SCHEMES[name].read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return parse_rulebook(text.encode())


def found(rulebook: Rulebook, code: str, size: int | None = None) -> list[str]:
    return [each.place for each in lint(rulebook, size) if each.code == code]


# clamps


@pytest.mark.parametrize("name", sorted(SCHEMES))
def test_no_clamps_of_a_scheme_of_any_construct_contradict_each_other(name: str) -> None:
    assert found(of_scheme(name), CONTRADICTED) == []


@pytest.mark.parametrize("name", sorted(rulebooks.SHIPPED))
def test_no_clamps_of_a_shipped_rulebook_contradict_each_other(changed: Changed, name: str) -> None:
    assert found(changed(name=name), CONTRADICTED) == []


STEP = '[[components.order]]\nadd = ["deductions"]'
CLAMP = "[[components.order]]\nat_least = %s\nclause = '7'\n\n" + STEP


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        (STEP, CLAMP % "101", ["components.points.order[4]"]),
        (STEP, CLAMP % "100", []),
        # with something counted in between, both may be meant
        (
            'clause = "8"\n\n[[components.order]]\nat_least = 0',
            'clause = "8"\n\n[[components.order]]\nat_least = 90',
            [],
        ),
        # what the order keeps, the range of the component undoes
        ("at_least = 0", "at_least = 200", ["components.points.order[5]"]),
    ],
)
def test_a_clamp_that_undoes_the_one_before_it_is_named(old: str, new: str, places: list[str]) -> None:
    assert found(of_scheme("clamp-order", (old, new)), CONTRADICTED) == places


def test_a_range_that_leaves_no_room_is_named(changed: Changed) -> None:
    assert found(changed(("low = 0\nhigh = 100", "low = 100\nhigh = 100")), CONTRADICTED) == ["component_range"]
    year = ("range = { low = 0, high = 100 }", "range = { low = 90, high = 80 }")
    assert found(of_scheme("quarterly-sums", year), CONTRADICTED) == ["annual.range"]


# items that are never used


@pytest.mark.parametrize(
    ("until", "places"), [("2024-12-31", ["items.study-skill"]), ("2025-01-01", []), ("2025-06-30", [])]
)
def test_an_item_that_is_in_force_on_no_day_of_the_rulebook_is_named(
    changed: Changed, until: str, places: list[str]
) -> None:
    rulebook = changed(
        ("# effective = { from = 2025-01-01, to = 2025-12-31 }", "effective = { from = 2025-01-01, to = 2025-12-31 }"),
        ('code = "study-skill"', f'code = "study-skill"\neffective = {{ to = {until} }}'),
        name="monthly-points",
    )
    assert found(rulebook, "item-never-in-force") == places


# places that a branch of this size has


@pytest.mark.parametrize(
    ("size", "empty", "single"),
    [
        (4, ["caps[0].percent", "caps[0].percent_by_period.2025"], ["caps[1].percent"]),
        (5, ["caps[0].percent"], ["caps[0].percent_by_period.2025"]),
        (20, [], []),
    ],
)
def test_a_cap_that_changes_by_year_is_counted_for_each(size: int, empty: list[str], single: list[str]) -> None:
    rulebook = of_scheme("both-ends")
    assert found(rulebook, "cap-empty", size) == empty
    assert [place for place in found(rulebook, "note-cap-single", size) if place in (*single, "caps[0].percent")] == (
        single
    )


@pytest.mark.parametrize(
    ("size", "places"),
    [(6, ["floors[0].percent", "floors[0].percent_by_period.2026"]), (9, ["floors[0].percent"]), (10, [])],
)
def test_a_quota_at_the_low_end_that_comes_to_nobody_is_said(size: int, places: list[str]) -> None:
    rounded_down = of_scheme("both-ends", ("[[floors]]\nstar = 2", '[[floors]]\nstar = 2\nround = "floor"'))
    assert found(rounded_down, "note-floor-empty", size) == places
    assert found(rounded_down, "note-floor-empty") == []
    assert found(of_scheme("both-ends"), "note-floor-empty", size) == []


# the whole list

PROMISED: tuple[tuple[str, tuple[str, str], str], ...] = (
    ("weights-not-100", ("weight = 35", "weight = 36"), ""),
    ("band-overlap", ("low = 88", "low = 85"), ""),
    ("band-gap", ("low = 88", "low = 89"), ""),
    ("star-unreachable", ("low = 95\n", "low = 101\n"), ""),
    ("cap-empty", ("percent = 5", "percent = 5"), "3"),
    ("note-cap-single", ("percent = 5", "percent = 5"), "20"),
    ("missing-policy-left-out", ('missing_component = "incomplete"', ""), ""),
    ("clause-absent", ('clause = "A-32"', 'clause = "A-999"'), ""),
    ("clause-missing", ('clause = "A-32"', 'clause = ""'), ""),
    ("note-reading-default", ('missing_component = "incomplete"', ""), ""),
)


@pytest.mark.parametrize(("code", "change", "size"), PROMISED, ids=[code for code, *_ in PROMISED])
def test_a_promised_finding_is_made_with_place_reason_and_remedy(
    changed: Changed, code: str, change: tuple[str, str], size: str
) -> None:
    findings = made_by(changed, change, size, code)
    assert findings
    assert all(each.place and each.message.zh and each.message.en and each.remedy.zh for each in findings)


def made_by(changed: Changed, change: tuple[str, str], size: str, code: str) -> list[Finding]:
    """Return the findings of a code that stand where the scheme as it is shipped has none of it."""
    sound = {(each.code, each.place) for each in lint(changed())}
    found_now = lint(changed(change), int(size) if size else None)
    return [each for each in found_now if each.code == code and (each.code, each.place) not in sound]


@pytest.mark.parametrize(("code", "change", "size"), PROMISED, ids=[code for code, *_ in PROMISED])
def test_control_a_promise_is_missed_where_the_linter_lacks_its_part(
    changed: Changed, monkeypatch: pytest.MonkeyPatch, code: str, change: tuple[str, str], size: str
) -> None:
    for part in ("faults", "clause_findings", "_missing_policy", "star_findings", "_defaults"):
        monkeypatch.setattr(linter, part, lambda *_rulebook_and_size: ())
    assert made_by(changed, change, size, code) == []


def test_the_reference_lists_every_finding_that_the_linter_can_make() -> None:
    """Each code that is written in a module of the linter stands in the table of docs/rulebook.md, and no other."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "domain" / "rulebook").glob("lint*.py")]
    codes = {code for text in sources for code in re.findall(r'Finding\(\s*"([a-z-]+)"', text)}
    table = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8").partition("| finding | | says |")[2]
    rows = [row for row in table.partition("\n\n")[0].splitlines() if row.startswith("| `")]
    listed = {code for row in rows for code in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row.split("|")[1])}
    assert listed - FAULTS == codes - FAULTS


@pytest.mark.parametrize("name", ["monthly-points"])
def test_a_monthly_scheme_that_says_nothing_of_missing_values_is_named(changed: Changed, name: str) -> None:
    clause = '[[clauses]]\nid = "AMB-A13"\n'
    assert found(changed(name=name), "missing-policy-left-out") == []
    silent = changed((clause, '[[clauses]]\nid = "M-1"\n'), name=name)
    (place,) = found(silent, "missing-policy-left-out")
    assert place == "components"
