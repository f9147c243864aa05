"""Checks of the procedure: windows that were too short, gaps in meetings, terms that had passed, nobody told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from domain.confirmation import ConfirmationRefused, StarConfirmed
from domain.decision import Fact
from domain.feedback import FeedbackDelivered
from domain.ids import NoticeId
from domain.lists import VoteHeld
from domain.meetings import MeetingAttended, MeetingClosed
from domain.notices import LinePosted, NoticeCorrected, NoticeInterrupted, NoticeResumed
from domain.objections import ObjectionAccepted, ObjectionRejected, ObjectionRuled
from domain.text import Text
from projections.findings.material import Evaluation, Material, grouped, newest, positions
from projections.findings.model import Check, Measured

TOLD_WITHIN = timedelta(days=30)
"""Somebody whose star was confirmed so long ago and who was not told it is counted."""

Answer = ObjectionAccepted | ObjectionRejected | ObjectionRuled
Stop = NoticeInterrupted | NoticeResumed


def _short_windows(material: Material) -> Iterator[Measured]:
    """Yield of each round how many confirmed lines hung for fewer hours than the rulebook's days have.

    Hours are counted from the facts of the notice alone, whatever end was announced then: from the line's posting or
    a material correction to the confirmation, less the time in which the notice did not hang.
    """
    for this in material.evaluations():
        needed = timedelta(days=this.frame.rulebook.publicity.days)
        lines = {(event.notice, event.person): fact for fact, event in this.of(LinePosted)}
        confirmed = [pair for pair in this.of(StarConfirmed) if (pair[1].notice, pair[1].person) in lines]
        short = [pair for pair in confirmed if _hung(this, lines[pair[1].notice, pair[1].person], *pair) < needed]
        yield Measured(this.where, len(short), len(confirmed), positions(*short))


def _hung(this: Evaluation, posted: Fact, confirmed: Fact, event: StarConfirmed) -> timedelta:
    """Return how long a line had been hanging on its notice when it was confirmed."""
    until = confirmed.recorded_at
    corrected = (f.recorded_at for f, e in this.of(NoticeCorrected) if e.notice == event.notice and e.material)
    since = max([posted.recorded_at, *(at for at in corrected if at <= until)])
    return until - since - sum((_between(gap, since, until) for gap in _gaps(this, event.notice, until)), timedelta())


def _gaps(this: Evaluation, notice: NoticeId, until: datetime) -> list[tuple[datetime, datetime]]:
    """Return from when to when a notice did not hang, a gap that is open ending at `until`."""
    stops: Iterator[tuple[Fact, Stop]] = chain(this.of(NoticeInterrupted), this.of(NoticeResumed))
    gaps: list[tuple[datetime, datetime]] = []
    for fact, event in sorted(stops, key=lambda pair: pair[0].position):
        if event.notice != notice:
            continue
        if isinstance(event, NoticeInterrupted):
            gaps.append((fact.recorded_at, until))
        elif gaps:
            gaps[-1] = (gaps[-1][0], fact.recorded_at)
    return gaps


def _between(gap: tuple[datetime, datetime], since: datetime, until: datetime) -> timedelta:
    return max(timedelta(), min(gap[1], until) - max(gap[0], since))


def _asked_too_early(material: Material) -> Iterator[Measured]:
    """Yield of each round how many times a confirmation was asked for and refused, of all times it was asked for."""
    for this in material.evaluations():
        refused = list(this.of(ConfirmationRefused))
        asked = len(refused) + len({fact.command_id for fact, _ in this.of(StarConfirmed)})
        yield Measured(this.where, len(refused), asked, positions(*refused))


def _without_comment(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many of those who should attend were not commented on when a meeting closed."""
    for branch, pairs in grouped(material.of(MeetingClosed), lambda _, event: event.branch).items():
        expected = {event.meeting: event.should_attend for _, event in material.of(MeetingAttended)}
        lacking = [pair for pair in pairs if pair[1].without_comment or pair[1].without_report]
        count = sum(len({*event.without_comment, *event.without_report}) for _, event in lacking)
        base = sum(expected.get(event.meeting, 0) for _, event in pairs)
        yield Measured(f"branch:{branch}", count, max(count, base), positions(*lacking))


def _without_minutes(material: Material) -> Iterator[Measured]:
    """Yield of each branch how many votes on a list have no minutes."""
    for branch, pairs in grouped(material.of(VoteHeld), lambda _, event: material.branch_of(event)).items():
        without = [pair for pair in pairs if pair[1].minutes is None]
        yield Measured(f"branch:{branch}", len(without), len(pairs), positions(*without))


def _not_told(material: Material) -> Iterator[Measured]:
    """Yield of each round how many people were not told a star that was confirmed more than thirty days ago."""
    last = max((fact.recorded_at for facts in material.facts.values() for fact in facts[-1:]), default=None)
    for this in material.evaluations():
        told = newest(this.of(FeedbackDelivered), lambda event: event.person)
        due = [
            (fact, event)
            for fact, event in newest(this.of(StarConfirmed), lambda event: event.person).values()
            if last is not None and last - fact.recorded_at > TOLD_WITHIN
        ]
        without = [pair for pair in due if pair[1].person not in told]
        yield Measured(this.where, len(without), len(due), positions(*without))


def _late_answers(material: Material) -> Iterator[Measured]:
    """Yield of each round how many answers to objections came after their term."""
    for this in material.evaluations():
        answers: list[tuple[Fact, Answer]] = [
            *this.of(ObjectionAccepted),
            *this.of(ObjectionRejected),
            *this.of(ObjectionRuled),
        ]
        late = [pair for pair in answers if pair[1].late]
        yield Measured(this.where, len(late), len(answers), positions(*late))


SHORT_WINDOWS = Check(
    code="short-windows",
    title=Text("公示时间不足", "windows that were too short"),
    says=Text(
        "{base}条已确认的公示中有{count}条实际张贴的小时数少于办法规定的天数。",
        "Of {base} confirmed lines {count} hung for fewer hours than the rulebook's days have.",
    ),
    harmless=Text(
        "没有；账本不接受提前的确认。", "Nothing: the ledger does not take a confirmation that is too early."
    ),
    clause="B-42",
    measure=_short_windows,
)
ASKED_TOO_EARLY = Check(
    code="confirmation-refused",
    title=Text("被拒绝的确认", "confirmations that were refused"),
    says=Text("{base}次请求确认中有{count}次被拒绝。", "Of {base} requests to confirm {count} were refused."),
    harmless=Text("可能是误算了期限。", "Somebody may have miscounted the days."),
    clause="B-43",
    measure=_asked_too_early,
)
WITHOUT_COMMENT = Check(
    code="steps-skipped",
    title=Text("会议中缺少汇报或点评", "reports or comments that a meeting lacked"),
    says=Text(
        "应到{base}人次中有{count}人次直到散会没有汇报或没有得到点评。",
        "Of {base} who should have attended {count} had not reported or were not commented on when the meeting closed.",
    ),
    harmless=Text("请假的人可能在会后书面汇报。", "Those who were excused may report in writing afterwards."),
    clause="B-31",
    measure=_without_comment,
)
WITHOUT_MINUTES = Check(
    code="votes-without-minutes",
    title=Text("没有会议记录的表决", "votes without minutes"),
    says=Text("{base}次名单表决中有{count}次没有附会议记录。", "Of {base} votes on a list {count} have no minutes."),
    harmless=Text("记录可能另存于纸质档案。", "The minutes may be kept on paper."),
    clause="B-41",
    measure=_without_minutes,
)
NOT_TOLD = Check(
    code="results-not-told",
    title=Text("结果没有反馈本人", "results that were not told"),
    says=Text(
        "星级确认已超过三十天的{base}人中有{count}人没有反馈记录。",
        "Of {base} people whose star was confirmed more than thirty days ago {count} have no feedback on record.",
    ),
    harmless=Text("可能已口头反馈而没有记录。", "They may have been told by word of mouth."),
    clause="B-44",
    measure=_not_told,
)
LATE_ANSWERS = Check(
    code="late-answers",
    title=Text("逾期答复异议", "objections answered late"),
    says=Text("{base}次异议答复中有{count}次逾期。", "Of {base} answers to objections {count} came after their term."),
    harmless=Text("调查需要更多时间时应先延期。", "An inquiry may need longer; it should have been extended."),
    clause="B-43",
    measure=_late_answers,
)
CHECKS = (SHORT_WINDOWS, ASKED_TOO_EARLY, WITHOUT_COMMENT, WITHOUT_MINUTES, NOT_TOLD, LATE_ANSWERS)
