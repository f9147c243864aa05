r"""A witness: cosigns a log's checkpoint after it has seen that it extends the one before (c2sp.org/tlog-witness).

    request    "old " size "\n" [base64 hash "\n"]… "\n" checkpoint            a consistency proof from what is known
    answer     200 and the witness's line · 409 and the size that is known · 400, 403, 404, 422 as the protocol says

Another organisation runs it, under a key of its own. A log cannot get cosignatures under two histories from one
witness: what was cosigned last is kept before the line is given out, and the next checkpoint must extend it.

    FOLDER/signing.key, verifier.key       the witness's own (ledger.key_folder)
    FOLDER/logs                            the public keys of the logs it knows, a line each; the name is the origin
    FOLDER/seen-<sha256 of origin>         the newest checkpoint of a log, with the cosignature given for it
    FOLDER/refused-<sha256 of request>     signed requests that contradict it: evidence against the log, at most a few
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from domain.text import Text
from ledger import tree
from ledger.checkpoint import SignedHead, TreeHead, open_checkpoint
from ledger.cosignature import WitnessSigningKey, with_cosignatures
from ledger.failpoints import Failpoint, never
from ledger.key_folder import KeyFolder, WillNotSign
from ledger.note import (
    SEED_BYTES,
    MalformedNote,
    UnverifiedNote,
    VerifierKey,
    from_base64,
    parse_note,
    sign_note,
    to_base64,
)

LOGS, SEEN, REFUSED = "logs", "seen-", "refused-"
MOST_HASHES = 63
MOST_REFUSED = 20
SIZE_TYPE = "text/x.tlog.size"
PLAIN = "text/plain; charset=utf-8"
OK, BAD, FORBIDDEN, UNKNOWN, CONFLICT, INCONSISTENT = 200, 400, 403, 404, 409, 422


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers: an HTTP status, and the body with its type."""

    status: int
    body: bytes = b""
    content_type: str = PLAIN


@dataclass(frozen=True, slots=True)
class Request:
    """A checkpoint handed in, with the proof that it extends the one of `old` facts."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def as_bytes(self) -> bytes:
        """Return the body of the request."""
        lines = (f"old {self.old}", *map(to_base64, self.proof), "")
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, body: bytes) -> "Request":
        """Return the request that a body is; `MalformedNote` where it is none."""
        head, parted, checkpoint = body.partition(b"\n\n")
        try:
            first, *hashes = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise MalformedNote(str(error)) from None
        word, _, size = first.partition(" ")
        if not parted or word != "old" or not size.isdigit() or str(int(size)) != size or len(hashes) > MOST_HASHES:
            message = "no old size, proof and checkpoint"
            raise MalformedNote(message)
        proof = tuple(map(from_base64, hashes))
        if any(len(each) != tree.HASH_BYTES for each in proof):
            message = "a hash of another length"
            raise MalformedNote(message)
        return cls(int(size), proof, checkpoint)


class Witness:
    """A witness's key with what it has seen, in a folder of its own."""

    def __init__(self, folder: Path, now: Callable[[], datetime], failpoint: Failpoint = never) -> None:
        """Cosign with what lies in `folder`, or will, at the time that `now` tells."""
        self.folder = KeyFolder(folder, WitnessSigningKey, failpoint)
        self._now = now

    def be_born(self, name: str) -> VerifierKey:
        """Make key and folder under a name; `FileExistsError` where there are some, `MalformedNote` for a bad name."""
        key = WitnessSigningKey(name, secrets.token_bytes(SEED_BYTES))
        sign_note("a name is a name only where its line can be read back\n", key)
        self.folder.be_born(key, {LOGS: b""})
        return key.verifier

    def verifier(self) -> VerifierKey:
        """Return the public key; `KeyUnusable` where there is none that may be used."""
        return self.folder.key().verifier

    def trust(self, log: VerifierKey) -> None:
        """Cosign the checkpoints of a log from now on; one that is known already stays as it is."""
        with self.folder.locked():
            if log not in (known := self.logs()):
                lines = "".join(f"{key}\n" for key in (*known, log))
                self.folder.keep(LOGS, lines.encode())

    def logs(self) -> list[VerifierKey]:
        """Return the public keys of the logs it knows."""
        said = (self.folder.path / LOGS).read_text(encoding="utf-8")
        return [VerifierKey.parse(line) for line in said.splitlines()]

    def seen(self, origin_hash: str) -> bytes | None:
        """Return the newest checkpoint cosigned of the log whose origin has this SHA-256 (hex), None without one."""
        if len(origin_hash) != len(sha256().hexdigest()) or not origin_hash.isalnum():
            return None
        try:
            return (self.folder.path / f"{SEEN}{origin_hash}").read_bytes()
        except FileNotFoundError:
            return None

    def add_checkpoint(self, body: bytes) -> Answer:
        """Return the cosignature of a checkpoint that extends what was seen of its log, else why there is none."""
        try:
            request = Request.parse(body)
            origin = TreeHead.parse(parse_note(request.checkpoint).text).origin
        except MalformedNote:
            return Answer(BAD)
        keys = [key for key in self.logs() if key.name == origin]
        if not keys:
            return Answer(UNKNOWN)
        try:
            signed = open_checkpoint(request.checkpoint, keys)
        except UnverifiedNote:
            return Answer(FORBIDDEN)
        if request.old > signed.head.size:
            return Answer(BAD)
        with self.folder.locked():
            return self._decided(request, signed, keys)

    def _decided(self, request: Request, signed: SignedHead, keys: Sequence[VerifierKey]) -> Answer:
        head = signed.head
        known = self._newest(head.origin, keys)
        if request.old != known.size:
            return Answer(CONFLICT, f"{known.size}\n".encode(), SIZE_TYPE)
        if not tree.check_tree(known.size, known.root, head.size, head.root, request.proof):
            self._keep_evidence(request)
            return Answer(INCONSISTENT)
        line = self.folder.key().cosign(head.text(), self._now())
        cosigned = with_cosignatures(signed.note.as_bytes(), [line])
        self.folder.keep(_seen_name(head.origin), cosigned)
        return Answer(OK, line.line().encode())

    def _newest(self, origin: str, keys: Sequence[VerifierKey]) -> TreeHead:
        """Return the newest checkpoint seen of a log, that of an empty one at first; `WillNotSign` if it is damaged."""
        kept = self.folder.path / _seen_name(origin)
        if not kept.exists():
            return TreeHead(origin, 0, tree.EMPTY_ROOT)
        try:
            return open_checkpoint(kept.read_bytes(), keys).head
        except (MalformedNote, UnverifiedNote):
            raise WillNotSign(_damaged(kept)) from None

    def _keep_evidence(self, request: Request) -> None:
        if sum(1 for _ in self.folder.path.glob(f"{REFUSED}*")) < MOST_REFUSED:
            body = request.as_bytes()
            self.folder.keep(f"{REFUSED}{sha256(body).hexdigest()}", body)


def origin_hash(origin: str) -> str:
    """Return how a witness's address names a log: the SHA-256 of its origin, in hex."""
    return sha256(origin.encode()).hexdigest()


def _seen_name(origin: str) -> str:
    return f"{SEEN}{origin_hash(origin)}"


def _damaged(path: Path) -> Text:
    return Text(
        f"见证人记录的检查点 {path} 已被改动，无从得知见过什么；请从备份恢复该文件后再见证。",
        f"The checkpoint {path} that the witness remembers is altered, so nobody knows what it has seen; restore it.",
    )
