"""The process that signs: it listens on a socket of this machine and signs only what extends what it signed last.

Whoever may ask is told by the operating system (SO_PEERCRED), not by what he says: the process's own user, and the user
ids it was started with. One question is answered after the other, each within a few seconds; what is asked is read in
small. What it says, and how, stands in `ledger.signer_asked`.
"""

import contextlib
import json
import os
import socket
import stat
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from domain.text import Text
from ledger.checkpoint import TreeHead
from ledger.key_folder import KeyUnusable, WillNotSign
from ledger.note import MalformedNote, from_base64
from ledger.signer import NotTheLast, Signer
from ledger.signer_asked import MOST_BYTES
from ledger.witnesses import Address

ANSWER_SECONDS = 5
WAITING = 16
_CREDENTIALS = struct.Struct("3i")
KNOWS_PEERS = hasattr(socket, "SO_PEERCRED")
MALFORMED = (ValueError, TypeError, LookupError, MalformedNote, RecursionError)

Answer = dict[str, Any]


class WillNotServe(Exception):  # noqa: N818 - says what is the case
    """The process does not start; `why` says what has to be otherwise."""

    def __init__(self, why: Text) -> None:
        """Refuse for this reason."""
        self.why = why
        super().__init__(why.en)


def require_private(folder: Path, data: Path) -> None:
    """Raise `WillNotServe` where others may look into the signer's folder, or where it lies inside the data."""
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        raise WillNotServe(_open_folder(folder))
    if folder.resolve().is_relative_to(data.resolve()):
        raise WillNotServe(_inside(folder, data))


@contextmanager
def listening(path: Path, allowed: frozenset[int]) -> Iterator[socket.socket]:
    """Lend a socket that listens at `path`; others than the own user may connect only where some are allowed.

    `WillNotServe` where somebody listens there already, or where the system cannot tell who asks.
    """
    if allowed and not KNOWS_PEERS:
        raise WillNotServe(_NO_PEERS)
    _clear(path)
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as door:
        before = os.umask(0o177)
        try:
            door.bind(str(path))
        finally:
            os.umask(before)
        if allowed:
            path.chmod(0o666)  # who comes in is asked for his user id, see `is_allowed`
        door.listen(WAITING)
        try:
            yield door
        finally:
            path.unlink(missing_ok=True)


def serve(door: socket.socket, signer: Signer, allowed: frozenset[int]) -> None:
    """Answer whoever may ask, one after the other, until stopped."""
    while True:
        line, _ = door.accept()
        with contextlib.closing(line), contextlib.suppress(OSError):
            if is_allowed(line, allowed):
                line.settimeout(ANSWER_SECONDS)
                line.sendall(json.dumps(answer(signer, _question(line)), ensure_ascii=False).encode() + b"\n")


def is_allowed(line: socket.socket, allowed: frozenset[int]) -> bool:
    """Return whether the process at the other end belongs to the own user or to one of those allowed."""
    if not KNOWS_PEERS:
        return True  # the socket's mode lets in nobody else
    _, user, _ = _CREDENTIALS.unpack(line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return user in {os.geteuid(), *allowed}


def answer(signer: Signer, asked: bytes) -> Answer:
    """Return the answer to one line, whatever it is."""
    try:
        question = json.loads(asked)
        return _KINDS[question["ask"]](signer, question)
    except NotTheLast as where:
        return {"not_the_last": where.size}
    except WillNotSign as refusal:
        return _refused(refusal.why, unusable=isinstance(refusal, KeyUnusable))
    except MALFORMED:
        return _refused(_NO_QUESTION, unusable=True)


def _state(signer: Signer, _question: Answer) -> Answer:
    signer.last()  # refuses where what was signed last cannot be known
    handed_out = {name: content.decode() for name, content in signer.handed_out()}
    return {
        "last": handed_out["last.checkpoint"],
        "last_signed": signer.last_signed().decode(),
        "keys": list(map(str, signer.keys())),
        "witnesses": list(map(str, signer.witnesses())),
        "handed_out": handed_out,
    }


def _extend(signer: Signer, question: Answer) -> Answer:
    head, proof = TreeHead.parse(str(question["head"])), [from_base64(str(each)) for each in question["proof"]]
    return {"signed": signer.extend(int(question["old"]), head, proof).decode()}


def _keep_cosigned(signer: Signer, question: Answer) -> Answer:
    signer.keep_cosigned(str(question["checkpoint"]).encode())
    return {"done": True}


def _add_witness(signer: Signer, question: Answer) -> Answer:
    signer.ask_from_now_on(Address.parse(str(question["witness"])))
    return {"done": True}


_KINDS: dict[str, Callable[[Signer, Answer], Answer]] = {
    "state": _state,
    "extend": _extend,
    "keep-cosigned": _keep_cosigned,
    "add-witness": _add_witness,
}


def _question(line: socket.socket) -> bytes:
    """Return one line; what comes of it where it is late, too long or not there is told as any nonsense is."""
    read, until = b"", time.monotonic() + ANSWER_SECONDS
    while not read.endswith(b"\n") and len(read) <= MOST_BYTES and time.monotonic() < until:
        piece = line.recv(65_536)
        if not piece:
            break
        read += piece
    return read


def _clear(path: Path) -> None:
    """Take away the socket of a process that was killed."""
    if not path.is_socket():
        return
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as line:
        line.settimeout(1)
        try:
            line.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise WillNotServe(_taken(path))


def _refused(why: Text, *, unusable: bool) -> Answer:
    return {"refused": {"zh": why.zh, "en": why.en}, "unusable": unusable}


_NO_QUESTION = Text("签署进程听不懂这个请求。", "That is no question for a signer.")
_NO_PEERS = Text(
    "本系统无法得知套接字另一端是谁；请去掉 --allow，由同一用户运行。",
    "This system cannot tell who is at the other end of a socket; leave --allow out and run both as one user.",
)


def _open_folder(folder: Path) -> Text:
    return Text(
        f"目录 {folder} 可被他人查看；请改为仅签署用户可用（chmod 700）。",
        f"Others can look into {folder}; make it its owner's alone (chmod 700).",
    )


def _inside(folder: Path, data: Path) -> Text:
    return Text(
        f"签署目录 {folder} 在数据目录 {data} 之内，会随备份一起恢复；请移到别处。",
        f"The signer's folder {folder} lies inside the data directory {data} and would be restored with it; move it.",
    )


def _taken(path: Path) -> Text:
    return Text(f"{path} 上已有进程在签署。", f"A process listens at {path} already.")
