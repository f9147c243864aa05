"""Cuts the power: from a record of what was written and synchronised, what a disk may hold after any moment of it.

What is certain is what an fsync that has returned had covered: the contents of a file by an fsync of that file, its
name (created, renamed, removed) by an fsync of its folder. All else may have reached the disk or not: in whole, in
512-byte sectors, or up to some moment. Where an fsync fails, what it should have covered is gone: kernels take those
pages for clean and never write them again. `watched_disk.c` makes the record; `mark` adds what was acknowledged.
"""

import os
import random
import shutil
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HEAD = struct.Struct("<c3xIIIQQ")
SECTOR = 512
MARK = b"m"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the record: what was done, by which thread, to which name or inode, where and with which bytes."""

    what: bytes
    thread: int
    names: bytes
    data: bytes
    inode: int
    at: int


def mark(log: int, words: str) -> None:
    """Write into the record, from within the program, that something was acknowledged."""
    named = words.encode()
    os.write(log, HEAD.pack(MARK, 0, len(named), 0, 0, 0) + named)


def changes_in(log: Path, start: int = 0) -> Iterator[Change]:
    """Yield what was recorded from byte `start` on, in order."""
    record, place = log.read_bytes(), start
    while place < len(record):
        what, thread, named, filled, inode, at = HEAD.unpack_from(record, place)
        names, data = place + HEAD.size, place + HEAD.size + named
        place = data + filled
        yield Change(what, thread, record[names:data], record[data:place], inode, at)


@dataclass(slots=True)
class File:
    """What is certain of one file (a folder has no contents), and what was done to it since, with its moment."""

    certain: bytearray | None = field(default_factory=bytearray)
    open: list[tuple[int, Change]] = field(default_factory=list)

    def settle(self, upto: int) -> None:
        """Let everything before a moment be certain."""
        if self.certain is not None:
            for moment, change in self.open:
                if moment < upto:
                    apply(self.certain, change)
        self.open = [(moment, change) for moment, change in self.open if moment >= upto]


@dataclass(frozen=True, slots=True)
class Naming:
    """A name was given, taken away, or given to what has or had another name."""

    what: bytes
    name: str
    file: File | None = None
    other: str = ""

    def of(self, folder: str) -> bool:
        """Return whether the folder's own entries tell of it."""
        return folder in {str(Path(self.name).parent), str(Path(self.other or self.name).parent)}


class Disk:
    """A disk while a record is played to it."""

    def __init__(self, root: Path, known_as: Path | None = None) -> None:
        """Begin with what lies in `root` now, as certain; in the record it is `known_as`."""
        self._root = str(known_as or root)
        self._moment = 0
        self._certain: dict[str, File] = {}
        self._names: dict[str, File] = {}
        self._inodes: dict[int, File] = {}
        self._namings: list[tuple[int, Naming]] = []
        self._begun: dict[tuple[int, int], int] = {}
        for path in (root, *root.rglob("*")):
            file = File(None if path.is_dir() else bytearray(path.read_bytes()))
            self._certain[str(Path(self._root) / path.relative_to(root))] = self._inodes[path.stat().st_ino] = file
        self._names = dict(self._certain)

    def play(self, change: Change) -> None:
        """Take one more line of the record into account."""
        self._moment += 1
        names = [part.decode() for part in change.names.split(b"\0")]
        if change.what in b"wta":
            self._inodes.setdefault(change.inode, File()).open.append((self._moment, change))
        elif change.what == b"s":
            self._begun[change.thread, change.inode] = self._moment
        elif change.what == b"S":
            self._settle(names[0], change)
        elif change.what == b"X":
            self._fail(names[0], change)
        elif change.what != MARK:
            self._name(change, names)

    def _settle(self, folder: str, change: Change) -> None:
        upto = self._begun.pop((change.thread, change.inode))
        if not folder:
            self._inodes.setdefault(change.inode, File()).settle(upto)
            return
        covered = [naming for moment, naming in self._namings if moment < upto and naming.of(folder)]
        for naming in covered:
            rename(self._certain, naming)
        self._namings = [(moment, naming) for moment, naming in self._namings if naming not in covered]

    def _fail(self, folder: str, change: Change) -> None:
        upto = self._begun.pop((change.thread, change.inode))
        file = self._inodes.get(change.inode)
        if not folder and file is not None:
            file.open = [(moment, each) for moment, each in file.open if moment >= upto]

    def _name(self, change: Change, names: list[str]) -> None:
        if not names[0].startswith(self._root):
            return
        file = File(None) if change.what == b"d" else File() if change.what == b"c" else self._names.get(names[0])
        if change.what == b"c":
            self._inodes[change.inode] = file or File()
        naming = Naming(change.what, names[0], file, names[-1] if len(names) > 1 else "")
        rename(self._names, naming)
        self._namings.append((self._moment, naming))

    def cut(self, dice: random.Random, into: Path) -> None:
        """Write into `into` one of the many things that the disk may hold if the power goes now."""
        how = dice.choice(("nothing", "everything", "some", "some", "until", "until"))
        until = self._moment if how == "everything" else dice.randint(0, self._moment) if how == "until" else 0
        names = dict(self._certain)
        last_named = self._moment if how == "everything" else dice.randint(0, self._moment)
        for moment, naming in self._namings:
            if moment <= last_named:
                rename(names, naming)
        for name, file in sorted(names.items()):
            path = into / Path(name).relative_to(self._root)
            if file.certain is None:
                path.mkdir(parents=True, exist_ok=True)
            elif path.parent.is_dir():
                path.write_bytes(_contents(file, dice, None if how == "some" else until))


def images(
    record: Sequence[Change], disk: Disk, dice: random.Random, cuts: int, into: Path, hear: Callable[[str], None]
) -> Iterator[Path]:
    """Yield one folder after the other as `disk` may come up, gone when the next is asked for.

    The power goes at `cuts` moments, half of them at random, half just after something was acknowledged. By then
    `hear` has been given every mark that was made before.
    """
    played, marks = 0, [number for number, change in enumerate(record, 1) if change.what == MARK]
    moments = dice.choices(range(1, len(record) + 1), k=cuts // 2) + dice.choices(marks, k=cuts - cuts // 2)
    for number, moment in enumerate(sorted(moments)):
        for change in record[played:moment]:
            disk.play(change)
            if change.what == MARK:
                hear(change.names.decode())
        played = moment
        image = into / f"image-{number}"
        disk.cut(dice, image)
        yield image
        shutil.rmtree(image, ignore_errors=True)  # unless it was taken away


def rename(names: dict[str, File], naming: Naming) -> None:
    """Give, take away or move a name, and with a folder's name those below it."""
    if naming.what in b"cdl":
        names[naming.other or naming.name] = naming.file or File()
        return
    for name in [name for name in names if name == naming.name or name.startswith(naming.name + "/")]:
        moved = names.pop(name)
        if naming.what == b"r":
            names[naming.other + name.removeprefix(naming.name)] = moved


def apply(contents: bytearray, change: Change) -> None:
    """Carry out one change to a file's contents."""
    end = change.at + len(change.data)
    if change.what == b"t":
        del contents[change.at :]
    contents.extend(bytes(max(0, end - len(contents))))
    if change.what == b"w":
        contents[change.at : end] = change.data


def _contents(file: File, dice: random.Random, until: int | None) -> bytes:
    """Return a file with what was done up to a moment; None: with some of what was done, sector by sector."""
    contents = bytearray(file.certain or b"")
    for moment, change in file.open:
        if until is not None:
            if moment <= until:
                apply(contents, change)
            continue
        fate = dice.choice(("kept", "dropped", "torn"))
        if fate == "kept" or (fate == "torn" and change.what != b"w"):
            apply(contents, change)
        elif fate == "torn":
            for part in _sectors(change):
                if dice.random() < 0.5:
                    apply(contents, part)
    return bytes(contents)


def _sectors(change: Change) -> Iterator[Change]:
    start = change.at
    while start < change.at + len(change.data):
        end = min((start // SECTOR + 1) * SECTOR, change.at + len(change.data))
        data = change.data[start - change.at : end - change.at]
        yield Change(change.what, change.thread, b"", data, change.inode, start)
        start = end
