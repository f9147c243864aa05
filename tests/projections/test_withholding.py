"""Who is shown what of facts, rows and explanations: each audience, each kind of field (B-52 to B-55, AMB-B27)."""

import dataclasses
import re

import pytest

from domain.catalogue import CATALOGUE
from domain.decision import Event
from domain.objections import ObjectionFiled
from domain.rulebook import parse_rulebook
from projections.boards import posted_boards
from projections.disclosed_facts import TAKES, FactReader
from projections.disclosed_rows import ROWS, Hidden, RowCurtain
from projections.disclosed_tree import explanation_for
from projections.disclosure import disclosure_matrix
from projections.engine import Reading
from projections.explain import explain
from projections.fact_notes import WITHHELD, FactNote, note
from projections.meeting_record import meeting_record
from projections.names import names_in
from projections.objection_register import registered_objections
from projections.person_record import person_record as record_of
from projections.score_sheet import score_sheet as sheet_of
from projections.sentences import Telling
from projections.stars import current_stars
from projections.withholding import AUDIENCES, Disclosed, Disclosures, Viewer
from rulebooks import shipped
from tests.controls import LI, ROUND, STAFF, SUN, WITHDRAWN, WU, ZHOU
from tests.projections.month_ledger import MARCH, MEETING, LivedMonths
from tests.projections.year_ledger import Year

MATRIX = disclosure_matrix(parse_rulebook(shipped("monthly-points")))
OUTSIDE = ("branch", "member", "masses", "administration")
SHOWN: dict[str, str] = {
    "rules": "branch member masses",
    "commitments": "branch member masses",
    "appraisal": "branch member",
    "stars": "branch member",
    "components": "branch member",
    "total": "branch member",
    "star": "branch member",
    "reasons": "branch member",
    "name": "branch member masses",
    "grade": "branch member masses",
    "notice": "branch member masses",
    "objector": "",
    "ballots": "",
    "health": "",
    "phone": "",
    "unnamed": "",
}
"""To which audiences outside the office each kind of field is shown under seed B."""


def under(audience: str | None = None, person: str | None = None) -> Disclosed:
    return Disclosed(Viewer(audience, person), (MATRIX,))


def curtain(year: Year, audience: str | None = None, person: str | None = None) -> RowCurtain:
    return RowCurtain(Disclosures(year.ledger, Viewer(audience, person)), "en")


@pytest.mark.parametrize("audience", OUTSIDE)
@pytest.mark.parametrize("field", SHOWN)
def test_an_audience_is_shown_what_a_clause_opens_to_it_and_told_why_not_the_rest(audience: str, field: str) -> None:
    withheld = under(audience).withheld(field)
    assert (withheld is None) == (audience in SHOWN[field].split())
    if withheld is not None:
        assert withheld.clause
        assert withheld.why.zh
        assert withheld.why.en
        assert withheld.clause in withheld.mark("zh")
        assert withheld.clause in withheld.line("en")


@pytest.mark.parametrize("field", SHOWN)
def test_the_office_and_an_auditor_are_shown_every_field_that_is_kept_in_the_open(field: str) -> None:
    assert under().withheld(field) is None
    assert under("auditor").withheld(field) is None


@pytest.mark.parametrize("field", SHOWN)
def test_the_superior_organisation_is_shown_all_but_who_objected_and_single_ballots(field: str) -> None:
    assert (under("superior").withheld(field) is None) == (field not in {"objector", "ballots"})


@pytest.mark.parametrize("field", SHOWN)
def test_a_person_is_shown_all_of_his_own_but_what_would_betray_somebody_else(field: str) -> None:
    own, others = under(person="sun").withheld(field, {"sun"}), under(person="sun").withheld(field, {"wu"})
    assert (own is None) == (field not in {"objector", "ballots"})
    assert (others is None) == (under("branch").withheld(field) is None)


def test_without_any_rulebook_nothing_is_shown_outside() -> None:
    nothing = Disclosed(Viewer("branch"), ())
    assert nothing.withheld("rules") is not None
    assert nothing.withheld("") is None


def test_under_several_rulebooks_only_what_all_of_them_show_is_shown() -> None:
    seed_a = disclosure_matrix(parse_rulebook(shipped("annual-360")))
    masses = Disclosed(Viewer("masses"), (seed_a,))
    assert masses.withheld("total") is None
    both = Disclosed(Viewer("masses"), (seed_a, MATRIX)).withheld("total")
    assert both is not None
    assert both.clause == "AMB-B27"


# facts


def notes(year: Year, viewer: Viewer, kind: type[Event] | None = None) -> list[FactNote]:
    reader = FactReader(Disclosures(year.ledger, viewer))
    telling = Telling(names_in(year.ledger), curtain=reader)
    return [note(fact, telling) for fact in year.ledger.read() if kind is None or isinstance(fact.event, kind)]


def test_every_kind_of_fact_that_a_clause_opens_is_one_that_there_is() -> None:
    assert set(TAKES) <= set(CATALOGUE.events.values())


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_fact_is_left_out_and_each_one_withheld_names_its_clause(ended: Year, audience: str) -> None:
    found = notes(ended, Viewer(audience))
    assert len(found) == ended.ledger.head().size
    withheld = [each for each in found if each.type == WITHHELD]
    assert bool(withheld) == (audience != "auditor")
    assert all(re.search("〔(A-51|P-SEVEN-DAYS)〕", each.sentence.zh) for each in withheld)
    assert all((each.evidence, each.occurred_on, each.on_behalf_of) == ((), None, None) for each in withheld)


@pytest.mark.parametrize(
    ("viewer", "named"),
    [
        (Viewer("auditor"), True),
        (Viewer("superior"), False),
        (Viewer(person=STAFF), True),
        (Viewer(person=ZHOU), False),
    ],
)
def test_who_objected_openly_is_told_to_whoever_may_know(ended: Year, viewer: Viewer, *, named: bool) -> None:
    reader = FactReader(Disclosures(ended.ledger, viewer))
    telling = Telling(curtain=reader)
    fact = next(f for f in ended.ledger.read() if getattr(f.event, "objection", "") == WITHDRAWN)
    assert isinstance(fact.event, ObjectionFiled)
    found = note(fact, telling)
    assert found.type == "objection.Filed.v1"
    assert (STAFF in found.sentence.en) is named
    assert (found.actor == STAFF) is named
    assert ("withheld: who objected" in found.sentence.en) is not named


@pytest.mark.parametrize("audience", OUTSIDE)
def test_a_list_of_a_persons_facts_does_not_tell_that_he_objected(ended: Year, audience: str) -> None:
    reader = FactReader(Disclosures(ended.ledger, Viewer(audience)))
    objection = next(f for f in ended.ledger.read() if getattr(f.event, "objection", "") == WITHDRAWN)
    assert not reader.listed(objection, STAFF)
    assert reader.listed(objection, ZHOU)
    assert reader.listed(objection, None)


# rows


def test_every_field_that_is_named_belongs_to_its_class() -> None:
    for kind, codes in ROWS.items():
        assert set(codes) <= {each.name for each in dataclasses.fields(kind)}, kind


def test_scores_stay_inside_the_branch_and_leave_their_marks(lived: LivedMonths, months_read: Reading) -> None:
    outside = curtain(lived.year, "masses")
    shown = outside.over(posted_boards(months_read, MARCH))
    indoor = next(board for board in shown if board.board == "indoor")
    assert all(isinstance(line.appraisal, Hidden) and isinstance(line.star, Hidden) for line in indoor.lines)
    assert all(line.person and not isinstance(line.person, Hidden) for line in indoor.lines)
    assert {(each.field, each.clause) for each in outside.withheld} >= {("star", "AMB-B27")}
    inside = curtain(lived.year, "branch")
    assert inside.over(posted_boards(months_read, MARCH)) == posted_boards(months_read, MARCH)
    assert inside.withheld == []


def test_a_meetings_people_are_shown_to_themselves_alone(lived: LivedMonths, months_read: Reading) -> None:
    record = meeting_record(months_read, MEETING)
    assert record is not None
    assert len(record.members) > 1
    assert curtain(lived.year, "branch").over(record).members == ()
    own = curtain(lived.year, person=SUN).over(record)
    assert [one.person for one in own.members] == [SUN]


def test_raters_single_scores_are_shown_to_nobody_outside_nor_to_the_rated(ended: Year, reading: Reading) -> None:
    for viewer in (Viewer("branch"), Viewer(person=SUN)):
        found = RowCurtain(Disclosures(ended.ledger, viewer)).over(sheet_of(reading, ROUND))
        assert found is not None
        cells = [cell for row in found.rows for cell in row.cells.values()]
        assert cells
        assert all(cell.given == () for cell in cells)
        assert any(cell.points for cell in cells)


def test_the_register_tells_nobody_outside_who_objected_or_to_whom(ended: Year, reading: Reading) -> None:
    register = registered_objections(reading, round_id=ROUND)
    assert STAFF in {one.objector for one in register}
    for audience in OUTSIDE:
        for one in curtain(ended, audience).over(register):
            assert isinstance(one.about, Hidden)
            assert isinstance(one.objector, Hidden)
            assert isinstance(one.stage, Hidden)
    to_superior = curtain(ended, "superior").over(register)
    assert all(isinstance(one.objector, Hidden) and one.about in (WU, LI, ZHOU) for one in to_superior)
    objector = {one.objection: one for one in curtain(ended, person=STAFF).over(register)}
    assert (objector[WITHDRAWN].objector, objector[WITHDRAWN].about) == (STAFF, ZHOU)
    about = {one.objection: one for one in curtain(ended, person=ZHOU).over(register)}
    assert isinstance(about[WITHDRAWN].objector, Hidden)
    assert about[WITHDRAWN].stage == "withdrawn"


def test_a_persons_record_is_whole_for_himself(ended: Year, reading: Reading) -> None:
    record = record_of(reading, SUN)
    assert curtain(ended, person=SUN).over(record, SUN) == record
    before_masses = curtain(ended, "masses").over(record, SUN)
    assert before_masses.stays == ()
    assert all(isinstance(entry.kind, Hidden) for entry in before_masses.entries)


def test_what_is_in_no_table_is_opened_to_nobody(ended: Year) -> None:
    @dataclasses.dataclass(frozen=True)
    class New:
        person: str
        secret: str

    rows = [New("sun", "x"), New("wu", "y")]
    assert curtain(ended, "masses").over(rows) == []
    assert curtain(ended, person="sun").over(rows) == [New("sun", "x")]
    assert curtain(ended).over(rows) == rows
    assert curtain(ended, "auditor").over(rows) == rows


def test_stars_hide_what_is_open_about_them(ended: Year, reading: Reading) -> None:
    found = curtain(ended, "masses").over(current_stars(reading, round_id=ROUND))
    assert all(isinstance(star.open_objections, Hidden) for star in found)
    assert all(star.total is None or not isinstance(star.total, Hidden) for star in found)


# explanations


@pytest.mark.parametrize(
    ("viewer", "computed"),
    [
        (Viewer("masses"), False),
        (Viewer("branch"), True),
        (Viewer(person=SUN), True),
        (Viewer("administration"), False),
    ],
)
def test_an_explanation_is_cut_where_components_are_not_shown(ended: Year, viewer: Viewer, *, computed: bool) -> None:
    rows = RowCurtain(Disclosures(ended.ledger, viewer))
    found = explain(ended.ledger, ROUND, SUN, curtain=FactReader(rows.disclosures))
    shown = explanation_for(found, rows)
    values = [node.value for node in shown.tree.nodes()]
    assert ("94" in " ".join(values) or len(values) > 10) is computed
    if not computed:
        assert any("A-51" in each.clause for each in rows.withheld)
    assert (shown.total is None) == (viewer.audience == "administration")


def test_an_explanation_is_whole_for_the_office(ended: Year) -> None:
    rows = curtain(ended)
    found = explain(ended.ledger, ROUND, SUN)
    assert explanation_for(found, rows) is found
