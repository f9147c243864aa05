"""A PostgreSQL server on a data directory that is there: it recovers, and serves while somebody holds its stdin open.

    python recovering_server.py BINARIES DATA

DATA is taken over. One line is printed once connections are accepted: the private directory that holds the socket.
Standard library only, like the program that it borrows from.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.postgres_server import (
    become_ordinary,
    private_directory,
    start,
    stop,
    unprivileged_account,
    wait_until_ready,
)


def main() -> None:
    """Serve until stdin ends."""
    binaries, data = map(Path, sys.argv[1:])
    with private_directory() as directory:
        shutil.move(data, directory / "data")
        (directory / "data").chmod(0o700)
        if os.geteuid() == 0:
            account = unprivileged_account()
            for path in (directory / "data").rglob("*"):
                os.chown(path, account.pw_uid, account.pw_gid)
            binaries = become_ordinary(binaries, directory)
        with (directory / "log").open("wb") as log:
            server = start(binaries, directory, log)
            try:
                wait_until_ready(server, directory)
                print(directory, flush=True)  # noqa: T201 - that is how it answers
                sys.stdin.buffer.read()
            finally:
                stop(server)


if __name__ == "__main__":
    main()
