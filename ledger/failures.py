"""What stops recording: a commit nobody can vouch for, a damaged log, settings that would lose facts."""

from domain.decision import Refused
from domain.text import Text


class InDoubt(Exception):  # noqa: N818
    """The database cannot say whether the facts were kept. Ask again with the same command id: it happens once."""

    why = Text(
        "数据库未能确认这次记录是否已保存；请用同一命令编号再提交一次，不会重复记录。",
        "The database could not confirm that this was kept; send it again under the same command id, it happens once.",
    )

    def __init__(self) -> None:
        """Say what to do."""
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
