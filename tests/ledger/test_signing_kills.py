"""Killed at any moment, a signer has never signed two histories of one size, and its last checkpoint is whole.

After every kill somebody puts back as much of the ledger as the last checkpoint allows and lets it grow differently.
"""

import os
import random
import signal
import subprocess
import sys
import time
from base64 import b64decode
from collections import defaultdict
from pathlib import Path
from typing import IO

import pytest

from ledger.checkpoint import TreeHead, open_checkpoint
from ledger.key_folder import WillNotSign
from ledger.note import VerifierKey
from ledger.signer import Signer
from tests.experiments import Notebook
from tests.ledger.proving import SEED, soak
from tests.ledger.signing import head_of

PROGRAM = Path(__file__).with_name("signing_program.py")
PROMISE, WAY, ON = "one checkpoint per size", "kill -9 while signing", "files"
ORIGIN = "example.org/ledger"


class Auditor:
    """Keeps what was given out, and what was shown for it."""

    def __init__(self, home: Path, key: VerifierKey) -> None:
        """Begin with nothing."""
        self._signer, self._key = Signer(home), key
        self._shown: dict[TreeHead, str] = {head_of(ORIGIN, ""): ""}
        self._given: dict[int, set[TreeHead]] = defaultdict(set)
        self.given = self.behind = self.torn = 0
        self.kept = ""

    def hear(self, line: str) -> str:
        """Take a line of the program into account; return its first word."""
        word, rest = line.split()
        if word == "shown":
            self._shown[head_of(ORIGIN, rest)] = rest
        elif word == "given":
            head = open_checkpoint(b64decode(rest), [self._key]).head
            self._given[head.size].add(head)
            self.given += 1
        return word

    def look(self) -> bool:
        """Read the last checkpoint, as somebody does who looks how far the ledger can be put back."""
        try:
            last = self._signer.last()
        except WillNotSign:
            self.torn += 1
            return False
        self.kept = self._shown[last]
        self.behind += last.size < max(self._given, default=0)
        return True

    @property
    def forked(self) -> int:
        """Return for how many sizes there is more than one checkpoint."""
        return sum(len(heads) > 1 for heads in self._given.values())


def kill_often(home: Path, mode: str, kills: int, checkout: Path) -> Auditor:
    """Let children sign, and kill each after a random while."""
    dice, auditor = random.Random(SEED), Auditor(home, Signer(home).be_born(ORIGIN))  # noqa: S311 - the same every time
    command = [sys.executable, str(PROGRAM), str(home), mode]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment, cwd=checkout) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for number in range(kills):
            program.stdin.write(f"{number} {auditor.kept}\n")
            program.stdin.flush()
            _kill_one(program.stdout, auditor, dice.uniform(0, 0.05), answered=number % 4 > 0)
            if not auditor.look():
                break
    return auditor


def _kill_one(said: IO[str], auditor: Auditor, after_seconds: float, *, answered: bool) -> None:
    child = int(said.readline().removeprefix("pid "))
    while answered and auditor.hear(said.readline()) != "given":  # one in four is killed at its first signature
        pass
    time.sleep(after_seconds)
    os.kill(child, signal.SIGKILL)
    while auditor.hear(said.readline()) != "dead":
        pass


def saw(notebook: Notebook, auditor: Auditor, kills: int, words: str = "", *, control: bool = False) -> None:
    figures = {
        "given out": auditor.given,
        "sizes with two checkpoints": auditor.forked,
        "last checkpoint behind": auditor.behind,
        "last checkpoint torn": auditor.torn,
    }
    notebook.saw(PROMISE, WAY + words, on=ON, runs=kills, figures=figures, control=control, seed=SEED)


pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")]


def test_no_kill_makes_a_signer_sign_two_histories_of_one_size(
    tmp_path: Path, checkout: Path, notebook: Notebook
) -> None:
    kills = soak(60)
    auditor = kill_often(tmp_path / "signer", "sound", kills, checkout)
    saw(notebook, auditor, kills)
    assert (auditor.forked, auditor.behind, auditor.torn) == (0, 0, 0)
    assert auditor.given >= kills * 3 // 4


def test_a_signer_that_gives_out_before_it_keeps_would_be_caught(
    tmp_path: Path, checkout: Path, notebook: Notebook
) -> None:
    auditor = kill_often(tmp_path / "signer", "hasty", 60, checkout)
    saw(notebook, auditor, 60, "; given out before it is kept", control=True)
    assert auditor.behind
    assert auditor.forked


def test_a_signer_that_writes_in_place_would_be_caught(tmp_path: Path, checkout: Path, notebook: Notebook) -> None:
    auditor = kill_often(tmp_path / "signer", "torn", 60, checkout)
    saw(notebook, auditor, 60, "; the last checkpoint written in place", control=True)
    assert auditor.torn
