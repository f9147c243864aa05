"""What stands beside the facts compared with them: tag index, commands, sealed words, attachments."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import chain
from operator import attrgetter

from domain.decision import Event
from domain.ids import attachments_of
from domain.keeping import SealedErased
from ledger.entry import digests_of
from ledger.evidence import Evidence
from ledger.indexed_tags import place
from ledger.reading import Kind, Reader, ReadFact, Strict, fits, read_answer
from ledger.verdict import Findings

SEAL: Callable[[Kind], bool] = attrgetter("seals")
ATTACH: Callable[[Kind], bool] = attrgetter("attaches")


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
        for (entry,) in chain.from_iterable(self._rows.entries_of_type(SealedErased.NAME)):
            event = self._reader.event_in(entry)
            if isinstance(event, SealedErased):
                self._erased.update(event.erased)

    def check(self, facts: Sequence[ReadFact]) -> None:
        """Look up what some facts mention."""
        # What came through the library's recorder was no command of ours.
        self._check_answers([(p, envelope) for p, envelope, event in facts if event is not None or envelope.command])
        self._check_words([(p, set(digests_of(e))) for p, e in self._events_that(facts, SEAL)])
        self._check_attached([(p, attachments_of(e)) for p, e in self._events_that(facts, ATTACH)])

    def _events_that(self, facts: Sequence[ReadFact], may: Callable[[Kind], bool]) -> list[tuple[int, Event]]:
        types = {envelope.type for _, envelope, _ in facts}
        wanted = {name for name in types if (kind := self._reader.kind(name)) is not None and may(kind)}
        if not wanted:
            return []
        return [(p, event) for p, envelope, event in facts if event is not None and envelope.type in wanted]

    def _check_answers(self, asked: Sequence[tuple[int, Strict]]) -> None:
        stored = self._rows.answers_to(envelope.command for _, envelope in asked)
        answers = {command: read_answer(answer) for command, answer in stored.items()}
        # A command may have recorded many facts, and each of them is looked for among all.
        positions = {command: frozenset(answer.positions) for command, answer in answers.items() if answer is not None}
        for position, envelope in asked:
            command, answer = envelope.command, answers.get(envelope.command)
            if answer is not None and position in positions[command] and envelope.recorded_at == answer.recorded_at:
                self._answered += 1
            elif command not in answers:
                self._found.add("command-missing", position, command)
            elif answer is not None:  # one that cannot be read is named once, where the commands are read
                self._found.add("command-mismatch", position, command)

    def check_commands(self) -> None:
        """Look for answers that speak of facts which say otherwise."""
        answered = 0
        for command, stored in chain.from_iterable(self._rows.commands()):
            answer = read_answer(stored)
            if answer is None:
                self._found.add("command-malformed", None, command)
            else:
                answered += len(answer.positions)
        if answered != self._answered:
            self._find_wrong_answers()

    def _find_wrong_answers(self) -> None:
        for chunk in self._rows.commands():
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
        if sum(map(len, self._rows.sealed())) == self._own_words:
            return
        for chunk in self._rows.sealed():
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
        for name, position, content in chain.from_iterable(self._rows.attachments()):
            if not isinstance(content, bytes) or sha256(content).hexdigest() != name:
                self._found.add("attachment-altered", place(position), name)
            event = self._reader.event_in(self._rows.entries_at([position]).get(position))
            if event is None or name not in attachments_of(event):
                self._found.add("attachment-surplus", place(position), name)

    def _command_in(self, entry: object) -> str | None:
        envelope = self._reader.envelope_in(entry)
        return None if envelope is None else envelope.command


def _positions(stored: object) -> tuple[int, ...]:
    answer = read_answer(stored)
    return () if answer is None else answer.positions
