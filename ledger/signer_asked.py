r"""A signer in another process, under another user: what it is asked over a socket of this machine, and by whom.

Each connection carries one line of JSON each way.

    {"ask": "state"}                                                what was signed last, the keys, the witnesses
    {"ask": "extend", "old": N, "head": TEXT, "proof": [BASE64…]}   sign TEXT, an unsigned checkpoint that extends N
    {"ask": "keep-cosigned", "checkpoint": NOTE}                    keep what was signed last with its cosignatures
    {"ask": "add-witness", "witness": "URL VKEY"}                   name this witness from now on

    {"last": NOTE, "last_signed": NOTE, "keys": […], "witnesses": […], "handed_out": {NAME: TEXT}}
    {"signed": NOTE} · {"done": true} · {"not_the_last": N} · {"refused": {"zh", "en"}, "unusable": BOOL}

The process trusts nobody who asks: it checks the proof itself, against what it remembers, and no question makes it sign
anything else. Making a new key is not asked for here; its own user does that (`starledger signer rotate`).
"""

import contextlib
import json
import socket
from pathlib import Path
from typing import Any

from domain.text import Text
from ledger.checkpoint import TreeHead, open_checkpoint
from ledger.key_folder import KeyUnusable, WillNotSign
from ledger.note import MalformedNote, UnverifiedNote, VerifierKey, to_base64
from ledger.signer import Log, extension
from ledger.witnesses import Address

MOST_BYTES = 1 << 20
SECONDS = 10
QUICK_SECONDS = 1
TRIES = 5


class SignerGone(KeyUnusable):
    """The process that signs does not answer, or not as one that signs."""


class AskedSigner:
    """A signer behind a socket. What it is asked for is what `ledger.signer.Signer` does in this process."""

    def __init__(self, path: Path) -> None:
        """Ask whoever listens at `path`."""
        self._path = path

    def is_born(self) -> bool:
        """Return True: a process without a key does not listen."""
        return True

    def available(self) -> bool:
        """Return whether it answers within a second."""
        try:
            self._state(QUICK_SECONDS)
        except WillNotSign:
            return False
        return True

    def keys(self) -> list[VerifierKey]:
        """Return its public keys, the one that signs first; `SignerGone` where it does not answer."""
        return self._keys(self._state())

    def last(self) -> TreeHead:
        """Return what was signed last."""
        return self._last(self._state())

    def last_signed(self) -> bytes:
        """Return what was signed last, with the cosignatures it has."""
        return str(self._state()["last_signed"]).encode()

    def sign(self, log: Log) -> bytes:
        """Return a signed checkpoint over all facts; `WillNotSign` unless they extend what was signed last."""
        for _ in range(TRIES):
            state = self._state()
            last = self._last(state)
            head, proof = extension(log, last)
            question = {"ask": "extend", "old": last.size, "head": head.text(), "proof": list(map(to_base64, proof))}
            answer = self._ask(question)
            if "not_the_last" not in answer:
                return self._fitting(answer, head, state)
        raise SignerGone(_busy(self._path))

    def keep_cosigned(self, cosigned: bytes) -> None:
        """Have it keep what was signed last with its cosignatures."""
        self._ask({"ask": "keep-cosigned", "checkpoint": cosigned.decode()})

    def witnesses(self) -> list[Address]:
        """Return whom to ask for cosignatures."""
        return [Address.parse(line) for line in self._state()["witnesses"]]

    def ask_from_now_on(self, witness: Address) -> None:
        """Have it name this witness, too."""
        self._ask({"ask": "add-witness", "witness": str(witness)})

    def handed_out(self) -> tuple[tuple[str, bytes], ...]:
        """Return (name, content) of the notes and the public keys that there are."""
        return tuple((name, str(words).encode()) for name, words in self._state()["handed_out"].items())

    def _state(self, seconds: float = SECONDS) -> dict[str, Any]:
        state = self._ask({"ask": "state"}, seconds)
        if not {"last", "last_signed", "keys", "witnesses", "handed_out"} <= state.keys():
            raise SignerGone(_nonsense(self._path))
        return state

    def _keys(self, state: dict[str, Any]) -> list[VerifierKey]:
        try:
            return [VerifierKey.parse(line) for line in state["keys"]]
        except MalformedNote:
            raise SignerGone(_nonsense(self._path)) from None

    def _last(self, state: dict[str, Any]) -> TreeHead:
        return self._opened(str(state["last"]), state)

    def _fitting(self, answer: dict[str, Any], head: TreeHead, state: dict[str, Any]) -> bytes:
        """Return what was signed, if it is what was asked for and bears the key that the signer said was its own."""
        signed = str(answer.get("signed", ""))
        if self._opened(signed, state) != head:
            raise SignerGone(_nonsense(self._path))
        return signed.encode()

    def _opened(self, note: str, state: dict[str, Any]) -> TreeHead:
        try:
            return open_checkpoint(note.encode(), self._keys(state)).head
        except (MalformedNote, UnverifiedNote):
            raise SignerGone(_nonsense(self._path)) from None

    def _ask(self, question: dict[str, Any], seconds: float = SECONDS) -> dict[str, Any]:
        try:
            with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as line:
                line.settimeout(seconds)
                line.connect(str(self._path))
                line.sendall(json.dumps(question).encode() + b"\n")
                answer = json.loads(read_line(line))
        except (OSError, ValueError) as error:
            raise SignerGone(_gone(self._path, error)) from None
        if not isinstance(answer, dict):
            raise SignerGone(_nonsense(self._path))
        refused = answer.get("refused")
        if isinstance(refused, dict):
            why = Text(str(refused.get("zh")), str(refused.get("en")))
            raise KeyUnusable(why) if answer.get("unusable") else WillNotSign(why)
        return answer


def read_line(line: socket.socket) -> bytes:
    """Return one line; ValueError where it breaks off or is too long, OSError where nothing comes in time."""
    read = b""
    while not read.endswith(b"\n"):
        piece = line.recv(65_536)
        read += piece
        if not piece or len(read) > MOST_BYTES:
            message = "no whole line"
            raise ValueError(message)
    return read


def _gone(path: Path, error: Exception) -> Text:
    return Text(
        f"签署进程没有应答（{path}：{error}）；账本照常可读。请启动 starledger signer serve 后重试。",
        f"The signer does not answer at {path} ({error}); the ledger can be read all the same. "
        "Start starledger signer serve, then retry.",
    )


def _nonsense(path: Path) -> Text:
    return Text(
        f"{path} 的应答不是签署进程的应答；请核对 STARLEDGER_SIGNER。",
        f"What answers at {path} is no signer of this ledger; check STARLEDGER_SIGNER.",
    )


def _busy(path: Path) -> Text:
    return Text(
        f"签署进程（{path}）一直在为别的请求签署；请稍后重试。",
        f"The signer at {path} keeps signing for others; try again later.",
    )
