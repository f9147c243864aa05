"""A process that signs over a socket, and one that asks it: each under whatever user it is told to be.

    python signer_process.py serve HOME SOCKET USER ALLOWED MODE PLACE
    python signer_process.py ask SOCKET USER LETTERS

`serve` says `ready` once it listens. MODE `sound` is the product; `forgetful` remembers nothing and signs whatever it
is shown, and `trusting` lets in any user: the controls. At PLACE (`-` for none) it dies. `ask` shows the facts LETTERS
and prints what comes of it. USER `-` stays who one is; ALLOWED are user ids with commas between them, or `-`.
"""

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from ledger import signer_serving
from ledger.checkpoint import TreeHead
from ledger.key_folder import WillNotSign
from ledger.signer import Signer
from ledger.signer_asked import AskedSigner
from tests.ledger.signing import Told

DIED = 9


class Forgetful(Signer):
    """Signs what it is shown, whatever it signed before."""

    def extend(self, old: int, head: TreeHead, proof: Sequence[bytes]) -> bytes:
        """Sign."""
        del old, proof
        key = self._key()
        return self._signed(key, b"", TreeHead(head.origin, -1, b""), head)


def trust_anybody(line: socket.socket, allowed: frozenset[int]) -> bool:
    """Return that whoever asks may."""
    del line, allowed
    return True


def become(user: str) -> None:
    """Become another user, for good."""
    if user != "-":
        os.setgroups([])
        os.setgid(int(user))
        os.setuid(int(user))


def serve(home: str, path: str, user: str, allowed: str, mode: str, place: str) -> None:
    """Sign over the socket until killed."""

    def failpoint(name: str) -> None:
        if name == place:
            os._exit(DIED)

    become(user)
    if mode == "trusting":
        signer_serving.is_allowed = trust_anybody
    signer = (Forgetful if mode == "forgetful" else Signer)(Path(home), failpoint)
    may = frozenset(int(each) for each in allowed.split(",") if each != "-")
    with signer_serving.listening(Path(path), may) as door:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        signer_serving.serve(door, signer, may)


def ask(path: str, user: str, letters: str) -> None:
    """Ask for a signature over these facts, once."""
    become(user)
    try:
        AskedSigner(Path(path)).sign(Told(letters))
    except WillNotSign as why:
        sys.stdout.write(f"{type(why).__name__}\n")
    else:
        sys.stdout.write("signed\n")


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(*sys.argv[2:])
    else:
        ask(*sys.argv[2:])
