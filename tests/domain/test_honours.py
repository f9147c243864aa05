"""Recommendations and awards: whose star allows them, by the rulebook's own clause."""

import dataclasses
from datetime import date, timedelta

import pytest

from domain.appointments import RelationDeclared
from domain.confirmation import Confirmations, CorrectionOpened
from domain.consequences import RECOMMENDATION, require_consequence
from domain.decision import Conflict, NotFound, NotPermitted, Refused, replace
from domain.honours import AwardGranted, GrantAward, MemberRecommended, RecommendMember
from domain.ids import CorrectionId, PersonId
from domain.rulebook import parse_rulebook
from domain.tally import ResultComputed, Results
from tests.controls import (
    ANNUAL_360,
    CHEN,
    INSPECTOR,
    LI,
    REGISTRAR,
    ROUND,
    STAFF,
    SUN,
    WANG,
    WU,
    ZHANG,
    ZHOU,
    noon,
)
from tests.domain.conftest import World

DAY = date(2026, 2, 3)
AT = noon(DAY)
RECOMMEND = RecommendMember(round=ROUND, person=SUN, honour="优秀共产党员", to_body="市委")
RECOMMENDED = MemberRecommended(round=ROUND, person=SUN, honour="优秀共产党员", to_body="市委", star=4, clause="A-36")
GRANT = GrantAward(round=ROUND, person=SUN, honour="优秀共产党员", awarded_by="市委", on=DAY)
GRANTED = AwardGranted(round=ROUND, person=SUN, honour="优秀共产党员", awarded_by="市委", on=DAY)
QUESTIONED = CorrectionOpened(
    round=ROUND,
    correction=CorrectionId("c-1"),
    person=SUN,
    cause=None,
    objection=None,
    review=None,
    decided=False,
)


def result_of(world: World, person: PersonId) -> ResultComputed:
    folded = world.fold(Results, ROUND)
    assert isinstance(folded, Results)
    return folded.latest[person]


# recommending


def test_a_member_of_four_stars_is_recommended_under_the_rulebooks_clause(confirmed: World) -> None:
    confirmed.when(RECOMMEND, actor=LI, at=AT).then(RECOMMENDED)
    confirmed.after(RECOMMENDED).when(RECOMMEND, actor=LI, at=AT).then_nothing()


def test_a_member_may_be_recommended_for_another_honour_and_to_another_body(confirmed: World) -> None:
    for other in (replace(RECOMMEND, honour="先锋"), replace(RECOMMEND, to_body="省委")):
        assert confirmed.after(RECOMMENDED).when(other, actor=LI, at=AT).events


@pytest.mark.parametrize("person", [WU, ZHOU, CHEN, ZHANG])
def test_a_star_that_is_too_low_is_refused_with_the_clause(confirmed: World, person: PersonId) -> None:
    asked = replace(RECOMMEND, person=person)
    refusal = confirmed.when(asked, actor=LI, at=AT).refused("star-without-this-consequence")
    assert "A-36" in refusal.why.zh
    assert "A-36" in refusal.why.en
    assert "四星以上党员" in refusal.why.zh


def test_whose_star_is_not_confirmed_is_not_recommended(confirmed: World, branch: World) -> None:
    confirmed.when(replace(RECOMMEND, person=STAFF), actor=LI, at=AT).refused("not-confirmed", NotFound)
    branch.when(RECOMMEND, actor=LI, at=AT).refused("unknown-round", NotFound)


def test_whose_star_is_in_question_waits(confirmed: World) -> None:
    confirmed.after(QUESTIONED).when(RECOMMEND, actor=LI, at=AT).refused("star-in-question")


def test_whose_result_has_changed_since_the_confirmation_waits(confirmed: World) -> None:
    changed = dataclasses.replace(result_of(confirmed, SUN), star=3)
    confirmed.after(changed).when(RECOMMEND, actor=LI, at=AT).refused("star-in-question")


def test_nobody_recommends_himself_or_somebody_close(confirmed: World) -> None:
    confirmed.when(replace(RECOMMEND, person=WANG), actor=WANG, at=AT).refused("own-case", NotPermitted)
    close = confirmed.after(RelationDeclared(person=LI, other=SUN, relation="spouse"))
    close.when(RECOMMEND, actor=LI, at=AT).refused("recused", NotPermitted)


def test_a_recommendation_is_the_secretaries_business(confirmed: World) -> None:
    confirmed.when(RECOMMEND, actor=ZHANG, at=AT).refused("wrong-office", NotPermitted)


# awarding


def test_an_award_follows_a_recommendation_once(confirmed: World) -> None:
    world = confirmed.after(RECOMMENDED)
    world.when(GRANT, actor=LI, at=AT).then(GRANTED)
    assert world.when(GRANT, actor=REGISTRAR, at=AT).events
    world.after(GRANTED).when(GRANT, actor=LI, at=AT).then_nothing()


def test_another_body_does_not_grant_the_same_honour_again(confirmed: World) -> None:
    world = confirmed.after(RECOMMENDED, GRANTED)
    world.when(replace(GRANT, awarded_by="省委"), actor=LI, at=AT).refused("already-granted", Conflict)


def test_no_award_without_a_recommendation_for_that_honour(confirmed: World) -> None:
    confirmed.when(GRANT, actor=LI, at=AT).refused("not-recommended")
    other = replace(GRANT, honour="劳动模范")
    confirmed.after(RECOMMENDED).when(other, actor=LI, at=AT).refused("not-recommended")


def test_no_award_while_the_star_it_rests_on_is_in_question(confirmed: World) -> None:
    confirmed.after(RECOMMENDED, QUESTIONED).when(GRANT, actor=LI, at=AT).refused("star-in-question")


def test_no_award_on_a_star_that_was_lowered(confirmed: World) -> None:
    lowered = RECOMMENDED, dataclasses.replace(RECOMMENDED, person=ZHOU)
    asked = replace(GRANT, person=ZHOU)
    confirmed.after(*lowered).when(asked, actor=LI, at=AT).refused("star-without-this-consequence")


def test_an_award_is_entered_by_an_uninvolved_keeper_of_the_register(confirmed: World) -> None:
    world = confirmed.after(RECOMMENDED)
    world.when(GRANT, actor=INSPECTOR, at=AT).refused("wrong-office", NotPermitted)
    world.when(replace(GRANT, person=LI), actor=LI, at=AT).refused("own-case", NotPermitted)
    tomorrow = replace(GRANT, on=DAY + timedelta(days=1))
    world.when(tomorrow, actor=LI, at=AT).refused("in-the-future")


# the rulebook decides


def recommends(document: bytes, star: int) -> bool:
    """Return whether a rulebook lets people with so many stars be recommended."""
    drawn = parse_rulebook(document).consequences
    return any(each.code == RECOMMENDATION and each.meets(star) for each in drawn)


@pytest.mark.parametrize(("star", "qualifies"), [(5, True), (4, True), (3, False), (1, False), (0, False)])
def test_the_rulebook_says_which_stars_may_be_recommended(star: int, qualifies: bool) -> None:  # noqa: FBT001
    assert recommends(ANNUAL_360, star) is qualifies


def test_another_floor_in_the_rulebook_is_another_rule_without_new_code() -> None:
    lower = ANNUAL_360.replace(b"star_at_least = 4", b"star_at_least = 3")
    assert lower != ANNUAL_360
    assert recommends(lower, 3)


def test_a_rulebook_that_provides_no_recommendation_says_so(confirmed: World) -> None:
    without = parse_rulebook(ANNUAL_360.replace(b'code = "recommendation"', b'code = "praise"'))
    confirmations = confirmed.fold(Confirmations, ROUND)
    assert isinstance(confirmations, Confirmations)
    with pytest.raises(Refused, match="This rulebook provides no 'recommendation'"):
        require_consequence(without, RECOMMENDATION, confirmations.stars[SUN], ())
