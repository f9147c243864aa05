"""The moment that an answer is asked for: a position in the ledger, or a time (A3)."""

import re
from datetime import UTC, datetime

from domain.decision import NotFound, Refused
from domain.text import Text
from ledger.ledger import Ledger


class ViewBehind(Refused):
    """The views have not reached the position that the reader asked to see (503)."""

    retry_after = 1


_POSITION = re.compile(r"[0-9]{1,18}")


def position_asked(ledger: Ledger, as_of: str) -> int:
    """Return the position that `as_of` means: itself, or that of the last fact recorded by then.

    Raises `Refused` where it is neither a number nor an RFC 3339 time with its offset, and `NotFound` for a position
    that has not been reached.
    """
    if _POSITION.fullmatch(as_of):
        return _reached(ledger, int(as_of))
    try:
        instant = datetime.fromisoformat(as_of)
        if instant.tzinfo is None:
            raise Refused("malformed-moment", _malformed(as_of))
        return ledger.position_at(instant.astimezone(UTC))
    except (ValueError, OverflowError):
        raise Refused("malformed-moment", _malformed(as_of)) from None


def _reached(ledger: Ledger, position: int) -> int:
    size = ledger.head().size
    if position > size:
        raise NotFound("position-not-reached", _not_reached(position, size))
    return position


def _malformed(as_of: str) -> Text:
    return Text(
        f"as_of「{as_of}」应为记录序号，或带时区的时间，如 2026-01-16T00:00:00+08:00（网址中 + 写作 %2B）。",
        f"as_of '{as_of}' is to be a position or a time with its offset, such as 2026-01-16T00:00:00+08:00 "
        "(in a URL + is written %2B).",
    )


def _not_reached(position: int, size: int) -> Text:
    return Text(f"账本只到第{size}条，没有第{position}条。", f"The ledger ends at fact {size}; there is no {position}.")
