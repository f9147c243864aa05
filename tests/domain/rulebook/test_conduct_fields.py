"""Fields of a rulebook that the procedure carries out: how they are read, and what a document may not say."""

from datetime import date, timedelta

import pytest

from domain.consequences import measures_of, require_in_time
from domain.decision import Refused
from domain.findings import Invalid
from domain.forms import require_filled, require_offered
from domain.rulebook import lint, parse_rulebook
from domain.rulebook.conduct import Named
from domain.rulebook.model import Consequence
from domain.sealed import Sealed
from domain.text import Text
from rulebooks import shipped
from tests.domain.rulebook.conftest import Changed

MONTHLY = shipped("monthly-points").decode()
HEADS = tuple(Named(code, Text(code, code), "B-28") for code in ("duties", "style"))
TALK = Consequence("talk", None, None, ("talk", "rectification_with_deadline", "tea"), "B-48", within_days=30)
TALKED = date(2026, 7, 1)


def faults(old: str, new: str) -> list[str]:
    """Return the findings for which the changed scheme of months is refused."""
    assert old in MONTHLY, old
    with pytest.raises(Invalid) as invalid:
        parse_rulebook(MONTHLY.replace(old, new, 1).encode())
    return [finding.code for finding in invalid.value.findings]


@pytest.mark.parametrize(("choice", "repair"), [("affected_lines", "affected_lines"), ("all_lines", "all_lines")])
def test_whose_window_begins_anew_follows_the_reading_and_a_field_wins(choice: str, repair: str) -> None:
    """AMB-B15."""
    changed = MONTHLY.replace('notice_repair = "affected_lines"', f'notice_repair = "{choice}"', 1)
    assert parse_rulebook(changed.encode()).publicity.repair == repair
    written = changed.replace("[publicity]\n", '[publicity]\nrepair = "affected_lines"\n', 1)
    assert parse_rulebook(written.encode()).publicity.repair == "affected_lines"


@pytest.mark.parametrize("opens", ["02-29", "13-01", "1", "January", "2025-01-01"])
def test_the_opening_day_is_a_month_and_a_day_of_every_year(opens: str) -> None:
    """AMB-A18."""
    assert faults('opens = "01-01"', f'opens = "{opens}"') == ["field-unfit"]


@pytest.mark.parametrize("who", ['["member", "neighbour"]', "[]", '"member"'])
def test_who_may_object_are_members_or_employees(who: str) -> None:
    """AMB-B16."""
    assert faults('who = ["member", "employee"]', f"who = {who}") == ["field-unfit"]


@pytest.mark.parametrize("field", ['[roster]\nas_of = "12-31T24:00"', '[objections]\nlate = "correction"'])
def test_a_field_that_no_decision_would_read_is_not_known(field: str) -> None:
    assert faults(field.partition("\n")[0] + "\n", field + "\n") == ["field-unknown"]


def test_a_form_has_a_place_for_each_of_its_parts() -> None:
    assert faults('code = "style"', 'code = "songs"') == ["form-part-unknown"]


def test_a_ballot_on_the_staff_needs_their_three_aspects() -> None:
    """B-35."""
    by_ballot = MONTHLY.replace('by = "open" ', 'by = "ballot" ', 1)
    appraisal = parse_rulebook(by_ballot.encode()).conduct.staff_appraisal
    assert appraisal is not None
    assert (appraisal.by, appraisal.clause) == ("ballot", "B-35")
    third = by_ballot.index('[[forms.staff_aspects]]\ncode = "tasks"')
    end = by_ballot.index("[[forms.talk_kinds]]")
    with pytest.raises(Invalid) as invalid:
        parse_rulebook((by_ballot[:third] + by_ballot[end:]).encode())
    assert [finding.code for finding in invalid.value.findings] == ["staff-aspects-missing"]


def test_no_component_takes_the_name_of_the_staffs_appraisal() -> None:
    changed = MONTHLY.replace('code = "records"\ntitle', 'code = "staff"\ntitle').replace('"records"', '"staff"')
    with pytest.raises(Invalid) as invalid:
        parse_rulebook(changed.replace("records = 70", "staff = 70").encode())
    assert "component-unfit" in [finding.code for finding in invalid.value.findings]


def test_the_linter_names_a_clause_whose_id_speaks_of_another_source(changed: Changed) -> None:
    wrong = changed(('id = "B-4"\nsource = "seed-b"', 'id = "B-4"\nsource = "own"'), name="monthly-points")
    found = [finding for finding in lint(wrong) if finding.code == "clause-source-unfit"]
    assert [finding.place for finding in found] == ["clauses.B-4.source"]
    for name in ("monthly-points", "annual-360"):
        assert "clause-source-unfit" not in {finding.code for finding in lint(changed(name=name))}


def test_what_the_rulebook_asks_for_is_not_left_blank() -> None:
    """B-28, B-31."""
    said = {"duties": Sealed("完成"), "style": Sealed(" "), "commitments": Sealed("")}
    require_filled(HEADS[:1], said)
    require_filled((), said)
    with pytest.raises(Refused) as refused:
        require_filled(HEADS, said)
    assert refused.value.code == "form-incomplete"
    assert "style (B-28)" in refused.value.why.en


def test_kinds_are_those_that_the_form_offers_all_where_it_lists_none() -> None:
    """AMB-B23."""
    require_offered((), "duties")
    require_offered(HEADS, "duties")
    with pytest.raises(Refused) as refused:
        require_offered(HEADS, "admonition")
    assert refused.value.code == "kind-not-offered"


def test_what_follows_is_due_within_the_days_that_the_rulebook_gives() -> None:
    """B-48, AMB-A17."""
    require_in_time(TALK, TALKED, TALKED + timedelta(days=30))
    with pytest.raises(Refused) as refused:
        require_in_time(TALK, TALKED, TALKED + timedelta(days=31))
    assert refused.value.code == "later-than-the-rulebook-allows"
    require_in_time(Consequence("talk", None, None, (), "B-48"), TALKED, date(2030, 1, 1))


def test_measures_are_told_in_the_fields_words_and_unknown_ones_as_they_stand() -> None:
    """AMB-A17."""
    assert measures_of(TALK).zh == "谈话、限期整改、tea"
    assert measures_of(TALK).en == "a talk, rectification by a set day, tea"
