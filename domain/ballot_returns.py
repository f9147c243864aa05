"""Sheets going out and coming back: facts about people, without what they voted (form 7: returned ≤ issued).

A voter on the list votes on a screen, or is handed a sheet of paper; voices without a name have one-time slips or blank
sheets. What is printed, dropped and keyed in lies with the keeper of the box (`ledger.ballot_boxes`).
"""

from collections.abc import Iterable

from domain.appointments import Offices
from domain.ballot_boxes import Box
from domain.ballots import SlipIssued, SlipReturned, SlipsIssued
from domain.decision import Command, Conflict, Context, Event, NotPermitted, Refused, command, deciders
from domain.ids import BoxId, PersonId
from domain.roles import RECORDERS
from domain.text import Text


@command("print-slips", roles=RECORDERS, at="boxes/{box}/slips")
class PrintSlips(Command):
    """Print one-time slips for a group whose voices have no names; the codes stand on the slips and nowhere else."""

    box: BoxId
    group: str
    count: int
    keeper_pass: str


@command("hand-out-sheets", roles=RECORDERS, at="boxes/{box}/sheets-handed-out")
class HandOutSheets(Command):
    """Enter that sheets of paper were handed out: to these voters, or `count` blank ones to a group without names."""

    box: BoxId
    people: tuple[PersonId, ...] = ()
    group: str = ""
    count: int = 0


@command("vote", at="boxes/{box}/sheets")
class ReturnSheet(Command):
    """Drop one's own sheet into the box; voting again before the close replaces it."""

    box: BoxId
    person: PersonId
    keeper_pass: str


@command("record-returns", roles=RECORDERS, at="boxes/{box}/returns")
class RecordReturns(Command):
    """Enter who put a sheet of paper into the box, as the signatures say."""

    box: BoxId
    people: tuple[PersonId, ...]


def print_slips(asked: PrintSlips, context: Context, box: Box, offices: Offices) -> list[Event]:
    """Enter that slips were printed, no more than the group has voices. Each printing is an act of its own."""
    opened = box.require_known()
    offices.require(asked, context, opened.branch)
    box.require_keeper(asked.keeper_pass)
    box.require_voting(context.now)
    _check_allowed(box, asked.group, asked.count)
    return [SlipsIssued(box=asked.box, round=opened.round, group=asked.group, count=asked.count, paper=False)]


def hand_out_sheets(asked: HandOutSheets, context: Context, box: Box, offices: Offices) -> list[Event]:
    """Enter sheets handed out to voters who have not voted, each once, and blank ones within the group's voices."""
    opened = box.require_known()
    offices.require(asked, context, opened.branch)
    box.require_voting(context.now)
    voters = [box.require_voter(person) for person in dict.fromkeys(asked.people)]
    _refuse_voted(person for person in asked.people if person in box.on_screen)
    if opened.own_left_out and (judged := [person for person in asked.people if person in opened.subjects]):
        raise Refused("paper-could-be-ones-own", _own_paper(judged))
    handed: list[Event] = [
        SlipIssued(box=asked.box, round=opened.round, person=voter.person, group=voter.group)
        for voter in voters
        if voter.person not in box.handed
    ]
    if not asked.group and not asked.count:
        return handed
    _check_allowed(box, asked.group, asked.count)
    blank = SlipsIssued(box=asked.box, round=opened.round, group=asked.group, count=asked.count, paper=True)
    return [*handed, blank]


def return_sheet(asked: ReturnSheet, context: Context, box: Box) -> list[Event]:
    """Enter that a voter on the list voted himself; a sheet that replaces his first one is no new fact."""
    box.require_known()
    if context.actor != asked.person:
        raise NotPermitted("not-himself", _NOT_HIMSELF)
    box.require_keeper(asked.keeper_pass)
    voter = box.require_voter(asked.person)
    opened = box.require_voting(context.now)
    if asked.person in box.on_paper:
        raise Conflict("voted-on-paper", _ON_PAPER)
    if asked.person in box.on_screen:
        return []
    return [SlipReturned(box=asked.box, round=opened.round, person=voter.person, group=voter.group, paper=False)]


def record_returns(asked: RecordReturns, context: Context, box: Box, offices: Offices) -> list[Event]:
    """Enter paper sheets returned by those to whom they were handed, each once."""
    opened = box.require_known()
    offices.require(asked, context, opened.branch)
    box.require_open()
    voters = [box.require_voter(person) for person in dict.fromkeys(asked.people)]
    _refuse_voted(person for person in asked.people if person in box.on_screen)
    without = [person for person in asked.people if person not in box.handed]
    if without:
        raise Refused("no-sheet-issued", _no_sheet(without))
    return [
        SlipReturned(box=asked.box, round=opened.round, person=voter.person, group=voter.group, paper=True)
        for voter in voters
        if voter.person not in box.on_paper
    ]


DECIDERS = deciders(print_slips, hand_out_sheets, return_sheet, record_returns)


def _check_allowed(box: Box, group: str, count: int) -> None:
    left = box.allowed(group) - box.nameless(group)
    if not 1 <= count <= left:
        raise Refused("more-slips-than-voices", _more_slips(group, left))


def _refuse_voted(people: Iterable[PersonId]) -> None:
    listed = list(people)
    if listed:
        raise Conflict("voted-on-screen", _on_screen(listed))


_NOT_HIMSELF = Text("选票只能由本人投出。", "A sheet is dropped by the voter himself.")
_ON_PAPER = Text(
    "您已交回纸质选票，不能再电子投票。", "Your sheet of paper was returned; there is no second vote on a screen."
)


def _own_paper(people: list[PersonId]) -> Text:
    return Text(
        f"按本办法本人对自己的评议不计；{'、'.join(people)} 也在被评议之列，纸票上无法略去本人一栏而不暴露投票人，"
        "请由本人电子投票。",
        f"What people give themselves does not count, and {', '.join(people)} are judged in this box: a paper sheet "
        "without their own line would name them. They vote on a screen.",
    )


def _more_slips(group: str, left: int) -> Text:
    return Text(
        f"评议组 {group or '（未填）'} 还可发 {left} 张不记名选票；请核对组名和数量。",
        f"The group '{group}' has {left} sheets without a name left to give out; check group and number.",
    )


def _on_screen(people: list[PersonId]) -> Text:
    return Text(
        f"{'、'.join(people)} 已电子投票，不再使用纸质选票。",
        f"{', '.join(people)} voted on a screen already; no paper for them.",
    )


def _no_sheet(people: list[PersonId]) -> Text:
    return Text(
        f"{'、'.join(people)} 没有领取纸质选票的记录；请先登记发票。",
        f"No sheet was handed to {', '.join(people)}; enter that first.",
    )
