"""What a check has to say about a document: where, what, and what to do about it."""

from dataclasses import dataclass

from domain.text import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth knowing, at one place of a document.

    `code` is stable (kebab-case); `place` names row, column or field as the reader sees them.
    """

    code: str
    place: str
    message: Text
    remedy: Text


class Invalid(Exception):  # noqa: N818 - a verdict on a document, not a fault of the program
    """A document that cannot be used, with every reason at once."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Collect the `findings` that make the document unusable."""
        super().__init__("; ".join(f"{f.place}: {f.message.en}" for f in findings))
        self.findings = findings
