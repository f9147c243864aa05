"""What a linter says about a rulebook before it is adopted; notes have codes that begin with `note-`."""

from collections.abc import Iterator
from decimal import Decimal

from domain.findings import Finding
from domain.rulebook.citing import cited
from domain.rulebook.coherence import faults
from domain.rulebook.lint_items import item_notes
from domain.rulebook.model import Rulebook
from domain.rulebook.readings import FAMILIES
from domain.text import Text

_SOURCES = {"AMB-": "reading", "NORM-": "norm", "A-": "seed-a", "B-": "seed-b"}


def lint(rulebook: Rulebook, roster_size: int | None = None) -> tuple[Finding, ...]:
    """Return every fault and note about `rulebook`, for a branch of `roster_size` members where it is given."""
    return (
        *faults(rulebook),
        *_citations(rulebook),
        *_sources(rulebook),
        *_missing_policy(rulebook),
        *_empty_caps(rulebook, roster_size),
        *_derived_threshold(rulebook),
        *item_notes(rulebook),
        *_defaults(rulebook),
    )


def _citations(rulebook: Rulebook) -> Iterator[Finding]:
    for place, clause in cited(rulebook):
        if not clause:
            message = Text(zh="没有注明条款", en="no clause is named")
            remedy = Text(
                zh="写明依据的条款、解释编号或规范。", en="Name the clause, the reading or the norm it rests on."
            )
            yield Finding("clause-missing", f"{place}.clause", message, remedy)
        elif clause not in rulebook.clauses:
            message = Text(zh=f"引用的条款“{clause}”不存在", en=f"the clause “{clause}” is cited but absent")
            remedy = Text(zh="在clauses中补上，或改正引用。", en="Add it to `clauses`, or correct the citation.")
            yield Finding("clause-absent", f"{place}.clause", message, remedy)


def _sources(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield a clause whose id says that it is from elsewhere than its `source`: the seed's words are told apart."""
    for clause in rulebook.clauses.values():
        by_id = next((source for start, source in _SOURCES.items() if clause.id.startswith(start)), clause.source)
        if by_id != clause.source:
            message = Text(
                zh=f"条款“{clause.id}”的出处写作“{clause.source}”",
                en=f"the clause “{clause.id}” is said to be “{clause.source}”",
            )
            remedy = Text(zh=f"改为“{by_id}”，或改用自己的编号。", en=f"Say “{by_id}”, or give it an id of your own.")
            yield Finding("clause-source-unfit", f"clauses.{clause.id}.source", message, remedy)


def _missing_policy(rulebook: Rulebook) -> Iterator[Finding]:
    if not rulebook.missing_policy_stated:
        message = Text(zh="没有写明缺项如何处理", en="what happens to a missing component is not said")
        remedy = Text(zh="写明readings.missing_component。", en="State readings.missing_component.")
        yield Finding("missing-policy-left-out", "readings.missing_component", message, remedy)


def _empty_caps(rulebook: Rulebook, roster_size: int | None) -> Iterator[Finding]:
    for number, cap in enumerate(rulebook.caps):
        if roster_size is None or cap.round not in {"floor", "half_up"}:
            continue
        threshold = Decimal(100) if cap.round == "floor" else Decimal(50)
        if cap.percent * roster_size < threshold:
            message = Text(
                zh=f"{roster_size}名党员的{cap.percent}%不足一名：{cap.star}星没有名额",
                en=f"{cap.percent} % of {roster_size} members is no whole place: nobody can hold {cap.star} stars",
            )
            remedy = Text(
                zh="确认即是如此，或改用cap_rounding的其他取法。",
                en="Confirm that it is meant, or choose another cap_rounding.",
            )
            yield Finding("cap-empty", f"caps[{number}].percent", message, remedy)


def _derived_threshold(rulebook: Rulebook) -> Iterator[Finding]:
    for number, band in enumerate(rulebook.bands):
        if band.clause == "AMB-A1":
            message = Text(
                zh=f"“{band.label.zh}”的分数线{band.low}未见于原文，由相邻分数段推得",
                en=f"the threshold {band.low} of “{band.label.en}” is not in the seed; it follows by complement",
            )
            remedy = Text(zh="通过办法时请明确这一数字。", en="State this number when the rulebook is adopted.")
            yield Finding("note-threshold-derived", f"bands[{number}].low", message, remedy)


def _defaults(rulebook: Rulebook) -> Iterator[Finding]:
    for name, switch in FAMILIES[rulebook.family].items():
        if name not in rulebook.stated:
            message = Text(
                zh=f"{switch.amb}取默认值“{switch.default}”", en=f"{switch.amb} is left at “{switch.default}”"
            )
            remedy = Text(zh="如不合意，请写明。", en="State it if another is meant.")
            yield Finding("note-reading-default", f"readings.{name}", message, remedy)
