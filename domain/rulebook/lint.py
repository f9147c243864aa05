"""What a linter says about a rulebook before it is adopted, each finding a fault, a warning or a note by its code."""

from collections.abc import Iterator
from typing import Literal

from domain.findings import Finding
from domain.rulebook.coherence import faults
from domain.rulebook.lint_clamps import clamp_findings
from domain.rulebook.lint_clauses import clause_findings
from domain.rulebook.lint_items import item_findings
from domain.rulebook.lint_procedure import procedure_findings
from domain.rulebook.lint_stars import star_findings
from domain.rulebook.model import Rulebook
from domain.rulebook.readings import FAMILIES
from domain.text import Text

Severity = Literal["fault", "warning", "note"]

FAULTS = frozenset({"weights-not-100", "band-gap", "band-overlap"})
"""The codes of findings for which a rulebook can be read but not computed with."""


def lint(rulebook: Rulebook, roster_size: int | None = None) -> tuple[Finding, ...]:
    """Return every fault, warning and note about `rulebook`, for a branch of `roster_size` members if that is given."""
    return (
        *faults(rulebook),
        *clause_findings(rulebook),
        *_missing_policy(rulebook),
        *star_findings(rulebook, roster_size),
        *clamp_findings(rulebook),
        *item_findings(rulebook),
        *procedure_findings(rulebook, roster_size),
        *_defaults(rulebook),
    )


def severity(code: str) -> Severity:
    """Return how grave a finding is: a fault stops scoring, a warning asks for a change, a note for a look."""
    if code in FAULTS:
        return "fault"
    return "note" if code.startswith("note-") else "warning"


def _missing_policy(rulebook: Rulebook) -> Iterator[Finding]:
    if not rulebook.missing_policy_stated:
        message = Text(zh="没有写明缺项如何处理", en="what happens to a missing component is not said")
        if "missing_component" in FAMILIES[rulebook.family]:
            remedy = Text(zh="写明readings.missing_component。", en="State readings.missing_component.")
            yield Finding("missing-policy-left-out", "readings.missing_component", message, remedy)
            return
        remedy = Text(
            zh="给每个评价项目写明missing，或在clauses中写明AMB-A13。",
            en="State `missing` for each component, or write clause AMB-A13.",
        )
        yield Finding("missing-policy-left-out", "components", message, remedy)


def _defaults(rulebook: Rulebook) -> Iterator[Finding]:
    for name, switch in FAMILIES[rulebook.family].items():
        if name not in rulebook.stated:
            message = Text(
                zh=f"{switch.amb}取默认值“{switch.default}”", en=f"{switch.amb} is left at “{switch.default}”"
            )
            remedy = Text(zh="如不合意，请写明。", en="State it if another is meant.")
            yield Finding("note-reading-default", f"readings.{name}", message, remedy)
