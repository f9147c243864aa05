"""Reading a sheet of people and scores, as the calculator takes it, against the rulebook it is meant for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.findings import Finding, Invalid
from domain.rulebook.model import Rulebook
from domain.sheet.check import sheet_faults
from domain.sheet.model import Candidate, Counted, Entry, Given, PeriodGiven, Recorded, Score, Sheet
from domain.sheet.occurrences import Occurrences
from domain.sheet.parse_beside import earlier, gates, vetoes
from domain.sheet.plain import read_json
from domain.sheet.shapes import Shapes
from domain.text import Text

_SHEET = frozenset({"period", "roster_size", "pool_size", "people"})
_PERSON = frozenset(
    {
        "id", "kind", "components", "entries", "ballots", "vetoes", "gates", "earlier", "not_applicable",
        "joined", "exempt", "last_year", "periods", "posts", "category",
    }
)  # fmt: skip
_GIVEN = frozenset({"points", "ballots", "rater", "group", "sources"})
_ENTRY = frozenset({"item", "points", "occurred_on", "sources", "amount", "level", "matter"})
_PERIOD = frozenset({"period", "entries", "ballots", "assessed", "sources", "not_applicable"})
_CODES = Text(zh="评价项目代码的列表", en="a list of component codes")
_POSTS = Text(zh="岗位的列表", en="a list of posts")
_ONE_SOURCE = Text(zh="只用一种来源。", en="Use one of the two.")


def parse_sheet(document: bytes, rulebook: Rulebook, period: str | None = None) -> Sheet:
    """Return the sheet that `document` (JSON) writes; Invalid with every finding where `rulebook` cannot compute it.

    A `period` that is asked for wins over the one that the sheet states.
    """
    reader = _Reader(rulebook)
    sheet = reader.sheet(read_json(document))
    if period is not None:
        sheet = replace(sheet, period=period)
    found = (*reader.findings, *sheet_faults(sheet, rulebook))
    if found:
        raise Invalid(found)
    return sheet


class _Reader(Shapes):
    """Reads people, their scores from whichever source, and their months."""

    def __init__(self, rulebook: Rulebook) -> None:
        super().__init__()
        self._rulebook = rulebook
        self._occurrences = Occurrences()

    def sheet(self, value: object) -> Sheet:
        top = self.fields_of(value, "sheet", _SHEET)
        people = top.get("people")
        if not isinstance(people, list):
            self.unfit("people", people, Text(zh="人员列表", en="a list of people"))
            people = []
        return Sheet(
            period=self.word(top.get("period", ""), "period"),
            roster_size=self.count(top.get("roster_size"), "roster_size"),
            pool_size=self.count(top.get("pool_size"), "pool_size"),
            people=tuple(self._candidate(person, f"people[{number}]") for number, person in enumerate(people)),
        )

    def _candidate(self, value: object, at: str) -> Candidate:
        fields = self.fields_of(value, at, _PERSON)
        person = self.id(fields.get("id"), f"{at}.id")
        at = f"{at} {person}" if person else at
        self._not_declared(fields, at, self._beside_undeclared())
        direct = self.fields_of(fields.get("components", {}), f"{at}.components")
        return Candidate(
            person=person,
            kind=self.word(fields.get("kind", "formal"), f"{at}.kind"),
            components=self._components(direct, f"{at}.components", fields, at),
            not_applicable=self.codes(fields.get("not_applicable", []), f"{at}.not_applicable", _CODES),
            joined=self.day(fields.get("joined"), f"{at}.joined"),
            exempt=self.flag(fields.get("exempt", False), f"{at}.exempt"),
            last_year=self._last_year(fields.get("last_year", {}), f"{at}.last_year"),
            periods=self._periods(fields.get("periods", []), f"{at}.periods"),
            posts=self.codes(fields.get("posts", []), f"{at}.posts", _POSTS),
            vetoes=vetoes(self, fields.get("vetoes"), f"{at}.vetoes") if self._rulebook.vetoes else (),
            gates=gates(self, fields.get("gates"), f"{at}.gates") if self._rulebook.gates else {},
            earlier=earlier(self, fields.get("earlier"), f"{at}.earlier"),
            category=self.word(fields.get("category", ""), f"{at}.category"),
        )

    def _beside_undeclared(self) -> tuple[str, ...]:
        declared = {
            "vetoes": bool(self._rulebook.vetoes),
            "gates": bool(self._rulebook.gates),
            "earlier": any(each.consecutive > 1 for each in self._rulebook.consequences),
        }
        return tuple(name for name, known in declared.items() if not known)

    def _not_declared(self, fields: Mapping[str, object], at: str, names: Sequence[str]) -> None:
        """Name what this rulebook, or any so far, cannot declare."""
        for name in names:
            if fields.get(name) not in (None, [], {}):
                message = Text(zh=f"本办法没有规定“{name}”", en=f"this rulebook does not declare “{name}”")
                remedy = Text(zh="删去，或使用有此规定的办法。", en="Remove it, or use a rulebook that declares it.")
                self.findings.append(Finding("source-not-declared", f"{at}.{name}", message, remedy))

    def _components(
        self, direct: Mapping[str, object], place: str, fields: Mapping[str, object], at: str
    ) -> dict[str, Score]:
        """Read what stands directly, under `ballots` and under `entries`; a component has one of the three."""
        scores = {code: self._score(value, f"{place}.{code}") for code, value in direct.items()}
        ballots = self.fields_of(fields.get("ballots", {}), f"{at}.ballots")
        for code, value in ballots.items():
            name = f"{at}.ballots.{code}"
            self._add(scores, code, self._counted(value, name), name)
        for code, recorded in self._entries(fields.get("entries"), f"{at}.entries").items():
            self._add(scores, code, recorded, f"{at}.entries")
        return scores

    def _add(self, scores: dict[str, Score], code: str, score: Score, at: str) -> None:
        if score is not None and scores.get(code) is not None:
            message = Text(zh=f"“{code}”有两种来源的分数", en=f"“{code}” is given from two sources")
            self.findings.append(Finding("source-doubled", at, message, _ONE_SOURCE))
            return
        scores[code] = score if score is not None else scores.get(code)

    def _score(self, value: object, at: str) -> Score:
        if value is None:
            return None
        if isinstance(value, list):
            read = tuple(self._given(entry, f"{at}[{number}]") for number, entry in enumerate(value))
            return tuple(entry for entry in read if entry is not None) or None
        return self._given(value, at)

    def _given(self, value: object, at: str) -> Given | None:
        if not isinstance(value, dict):
            points = self.points(value, at)
            return None if points is None else Given(points)
        fields = self.fields_of(value, at, _GIVEN)
        points = self.points(fields.get("points"), f"{at}.points")
        ballots = self.count(fields.get("ballots"), f"{at}.ballots")
        rater = self.word(fields.get("rater", ""), f"{at}.rater")
        sources = self.positions(fields.get("sources", []), f"{at}.sources")
        group = self.word(fields.get("group", ""), f"{at}.group")
        return None if points is None else Given(points, sources, ballots, rater, group)

    def _counted(self, value: object, at: str) -> Score:
        """Read voices by grade, or by group and grade (AMB-B10)."""
        if value is None:
            return None
        fields = self.fields_of(value, at)
        if any(isinstance(inner, dict) for inner in fields.values()):
            return Counted(groups={name: self._voices(inner, f"{at}.{name}") for name, inner in fields.items()})
        return Counted(self._voices(fields, at))

    def _voices(self, value: object, at: str) -> dict[str, int]:
        fields = self.fields_of(value, at)
        return {grade: self.count(count, f"{at}.{grade}") or 0 for grade, count in fields.items()}

    def _entries(self, value: object, at: str) -> dict[str, Recorded]:
        """Read entries in one list, or by component; only by component may a list be empty and yet say something."""
        if value in (None, [], {}):
            return {}
        if not self._rulebook.items:
            parent, _, name = at.rpartition(".")
            self._not_declared({name: value}, parent, (name,))
            return {}
        if isinstance(value, dict):
            return {code: Recorded(tuple(self._listed(inner, f"{at}.{code}"))) for code, inner in value.items()}
        found: dict[str, list[Entry]] = {}
        for entry in self._listed(value, at):
            item = self._rulebook.items.get(entry.item)
            if item is None:
                self.findings.append(_unknown_item(entry))
            else:
                found.setdefault(self._rulebook.component_of(item), []).append(entry)
        return {code: Recorded(tuple(entries)) for code, entries in found.items()}

    def _listed(self, value: object, at: str) -> list[Entry]:
        if not isinstance(value, list):
            self.unfit(at, value, Text(zh="记录列表", en="a list of entries"))
            return []
        read = (self._entry(entry, f"{at}[{number}]") for number, entry in enumerate(value))
        return [entry for entry in read if entry is not None]

    def _entry(self, value: object, at: str) -> Entry | None:
        """Read an entry; None where what counts in it cannot be read, which is a finding already."""
        fields = self.fields_of(value, at, _ENTRY)
        item, given = self.word(fields.get("item"), f"{at}.item"), fields.get("points")
        points = None if given is None else self.points(given, f"{at}.points")
        measured = fields.get("amount")
        amount = None if measured is None else self.points(measured, f"{at}.amount")
        if not item or (points is None and given is not None) or (amount is None and measured is not None):
            return None
        day = self.day(fields.get("occurred_on"), f"{at}.occurred_on")
        sources = self.positions(fields.get("sources", []), f"{at}.sources")
        level = self.word(fields.get("level", ""), f"{at}.level")
        matter = self.word(fields.get("matter", ""), f"{at}.matter")
        return Entry(self._occurrences.of(item, points, day, amount, level, matter), sources, at)

    def _periods(self, value: object, at: str) -> tuple[PeriodGiven, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.unfit(at, value, Text(zh="月份列表", en="a list of months"))
            return ()
        return tuple(self._period(line, f"{at}[{number}]") for number, line in enumerate(value))

    def _period(self, value: object, at: str) -> PeriodGiven:
        """Read one month; one that gives no value at all was not assessed unless it says so (AMB-B26)."""
        leaves = self._rulebook.leaves()
        fields = self.fields_of(value, at, _PERIOD | leaves.keys())
        components = self._components({code: fields[code] for code in leaves if code in fields}, at, fields, at)
        assessed = fields.get("assessed")
        given = any(score is not None for score in components.values())
        return PeriodGiven(
            period=self.word(fields.get("period"), f"{at}.period"),
            components=components,
            assessed=given if assessed is None else self.flag(assessed, f"{at}.assessed"),
            sources=self.positions(fields.get("sources", []), f"{at}.sources"),
            not_applicable=self.codes(fields.get("not_applicable", []), f"{at}.not_applicable", _CODES),
        )

    def _last_year(self, value: object, at: str) -> dict[str, Given]:
        read = {code: self._given(score, f"{at}.{code}") for code, score in self.fields_of(value, at).items()}
        return {code: score for code, score in read.items() if score is not None}


def _unknown_item(entry: Entry) -> Finding:
    message = Text(zh=f"没有考核条目“{entry.item}”", en=f"there is no item “{entry.item}”")
    remedy = Text(zh="改为本办法目录中的条目。", en="Name an item of this rulebook's catalogue.")
    return Finding("item-unknown", f"{entry.place}.item", message, remedy)
