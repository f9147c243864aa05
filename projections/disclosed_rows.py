"""Rows before an audience: which field of the matrix each field of an answer is, and how what is withheld looks.

A class or a field that is not named here is opened by no clause. Rows that are withheld as a whole leave an empty list;
a value leaves its mark; what was withheld, with clause and reason, is told beside the answer.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from domain.text import Language, Text
from projections import (
    appraisal_return,
    ballot_count,
    boards,
    meeting_record,
    month_agenda,
    notice_board,
    objection_register,
    person_record,
    score_sheet,
    stars,
    year_table,
)
from projections.agenda import Agenda
from projections.disclosed_facts import SUBJECTS
from projections.replay import Difference
from projections.replay.numbers import FRAME
from projections.withholding import BALLOTS, NOTICE, OBJECTOR, OPEN, UNNAMED, Disclosed, Disclosures, Withheld

T = TypeVar("T")
Code = str | Callable[[Any], str]
COUNTS: Final = "appraisal|components"


class Hidden(str):
    """The mark that stands for a value which is not shown."""

    __slots__ = ()


def _fields(words: str, code: Code) -> dict[str, Code]:
    return dict.fromkeys(words.split(), code)


def _whole(kind: type, code: Code) -> dict[str, Code]:
    return {each.name: code for each in dataclasses.fields(kind)}


def _of_entry(entry: person_record.RecordEntry) -> str:
    """Return the field of the matrix that an entry of a person's record is."""
    if entry.kind in {"commitment", "fulfilment", "appraisal"}:
        return "commitments"
    return "components" if entry.kind in {"entry", "activity"} else UNNAMED


_NUMBERS: Final = dict.fromkeys(("total", "total_exact", "status"), "total") | dict.fromkeys(
    ("star", "score_star", "label", "clause"), "star"
)


def _of_number(row: Difference) -> str:
    """Return the field of the matrix that a number is which a replay compared."""
    kind = row.number.partition(".")[0]
    return _NUMBERS.get(kind, "rules" if kind in FRAME else "components")


_FRAME = _fields("round branch period rulebook version", OPEN)
ROWS: Final[Mapping[type, Mapping[str, Code]]] = {
    stars.CurrentStar: {
        **_FRAME,
        **_fields("seat notice window_ends_at window_provisional confirmed", OPEN),
        "person": "name",
        **_fields("status total total_exact posted_total", "total"),
        **_fields("score_star star label label_en named posted_star", "star"),
        "probation": "reasons",
    },
    stars.Confirmed: {
        "total": "total",
        **_fields("star label label_en named body position at superseded", "star"),
        "probation": "reasons",
    },
    score_sheet.ScoreSheet: {**_FRAME, "rows": OPEN},
    score_sheet.SheetRow: {
        **_fields("seat kind group cells", OPEN),
        "person": "name",
        "total": "total",
        **_fields("exempt score_star star label", "star"),
        "probation": "reasons",
    },
    score_sheet.SheetCell: {"given": BALLOTS, **_fields("points ballots not_applicable tallied", "components")},
    notice_board.PostedNotice: _fields("round notice position", OPEN)
    | _fields(
        "number tally posted_at places contact days ends_at provisional lines gaps corrected_at "
        "corrected_why restarted_at taken_down_at",
        NOTICE,
    ),
    notice_board.PostedLine: {
        "person": "name",
        "total": "total",
        **_fields("star label", "star"),
        **_fields("restarts replaced_by", NOTICE),
    },
    notice_board.Gap: _fields("since until why", NOTICE),
    objection_register.RegisteredObjection: {"round": OPEN, "objector": OBJECTOR},
    person_record.PersonRecord: {"person": "name", **_fields("stays offices stars entries", OPEN)},
    person_record.Office: _fields("role branch since until decided_by", "rules"),
    person_record.RecordEntry: {
        "position": OPEN,
        **_fields("kind thing on what state until other sealed points counts", _of_entry),
    },
    ballot_count.BallotCount: {
        **_fields("round branch position", OPEN),
        **_fields("box component meeting state shown_from clause opened_at closes_by ended_at cause why people", OPEN),
        **_fields("issued returned valid void paper groups", COUNTS),
    },
    ballot_count.GroupSheets: _fields("group voices issued returned", COUNTS),
    ballot_count.PersonCount: {
        "person": "name",
        **_fields("component aspect group pooled position withheld openly", OPEN),
        **_fields("counts valid abstained void", COUNTS),
    },
    ballot_count.Marked: _fields("mark voices", COUNTS),
    boards.PostedBoard: {
        **_fields("round board position", OPEN),
        **_fields("posting places posted_at lines", NOTICE),
    },
    boards.BoardLine: {"person": "name", "appraisal": COUNTS, **_fields("star label", "star")},
    boards.StaffNotice: _fields("branch notice period places contact posted_at position lines", NOTICE),
    boards.StaffLine: _whole(boards.StaffLine, NOTICE),
    year_table.YearTable: {**_FRAME, **_fields("not_held rows", OPEN)},
    year_table.YearRow: {
        **_fields("seat months", OPEN),
        "person": "name",
        "components": "components",
        **_fields("status total", "total"),
        **_fields("star label confirmed_star confirmed_label confirmed_position", "star"),
    },
    year_table.MonthCell: {
        **_fields("period drawn outdated source corrected", OPEN),
        **_fields("records components", "components"),
        "appraisal": COUNTS,
        "total": "total",
        **_fields("star label", "star"),
    },
    Difference: {
        **_fields("position type round number clause sources", OPEN),
        "person": "name",
        **_fields("published replayed", _of_number),
    },
    meeting_record.MeetingRecord: _fields("head members staff representatives steps", OPEN),
    meeting_record.MeetingHead: {
        "meeting": OPEN,
        **_fields("branch kind judges on begins place chair timing rulebook version closed_at", "rules"),
    },
    appraisal_return.AppraisalReturn: {
        **_fields("round branch period component roster taking_part", OPEN),
        **_fields("grades check", COUNTS),
    },
    appraisal_return.Headcount: _fields("formal probationary", OPEN),
    appraisal_return.Check: _fields("relation left right holds", OPEN),
    Agenda: _fields("round position now items confirmable held", OPEN),
    month_agenda.MonthAgenda: _fields("round period position now sessions not_voted items", OPEN),
    month_agenda.DueSession: _fields("kind clause first last meeting state", "rules"),
}
"""Which field of the matrix each field of an answer is, by class."""


@dataclass(slots=True)
class RowCurtain:
    """Takes out of answers what a viewer is not shown, and remembers what that was."""

    disclosures: Disclosures
    language: Language = "zh"
    found: dict[tuple[str, str], Withheld] = field(default_factory=dict)

    def over(self, answer: T, person: str | None = None) -> T:
        """Return an answer as the viewer may see it; `person` is whose it is, where it does not say."""
        if self.disclosures.sees_everything:
            return answer
        general = self.disclosures.everywhere() if person is None else self.disclosures.of_person(person)
        shown: T = self._shown(answer, general, frozenset() if person is None else frozenset({person}))
        return shown

    def note(self, withheld: Withheld) -> None:
        """Remember that something was withheld."""
        self.found[withheld.field, withheld.clause] = withheld

    @property
    def withheld(self) -> list[Withheld]:
        """Return what was withheld, in the order in which it was met."""
        return list(self.found.values())

    def _shown(self, value: Any, scope: Disclosed, concerned: frozenset[str]) -> Any:  # noqa: ANN401 - any answer
        if isinstance(value, list | tuple):
            shown = (self._shown(each, scope, concerned) for each in value)
            return type(value)(each for each in shown if each is not None)
        if isinstance(value, Mapping):
            return {name: self._shown(each, scope, concerned) for name, each in value.items()}
        if isinstance(value, Text) or not dataclasses.is_dataclass(value) or isinstance(value, type):
            return value
        if type(value) not in ROWS:
            return self._unnamed(value, scope, concerned)
        return self._row(
            value, self.disclosures.scope(value, scope), _concerned(value, self.disclosures.viewer.person) or concerned
        )

    def _unnamed(self, row: Any, scope: Disclosed, concerned: frozenset[str]) -> Any:  # noqa: ANN401
        """Return a row that no clause opens, None where it is not about the viewer himself."""
        withheld = scope.withheld(UNNAMED, _concerned(row, self.disclosures.viewer.person) or concerned)
        if withheld is not None:
            self.note(withheld)
        return row if withheld is None else None

    def _row(self, row: Any, scope: Disclosed, concerned: frozenset[str]) -> Any:  # noqa: ANN401
        codes, changes = ROWS[type(row)], {}
        for each in dataclasses.fields(row):
            value, code = getattr(row, each.name), codes.get(each.name, UNNAMED)
            withheld = scope.withheld(code(row) if callable(code) else code, concerned)
            own_objection = code == OBJECTOR and value is not None and value == self.disclosures.viewer.person
            if withheld is None or own_objection:
                changes[each.name] = self._shown(value, scope, concerned)
            elif value is not None or code == OBJECTOR:
                self.note(withheld)
                changes[each.name] = _blank(value, Hidden(withheld.mark(self.language)))
        return dataclasses.replace(row, **changes)


def _concerned(row: object, reader: str | None) -> frozenset[str]:
    """Return whose own a row is: whom it is about, and whoever reads if he objected."""
    objected = {reader} & {getattr(row, "objector", None)}
    return frozenset(str(name) for name in (*(getattr(row, each, None) for each in SUBJECTS), *objected) if name)


def _blank(value: object, mark: Hidden) -> Any:  # noqa: ANN401 - stands in the place of any value
    """Return what stands for a value that is not shown: a mark, or nothing where there would be rows."""
    if isinstance(value, Text):
        return Text(mark, mark)
    if isinstance(value, tuple | list):
        return type(value)([mark]) if value and all(isinstance(each, str) for each in value) else type(value)()
    if isinstance(value, Mapping):
        return {}
    return None if dataclasses.is_dataclass(value) else mark
