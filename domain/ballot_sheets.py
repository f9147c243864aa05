"""What stands on a sheet, and how sheets become counts that show nobody's vote (B-34, AMB-A14, AMB-B10, B13, form 7).

More than one mark in a row voids that row; more of the capped grade than allowed voids the sheet, and so does a sheet
without any row that can be read. Sheets are split into single judgements and only counted; a count of fewer than
`shown_from` is withheld, or, where every voice is worth the same, taken together with another group's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.ballot_rules import MOST_POINTS
from domain.ballots import BoxOpened, GradeCount, groups_of, rows_of
from domain.decision import Refused, replace
from domain.ids import PersonId
from domain.text import Text

BLANK, OWN, SPOILED = 255, 254, 253
"""A row left empty; a row about the voter himself; a row with more than one mark. Lower numbers are marks."""
JOIN = "+"
Marked = str | Sequence[str]
"""What stands in a row: a mark, or several."""
Marks = Mapping[str, Marked | Mapping[str, Marked]]
"""A sheet as it is filled in: person → what stands in his row, of the staff aspect → what stands in its row (B-35)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the group it was cast in, and one byte for each row, in the box's order."""

    group: str
    rows: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one or several groups gave one person, of the staff in one aspect; without numbers where it is withheld."""

    person: PersonId
    groups: tuple[str, ...]
    counts: tuple[GradeCount, ...] = ()
    valid: int | None = None
    abstained: int | None = None
    void: int | None = None
    aspect: str = ""

    @property
    def withheld(self) -> bool:
        """Return whether the count may not be shown."""
        return self.valid is None


@dataclass(frozen=True, slots=True)
class Counting:
    """All sheets counted."""

    valid: int
    void: int
    cells: tuple[Cell, ...]


# reading


def read_sheet(opened: BoxOpened, marks: Marks, voter: PersonId | None = None) -> bytes:
    """Return the rows of a filled-in sheet; `Refused` without a word about its content where it does not fit the box.

    `voter` may not rate himself; whoever is left out of `marks` is left blank.
    """
    if not marks.keys() <= set(opened.subjects) or voter in marks:
        raise Refused("sheet-does-not-fit", _DOES_NOT_FIT)
    given = {row: mark for person, marked in marks.items() for row, mark in _by_row(opened, PersonId(person), marked)}
    return bytes(OWN if row[0] == voter else _row(opened, given.get(row, ())) for row in rows_of(opened))


def _by_row(
    opened: BoxOpened, person: PersonId, marked: Marked | Mapping[str, Marked]
) -> Iterable[tuple[tuple[PersonId, str], Marked]]:
    """Return what stands in each row about a person; refused where the box asks of him in other rows."""
    by_aspect = marked if isinstance(marked, Mapping) else {"": marked}
    if isinstance(marked, Mapping) != (opened.staff is not None) or not (
        opened.staff is None or by_aspect.keys() <= set(opened.staff.aspects)
    ):
        raise Refused("sheet-does-not-fit", _DOES_NOT_FIT)
    return [((person, aspect), mark) for aspect, mark in by_aspect.items()]


def _row(opened: BoxOpened, marks: Marked) -> int:
    given = [marks] if isinstance(marks, str) else list(marks)
    codes = [_code(opened, mark) for mark in given]
    return SPOILED if len(codes) > 1 else codes[0] if codes else BLANK


def _code(opened: BoxOpened, mark: str) -> int:
    words = (*opened.marks, *opened.abstentions)
    if opened.kind == "grades" and mark in words:
        return words.index(mark)
    if opened.kind == "points" and mark.isascii() and mark.isdigit() and int(mark) <= MOST_POINTS:
        return int(mark)
    raise Refused("sheet-does-not-fit", _DOES_NOT_FIT)


def is_void(opened: BoxOpened, rows: bytes) -> bool:
    """Return whether a whole sheet is void: over the cap, or with no row that can be read."""
    over = any(rows.count(opened.marks.index(cap.grade)) > cap.at_most for cap in opened.caps)
    own = rows.count(OWN)
    return over or (rows.count(SPOILED) == len(rows) - own > 0)


# counting


def count_sheets(opened: BoxOpened, sheets: Sequence[Sheet]) -> Counting:
    """Return the counts of all sheets, in an order that follows from the box alone."""
    valid = [sheet for sheet in sheets if not is_void(opened, sheet.rows)]
    groups = sorted(groups_of(opened))
    cells = [
        cell
        for place, row in enumerate(rows_of(opened))
        for cell in _cells(opened, row, {g: [s.rows[place] for s in valid if s.group == g] for g in groups})
    ]
    return Counting(len(valid), len(sheets) - len(valid), tuple(cells))


def _cells(opened: BoxOpened, about: tuple[PersonId, str], rows: Mapping[str, Sequence[int]]) -> Iterable[Cell]:
    person, aspect = about
    # By sheets, not by marks: how groups are pooled must tell nothing of what was voted, nor who left a row empty.
    sheets = {group: sum(1 for row in given if row != OWN) for group, given in rows.items()}
    for groups in parts(sheets, opened.shown_from, pooled=opened.pooled):
        together = [row for group in groups for row in rows[group]]
        if sum(1 for row in together if _is_voice(opened, row)) < opened.shown_from:
            yield Cell(person=person, groups=groups, aspect=aspect)
        else:
            yield replace(_shown(opened, person, groups, together), aspect=aspect)


def parts(sheets: Mapping[str, int], least: int, *, pooled: bool) -> list[tuple[str, ...]]:
    """Return which groups are counted together: each stands in one part, so that no two counts have a difference.

    Small groups are pooled with each other, and where that is not enough with the smallest group that would stand
    alone. Groups without any sheet are left out, unless there is no sheet at all.
    """
    present = {group: number for group, number in sheets.items() if number} or dict(sheets)
    alone = [group for group, number in present.items() if number >= least]
    small = sorted(group for group, number in present.items() if number < least)
    if not pooled or not small:
        return [(group,) for group in sorted(present)]
    if alone and sum(present[group] for group in small) < least:
        joined = min(alone, key=lambda group: (present[group], group))
        alone.remove(joined)
        small = sorted([*small, joined])
    return sorted([*((group,) for group in alone), tuple(small)])


def _shown(opened: BoxOpened, person: PersonId, groups: tuple[str, ...], rows: Sequence[int]) -> Cell:
    voices = Counter(row for row in rows if _is_voice(opened, row))
    void = sum(1 for row in rows if row == SPOILED)
    return Cell(
        person=person,
        groups=groups,
        counts=tuple(_count(opened, code, voices[code]) for code in sorted(voices)),
        valid=voices.total(),
        abstained=sum(1 for row in rows if row not in (OWN, SPOILED)) - voices.total(),
        void=void,
    )


def _is_voice(opened: BoxOpened, row: int) -> bool:
    return row <= MOST_POINTS if opened.kind == "points" else row < len(opened.marks)


def _count(opened: BoxOpened, code: int, voices: int) -> GradeCount:
    if opened.kind == "points":
        return GradeCount(grade=None, points=Decimal(code), voices=voices)
    return GradeCount(grade=opened.marks[code], points=None, voices=voices)


_DOES_NOT_FIT = Text(
    "选票与票箱不符：有名单以外的人、本人，或不认识的等次、分数；没有收下，请照样票填写。",
    "The sheet does not fit the box (a person not on it, the voter himself, or an unknown mark); it was not taken.",
)
