"""Runs a program whose disk is recorded, and gives the record."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.ledger.faults.power_cut import Change, Disk, changes_in


def watched(folder: Path, library: Path, checkout: Path) -> dict[str, str]:
    """Return the environment of a program that is watched in `folder`/disk; its record is `folder`/record."""
    (folder / "disk").mkdir(parents=True, exist_ok=True)
    (folder / "record").touch()
    return {
        **os.environ,
        "PYTHONPATH": str(checkout),
        "LD_PRELOAD": str(library),
        "STARLEDGER_DISK": str(folder / "disk"),
        "STARLEDGER_DISK_LOG": str(folder / "record"),
    }


def recorded(folder: Path, library: Path, checkout: Path, program: Path, words: Sequence[str]) -> list[Change]:
    """Run `program` with `words` and return what it did below `folder`/disk, which is empty when it begins."""
    subprocess.run([sys.executable, program, *words], env=watched(folder, library, checkout), check=True)
    return list(changes_in(folder / "record"))


def empty_disk(known_as: Path) -> Disk:
    """Return a disk on which the folder that the record calls `known_as` is still empty."""
    with tempfile.TemporaryDirectory() as empty:
        return Disk(Path(empty), known_as)
