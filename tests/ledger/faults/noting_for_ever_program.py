"""A process that notes facts until it is killed, a little slower than it could: `noting_for_ever_program.py URL TOLD`.

`sent ID` and `done ID POSITION` are appended to the file TOLD. SQLite moves its write-ahead log into the database very
often here, so that a copy of the files meets it.
"""

import os
import sys
import time

from sqlalchemy import event

from ledger.engine import open_database
from tests.ledger.toy import a_note, toy_ledger

PAGES, PAUSE_SECONDS = 20, 0.004


def main() -> None:
    """Note facts for ever."""
    _program, url, path = sys.argv
    told = os.open(path, os.O_WRONLY | os.O_APPEND)
    engine = open_database(url)
    event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES}"))
    ledger, number = toy_ledger(engine), 0
    while True:
        number += 1
        os.write(told, f"sent c{number}\n".encode())
        receipt = ledger.execute(a_note("字" * 1_000), actor="P1", command_id=f"c{number}")
        os.write(told, f"done c{number} {receipt.positions[0]}\n".encode())
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
