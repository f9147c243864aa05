"""What each kind of entry is worth and where it is summed, found once and kept: the short way from entries to sums.

In a round most entries say what others say: same item, points and day. `worth_of` judges each kind when it is first
met; met again, its worth is only added, in millionths and so nearly always in whole numbers. Where an entry counts or
not for what stands beside it (free ones, times, one matter), nothing is kept: `counted` decides for each person anew.
The lines of an explanation come from the same functions when they are asked for: there is no second way to count.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.rulebook.items import Group, Item
from domain.rulebook.model import Band, Component, Rulebook
from domain.scoring.numbers import Units, kept_within, number_of, units
from domain.scoring.worth import Line, counted, line_of, version_of, without_outdone, worth_of
from domain.sheet.model import Entry, Occurrence, Recorded
from domain.sheet.occurrences import MOST_KEPT

_Bounded = tuple[Units, int, int, Units | None, Units | None]
_ELSEWHERE, _CHOOSY = -1, -2
"""Beside the slots: what counts for another component, and how many entries count by what stands beside them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Two bounds in millionths, None where one is open."""

    low: Units | None
    high: Units | None

    def keep(self, counted: Units) -> Units:
        """Return `counted`, or the bound that it passes."""
        return kept_within(counted, self.low, self.high)


def limits(low: Decimal | None, high: Decimal | None) -> Limits:
    """Return the bounds `low` and `high` in millionths."""
    return Limits(None if low is None else units(low), None if high is None else units(high))


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the entries of one version of an item are summed, and what its cap per period leaves of the sum."""

    item: Item
    cap: Limits | None


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """What a group adds up: its start, the slots from `first` up to and without `end`, within its bounds."""

    group: Group
    first: int
    end: int
    start: Units
    start_by: Mapping[str, Units]
    bounds: Limits

    def sum(self, values: Sequence[Units], category: str) -> Units:
        """Return start and slots together for a person of `category`."""
        return self.start_for(category) + sum(values[self.first : self.end])

    def start_for(self, category: str) -> Units:
        """Return the start for a person of `category`."""
        return self.start_by.get(category, self.start)

    def bounded(self, category: str) -> _Bounded:
        """Return start, first slot, end of the slots, and the bounds for a person of `category`."""
        return self.start_for(category), self.first, self.end, self.bounds.low, self.bounds.high


class _Worths(dict[Occurrence, tuple[int, Units]]):
    """The slot and the worth of every occurrence that was met."""

    def __init__(self, judge: Callable[[Occurrence], tuple[int, Units]]) -> None:
        """Begin with none; `judge` is asked about each occurrence once."""
        super().__init__()
        self._judge = judge

    def __missing__(self, occurrence: Occurrence) -> tuple[int, Units]:
        """Return slot and worth of an occurrence that is met for the first time."""
        found = self._judge(occurrence)
        if len(self) < MOST_KEPT:
            self[occurrence] = found
        return found


class Tariff:
    """The catalogue of one component for holders of some posts."""

    def __init__(self, rulebook: Rulebook, component: Component, posts: frozenset[str]) -> None:
        """Lay out the slots, those of the component's groups one group after the other; nothing is judged yet."""
        self._items, self._posts = rulebook.items, posts
        self._order = {code: number for number, code in enumerate(rulebook.items)}
        self._choosy = {code for code, item in rulebook.items.items() if any(map(_is_choosy, item.versions()))}
        own = rulebook.groups_of(component.code)
        reach = rulebook.range_of(component)
        self.reach = limits(reach.low, reach.high)
        self.slots = tuple(slot for group in own for slot in _slots(rulebook, group.code))
        self._groups = tuple(self._terms(group) for group in own)
        self._place = {id(slot.item): place for place, slot in enumerate(self.slots)}
        self._capped = [(place, slot.cap) for place, slot in enumerate(self.slots) if slot.cap is not None]
        self._bounded: dict[str, list[_Bounded]] = {}
        self._values: dict[Units, Fraction] = {}
        self._worths = _Worths(self._judge)

    def _terms(self, group: Group) -> GroupTerms:
        places = [place for place, slot in enumerate(self.slots) if slot.item.group == group.code]
        first = places[0] if places else 0
        start_by = {category: units(start) for category, start in group.start_by.items()}
        return GroupTerms(
            group, first, first + len(places), units(group.start), start_by, limits(group.low, group.high)
        )

    def sums(self, recorded: Recorded) -> list[Units]:
        """Return what the entries of every slot come to.

        LookupError for an entry without points or item, or on a day on which its item is not in force.
        """
        found: list[Units] = [0] * (len(self.slots) + 2)
        for place, worth in map(self._worths.__getitem__, recorded.occurrences):
            found[place] += worth
        if found[_CHOOSY]:
            choosy = [entry for entry in recorded.entries if entry.item in self._choosy]
            for place, lines in self.lines(choosy).items():
                found[place] = sum(units(line.points) for line in lines)
        return found

    def group_values(self, values: Sequence[Units], category: str) -> list[Units]:
        """Return what the bounds of each group that exists for `category` leave of start and slots together."""
        groups = self._bounded.get(category)
        if groups is None:
            groups = self._bounded[category] = [terms.bounded(category) for terms in self.groups_for(category)]
        return [kept_within(start + sum(values[first:end]), low, high) for start, first, end, low, high in groups]

    def groups_for(self, category: str) -> list[GroupTerms]:
        """Return the groups that exist for a person of `category`, in the order of the document."""
        return [terms for terms in self._groups if terms.group.is_for(category)]

    def value(self, groups: Iterable[Units]) -> Fraction:
        """Return what the range of the component leaves of its groups together; of values there are few."""
        total = sum(groups)
        found = self._values.get(total)
        if found is None:
            found = number_of(self.reach.keep(total))
            if len(self._values) < MOST_KEPT:
                self._values[total] = found
        return found

    def within_caps(self, sums: Sequence[Units]) -> list[Units]:
        """Return what the caps per period leave of the sums of the slots."""
        values = list(sums)
        for place, cap in self._capped:
            values[place] = kept_within(values[place], cap.low, cap.high)
        return values

    def lines(self, entries: Iterable[Entry]) -> dict[int, tuple[Line, ...]]:
        """Return by slot what each of the `entries` counts for, in the order of days."""
        read = [line_of(self._items[entry.item], entry, self._posts) for entry in entries]
        if any(line.item.exclusive for line in read):
            read = without_outdone(read, self._order)
        found: dict[int, list[Line]] = {}
        for line in read:
            if id(line.item) in self._place:
                found.setdefault(self._place[id(line.item)], []).append(line)
        return {place: counted(lines[0].item, lines) for place, lines in found.items()}

    def _judge(self, occurrence: Occurrence) -> tuple[int, Units]:
        """Return the slot of an occurrence and its worth; where only what stands beside it can tell, it is counted."""
        version = version_of(self._items[occurrence.item], occurrence)
        worth = worth_of(version, occurrence, self._posts)
        if occurrence.item in self._choosy:
            return _CHOOSY, 1
        return self._place.get(id(version), _ELSEWHERE), units(worth.value)


ReadOff = tuple[Fraction, Decimal, Fraction, Band | None]
"""An exact total, as it is published, the number of it that is compared, and the band that holds it."""


class Tariffs:
    """The tariffs of one rulebook that are asked for while one sheet is counted."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Begin with none."""
        self.rulebook = rulebook
        self.read_off: dict[tuple[str, int, int], ReadOff] = {}
        self._made: dict[tuple[str, frozenset[str]], Tariff] = {}

    def of(self, component: Component, posts: frozenset[str]) -> Tariff:
        """Return the tariff of `component` for holders of `posts`."""
        asked = (component.code, posts)
        if asked not in self._made:
            self._made[asked] = Tariff(self.rulebook, component, posts)
        return self._made[asked]


def _slots(rulebook: Rulebook, group: str) -> Iterator[Slot]:
    for item in rulebook.items.values():
        for version in item.versions():
            if version.group == group:
                cap = version.per_period_cap
                yield Slot(version, None if cap is None else limits(-cap, cap))


def _is_choosy(item: Item) -> bool:
    """Return whether more than the entry itself tells what it counts for."""
    return bool(item.exclusive or item.free_times or (item.max_times is not None and item.beyond == "ignored"))
