"""Putting every check to a ledger: what is told, beside the same share elsewhere; small groups stay unseen."""

from collections.abc import Iterable, Sequence

from domain.decision import Fact
from projections.findings import conduct, procedure, records, scores
from projections.findings.material import Material, gather
from projections.findings.model import Check, Examined, Finding, Measured, share

CHECKS: tuple[Check, ...] = (*scores.CHECKS, *records.CHECKS, *procedure.CHECKS, *conduct.CHECKS)
"""Every check there is, in the order in which answers stand."""


def examined(facts: Iterable[Fact], checks: Sequence[Check] = CHECKS) -> list[Examined]:
    """Return the answers of checks to facts in the order of the ledger.

    Read the whole ledger, also where one round is asked about: shares elsewhere are part of the answer. Counts are of
    facts, never of ballots that are not shown; whoever is asked about is not accused of anything.
    """
    material = gather(facts)
    return [_examined(check, material) for check in checks]


def _examined(check: Check, material: Material) -> Examined:
    places = [each for each in check.measure(material) if each.base]
    least = max(check.least_base, material.shown_from if check.protects else 0)
    large = [each for each in places if each.base >= least]
    found = tuple(_finding(check, each, large) for each in large if _is_told(check, each))
    return Examined(check, len(places), len(places) - len(large), found)


def _is_told(check: Check, measured: Measured) -> bool:
    return measured.count > 0 and share(measured.count, measured.base) >= check.from_share


def _finding(check: Check, measured: Measured, places: Iterable[Measured]) -> Finding:
    """Return a finding with what all other places of the same kind come to together."""
    others = [each for each in places if each is not measured and each.of == measured.of]
    count, base = sum(each.count for each in others), sum(each.base for each in others)
    return Finding(check.code, measured, check.sentence(measured), count, base)
