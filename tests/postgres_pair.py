"""Two PostgreSQL servers, a primary and its standby, driven line by line: what a failover does by hand.

    python -m tests.postgres_pair BINARIES

One line is printed once both serve: the two private directories that hold their sockets. Then each line on stdin is a
deed, answered with `done` when it is done; when stdin ends, everything is stopped and removed:

    wait on|off     the primary's commits wait until the standby has them, or do not
    freeze          the standby receives nothing more (its receiver is stopped by a signal, and killed by `promote`)
    thaw            it receives again
    kill            the primary is killed, at once and without a word
    promote         the standby becomes the primary
    rebuild         a new standby is copied from the primary, in the place of the one that was killed
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.postgres_server import (
    NoServerError,
    become_ordinary,
    initialise,
    private_directory,
    said_in,
    stop,
    wait_until_ready,
)

PATIENCE_SECONDS = 60


class Pair:
    """A primary and a standby in two directories that change roles."""

    def __init__(self, binaries: Path, directories: tuple[Path, Path]) -> None:
        """Begin with a primary in the first directory and a copy of it in the second."""
        self._binaries = binaries
        self._primary, self._standby = directories
        self._servers: dict[Path, subprocess.Popen[bytes]] = {}
        self._frozen = 0
        with (self._primary / "log").open("ab") as log:
            initialise(binaries, self._primary, log)
        self._start(self._primary)
        self.rebuild()

    def _start(self, directory: Path) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(directory),
            "wal_level": "replica",
            "hot_standby": "on",
            "max_connections": "40",
            "shared_buffers": "16MB",
            "wal_receiver_timeout": "0",
            "wal_sender_timeout": "0",
            "timezone": "UTC",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [self._binaries / "bin" / "postgres", "-D", directory / "data", *options]
        with (directory / "log").open("ab") as log:
            server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._servers[directory] = server
        wait_until_ready(server, directory)

    def rebuild(self) -> None:
        """Copy the primary into the other directory and start it as its standby."""
        data = self._standby / "data"
        shutil.rmtree(data, ignore_errors=True)
        command: list[str | Path] = [
            self._binaries / "bin" / "pg_basebackup", "--host", self._primary, "--username", "postgres",
            "--pgdata", data, "--checkpoint", "fast", "--write-recovery-conf", "--no-sync",
        ]  # fmt: skip
        with (self._standby / "log").open("ab") as log:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)
        self._start(self._standby)
        self._ask(self._primary, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", "1")

    def wait(self, whether: str) -> None:
        """Let the primary's commits wait for the standby, or not."""
        names = {"on": "*", "off": ""}[whether]
        self._sql(self._primary, f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self._sql(self._primary, "SELECT pg_reload_conf()")
        self._ask(self._primary, "SHOW synchronous_standby_names", names)
        if names:
            self._ask(self._primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", "1")

    def freeze(self) -> None:
        """Stop the standby's receiver: what the primary sends from now on lies in the socket."""
        self._frozen = int(self._sql(self._standby, "SELECT pid FROM pg_stat_wal_receiver"))
        os.kill(self._frozen, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the receiver go on."""
        if self._frozen:
            os.kill(self._frozen, signal.SIGCONT)
        self._frozen = 0

    def kill(self) -> None:
        """Kill the primary and everything that belongs to it, as a power cut would."""
        server = self._servers.pop(self._primary)
        os.kill(server.pid, signal.SIGQUIT)
        server.wait(PATIENCE_SECONDS)

    def promote(self) -> None:
        """Make the standby the primary; the killed one is where the next standby goes."""
        if self._frozen:
            os.kill(self._frozen, signal.SIGKILL)  # what it had not read is gone, as with the other machine
            self._frozen = 0
        self._primary, self._standby = self._standby, self._primary
        self._ask(self._primary, "SELECT pg_promote(wait => true)", "t")
        self._sql(self._primary, "ALTER SYSTEM SET synchronous_standby_names = ''")
        self._sql(self._primary, "SELECT pg_reload_conf()")
        self._ask(self._primary, "SELECT pg_is_in_recovery()", "f")

    def stop(self) -> None:
        """Stop whatever runs."""
        self.thaw()
        for directory in (self._standby, self._primary):
            if directory in self._servers:
                stop(self._servers[directory])

    def _sql(self, directory: Path, statement: str) -> str:
        command: list[str | Path] = [
            self._binaries / "bin" / "psql", "--host", directory, "--username", "postgres", "--dbname", "postgres",
            "--no-psqlrc", "--tuples-only", "--no-align", "--command", statement,
        ]  # fmt: skip
        told = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return told.stdout.strip()

    def _ask(self, directory: Path, statement: str, wanted: str) -> None:
        """Return once the answer is `wanted`."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while self._sql(directory, statement) != wanted:
            if time.monotonic() > give_up:
                raise NoServerError(said_in(directory, f"{statement} never answered {wanted!r}"))
            time.sleep(0.02)


def main(arguments: Sequence[str]) -> int:
    """Serve until stdin ends; return the exit code (1: no servers can be had, the reason is on stderr)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", type=Path)
    binaries = parser.parse_args(arguments).binaries
    try:
        with private_directory() as directory:
            directories = directory / "a", directory / "b"
            for each in directories:
                each.mkdir(mode=0o700)
            if os.geteuid() == 0:
                binaries = become_ordinary(binaries, directory)
            serve(binaries, directories)
    except NoServerError as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


def serve(binaries: Path, directories: tuple[Path, Path]) -> None:
    """Do what stdin says."""
    pair = Pair(binaries, directories)
    try:
        print(*directories, flush=True)
        for line in sys.stdin:
            deed, *words = line.split()
            getattr(pair, deed)(*words)
            print("done", flush=True)
    finally:
        pair.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
