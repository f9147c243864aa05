"""Drawing into a round what was recorded elsewhere: entries of its days, months of its year (B-40, B-47).

What is drawn is what counts: an entry verified later changes nothing until it is drawn anew, and nothing is drawn
once the list is proposed.
"""

from domain.appointments import Offices
from domain.decision import Command, Context, Event, NotFound, Refused, command, deciders
from domain.drawn import NAMED, AppraisalNotHeld, DrawnEntry, MonthDrawn, NoAppraisalTakenBack, RecordsDrawn
from domain.ids import BranchId, RoundId
from domain.lists import Lists
from domain.months import Months, Settled
from domain.raters import component_of
from domain.records import Entries
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.scores import Scores
from domain.text import Text

# commands


@command("draw-records", roles=RECORDERS, at="rounds/{round}/drawn-records")
class DrawRecords(Command):
    """Take the verified entries of the round's days as the source of a component."""

    round: RoundId
    branch: BranchId
    component: str


@command("draw-months", roles=RECORDERS, at="rounds/{round}/drawn-months")
class DrawMonths(Command):
    """Take the settled months or quarters into the round of the year, or of a later one that counts on from them."""

    round: RoundId


@command("declare-no-appraisal", roles=RECORDERS, at="rounds/{round}/appraisals-not-held")
class DeclareNoAppraisal(Command):
    """Enter that the annual appraisal was not held, and why."""

    round: RoundId
    component: str
    why: str


@command(
    "take-back-no-appraisal",
    roles=RECORDERS,
    at="rounds/{round}/appraisals-not-held/{component}/taking-back",
    changes=True,
)
class TakeBackNoAppraisal(Command):
    """Take back the declaration that no annual appraisal was held, with the reason, before a list rests on it."""

    round: RoundId
    component: str
    why: str


# deciders


def draw_records(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: DrawRecords,
    context: Context,
    this: Round,
    entries: Entries,
    scores: Scores,
    lists: Lists,
    offices: Offices,
) -> list[Event]:
    """Draw what counts for everybody evaluated, even where it is nothing; what is unchanged is not drawn again."""
    this.require_branch(asked.branch)
    offices.require(asked, context, this.branch)
    lists.require_open_scores()
    component = this.rulebook.leaves().get(asked.component)
    if component is None or not component.takes_entries:
        raise Refused("not-from-entries", _not_from_entries(asked.component))
    return [*records_to_draw(this, entries, scores, asked.component)]


def records_to_draw(this: Round, entries: Entries, scores: Scores, component: str) -> list[RecordsDrawn]:
    """Return what makes up a component now, for everybody evaluated for whom that is not what was drawn last."""
    return [one for one in records_now(this, entries, component) if _drawn(scores, one) != one.entries]


def records_now(this: Round, entries: Entries, component: str) -> list[RecordsDrawn]:
    """Return what makes up a component now, for everybody evaluated."""
    opened = this.require_open()
    first, last = this.days
    ours = {item.code for item in this.rulebook.items_of(component)}
    return [
        RecordsDrawn(
            round=opened.round,
            person=person,
            component=component,
            entries=tuple(
                DrawnEntry(
                    entry=one.entry,
                    item=one.item,
                    points=one.points,
                    occurred_on=one.occurred_on,
                    position=one.position,
                    amount=one.amount,
                    level=one.level,
                    matter=one.matter,
                )
                for one in entries.counting(person, first, last, opened.rulebook)
                if one.item in ours
            ),
        )
        for person in this.evaluated
    ]


def _drawn(scores: Scores, one: RecordsDrawn) -> tuple[DrawnEntry, ...] | None:
    known = scores.records.get((one.person, one.component))
    return None if known is None else known.what.entries


def draw_months(  # noqa: PLR0913
    asked: DrawMonths,
    context: Context,
    this: Round,
    months: Months,
    scores: Scores,
    lists: Lists,
    offices: Offices,
) -> list[Event]:
    """Draw everybody's settled months of the year; a month that was not assessed is not there (AMB-B26)."""
    offices.require(asked, context, this.branch)
    lists.require_open_scores()
    if not this.draws_periods:
        raise Refused("not-a-year", _not_a_year(this.period))
    return [*months_to_draw(this, months, scores)]


def months_to_draw(this: Round, months: Months, scores: Scores) -> list[MonthDrawn]:
    """Return the settled months of everybody evaluated that are not what was drawn last."""
    return [one for one in months_now(this, months) if _month_known(scores, one) != one]


def months_now(this: Round, months: Months) -> list[MonthDrawn]:
    """Return the settled months of the year of everybody evaluated."""
    opened = this.require_open()
    return [
        _month_drawn(opened.round, settled) for person in this.evaluated for settled in months.counting_in(this, person)
    ]


def _month_known(scores: Scores, one: MonthDrawn) -> MonthDrawn | None:
    known = scores.months.get(one.person, {}).get(one.period)
    return None if known is None else known[0]


def _month_drawn(round_id: RoundId, settled: Settled) -> MonthDrawn:
    exact = {each.component: each.points for each in settled.month.components}
    return MonthDrawn(
        round=round_id,
        person=settled.month.person,
        period=settled.month.period,
        records=exact.get("records"),
        appraisal=exact.get("appraisal"),
        source=settled.position,
        components=tuple(each for each in settled.month.components if each.component not in NAMED),
    )


def declare_no_appraisal(  # noqa: PLR0913
    asked: DeclareNoAppraisal, context: Context, this: Round, scores: Scores, lists: Lists, offices: Offices
) -> list[Event]:
    """Enter that the year's appraisal was not held; where there are ballots or scores for it, it was."""
    offices.require(asked, context, this.branch)
    lists.require_open_scores()
    component_of(this, asked.component)
    if asked.component in scores.not_held:
        return []
    if any(code == asked.component for _, code in (*scores.held, *scores.counted, *scores.openly)):
        raise Refused("appraisal-held", _HELD)
    return [AppraisalNotHeld(round=asked.round, component=asked.component, why=asked.why)]


def take_back_no_appraisal(  # noqa: PLR0913
    asked: TakeBackNoAppraisal, context: Context, this: Round, scores: Scores, lists: Lists, offices: Offices
) -> list[Event]:
    """Take a declaration back while scores are open: from the proposal of a list on, the published result rests on it.

    The months' appraisals no longer stand in: whoever is neither scored nor voted on afterwards is incomplete.
    """
    offices.require(asked, context, this.branch)
    component_of(this, asked.component)
    if asked.component not in scores.not_held:
        if asked.component in scores.held_after_all:
            return []
        raise NotFound("nothing-declared", _nothing_declared(asked.component))
    lists.require_open_scores()
    if not asked.why.strip():
        raise Refused("reason-missing", _REASON_MISSING)
    return [NoAppraisalTakenBack(round=asked.round, component=asked.component, why=asked.why)]


DECIDERS = deciders(draw_records, draw_months, declare_no_appraisal, take_back_no_appraisal)


_REASON_MISSING = Text(
    "撤回“未举行年度民主评议”的登记须写明理由。", "Say why the declaration that no appraisal was held is taken back."
)
_HELD = Text("该项评议已有票数或分数，不能登记为未举行。", "There are ballots or scores for it, so it was held.")


def _not_from_entries(component: str) -> Text:
    return Text(
        f"办法没有规定 {component} 由记实积分得出；请核对项目代码。",
        f"The rulebook does not make {component} out of entries; check the component.",
    )


def _nothing_declared(component: str) -> Text:
    return Text(
        f"没有登记过 {component} 未举行；请核对项目代码。",
        f"It was not declared that {component} was not held; check the component.",
    )


def _not_a_year(period: str) -> Text:
    return Text(
        f"{period} 不汇入其他周期的结果：不是年度，办法也没有规定逐期累计。",
        f"{period} takes in no other periods: it is no year, and the rulebook does not carry points on.",
    )
