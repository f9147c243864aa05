"""Whether what several clients saw of one object could have happened one operation after the other.

A history is linearizable where every operation can be given one instant between its call and its answer so that a
single object, asked in that order, gives the same answers (Herlihy and Wing 1990). The search takes the operations that
may come next (called before the first answer among those left), tries each whose answer the model gives, and never
visits the same pair of (operations done, state) twice (Lowe 2017).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

StateT = TypeVar("StateT", bound=Hashable)
AskedT = TypeVar("AskedT")


@dataclass(frozen=True, slots=True)
class Operation(Generic[AskedT]):
    """What was asked, what was answered, and between which two instants of one monotonic clock (ns)."""

    called: int
    answered: int
    asked: AskedT
    answer: str


def is_linearizable(
    history: Sequence[Operation[AskedT]],
    start: StateT,
    model: Callable[[StateT, AskedT], tuple[StateT, str]],
) -> bool:
    """Return whether some order of `history` within its instants is one that `model` gives from `start`."""
    left = sorted(history, key=lambda operation: operation.called)
    visited: set[tuple[frozenset[int], StateT]] = set()
    waiting: list[tuple[frozenset[int], StateT]] = [(frozenset(range(len(left))), start)]
    while waiting:
        open_, state = waiting.pop()
        if not open_:
            return True
        for number in _next(left, open_):
            after, answer = model(state, left[number].asked)
            reached = (open_ - {number}, after)
            if answer == left[number].answer and reached not in visited:
                visited.add(reached)
                waiting.append(reached)
    return False


def _next(history: Sequence[Operation[AskedT]], open_: frozenset[int]) -> list[int]:
    """Return the operations that may be first: nothing that is left was answered before they were called."""
    first_answer = min(history[number].answered for number in open_)
    return [number for number in open_ if history[number].called <= first_answer]
