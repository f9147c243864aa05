"""What stops recording: a commit nobody can vouch for, a disk that fails, a damaged log, unsafe settings."""

import errno
from collections.abc import Iterator

from domain.decision import Refused
from domain.text import Text


class InDoubt(Exception):  # noqa: N818
    """The database cannot say whether the facts were kept. Ask again with the same command id: it happens once."""

    why = Text(
        "数据库未能确认这次记录是否已保存；请用同一命令编号再提交一次，不会重复记录。",
        "The database could not confirm that this was kept; send it again under the same command id, it happens once.",
    )

    def __init__(self, cause: BaseException | None = None) -> None:
        """Say what to do, and what is the matter with the disk where it is to blame."""
        trouble = None if cause is None else trouble_with_disk(cause)
        if trouble is not None:
            self.why = Text(trouble.zh + self.why.zh, f"{trouble.en} {self.why.en}")
        super().__init__(self.why.en)


class NotStored(Exception):  # noqa: N818 - says what is the case
    """The database could not be written, and that is certain: nothing was recorded."""

    def __init__(self, trouble: Text) -> None:
        """Say what is the matter, and what to do."""
        self.why = Text(
            f"{trouble.zh}这次没有记录任何内容；排除故障后请重新提交。",
            f"{trouble.en} Nothing was recorded; send it again once that is put right.",
        )
        super().__init__(self.why.en)


class Damaged(Exception):  # noqa: N818 - fatal: the log can no longer be trusted
    """A stored fact (or, with position 0, the ledger's head) is not what the ledger wrote: appends stop."""

    def __init__(self, position: int) -> None:
        """Name the position."""
        self.position = position
        self.why = Text(
            f"账本第 {position} 条已损坏，不能再记录；请运行 verify 并联系管理员。",
            f"Fact {position} is damaged and nothing more is recorded; run verify and call the operator.",
        )
        super().__init__(self.why.en)


class UnsafeSettings(Exception):  # noqa: N818
    """The database would acknowledge facts that a power cut could take back."""

    def __init__(self, said: str) -> None:
        """Say what the database answers, what is needed, and what to do."""
        self.why = Text(
            f"数据库的设置不能保证断电后不丢失已确认的记录，因此没有打开：{said}。请改正设置后重试。",
            f"{said}. A power cut could take back what was acknowledged, so nothing was opened; change it, try again.",
        )
        super().__init__(self.why.en)


class EntryTooLarge(Refused):
    """A fact of more than 65,535 bytes."""

    def __init__(self, size: int, limit: int) -> None:
        """Say how large the fact would be (bytes) and what to do."""
        super().__init__(
            "entry-too-large",
            Text(
                f"这条记录有 {size} 字节，超过 {limit} 字节的上限；请缩短文字，或把长内容作为附件提交。",
                f"This would be a fact of {size} bytes, above the limit of {limit}; shorten it, or attach a file.",
            ),
        )


_FULL = Text("磁盘已满，请腾出空间。", "The disk is full; make room on it.")
_READ_ONLY = Text(
    "数据库只读或无法打开，请检查数据目录的权限和挂载方式。",
    "The database is read-only or cannot be opened; check the rights on the data directory and how it is mounted.",
)
_BROKEN = Text(
    "读写磁盘出错，请检查磁盘（系统日志），必要时更换，之后运行 verify。",
    "Reading or writing the disk failed; check the disk (the system's log), replace it if need be, then run verify.",
)
_TROUBLES = {13: _FULL, 4874: _FULL, 8: _READ_ONLY, 14: _READ_ONLY, 10: _BROKEN}
"""By SQLite's result code: FULL, IOERR_SHMSIZE (its index had no room), READONLY, CANTOPEN, any other IOERR."""
_TROUBLES_OF_POSTGRESQL = {"53100": _FULL, "25006": _READ_ONLY, "58030": _BROKEN}
"""By SQLSTATE: disk_full, read_only_sql_transaction, io_error."""
_TROUBLES_OF_FILES = {errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EROFS: _READ_ONLY, errno.EIO: _BROKEN}
"""By errno, for the files beside a database."""


def trouble_with_disk(error: BaseException) -> Text | None:
    """Return what is the matter and what to do where an error tells of the disk; None for any other."""
    return next((trouble for each in _causes(error) if (trouble := _trouble(each)) is not None), None)


def _trouble(error: BaseException) -> Text | None:
    if isinstance(error, OSError):
        return _TROUBLES_OF_FILES.get(error.errno or 0)
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _TROUBLES.get(code, _TROUBLES.get(code & 0xFF))
    return _TROUBLES_OF_POSTGRESQL.get(str(getattr(error, "sqlstate", None)))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = getattr(error, "orig", None) or error.__cause__
