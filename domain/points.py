"""What points a rater may give: within range, not too fine, with the ballots they are the mean of (A-25, AMB-A14)."""

from decimal import Decimal

from domain.decision import Refused
from domain.ids import PersonId
from domain.rulebook.model import Component
from domain.sheet.plain import MOST_DECIMALS, fine_enough
from domain.text import Text


def check_points(component: Component, points: Decimal, ballots: int | None, rater: PersonId | None) -> None:
    """Raise `Refused` where points lie outside 0–100 or are too fine, or where ballots are not counted as they are.

    A value without a rater says how many ballots it is the mean of; what one named rater gave is one ballot (AMB-A14).
    """
    if not fine_enough(points):
        raise Refused("malformed-points", _malformed(points))
    if points < 0 or (points > 100 and not component.open_top):  # noqa: PLR2004 - A-25: per cent
        raise Refused("points-out-of-range", _out_of_range(points))
    if rater is not None and ballots is not None:
        raise Refused("ballots-unfit", _BALLOTS_UNFIT)
    if (component.ballots_minimum and rater is None and ballots is None) or (ballots is not None and ballots < 0):
        raise Refused("ballots-missing", _ballots_missing(component))


_BALLOTS_UNFIT = Text(
    "写明评分人的分数就是一票，不另写票数；请去掉其一。",
    "What a named rater gave is one ballot; leave out either the rater or the number of ballots.",
)


def _malformed(points: Decimal) -> Text:
    return Text(
        f"分数 {points} 的小数超过 {MOST_DECIMALS} 位；请核对。",
        f"The score {points} has more than {MOST_DECIMALS} decimals; check it.",
    )


def _out_of_range(points: Decimal) -> Text:
    return Text(
        f"分数 {points} 不在 0 到 100 之间；请核对。", f"The score {points} is not between 0 and 100; check it."
    )


def _ballots_missing(component: Component) -> Text:
    return Text(
        f"“{component.title.zh}”是多人评分的平均，请写明有效票数。",
        f"'{component.title.en}' is a mean of ballots; say how many were valid.",
    )
