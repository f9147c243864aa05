"""A signing key in a folder of its own, with what its owner must remember; both signers and witnesses have one.

    FOLDER.lock                    held while signing: one at a time
    FOLDER/signing.key             the private key, mode 0600
    FOLDER/verifier.key            the public key, to be given to whoever checks

A folder is born whole: made under another name, then renamed.
"""

import os
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from domain.text import Text
from ledger.failpoints import Failpoint, never
from ledger.note import MalformedNote, SigningKey
from ledger.whole_files import to_disk

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

K = TypeVar("K", bound=SigningKey)

KEY, NEXT_KEY, VERIFIER = "signing.key", "signing.key.next", "verifier.key"


class WillNotSign(Exception):  # noqa: N818 - says what is the case
    """The signer refuses; `why` says what does not fit, with sizes."""

    def __init__(self, why: Text) -> None:
        """Refuse for this reason."""
        self.why = why
        super().__init__(why.en)


class KeyUnusable(WillNotSign):
    """There is no signing key, or it is none, or not its owner's alone."""


class KeyFolder(Generic[K]):
    """A private key of one kind, and small files beside it."""

    def __init__(self, path: Path, kind: type[K], failpoint: Failpoint = never) -> None:
        """Use what lies in `path`, or will."""
        self.path = path
        self._kind = kind
        self._failpoint = failpoint

    def is_born(self) -> bool:
        """Return whether there is a key."""
        return self.path.exists()

    def be_born(self, key: K, remembered: Mapping[str, bytes]) -> None:
        """Make the folder with the key and what is remembered from the beginning; `FileExistsError` if there is one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.locked():
            if self.is_born():
                raise FileExistsError(self.path)
            new = self.path.with_name(f"{self.path.name}.new")
            shutil.rmtree(new, ignore_errors=True)  # left by one that was killed before anybody saw its key
            new.mkdir(mode=0o700)
            write(new / KEY, f"{key.skey()}\n".encode(), 0o600)
            write(new / VERIFIER, f"{key.verifier}\n".encode(), 0o644)
            for name, content in remembered.items():
                write(new / name, content, 0o644)
            to_disk(new)
            self._failpoint("sign:key-made")
            new.rename(self.path)
            to_disk(self.path.parent)

    def key(self) -> K:
        """Return the private key; `KeyUnusable` where there is none that may be used."""
        return self._key_in(self.path / KEY)

    def next_key(self) -> K | None:
        """Return the key that is to take over, None where there is none."""
        path = self.path / NEXT_KEY
        return self._key_in(path) if path.exists() else None

    def lay_down(self, key: K) -> None:
        """Put a key beside the one there is, and see it to disk; it takes the place of one that never took over."""
        path = self.path / NEXT_KEY
        path.unlink(missing_ok=True)
        write(path, f"{key.skey()}\n".encode(), 0o600)
        to_disk(self.path)
        self._failpoint("sign:next-key")

    def take_over(self) -> None:
        """Put the key that was laid down in the place of the one before, in one step."""
        (self.path / NEXT_KEY).replace(self.path / KEY)
        self._failpoint("sign:taken-over")
        to_disk(self.path)

    def _key_in(self, path: Path) -> K:
        try:
            words = path.read_text(encoding="utf-8")
            mode = path.stat().st_mode
        except FileNotFoundError:
            raise KeyUnusable(_no_key(self.path)) from None
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise KeyUnusable(_open_key(path))
        try:
            return self._kind.parse(words.removesuffix("\n"))
        except MalformedNote:
            raise KeyUnusable(_bad_key(path)) from None

    def keep(self, name: str, content: bytes) -> None:
        """Put a file in the place of the one before, in one step, and see it to disk."""
        new, kept = self.path / f"{name}.new", self.path / name
        new.unlink(missing_ok=True)
        write(new, content, 0o644)
        self._failpoint("sign:written")
        new.replace(kept)
        self._failpoint("sign:replaced")
        to_disk(self.path)
        self._failpoint("sign:on-disk")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lend the sole right to sign; the operating system takes it back from a process that dies."""
        path = self.path.with_name(f"{self.path.name}.lock")
        if not path.parent.exists():
            raise KeyUnusable(_no_key(self.path))
        with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as file:
            _lock(file)
            yield


def write(path: Path, content: bytes, mode: int) -> None:
    """Write a file that is not there yet, and see it to disk."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


# words


def _no_key(directory: Path) -> Text:
    return Text(
        f"目录 {directory} 里没有签署密钥；请先签署一个检查点，或用 --signer 指明目录。",
        f"There is no signing key in {directory}; sign a checkpoint first, or name the directory with --signer.",
    )


def _open_key(path: Path) -> Text:
    return Text(
        f"签署密钥 {path} 可被他人读取；请改为仅本人可读（chmod 600），并考虑更换密钥。",
        f"Others can read the signing key {path}; make it its owner's alone (chmod 600) and consider a new one.",
    )


def _bad_key(path: Path) -> Text:
    return Text(f"签署密钥 {path} 已损坏；请从备份恢复。", f"The signing key {path} is damaged; restore it.")
