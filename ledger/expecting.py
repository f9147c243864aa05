"""Whether what somebody has seen still stands when his command is decided (RFC 9110 §13.1.1, `If-Match`).

A state like those that deciders depend on, and folded with them under the lock: so the comparison, the decision and the
facts that follow are one step, whoever else records at the same time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.decision import Conflict, Fact, Selector, State
from domain.text import Text


@dataclass(slots=True)
class Newest(State):
    """The position of the last fact among those that are watched; its key says which: types, `|`, tags."""

    position: int = 0

    def evolve(self, fact: Fact) -> None:
        """Take one more fact into account."""
        self.position = fact.position

    @classmethod
    def selector(cls, key: str) -> Selector:
        """Return the facts that are watched."""
        types, _, tags = key.partition("|")
        return Selector(tuple(types.split()), tuple(tags.split()))


def watching(types: Iterable[str], tags: Iterable[str]) -> str:
    """Return the key under which facts of these types that carry all of these tags are watched."""
    return f"{' '.join(types)}|{' '.join(tags)}"


@dataclass(frozen=True, slots=True)
class Expected:
    """What is watched, and the position of its last fact when whoever asks looked at it."""

    watched: str
    position: int

    @property
    def key(self) -> tuple[type[State], str]:
        """Return the state that tells whether it still stands."""
        return Newest, self.watched


def require_unchanged(expected: Expected, newest: State) -> None:
    """Raise `Stale` where what was seen no longer stands."""
    if isinstance(newest, Newest) and newest.position != expected.position:
        raise Stale(expected.position, newest.position)


class Stale(Conflict):
    """Something was recorded in between about what the command changes; nothing was recorded of the command."""

    def __init__(self, expected: int, found: int) -> None:
        """Name the position that was seen, and that of the last fact by now."""
        super().__init__("stale", _STALE)
        self.expected = expected
        self.found = found


_STALE = Text(
    "您查看之后这里又有新的记录，因此没有办理；请重新查看后再办理。",
    "Something was recorded here after you looked, so nothing was done; look again, then decide.",
)
