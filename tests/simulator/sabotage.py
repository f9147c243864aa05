"""The application without one of its safeties: what each control puts in its place."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from unittest import mock

from domain.ballot_sheets import Marks
from domain.objections import ObjectionRuled
from ledger.appending import Appending
from ledger.ballot_boxes import Keeper
from ledger.deciding import Deciding
from ledger.ledger import Receipt
from ledger.store import Head
from projections.stars import STARS
from projections.views import VIEWS
from tests.simulator.house import SOUND, Parts

Hashed = tuple[list[bytes], list[bytes]]
"""Leaves and links."""


@dataclass(frozen=True, slots=True)
class Sabotage:
    """What is taken away: a part, or a line that is replaced while it lasts."""

    name: str
    parts: Parts = SOUND
    replaced: tuple[tuple[str, Any], ...] = ()
    months: bool = False
    """Whether it shows in months only."""

    @contextmanager
    def committed(self) -> Iterator[Parts]:
        """Lend the parts, while the lines are replaced."""
        with ExitStack() as stack:
            for target, value in self.replaced:
                stack.enter_context(mock.patch(target, value))
            yield self.parts


class Stale(Deciding):
    """Decides on what was folded before the lock was held."""

    def _catch_up(self, *_: object) -> None:
        """Leave states as they are."""


class Tying(Keeper):
    """Keeps a list of who voted what beside the boxes."""

    def vote(self, box: str, person: str, marks: Marks, *, even_void: bool = False) -> Receipt:
        """Vote, and write it down."""
        receipt = super().vote(box, person, marks, even_void=even_void)
        with (self._store._boxes / "list").open("a", encoding="utf-8") as beside:  # type: ignore[attr-defined] # noqa: SLF001
            beside.write(f"{person}: {', '.join(map(str, marks.values()))}\n")
        return receipt


def _acknowledge_all_the_same(connection: Any, _info: object) -> None:  # noqa: ANN401 - the driver's
    """Commit, and call it done whatever came of it."""
    from ledger import engine  # noqa: PLC0415 - the line in it is another one while the simulation runs

    with suppress(Exception):
        engine._hand_in(connection)  # noqa: SLF001
    connection.rollback()


def _forgetting() -> tuple[Any, ...]:
    """Return the views, of which the stars do not hear that an objection was ruled on."""
    handlers = {kind: handler for kind, handler in STARS.handlers.items() if kind is not ObjectionRuled}
    return tuple(replace(view, handlers=handlers) if view is STARS else view for view in VIEWS)


def _standing_still(
    self: Head, entries: Sequence[bytes], take_up: Callable[[Head, Sequence[bytes]], Hashed] = Head.hash
) -> Hashed:
    """Extend the chain, but now and then not the tree."""
    frontier = list(self.frontier)
    leaves_and_links = take_up(self, entries)
    if self.size // 32 > (self.size - len(entries)) // 32:
        self.frontier[:] = frontier
    return leaves_and_links


def _one_too_many(share: Fraction, _rounding: str) -> int:
    """Round a share of the members down, and let one more in."""
    return int(share) + 1


SABOTAGES = (
    Sabotage("a commit that failed is acknowledged", replaced=(("ledger.engine._commit", _acknowledge_all_the_same),)),
    Sabotage("command ids are not kept", replaced=((f"{Appending.__module__}.Appending.answer", lambda *_: None),)),
    Sabotage("decided on what was known before the lock", Parts(deciding=Stale)),
    Sabotage("the view of stars does not hear of rulings on objections", Parts(views=_forgetting())),
    Sabotage("a cap has a place too many", replaced=(("domain.scoring.caps._whole", _one_too_many),)),
    Sabotage("a ballot is kept with its voter", Parts(keeper=Tying), months=True),
    Sabotage("the tree is not always advanced", replaced=(("ledger.store.Head.hash", _standing_still),)),
    Sabotage("erased words stay in the log", replaced=(("ledger.deciding.scrub", lambda _engine: None),)),
)
