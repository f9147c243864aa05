"""What an uploaded table comes to: a preview, its faults, and the one command that would write it (S3, S4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.decision import Command
from domain.findings import Finding
from domain.text import Language, Text
from workbooks.preview import Line


class Asker(Protocol):
    """Who looks at the preview, and in which language."""

    @property
    def actor(self) -> str:
        """Return who asks."""

    @property
    def language(self) -> Language:
        """Return the language."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an uploaded table would do: in words, as JSON, its faults, and the command (None: nothing new)."""

    words: tuple[str, ...]
    as_json: Mapping[str, object]
    faults: tuple[Finding, ...]
    command: Command | None
    command_id: str | None = None


def faults_of(lines: Iterable[Line]) -> tuple[Finding, ...]:
    """Return the errors of a preview as findings, each at its cell."""
    return tuple(
        Finding("cell", line.place, line.reason or _NO_WORDS, line.remedy or _NO_WORDS) for line in _bad(lines)
    )


def _bad(lines: Iterable[Line]) -> Iterator[Line]:
    return (line for line in lines if line.kind == "error")


_NO_WORDS = Text("", "")
