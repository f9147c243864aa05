"""What stands beside the facts compared with them: tag index, commands, sealed words, attachments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from domain.decision import Event
from domain.ids import attachments_of
from domain.keeping import SealedErased
from ledger.entry import Envelope, digests_of, indexed
from ledger.evidence import CHUNK_ROWS, Evidence
from ledger.reading import Reader, fits, read_answer
from ledger.verdict import Findings


@dataclass(frozen=True, slots=True)
class ReadFact:
    """One fact as far as it could be read; `event` is None where it could not, or where its data is opaque."""

    position: int
    envelope: Envelope
    event: Event | None


class Beside:
    """Compares the side tables with the facts, and counts what fits, so that surplus rows are looked for only then."""

    def __init__(self, rows: Evidence, reader: Reader, found: Findings) -> None:
        """Compare `rows`, and add to `found`."""
        self._rows = rows
        self._reader = reader
        self._found = found
        self._erased: set[str] = set()
        self._answered = 0
        self._own_words = 0

    def collect_erasures(self) -> None:
        """Learn which sealed words have been erased by order."""
        for (entry,) in self._rows.entries_of_type(SealedErased.NAME):
            event = self._reader.event_in(entry)
            if isinstance(event, SealedErased):
                self._erased.update(event.erased)

    def check(self, facts: Sequence[ReadFact]) -> None:
        """Look up what some facts mention."""
        self._check_answers(facts)
        self._check_words([(fact.position, set(digests_of(fact.event))) for fact in facts if fact.event is not None])
        self._check_attached([(fact.position, attachments_of(fact.event)) for fact in facts if fact.event is not None])

    def _check_answers(self, facts: Sequence[ReadFact]) -> None:
        # What came through the library's recorder was no command of ours.
        asked = [fact for fact in facts if fact.event is not None or fact.envelope.command]
        answers = self._rows.answers_to(fact.envelope.command for fact in asked)
        for fact in asked:
            command = fact.envelope.command
            if command not in answers:
                self._found.add("command-missing", fact.position, command)
                continue
            answer = read_answer(answers[command])
            if answer is None:
                continue  # said once, where the commands are read
            if fact.position in answer.positions and fact.envelope.recorded_at == answer.recorded_at:
                self._answered += 1
            else:
                self._found.add("command-mismatch", fact.position, command)

    def check_commands(self) -> None:
        """Look for answers that speak of facts which say otherwise."""
        answered = 0
        for command, stored in self._rows.commands():
            answer = read_answer(stored)
            if answer is None:
                self._found.add("command-malformed", None, command)
            else:
                answered += len(answer.positions)
        if answered != self._answered:
            self._find_wrong_answers()

    def _find_wrong_answers(self) -> None:
        commands = self._rows.commands()
        while chunk := list(islice(commands, CHUNK_ROWS)):
            claims = [(p, command) for command, stored in chunk for p in _positions(stored)]
            entries = self._rows.entries_at(position for position, _ in claims)
            for position, command in claims:
                if position not in entries or self._command_in(entries[position]) != command:
                    self._found.add("command-mismatch", position, command)

    def _check_words(self, mentions: Sequence[tuple[int, set[str]]]) -> None:
        kept = self._rows.sealed_under(digest for _, digests in mentions for digest in digests)
        for position, digests in mentions:
            for digest in sorted(digests):
                if digest not in kept:
                    if digest not in self._erased:
                        self._found.add("evidence-incomplete", position)
                    continue
                owner, salt, value = kept[digest]
                self._own_words += owner == position
                if digest in self._erased:
                    self._found.add("sealed-not-erased", position)
                if not fits(digest, salt, value):
                    self._found.add("sealed-altered", position)

    def check_sealed(self) -> None:
        """Look for sealed words that no fact mentions."""
        if sum(1 for _ in self._rows.sealed()) == self._own_words:
            return
        rows = self._rows.sealed()
        while chunk := list(islice(rows, CHUNK_ROWS)):
            entries = self._rows.entries_at(position for _, position in chunk)
            for digest, position in chunk:
                event = self._reader.event_in(entries.get(position))
                if event is None or digest not in digests_of(event):
                    self._found.add("sealed-surplus", place(position))

    def _check_attached(self, mentions: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        kept = self._rows.attached(name for _, names in mentions for name in names)
        for position, names in mentions:
            for name in names:
                if name not in kept:
                    self._found.add("attachment-missing", position, name)

    def check_attachments(self) -> None:
        """Hash every attachment, and look for those that no fact mentions."""
        for name, position, content in self._rows.attachments():
            if not isinstance(content, bytes) or sha256(content).hexdigest() != name:
                self._found.add("attachment-altered", place(position), name)
            event = self._reader.event_in(self._rows.entries_at([position]).get(position))
            if event is None or name not in attachments_of(event):
                self._found.add("attachment-surplus", place(position), name)

    def _command_in(self, entry: object) -> str | None:
        envelope = self._reader.envelope_in(entry)
        return None if envelope is None else envelope.command


class IndexedTags:
    """The tag index, read along with the facts."""

    def __init__(self, rows: Iterator[tuple[Any, Any]], found: Findings) -> None:
        """Read `rows` in the order of their positions, and add to `found`."""
        self._rows = rows
        self._found = found
        self._next = next(rows, None)

    def compare(self, position: int, expected: tuple[str, ...] | None) -> None:
        """Compare the tags indexed for one fact with those in its entry (None: it cannot be read)."""
        there: set[Any] = set()
        while self._next is not None and self._is_upto(position):
            at, tag = self._next
            if at == position:
                there.add(tag)
            else:
                self._found.add("tag-surplus", place(at), tag)
            self._next = next(self._rows, None)
        if expected is None:
            return
        wanted = {indexed(tag) for tag in expected}
        for tag in sorted(wanted - there):
            self._found.add("tag-missing", position, tag)
        for tag in sorted(map(str, there - wanted)):
            self._found.add("tag-surplus", position, tag)

    def _is_upto(self, position: int) -> bool:
        at = self._next[0] if self._next is not None else None
        # What is no number comes before all numbers (NULL) or after them (text): as surplus at either end.
        return at is None or (isinstance(at, int | float) and at <= position)

    def finish(self) -> None:
        """Name the tags of positions where there is no fact."""
        while self._next is not None:
            self._found.add("tag-surplus", place(self._next[0]), self._next[1])
            self._next = next(self._rows, None)


def place(position: object) -> int | None:
    """Return a position for a finding, None where it is no number."""
    return position if isinstance(position, int) else None


def _positions(stored: object) -> tuple[int, ...]:
    answer = read_answer(stored)
    return () if answer is None else answer.positions
