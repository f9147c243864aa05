"""The whole procedure under random commands in random order at random times, by whoever happens to ask.

Six members, one place of four stars. Whatever is asked, no star is confirmed but as the rules allow; what is checked
here is read off the bare facts, without the states that the decisions themselves are made from.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.confirmation import CorrectionDecided, CorrectionOpened, StarConfirmed
from domain.confirming import ConfirmStars
from domain.corrections import DecideCorrection, OpenCorrection
from domain.dates import CHINA, end_of_day, start_of_day
from domain.decision import Command, Fact
from domain.exempting import ExemptMember
from domain.ids import CorrectionId, NoticeId, ObjectionId, PersonId
from domain.inquiries import AcceptObjection, ExtendObjection, RejectObjection, ReplyToObjection, RuleOnObjection
from domain.lists import HoldVote, ListProposed, VoteHeld
from domain.membership import MemberLeft
from domain.notices import (
    InterruptNotice,
    LinePosted,
    NoticeInterrupted,
    NoticePosted,
    NoticeResumed,
    PostNotice,
    ResumeNotice,
)
from domain.objections import (
    FileObjection,
    ObjectionFiled,
    ObjectionRejected,
    ObjectionRuled,
    ObjectionWithdrawn,
    WithdrawObjection,
)
from domain.rounds import OpenRound
from domain.rulings import Amendment
from domain.scores import CorrectScore
from domain.sealed import Sealed
from domain.tally import DecideTie, ResultComputed
from tests.controls import BRANCH, CHEN, LI, QIAN, ROUND, STAFF, STORY, SUN, WANG, WU, ZHANG, ZHAO, ZHOU
from tests.domain.conftest import World
from tests.domain.procedure.conftest import (
    BODY,
    COMPONENTS,
    OPEN,
    OPENING,
    PROPOSE,
    PROPOSING,
    SCORING,
    TALLY,
    enter,
    on,
    take,
)

T = TypeVar("T")
SIX = (LI, WANG, ZHANG, CHEN, ZHAO, SUN)
TOTALS = {LI: 85, WANG: 94, ZHANG: 90, CHEN: 84, ZHAO: 89, SUN: 90}
START = on(1, 8)
DAY = timedelta(days=1)
WORDS = Sealed("理由")

people = st.sampled_from(SIX)
actors = st.sampled_from((*SIX, STAFF))
points = st.sampled_from([70, 84, 89, 90, 93, 96]).map(Decimal)
numbers = st.integers(1, 3)
objections = numbers.map(lambda n: ObjectionId(f"o{n}"))
notices = numbers.map(lambda n: NoticeId(f"n{n}"))
corrections = numbers.map(lambda n: CorrectionId(f"c{n}"))
waits = st.sampled_from([timedelta(hours=1), timedelta(hours=12), DAY, 3 * DAY, 8 * DAY])


def amendments(person: PersonId, value: Decimal) -> tuple[Amendment, ...]:
    return tuple(Amendment(person=person, component=code, points=value) for code in COMPONENTS)


@cache
def tallied() -> World:
    """Return the world of the controls with six members and their first tally."""
    number = next(n for n, step in enumerate(STORY) if isinstance(step.asked, OpenRound))
    left = [
        MemberLeft(person=person, branch=BRANCH, on=on(12, 1, year=2025).date(), cause="died", reason=None)
        for person in (ZHOU, WU)
    ]
    world = World().play(STORY[:number]).after(*left)
    return take(enter(take(world, ZHANG, OPENING, OPEN), TOTALS), ZHANG, SCORING, TALLY)


@cache
def hanging() -> World:
    """Return the world in which its list has been adopted and hangs."""
    vote = HoldVote(round=ROUND, list=1, on=START.date(), chair=LI, present=SIX, yes=6, no=0, abstain=0)
    world = take(take(tallied(), CHEN, PROPOSING, PROPOSE), ZHANG, START, vote)
    return take(world, ZHANG, START, post(NoticeId("n0")))


def post(notice: NoticeId) -> PostNotice:
    return PostNotice(round=ROUND, notice=notice, places=("公开栏",), contact="赵")


class Procedure(RuleBasedStateMachine):
    """A round that anybody may ask anything of."""

    def __init__(self) -> None:
        """Begin with nothing; a stage is drawn first."""
        super().__init__()
        self.world, self.now = World(), START

    @initialize(hangs=st.sampled_from([True, True, False]))
    def begin(self, *, hangs: bool) -> None:
        self.world = hanging() if hangs else tallied()

    def ask(self, actor: PersonId, asked: Command) -> None:
        """Ask for something; what comes of it is recorded, checked, and not repeated when it is asked again."""
        answer = self.world.when(asked, actor=actor, at=self.now)
        before = self.world
        if answer.refusal is not None and answer.refusal.record is not None:
            self.world = before.after(answer.refusal.record, actor=actor, at=self.now)
        if not answer.events:
            return
        self.world = before.after(*answer.events, actor=actor, at=self.now)
        assert self.world.when(asked, actor=actor, at=self.now).events == ()
        for each in answer.events:
            if isinstance(each, StarConfirmed):
                confirmed_by_the_rules(each, actor, self.now, before.facts)

    @rule(wait=waits)
    def wait(self, wait: timedelta) -> None:
        self.now += wait

    @rule(actor=actors, person=people, component=st.sampled_from(COMPONENTS), value=points)
    def correct(self, actor: PersonId, person: PersonId, component: str, value: Decimal) -> None:
        ballots = 9 if component == "masses" else None
        self.ask(
            actor,
            CorrectScore(round=ROUND, person=person, component=component, points=value, reason=WORDS, ballots=ballots),
        )

    @rule(actor=st.sampled_from([LI, WANG]), person=people)
    def exempt(self, actor: PersonId, person: PersonId) -> None:
        self.ask(actor, ExemptMember(round=ROUND, person=person, decided_by="党员大会", reason=WORDS))

    @rule(actor=actors)
    def tally(self, actor: PersonId) -> None:
        self.ask(actor, TALLY)

    @rule(actor=actors, winner=people)
    def decide_tie(self, actor: PersonId, winner: PersonId) -> None:
        self.ask(actor, DecideTie(round=ROUND, star=4, winners=(winner,), body=BODY, reason=WORDS))

    @rule(actor=actors)
    def propose(self, actor: PersonId) -> None:
        self.ask(actor, PROPOSE)

    @rule(number=numbers, yes=st.integers(2, 6), present=st.integers(2, 6))
    def vote(self, number: int, yes: int, present: int) -> None:
        attending, today = SIX[:present], self.now.astimezone(CHINA).date()
        self.ask(
            ZHANG,
            HoldVote(
                round=ROUND, list=number, on=today, chair=LI, present=attending, yes=yes, no=0, abstain=0, reasons="议"
            ),
        )

    @rule(notice=notices)
    def post(self, notice: NoticeId) -> None:
        self.ask(ZHANG, post(notice))

    @rule(notice=st.one_of(st.just(NoticeId("n0")), notices), down=st.booleans())
    def hang_or_take_down(self, notice: NoticeId, *, down: bool) -> None:
        if down:
            self.ask(ZHANG, InterruptNotice(round=ROUND, notice=notice, why="检修"))
        else:
            self.ask(ZHANG, ResumeNotice(round=ROUND, notice=notice))

    @rule(actor=actors, objection=objections, about=people)
    def object(self, actor: PersonId, objection: ObjectionId, about: PersonId) -> None:
        self.ask(
            actor,
            FileObjection(round=ROUND, objection=objection, about=about, statement=WORDS, objector=actor),
        )

    @rule(objection=objections, actor=actors, step=st.sampled_from(["reject", "withdraw", "extend", "reply"]))
    def handle(self, objection: ObjectionId, actor: PersonId, step: str) -> None:
        asked: dict[str, Command] = {
            "reject": RejectObjection(round=ROUND, objection=objection, reason=WORDS),
            "withdraw": WithdrawObjection(round=ROUND, objection=objection),
            "extend": ExtendObjection(round=ROUND, objection=objection, days=5, reason=WORDS),
            "reply": ReplyToObjection(round=ROUND, objection=objection, reply=WORDS),
        }
        self.ask(actor, asked[step])

    @rule(case=st.integers(0, 3), actor=st.sampled_from([LI, ZHAO]), value=points, amended=people, upheld=st.booleans())
    @precondition(lambda self: bool(open_matters(self.world.facts, ObjectionFiled)))
    def accept_and_rule(self, case: int, actor: PersonId, value: Decimal, amended: PersonId, *, upheld: bool) -> None:
        matters = sorted(open_matters(self.world.facts, ObjectionFiled))
        objection = ObjectionId(matters[case % len(matters)])
        for pair in ((LI, CHEN), (SUN, CHEN), (LI, SUN)):
            self.ask(actor, AcceptObjection(round=ROUND, objection=objection, investigators=pair))
        self.ask(
            actor,
            RuleOnObjection(
                round=ROUND,
                objection=objection,
                verdict="upheld" if upheld else "dismissed",
                findings=WORDS,
                amendments=amendments(amended, value) if upheld else (),
            ),
        )

    @rule(actor=st.sampled_from([ZHAO, WANG]), correction=corrections, person=people)
    def open_correction(self, actor: PersonId, correction: CorrectionId, person: PersonId) -> None:
        self.ask(actor, OpenCorrection(round=ROUND, correction=correction, person=person, cause=WORDS))

    @rule(actor=st.sampled_from([CHEN, LI]), person=people, value=points, upheld=st.booleans())
    @precondition(lambda self: bool(open_matters(self.world.facts, CorrectionOpened)))
    def decide_correction(self, actor: PersonId, person: PersonId, value: Decimal, *, upheld: bool) -> None:
        correction = CorrectionId(min(open_matters(self.world.facts, CorrectionOpened)))
        self.ask(
            actor,
            DecideCorrection(
                round=ROUND,
                correction=correction,
                verdict="upheld" if upheld else "dismissed",
                findings=WORDS,
                body=BODY,
                amendments=amendments(person, value) if upheld else (),
            ),
        )

    @rule(actor=actors, named=st.lists(people, max_size=2).map(tuple))
    def confirm(self, actor: PersonId, named: tuple[PersonId, ...]) -> None:
        self.ask(actor, ConfirmStars(round=ROUND, body=BODY, people=named))

    @rule(winner=people, notice=notices)
    def go_on(self, winner: PersonId, notice: NoticeId) -> None:
        """Take the next steps as the officers would."""
        lists = 1 + sum(1 for _ in events(self.world.facts, ListProposed))
        self.ask(ZHANG, TALLY)
        self.ask(CHEN, DecideTie(round=ROUND, star=4, winners=(winner,), body=BODY, reason=WORDS))
        self.ask(CHEN, PROPOSE)
        self.vote(lists, 5, 6)
        self.ask(ZHANG, post(notice))

    @rule(objection=objections, about=st.sampled_from([WANG, CHEN, SUN]), value=points)
    def object_and_uphold(self, objection: ObjectionId, about: PersonId, value: Decimal) -> None:
        self.object(STAFF, objection, about)
        self.ask(ZHAO, AcceptObjection(round=ROUND, objection=objection, investigators=(LI, QIAN)))
        for ruler in (ZHAO, LI):
            self.ask(
                ruler,
                RuleOnObjection(
                    round=ROUND,
                    objection=objection,
                    verdict="upheld",
                    findings=WORDS,
                    amendments=amendments(about, value),
                ),
            )

    @rule(notice=st.one_of(st.just(NoticeId("n0")), notices), days=st.integers(0, 2))
    def take_down_for_a_while(self, notice: NoticeId, days: int) -> None:
        self.now += DAY
        self.ask(ZHANG, InterruptNotice(round=ROUND, notice=notice, why="检修"))
        self.now += days * DAY
        self.ask(ZHANG, ResumeNotice(round=ROUND, notice=notice))

    @rule(days=st.integers(5, 9), named=people)
    def wait_and_confirm(self, days: int, named: PersonId) -> None:
        self.now += days * DAY
        for actor in (CHEN, LI):
            self.ask(actor, ConfirmStars(round=ROUND, body=BODY, people=(named,)))
        self.ask(CHEN, ConfirmStars(round=ROUND, body=BODY))
        self.ask(LI, ConfirmStars(round=ROUND, body=BODY))

    @invariant()
    def one_place_of_four_stars_has_one_holder(self) -> None:
        latest = {each.person: each.star for each in events(self.world.facts, ResultComputed)}
        assert sum(star == 4 for star in latest.values()) <= 1

    @invariant()
    def what_was_confirmed_stays_and_each_confirmation_names_the_one_it_replaces(self) -> None:
        newest: dict[PersonId, int] = {}
        for fact in self.world.facts:
            if isinstance(fact.event, StarConfirmed):
                assert fact.event.supersedes == newest.get(fact.event.person)
                newest[fact.event.person] = fact.position


def events(facts: tuple[Fact, ...], kind: type[T]) -> Iterator[T]:
    return (fact.event for fact in facts if isinstance(fact.event, kind))


def confirmed_by_the_rules(star: StarConfirmed, actor: PersonId, now: datetime, facts: tuple[Fact, ...]) -> None:
    """Assert what must be true of a confirmation, as the facts before it tell."""
    assert actor != star.person
    assert adopted(facts)
    line = next(each for each in reversed(list(events(facts, LinePosted))) if each.person == star.person)
    assert (line.notice, line.total, line.star) == (star.notice, star.total, star.star)
    assert whole_days(line.notice, now, facts) >= 7
    assert star.person not in open_matters(facts, ObjectionFiled).values()
    assert star.person not in open_matters(facts, CorrectionOpened).values()
    result = next(each for each in reversed(list(events(facts, ResultComputed))) if each.person == star.person)
    assert (result.total, result.star) == (star.total, star.star)


def adopted(facts: tuple[Fact, ...]) -> bool:
    lists = [each.list for each in events(facts, ListProposed)]
    votes = [each for each in events(facts, VoteHeld) if each.list == lists[-1]]
    return votes[-1].outcome == "adopted"


def whole_days(notice: NoticeId, now: datetime, facts: tuple[Fact, ...]) -> int:
    """Return on how many whole days before `now`, after that of its posting, a notice hung throughout."""
    posted, gaps = now, list[tuple[datetime, datetime]]()
    for fact in facts:
        match fact.event:
            case NoticePosted(notice=which) if which == notice:
                posted = fact.recorded_at
            case NoticeInterrupted(notice=which) if which == notice:
                gaps.append((fact.recorded_at, now))
            case NoticeResumed(notice=which) if which == notice:
                gaps[-1] = (gaps[-1][0], fact.recorded_at)
            case _:
                pass
    day, whole = posted.astimezone(CHINA).date() + DAY, 0
    while end_of_day(day) <= now:
        whole += not any(begin < end_of_day(day) and end > start_of_day(day) for begin, end in gaps)
        day += DAY
    return whole


def open_matters(facts: tuple[Fact, ...], kind: type[ObjectionFiled | CorrectionOpened]) -> dict[str, PersonId]:
    """Return the objections or the corrections that are open, each with the person it is about."""
    about: dict[str, PersonId] = {}
    for fact in facts:
        match fact.event:
            case ObjectionFiled(objection=case, about=person) if kind is ObjectionFiled:
                about[case] = person
            case CorrectionOpened(correction=case, person=person, decided=False) if kind is CorrectionOpened:
                about[case] = person
            case ObjectionRejected() | ObjectionWithdrawn() | ObjectionRuled():
                about.pop(fact.event.objection, None)
            case CorrectionDecided(correction=case):
                about.pop(case, None)
            case _:
                pass
    return about


Procedure.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestWhateverIsAskedNoStarIsConfirmedAgainstTheRules = Procedure.TestCase
