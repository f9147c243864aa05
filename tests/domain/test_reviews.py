"""Review by the superior organisation: who asks, who decides, who keeps out of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.appointments import Appointed, RelationDeclared
from domain.assistance import ImprovementOpened
from domain.decision import Command, Conflict, NotFound, NotPermitted, replace
from domain.honours import MemberRecommended
from domain.ids import PersonId, ReviewId, RoundId
from domain.inquiries import ReplyToObjection, RuleOnObjection
from domain.notices import PostNotice
from domain.reviews import DecideReview, RequestReview, ReviewDecided, ReviewRequested
from domain.roles import DEPUTY_SECRETARY, DISCIPLINE, SECRETARY
from domain.sealed import Sealed
from tests.controls import BRANCH, CHAIR, FOUNDED, INSPECTOR, LI, PLAN, ROUND, STAFF, SUN, WANG, WU, ZHANG, ZHAO, noon
from tests.domain.conftest import World

REVIEW, DAY = ReviewId("review-7"), date(2026, 7, 8)
AT = noon(DAY)
REQUEST = RequestReview(review=REVIEW, round=ROUND, person=WU, ground=Sealed("漏计"))
REQUESTED = ReviewRequested(review=REVIEW, round=ROUND, person=WU, ground=Sealed("漏计"))
DECIDE = DecideReview(review=REVIEW, round=ROUND, upheld=True, opinion=Sealed("应予更正"), on=DAY)
DECIDED = ReviewDecided(review=REVIEW, round=ROUND, person=WU, upheld=True, opinion=Sealed("应予更正"), on=DAY)


def of_committee(person: PersonId, role: str = DISCIPLINE) -> Appointed:
    return Appointed(person=person, role=role, branch=None, since=FOUNDED, until=None, decided_by="党委")


@pytest.fixture
def requested(confirmed: World) -> World:
    """Return the world in which WU has asked for a review."""
    return confirmed.after(REQUESTED, actor=WU)


# asking


@pytest.mark.parametrize("actor", [WU, ZHANG])
def test_the_person_asks_or_a_recorder_on_his_behalf(confirmed: World, actor: PersonId) -> None:
    confirmed.when(REQUEST, actor=actor, at=AT).then(REQUESTED)
    confirmed.after(REQUESTED).when(REQUEST, actor=actor, at=AT).then_nothing()


def test_nobody_asks_for_another(confirmed: World) -> None:
    confirmed.when(REQUEST, actor=SUN, at=AT).refused("wrong-office", NotPermitted)
    confirmed.when(REQUEST, actor=CHAIR, at=AT).refused("wrong-office", NotPermitted)


def test_a_review_keeps_its_id_to_itself(confirmed: World) -> None:
    other = replace(REQUEST, person=SUN)
    confirmed.after(REQUESTED).when(other, actor=SUN, at=AT).refused("id-taken", Conflict)


def test_one_review_of_a_result_at_a_time(confirmed: World) -> None:
    second = replace(REQUEST, review=ReviewId("review-8"))
    confirmed.after(REQUESTED).when(second, actor=WU, at=AT).refused("review-pending", Conflict)
    assert confirmed.after(REQUESTED, DECIDED).when(second, actor=WU, at=AT).events


def test_only_a_result_is_reviewed(before: Callable[[type[Command]], World], confirmed: World) -> None:
    before(PostNotice).when(REQUEST, actor=WU, at=AT).refused("not-confirmed", NotFound)
    confirmed.when(replace(REQUEST, person=STAFF), actor=STAFF, at=AT).refused("not-confirmed", NotFound)
    unknown = replace(REQUEST, round=RoundId("no-round"))
    confirmed.when(unknown, actor=WU, at=AT).refused("unknown-round", NotFound)


def test_a_ruling_is_reviewed_before_the_star_is_confirmed(before: Callable[[type[Command]], World]) -> None:
    before(RuleOnObjection).when(REQUEST, actor=WU, at=AT).refused("not-confirmed", NotFound)
    ruled = before(ReplyToObjection)
    assert ruled.when(REQUEST, actor=WU, at=AT).events


# deciding


@pytest.mark.parametrize("upheld", [True, False])
def test_the_committee_decides(requested: World, upheld: bool) -> None:  # noqa: FBT001
    decided = replace(DECIDED, upheld=upheld)
    requested.when(replace(DECIDE, upheld=upheld), actor=INSPECTOR, at=AT).then(decided)
    after = requested.after(decided, actor=INSPECTOR)
    after.when(replace(DECIDE, upheld=upheld), actor=INSPECTOR, at=AT).then_nothing()


def test_a_review_is_decided_once(requested: World) -> None:
    world = requested.after(DECIDED, actor=INSPECTOR)
    world.when(replace(DECIDE, upheld=False), actor=INSPECTOR, at=AT).refused("already-decided", Conflict)


@pytest.mark.parametrize("role", [DISCIPLINE, SECRETARY, DEPUTY_SECRETARY])
def test_an_office_of_the_committee_is_needed(requested: World, role: str) -> None:
    newcomer = PersonId("newcomer")
    requested.when(DECIDE, actor=newcomer, at=AT).refused("wrong-office", NotPermitted)
    requested.after(
        Appointed(person=newcomer, role=role, branch=BRANCH, since=FOUNDED, until=None, decided_by="支部")
    ).when(DECIDE, actor=newcomer, at=AT).refused("wrong-office", NotPermitted)
    assert requested.after(of_committee(newcomer, role)).when(DECIDE, actor=newcomer, at=AT).events


def test_nobody_decides_on_his_own_review_or_on_that_of_somebody_close(requested: World) -> None:
    requested.after(of_committee(WU)).when(DECIDE, actor=WU, at=AT).refused("own-case", NotPermitted)
    close = RelationDeclared(person=INSPECTOR, other=WU, relation="close_relative")
    requested.after(close).when(DECIDE, actor=INSPECTOR, at=AT).refused("recused", NotPermitted)


@pytest.mark.parametrize("actor", [LI, ZHANG, ZHAO])
def test_whoever_recorded_anything_in_the_round_keeps_out_of_its_review(requested: World, actor: PersonId) -> None:
    requested.after(of_committee(actor)).when(DECIDE, actor=actor, at=AT).refused("recused", NotPermitted)


def test_whoever_took_no_part_may_decide_also_of_the_same_branch(requested: World) -> None:
    assert requested.after(of_committee(WANG)).when(DECIDE, actor=WANG, at=AT).events


def test_having_decided_another_review_of_the_round_is_no_part_in_it(requested: World) -> None:
    other = replace(DECIDED, review=ReviewId("review-8"), person=SUN)
    assert requested.after(other, actor=INSPECTOR).when(DECIDE, actor=INSPECTOR, at=AT).events


def test_a_part_in_another_round_is_no_part_in_this_one(requested: World) -> None:
    elsewhere = MemberRecommended(
        round=RoundId("other"), person=SUN, honour="优秀", to_body="市委", star=4, clause="A-36"
    )
    assert requested.after(elsewhere, actor=INSPECTOR).when(DECIDE, actor=INSPECTOR, at=AT).events


def test_a_helper_keeps_out_of_the_review_of_whom_he_helps(requested: World) -> None:
    helps = ImprovementOpened(
        improvement=PLAN,
        round=RoundId("other"),
        person=WU,
        branch=BRANCH,
        helper=INSPECTOR,
        lost_points=Sealed("返工"),
        goal=Sealed("三星级"),
        measures=Sealed("结对"),
        review_on=date(2026, 12, 31),
        clause="A-37",
    )
    requested.after(helps, actor=LI).when(DECIDE, actor=INSPECTOR, at=AT).refused("recused", NotPermitted)


def test_a_review_is_decided_in_its_own_round_and_not_in_advance(requested: World, confirmed: World) -> None:
    confirmed.when(DECIDE, actor=INSPECTOR, at=AT).refused("unknown-review", NotFound)
    elsewhere = replace(DECIDE, round=RoundId("other"))
    requested.when(elsewhere, actor=INSPECTOR, at=AT).refused("unknown-review", NotFound)
    tomorrow = replace(DECIDE, on=DAY + timedelta(days=1))
    requested.when(tomorrow, actor=INSPECTOR, at=AT).refused("in-the-future")
