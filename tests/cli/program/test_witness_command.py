"""Two installations in processes of their own: one signs, the other cosigns, and a fork gets no cosignature."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.program.test_checkpoint_command import House, Program

NAME = "audit.example.org/witness"


@pytest.fixture
def house(tmp_path: Path, program: Program) -> House:
    return House(tmp_path / "house", program)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "witness"


@pytest.fixture
def url(house: House, folder: Path, program: Program) -> Iterator[str]:
    """Run a witness that knows the house's log in a process of its own."""
    house.grow(3)
    house.run("checkpoint")
    program("witness", "init", "--name", NAME, "--folder", folder)
    program("witness", "trust", house.vkey(), "--folder", folder)
    port = free_port()
    words = ["witness", "serve", "--port", str(port), "--folder", str(folder)]
    running = subprocess.Popen(
        [sys.executable, "-c", "import sys; from cli.main import main; sys.exit(main())", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, running: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert running.poll() is None, "the witness ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the witness did not begin to answer")


def key_of(program: Program, folder: Path) -> str:
    _, said, _ = program("witness", "key", "--folder", folder)
    return said.strip()


def test_a_checkpoint_gets_the_others_cosignature_and_a_fork_does_not(
    house: House, url: str, folder: Path, program: Program
) -> None:
    key = key_of(program, folder)
    backup = house.folder / "backup"
    shutil.copytree(house.data, backup / "data")
    shutil.copytree(house.folder / "data-signer", backup / "data-signer")
    house.grow(2)
    said, _ = house.run("checkpoint", "--add-witness", f"{url} {key}")
    assert f"— {NAME} " in said
    kept = house.folder / "kept.txt"
    kept.write_text(said, encoding="utf-8")

    shown, _ = house.run("verify", "--checkpoint", kept, "--witness-key", key)
    assert f"cosigned by {NAME} at " in shown
    alone, _ = house.run("checkpoint", "--alone")
    (house.folder / "alone.txt").write_text(alone, encoding="utf-8")
    told, _ = house.run(
        "verify", "--checkpoint", house.folder / "alone.txt", "--witness-key", key, expected=Exit.INCOMPLETE
    )
    assert "No trusted witness has cosigned" in told

    # An older copy is put back with the signer's directory, which the signer alone cannot find; it grows differently.
    for name in ("data", "data-signer"):
        shutil.rmtree(house.folder / name)
        shutil.copytree(backup / name, house.folder / name)
    _, complained = house.run("checkpoint", "--add-witness", f"{url} {key}", expected=Exit.VIOLATED)
    assert "tail was cut off" in complained
    house.grow(3)
    _, complained = house.run("checkpoint", expected=Exit.VIOLATED)
    assert "not those it has seen" in complained
    assert list(folder.glob("refused-*"))


def test_a_witness_that_is_gone_leaves_a_signed_checkpoint_and_says_so(
    house: House, folder: Path, program: Program
) -> None:
    house.grow(1)
    _, key, _ = program("witness", "init", "--name", NAME, "--folder", folder)
    said, complained = house.run(
        "checkpoint", "--add-witness", f"http://127.0.0.1:{free_port()} {key.strip()}", expected=Exit.INCOMPLETE
    )
    assert said.startswith("starledger/")
    assert "try later" in complained


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("witness", "key"), Exit.NOT_FOUND),
        (("witness", "trust", "nonsense"), Exit.USAGE),
        (("witness", "serve"), Exit.NOT_FOUND),
        (("witness", "init", "--name", "two words"), Exit.USAGE),
    ],
)
def test_what_cannot_be_is_said_with_its_code(
    program: Program, folder: Path, words: tuple[str, ...], code: Exit
) -> None:
    ended, said, complained = program("--lang", "zh", *words, "--folder", folder)
    assert (ended, said) == (code, "")
    assert complained


def test_there_is_one_witness_in_a_folder(program: Program, folder: Path) -> None:
    program("witness", "init", "--name", NAME, "--folder", folder)
    assert program("witness", "init", "--name", NAME, "--folder", folder)[0] == Exit.CONFLICT
