"""Whether an archive still says what was recorded: the application's own verdict, of the same parts as its ledger.

`verify.py` says the same without any of our packages; tests hold the two against each other. This one knows more of
events: their data is read as the events they are, and their tags derived again.
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

import msgspec

from domain.anchoring import AnchoringEvent
from domain.catalogue import CATALOGUE
from domain.decision import Event, Fact
from domain.ids import attachments_of, documents_of, tags_of
from domain.keeping import SealedErased
from ledger import tree
from ledger.anchors import judged, sizes_of
from ledger.archive.parts import ENTRIES, EVERYTHING, LEAVES, SEALED
from ledger.archive.replaying import Replay
from ledger.archive.zipped import MOST_LEAVES, Unreadable, Zipped
from ledger.checkpoint import TreeHead
from ledger.entry import MAX_ENTRY_BYTES, digests_of
from ledger.key_chain import EndedKey, KeyChain, claimed
from ledger.note import MalformedNote, UnverifiedNote, VerifierKey
from ledger.reading import MALFORMED, Malformed, Reader, Strict, fits, read_strictly
from ledger.verdict import Findings, Verdict

SCOPE = re.compile(r"all|(round|person|audience):[\w.-]+", re.ASCII)
ARCHIVED = r"data/(?:attachments/|rulebooks/)([0-9a-f]{64})(?:\.toml)?"


@dataclass(frozen=True, slots=True)
class Trusted:
    """What whoever checks brings along: public keys, checkpoints kept outside, a root, the head of an extract.

    With `head_size` the head is that of the facts up to this position, as a notice named it when it was posted.
    """

    keys: tuple[VerifierKey, ...] = ()
    notes: tuple[tuple[str, bytes], ...] = ()
    root: bytes | None = None
    head: bytes | None = None
    head_size: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on an archive; what it is an archive of, how many facts a checkpoint covers, what was recomputed."""

    verdict: Verdict
    scope: str
    head: bytes
    covered: int
    recomputed: int
    sealed: str


NOTHING = Trusted()


def check_archive(file: str | IO[bytes], trusted: Trusted = NOTHING) -> Checked:
    """Return the verdict on an archive; `NoArchive` where the file is none."""
    found = Findings()
    return _Checking(Zipped(file, found), found, trusted).run()


class _SealedLine(msgspec.Struct, frozen=True):
    position: int
    digest: str
    salt: str | None = None
    value: str | None = None
    gap: str | None = None


class _Checking:
    def __init__(self, zipped: Zipped, found: Findings, trusted: Trusted) -> None:
        self._zipped, self._found, self._trusted = zipped, found, trusted
        self._reader = Reader(CATALOGUE.events)
        self._info = self._description()
        self._scope = self._info.get("Starledger-Scope", "")
        self._whole = self._scope == EVERYTHING
        self._replay = Replay(found.add, whole=self._whole)
        self._frontier: list[bytes] = []
        self._size = 0
        self._head: list[bytes] = []
        self._facts = self._position = 0
        self._last: Strict | None = None
        self._leaves = b""
        self._posted = self._read_notices()
        self._attached: set[str] = set()
        self._anchoring: list[Fact] = []
        self._documents: dict[str, bytes] = {}
        self._erased: dict[str, int] = {}
        self._gaps: dict[str, int] = {}
        self._shown: set[str] = set()
        self._sealed = iter(self._sealed_lines())
        self._ahead = next(self._sealed, None)

    def run(self) -> Checked:
        notes = self._checkpoints()
        roots = self._go_through({head.size for _, raw in notes if (head := claimed(raw)) is not None})
        self._check_beside()
        self._replay.finish()
        heads = self._opened(notes, roots)
        covered = [head.size for name, head in heads if self._fits(name, head, roots)]
        self._compare()
        self._zipped.check_lists()
        root, own = tree.root(self._frontier), tree.root(self._head)
        verdict = self._found.verdict(self._size, root)
        sealed = self._info.get("Starledger-Sealed", "")
        return Checked(verdict, self._scope, own, max(covered, default=0), self._replay.recomputed, sealed)

    def _description(self) -> dict[str, str]:
        info: dict[str, str] = {}
        for line in self._zipped.read("bag-info.txt").decode("utf-8", "replace").split("\n")[:-1]:
            name, parted, value = line.partition(": ")
            if not parted or name in info:
                self._found.add("list-malformed", None, line)
            info[name] = value
        sound = info.get("Starledger-Sealed") in ("included", "left-out")
        if not sound or not SCOPE.fullmatch(info.get("Starledger-Scope", "")):
            self._found.add("list-malformed", None, "bag-info.txt")
        return info

    # checkpoints

    def _checkpoints(self) -> list[tuple[str, bytes]]:
        names = self._zipped.named(r"data/checkpoints/[\w-]+\.checkpoint")
        return [*((name, self._zipped.read(name)) for name in names), *self._trusted.notes]

    def _opened(self, notes: list[tuple[str, bytes]], roots: dict[int, bytes]) -> list[tuple[str, TreeHead]]:
        """Return what checkpoints say that a key signed which counts, as the facts about keys have it."""
        pinned = self._trusted.keys
        facts = self._anchoring
        more = self._roots_at(sizes_of(facts) - roots.keys())
        recorded = judged(facts, {**roots, **more}, pinned, () if pinned else tuple(self._own_keys()))
        self._found.extend(recorded.findings)
        return [(name, head) for name, raw in notes if (head := self._head_in(name, raw, recorded.chain)) is not None]

    def _roots_at(self, sizes: AbstractSet[int]) -> dict[int, bytes]:
        """Return the roots at these sizes, hashing once more as far as the last of them."""
        roots: dict[int, bytes] = {}
        frontier: list[bytes] = []
        upto = min(max(sizes, default=0), self._size)
        with suppress(Unreadable):  # which was said when they were read first
            for number, leaf in enumerate(islice(self._all_leaves(), upto)):
                tree.extend(frontier, number, leaf)
                if number + 1 in sizes:
                    roots[number + 1] = tree.root(frontier)
        return roots

    def _all_leaves(self) -> Iterator[bytes]:
        if self._whole:
            return map(tree.leaf_hash, self._zipped.lines(ENTRIES))
        starts = range(0, len(self._leaves), tree.HASH_BYTES)
        return (self._leaves[at : at + tree.HASH_BYTES] for at in starts)

    def _own_keys(self) -> Iterable[VerifierKey]:
        for name in self._zipped.named(r"data/checkpoints/[\w-]+\.key"):
            for line in self._zipped.read(name).decode("utf-8", "replace").split("\n"):
                try:
                    if line:
                        yield VerifierKey.parse(line.strip())
                except MalformedNote:
                    self._found.add("checkpoint-malformed", None, line)

    def _head_in(self, name: str, raw: bytes, chain: KeyChain) -> TreeHead | None:
        try:
            return chain.opened(raw).head
        except EndedKey as error:
            self._found.add("checkpoint-key-ended", None, name, error.head.size, error.upto)
        except MalformedNote:
            self._found.add("checkpoint-malformed", None, name)
        except UnverifiedNote:
            self._found.add("checkpoint-unsigned", None, name)
        return None

    def _fits(self, name: str, head: TreeHead, roots: dict[int, bytes]) -> bool:
        if head.size > self._size:
            self._found.add("checkpoint-beyond", self._size + 1, head.size, self._size)
        elif roots.get(head.size) != head.root:
            self._found.add("checkpoint-mismatch", None, head.size, name)
        return roots.get(head.size) == head.root

    def _compare(self) -> None:
        root = tree.root(self._frontier)
        if (self._info.get("Starledger-Size"), self._info.get("Starledger-Root")) != (str(self._size), root.hex()):
            self._found.add("description-mismatch", None)
        if self._trusted.root not in (None, root):
            self._found.add("root-mismatch", None)
        own = root if self._whole else tree.root(self._head)
        if self._trusted.head_size is not None:
            own = self._head_at(self._trusted.head_size)
        if self._trusted.head not in (None, own):
            self._found.add("extract-incomplete", None)

    def _head_at(self, size: int) -> bytes:
        try:
            lines = (raw for raw in self._zipped.lines(ENTRIES) if read_strictly(raw).position <= size)
            return tree.root(tree.frontier_of(map(tree.leaf_hash, lines)))
        except (Unreadable, Malformed):
            return b""

    # entries

    def _go_through(self, wanted: set[int]) -> dict[int, bytes]:
        roots = {0: tree.EMPTY_ROOT}
        if not self._whole:
            self._leaves = self._zipped.read(LEAVES, MOST_LEAVES)
            self._grow(self._all_leaves(), wanted, roots)
        try:
            for raw in self._zipped.lines(ENTRIES):
                leaf = tree.leaf_hash(raw)
                if self._whole:
                    self._grow((leaf,), wanted, roots)
                tree.extend(self._head, self._facts, leaf)
                self._facts += 1
                self._posted.discard(leaf)
                self._entry(raw, leaf)
        except Unreadable as error:
            self._found.add("part-unreadable", None, f"{ENTRIES} ({error})")
        return roots

    def _grow(self, leaves: Iterable[bytes], wanted: set[int], roots: dict[int, bytes]) -> None:
        for leaf in leaves:
            tree.extend(self._frontier, self._size, leaf)
            self._size += 1
            if self._size in wanted:
                roots[self._size] = tree.root(self._frontier)

    def _entry(self, raw: bytes, leaf: bytes) -> None:
        due = self._position + 1
        envelope = self._envelope(raw, due)
        if envelope is None:
            self._position = due
            return
        self._check_place(envelope, leaf, due)
        if self._last is not None and envelope.recorded_at < self._last.recorded_at:
            self._found.add("time-back", envelope.position)
        self._position = due if self._whole else max(envelope.position, due)
        self._last = envelope
        self._event(envelope)

    def _envelope(self, raw: bytes, due: int) -> Strict | None:
        if len(raw) > MAX_ENTRY_BYTES:
            self._found.add("entry-too-long", due, len(raw))
            return None
        try:
            return read_strictly(raw)
        except Malformed as error:
            self._found.add("entry-malformed", due, error)
            return None

    def _check_place(self, envelope: Strict, leaf: bytes, due: int) -> None:
        at = envelope.position
        if at < due or (self._whole and at != due):
            self._found.add("position-mismatch", at, due)
        elif not self._whole:
            stated = self._leaves[(at - 1) * tree.HASH_BYTES : at * tree.HASH_BYTES]
            if stated != leaf:
                self._found.add("leaf-mismatch", at)
            elif not self._scope.startswith("audience:") and self._scope not in envelope.tags:
                self._found.add("out-of-scope", at)

    def _event(self, envelope: Strict) -> None:
        kind = self._reader.kind(envelope.type)
        if kind is None:
            self._found.add("unknown-event", envelope.position, envelope.type)
            return
        try:
            event = kind.read(envelope.data)
        except MALFORMED:
            self._found.add("data-malformed", envelope.position)
            return
        if event is None:
            return
        if tags_of(event) != envelope.tags:
            self._found.add("tags-not-derived", envelope.position)
        self._attached.update(attachments_of(event))
        if isinstance(event, SealedErased):
            self._erased.update(dict.fromkeys(event.erased, envelope.position))
        if isinstance(event, AnchoringEvent):
            self._anchoring.append(self._fact(envelope, event))
        self._check_words(envelope.position, event)
        if not self._scope.startswith("audience:"):  # there, what a result rests on need not be shown
            self._replay.take(self._fact(envelope, event))

    def _fact(self, envelope: Strict, event: Event) -> Fact:
        documents = {name: self._document(name) for name in documents_of(event)}
        return Fact(
            envelope.position,
            envelope.recorded_at,
            envelope.actor,
            envelope.on_behalf_of,
            event,
            envelope.command,
            documents,
        )

    def _document(self, name: str) -> bytes:
        """Return a document; empty where the archive has none that fits its name, which is found elsewhere too."""
        if name not in self._documents:
            there = self._zipped.named(rf"data/(?:attachments|rulebooks)/{name}(?:\.toml)?")
            self._documents[name] = self._zipped.read(there[0]) if there else b""
        return self._documents[name]

    # beside the entries

    def _read_notices(self) -> set[bytes]:
        posted: set[bytes] = set()
        for name in self._zipped.named(r"data/notices/.*"):
            try:
                posted.update(map(tree.leaf_hash, self._zipped.lines(name)))
            except Unreadable as error:
                self._found.add("part-unreadable", None, f"{name} ({error})")
        return posted

    def _sealed_lines(self) -> Iterable[_SealedLine]:
        if SEALED not in self._zipped.parts:
            return
        try:
            for line in self._zipped.lines(SEALED):
                yield msgspec.json.decode(line, type=_SealedLine)
        except (Unreadable, *MALFORMED) as error:
            self._found.add("part-unreadable", None, f"{SEALED} ({error})")

    def _check_words(self, position: int, event: Event) -> None:
        due: list[Any] = digests_of(event) if self._info.get("Starledger-Sealed") == "included" else []
        while self._ahead is not None and self._ahead.position <= position and self._info_includes():
            line, self._ahead = self._ahead, next(self._sealed, None)
            if line.position < position or line.digest not in due:
                self._found.add("sealed-surplus", line.position)
                continue
            due.remove(line.digest)
            self._check_line(line)
        for digest in due:
            self._gaps.setdefault(digest, position)

    def _info_includes(self) -> bool:
        return self._info.get("Starledger-Sealed") == "included"

    def _check_line(self, line: _SealedLine) -> None:
        if line.gap is not None:
            if line.gap != "private":
                self._gaps.setdefault(line.digest, line.position)
            return
        self._shown.add(line.digest)
        if not fits(line.digest, line.salt, line.value):
            self._found.add("sealed-altered", line.position)

    def _check_beside(self) -> None:
        while self._ahead is not None:
            self._found.add("sealed-surplus", self._ahead.position)
            self._ahead = next(self._sealed, None)
        for digest, position in self._gaps.items():
            if digest not in self._erased:
                self._found.add("evidence-incomplete", position)
        for digest in self._shown & self._erased.keys():
            self._found.add("sealed-not-erased", self._erased[digest])
        for _ in self._posted:
            self._found.add("notice-differs", None, "notices.jsonl")
        self._check_documents()

    def _check_documents(self) -> None:
        there: dict[str, str] = {}
        for name in self._zipped.named(ARCHIVED):
            match = re.fullmatch(ARCHIVED, name)
            there[match[1] if match else ""] = name
        for name in sorted(self._attached - there.keys()):
            self._found.add("attachment-missing", None, name)
        for name in sorted(there.keys() - self._attached):
            self._found.add("attachment-surplus", None, name)
        self._zipped.check_named({part: name for name, part in there.items()})
