"""What is refused in what a scheme makes of totals, each with its place and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.findings import Invalid
from domain.rulebook import faults, parse_rulebook

SCHEMES = Path(__file__).parents[1] / "schemes"
Findings = Callable[..., list[tuple[str, str]]]


@pytest.fixture(scope="module")
def found() -> Findings:
    """Return code and place of each finding about a scheme of the tests with one text replaced."""

    def run(scheme: str, old: str, new: str) -> list[tuple[str, str]]:
        text = (SCHEMES / f"{scheme}.toml").read_text(encoding="utf-8")
        assert old in text, old
        try:
            listed = tuple(faults(parse_rulebook(text.replace(old, new, 1).encode())))
        except Invalid as verdict:
            listed = verdict.findings
        assert all(each.remedy.zh and each.remedy.en for each in listed)
        return [(each.code, each.place) for each in listed]

    return run


CATEGORIES, ENDS, GATES, NAMED, QUARTERS, VETO = (
    "categories-and-measures", "both-ends", "gates-and-probation",
    "named-stars", "quarterly-sums", "veto-and-multipliers",
)  # fmt: skip
TOTAL_RANGE = 'range = { low = 0 }\nclause = "2"'
TEACHING = 'code = "teaching"\ntitle = { zh = "教学星"'
BAND = '[[bands]]\nstar = 1\nlabel = { zh = "一", en = "1" }\nclause = "4"\n\n'


@pytest.mark.parametrize(
    ("scheme", "old", "new", "code", "place"),
    [
        (CATEGORIES, 'records = "ballots"', 'records = "results"', "retention-doubled", "retention[1].records"),
        (CATEGORIES, "years = 30", "years = 0", "field-unfit", "retention[0].years"),
        (CATEGORIES, 'code = "sick"', 'code = "seconded"', "exemption-doubled", "exemptions[1].code"),
        (VETO, 'effect = "zero"', 'effect = "exile"', "field-unfit", "vetoes[0].effect"),
        (VETO, 'code = "dues"', 'code = "case"', "veto-doubled", "vetoes[1].code"),
        (VETO, "years = 2", "years = 0", "field-unfit", "vetoes[3].years"),
        (VETO, 'kind = "grade"', 'kind = "pass"', "bands-unfit", "bands"),
        (VETO, "rank = 4", "rank = 4\nstar = 4", "field-unfit", "bands[0].rank"),
        (VETO, TOTAL_RANGE, 'range = { low = 0, high = -1 }\nclause = "2"', "range-unfit", "total.range"),
        (VETO, 'rater = "recorder"', "weight = 100", "weight-unfit", "components[0].weight"),
        (VETO, 'rater = "recorder"', 'missing = "renormalise"', "missing-unfit", "components.points.missing"),
        (GATES, "otherwise = 3", "otherwise = 4", "gate-unfit", "gates[0].otherwise"),
        (GATES, "otherwise = 3", "otherwise = 9", "star-unknown", "gates[0].otherwise"),
        (GATES, "for_star_at_least = 4", "for_star_at_least = 7", "star-unknown", "gates[0].for_star_at_least"),
        (GATES, "at_least = 100", "is_true = false", "gate-unfit", "gates[0].at_least"),
        (GATES, "at_least = 100", "at_least = 100\nis_true = true", "gate-unfit", "gates[0].at_least"),
        (GATES, 'measure = "clean"', 'measure = "tasks_done"', "gate-unfit", "gates"),
        (GATES, 'code = "clean"', 'code = "attendance"', "code-doubled", "gates"),
        (GATES, "at_least = 85", "at_least = 86", "band-gap", "probation[0].at_least"),
        (GATES, "below = 85", "below = 86", "band-overlap", "probation[0].at_least"),
        (GATES, "at_least = 85", "at_least = 85\nbelow = 100", "band-gap", "probation[0].below"),
        (GATES, 'kinds = ["formal", "probationary"]', 'kinds = ["formal"]', "kind-unknown", "probation"),
        (GATES, "consecutive = 2", "consecutive = 0", "field-unfit", "consequences[0].consecutive"),
        (NAMED, 'component = "study"', 'component = "sport"', "part-unknown", "named_stars.study.of"),
        (NAMED, 'of = { component = "study" }', "of = { }", "named-star-unfit", "named_stars[0].of"),
        (NAMED, TEACHING, TEACHING.replace("teaching", "study"), "code-doubled", "named_stars"),
        (NAMED, "[rounding]", f"{BAND}[rounding]", "result-unfit", "bands"),
        (NAMED, 'kind = "named_stars"', 'kind = "level"', "field-missing", "bands"),
        (QUARTERS, "year_begins = 12", "year_begins = 13", "months-unfit", "year_begins"),
        (QUARTERS, 'of = "quarter"', 'of = "month"', "annual-unfit", "annual.of"),
        (QUARTERS, 'period = "quarter"', 'period = "year"', "annual-unfit", "annual.of"),
        (QUARTERS, "minimum_periods = 3", "minimum_periods = 5", "months-unfit", "annual.minimum_months"),
        (QUARTERS, "minimum_periods", "weights = { points = 100 }\nminimum_periods", "weight-unfit", "annual.weights"),
        (QUARTERS, "minimum_periods = 3", "minimum_periods = 3\ncarry = true", "annual-unfit", "annual.carry"),
        (QUARTERS, "star = 3\nlow = 90", "star = 4\nlow = 90", "star-unknown", "annual.bands[0].star"),
        (QUARTERS, "star = 3\nlow = 90", "star = 3\nlow = 91", "band-gap", "annual.bands[0].low"),
        (ENDS, "star = 2\npercent = 10", "star = 9\npercent = 10", "star-unknown", "floors[0].star"),
        (ENDS, "order = [5, 4, 3, 2]", "order = [5, 4, 3]", "overflow-unfit", "overflow.order"),
        (ENDS, "star = 2\npercent = 10", "star = 4\npercent = 10", "floor-unfit", "floors[0].star"),
        (ENDS, '{ "2025" = 20 }', '{ "2025" = 120 }', "percent-unfit", "caps[0].percent_by_period.2025"),
        (ENDS, '{ "2025" = 20 }', '{ "next" = 20 }', "period-unfit", "caps[0].percent_by_period"),
        (ENDS, "star = 2\npercent = 10", "star = 2\npercent = 101", "percent-unfit", "floors[0].percent"),
        (ENDS, "share = 40", "share = 41", "share-unfit", "components.peers.ballots.voices"),
        (ENDS, 'group = "masses"', 'group = "members"', "share-unfit", "components.peers.ballots.voices"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_at_its_place(
    found: Findings, scheme: str, old: str, new: str, code: str, place: str
) -> None:
    assert (code, place) in found(scheme, old, new)


@pytest.mark.parametrize("scheme", [ENDS, GATES, NAMED, QUARTERS, VETO])
def test_the_schemes_themselves_have_no_fault(found: Findings, scheme: str) -> None:
    assert found(scheme, "format = 1", "format = 1") == []


def test_a_year_that_is_a_sum_has_bands_of_its_own(found: Findings) -> None:
    text = (SCHEMES / f"{QUARTERS}.toml").read_text(encoding="utf-8")
    start, end = text.index("[[annual.bands]]"), text.index("[rounding]")
    assert ("annual-bands-missing", "annual.bands") in found(QUARTERS, text[start:end], "")
