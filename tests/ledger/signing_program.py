"""A process that signs for as long as it lives: forked anew for every kill.

    python signing_program.py DIRECTORY MODE

Reads `NUMBER LETTERS` from stdin and forks a child, which shows the signer these facts and one more of its own at every
step. On stdout, one line at a time: `pid N`, `shown LETTERS`, `given BASE64`, `dead N`. MODE `sound` says `given` when
the signer has answered; the controls are `hasty`, which says so before the checkpoint is kept, and `torn`, which writes
over the last checkpoint in place.
"""

import os
import sys
import time
from base64 import b64encode
from pathlib import Path
from typing import NoReturn

from ledger.signer import LAST, Signer
from tests.ledger.signing import Told

FIRST_LETTER = 0x4E00


def say(*words: object) -> None:
    """Write one line in one piece (the pipe outlives whoever is killed)."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


class Hasty(Signer):
    """Gives a checkpoint out, then keeps it."""

    def _keep(self, signed: bytes) -> None:
        say("given", b64encode(signed).decode())
        super()._keep(signed)


class Torn(Signer):
    """Writes the last checkpoint over the one before."""

    def _keep(self, signed: bytes) -> None:
        with (self.directory / LAST).open("r+b") as file:
            for part in (signed[:40], signed[40:]):
                file.write(part)
                file.flush()
                os.fsync(file.fileno())
                time.sleep(0.002)


MODES = {"sound": Signer, "hasty": Hasty, "torn": Torn}


def sign_for_ever(home: Path, mode: str, own: str, letters: str) -> NoReturn:
    """Show one more fact at every step, until killed."""
    signer = MODES[mode](home)
    while True:
        letters += own
        say("shown", letters)
        signed = signer.sign(Told(letters))
        if mode != "hasty":
            say("given", b64encode(signed).decode())


def main() -> None:
    """Fork a child for every line on stdin, and wait for its end."""
    _program, directory, mode = sys.argv
    for line in sys.stdin:
        number, _, letters = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            say("pid", os.getpid())
            sign_for_ever(Path(directory), mode, chr(FIRST_LETTER + int(number)), letters)
        os.waitpid(child, 0)
        say("dead", child)


if __name__ == "__main__":
    main()
