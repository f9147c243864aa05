"""What an auditor may want to look at (A10), as told: counts, the same elsewhere, the facts; nobody is accused."""

from collections.abc import Collection

import msgspec

from domain.text import Text
from projections.findings.model import Examined, Finding


class Elsewhere(msgspec.Struct, frozen=True):
    """The same in all other places together."""

    count: int
    base: int


class FindingTold(msgspec.Struct, frozen=True):
    """What a check saw in one place; `where` is a tag such as `round:R2025`."""

    where: str
    of: Text | None
    count: int
    base: int
    elsewhere: Elsewhere
    sentence: Text
    positions: tuple[int, ...]


class CheckTold(msgspec.Struct, frozen=True):
    """The answer of one check: the places it looked at, those too small to be told, and what it found."""

    check: str
    title: Text
    clause: str
    harmless: Text
    places: int
    too_small: int
    findings: list[FindingTold]


class FindingsTold(msgspec.Struct, frozen=True):
    """The answers of the checks that were asked for."""

    position: int
    checks: list[CheckTold]


def findings_told(position: int, answers: Collection[Examined], where: Collection[str]) -> FindingsTold:
    """Return what the checks found in some places (none: everywhere)."""
    return FindingsTold(position, [_check(each, where) for each in answers])


def found_in(answer: Examined, where: Collection[str]) -> list[Finding]:
    """Return what a check found in some places (none: everywhere)."""
    return [each for each in answer.findings if not where or each.measured.where in where]


def _check(answer: Examined, where: Collection[str]) -> CheckTold:
    check = answer.check
    return CheckTold(
        check=check.code,
        title=check.title,
        clause=check.clause,
        harmless=check.harmless,
        places=answer.places,
        too_small=answer.too_small,
        findings=[_finding(each) for each in found_in(answer, where)],
    )


def _finding(each: Finding) -> FindingTold:
    measured = each.measured
    return FindingTold(
        where=measured.where,
        of=measured.of,
        count=measured.count,
        base=measured.base,
        elsewhere=Elsewhere(each.elsewhere_count, each.elsewhere_base),
        sentence=each.sentence,
        positions=measured.evidence,
    )
