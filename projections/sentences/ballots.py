"""Sentences about ballots: boxes, sheets that went out and came back, counts; never who voted what."""

from typing import assert_never

from domain.ballots import (
    BallotEvent,
    BallotsCounted,
    BoxClosed,
    BoxOpened,
    BoxVoided,
    GradeCount,
    NamedMark,
    OpenlyAppraised,
    SlipIssued,
    SlipReturned,
    SlipsIssued,
)
from domain.dates import deadline
from domain.text import Text
from projections.sentences.telling import Telling, counted, optional, points

_GROUPS = {
    "members": Text("党员", "members"),
    "representatives": Text("群众代表", "representatives"),
    "masses": Text("群众", "the masses"),
}
_CAUSES = {
    "more-returned-than-issued": Text("收回的选票多于发出的选票", "more sheets came back than went out"),
    "sheets-missing": Text("箱中选票少于已投票人数", "it held fewer sheets than voters returned"),
    "declared": Text("宣布作废", "it was declared void"),
}


def tell_ballot(event: BallotEvent, telling: Telling) -> Text:
    """Return the sentence of a fact about a ballot."""
    match event:
        case BoxOpened() | BoxClosed() | BoxVoided():
            return _tell_box(event, telling)
        case SlipIssued() | SlipsIssued() | SlipReturned():
            return _tell_sheet(event, telling)
        case BallotsCounted() | OpenlyAppraised():
            return _tell_count(event, telling)
        case _:
            assert_never(event)


def _tell_box(event: BoxOpened | BoxClosed | BoxVoided, telling: Telling) -> Text:
    match event:
        case BoxOpened(box=box, component=component, closes_by=closes_by):
            voices = len(event.voters) + sum(each.count for each in event.slips)
            until = optional(
                closes_by,
                "" if closes_by is None else f"，至{deadline(closes_by)}",
                "" if closes_by is None else f" until {deadline(closes_by)}",
            )
            people = len(event.subjects)
            return Text(
                f"为{component}开启票箱{box}：{voices}票，评议{people}人{until.zh}；不足{event.shown_from}票不公开。",
                f"Ballot box {box} is open for {component}{until.en}: {counted(voices, 'voice', 'voices')} on "
                f"{counted(people, 'person', 'people')}; nothing is shown for fewer than {event.shown_from}.",
            )
        case BoxClosed(box=box, issued=issued, returned=returned, valid=valid, void=void):
            tellers = telling.people(event.tellers)
            return Text(
                f"票箱{box}封存计票：发出{issued}张，收回{returned}张，有效{valid}张，无效{void}张；计票人：{tellers.zh}。",
                f"Ballot box {box} is closed: {issued} issued, {returned} returned, {valid} valid, {void} void; "
                f"tellers: {tellers.en}.",
            )
        case BoxVoided(box=box, why=why):
            cause = _CAUSES[event.cause]
            because = optional(why, f"，{why}", f", {why}")
            return Text(
                f"票箱{box}作废（{cause.zh}{because.zh}），须重新投票。",
                f"Ballot box {box} is void ({cause.en}{because.en}); the ballot is to be repeated.",
            )
        case _:
            assert_never(event)


def _tell_sheet(event: SlipIssued | SlipsIssued | SlipReturned, telling: Telling) -> Text:
    match event:
        case SlipIssued(box=box, person=person):
            who = telling.person(person)
            return Text(f"向{who}发出票箱{box}的纸质选票。", f"{who} was handed a sheet of paper for ballot box {box}.")
        case SlipsIssued(box=box, group=group, count=count):
            to = _group(group)
            kind = Text("空白选票", "blank sheets") if event.paper else Text("一次性凭条", "one-time slips")
            return Text(
                f"票箱{box}：向{to.zh}发出{kind.zh}{count}张。", f"Ballot box {box}: {count} {kind.en} for {to.en}."
            )
        case SlipReturned(box=box, person=person):
            who = telling.person(person)
            on_paper = optional(event.paper, "（纸质）", " on paper")
            return Text(
                f"{who}已投票{on_paper.zh}（票箱{box}）。", f"{who} returned a sheet{on_paper.en} to ballot box {box}."
            )
        case _:
            assert_never(event)


def _tell_count(event: BallotsCounted | OpenlyAppraised, telling: Telling) -> Text:
    who = telling.person(event.person)
    match event:
        case BallotsCounted(group=group):
            by = _together(event.pooled or (group,))
            component = f"{event.component} {event.aspect}".strip()
            if event.withheld:
                return Text(
                    f"{who}的{component}（{by.zh}）：票数过少，不公开。",
                    f"{who}, {component} by {by.en}: too few ballots to be shown.",
                )
            given = _listed(event.counts)
            return Text(
                f"{who}的{component}（{by.zh}）：{given.zh}；弃权{event.abstained}，无效{event.void}。",
                f"{who}, {component} by {by.en}: {given.en}; {event.abstained} abstained, {event.void} void.",
            )
        case OpenlyAppraised(component=component, marks=marks):
            named = [(telling.person(mark.rater), _mark(mark)) for mark in marks]
            zh = "、".join(f"{rater}评{mark.zh}" for rater, mark in named)
            en = ", ".join(f"{rater} gave {mark.en}" for rater, mark in named)
            return Text(f"{who}的{component}公开评议：{zh}。", f"{who}, {component}, appraised openly: {en}.")
        case _:
            assert_never(event)


def _listed(counts: tuple[GradeCount, ...]) -> Text:
    marks = [(_mark(each), each.voices) for each in counts]
    return Text(
        "、".join(f"{mark.zh} {voices} 票" for mark, voices in marks),
        ", ".join(f"{mark.en}: {voices}" for mark, voices in marks),
    )


def _mark(mark: GradeCount | NamedMark) -> Text:
    if mark.points is None:
        return Text(mark.grade or "", mark.grade or "")
    return Text(f"{points(mark.points)}分", f"{points(mark.points)} points")


def _group(group: str) -> Text:
    return _GROUPS.get(group, Text(group, group))


def _together(groups: tuple[str, ...]) -> Text:
    named = [_group(group) for group in groups]
    return Text("、".join(each.zh for each in named), " and ".join(each.en for each in named))
