"""At the terminal a full or failing disk is named with what to do, and once it is put right work goes on."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from cli.exits import Exit
from cli.settings import Settings
from cli.wiring import installation
from domain.appointments import OpenLedger
from domain.dates import CHINA
from domain.ids import PersonId
from ledger.verification import verify
from tests.ledger.faults.conftest import Library
from tests.ledger.faults.recorded import watched

if sys.platform != "win32":
    import resource

TERMINAL = (sys.executable, "-m", "cli.main")
FULL, BROKEN = "磁盘已满，请腾出空间。", "读写磁盘出错，请检查磁盘"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data directory with an open ledger."""
    folder = tmp_path.resolve() / "disk"
    begun = Settings(folder, None, None, None, datetime(2026, 1, 5, 9, tzinfo=CHINA), "zh")
    opening = OpenLedger(committee="厂党委", registrar=PersonId("r"), operator=PersonId("o"), simulated_clock=True)
    with installation(begun, create=True) as installed:
        installed.ledger.execute(opening, actor="o")
    return folder


@pytest.fixture
def run(data: Path, checkout: Path) -> Run:
    """Return how to give the terminal words; `limit` is the most bytes that a file may have."""

    def run_it(*words: str, limit: int | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        def limited() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        environment = {**os.environ, "PYTHONPATH": str(checkout), **more}
        words = (*TERMINAL, "--data", str(data), *words)
        return subprocess.run(
            words, env=environment, preexec_fn=limited, capture_output=True, text=True, check=False, cwd=checkout
        )

    return run_it


def sizes(data: Path) -> int:
    settings = Settings(data, None, None, None, None, "zh")
    with installation(settings) as installed:
        assert verify(installed.ledger).findings == ()
        size: int = installed.ledger.head().size
        return size


REGISTERING = ("register-person", "--person", "p1", "--full-name", "张三", "--as", "r", "--command-id", "c1")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits a file as POSIX does")
def test_a_file_that_cannot_grow_is_told_with_what_to_do_and_nothing_is_half_recorded(run: Run, data: Path) -> None:
    """SQLite takes a limited file for a failing disk, at whatever write the limit is met."""
    told = [run(*REGISTERING, limit=limit) for limit in (0, 9_000)]
    assert [said.returncode for said in told] == [Exit.UNEXPECTED] * 2
    assert all(any(words in said.stderr for words in (FULL, BROKEN)) for said in told), told
    assert not any("Traceback" in said.stderr for said in told)
    assert sizes(data) == 1
    assert run(*REGISTERING).returncode == Exit.OK
    assert run(*REGISTERING).returncode == Exit.OK
    assert sizes(data) == 2


@pytest.mark.slow
@pytest.mark.parametrize("at", [3, 12])
def test_a_full_disk_is_named(run: Run, data: Path, library: Library, checkout: Path, at: int) -> None:
    environment = watched(data.parent, library("watched_disk"), checkout)
    said = run(*REGISTERING, **environment, STARLEDGER_DISK_FULL_AT=str(at))
    assert (said.returncode, FULL in said.stderr) == (Exit.UNEXPECTED, True), said.stderr
    assert "Traceback" not in said.stderr
    assert run(*REGISTERING).returncode == Exit.OK
    assert sizes(data) == 2
