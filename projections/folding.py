"""States of the domain as they were at a position: what computations on demand start from."""

import typing
from typing import TypeVar

from domain.decision import State
from ledger.ledger import Ledger

AnyState = TypeVar("AnyState", bound=State)


def folded(ledger: Ledger, kind: type[AnyState], key: str = "", upto: int | None = None) -> AnyState:
    """Return a state as its facts up to a position make it."""
    return typing.cast("AnyState", ledger.fold(kind, key, upto=upto))
