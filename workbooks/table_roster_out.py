"""A branch's roster going out and coming in: the workbook of who belongs to it, and the preview of an import."""

from collections.abc import Iterator

from domain.findings import Finding
from domain.ids import Evidence, PersonId
from domain.roster_import import ImportRoster
from domain.stays import Kind, Stay
from domain.text import Language
from workbooks.address import parse_address
from workbooks.preview import LineKind
from workbooks.roster_labels import Kind as Word
from workbooks.table_people import shown_name
from workbooks.table_proposal import Proposal
from workbooks.table_register import Register
from workbooks.table_roster import WORDS, RosterPlan
from workbooks.table_words import KIND_WORDS, counts_words, said_in, text_json
from workbooks.write_roster import RosterLine, write_roster

_WORDS: dict[Kind, Word] = {"formal": "formal", "probationary": "probationary", "staff": "masses"}
_SIMULATED = "（演示数据：本账使用模拟时钟）"


def roster(register: Register) -> bytes:
    """Return the roster of the branch as it stands today; it reads back as the same people."""
    as_of = register.today.isoformat() + (_SIMULATED if register.simulated else "")
    lines = [_line(register, person, stay) for person, stay in register.stays().items()]
    return write_roster(register.title, as_of, lines)


def _line(register: Register, person: PersonId, stay: Stay) -> RosterLine:
    return RosterLine(
        name=shown_name(person, register.borne),
        person_id=person,
        kind=_WORDS[stay.kind_on(register.today)],
        group=register.group_words(stay.group_on(register.today)),
        post=register.post_of(person),
        became_formal=stay.formal_since,
        joined_branch=stay.since,
    )


def proposal(plan: RosterPlan, register: Register, workbook: str, language: Language) -> Proposal:
    """Return the plan in words and as JSON, with the one command that it comes to."""
    counts: dict[LineKind, int] = {
        "new": len(plan.lines),
        "unchanged": len(plan.unchanged),
        "error": len(plan.errors),
        "note": len(plan.notes),
    }
    asked = ImportRoster(branch=register.branch, workbook=Evidence(workbook), lines=plan.entered)
    return Proposal(
        (*_words(plan, language), counts_words(counts, language)),
        {"can_be_confirmed": bool(plan.entered), "counts": counts, "lines": list(_lines_json(plan))},
        plan.errors,
        asked if plan.entered else None,
        f"import-roster:{register.branch}:{register.position}",
    )


def _words(plan: RosterPlan, language: Language) -> Iterator[str]:
    yield from (_finding_words("error", each, language) for each in plan.errors)
    yield from (_finding_words("note", each, language) for each in plan.notes)
    for line in plan.lines:
        told = (WORDS[line.kind].said_in(language), line.joined.isoformat(), line.group or "", line.post or "")
        name = plan.names[line.cell]
        yield " ".join(filter(None, (KIND_WORDS["new"].said_in(language), line.cell, line.person, name, *told)))


def _finding_words(kind: LineKind, each: Finding, language: Language) -> str:
    return " ".join((KIND_WORDS[kind].said_in(language), each.place, *said_in(language, each.message, each.remedy)))


def _lines_json(plan: RosterPlan) -> Iterator[dict[str, object]]:
    yield from (_finding_json("error", each) for each in plan.errors)
    yield from (_finding_json("note", each) for each in plan.notes)
    for line in plan.lines:
        yield {
            "kind": "new",
            **_place(line.cell),
            "name": plan.names[line.cell],
            "person": line.person,
            "member_kind": line.kind,
            "joined": line.joined.isoformat(),
            "group": line.group,
            "post": line.post,
        }
    for row, person in plan.unchanged:
        yield {"kind": "unchanged", **_place(row.address), "name": row.name, "person": person}


def _finding_json(kind: str, each: Finding) -> dict[str, object]:
    said = {"code": each.code, "reason": text_json(each.message), "remedy": text_json(each.remedy)}
    return {"kind": kind, **_place(each.place), **said}


def _place(place: str) -> dict[str, object]:
    at = parse_address(place)
    return {"place": place, "row": at[0] if at else None}
