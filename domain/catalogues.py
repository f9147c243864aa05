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
from domain.rulebook import Rulebook, clause_text, parse_rulebook
from domain.rulebook.items import Item
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
        return _parsed(self.documents[self.in_force(rulebook, day).document])


def item_in(rules: Rulebook, code: str) -> Item:
    """Return the item `code` of a rulebook; `NotFound` where it lists none."""
    if code not in rules.items:
        raise NotFound("unknown-item", _unknown_item(rules, code))
    return rules.items[code]


def points_for(rules: Rulebook, item: Item, points: Decimal | None, posts: frozenset[str]) -> Decimal:
    """Return what one occurrence of `item` is worth to a holder of `posts`; `Refused` where `points` do not fit.

    Points of None are the item's own number, where it has one (B-50: a post may have a number of its own).
    """
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


def require_evidence(rules: Rulebook, item: Item, evidence: tuple[str, ...]) -> None:
    """Raise `Refused` where the item demands evidence and there is none."""
    if item.evidence_required and not evidence:
        raise Refused("evidence-needed", _evidence_needed(rules, item))


def require_times(rules: Rulebook, item: Item, times: int) -> None:
    """Raise `Refused` where the item has been entered `times` times in the period and may not be again."""
    if item.max_times is not None and times >= item.max_times:
        raise Refused("too-often", _too_often(rules, item, item.max_times))


def require_activity_kind(rules: Rulebook, item: Item, kind: str) -> None:
    """Raise `Refused` where the item does not answer activities of this kind."""
    if item.activities and kind not in item.activities:
        raise Refused("activity-does-not-fit", _activity_does_not_fit(rules, item, kind))


@lru_cache(maxsize=KEPT_PARSED)
def _parsed(document: bytes) -> Rulebook:
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


def _unknown_item(rules: Rulebook, code: str) -> Text:
    return Text(
        f"办法 {rules.id} 第 {rules.version} 版（事项发生之日所施行）没有项目 {code}；请核对项目代码和发生日期。",
        f"Version {rules.version} of {rules.id}, in force on that day, has no item {code}; check the item and the day.",
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
