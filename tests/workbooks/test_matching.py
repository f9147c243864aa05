"""Names are matched with known people; what could be two people is asked about."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from workbooks.grid import read_grid
from workbooks.look_alikes import edit_distance, look_alikes
from workbooks.matching import KnownPerson, match
from workbooks.score_table import ScoreRow, read_score_table

Make = Callable[..., bytes]
HEAD = ["姓名", "编号", "工作业绩", "党小组评价", "党支部评价", "群众评价", "个人自评"]


def rows_of(workbook: Make, *people: tuple[str, str | None]) -> tuple[ScoreRow, ...]:
    return read_score_table(
        read_grid(workbook([HEAD, *([name, code, 90, 90, 90, 90, 90] for name, code in people)]))
    ).rows


def test_names_are_matched_through_spaces_dots_and_former_names(workbook: Make) -> None:
    people = [KnownPerson("P1", "张三"), KnownPerson("P2", "买买提·艾力"), KnownPerson("P3", "李新", ("李旧",))]
    found = match(rows_of(workbook, ("张　三", None), ("买买提•艾力", None), ("李旧", None)), people)
    assert dict(found.people) == {2: "P1", 3: "P2", 4: "P3"}
    assert found.findings == ()
    assert [note.code for note in found.notes] == ["former-name"]


def test_an_unknown_name_is_a_finding_with_near_names(workbook: Make) -> None:
    found = match(rows_of(workbook, ("张珊", None)), [KnownPerson("P1", "张三"), KnownPerson("P2", "欧阳娜娜")])
    assert [(finding.code, finding.place) for finding in found.findings] == [("name-unknown", "A2")]
    assert "「张三」" in found.findings[0].message.zh
    assert "欧阳" not in found.findings[0].message.zh


def test_the_same_person_twice_is_a_finding(workbook: Make) -> None:
    found = match(rows_of(workbook, ("张三", None), ("张三", None)), [KnownPerson("P1", "张三")])
    assert [(finding.code, finding.place) for finding in found.findings] == [("name-doubled", "A3")]


def test_a_name_of_two_people_is_asked_about_and_settled_by_their_numbers(workbook: Make) -> None:
    people = [KnownPerson("P1", "张伟"), KnownPerson("P2", "张伟")]
    asked = match(rows_of(workbook, ("张伟", None)), people)
    assert [finding.code for finding in asked.findings] == ["name-shared"]
    assert "P1、P2" in asked.findings[0].message.zh
    settled = match(rows_of(workbook, ("张伟", "P2"), ("张伟", "P1")), people)
    assert (dict(settled.people), settled.findings) == ({2: "P2", 3: "P1"}, ())


def test_a_number_that_is_unknown_or_anothers_is_a_finding(workbook: Make) -> None:
    found = match(rows_of(workbook, ("张三", "P9"), ("李四", "P1")), [KnownPerson("P1", "张三")])
    assert [finding.code for finding in found.findings] == ["code-unknown", "name-and-code-differ"]


def test_people_of_the_roster_who_are_not_in_the_table_are_noted(workbook: Make) -> None:
    found = match(rows_of(workbook, ("张三", None)), [KnownPerson("P1", "张三"), KnownPerson("P2", "李四")])
    assert found.findings == ()
    assert [note.code for note in found.notes] == ["person-absent"]
    assert "李四" in found.notes[0].message.zh


@given(st.text(max_size=8), st.text(max_size=8))
def test_the_distance_is_zero_for_equal_texts_and_the_same_both_ways(left: str, right: str) -> None:
    assert (edit_distance(left, right) == 0) == (left == right)
    assert edit_distance(left, right) == edit_distance(right, left) <= max(len(left), len(right))


def test_compatible_forms_are_the_nearest_look_alikes() -> None:
    assert look_alikes("Ａnna", ["Anne", "Anna"]) == ("Anna",)
    assert look_alikes("王五", ["赵六", "王伍", "王"]) == ("王", "王伍")
