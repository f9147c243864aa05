"""How the terminal says what a check found: fault, warning or note, place, reason, remedy, in the reader's language."""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from domain.findings import Finding
from domain.rulebook.lint import Severity, severity
from domain.text import Language, Text

SEVERITIES: tuple[Severity, ...] = ("fault", "warning", "note")


def print_findings(found: Sequence[Finding], language: Language, *, unusable: bool = False) -> None:
    """Print findings, the gravest first; of an `unusable` document every one is a fault."""
    for grade in SEVERITIES:
        for each in found:
            if grade_of(each, unusable=unusable) == grade:
                message, remedy = each.message.said_in(language), each.remedy.said_in(language)
                title = _TITLES[grade].said_in(language)
                sys.stdout.write(f"{title}  {each.place}: {message} ({each.code})\n    {remedy}\n")


def findings_json(found: Iterable[Finding], *, unusable: bool = False) -> list[dict[str, object]]:
    """Return findings as JSON-ready values, in both languages."""
    return [
        {
            "severity": grade_of(each, unusable=unusable),
            "code": each.code,
            "place": each.place,
            "message": both(each.message),
            "remedy": both(each.remedy),
        }
        for each in found
    ]


def grade_of(finding: Finding, *, unusable: bool = False) -> Severity:
    """Return how grave a finding is; what makes a document unusable is a fault whatever its code."""
    return "fault" if unusable else severity(finding.code)


def counts(found: Sequence[Finding], *, unusable: bool = False) -> Mapping[Severity, int]:
    """Return how many findings there are of each severity."""
    made = Counter(grade_of(each, unusable=unusable) for each in found)
    return {grade: made[grade] for grade in SEVERITIES}


def counted(numbers: Mapping[Severity, int]) -> Text:
    """Return how many of each severity there are, as a sentence."""
    return Text(
        f"错误{numbers['fault']}项，警告{numbers['warning']}项，提示{numbers['note']}项。",
        f"Faults: {numbers['fault']}, warnings: {numbers['warning']}, notes: {numbers['note']}.",
    )


def both(text: Text | None) -> dict[str, str] | None:
    """Return a text in both languages as a JSON-ready value."""
    return None if text is None else {"zh": text.zh, "en": text.en}


_TITLES: Mapping[Severity, Text] = {
    "fault": Text("错误", "fault"),
    "warning": Text("警告", "warning"),
    "note": Text("提示", "note"),
}
