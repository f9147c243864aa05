"""Every form of requirements §5 prints, blank and filled, and shows nobody what he is not to see."""

import dataclasses
import typing
from collections.abc import Callable
from typing import Any

import pytest

from domain.decision import Event, NotFound, NotPermitted
from domain.sealed import Sealed
from paper.catalogue import FORMS, form_named
from paper.document import Sheet
from paper.docx import docx
from paper.form import Form
from paper.setting import pdf
from paper.source import Asked
from projections.withholding import Viewer
from tests.controls import CHEN, NOTICE, ROUND, UPHELD, WU
from tests.paper.conftest import OFFICE, Sources, words_of
from tests.projections.month_ledger import BOX, MARCH, MEETING, YEAR_ROUND
from tests.projections.year_ledger import Year

MASSES = Viewer("masses")
ASKED_A = Asked(round=ROUND, person=WU, notice=NOTICE, objection=UPHELD)
ASKED_B = Asked(round=MARCH, person=WU, meeting=MEETING, box=BOX)
OF_MONTHS = frozenset(
    {"register", "meeting", "ballot", "count", "board", "excellent", "staff-notice", "staff-appraisal"}
)
OF_THE_YEAR = frozenset({"matrix", "annual", "commitments", "return"})
EVERY = [pytest.param(form, id=form.name) for form in FORMS]
LABELS = frozenset({"三星级"})
"""A goal that somebody set himself, and a label that stands on every list."""
NO_TALK = "talk"
"""In these two ledgers nobody was talked to."""
Fill = Callable[..., Sheet]


@pytest.fixture
def fill(year: Year, months: Year, sources: Sources) -> Fill:
    """Return how a form is filled before a viewer, from the ledger that has what it is about."""

    def filled(form: Form, viewer: Viewer = OFFICE) -> Sheet:
        if form.name in OF_MONTHS | OF_THE_YEAR:
            asked = ASKED_B if form.name in OF_MONTHS else Asked(round=YEAR_ROUND, person=WU)
            return form.make(sources(months, viewer), asked)
        return form.make(sources(year, viewer), ASKED_A)

    return filled


def test_all_twenty_forms_are_there_each_under_one_name_and_code() -> None:
    assert {form.number for form in FORMS} == set(range(1, 21))
    assert len({form.name for form in FORMS} | {form.code for form in FORMS}) == 2 * len(FORMS)
    assert form_named("表A-3-1") is form_named("table-3-1")
    with pytest.raises(NotFound, match="print --list"):
        form_named("nothing")


@pytest.mark.parametrize("form", EVERY)
def test_a_form_prints_blank_to_be_filled_in_by_hand(form: Form) -> None:
    blank = form.make(None, Asked())
    assert blank.code == form.code
    assert blank.origin is None
    assert pdf(blank).startswith(b"%PDF")


@pytest.mark.parametrize("form", EVERY)
def test_a_form_prints_filled_from_the_ledger(form: Form, fill: Fill) -> None:
    if form.name == NO_TALK:
        with pytest.raises(NotFound, match="--blank"):
            fill(form)
        return
    sheet = fill(form)
    assert sheet.code == form.code
    assert sheet.withheld == ()
    assert pdf(sheet).startswith(b"%PDF")
    assert docx(sheet).startswith(b"PK")


@pytest.mark.parametrize("name", [form.name for form in FORMS if form.whose in {"own", "offices"}])
def test_what_is_for_offices_is_not_filled_in_for_the_masses(name: str, fill: Fill) -> None:
    form = form_named(name)
    if name in {"application", "report", "self-assessment"}:
        assert "得分" not in "".join(words_of(fill(form, MASSES)))
        return
    with pytest.raises((NotPermitted, NotFound)):
        fill(form, MASSES)


def sealed_words(made: Year) -> set[str]:
    """Return everything that is sealed in a ledger but people's names."""
    digests = {
        value.digest
        for fact in made.ledger.read()
        for value in _sealed(fact.event)
        if not hasattr(fact.event, "full_name")
    }
    return {words for words in made.ledger.words(sorted(digests)).values() if words not in LABELS}


def _sealed(event: Event) -> list[Sealed]:
    fields = (getattr(event, field.name) for field in dataclasses.fields(typing.cast("Any", event)))
    return [value for value in fields if isinstance(value, Sealed)]


@pytest.mark.parametrize("form", [pytest.param(form, id=form.name) for form in FORMS if form.name != "commitments"])
def test_no_sealed_word_reaches_the_masses(form: Form, fill: Fill, year: Year, months: Year) -> None:
    try:
        sheet = fill(form, MASSES)
    except (NotPermitted, NotFound):
        return
    printed = "\n".join(words_of(sheet))
    assert [words for words in sealed_words(year) | sealed_words(months) if words in printed] == []


def test_the_search_for_sealed_words_finds_them_before_an_office(fill: Fill, months: Year) -> None:
    """Control: before an office-holder the record of a meeting has words of reports and comments."""
    printed = "\n".join(words_of(fill(form_named("meeting"))))
    assert [words for words in sealed_words(months) if words in printed] != []


def test_what_is_withheld_is_said_on_the_sheet_with_its_clause(fill: Fill) -> None:
    sheet = fill(form_named("table-3-1"), MASSES)
    assert any("不出示" in line for line in sheet.withheld)


def test_a_member_is_shown_his_own_plan_and_nobody_elses(year: Year, sources: Sources) -> None:
    form = form_named("improvement")
    own = form.make(sources(year, Viewer(person=WU)), ASKED_A)
    assert "工作业绩：返工" in words_of(own)
    with pytest.raises(NotPermitted):
        form.make(sources(year, Viewer(person=CHEN)), ASKED_A)


def test_an_objector_in_confidence_is_on_no_paper(year: Year, sources: Sources) -> None:
    printed = "".join(words_of(form_named("objections").make(sources(year, OFFICE), ASKED_A)))
    assert "密封（不出示）" in printed


def test_a_ballot_sheet_has_nothing_by_which_it_could_be_told_from_another(fill: Fill) -> None:
    sheet = fill(form_named("ballot"))
    assert (sheet.origin, sheet.seal) == (None, None)
    assert sheet == fill(form_named("ballot"))
    assert str(BOX) not in "".join(words_of(sheet))


def test_ids_that_a_form_needs_are_asked_for_by_name(year: Year, sources: Sources) -> None:
    with pytest.raises(NotFound, match="--person"):
        form_named("card").make(sources(year, OFFICE), Asked())


def test_ids_of_nothing_are_not_found(year: Year, sources: Sources) -> None:
    nothing = Asked(round=ROUND, person="nobody", notice="no", meeting="no", objection="no", box="no")
    for name in ("card", "notice", "meeting", "objection", "ballot", "feedback", "talk", "matrix"):
        with pytest.raises(NotFound):
            form_named(name).make(sources(year, OFFICE), nothing)
