"""Reading the views as they are, or as they were at a position or a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from cli.exits import Exit, stop
from cli.settings import Settings
from cli.wiring import Installation
from domain.text import Text
from ledger.ledger import Ledger
from projections.asof import Timeline
from projections.engine import Reading
from projections.occurred import OccurredUntil
from projections.view import View


@contextmanager
def reading(
    installed: Installation, views: Sequence[View], as_of: str | None, day: date | None = None
) -> Iterator[Reading]:
    """Lend `views`: kept up to the newest fact, or folded as far as `as_of` says, of what had happened by `day`."""
    only = {view.name for view in views}
    if day is not None:
        ledger = occurred(installed.ledger, day)
        upto = ledger.head().size if as_of is None else position_of(ledger, as_of, installed.settings)
        with Timeline(ledger, views, span_facts=0) as timeline:
            yield timeline.at(upto)
    elif as_of is None:
        with installed.follower.reading(only) as now:
            yield now
    else:
        upto = position_of(installed.ledger, as_of, installed.settings)
        with installed.follower.as_of(upto, only) as then:
            yield then


def occurred(ledger: Ledger, day: date | None) -> Ledger:
    """Return the ledger, or as much of it as had happened by a day."""
    return ledger if day is None else OccurredUntil(ledger, day)


def day_of(words: str | None, settings: Settings) -> date | None:
    """Return the day that words mean; ends with code 2 where they mean none."""
    try:
        return None if words is None else date.fromisoformat(words)
    except ValueError:
        stop(Exit.USAGE, _no_day(words or ""), settings.language)


def position_of(ledger: Ledger, as_of: str, settings: Settings) -> int:
    """Return the position that a number or an RFC 3339 time means; ends with code 2 where it is neither."""
    if as_of.isascii() and as_of.isdigit():
        return min(int(as_of), ledger.head().size)
    try:
        instant = datetime.fromisoformat(as_of)
    except ValueError:
        stop(Exit.USAGE, _malformed(as_of), settings.language)
    if instant.tzinfo is None:
        stop(Exit.USAGE, _malformed(as_of), settings.language)
    return ledger.position_at(instant)


def _no_day(words: str) -> Text:
    return Text(f"「{words}」不是日期（如 2025-12-31）。", f"'{words}' is not a day, such as 2025-12-31.")


def _malformed(as_of: str) -> Text:
    return Text(
        f"「{as_of}」既不是位置（如 120），也不是带时区的时间（如 2026-01-20T09:00:00+08:00）。",
        f"'{as_of}' is neither a position (120) nor a time with an offset (2026-01-20T09:00:00+08:00).",
    )
