"""Closing a box: what its keeper counted is checked against what went out and came back (forms 7 and 8, traps 1 to 3).

One batch: a count for each person and group, without voter, order or time, and the box's totals. More sheets than went
out, or fewer than voters returned, void the whole box.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.appointments import Offices
from domain.ballot_boxes import Box
from domain.ballot_rules import MOST_POINTS
from domain.ballot_sheets import JOIN, Cell
from domain.ballots import (
    OVERALL,
    BallotsCounted,
    BoxClosed,
    BoxOpened,
    BoxVoided,
    GroupReturn,
    VoidCause,
    rows_of,
)
from domain.decision import Command, Context, Event, Refused, command, deciders
from domain.ids import BoxId, PersonId
from domain.roles import RECORDERS
from domain.staff_results import StaffAppraised
from domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many sheets of a group were in the box: dropped by voters on the list, by slips, and keyed in from paper."""

    group: str
    on_screen: int = 0
    by_slip: int = 0
    on_paper: int = 0

    @property
    def sheets(self) -> int:
        """Return all of them."""
        return self.on_screen + self.by_slip + self.on_paper


@command("close-box", roles=RECORDERS, at="boxes/{box}/closing")
class CloseBox(Command):
    """Close a box and count its sheets; what cannot be shown is withheld. Its key is destroyed."""

    box: BoxId
    keeper_pass: str
    found: tuple[Found, ...]
    valid: int
    void: int
    cells: tuple[Cell, ...]
    tellers: tuple[PersonId, ...] = ()


@command("void-box", roles=RECORDERS, at="boxes/{box}/voiding")
class VoidBox(Command):
    """Declare that nothing of a box counts, and why: it was lost, or the ballot was disturbed."""

    box: BoxId
    why: str


def close_box(asked: CloseBox, context: Context, box: Box, offices: Offices) -> list[Event]:
    """Record the counts of a box that reconciles, or that it is void."""
    opened = box.require_known()
    offices.require(asked, context, opened.branch)
    box.require_keeper(asked.keeper_pass)
    if box.ended is not None:
        return []
    _check_time(asked, context, opened)
    cause = _void_cause(asked, box)
    if cause is not None:
        return [_voided(box, cause, None, returned=sum(each.sheets for each in asked.found))]
    _check_arithmetic(asked, box, opened)
    counted = (_counted(opened, cell) for cell in asked.cells)
    return [*counted, *staff_results(asked.cells, opened), _closed(asked, box, opened)]


def void_box(asked: VoidBox, context: Context, box: Box, offices: Offices) -> list[Event]:
    """Record that a box does not count."""
    opened = box.require_known()
    offices.require(asked, context, opened.branch)
    if isinstance(box.ended, BoxVoided):
        return []
    box.require_open()
    return [_voided(box, "declared", asked.why, returned=None)]


DECIDERS = deciders(close_box, void_box)


def _check_time(asked: CloseBox, context: Context, opened: BoxOpened) -> None:
    """Nobody is cut off: before the set time a box closes only when everybody has voted."""
    if opened.closes_by is None or context.now >= opened.closes_by:
        return
    entitled = len(opened.voters) + sum(each.count for each in opened.slips)
    if sum(each.sheets for each in asked.found) < entitled:
        raise Refused("voting-still-open", _STILL_OPEN)


def _void_cause(asked: CloseBox, box: Box) -> VoidCause | None:
    for each in asked.found:
        paper = box.named(box.on_paper, each.group) + box.blank.get(each.group, 0)
        if each.on_paper > paper or each.by_slip > box.printed.get(each.group, 0):
            return "more-returned-than-issued"
    if any(_on_screen(asked, group) < box.named(box.on_screen, group) for group in box.groups):
        return "sheets-missing"
    return None


def _on_screen(asked: CloseBox, group: str) -> int:
    return sum(each.on_screen for each in asked.found if each.group == group)


def _check_arithmetic(asked: CloseBox, box: Box, opened: BoxOpened) -> None:
    sheets = {each.group: each.sheets for each in asked.found}
    fits = (
        sheets.keys() <= set(box.groups)
        and len(sheets) == len(asked.found)
        and all(_on_screen(asked, group) == box.named(box.on_screen, group) for group in box.groups)
        and asked.valid + asked.void == sum(sheets.values())
        and min(asked.valid, asked.void) >= 0
        and all(cell_fits(cell, opened, sheets) for cell in asked.cells)
        and _cells_stand_apart(asked.cells, opened)
    )
    if not fits:
        raise Refused("counts-do-not-add-up", _ARITHMETIC)


def cell_fits(cell: Cell, opened: BoxOpened, sheets: Mapping[str, int]) -> bool:
    """Return whether a count is of the box: its marks, no fewer than are shown, no more than `sheets` came back."""
    if (cell.person, cell.aspect) not in rows_of(opened):
        return False
    if cell.valid is None or cell.abstained is None or cell.void is None:
        return not cell.counts and (cell.valid, cell.abstained, cell.void) == (None, None, None)
    marks = [each.points if opened.kind == "points" else each.grade for each in cell.counts]
    known = all(mark in opened.marks if opened.kind == "grades" else mark in range(MOST_POINTS + 1) for mark in marks)
    total = sum(sheets.get(group, 0) for group in cell.groups)
    return (
        known
        and len(set(marks)) == len(marks)
        and all(each.voices > 0 for each in cell.counts)
        and sum(each.voices for each in cell.counts) == cell.valid
        and min(cell.abstained, cell.void) >= 0
        and opened.shown_from <= cell.valid <= cell.valid + cell.abstained + cell.void <= total
    )


def _cells_stand_apart(cells: Iterable[Cell], opened: BoxOpened) -> bool:
    """Return whether each group stands in one count of a row at most, and only pooled bodies are pooled."""
    places = [(cell.person, cell.aspect, group) for cell in cells for group in cell.groups]
    alone = all(len(cell.groups) == 1 for cell in cells) or opened.pooled
    everybody = {(cell.person, cell.aspect) for cell in cells} == set(rows_of(opened))
    return len(set(places)) == len(places) and alone and everybody


def _counted(opened: BoxOpened, cell: Cell) -> BallotsCounted:
    return BallotsCounted(
        round=opened.round,
        box=opened.box,
        person=cell.person,
        component=opened.component,
        group=JOIN.join(cell.groups),
        pooled=cell.groups if len(cell.groups) > 1 else (),
        counts=cell.counts,
        valid=cell.valid,
        abstained=cell.abstained,
        void=cell.void,
        withheld=cell.withheld,
        aspect=cell.aspect,
    )


def staff_results(cells: Iterable[Cell], opened: BoxOpened) -> list[Event]:
    """Return what the members found of each of the staff, where every count of his can be shown (B-35)."""
    if opened.staff is None or opened.meeting is None:
        return []
    found = {(cell.person, cell.aspect): _grade_of(cell, opened.marks) for cell in cells if not cell.withheld}
    return [
        StaffAppraised(
            meeting=opened.meeting,
            branch=opened.branch,
            person=person,
            period=opened.staff.period,
            on=opened.staff.on,
            attitude=found[person, "attitude"],
            duties=found[person, "duties"],
            tasks=found[person, "tasks"],
            overall=found[person, OVERALL],
        )
        for person in opened.subjects
        if all((person, aspect) in found for aspect in opened.staff.aspects)
    ]


def _grade_of(cell: Cell, marks: tuple[str, ...]) -> str:
    """Return the best grade that more than half of the voices gave, or a better one (decision 15)."""
    voices = {count.grade: count.voices for count in cell.counts}
    total, reached = sum(voices.values()), 0
    for mark in marks:
        reached += voices.get(mark, 0)
        if 2 * reached > total:
            return mark
    return marks[-1]


def _closed(asked: CloseBox, box: Box, opened: BoxOpened) -> BoxClosed:
    sheets = {each.group: each.sheets for each in asked.found}
    return BoxClosed(
        box=opened.box,
        round=opened.round,
        component=opened.component,
        meeting=opened.meeting,
        issued=box.issued_in_all,
        returned=sum(sheets.values()),
        valid=asked.valid,
        void=asked.void,
        paper=sum(each.on_paper for each in asked.found),
        groups=tuple(
            GroupReturn(group=group, issued=box.issued(group), returned=sheets.get(group, 0)) for group in box.groups
        ),
        tellers=asked.tellers,
    )


def _voided(box: Box, cause: VoidCause, why: str | None, returned: int | None) -> BoxVoided:
    opened = box.require_known()
    return BoxVoided(
        box=opened.box,
        round=opened.round,
        component=opened.component,
        meeting=opened.meeting,
        cause=cause,
        why=why,
        issued=box.issued_in_all,
        returned=returned,
    )


_STILL_OPEN = Text(
    "截止时间未到且尚有人未投票，不能提前封箱。",
    "The time set has not come and not everybody has voted; the box stays open until then.",
)
_ARITHMETIC = Text(
    "计票结果与发出、收回的选票对不上；没有封箱，请重新运行 close-box。",
    "The counts do not add up with what went out and came back; the box stays open. Run close-box again.",
)
