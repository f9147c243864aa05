"""A table of scores and a roster are taken in whole or not at all, and the cell that is wrong is named (S4)."""

from datetime import date
from decimal import Decimal

import pytest

from domain.decision import Conflict, NotFound, NotPermitted, Refused, replace
from domain.ids import GroupId, PersonId
from domain.membership import MemberJoined
from domain.organisation import PersonRegistered
from domain.posts import PostAssigned
from domain.roster_import import ImportRoster, RosterImported, RosterLine
from domain.score_import import ImportScores, ScoreLine
from domain.scores import ComponentNotApplicable, RecordScore, ScoreCorrected, ScoreRecorded, SheetImported
from domain.sealed import Sealed
from tests.controls import BRANCH, CHEN, GROUP, LI, PAPER, QIAN, ROUND, STRANGER, SUN, WANG, WU, ZHANG, ZHOU
from tests.domain.conftest import World
from tests.domain.procedure.conftest import COMPONENTS, SCORING, TOTALS, VOTING, on, table, take

TWO = table({SUN: 90, ZHOU: 89})
NEW = PersonId("new")
ROSTER = ImportRoster(
    branch=BRANCH,
    workbook=PAPER,
    lines=(
        RosterLine(
            person=NEW,
            full_name=Sealed("新"),
            kind="probationary",
            joined=date(2025, 11, 1),
            cell="B3",
            group=GROUP,
            post="钳工",
        ),
        RosterLine(person=STRANGER, full_name=Sealed("生"), kind="staff", joined=date(2025, 11, 2), cell="B4"),
    ),
)
TODAY = on(12, 30, year=2025)


def changed(asked: ImportScores, number: int, **fields: object) -> ImportScores:
    """Return the table with one line changed."""
    lines = [*asked.lines]
    lines[number] = replace(lines[number], **fields)
    return replace(asked, lines=tuple(lines))


def says_where(refusal: Refused, cell: str) -> bool:
    return cell in refusal.why.zh and cell in refusal.why.en


# scores


def test_a_table_is_a_summary_and_a_score_for_each_cell(opened: World) -> None:
    answer = opened.when(TWO, actor=ZHANG, at=SCORING)
    assert answer.events[0] == SheetImported(round=ROUND, workbook=PAPER, new=10, changed=0, unchanged=0)
    scores = [each for each in answer.events if isinstance(each, ScoreRecorded)]
    assert [(each.person, each.component, each.cell) for each in scores] == [
        (line.person, line.component, line.cell) for line in TWO.lines
    ]
    assert {each.evidence for each in scores} == {PAPER}
    assert {each.component for each in scores if each.ballots == 9} == {"masses"}


def test_the_same_table_again_changes_nothing(opened: World) -> None:
    take(opened, ZHANG, SCORING, TWO).when(TWO, actor=ZHANG, at=SCORING).then_nothing()


def test_a_table_enters_what_is_new_or_changed_and_counts_the_rest(opened: World) -> None:
    world = take(opened, ZHANG, SCORING, TWO)
    wider = table({SUN: 91, ZHOU: 89, WU: 77})
    world.when(wider, actor=ZHANG, at=SCORING).refused("reason-missing")
    answer = world.when(replace(wider, reason=Sealed("复核后更正")), actor=ZHANG, at=SCORING)
    assert answer.events[0] == SheetImported(round=ROUND, workbook=PAPER, new=5, changed=5, unchanged=5)
    assert {each.was for each in answer.events if isinstance(each, ScoreCorrected)} == {Decimal(90)}


def test_an_empty_cell_of_an_optional_column_says_that_it_does_not_exist(opened: World) -> None:
    line = COMPONENTS.index("group")
    answer = opened.when(changed(TWO, line, points=None), actor=ZHANG, at=SCORING)
    marked = [each for each in answer.events if isinstance(each, ComponentNotApplicable)]
    assert [(each.person, each.component) for each in marked] == [(SUN, "group")]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"points": Decimal(101)}, "points-out-of-range"),
        ({"points": Decimal("0.1234567")}, "malformed-points"),
        ({"points": None}, "component-applies"),
        ({"person": STRANGER}, "not-on-the-roster"),
        ({"person": ZHANG}, "own-case"),
        ({"component": "charm"}, "unknown-component"),
    ],
)
def test_one_wrong_cell_refuses_the_table_and_is_named(opened: World, fields: dict[str, object], code: str) -> None:
    refusal = opened.when(changed(TWO, 5, **fields), actor=ZHANG, at=SCORING).refused(code)
    assert says_where(refusal, "zhou.work")


def test_a_cell_that_stands_twice_refuses_the_table(opened: World) -> None:
    line = ScoreLine(person=SUN, component="work", points=Decimal(70), cell="H9")
    refusal = opened.when(replace(TWO, lines=(*TWO.lines, line)), actor=ZHANG, at=SCORING).refused("score-twice")
    assert says_where(refusal, "H9")
    assert says_where(refusal, "sun.work")


def test_the_column_of_the_masses_needs_the_number_of_ballots(opened: World) -> None:
    refusal = opened.when(replace(TWO, ballots=None), actor=ZHANG, at=SCORING).refused("ballots-missing")
    assert says_where(refusal, "sun.masses")


def test_a_table_does_not_stand_beside_what_named_raters_gave(opened: World) -> None:
    named = RecordScore(round=ROUND, person=ZHOU, component="branch", points=Decimal(80), rater=LI)
    world = take(opened, ZHANG, SCORING, named)
    refusal = world.when(TWO, actor=ZHANG, at=SCORING).refused("raters-mixed", Conflict)
    assert says_where(refusal, "zhou.branch")


def test_a_table_agrees_with_the_self_assessment_that_the_member_entered(opened: World) -> None:
    own = RecordScore(round=ROUND, person=SUN, component="self", points=Decimal(90), rater=SUN)
    answer = take(opened, SUN, SCORING, own).when(TWO, actor=ZHANG, at=SCORING)
    assert answer.events[0] == SheetImported(round=ROUND, workbook=PAPER, new=9, changed=0, unchanged=1)


def test_tables_are_for_recorders_and_secretaries_before_the_list_is_proposed(opened: World, proposed: World) -> None:
    opened.when(TWO, actor=CHEN, at=SCORING).refused("wrong-office", NotPermitted)
    changed_table = replace(table({SUN: 95}), reason=Sealed("改"))
    proposed.when(changed_table, actor=ZHANG, at=VOTING).refused("list-proposed")


def test_a_table_with_its_own_recorder_in_it_is_left_to_somebody_else(opened: World) -> None:
    everybody = table(TOTALS)
    opened.when(everybody, actor=ZHANG, at=SCORING).refused("own-case", NotPermitted)
    opened.when(everybody, actor=WANG, at=SCORING).refused("own-case", NotPermitted)


# rosters


def test_a_roster_enters_people_membership_groups_and_posts(ready: World) -> None:
    joined = MemberJoined(person=NEW, branch=BRANCH, kind="probationary", on=date(2025, 11, 1), group=GROUP)
    ready.when(ROSTER, actor=LI, at=TODAY).then(
        RosterImported(branch=BRANCH, workbook=PAPER, new=2, unchanged=0),
        PersonRegistered(person=NEW, full_name=Sealed("新")),
        joined,
        PostAssigned(person=NEW, post="钳工", on=date(2025, 11, 1)),
        MemberJoined(person=STRANGER, branch=BRANCH, kind="staff", on=date(2025, 11, 2), group=None),
    )


def test_the_same_roster_again_changes_nothing(ready: World) -> None:
    take(ready, LI, TODAY, ROSTER).when(ROSTER, actor=LI, at=TODAY).then_nothing()


def test_somebody_registered_already_joins_with_his_post(ready: World) -> None:
    line = replace(ROSTER.lines[1], post="质检员")
    answer = ready.when(replace(ROSTER, lines=(line,)), actor=LI, at=TODAY)
    assert PostAssigned(person=STRANGER, post="质检员", on=date(2025, 11, 2)) in answer.events


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"person": QIAN}, "already-in-a-branch"),
        ({"group": GroupId("nowhere")}, "unknown-group"),
        ({"joined": date(2025, 12, 31)}, "in-the-future"),
        ({"person": NEW}, "person-twice"),
    ],
)
def test_one_line_that_cannot_be_entered_refuses_the_roster_and_is_named(
    ready: World, fields: dict[str, object], code: str
) -> None:
    asked = replace(ROSTER, lines=(ROSTER.lines[0], replace(ROSTER.lines[1], **fields)))
    assert says_where(ready.when(asked, actor=LI, at=TODAY).refused(code), "B4")


def test_rosters_are_for_those_who_keep_the_branch_s_register(ready: World) -> None:
    ready.when(ROSTER, actor=ZHANG, at=TODAY).refused("wrong-office", NotPermitted)


def test_a_roster_names_a_branch_that_exists(ready: World) -> None:
    ready.when(replace(ROSTER, branch="nowhere"), actor=LI, at=TODAY).refused("unknown-branch", NotFound)
