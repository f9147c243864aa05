"""The ballot secrecy game: two voters' sheets are swapped between two worlds, everything at rest is given away.

Ann and Bob vote among others. In world 0 Ann casts sheet X and Bob sheet Y, in world 1 the other way round; the counts
are the same in both. The adversary holds the whole database (bytes, hence all facts, commands and fingerprints) and the
box's file, before and after every single vote and after the close, knows every other sheet, and guesses the world.
"""

import hashlib
import json
import random
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec

from domain.ballot_boxes import Box
from domain.ballot_sheets import Marks as BallotMarks
from domain.ballot_sheets import read_sheet
from domain.ballots import BoxOpened
from domain.ids import PersonId
from ledger.ballot_boxes import Keeper
from ledger.ballot_contents import Contents, Dropped, OpenedBox, packed, size_of, unpacked
from ledger.ballot_keys import BoxKey
from ledger.engine import open_database
from ledger.ledger import Ledger, Receipt
from tests.ledger.ballot_house import BOX, GRADES, MEMBERS, SECRETARY_OF_IT, MemoryBoxes, house, ledger_on, opening

VOTERS = MEMBERS[:6]
EMPTY = json.dumps({"sheets": {}, "paper": {}}, separators=(",", ":")).encode()
Marks = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything at rest at one moment."""

    database: bytes
    box: bytes

    @property
    def everything(self) -> bytes:
        """Return all of it as one string of bytes."""
        return self.database + self.box


@dataclass(slots=True)
class View:
    """What the adversary holds of one game: all that was there before and after Ann's and Bob's votes, and later."""

    opened: BoxOpened
    ann: str
    bob: str
    x: Marks
    y: Marks
    empty: Snapshot
    before: dict[str, Snapshot] = field(default_factory=dict)
    after: dict[str, Snapshot] = field(default_factory=dict)
    last: Snapshot | None = None
    closed: Snapshot | None = None
    ann_first: bool = True

    def forms(self, marks: Marks) -> list[bytes]:
        """Return how a sheet might lie somewhere: as JSON, as rows, as hex; each with what a row of it looks like."""
        written = json.dumps(dict(marks), ensure_ascii=False, separators=(",", ":"))
        rows = read_sheet(self.opened, marks)
        found = [written.encode(), json.dumps(dict(marks)).encode(), rows.hex().encode()]
        for voter in (self.ann, self.bob):
            own = read_sheet(self.opened, {p: m for p, m in marks.items() if p != voter}, MEMBERS[int(voter[1]) - 1])
            found += [own.hex().encode(), own]
        return found


Distinguisher = Callable[[View], int]
"""Returns a positive number for world 0, a negative one for world 1, 0 where it cannot tell."""


def content(view: View) -> int:
    """Look for X and Y among the bytes that came with Ann's vote."""
    return _more(view, view.before[view.ann].everything, view.after[view.ann].everything)


def size(view: View) -> int:
    """Compare by how much the box grew with Ann's vote and with Bob's, as X and Y differ in length."""
    ann, bob = (len(view.after[v].box) - len(view.before[v].box) for v in (view.ann, view.bob))
    x, y = (len(json.dumps(dict(marks), ensure_ascii=False).encode()) for marks in (view.x, view.y))
    return (ann > bob) - (ann < bob) if x > y else (bob > ann) - (bob < ann) if x < y else 0


def order(view: View) -> int:
    """Compare the order in which Ann and Bob returned their sheets with that in which X and Y lie somewhere."""
    assert view.last is not None
    assert view.closed is not None
    for there in (view.last.box, view.last.database, view.closed.database):
        places = [[at for form in view.forms(marks) if (at := there.find(form)) >= 0] for marks in (view.x, view.y)]
        if all(places):
            x_first = min(places[0]) < min(places[1])
            return 1 if x_first == view.ann_first else -1
    return 0


def fingerprint(view: View) -> int:
    """Look for digests of who voted what, by every usual function, anywhere."""
    there = view.after[view.ann].everything + view.after[view.bob].everything
    found = 0
    for sign, marks in ((1, view.x), (-1, view.y)):
        for form in view.forms(marks):
            for name in ("sha256", "sha1", "md5", "blake2b"):
                digest = hashlib.new(name, view.ann.encode() + form).digest()
                found += sign * (digest in there or digest.hex().encode() in there)
    return found


def squeeze(view: View) -> int:
    """Compress what came with Ann's vote together with X and with Y: what is alike takes less room."""
    new = _news(view.before[view.ann].box, view.after[view.ann].box)
    x, y = (min(len(zlib.compress(new + form, 9)) for form in view.forms(marks)[:3]) for marks in (view.x, view.y))
    return y - x


def reused(view: View) -> int:
    """Take the key stream for the one under which the empty box was sealed, which is known in plain: then read."""
    empty, after = view.empty.box, view.after[view.ann].box
    before, width = view.before[view.ann].box, min(len(empty), len(after))
    plain = bytes(12) + EMPTY.ljust(width)
    stream = int.from_bytes(empty[:width]) ^ int.from_bytes(plain[:width])
    read = [(int.from_bytes(box[:width]) ^ stream).to_bytes(width) for box in (before, after)]
    return _more(view, *read)


def batch(view: View) -> int:
    """Compare the order in which X's and Y's marks stand in the published counts with the order of the votes."""
    assert view.last is not None
    assert view.closed is not None
    verdict = 0
    for person in (person for person, mark in view.x.items() if view.y[person] != mark):
        count = _published(view, person)
        places = [count.find(marks[person].encode()) for marks in (view.x, view.y)]
        verdict += 1 if (places[0] < places[1]) == view.ann_first else -1
    return verdict


def _published(view: View, person: str) -> bytes:
    assert view.closed is not None
    start = view.closed.database.find(f'"person":"{person}","component":"appraisal"'.encode())
    return view.closed.database[start : start + 600].partition(b"]")[2]


DISTINGUISHERS: tuple[Distinguisher, ...] = (content, size, order, fingerprint, squeeze, reused, batch)


def _more(view: View, before: bytes, after: bytes) -> int:
    new = [sum(after.count(form) - before.count(form) for form in view.forms(marks)) for marks in (view.x, view.y)]
    return new[0] - new[1]


def _news(before: bytes, after: bytes) -> bytes:
    """Return the bytes of `after` from the first to the last that differ."""
    start = next((n for n in range(0, len(after), 64) if before[n : n + 64] != after[n : n + 64]), len(after))
    return after[start:].rstrip(b" \0")


class Table:
    """The games of one seed, played with keepers of one kind."""

    def __init__(self, seed: int, kind: type[Keeper] = Keeper, boxes: int = 40) -> None:
        """Lay the table: a branch whose month is open, and boxes on it, each with a key of its own, to be copied."""
        self.dice = random.Random(seed)  # noqa: S311 - must be the same in every run
        self.kind = kind
        engine = open_database("sqlite://")
        base = image(house(engine))
        engine.dispose()
        self.boxes = [self._opened(base) for _ in range(boxes)]

    def _opened(self, base: bytes) -> tuple[bytes, MemoryBoxes, BoxOpened]:
        with self._keeper(base, MemoryBoxes()) as (keeper, store):
            keeper.open(opening(VOTERS), actor=SECRETARY_OF_IT)
            opened = next(f.event for f in keeper.ledger.read() if isinstance(f.event, BoxOpened))
            return image(keeper.ledger), store, opened

    @contextmanager
    def _keeper(self, base: bytes, store: MemoryBoxes) -> Iterator[tuple[Keeper, MemoryBoxes]]:
        """Lend a keeper of copies."""
        engine = open_database("sqlite://")
        pooled = engine.raw_connection()
        pooled.driver_connection.deserialize(base)  # type: ignore[union-attr]
        pooled.close()
        copied = MemoryBoxes()
        copied.keys, copied.boxes = dict(store.keys), dict(store.boxes)
        yield self.kind(ledger_on(engine), copied), copied
        engine.dispose()

    def game(self) -> tuple[int, View]:
        """Play one game; return the world and what the adversary holds."""
        world, (ann, bob) = self.dice.randrange(2), self.dice.sample(VOTERS, 2)
        x, y = self._pair(ann, bob)
        base, laid, opened = self.dice.choice(self.boxes)
        sheets = {ann: (x, y)[world], bob: (y, x)[world]}
        with self._keeper(base, laid) as (keeper, store):
            view = View(opened, ann, bob, x, y, self._snapshot(keeper, store))
            for voter in self.dice.sample(VOTERS, len(VOTERS)):
                self._vote(keeper, store, view, voter, sheets.get(voter) or self._sheet(voter))
            view.last = self._snapshot(keeper, store)
            keeper.close(BOX, actor=SECRETARY_OF_IT)
            view.closed = self._snapshot(keeper, store)
        return world, view

    def _vote(self, keeper: Keeper, store: MemoryBoxes, view: View, voter: str, marks: Marks) -> None:
        if voter == view.bob and voter not in view.after and view.ann not in view.after:
            view.ann_first = False
        if voter not in (view.ann, view.bob):
            keeper.vote(BOX, voter, marks)
            return
        view.before[voter] = self._snapshot(keeper, store)
        keeper.vote(BOX, voter, marks)
        view.after[voter] = self._snapshot(keeper, store)

    def _snapshot(self, keeper: Keeper, store: MemoryBoxes) -> Snapshot:
        return snapshot(keeper, store)

    def _pair(self, ann: str, bob: str) -> tuple[Marks, Marks]:
        """Return two sheets that both may cast and that differ on others only, so that the counts are the same."""
        others = [person for person in MEMBERS if person not in (ann, bob)]
        while True:
            x, y = ({str(person): self.dice.choice(GRADES[1:]) for person in others} for _ in range(2))
            if x != y:
                return x, y

    def _sheet(self, voter: str) -> Marks:
        return {str(person): self.dice.choice(GRADES[1:]) for person in MEMBERS if person != voter}


def image(ledger: Ledger) -> bytes:
    """Return the bytes of a database in memory, as a file of it would have them."""
    pooled = ledger.engine.raw_connection()
    try:
        return bytes(pooled.driver_connection.serialize())  # type: ignore[union-attr]
    finally:
        pooled.close()


def snapshot(keeper: Keeper, store: MemoryBoxes) -> Snapshot:
    """Return everything at rest, without the key."""
    return Snapshot(image(keeper.ledger), b"".join(store.boxes.values()))


def play(table: Table, games: int, distinguishers: Sequence[Distinguisher] = DISTINGUISHERS) -> dict[str, int]:
    """Return how often each distinguisher was right; where it cannot tell, it throws a coin."""
    right = dict.fromkeys((each.__name__ for each in distinguishers), 0)
    for world, view in _games(table, games):
        for each in distinguishers:
            verdict = each(view)
            guess = table.dice.randrange(2) if verdict == 0 else int(verdict < 0)
            right[each.__name__] += guess == world
    return right


def _games(table: Table, games: int) -> Iterator[tuple[int, View]]:
    return (table.game() for _ in range(games))


class InOrder(Keeper):
    """The naive control: sheets are appended in plain rows, as they come."""

    def _enclosed(self, held: OpenedBox) -> bytes:
        return msgspec.json.encode(held.contents)

    def _disclosed(self, key: BoxKey, sealed: bytes) -> Contents:  # noqa: ARG002 - there is nothing to open
        return unpacked(sealed)


class Unfilled(Keeper):
    """A control: sealed, but in words and as long as they are."""

    def _enclosed(self, held: OpenedBox) -> bytes:
        words = [
            [GRADES[row] for row in bytes.fromhex(each.rows or "") if row < len(GRADES)] for each in _dropped(held)
        ]
        return held.key.seal(msgspec.json.encode([held.contents, words]), self._random)

    def _disclosed(self, key: BoxKey, sealed: bytes) -> Contents:
        return msgspec.json.decode(key.unseal(sealed), type=tuple[Contents, list[list[str]]])[0]


class OneNonce(Keeper):
    """A control: sealed under the same nonce at every drop."""

    def _enclosed(self, held: OpenedBox) -> bytes:
        return held.key.seal(packed(held.contents, size_of(held.opened)), bytes)


class Digested(Keeper):
    """A control: a digest of who voted what is kept beside the sealed box, to find a sheet again."""

    digests = b""

    def vote(self, box: str, person: str, marks: BallotMarks, *, even_void: bool = False) -> Receipt:
        """Keep the digest, then vote."""
        opened = self.ledger.fold(Box, box)
        assert isinstance(opened, Box)
        rows = read_sheet(opened.require_known(), marks, PersonId(person))
        self.digests += hashlib.sha256(person.encode() + rows).digest()
        return super().vote(box, person, marks, even_void=even_void)

    def _enclosed(self, held: OpenedBox) -> bytes:
        return len(self.digests).to_bytes(4) + self.digests + super()._enclosed(held)

    def _disclosed(self, key: BoxKey, sealed: bytes) -> Contents:
        return super()._disclosed(key, sealed[4 + int.from_bytes(sealed[:4]) :])


def _dropped(held: OpenedBox) -> Iterable[Dropped]:
    return held.contents.sheets.values()
