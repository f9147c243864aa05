"""`If-Match` on commands that change something: which state of it the one who asks has seen (I3, RFC 9110 §13.1.1)."""

import re
from typing import Final

from api.commands.places import PLACES, watched
from domain.decision import Command, Conflict, Refused
from domain.text import Text
from ledger.expecting import Expected
from ledger.ledger import Ledger

_TAG: Final = re.compile(r'"([0-9]{1,18})"')


class PreconditionNeeded(Refused):
    """The command changes something, and does not say which state of it was seen (428)."""

    def __init__(self, found: int) -> None:
        """Name the position of the last fact about it."""
        super().__init__("precondition-needed", _NEEDED)
        self.found = found


class PreviewNeeded(Refused):
    """A table is written only after it was looked at (428)."""


class PreviewStale(Conflict):
    """By now a table would do something else than what was looked at (412)."""


def etag(position: int) -> str:
    """Return the entity tag of a thing whose last fact stands at `position`."""
    return f'"{position}"'


def expected_of(asked: Command, if_match: str | None) -> Expected | None:
    """Return what has to stand when `asked` is decided, None where nothing has to; `Refused` for a malformed tag."""
    if if_match is None:
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Refused("malformed-precondition", _MALFORMED)
    place = PLACES[type(asked)]
    return Expected(watched(place, asked), int(found[1])) if place.has_version else None


def version_of(ledger: Ledger, asked: Command) -> int | None:
    """Return the position of the last fact about the thing that a command changes or adds; None where it has none."""
    place = PLACES[type(asked)]
    return ledger.newest(watched(place, asked)) if place.has_version else None


_NEEDED = Text(
    "这项操作会改变已有内容；请在 If-Match 中写明您查看时的 ETag（现行值见本次应答）。",
    "This changes something that is there; say in If-Match which ETag you saw (the present one is here).",
)
_MALFORMED = Text(
    'If-Match 应为查看时收到的 ETag，如 "4287"；请原样送回。',
    'If-Match is to be the ETag that you were given, such as "4287"; send it back as it is.',
)
