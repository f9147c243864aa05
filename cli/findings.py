"""How the terminal says what a check found: fault, warning or note, place, reason, remedy, in the reader's language."""

import sys
from collections.abc import Mapping, Sequence

from domain.findings import Finding
from domain.rulebook.lint import Severity
from domain.text import Language, Text
from projections.answers.rulebooks import SEVERITIES, grade_of


def print_findings(found: Sequence[Finding], language: Language, *, unusable: bool = False) -> None:
    """Print findings, the gravest first; of an `unusable` document every one is a fault."""
    for grade in SEVERITIES:
        for each in found:
            if grade_of(each, unusable=unusable) == grade:
                message, remedy = each.message.said_in(language), each.remedy.said_in(language)
                title = _TITLES[grade].said_in(language)
                sys.stdout.write(f"{title}  {each.place}: {message} ({each.code})\n    {remedy}\n")


def counted(numbers: Mapping[Severity, int]) -> Text:
    """Return how many of each severity there are, as a sentence."""
    return Text(
        f"错误{numbers['fault']}项，警告{numbers['warning']}项，提示{numbers['note']}项。",
        f"Faults: {numbers['fault']}, warnings: {numbers['warning']}, notes: {numbers['note']}.",
    )


_TITLES: Mapping[Severity, Text] = {
    "fault": Text("错误", "fault"),
    "warning": Text("警告", "warning"),
    "note": Text("提示", "note"),
}
