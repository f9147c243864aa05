"""The item catalogue of a rulebook: what adds points, what takes them away, and the groups that bound them (A-42)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from domain.text import Text


@dataclass(frozen=True, slots=True)
class Group:
    """Items counted together: points begin at `start`, entries are added, the sum stays within low and high (AMB-A12).

    One written as a bonus begins at nothing whatever the base is; the others are the dimensions of the record (B-11).
    """

    code: str
    title: Text
    component: str
    start: Decimal
    low: Decimal
    high: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class Value:
    """What one occurrence is worth: a fixed number of points, negative for deductions, or a range with its ends.

    `post` is the post that the value is for; empty, it holds for everybody whose posts have none of their own (B-50).
    """

    low: Decimal
    high: Decimal
    post: str = ""

    @property
    def fixed(self) -> Decimal | None:
        """Return the points where there is nothing to choose, else None."""
        return self.low if self.low == self.high else None

    def holds(self, points: Decimal) -> bool:
        """Return whether `points` are what one occurrence may be worth."""
        return self.low <= points <= self.high


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that counts: its value, the operational test for it (A-5), how often it may count, and its clause.

    `activities` are the codes of `domain.activity_kinds` that it answers; `key` marks the key items of A-49;
    `max_times` and `per_period_cap` bound one person's entries of one period, the latter as a magnitude.
    """

    code: str
    title: Text
    test: Text
    group: str
    value: Value
    clause: str
    posts: tuple[Value, ...] = ()
    key: bool = False
    evidence_required: bool = False
    activities: tuple[str, ...] = ()
    max_times: int | None = None
    per_period_cap: Decimal | None = None

    def values_for(self, posts: frozenset[str]) -> tuple[Value, ...]:
        """Return what one occurrence may be worth to a holder of `posts`: their own values, or the general one."""
        own = tuple(value for value in self.posts if value.post in posts)
        return own or (self.value,)

    def points_for(self, given: Decimal | None, posts: frozenset[str]) -> Decimal | None:
        """Return what an entry is worth to a holder of `posts`; None where nothing was given and nothing is fixed."""
        values = self.values_for(posts)
        return given if given is not None or len(values) > 1 else values[0].fixed

    def every_value(self) -> Iterator[Value]:
        """Yield the general value and those of single posts."""
        yield self.value
        yield from self.posts
