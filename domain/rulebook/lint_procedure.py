"""What a linter says about notices and objections: terms too short, and nobody left to inquire."""

from collections.abc import Iterator

from domain.findings import Finding
from domain.rulebook.model import Rulebook
from domain.rulebook.terms import Publicity
from domain.text import Text

SEVEN_DAYS = 7
FIVE_WORKING_DAYS = 5
_TWO = 2


def procedure_findings(rulebook: Rulebook, roster_size: int | None) -> Iterator[Finding]:
    """Yield a notice that hangs too short, and objections into which one person inquires, or nobody can."""
    yield from _short_notice(rulebook.publicity)
    yield from _inquirers(rulebook, roster_size)


def _short_notice(publicity: Publicity) -> Iterator[Finding]:
    """Yield a term below seven days, or below the five working days that are as long (B-42)."""
    least = FIVE_WORKING_DAYS if publicity.unit == "working_days" else SEVEN_DAYS
    if publicity.days < least:
        message = Text(
            zh=f"公示{publicity.days}天，短于{least}天",
            en=f"a notice hangs for {publicity.days} days, less than {least}",
        )
        remedy = Text(
            zh=f"至少写{SEVEN_DAYS}天（或{FIVE_WORKING_DAYS}个工作日）。",
            en=f"Give at least {SEVEN_DAYS} days, or {FIVE_WORKING_DAYS} working days.",
        )
        yield Finding("publicity-short", "publicity.days", message, remedy)


def _inquirers(rulebook: Rulebook, roster_size: int | None) -> Iterator[Finding]:
    """Yield what leaves an objection without inquiry: fewer members than inquirers, the person himself never one."""
    needed, place = rulebook.objections.investigators, "objections.investigators"
    if needed == 0 or (roster_size is not None and roster_size - 1 < needed):
        message = Text(
            zh=f"查证须{needed}人，除本人外支部没有这么多人" if needed else "没有人查证异议",
            en=f"{needed} are to inquire, and without the person concerned the branch has fewer"
            if needed
            else "nobody inquires into objections",
        )
        remedy = Text(
            zh="减少人数，或写明由上级派人查证。", en="Ask for fewer, or for somebody of the superior organisation."
        )
        yield Finding("inquiry-nobody", place, message, remedy)
    elif needed < _TWO:
        message = Text(zh="异议只由一人查证", en="one person alone inquires into objections")
        yield Finding("note-inquiry-alone", place, message, Text(zh="改为两人。", en="Ask for two."))
