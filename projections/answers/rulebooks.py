"""Rulebook documents as told: which one, what is doubtful in it, in what two differ, what each clause governs."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from domain.findings import Finding
from domain.rulebook import Rulebook
from domain.rulebook.compare import Difference
from domain.rulebook.lint import Severity, severity
from domain.rulebook.sayings import Saying, sayings
from domain.text import Text

SEVERITIES: tuple[Severity, ...] = ("fault", "warning", "note")


class Named(msgspec.Struct, frozen=True):
    """Which rulebook a document is."""

    id: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Read:
    """A rulebook with the bytes that it was read from."""

    document: bytes
    rulebook: Rulebook

    def named(self) -> Named:
        """Return which rulebook it is."""
        return Named(self.rulebook.id, self.rulebook.version, hashlib.sha256(self.document).hexdigest())


class DocumentFinding(msgspec.Struct, frozen=True):
    """Something wrong or doubtful in a document: where, what, and what to do."""

    severity: str
    code: str
    place: str
    message: Text
    remedy: Text


class Checked(msgspec.Struct, frozen=True):
    """What is wrong or doubtful in a rulebook; `rulebook` is missing where it cannot be used at all."""

    rulebook: Named | None
    counts: Mapping[Severity, int]
    findings: list[DocumentFinding]


class DifferenceTold(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """One thing that two rulebooks say differently."""

    place: str
    change: str
    before: Text | None
    after: Text | None
    clause: str


class Diffed(msgspec.Struct, frozen=True):
    """In what two rulebooks differ by meaning."""

    old: Named
    new: Named
    differences: list[DifferenceTold]


class Governed(msgspec.Struct, frozen=True):
    """One thing that a clause governs."""

    place: str
    text: Text


class ClauseTold(msgspec.Struct, frozen=True):
    """A clause with its words, and everything that it governs."""

    id: str
    source: str | None
    text: Text | None
    governs: list[Governed]


class Explained(msgspec.Struct, frozen=True):
    """What a rulebook says, clause by clause."""

    rulebook: Named
    clauses: list[ClauseTold]


def checked(read: Read | None, found: Sequence[Finding]) -> Checked:
    """Return what is wrong or doubtful in a rulebook; None: in a document that is none."""
    unusable = read is None
    named = None if read is None else read.named()
    return Checked(named, counts(found, unusable=unusable), findings_told(found, unusable=unusable))


def findings_told(found: Iterable[Finding], *, unusable: bool = False) -> list[DocumentFinding]:
    """Return findings in both languages."""
    return [
        DocumentFinding(grade_of(each, unusable=unusable), each.code, each.place, each.message, each.remedy)
        for each in found
    ]


def grade_of(finding: Finding, *, unusable: bool = False) -> Severity:
    """Return how grave a finding is; what makes a document unusable is a fault whatever its code."""
    return "fault" if unusable else severity(finding.code)


def counts(found: Sequence[Finding], *, unusable: bool = False) -> Mapping[Severity, int]:
    """Return how many findings there are of each severity."""
    made = Counter(grade_of(each, unusable=unusable) for each in found)
    return {grade: made[grade] for grade in SEVERITIES}


def diffed(old: Read, new: Read, found: Iterable[Difference]) -> Diffed:
    """Return in what two rulebooks differ."""
    told = [DifferenceTold(each.place, each.change, each.before, each.after, each.clause) for each in found]
    return Diffed(old.named(), new.named(), told)


def by_clause(rulebook: Rulebook) -> dict[str, list[Saying]]:
    """Return every clause in the order of the document, then those cited beside it, each with what it governs."""
    found: dict[str, list[Saying]] = {clause: [] for clause in rulebook.clauses}
    for saying in sayings(rulebook):
        found.setdefault(saying.clause, []).append(saying)
    return {clause: governed for clause, governed in found.items() if clause or governed}


def explained(read: Read, shown: Mapping[str, Sequence[Saying]]) -> Explained:
    """Return clauses of a rulebook with what they govern."""
    return Explained(read.named(), [_clause(read.rulebook, name, governed) for name, governed in shown.items()])


def _clause(rulebook: Rulebook, name: str, governed: Sequence[Saying]) -> ClauseTold:
    clause = rulebook.clauses.get(name)
    return ClauseTold(
        id=name,
        source=None if clause is None else clause.source,
        text=None if clause is None else clause.text,
        governs=[Governed(one.place, one.text) for one in governed],
    )
