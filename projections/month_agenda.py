"""What is due in a month's round at an instant: its sessions, who is still to speak, to be commented on, to vote (§4).

Computed from the domain's own states. Of a ballot only who has not returned a sheet is told, never how anybody voted,
and no count before the box is closed (trap 3).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from domain.dates import Days, end_of_day
from domain.meeting_days import due_days, month_held
from domain.meetings import MeetingConvened
from domain.rulebook.conduct import Session
from domain.text import Text
from ledger.ledger import Ledger
from projections.agenda import Due
from projections.month_frame import MonthFrame, month_frame
from projections.month_steps import MonthStep, next_month_step
from projections.names import Names


@dataclass(frozen=True, slots=True)
class DueSession:
    """A session that judges the month: its days, both included, and the meeting that is it, where one is convened.

    `state` is missing, convened, held (attendance is entered), closed, or replaced by another session (AMB-B12).
    """

    kind: str
    clause: str
    first: date
    last: date
    meeting: str | None
    state: str


@dataclass(frozen=True, slots=True)
class NotVoted:
    """Who on the list of an open box has not returned a sheet; `nameless` voices cannot be followed at all."""

    box: str
    component: str
    people: tuple[str, ...]
    nameless: int
    closes_by: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An entry of the month that somebody else has yet to verify; `points` is an exact number in text."""

    entry: str
    person: str
    item: str
    points: str
    occurred_on: date
    proposed_by: str


@dataclass(frozen=True, slots=True)
class MonthAgenda:
    """What is due in a month's round at `now`, as the ledger stood at `position`.

    `meeting` is the one that `without_report` and the next fields speak of: the one asked for, else that of the month.
    """

    round: str
    period: str
    position: int
    now: datetime
    next_step: MonthStep | None
    sessions: tuple[DueSession, ...]
    meeting: str | None
    without_report: tuple[str, ...]
    without_comment: tuple[str, ...]
    staff_without_report: tuple[str, ...]
    staff_without_comment: tuple[str, ...]
    not_voted: tuple[NotVoted, ...]
    waiting_entries: tuple[WaitingEntry, ...]
    items: tuple[Due, ...]


def month_agenda(  # noqa: PLR0913 - a round, a meeting, an instant and a position are each their own question
    ledger: Ledger,
    round_id: str,
    now: datetime,
    meeting: str | None = None,
    as_of: int | None = None,
    names: Names | None = None,
) -> MonthAgenda:
    """Return what is due in a month at `now`.

    `NotFound` where there is no such round or meeting, `Refused` where the round's period is no month or the meeting
    judges another one.
    """
    size = ledger.head().size
    frame = month_frame(ledger, round_id, meeting, size if as_of is None else min(as_of, size))
    sessions = tuple(_sessions(frame))
    attended = frame.meeting is not None and frame.meeting.attended is not None
    return MonthAgenda(
        round=round_id,
        period=frame.this.period,
        position=frame.position,
        now=now,
        next_step=next_month_step(frame),
        sessions=sessions,
        meeting=None if frame.meeting is None else frame.meeting.key,
        without_report=tuple(p for p in frame.members if p not in frame.reported),
        without_comment=tuple(p for p in frame.members if p not in frame.commented),
        staff_without_report=tuple(p for p in frame.staff if p not in frame.reported) if attended else (),
        staff_without_comment=tuple(p for p in frame.staff if p not in frame.commented) if attended else (),
        not_voted=tuple(_not_voted(frame)),
        waiting_entries=tuple(_waiting(frame)),
        items=tuple(sorted(_items(frame, sessions, now, names or Names()), key=_urgency)),
    )


def _urgency(item: Due) -> tuple[bool, float]:
    return item.due_at is None, 0.0 if item.due_at is None else item.due_at.timestamp()


def _sessions(frame: MonthFrame) -> Iterator[DueSession]:
    year = frame.this.rulebook.year
    for session in frame.this.rulebook.conduct.sessions:
        if month_held(session, frame.this.period, year).first.month in session.months:
            yield _session(frame, session, due_days(session, frame.this.period, year))


def _session(frame: MonthFrame, session: Session, days: Days) -> DueSession:
    convened = frame.meetings.judging(session.code, frame.this.period)
    state, key = _state(frame, session, convened), None if convened is None else str(convened.meeting)
    return DueSession(session.code, session.window_clause or session.clause, days.first, days.last, key, state)


def _state(frame: MonthFrame, session: Session, convened: MeetingConvened | None) -> str:
    if convened is None:
        return "replaced" if frame.meetings.replacing(session.code, frame.this.period) is not None else "missing"
    meeting = frame.meeting_of(convened.meeting)
    if meeting.closed is not None:
        return "closed"
    return "convened" if meeting.attended is None else "held"


def _not_voted(frame: MonthFrame) -> Iterator[NotVoted]:
    for key, box in frame.boxes.items():
        opened = box.require_known()
        if box.ended is None:
            back = box.on_screen | box.on_paper
            people = tuple(voter.person for voter in opened.voters if voter.person not in back)
            nameless = sum(each.count for each in opened.slips)
            yield NotVoted(key, opened.component, people, nameless, opened.closes_by)


def _waiting(frame: MonthFrame) -> Iterator[WaitingEntry]:
    first, last = frame.days
    for key, entry in frame.entries.known.items():
        value = entry.value
        mine = entry.proposed.person in frame.this.roster and first <= value.occurred_on <= last
        if entry.status == "proposed" and mine:
            person = entry.proposed.person
            yield WaitingEntry(key, person, value.item, str(value.points), value.occurred_on, entry.hand)


def _items(frame: MonthFrame, sessions: tuple[DueSession, ...], now: datetime, names: Names) -> Iterator[Due]:
    for session in sessions:
        yield from _session_items(frame, session, now)
    yield from _people_items(frame, names)
    for box in _not_voted(frame):
        yield _ballot_item(box, now)
    for entry in _waiting(frame):
        who = names.person(entry.person)
        text = Text(
            f"{who}的记实条目 {entry.entry}（{entry.item}，{entry.points} 分）待审核。",
            f"Entry {entry.entry} of {who} ({entry.item}, {entry.points} points) waits for verification.",
        )
        yield Due("verify-entry", text, (entry.entry, entry.person))


def _session_items(frame: MonthFrame, session: DueSession, now: datetime) -> Iterator[Due]:
    rule = frame.this.rulebook.conduct.session(session.kind)
    if rule is None or session.state in ("closed", "replaced"):
        return
    due_at = end_of_day(session.last)
    code, words = _SESSION_WORDS[session.state]
    text = Text(words.zh.format(title=rule.title.zh, **_span(session)), words.en.format(**_span(session, rule.title)))
    yield Due(
        code, text, (session.kind, *(() if session.meeting is None else (session.meeting,))), due_at, now > due_at
    )
    convened = frame.meetings.judging(session.kind, frame.this.period)
    if rule.representatives_at_least and (convened is None or convened.meeting not in frame.meetings.invited):
        by = end_of_day(session.last if convened is None else convened.on)
        yield Due("invite-representatives", _invite(rule.representatives_at_least), (session.kind,), by, now > by)


def _span(session: DueSession, title: Text | None = None) -> dict[str, object]:
    named = {} if title is None else {"title": title.en}
    return {"first": session.first, "last": session.last, "meeting": session.meeting or "", **named}


def _people_items(frame: MonthFrame, names: Names) -> Iterator[Due]:
    if frame.meeting is None or frame.meeting.closed is not None:
        return
    waiting = {
        "report": [p for p in frame.members if p not in frame.reported],
        "comment": [p for p in frame.members if p in frame.reported and p not in frame.commented],
    }
    for code, people in waiting.items():
        if people:
            said = [names.person(person) for person in people]
            words = _PEOPLE_WORDS[code]
            text = Text(words.zh.format("、".join(said)), words.en.format(", ".join(said)))
            yield Due(code, text, tuple(people))


def _ballot_item(box: NotVoted, now: datetime) -> Due:
    number = len(box.people)
    text = Text(
        f"票箱 {box.box} 尚未封存，名单上还有 {number} 人未交票。",
        f"The box {box.box} is open; on its list {number} have not returned a sheet.",
    )
    return Due("ballot", text, (box.box, *box.people), box.closes_by, box.closes_by is not None and now > box.closes_by)


_SESSION_WORDS = {
    "missing": (
        "convene-session",
        Text(
            "请召集{title}，应在 {first} 至 {last} 召开。",
            "Convene the session '{title}', to be held from {first} to {last}.",
        ),
    ),
    "convened": (
        "hold-session",
        Text(
            "召开{title}（{meeting}）：{first} 至 {last}。",
            "Hold the session '{title}' ({meeting}) from {first} to {last}.",
        ),
    ),
    "held": (
        "close-meeting",
        Text("结束{title}（{meeting}）并存记录。", "Close the session '{title}' ({meeting}) with its minutes."),
    ),
}
_PEOPLE_WORDS = {
    "report": Text("尚未讲述汇报：{}。", "Still to report: {}."),
    "comment": Text("已汇报、尚未点评：{}。", "Reported, still to be commented on: {}."),
}


def _invite(least: int) -> Text:
    return Text(
        f"请在会前确定并邀请至少 {least} 名群众代表。",
        f"Draw up the list of at least {least} representatives before the session.",
    )
