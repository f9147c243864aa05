"""Confirming stars: each person when his own window is over and nothing open can touch him (B-43, AMB-B18)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.appointments import Appointed, RelationDeclared
from domain.calendars import CalendarPublished
from domain.confirmation import ConfirmationRefused, Confirmations, StarConfirmed
from domain.decision import NotFound, NotPermitted, Refused, replace
from domain.exempting import ExemptMember
from domain.ids import ObjectionId, PersonId
from domain.inquiries import RejectObjection, RuleOnObjection
from domain.lists import VoteHeld
from domain.objections import WithdrawObjection
from domain.roles import LEADING_GROUP_HEAD
from domain.sealed import Sealed
from tests.controls import (
    CHEN,
    FOUNDED,
    LI,
    MEMBERS,
    NOTICE,
    OTHER_BRANCH,
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
from tests.domain.procedure.conftest import (
    ACCEPT,
    BODY,
    CONFIRM,
    DOWN,
    INSTANT,
    OBJECT,
    OBJECTION,
    OPENING,
    SCORING,
    TOTALS,
    UP,
    VOTING,
    WINDOW_ENDS,
    enter,
    notice,
    on,
    publish,
    raised,
    take,
    uphold,
)

SECOND = ObjectionId("second")
ACCEPT_BY_OTHERS = replace(ACCEPT, investigators=(WU, WANG))
EARLIER = CalendarPublished(year=2026, rest_days=(date(2026, 1, 15),), worked_weekends=(), source="更正通知")


def confirmed_in(world: World) -> dict[PersonId, StarConfirmed]:
    found = world.fold(Confirmations, ROUND)
    assert isinstance(found, Confirmations)
    return found.stars


def people(world: World, *, by: PersonId = CHEN, at: datetime = WINDOW_ENDS) -> set[PersonId]:
    """Return whom a request to confirm all that can be confirmed would confirm."""
    answer = world.when(CONFIRM, actor=by, at=at)
    assert answer.refusal is None, answer.refusal
    return {each.person for each in answer.events if isinstance(each, StarConfirmed)}


def held_back(world: World, person: PersonId, code: str, *, at: datetime = WINDOW_ENDS) -> Refused:
    """Return the refusal to confirm one person."""
    return world.when(replace(CONFIRM, people=(person,)), actor=CHEN, at=at).refused(code)


# the window


def test_a_star_is_confirmed_as_it_hung(posted: World) -> None:
    asked = replace(CONFIRM, people=(SUN,))
    posted.when(asked, actor=CHEN, at=WINDOW_ENDS).then(
        StarConfirmed(
            round=ROUND,
            person=SUN,
            star=4,
            label="四星级",
            total=Decimal(90),
            notice=NOTICE,
            tally=1,
            body=BODY,
            supersedes=None,
        )
    )


def test_everybody_whose_window_is_over_is_confirmed_but_for_who_confirms(posted: World) -> None:
    assert people(posted) == {*MEMBERS} - {CHEN}
    assert people(posted, by=LI) == {*MEMBERS} - {LI}


def test_the_last_instant_of_the_window_is_too_early_and_its_end_is_not(posted: World) -> None:
    refusal = posted.when(CONFIRM, actor=CHEN, at=WINDOW_ENDS - INSTANT).refused("window-open")
    assert isinstance(refusal.record, ConfirmationRefused)
    assert (set(refusal.record.people), refusal.record.code) == ({*MEMBERS} - {CHEN}, "window-open")
    assert people(posted, at=WINDOW_ENDS)


def test_a_refusal_names_those_who_were_asked_for(posted: World) -> None:
    refusal = held_back(posted, SUN, "window-open", at=on(1, 9))
    assert refusal.record == ConfirmationRefused(round=ROUND, people=(SUN,), code="window-open")
    assert SUN in refusal.why.zh
    assert SUN in refusal.why.en


def test_nothing_is_confirmed_before_a_meeting_has_adopted_the_list(proposed: World, tallied: World) -> None:
    rejected = VoteHeld(
        round=ROUND,
        list=1,
        on=VOTING.date(),
        chair=LI,
        present=MEMBERS,
        should_attend=8,
        voters_present=8,
        yes=4,
        no=4,
        abstain=0,
        outcome="rejected",
        reasons="理由",
        minutes=None,
    )
    for world in (tallied, proposed, proposed.after(rejected), proposed.after(replace(rejected, outcome="inquorate"))):
        world.when(CONFIRM, actor=CHEN, at=on(2, 2)).refused("list-not-adopted")


def test_nothing_is_confirmed_before_it_hung(adopted: World) -> None:
    held_back(adopted, SUN, "not-published", at=on(2, 2))


def test_nothing_is_confirmed_while_the_notice_is_down(posted: World) -> None:
    down = take(posted, ZHANG, on(1, 10), DOWN)
    held_back(down, SUN, "notice-interrupted", at=on(2, 2))
    up = take(down, ZHANG, on(1, 12), UP)
    held_back(up, SUN, "window-open", at=on(1, 19, 24) - INSTANT)
    assert people(up, at=on(1, 19, 24)) == {*MEMBERS} - {CHEN}


def test_a_notice_taken_down_after_its_window_holds_nobody(posted: World) -> None:
    down = take(posted, ZHANG, WINDOW_ENDS, DOWN)
    assert people(down, at=on(2, 2)) == {*MEMBERS} - {CHEN}


def test_nothing_is_confirmed_on_a_calendar_that_is_missing(nothing: World, posted: World) -> None:
    world = without_calendar(nothing, posted)
    held_back(world, SUN, "calendar-missing", at=on(2, 2))
    known = world.after(replace(EARLIER, rest_days=()))
    assert people(known, at=on(2, 2)) == {*MEMBERS} - {CHEN}


def without_calendar(nothing: World, world: World) -> World:
    """Return the world as it would be had nobody published a calendar of 2026."""
    for fact in world.facts:
        if not (isinstance(fact.event, CalendarPublished) and fact.event.year == 2026):
            nothing = nothing.after(fact.event, actor=PersonId(fact.actor), at=fact.recorded_at)
    return nothing


def test_a_corrected_calendar_counts_for_what_is_decided_afterwards(posted: World) -> None:
    held_back(posted.after(EARLIER), SUN, "window-open", at=WINDOW_ENDS)
    assert people(posted.after(EARLIER), at=on(1, 16, 24)) == {*MEMBERS} - {CHEN}


# who


def test_the_leading_group_and_the_secretaries_confirm(posted: World) -> None:
    elsewhere = Appointed(
        person=QIAN, role=LEADING_GROUP_HEAD, branch=OTHER_BRANCH, since=FOUNDED, until=None, decided_by="党员大会"
    )
    for actor in (CHEN, LI, WANG):
        assert people(posted, by=actor)
    for actor in (ZHANG, ZHAO, SUN, STAFF, QIAN):
        posted.after(elsewhere).when(CONFIRM, actor=actor, at=WINDOW_ENDS).refused("wrong-office", NotPermitted)


def test_nobody_confirms_his_own_star_or_that_of_somebody_close(posted: World) -> None:
    own = replace(CONFIRM, people=(WU, CHEN))
    posted.when(own, actor=CHEN, at=WINDOW_ENDS).refused("own-case", NotPermitted)
    world = posted.after(RelationDeclared(person=CHEN, other=WU, relation="helper"))
    world.when(replace(CONFIRM, people=(WU,)), actor=CHEN, at=WINDOW_ENDS).refused("recused", NotPermitted)
    assert people(world) == {*MEMBERS} - {CHEN, WU}


def test_what_is_left_of_one_officer_is_confirmed_by_another(posted: World) -> None:
    world = take(posted, CHEN, WINDOW_ENDS, CONFIRM)
    assert people(world, by=LI) == {CHEN}
    assert set(confirmed_in(take(world, LI, WINDOW_ENDS, CONFIRM))) == {*MEMBERS}


def test_who_seconds_a_confirmation_is_confirmed_by_others_and_stands_in_the_fact(posted: World) -> None:
    answer = posted.when(replace(CONFIRM, seconded_by=LI), actor=CHEN, at=WINDOW_ENDS)
    confirmed = [each for each in answer.events if isinstance(each, StarConfirmed)]
    assert {each.person for each in confirmed} == {*MEMBERS} - {CHEN, LI}
    assert {each.seconded_by for each in confirmed} == {LI}


def test_nobody_seconds_the_confirmation_of_his_own_star(posted: World) -> None:
    asked = replace(CONFIRM, people=(LI,), seconded_by=LI)
    posted.when(asked, actor=CHEN, at=WINDOW_ENDS).refused("second-is-concerned", NotPermitted)


def test_only_members_on_the_roster_are_confirmed(posted: World) -> None:
    asked = replace(CONFIRM, people=(STRANGER,))
    posted.when(asked, actor=CHEN, at=WINDOW_ENDS).refused("not-on-the-roster", NotFound)


# again


def test_a_confirmation_asked_for_again_changes_nothing(posted: World) -> None:
    world = take(posted, CHEN, WINDOW_ENDS, CONFIRM)
    world.when(CONFIRM, actor=CHEN, at=on(2, 2)).then_nothing()
    world.when(replace(CONFIRM, people=(SUN, WU)), actor=CHEN, at=on(2, 2)).then_nothing()


def test_somebody_named_twice_is_confirmed_once(posted: World) -> None:
    answer = posted.when(replace(CONFIRM, people=(SUN, SUN)), actor=CHEN, at=WINDOW_ENDS)
    assert len(answer.events) == 1


def test_of_people_named_all_are_confirmed_or_nobody(accepted: World) -> None:
    asked = replace(CONFIRM, people=(LI, SUN))
    refusal = accepted.when(asked, actor=CHEN, at=WINDOW_ENDS).refused("objection-open")
    assert refusal.record == ConfirmationRefused(round=ROUND, people=(SUN,), code="objection-open")


def test_who_is_exempt_is_confirmed_without_a_star(scored: World) -> None:
    exempt = ExemptMember(round=ROUND, person=WU, decided_by="党员大会", reason=Sealed("借调"))
    world = publish(take(scored, LI, SCORING, exempt))
    star = confirmed_in(take(world, CHEN, WINDOW_ENDS, CONFIRM))[WU]
    assert (star.star, star.label) == (0, "不评定星级")


# open objections


def test_an_open_objection_holds_exactly_whom_it_could_touch(objected: World, accepted: World) -> None:
    for world in (objected, accepted):
        assert people(world) == {*MEMBERS} - {CHEN, ZHOU, SUN}
        held_back(world, ZHOU, "objection-open")
        held_back(world, SUN, "objection-open")


def test_an_objection_about_somebody_below_holds_him_and_the_last_above_the_cut(posted: World) -> None:
    world = take(posted, STAFF, on(1, 9), replace(OBJECT, about=WU))
    assert people(world) == {*MEMBERS} - {CHEN, WU, SUN}


def test_an_objection_about_the_best_holds_him_and_the_first_below_the_cut(posted: World) -> None:
    world = take(posted, STAFF, on(1, 9), replace(OBJECT, about=WANG))
    assert people(world) == {*MEMBERS} - {CHEN, WANG, ZHOU}


def test_two_open_objections_hold_whom_they_could_touch_together(posted: World) -> None:
    first = replace(OBJECT, about=WU)
    second = replace(OBJECT, objection=SECOND, about=LI)
    world = take(posted, STAFF, on(1, 9), first, second)
    assert people(world) == {*MEMBERS} - {CHEN, WU, LI, SUN, WANG}


@pytest.mark.parametrize("how", ["withdrawn", "rejected", "dismissed"])
def test_an_objection_that_is_closed_holds_nobody(objected: World, accepted: World, how: str) -> None:
    dismissed = RuleOnObjection(round=ROUND, objection=OBJECTION, verdict="dismissed", findings=Sealed("不实"))
    world = {
        "withdrawn": lambda: take(objected, STAFF, on(1, 10), WithdrawObjection(round=ROUND, objection=OBJECTION)),
        "rejected": lambda: take(
            objected, ZHAO, on(1, 10), RejectObjection(round=ROUND, objection=OBJECTION, reason=Sealed("没有事实"))
        ),
        "dismissed": lambda: take(accepted, ZHAO, on(1, 10), dismissed),
    }[how]()
    assert people(world) == {*MEMBERS} - {CHEN}


def test_who_was_touched_hangs_anew_before_he_is_confirmed_and_the_others_are_confirmed(ruled: World) -> None:
    assert people(ruled) == {*MEMBERS} - {CHEN, ZHOU, SUN}
    held_back(ruled, SUN, "not-published")
    world = take(ruled, ZHANG, on(1, 13), notice(2))
    held_back(world, SUN, "window-open", at=on(1, 20, 24) - INSTANT)
    assert people(world, at=on(1, 20, 24) - INSTANT) == {*MEMBERS} - {CHEN, ZHOU, SUN}
    stars = confirmed_in(take(world, CHEN, on(1, 20, 24), CONFIRM))
    assert {person: (stars[person].star, stars[person].notice) for person in (ZHOU, SUN)} == {
        ZHOU: (4, "notice-2"),
        SUN: (3, "notice-2"),
    }


def test_an_undecided_tie_after_a_ruling_has_no_star_to_confirm(accepted: World) -> None:
    world = take(accepted, ZHAO, on(1, 12), uphold(*raised(ZHOU, 90)))
    held_back(world, SUN, "no-result")
    held_back(world, ZHOU, "no-result")
    assert people(world) == {*MEMBERS} - {CHEN, ZHOU, SUN}


def test_an_objection_filed_before_the_second_window_ends_holds_again(ruled: World) -> None:
    world = take(ruled, ZHANG, on(1, 13), notice(2))
    world = take(world, STAFF, on(1, 19), replace(OBJECT, objection=SECOND, about=ZHOU))
    held_back(world, SUN, "objection-open", at=on(1, 20, 24))
    assert people(world, at=on(1, 20, 24)) == {*MEMBERS} - {CHEN, SUN, ZHOU}


def test_a_round_must_be_open_for_a_confirmation(ready: World) -> None:
    ready.when(CONFIRM, actor=CHEN, at=OPENING).refused("unknown-round", NotFound)


def test_of_two_people_tied_in_no_cap_each_is_confirmed(opened: World) -> None:
    world = publish(enter(opened, TOTALS | {LI: 84}))
    assert people(world) == {*MEMBERS} - {CHEN}
    about_li = take(world, STAFF, on(1, 9), replace(OBJECT, about=LI))
    accepted = take(about_li, ZHAO, on(1, 9), ACCEPT_BY_OTHERS)
    assert people(accepted) == {*MEMBERS} - {CHEN, LI, SUN}
