"""Whether this process may record at present: reads go on where the disk is nearly full or the signer has gone.

A command that cannot be kept safely is refused before it is decided, with 503 and when to try again; nothing is lost.
"""

import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.requests import HTTPConnection

from domain.decision import Refused
from domain.text import Text

LEAST_FREE_BYTES: Final = 512 * 1024 * 1024
LOOK_AGAIN_SECONDS: Final = 2.0
ABILITY: Final = "ability"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why nothing is recorded at present, and after how many seconds to ask again."""

    code: str
    why: Text
    retry_after: int


class CannotRecord(Refused):
    """Nothing is recorded at present (503)."""

    def __init__(self, hindrance: Hindrance) -> None:
        """Refuse with a hindrance."""
        super().__init__(hindrance.code, hindrance.why)
        self.retry_after = hindrance.retry_after


Check = Callable[[], Hindrance | None]


@dataclass(slots=True)
class Ability:
    """Asks its checks, at most every two seconds; once the server is being stopped nothing more is recorded."""

    checks: Sequence[Check] = ()
    monotonic: Callable[[], float] = time.monotonic
    stopping: threading.Event = field(default_factory=threading.Event)
    _found: Hindrance | None = None
    _looked_at: float = float("-inf")

    def hindrance(self) -> Hindrance | None:
        """Return why nothing may be recorded, None where it may."""
        if self.stopping.is_set():
            return STOPPING
        if self.monotonic() - self._looked_at >= LOOK_AGAIN_SECONDS:
            self._found = next((found for check in self.checks if (found := check()) is not None), None)
            self._looked_at = self.monotonic()
        return self._found


def require_able(request: HTTPConnection) -> None:
    """Raise `CannotRecord` where this process may not record at present."""
    ability: Ability = request.scope["state"][ABILITY]
    found = ability.hindrance()
    if found is not None:
        raise CannotRecord(found)


def disk_has_room(path: Path, least_bytes: int = LEAST_FREE_BYTES) -> Check:
    """Return a check of the room beside the data: a full disk is met before a commit fails on it."""
    return lambda: _DISK if shutil.disk_usage(path).free < least_bytes else None


def signer_is_there(available: Callable[[], bool]) -> Check:
    """Return a check of the signer, for an installation that records nothing that could not be signed."""
    return lambda: None if available() else _SIGNER


STOPPING: Final = Hindrance(
    "stopping", Text("服务正在停止，请稍后重试。", "The server is being stopped; try later."), 10
)
_DISK = Hindrance(
    "disk-nearly-full",
    Text(
        "磁盘空间将满，暂停记录，查阅不受影响；请管理员清理磁盘。",
        "The disk is nearly full: nothing is recorded until the operator makes room, and everything can be read.",
    ),
    60,
)
_SIGNER = Hindrance(
    "signer-gone",
    Text(
        "签署程序没有应答，暂停记录，查阅不受影响；请管理员启动签署程序。",
        "The signer does not answer: nothing is recorded until the operator starts it, and everything can be read.",
    ),
    30,
)
