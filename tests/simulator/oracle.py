"""What must be so after every step, found out without the product where that can be done.

tree      every entry is read with SQLite alone; the root is made by RFC 6962's own definition; a noted root stays
facts     each command's facts are what its decider says (`mirror`), what the model allows (`beliefs`), and acknowledged
secrecy   private words lie in the sealed table only; a voter stands beside his sheet nowhere
views     what was followed is what a rebuild comes to, and says what the model says
"""

import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from domain.ballot_sheets import read_sheet
from domain.ballots import BoxOpened
from domain.confirmation import ConfirmationRefused
from domain.decision import Fact
from domain.ids import PersonId, RoundId
from domain.objections import ObjectionFiledLate
from ledger.proofs import StoredLog
from projections.dump import dump
from projections.objection_register import registered_objections
from projections.stars import CurrentStar, current_stars
from tests.simulator.beliefs import WORTH, Beliefs, require
from tests.simulator.clerk import Clerk
from tests.simulator.founding import QUIET, REPRESENTATIVES, SEALED
from tests.simulator.house import House
from tests.simulator.mirror import Mirror, alike

RECORDED_REFUSALS = {ConfirmationRefused.NAME, ObjectionFiledLate.NAME}
OF_THE_KEEPER = ("ballot.",)
PRIVATE = SEALED.encode()
GRADES = tuple(grade.encode() for grade in WORTH)


def root_of(entries: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash of RFC 6962 §2.1, as it is defined there."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1 << (len(entries) - 1).bit_length() - 1
    return sha256(b"\x01" + root_of(entries[:k]) + root_of(entries[k:])).digest()


class Heard(logging.Handler):
    """Keeps every line that is logged."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.lines.append(record.getMessage())


@dataclass(slots=True)
class Oracle:
    """Looks at one house."""

    house: House
    clerk: Clerk
    believed: Beliefs
    mirror: Mirror
    entries: list[bytes] = field(default_factory=list)
    noted: list[tuple[int, bytes]] = field(default_factory=list)
    pictures: list[tuple[int, str]] = field(default_factory=list)
    """What the views showed at a position, as it was read then."""
    erased: list[str] = field(default_factory=list)
    founded: int = 0
    log: Heard = field(default_factory=Heard)
    checks: Counter[str] = field(default_factory=Counter)

    # facts

    def read(self) -> None:
        """Take the facts that are new, command by command."""
        ledger = self.house.ledger
        facts = list(ledger.read(after=len(self.mirror.facts)))
        for command, group in groupby(facts, key=lambda fact: fact.command_id):
            self._take(command, list(group))

    def _take(self, command: str, facts: list[Fact]) -> None:
        letter = self.clerk.letters.get(command)
        if letter is None:
            names = [fact.event.NAME for fact in facts]
            require(all(name.startswith(OF_THE_KEEPER) for name in names), f"facts that nobody asked for: {names}")
        else:
            expected, _ = self.mirror.decide(letter.ask.command, letter.ask.actor, facts[0].recorded_at)
            events = [fact.event for fact in facts]
            require(alike(expected, events), f"{letter.id} was recorded as {events}, and is {expected}")
            self.checks["decisions"] += 1
        for fact in facts:
            require(fact.position == len(self.mirror.facts) + 1, "a position was left out or taken twice")
            self.mirror.learn(fact)
            self.believed.take(fact)
        self.believed.end_of_command()

    def compare_answers(self) -> None:
        """Compare all answers with the facts: nothing acknowledged is lost or doubled, nothing refused was recorded."""
        held: dict[str, list[Fact]] = {}
        for fact in self.mirror.facts:
            held.setdefault(fact.command_id, []).append(fact)
        for letter in self.clerk.letters.values():
            facts = held.get(letter.id, [])
            if letter.receipt is not None:
                positions = tuple(fact.position for fact in facts)
                require(positions == letter.receipt.positions, f"{letter.id} was acknowledged and is lost or doubled")
            elif letter.refused is not None:
                recorded = {fact.event.NAME for fact in facts}
                require(recorded <= RECORDED_REFUSALS, f"{letter.id} was refused and left {recorded}")
        self.checks["answers"] += len(self.clerk.letters)

    # tree

    def look_at_tree(self) -> None:
        """Read the entries anew, make the root, and compare it with the head's and with every one noted before."""
        with closing(sqlite3.connect(self.house.folder / "ledger.db")) as connection:
            rows = connection.execute("SELECT CAST(entry AS BLOB) FROM facts ORDER BY position").fetchall()
        entries = [entry for (entry,) in rows]
        require(entries[: len(self.entries)] == self.entries, "an entry was changed or is gone")
        self.entries = entries
        head = self.house.ledger.head()
        require(head.size == len(entries), "the head counts other facts than there are")
        require(head.root == root_of(entries), "the root is not that of the entries")
        self._compare_noted(self.noted[-1:])
        self.noted.append((head.size, head.root))
        self.checks["roots"] += 1

    def look_at_past(self) -> None:
        """Compare every root noted so far, and every checkpoint, with the entries as they are now."""
        self._compare_noted(self.noted)

    def _compare_noted(self, noted: Sequence[tuple[int, bytes]]) -> None:
        for size, root in noted:
            require(root_of(self.entries[:size]) == root, f"the first {size} facts are not those noted before")
        self.checks["prefixes"] += len(noted)

    # secrecy

    def look_for_words(self) -> None:
        """Look for private words outside the sealed table, and for erased ones everywhere."""
        folder = self.house.folder
        with closing(sqlite3.connect(folder / "ledger.db")) as connection:
            for table in ("facts", "tags", "commands", "attachments", "head"):
                rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our own names
                require(SEALED not in str(rows), f"private words in the table {table}")
        for path in _files(folder):
            content = path.read_bytes()
            if not path.name.startswith("ledger.db"):
                require(PRIVATE not in content, f"private words in {path.name}")
            gone = [words for words in self.erased if words.encode() in content]
            require(not gone, f"erased words are still in {path.name}")
        told = "\n".join((*self.clerk.heard, *self.log.lines))
        require(SEALED not in told, "private words in a message or in the log")
        self.checks["searches"] += 1

    def look_for_votes(self) -> None:
        """Look for a voter beside his sheet, in rows and in files, and for who objected in confidence."""
        marks = self._sheets()
        for path in _files(self.house.folder):
            content = path.read_bytes()
            require(not any(sheet in content for sheet in marks), f"a sheet lies open in {path.name}")
            if path.suffix not in {".db", ".db-wal"} and not path.name.startswith(("ledger.db", "views.db")):
                require(not _names_voter(content), f"a voter is named in {path.name}")
        for number, entry in enumerate(self.entries[self.founded :], self.founded + 1):
            self._look_at_entry(number, entry)
        told = "\n".join((*self.clerk.heard, *self.log.lines)).encode()
        require(not any(sheet in told for sheet in marks), "a sheet lies open in a message or in the log")
        self.checks["searches"] += 1

    def _look_at_entry(self, number: int, entry: bytes) -> None:
        require(QUIET.encode() not in entry, f"fact {number} names who objected in confidence")
        opens = f'"{BoxOpened.NAME}"'.encode() in entry
        voted = _names_voter(entry) or b'"ballot.SlipReturned' in entry
        require(
            opens or not (voted and any(grade in entry for grade in GRADES)), f"fact {number} ties a voter to a mark"
        )

    def _sheets(self) -> list[bytes]:
        """Return every sheet as it could be written down: marks as JSON, rows as hex."""
        found: list[bytes] = []
        for (box, voter), sheet in self.believed.sheets.items():
            opened = self.believed.boxes[box]
            rows = read_sheet(opened, sheet, voter if voter in opened.subjects else None)
            found += (json.dumps(sheet, ensure_ascii=False).encode(), json.dumps(sheet).encode(), rows.hex().encode())
        return found

    # views

    def look_at_views(self) -> str:
        """Follow, compare what is shown with the model, and keep a picture of it for later; return it."""
        self.house.follower.catch_up()
        with self.house.follower.reading() as reading:
            require(reading.position == len(self.mirror.facts), "the views stand elsewhere than the ledger")
            stars: dict[str, dict[PersonId, CurrentStar]] = {which: {} for which in self.believed.rounds}
            for star in current_stars(reading):
                stars[star.round][PersonId(star.person)] = star
            for which, shown in stars.items():
                self._compare_stars(RoundId(which), shown)
            cases = registered_objections(reading)
            open_now = {case.objection for case in cases if case.stage in {"filed", "accepted"}}
            require(open_now == set(self.believed.open), "the register shows other open objections")
            picture = dump(reading.connection, reading.ledger_id, self.house.parts.views)
        self.pictures.append((reading.position, picture))
        self.checks["views"] += 1
        return picture

    def _compare_stars(self, which: RoundId, shown: Mapping[PersonId, CurrentStar]) -> None:
        this = self.believed.rounds[which]
        require(set(shown) == set(this.enrolled), f"{which} shows other people than are enrolled")
        open_about = self.believed.open_about(which)
        for person, star in shown.items():
            result, confirmed = this.results.get(person), this.confirmed.get(person)
            total = None if result is None else _written(result.total)
            if person not in this.exempt:
                require(star.total == total, f"{which} shows another total of {person}")
            require(star.open_objections == open_about[person], f"{which} shows other objections about {person}")
            said = None if star.confirmed is None else (star.confirmed.star, star.confirmed.total)
            known = None if confirmed is None else (confirmed.star, _written(confirmed.total))
            require(said == known, f"{which} shows another star of {person} than was confirmed")

    def compare_replay(self, replay: Callable[[House], str]) -> None:
        """Compare the views that were followed with a rebuild from nothing."""
        followed = self.look_at_views()
        require(replay(self.house) == followed, "the views are not what a replay comes to")
        self.checks["replays"] += 1

    def compare_past(self) -> None:
        """Compare an earlier picture with the views as of its position."""
        position, shown = self.pictures[len(self.pictures) // 2]
        with self.house.follower.as_of(position) as reading:
            require(
                dump(reading.connection, reading.ledger_id, self.house.parts.views) == shown,
                f"the views as of fact {position} have changed since",
            )
        self.checks["views as of a position"] += 1

    # checkpoints

    def sign(self) -> bytes:
        """Return a checkpoint over everything."""
        return self.house.signer.sign(StoredLog(self.house.ledger))


def _written(total: Decimal | None) -> str | None:
    return None if total is None else str(total)


def _names_voter(content: bytes) -> bool:
    return any(person.encode() in content for person in REPRESENTATIVES)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith("-shm"))
