"""Publicity: the list hangs for at least seven days, each line in its own window (B-42, AMB-B14, AMB-B15).

A notice carries the lines that have not hung yet in their present form: the first one everybody, a later one exactly
those whom a ruling touched, or under `all_lines` everybody again. The window begins when the posting is recorded, so
nobody can date it back. How a notice is corrected and taken down stands in `domain.notice_keeping`.
"""

import typing
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from domain.appointments import Offices
from domain.calendars import Calendars, Gap, Window
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    NotFound,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.ids import NoticeId, PersonId, RoundId
from domain.lists import Lists
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.rulebook.terms import Publicity
from domain.tally import ResultComputed, Results
from domain.text import Text
from domain.verdicts import Verdict, named_in, posted

# commands


@command("post-notice", roles=RECORDERS, at="rounds/{round}/notices")
class PostNotice(Command):
    """Enter that the list hangs from now on: where, and who receives objections."""

    round: RoundId
    notice: NoticeId
    places: tuple[str, ...]
    contact: str


@command("interrupt-notice", roles=RECORDERS, at="rounds/{round}/notices/{notice}/interruptions")
class InterruptNotice(Command):
    """Enter that a notice no longer hangs; the days until it hangs again do not count."""

    round: RoundId
    notice: NoticeId
    why: str


@command("resume-notice", roles=RECORDERS, at="rounds/{round}/notices/{notice}/resumptions")
class ResumeNotice(Command):
    """Enter that an interrupted notice hangs again."""

    round: RoundId
    notice: NoticeId


# events


@event("notice.Posted.v1")
class NoticePosted(Event):
    """A notice hangs since it was recorded; `ends_at` as the calendars known then give it."""

    round: RoundId
    notice: NoticeId
    number: int
    tally: int
    places: tuple[str, ...]
    contact: str
    days: int
    ends_at: datetime
    provisional: bool


@event("notice.LinePosted.v1")
class LinePosted(Event):
    """One member's line of a notice; `restarts` where it replaces an earlier one."""

    round: RoundId
    notice: NoticeId
    person: PersonId
    total: Decimal | None
    star: int | None
    label: str
    restarts: bool
    verdict: Verdict | None = None


@event("notice.Interrupted.v1")
class NoticeInterrupted(Event):
    """A notice no longer hangs."""

    round: RoundId
    notice: NoticeId
    why: str


@event("notice.Resumed.v1")
class NoticeResumed(Event):
    """A notice hangs again; its window ends later."""

    round: RoundId
    notice: NoticeId
    ends_at: datetime
    provisional: bool


@event("notice.Corrected.v1")
class NoticeCorrected(Event):
    """What a notice says now of places and contact; a `material` correction begins its window anew (AMB-B15)."""

    round: RoundId
    notice: NoticeId
    why: str
    material: bool
    contact: str
    places: tuple[str, ...]
    ends_at: datetime
    provisional: bool


@event("notice.TakenDown.v1")
class NoticeTakenDown(Event):
    """A notice was taken down after its window had ended."""

    round: RoundId
    notice: NoticeId
    witness: PersonId | None
    note: str


NoticeEvent = NoticePosted | LinePosted | NoticeInterrupted | NoticeResumed | NoticeCorrected | NoticeTakenDown


# state


@dataclass(slots=True)
class Posting:
    """A notice as it reads now, with the instant from which its window counts and the gaps since then."""

    posted: NoticePosted
    since: datetime
    places: tuple[str, ...]
    contact: str
    gaps: list[Gap] = field(default_factory=list)
    headings: set[str] = field(default_factory=set)
    taken_down: NoticeTakenDown | None = None

    @property
    def hangs(self) -> bool:
        """Return whether it hangs now."""
        return self.taken_down is None and (not self.gaps or self.gaps[-1][1] is not None)

    def correct(self, corrected: NoticeCorrected, at: datetime) -> None:
        """Take a correction into account: after a material one earlier days and gaps no longer matter."""
        self.places, self.contact = corrected.places, corrected.contact
        if corrected.material:
            self.since, self.gaps = at, [] if self.hangs else [(at, None)]
        else:
            self.headings.add(corrected.why)

    def window(self, terms: Publicity, calendars: Calendars) -> Window | None:
        """Return when its window ends; None where it came down before that and does not hang again."""
        return calendars.publicity(self.since, terms, self.gaps)


@dataclass(slots=True)
class Notices(State):
    """Every notice of the round, and the newest line of each person."""

    KIND = RoundId
    EVENTS = members_of(NoticeEvent)
    postings: dict[NoticeId, Posting] = field(default_factory=dict)
    lines: dict[PersonId, LinePosted] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more posting, line or gap into account."""
        happened = typing.cast("NoticeEvent", fact.event)
        match happened:
            case NoticePosted():
                self.postings[happened.notice] = Posting(happened, fact.recorded_at, happened.places, happened.contact)
            case LinePosted():
                self.lines[happened.person] = happened
            case NoticeInterrupted():
                self.postings[happened.notice].gaps.append((fact.recorded_at, None))
            case NoticeResumed():
                gaps = self.postings[happened.notice].gaps
                gaps[-1] = (gaps[-1][0], fact.recorded_at)
            case NoticeCorrected():
                self.postings[happened.notice].correct(happened, fact.recorded_at)
            case NoticeTakenDown():
                self.postings[happened.notice].taken_down = happened
            case _:
                assert_never(happened)

    def posting_of(self, person: PersonId) -> Posting | None:
        """Return the notice on which a person's newest line stands."""
        line = self.lines.get(person)
        return None if line is None else self.postings[line.notice]

    def require(self, notice: NoticeId) -> Posting:
        """Return a notice; `NotFound` where there is none."""
        if notice not in self.postings:
            raise NotFound("unknown-notice", _unknown(notice))
        return self.postings[notice]

    def require_up(self, notice: NoticeId) -> Posting:
        """Return a notice that has not been taken down for good; refused where it has."""
        posting = self.require(notice)
        if posting.taken_down is not None:
            raise Refused("notice-taken-down", _taken_down(notice))
        return posting

    def beside(self, notice: NoticeId) -> dict[NoticeId, Posting]:
        """Return the other notices that lines stand on now and that have not been taken down for good."""
        current = dict.fromkeys(line.notice for line in self.lines.values() if line.notice != notice)
        return {each: self.postings[each] for each in current if self.postings[each].taken_down is None}

    def shows(self, result: ResultComputed) -> bool:
        """Return whether a person's newest line says what the result says."""
        line = self.lines.get(result.person)
        now = (result.total, result.star, named_in(result.verdict))
        return line is not None and (line.total, line.star, named_in(line.verdict)) == now

    def due(self, results: Results, terms: Publicity) -> list[ResultComputed]:
        """Return the lines to be posted: what does not hang in its present form, or all where all begin anew (AMB-B15).

        Under `all_lines` nobody's window ends before a line that was corrected hangs again.
        """
        newest = list(results.latest.values())
        unseen = [result for result in newest if not self.shows(result)]
        corrected = any(result.person in self.lines for result in unseen)
        return newest if corrected and terms.repair == "all_lines" else unseen


# deciders


def post_notice(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: PostNotice,
    context: Context,
    this: Round,
    results: Results,
    lists: Lists,
    notices: Notices,
    calendars: Calendars,
    offices: Offices,
) -> list[Event]:
    """Post every line that does not hang yet in its present form, after a meeting has adopted the list (AMB-B15)."""
    offices.require(asked, context, this.branch)
    this.require_final()
    lists.require_adopted()
    known = notices.postings.get(asked.notice)
    if known is not None:
        if (known.posted.places, known.posted.contact) == (asked.places, asked.contact):
            return []
        raise Conflict("id-taken", _taken(asked.notice))
    if not asked.places or not all(words.strip() for words in (*asked.places, asked.contact)):
        raise Refused("notice-incomplete", _NOTICE_INCOMPLETE)
    if undecided := results.require_tallied().undecided:
        raise Refused("decision-needed", _undecided([p for tie in undecided for p in tie.people]))
    due = notices.due(results, this.rulebook.publicity)
    if not due:
        raise Refused("nothing-to-post", _NOTHING_TO_POST)
    window = typing.cast("Window", calendars.publicity(context.now, this.rulebook.publicity, ()))
    posted = NoticePosted(
        round=asked.round,
        notice=asked.notice,
        number=len(notices.postings) + 1,
        tally=results.require_tallied().tally,
        places=asked.places,
        contact=asked.contact,
        days=this.rulebook.publicity.days,
        ends_at=window.ends_at,
        provisional=window.provisional,
    )
    return [posted, *(_line(asked, result, notices) for result in due)]


def _line(asked: PostNotice, result: ResultComputed, notices: Notices) -> LinePosted:
    return LinePosted(
        round=asked.round,
        notice=asked.notice,
        person=result.person,
        total=result.total,
        star=result.star,
        label=result.label,
        restarts=result.person in notices.lines,
        verdict=posted(result.verdict),
    )


def interrupt_notice(
    asked: InterruptNotice, context: Context, this: Round, notices: Notices, offices: Offices
) -> list[Event]:
    """Enter that a hanging notice came down."""
    offices.require(asked, context, this.branch)
    if not notices.require_up(asked.notice).hangs:
        return []
    return [NoticeInterrupted(round=asked.round, notice=asked.notice, why=asked.why)]


def resume_notice(  # noqa: PLR0913
    asked: ResumeNotice, context: Context, this: Round, notices: Notices, calendars: Calendars, offices: Offices
) -> list[Event]:
    """Enter that it hangs again, and until when."""
    offices.require(asked, context, this.branch)
    posting = notices.require_up(asked.notice)
    if posting.hangs:
        return []
    gaps = [*posting.gaps[:-1], (posting.gaps[-1][0], context.now)]
    window = typing.cast("Window", calendars.publicity(posting.since, this.rulebook.publicity, gaps))
    return [
        NoticeResumed(round=asked.round, notice=asked.notice, ends_at=window.ends_at, provisional=window.provisional)
    ]


DECIDERS = deciders(post_notice, interrupt_notice, resume_notice)


_NOTICE_INCOMPLETE = Text(
    "公示须写明张贴地点和意见受理人；请补全。", "A notice says where it hangs and who receives objections; add both."
)
_NOTHING_TO_POST = Text("没有需要新公示的内容。", "Every line hangs already in its present form.")


def _unknown(notice: str) -> Text:
    return Text(f"没有公示 {notice}；请核对编号。", f"There is no notice {notice}; check the id.")


def _taken_down(notice: str) -> Text:
    return Text(
        f"公示 {notice} 期满后已撤下，不能再中断、恢复或更正；结果有变动的，请张贴新的公示。",
        f"Notice {notice} was taken down after its window, so it is not interrupted, resumed or corrected any more; "
        "results that change hang on another notice.",
    )


def _taken(notice: str) -> Text:
    return Text(f"公示编号 {notice} 已使用；请换一个编号。", f"The notice id {notice} is taken; choose another.")


def _undecided(people: list[str]) -> Text:
    return Text(
        f"名额线上同分未决：{'、'.join(people)}；请由评议机构先作决定。",
        f"Tied at a cap: {', '.join(people)}; the recording body decides first.",
    )
