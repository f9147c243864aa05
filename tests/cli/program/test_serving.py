"""A real server: it follows what others record, ends in good order when told to, and serves in several processes."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

Program = Callable[..., tuple[int, str, str]]
STARTER = "import sys; from cli.main import main; sys.exit(main())"
PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.1


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(data: Path, *more: str, environment: Mapping[str, str] | None = None) -> Iterator[tuple[Any, int]]:
    """Serve a data directory; give the process and its port. It is ended by us, if it has not ended by itself."""
    port = a_free_port()
    words = [sys.executable, "-c", STARTER, "--data", str(data), "serve", "--port", str(port), *more]
    with subprocess.Popen(words, env={**os.environ, **(environment or {})}, stderr=subprocess.PIPE) as process:
        try:
            until_true(lambda: asked(port, "healthz") is not None or process.poll() is not None)
            yield process, port
        finally:
            if process.poll() is None:
                process.kill()


def asked(port: int, path: str) -> Any:  # noqa: ANN401 - whatever is answered
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def until_true(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail where it does not for a long time."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(LOOK_SECONDS)


def up_to_date(port: int, size: int) -> bool:
    said = asked(port, "readyz")
    return said is not None and all(view["position"] == size for view in said["views"].values())


def found_branch(program: Program, data: Path, branch: str) -> None:
    words = ("found-branch", "--branch", branch, "--title", branch, "--on", "2024-01-01", "--as", "registrar")
    code, _, said = program("--data", data, *words)
    assert code == 0, said


@pytest.mark.slow
def test_the_server_follows_what_others_record_and_ends_in_good_order(
    program: Program, opened: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(opened, tmp_path / "data"))
    with serving(data) as (process, port):
        size = asked(port, "readyz")["size"]
        until_true(lambda: up_to_date(port, size))
        found_branch(program, data, "b9")
        until_true(lambda: up_to_date(port, size + 1))
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read().decode()
        assert process.wait(PATIENCE_SECONDS) in (0, -signal.SIGTERM), said
        assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.postgres
def test_several_processes_serve_one_ledger_on_postgresql(
    program: Program, opened: Path, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(shutil.copytree(opened, tmp_path / "data"))
    monkeypatch.setenv("STARLEDGER_MOVE_TO", postgres_url)
    assert program("--data", data, "move")[0] == 0
    monkeypatch.delenv("STARLEDGER_MOVE_TO")
    monkeypatch.setenv("STARLEDGER_DATABASE_URL", postgres_url)
    with serving(data, "--workers", "2") as (process, port):
        size = asked(port, "readyz")["size"]
        found_branch(program, data, "b9")
        until_true(lambda: up_to_date(port, size + 1))
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) in (0, -signal.SIGTERM), process.stderr.read().decode()


def test_sqlite_is_served_by_one_process(program: Program, opened: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(opened, tmp_path / "data"))
    assert program("--data", data, "serve", "--workers", "2")[0] == 2
