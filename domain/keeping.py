"""Acts of keeping the ledger itself: erasing sealed words by order, and accepting a clock after a leap."""

import re
import typing
from dataclasses import dataclass, field

from domain.appointments import Offices
from domain.decision import Command, Context, Event, Fact, Refused, State, command, deciders, event
from domain.roles import OPERATOR
from domain.text import Text

_SHA256 = re.compile(r"[0-9a-f]{64}")

# commands


@command("erase-sealed", roles=(OPERATOR,), at="erasures", reach="decide", grave=True)
class EraseSealed(Command):
    """Erase the words behind digests, by somebody's order; the facts and every proof stay."""

    digests: tuple[str, ...]
    ordered_by: str
    ground: str


@command("accept-clock", roles=(OPERATOR,), at="clock-acceptances")
class AcceptClock(Command):
    """Accept the machine's clock as it stands, after appends stopped because it leapt."""

    why: str


# events


@event("keeping.SealedErased.v1")
class SealedErased(Event):
    """The words behind these digests are gone, by this order."""

    erased: tuple[str, ...]
    ordered_by: str
    ground: str


@event("keeping.ClockAccepted.v1")
class ClockAccepted(Event):
    """The clock was accepted as it stood when this was recorded."""

    why: str


KeepingEvent = SealedErased | ClockAccepted


# state


@dataclass(slots=True)
class Erasures(State):
    """The digests whose words are gone."""

    EVENTS = (SealedErased,)
    erased: set[str] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        """Take one more erasure into account."""
        self.erased.update(typing.cast("SealedErased", fact.event).erased)


# deciders


def erase_sealed(asked: EraseSealed, context: Context, erasures: Erasures, offices: Offices) -> list[Event]:
    """Record the erasure of what is not erased yet; the ledger deletes the words in the same transaction."""
    offices.require(asked, context)
    malformed = [digest for digest in asked.digests if not _SHA256.fullmatch(digest)]
    if malformed or not asked.digests:
        raise Refused("malformed-digest", _malformed(malformed))
    left = tuple(digest for digest in dict.fromkeys(asked.digests) if digest not in erasures.erased)
    return [SealedErased(erased=left, ordered_by=asked.ordered_by, ground=asked.ground)] if left else []


def accept_clock(asked: AcceptClock, context: Context, offices: Offices) -> list[Event]:
    """Record that somebody looked at the clock and found it right."""
    offices.require(asked, context)
    return [ClockAccepted(why=asked.why)]


DECIDERS = deciders(erase_sealed, accept_clock)


def _malformed(digests: list[str]) -> Text:
    listed = "、".join(digests), ", ".join(digests)
    return Text(
        f"封存内容以 64 位十六进制摘要指明；有误：{listed[0] or '（空）'}。",
        f"Sealed words are named by digests of 64 hex digits; not these: {listed[1] or '(none given)'}.",
    )
