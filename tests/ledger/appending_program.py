"""A process that appends for as long as it lives: forked anew for every kill, so that 500 of them take a minute.

    python appending_program.py URL MODE

Reads a line from stdin and forks a child, which opens the ledger and appends one note after the other. On stdout, one
line at a time: `pid N`, `sent ID`, `done ID POSITION`, `dead N`. MODE `sound` says `done` when the ledger has answered;
`hasty`, the control, says so already before the commit. `together` and `hasty-together` are the same for sixteen notes
at a time, which share their transactions.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from ledger.deciding import Order
from ledger.engine import open_database
from ledger.failpoints import never
from ledger.ledger import Ledger
from tests.ledger.toy import a_note, toy_ledger


def say(*words: object) -> None:
    """Write one line in one piece (the pipe outlives whoever is killed)."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def append_for_ever(url: str, mode: str, name: str) -> NoReturn:
    """Append notes until killed."""
    waiting: list[str] = []

    def hasty(failpoint: str) -> None:
        if failpoint == "append:head-advanced":
            for sent in waiting:
                say("done", sent, 0)
            waiting.clear()

    is_hasty = mode.startswith("hasty")
    ledger = toy_ledger(open_database(url), failpoint=hasty if is_hasty else never)
    if mode.endswith("together"):
        asyncio.run(append_together(ledger, name, waiting, is_hasty=is_hasty))
    number = 0
    while True:
        number += 1
        waiting[:] = [f"{name}-{number}"]
        sent = waiting[0]
        say("sent", sent)
        receipt = ledger.execute(a_note(sent), actor="P1", command_id=sent)
        if not is_hasty:
            say("done", sent, receipt.positions[0])


async def append_together(ledger: Ledger, name: str, waiting: list[str], *, is_hasty: bool) -> None:
    """Append notes from sixteen coroutines until killed; `waiting` are those that are being decided."""
    serve = ledger._group._serve  # noqa: SLF001 - the control has to know who is being served

    def noting(orders: Sequence[Order]) -> None:
        waiting[:] = [order.command_id for order in orders]
        serve(orders)

    ledger._group._serve = noting  # noqa: SLF001

    async def append(writer: int) -> None:
        number = 0
        while True:
            number += 1
            sent = f"{name}-{writer}-{number}"
            say("sent", sent)
            receipt = await ledger.submit(a_note(sent), actor="P1", command_id=sent)
            if not is_hasty:
                say("done", sent, receipt.positions[0])

    await asyncio.gather(*(append(writer) for writer in range(16)))


def main() -> None:
    """Fork a child for every line on stdin, and wait for its end."""
    _program, url, mode = sys.argv
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            append_for_ever(url, mode, line.strip())
        say("pid", child)
        os.waitpid(child, 0)
        say("dead", child)


if __name__ == "__main__":
    main()
