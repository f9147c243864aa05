"""Posting the list: after the meeting, from the instant it is recorded, each line anew when it changes (AMB-B15)."""

from decimal import Decimal

import pytest

from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import NoticeId
from domain.lists import VoteHeld
from domain.notices import (
    LinePosted,
    NoticeInterrupted,
    NoticePosted,
    NoticeResumed,
    Notices,
)
from tests.controls import CHEN, LI, MEMBERS, NOTICE, ROUND, STAFF, SUN, WANG, ZHANG, ZHAO, ZHOU
from tests.domain.conftest import World
from tests.domain.procedure.conftest import (
    DOWN,
    POST,
    POSTING,
    TOTALS,
    UP,
    VOTING,
    WINDOW_ENDS,
    notice,
    on,
    raised,
    take,
    uphold,
)


def notices(world: World) -> Notices:
    found = world.fold(Notices, ROUND)
    assert isinstance(found, Notices)
    return found


def test_the_first_notice_carries_everybody_with_total_and_star(adopted: World) -> None:
    posted, *lines = adopted.when(POST, actor=ZHANG, at=POSTING).events
    assert posted == NoticePosted(
        round=ROUND,
        notice=NOTICE,
        number=1,
        tally=1,
        places=("厂务公开栏",),
        contact="赵，电话分机 12",
        days=7,
        ends_at=WINDOW_ENDS,
        provisional=False,
    )
    assert {each.person: each.total for each in lines if isinstance(each, LinePosted)} == {
        person: Decimal(total) for person, total in TOTALS.items()
    }
    assert LinePosted(
        round=ROUND, notice=NOTICE, person=ZHOU, total=Decimal(89), star=3, label="三星级", restarts=False
    ) in (lines)


def test_a_notice_posted_again_changes_nothing(posted: World) -> None:
    posted.when(POST, actor=ZHANG, at=POSTING).then_nothing()


def test_the_id_of_a_notice_stands_for_one_posting(posted: World) -> None:
    posted.when(replace(POST, contact="李"), actor=ZHANG, at=POSTING).refused("id-taken", Conflict)
    posted.when(replace(POST, places=("网站",)), actor=ZHANG, at=POSTING).refused("id-taken", Conflict)


def test_nothing_is_posted_before_a_meeting_has_adopted_the_list(tallied: World, proposed: World) -> None:
    for world in (tallied, proposed, *(proposed.after(vote(outcome)) for outcome in ("rejected", "inquorate"))):
        world.when(POST, actor=ZHANG, at=POSTING).refused("list-not-adopted")


def vote(outcome: str) -> VoteHeld:
    return VoteHeld(
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
        outcome=outcome,  # type: ignore[arg-type]
        reasons="理由",
        minutes=None,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        replace(POST, places=()),
        replace(POST, places=("厂务公开栏", " ")),
        replace(POST, contact=""),
        replace(POST, contact=" "),
    ],
)
def test_a_notice_says_where_it_hangs_and_who_receives_objections(adopted: World, wrong: object) -> None:
    adopted.when(wrong, actor=ZHANG, at=POSTING).refused("notice-incomplete")  # type: ignore[arg-type]


def test_a_second_notice_of_the_same_lines_has_nothing_to_say(posted: World) -> None:
    posted.when(notice(2), actor=ZHANG, at=on(1, 9)).refused("nothing-to-post")


def test_a_second_notice_carries_exactly_the_lines_that_changed_and_starts_their_window(ruled: World) -> None:
    posted, *lines = ruled.when(notice(2), actor=ZHANG, at=on(1, 13)).events
    assert isinstance(posted, NoticePosted)
    assert (posted.number, posted.tally, posted.ends_at) == (2, 2, on(1, 20, 24))
    found = [(each.person, each.star, each.restarts) for each in lines if isinstance(each, LinePosted)]
    assert sorted(found) == [(SUN, 3, True), (ZHOU, 4, True)]
    after = notices(take(ruled, ZHANG, on(1, 13), notice(2)))
    assert {person: line.notice for person, line in after.lines.items() if line.notice != NOTICE} == {
        SUN: "notice-2",
        ZHOU: "notice-2",
    }


def test_an_undecided_tie_cannot_be_posted(accepted: World) -> None:
    world = take(accepted, ZHAO, on(1, 12), uphold(*raised(ZHOU, 90)))
    world.when(notice(2), actor=ZHANG, at=on(1, 13)).refused("decision-needed")


def test_recorders_and_secretaries_post_interrupt_and_resume(adopted: World, posted: World) -> None:
    down = take(posted, ZHANG, on(1, 9), DOWN)
    for actor in (LI, WANG, ZHANG):
        assert adopted.when(POST, actor=actor, at=POSTING).events
        assert posted.when(DOWN, actor=actor, at=on(1, 9)).events
        assert down.when(UP, actor=actor, at=on(1, 10)).events
    for actor in (CHEN, ZHAO, SUN, STAFF):
        adopted.when(POST, actor=actor, at=POSTING).refused("wrong-office", NotPermitted)
        posted.when(DOWN, actor=actor, at=on(1, 9)).refused("wrong-office", NotPermitted)
        down.when(UP, actor=actor, at=on(1, 10)).refused("wrong-office", NotPermitted)


def test_a_notice_that_came_down_is_interrupted_once(posted: World) -> None:
    posted.when(DOWN, actor=ZHANG, at=on(1, 9)).then(NoticeInterrupted(round=ROUND, notice=NOTICE, why="公示栏检修"))
    take(posted, ZHANG, on(1, 9), DOWN).when(DOWN, actor=ZHANG, at=on(1, 10)).then_nothing()


def test_a_notice_that_hangs_again_ends_later_by_the_days_that_it_did_not(posted: World) -> None:
    down = take(posted, ZHANG, on(1, 10), DOWN)
    resumed = NoticeResumed(round=ROUND, notice=NOTICE, ends_at=on(1, 19, 24), provisional=False)
    down.when(UP, actor=ZHANG, at=on(1, 12)).then(resumed)
    take(down, ZHANG, on(1, 12), UP).when(UP, actor=ZHANG, at=on(1, 12)).then_nothing()


def test_a_notice_can_come_down_twice(posted: World) -> None:
    world = take(posted, ZHANG, on(1, 10), DOWN)
    world = take(world, ZHANG, on(1, 10, 13), UP)
    world = take(world, ZHANG, on(1, 13), DOWN)
    resumed = NoticeResumed(round=ROUND, notice=NOTICE, ends_at=on(1, 19, 24), provisional=False)
    world.when(UP, actor=ZHANG, at=on(1, 13, 13)).then(resumed)


def test_a_notice_that_hangs_has_nothing_to_resume(posted: World) -> None:
    posted.when(UP, actor=ZHANG, at=on(1, 9)).then_nothing()


def test_an_unknown_notice_is_neither_interrupted_nor_resumed(posted: World) -> None:
    unknown = NoticeId("nowhere")
    posted.when(replace(DOWN, notice=unknown), actor=ZHANG, at=on(1, 9)).refused("unknown-notice", NotFound)
    posted.when(replace(UP, notice=unknown), actor=ZHANG, at=on(1, 9)).refused("unknown-notice", NotFound)
