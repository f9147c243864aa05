"""Objecting while the line hangs: who, about whom, from which instant to which, and taking it back (A-10, AMB-B16)."""

from datetime import datetime

import pytest

from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import ObjectionId
from domain.inquiries import RejectObjection
from domain.objections import (
    FileObjection,
    ObjectionFiled,
    ObjectionFiledLate,
    Objections,
    ObjectionWithdrawn,
    WithdrawObjection,
)
from domain.sealed import Sealed
from tests.controls import (
    CHAIR,
    CHEN,
    LI,
    MOVER,
    PAPER,
    QIAN,
    ROUND,
    STAFF,
    STRANGER,
    SUN,
    WANG,
    WU,
    ZHANG,
    ZHAO,
    ZHOU,
)
from tests.domain.conftest import World
from tests.domain.procedure.conftest import DOWN, INSTANT, OBJECT, OBJECTION, POSTING, UP, WINDOW_ENDS, notice, on, take

WITHDRAW = WithdrawObjection(round=ROUND, objection=OBJECTION)
THROUGH_OFFICER = replace(OBJECT, objector=None, confidential_name=Sealed("职工甲"), evidence=PAPER)


def filed(asked: FileObjection) -> ObjectionFiled:
    return ObjectionFiled(
        round=ROUND,
        objection=asked.objection,
        about=asked.about,
        statement=asked.statement,
        objector=asked.objector,
        confidential_name=asked.confidential_name,
        evidence=asked.evidence,
        accept_by=on(1, 14, 24),
        rule_by=on(1, 23, 24),
    )


def late(asked: FileObjection) -> ObjectionFiledLate:
    return ObjectionFiledLate(
        round=ROUND,
        objection=asked.objection,
        about=asked.about,
        statement=asked.statement,
        objector=asked.objector,
        confidential_name=asked.confidential_name,
    )


def test_an_objection_in_time_says_until_when_it_is_answered(posted: World) -> None:
    posted.when(OBJECT, actor=STAFF, at=on(1, 9)).then(filed(OBJECT))


@pytest.mark.parametrize("objector", [SUN, WU, STAFF, QIAN, ZHOU])
def test_members_and_staff_of_any_branch_object_in_their_own_name_even_about_themselves(
    posted: World, objector: str
) -> None:
    asked = replace(OBJECT, objector=objector)
    posted.when(asked, actor=asked.objector or ZHAO, at=on(1, 9)).then(filed(asked))


@pytest.mark.parametrize("outsider", [STRANGER, CHAIR, MOVER])
def test_who_is_neither_member_nor_staff_does_not_object_in_his_own_name(posted: World, outsider: str) -> None:
    asked = replace(OBJECT, objector=outsider)
    for actor in (asked.objector, ZHAO):
        assert actor is not None
        posted.when(asked, actor=actor, at=on(1, 9)).refused("not-of-the-organisation", NotPermitted)


def test_an_officer_receives_an_objection_whose_objector_stays_confidential(posted: World) -> None:
    for officer in (ZHAO, LI, WANG):
        posted.when(THROUGH_OFFICER, actor=officer, at=on(1, 9)).then(filed(THROUGH_OFFICER))
    for actor in (STAFF, SUN, ZHANG, CHEN):
        posted.when(THROUGH_OFFICER, actor=actor, at=on(1, 9)).refused("wrong-office", NotPermitted)


def test_nobody_objects_in_somebody_else_s_name(posted: World) -> None:
    posted.when(OBJECT, actor=SUN, at=on(1, 9)).refused("wrong-office", NotPermitted)
    posted.when(OBJECT, actor=ZHAO, at=on(1, 9)).then(filed(OBJECT))


def test_an_objection_is_about_somebody_on_the_roster(posted: World) -> None:
    posted.when(replace(OBJECT, about=STAFF), actor=STAFF, at=on(1, 9)).refused("not-on-the-roster", NotFound)


def test_the_id_of_an_objection_stands_for_one_objection(objected: World) -> None:
    objected.when(OBJECT, actor=STAFF, at=on(1, 9)).refused("id-taken", Conflict)
    noted = objected.after(late(replace(OBJECT, objection=ObjectionId("other"))))
    asked = replace(OBJECT, objection=ObjectionId("other"))
    noted.when(asked, actor=STAFF, at=on(1, 9)).refused("id-taken", Conflict)


@pytest.mark.parametrize("at", [POSTING, WINDOW_ENDS - INSTANT])
def test_the_window_is_open_from_the_posting_to_the_last_instant_of_its_last_day(posted: World, at: datetime) -> None:
    assert posted.when(OBJECT, actor=STAFF, at=at).refusal is None


@pytest.mark.parametrize("at", [WINDOW_ENDS, WINDOW_ENDS + INSTANT, on(3, 2)])
def test_an_objection_at_midnight_or_later_is_refused_and_the_refusal_is_a_fact(posted: World, at: datetime) -> None:
    refusal = posted.when(OBJECT, actor=STAFF, at=at).refused("window-over")
    assert refusal.record == late(OBJECT)


def test_before_the_notice_hangs_nobody_objects(adopted: World) -> None:
    assert adopted.when(OBJECT, actor=STAFF, at=POSTING).refused("window-over").record == late(OBJECT)


def test_while_the_notice_is_down_objections_are_received_and_afterwards_in_the_longer_window(posted: World) -> None:
    down = take(posted, ZHANG, on(1, 10), DOWN)
    assert down.when(OBJECT, actor=STAFF, at=on(1, 20)).events
    up = take(down, ZHANG, on(1, 12), UP)
    assert up.when(OBJECT, actor=STAFF, at=on(1, 19, 24) - INSTANT).events
    up.when(OBJECT, actor=STAFF, at=on(1, 19, 24)).refused("window-over")


def test_a_notice_taken_down_after_its_window_opens_it_to_nobody(posted: World) -> None:
    down = take(posted, ZHANG, on(1, 16), DOWN)
    down.when(OBJECT, actor=STAFF, at=on(1, 17)).refused("window-over")


def test_a_line_that_hangs_anew_has_a_window_of_its_own(ruled: World) -> None:
    world = take(ruled, ZHANG, on(1, 13), notice(2))
    about_sun = replace(OBJECT, objection=ObjectionId("second"), about=SUN)
    assert world.when(about_sun, actor=STAFF, at=on(1, 20, 24) - INSTANT).events
    world.when(about_sun, actor=STAFF, at=on(1, 20, 24)).refused("window-over")
    about_wu = replace(about_sun, about=WU)
    world.when(about_wu, actor=STAFF, at=WINDOW_ENDS).refused("window-over")


def test_the_words_and_the_name_of_an_objector_are_sealed(objected: World, posted: World) -> None:
    world = take(posted, ZHAO, on(1, 9), THROUGH_OFFICER)
    for each in (objected, world):
        found = each.fold(Objections, ROUND)
        assert isinstance(found, Objections)
        case = found.cases[OBJECTION].filed
        assert case.statement.text is None
        assert case.confidential_name is None or case.confidential_name.text is None


# withdrawal


def test_the_objector_takes_back_what_is_open(objected: World, accepted: World) -> None:
    withdrawn = ObjectionWithdrawn(round=ROUND, objection=OBJECTION, about=ZHOU)
    objected.when(WITHDRAW, actor=STAFF, at=on(1, 10)).then(withdrawn)
    accepted.when(WITHDRAW, actor=STAFF, at=on(1, 10)).then(withdrawn)
    objected.after(withdrawn).when(WITHDRAW, actor=STAFF, at=on(1, 10)).then_nothing()


def test_nobody_else_withdraws_an_objection(objected: World, posted: World) -> None:
    for actor in (ZHAO, LI, ZHOU):
        objected.when(WITHDRAW, actor=actor, at=on(1, 10)).refused("not-the-objector", NotPermitted)
    confidential = take(posted, ZHAO, on(1, 9), THROUGH_OFFICER)
    for actor in (ZHAO, STAFF):
        confidential.when(WITHDRAW, actor=actor, at=on(1, 10)).refused("not-the-objector", NotPermitted)


def test_what_is_closed_is_not_withdrawn(objected: World) -> None:
    rejected = take(
        objected, ZHAO, on(1, 9), RejectObjection(round=ROUND, objection=OBJECTION, reason=Sealed("没有事实"))
    )
    rejected.when(WITHDRAW, actor=STAFF, at=on(1, 10)).refused("wrong-stage")


def test_an_unknown_objection_is_not_withdrawn(posted: World) -> None:
    posted.when(WITHDRAW, actor=STAFF, at=on(1, 10)).refused("unknown-objection", NotFound)


IN_CONFIDENCE = replace(OBJECT, objector=None, confidential_name=Sealed("职工乙"), confidential=True)


def test_anybody_of_the_organisation_may_object_in_confidence(posted: World) -> None:
    assert IN_CONFIDENCE.in_confidence
    posted.when(IN_CONFIDENCE, actor=STAFF, at=on(1, 9)).then(filed(IN_CONFIDENCE))


def test_an_objection_in_confidence_does_not_name_its_objector(posted: World) -> None:
    named = replace(IN_CONFIDENCE, objector=STAFF)
    posted.when(named, actor=STAFF, at=on(1, 9)).refused("named-in-confidence")


def test_a_stranger_does_not_object_in_confidence(posted: World) -> None:
    posted.when(IN_CONFIDENCE, actor=STRANGER, at=on(1, 9)).refused("not-of-the-organisation", NotPermitted)
