"""The item catalogues that were in force, by version, and whether an entry fits the item it names (A-42, B-12, B-50).

An entry is judged by the version in force on the day it happened, not by that of the day it is entered (trap 5).
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from domain.adoption import RulebookAdopted, Rulebooks
from domain.decision import Fact, NotFound, Refused
from domain.ids import Document, RulebookId
from domain.period_days import days_of
from domain.rulebook import Rulebook, clause_text, parse_rulebook
from domain.rulebook.items import Item, Measure, Percent
from domain.scoring import written
from domain.sheet.plain import fine_enough
from domain.text import Text

KEPT_PARSED = 32


@dataclass(slots=True)
class Catalogues(Rulebooks):
    """All versions adopted, with their documents, each of which is read when it is first asked."""

    documents: dict[Document, bytes] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more adoption into account."""
        Rulebooks.evolve(self, fact)
        if isinstance(fact.event, RulebookAdopted):
            self.documents[fact.event.document] = fact.document(fact.event.document)

    def rules_on(self, rulebook: RulebookId, day: date) -> Rulebook:
        """Return the rulebook in the version in force on `day`; `NotFound` where none is."""
        return parsed(self.documents[self.in_force(rulebook, day).document])

    def for_period(self, rulebook: RulebookId, period: str) -> tuple[RulebookAdopted, Rulebook]:
        """Return the version by which a period is evaluated: the one in force on its last day; `NotFound` without one.

        Which day that is, the version itself says. Where versions whose years begin at different months both claim the
        period, the one adopted last does.
        """
        civil = days_of(period)
        for adopted in reversed(self.versions.get(rulebook, [])):
            rules = parsed(self.documents[adopted.document])
            days = rules.year.days(period)
            if days is not None and self.known_in_force(rulebook, days.last) == adopted:
                return adopted, rules
        self.in_force(rulebook, civil.last)
        raise NotFound("no-version-for-period", _no_version(rulebook, period))

    def listed(self, rulebook: RulebookId, code: str, day: date) -> Item | None:
        """Return the item `code` as it counts what happened on `day`; None where nothing in force lists it."""
        try:
            return item_in(self.rules_on(rulebook, day), code, day)
        except Refused:
            return None


def item_in(rules: Rulebook, code: str, day: date) -> Item:
    """Return the item `code` of a rulebook, in its version for `day`; `NotFound` where it lists none for that day."""
    if code not in rules.items:
        raise NotFound("unknown-item", _unknown_item(rules, code))
    item = rules.items[code].in_force_on(day)
    if item is None:
        raise NotFound("item-not-in-force", _not_in_force(rules, rules.items[code], day))
    return item


def points_for(
    rules: Rulebook, item: Item, points: Decimal | None, posts: frozenset[str], amount: Decimal | None = None
) -> Decimal:
    """Return what one occurrence of `item` is worth to a holder of `posts`; `Refused` where `points` do not fit.

    Points of None are the item's own number, where it has one (B-50: a post may have a number of its own), or what the
    `amount` comes to. A level's multiplier and the item's bounds come later, when it is counted.
    """
    if item.measure is not None:
        return _measured(rules, item, item.measure, points, amount)
    if amount is not None:
        raise Refused("amount-does-not-fit", _not_measured(rules, item))
    values = item.values_for(posts)
    if points is None:
        fixed = {value.fixed for value in values}
        only = fixed.pop() if len(fixed) == 1 else None
        if only is None:
            raise Refused("points-needed", _points_needed(rules, item, posts))
        return only
    if not fine_enough(points) or not any(value.holds(points) for value in values):
        raise Refused("points-do-not-fit", _points_do_not_fit(rules, item, points, posts))
    return points


def _measured(rules: Rulebook, item: Item, measure: Measure, points: Decimal | None, amount: Decimal | None) -> Decimal:
    if amount is None:
        raise Refused("amount-needed", _amount_needed(rules, item))
    most = 100 if isinstance(measure, Percent) else None
    if not fine_enough(amount) or amount < 0 or (most is not None and amount > most):
        raise Refused("amount-does-not-fit", _amount_does_not_fit(rules, item, amount))
    worth = Decimal(written(measure.of(amount)))
    if points is not None and points != worth:
        raise Refused("points-do-not-fit", _not_worth(rules, item, points, amount, worth))
    return worth


def require_said(rules: Rulebook, item: Item, level: str | None, matter: str | None) -> None:
    """Raise `Refused` where an entry does not say the level or the matter that its item asks for, or another level."""
    if bool(level) != bool(item.levels) or (level and level not in item.levels):
        raise Refused("level-does-not-fit", _level_does_not_fit(rules, item, level))
    if item.exclusive and not (matter or "").strip():
        raise Refused("matter-needed", _matter_needed(rules, item))


def require_for(rules: Rulebook, item: Item, posts: frozenset[str]) -> None:
    """Raise `Refused` where the item is not for the category of people that a holder of `posts` belongs to."""
    category = rules.category_of("", posts)
    group = next((each for each in rules.groups if each.code == item.group), None)
    if category and not (item.is_for(category) and (group is None or group.is_for(category))):
        raise Refused("item-of-others", _of_others(rules, item, category))


def require_evidence(rules: Rulebook, item: Item, evidence: tuple[str, ...]) -> None:
    """Raise `Refused` where the item demands evidence and there is none."""
    if item.evidence_required and not evidence:
        raise Refused("evidence-needed", _evidence_needed(rules, item))


def require_times(rules: Rulebook, item: Item, times: int) -> None:
    """Raise `Refused` where the item has been entered `times` times in the period and may not be again."""
    if item.most_entries is not None and times >= item.most_entries:
        raise Refused("too-often", _too_often(rules, item, item.most_entries))


def require_activity_kind(rules: Rulebook, item: Item, kind: str) -> None:
    """Raise `Refused` where the item does not answer activities of this kind."""
    if item.activities and kind not in item.activities:
        raise Refused("activity-does-not-fit", _activity_does_not_fit(rules, item, kind))


@lru_cache(maxsize=KEPT_PARSED)
def parsed(document: bytes) -> Rulebook:
    """Return what a document says; those asked last are kept."""
    return parse_rulebook(document)


def _named(rules: Rulebook, item: Item) -> Text:
    """Return an item's name with the clause it stands under, for a refusal to quote."""
    said = clause_text(rules, item.clause)
    quoted = Text("", "") if said is None else Text(f"「{said.zh}」", f" '{said.en}'")
    return Text(
        f"“{item.title.zh}”（{item.code}，{item.clause}{quoted.zh}）",
        f"'{item.title.en}' ({item.code}, {item.clause}{quoted.en})",
    )


def _worth(item: Item, posts: frozenset[str]) -> Text:
    spans = [
        (written(value.low), "") if value.fixed is not None else (written(value.low), written(value.high))
        for value in item.values_for(posts)
    ]
    return Text(
        "或".join(f"{low}至{high}" if high else low for low, high in spans),
        " or ".join(f"{low} to {high}" if high else low for low, high in spans),
    )


def _no_version(rulebook: str, period: str) -> Text:
    return Text(
        f"办法 {rulebook} 各版的年度起始月份不同，没有一版在其所定的 {period} 最后一天施行；请核对各版的施行日期。",
        f"The versions of {rulebook} begin their years in different months; none was in force on the last day that it "
        f"gives to {period}; check the days they cover.",
    )


def _unknown_item(rules: Rulebook, code: str) -> Text:
    return Text(
        f"办法 {rules.id} 第 {rules.version} 版（事项发生之日所施行）没有项目 {code}；请核对项目代码和发生日期。",
        f"Version {rules.version} of {rules.id}, in force on that day, has no item {code}; check the item and the day.",
    )


def _not_in_force(rules: Rulebook, item: Item, day: date) -> Text:
    name = _named(rules, item)
    spans = [f"{each.effective_from or '…'} – {each.effective_to or '…'}" for each in item.versions()]
    listed = "; ".join(spans)
    return Text(
        f"{name.zh}的施行期为 {listed}，{day} 发生的不适用；请核对日期或改用其他项目。",
        f"{name.en} is in force {listed}, not on {day}; check the day or use another item.",
    )


def _not_measured(rules: Rulebook, item: Item) -> Text:
    name = _named(rules, item)
    return Text(f"{name.zh}不按数量计分；请删去数量。", f"{name.en} is not measured by an amount; leave it out.")


def _amount_needed(rules: Rulebook, item: Item) -> Text:
    name = _named(rules, item)
    return Text(f"{name.zh}按数量计分；请写明数量。", f"{name.en} is measured by an amount; say how much.")


def _amount_does_not_fit(rules: Rulebook, item: Item, amount: Decimal) -> Text:
    name = _named(rules, item)
    return Text(
        f"{name.zh}的数量不能是 {amount}；应为不小于 0 的数（百分率不超过 100），至多 6 位小数。",
        f"{name.en} cannot have the amount {amount}; give 0 or more (a rate at most 100), with 6 decimals at most.",
    )


def _not_worth(rules: Rulebook, item: Item, points: Decimal, amount: Decimal, worth: Decimal) -> Text:
    name = _named(rules, item)
    return Text(
        f"{name.zh}的数量 {amount} 计 {worth} 分，不是 {points}；不必写分值。",
        f"{amount} of {name.en} comes to {worth} points, not {points}; the points need not be said.",
    )


def _level_does_not_fit(rules: Rulebook, item: Item, level: str | None) -> Text:
    name, listed = _named(rules, item), "、".join(item.levels)
    if not item.levels:
        return Text(f"{name.zh}不分级别；请删去级别。", f"{name.en} has no levels; leave the level out.")
    return Text(
        f"{name.zh}的级别为{listed}，不能是「{level or ''}」；请写明级别。",
        f"{name.en} has the levels {', '.join(item.levels)}, not '{level or ''}'; say which.",
    )


def _matter_needed(rules: Rulebook, item: Item) -> Text:
    name = _named(rules, item)
    return Text(
        f"{name.zh}就同一事项只计最高；请写明事项，同一事项用同一名称。",
        f"Of one matter {name.en} counts only the largest; name the matter, always by the same word.",
    )


def _of_others(rules: Rulebook, item: Item, category: str) -> Text:
    name = _named(rules, item)
    return Text(
        f"{name.zh}不适用于类别 {category}；请改用该类别的项目，或核对岗位。",
        f"{name.en} is not for the category {category}; use an item of that category, or check the post.",
    )


def _points_needed(rules: Rulebook, item: Item, posts: frozenset[str]) -> Text:
    name, worth = _named(rules, item), _worth(item, posts)
    return Text(f"{name.zh}的分值为{worth.zh}；请写明分值。", f"{name.en} is worth {worth.en}; say how many points.")


def _points_do_not_fit(rules: Rulebook, item: Item, points: Decimal, posts: frozenset[str]) -> Text:
    name, worth = _named(rules, item), _worth(item, posts)
    return Text(
        f"{name.zh}的分值为{worth.zh}，不能是 {points}；请核对。",
        f"{name.en} is worth {worth.en}, not {points}; check the points.",
    )


def _evidence_needed(rules: Rulebook, item: Item) -> Text:
    name = _named(rules, item)
    return Text(f"{name.zh}须附证明材料；请附上文件。", f"{name.en} demands evidence; attach the file.")


def _too_often(rules: Rulebook, item: Item, times: int) -> Text:
    name = _named(rules, item)
    return Text(
        f"{name.zh}每周期至多记 {times} 次，已经记满；请核对发生日期和已有记录。",
        f"{name.en} counts {times} times a period at most, and has; check the day and the entries there are.",
    )


def _activity_does_not_fit(rules: Rulebook, item: Item, kind: str) -> Text:
    name = _named(rules, item)
    return Text(
        f"{name.zh}不对应活动类别「{kind}」；请核对活动编号或项目代码。",
        f"{name.en} does not answer activities of the kind '{kind}'; check the activity and the item.",
    )
