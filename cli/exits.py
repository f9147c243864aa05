"""Exit codes, and the one place where refusals and faults become them (experience.md, Terminal)."""

import sys
from enum import IntEnum
from typing import NoReturn

import msgspec

from domain.decision import Conflict, NotFound, NotPermitted, Refused
from domain.findings import Finding, Invalid
from domain.text import Language, Text


class Exit(IntEnum):
    """What the program's exit code says."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    NOT_FOUND = 3
    NOT_PERMITTED = 4
    CONFLICT = 5
    REFUSED = 6
    VIOLATED = 10
    INCOMPLETE = 11
    VIEW_DIFFERS = 12


_OF_REFUSALS: dict[type[Refused], Exit] = {
    NotFound: Exit.NOT_FOUND,
    NotPermitted: Exit.NOT_PERMITTED,
    Conflict: Exit.CONFLICT,
    Refused: Exit.REFUSED,
}


class Stop(Exception):  # noqa: N818 - carries the exit code up to main
    """The program ends with this code; what there was to say has been said."""

    def __init__(self, code: Exit) -> None:
        """End with `code`."""
        super().__init__(code)
        self.code = code


def stop(code: Exit, why: Text, language: Language) -> NoReturn:
    """Say why on stderr and end with `code`."""
    sys.stderr.write(why.said_in(language) + "\n")
    raise Stop(code)


def refuse(refused: Refused, language: Language, *, as_json: bool) -> NoReturn:
    """Say on stderr why a command was refused (with `as_json` on stdout as well) and end with its code."""
    if as_json:
        said = {"refused": refused.code, "message": refused.why.said_in(language)}
        sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
    stop(exit_of(refused), refused.why, language)


def exit_of(refused: Refused) -> Exit:
    """Return the code that a refusal ends with: that of its kind, or of the nearest kind above it."""
    return next(_OF_REFUSALS[kind] for kind in type(refused).__mro__ if kind in _OF_REFUSALS)


def finding_in(finding: Finding, language: Language) -> dict[str, str]:
    """Return a finding in one language as a JSON-ready value."""
    return {
        "code": finding.code,
        "place": finding.place,
        "message": finding.message.said_in(language),
        "remedy": finding.remedy.said_in(language),
    }


def invalid(found: Invalid, language: Language, *, as_json: bool) -> NoReturn:
    """List every finding of an unusable document and end with code 6."""
    if as_json:
        findings = [finding_in(each, language) for each in found.findings]
        sys.stdout.write(msgspec.json.encode({"findings": findings}).decode() + "\n")
    for f in found.findings:
        sys.stderr.write(f"{f.place}: {f.message.said_in(language)} {f.remedy.said_in(language)}\n")
    raise Stop(Exit.REFUSED)
