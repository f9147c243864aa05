"""What a rulebook says about how it is carried out, in sentences: meetings, notices, objections, months, sessions."""

from collections.abc import Iterator
from dataclasses import fields

from domain.rulebook.conduct import Forms, Session
from domain.rulebook.model import Rulebook
from domain.rulebook.parts import said
from domain.rulebook.words import word, words
from domain.text import Text


def conduct_sentences(rulebook: Rulebook) -> Iterator[tuple[str, Text]]:
    """Yield each place of the procedure with its sentence."""
    month, day = rulebook.calendar_opens
    yield (
        "calendar",
        Text(
            f"年度评定自次年{month}月{day}日起开启。",
            f"A year's evaluation opens on {month:02}-{day:02} of the next year.",
        ),
    )
    for number, step in enumerate(rulebook.procedure):
        here, taken, actor = f"procedure[{number}]", word(step.name), word(step.actor)
        yield (
            here,
            Text(
                f"第{number + 1}步：{taken.zh}，由{actor.zh}办理。",
                f"Step {number + 1}: {taken.en}, by {actor.en}.",
            ),
        )
    yield "meeting", _meeting(rulebook)
    yield "publicity", _publicity(rulebook)
    yield "objections", _objections(rulebook)
    yield "confirmation", _HOLD[rulebook.confirmation.hold]
    yield "disclosure", _disclosure(rulebook)
    yield from _annual(rulebook)
    for session in rulebook.conduct.sessions:
        yield from _session(session)
    yield from _of_bodies(rulebook)


def _meeting(rulebook: Rulebook) -> Text:
    meeting = rulebook.meeting
    quorum, yes, voters = said(meeting.present_at_least).en, said(meeting.yes_more_than).en, words(meeting.voters)
    return Text(
        f"有表决权的（{voters.zh}）到会{quorum}以上方可开会，赞成须超过应到的{yes}。",
        f"Of those with a vote ({voters.en}) at least {quorum} are present; more than {yes} of those due say yes.",
    )


def _publicity(rulebook: Rulebook) -> Text:
    notice, unit = rulebook.publicity, _UNITS[rulebook.publicity.unit]
    start = Text("张贴当天计入", "the day of posting counts") if notice.start_counted else _START_OUT
    to, roll, repair = words(notice.audience), _ROLL[notice.roll], _REPAIR[notice.repair]
    return Text(
        f"公示{notice.days}个{unit.zh}，{start.zh}，{roll.zh}；对象：{to.zh}；{repair.zh}。",
        f"A notice hangs for {notice.days} {unit.en}; {start.en}; {roll.en}; it is for {to.en}; {repair.en}.",
    )


def _objections(rulebook: Rulebook) -> Text:
    terms, unit, who = rulebook.objections, _UNITS[rulebook.objections.unit], words(rulebook.objections.who)
    named = Text("匿名的也受理", "also without a name") if terms.anonymous else Text("须署名", "only with a name")
    return Text(
        f"可提异议的：{who.zh}，{named.zh}；{terms.accept_within}个{unit.zh}内受理，{terms.rule_within}个内裁定，"
        f"至多延长{terms.extension_at_most}个；由{terms.investigators}人查证。",
        f"Objections come from {who.en}, {named.en}; they are accepted within {terms.accept_within} {unit.en}, ruled "
        f"on within {terms.rule_within}, extended by {terms.extension_at_most} at most; {terms.investigators} inquire.",
    )


def _disclosure(rulebook: Rulebook) -> Text:
    branch, masses, never = (
        words(each) for each in (rulebook.disclosure.branch, rulebook.disclosure.masses, rulebook.disclosure.never)
    )
    return Text(
        f"支部内可见：{branch.zh}；群众可见：{masses.zh}；任何人不可见：{never.zh}。",
        f"The branch sees {branch.en}; the masses see {masses.en}; nobody is shown {never.en}.",
    )


def _annual(rulebook: Rulebook) -> Iterator[tuple[str, Text]]:
    annual = rulebook.annual
    if annual is None:
        return
    period, nodes = _PERIODS.get(rulebook.period, Text(rulebook.period, rulebook.period)), rulebook.nodes()
    shares = [(nodes[code].title, said(weight).en) for code, weight in annual.weights.items() if code in nodes]
    zh, en = "".join(f"{title.zh}{n}%，" for title, n in shares), "".join(f"{title.en} {n} %, " for title, n in shares)
    how = _FORMULA[annual.formula]
    if annual.how == "sum":
        how = Text("取各期之和", "the sum of its periods")
    kept = Text("，逐期累计", ", each counting on from those before") if annual.carry else Text("", "")
    yield "annual", Text(f"年度得分：{zh}{how.zh}{kept.zh}。", f"The year is {en}{how.en}{kept.en}.")
    left, least = _UNASSESSED[annual.unassessed], annual.minimum_months
    yield (
        "annual.months",
        Text(f"{left.zh}；至少须有{least}个{period.zh}。", f"{left.en}; at least {least} {period.en} are needed."),
    )


def _session(session: Session) -> Iterator[tuple[str, Text]]:
    here, months = f"sessions.{session.code}", said(session.months)
    judged, invited = _JUDGED[session.judges], words(session.invited)
    asked = Text(f"；邀请{invited.zh}", f"; {invited.en} are invited") if session.invited else Text("", "")
    yield (
        here,
        Text(
            f"“{session.title.zh}”在{months.zh}月召开，{judged.zh}{asked.zh}。",
            f"“{session.title.en}” is held in the months {months.en} and {judged.en}{asked.en}.",
        ),
    )
    window = _WINDOWS[session.window]
    yield (
        f"{here}.window",
        Text(f"{window.zh}（{session.days}天）。", f"It is held in {window.en} ({session.days} days)."),
    )
    least = session.representatives_at_least
    yield (
        f"{here}.representatives",
        Text(f"至少{least}名群众代表。", f"At least {least} representatives of the masses take part."),
    )


def _of_bodies(rulebook: Rulebook) -> Iterator[tuple[str, Text]]:
    conduct = rulebook.conduct
    if (box := conduct.ballot_box) is not None:
        small = _SMALL[box.small_body]
        yield (
            "ballot_box",
            Text(
                f"不足{box.shown_from}张的不公开；人数更少的{small.zh}。",
                f"Fewer than {box.shown_from} sheets are never shown; a smaller body {small.en}.",
            ),
        )
    if conduct.staff_appraisal is not None:
        yield "staff_appraisal", _STAFF[conduct.staff_appraisal.by]
    if (best := conduct.excellent) is not None:
        by = _EXCELLENT[best.by]
        most = said(best.at_most).en
        share = Text("", "") if best.at_most is None else Text(f"，不超过{most}", f", at most {most} of the members")
        yield "excellent", Text(f"优秀名单：{by.zh}{share.zh}。", f"The list of the excellent: {by.en}{share.en}.")
    for stage in conduct.stages:
        yield f"stages.{stage.code}", Text(f"环节：{stage.title.zh}。", f"A stage of the cycle: {stage.title.en}.")
    for form in fields(Forms):
        for part in getattr(conduct.forms, form.name):
            only = Text("（只供领导小组）", " (for the leading group only)") if part.private else Text("", "")
            asked = Text(f"表格栏目：{part.title.zh}{only.zh}。", f"A heading of the forms: {part.title.en}{only.en}.")
            yield f"forms.{form.name}.{part.code}", asked
    for each in conduct.openness:
        to = words(each.audience)
        yield (
            f"openness.{each.code}",
            Text(f"公开“{each.title.zh}”：{to.zh}。", f"Public: {each.title.en}, to {to.en}."),
        )


_START_OUT = Text("张贴当天不计", "the day of posting does not count")
_UNITS = {
    "calendar_days": Text("自然日", "calendar days"),
    "working_days": Text("工作日", "working days"),
}
_ROLL = {
    "next_working_day": Text("末日逢休息日顺延", "a last day of rest moves on to the next working day"),
    "none": Text("末日不顺延", "its last day stays whatever day it is"),
}
_REPAIR = {
    "affected_lines": Text("更正后有关各行重新公示", "a correction begins anew for the lines affected"),
    "all_lines": Text("更正后全部重新公示", "a correction begins anew for all"),
}
_HOLD = {
    "ripple": Text(
        "异议未决时，本人及可能受影响的人暂不确认。", "An open objection holds the person and whom it could touch."
    ),
    "all": Text("异议未决时，全体暂不确认。", "An open objection holds everybody."),
}
_PERIODS = {
    "month": Text("月", "months"),
    "quarter": Text("季度", "quarters"),
    "half_year": Text("半年", "half-years"),
}
_FORMULA = {
    "R2": Text("各期平均与年度评议合成", "means of the periods, with what is assessed once for the year"),
    "R1": Text("取各期总分的平均", "the mean of the totals of its periods"),
}
_UNASSESSED = {
    "left_out": Text("未评定的不计入", "A period without assessment is left out"),
    "zero": Text("未评定的按0分计", "A period without assessment counts as 0"),
}
_JUDGED = {
    "previous_month": Text("评议上一个月", "judges the month before"),
    "this_month": Text("评议当月", "judges the month up to its day"),
}
_WINDOWS = {
    "last_days": Text("在当月最后几天召开", "the last days of the month"),
    "first_days": Text("在当月最初几天召开", "the first days of the month"),
    "iso_last_week": Text("在当月最后一日所在的一周召开", "the week in which the month ends"),
}
_SMALL = {"open": Text("公开评议", "appraises openly"), "pooled": Text("合并计票", "is counted together with others")}
_STAFF = {
    "open": Text("党外干部职工在会上公开评定等次。", "Staff outside the Party are graded openly in the meeting."),
    "ballot": Text(
        "党外干部职工由党员投票评定等次。", "Staff outside the Party are graded by a ballot of the members."
    ),
}
_EXCELLENT = {
    "grade": Text("评为优秀的", "those graded excellent"),
    "five_stars": Text("五星级的", "those of five stars"),
    "four_stars_up": Text("四星级以上的", "those of four stars and above"),
}
