"""Entering scores: who may, for whom, between which bounds, and until when (A-19, A-21, A-24, A-25, A-40)."""

from datetime import date
from decimal import Decimal

import pytest

from domain.appointments import DeclareRelation
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import PersonId, RoundId
from domain.lists import VoteHeld
from domain.raters import InviteRaters, RatersInvited
from domain.round_sheet import sheet_of
from domain.rounds import MemberExempted, Round
from domain.scores import (
    ComponentNotApplicable,
    CorrectScore,
    MarkNotApplicable,
    RecordScore,
    ScoreCorrected,
    ScoreRecorded,
    Scores,
)
from domain.sealed import Sealed
from domain.sheet.model import Given
from tests.controls import CHAIR, CHEN, LI, MOVER, PAPER, QIAN, ROUND, STAFF, SUN, WANG, WU, ZHANG, ZHAO, ZHOU
from tests.domain.conftest import World
from tests.domain.procedure.conftest import OPENING, PROPOSE, SCORING, VOTING, enter, on, take

GIVE = RecordScore(round=ROUND, person=SUN, component="work", points=Decimal(90))
GIVEN = ScoreRecorded(
    round=ROUND,
    person=SUN,
    component="work",
    level="superior",
    points=Decimal(90),
    rater=None,
    ballots=None,
    occurred_on=None,
    evidence=None,
    cell=None,
)
BALLOTS = replace(GIVE, component="masses", ballots=9)
OWN = replace(GIVE, component="self", rater=SUN)
FIX = CorrectScore(round=ROUND, person=SUN, component="work", points=Decimal(91), reason=Sealed("录入错误"))
ABSENT = MarkNotApplicable(round=ROUND, person=SUN, component="group", why="未编入党小组")
INVITE = InviteRaters(round=ROUND, component="masses", raters=(STAFF, QIAN))


def held(world: World) -> Scores:
    scores = world.fold(Scores, ROUND)
    assert isinstance(scores, Scores)
    return scores


def on_sheet(world: World, person: PersonId, component: str) -> object:
    this = world.fold(Round, ROUND)
    assert isinstance(this, Round)
    sheet = sheet_of(this, held(world), {})
    return next(each.components[component] for each in sheet.people if each.person == person)


# recording


def test_the_recorder_enters_what_a_member_was_given(opened: World) -> None:
    opened.when(GIVE, actor=ZHANG, at=SCORING).then(GIVEN)


def test_a_score_keeps_its_rater_level_day_and_evidence(opened: World) -> None:
    asked = replace(GIVE, component="branch", rater=LI, occurred_on=date(2026, 1, 6), evidence=PAPER)
    opened.when(asked, actor=ZHANG, at=SCORING).then(
        replace(GIVEN, component="branch", level="branch", rater=LI, occurred_on=date(2026, 1, 6), evidence=PAPER)
    )


def test_the_same_score_again_changes_nothing(opened: World) -> None:
    world = opened.after(GIVEN)
    world.when(GIVE, actor=ZHANG, at=SCORING).then_nothing()
    world.when(replace(GIVE, points=Decimal("90.0")), actor=ZHANG, at=SCORING).then_nothing()


def test_another_score_for_the_same_place_is_a_correction(opened: World) -> None:
    asked = replace(GIVE, points=Decimal(91))
    opened.after(GIVEN).when(asked, actor=ZHANG, at=SCORING).refused("score-exists", Conflict)


@pytest.mark.parametrize("actor", [SUN, ZHAO, STAFF, CHAIR, QIAN, MOVER])
def test_only_recorders_and_secretaries_of_the_branch_enter_scores(opened: World, actor: PersonId) -> None:
    opened.when(replace(GIVE, person=WU), actor=actor, at=SCORING).refused("wrong-office", NotPermitted)


@pytest.mark.parametrize("component", ["work", "group", "branch", "masses"])
def test_nobody_enters_his_own_score(opened: World, component: str) -> None:
    asked = replace(BALLOTS if component == "masses" else GIVE, person=ZHANG, component=component)
    opened.when(asked, actor=ZHANG, at=SCORING).refused("own-case", NotPermitted)


@pytest.mark.parametrize("component", ["work", "self"])
def test_nobody_enters_a_score_of_somebody_close_to_him(opened: World, component: str) -> None:
    world = opened.after(*opened.when(_relation(ZHANG, SUN), actor=LI).events)
    world.when(replace(GIVE, component=component), actor=ZHANG, at=SCORING).refused("recused", NotPermitted)


def _relation(person: PersonId, other: PersonId) -> DeclareRelation:
    return DeclareRelation(person=person, other=other, relation="spouse")


def test_a_member_enters_his_own_assessment_without_an_office(opened: World) -> None:
    opened.when(OWN, actor=SUN, at=SCORING).then(replace(GIVEN, component="self", level="self", rater=SUN))
    opened.when(replace(OWN, rater=None), actor=SUN, at=SCORING).then(replace(GIVEN, component="self", level="self"))


def test_a_member_enters_no_other_score_of_his_own_and_no_assessment_of_others(opened: World) -> None:
    opened.when(GIVE, actor=SUN, at=SCORING).refused("wrong-office", NotPermitted)
    opened.when(replace(OWN, person=WU, rater=WU), actor=SUN, at=SCORING).refused("wrong-office", NotPermitted)


def test_the_recorder_enters_a_member_s_own_assessment_for_him(opened: World) -> None:
    assert opened.when(OWN, actor=ZHANG, at=SCORING).events


def test_the_self_assessment_is_given_by_the_member_himself(opened: World) -> None:
    opened.when(replace(OWN, rater=LI), actor=ZHANG, at=SCORING).refused("not-himself", NotPermitted)


def test_a_member_has_one_self_assessment_whoever_enters_it(opened: World) -> None:
    world = take(opened, SUN, SCORING, OWN)
    world.when(replace(OWN, rater=None), actor=ZHANG, at=SCORING).then_nothing()
    asked = replace(OWN, rater=None, points=Decimal(70))
    world.when(asked, actor=ZHANG, at=SCORING).refused("score-exists", Conflict)
    fixed = take(world, SUN, SCORING, replace(FIX, component="self", points=Decimal(80)))
    assert [each.points for each in held(fixed).held[SUN, "self"].values()] == [Decimal(80)]


def test_nobody_is_the_rater_of_himself(opened: World) -> None:
    opened.when(replace(GIVE, rater=SUN), actor=ZHANG, at=SCORING).refused("own-case", NotPermitted)


def test_nobody_is_rated_by_somebody_close_to_him(opened: World) -> None:
    opened.when(replace(GIVE, rater=ZHOU), actor=ZHANG, at=SCORING).refused("recused", NotPermitted)


def test_several_raters_stand_side_by_side_and_their_mean_counts(opened: World) -> None:
    world = take(opened, ZHANG, SCORING, replace(GIVE, rater=LI), replace(GIVE, rater=WANG, points=Decimal(80)))
    given = on_sheet(world, SUN, "work")
    assert isinstance(given, tuple)
    assert [(each.points, each.rater) for each in given] == [(Decimal(90), LI), (Decimal(80), WANG)]


def test_one_value_for_all_raters_and_those_of_named_raters_exclude_each_other(opened: World) -> None:
    named = replace(GIVE, rater=LI)
    opened.after(GIVEN).when(named, actor=ZHANG, at=SCORING).refused("raters-mixed", Conflict)
    take(opened, ZHANG, SCORING, named).when(GIVE, actor=ZHANG, at=SCORING).refused("raters-mixed", Conflict)


@pytest.mark.parametrize("points", ["-0.01", "100.01", "1000"])
def test_a_score_lies_between_0_and_100(opened: World, points: str) -> None:
    opened.when(replace(GIVE, points=Decimal(points)), actor=ZHANG, at=SCORING).refused("points-out-of-range")


@pytest.mark.parametrize("points", ["0", "100", "1E+2", "0.000001", "99.999999"])
def test_0_and_100_and_six_decimals_are_scores(opened: World, points: str) -> None:
    assert opened.when(replace(GIVE, points=Decimal(points)), actor=ZHANG, at=SCORING).events


@pytest.mark.parametrize("points", ["0.0000001", "NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_score_is_refused(opened: World, points: str) -> None:
    opened.when(replace(GIVE, points=Decimal(points)), actor=ZHANG, at=SCORING).refused("malformed-points")


@pytest.mark.parametrize("ballots", [None, -1])
def test_the_mean_of_the_masses_says_how_many_ballots_it_is_of(opened: World, ballots: int | None) -> None:
    opened.when(replace(BALLOTS, ballots=ballots), actor=ZHANG, at=SCORING).refused("ballots-missing")


def test_what_a_named_rater_gave_is_one_ballot(opened: World) -> None:
    opened.when(replace(BALLOTS, rater=STAFF), actor=ZHANG, at=SCORING).refused("ballots-unfit")
    assert opened.when(replace(BALLOTS, rater=STAFF, ballots=None), actor=ZHANG, at=SCORING).events


def test_a_score_of_a_day_to_come_is_refused(opened: World) -> None:
    asked = replace(GIVE, occurred_on=date(2026, 1, 7))
    opened.when(asked, actor=ZHANG, at=SCORING).refused("in-the-future")


def test_only_members_on_the_roster_are_scored(opened: World) -> None:
    for person in (STAFF, MOVER, QIAN):
        opened.when(replace(GIVE, person=person), actor=ZHANG, at=SCORING).refused("not-on-the-roster", NotFound)


def test_a_sum_and_an_unknown_column_take_no_score(opened: World) -> None:
    for component in ("organisation", "charm"):
        asked = replace(GIVE, component=component)
        opened.when(asked, actor=ZHANG, at=SCORING).refused("unknown-component", NotFound)


def test_a_round_that_is_not_open_takes_no_score(opened: World) -> None:
    asked = replace(GIVE, round=RoundId("nowhere"))
    opened.when(asked, actor=ZHANG, at=SCORING).refused("unknown-round", NotFound)


def test_who_is_exempt_takes_no_score(opened: World) -> None:
    exempt = MemberExempted(round=ROUND, person=SUN, decided_by="党员大会", reason=Sealed("借调"))
    opened.after(exempt).when(GIVE, actor=ZHANG, at=SCORING).refused("exempt")


# invited raters


def test_officers_of_the_branch_enter_the_list_of_raters(opened: World) -> None:
    invited = RatersInvited(round=ROUND, component="masses", raters=(STAFF, QIAN))
    opened.when(INVITE, actor=ZHANG, at=OPENING).then(invited)
    opened.when(replace(INVITE, raters=(STAFF, QIAN, STAFF)), actor=LI, at=OPENING).then(invited)
    opened.when(INVITE, actor=SUN, at=OPENING).refused("wrong-office", NotPermitted)
    opened.when(replace(INVITE, component="charm"), actor=ZHANG, at=OPENING).refused("unknown-component", NotFound)


def test_the_same_list_of_raters_again_changes_nothing(opened: World) -> None:
    take(opened, ZHANG, OPENING, INVITE).when(INVITE, actor=LI, at=OPENING).then_nothing()


def test_where_raters_are_invited_nobody_else_rates(opened: World) -> None:
    world = take(opened, ZHANG, OPENING, INVITE)
    one = replace(BALLOTS, ballots=None)
    assert world.when(replace(one, rater=STAFF), actor=ZHANG, at=SCORING).events
    world.when(replace(one, rater=MOVER), actor=ZHANG, at=SCORING).refused("not-invited", NotPermitted)
    assert world.when(replace(GIVE, rater=LI), actor=ZHANG, at=SCORING).events
    newer = take(world, ZHANG, OPENING, replace(INVITE, raters=(MOVER,)))
    newer.when(replace(one, rater=STAFF), actor=ZHANG, at=SCORING).refused("not-invited", NotPermitted)


# correcting


def test_a_correction_names_the_fact_it_replaces_and_why(opened: World) -> None:
    world = opened.after(GIVEN)
    world.when(FIX, actor=ZHANG, at=SCORING).then(
        ScoreCorrected(
            round=ROUND,
            person=SUN,
            component="work",
            was=Decimal(90),
            points=Decimal(91),
            rater=None,
            ballots=None,
            corrects=len(world.facts),
            ground="correction",
            reason=Sealed("录入错误"),
            objection=None,
            correction=None,
        )
    )


def test_a_correction_keeps_the_old_score_as_a_fact(opened: World) -> None:
    world = take(opened.after(GIVEN), ZHANG, SCORING, FIX)
    assert GIVEN in [fact.event for fact in world.facts]
    assert on_sheet(world, SUN, "work") == (Given(Decimal(91), (len(world.facts),)),)


def test_a_correction_to_the_same_score_changes_nothing(opened: World) -> None:
    asked = replace(FIX, points=Decimal(90))
    opened.after(GIVEN).when(asked, actor=ZHANG, at=SCORING).then_nothing()


def test_the_number_of_ballots_alone_can_be_corrected(opened: World) -> None:
    world = take(opened, ZHANG, SCORING, BALLOTS)
    asked = replace(FIX, component="masses", points=Decimal(90), ballots=10)
    assert world.when(asked, actor=ZHANG, at=SCORING).events
    world.when(replace(asked, ballots=None), actor=ZHANG, at=SCORING).refused("ballots-missing")


def test_there_must_be_a_score_to_correct(opened: World) -> None:
    opened.when(FIX, actor=ZHANG, at=SCORING).refused("no-score", NotFound)
    opened.after(GIVEN).when(replace(FIX, rater=LI), actor=ZHANG, at=SCORING).refused("no-score", NotFound)


def test_a_correction_obeys_the_rules_of_recording(opened: World) -> None:
    world = enter(opened, {SUN: 90, ZHANG: 80})
    world.when(replace(FIX, points=Decimal(101)), actor=ZHANG, at=SCORING).refused("points-out-of-range")
    world.when(replace(FIX, person=ZHANG), actor=ZHANG, at=SCORING).refused("own-case", NotPermitted)
    world.when(FIX, actor=SUN, at=SCORING).refused("wrong-office", NotPermitted)


# not applicable


def test_an_optional_component_can_be_marked_as_not_there(opened: World) -> None:
    marked = ComponentNotApplicable(round=ROUND, person=SUN, component="group", why="未编入党小组")
    opened.when(ABSENT, actor=ZHANG, at=SCORING).then(marked)
    opened.after(marked).when(ABSENT, actor=ZHANG, at=SCORING).then_nothing()


@pytest.mark.parametrize("component", ["work", "branch", "masses", "self"])
def test_a_required_component_cannot_be_marked_as_not_there(opened: World, component: str) -> None:
    opened.when(replace(ABSENT, component=component), actor=ZHANG, at=SCORING).refused("component-applies")


def test_a_component_with_a_score_is_there(opened: World) -> None:
    world = opened.after(replace(GIVEN, component="group"))
    world.when(ABSENT, actor=ZHANG, at=SCORING).refused("component-applies")


def test_a_score_shows_that_the_component_is_there_after_all(opened: World) -> None:
    world = take(opened, ZHANG, SCORING, ABSENT, replace(GIVE, component="group"))
    assert (SUN, "group") not in held(world).not_applicable


def test_nobody_marks_a_component_of_his_own_as_not_there(opened: World) -> None:
    opened.when(replace(ABSENT, person=ZHANG), actor=ZHANG, at=SCORING).refused("own-case", NotPermitted)


# until when


def test_once_the_list_is_proposed_scores_are_fixed(proposed: World) -> None:
    for asked in (replace(GIVE, rater=LI), FIX, ABSENT):
        proposed.when(asked, actor=ZHANG, at=VOTING).refused("list-proposed")
    proposed.when(replace(OWN, points=Decimal(99)), actor=SUN, at=VOTING).refused("list-proposed")


def test_after_an_inquorate_meeting_scores_stay_fixed(proposed: World) -> None:
    proposed.after(vote("inquorate")).when(FIX, actor=ZHANG, at=VOTING).refused("list-proposed")


def test_after_the_meeting_rejects_the_list_scores_can_be_corrected(proposed: World) -> None:
    world = proposed.after(vote("rejected"))
    assert world.when(FIX, actor=ZHANG, at=VOTING).events
    again = take(world, CHEN, on(1, 9), PROPOSE)
    again.when(FIX, actor=ZHANG, at=on(1, 9)).refused("list-proposed")


def vote(outcome: str) -> VoteHeld:
    return VoteHeld(
        round=ROUND,
        list=1,
        on=VOTING.date(),
        chair=LI,
        present=(LI,),
        should_attend=8,
        voters_present=1,
        yes=0,
        no=1,
        abstain=0,
        outcome=outcome,  # type: ignore[arg-type]
        reasons="理由",
        minutes=None,
    )
