"""Talks with those who fell short of a star, and what they then had to put right."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.appointments import Appointed, RelationDeclared, Relieved
from domain.confirmation import CorrectionOpened
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import CorrectionId, PersonId, RoundId, TalkId
from domain.roles import COMMITTEE_MEMBER, SECRETARY
from domain.rounds import MemberExempted
from domain.sealed import Sealed
from domain.talks import (
    CheckRectification,
    HoldTalk,
    RectificationChecked,
    RectificationOrdered,
    Talk,
    TalkHeld,
)
from tests.control_duties import TRIAL_ROUND
from tests.controls import CHAIR, FOUNDED, LI, OTHER_BRANCH, QIAN, ROUND, STRANGER, SUN, WANG, ZHANG, ZHOU, noon
from tests.domain.conftest import World

TALK, TALKED, DUE, DAY = TalkId("talk-7"), date(2026, 7, 29), date(2026, 10, 31), timedelta(days=1)
AT, LATER = noon(TALKED), noon(DUE)
HOLD = HoldTalk(
    talk=TALK,
    round=TRIAL_ROUND,
    person=QIAN,
    kind="admonition",
    on=TALKED,
    by=LI,
    recorder=ZHANG,
    ground=Sealed("未能评星"),
    content=Sealed("指出差距"),
    response=Sealed("接受"),
    signed=True,
    copied_to="厂党委",
    rectify_by=DUE,
)
HELD = TalkHeld(
    talk=TALK,
    round=TRIAL_ROUND,
    person=QIAN,
    branch=OTHER_BRANCH,
    kind="admonition",
    on=TALKED,
    by=LI,
    recorder=ZHANG,
    ground=Sealed("未能评星"),
    content=Sealed("指出差距"),
    response=Sealed("接受"),
    signed=True,
    witness=None,
    copied_to="厂党委",
    clause="A-37",
)
ORDERED = RectificationOrdered(talk=TALK, round=TRIAL_ROUND, person=QIAN, due=DUE)
CHECK = CheckRectification(talk=TALK, on=DUE, outcome="partly", remark=Sealed("补学一半"))
CHECKED = RectificationChecked(
    talk=TALK, round=TRIAL_ROUND, person=QIAN, on=DUE, outcome="partly", remark=Sealed("补学一半")
)


@pytest.fixture
def fallen_short(before: Any) -> World:  # noqa: ANN401 - the fixture of the harness
    """Return the world in which Qian is confirmed without a star and nobody has talked with him yet."""
    world = before(HoldTalk)
    assert isinstance(world, World)
    return world


def close_to(person: PersonId) -> RelationDeclared:
    return RelationDeclared(person=QIAN, other=person, relation="spouse")


def secretary(person: PersonId) -> Appointed:
    return Appointed(person=person, role=SECRETARY, branch=OTHER_BRANCH, since=FOUNDED, until=None, decided_by="党委")


NO_SECRETARY = Relieved(person=LI, role=SECRETARY, branch=OTHER_BRANCH, on=date(2026, 7, 20), decided_by="党委")


# talking


def test_the_secretary_talks_with_who_fell_short_and_orders_him_to_rectify_by_a_day(fallen_short: World) -> None:
    fallen_short.when(HOLD, actor=LI, at=AT).then(HELD, ORDERED)
    done = fallen_short.after(HELD, ORDERED)
    done.when(HOLD, actor=LI, at=AT).then_nothing()
    folded = done.fold(Talk, TALK)
    assert isinstance(folded, Talk)
    assert folded.due == DUE


def test_the_recorder_may_enter_the_talk_and_nobody_without_office(fallen_short: World) -> None:
    fallen_short.when(HOLD, actor=ZHANG, at=AT).then(HELD, ORDERED)
    fallen_short.when(HOLD, actor=ZHOU, at=AT).refused("wrong-office", NotPermitted)


def test_nobody_enters_a_talk_with_himself_or_with_somebody_close(fallen_short: World) -> None:
    fallen_short.when(HOLD, actor=QIAN, at=AT).refused("own-case", NotPermitted)
    fallen_short.after(close_to(ZHANG)).when(HOLD, actor=ZHANG, at=AT).refused("recused", NotPermitted)


def test_nobody_talks_to_himself_or_to_somebody_close(fallen_short: World) -> None:
    fallen_short.when(replace(HOLD, by=QIAN), actor=ZHANG, at=AT).refused("own-case", NotPermitted)
    fallen_short.after(close_to(LI)).when(HOLD, actor=ZHANG, at=AT).refused("recused", NotPermitted)


def test_while_there_is_a_secretary_who_is_not_concerned_nobody_else_talks(fallen_short: World) -> None:
    for other in (ZHANG, CHAIR, STRANGER):
        fallen_short.when(replace(HOLD, by=other, recorder=WANG), actor=ZHANG, at=AT).refused(
            "wrong-talker", NotPermitted
        )
    second = fallen_short.after(secretary(QIAN))
    second.when(HOLD, actor=LI, at=AT).then(HELD, ORDERED)
    second.when(replace(HOLD, by=CHAIR), actor=CHAIR, at=AT).refused("wrong-talker", NotPermitted)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param((NO_SECRETARY, secretary(QIAN)), id="he-is-the-secretary"),
        pytest.param((close_to(LI),), id="he-is-close-to-the-secretary"),
        pytest.param((NO_SECRETARY,), id="there-is-no-secretary"),
    ],
)
def test_for_want_of_such_a_secretary_somebody_of_the_superior_committee_talks(
    fallen_short: World, change: tuple[Any, ...]
) -> None:
    world = fallen_short.after(*change)
    by_chair = replace(HELD, by=CHAIR)
    world.when(replace(HOLD, by=CHAIR), actor=CHAIR, at=AT).then(by_chair, ORDERED)
    world.when(replace(HOLD, by=CHAIR), actor=ZHANG, at=AT).then(by_chair, ORDERED)
    world.when(replace(HOLD, by=ZHANG, recorder=WANG), actor=ZHANG, at=AT).refused("wrong-talker", NotPermitted)
    seat = Appointed(person=WANG, role=COMMITTEE_MEMBER, branch=None, since=FOUNDED, until=None, decided_by="党委")
    world.after(seat).when(replace(HOLD, by=WANG), actor=ZHANG, at=AT).then(replace(HELD, by=WANG), ORDERED)


def test_a_talk_follows_only_where_the_rulebook_calls_for_one(fallen_short: World) -> None:
    of_the_year = replace(HOLD, round=ROUND, person=ZHOU)
    fallen_short.when(of_the_year, actor=LI, at=AT).refused("star-without-this-consequence")


def test_who_was_exempt_did_not_fall_short(fallen_short: World) -> None:
    exempt = MemberExempted(round=TRIAL_ROUND, person=QIAN, decided_by="党员大会", reason=Sealed("借调"))
    fallen_short.after(exempt).when(HOLD, actor=LI, at=AT).refused("star-without-this-consequence")


def test_a_talk_follows_a_confirmed_result_that_nobody_questions(fallen_short: World) -> None:
    fallen_short.when(replace(HOLD, person=SUN), actor=LI, at=AT).refused("not-confirmed", NotFound)
    questioned = CorrectionOpened(
        round=TRIAL_ROUND,
        correction=CorrectionId("c-9"),
        person=QIAN,
        cause=Sealed("漏计"),
        objection=None,
        review=None,
        decided=False,
    )
    fallen_short.after(questioned).when(HOLD, actor=LI, at=AT).refused("star-in-question")
    fallen_short.when(replace(HOLD, round=RoundId("nowhere")), actor=LI, at=AT).refused("unknown-round", NotFound)


def test_a_talk_is_entered_when_it_has_been_held(fallen_short: World) -> None:
    fallen_short.when(replace(HOLD, on=TALKED + DAY), actor=LI, at=AT).refused("in-the-future")


def test_the_recorder_of_a_talk_is_somebody_third(fallen_short: World) -> None:
    for recorder in (QIAN, LI):
        fallen_short.when(replace(HOLD, recorder=recorder), actor=LI, at=AT).refused("recorder-takes-part")
    fallen_short.when(replace(HOLD, recorder=PersonId("nobody")), actor=LI, at=AT).refused("unknown-person", NotFound)


def test_the_day_by_which_to_rectify_is_after_the_talk(fallen_short: World) -> None:
    fallen_short.when(replace(HOLD, rectify_by=TALKED), actor=LI, at=AT).refused("rectification-day-past")
    next_day = TALKED + DAY
    fallen_short.when(replace(HOLD, rectify_by=next_day), actor=LI, at=AT).then(HELD, replace(ORDERED, due=next_day))


def test_a_talk_keeps_its_id_to_itself(fallen_short: World) -> None:
    done = fallen_short.after(HELD, ORDERED)
    for other in (replace(HOLD, kind="reminder"), replace(HOLD, rectify_by=DUE + DAY), replace(HOLD, signed=False)):
        done.when(other, actor=LI, at=AT).refused("id-taken", Conflict)


# the two kinds


def test_a_reminder_needs_no_statement_no_copy_and_no_signature(fallen_short: World) -> None:
    plain = replace(HOLD, kind="reminder", response=None, copied_to=None, signed=False)
    held = replace(HELD, kind="reminder", response=None, copied_to=None, signed=False)
    fallen_short.when(plain, actor=LI, at=AT).then(held, ORDERED)


def test_an_admonition_has_his_statement_and_goes_upward(fallen_short: World) -> None:
    fallen_short.when(replace(HOLD, response=None), actor=LI, at=AT).refused("statement-needed")
    for missing in (None, ""):
        fallen_short.when(replace(HOLD, copied_to=missing), actor=LI, at=AT).refused("copy-needed")


def test_who_does_not_sign_an_admonition_has_a_witness_to_that(fallen_short: World) -> None:
    for witness in (None, QIAN, LI):
        asked = replace(HOLD, signed=False, witness=witness)
        fallen_short.when(asked, actor=LI, at=AT).refused("witness-needed")
    unknown = replace(HOLD, signed=False, witness=PersonId("nobody"))
    fallen_short.when(unknown, actor=LI, at=AT).refused("unknown-person", NotFound)
    witnessed = replace(HOLD, signed=False, witness=WANG)
    fallen_short.when(witnessed, actor=LI, at=AT).then(replace(HELD, signed=False, witness=WANG), ORDERED)


# rectifying


def test_how_far_he_has_rectified_is_entered(fallen_short: World) -> None:
    held = fallen_short.after(HELD, ORDERED)
    held.when(CHECK, actor=LI, at=LATER).then(CHECKED)
    held.when(CHECK, actor=ZHANG, at=LATER).then(CHECKED)
    held.after(CHECKED).when(CHECK, actor=LI, at=LATER).then_nothing()


def test_who_talked_with_him_may_check_whatever_his_office(fallen_short: World) -> None:
    held = fallen_short.after(replace(HELD, by=CHAIR), ORDERED)
    held.when(CHECK, actor=CHAIR, at=LATER).then(CHECKED)


def test_nobody_checks_himself_nor_somebody_close_nor_without_office(fallen_short: World) -> None:
    held = fallen_short.after(HELD, ORDERED)
    held.when(CHECK, actor=QIAN, at=LATER).refused("own-case", NotPermitted)
    held.after(close_to(ZHANG)).when(CHECK, actor=ZHANG, at=LATER).refused("recused", NotPermitted)
    held.when(CHECK, actor=ZHOU, at=LATER).refused("wrong-office", NotPermitted)


def test_what_is_not_rectified_may_be_found_so_later_and_stays_so_then(fallen_short: World) -> None:
    checked, after = fallen_short.after(HELD, ORDERED, CHECKED), DUE + DAY
    done = replace(CHECK, outcome="rectified", on=after)
    checked.when(done, actor=LI, at=noon(after)).then(replace(CHECKED, outcome="rectified", on=after))
    earlier = replace(CHECK, outcome="rectified", on=DUE - DAY)
    checked.when(earlier, actor=LI, at=LATER).refused("already-checked", Conflict)
    settled = fallen_short.after(HELD, ORDERED, replace(CHECKED, outcome="rectified"))
    settled.when(replace(CHECK, on=after), actor=LI, at=noon(after)).refused("already-checked", Conflict)


def test_a_check_belongs_to_a_talk_and_to_a_day_between_it_and_today(fallen_short: World) -> None:
    fallen_short.when(CHECK, actor=LI, at=LATER).refused("unknown-talk", NotFound)
    held = fallen_short.after(HELD, ORDERED)
    held.when(replace(CHECK, on=TALKED - DAY), actor=LI, at=LATER).refused("before-talk")
    held.when(replace(CHECK, on=DUE + DAY), actor=LI, at=LATER).refused("in-the-future")
