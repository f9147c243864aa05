"""The journal of access: what was refused to whom, for the operator and the auditor; bounded, and never a fact.

A refusal that auditors must see is a fact already. Everything else that somebody tried stands here, so that trying
again and again cannot fill the ledger.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, Protocol

from starlette.requests import HTTPConnection

from api.principal import JOURNAL, PRINCIPAL, Principal
from domain.decision import NotPermitted, Refused

MOST_KEPT: Final = 1_000
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class AccessJournal(Protocol):
    """Where refusals are noted."""

    def refused(self, principal: Principal | None, code: str, route: str) -> None:
        """Note that something was refused: to whom (None: nobody has signed in), why, and on which kind of route."""


@dataclass(frozen=True, slots=True)
class RecentRefusals:
    """A journal in memory, of the last thousand."""

    kept: "deque[tuple[str | None, str, str]]" = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    def refused(self, principal: Principal | None, code: str, route: str) -> None:
        """Note a refusal by account, code and route; neither ids nor words."""
        self.kept.append((None if principal is None else principal.account, code, route))


def note_refusal(request: HTTPConnection, refused: Refused) -> None:
    """Note that a request was refused which would have changed something, or which its person may not make."""
    state = request.scope.get("state", {})
    journal: AccessJournal | None = state.get(JOURNAL)
    denied = isinstance(refused, NotPermitted) or request.scope.get("method") not in _READING
    if journal is not None and denied:
        route = getattr(request.scope.get("route"), "path", "(none)")
        journal.refused(state.get(PRINCIPAL), refused.code, route)
