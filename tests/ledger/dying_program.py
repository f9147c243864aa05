"""A process that records one fact and dies while it records the second: `dying_program.py URL FAILPOINT`."""

import os
import sys

from ledger.engine import open_database
from tests.ledger.toy import a_note, toy_ledger


def main() -> None:
    """Die at the failpoint, without any chance to tidy up."""
    _program, url, at = sys.argv
    armed = False

    def die(name: str) -> None:
        if armed and name == at:
            os._exit(9)

    ledger = toy_ledger(open_database(url), failpoint=die)
    ledger.execute(a_note("one"), actor="P1", command_id="c1")
    armed = True
    ledger.execute(a_note("two"), actor="P1", command_id="c2")


if __name__ == "__main__":
    main()
