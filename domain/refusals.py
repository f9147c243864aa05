"""Refusals that many deciders share."""

from datetime import date

from domain.dates import civil_date
from domain.decision import Conflict, Context, Event, Refused
from domain.ids import BranchId
from domain.roles import EN_ZH
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


def wrong_office(roles: tuple[str, ...], branch: BranchId | None) -> Text:
    """Return that something is for the holders of one of these offices, in a branch or (None) in the committee."""
    zh = "、".join(EN_ZH[role] for role in roles)
    en = " or ".join(roles)
    where_zh, where_en = (f"支部 {branch} 的", f" of branch {branch}") if branch else ("", "")
    return Text(
        f"此项须由{where_zh}{zh}办理；请由其办理，或先登记任职。",
        f"This is for the {en}{where_en}; let them do it, or enter the appointment first.",
    )
