"""Telling people their confirmed results."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.confirmation import StarConfirmed
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.feedback import DeliverFeedback, FeedbackDelivered
from domain.ids import PersonId, RoundId
from domain.sealed import Sealed
from tests.controls import LI, NOTICE, ROUND, SUN, WANG, WU, ZHANG, ZHAO, noon
from tests.domain.conftest import World

DAY = date(2026, 2, 3)
TELL = DeliverFeedback(round=ROUND, person=WU, on=DAY, signed=True, statement=Sealed("无异议"))
TOLD = FeedbackDelivered(
    round=ROUND,
    person=WU,
    star=2,
    total=Decimal("77.70"),
    on=DAY,
    signed=True,
    witness=None,
    statement=Sealed("无异议"),
)
UNSIGNED = replace(TELL, signed=False, statement=None)
CONFIRMED_ANEW = StarConfirmed(
    round=ROUND,
    person=WU,
    star=3,
    label="三星级",
    total=Decimal("80.00"),
    notice=NOTICE,
    tally=4,
    body="考核工作领导小组",
    supersedes=1,
)


def test_a_person_is_told_his_confirmed_star_and_total(confirmed: World) -> None:
    confirmed.when(TELL, actor=LI, at=noon(DAY)).then(TOLD)
    confirmed.after(TOLD).when(TELL, actor=LI, at=noon(DAY)).then_nothing()


def test_the_same_result_is_not_told_twice(confirmed: World) -> None:
    again = replace(TELL, signed=False, witness=WANG)
    confirmed.after(TOLD).when(again, actor=LI, at=noon(DAY)).refused("already-delivered", Conflict)


def test_a_result_confirmed_anew_is_told_anew(confirmed: World) -> None:
    answer = confirmed.after(TOLD, CONFIRMED_ANEW).when(TELL, actor=LI, at=noon(DAY))
    answer.then(replace(TOLD, star=3, total=Decimal("80.00")))


def test_where_the_person_does_not_sign_a_witness_does(confirmed: World) -> None:
    answer = confirmed.when(replace(UNSIGNED, witness=WANG), actor=LI, at=noon(DAY))
    answer.then(replace(TOLD, signed=False, witness=WANG, statement=None))


@pytest.mark.parametrize("witness", [None, WU, LI])
def test_the_witness_is_neither_of_the_two(confirmed: World, witness: PersonId | None) -> None:
    confirmed.when(replace(UNSIGNED, witness=witness), actor=LI, at=noon(DAY)).refused("witness-needed")


def test_the_witness_is_somebody_known(confirmed: World) -> None:
    unknown = replace(UNSIGNED, witness=PersonId("nobody"))
    confirmed.when(unknown, actor=LI, at=noon(DAY)).refused("unknown-person", NotFound)


def test_nobody_is_told_what_is_not_confirmed(confirmed: World) -> None:
    confirmed.when(replace(TELL, person=PersonId("staff")), actor=LI, at=noon(DAY)).refused("not-confirmed", NotFound)
    unknown = replace(TELL, round=RoundId("no-round"))
    confirmed.when(unknown, actor=LI, at=noon(DAY)).refused("unknown-round", NotFound)


def test_nobody_delivers_his_own_feedback(confirmed: World) -> None:
    confirmed.when(replace(TELL, person=ZHANG), actor=ZHANG, at=noon(DAY)).refused("own-case", NotPermitted)


def test_feedback_is_delivered_by_the_branch_on_a_day_that_has_come(confirmed: World) -> None:
    confirmed.when(TELL, actor=ZHAO, at=noon(DAY)).refused("wrong-office", NotPermitted)
    confirmed.when(TELL, actor=SUN, at=noon(DAY)).refused("wrong-office", NotPermitted)
    tomorrow = replace(TELL, on=DAY + timedelta(days=1))
    confirmed.when(tomorrow, actor=LI, at=noon(DAY)).refused("in-the-future")
