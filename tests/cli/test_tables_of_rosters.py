"""A roster coming in and going out: who is new gets an id, who is known stays, who is not sure is asked about."""

import threading
from datetime import date

import pytest

from cli.table_asking import Manner, carry_out
from cli.wiring import installation
from domain.ids import BranchId, PersonId
from domain.membership import JoinBranch, LeaveBranch, MakeFormal, MemberJoined
from domain.organisation import FormGroup, PersonRegistered, RegisterPerson, RenamePerson
from domain.posts import PostAssigned
from domain.roster_import import RosterImported
from domain.sealed import Sealed
from tests.cli.conftest import BRANCH, FOUNDED, Desk, attachment, settings
from workbooks.grid import read_grid
from workbooks.roster import read_roster
from workbooks.table_register import register
from workbooks.table_roster import plan_roster
from workbooks.table_roster_out import proposal

REGISTRAR, OTHER = "registrar", BranchId("b2")
NEW = [1, "张三", None, "预备党员", "第一党小组", "车工", "2024-03-01"]


def imported(desk: Desk, rows: list[list[object]], *more: str, branch: str = BRANCH) -> tuple[int, dict[str, object]]:
    """Import a roster for keeps; return exit code and document."""
    said = desk.asks(
        "import-roster-table",
        str(desk.roster(rows)),
        "--branch",
        branch,
        "--yes",
        "--json",
        *more,
        actor=REGISTRAR,
    )
    return said.code, said.document


def errors(desk: Desk, rows: list[list[object]], *more: str, branch: str = BRANCH) -> list[str]:
    """Import a roster that must be refused, and return the codes of its errors; nothing may be written."""
    before = desk.size
    code, document = imported(desk, rows, *more, branch=branch)
    assert (code, document["written"], document["can_be_confirmed"], desk.size) == (6, False, False, before)
    lines = document["lines"]
    assert isinstance(lines, list)
    return [line["code"] for line in lines if line["kind"] == "error"]


def test_a_preview_writes_nothing(desk: Desk) -> None:
    before = desk.size
    said = desk.asks("import-roster-table", str(desk.roster([NEW])), "--branch", BRANCH, "--json", actor=REGISTRAR)
    (new,) = said.lines("new")
    assert said.code == 0
    assert (new["row"], new["name"], new["person"], new["member_kind"], new["joined"], new["group"]) == (
        3, "张三", "b1-001", "probationary", "2024-03-01", "g1",
    )  # fmt: skip
    assert desk.size == before


def test_new_people_are_registered_with_the_next_free_ids(desk: Desk) -> None:
    code, document = imported(desk, [NEW, [2, "李四", "b1-007", "正式党员", "g1", None, "2024-03-01"]])
    assert (code, document["written"]) == (0, True)
    joined = [event for event in desk.events(MemberJoined) if event.on == date(2024, 3, 1)]
    assert [(e.person, e.kind, e.group) for e in joined] == [
        ("b1-008", "probationary", "g1"),
        ("b1-007", "formal", "g1"),
    ]
    assert [(e.person, e.post) for e in desk.events(PostAssigned)] == [("b1-008", "车工")]
    assert imported(desk, [[1, "王五", None, "群众", None, None, "2024-03-01"]])[0] == 0
    assert [(e.person, e.kind) for e in desk.events(MemberJoined)][-1] == ("b1-009", "staff")


def test_asked_twice_it_is_written_once(desk: Desk) -> None:
    imported(desk, [NEW])
    after = desk.size
    code, document = imported(desk, [NEW])
    assert (code, document["written"], document["can_be_confirmed"]) == (0, False, False)
    assert desk.size == after


def raced(desk: Desk, *contents: bytes) -> list[str]:
    """Let several import at once, each having seen the preview before any has written; return how they ended."""
    all_have_seen, ended = threading.Barrier(len(contents)), []

    def press(content: bytes) -> None:
        with installation(settings(desk.data)) as installed:
            ledger, grid, workbook = installed.ledger, read_grid(content), attachment(content)
            known = register(ledger, BRANCH)
            proposed = proposal(plan_roster(read_roster(grid), known), known, workbook.sha256, "zh")
            all_have_seen.wait(30)
            try:
                receipt = carry_out(proposed, ledger, workbook, grid, Manner(REGISTRAR, "zh", yes=True))
                ended.append("repeated" if receipt is not None and receipt.repeated else "written")
            except Exception as stopped:  # noqa: BLE001 - whatever it ends with is told
                ended.append(str(getattr(stopped, "code", stopped)))

    pressing = [threading.Thread(target=press, args=(content,)) for content in contents]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()
    return sorted(ended)


def test_two_imports_of_one_file_at_once_enter_everybody_once(desk: Desk) -> None:
    content = desk.roster([NEW]).read_bytes()
    assert raced(desk, content, content) == ["repeated", "written"]
    assert len(desk.events(RosterImported)) == 1


def test_two_rosters_at_once_never_give_one_id_to_two_people(desk: Desk) -> None:
    other = [1, "李四", None, "预备党员", "第一党小组", "车工", "2024-03-01"]
    ended = raced(desk, desk.roster([NEW]).read_bytes(), desk.roster([other]).read_bytes())
    assert ended == ["5", "written"]
    assert len([e for e in desk.events(PersonRegistered) if e.person.startswith("b1-")]) == 1


def test_everybody_or_nobody_is_entered(desk: Desk) -> None:
    rows = [
        NEW,
        [2, "李四", None, None, None, None, "2024-03-01"],
        [3, "王五", None, "正式党员", "第九党小组", None, "2024-03-01"],
        [4, "赵六", None, "正式党员", None, None, None],
        [5, "孙七", "孙 7", "正式党员", None, None, "2024-03-01"],
        [6, "周八", None, "正式党员", None, None, "2027-03-01"],
        [7, "吴九", None, "正式党员", None, None, "03/04/2024"],
        [8, "郑十", None, "党员", None, None, "2024-03-01"],
    ]
    found = errors(desk, rows)
    assert sorted(found) == sorted(
        [
            "kind-missing", "unknown-group", "date-missing", "malformed-id", "in-the-future",
            "date-unclear", "date-missing", "kind-unclear", "kind-missing",
        ]
    )  # fmt: skip


def test_an_unknown_group_names_the_command_that_registers_it(desk: Desk) -> None:
    rows: list[list[object]] = [[1, "王五", None, "正式党员", "第九党小组", None, "2024-03-01"]]
    said = desk.asks("import-roster-table", str(desk.roster(rows)), "--branch", BRANCH, actor=REGISTRAR)
    assert said.code == 6
    assert "form-group --branch b1" in said.out
    assert "第一党小组" in said.out


def test_groups_of_one_title_are_asked_about(desk: Desk) -> None:
    second = FormGroup(group="g2", branch=BRANCH, title="第一党小组", on=FOUNDED)  # type: ignore[arg-type]
    desk.carry_out(second, REGISTRAR)
    assert errors(desk, [NEW]) == ["group-shared"]
    assert imported(desk, [[*NEW[:4], "g2", *NEW[5:]]])[0] == 0


def test_days_that_are_missing_may_be_given_once_for_all(desk: Desk) -> None:
    code, _ = imported(desk, [[1, "赵六", None, "正式党员", None, None, None]], "--joined", "2023-07-01")
    assert code == 0
    assert desk.events(MemberJoined)[-1].on == date(2023, 7, 1)


def test_somebody_known_in_the_branch_is_found_by_name_and_left_as_he_is(desk: Desk) -> None:
    before = desk.size
    code, document = imported(desk, [[1, "党员02", None, "预备党员", None, "钳工", "2021-01-01"]])
    assert (code, desk.size) == (0, before)
    lines = document["lines"]
    assert isinstance(lines, list)
    assert [line["person"] for line in lines if line["kind"] == "unchanged"] == ["P02"]
    assert [line["code"] for line in lines if line["row"] == 3 and line["kind"] == "note"] == ["recorded-otherwise"] * 3


def test_a_name_that_two_bear_is_asked_about(desk: Desk) -> None:
    desk.carry_out(RenamePerson(person=PersonId("P03"), full_name=Sealed("党员02")), REGISTRAR)
    assert errors(desk, [[1, "党员02", None, "正式党员", None, None, None]]) == ["name-shared"]
    assert imported(desk, [[1, "党员02", "P03", "正式党员", None, None, None]])[0] == 0


def test_a_name_known_outside_the_branch_is_asked_about(desk: Desk) -> None:
    row: list[object] = [1, "党员02", None, "正式党员", None, None, "2024-03-01"]
    assert errors(desk, [row], branch=OTHER) == ["name-known-elsewhere"]
    row[2] = "P02"
    assert errors(desk, [row], branch=OTHER) == ["already-in-a-branch"]
    row[2] = "b2-001"
    assert imported(desk, [row], branch=OTHER)[0] == 0


def test_a_name_twice_in_the_table_is_asked_about(desk: Desk) -> None:
    assert errors(desk, [NEW, NEW]) == ["name-doubled"] * 2
    twins = [[*NEW[:2], f"b1-00{n}", *NEW[3:]] for n in (1, 2)]
    assert imported(desk, twins)[0] == 0


def test_one_person_under_two_names_is_asked_about(desk: Desk) -> None:
    desk.carry_out(RenamePerson(person=PersonId("P02"), full_name=Sealed("党员贰")), REGISTRAR)
    rows: list[list[object]] = [
        [n, name, None, "正式党员", None, None, None] for n, name in ((1, "党员02"), (2, "党员贰"))
    ]
    assert errors(desk, rows) == ["name-doubled"]


def test_an_id_of_somebody_else_is_refused(desk: Desk) -> None:
    assert errors(desk, [[1, "张三", "P02", "正式党员", None, None, "2024-03-01"]]) == ["name-and-code-differ"]


def test_whoever_left_comes_back_under_his_id(desk: Desk) -> None:
    desk.carry_out(LeaveBranch(person=PersonId("P02"), on=date(2024, 1, 1), cause="withdrew"), REGISTRAR)
    row: list[object] = [1, "党员02", None, "正式党员", None, None, "2025-03-01"]
    assert errors(desk, [row]) == ["name-known-elsewhere"]
    row[2] = "P02"
    assert imported(desk, [row])[0] == 0
    assert desk.events(MemberJoined)[-1].person == "P02"


def test_columns_with_telephone_numbers_are_refused(desk: Desk) -> None:
    sheet = desk.sheet([["姓名", "类别", "联系电话", "入支部时间"], ["张三", "正式党员", "13812345678", "2024-03-01"]])
    before = desk.size
    said = desk.asks("import-roster-table", str(sheet), "--branch", BRANCH, "--yes", actor=REGISTRAR)
    assert (said.code, desk.size) == (6, before)
    assert "13812345678" not in said.out + said.err


def test_who_may_not_keep_the_register_is_refused_before_he_confirms(desk: Desk) -> None:
    said = desk.asks("import-roster-table", str(desk.roster([NEW])), "--branch", BRANCH, "--json", actor="P03")
    assert (said.code, said.document["refused"]) == (4, "wrong-office")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unknown_branch_is_not_found(desk: Desk, lang: str) -> None:
    said = desk.asks("import-roster-table", str(desk.roster([NEW])), "--branch", "b9", actor=REGISTRAR, lang=lang)
    assert (said.code, said.out) == (3, "")
    assert ("登记册" if lang == "zh" else "registered") in said.err


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "欧阳·娜娜"])
def test_the_exported_roster_reads_back_as_all_unchanged(desk: Desk, name: str) -> None:
    imported(desk, [NEW, [2, "王五", None, "群众", None, None, "2024-03-01"]])
    desk.carry_out(RenamePerson(person=PersonId("P02"), full_name=Sealed(name)), REGISTRAR)
    desk.carry_out(MakeFormal(person=PersonId("b1-001"), on=date(2025, 3, 1)), REGISTRAR)
    path = desk.folder / "roster.xlsx"
    assert desk.asks("export-roster", "--branch", BRANCH, "--out", str(path)).code == 0
    said = desk.asks("import-roster-table", str(path), "--branch", BRANCH, "--json", actor=REGISTRAR)
    assert (said.code, said.lines("error"), said.lines("new")) == (0, [], [])
    assert len(said.lines("unchanged")) == 10
    assert [line["code"] for line in said.lines("note")] == ["dates-not-entered"]


def test_the_roster_is_that_of_the_branch_today(desk: Desk) -> None:
    desk.carry_out(LeaveBranch(person=PersonId("P02"), on=date(2024, 1, 1), cause="withdrew"), REGISTRAR)
    desk.carry_out(RegisterPerson(person=PersonId("Q1"), full_name=Sealed("外人")), REGISTRAR)
    desk.carry_out(JoinBranch(person=PersonId("Q1"), branch=OTHER, kind="formal", on=FOUNDED), REGISTRAR)
    path = desk.folder / "roster.xlsx"
    desk.asks("export-roster", "--branch", BRANCH, "--out", str(path))
    grid = read_grid(path.read_bytes())
    assert [row.person_id for row in read_roster(grid).rows] == ["P01", *(f"P{n:02}" for n in range(3, 9))]
    assert any("模拟时钟" in str(cell.raw) for cell in grid.cells.values())
