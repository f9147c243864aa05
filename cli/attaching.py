"""Files that come along with a command: which kinds are kept, how large, and that they are what their name says.

A picture, a paper, a table or a rulebook is kept by its SHA-256 beside the facts for ever, so what nobody could open
later, or what is something else than it claims to be, is turned away here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cli.exits import Exit, stop
from cli.settings import Settings
from domain.text import Text
from ledger.store import Attachment

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


def attach(path: Path, settings: Settings) -> Attachment:
    """Return a file as an attachment; ends with code 2 where it is of no known kind or not what its name says.

    It ends with code 3 where there is no such file, and with code 2 where it is larger than 20 MB.
    """
    content, kind = read_limited(path, settings), KINDS.get(path.suffix.lower())
    if kind is None:
        stop(Exit.USAGE, _unknown_kind(path), settings.language)
    if not kind.fits(content):
        stop(Exit.USAGE, _something_else(path), settings.language)
    return Attachment(sha256(content).hexdigest(), kind.media_type, content)


def attach_workbook(path: Path, settings: Settings) -> Attachment:
    """Return a workbook as an attachment, whatever its name; who reads it says what is wrong with it."""
    content, kind = read_limited(path, settings), KINDS.get(path.suffix.lower())
    media_type = "application/octet-stream" if kind is None else kind.media_type
    return Attachment(sha256(content).hexdigest(), media_type, content)


def read_limited(path: Path, settings: Settings) -> bytes:
    """Return what a file holds; ends with code 2 where it is larger than 20 MB, with code 3 where there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        why = Text(f"读不了文件 {path}：{error.strerror}", f"Cannot read {path}: {error.strerror}")
        stop(Exit.NOT_FOUND, why, settings.language)
    if len(content) > MOST_BYTES:
        stop(Exit.USAGE, _too_large(path), settings.language)
    return content


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _unknown_kind(path: Path) -> Text:
    known = " ".join(KINDS)
    return Text(
        f"不能附上 {path}：只保存这些类型的文件：{known}；请另存为其中一种。",
        f"Cannot attach {path}: only files of these kinds are kept: {known}; save it as one of them.",
    )


def _something_else(path: Path) -> Text:
    return Text(
        f"不能附上 {path}：内容与扩展名 {path.suffix} 不符（文本须为 UTF-8）；请核对文件。",
        f"Cannot attach {path}: it is not what its ending {path.suffix} says (text is UTF-8); check the file.",
    )


def _too_large(path: Path) -> Text:
    return Text(
        f"文件 {path} 超过 {MOST_MEGABYTES} MB；请缩小（如降低图片分辨率）后再附上。",
        f"{path} is larger than {MOST_MEGABYTES} MB; make it smaller, such as by a lower resolution, and attach that.",
    )
