"""A ledger compared with checkpoints held outside, and what nobody could find: the facts younger than those.

From inside, a ledger that was rewritten with all that follows, cut short, or replaced by an older copy looks sound. A
checkpoint that fits says that its facts are those that were signed; of the facts after the newest one that fits, only
their own hashes speak, and whoever owns the database can make these anew. That is the window.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import String, cast, select

from domain.text import Language
from ledger.anchors import Recorded
from ledger.checkpoint import TreeHead
from ledger.cosignature import Witnessed
from ledger.engine import reading
from ledger.ledger import Ledger
from ledger.proofs import roots_at
from ledger.reading import read_instant
from ledger.schema import facts
from ledger.statements import Prepared
from ledger.tree import EMPTY_ROOT
from ledger.verdict import Finding, Verdict, finding
from ledger.verification import Checkpoint, verify

MISMATCH = "checkpoint-mismatch"
SEVERAL = 2
Judge = Callable[[Ledger, Checkpoint | None], Verdict]


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint that somebody holds: under which name (a file), what it says, and whose keys signed it.

    `witnessed` names the trusted witnesses that cosigned it; None where none were asked for. `key_ended` is the last
    size for which the signature of its key counts, where it is signed beyond that.
    """

    name: str
    head: TreeHead
    signers: tuple[str, ...] = ()
    witnessed: tuple[Witnessed, ...] | None = None
    key_ended: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The facts after the newest checkpoint that fits: from its size on (0: none fits), since its last fact's time."""

    checkpoint_size: int
    size: int
    since: datetime | None

    @property
    def facts(self) -> int:
        """Return how many facts could be rewritten without anybody finding it."""
        return max(self.size - self.checkpoint_size, 0)


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found, with the checkpoints compared, whether each fits, and the window."""

    verdict: Verdict
    held: tuple[tuple[Held, bool], ...]
    window: Window

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """Return the report as `starledger verify --checkpoint … --json` prints it."""
        window = self.window
        checkpoints = [
            {
                "file": each.name,
                "origin": each.head.origin,
                "size": each.head.size,
                "root": each.head.root.hex(),
                "signed_by": list(each.signers),
                "fits": fits,
                **_witnessed_json(each),
            }
            for each, fits in self.held
        ]
        since = None if window.since is None else window.since.isoformat()
        not_covered = {
            "checkpoint_size": window.checkpoint_size,
            "size": window.size,
            "facts": window.facts,
            "since": since,
        }
        return {**self.verdict.as_json(language), "checkpoints": checkpoints, "window": not_covered}


def _witnessed_json(held: Held) -> dict[str, Any]:
    if held.witnessed is None:
        return {}
    return {"witnessed_by": [each.as_json() for each in held.witnessed]}


def check(ledger: Ledger, held: Sequence[Held], judge: Judge = verify, recorded: Recorded | None = None) -> Report:
    """Return the verdict of `judge` on a ledger, and what checkpoints held outside say of it.

    `recorded` is what the ledger itself says of keys and of checkpoints that others hold (`ledger.anchors`).
    """
    newest = max((each.head for each in held), key=lambda head: head.size, default=TreeHead("", 0, EMPTY_ROOT))
    verdict = judge(ledger, Checkpoint(newest.size, newest.root))
    # Where nothing was found, the newest checkpoint fits; only older ones need another walk over the entries.
    roots = {newest.size: newest.root} if verdict.ok and len(held) < SEVERAL else _roots(ledger, held)
    fitting = tuple((each, each.key_ended is None and roots.get(each.head.size) == each.head.root) for each in held)
    ours = (
        *_forks(held),
        *_ended(held),
        *_misfits(fitting, roots, verdict.size),
        *_between(fitting),
        *_unwitnessed(held),
        *(() if recorded is None else recorded.findings),
    )
    findings = (*(each for each in verdict.findings if each.kind != MISMATCH), *ours)
    ok = not any(each.severity == "violation" for each in findings)
    covered = max((each.head.size for each, fits in fitting if fits), default=0)
    window = Window(covered, verdict.size, _recorded_at(ledger, covered))
    return Report(replace(verdict, ok=ok, findings=findings), fitting, window)


def _roots(ledger: Ledger, held: Sequence[Held]) -> dict[int, bytes]:
    try:
        return roots_at(ledger, (each.head.size for each in held))
    except ledger.engine.dialect.loaded_dbapi.Error:
        return {}  # the table cannot be read, which the verification has said


def _forks(held: Sequence[Held]) -> Iterator[Finding]:
    """Find checkpoints that contradict each other, whatever the ledger says now: it was shown in two versions."""
    for one, other in combinations(held, 2):
        if one.head.size == other.head.size and one.head.root != other.head.root:
            yield finding("checkpoint-fork", None, one.head.size, one.name, other.name)


def _ended(held: Sequence[Held]) -> Iterator[Finding]:
    """Find checkpoints under a key whose signature no longer counted: whoever made them may have stolen it."""
    for each in held:
        if each.key_ended is not None:
            yield finding("checkpoint-key-ended", None, each.name, each.head.size, each.key_ended)


def _misfits(fitting: Sequence[tuple[Held, bool]], roots: Mapping[int, bytes], size: int) -> Iterator[Finding]:
    for each, fits in fitting:
        if fits or each.key_ended is not None:
            continue
        if each.head.size in roots:
            yield finding(MISMATCH, None, each.head.size)
        else:
            yield finding("checkpoint-beyond", size + 1, each.head.size, size)


def _between(fitting: Sequence[tuple[Held, bool]]) -> Iterator[Finding]:
    """Narrow down where facts were rewritten: after the newest checkpoint that fits, before the first that does not."""
    first = min((each.head.size for each, fits in fitting if not fits and each.key_ended is None), default=0)
    before = [each.head.size for each, fits in fitting if fits and each.head.size < first]
    if before:
        yield finding("rewritten-between", None, max(before) + 1, first)


def _unwitnessed(held: Sequence[Held]) -> Iterator[Finding]:
    """Find checkpoints that none of the trusted witnesses cosigned: they may have been shown to one reader alone."""
    for each in held:
        if each.witnessed == ():
            yield finding("not-witnessed", None, each.name)


def _recorded_at(ledger: Ledger, position: int) -> datetime | None:
    """Return when a fact was recorded, as far as its row says; None where there is none, or nothing can be read."""
    if position == 0:
        return None
    mine = facts.c.ledger_id == ledger.ledger_id
    query = Prepared(ledger.engine, select(cast(facts.c.recorded_at, String)).where(mine, facts.c.position == position))
    try:
        with reading(ledger.engine) as connection:
            row = query(connection).fetchone()
    except ledger.engine.dialect.loaded_dbapi.Error:
        return None  # which the verification has said
    return None if row is None else read_instant(row[0])
