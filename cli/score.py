"""试算: a rulebook and a sheet in, stars out, without any ledger."""

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

import rulebooks
from cli.exits import Exit, finding_in
from cli.pages import put_page
from cli.score_beside import cap_json, floors_json, is_level, person_beside
from domain.findings import Finding, Invalid
from domain.rulebook import Reading, Rulebook, parse_rulebook
from domain.scoring import Outcome, PersonResult, Step, score, written
from domain.sheet import Sheet, parse_sheet
from domain.text import Language, Text
from projections.citing import Citations, node_of
from projections.page_matter import matter_of_result
from workbooks.sheet_json import workbook_as_sheet
from workbooks.table_header import printed_weights

_WORKBOOKS = (".xlsx", ".xls", ".et")
_BEGINNINGS = (b"PK", bytes.fromhex("d0cf11e0"))


@dataclass(frozen=True, slots=True)
class One:
    """One person whose result alone is printed, with every step; as one page where `page` says where to."""

    person: str
    page: str | None = None


def run_score(  # noqa: PLR0913 - the options of the command
    rulebook_name_or_path: str,
    sheet_path: str,
    *,
    as_json: bool,
    language: Language,
    period: str | None = None,
    one: One | None = None,
) -> int:
    """Print what the sheet comes to and return the exit code: 0, 3 no such file or person, 4 not readable, 6 invalid.

    The sheet is JSON or Table 3-1 as a workbook; `period` wins over the one that the sheet or its title states.
    """
    try:
        document = _rulebook_bytes(rulebook_name_or_path)
        sheet_document = Path(sheet_path).read_bytes()
    except PermissionError as fault:
        return _unreadable(fault, Text(zh="无权读取", en="not permitted to read"), Exit.NOT_PERMITTED, language)
    except OSError as fault:
        return _unreadable(fault, Text(zh="找不到文件", en="there is no file"), Exit.NOT_FOUND, language)
    try:
        rulebook = parse_rulebook(document)
        outcome = score(rulebook, _sheet(sheet_document, sheet_path, rulebook, period))
    except Invalid as verdict:
        _print_findings(verdict.findings, as_json=as_json, language=language)
        return Exit.REFUSED
    sha256 = hashlib.sha256(document).hexdigest()
    if one is not None:
        return _print_one(outcome, one, sha256, as_json=as_json, language=language)
    if as_json:
        _print_json(_outcome(outcome, sha256, language))
    else:
        _print_table(outcome, language)
    return Exit.OK


def _print_one(outcome: Outcome, one: One, sha256: str, *, as_json: bool, language: Language) -> int:
    result = next((each for each in outcome.people if each.person == one.person), None)
    if result is None:
        sys.stderr.write(f"{_nobody(one.person).said_in(language)}\n")
        return Exit.NOT_FOUND
    if one.page is not None:
        put_page(matter_of_result(result, outcome.period, sha256, outcome.engine), one.page, language)
    elif as_json:
        _print_json(_person(result, language))
    else:
        tree = node_of(result.explanation, Citations(outcome.rulebook))
        sys.stdout.writelines(f"{line}\n" for line in tree.lines(language))
    return Exit.OK


def _nobody(person: str) -> Text:
    return Text(f"表中没有“{person}”。", f"Nobody on the sheet is called “{person}”.")


def _rulebook_bytes(name_or_path: str) -> bytes:
    if name_or_path in rulebooks.SHIPPED:
        return rulebooks.shipped(name_or_path)
    return Path(name_or_path).read_bytes()


def _sheet(document: bytes, path: str, rulebook: Rulebook, period: str | None) -> Sheet:
    if document.startswith(_BEGINNINGS) or path.lower().endswith(_WORKBOOKS):
        read = workbook_as_sheet(document, period=period, expected_weights=printed_weights(rulebook))
        return parse_sheet(json.dumps(read).encode(), rulebook)
    return parse_sheet(document, rulebook, period)


def _unreadable(fault: OSError, what: Text, code: int, language: Language) -> int:
    shipped = " · ".join(rulebooks.SHIPPED)
    hint = Text(zh=f"随附的办法：{shipped}", en=f"shipped rulebooks: {shipped}")
    sys.stderr.write(f"{what.said_in(language)}: {fault.filename}\n{hint.said_in(language)}\n")
    return code


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _print_findings(findings: tuple[Finding, ...], *, as_json: bool, language: Language) -> None:
    if as_json:
        _print_json({"findings": [finding_in(finding, language) for finding in findings]})
        return
    for finding in findings:
        message, remedy = finding.message.said_in(language), finding.remedy.said_in(language)
        sys.stdout.write(f"{finding.place}: {message} ({finding.code})\n    {remedy}\n")


def _outcome(outcome: Outcome, sha256: str, language: Language) -> dict[str, object]:
    rulebook: Rulebook = outcome.rulebook
    return {
        "engine": outcome.engine,
        "rulebook": {"id": rulebook.id, "version": rulebook.version, "sha256": sha256},
        "period": outcome.period,
        "people": [_person(person, language) for person in outcome.people],
        "caps": [cap_json(rulebook, cap) for cap in outcome.caps],
        **floors_json(outcome),
        "decisions_needed": [
            {
                "kind": each.kind,
                **_star(rulebook, each.star),
                "places": each.places,
                "people": list(each.people),
                "clause": each.clause,
                "text": each.text.said_in(language),
            }
            for each in outcome.decisions_needed
        ],
        "findings": [finding_in(finding, language) for finding in outcome.findings],
        "readings": [_reading(reading, language) for reading in outcome.readings],
    }


def _star(rulebook: Rulebook, star: int) -> dict[str, object]:
    return {"star": star} if is_level(rulebook) else {"star": None, "rank": star}


def _person(person: PersonResult, language: Language) -> dict[str, object]:
    level = is_level(person.rulebook)
    return {
        "id": person.person,
        "status": person.status,
        "total_exact": None if person.total_exact is None else written(person.total_exact),
        "total": None if person.total is None else str(person.total),
        "score_star": person.score_star if level else None,
        "star": person.star if level else None,
        "label": None if person.label is None else person.label.zh,
        "label_en": None if person.label is None else person.label.en,
        "reasons": [{"clause": each.clause, "text": each.text.said_in(language)} for each in person.reasons],
        **person_beside(person, language),
        **_months(person),
        "explanation": _step(person.explanation, language),
    }


def _months(person: PersonResult) -> dict[str, object]:
    """Return the monthly totals of a year that is made of months; nothing for any other result."""
    year = person.standing.year
    if year is None:
        return {}
    totals = {month.period: None if month.total is None else written(month.total) for month in year.months}
    return {"months": [{"period": period, "total_exact": total} for period, total in totals.items()]}


def _step(step: Step, language: Language) -> dict[str, object]:
    return {
        "text": step.label.said_in(language),
        "value": step.value,
        "clause": step.clause,
        "readings": list(step.readings),
        "sources": list(step.sources),
        "children": [_step(child, language) for child in step.children],
    }


def _reading(reading: Reading, language: Language) -> dict[str, str]:
    return {
        "id": reading.amb,
        "name": reading.name,
        "choice": reading.choice,
        "text": reading.meaning.said_in(language),
    }


def _print_table(outcome: Outcome, language: Language) -> None:
    rulebook, console = outcome.rulebook, Console(file=sys.stdout, highlight=False, markup=False)
    named = f"{rulebook.title.said_in(language)} · {rulebook.issuer.said_in(language)}"
    title = f"{named} · {rulebook.id} v{rulebook.version} · {outcome.period}"
    table = Table(title=title)
    for heading in (_ID, _TOTAL, _BY_SCORE, _STAR, _REASONS):
        table.add_column(heading.said_in(language), overflow="fold")
    for person in outcome.people:
        table.add_row(*_row(person, language))
    console.print(table)
    for cap in outcome.caps:
        used = Text(zh=f"，已占{cap.used}", en=f", {cap.used} taken")
        console.print(f"{cap.explanation.label.said_in(language)}{used.said_in(language)}")
    for floor in outcome.floors:
        held = Text(zh=f"，现有{floor.held}", en=f", {floor.held} stand there")
        console.print(f"{floor.explanation.label.said_in(language)}{held.said_in(language)}")
    for needed in outcome.decisions_needed:
        console.print(f"{_TO_DECIDE.said_in(language)}: {needed.text.said_in(language)} ({needed.clause})")
    for finding in outcome.findings:
        console.print(f"{finding.place}: {finding.message.said_in(language)}")


_ID = Text(zh="编号", en="id")
_TOTAL = Text(zh="总分", en="total")
_BY_SCORE = Text(zh="得分星级", en="by score")
_STAR = Text(zh="核定星级", en="star")
_REASONS = Text(zh="说明", en="reasons")
_TO_DECIDE = Text(zh="待决定", en="to be decided")
_OPEN = Text(zh="待定", en="open")
_INCOMPLETE = Text(zh="不完整", en="incomplete")


def _by_score(person: PersonResult, language: Language) -> str:
    star = person.score_star or 0
    return str(star) if is_level(person.rulebook) else person.rulebook.label_of(star).said_in(language)


def _labels(person: PersonResult, language: Language) -> str:
    """Return what a person holds; a complete result of named stars may be none of them."""
    if person.rulebook.result == "named_stars" and person.status == "complete" and not person.labels:
        return "–"
    return "、".join(label.said_in(language) for label in person.labels)


def _row(person: PersonResult, language: Language) -> tuple[str, str, str, str, str]:
    open_label = _INCOMPLETE if person.status == "incomplete" else _OPEN
    return (
        person.person,
        "" if person.total is None else str(person.total),
        "" if person.score_star is None else _by_score(person, language),
        _labels(person, language) or open_label.said_in(language),
        "\n".join(f"{each.text.said_in(language)} [{each.clause}]" for each in person.reasons),
    )
