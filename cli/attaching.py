"""Files that come along with a command at the terminal: read from the path given, and what they are checked."""

from hashlib import sha256
from pathlib import Path

from cli.exits import Exit, stop
from cli.settings import Settings
from domain.text import Text
from ledger.attachable import KINDS, MOST_BYTES, MOST_MEGABYTES
from ledger.store import Attachment


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
