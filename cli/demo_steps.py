"""What both years of the demo are told with: one command line a step, and who stands above the branches."""

from dataclasses import dataclass

REGISTRAR, OPERATOR, COMMITTEE_SECRETARY = "REG", "OPS", "C01"


@dataclass(frozen=True, slots=True)
class Step:
    """One command line of the demo: the instant it is, who asks, the words, and whether it is meant to be refused."""

    at: str
    actor: str
    words: tuple[str, ...]
    refused: bool = False


def at(day: object, clock: str = "09:00") -> str:
    """Return an instant in China, RFC 3339."""
    return f"{day}T{clock}:00+08:00"


def appoint(person: str, role: str, body: str, branch: str | None) -> tuple[str, ...]:
    """Return the words that enter an appointment; without a branch it is one of the committee."""
    words = ("appoint", "--person", person, "--role", role, "--since", "2024-12-20", "--decided-by", body)
    return words if branch is None else (*words, "--branch", branch)


def many(option: str, values: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return an option given once for each value."""
    return tuple(word for value in values for word in (option, value))
