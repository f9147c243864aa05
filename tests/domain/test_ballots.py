"""Ballots: who may open, vote and close, and what reconciles (B-34, AMB-A14, AMB-B10, forms 7 and 8)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.ballot_appraising import HoldOpenAppraisal
from domain.ballot_closing import CloseBox, Found, VoidBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import HandOutSheets, PrintSlips, RecordReturns, ReturnSheet
from domain.ballot_rules import ballot_rules
from domain.ballot_sheets import Cell
from domain.ballots import (
    BallotsCounted,
    BoxClosed,
    BoxOpened,
    BoxVoided,
    GradeCount,
    OpenlyAppraised,
    SlipIssued,
    SlipReturned,
    Slips,
    SlipsIssued,
    Voter,
)
from domain.decision import Command, Conflict, NotFound, NotPermitted, replace
from domain.ids import BoxId, BranchId, MeetingId, PersonId
from domain.meetings import MeetingConvened
from domain.proposing import ProposeList
from domain.rulebook import parse_rulebook
from rulebooks import shipped
from tests.control_events import EVENTS
from tests.controls import (
    BOX,
    BRANCH,
    CHEN,
    COMMANDS,
    DOCUMENT,
    KEEPER_PASS,
    LI,
    LOST_BOX,
    MEMBERS,
    MOVER,
    OTHER_BRANCH,
    QIAN,
    ROUND,
    RULEBOOK,
    STAFF,
    STRANGER,
    SUN,
    WANG,
    WU,
    ZHANG,
    ZHOU,
    noon,
)
from tests.domain.conftest import Answer, World

Before = Callable[[type[Command]], World]
OPENED = EVENTS[BoxOpened]
assert isinstance(OPENED, BoxOpened)
GUESSED = "guessed"
COMMANDS_DAY = date(2026, 1, 5)


def asked(kind: type[Command]) -> Command:
    return COMMANDS[kind]


def an_opening(**changes: object) -> OpenBox:
    opening = asked(OpenBox)
    assert isinstance(opening, OpenBox)
    return replace(opening, **changes)


def a_close(**changes: object) -> CloseBox:
    close = asked(CloseBox)
    assert isinstance(close, CloseBox)
    return replace(close, **changes)


def try_to(world: World, command: Command, actor: PersonId = ZHANG, day: int = 5) -> Answer:
    return world.when(command, actor=actor, at=noon(COMMANDS_DAY).replace(day=day))


# opening


def test_a_box_takes_its_rules_from_the_rulebook_and_its_subjects_from_the_roster(before: Before) -> None:
    opened = try_to(before(OpenBox), an_opening()).events[0]
    assert isinstance(opened, BoxOpened)
    assert (opened.kind, opened.marks, opened.shown_from, opened.caps) == ("points", (), 5, ())
    assert set(opened.subjects) == set(MEMBERS) - {ZHANG}
    assert KEEPER_PASS not in str(opened)


@pytest.mark.parametrize(("minimum", "shown_from"), [(0, 5), (1, 3), (2, 3), (4, 4)])
def test_no_rulebook_has_counts_of_fewer_than_three_shown(minimum: int, shown_from: int) -> None:
    rulebook = parse_rulebook(shipped("annual-360"))
    masses = replace(rulebook.leaves()["masses"], ballots_minimum=minimum)
    assert ballot_rules(rulebook, masses).shown_from == shown_from


def test_one_box_for_a_component_and_meeting_unless_it_was_void(before: Before) -> None:
    world = before(OpenBox)
    opened = world.after(*try_to(world, an_opening()).events, actor=ZHANG)
    try_to(opened, an_opening(box=BOX)).refused("voted-already", Conflict)
    in_meeting = an_opening(box=BOX, meeting=MeetingId("meeting-1"))
    try_to(opened.after(meeting_of(BRANCH), actor=ZHANG), in_meeting).then(
        *try_to(world.after(meeting_of(BRANCH), actor=ZHANG), in_meeting).events
    )
    void = opened.after(*try_to(opened, asked(VoidBox)).events, actor=ZHANG)
    assert try_to(void, an_opening(box=BOX)).events


def meeting_of(branch: BranchId) -> MeetingConvened:
    return MeetingConvened(
        meeting=MeetingId("meeting-1"),
        branch=branch,
        rulebook=RULEBOOK,
        version=1,
        document=DOCUMENT,
        kind="members",
        judges="2025-12",
        on=date(2026, 1, 8),
        begins=None,
        place="党员活动室",
        chair=LI,
        timing=None,
        reason_outside=None,
    )


def test_a_ballot_in_a_meeting_needs_that_meeting_and_of_its_own_branch(before: Before) -> None:
    world, opening = before(OpenBox), an_opening(box=BOX, meeting=MeetingId("meeting-1"))
    try_to(world, opening).refused("unknown-meeting", NotFound)
    try_to(world.after(meeting_of(OTHER_BRANCH), actor=ZHANG), opening).refused("other-branch")


def test_the_same_id_does_not_stand_for_two_boxes(before: Before) -> None:
    world = before(VoidBox)
    try_to(world, an_opening(slips=(Slips(group="masses", count=9),))).refused("id-taken", Conflict)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"component": "self"}, "not-by-ballot"),
        ({"component": "work-"}, "unknown-component"),
        ({"subjects": (STAFF,)}, "not-on-the-roster"),
        ({"subjects": (WU, WU)}, "named-twice"),
        ({"voters": (Voter(person=STAFF, group="masses"),) * 2}, "named-twice"),
        ({"voters": (Voter(person=STAFF, group="members"),)}, "unknown-voter-group"),
        ({"voters": (Voter(person=PersonId("nobody"), group="masses"),)}, "unknown-person"),
        ({"slips": (Slips(group="masses", count=0),)}, "slips-not-counted"),
        ({"slips": (Slips(group="masses", count=401),)}, "too-many-voters"),
        ({"slips": (Slips(group="masses", count=2),)}, "too-few-voters"),
        ({"closes_by": noon(COMMANDS_DAY)}, "closes-in-the-past"),
        ({"keeper": "pass"}, "keeper-malformed"),
        ({"tellers": (PersonId("nobody"),)}, "unknown-person"),
    ],
)
def test_a_box_that_could_not_be_kept_counted_or_shown_is_not_opened(
    before: Before, changes: dict[str, object], code: str
) -> None:
    try_to(before(OpenBox), an_opening(**changes)).refused(code)


def test_a_voter_on_the_list_of_subjects_leaves_one_voice_fewer_for_himself(before: Before) -> None:
    voters = tuple(Voter(person=person, group="masses") for person in (LI, WANG, SUN, ZHOU, WU))
    try_to(before(OpenBox), an_opening(voters=voters, slips=())).refused("too-few-voters")
    assert try_to(before(OpenBox), an_opening(voters=voters, slips=(), subjects=(CHEN,))).events


def test_once_the_list_is_proposed_nobody_votes_on_scores_any_more(before: Before) -> None:
    world = before(ProposeList)
    proposed = world.when(asked(ProposeList), actor=CHEN, at=noon(COMMANDS_DAY))
    after = world.after(*proposed.events, actor=CHEN)
    other = an_opening(box=BoxId("box-9"), meeting=MeetingId("meeting-1"))
    try_to(after, other).refused("list-proposed")


# sheets out and in


def test_only_the_voter_himself_returns_a_sheet_and_only_through_the_keeper(before: Before) -> None:
    world = before(ReturnSheet)
    sheet = ReturnSheet(box=BOX, person=STAFF, keeper_pass=KEEPER_PASS)
    try_to(world, sheet, LI).refused("not-himself", NotPermitted)
    try_to(world, replace(sheet, keeper_pass=GUESSED), STAFF).refused("not-the-keeper", NotPermitted)
    try_to(world, replace(sheet, person=SUN), SUN).refused("not-on-the-voters-list", NotPermitted)
    try_to(world, replace(sheet, box=BoxId("box-9")), STAFF).refused("unknown-box", NotFound)
    (returned,) = try_to(world, sheet, STAFF).events
    assert returned == SlipReturned(box=BOX, round=ROUND, person=STAFF, group="masses", paper=False)


def test_nothing_goes_into_a_box_that_is_over(before: Before) -> None:
    world = before(VoidBox)
    over = world.after(*try_to(world, asked(VoidBox)).events, actor=ZHANG)
    try_to(over, ReturnSheet(box=LOST_BOX, person=STAFF, keeper_pass=KEEPER_PASS), STAFF).refused("box-over", Conflict)
    try_to(over, PrintSlips(box=LOST_BOX, group="masses", count=1, keeper_pass=KEEPER_PASS)).refused("box-over")
    try_to(over, RecordReturns(box=LOST_BOX, people=(STAFF,))).refused("box-over")


def test_paper_and_screen_exclude_each_other(before: Before) -> None:
    world = before(RecordReturns)
    try_to(world, HandOutSheets(box=BOX, people=(STAFF,))).refused("voted-on-screen", Conflict)
    try_to(world, RecordReturns(box=BOX, people=(STAFF,))).refused("voted-on-screen", Conflict)
    after = world.after(*try_to(world, asked(RecordReturns)).events, actor=ZHANG)
    sheet = ReturnSheet(box=BOX, person=STRANGER, keeper_pass=KEEPER_PASS)
    try_to(after, sheet, STRANGER).refused("voted-on-paper", Conflict)


def test_paper_comes_back_only_from_those_to_whom_it_was_handed(before: Before) -> None:
    try_to(before(HandOutSheets), RecordReturns(box=BOX, people=(STRANGER,))).refused("no-sheet-issued")
    (issued,) = try_to(before(HandOutSheets), HandOutSheets(box=BOX, people=(STRANGER,))).events
    assert issued == SlipIssued(box=BOX, round=ROUND, person=STRANGER, group="masses")


def test_slips_and_blank_sheets_together_are_no_more_than_the_voices_without_a_name(before: Before) -> None:
    world = before(ReturnSheet)
    try_to(world, HandOutSheets(box=BOX, group="masses", count=1)).refused("more-slips-than-voices")
    try_to(world, PrintSlips(box=BOX, group="masses", count=1, keeper_pass=KEEPER_PASS)).refused(
        "more-slips-than-voices"
    )
    printed = [fact.event for fact in world.facts if isinstance(fact.event, SlipsIssued)]
    assert [(each.count, each.paper) for each in printed] == [(4, False), (1, True)]


def test_after_the_closing_time_no_sheet_is_taken_and_before_it_the_box_closes_only_if_all_have_voted(
    before: Before,
) -> None:
    world, until = before(OpenBox), noon(COMMANDS_DAY) + timedelta(hours=2)
    voters = tuple(Voter(person=person, group="masses") for person in (STAFF, STRANGER, MOVER, QIAN, ZHANG))
    opened = world.after(*try_to(world, an_opening(voters=voters, slips=(), closes_by=until)).events, actor=ZHANG)
    sheet = ReturnSheet(box=LOST_BOX, person=STAFF, keeper_pass=KEEPER_PASS)
    opened.when(sheet, actor=STAFF, at=until).refused("voting-over")
    voted = opened.after(*try_to(opened, sheet, STAFF).events, actor=STAFF)
    close = a_close(box=LOST_BOX, found=(Found(group="masses", on_screen=1),), valid=1, cells=withheld())
    try_to(voted, close).refused("voting-still-open")
    assert voted.when(close, actor=ZHANG, at=until).events


def withheld() -> tuple[Cell, ...]:
    return tuple(Cell(person=person, groups=("masses",)) for person in MEMBERS if person != ZHANG)


# closing


def test_a_close_records_one_count_a_person_and_the_totals_of_form_8(before: Before) -> None:
    *counted, done = try_to(before(CloseBox), a_close()).events
    assert all(isinstance(each, BallotsCounted) and each.valid == 5 and not each.withheld for each in counted)
    assert isinstance(done, BoxClosed)
    assert (done.issued, done.returned, done.valid, done.void, done.paper) == (7, 6, 6, 0, 1)


def test_only_the_keeper_can_close_for_counts_cannot_be_made_up(before: Before) -> None:
    try_to(before(CloseBox), a_close(keeper_pass="")).refused("not-the-keeper", NotPermitted)


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        (Found(group="masses", on_screen=1, by_slip=5, on_paper=1), "more-returned-than-issued"),
        (Found(group="masses", on_screen=1, by_slip=4, on_paper=3), "more-returned-than-issued"),
        (Found(group="masses", on_screen=0, by_slip=4, on_paper=1), "sheets-missing"),
    ],
)
def test_a_box_that_does_not_reconcile_is_void_and_nothing_of_it_is_shown(
    before: Before, found: Found, cause: str
) -> None:
    (void,) = try_to(before(CloseBox), a_close(found=(found,))).events
    assert isinstance(void, BoxVoided)
    assert (void.cause, void.issued, void.returned) == (cause, 7, found.sheets)


def cells(*first: Cell) -> tuple[Cell, ...]:
    return (*first, *(cell for cell in a_close().cells if cell.person not in {each.person for each in first}))


def a_cell(**changes: object) -> Cell:
    return replace(a_close().cells[0], **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"valid": 5},
        {"void": -1, "valid": 7},
        {"found": (Found(group="masses", on_screen=1, by_slip=4, on_paper=1), Found(group="strangers"))},
        {"found": (Found(group="masses", on_screen=1, by_slip=4, on_paper=1), Found(group="masses"))},
        {"cells": ()},
        {"cells": (*a_close().cells, a_cell())},
        {"cells": cells(a_cell(valid=4))},
        {"cells": cells(a_cell(abstained=2))},
        {"cells": cells(a_cell(groups=("strangers",)))},
        {"cells": cells(a_cell(counts=(GradeCount(grade=None, points=Decimal(101), voices=5),)))},
        {"cells": cells(a_cell(counts=(GradeCount(grade="优秀", points=None, voices=5),)))},
        {"cells": cells(a_cell(counts=(GradeCount(grade=None, points=Decimal(80), voices=4),), valid=4))},
        {"cells": cells(a_cell(valid=None, abstained=None, void=None))},
        {"cells": (*a_close().cells, a_cell(person=ZHANG))},
    ],
)
def test_counts_that_do_not_add_up_or_show_too_few_are_refused(before: Before, changes: dict[str, object]) -> None:
    try_to(before(CloseBox), a_close(**changes)).refused("counts-do-not-add-up")


def test_a_void_box_may_be_declared_once_and_a_counted_one_never(before: Before) -> None:
    world = before(CloseBox)
    closed = world.after(*try_to(world, a_close()).events, actor=ZHANG)
    try_to(closed, VoidBox(box=BOX, why="不满意")).refused("box-over", Conflict)


# open appraisal


def test_a_small_body_appraises_openly_where_the_rulebook_says_so(before: Before) -> None:
    appraisal = asked(HoldOpenAppraisal)
    assert isinstance(appraisal, HoldOpenAppraisal)
    world = before(HoldOpenAppraisal)

    def held(change: HoldOpenAppraisal) -> Answer:
        return world.when(change, actor=ZHANG, at=noon(COMMANDS_DAY).replace(month=7, day=14))

    (appraised,) = held(appraisal).events
    assert isinstance(appraised, OpenlyAppraised)
    assert [(mark.rater, mark.points) for mark in appraised.marks] == [(STAFF, Decimal(60)), (MOVER, Decimal(60))]
    one = appraisal.judgements[0]
    many = tuple(replace(one, rater=person) for person in (STAFF, MOVER, LI, WANG, SUN))
    held(replace(appraisal, judgements=())).refused("nobody-appraised")
    held(replace(appraisal, judgements=many)).refused("large-enough-for-a-ballot")
    held(replace(appraisal, judgements=(one, one))).refused("appraised-twice")
    held(replace(appraisal, judgements=(replace(one, rater=QIAN),))).refused("own-case", NotPermitted)
    held(replace(appraisal, judgements=(replace(one, points=None, grade="优秀"),))).refused("mark-does-not-fit")
    held(replace(appraisal, judgements=(replace(one, group="friends"),))).refused("unknown-voter-group")
    held(replace(appraisal, component="self")).refused("not-by-ballot")


def test_where_small_bodies_are_pooled_nobody_appraises_openly(before: Before) -> None:
    appraisal = asked(HoldOpenAppraisal)
    assert isinstance(appraisal, HoldOpenAppraisal)
    here = replace(appraisal, round=ROUND, judgements=tuple(replace(each, person=WU) for each in appraisal.judgements))
    try_to(before(OpenBox), here).refused("small-bodies-are-pooled")
