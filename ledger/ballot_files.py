"""Where keys and sealed boxes lie: files beside the database, `keys/` and `boxes/`, readable by their owner only.

A box is one file of constant size, replaced as a whole at every drop; its time of change is always 1970-01-01. Neither
folder belongs in a backup, which `CACHEDIR.TAG` says to programs that heed it. Destroying a key overwrites its file
and removes it; what a file system or a solid-state drive keeps of old blocks is beyond a program's reach.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from ledger.whole_files import create, make_folder, to_disk

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TAG = b"Signature: 8a477f597d28d172789f06886806bc55\n# Ballot boxes and their keys: never back these up.\n"
KEY, BOX, LOCK, NEW = ".key", ".box", ".lock", ".new"


class BoxStore(Protocol):
    """A place for keys and sealed boxes."""

    def locked(self, name: str) -> AbstractContextManager[None]:
        """Lend the sole right to change a box, to one process and thread at a time."""

    def keep_key(self, name: str, master: bytes) -> None:
        """Keep the key of a box that has none yet."""

    def key(self, name: str) -> bytes | None:
        """Return the key of a box, None where there is none here."""

    def write(self, name: str, sealed: bytes) -> None:
        """Replace the sealed contents, wholly or not at all."""

    def read(self, name: str) -> bytes | None:
        """Return the sealed contents, None where there are none here."""

    def destroy(self, name: str) -> None:
        """Destroy key and contents, as far as they are there."""

    def names(self) -> list[str]:
        """Return the boxes that have a key here."""


class BoxFiles:
    """Keys and boxes as files in a data directory."""

    def __init__(self, directory: Path) -> None:
        """Keep them in `directory`, which is made ready at the first box."""
        self._keys, self._boxes = directory / "keys", directory / "boxes"

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Lend the sole right to change a box; the operating system takes it back from a process that dies."""
        for folder in (self._keys, self._boxes):
            _make_ready(folder)
        with _own(self._keys / (name + LOCK)).open("r+b") as file:
            _lock(file)
            yield

    def keep_key(self, name: str, master: bytes) -> None:
        """Keep a key that is not there yet; `FileExistsError` where one is."""
        path = self._keys / (name + KEY)
        if self.key(name) is None:
            path.unlink(missing_ok=True)  # what is left where a destruction was interrupted
        create(path, master)

    def key(self, name: str) -> bytes | None:
        """Return the key, None where there is none here, or only what an interrupted destruction left of it: zeros."""
        master = _bytes_of(self._keys / (name + KEY))
        return master if master and any(master) else None

    def write(self, name: str, sealed: bytes) -> None:
        """Replace the box by a new file: whoever is interrupted leaves the old one."""
        path, new = self._boxes / (name + BOX), _own(self._boxes / (name + NEW))
        with new.open("wb") as file:
            file.write(sealed)
            _to_disk(file)
        os.utime(new, (0, 0))
        new.replace(path)
        os.utime(path.parent, (0, 0))
        to_disk(path.parent)

    def read(self, name: str) -> bytes | None:
        """Return the sealed contents, None where there are none here."""
        return _bytes_of(self._boxes / (name + BOX))

    def destroy(self, name: str) -> None:
        """Overwrite and remove the key, then remove the box, which nobody can open any more."""
        key = self._keys / (name + KEY)
        with contextlib.suppress(FileNotFoundError), key.open("r+b") as file:
            file.write(bytes(key.stat().st_size))
            _to_disk(file)
        unfinished = self._keys.glob(f"{name}{KEY}.*{NEW}")
        for path in (key, self._boxes / (name + BOX), self._boxes / (name + NEW), *unfinished):
            path.unlink(missing_ok=True)
        for folder in (self._keys, self._boxes):
            to_disk(folder)

    def names(self) -> list[str]:
        """Return the boxes that have a key here."""
        return sorted(path.name.removesuffix(KEY) for path in self._keys.glob("*" + KEY))


def _make_ready(folder: Path) -> None:
    make_folder(folder)
    tag = folder / "CACHEDIR.TAG"
    if not tag.exists():
        tag.write_bytes(TAG)


def _own(path: Path) -> Path:
    """Return a file that is there and is nobody else's to read."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return path


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
