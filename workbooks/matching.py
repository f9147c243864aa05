"""Matching the names of a table with known people: asked about where two bear one name, never guessed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.findings import Finding
from domain.text import Text
from workbooks.cells import Gap, Unclear, name_key, read_name
from workbooks.look_alikes import look_alikes

_SUGGESTED_ROWS = 50


class Named(Protocol):
    """A row that names a person: a score row or a roster row."""

    @property
    def row(self) -> int:
        """Excel row, counted from 1."""

    @property
    def name(self) -> str:
        """The name as written."""

    @property
    def address(self) -> str:
        """The address of the name's cell."""

    @property
    def person_id(self) -> str | None:
        """The person's number, where the table has that column and it is filled in."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of the branch: id, name of today, and the names borne before."""

    id: str
    name: str
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """Which person each Excel row is about. `findings` stop an import; `notes` are worth knowing."""

    people: Mapping[int, str]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def match(rows: Sequence[Named], people: Sequence[KnownPerson]) -> Matching:
    """Return the people the rows are about; unknown, doubled and shared names are findings, absent people notes."""
    index = _Index(people)
    findings: list[Finding] = []
    notes: list[Finding] = []
    found: dict[int, str] = {}
    for row in rows:
        person = index.find(row)
        if isinstance(person, Finding):
            findings.append(person)
        else:
            found[row.row] = person.id
            notes.extend(_former_name(row, person))
    twice = dict(_twice(rows, found))
    findings.extend(twice.values())
    kept = {row: person for row, person in found.items() if row not in twice}
    present = set(found.values())
    absent = [person for person in people if person.id not in present]
    return Matching(kept, tuple(findings), (*notes, *(_absent(person) for person in absent)))


class _Index:
    """The known people by number and by name; names are compared as the cells understand them, in NFC."""

    def __init__(self, people: Sequence[KnownPerson]) -> None:
        self._by_id = {person.id: person for person in people}
        self._by_name: dict[str, list[KnownPerson]] = {}
        for person in people:
            for name in dict.fromkeys((person.name, *person.former_names)):
                self._by_name.setdefault(_key(name), []).append(person)
        self._suggested = 0

    def find(self, row: Named) -> KnownPerson | Finding:
        if row.person_id is not None:
            return self._by_number(row, row.person_id)
        bearers = self._by_name.get(_key(row.name), [])
        if len(bearers) == 1:
            return bearers[0]
        return _shared_name(row, bearers) if bearers else self._unknown(row)

    def _by_number(self, row: Named, number: str) -> KnownPerson | Finding:
        person = self._by_id.get(number)
        if person is None:
            return _unknown_number(row, number)
        names = {_key(name) for name in (person.name, *person.former_names)}
        return person if _key(row.name) in names else _other_name(row, person)

    def _unknown(self, row: Named) -> Finding:
        self._suggested += 1
        near = look_alikes(_key(row.name), self._by_name) if self._suggested <= _SUGGESTED_ROWS else ()
        return _unknown_name(row, near)


def _key(name: str) -> str:
    read = read_name(name)
    return name_key(name if isinstance(read, Gap | Unclear) else read)


def _twice(rows: Sequence[Named], found: Mapping[int, str]) -> Iterator[tuple[int, Finding]]:
    first: dict[str, int] = {}
    for row in rows:
        person = found.get(row.row)
        if person is not None and first.setdefault(person, row.row) != row.row:
            yield row.row, _doubled_name(row, first[person])


def _doubled_name(row: Named, earlier: int) -> Finding:
    return Finding(
        "name-doubled",
        row.address,
        Text(
            zh=f"第 {row.row} 行「{row.name}」与第 {earlier} 行是同一人。",
            en=f"Row {row.row}, “{row.name}”, is the same person as row {earlier}.",
        ),
        Text(
            zh="请删去重复的一行；若确为同名的两人，请增加「编号」一列加以区分。",
            en="Delete one of the rows; if they are two people of one name, add a column 编号 with their numbers.",
        ),
    )


def _shared_name(row: Named, bearers: Sequence[KnownPerson]) -> Finding:
    numbers = "、".join(person.id for person in bearers)
    return Finding(
        "name-shared",
        row.address,
        Text(
            zh=f"第 {row.row} 行「{row.name}」：有 {len(bearers)} 人同名（{numbers}），不知是哪一位。",
            en=f"Row {row.row}: {len(bearers)} people are named “{row.name}” ({numbers}); who is meant?",
        ),
        Text(zh="请在表中增加「编号」一列，填上其编号。", en="Add a column 编号 and write the person's number in it."),
    )


def _unknown_name(row: Named, near: tuple[str, ...]) -> Finding:
    names = "、".join(f"「{name}」" for name in near)
    return Finding(
        "name-unknown",
        row.address,
        Text(
            zh=f"第 {row.row} 行「{row.name}」不在支部名册中。" + (f"是否为{names}？" if near else ""),
            en=f"Row {row.row}: “{row.name}” is not on the roster." + (f" Is it {names}?" if near else ""),
        ),
        Text(
            zh="请核对姓名用字；新转入的请先登记到名册。",
            en="Check how the name is written; whoever has newly arrived must first be entered in the roster.",
        ),
    )


def _unknown_number(row: Named, number: str) -> Finding:
    return Finding(
        "code-unknown",
        row.address,
        Text(
            zh=f"第 {row.row} 行「{row.name}」的编号「{number}」不在支部名册中。",
            en=f"Row {row.row}: the number “{number}” of “{row.name}” is not on the roster.",
        ),
        Text(zh="请核对编号。", en="Check the number."),
    )


def _other_name(row: Named, person: KnownPerson) -> Finding:
    return Finding(
        "name-and-code-differ",
        row.address,
        Text(
            zh=f"第 {row.row} 行编号「{person.id}」在名册中是「{person.name}」，表中写的是「{row.name}」。",
            en=f"Row {row.row}: the number “{person.id}” belongs to “{person.name}”, the table says “{row.name}”.",
        ),
        Text(zh="请核对姓名与编号，改正其一。", en="Check name and number and correct one of them."),
    )


def _former_name(row: Named, person: KnownPerson) -> Iterator[Finding]:
    if _key(row.name) != _key(person.name):
        yield Finding(
            "former-name",
            row.address,
            Text(
                zh=f"第 {row.row} 行「{row.name}」是「{person.name}」的曾用名。",
                en=f"Row {row.row}: “{row.name}” is a former name of “{person.name}”.",
            ),
            Text(zh="无需处理；建议改用现名。", en="Nothing needs to be done; the present name is better."),
        )


def _absent(person: KnownPerson) -> Finding:
    return Finding(
        "person-absent",
        "table",
        Text(zh=f"名册中的「{person.name}」不在表中。", en=f"“{person.name}” of the roster is not in the table."),
        Text(zh="若应参评，请补上一行。", en="If the person takes part, add a row."),
    )
