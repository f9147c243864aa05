"""The PostgreSQL fixture keeps what contract tests rely on: a durable, private server that leaves nothing behind."""

import os
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.postgres
TESTS = Path(__file__).parents[1]
SERVER_PROGRAM = TESTS / "postgres_server.py"
NOBODY = 65534
# Loads the program while it can still be read, then gives up root's rights before it does anything.
AS_AN_ORDINARY_USER = """
import os, runpy, sys
program = runpy.run_path(sys.argv[1], run_name="loaded")
if os.geteuid() == 0:
    os.chdir("/")
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
sys.exit(program["main"](sys.argv[3:]))
"""
HOLDS_A_SERVER = """
import subprocess, sys
subprocess.Popen([sys.executable, *sys.argv[1:]], stdin=subprocess.PIPE).wait()
"""


def answer(url: str, question: str) -> str:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return str(connection.execute(sa.text(question)).scalar_one())


def test_the_database_is_the_engine_that_the_url_names(database_url: str) -> None:
    postgresql = database_url.startswith("postgresql+psycopg://")
    said = answer(database_url, "SELECT version()" if postgresql else "SELECT sqlite_version()")
    assert said.startswith("PostgreSQL " if postgresql else "3.")


@pytest.mark.parametrize("_time", ["first", "second"])
def test_every_test_finds_its_database_empty(database_url: str, _time: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE only_once (number INTEGER)"))


def test_a_committed_row_is_on_disk_as_in_production(postgres_url: str) -> None:
    settings = ("fsync", "synchronous_commit", "full_page_writes")
    assert [answer(postgres_url, f"SHOW {name}") for name in settings] == ["on", "on", "on"]


def test_text_is_unicode_and_ordered_by_bytes(postgres_url: str) -> None:
    assert answer(postgres_url, "SHOW server_encoding") == "UTF8"
    assert answer(postgres_url, "SELECT string_agg(x, '' ORDER BY x) FROM (VALUES ('星'),('a'),('B')) t(x)") == "Ba星"


def test_our_server_cannot_be_reached_over_a_network(postgres_url: str) -> None:
    if os.environ.get("STARLEDGER_TEST_PG_URL"):
        pytest.skip("the server was given from outside")
    assert answer(postgres_url, "SHOW listen_addresses") == ""
    directory = Path(answer(postgres_url, "SHOW unix_socket_directories"))
    assert directory.stat().st_mode & 0o077 == 0


def test_a_database_is_dropped_whoever_is_still_connected(request: pytest.FixtureRequest) -> None:
    engine = sa.create_engine(request.getfixturevalue("postgres_server"), poolclass=sa.NullPool)
    url = request.getfixturevalue("postgres_url")
    other = sa.create_engine(url, poolclass=sa.NullPool).connect()
    request.addfinalizer(other.close)
    other.execute(sa.text("SELECT 1"))
    with engine.connect() as connection:
        names = connection.execute(sa.text("SELECT datname FROM pg_database")).scalars().all()
    assert sa.make_url(url).database in names


@contextmanager
def program_running(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Run Python with `arguments`; give the process and the directory that the server program told."""
    command = [sys.executable, *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())


def test_the_server_goes_when_its_stdin_ends_and_leaves_nothing(postgres_binaries: Path) -> None:
    with program_running(SERVER_PROGRAM, postgres_binaries) as (process, directory):
        assert (directory / "data").is_dir()
        process.communicate()
    assert process.returncode == 0
    assert not directory.exists()


def test_the_server_goes_also_when_the_tests_are_killed(postgres_binaries: Path) -> None:
    with program_running("-c", HOLDS_A_SERVER, SERVER_PROGRAM, postgres_binaries) as (holder, directory):
        assert (directory / "data").is_dir()
        holder.send_signal(signal.SIGKILL)
        # The server program holds the other end of this pipe until it is done.
        assert holder.communicate()[0] == ""
    assert not directory.exists()


def test_the_server_never_has_the_rights_of_root(postgres_binaries: Path) -> None:
    with program_running(SERVER_PROGRAM, postgres_binaries) as (process, directory):
        assert (directory / "data" / "postmaster.pid").stat().st_uid != 0
        process.communicate()


def test_an_ordinary_user_can_start_a_server(postgres_binaries: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="starledger-") as public:
        Path(public).chmod(0o755)
        tree = copied(postgres_binaries, Path(public))
        with program_running("-c", AS_AN_ORDINARY_USER, SERVER_PROGRAM, str(NOBODY), tree) as (process, directory):
            assert directory.stat().st_uid == (NOBODY if os.geteuid() == 0 else os.geteuid())
            process.communicate()
    assert process.returncode == 0


def test_the_binaries_may_lie_where_only_their_owner_can_read(postgres_binaries: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with program_running(SERVER_PROGRAM, copied(postgres_binaries, tmp_path)) as (process, directory):
        assert (directory / "data").is_dir()
        process.communicate()
    assert process.returncode == 0
    assert not directory.exists()


def copied(binaries: Path, target: Path) -> Path:
    """Copy the installation tree and the libraries that lie beside its package, as the wheel has them."""
    package = binaries.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name)
    return Path(shutil.copytree(binaries, target / package.name / binaries.name))


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    command: list[str | Path] = [sys.executable, SERVER_PROGRAM, tmp_path]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert ended.returncode == 1
    assert "PostgreSQL cannot be executed" in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize(("ci", "ending"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_server_tests_are_skipped_aloud_and_in_ci_they_fail(
    monkeypatch: pytest.MonkeyPatch, ci: str, ending: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    without_postgres = runpy.run_path(str(TESTS / "conftest.py"))["without_postgres"]
    with pytest.raises(ending, match="no PostgreSQL server: it rained"):
        without_postgres("it rained")


def test_a_server_given_from_outside_is_used_instead(postgres_server: sa.URL, checkout: Path) -> None:
    given = postgres_server.set(drivername="postgresql").render_as_string(hide_password=False)
    test = "tests/house/test_postgres_fixture.py::test_the_database_is_the_engine_that_the_url_names"
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", test],
        # Nothing that could start a server is in reach.
        env={**os.environ, "STARLEDGER_TEST_PG_URL": given, "PATH": ""},
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert "2 passed" in ended.stdout
