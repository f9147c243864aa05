"""A faulty rulebook is refused with every fault and its place; a doubtful one is spoken about before adoption."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.findings import Invalid
from domain.rulebook import Rulebook, lint, parse_rulebook
from domain.scoring import score
from domain.sheet import Candidate, Given, Sheet

Changed = Callable[..., Rulebook]
Refused = Callable[..., list[tuple[str, str]]]


def spoken(rulebook: Rulebook, roster_size: int | None = None) -> list[tuple[str, str]]:
    return [
        (finding.code, finding.place)
        for finding in lint(rulebook, roster_size)
        if finding.code not in {"note-threshold-derived", "note-cap-single"}
    ]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("low = 80", "low = true", ("field-unfit", "bands[2].low")),
        ("low = 80", "low = nan", ("field-unfit", "bands[2].low")),
        ("low = 80", "low = 1e40", ("field-unfit", "bands[2].low")),
        ("low = 80", "depth = 80", ("field-unknown", "bands[2].depth")),
        ("places = 2", "places = -1", ("field-unfit", "rounding.places")),
        ("places = 2", "places = 40", ("places-unfit", "rounding.places")),
        ('mode = "half_up"', 'mode = "half_even"', ("field-unfit", "rounding.mode")),
        ('cap_rounding = "floor"', 'cap_rounding = "up"', ("field-unfit", "readings.cap_rounding")),
        ('cap_rounding = "floor"', 'cap_roundings = "floor"', ("field-unknown", "readings.cap_roundings")),
        ("weight = 35", "weight = -35", ("weight-unfit", "components.work.weight")),
        ("percent = 30", "percent = 300", ("percent-unfit", "caps[1].percent")),
        ('code = "self"', 'code = "work"', ("component-doubled", "components")),
        ("star = 2", "star = 3", ("star-doubled", "bands")),
        ("order = [5, 4, 3]", "order = [5, 4]", ("overflow-unfit", "overflow.order")),
        ("order = [5, 4, 3]", "order = [5, 4, 2]", ("overflow-unfit", "overflow.order")),
        ("order = [5, 4, 3]", "order = [3, 4, 5]", ("overflow-unfit", "overflow.order")),
        ("order = [5, 4, 3]", "order = [5, 4, 3.5]", ("star-unknown", "overflow.order[2]")),
        ('"work", "masses", "organisation"', '"work", "labour"', ("component-unknown", "ties.chain[1]")),
        ('present_at_least = "1/2"', "present_at_least = 0.5", ("field-unfit", "meeting.present_at_least")),
        ("days = 7", "days = 0", ("field-unfit", "publicity.days")),
        ('hold = "ripple"', 'holds = "ripple"', ("field-missing", "confirmation.hold")),
        ('id = "A-19"', 'id = "A-18"', ("clause-doubled", "clauses[6].id")),
        ("format = 1", "format = 2", ("format-unknown", "format")),
        ("# adopted = 2025-01-06", "adopted = 2025-01-06T08:00:00 #", ("field-unfit", "adopted")),
        ("star = 1\n", "star = 1\nunrated = true\n", ("band-star-unfit", "bands[4].star")),
    ],
)
def test_a_fault_is_refused_at_its_place(refused: Refused, old: str, new: str, finding: tuple[str, str]) -> None:
    assert finding in refused((old, new))


def test_every_fault_is_said_at_once(refused: Refused) -> None:
    found = refused(("low = 80", "low = true"), ("days = 7", "days = 0"), ("places = 2", 'places = "two"'))
    assert {place for _, place in found} == {"bands[2].low", "publicity.days", "rounding.places"}


@pytest.mark.parametrize("document", [b"\xff", b"a = ", b"a = 1\na = 2", b"a = " + b"[" * 5000])
def test_what_is_no_toml_is_refused(document: bytes) -> None:
    with pytest.raises(Invalid) as verdict:
        parse_rulebook(document)
    assert [finding.code for finding in verdict.value.findings] == ["rulebook-unreadable"]


def test_an_empty_document_names_what_is_missing() -> None:
    with pytest.raises(Invalid) as verdict:
        parse_rulebook(b"")
    missing = {finding.place for finding in verdict.value.findings if finding.code == "field-missing"}
    assert {"id", "version", "title", "components", "bands", "rounding", "publicity", "clauses"} <= missing


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("weight = 35", "weight = 34.9", ("weights-not-100", "components")),
        ("weight = 60", "weight = 50", ("weights-not-100", "components.organisation.parts")),
        ("low = 88\nhigh = 95", "low = 88\nhigh = 94", ("band-gap", "bands[0].low")),
        ("low = 88\nhigh = 95", "low = 87\nhigh = 95", ("band-overlap", "bands[1].low")),
        ("low = 88\nhigh = 95", "low = 88\nhigh = 95\nhigh_inclusive = true", ("band-overlap", "bands[0].low")),
        ("low = 88\nhigh = 95", "low = 88\nlow_inclusive = false\nhigh = 95", ("band-gap", "bands[1].low")),
        ("low = 95", "low = 95\nhigh = 100", ("band-gap", "bands[0].high")),
        ("high = 75", "low = 10\nhigh = 75", ("band-gap", "bands[4].low")),
    ],
)
def test_what_leaves_a_star_undefined_is_a_fault_and_stops_scoring(
    changed: Changed, old: str, new: str, finding: tuple[str, str]
) -> None:
    rulebook = changed((old, new))
    assert spoken(rulebook, 20) == [finding]
    with pytest.raises(Invalid):
        score(rulebook, Sheet("2025", (Candidate("a", components={"work": Given(Decimal(1))}),)))


def test_bands_that_end_at_one_hundred_inclusively_leave_no_gap(changed: Changed) -> None:
    assert spoken(changed(("low = 95", "low = 95\nhigh = 100\nhigh_inclusive = true"))) == []


def test_a_number_without_a_clause_and_a_clause_that_is_absent_are_named(changed: Changed) -> None:
    rulebook = changed(('percent = 30\nclause = "A-33"', "percent = 30"), ('clause = "A-34"', 'clause = "A-99"'))
    assert spoken(rulebook)[:2] == [("clause-absent", "caps[0].clause"), ("clause-missing", "caps[1].clause")]


@pytest.mark.parametrize(
    ("roster", "places"), [(3, ["caps[0].percent", "caps[1].percent"]), (19, ["caps[0].percent"]), (20, []), (None, [])]
)
def test_a_cap_without_a_single_place_is_named_for_the_branch(
    changed: Changed, roster: int | None, places: list[str]
) -> None:
    assert spoken(changed(), roster) == [("cap-empty", place) for place in places]


def test_a_cap_rounded_half_up_is_empty_only_below_one_half(changed: Changed) -> None:
    rulebook = changed(('cap_rounding = "floor"', 'cap_rounding = "half_up"'))
    assert [spoken(rulebook, 9), spoken(rulebook, 10)] == [[("cap-empty", "caps[0].percent")], []]


def test_a_missing_policy_left_out_is_named(changed: Changed) -> None:
    rulebook = changed(("missing_component =", "# missing_component ="))
    assert spoken(rulebook) == [
        ("missing-policy-left-out", "readings.missing_component"),
        ("note-reading-default", "readings.missing_component"),
    ]


def test_a_component_may_differ_from_the_readings(changed: Changed) -> None:
    rulebook = changed(('rater = "self"', 'rater = "self"\nmissing = "renormalise"\nrange = "open_top"'))
    own, work = rulebook.leaves()["self"], rulebook.leaves()["work"]
    assert (own.missing, own.open_top) == ("renormalise", True)
    assert (work.missing, work.open_top) == ("incomplete", False)


def test_a_cap_may_differ_from_the_readings(changed: Changed) -> None:
    rulebook = changed(("percent = 30", 'percent = 30\nround = "ceil"\nof = "formal"\nnested = true'))
    assert [(cap.round, cap.of, cap.nested) for cap in rulebook.caps] == [
        ("floor", "all", False),
        ("ceil", "formal", True),
    ]
