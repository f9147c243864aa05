"""Whether entries fit the catalogue: items known and in force, points and amounts as written, times, days, people."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.findings import Finding
from domain.rulebook.items import Item, Percent
from domain.rulebook.model import Component, Rulebook
from domain.sheet.model import Entry, Occurrence, Recorded
from domain.sheet.occurrences import MOST_KEPT
from domain.sheet.plain import MOST_DECIMALS, fine_enough
from domain.text import Text

FIX = Text(zh="改正后再试。", en="Correct it and try again.")
_HUNDRED = Decimal(100)
_Times = tuple[str, str, int]
"""The version of an item, and how many entries one person may have of it."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Occurrences that were found to fit: those of which one person may have any number, and those that are counted.

    `beside` has what fits but for points and amount: the version of an item, a level, whether a matter is named, a day.
    """

    freely: set[Occurrence] = field(default_factory=set)
    counted: dict[Occurrence, _Times] = field(default_factory=dict)
    beside: set[tuple[object, ...]] = field(default_factory=set)

    def note(self, occurrence: Occurrence, times: _Times | None) -> None:
        """Keep that `occurrence` fits."""
        if len(self.freely) + len(self.counted) >= MOST_KEPT:
            return
        if times is None:
            self.freely.add(occurrence)
        else:
            self.counted[occurrence] = times

    def holds(self, occurrences: tuple[Occurrence, ...]) -> bool:
        """Return whether all were found to fit before, and no item stands more often than it may."""
        if self.freely.issuperset(occurrences):
            return True
        others = [each for each in occurrences if each not in self.freely]
        times = Counter(map(self.counted.get, others))
        return all(each is not None and number <= each[-1] for each, number in times.items())


Met = dict[tuple[object, ...], Fitting]
"""What was found to fit, for each component, posts, category and days."""


@dataclass(frozen=True, slots=True)
class EntryCheck:
    """The checks of one person's entries of one period, from `first` up to and without `end`.

    What occurred fits or not whoever it is about: each occurrence that fits is kept in `met` and not checked again.
    """

    rulebook: Rulebook
    person: str
    posts: frozenset[str]
    category: str
    first: date | None
    end: date | None
    met: Met

    def recorded(self, component: Component, recorded: Recorded, place: str) -> Iterator[Finding]:
        """Yield what is wrong with the entries of `component`; `place` is where they stand in the sheet."""
        fitting = self.fitting(component.code)
        if not fitting.holds(recorded.occurrences):
            yield from self._each(component, recorded.entries, place, fitting)

    def fitting(self, code: str) -> Fitting:
        """Return what was found to fit the component `code` so far."""
        return self.met.setdefault((code, self.posts, self.category, self.first, self.end), Fitting())

    def _each(self, component: Component, entries: Iterable[Entry], place: str, fitting: Fitting) -> Iterator[Finding]:
        """Yield what is wrong with entries one after the other; what fits is kept."""
        times: Counter[_Times] = Counter()
        for number, entry in enumerate(entries):
            at = entry.place or f"{place}[{number}]"
            known = self.rulebook.items.get(entry.item)
            item = None if known is None else known.in_force_on(entry.occurred_on)
            if item is None:
                yield _unknown(entry, at) if known is None else _not_in_force(known, entry, at)
                continue
            counted = _times_of(item)
            if entry.occurrence not in fitting.freely and entry.occurrence not in fitting.counted:
                found = tuple(self._entry(component, item, entry, at, fitting))
                yield from found
                if not found:
                    fitting.note(entry.occurrence, counted)
            if counted:
                times[counted] += 1
                if times[counted] > counted[-1]:
                    yield self._too_often(item, at)

    def _too_often(self, item: Item, place: str) -> Finding:
        message = Text(
            zh=f"“{self.person}”的“{item.title.zh}”每期最多{item.most_entries}次（{item.clause}）",
            en=f"“{item.title.en}” counts at most {item.most_entries} times a period for “{self.person}” "
            f"({item.clause})",
        )
        return Finding("item-too-often", f"{place}.item", message, FIX)

    def _entry(self, component: Component, item: Item, entry: Entry, place: str, fitting: Fitting) -> Iterator[Finding]:
        beside = (item.code, item.effective_from, entry.level, not entry.matter, entry.occurred_on)
        if beside in fitting.beside:
            yield from self._worth(item, entry, place)
            return
        before, after = tuple(self._catalogue(component, item, place)), tuple(self._level_and_day(item, entry, place))
        yield from before
        yield from self._worth(item, entry, place)
        yield from after
        if not before and not after and len(fitting.beside) < MOST_KEPT:
            fitting.beside.add(beside)

    def _catalogue(self, component: Component, item: Item, place: str) -> Iterator[Finding]:
        if self.rulebook.component_of(item) != component.code:
            message = Text(
                zh=f"“{item.title.zh}”不属于{component.title.zh}",
                en=f"“{item.title.en}” does not count for {component.title.en}",
            )
            yield Finding("item-elsewhere", f"{place}.item", message, FIX)
        if self.rulebook.categories and not self._is_for(item):
            yield self._of_others(item, place)

    def _level_and_day(self, item: Item, entry: Entry, place: str) -> Iterator[Finding]:
        yield from level_faults(item, entry, place)
        day = entry.occurred_on
        if day is not None and self.first is not None and self.end is not None and not self.first <= day < self.end:
            last = self.end - timedelta(days=1)
            message = Text(
                zh=f"“{item.title.zh}”发生于{day}，不在{self.first}至{last}之间",
                en=f"“{item.title.en}” occurred on {day}, not from {self.first} to {last}",
            )
            yield Finding("entry-outside-period", f"{place}.occurred_on", message, FIX)

    def _is_for(self, item: Item) -> bool:
        group = next((each for each in self.rulebook.groups if each.code == item.group), None)
        return item.is_for(self.category) and (group is None or group.is_for(self.category))

    def _of_others(self, item: Item, place: str) -> Finding:
        message = Text(
            zh=f"“{item.title.zh}”不适用于“{self.person}”所属的类别“{self.category}”",
            en=f"“{item.title.en}” is not for the category “{self.category}”, to which “{self.person}” belongs",
        )
        remedy = Text(
            zh="改用该类别的条目，或改正category。", en="Use an item of that category, or correct `category`."
        )
        return Finding("item-of-others", f"{place}.item", message, remedy)

    def _worth(self, item: Item, entry: Entry, place: str) -> Iterator[Finding]:
        if item.measure is not None:
            yield from amount_faults(item, entry, place)
            return
        if entry.amount is not None:
            message = Text(zh=f"“{item.title.zh}”不按数量计分", en=f"“{item.title.en}” is not measured by an amount")
            yield Finding("amount-unfit", f"{place}.amount", message, Text(zh="删去amount。", en="Remove `amount`."))
        yield from self._points(item, entry, f"{place}.points")

    def _points(self, item: Item, entry: Entry, place: str) -> Iterator[Finding]:
        points = item.points_for(entry.points, self.posts)
        if points is None:
            message = Text(
                zh=f"“{self.person}”的“{item.title.zh}”没有写明分值",
                en=f"“{item.title.en}” of “{self.person}” does not say how many points",
            )
            yield Finding("points-missing", place, message, self._worth_of(item))
        elif not points.is_finite() or not self._fits(item, entry, points):
            message = Text(
                zh=f"“{self.person}”的“{item.title.zh}”为{points}分，与条目分值不符",
                en=f"“{item.title.en}” of “{self.person}” has {points} points, which the item is not worth",
            )
            yield Finding("points-unfit", place, message, self._worth_of(item))
        else:
            yield from too_fine(points, place)

    def _fits(self, item: Item, entry: Entry, points: Decimal) -> bool:
        return entry.judged or any(value.holds(points) for value in item.values_for(self.posts))

    def _worth_of(self, item: Item) -> Text:
        """Return the remedy that names what an item is worth."""
        values = item.values_for(self.posts)
        listed = " · ".join(
            str(each.fixed) if each.fixed is not None else f"{each.low} … {each.high}" for each in values
        )
        return Text(zh=f"应为{listed}（{item.clause}）。", en=f"It is worth {listed} ({item.clause}).")


def _times_of(item: Item) -> _Times | None:
    """Return what is to be counted of an item, None where one person may have any number of its entries."""
    most = item.most_entries
    return None if most is None else (item.code, str(item.effective_from), most)


def amount_faults(item: Item, entry: Entry, place: str) -> Iterator[Finding]:
    """Yield what is wrong with the amount of an entry whose item is measured by one, and with points beside it."""
    amount, at = entry.amount, f"{place}.amount"
    if amount is None or item.measure is None:
        message = Text(zh=f"“{item.title.zh}”没有写明数量", en=f"“{item.title.en}” does not say how much")
        remedy = Text(zh=f"写明amount（{item.clause}）。", en=f"Give the `amount` ({item.clause}).")
        yield Finding("amount-missing", at, message, remedy)
        return
    if not amount.is_finite() or amount < 0 or (isinstance(item.measure, Percent) and amount > _HUNDRED):
        wanted = Text("0至100", "from 0 to 100") if isinstance(item.measure, Percent) else Text("0以上", "0 or more")
        message = Text(
            zh=f"“{item.title.zh}”的数量为{amount}，应为{wanted.zh}",
            en=f"the amount of “{item.title.en}” is {amount}, not {wanted.en}",
        )
        yield Finding("amount-unfit", at, message, FIX)
        return
    yield from too_fine(amount, at)
    worth = item.measure.of(amount)
    if entry.points is None or (entry.judged and entry.points.is_finite()):
        return
    if not entry.points.is_finite() or Fraction(entry.points) != worth:
        message = Text(
            zh=f"“{item.title.zh}”的数量{amount}不是{entry.points}分",
            en=f"{amount} of “{item.title.en}” is not worth {entry.points} points",
        )
        remedy = Text(zh="删去points，由数量计算。", en="Remove `points`; the amount gives them.")
        yield Finding("points-unfit", f"{place}.points", message, remedy)


def level_faults(item: Item, entry: Entry, place: str) -> Iterator[Finding]:
    """Yield what is wrong with the level of an entry, and with the matter where items exclude one another."""
    listed = " · ".join(item.levels)
    if item.levels and entry.level not in item.levels:
        said = Text("没有写明级别", "does not say its level")
        if entry.level:
            said = Text(f"没有级别“{entry.level}”", f"has no level “{entry.level}”")
        message = Text(zh=f"“{item.title.zh}”{said.zh}", en=f"“{item.title.en}” {said.en}")
        remedy = Text(zh=f"写明level：{listed}（{item.clause}）。", en=f"Give `level`: {listed} ({item.clause}).")
        yield Finding("level-unknown", f"{place}.level", message, remedy)
    if entry.level and not item.levels:
        message = Text(zh=f"“{item.title.zh}”不分级别", en=f"“{item.title.en}” has no levels")
        yield Finding("level-unknown", f"{place}.level", message, Text(zh="删去level。", en="Remove `level`."))
    if item.exclusive and not entry.matter:
        message = Text(
            zh=f"“{item.title.zh}”与其他条目就同一事项只计最高，须写明事项",
            en=f"of the matter of “{item.title.en}” only the largest counts, but the entry does not name it",
        )
        remedy = Text(zh="写明matter：同一事项用同一名称。", en="Give `matter`, the same word for the same matter.")
        yield Finding("matter-missing", f"{place}.matter", message, remedy)


def too_fine(points: Decimal, place: str) -> Iterator[Finding]:
    """Yield a finding where a number has more decimals than are kept."""
    if points.is_finite() and not fine_enough(points):
        message = Text(
            zh=f"“{points}”超过{MOST_DECIMALS}位小数", en=f"“{points}” has more than {MOST_DECIMALS} decimals"
        )
        yield Finding("score-too-fine", place, message, FIX)


def _unknown(entry: Entry, place: str) -> Finding:
    message = Text(zh=f"没有考核条目“{entry.item}”", en=f"there is no item “{entry.item}”")
    return Finding("item-unknown", f"{place}.item", message, FIX)


def _not_in_force(item: Item, entry: Entry, place: str) -> Finding:
    spans = [(version.effective_from or "…", version.effective_to or "…") for version in item.versions()]
    listed = Text(
        "；".join(f"{first}至{last}" for first, last in spans), "; ".join(f"{first} to {last}" for first, last in spans)
    )
    if entry.occurred_on is None:
        message = Text(
            zh=f"“{item.title.zh}”只在{listed.zh}施行，而记录没有日期",
            en=f"“{item.title.en}” is in force {listed.en} only, and the entry has no day",
        )
        remedy = Text(zh="写明occurred_on。", en="Give `occurred_on`.")
        return Finding("entry-day-missing", f"{place}.occurred_on", message, remedy)
    message = Text(
        zh=f"“{item.title.zh}”在{listed.zh}施行，{entry.occurred_on}发生的不适用",
        en=f"“{item.title.en}” is in force {listed.en}, not on {entry.occurred_on}, when it occurred",
    )
    return Finding("item-not-in-force", f"{place}.occurred_on", message, FIX)
