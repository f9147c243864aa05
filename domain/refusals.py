"""Refusals that many deciders share."""

from datetime import date

from domain.dates import civil_date
from domain.decision import Conflict, Context, Event, Refused
from domain.text import Text


def unless_same(same: bool, refusal: Refused) -> list[Event]:  # noqa: FBT001 - a verdict passed on
    """Return no event where what is asked holds already; raise `refusal` where something else does."""
    if same:
        return []
    raise refusal


def taken(thing: str) -> Conflict:
    """Return the refusal of an id that stands for something else already."""
    return Conflict(
        "id-taken",
        Text(f"编号 {thing} 已经使用；请换一个编号。", f"The id {thing} is taken; choose another."),
    )


def not_in_future(on: date, context: Context) -> None:
    """Raise `Refused` where `on` is a day that has not come yet."""
    today = civil_date(context.now)
    if on > today:
        raise Refused(
            "in-the-future",
            Text(
                f"{on} 还没有到（今天是 {today}）；请在当天或之后登记。",
                f"{on} is still to come (today is {today}); record it on that day or later.",
            ),
        )
