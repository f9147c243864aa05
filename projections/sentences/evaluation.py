"""Sentences about an evaluation: its rules, roster, scores, tallies and the vote on its list."""

from typing import assert_never

from domain.adoption import AdoptionEvent, RulebookAdopted
from domain.calendars import CalendarEvent, CalendarPublished
from domain.lists import ListEvent, ListProposed, VoteHeld
from domain.raters import RaterEvent, RatersInvited
from domain.rounds import MemberEnrolled, MemberExempted, RoundEvent, RoundOpened
from domain.scores import (
    ComponentNotApplicable,
    ScoreCorrected,
    ScoreEvent,
    ScoreRecorded,
    SheetImported,
)
from domain.tally import ResultComputed, RoundTallied, TallyEvent, TieDecided
from domain.text import Text
from domain.vetoes import VetoCounted
from projections.sentences.beside import tell_counted
from projections.sentences.register import KINDS
from projections.sentences.telling import (
    GROUNDS,
    NOTHING,
    Telling,
    counted,
    optional,
    points,
    probation_words,
    star_words,
    total_words,
    verdict_words,
)

EvaluationEvent = CalendarEvent | AdoptionEvent | RoundEvent | RaterEvent | ScoreEvent | TallyEvent | ListEvent

_OUTCOMES = {
    "adopted": Text("名单通过", "the list is adopted"),
    "rejected": Text("名单未通过", "the list is rejected"),
    "inquorate": Text("到会人数不足，表决无效", "there was no quorum"),
}


def tell_evaluation(event: EvaluationEvent, telling: Telling) -> Text:  # noqa: PLR0911 - one for each kind
    """Return the sentence of a fact about an evaluation."""
    match event:
        case CalendarPublished(year=year, source=source):
            rests, worked = len(event.rest_days), len(event.worked_weekends)
            rests_en, worked_en = counted(rests, "rest day", "rest days"), counted(worked, "day", "days")
            return Text(
                f"登记{year}年放假安排：休息日{rests}天，调休上班{worked}天（来源：{source}）。",
                f"The calendar of {year} is entered from {source}: {rests_en}, {worked_en} worked at weekends.",
            )
        case RulebookAdopted(rulebook=rulebook, version=version):
            return Text(
                f"{event.meeting}于{event.adopted_on}通过办法{rulebook}第{version}版，自{event.effective_from}起施行。",
                f"{event.meeting} adopted version {version} of the rulebook {rulebook} on {event.adopted_on}, "
                f"in force from {event.effective_from}.",
            )
        case RoundOpened() | MemberEnrolled() | MemberExempted():
            return _tell_round(event, telling)
        case ScoreRecorded() | ScoreCorrected() | ComponentNotApplicable() | RatersInvited() | SheetImported():
            return _tell_score(event, telling)
        case RoundTallied() | ResultComputed() | TieDecided() | VetoCounted():
            return _tell_tally(event, telling)
        case ListProposed(list=number, body=body):
            return Text(
                f"{body}提出第{number}份拟评名单，提请党员大会表决。",
                f"{body} proposes list {number} to the members' meeting.",
            )
        case VoteHeld():
            return _tell_vote(event, telling)
        case _:
            assert_never(event)


def _tell_round(event: RoundEvent, telling: Telling) -> Text:
    match event:
        case RoundOpened(round=key, period=period):
            where = telling.where(event.branch)
            return Text(
                f"{where.zh}{period}周期评定开启（{key}），适用{event.rulebook}第{event.version}版，"
                f"名册以{event.roster_as_of}为准。",
                f"The evaluation of {where.en} for {period} is open ({key}), under version {event.version} of "
                f"{event.rulebook}, on the roster of {event.roster_as_of}.",
            )
        case MemberEnrolled(person=person, kind=kind):
            who = telling.person(person)
            group = "" if event.group is None else telling.names.group(event.group)
            inside = optional(group, f"，{group}", f", {group}")
            of = optional(event.category or "", f"，类别{event.category}", f", category {event.category}")
            return Text(
                f"{who}列入名册（{KINDS[kind].zh}{inside.zh}{of.zh}，{event.joined}起在党）。",
                f"{who} is on the roster ({KINDS[kind].en}{inside.en}{of.en}, a member since {event.joined}).",
            )
        case MemberExempted(person=person, decided_by=body, reason=reason):
            why = telling.sealed(reason)
            ground = optional(event.ground or "", f"，事由{event.ground}", f", on the ground {event.ground}")
            return Text(
                f"{telling.person(person)}本次免评（{body}决定{ground.zh}），原因{why.zh}。",
                f"{telling.person(person)} is exempt in this round, as {body} decided{ground.en}; reason {why.en}.",
            )
        case _:
            assert_never(event)


def _tell_score(event: ScoreEvent | RaterEvent, telling: Telling) -> Text:
    match event:
        case ScoreRecorded(person=person, component=component):
            title = telling.names.component(component)
            who, given = telling.person(person), points(event.points)
            how = _how_given(event, telling)
            return Text(
                f"登记{who}的{title.zh}：{given}分{how.zh}。", f"{who} has {given} points for {title.en}{how.en}."
            )
        case ScoreCorrected():
            return _tell_correction(event, telling)
        case ComponentNotApplicable(person=person, component=component, why=why):
            title, who = telling.names.component(component), telling.person(person)
            return Text(f"{who}没有{title.zh}一项（{why}）。", f"{title.en} does not exist for {who} ({why}).")
        case RatersInvited(component=component, raters=raters):
            title, invited = telling.names.component(component), telling.people(raters)
            return Text(
                f"邀请{len(raters)}人评{title.zh}：{invited.zh}。",
                f"Invited to rate {title.en}: {invited.en}.",
            )
        case SheetImported(new=new, changed=changed, unchanged=unchanged):
            return Text(
                f"导入得分表：新增{new}格，更改{changed}格，未变{unchanged}格。",
                f"A table of scores was imported: {counted(new, 'cell', 'cells')} new, {changed} changed, "
                f"{unchanged} unchanged.",
            )
        case _:
            assert_never(event)


def _how_given(event: ScoreRecorded | ScoreCorrected, telling: Telling) -> Text:
    by = NOTHING
    if event.rater is not None:
        name = telling.person(event.rater)
        by = Text(f"（{name}评）", f", given by {name}")
    if event.group:
        by = Text(f"{by.zh}（评议组{event.group}）", f"{by.en}, of the group {event.group}")
    if event.ballots is None:
        return by
    return Text(
        f"{by.zh}，有效票{event.ballots}张",
        f"{by.en}, the mean of {counted(event.ballots, 'valid ballot', 'valid ballots')}",
    )


def _tell_correction(event: ScoreCorrected, telling: Telling) -> Text:
    title, who = telling.names.component(event.component), telling.person(event.person)
    was = Text("未登记", "nothing") if event.was is None else Text(f"{points(event.was)}分", points(event.was))
    ground, how = GROUNDS[event.ground], _how_given(event, telling)
    reason = telling.after("原因", "reason", event.reason)
    earlier = optional(event.corrects, f"，取代第{event.corrects}条", f", in place of fact {event.corrects}")
    return Text(
        f"{ground.zh}，{who}的{title.zh}由{was.zh}更正为{points(event.points)}分{how.zh}{earlier.zh}{reason.zh}。",
        f"{title.en} of {who} is corrected from {was.en} to {points(event.points)}{how.en}, because {ground.en}"
        f"{earlier.en}{reason.en}.",
    )


def _tell_tally(event: TallyEvent, telling: Telling) -> Text:
    match event:
        case RoundTallied(tally=number):
            missing, ties = len(event.incomplete), len(event.undecided)
            open_zh = f"，{missing}人不完整，{ties}处同分待决" if missing or ties else ""
            open_en = (
                f"; {counted(missing, 'person', 'people')} incomplete, {counted(ties, 'tie', 'ties')} undecided"
                if missing or ties
                else ""
            )
            return Text(
                f"第{number}次汇总计分，名册{event.roster_size}人{open_zh}。",
                f"Tally {number} over a roster of {event.roster_size}{open_en}.",
            )
        case ResultComputed(person=person, tally=number):
            total, star = total_words(event.total), verdict_words(event)
            who, end = telling.person(person), probation_words(event)
            return Text(
                f"第{number}次汇总：{who}，{total.zh}，{star.zh}{end.zh}。",
                f"Tally {number}: {who}, {total.en}, {star.en}{end.en}.",
            )
        case TieDecided(star=star, body=body):
            winners, among = telling.people(event.winners), telling.people(event.among)
            label = star_words(star, event.label, event.label_en)
            why = telling.after("理由", "reason", event.reason)
            return Text(
                f"{body}在同分的{among.zh}中决定由{winners.zh}取得{label.zh}名额{why.zh}。",
                f"{body} decided that of {among.en}, who are tied, {winners.en} take the places of {label.en}{why.en}.",
            )
        case VetoCounted():
            return tell_counted(event, telling)
        case _:
            assert_never(event)


def _tell_vote(event: VoteHeld, telling: Telling) -> Text:
    outcome, chair = _OUTCOMES[event.outcome], telling.person(event.chair)
    why = optional(event.reasons, f"（{event.reasons}）", f" ({event.reasons})")
    where = Text("党员大会", "The members' meeting")
    if event.meeting is not None:
        where = Text(f"会议{event.meeting}", f"The meeting {event.meeting}")
    return Text(
        f"{event.on}{where.zh}（{chair}主持）就第{event.list}份名单表决：应到{event.should_attend}，"
        f"实到{event.voters_present}，赞成{event.yes}，反对{event.no}，弃权{event.abstain}，{outcome.zh}{why.zh}。",
        f"{where.en} of {event.on}, chaired by {chair}, voted on list {event.list}: {event.voters_present} "
        f"of {event.should_attend} voters present, {event.yes} yes, {event.no} no, {event.abstain} abstaining; "
        f"{outcome.en}{why.en}.",
    )
