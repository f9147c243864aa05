"""A process that opens a new ledger at the same moment as others: `opening_program.py URL NUMBER`."""

import sys

from ledger.engine import open_database
from tests.ledger.toy import a_note, toy_ledger


def main() -> None:
    """Wait until stdin ends, then open and record."""
    _program, url, number = sys.argv
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    ledger = toy_ledger(open_database(url))
    ledger.execute(a_note(number), actor="P1", command_id=f"c{number}")


if __name__ == "__main__":
    main()
