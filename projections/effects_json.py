"""Whom a command would change, as JSON-ready values: for the terminal, for programs and for pages alike (S6)."""

from collections.abc import Callable, Iterable
from decimal import Decimal

import msgspec

from domain.decision import Event
from domain.ids import PersonId
from projections.effects import Change, RoundEffects

Name = Callable[[PersonId], str]
"""How a person is called."""


def events_json(events: Iterable[Event]) -> list[dict[str, object]]:
    """Return what a command would be recorded as; words that would be sealed are not repeated."""
    return [{"type": event.NAME, "data": msgspec.to_builtins(event, enc_hook=lambda _: "sealed")} for event in events]


def effects_json(found: Iterable[RoundEffects], name: Name) -> list[dict[str, object]]:
    """Return the effects as JSON-ready values; scores are strings."""
    return [
        {
            "round": each.round,
            "branch": each.branch,
            "period": each.period,
            "once": each.once,
            "changes": changes_json(each.changes, name),
            "undecided": [{"star": tie.star, "people": tie.people} for tie in each.undecided],
            "withheld": each.withheld,
            "unknown": None if each.unknown is None else {"zh": each.unknown.zh, "en": each.unknown.en},
        }
        for each in found
    ]


def changes_json(changes: Iterable[Change], name: Name) -> list[dict[str, object]]:
    """Return who changes from what to what as JSON-ready values; scores are strings."""
    return [
        {
            "person": change.person,
            "name": name(change.person),
            "through": change.through,
            "total": {"from": _text(change.total[0]), "to": _text(change.total[1])},
            "score_star": {"from": change.score_star[0], "to": change.score_star[1]},
            "star": {"from": change.star[0], "to": change.star[1]},
            "becomes_incomplete": change.becomes_incomplete,
        }
        for change in changes
    ]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
