"""Correcting a notice and taking it down: what hangs on it counts anew, and nothing else does (AMB-B15)."""

from datetime import date, datetime

import pytest

from domain.calendars import PublishCalendar
from domain.confirmation import Confirmations, StarConfirmed
from domain.confirming import ConfirmStars
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import NoticeId, PersonId
from domain.notice_keeping import CorrectNotice, TakeDownNotice
from domain.notices import NoticeCorrected, Notices, NoticeTakenDown, Posting
from domain.objections import Objections
from tests.controls import CHEN, LI, NOTICE, ROUND, STAFF, SUN, WANG, WU, ZHANG, ZHAO, ZHOU
from tests.domain.conftest import World
from tests.domain.procedure.conftest import (
    BODY,
    CONFIRM,
    DOWN,
    INSTANT,
    OBJECT,
    OBJECTION,
    POST,
    UP,
    WINDOW_ENDS,
    notice,
    on,
    take,
)

CONTACT = CorrectNotice(round=ROUND, notice=NOTICE, why="分机号有误", contact="赵，电话分机 21")
PLACES = CorrectNotice(round=ROUND, notice=NOTICE, why="加贴一处", places=("厂务公开栏", "党员活动室"))
HEADING = CorrectNotice(round=ROUND, notice=NOTICE, why="标题错别字")
TAKE_DOWN = TakeDownNotice(round=ROUND, notice=NOTICE, witness=WANG, note="公示七天无缺损")
CORRECTED, CORRECTED_ENDS = on(1, 13), on(1, 20, 24)
ENDED = on(1, 16)


def posting(world: World, which: NoticeId = NOTICE) -> Posting:
    """Return a notice as the facts leave it."""
    found = world.fold(Notices, ROUND)
    assert isinstance(found, Notices)
    return found.postings[which]


def confirmed_at(world: World, at: datetime) -> set[PersonId]:
    """Return who is confirmed at that instant out of all who could be."""
    events = world.when(CONFIRM, actor=CHEN, at=at).events
    return {each.person for each in events if isinstance(each, StarConfirmed)}


@pytest.fixture(scope="module")
def taken_down(posted: World) -> World:
    """Return the world in which the notice was taken down after its window."""
    return take(posted, ZHANG, ENDED, TAKE_DOWN)


# correcting


def test_another_contact_begins_the_window_anew(posted: World) -> None:
    posted.when(CONTACT, actor=ZHANG, at=CORRECTED).then(
        NoticeCorrected(
            round=ROUND,
            notice=NOTICE,
            why="分机号有误",
            material=True,
            contact="赵，电话分机 21",
            places=POST.places,
            ends_at=CORRECTED_ENDS,
            provisional=False,
        )
    )


def test_other_places_begin_the_window_anew(posted: World) -> None:
    (corrected,) = posted.when(PLACES, actor=ZHANG, at=CORRECTED).events
    assert isinstance(corrected, NoticeCorrected)
    assert (corrected.material, corrected.ends_at) == (True, CORRECTED_ENDS)
    assert (corrected.contact, corrected.places) == (POST.contact, ("厂务公开栏", "党员活动室"))


def test_a_slip_in_the_heading_is_recorded_and_leaves_the_window_as_it_is(posted: World) -> None:
    (corrected,) = posted.when(HEADING, actor=ZHANG, at=CORRECTED).events
    assert isinstance(corrected, NoticeCorrected)
    assert (corrected.material, corrected.ends_at) == (False, WINDOW_ENDS)
    assert (corrected.contact, corrected.places) == (POST.contact, POST.places)
    assert posting(take(posted, ZHANG, CORRECTED, HEADING)).since == posting(posted).since


@pytest.mark.parametrize("asked", [CONTACT, PLACES, HEADING, replace(PLACES, contact="赵，电话分机 21")])
def test_a_correction_with_the_same_content_changes_nothing(posted: World, asked: CorrectNotice) -> None:
    take(posted, ZHANG, CORRECTED, asked).when(asked, actor=LI, at=on(1, 14)).then_nothing()


@pytest.mark.parametrize(
    "asked",
    [
        replace(CONTACT, contact=POST.contact),
        replace(PLACES, places=POST.places),
        replace(PLACES, places=POST.places, contact=POST.contact),
    ],
)
def test_what_a_notice_says_already_is_no_correction(posted: World, asked: CorrectNotice) -> None:
    posted.when(asked, actor=ZHANG, at=CORRECTED).then_nothing()


def test_a_correction_that_is_taken_back_begins_the_window_once_more(posted: World) -> None:
    world = take(posted, ZHANG, on(1, 9), CONTACT)
    (back,) = world.when(replace(CONTACT, contact=POST.contact), actor=ZHANG, at=CORRECTED).events
    assert isinstance(back, NoticeCorrected)
    assert (back.material, back.contact, back.ends_at) == (True, POST.contact, CORRECTED_ENDS)


def test_each_slip_in_the_heading_is_recorded(posted: World) -> None:
    world = take(posted, ZHANG, CORRECTED, HEADING)
    assert world.when(replace(HEADING, why="年份写错"), actor=ZHANG, at=CORRECTED).events


def test_gaps_before_a_material_correction_no_longer_matter(posted: World) -> None:
    world = take(posted, ZHANG, on(1, 9), DOWN)
    world = take(world, ZHANG, on(1, 12), UP)
    assert posting(take(world, ZHANG, CORRECTED, HEADING)).gaps == [(on(1, 9), on(1, 12))]
    corrected = take(world, ZHANG, CORRECTED, CONTACT)
    assert (posting(corrected).since, posting(corrected).gaps) == (CORRECTED, [])
    assert confirmed_at(corrected, CORRECTED_ENDS)


def test_a_gap_after_a_material_correction_counts(posted: World) -> None:
    world = take(posted, ZHANG, CORRECTED, CONTACT)
    world = take(world, ZHANG, on(1, 15), DOWN)
    world = take(world, ZHANG, on(1, 16), UP)
    assert confirmed_at(world, on(1, 22, 24) - INSTANT) == set()
    assert confirmed_at(world, on(1, 22, 24))


@pytest.mark.parametrize("asked", [CONTACT, PLACES])
def test_confirmation_waits_for_the_new_end(posted: World, asked: CorrectNotice) -> None:
    assert confirmed_at(posted, WINDOW_ENDS)
    world = take(posted, ZHANG, CORRECTED, asked)
    world.when(replace(CONFIRM, people=(SUN,)), actor=CHEN, at=CORRECTED_ENDS - INSTANT).refused("window-open")
    assert confirmed_at(world, CORRECTED_ENDS) == confirmed_at(posted, WINDOW_ENDS)


def test_confirmation_does_not_wait_for_a_slip_in_the_heading(posted: World) -> None:
    world = take(posted, ZHANG, CORRECTED, HEADING)
    assert confirmed_at(world, WINDOW_ENDS) == confirmed_at(posted, WINDOW_ENDS) != set()


def test_the_window_begins_anew_for_exactly_the_lines_on_that_notice(ruled: World) -> None:
    world = take(ruled, ZHANG, on(1, 13), notice(2))
    first = take(world, ZHANG, on(1, 16), CONTACT)
    assert confirmed_at(first, on(1, 20, 24)) == {SUN, ZHOU}
    second = take(world, ZHANG, on(1, 16), replace(CONTACT, notice=NoticeId("notice-2")))
    everybody = confirmed_at(world, on(1, 20, 24))
    assert confirmed_at(second, on(1, 20, 24)) == everybody - {SUN, ZHOU} != set()


def test_objections_are_in_time_until_the_new_end(posted: World) -> None:
    posted.when(OBJECT, actor=STAFF, at=WINDOW_ENDS).refused("window-over")
    world = take(posted, ZHANG, CORRECTED, CONTACT)
    filed = take(world, STAFF, WINDOW_ENDS, OBJECT).fold(Objections, ROUND)
    assert isinstance(filed, Objections)
    assert OBJECTION in filed.cases


def test_a_new_window_without_a_calendar_is_provisional(posted: World) -> None:
    (corrected,) = posted.when(CONTACT, actor=ZHANG, at=on(12, 30)).events
    assert isinstance(corrected, NoticeCorrected)
    assert corrected.provisional


@pytest.mark.parametrize("wrong", [replace(CONTACT, contact=" "), replace(PLACES, places=("厂务公开栏", ""))])
def test_a_corrected_notice_says_where_it_hangs_and_who_receives_objections(
    posted: World, wrong: CorrectNotice
) -> None:
    posted.when(wrong, actor=ZHANG, at=CORRECTED).refused("notice-incomplete")


@pytest.mark.parametrize("asked", [CONTACT, HEADING])
def test_a_correction_says_why(posted: World, asked: CorrectNotice) -> None:
    posted.when(replace(asked, why=" "), actor=ZHANG, at=CORRECTED).refused("reason-missing")


@pytest.mark.parametrize("asked", [CONTACT, PLACES, HEADING])
def test_only_a_notice_that_hangs_is_corrected(posted: World, taken_down: World, asked: CorrectNotice) -> None:
    take(posted, ZHANG, on(1, 12), DOWN).when(asked, actor=ZHANG, at=CORRECTED).refused("notice-interrupted")
    taken_down.when(asked, actor=ZHANG, at=on(1, 17)).refused("notice-taken-down")
    unknown = replace(asked, notice=NoticeId("nowhere"))
    posted.when(unknown, actor=ZHANG, at=CORRECTED).refused("unknown-notice", NotFound)


def test_recorders_and_secretaries_correct_and_take_down(posted: World) -> None:
    asked = replace(TAKE_DOWN, witness=SUN)
    for actor in (LI, WANG, ZHANG):
        assert posted.when(CONTACT, actor=actor, at=CORRECTED).events
        assert posted.when(asked, actor=actor, at=ENDED).events
    for actor in (CHEN, ZHAO, SUN, STAFF):
        posted.when(CONTACT, actor=actor, at=CORRECTED).refused("wrong-office", NotPermitted)
        posted.when(asked, actor=actor, at=ENDED).refused("wrong-office", NotPermitted)


# taking down


@pytest.mark.parametrize("witness", [WANG, None])
def test_a_notice_is_taken_down_once_when_its_window_has_ended(posted: World, witness: PersonId | None) -> None:
    asked = replace(TAKE_DOWN, witness=witness)
    posted.when(asked, actor=ZHANG, at=WINDOW_ENDS).then(
        NoticeTakenDown(round=ROUND, notice=NOTICE, witness=witness, note="公示七天无缺损")
    )
    take(posted, ZHANG, WINDOW_ENDS, asked).when(asked, actor=LI, at=on(1, 17)).then_nothing()


@pytest.mark.parametrize("other", [replace(TAKE_DOWN, witness=SUN), replace(TAKE_DOWN, note="另记")])
def test_taking_down_is_not_told_in_two_ways(taken_down: World, other: TakeDownNotice) -> None:
    taken_down.when(other, actor=ZHANG, at=on(1, 17)).refused("already-taken-down", Conflict)


def test_before_the_window_has_ended_a_notice_is_interrupted_and_not_taken_down(posted: World) -> None:
    answer = posted.when(TAKE_DOWN, actor=ZHANG, at=WINDOW_ENDS - INSTANT)
    answer.refused("window-open")
    assert answer.refusal is not None
    assert "interrupt-notice" in answer.refusal.why.en
    assert "interrupt-notice" in answer.refusal.why.zh


def test_a_corrected_notice_is_taken_down_after_its_new_window(posted: World) -> None:
    world = take(posted, ZHANG, CORRECTED, CONTACT)
    world.when(TAKE_DOWN, actor=ZHANG, at=CORRECTED_ENDS - INSTANT).refused("window-open")
    assert world.when(TAKE_DOWN, actor=ZHANG, at=CORRECTED_ENDS).events


def test_a_notice_that_came_down_early_has_to_hang_again_first(posted: World) -> None:
    down = take(posted, ZHANG, on(1, 12), DOWN)
    answer = down.when(TAKE_DOWN, actor=ZHANG, at=ENDED)
    answer.refused("notice-interrupted")
    assert answer.refusal is not None
    assert "interrupt-notice" in answer.refusal.why.en
    assert "resume-notice" in answer.refusal.why.en


def test_a_notice_that_fell_down_after_its_window_is_taken_down(posted: World) -> None:
    down = take(posted, ZHANG, ENDED, DOWN)
    assert down.when(TAKE_DOWN, actor=ZHANG, at=on(1, 17)).events


def test_nothing_is_taken_down_while_a_missing_calendar_leaves_the_end_open(posted: World) -> None:
    world = take(posted, ZHANG, on(12, 30), CONTACT)
    at = on(1, 9, year=2027)
    world.when(TAKE_DOWN, actor=ZHANG, at=at).refused("calendar-missing")
    calendar = PublishCalendar(year=2027, rest_days=(date(2027, 1, 1),), worked_weekends=(), source="放假通知")
    assert take(world, PersonId("registrar"), at, calendar).when(TAKE_DOWN, actor=ZHANG, at=at).events


def test_the_witness_is_a_known_person_and_not_the_one_who_enters_it(posted: World) -> None:
    posted.when(replace(TAKE_DOWN, witness=ZHANG), actor=ZHANG, at=ENDED).refused("witness-needed")
    nobody = replace(TAKE_DOWN, witness=PersonId("nobody"))
    posted.when(nobody, actor=ZHANG, at=ENDED).refused("unknown-person", NotFound)


def test_an_unknown_notice_is_not_taken_down(posted: World) -> None:
    unknown = replace(TAKE_DOWN, notice=NoticeId("nowhere"))
    posted.when(unknown, actor=ZHANG, at=ENDED).refused("unknown-notice", NotFound)


def test_a_notice_that_was_taken_down_is_neither_interrupted_nor_resumed(posted: World, taken_down: World) -> None:
    fallen = take(take(posted, ZHANG, ENDED, DOWN), ZHANG, ENDED, TAKE_DOWN)
    for world in (taken_down, fallen):
        assert not posting(world).hangs
        world.when(DOWN, actor=ZHANG, at=on(1, 17)).refused("notice-taken-down")
        world.when(UP, actor=ZHANG, at=on(1, 17)).refused("notice-taken-down")


def test_stars_are_confirmed_after_their_notice_was_taken_down(posted: World, taken_down: World) -> None:
    assert confirmed_at(taken_down, on(1, 19)) == confirmed_at(posted, on(1, 19)) != set()
    confirmed = take(taken_down, CHEN, on(1, 19), ConfirmStars(round=ROUND, body=BODY, people=(WU,)))
    stars = confirmed.fold(Confirmations, ROUND)
    assert isinstance(stars, Confirmations)
    assert stars.stars[WU].notice == NOTICE
