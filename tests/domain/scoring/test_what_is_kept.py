"""What is kept while a sheet is counted changes nothing: each line fits, counts and is refused as it would be alone."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from domain.findings import Finding, Invalid
from domain.rulebook import Rulebook
from domain.scoring import Outcome, score, tariff
from domain.scoring import standing as standings
from domain.sheet import Sheet, check_entries, occurrences, parse_sheet, seen
from domain.sheet.model import Candidate

Line = Mapping[str, object]

FITS: Line = {"id": "a", "components": {"appraisal": "88.5"}, "entries": {"records": []}}
ENTRY: Line = {"item": "study-skill", "points": "2.5", "occurred_on": "2025-03-09"}
FAULTS: Mapping[str, Line] = {
    "kind": {"kind": "alien"},
    "points out of range": {"components": {"appraisal": "100.5"}},
    "points too fine": {"components": {"appraisal": "88.5000000"}},
    "a group that rates nobody": {"components": {"appraisal": {"points": "88.5", "group": "neighbours"}}},
    "an unknown component": {"components": {"appraisal": "88.5", "charm": "88.5"}},
    "what every person has": {"components": {}, "not_applicable": ["appraisal"]},
    "a joining after the month": {"joined": "2025-05-01"},
    "a category that is not there": {"category": "elders"},
    "months of a month": {"periods": [{"period": "2025-02", "assessed": False}]},
    "an unknown item": {"entries": {"records": [{**ENTRY, "item": "none"}]}},
    "an entry of another month": {"entries": {"records": [{**ENTRY, "occurred_on": "2025-04-09"}]}},
    "an entry worth too much": {"entries": {"records": [ENTRY, {**ENTRY, "points": "25"}]}},
}


def refused(rulebook: Rulebook, *people: Line) -> list[Finding]:
    """Return what a sheet of `people`, each called by his place, is refused for."""
    named = [{**person, "id": f"p{place}"} for place, person in enumerate(people)]
    try:
        parse_sheet(json.dumps({"period": "2025-03", "people": named}).encode(), rulebook)
    except Invalid as fault:
        return list(fault.findings)
    return []


def said(findings: list[Finding]) -> list[tuple[str, str]]:
    """Return code and place of each finding, the person left out."""
    return [(each.code, each.place.split(" ")[-1].partition(".")[2]) for each in findings]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_line_is_refused_after_lines_that_fit_as_it_would_be_alone(monthly: Rulebook, fault: str) -> None:
    wrong = {**FITS, **FAULTS[fault]}
    alone = said(refused(monthly, wrong))
    assert alone
    with_entry = {**FITS, "entries": {"records": [ENTRY]}}
    assert said(refused(monthly, FITS, with_entry, FITS, wrong)) == alone
    assert said(refused(monthly, wrong, FITS, wrong)) == alone + alone


def test_control_where_frames_alone_decide_points_are_taken_for_good(
    monthly: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**FITS, "components": {"appraisal": "100.5"}}
    assert refused(monthly, FITS, wrong)
    fits_now = seen.Seen.fits

    def by_frame(this: seen.Seen, candidate: Candidate) -> bool:
        return fits_now(this, replace(candidate, components={}))

    def note(this: seen.Seen, candidate: Candidate) -> None:
        noted(this, replace(candidate, components={}))

    noted = seen.Seen.note
    monkeypatch.setattr(seen.Seen, "fits", by_frame)
    monkeypatch.setattr(seen.Seen, "note", note)
    assert not refused(monthly, FITS, wrong)


def outcome_of(rulebook: Rulebook) -> Outcome:
    """Return the outcome of a month of people who say much the same."""
    people = [
        {**FITS, "id": f"p{place}", "entries": {"records": [ENTRY] * (place % 3) + [{**ENTRY, "points": "2"}] * place}}
        for place in range(9)
    ]
    sheet: Sheet = parse_sheet(json.dumps({"period": "2025-03", "people": people}).encode(), rulebook)
    return score(rulebook, sheet)


def test_where_nothing_more_is_kept_the_outcome_is_the_same(monthly: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = outcome_of(monthly)
    for module in (occurrences, check_entries, seen, tariff, standings):
        monkeypatch.setattr(module, "MOST_KEPT", 1)
    counted = outcome_of(monthly)
    assert [(each.total_exact, each.star, each.explanation) for each in counted.people] == [
        (each.total_exact, each.star, each.explanation) for each in kept.people
    ]
