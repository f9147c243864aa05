"""A PostgreSQL server for one test run: it is there while somebody holds this program's stdin open, then gone.

    python postgres_server.py BINARIES

BINARIES is an installation tree with bin/initdb and bin/postgres. One line is printed once connections are accepted:
the private directory that holds the socket. The server listens nowhere else. When stdin ends, because the fixture
closed it or because the test process was killed in whatever way, the server is stopped and the directory removed.
Standard library only. Data is written as in production (fsync on).
"""

import argparse
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

UNPRIVILEGED_ACCOUNTS = ("postgres", "nobody")
START_SECONDS = 60
STOP_SECONDS = 20


class NoServerError(RuntimeError):
    """No server can be had here; the message says why."""


def main(arguments: Sequence[str]) -> int:
    """Serve until stdin ends; return the exit code (1: no server can be had, the reason is on stderr)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", type=Path)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with private_directory() as directory, running(parser.parse_args(arguments).binaries, directory):
            print(directory, flush=True)
            sys.stdin.buffer.read()
    except NoServerError as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


@contextmanager
def private_directory() -> Iterator[Path]:
    """Give a directory that only the server's account can enter, short enough for a socket's path (107 bytes)."""
    short = "/tmp" if len(tempfile.gettempdir()) > 60 else None  # noqa: S108  (the random name below it is private)
    directory = Path(tempfile.mkdtemp(prefix="starledger-pg-", dir=short))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def running(binaries: Path, directory: Path) -> Iterator[None]:
    """Run a new server with its data and its socket in `directory`."""
    if os.geteuid() == 0:
        binaries = become_ordinary(binaries, directory)
    with (directory / "log").open("wb") as log:
        initialise(binaries, directory, log)
        server = start(binaries, directory, log)
        try:
            wait_until_ready(server, directory)
            yield
        finally:
            stop(server)


def become_ordinary(binaries: Path, directory: Path) -> Path:
    """Drop root's rights for good, as PostgreSQL demands; return binaries that the ordinary account can execute."""
    account = unprivileged_account()
    for variable in ("HOME", "USER", "LOGNAME"):
        os.environ.pop(variable, None)
    if not reachable_by(account, binaries / "bin" / "postgres"):
        binaries = copied(binaries, directory)
    for owned in (directory, *(path for path in directory.rglob("*") if path.is_dir())):
        os.chown(owned, account.pw_uid, account.pw_gid)
    os.chdir(directory)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    return binaries


def unprivileged_account() -> pwd.struct_passwd:
    """Return the account that root becomes."""
    for name in UNPRIVILEGED_ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    reason = f"running as root, and there is none of the accounts {', '.join(UNPRIVILEGED_ACCOUNTS)} to run PostgreSQL"
    raise NoServerError(reason)


def reachable_by(account: pwd.struct_passwd, program: Path) -> bool:
    """Return whether `account` can execute `program` (a package below /root it cannot)."""
    try:
        told = subprocess.run(
            [program, "--version"], user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/",
            capture_output=True, check=False,
        )  # fmt: skip
    except PermissionError:
        return False
    return told.returncode == 0


def copied(binaries: Path, directory: Path) -> Path:
    """Copy the installation tree into `directory`, with the libraries that a wheel keeps beside its package."""
    package = binaries.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, directory / libraries.name)
    return Path(shutil.copytree(binaries, directory / package.name / binaries.name))


def initialise(binaries: Path, directory: Path, log: IO[bytes]) -> None:
    """Make an empty cluster: UTF-8, ordered by bytes as on every platform, entered by whoever can reach the socket."""
    command: list[str | Path] = [
        binaries / "bin" / "initdb", "--pgdata", directory / "data", "--username", "postgres", "--encoding", "UTF8",
        "--no-locale", "--auth", "trust", "--no-sync", "--no-instructions",
    ]  # fmt: skip
    try:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False).returncode
    except OSError as error:
        message = f"PostgreSQL cannot be executed: {error}"
        raise NoServerError(message) from error
    if code != 0:
        raise NoServerError(said_in(directory, "initdb failed"))


def start(binaries: Path, directory: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the server on the socket in `directory`."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(directory),
        "unix_socket_permissions": "0700",
        "fsync": "on",
        "max_connections": "100",
        "shared_buffers": "32MB",
        "log_timezone": "UTC",
        "timezone": "UTC",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command: list[str | Path] = [binaries / "bin" / "postgres", "-D", directory / "data", *options]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def wait_until_ready(server: subprocess.Popen[bytes], directory: Path) -> None:
    """Return once the server accepts connections, which it writes into its pid file itself."""
    deadline = time.monotonic() + START_SECONDS
    pid_file = directory / "data" / "postmaster.pid"
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.02)
    raise NoServerError(said_in(directory, "the server did not start"))


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server: politely (connections are closed), then at once."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(how)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def said_in(directory: Path, what: str) -> str:
    """Return `what` failed together with the end of the server's log."""
    return f"{what}:\n{(directory / 'log').read_text(errors='replace')[-2000:]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
