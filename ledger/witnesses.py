"""Asking witnesses for their cosignatures under a checkpoint, over HTTP (c2sp.org/tlog-witness).

A witness is believed in nothing but its own signature: its answer is read in small, and lines that do not fit are
passed over. What it knows of the log it says itself (409), and the proof is made from there.
"""

import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.text import Text
from ledger.checkpoint import TreeHead
from ledger.cosignature import WitnessKey, lines_of, with_cosignatures
from ledger.note import MalformedNote, Signature, parse_note
from ledger.witness import CONFLICT, INCONSISTENT, OK, Answer, Request

SECONDS = 10
MOST_ANSWERED = 65_536
TRIES = 3
SCHEMES = ("http://", "https://")

Prove = Callable[[int], tuple[bytes, ...]]
"""Returns the proof that the checkpoint's facts begin with the first so many; ValueError where they cannot."""
Post = Callable[[str, bytes], Answer]
"""Sends a body to an address; returns what was answered, OSError where nothing was."""


class NotCosigned(Exception):  # noqa: N818 - says what is the case
    """A witness did not cosign; `against` where it has seen another history."""

    def __init__(self, why: Text, *, against: bool = False) -> None:
        """Say why."""
        super().__init__(why.en)
        self.why = why
        self.against = against


@dataclass(frozen=True, slots=True)
class Address:
    """Where a witness is asked, and the key by which it is believed."""

    url: str
    key: WitnessKey

    def __str__(self) -> str:
        """Return the line that a list of witnesses keeps."""
        return f"{self.url} {self.key}"

    @classmethod
    def parse(cls, line: str) -> "Address":
        """Return the address that a line is; `MalformedNote` where it is none."""
        url, _, vkey = line.strip().partition(" ")
        if not url.startswith(SCHEMES):
            message = "no http address before the key"
            raise MalformedNote(message)
        return cls(url.rstrip("/"), WitnessKey.parse(vkey.strip()))


def cosigned(checkpoint: bytes, witnesses: Sequence[Address], prove: Prove) -> tuple[bytes, list[NotCosigned]]:
    """Return the checkpoint with every cosignature that could be had, and why each other one is missing."""
    missing: list[NotCosigned] = []
    for witness in witnesses:
        try:
            checkpoint = with_cosignatures(checkpoint, ask(witness, checkpoint, prove))
        except NotCosigned as why:
            missing.append(why)
    return checkpoint, missing


def ask(witness: Address, checkpoint: bytes, prove: Prove, post: Post | None = None) -> tuple[Signature, ...]:
    """Return a witness's lines under a checkpoint; `NotCosigned` where it gives none that fits."""
    text = parse_note(checkpoint).text
    size, old = TreeHead.parse(text).size, 0
    for _ in range(TRIES):
        answer = _answered(witness, Request(old, prove(old), checkpoint), post or post_over_http)
        if answer.status == OK:
            return _lines(witness, answer, text)
        if answer.status == INCONSISTENT:
            raise NotCosigned(_another_history(witness, old), against=True)
        known = answer.body.strip()
        if answer.status != CONFLICT or not known.isdigit():
            raise NotCosigned(_refused(witness, answer.status))
        if int(known) > size:
            raise NotCosigned(_has_seen_more(witness, int(known), size), against=True)
        old = int(known)
    raise NotCosigned(_refused(witness, CONFLICT))


def _answered(witness: Address, request: Request, post: Post) -> Answer:
    try:
        return post(f"{witness.url}/add-checkpoint", request.as_bytes())
    except OSError as error:
        raise NotCosigned(_not_reached(witness, error)) from None


def _lines(witness: Address, answer: Answer, text: str) -> tuple[Signature, ...]:
    try:
        lines = lines_of(answer.body, text, witness.key)
    except MalformedNote:
        lines = ()
    if not lines:
        raise NotCosigned(_does_not_fit(witness))
    return lines


def post_over_http(url: str, body: bytes) -> Answer:
    """Return what an address answers, read in small; OSError where it cannot be reached in ten seconds."""
    request = urllib.request.Request(url, body, {"Content-Type": "text/plain"})  # noqa: S310 - Address takes http only
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answered:  # noqa: S310 - likewise
            return Answer(answered.status, answered.read(MOST_ANSWERED))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read(MOST_ANSWERED))


def _another_history(witness: Address, old: int) -> Text:
    return Text(
        f"见证人 {witness.key.name} 拒绝：账本的前 {old} 条不是它见过的那些。"
        "请运行 verify --checkpoint 并联系审计人员。",
        f"Witness {witness.key.name} refuses: the first {old} facts are not those it has seen. "
        "Run verify --checkpoint and call the auditor.",
    )


def _has_seen_more(witness: Address, known: int, size: int) -> Text:
    return Text(
        f"见证人 {witness.key.name} 已见过 {known} 条，账本只签署到 {size} 条：被截短，或恢复了旧的备份。",
        f"Witness {witness.key.name} has seen {known} facts, the checkpoint has {size}: the tail was cut off, or an "
        "older copy restored.",
    )


def _refused(witness: Address, status: int) -> Text:
    return Text(
        f"见证人 {witness.key.name} 没有见证（答复 {status}）；请核对对方是否已登记本账本的公钥。",
        f"Witness {witness.key.name} did not cosign (it answered {status}); ask whether it knows this log's key.",
    )


def _not_reached(witness: Address, error: OSError) -> Text:
    return Text(
        f"无法联系见证人 {witness.key.name}（{witness.url}）：{error}。检查点已签署，可稍后重试。",
        f"Witness {witness.key.name} cannot be reached at {witness.url}: {error}. The checkpoint is signed; try later.",
    )


def _does_not_fit(witness: Address) -> Text:
    return Text(
        f"见证人 {witness.key.name} 的答复没有可用的签名；请核对其公钥。",
        f"The answer of witness {witness.key.name} has no signature that fits; check its public key.",
    )
