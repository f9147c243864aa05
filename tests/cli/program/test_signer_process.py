"""The program asks a signer in another process, and says so where that is gone."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.exits import Exit
from cli.settings import settings
from cli.web import checks
from cli.wiring import installation
from tests.cli.program.test_checkpoint_command import House

Program = Callable[..., tuple[int, str, str]]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no Unix sockets here")


class Apart(House):
    """A house whose signer is a process of its own."""

    def __init__(self, folder: Path, program: Program, checkout: Path) -> None:
        """Make the signer's folder, then start the process."""
        super().__init__(folder, program)
        self.keys, self.socket, self._checkout = folder / "keys" / "main", folder / "s", checkout
        self.run("signer", "init", "--origin", "example.org/ledger", "--folder", self.keys)
        self.process = self.start()

    def start(self) -> "subprocess.Popen[str]":
        """Start the process; return it once it listens."""
        words = ["--data", self.data, "--lang", "en", "signer", "serve", "--socket", self.socket, "--folder", self.keys]
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *map(str, words)],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(self._checkout)},
            cwd=self._checkout,
        )
        assert process.stderr is not None
        assert process.stderr.readline() == f"The signer listens at {self.socket}.\n"
        return process

    def stop(self) -> int:
        """Stop the process as an operator does; return how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self) -> int:
        """Wait for the process; return how it ended."""
        if self.process.stderr is not None:
            self.process.stderr.close()
        return self.process.wait()


@pytest.fixture
def apart(program: Program, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    with tempfile.TemporaryDirectory(prefix="apart-") as folder:  # the name of a socket has to be short
        house = Apart(Path(folder), program, checkout)
        monkeypatch.setenv("STARLEDGER_SIGNER", f"unix:{house.socket}")
        yield house
        house.process.kill()
        house.end()


def test_the_program_asks_the_process_and_goes_on_reading_without_it(apart: Apart) -> None:
    apart.grow(2)
    first = apart.keep("first.checkpoint")
    assert first.read_text(encoding="utf-8").startswith("example.org/ledger\n3\n")
    assert apart.vkey() == apart.run("signer", "key", "--folder", apart.keys)[0].strip()
    apart.run("verify", "--checkpoint", first)
    apart.run("receipt", "--position", 3)
    archive = apart.folder / "archive.zip"
    apart.run("export", archive)
    apart.run("verify-archive", archive, "--checkpoint", first)
    apart.run("checkpoint", "--origin", "example.org/other", expected=Exit.CONFLICT)
    assert (apart.stop(), apart.socket.exists()) == (Exit.OK, False)

    _, said = apart.run("checkpoint", expected=Exit.REFUSED)
    assert f"The signer does not answer at {apart.socket}" in said
    apart.run("receipt", "--position", 3, expected=Exit.REFUSED)
    apart.run("history")
    apart.grow(1)
    apart.run("export", archive)
    apart.run("verify", "--checkpoint", first, "--key", (apart.keys / "verifier.key").read_text().strip())
    apart.process = apart.start()
    apart.keep("second.checkpoint")


@pytest.mark.parametrize("required", [True, False])
def test_the_server_records_nothing_without_the_signer_where_that_is_required(
    apart: Apart, monkeypatch: pytest.MonkeyPatch, *, required: bool
) -> None:
    monkeypatch.setenv("STARLEDGER_REQUIRE_SIGNER", str(int(required)))
    with installation(settings(apart.data, None, None)) as installed:
        assert [found for check in checks(installed) if (found := check()) is not None] == []
        apart.stop()
        codes = [found.code for check in checks(installed) if (found := check()) is not None]
    assert codes == (["signer-gone"] if required else [])


def test_an_old_copy_of_the_ledger_is_refused_by_the_process(apart: Apart) -> None:
    apart.grow(1)
    copy = (apart.data / "ledger.db").read_bytes()
    apart.grow(2)
    apart.keep("first.checkpoint")
    for path in apart.data.glob("ledger.db*"):
        path.unlink()
    (apart.data / "ledger.db").write_bytes(copy)
    _, said = apart.run("checkpoint", expected=Exit.VIOLATED)
    assert "an older copy was restored" in said


def test_a_process_is_not_started_where_its_folder_is_not_its_own(house_alone: House) -> None:
    keys, socket = house_alone.folder / "keys" / "main", house_alone.folder / "s"
    serve = ("signer", "serve", "--socket", socket, "--folder")
    house_alone.run(*serve, keys, expected=Exit.REFUSED)
    house_alone.run("signer", "init", "--origin", "example.org/ledger", "--folder", keys)
    house_alone.run("signer", "init", "--origin", "example.org/ledger", "--folder", keys, expected=Exit.CONFLICT)
    keys.chmod(0o755)
    assert "chmod 700" in house_alone.run(*serve, keys, expected=Exit.REFUSED)[1]
    inside = house_alone.data / "keys"
    house_alone.run("signer", "init", "--origin", "example.org/ledger", "--folder", inside)
    assert "inside the data directory" in house_alone.run(*serve, inside, expected=Exit.REFUSED)[1]
    house_alone.run("signer", "init", "--origin", "a b", "--folder", keys.with_name("other"), expected=Exit.USAGE)


@pytest.fixture
def house_alone(tmp_path: Path, program: Program) -> House:
    return House(tmp_path, program)


def test_a_folder_has_to_be_named_where_the_settings_name_a_process(
    house_alone: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STARLEDGER_SIGNER", "unix:/nowhere")
    house_alone.run("signer", "rotate", expected=Exit.USAGE)
    monkeypatch.delenv("STARLEDGER_SIGNER")
    house_alone.run("signer", "rotate", expected=Exit.NOT_FOUND)
    house_alone.run("signer", "key", expected=Exit.NOT_FOUND)
