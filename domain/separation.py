"""The three administrators are three people: who runs the system, who enters grants, who audits.

Where there are too few people, small-branch mode is declared as a fact: then one person may hold several of these
offices, and grants and confirmations over HTTP need no second one. `domain.small_branch` decides; `Offices` knows it.
"""

from datetime import date
from typing import TYPE_CHECKING

from domain.decision import Event, Refused, event
from domain.ids import PersonId
from domain.roles import ADMINISTRATORS
from domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from domain.appointments import Term


@event("separation.Relaxed.v1")
class SeparationRelaxed(Event):
    """Small-branch mode holds from now on: one person may be several administrators, and act without a second."""

    decided_by: str
    reason: str


@event("separation.Restored.v1")
class SeparationRestored(Event):
    """Small-branch mode is taken back."""

    decided_by: str
    reason: str


SeparationEvent = SeparationRelaxed | SeparationRestored


def administers(terms: "Iterable[Term]", person: PersonId, since: date, until: date | None) -> set[str]:
    """Return which administrators' offices a person holds at some time in [since, until)."""
    return {
        term.role
        for term in terms
        if term.person == person
        and term.role in ADMINISTRATORS
        and (term.until is None or term.until > since)
        and (until is None or term.since < until)
    }


def several_administrators(terms: "Iterable[Term]", day: date) -> list[PersonId]:
    """Return who holds two of the administrators' offices, on a day or later."""
    known = list(terms)
    people = dict.fromkeys(term.person for term in known)
    return [person for person in people if len(administers(known, person, day, None)) > 1]


def require_apart(roles: set[str]) -> None:
    """Raise `Refused` where one person would be several administrators."""
    if len(roles) > 1:
        raise Refused("administrators-apart", _APART)


_APART = Text(
    "系统管理员、登记员、监督员须由不同的人担任；请另选他人，或由党委决定并登记小支部模式（declare-small-branch-mode）。",
    "Operator, registrar and auditor are different people: name somebody else, or have small-branch mode decided and "
    "declared (declare-small-branch-mode).",
)
