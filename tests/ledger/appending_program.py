"""A process that appends for as long as it lives: forked anew for every kill, so that 500 of them take a minute.

    python appending_program.py URL MODE

Reads a line from stdin and forks a child, which opens the ledger and appends one note after the other. On stdout, one
line at a time: `pid N`, `sent ID`, `done ID POSITION`, `dead N`. MODE `sound` says `done` when the ledger has answered;
`hasty`, the control, says so already before the commit.
"""

import os
import sys
from typing import NoReturn

from ledger.engine import open_database
from ledger.failpoints import never
from tests.ledger.toy import a_note, toy_ledger


def say(*words: object) -> None:
    """Write one line in one piece (the pipe outlives whoever is killed)."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def append_for_ever(url: str, mode: str, name: str) -> NoReturn:
    """Append notes until killed."""
    sent = [""]

    def hasty(failpoint: str) -> None:
        if failpoint == "append:head-advanced":
            say("done", sent[0], 0)

    ledger = toy_ledger(open_database(url), failpoint=hasty if mode == "hasty" else never)
    number = 0
    while True:
        number += 1
        sent[0] = f"{name}-{number}"
        say("sent", sent[0])
        receipt = ledger.execute(a_note(sent[0]), actor="P1", command_id=sent[0])
        if mode == "sound":
            say("done", sent[0], receipt.positions[0])


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
