"""What points a rater may give: within range, not too fine, with the ballots they are the mean of (A-25, AMB-A14)."""

from decimal import Decimal
from typing import Protocol

from domain.decision import Refused
from domain.ids import PersonId
from domain.rulebook.model import Component, Rulebook
from domain.rulebook.order import Bounds
from domain.scoring import written
from domain.sheet.plain import MOST_DECIMALS, fine_enough
from domain.text import Text


class Rated(Protocol):
    """Points, and who gave them where a single rater did."""

    @property
    def points(self) -> Decimal:
        """Return the points."""

    @property
    def rater(self) -> PersonId | None:
        """Return who rated, None where several did."""


def check_points(rules: Rulebook, component: Component, asked: Rated, ballots: int | None) -> None:
    """Raise `Refused` where points lie outside the component's range or are too fine, or ballots are not counted so.

    A value without a rater says how many ballots it is the mean of; what one named rater gave is one ballot (AMB-A14).
    """
    points, rater, reach = asked.points, asked.rater, rules.range_of(component)
    if not fine_enough(points):
        raise Refused("malformed-points", _malformed(points))
    if points < reach.low or (reach.high is not None and points > reach.high):
        raise Refused("points-out-of-range", _out_of_range(points, reach))
    if rater is not None and ballots is not None:
        raise Refused("ballots-unfit", _BALLOTS_UNFIT)
    if (component.ballots_minimum and rater is None and ballots is None) or (ballots is not None and ballots < 0):
        raise Refused("ballots-missing", _ballots_missing(component))


def require_group(component: Component, group: str | None) -> None:
    """Raise `Refused` unless points say which group gave them where each has a share, and only there (AMB-B10)."""
    shared = [each.group for each in component.shares]
    if shared and not group:
        raise Refused("group-needed", _group_needed(component, shared))
    if group and group not in shared:
        raise Refused("unknown-rater-group", _unknown_group(component, group, shared))


_BALLOTS_UNFIT = Text(
    "写明评分人的分数就是一票，不另写票数；请去掉其一。",
    "What a named rater gave is one ballot; leave out either the rater or the number of ballots.",
)


def _group_needed(component: Component, shared: list[str]) -> Text:
    return Text(
        f"“{component.title.zh}”按评议组的比例计分；请用 --group 写明评议组：{'、'.join(shared)}。",
        f"In '{component.title.en}' each group has a share of its own; say which gave it: {', '.join(shared)}.",
    )


def _unknown_group(component: Component, group: str, shared: list[str]) -> Text:
    if not shared:
        return Text(
            f"“{component.title.zh}”不分评议组计分；请删去评议组。",
            f"No group has a share of its own in '{component.title.en}'; leave the group out.",
        )
    return Text(
        f"“{component.title.zh}”没有评议组 {group}；有：{'、'.join(shared)}。",
        f"'{component.title.en}' has no group {group}; it has {', '.join(shared)}.",
    )


def _malformed(points: Decimal) -> Text:
    return Text(
        f"分数 {points} 的小数超过 {MOST_DECIMALS} 位；请核对。",
        f"The score {points} has more than {MOST_DECIMALS} decimals; check it.",
    )


def _out_of_range(points: Decimal, reach: Bounds) -> Text:
    low = written(reach.low)
    if reach.high is None:
        return Text(
            f"分数 {points} 低于 {low}（{reach.clause}）；请核对。",
            f"The score {points} is below {low} ({reach.clause}); check it.",
        )
    high = written(reach.high)
    return Text(
        f"分数 {points} 不在 {low} 到 {high} 之间（{reach.clause}）；请核对。",
        f"The score {points} is not between {low} and {high} ({reach.clause}); check it.",
    )


def _ballots_missing(component: Component) -> Text:
    return Text(
        f"“{component.title.zh}”是多人评分的平均，请写明有效票数。",
        f"'{component.title.en}' is a mean of ballots; say how many were valid.",
    )
