"""The shipped rulebooks say what the seed says, and every number stands beside its clause."""

import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

import rulebooks
from domain.rulebook import FAMILIES, Rulebook, cited, clause_text, faults, lint, parse_rulebook
from domain.scoring import score
from domain.sheet import Candidate, Given, Sheet

Changed = Callable[..., Rulebook]


@pytest.fixture(scope="session")
def annual() -> Rulebook:
    return parse_rulebook(rulebooks.shipped("annual-360"))


def tables_with_numbers(value: object, place: str, clause: bool) -> Iterator[tuple[str, bool]]:  # noqa: FBT001
    """Yield each table that holds a number or a text, and whether it or one around it names a clause."""
    if isinstance(value, dict):
        known = "clause" in value or clause
        if any(isinstance(entry, int | float) and not isinstance(entry, bool) for entry in value.values()):
            yield place, known
        for name, entry in value.items():
            yield from tables_with_numbers(entry, f"{place}.{name}", known)
    if isinstance(value, list):
        for number, entry in enumerate(value):
            yield from tables_with_numbers(entry, f"{place}[{number}]", clause)


def test_weights_are_those_of_the_seed(annual: Rulebook) -> None:
    assert {code: node.weight for code, node in annual.nodes().items()} == {
        "work": 35, "organisation": 40, "group": 60, "branch": 40, "masses": 20, "self": 5,
    }  # fmt: skip
    assert list(annual.leaves()) == ["work", "group", "branch", "masses", "self"]


def test_bands_and_caps_are_those_of_the_seed(annual: Rulebook) -> None:
    assert [(band.star, band.low, band.high, band.clause) for band in annual.bands] == [
        (5, 95, None, "AMB-A1"),
        (4, 88, 95, "A-32"),
        (3, 80, 88, "A-31"),
        (2, 75, 80, "A-30"),
        (1, None, 75, "A-29"),
    ]
    assert [(cap.star, int(cap.percent), cap.clause) for cap in annual.caps] == [(5, 5, "A-34"), (4, 30, "A-33")]


def test_terms_are_those_of_the_requirements(annual: Rulebook) -> None:
    publicity, objections, meeting = annual.publicity, annual.objections, annual.meeting
    assert (publicity.days, publicity.unit, publicity.start_counted) == (7, "calendar_days", False)
    assert (objections.accept_within, objections.rule_within, objections.extension_at_most) == (3, 10, 20)
    assert (objections.investigators, objections.who) == (2, ("member", "employee"))
    assert (meeting.present_at_least, meeting.yes_more_than) == (Fraction(1, 2), Fraction(1, 2))
    assert meeting.voters == ("formal",)
    assert annual.confirmation.hold == "ripple"


@pytest.mark.parametrize(
    ("star", "codes"),
    [(0, []), (1, ["improvement"]), (2, ["improvement"]), (3, []), (4, ["recommendation"]), (5, ["recommendation"])],
)
def test_consequences_begin_at_four_and_end_at_two(annual: Rulebook, star: int, codes: list[str]) -> None:
    assert [consequence.code for consequence in annual.consequences if consequence.meets(star)] == codes


def test_every_reading_stands_in_the_file_with_its_default(annual: Rulebook) -> None:
    switches = FAMILIES["seed-a"]
    assert annual.stated == set(switches)
    assert annual.readings == {name: switch.default for name, switch in switches.items()}
    assert [switch.amb for switch in switches.values()] == [f"AMB-A{number}" for number in range(1, 19)]


@pytest.mark.parametrize("name", rulebooks.SHIPPED)
def test_every_number_of_the_file_names_a_clause(name: str) -> None:
    document = tomllib.loads(rulebooks.shipped(name).decode())
    unnamed = [place for place, known in tables_with_numbers(document, "", clause=False) if not known]
    assert unnamed == [""]  # format and version stand at the top
    rulebook = parse_rulebook(rulebooks.shipped(name))
    assert all(clause_text(rulebook, clause) for _, clause in cited(rulebook))


@pytest.mark.parametrize("name", rulebooks.SHIPPED)
def test_a_shipped_rulebook_has_no_faults(name: str) -> None:
    rulebook = parse_rulebook(rulebooks.shipped(name))
    assert list(faults(rulebook)) == []
    assert all(finding.code.startswith("note-") for finding in lint(rulebook, 100))


def test_the_linter_notes_the_threshold_that_nobody_wrote(annual: Rulebook) -> None:
    assert [(finding.code, finding.place) for finding in lint(annual, 40)] == [
        ("note-threshold-derived", "bands[0].low")
    ]


def test_there_is_no_rulebook_of_another_name() -> None:
    with pytest.raises(KeyError):
        rulebooks.shipped("../pyproject")


def test_a_clause_can_be_read_whether_it_is_a_text_or_a_reading(annual: Rulebook) -> None:
    text, meaning = clause_text(annual, "A-33"), clause_text(annual, "AMB-A11")
    assert text is not None
    assert "30 %" in text.en
    assert meaning is not None
    assert "100 %" in meaning.en
    assert clause_text(annual, "A-999") is None


def test_numbers_are_exact_however_they_are_written(changed: Changed) -> None:
    rulebook = changed(("percent = 30", "percent = 33.3"), ("percent = 5", 'percent = "7.5"'))
    assert [cap.percent for cap in rulebook.caps] == [Decimal("7.5"), Decimal("33.3")]


def test_the_blank_rulebook_can_be_tried_as_it_stands() -> None:
    rulebook = parse_rulebook(rulebooks.shipped("blank"))
    scores = {"work": Given(Decimal(90)), "masses": Given(Decimal(70))}
    (result,) = score(rulebook, Sheet("2025", (Candidate("a", components=scores),))).people
    assert (result.total, result.star) == (Decimal("82.00"), 2)
