"""The item catalogue of a rulebook: what adds points, what takes them away, and the groups that bound them (A-42)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from domain.text import Text

Beyond = Literal["refused", "ignored"]


def exactly(points: Decimal | Fraction) -> Fraction:
    """Return points as a fraction; of decimals there are few different ones, and making a fraction is slow."""
    return _exactly(points) if isinstance(points, Decimal) else points


@lru_cache(maxsize=4096)
def _exactly(points: Decimal) -> Fraction:
    return Fraction(points)


@dataclass(frozen=True, slots=True)
class Category:
    """A category of people with a catalogue of its own (骨干 and 普通, 在职 and 离退休), such as groups and items name.

    Who holds one of `posts` belongs to it where a sheet does not say; one without posts takes everybody else.
    """

    code: str
    title: Text
    clause: str
    posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Items counted together: points begin at `start`, entries are added, the sum stays within low and high (AMB-A12).

    One written as a bonus begins at nothing whatever the base is; the others are the dimensions of the record (B-11).
    A bound of None is open. `start_by` gives single categories of people a start of their own; where `categories` are
    named, the group does not exist for anybody else.
    """

    code: str
    title: Text
    component: str
    start: Decimal
    low: Decimal | None
    high: Decimal | None
    clause: str
    start_by: Mapping[str, Decimal] = field(default_factory=dict)
    categories: tuple[str, ...] = ()

    def start_for(self, category: str) -> Decimal:
        """Return where points begin for a person of `category`."""
        return self.start_by.get(category, self.start)

    def is_for(self, category: str) -> bool:
        """Return whether the group exists for a person of `category`."""
        return not self.categories or category in self.categories


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
class Rate:
    """So many points for each `unit` of an entry's amount: 0.5 for an hour."""

    unit: Text
    points: Decimal

    def of(self, amount: Decimal) -> Fraction:
        """Return what `amount` units are worth."""
        return Fraction(amount) * Fraction(self.points)

    @property
    def span(self) -> Value:
        """What one unit is worth."""
        return Value(self.points, self.points)


@dataclass(frozen=True, slots=True)
class Stair:
    """The points of amounts up to and with `upto` that no stair before it takes; None takes all that are left."""

    upto: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class Stairs:
    """Points by steps of an entry's amount: the first stair that reaches it; the last one is open."""

    stairs: tuple[Stair, ...]

    def of(self, amount: Decimal) -> Fraction:
        """Return what `amount` is worth; LookupError where no stair reaches it, which coherence rules out."""
        for stair in self.stairs:
            if stair.upto is None or amount <= stair.upto:
                return Fraction(stair.points)
        raise LookupError(str(amount))

    @property
    def span(self) -> Value:
        """The least and the most that an amount can be worth."""
        points = [stair.points for stair in self.stairs] or [Decimal(0)]
        return Value(min(points), max(points))


@dataclass(frozen=True, slots=True)
class Percent:
    """A rate from 0 to 100 (a key figure fulfilled) converted into points: so many per cent of it."""

    percent: Decimal

    def of(self, amount: Decimal) -> Fraction:
        """Return what a rate of `amount` is worth."""
        return Fraction(amount) * Fraction(self.percent) / 100

    @property
    def span(self) -> Value:
        """What the rates 0 and 100 are worth."""
        nothing = Decimal(0)
        return Value(min(nothing, self.percent), max(nothing, self.percent))


Measure = Rate | Stairs | Percent


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that counts: its value, the operational test for it (A-5), how often it may count, and its clause.

    `activities` are the codes of `domain.activity_kinds` that it answers; `key` marks the key items of A-49;
    `max_times` and `per_period_cap` bound one person's entries of one period, the latter as a magnitude.

    Where there is a `measure`, an entry's amount makes the points and `value` is the span of one unit. `levels` are
    multipliers by the entry's level, `per_occurrence_cap` a magnitude. The first `free_times` count nothing. Of entries
    about one matter under items of one `exclusive` name only the largest counts. Versions of an item that replaced one
    another stand in `later`; each counts what happened from `effective_from` to `effective_to`, bounded on its own.
    `recorded_by` and `verified_by` are offices, empty where the command's own decide.
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
    measure: Measure | None = None
    levels: Mapping[str, Decimal] = field(default_factory=dict)
    per_occurrence_cap: Decimal | None = None
    free_times: int = 0
    beyond: Beyond = "refused"
    exclusive: str = ""
    categories: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    recorded_by: tuple[str, ...] = ()
    verified_by: tuple[str, ...] = ()
    later: tuple["Item", ...] = ()

    def values_for(self, posts: frozenset[str]) -> tuple[Value, ...]:
        """Return what one occurrence may be worth to a holder of `posts`: their own values, or the general one."""
        own = tuple(value for value in self.posts if value.post in posts)
        return own or (self.value,)

    def points_for(self, given: Decimal | None, posts: frozenset[str]) -> Decimal | None:
        """Return what an entry is worth to a holder of `posts`; None where nothing was given and nothing is fixed."""
        if given is not None or self.measure is not None:
            return given
        if not self.posts:
            return self.value.fixed
        values = self.values_for(posts)
        return None if len(values) > 1 else values[0].fixed

    def base(self, points: Decimal | None, amount: Decimal | None, posts: frozenset[str]) -> Fraction | None:
        """Return an entry's points before its level and bounds: measured, given or fixed; None where none can be."""
        if self.measure is not None:
            return None if amount is None else self.measure.of(amount)
        found = self.points_for(points, posts)
        return None if found is None else exactly(found)

    def every_value(self) -> Iterator[Value]:
        """Yield the general value and those of single posts."""
        yield self.value
        yield from self.posts

    def once(self) -> tuple[Decimal | None, Decimal | None]:
        """Return the least and the most that one occurrence can be worth, with its level; None is without a bound."""
        cap, times = self.per_occurrence_cap, tuple(self.levels.values()) or (Decimal(1),)
        ends = [end * each for value in self.every_value() for end in (value.low, value.high) for each in times]
        low, high = (min(ends), max(ends)) if cap is None else (max(min(ends), -cap), min(max(ends), cap))
        if isinstance(self.measure, Rate):
            most = None if cap is None else cap.copy_sign(low)
            return (most, Decimal(0)) if low < 0 else (Decimal(0), most)
        return low, high

    def versions(self) -> tuple["Item", ...]:
        """Return this item and those that replaced it, in the order of the document."""
        return (self, *self.later)

    def in_force_on(self, day: date | None) -> "Item | None":
        """Return the version by which what happened on `day` counts, None where there is none (trap 5)."""
        if not self.later and self.effective_from is None and self.effective_to is None:
            return self
        return next((version for version in self.versions() if version.covers(day)), None)

    def covers(self, day: date | None) -> bool:
        """Return whether this very version counts what happened on `day`; without a day, only one that is always so."""
        first, last = self.effective_from, self.effective_to
        if day is None:
            return first is None and last is None
        return (first is None or first <= day) and (last is None or day <= last)

    @property
    def most_entries(self) -> int | None:
        """How many entries one person may have in a period, the free ones included; None for any number."""
        if self.max_times is None or self.beyond == "ignored":
            return None
        return self.max_times + self.free_times

    def is_for(self, category: str) -> bool:
        """Return whether the item counts for a person of `category`."""
        return not self.categories or category in self.categories
