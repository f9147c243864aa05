"""What a sheet says, and how sheets become counts that show nobody's vote (B-34, AMB-A14, AMB-B10, AMB-B13)."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.appointments import Appointed, LedgerOpened
from domain.ballot_boxes import keeper_digest
from domain.ballot_closing import CloseBox, Found
from domain.ballot_sheets import BLANK, OWN, SPOILED, Sheet, count_sheets, is_void, parts, read_sheet
from domain.ballots import BoxClosed, BoxOpened, GradeCap, GradeCount, Slips, SlipsIssued, Voter
from domain.decision import Refused, replace
from domain.ids import PersonId
from domain.roles import RECORDER
from tests.control_events import EVENTS
from tests.controls import BRANCH, FOUNDED, KEEPER_PASS, ZHANG, noon
from tests.domain.conftest import World

OPENED = EVENTS[BoxOpened]
assert isinstance(OPENED, BoxOpened)
FOUNDING = (
    EVENTS[LedgerOpened],
    Appointed(person=ZHANG, role=RECORDER, branch=BRANCH, since=FOUNDED, until=None, decided_by="大会"),
)
SUBJECTS = tuple(PersonId(f"p{number}") for number in range(3))
BOX_OF_GRADES = replace(
    OPENED,
    subjects=SUBJECTS,
    voters=tuple(Voter(person=PersonId(f"v{number}"), group="members") for number in range(8)),
    slips=(Slips(group="representatives", count=3),),
)


def test_a_row_is_a_mark_blank_one_s_own_or_spoiled() -> None:
    marks = {"p0": "合格", "p1": ["优秀", "合格"]}
    assert read_sheet(BOX_OF_GRADES, marks) == bytes([1, SPOILED, BLANK])
    assert read_sheet(BOX_OF_GRADES, {"p0": "弃权"}, PersonId("p2")) == bytes([4, BLANK, OWN])
    points = replace(BOX_OF_GRADES, kind="points", marks=(), abstentions=(), caps=())
    assert read_sheet(points, {"p0": "100", "p1": "0"}) == bytes([100, 0, BLANK])
    for mark in ("101", "-1", "8.5", "９", "", "合格"):
        with pytest.raises(Refused, match="sheet-does-not-fit"):
            read_sheet(points, {"p0": mark})


def test_a_sheet_over_the_cap_is_void_whole_and_so_is_one_without_a_legible_row() -> None:
    assert not is_void(BOX_OF_GRADES, bytes([0, 1, 1]))
    assert is_void(BOX_OF_GRADES, bytes([0, 0, 1]))
    assert is_void(BOX_OF_GRADES, bytes([SPOILED, SPOILED, OWN]))
    assert not is_void(BOX_OF_GRADES, bytes([BLANK, SPOILED, OWN]))
    assert not is_void(BOX_OF_GRADES, bytes([BLANK, BLANK, BLANK]))


def test_a_void_sheet_counts_nowhere_and_a_void_row_only_spoils_itself() -> None:
    good = [Sheet("members", bytes([1, 2, BLANK]))] * 5
    counting = count_sheets(
        BOX_OF_GRADES, [*good, Sheet("members", bytes([0, 0, 0])), Sheet("members", bytes([1, SPOILED, 4]))]
    )
    assert (counting.valid, counting.void) == (6, 1)
    first, second, third = counting.cells
    assert first.counts == (GradeCount(grade="合格", points=None, voices=6),)
    assert (second.valid, second.void, second.abstained) == (5, 1, 0)
    assert third.withheld


ROW = st.sampled_from([0, 1, 2, 3, 4, BLANK, SPOILED])
SHEET = st.builds(Sheet, st.sampled_from(["members", "representatives"]), st.binary(min_size=3, max_size=3)).flatmap(
    lambda sheet: st.lists(ROW, min_size=3, max_size=3).map(lambda rows: Sheet(sheet.group, bytes(rows)))
)


@given(st.lists(SHEET, max_size=14), st.booleans(), st.randoms())
def test_counts_tell_nothing_of_order_are_never_small_and_never_overlap(
    sheets: list[Sheet],
    pooled: bool,  # noqa: FBT001 - Hypothesis gives arguments by place
    dice: random.Random,
) -> None:
    box = replace(BOX_OF_GRADES, pooled=pooled)
    counting = count_sheets(box, sheets)
    shuffled = list(sheets)
    dice.shuffle(shuffled)
    assert count_sheets(box, shuffled) == counting
    assert counting.valid + counting.void == len(sheets)
    for cell in counting.cells:
        assert cell.withheld == (cell.valid is None) == (cell.counts == ())
        if cell.valid is not None:
            assert cell.valid == sum(count.voices for count in cell.counts) >= box.shown_from
    places = [(cell.person, group) for cell in counting.cells for group in cell.groups]
    assert len(places) == len(set(places))


@given(st.lists(SHEET, min_size=5, max_size=14))
def test_what_the_counting_yields_is_what_the_closing_accepts(sheets: list[Sheet]) -> None:
    counting = count_sheets(replace(BOX_OF_GRADES, caps=(GradeCap(grade="优秀", at_most=3),)), sheets)
    numbers = {group: sum(1 for sheet in sheets if sheet.group == group) for group in ("members", "representatives")}
    opened = replace(
        BOX_OF_GRADES,
        caps=(GradeCap(grade="优秀", at_most=3),),
        slips=tuple(Slips(group=group, count=14) for group in numbers),
        voters=(),
        closes_by=None,
        keeper=keeper_digest(KEEPER_PASS),
    )
    world = World().after(*FOUNDING, opened)
    for group, number in numbers.items():
        if number:
            printed = SlipsIssued(box=opened.box, round=opened.round, group=group, count=number, paper=False)
            world = world.after(printed)
    close = CloseBox(
        box=opened.box,
        keeper_pass=KEEPER_PASS,
        found=tuple(Found(group=group, by_slip=number) for group, number in numbers.items()),
        valid=counting.valid,
        void=counting.void,
        cells=counting.cells,
    )
    answer = world.when(close, actor=ZHANG, at=noon(date(2026, 1, 5)))
    assert answer.refusal is None
    assert isinstance(answer.events[-1], BoxClosed)


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 9), min_size=1))
def test_pooled_groups_stand_in_one_part_each_and_a_small_part_stands_alone(sheets: dict[str, int]) -> None:
    found = parts(sheets, 5, pooled=True)
    grouped = [group for part in found for group in part]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) == {group for group, number in sheets.items() if number} or not any(sheets.values())
    totals = [sum(sheets[group] for group in part) for part in found]
    assert all(total >= 5 for total in totals) or len(found) == 1
