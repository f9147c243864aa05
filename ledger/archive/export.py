"""A ledger, or an extract of it, as one archive that anyone can check: `ledger.archive.parts` says what is in it.

The facts are read twice, as they stand at one moment: once for the entries, once for what is sealed beside them. Memory
stays the same whatever the ledger's size. The file is there whole or not at all: it is written under another name,
seen to disk, then renamed.

Never in it: ballot boxes, keys, accounts, the answers kept for commands. What only named readers may read
(circumstances, who objected in confidence) never leaves with an archive either; its place says so.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from domain.adoption import RulebookAdopted
from domain.appointments import LedgerOpened
from domain.decision import Event, Fact, members_of
from domain.findings import Invalid
from domain.ids import attachments_of
from domain.keeping import SealedErased
from domain.notices import NoticeEvent
from domain.private_matter import private_words
from domain.rounds import RoundOpened
from domain.rulebook import parse_rulebook
from domain.rulebook.terms import Retention
from ledger import tree
from ledger.archive.bag import Bag
from ledger.archive.metadata import Adopted, metadata_xml
from ledger.archive.parts import BAGIT, ENTRIES, EVERYTHING, LEAVES, NOTICES, SEALED, Described, verifier
from ledger.entry import digests_of
from ledger.evidence import Evidence, evidence, lenient
from ledger.failpoints import Failpoint, never
from ledger.ledger import Ledger
from ledger.reading import Reader, Strict
from ledger.store import as_bytes
from ledger.tree import leaf_hash
from ledger.whole_files import NEW, to_disk

NOTICE_TYPES = frozenset(kind.NAME for kind in members_of(NoticeEvent))
Shows = Callable[[Fact], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported: everything, or the facts with a tag, or those that an audience is shown whole.

    `checkpoints` are (name, content) of the notes and keys to go along.
    """

    scope: str = EVERYTHING
    sealed: bool = False
    shows: Shows | None = None
    checkpoints: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many facts of how many, the root over all, and whether that is the root in the head."""

    facts: int
    size: int
    root: bytes
    head: bytes
    fits: bool


def export(ledger: Ledger, path: Path, wanted: Wanted, failpoint: Failpoint = never) -> Exported:
    """Write an archive to `path`, in place of what is there; return what is in it. The same state, the same bytes."""
    descriptor, name = tempfile.mkstemp(NEW, f"{path.name}.", path.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with evidence(ledger.engine, ledger.ledger_id, text_of=lenient) as rows:
                written = _Export(ledger, rows, wanted, Bag(file), failpoint).write()
            file.flush()
            os.fsync(file.fileno())
        failpoint("export:written")
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    to_disk(path.parent)
    return written


class _Export:
    """One export, within one transaction that sees one state of the ledger."""

    def __init__(self, ledger: Ledger, rows: Evidence, wanted: Wanted, bag: Bag, failpoint: Failpoint) -> None:
        self._ledger_id, self._rows, self._wanted, self._bag = ledger.ledger_id, rows, wanted, bag
        self._failpoint = failpoint
        self._reader = Reader(ledger.catalogue.events)
        self._frontier: list[bytes] = []
        self._head: list[bytes] = []
        self._size = self._count = 0
        self._last: Strict | None = None
        self._opened: LedgerOpened | None = None
        self._adopted: list[Adopted] = []
        self._rulebooks: set[str] = set()
        self._retentions: dict[str, tuple[Retention, ...]] = {}
        self._attached: dict[str, bool] = {}
        self._erased: dict[str, int] = {}

    def write(self) -> Exported:
        """Write all parts."""
        self._bag.add("bagit.txt", [BAGIT])
        self._write_entries()
        if self._wanted.scope != EVERYTHING:
            self._bag.add(LEAVES, (leaf for _, _, leaf in self._entries()))
        if self._wanted.sealed:
            self._write_sealed()
        self._bag.add(NOTICES, (raw + b"\n" for _, envelope, raw in self._chosen() if envelope.type in NOTICE_TYPES))
        self._write_documents()
        for name, content in self._wanted.checkpoints:
            self._bag.add(f"data/checkpoints/{name}", [content])
        self._failpoint("export:payload")
        return self._describe()

    def _entries(self) -> Iterator[tuple[object, bytes, bytes]]:
        for page in self._rows.hashed():
            for position, entry, _ in page:
                raw = as_bytes(entry) if not isinstance(entry, str) else entry.encode("utf-8", "surrogateescape")
                yield position, raw, leaf_hash(raw)

    def _chosen(self) -> Iterator[tuple[int, Strict, bytes]]:
        """Yield (position, envelope, entry) of the facts that go along and can be read."""
        for _, raw, _ in self._entries():
            envelope = self._reader.envelope_in(raw.decode("utf-8", "surrogateescape"))
            if envelope is not None and self._goes_along(envelope):
                yield envelope.position, envelope, raw

    def _goes_along(self, envelope: Strict) -> bool:
        if self._wanted.shows is None:
            return self._wanted.scope in (EVERYTHING, *envelope.tags)
        e, event = envelope, self._event(envelope)
        return event is not None and self._wanted.shows(
            Fact(e.position, e.recorded_at, e.actor, e.on_behalf_of, event, e.command)
        )

    def _write_entries(self) -> None:
        with self._bag.part(ENTRIES) as part:
            for _, raw, leaf in self._entries():
                tree.extend(self._frontier, self._size, leaf)
                self._size += 1
                envelope = self._reader.envelope_in(raw.decode("utf-8", "surrogateescape"))
                if envelope is None and self._wanted.scope != EVERYTHING:
                    continue
                if envelope is not None:
                    self._last = envelope
                    if envelope.position == 1:
                        self._note(envelope)
                    if not self._goes_along(envelope):
                        continue
                    self._note(envelope)
                tree.extend(self._head, self._count, leaf)
                self._count += 1
                part.write(raw + b"\n")
        self._failpoint("export:entries")

    def _note(self, envelope: Strict) -> None:
        """Remember what the rest of the archive needs to know of a fact."""
        event = self._event(envelope)
        match event:
            case LedgerOpened():
                self._opened = self._opened or event
            case RulebookAdopted():
                adopted = Adopted(event.rulebook, event.version, event.adopted_on.isoformat(), event.document)
                self._adopted.append(adopted)
                self._rulebooks.add(event.document)
            case RoundOpened():
                self._rulebooks.add(event.document)
            case SealedErased():
                self._erased.update(dict.fromkeys(event.erased, envelope.position))
        if event is not None:
            self._attached.update(dict.fromkeys(attachments_of(event), True))

    def _event(self, envelope: Strict) -> Event | None:
        kind = self._reader.kind(envelope.type)
        try:
            return None if kind is None else kind.read(envelope.data)
        except Exception:  # noqa: BLE001 - a damaged fact is exported all the same: the verifier will name it
            return None

    def _write_sealed(self) -> None:
        with self._bag.part(SEALED) as part:
            for position, envelope, _ in self._chosen():
                kind = self._reader.kind(envelope.type)
                event = self._event(envelope) if kind is not None and kind.seals else None
                if event is not None:
                    for line in self._sealed_lines(position, event):
                        part.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    def _sealed_lines(self, position: int, event: Event) -> Iterator[dict[str, Any]]:
        private = private_words(event)
        digests = digests_of(event)
        kept = self._rows.sealed_under(digests)
        for digest in digests:
            line: dict[str, Any] = {"position": position, "digest": digest}
            if private is not None and digest == private.digest:
                yield {**line, "gap": "private"}
            elif digest in kept:
                _, salt, value = kept[digest]
                yield {**line, "salt": salt, "value": value}
            elif digest in self._erased:
                yield {**line, "gap": "erased", "by": self._erased[digest]}
            else:
                yield {**line, "gap": "missing"}

    def _write_documents(self) -> None:
        """Write the attachments that the facts mention; documents of rulebooks under a folder of their own."""
        for page in self._rows.attachments():
            for name, _, content in page:
                if name in self._attached and isinstance(content, bytes):
                    folder = f"data/rulebooks/{name}.toml" if name in self._rulebooks else f"data/attachments/{name}"
                    self._bag.add(folder, [content])
                    if name in self._rulebooks:
                        self._retentions[name] = _retention(content)

    def _describe(self) -> Exported:
        root = tree.root(self._frontier)
        described = Described(
            ledger=self._ledger_id,
            committee="" if self._opened is None else self._opened.committee,
            scope=self._wanted.scope,
            size=self._size,
            root=root,
            head=tree.root(self._head),
            facts=self._count,
            sealed="included" if self._wanted.sealed else "left-out",
            simulated=self._opened is not None and self._opened.simulated_clock,
            last_time=None if self._last is None else self._last.recorded_at,
        )
        described = replace(described, payload_bytes=self._bag.payload_bytes, payload_parts=self._bag.payload_parts)
        self._bag.add("bag-info.txt", [described.bag_info()])
        self._bag.add("README.txt", [described.readme()])
        self._bag.add(
            "metadata.xml",
            [metadata_xml(described, self._adopted, _names(self._wanted.checkpoints), self._retentions)],
        )
        self._bag.add("verify.py", [verifier()])
        self._bag.close()
        head = self._rows.head()
        fits = head is not None and head[0] == self._size and head[1] == tree.pack(self._frontier)
        return Exported(self._count, self._size, root, described.head, fits)


def _names(checkpoints: Iterable[tuple[str, bytes]]) -> list[str]:
    return [name for name, _ in checkpoints if name.endswith(".checkpoint")]


def _retention(document: bytes) -> tuple[Retention, ...]:
    """Return what a rulebook says of retention; nothing where it cannot be read, which the verification says."""
    try:
        return parse_rulebook(document).retention
    except Invalid:
        return ()
