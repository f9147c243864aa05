"""Which files are kept beside the facts, how large, and that they are what they say.

A picture, a paper, a table or a rulebook is kept by its SHA-256 for ever, so what nobody could open later, or what is
something else than it claims to be, is turned away, at the terminal and over HTTP alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MOST_MEGABYTES: Final = 20
MOST_BYTES: Final = MOST_MEGABYTES * 1024 * 1024
_ZIPPED, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type, and the bytes it begins with; none for text, which is UTF-8."""

    media_type: str
    begins: bytes = b""

    def fits(self, content: bytes) -> bool:
        """Return whether `content` is of this kind, as far as its beginning or its encoding says."""
        return content.startswith(self.begins) if self.begins else _is_text(content)


_OFFICE, _OPEN = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
KINDS: Final[Mapping[str, Kind]] = {
    ".toml": Kind("application/toml"),
    ".json": Kind("application/json"),
    ".txt": Kind("text/plain"),
    ".checkpoint": Kind("text/plain"),
    ".csv": Kind("text/csv"),
    ".pdf": Kind("application/pdf", b"%PDF-"),
    ".ofd": Kind("application/ofd", _ZIPPED),
    ".png": Kind("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": Kind("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": Kind("image/jpeg", b"\xff\xd8\xff"),
    ".xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _ZIPPED),
    ".docx": Kind(f"{_OFFICE}.wordprocessingml.document", _ZIPPED),
    ".xls": Kind("application/vnd.ms-excel", _COMPOUND),
    ".doc": Kind("application/msword", _COMPOUND),
    ".ods": Kind(f"{_OPEN}.spreadsheet", _ZIPPED),
    ".odt": Kind(f"{_OPEN}.text", _ZIPPED),
}
"""The kinds that are kept, by the ending of the file's name."""
BY_MEDIA_TYPE: Final[Mapping[str, Kind]] = {kind.media_type: kind for kind in KINDS.values()}


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
