"""The same month with its disputes: ballots, corrected entries, exemptions, and the year's objections.

What is believed beside the machine's own beliefs: the sheets as they were cast, who is exempt, and how far each
objection has got. No order of commands reaches a count of fewer than five voices, a count before the close, a star of
the exempt, or the star of somebody about whom an objection is open.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain import ballot_opening, confirming, recording
from domain.ballot_boxes import Box, keeper_digest
from domain.ballot_closing import CloseBox, Found, VoidBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import ReturnSheet
from domain.ballot_rules import BallotRules, ballot_rules
from domain.ballot_sheets import Sheet, count_sheets, read_sheet
from domain.ballots import BallotsCounted, BoxClosed, BoxOpened, BoxVoided, SlipReturned, Voter
from domain.confirmation import StarConfirmed
from domain.decision import Command, Event, replace
from domain.exempting import ExemptMember
from domain.ids import BoxId, EntryId, NoticeId, ObjectionId, PersonId, RoundId
from domain.inquiries import AcceptObjection, RejectObjection, RuleOnObjection
from domain.lists import ListProposed
from domain.months import MonthSettled
from domain.notices import LinePosted, NoticePosted
from domain.objections import (
    FileObjection,
    ObjectionAccepted,
    ObjectionFiled,
    ObjectionRejected,
    ObjectionRuled,
    Objections,
    ObjectionWithdrawn,
    WithdrawObjection,
)
from domain.recording import CorrectEntry
from domain.records import EntryCorrected, RecordEvent
from domain.rounds import MemberExempted
from domain.rulebook import Component, Rulebook
from domain.rulings import Amendment
from domain.scores import CorrectScore, RecordScore, ScoreCorrected
from domain.tally import ResultComputed
from tests.controls import BRANCH, CHEN, LI, STAFF, SUN, ZHANG, ZHAO
from tests.domain.procedure.conftest import BODY
from tests.domain.procedure.month_machine import (
    MONTH,
    SIX,
    VALID,
    WORDS,
    YEAR,
    MonthAndYear,
    actors,
    days,
    officers,
    people,
    rounds,
    values,
)

PASS, WORTH = "pass", {"优秀": 100, "合格": 75, "基本合格": 50, "不合格": 0}
VOTERS = (*(Voter(person=person, group="members") for person in SIX), Voter(person=STAFF, group="representatives"))
InDispute = ObjectionFiled | ObjectionAccepted | ObjectionRejected | ObjectionWithdrawn | ObjectionRuled
objections = st.integers(0, 2).map(lambda n: ObjectionId(f"o{n}"))
grades = st.sampled_from(sorted(WORTH))
receivers = st.sampled_from((ZHAO, ZHAO, LI, ZHANG))


def _shown_at_once(rulebook: Rulebook, component: Component) -> BallotRules:
    return replace(ballot_rules(rulebook, component), shown_from=1)


@dataclass
class Disputed:
    """What is believed of ballots, exemptions and objections."""

    sheets: dict[str, dict[PersonId, str]] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    counting: str = ""
    recorded: set[tuple[RoundId, PersonId]] = field(default_factory=set)
    proposed: dict[tuple[RoundId, PersonId], tuple[Fraction, int]] = field(default_factory=dict)
    exempt: set[tuple[RoundId, PersonId]] = field(default_factory=set)
    stages: dict[str, tuple[PersonId, str]] = field(default_factory=dict)
    hanging: set[PersonId] = field(default_factory=set)
    ruling: bool = False

    @property
    def questioned(self) -> set[PersonId]:
        """Return about whom an objection is open."""
        return {about for about, stage in self.stages.values() if stage in ("filed", "accepted")}


class DisputedMonth(MonthAndYear):
    """December and its year, with everything that people may disagree about."""

    def __init__(self) -> None:
        """Begin without a dispute."""
        super().__init__()
        self.disputed = Disputed()

    def ask(self, actor: PersonId, asked: Command) -> None:
        self.disputed.ruling = False
        super().ask(actor, asked)
        assert not self.disputed.counting, "counts without a close"

    def accept(self, asked: Command) -> None:
        super().accept(asked)
        if isinstance(asked, RecordScore | CorrectScore):
            self.disputed.recorded.add((asked.round, asked.person))

    def check(self, happened: Event, actor: PersonId) -> None:
        if isinstance(happened, ScoreCorrected) and happened.objection is not None:
            self.check_amended(happened)
        elif not (isinstance(happened, ResultComputed) and self.disputed.ruling):
            super().check(happened, actor)
        match happened:
            case SlipReturned() | BallotsCounted() | BoxClosed() | BoxVoided():
                self.check_ballot(happened, actor)
            case MemberExempted(round=which, person=person):
                assert which not in self.model.fixed
                assert actor != person
                self.disputed.exempt.add((which, person))
            case ListProposed(round=which):
                cells = {cell: Fraction(worth) for cell, (worth, _) in self.model.appraised.items()}
                self.disputed.proposed = {c: (w, self.model.appraised[c][1]) for c, w in cells.items() if c[0] == which}
            case LinePosted(person=person):
                self.disputed.hanging.add(person)
            case StarConfirmed(person=person):
                assert person not in self.disputed.questioned, "an objection is open"
            case _ if isinstance(happened, InDispute):
                self.check_dispute(happened, actor)
            case _:
                pass

    def check_entry(self, happened: RecordEvent, actor: PersonId) -> None:
        if not isinstance(happened, EntryCorrected):
            super().check_entry(happened, actor)
            return
        entry = self.model.entries[happened.entry]
        assert entry["status"] in ("proposed", "verified")
        assert actor != entry["person"] or (entry["status"], entry["by"]) == ("proposed", actor), "his own entry"
        said = {"item": happened.item, "points": happened.points, "day": happened.occurred_on}
        entry |= {"status": "proposed", "by": actor, **said}

    def check_ballot(self, happened: SlipReturned | BallotsCounted | BoxClosed | BoxVoided, actor: PersonId) -> None:
        assert happened.box not in self.disputed.over, "the box is over"
        match happened:
            case SlipReturned():
                assert actor == happened.person
            case BallotsCounted():
                self.disputed.counting = happened.box
                self.check_count(happened)
            case BoxClosed() | BoxVoided():
                self.disputed.counting = ""
                self.disputed.over.add(happened.box)

    def check_count(self, counted: BallotsCounted) -> None:
        """Compare a count with the sheets as they were cast; who gave too many the best grade has no voice."""
        sheets = self.disputed.sheets.get(counted.box, {})
        given = Counter(mark for voter, mark in sheets.items() if voter != counted.person and mark != "优秀")
        assert counted.withheld == (given.total() < VALID), "fewer than five are shown"
        assert {str(each.grade): each.voices for each in counted.counts} == ({} if counted.withheld else given)
        cell = (counted.round, counted.person)
        if not counted.withheld and cell not in self.disputed.recorded:
            worth = Fraction(sum(WORTH[mark] * voices for mark, voices in given.items()), given.total())
            self.model.appraised[cell] = (worth, given.total())  # type: ignore[assignment]

    def check_amended(self, happened: ScoreCorrected) -> None:
        assert self.disputed.ruling
        assert happened.period is not None
        months = self.model.year[happened.person]
        months[happened.period] = (Fraction(happened.points), months[happened.period][1])

    def check_dispute(self, happened: InDispute, actor: PersonId) -> None:
        if isinstance(happened, ObjectionFiled):
            assert happened.objection not in self.disputed.stages
            assert happened.about in self.disputed.hanging, "the line does not hang"
            self.disputed.stages[happened.objection] = (happened.about, "filed")
            return
        about, stage = self.disputed.stages[happened.objection]
        assert about == happened.about
        wanted = {"Ruled": ("accepted",), "Withdrawn": ("filed", "accepted")}
        step = happened.NAME.split(".")[1]
        assert stage in wanted.get(step, ("filed",)), "a step was left out"
        assert step == "Withdrawn" or actor != about, "his own case"
        if isinstance(happened, ObjectionAccepted):
            assert len(set(happened.investigators)) >= 2
            assert about not in happened.investigators
        self.disputed.ruling = isinstance(happened, ObjectionRuled)
        self.disputed.stages[happened.objection] = (about, step.lower())

    def check_month(self, month: MonthSettled) -> None:
        if (month.round, month.person) in self.disputed.exempt:
            assert not month.star, "a star of the exempt"
            self.model.months[month.person].pop(month.period, None)
            return
        cell = (month.round, month.person)
        now = self.model.appraised.get(cell)
        self.model.appraised[cell] = self.disputed.proposed[cell]  # type: ignore[assignment]
        super().check_month(month)
        if now is not None:
            self.model.appraised[cell] = now

    def check_year(self, happened: NoticePosted | LinePosted | StarConfirmed, actor: PersonId) -> None:
        if not isinstance(happened, NoticePosted) and (YEAR, happened.person) in self.disputed.exempt:
            assert not happened.star, "a star of the exempt"
        elif not isinstance(happened, NoticePosted) and (MONTH, happened.person) in self.disputed.exempt:
            assert YEAR in self.model.adopted
        else:
            super().check_year(happened, actor)

    # ballots

    @rule(actor=officers, void=st.booleans())
    def lay_box(self, actor: PersonId, *, void: bool) -> None:
        """Open the next box, or void the last one."""
        number = len(self.disputed.sheets)
        if void and number:
            self.ask(actor, VoidBox(box=self.box, why="混乱"))
            return
        if not number or self.box in self.disputed.over:
            box = BoxId(f"b{number}")
            what = {"box": box, "round": MONTH, "component": "appraisal", "keeper": keeper_digest(PASS)}
            asked = OpenBox(**what, voters=VOTERS)  # type: ignore[arg-type]
            if self.decide(asked, actor)[0]:
                self.disputed.sheets[box] = {}
            self.ask(actor, asked)

    @property
    def box(self) -> BoxId:
        """Return the box that was opened last."""
        return BoxId(f"b{max(0, len(self.disputed.sheets) - 1)}")

    @rule(actor=actors, voter=actors, grade=grades)
    def cast(self, actor: PersonId, voter: PersonId, grade: str) -> None:
        """Drop a sheet as the keeper does: it counts once its return is recorded, and again takes its place."""
        asked = ReturnSheet(box=self.box, person=voter, keeper_pass=PASS)
        if self.decide(asked, actor)[1] is None:
            self.disputed.sheets[self.box][voter] = grade
        self.ask(actor, asked)

    @rule(left_out=st.integers(0, 3), grade=grades)
    def poll(self, left_out: int, grade: str) -> None:
        """Have all but some vote."""
        self.lay_box(ZHANG, void=False)
        for voter in (*SIX, STAFF)[left_out:]:
            self.cast(voter, voter, grade)

    @rule(actor=officers)
    def close(self, actor: PersonId) -> None:
        """Close the box with what its keeper finds in it."""
        state = self.state(Box, self.box)
        assert isinstance(state, Box)
        if state.opened is None:
            return
        groups = {voter.person: voter.group for voter in VOTERS}
        sheets = [(groups[voter], self.rows(state.opened, voter, mark)) for voter, mark in self.cast_in(state).items()]
        counting = count_sheets(state.opened, [Sheet(group, rows) for group, rows in sheets])
        found = tuple(Found(group=group, on_screen=sum(g == group for g, _ in sheets)) for group in state.groups)
        what = {"box": self.box, "keeper_pass": PASS, "found": found, "cells": counting.cells}
        self.ask(actor, CloseBox(**what, valid=counting.valid, void=counting.void))  # type: ignore[arg-type]

    def cast_in(self, state: Box) -> dict[PersonId, str]:
        cast = self.disputed.sheets[self.box]
        assert set(cast) == state.on_screen, "a return was lost"
        return cast

    @staticmethod
    def rows(opened: BoxOpened, voter: PersonId, mark: str) -> bytes:
        return read_sheet(opened, {person: mark for person in opened.subjects if person != voter}, voter)

    @rule(left_out=st.integers(0, 2), grade=grades)
    def go_on_by_ballot(self, left_out: int, grade: str) -> None:
        """Take the month's next steps as the officers would, with a ballot for the appraisal."""
        self.draw(ZHANG, MONTH)
        self.poll(left_out, grade)
        self.close(ZHANG)
        self.tally(CHEN, MONTH)
        self.vote(MONTH, self.model.newest.get(MONTH, 1), 5, 6)
        self.show(ZHANG, MONTH, "indoor")

    # entries and exemptions

    @rule(actor=actors, number=st.integers(0, 5), value=values, day=days)
    def correct(self, actor: PersonId, number: int, value: tuple[str, int], day: date) -> None:
        key = f"e{number % max(1, len(self.model.entries))}"
        person = PersonId(str(self.model.entries.get(key, {"person": SUN})["person"]))
        what = {"entry": EntryId(key), "branch": BRANCH, "person": person, "item": value[0], "reason": WORDS}
        self.ask(actor, CorrectEntry(**what, occurred_on=day, points=Decimal(value[1])))  # type: ignore[arg-type]

    @rule(actor=officers, which=rounds, person=st.sampled_from((SUN, CHEN, LI)))
    def exempt(self, actor: PersonId, which: RoundId, person: PersonId) -> None:
        self.ask(actor, ExemptMember(round=which, person=person, decided_by=BODY, reason=WORDS))

    # objections

    @rule(actor=actors, objection=objections, about=people, back=st.booleans())
    def raise_objection(self, actor: PersonId, objection: ObjectionId, about: PersonId, *, back: bool) -> None:
        filing = FileObjection(round=YEAR, objection=objection, about=about, statement=WORDS, objector=actor)
        self.ask(actor, WithdrawObjection(round=YEAR, objection=objection) if back else filing)

    @rule(
        actor=st.sampled_from((ZHAO, ZHAO, LI, ZHANG)), objection=objections, step=st.sampled_from("ajud"), worth=values
    )
    def handle_objection(self, actor: PersonId, objection: ObjectionId, step: str, worth: tuple[str, int]) -> None:
        about, _ = self.disputed.stages.get(objection, (SUN, ""))
        which = {"round": YEAR, "objection": objection}
        points = Decimal(60 + abs(worth[1]))
        amendment = Amendment(person=about, component="records", points=points, period="2025-12")
        inquirers = tuple(person for person in (LI, CHEN, SUN) if person != about)[:2]
        asked: dict[str, Command] = {
            "a": AcceptObjection(**which, investigators=inquirers),  # type: ignore[arg-type]
            "j": RejectObjection(**which, reason=WORDS),  # type: ignore[arg-type]
            "u": RuleOnObjection(**which, verdict="upheld", findings=WORDS, amendments=(amendment,)),  # type: ignore[arg-type]
            "d": RuleOnObjection(**which, verdict="dismissed", findings=WORDS),  # type: ignore[arg-type]
        }
        self.ask(actor, asked[step])

    @rule(about=st.sampled_from((SUN, CHEN)), upheld=st.booleans())
    def dispute(self, about: PersonId, *, upheld: bool) -> None:
        """Object, have it inquired into and ruled on, and post what changed, as the officers would."""
        number = ObjectionId(f"o{len(self.disputed.stages) % 3}")
        self.raise_objection(STAFF, number, about, back=False)
        self.confirm(LI, YEAR, (about,))
        for step in ("a", "u" if upheld else "d"):
            self.handle_objection(ZHAO, number, step, ("study-taught", 2))
        self.hang(ZHANG, YEAR, NoticeId("n1"), "post")

    @invariant()
    def no_open_box_has_a_count(self) -> None:
        assert not self.disputed.counting


DisputedMonth.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestWhateverIsDisputedNoStarIsReachedWithoutItsSteps = DisputedMonth.TestCase


def posted() -> DisputedMonth:
    """Return the machine whose year hangs."""
    machine = DisputedMonth()
    machine.begin(3, [])
    return machine


def few_sheets() -> None:
    machine = DisputedMonth()
    machine.draw(ZHANG, MONTH)
    machine.poll(3, "合格")
    machine.close(ZHANG)


def a_sheet_too_late() -> None:
    machine = DisputedMonth()
    machine.draw(ZHANG, MONTH)
    machine.poll(1, "合格")
    machine.close(ZHANG)
    machine.cast(LI, LI, "合格")


def his_own_verified_entry() -> None:
    machine = DisputedMonth()
    machine.begin(0, [(SUN, ("study-taught", 2), date(2025, 12, 1))])
    machine.correct(SUN, 0, ("serve-solved", 3), date(2025, 12, 1))


def a_ruling_without_inquiry() -> None:
    machine = posted()
    machine.raise_objection(STAFF, ObjectionId("o0"), SUN, back=False)
    machine.handle_objection(ZHAO, ObjectionId("o0"), "d", ("study-taught", 2))


def a_star_in_question() -> None:
    machine = posted()
    machine.raise_objection(STAFF, ObjectionId("o0"), SUN, back=False)
    machine.wait(timedelta(days=12))
    machine.confirm(CHEN, YEAR, ())


@pytest.mark.parametrize(
    ("place", "safety", "without", "towards", "why"),
    [
        (ballot_opening, "ballot_rules", _shown_at_once, few_sheets, "fewer than five are shown"),
        (Box, "require_open", Box.require_known, a_sheet_too_late, "the box is over"),
        (recording, "_require_corrector", lambda *_: None, his_own_verified_entry, "his own entry"),
        (Objections, "require", lambda self, key, *_: self.cases[key], a_ruling_without_inquiry, "a step was left out"),
        (confirming, "touchable", lambda *_: frozenset(), a_star_in_question, "an objection is open"),
    ],
)
def test_with_one_safety_removed_the_disputes_go_red(
    monkeypatch: pytest.MonkeyPatch, place: object, safety: str, without: object, towards: Callable[[], None], why: str
) -> None:
    towards()
    monkeypatch.setattr(place, safety, without)
    with pytest.raises(AssertionError, match=why):
        towards()


def test_an_upheld_objection_leads_to_another_total_another_line_and_then_the_star() -> None:
    machine = posted()
    machine.raise_objection(STAFF, ObjectionId("o0"), SUN, back=False)
    for step in ("a", "u"):
        machine.handle_objection(ZHAO, ObjectionId("o0"), step, ("study-taught", 2))
    assert machine.disputed.stages == {"o0": (SUN, "ruled")}
    assert machine.model.year[SUN]["2025-12"][0] == 62
    machine.hang(ZHANG, YEAR, NoticeId("n1"), "post")
    machine.wait_and_confirm(11, SUN, down=False)
    stars = [fact.event for fact in machine.world.facts if isinstance(fact.event, StarConfirmed)]
    assert {star.notice for star in stars if star.person == SUN} == {NoticeId("n1")}
    assert sorted(star.person for star in stars) == sorted(SIX)
    machine.teardown()


def test_a_ballot_makes_the_months_appraisal_and_too_few_voices_make_none() -> None:
    machine = DisputedMonth()
    machine.go_on_by_ballot(1, "合格")
    assert {person: months["2025-12"][1] for person, months in machine.model.months.items()} == dict.fromkeys(SIX, 75)
    few = DisputedMonth()
    few.go_on_by_ballot(3, "合格")
    assert all("2025-12" not in months for months in few.model.months.values())
    assert any(isinstance(fact.event, BallotsCounted) for fact in few.world.facts)
