"""Computing the round, and what only a body can decide: ties at a cap (AMB-A8, AMB-A11, AMB-A13, AMB-A14, AMB-A15)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from domain.appointments import Appointed, RelationDeclared
from domain.decision import NotFound, NotPermitted, Refused, replace
from domain.ids import PersonId
from domain.lists import ListProposed
from domain.membership import MemberJoined
from domain.places import CapUse, Undecided
from domain.roles import LEADING_GROUP_MEMBER
from domain.rounds import MemberExempted, Round
from domain.scores import CorrectScore, MarkNotApplicable, RecordScore, Scores
from domain.scoring import ENGINE
from domain.sealed import Sealed
from domain.tally import (
    DecideTie,
    ResultComputed,
    Results,
    RoundTallied,
    TieDecided,
    retally,
)
from tests.controls import BRANCH, CHEN, FOUNDED, LI, ROUND, STAFF, STRANGER, SUN, WANG, WU, ZHANG, ZHAO, ZHOU
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
    TOTALS,
    VOTING,
    enter,
    table,
    take,
)

TIED_TOTALS = TOTALS | {ZHOU: 90, WU: 90}
"""One place of four stars is left for Sun, Zhou and Wu."""
CHOOSE = DecideTie(round=ROUND, star=4, winners=(SUN,), body=BODY, reason=Sealed("实绩突出"))
FIX = CorrectScore(round=ROUND, person=SUN, component="work", points=Decimal(91), reason=Sealed("更正"))


def results(world: World) -> Results:
    found = world.fold(Results, ROUND)
    assert isinstance(found, Results)
    return found


def stars(world: World) -> Mapping[PersonId, int | None]:
    return {person: result.star for person, result in results(world).latest.items()}


@pytest.fixture(scope="module")
def tied(opened: World) -> World:
    """Return the world in which three people are tied for one place of four stars."""
    return take(enter(opened, TIED_TOTALS), ZHANG, SCORING, TALLY)


# tally


def test_a_tally_says_what_it_counted_and_a_result_for_everybody(scored: World) -> None:
    made, *computed = scored.when(TALLY, actor=ZHANG, at=SCORING).events
    assert made == RoundTallied(
        round=ROUND,
        tally=1,
        engine=ENGINE,
        roster_size=8,
        caps=(CapUse(star=5, cap=0, used=0), CapUse(star=4, cap=2, used=2)),
        incomplete=(),
        undecided=(),
    )
    found = {each.person: each for each in computed if isinstance(each, ResultComputed)}
    assert {person: each.total for person, each in found.items()} == {p: Decimal(n) for p, n in TOTALS.items()}
    assert (found[ZHOU].score_star, found[ZHOU].star, found[ZHOU].label) == (4, 3, "三星级")
    assert all(each.tally == 1 for each in found.values())


def test_a_tally_of_the_same_scores_is_not_recorded_again(tallied: World) -> None:
    tallied.when(TALLY, actor=ZHANG, at=SCORING).then_nothing()


def test_a_second_tally_records_only_the_results_that_changed(tallied: World) -> None:
    fix = replace(FIX, person=WU, component="self", points=Decimal(80))
    made, *computed = take(tallied, ZHANG, SCORING, fix).when(TALLY, actor=CHEN, at=SCORING).events
    assert isinstance(made, RoundTallied)
    assert made.tally == 2
    assert [each.person for each in computed if isinstance(each, ResultComputed)] == [WU]


def test_a_change_that_leaves_every_result_as_it_was_is_tallied_and_can_be_proposed(tallied: World) -> None:
    more = replace(FIX, component="masses", points=Decimal(90), ballots=10)
    world = take(tallied, ZHANG, SCORING, more)
    world.when(PROPOSE, actor=CHEN, at=PROPOSING).refused("tally-outdated")
    made = RoundTallied(
        round=ROUND,
        tally=2,
        engine=ENGINE,
        roster_size=8,
        caps=(CapUse(star=5, cap=0, used=0), CapUse(star=4, cap=2, used=2)),
        incomplete=(),
        undecided=(),
    )
    world.when(TALLY, actor=ZHANG, at=SCORING).then(made)
    again = take(world, ZHANG, SCORING, TALLY)
    again.when(TALLY, actor=ZHANG, at=SCORING).then_nothing()
    assert again.when(PROPOSE, actor=CHEN, at=PROPOSING).events


def test_officers_tally_and_members_do_not(scored: World) -> None:
    for actor in (LI, WANG, ZHANG, CHEN):
        assert scored.when(TALLY, actor=actor, at=SCORING).events
    for actor in (SUN, ZHAO, STAFF):
        scored.when(TALLY, actor=actor, at=SCORING).refused("wrong-office", NotPermitted)


def test_a_round_must_be_open_to_be_tallied(ready: World) -> None:
    ready.when(TALLY, actor=ZHANG, at=SCORING).refused("unknown-round", NotFound)


def test_once_the_list_is_proposed_nothing_is_tallied_on_request(proposed: World) -> None:
    proposed.when(TALLY, actor=ZHANG, at=VOTING).refused("list-proposed")


def test_a_missing_score_is_incomplete_and_never_zero(opened: World) -> None:
    world = take(opened, ZHANG, SCORING, table({SUN: 90, ZHOU: 100}, without=((SUN, "branch"),)), TALLY)
    result = results(world).latest[SUN]
    assert (result.status, result.total, result.star) == ("incomplete", None, None)
    assert results(world).latest[ZHOU].status == "complete"


@pytest.mark.parametrize(("ballots", "status"), [(0, "incomplete"), (4, "incomplete"), (5, "complete")])
def test_fewer_than_five_ballots_are_not_enough_and_never_zero(opened: World, ballots: int, status: str) -> None:
    world = take(opened, ZHANG, SCORING, replace(table({SUN: 90}), ballots=ballots), TALLY)
    assert results(world).latest[SUN].status == status


def test_what_each_of_the_masses_gave_counts_as_one_ballot(opened: World) -> None:
    world = take(opened, ZHANG, SCORING, table({SUN: 90}, without=((SUN, "masses"),)))
    given = [
        RecordScore(round=ROUND, person=SUN, component="masses", points=Decimal(80 + n), rater=PersonId(f"w{n}"))
        for n in range(5)
    ]
    few = take(world, ZHANG, SCORING, *given[:4], TALLY)
    enough = take(world, ZHANG, SCORING, *given, TALLY)
    assert results(few).latest[SUN].status == "incomplete"
    points = {each.component: each.points for each in results(enough).latest[SUN].components}
    assert points["masses"] == "82"


def test_the_mean_of_several_raters_counts_exactly(opened: World) -> None:
    world = take(opened, ZHANG, SCORING, table({SUN: 90}, without=((SUN, "branch"),)))
    given = [
        RecordScore(round=ROUND, person=SUN, component="branch", points=Decimal(points), rater=rater)
        for rater, points in ((LI, 90), (WANG, 90), (ZHAO, 80))
    ]
    world = take(world, ZHANG, SCORING, *given, TALLY)
    result = results(world).latest[SUN]
    points = {each.component: each.points for each in result.components}
    assert points["branch"] == "260/3"
    assert result.total == Decimal("89.47")


def test_the_branch_carries_the_weight_of_a_group_that_does_not_exist(opened: World) -> None:
    lines = table({WU: 80}, without=((WU, "group"),))
    result = results(take(opened, ZHANG, SCORING, lines, TALLY)).latest[WU]
    assert (result.status, result.total) == ("complete", Decimal(80))
    marked = MarkNotApplicable(round=ROUND, person=SUN, component="group", why="编外")
    sun = table({SUN: 80}, without=((SUN, "group"),))
    assert results(take(opened, ZHANG, SCORING, sun, TALLY)).latest[SUN].status == "incomplete"
    assert results(take(opened, ZHANG, SCORING, sun, marked, TALLY)).latest[SUN].total == Decimal(80)


def test_who_is_exempt_has_no_star_and_stays_in_the_base_of_caps(scored: World) -> None:
    exempt = [
        MemberExempted(round=ROUND, person=person, decided_by="党员大会", reason=Sealed("借调"))
        for person in (LI, WANG)
    ]
    world = take(scored.after(*exempt), ZHANG, SCORING, TALLY)
    tallied = results(world).require_tallied()
    assert (tallied.roster_size, tallied.caps[1].cap) == (8, 2)
    assert (results(world).latest[WANG].status, stars(world)[WANG]) == ("not_rated", 0)
    assert (stars(world)[SUN], stars(world)[ZHOU]) == (4, 4)


def test_an_exemption_makes_the_tally_outdated(tallied: World) -> None:
    exempt = MemberExempted(round=ROUND, person=WU, decided_by="党员大会", reason=Sealed("借调"))
    world = tallied.after(exempt)
    world.when(PROPOSE, actor=CHEN, at=PROPOSING).refused("tally-outdated")
    assert take(world, ZHANG, SCORING, TALLY).when(PROPOSE, actor=CHEN, at=PROPOSING).events


@pytest.mark.parametrize(("joined", "star"), [(date(2025, 7, 1), 4), (date(2025, 7, 2), 0)])
def test_who_joined_less_than_six_months_before_the_end_is_evaluated_without_a_star(
    ready: World, joined: date, star: int
) -> None:
    world = ready.after(MemberJoined(person=STRANGER, branch=BRANCH, kind="probationary", on=joined, group=None))
    world = enter(take(world, ZHANG, OPENING, OPEN), TOTALS | {STRANGER: 93})
    result = results(take(world, ZHANG, SCORING, TALLY)).latest[STRANGER]
    assert (result.total, result.star) == (Decimal(93), star)


def test_what_the_rulebook_leaves_undefined_is_refused_with_the_reason(scored: World) -> None:
    this, scores = scored.fold(Round, ROUND), scored.fold(Scores, ROUND)
    assert isinstance(this, Round)
    assert isinstance(scores, Scores)
    this.rules = replace(this.rulebook, caps=tuple(replace(cap, round="pooled") for cap in this.rulebook.caps))
    with pytest.raises(Refused) as refused:
        retally(this, scores, Results(ROUND))
    assert refused.value.code == "not-computable"
    assert "pool_size" in refused.value.why.en


# ties


def test_people_tied_at_a_cap_have_no_star_until_a_body_decides(tied: World) -> None:
    made = results(tied).require_tallied()
    assert made.undecided == (Undecided(star=4, places=1, people=(WU, SUN, ZHOU)),)
    assert {person: star for person, star in stars(tied).items() if star is None} == {SUN: None, ZHOU: None, WU: None}
    assert stars(tied)[WANG] == 4


def test_a_decision_is_recorded_with_those_it_was_made_among_and_the_round_computed(tied: World) -> None:
    decided, made, *computed = tied.when(CHOOSE, actor=CHEN, at=SCORING).events
    assert decided == TieDecided(
        round=ROUND, star=4, winners=(SUN,), among=(WU, SUN, ZHOU), body=BODY, reason=Sealed("实绩突出")
    )
    assert isinstance(made, RoundTallied)
    assert made.undecided == ()
    assert {each.person: each.star for each in computed if isinstance(each, ResultComputed)} == {SUN: 4, ZHOU: 3, WU: 3}


def test_what_is_decided_is_not_decided_again(tied: World) -> None:
    world = take(tied, CHEN, SCORING, CHOOSE)
    world.when(CHOOSE, actor=CHEN, at=SCORING).refused("nothing-undecided", NotFound)
    world.when(replace(CHOOSE, winners=(WU,)), actor=CHEN, at=SCORING).refused("nothing-undecided", NotFound)


@pytest.mark.parametrize("winners", [(), (SUN, ZHOU), (SUN, SUN), (SUN, ZHOU, WU)])
def test_there_are_exactly_as_many_winners_as_places(tied: World, winners: tuple[PersonId, ...]) -> None:
    tied.when(replace(CHOOSE, winners=winners), actor=CHEN, at=SCORING).refused("wrong-number-of-winners")


def test_winners_are_among_the_tied(tied: World) -> None:
    tied.when(replace(CHOOSE, winners=(WANG,)), actor=CHEN, at=SCORING).refused("not-among-the-tied")


def test_where_nobody_is_tied_nothing_is_decided(tied: World, tallied: World) -> None:
    tied.when(replace(CHOOSE, star=5), actor=CHEN, at=SCORING).refused("nothing-undecided", NotFound)
    tallied.when(CHOOSE, actor=CHEN, at=SCORING).refused("nothing-undecided", NotFound)


def test_a_tie_is_decided_on_the_newest_scores(tied: World, scored: World) -> None:
    take(tied, ZHANG, SCORING, FIX).when(CHOOSE, actor=CHEN, at=SCORING).refused("tally-outdated")
    scored.when(CHOOSE, actor=CHEN, at=SCORING).refused("not-tallied")


def test_the_leading_group_and_the_secretaries_enter_a_decision(tied: World) -> None:
    for actor in (CHEN, LI, WANG):
        assert tied.when(CHOOSE, actor=actor, at=SCORING).events
    for actor in (ZHANG, ZHAO, STAFF):
        tied.when(CHOOSE, actor=actor, at=SCORING).refused("wrong-office", NotPermitted)


def test_nobody_decides_a_tie_of_his_own_or_of_somebody_close(tied: World) -> None:
    office = Appointed(
        person=SUN, role=LEADING_GROUP_MEMBER, branch=BRANCH, since=FOUNDED, until=None, decided_by="党员大会"
    )
    for winner in (SUN, WU):
        asked = replace(CHOOSE, winners=(winner,))
        tied.after(office).when(asked, actor=SUN, at=SCORING).refused("own-case", NotPermitted)
    close = tied.after(replace(office, person=STRANGER), RelationDeclared(person=STRANGER, other=WU, relation="spouse"))
    close.when(CHOOSE, actor=STRANGER, at=SCORING).refused("recused", NotPermitted)


def test_a_decision_does_not_outlive_a_changed_score(tied: World) -> None:
    world = take(tied, CHEN, SCORING, CHOOSE)
    apart = take(world, ZHANG, SCORING, replace(FIX, person=WU), TALLY)
    assert (stars(apart)[WU], stars(apart)[SUN]) == (4, 3)


def test_a_decision_does_not_outlive_changed_scores_that_leave_the_same_people_tied(tied: World) -> None:
    world = take(tied, CHEN, SCORING, CHOOSE)
    fixes = [replace(FIX, person=person) for person in (SUN, ZHOU, WU)]
    again = take(world, ZHANG, SCORING, *fixes, TALLY)
    assert results(again).require_tallied().undecided == (Undecided(star=4, places=1, people=(WU, SUN, ZHOU)),)
    assert stars(again)[SUN] is None
    decided = take(again, CHEN, SCORING, replace(CHOOSE, winners=(WU,)))
    assert stars(decided)[WU] == 4


def test_a_decision_holds_while_only_others_scores_change(tied: World) -> None:
    world = take(tied, CHEN, SCORING, CHOOSE)
    again = take(world, ZHANG, SCORING, replace(FIX, person=LI, points=Decimal(86)), TALLY)
    assert results(again).require_tallied().undecided == ()
    assert stars(again)[SUN] == 4


# proposing


def test_a_complete_decided_and_current_tally_can_be_proposed(tallied: World) -> None:
    assert tallied.when(PROPOSE, actor=CHEN, at=PROPOSING).events == (
        ListProposed(round=ROUND, list=1, tally=1, body=BODY),
    )


def test_a_list_proposed_again_changes_nothing(proposed: World, adopted: World) -> None:
    proposed.when(PROPOSE, actor=CHEN, at=PROPOSING).then_nothing()
    adopted.when(PROPOSE, actor=CHEN, at=VOTING).then_nothing()


def test_who_is_incomplete_blocks_the_proposal(opened: World) -> None:
    scored = enter(opened, {person: total for person, total in TOTALS.items() if person != WU})
    world = take(scored, ZHANG, SCORING, table({WU: 77}, without=((WU, "self"),)), TALLY)
    refusal = world.when(PROPOSE, actor=CHEN, at=PROPOSING).refused("incomplete")
    assert WU in refusal.why.zh


def test_an_undecided_tie_blocks_the_proposal(tied: World) -> None:
    refusal = tied.when(PROPOSE, actor=CHEN, at=PROPOSING).refused("decision-needed")
    assert all(person in refusal.why.en for person in (SUN, ZHOU, WU))
    assert take(tied, CHEN, SCORING, CHOOSE).when(PROPOSE, actor=CHEN, at=PROPOSING).events


def test_a_tally_older_than_the_scores_cannot_be_proposed(tallied: World, scored: World) -> None:
    take(tallied, ZHANG, SCORING, FIX).when(PROPOSE, actor=CHEN, at=PROPOSING).refused("tally-outdated")
    scored.when(PROPOSE, actor=CHEN, at=PROPOSING).refused("not-tallied")


def test_the_leading_group_and_the_secretaries_propose(tallied: World) -> None:
    for actor in (CHEN, LI, WANG):
        assert tallied.when(PROPOSE, actor=actor, at=PROPOSING).events
    for actor in (ZHANG, ZHAO, SUN):
        tallied.when(PROPOSE, actor=actor, at=PROPOSING).refused("wrong-office", NotPermitted)


def test_all_columns_of_the_sheet_are_in_the_controls(scored: World) -> None:
    latest = results(take(scored, ZHANG, SCORING, TALLY)).latest[SUN]
    assert tuple(each.component for each in latest.components) == COMPONENTS
