"""One of several processes on the same SQLite file: `appending_together_program.py URL MODE NAME COMMANDS`.

Waits until stdin ends, then notes facts as fast as it can; `sent ID` and `done ID POSITION` go to stdout. In the MODE
`following` it reads what is new instead, until there is a file NAME, and says `saw POSITION ID`. In `deferred`, the
control, transactions begin without the writer's lock.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from ledger.engine import open_database
from ledger.ledger import Ledger
from tests.ledger.toy import a_note, toy_ledger

PAUSE_SECONDS = 0.001
"""SQLite hands its lock to nobody in particular: whoever never pauses would have all the turns."""


class Deferred(sqlite3.Connection):
    """Begins without the writer's lock."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:  # noqa: ANN401
        return super().execute("BEGIN" if sql == "BEGIN IMMEDIATE" else sql, *parameters)


def opened(url: str, mode: str) -> Engine:
    """Return the database."""
    engine = open_database(url)
    if mode == "deferred":
        connect = engine.dialect.connect
        deferred = lambda *given, **named: connect(*given, factory=Deferred, **named)  # noqa: E731
        engine.dialect.connect = deferred  # type: ignore[method-assign]
    return engine


def note(ledger: Ledger, name: str, commands: int) -> Iterator[str]:
    """Note facts, and yield what is to be told."""
    for number in range(commands):
        command = f"{name}-{number}"
        yield f"sent {command}"
        receipt = ledger.execute(a_note(command), actor="P1", command_id=command)
        yield f"done {command} {receipt.positions[0]}"
        time.sleep(PAUSE_SECONDS)


def follow(ledger: Ledger, stop: Path) -> Iterator[str]:
    """Read what is new over and over, and yield each position as it was seen: `saw POSITION ID`."""
    seen, last_round, parent = 0, False, os.getppid()
    while True:
        for fact in ledger.read(after=seen):
            seen = fact.position
            yield f"saw {seen} {fact.command_id}"
        if last_round:
            return
        last_round = stop.exists() or os.getppid() != parent  # nobody listens any more


def main() -> None:
    """Wait for the start, then note or follow."""
    _program, url, mode, name, commands = sys.argv
    ledger = toy_ledger(opened(url, mode))
    print("ready", flush=True)  # noqa: T201 - the other side waits for it
    sys.stdin.read()
    told = follow(ledger, Path(name)) if mode == "following" else note(ledger, name, int(commands))
    for words in told:
        print(words, flush=True)  # noqa: T201 - told outside the ledger


if __name__ == "__main__":
    main()
