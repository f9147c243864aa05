"""The ballot secrecy game on a whole data directory, as it lies on the disk while the program runs.

The adversary holds every file of it before and after each of the two votes: database, write-ahead log, shared memory,
boxes and what is left of temporary files, the keys alone left out; once the box is closed he holds the keys folder as
well, and everything the process said at its most talkative, to its log, standard output and standard error.
"""

import io
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from domain.ballot_sheets import Marks as BallotMarks
from domain.ballots import BoxOpened
from ledger.ballot_boxes import Keeper
from ledger.ballot_contents import unpacked
from ledger.ballot_files import BoxFiles
from ledger.ballot_keys import MASTER_BYTES, BoxDamaged, BoxKey
from ledger.engine import open_database
from ledger.ledger import Receipt
from tests.ledger.ballot_game import Snapshot, Table, View
from tests.ledger.ballot_house import BOX, SECRETARY_OF_IT, MemoryBoxes, house, ledger_on, opening

NAME = f"main@{BOX}"
Wanted = Callable[[str], bool]
"""Which files, by their paths."""
LOGS = ("", "sqlalchemy.engine")


@dataclass(frozen=True, slots=True)
class Disk(Snapshot):
    """Every file of the data directory that is given away, by its path, and what the process said."""

    files: dict[str, bytes] = field(default_factory=dict)
    said: bytes = b""

    @property
    def everything(self) -> bytes:
        """Return all of it as one string of bytes."""
        return b"".join(self.files.values()) + self.said


class Running(MemoryBoxes):
    """A data directory in use and what the process says meanwhile; the boxes are files in it."""

    def __init__(self, directory: Path) -> None:
        """Use `directory`."""
        super().__init__()
        self.directory, self.said = directory, io.StringIO()


class DataTable(Table):
    """The games of one seed, each on a copy of a data directory."""

    def __init__(self, seed: int, directory: Path, kind: type[Keeper] = Keeper, boxes: int = 12) -> None:
        """Lay the table in `directory`, which is filled with one copy at a time."""
        self.directory, self.laid = directory, 0
        super().__init__(seed, kind, boxes)

    def _opened(self, base: bytes) -> tuple[bytes, MemoryBoxes, BoxOpened]:
        del base
        self.laid += 1
        laid = Running(self.directory / f"laid-{self.laid}")
        laid.directory.mkdir()
        engine = open_database(f"sqlite:///{laid.directory}/ledger.db")
        ledger = house(engine)
        Keeper(ledger, BoxFiles(laid.directory)).open(opening(VOTERS), actor=SECRETARY_OF_IT)
        opened = next(fact.event for fact in ledger.read() if isinstance(fact.event, BoxOpened))
        engine.dispose()
        return b"", laid, opened

    @contextmanager
    def _keeper(self, base: bytes, store: MemoryBoxes) -> Iterator[tuple[Keeper, MemoryBoxes]]:
        """Lend a keeper of a copy of the laid directory, and listen to it."""
        del base
        assert isinstance(store, Running)
        running = Running(self.directory / "game")
        shutil.copytree(store.directory, running.directory)
        with _heard(running.said):
            engine = open_database(f"sqlite:///{running.directory}/ledger.db")
            yield self.kind(ledger_on(engine), BoxFiles(running.directory)), running
            engine.dispose()
        shutil.rmtree(running.directory)

    def _snapshot(self, keeper: Keeper, store: MemoryBoxes) -> Snapshot:
        assert isinstance(store, Running)
        over = not (store.directory / "boxes" / f"{NAME}.box").exists()
        files = {
            path.relative_to(store.directory).as_posix(): path.read_bytes()
            for path in sorted(store.directory.rglob("*"))
            if path.is_file() and (over or path.suffix != ".key")
        }
        boxes = [content for name, content in files.items() if name.endswith(".box")]
        others = [content for name, content in files.items() if not name.endswith(".box")]
        del keeper
        return Disk(b"".join(others), b"".join(boxes), files, store.said.getvalue().encode())


VOTERS = tuple(voter.person for voter in opening().voters)[:6]


@contextmanager
def _heard(said: io.StringIO) -> Iterator[None]:
    """Keep everything that any part of the program logs or prints, at its most talkative."""
    handler = logging.StreamHandler(said)
    loggers = [logging.getLogger(name) for name in LOGS]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(said), redirect_stderr(said):
            yield
    finally:
        loggers[0].removeHandler(handler)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


# distinguishers of what only a directory has


def write_ahead(view: View) -> int:
    """Look for X and Y in the write-ahead log and the shared memory after Ann's vote."""
    return _more(view, lambda name: name.startswith("ledger.db-"))


def left_over(view: View) -> int:
    """Look for X and Y in temporary files and whatever else lies in the folders of boxes and keys."""
    return _more(view, lambda name: "/" in name and not name.endswith(".box"))


def overheard(view: View) -> int:
    """Look for X and Y in what the process said while Ann voted."""
    after, before = _disk(view.after[view.ann]), _disk(view.before[view.ann])
    new = after.said[len(before.said) :]
    x, y = (sum(new.count(form) for form in view.forms(marks)[:3]) for marks in (view.x, view.y))
    return x - y


def later_key(view: View) -> int:
    """Open the box as it lay after Ann's vote with any key that the closed directory still has, and read her place."""
    assert view.closed is not None
    there, box = _disk(view.closed), view.after[view.ann].box
    keys = [content for name, content in there.files.items() if name.startswith("keys/")]
    masters = {content[at : at + MASTER_BYTES] for content in keys for at in range(0, len(content), MASTER_BYTES)}
    for master in masters:
        if len(master) == MASTER_BYTES and (found := _opened_with(view, master, box)):
            return found
    return 0


def _opened_with(view: View, master: bytes, box: bytes) -> int:
    key = BoxKey(master, NAME.encode())
    try:
        contents = unpacked(key.unseal(box))
    except BoxDamaged:
        return 0
    rows = contents.sheets[key.place(f"voter:{view.ann}")].rows or ""
    x, y = (view.forms(marks) for marks in (view.x, view.y))
    return (rows.encode() in x) - (rows.encode() in y)


def _disk(snapshot: Snapshot) -> Disk:
    assert isinstance(snapshot, Disk)
    return snapshot


def _more(view: View, wanted: Wanted) -> int:
    counts = []
    for marks in (view.x, view.y):
        forms = view.forms(marks)[:3]
        before, after = (_of(_disk(there[view.ann]), wanted) for there in (view.before, view.after))
        counts.append(sum(after.count(form) - before.count(form) for form in forms))
    return counts[0] - counts[1]


def _of(disk: Disk, wanted: Wanted) -> bytes:
    return b"".join(content for name, content in disk.files.items() if wanted(name))


# controls, each without one safety


class Wiped(Keeper):
    """A control: the sheet passes through a row of the database that is deleted at once."""

    def vote(self, box: str, person: str, marks: BallotMarks, *, even_void: bool = False) -> Receipt:
        """Write the row, delete it, then vote."""
        for statement in ("create table if not exists s (s text)", "insert into s values (:sheet)", "delete from s"):
            with self.ledger.engine.begin() as connection:
                connection.execute(text(statement), {"sheet": _json(marks)} if ":" in statement else {})
        return super().vote(box, person, marks, even_void=even_void)


class Spooled(Keeper):
    """A control: the sheet lies in a temporary file that is forgotten."""

    def vote(self, box: str, person: str, marks: BallotMarks, *, even_void: bool = False) -> Receipt:
        """Leave the file, then vote."""
        folder = _folder(self)
        (folder / "boxes" / f"{len(list(folder.rglob('*')))}.new").write_bytes(_json(marks).encode())
        return super().vote(box, person, marks, even_void=even_void)


class Chatty(Keeper):
    """A control: the program logs what it is doing."""

    def vote(self, box: str, person: str, marks: BallotMarks, *, even_void: bool = False) -> Receipt:
        """Say it, then vote."""
        logging.getLogger("keeper").debug("sheet %s", _json(marks))
        return super().vote(box, person, marks, even_void=even_void)


class Hoarding(Keeper):
    """A control: a copy of the key outlives the box."""

    def close(self, box: str, *, actor: str, on_behalf_of: str | None = None) -> Receipt | None:
        """Keep the copy, then close."""
        folder = _folder(self)
        shutil.copy(folder / "keys" / f"{NAME}.key", folder / "keys" / "copy")
        return super().close(box, actor=actor, on_behalf_of=on_behalf_of)


def _json(marks: BallotMarks) -> str:
    return json.dumps(dict(marks), ensure_ascii=False, separators=(",", ":"))


def _folder(keeper: Keeper) -> Path:
    return Path(str(keeper.ledger.engine.url.database)).parent
