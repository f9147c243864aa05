"""Reading an archive that may be anything: its parts under their own names, never more of them than they say.

What `zipfile` raises becomes `Unreadable`; what is strange about the ZIP itself (doubled or foreign names, links,
encryption, parts that overlap or claim more than deflate can gain) is a finding.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import IO, Final

from ledger.archive.bag import CHUNK, MANIFEST, TAG_MANIFEST
from ledger.archive.parts import ENTRIES
from ledger.verdict import Findings

MOST_SMALL: Final = 1 << 26
MOST_LEAVES: Final = 1 << 30
MOST_GAIN, SLACK = 1_032, 64
LOCAL_HEADER = 30
KINDS_OF_FILE, REGULAR = 0o170000, 0o100000
ENCRYPTED = 0x1
NAMES: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"bagit\.txt|bag-info\.txt|README\.txt|metadata\.xml|verify\.py|manifest-sha256\.txt|tagmanifest-sha256\.txt",
        r"data/entries\.jsonl|data/sealed\.jsonl|data/leaves\.bin",
        r"data/rulebooks/[0-9a-f]{64}\.toml|data/attachments/[0-9a-f]{64}",
        r"data/checkpoints/[\w-]{1,80}\.(checkpoint|key)|data/notices/[\w.-]{1,80}\.jsonl",
    )
)
NEEDED: Final = ("bagit.txt", "bag-info.txt", MANIFEST, TAG_MANIFEST, ENTRIES)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    LookupError,
)
_LISTED = re.compile(r"([0-9a-f]{64})  (\S+)")


class NoArchive(Exception):  # noqa: N818 - says what is the case
    """The file cannot be opened as an archive at all."""


class Unreadable(Exception):  # noqa: N818 - becomes a finding
    """A part cannot be read to its end."""


class Zipped:
    """The parts of one archive."""

    def __init__(self, file: str | IO[bytes], found: Findings) -> None:
        """Open it; `NoArchive` where that cannot be done. What is strange is added to `found`."""
        try:
            self._zip = zipfile.ZipFile(file)
        except BROKEN as error:
            raise NoArchive(str(error)) from None
        if not {"bagit.txt", ENTRIES} <= set(self._zip.namelist()):
            message = "bagit.txt, data/entries.jsonl"
            raise NoArchive(message)
        self._found = found
        self.parts: dict[str, zipfile.ZipInfo] = {}
        self.hashes: dict[str, str] = {}
        self._sort()

    def _sort(self) -> None:
        end = 0
        for info in sorted(self._zip.infolist(), key=lambda each: each.header_offset):
            name = info.orig_filename
            sound = name == info.filename and info.header_offset >= end and _is_sound(info)
            end = info.header_offset + LOCAL_HEADER + len(name.encode()) + info.compress_size
            if name in self.parts:
                self._found.add("part-doubled", None, name)
            elif sound and any(pattern.fullmatch(name) for pattern in NAMES):
                self.parts[name] = info
            else:
                self._found.add("part-surplus", None, name)
        for name in NEEDED:
            if name not in self.parts:
                self._found.add("part-missing", None, name)

    def named(self, pattern: str) -> list[str]:
        """Return the names of the parts that match, in order."""
        return sorted(name for name in self.parts if re.fullmatch(pattern, name, re.ASCII))

    def read(self, name: str, most: int = MOST_SMALL) -> bytes:
        """Return a part that is small; empty, with a finding, where it cannot be read or is not there."""
        try:
            return self._small(name, most)
        except Unreadable as error:
            self._found.add("part-unreadable", None, f"{name} ({error})")
            return b""

    def _small(self, name: str, most: int) -> bytes:
        if name not in self.parts or self.parts[name].file_size > most:
            message = "size" if name in self.parts else "missing"
            raise Unreadable(message)
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part piece by piece and remember its hash; `Unreadable` where it breaks off."""
        digest = sha256()
        try:
            with self._zip.open(self.parts[name]) as part:
                while chunk := part.read(CHUNK):
                    digest.update(chunk)
                    yield chunk
        except BROKEN as error:
            raise Unreadable(str(error)) from None
        self.hashes[name] = digest.hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a part, without their ends; `Unreadable` where the last has none."""
        rest = b""
        for chunk in self.chunks(name):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > 4 * MOST_SMALL:
                break
            yield from lines
        if rest:
            message = "a line without an end"
            raise Unreadable(message)

    def check_lists(self) -> None:
        """Compare every part with the lists of hashes."""
        listed = {**self._listed(MANIFEST, payload=True), **self._listed(TAG_MANIFEST, payload=False)}
        for name in sorted(listed.keys() - self.parts.keys()):
            self._found.add("part-missing", None, name)
        for name in sorted(self.parts.keys() - listed.keys() - {TAG_MANIFEST}):
            self._found.add("part-surplus", None, name)
        for name in sorted(listed.keys() & self.parts.keys()):
            digest = self._hash(name)
            if digest is not None and digest != listed[name]:
                self._found.add("part-altered", None, name)

    def check_named(self, names: Mapping[str, str]) -> None:
        """Compare parts that are named by their content with their names."""
        for part, name in names.items():
            if self._hash(part) not in (name, None):
                self._found.add("attachment-altered", None, name)

    def _hash(self, name: str) -> str | None:
        try:
            if name not in self.hashes:
                for _ in self.chunks(name):
                    pass
        except Unreadable as error:
            self._found.add("part-unreadable", None, f"{name} ({error})")
            return None
        return self.hashes[name]

    def _listed(self, manifest: str, *, payload: bool) -> dict[str, str]:
        listed: dict[str, str] = {}
        for line in self.read(manifest).decode("utf-8", "replace").split("\n")[:-1]:
            match = _LISTED.fullmatch(line)
            if match is None or match[2] in listed or match[2].startswith("data/") != payload:
                self._found.add("list-malformed", None, f"{manifest}: {line}")
            else:
                listed[match[2]] = match[1]
        return listed


def _is_sound(info: zipfile.ZipInfo) -> bool:
    """Return whether a part is a plain file, not encrypted, and no larger than its compressed bytes could make it."""
    plain = (info.external_attr >> 16) & KINDS_OF_FILE in (0, REGULAR) and not info.flag_bits & ENCRYPTED
    packed = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return plain and packed and info.file_size <= MOST_GAIN * info.compress_size + SLACK
