"""Table 3-1 coming in: previewed cell by cell, refused whole where anything is wrong, and written once."""

import threading
from datetime import date
from decimal import Decimal

import pytest

from cli.table_asking import Manner, carry_out
from cli.wiring import installation
from domain.appointments import DeclareRelation
from domain.exempting import ExemptMember
from domain.ids import PersonId
from domain.organisation import RenamePerson
from domain.proposing import ProposeList
from domain.scores import ComponentNotApplicable, RecordScore, ScoreCorrected, ScoreRecorded, SheetImported
from domain.sealed import Sealed
from domain.tally import ResultComputed, Tally
from tests.cli.conftest import HEAD, RECORDER, ROUND, SECRETARY, Desk, attachment, settings
from workbooks.grid import read_grid
from workbooks.table_round import round_facts
from workbooks.table_score_proposal import Extras, score_proposal

Rows = list[list[object]]
IMPORT = ("--round", ROUND, "--ballots", "6")


def taken_in(desk: Desk, rows: Rows) -> None:
    """Import rows by both who may, so that nobody enters his own."""
    path = str(desk.table(rows))
    for actor in (RECORDER, SECRETARY):
        assert desk.asks("import-table", path, *IMPORT, "--yes", actor=actor).code == 0


def with_cell(rows: Rows, row: int, column: int, value: object) -> Rows:
    """Return the rows with one cell changed; row and column from 0."""
    return [[*r[:column], value, *r[column + 1 :]] if n == row else r for n, r in enumerate(rows)]


def test_a_preview_lists_every_cell_and_writes_nothing(desk: Desk, complete: Rows) -> None:
    before = desk.size
    said = desk.asks("import-table", str(desk.table(complete)), *IMPORT, "--json")
    assert said.code == 0
    assert desk.size == before
    assert said.document["written"] is False
    assert said.document["can_be_confirmed"] is True
    assert said.document["receipt"] is None
    assert said.document["counts"]["new"] == 40 - 1 - 4
    first = said.lines("new")[0]
    wanted = {"place": "C3", "row": 3, "column": "C", "value": "96", "person": "P01", "component": "work"}
    assert {key: first[key] for key in wanted} == wanted
    assert (first["from"], first["to"]) == (None, "96")
    assert "--yes" in said.err


def test_with_yes_one_batch_is_written_and_the_file_is_kept(desk: Desk, complete: Rows) -> None:
    path = desk.table(complete)
    said = desk.asks(
        "import-table", str(path), *IMPORT, "--occurred-on", "2026-01-04", "--yes", "--json", actor=RECORDER
    )
    assert said.code == 0
    assert said.document["written"] is True
    (imported,) = desk.events(SheetImported)
    scores = desk.events(ScoreRecorded)
    assert len(said.document["receipt"]["positions"]) == 1 + len(scores)
    assert desk.read(lambda ledger: ledger.attachment(imported.workbook)).content == path.read_bytes()
    one = next(score for score in scores if (score.person, score.component) == ("P08", "masses"))
    assert (one.points, one.ballots, one.cell, one.occurred_on) == (Decimal(82), 6, "F10", date(2026, 1, 4))


def test_asked_twice_it_is_written_once(desk: Desk, complete: Rows) -> None:
    path = str(desk.table(complete))
    assert desk.asks("import-table", path, *IMPORT, "--yes").code == 0
    after = desk.size
    again = desk.asks("import-table", path, *IMPORT, "--yes", "--json")
    assert (again.code, again.document["written"], again.document["counts"]["new"]) == (0, False, 0)
    assert desk.size == after


def test_two_imports_of_one_file_at_once_write_one_batch(desk: Desk, complete: Rows) -> None:
    content = desk.table(complete).read_bytes()
    both_have_seen, codes = threading.Barrier(2), []

    def press() -> None:
        with installation(settings(desk.data)) as installed:
            ledger, grid, workbook = installed.ledger, read_grid(content), attachment(content)
            manner = Manner(RECORDER, "zh", yes=True)
            proposal = score_proposal(round_facts(ledger, ROUND), grid, workbook.sha256, Extras(ballots=6), manner)
            both_have_seen.wait(30)
            receipt = carry_out(proposal, ledger, workbook, grid, manner)
            codes.append(receipt is not None and bool(receipt.positions))

    pressing = [threading.Thread(target=press) for _ in range(2)]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()
    assert sorted(codes) == [False, True]
    assert len(desk.events(SheetImported)) == 1
    cells = [(score.person, score.component) for score in desk.events(ScoreRecorded)]
    assert len(cells) == len(set(cells)) == 35


@pytest.mark.parametrize("value", ["９０", " 90 ", "90分", "９０．０分", "「90」", 90.0])
def test_scores_as_secretaries_write_them_are_understood(desk: Desk, complete: Rows, value: object) -> None:
    rows = with_cell(complete, 1, 2, value)
    said = desk.asks("import-table", str(desk.table(rows)), *IMPORT, "--json")
    assert next(line["to"] for line in said.lines("new") if line["place"] == "C4") == "90"


@pytest.mark.parametrize("value", [101, -1, "约90", "90%", "8O", "90/95", True, "9²"])
def test_one_wrong_score_refuses_the_whole_table(desk: Desk, complete: Rows, value: object) -> None:
    before = desk.size
    said = desk.asks("import-table", str(desk.table(with_cell(complete, 1, 2, value))), *IMPORT, "--yes", "--json")
    assert said.code == 6
    (error,) = said.lines("error")
    assert (error["row"], error["column"], error["place"], error["name"]) == (4, "C", "C4", "党员02")
    assert error["reason"]["zh"]
    assert error["remedy"]["en"]
    assert said.document["can_be_confirmed"] is False
    assert desk.size == before


def test_all_errors_are_told_at_once(desk: Desk, complete: Rows, formula: type[str]) -> None:
    rows = with_cell(with_cell(complete, 0, 2, 101), 1, 3, formula("=C4+1"))
    rows = with_cell(with_cell(rows, 3, 1, "党员99"), 4, 1, "党员06")
    said = desk.asks("import-table", str(desk.table(rows)), *IMPORT, "--yes", "--json")
    assert said.code == 6
    assert [line["place"] for line in said.lines("error")] == ["C3", "D4", "B6", "B8"]
    assert desk.events(SheetImported) == []


def test_a_formula_is_no_evidence(desk: Desk, complete: Rows, formula: type[str]) -> None:
    said = desk.asks(
        "import-table", str(desk.table(with_cell(complete, 1, 2, formula("=45*2")))), *IMPORT, "--yes", "--json"
    )
    assert said.code == 6
    assert "公式" in said.lines("error")[0]["reason"]["zh"]


@pytest.mark.parametrize(("lang", "words"), [("zh", "不在 0–100 之间"), ("en", "is not between 0 and 100")])
def test_errors_are_told_in_the_readers_language(desk: Desk, complete: Rows, lang: str, words: str) -> None:
    said = desk.asks("import-table", str(desk.table(with_cell(complete, 1, 2, 101))), *IMPORT, "--yes", lang=lang)
    assert said.code == 6
    assert words in said.out
    assert "C4" in said.out


def test_the_sheet_comes_back_with_its_bad_cells_marked(desk: Desk, complete: Rows) -> None:
    marked, path = desk.folder / "marked.xlsx", str(desk.table(with_cell(complete, 1, 2, 101)))
    said = desk.asks("import-table", path, *IMPORT, "--yes", "--marked", str(marked))
    assert said.code == 6
    assert read_grid(marked.read_bytes()).cell(4, 3).raw == 101
    assert read_grid(marked.read_bytes(), "问题").cell(2, 1).raw == "C4"
    again = desk.asks("import-table", path, *IMPORT, "--marked", str(marked))
    assert again.code == 5, "what is there is not overwritten"


@pytest.mark.parametrize(("content", "code"), [(b"not a workbook", 6), (b"PK\x03\x04 broken", 6), (None, 3)])
def test_a_file_that_cannot_be_read_says_so_and_writes_nothing(desk: Desk, content: bytes | None, code: int) -> None:
    path, before = desk.folder / "bad.xlsx", desk.size
    if content is not None:
        path.write_bytes(content)
    said = desk.asks("import-table", str(path), *IMPORT, "--yes")
    assert (said.code, said.out) == (code, "")
    assert said.err
    assert desk.size == before


def test_without_the_number_of_ballots_a_mean_is_not_taken(desk: Desk, complete: Rows) -> None:
    said = desk.asks("import-table", str(desk.table(complete)), "--round", ROUND, "--yes", "--json")
    assert said.code == 6
    assert said.document["lines"][0]["place"] == "F:F"
    assert "--ballots" in said.document["lines"][0]["remedy"]["zh"]
    assert desk.events(SheetImported) == []
    without_masses = [with_cell([row], 0, 5, None)[0] for row in complete]
    assert desk.asks("import-table", str(desk.table(without_masses)), "--round", ROUND, "--yes").code == 0


def test_too_few_ballots_are_noted(desk: Desk, complete: Rows) -> None:
    said = desk.asks("import-table", str(desk.table(complete)), "--round", ROUND, "--ballots", "4", "--json")
    assert said.code == 0
    assert any(line["place"] == "F:F" and "4" in line["reason"]["en"] for line in said.lines("note"))


def test_ones_own_line_is_left_for_somebody_else_but_for_the_self_assessment(desk: Desk, complete: Rows) -> None:
    path = str(desk.table(complete))
    said = desk.asks("import-table", path, *IMPORT, "--yes", "--json", actor=RECORDER)
    assert said.code == 0
    (note,) = [line for line in said.lines("note") if line["row"] == 5]
    assert "C5、D5、E5、F5" in note["reason"]["zh"]
    assert {s.component for s in desk.events(ScoreRecorded) if s.person == RECORDER} == {"self"}
    other = desk.asks("import-table", path, *IMPORT, "--yes", "--json", actor=SECRETARY)
    assert other.document["counts"]["new"] == 4
    assert len([s for s in desk.events(ScoreRecorded) if s.person == RECORDER]) == 5


def test_the_line_of_somebody_close_is_left_out_too(desk: Desk, complete: Rows) -> None:
    desk.carry_out(DeclareRelation(person=RECORDER, other=PersonId("P04"), relation="spouse"), RECORDER)
    said = desk.asks("import-table", str(desk.table(complete)), *IMPORT, "--yes", "--json", actor=RECORDER)
    assert said.code == 0
    assert not [s for s in desk.events(ScoreRecorded) if s.person == "P04"]
    assert any("C6、D6、E6、F6、G6" in line["reason"]["zh"] for line in said.lines("note"))


def test_a_changed_score_wants_its_reason(desk: Desk, complete: Rows) -> None:
    taken_in(desk, complete)
    path, before = str(desk.table(with_cell(complete, 1, 2, 95))), desk.size
    said = desk.asks("import-table", path, *IMPORT, "--yes", "--json")
    assert (said.code, desk.size) == (6, before)
    assert "--reason" in said.lines("error")[0]["remedy"]["zh"]
    (changed,) = said.lines("changed")
    assert (changed["place"], changed["from"], changed["to"]) == ("C4", "94", "95")
    assert desk.asks("import-table", path, *IMPORT, "--yes", "--reason", "抄录有误").code == 0
    (corrected,) = desk.events(ScoreCorrected)
    assert (corrected.person, corrected.was, corrected.points) == ("P02", Decimal(94), Decimal(95))


def test_an_empty_cell_leaves_what_is_recorded(desk: Desk, complete: Rows) -> None:
    taken_in(desk, complete)
    before = desk.size
    said = desk.asks("import-table", str(desk.table(with_cell(complete, 1, 2, None))), *IMPORT, "--yes", "--json")
    (missing,) = said.lines("missing")
    assert (said.code, missing["place"], missing["from"]) == (0, "C4", "94")
    assert desk.size == before


def test_only_a_component_that_may_be_absent_is_marked_so(desk: Desk, complete: Rows) -> None:
    group = desk.asks("import-table", str(desk.table(with_cell(complete, 1, 3, "不适用"))), *IMPORT, "--yes")
    assert group.code == 0
    assert [(e.person, e.component) for e in desk.events(ComponentNotApplicable)] == [("P02", "group")]
    work = desk.asks("import-table", str(desk.table(with_cell(complete, 1, 2, "不适用"))), *IMPORT, "--yes", "--json")
    assert work.code == 6
    assert [line["place"] for line in work.lines("error")] == ["C4"]


def test_a_stated_total_that_differs_is_noted_and_not_used(desk: Desk, complete: Rows) -> None:
    said = desk.asks("import-table", str(desk.table(with_cell(complete, 1, 7, 90))), *IMPORT, "--json")
    (note,) = [line for line in said.lines("note") if line["column"] == "H"]
    assert (said.code, note["place"]) == (0, "H4")
    assert "90" in note["reason"]["zh"]
    assert "94.00" in note["reason"]["zh"]


def test_a_total_of_an_incomplete_row_is_not_spoken_about(desk: Desk, complete: Rows) -> None:
    rows = with_cell(with_cell(complete, 1, 7, 50), 1, 4, None)
    said = desk.asks("import-table", str(desk.table(rows)), *IMPORT, "--json")
    assert not [line for line in said.lines("note") if line["column"] == "H"]


def test_an_exempt_member_takes_no_scores(desk: Desk, complete: Rows) -> None:
    desk.carry_out(
        ExemptMember(round=ROUND, person=PersonId("P06"), decided_by="支委会", reason=Sealed("病休")), SECRETARY
    )
    said = desk.asks("import-table", str(desk.table(complete)), *IMPORT, "--yes", "--json")
    assert said.code == 6
    assert [line["place"] for line in said.lines("error")] == ["C8", "D8", "E8", "F8", "G8"]
    without = [row for row in complete if row[1] != "党员06"]
    noted = desk.asks("import-table", str(desk.table(without)), *IMPORT, "--yes", "--json")
    assert noted.code == 0
    assert not [line for line in noted.lines("note") if "党员06" in line["reason"]["zh"]]


def test_what_single_raters_gave_is_not_replaced_by_a_table(desk: Desk, complete: Rows) -> None:
    for rater, points in (("P04", 90), ("P05", 93)):
        given = RecordScore(
            round=ROUND, person=PersonId("P02"), component="branch", points=Decimal(points), rater=PersonId(rater)
        )
        desk.carry_out(given, RECORDER)
    said = desk.asks("import-table", str(desk.table(complete)), *IMPORT, "--yes", "--json")
    (error,) = said.lines("error")
    assert (said.code, error["place"], error["from"]) == (6, "E4", "91.5")
    same = desk.asks("import-table", str(desk.table(with_cell(complete, 1, 4, 91.5))), *IMPORT, "--yes")
    assert same.code == 0


def test_effects_name_the_person_and_whom_the_quota_moves(desk: Desk, complete: Rows) -> None:
    taken_in(desk, complete)
    desk.carry_out(Tally(round=ROUND), RECORDER)
    path, before = str(desk.table(with_cell(complete, 2, 2, 100))), desk.size
    reason = ("--reason", "漏计")
    said = desk.asks("import-table", path, *IMPORT, *reason, "--json", actor=SECRETARY)
    assert said.document["effects"] == [
        {
            "person": "P02", "name": "党员02", "through": "quota",
            "total": {"from": "94.00", "to": "94.00"}, "score_star": {"from": 4, "to": 4},
            "star": {"from": 4, "to": 3}, "becomes_incomplete": False,
        },
        {
            "person": "P03", "name": "党员03", "through": "own",
            "total": {"from": "92.00", "to": "94.80"}, "score_star": {"from": 4, "to": 4},
            "star": {"from": 3, "to": 4}, "becomes_incomplete": False,
        },
    ]  # fmt: skip
    assert desk.size == before
    spoken = desk.asks("import-table", path, *IMPORT, *reason, actor=SECRETARY)
    assert "经名额影响 P02 党员02: 总分 94.00 → 94.00，星级 4 → 3" in spoken.out
    assert desk.asks("import-table", path, *IMPORT, *reason, "--yes", actor=SECRETARY).code == 0
    made = desk.carry_out(Tally(round=ROUND), RECORDER)
    assert {(e.person, e.star) for e in made if isinstance(e, ResultComputed)} == {("P02", 3), ("P03", 4)}


def test_before_a_tally_there_are_no_effects(desk: Desk, complete: Rows) -> None:
    said = desk.asks("import-table", str(desk.table(complete)), *IMPORT, "--json")
    assert said.document["effects"] == []


def test_a_preview_is_refused_where_the_import_would_be(desk: Desk, complete: Rows) -> None:
    path = str(desk.table(complete))
    office = desk.asks("import-table", path, *IMPORT, "--json", actor="P02")
    assert (office.code, office.document["refused"]) == (4, "wrong-office")
    late = desk.asks("import-table", path, *IMPORT, "--occurred-on", "2027-01-01", "--json")
    assert (late.code, late.document["refused"]) == (6, "in-the-future")
    taken_in(desk, complete)
    desk.carry_out(Tally(round=ROUND), RECORDER)
    desk.carry_out(ProposeList(round=ROUND, body="领导小组"), "P05")
    changed = str(desk.table(with_cell(complete, 1, 2, 95)))
    proposed = desk.asks("import-table", changed, *IMPORT, "--reason", "抄录", "--json")
    assert (proposed.code, proposed.document["refused"]) == (6, "list-proposed")


def test_a_round_that_is_not_there_is_not_found(desk: Desk, complete: Rows) -> None:
    assert desk.asks("import-table", str(desk.table(complete)), "--round", "r1999").code == 3


def test_a_day_that_is_none_is_a_fault_of_the_command_line(desk: Desk, complete: Rows) -> None:
    assert desk.asks("import-table", str(desk.table(complete)), *IMPORT, "--occurred-on", "8.1.2026").code == 2


def test_a_header_with_other_weights_is_refused(desk: Desk, complete: Rows) -> None:
    head = ["序号", "姓名", "工作业绩（30%）", "党小组评价", "党支部评价", "群众评价", "个人自评"]
    said = desk.asks("import-table", str(desk.table([r[:7] for r in complete], head=head)), *IMPORT, "--json")
    assert (said.code, said.lines("error")[0]["place"]) == (6, "C2")


def test_a_title_of_another_year_is_noted(desk: Desk, complete: Rows) -> None:
    said = desk.asks("import-table", str(desk.table(complete, "2024年度汇总表")), *IMPORT, "--json")
    assert (said.code, said.lines("note")[0]["place"]) == (0, "heading")


def test_a_doubled_name_is_asked_about(desk: Desk, complete: Rows) -> None:
    said = desk.asks("import-table", str(desk.table(with_cell(complete, 4, 1, "党员04"))), *IMPORT, "--yes", "--json")
    (error,) = said.lines("error")
    assert (said.code, error["place"]) == (6, "B7")
    assert "编号" in error["remedy"]["zh"]
    assert desk.events(SheetImported) == []


def test_people_of_one_name_are_told_apart_by_their_number(desk: Desk, complete: Rows) -> None:
    desk.carry_out(RenamePerson(person=PersonId("P05"), full_name=Sealed("党员04")), "registrar")
    rows = with_cell(complete, 4, 1, "党员04")
    said = desk.asks("import-table", str(desk.table(rows)), *IMPORT, "--yes", "--json")
    assert (said.code, [line["place"] for line in said.lines("error")]) == (6, ["B6", "B7"])
    numbered = [[*row, person] for row, person in zip(rows, (f"P{n:02}" for n in range(1, 9)), strict=True)]
    told_apart = desk.table(numbered, head=[*HEAD, "编号"])
    assert desk.asks("import-table", str(told_apart), *IMPORT, "--yes").code == 0


def test_a_former_name_still_finds_its_bearer(desk: Desk, complete: Rows) -> None:
    desk.carry_out(RenamePerson(person=PersonId("P05"), full_name=Sealed("党员伍")), "registrar")
    said = desk.asks("import-table", str(desk.table(complete)), *IMPORT, "--yes", "--json")
    assert said.code == 0
    assert any(line["place"] == "B7" and "曾用名" in line["reason"]["zh"] for line in said.lines("note"))
