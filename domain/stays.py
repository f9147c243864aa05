"""One interval of belonging to a branch: as what, from when to when, and in which group."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from domain.ids import BranchId, GroupId

Kind = Literal["formal", "probationary", "staff"]
"""正式党员, 预备党员, and 群众: staff outside the Party who rate, object and attend."""
MEMBER_KINDS: tuple[Kind, ...] = ("formal", "probationary")


@dataclass(slots=True)
class Stay:
    """One interval of belonging: [since, until)."""

    branch: BranchId
    kind: Kind
    since: date
    until: date | None = None
    formal_since: date | None = None
    groups: list[tuple[date, GroupId]] = field(default_factory=list)

    def covers(self, day: date) -> bool:
        """Return whether the person belonged at the end of `day`."""
        return self.since <= day and (self.until is None or self.until > day)

    def kind_on(self, day: date) -> Kind:
        """Return what the person was at the end of `day`."""
        return "formal" if self.formal_since is not None and self.formal_since <= day else self.kind

    def enter_group(self, on: date, group: GroupId) -> None:
        """Take a group into account, also one that was entered late: a day earlier than another's."""
        self.groups = sorted((*(known for known in self.groups if known[0] != on), (on, group)))

    def group_on(self, day: date) -> GroupId | None:
        """Return the group at the end of `day`."""
        return next((group for since, group in reversed(self.groups) if since <= day), None)
