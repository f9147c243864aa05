"""What a roster 党员花名册 would enter: everybody new, with an id; whoever is known stays as recorded (A-9, S3, S4)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.findings import Finding
from domain.ids import GroupId, PersonId
from domain.roster_import import RosterLine
from domain.sealed import Sealed
from domain.stays import Kind, Stay
from domain.text import Text
from workbooks import table_roster_faults as faults
from workbooks.cells import name_key
from workbooks.roster import Roster, RosterRow
from workbooks.roster_labels import Kind as Word
from workbooks.table_people import shown_name
from workbooks.table_register import Register

KINDS: Mapping[Word, Kind] = {
    "formal": "formal",
    "probationary": "probationary",
    "activist": "staff",
    "masses": "staff",
}
WORDS: Mapping[Kind, Text] = {
    "formal": Text("正式党员", "formal member"),
    "probationary": Text("预备党员", "probationary member"),
    "staff": Text("群众", "outside the Party"),
}
_ID = re.compile(r"[\w.\-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """The people to enter, the rows already so, and every finding; with an error nobody is entered."""

    lines: tuple[RosterLine, ...]
    unchanged: tuple[tuple[RosterRow, PersonId], ...]
    errors: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    names: Mapping[str, str]

    @property
    def entered(self) -> tuple[RosterLine, ...]:
        """What one command would enter: all new lines, or none."""
        return () if self.errors else self.lines


def plan_roster(roster: Roster, register: Register, default_joined: date | None = None) -> RosterPlan:
    """Return what importing the roster would enter; who is not sure to be the same person is asked about (S5)."""
    planner = _Planner(register, default_joined, _bearers(register), _Ids(register, roster.rows))
    twice = Counter(name_key(row.name) for row in roster.rows if row.person_id is None)
    known = Counter(name_key(row.name) for row in roster.rows)
    for row in roster.rows:
        if twice[name_key(row.name)] and known[name_key(row.name)] > 1:
            planner.errors.append(faults.of_row(row, "name-doubled"))
        else:
            planner.take(row)
    errors = (*roster.findings, *planner.errors, *planner.same_person_twice())
    notes = (*roster.notes, *planner.notes, *_table_notes(roster), *planner.absent())
    return RosterPlan(
        tuple(planner.lines), tuple(planner.unchanged), errors, notes, {row.address: row.name for row in roster.rows}
    )


def _table_notes(roster: Roster) -> Iterator[Finding]:
    codes = [code for code in ("joined_party", "became_formal") if any(getattr(row, code) for row in roster.rows)]
    if codes:
        yield faults.of_table("dates-not-entered", columns="、".join(roster.columns[code] for code in codes))


def _bearers(register: Register) -> dict[str, list[PersonId]]:
    """Return who bears or bore each name, and by whichever name a table shows them."""
    bearers: dict[str, list[PersonId]] = {}
    for person, borne in register.borne.items():
        for name in dict.fromkeys((shown_name(person, register.borne), borne.present or "", *borne.former)):
            bearers.setdefault(name_key(name), []).append(person)
    return bearers


class _Ids:
    """Numbers the people whom the table gives no id: branch-001 and so on, after the highest one taken."""

    def __init__(self, register: Register, rows: Iterable[RosterRow]) -> None:
        self._branch = register.branch
        taken = (*register.organisation.people, *(row.person_id or "" for row in rows))
        form = re.compile(rf"{re.escape(register.branch)}-(\d{{3,9}})")
        self._last = max((int(found[1]) for each in taken if (found := form.fullmatch(each))), default=0)

    def assign(self) -> PersonId:
        """Return the next free id."""
        self._last += 1
        return PersonId(f"{self._branch}-{self._last:03}")


@dataclass(slots=True)
class _Planner:
    """One pass over the rows, collecting what they come to."""

    register: Register
    default_joined: date | None
    bearers: Mapping[str, Sequence[PersonId]]
    ids: _Ids
    lines: list[RosterLine] = field(default_factory=list)
    unchanged: list[tuple[RosterRow, PersonId]] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def take(self, row: RosterRow) -> None:
        """Take one row into account: somebody who belongs to the branch already, or somebody to enter."""
        person = self._person(row)
        if isinstance(person, Finding):
            self.errors.append(person)
            return
        stay = None if person is None else self.register.stays().get(person)
        if person is not None and stay is not None:
            self.unchanged.append((row, person))
            self.notes += _differences(row, person, stay, self.register)
        else:
            self._enter(row, person)

    def _person(self, row: RosterRow) -> PersonId | Finding | None:
        """Return who the row is about; None for somebody new whom the table gives no id."""
        bearers = self.bearers.get(name_key(row.name), ())
        if row.person_id is not None:
            return self._by_id(row, PersonId(row.person_id), bearers)
        ours = [person for person in bearers if person in self.register.stays()]
        if len(ours) == 1:
            return ours[0]
        if ours:
            return faults.of_row(row, "name-shared", bearers="、".join(ours))
        described = "、".join(map(self._described, bearers))
        return faults.of_row(row, "name-known-elsewhere", bearers=described) if bearers else None

    def _by_id(self, row: RosterRow, person: PersonId, bearers: Sequence[PersonId]) -> PersonId | Finding:
        if not _ID.fullmatch(person):
            return faults.of_row(row, "malformed-id")
        if person not in self.register.organisation.people:
            if bearers:
                self.notes.append(faults.of_row(row, "same-name", bearers="、".join(bearers)))
            return person
        if person not in bearers:
            return faults.of_row(row, "name-and-code-differ", known=shown_name(person, self.register.borne))
        branch = self.register.elsewhere(person)
        return person if branch is None else faults.of_row(row, "already-in-a-branch", branch=branch)

    def _described(self, person: PersonId) -> str:
        branch = self.register.elsewhere(person)
        return person if branch is None else f"{person} @ {branch}"

    def _enter(self, row: RosterRow, person: PersonId | None) -> None:
        kind, group, joined = self._kind(row), self._group(row), self._joined(row)
        if kind is None or joined is None or isinstance(group, Finding):
            return
        self.lines.append(
            RosterLine(
                person=person or self.ids.assign(),
                full_name=Sealed(row.name),
                kind=kind,
                joined=joined,
                cell=row.address,
                group=group,
                post=row.post,
            )
        )

    def _kind(self, row: RosterRow) -> Kind | None:
        if row.kind is None:
            self.errors.append(faults.of_row(row, "kind-missing"))
            return None
        if row.kind == "activist":
            self.notes.append(faults.of_row(row, "entered-as-staff"))
        return KINDS[row.kind]

    def _group(self, row: RosterRow) -> GroupId | Finding | None:
        if row.group is None:
            return None
        found = self.register.groups_called(row.group)
        if len(found) == 1:
            return found[0]
        shared = faults.of_row(row, "group-shared", groups="、".join(found))
        fault = shared if found else self._unknown_group(row)
        self.errors.append(fault)
        return fault

    def _unknown_group(self, row: RosterRow) -> Finding:
        organisation, branch = self.register.organisation, self.register.branch
        titles = "、".join(
            organisation.group_titles[group] for group, of in organisation.groups.items() if of == branch
        )
        return faults.of_row(row, "unknown-group", branch=branch, known=Text(titles or "无", titles or "none"))

    def _joined(self, row: RosterRow) -> date | None:
        joined = row.joined_branch or self.default_joined
        if joined is None:
            self.errors.append(faults.of_row(row, "date-missing"))
        elif joined > self.register.today:
            self.errors.append(faults.of_row(row, "in-the-future", day=joined))
        return joined

    def same_person_twice(self) -> Iterator[Finding]:
        """Yield a finding for each row that is about somebody of an earlier row."""
        seen: set[PersonId] = set()
        for row, person in self.unchanged:
            if person in seen:
                yield faults.of_row(row, "name-doubled")
            seen.add(person)

    def absent(self) -> Iterator[Finding]:
        """Yield a note for everybody of the branch who is not in the table."""
        named = {person for _, person in self.unchanged}
        for person in self.register.stays():
            if person not in named:
                yield faults.of_table("person-absent", person=person, name=shown_name(person, self.register.borne))


def _differences(row: RosterRow, person: PersonId, stay: Stay, register: Register) -> Iterator[Finding]:
    """Yield a note for everything that the table says otherwise of somebody who belongs to the branch already."""
    kind, group = stay.kind_on(register.today), register.group_words(stay.group_on(register.today))
    if row.kind is not None and KINDS[row.kind] != kind:
        yield _differs(row, Text("类别", "category"), WORDS[kind].zh, "make-formal / leave-branch")
    if row.group is not None and register.groups_called(row.group) != [stay.group_on(register.today)]:
        yield _differs(row, Text("党小组", "group"), group, "assign-group")
    if row.joined_branch is not None and row.joined_branch != stay.since:
        yield _differs(row, Text("入支部时间", "day of joining"), str(stay.since), "leave-branch / join-branch")
    if row.post is not None and row.post != register.post_of(person):
        yield _differs(row, Text("岗位", "post"), register.post_of(person), "assign-post")


def _differs(row: RosterRow, what: Text, recorded: str, remedy: str) -> Finding:
    return faults.of_row(row, "recorded-otherwise", what=what, recorded=recorded, remedy=remedy)
