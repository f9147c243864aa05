"""Files that were sent ahead of the command that names them: they wait in a folder, for a day, and no more than fit.

Nothing here is a fact and nobody can read it back: a command that names a file takes it into the ledger. Which process
took a file does not matter, for all of one machine look into the same folder.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request

from api.commands.bodies import TooLarge
from domain.decision import Command, Refused
from domain.ids import attachments_of
from domain.text import Text
from ledger.attachable import BY_MEDIA_TYPE, KINDS, MOST_BYTES, Kind
from ledger.store import Attachment

KEPT_SECONDS: Final = 24 * 3600
MOST_WAITING_BYTES: Final = 1024 * 1024 * 1024
_ENDINGS: Final = {kind.media_type: ending for ending, kind in KINDS.items()}
_PART: Final = ".part"


class NoRoom(Refused):
    """Too much is waiting already (429)."""

    retry_after = 3600

    def __init__(self) -> None:
        """Say when there will be room."""
        super().__init__("uploads-full", _NO_ROOM)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files that wait, each named by its SHA-256 and the ending that says what it is."""

    folder: Path
    now: Callable[[], float] = time.time
    most_waiting_bytes: int = MOST_WAITING_BYTES

    async def take(self, request: Request, name: str) -> bool:
        """Keep what a request brings under the SHA-256 it gives; return whether it was not there before.

        Raises `Refused` for a kind that is not kept and for content that is something else than it claims to be,
        `TooLarge`, and `NoRoom`; nothing is kept then.
        """
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in BY_MEDIA_TYPE:
            raise Refused("unknown-kind-of-file", _unknown(media_type))
        await run_in_threadpool(self._make_room)
        descriptor, part = tempfile.mkstemp(_PART, dir=self.folder)
        try:
            digest = await _stream_into(descriptor, request)
            if digest != name:
                raise Refused("attachment-altered", _ALTERED)
            return await run_in_threadpool(self._keep, Path(part), name, BY_MEDIA_TYPE[media_type])
        finally:
            await run_in_threadpool(_let_go, Path(part))

    def _keep(self, part: Path, name: str, kind: Kind) -> bool:
        if not kind.fits(part.read_bytes()):
            raise Refused("another-kind-of-file", _SOMETHING_ELSE)
        target = self.folder / f"{name}{_ENDINGS[kind.media_type]}"
        new = not target.exists()
        part.replace(target)
        return new

    def of(self, command: Command) -> tuple[Attachment, ...]:
        """Return the files that wait and that a command names; the ledger knows of the others, or refuses."""
        return self.named(attachments_of(command))

    def named(self, names: Iterable[str]) -> tuple[Attachment, ...]:
        """Return the files that wait under these names."""
        return tuple(found for name in names if (found := self.find(name)) is not None)

    def keep(self, content: Attachment) -> None:
        """Keep a file that has come whole, and has been looked at already; raises `NoRoom`."""
        self._make_room()
        descriptor, part = tempfile.mkstemp(_PART, dir=self.folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.content)
        self._keep(Path(part), content.sha256, BY_MEDIA_TYPE[content.media_type])

    def find(self, name: str) -> Attachment | None:
        """Return a file that waits, None where none does under this SHA-256."""
        for ending, kind in KINDS.items():
            path = self.folder / f"{name}{ending}"
            if len(name) == sha256().digest_size * 2 and path.is_file():
                return Attachment(name, kind.media_type, path.read_bytes())
        return None

    def _make_room(self) -> None:
        """Let go of what has waited for a day; raise `NoRoom` where too much is left."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        waiting = 0
        for path, size, at in self._waiting():
            if self.now() - at > KEPT_SECONDS:
                path.unlink(missing_ok=True)
            else:
                waiting += size
        if waiting + MOST_BYTES > self.most_waiting_bytes:
            raise NoRoom

    def _waiting(self) -> Iterator[tuple[Path, int, float]]:
        for path in self.folder.iterdir():
            try:
                known = path.stat()
            except FileNotFoundError:
                continue  # another process has let go of it
            yield path, known.st_size, known.st_mtime


async def _stream_into(descriptor: int, request: Request) -> str:
    """Write what a request brings; return its SHA-256, or raise `TooLarge` as soon as it is."""
    digest, size = sha256(), 0
    with os.fdopen(descriptor, "wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooLarge(MOST_BYTES)
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _let_go(part: Path) -> None:
    part.unlink(missing_ok=True)


def _unknown(media_type: str) -> Text:
    known = "、".join(sorted(_ENDINGS)), ", ".join(sorted(_ENDINGS))
    said = media_type if media_type.isascii() and media_type.isprintable() else "…"
    return Text(
        f"Content-Type「{said}」不在保存之列；可用：{known[0]}。", f"Files of '{said}' are not kept; known: {known[1]}."
    )


_ALTERED = Text(
    "内容与网址中的 SHA-256 不符；请重新计算后再传。",
    "The content does not have the SHA-256 in the URL; compute it again.",
)
_SOMETHING_ELSE = Text(
    "内容与 Content-Type 不符（文本须为 UTF-8）；请核对文件。",
    "The content is not what Content-Type says (text is UTF-8); check the file.",
)
_NO_ROOM = Text("等候办理的附件过多；请稍后再传。", "Too many files are waiting to be used; try later.")
