"""Writing a bag into a ZIP: part after part, each hashed while it is written; the same parts give the same bytes."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import IO, Any

LONG_AGO = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644 << 16
UNIX = 3
LEVEL = 6
CHUNK = 1 << 20
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"


class Bag:
    """An archive being written; no part is ever held in memory as a whole."""

    def __init__(self, file: IO[bytes]) -> None:
        """Write to `file`, which can be sought in."""
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=LEVEL)
        self._hashes: dict[str, str] = {}
        self.payload_bytes = 0

    @property
    def payload_parts(self) -> int:
        """Return how many parts of the payload have been written."""
        return sum(1 for name in self._hashes if name.startswith("data/"))

    @contextmanager
    def part(self, name: str) -> Iterator["Part"]:
        """Lend a part to write to."""
        info = zipfile.ZipInfo(name, LONG_AGO)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, REGULAR_FILE, UNIX
        with self._zip.open(info, "w", force_zip64=True) as stream:
            part = Part(stream)
            yield part
        self._hashes[name] = part.digest.hexdigest()
        if name.startswith("data/"):
            self.payload_bytes += part.bytes

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a whole part."""
        with self.part(name) as part:
            for piece in pieces:
                part.write(piece)

    def close(self) -> None:
        """Write the lists of hashes and the directory of the ZIP."""
        payload = {name: digest for name, digest in self._hashes.items() if name.startswith("data/")}
        self.add(MANIFEST, [_listed(payload)])
        tags = {name: digest for name, digest in self._hashes.items() if not name.startswith("data/")}
        self.add(TAG_MANIFEST, [_listed(tags)])
        self._zip.close()


class Part:
    """One part being written: its hash and how many bytes it has so far."""

    def __init__(self, stream: IO[Any]) -> None:
        """Write to `stream`."""
        self._stream = stream
        self.digest = sha256()
        self.bytes = 0

    def write(self, piece: bytes) -> None:
        """Write some more."""
        for start in range(0, len(piece), CHUNK) if len(piece) > CHUNK else (0,):
            self._stream.write(piece[start : start + CHUNK])
        self.digest.update(piece)
        self.bytes += len(piece)


def _listed(hashes: dict[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())).encode()
