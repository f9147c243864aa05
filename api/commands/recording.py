"""What recording over HTTP works with: the collaborators that routes are given, put together by whoever starts it."""

from collections.abc import Callable
from dataclasses import dataclass

from api.commands.uploads import Uploads
from domain.decision import Refused
from domain.text import Text
from ledger.ballot_boxes import Keeper
from ledger.ballot_files import BoxStore
from ledger.ledger import Ledger
from projections.engine import Follower

Notes = tuple[tuple[str, bytes], ...]
"""Names and contents of the signed checkpoints and the key that go along with an archive."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A ledger with its views, and beside them where files wait, where ballot boxes are kept, what signers signed."""

    ledger: Ledger
    follower: Follower
    uploads: Uploads | None = None
    boxes: BoxStore | None = None
    checkpoints: Callable[[], Notes] = tuple

    def keeper(self) -> Keeper:
        """Return the keeper of the ballot boxes; `Refused` where this installation keeps none."""
        if self.boxes is None:
            raise Refused("no-boxes-here", _NO_BOXES)
        keeper = Keeper(self.ledger, self.boxes)
        keeper.sweep()
        return keeper


_NO_BOXES = Text(
    "这个服务不保管票箱；请在保管票箱的机器上办理。", "This server keeps no ballot boxes; use the one that does."
)
