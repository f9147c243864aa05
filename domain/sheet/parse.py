"""Reading a sheet of people and scores, as the calculator takes it, against the rulebook it is meant for."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from domain.findings import Finding, Invalid
from domain.rulebook.model import Rulebook
from domain.sheet.check import sheet_faults
from domain.sheet.model import Candidate, Counted, Given, Score, Sheet
from domain.sheet.plain import plain_count, plain_day, plain_decimal, read_json
from domain.text import Text

_SHEET = frozenset({"period", "roster_size", "pool_size", "people"})
_PERSON = frozenset(
    {
        "id", "kind", "components", "entries", "ballots", "vetoes", "gates", "not_applicable",
        "joined", "exempt", "last_year", "periods",
    }
)  # fmt: skip
_GIVEN = frozenset({"points", "ballots", "rater", "sources"})
_LONGEST_ID = 200
_FIX = Text(zh="改正后再试。", en="Correct it and try again.")


def parse_sheet(document: bytes, rulebook: Rulebook) -> Sheet:
    """Return the sheet that `document` (JSON) writes; Invalid with every finding where `rulebook` cannot compute it."""
    reader = _Reader()
    sheet = reader.sheet(read_json(document))
    found = (*reader.findings, *sheet_faults(sheet, rulebook))
    if found:
        raise Invalid(found)
    return sheet


class _Reader:
    """Reads the shapes of a sheet and collects what does not fit."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def sheet(self, value: object) -> Sheet:
        top = self._object(value, "sheet", _SHEET)
        people = top.get("people")
        if not isinstance(people, list):
            self._unfit("people", people, Text(zh="人员列表", en="a list of people"))
            people = []
        return Sheet(
            period=self._word(top.get("period", ""), "period"),
            roster_size=self._count(top.get("roster_size"), "roster_size"),
            pool_size=self._count(top.get("pool_size"), "pool_size"),
            people=tuple(self._candidate(person, f"people[{number}]") for number, person in enumerate(people)),
        )

    def _candidate(self, value: object, at: str) -> Candidate:
        fields = self._object(value, at, _PERSON)
        person = self._id(fields.get("id"), f"{at}.id")
        at = f"{at} {person}" if person else at
        self._not_declared(fields, at)
        return Candidate(
            person=person,
            kind=self._word(fields.get("kind", "formal"), f"{at}.kind"),
            components=self._components(fields, at),
            not_applicable=self._codes(fields.get("not_applicable", []), f"{at}.not_applicable"),
            joined=self._day(fields.get("joined"), f"{at}.joined"),
            exempt=self._flag(fields.get("exempt", False), f"{at}.exempt"),
            last_year=self._last_year(fields.get("last_year", {}), f"{at}.last_year"),
        )

    def _not_declared(self, fields: Mapping[str, object], at: str) -> None:
        """Name what this engine's rulebooks cannot declare yet: item entries, vetoes, gates, monthly lines."""
        for name in ("entries", "vetoes", "gates", "periods"):
            if fields.get(name) not in (None, [], {}):
                message = Text(zh=f"本办法没有规定“{name}”", en=f"this rulebook does not declare “{name}”")
                remedy = Text(zh="删去，或使用有此规定的办法。", en="Remove it, or use a rulebook that declares it.")
                self.findings.append(Finding("source-not-declared", f"{at}.{name}", message, remedy))

    def _components(self, fields: Mapping[str, object], at: str) -> dict[str, Score]:
        direct = self._object(fields.get("components", {}), f"{at}.components", None)
        ballots = self._object(fields.get("ballots", {}), f"{at}.ballots", None)
        scores = {code: self._score(value, f"{at}.components.{code}") for code, value in direct.items()}
        for code, value in ballots.items():
            if scores.get(code) is not None:
                message = Text(zh=f"“{code}”既直接给分又有选票", en=f"“{code}” is given both as points and as ballots")
                remedy = Text(zh="只用一种来源。", en="Use one of the two.")
                self.findings.append(Finding("source-doubled", f"{at}.ballots.{code}", message, remedy))
            else:
                scores[code] = self._counted(value, f"{at}.ballots.{code}")
        return scores

    def _score(self, value: object, at: str) -> Score:
        if value is None:
            return None
        if isinstance(value, list):
            read = tuple(self._given(entry, f"{at}[{number}]") for number, entry in enumerate(value))
            return tuple(entry for entry in read if entry is not None) or None
        return self._given(value, at)

    def _given(self, value: object, at: str) -> Given | None:
        if not isinstance(value, dict):
            points = self._points(value, at)
            return None if points is None else Given(points)
        fields = self._object(value, at, _GIVEN)
        points = self._points(fields.get("points"), f"{at}.points")
        ballots = self._count(fields.get("ballots"), f"{at}.ballots")
        rater = self._word(fields.get("rater", ""), f"{at}.rater")
        sources = self._positions(fields.get("sources", []), f"{at}.sources")
        return None if points is None else Given(points, sources, ballots, rater)

    def _points(self, value: object, at: str) -> Decimal | None:
        points = plain_decimal(value)
        if points is None:
            self._unfit(at, value, Text(zh="分数，如“92”或“92.5”", en='a score such as "92" or "92.5"'))
        return points

    def _counted(self, value: object, at: str) -> Score:
        if value is None:
            return None
        fields = self._object(value, at, None)
        return Counted({grade: self._count(count, f"{at}.{grade}") or 0 for grade, count in fields.items()})

    def _last_year(self, value: object, at: str) -> dict[str, Given]:
        read = {code: self._given(score, f"{at}.{code}") for code, score in self._object(value, at, None).items()}
        return {code: score for code, score in read.items() if score is not None}

    def _object(self, value: object, at: str, known: frozenset[str] | None) -> Mapping[str, object]:
        if not isinstance(value, dict):
            self._unfit(at, value, Text(zh="一个对象{…}", en="an object {…}"))
            return {}
        for name in value:
            if known is not None and name not in known:
                message = Text(zh=f"不认识的字段“{name}”", en=f"the field “{name}” is not known")
                remedy = Text(zh="改正拼写或删去。", en="Correct its spelling or remove it.")
                self.findings.append(Finding("field-unknown", f"{at}.{name}", message, remedy))
        return value

    def _id(self, value: object, at: str) -> str:
        if isinstance(value, str) and value.strip() and len(value) <= _LONGEST_ID and value.isprintable():
            return value
        self._unfit(at, value, Text(zh="编号（可打印的文字）", en="an id (printable text)"))
        return ""

    def _word(self, value: object, at: str) -> str:
        if isinstance(value, str) and (value.isprintable() or not value):
            return value
        self._unfit(at, value, Text(zh="一段文字", en="a text"))
        return ""

    def _flag(self, value: object, at: str) -> bool:
        if not isinstance(value, bool):
            self._unfit(at, value, Text(zh="true或false", en="true or false"))
        return value is True

    def _count(self, value: object, at: str) -> int | None:
        count = plain_count(value)
        if count is None and value is not None:
            self._unfit(at, value, Text(zh="不小于0的整数", en="an integer not below 0"))
        return count

    def _day(self, value: object, at: str) -> date | None:
        day = plain_day(value)
        if day is None and value is not None:
            self._unfit(at, value, Text(zh="日期，如2025-03-05", en="a day such as 2025-03-05"))
        return day

    def _codes(self, value: object, at: str) -> frozenset[str]:
        if isinstance(value, list) and all(isinstance(code, str) for code in value):
            return frozenset(value)
        self._unfit(at, value, Text(zh="评价项目代码的列表", en="a list of component codes"))
        return frozenset()

    def _positions(self, value: object, at: str) -> tuple[int, ...]:
        read = [plain_count(entry) for entry in value] if isinstance(value, list) else [None]
        if all(read):
            return tuple(entry for entry in read if entry)
        self._unfit(at, value, Text(zh="账本位置的列表", en="a list of ledger positions"))
        return ()

    def _unfit(self, at: str, value: object, wanted: Text) -> None:
        shown = "null" if value is None else f"“{_printable(str(value)[:40])}”"
        message = Text(zh=f"值{shown}不合要求", en=f"the value is {shown}")
        remedy = Text(zh=f"应为{wanted.zh}。", en=f"It should be {wanted.en}.")
        self.findings.append(Finding("field-unfit", at, message, remedy))


def _printable(written: str) -> str:
    return written.encode("utf-8", "backslashreplace").decode()
