"""Groups of raters with shares of their own, and one's own judgement left out (requirements §3-9, decision 23)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from domain.ballot_boxes import keeper_digest
from domain.ballot_closing import CloseBox, Found
from domain.ballot_opening import OpenBox
from domain.ballot_returns import HandOutSheets, PrintSlips, ReturnSheet
from domain.ballot_sheets import Cell
from domain.ballots import BallotsCounted, BoxOpened, GradeCount, NamedMark, OpenlyAppraised, Slips, Voter
from domain.confirmation import Confirmations
from domain.decision import Command, Conflict, Refused, replace
from domain.ids import BoxId, ObjectionId, PersonId
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.rulings import Amendment, Changes, amend
from domain.scores import CorrectScore, RecordScore, ScoreCorrected, Scores
from domain.scoring import PersonResult, score
from domain.sealed import Sealed
from domain.sheet import Counted
from domain.tally import Results
from tests.controls import BRANCH, CHEN, LI, MEMBERS, QIAN, ROUND, STAFF, STRANGER, SUN, WANG, WU, ZHANG, ZHAO
from tests.domain.conftest import World
from tests.domain.procedure.conftest import SCORING, TOTALS, table, take, under

COLUMN = 'ballots = { minimum = 5, trim_each_side = 1, clause = "AMB-A14" }'
GROUPS = (
    '{ voices = [{ group = "members", share = 60, minimum = 3 }, { group = "masses", share = 40, minimum = 2 }], '
    'clause = "AMB-A14" }'
)
POINTS = f"ballots = {GROUPS}"
GRADES = f'mean = "grades"\n{POINTS}'
OWN = POINTS.replace("clause =", "exclude_self = true, clause =")
BOX, PASS = BoxId("box-masses"), "of the keeper"
Votes = tuple[tuple[str, int], ...]
OUTSIDE = (STAFF, STRANGER, QIAN)
VOTERS = tuple(Voter(person=person, group="members") for person in MEMBERS)
MASSES = Slips(group="masses", count=6)
OPEN = OpenBox(box=BOX, round=ROUND, component="masses", keeper=keeper_digest(PASS), voters=VOTERS, slips=(MASSES,))


def groups(world: World, column: str) -> World:
    """Return the world in which the round's rulebook says something else of the masses."""
    return under(world, (COLUMN, column))


def gave(points: int, group: str | None, rater: PersonId | None = None, ballots: int | None = None) -> RecordScore:
    """Return what a rater of a group gave Sun, or the mean of its ballots."""
    return RecordScore(
        round=ROUND, person=SUN, component="masses", points=Decimal(points), rater=rater, ballots=ballots, group=group
    )


def result(world: World) -> PersonResult:
    """Return Sun's result as a tally would come to it."""
    this, scores = world.fold(Round, ROUND), world.fold(Scores, ROUND)
    assert isinstance(this, Round)
    assert isinstance(scores, Scores)
    outcome = score(this.rulebook, sheet_of(this, scores, {}))
    return next(each for each in outcome.people if each.person == SUN)


def value(world: World) -> tuple[str, Fraction | None]:
    """Return the state and the value of what the masses gave Sun."""
    leaves = (leaf for part in result(world).standing.tallies for leaf in part.leaves())
    return next((leaf.state, leaf.value) for leaf in leaves if leaf.component.code == "masses")


def given(world: World, *asked: Command) -> World:
    return take(world, ZHANG, SCORING, *asked)


THREE = (gave(90, "members", WANG), gave(80, "members", CHEN), gave(70, "members", ZHAO))
FOUR = gave(90, "masses", ballots=4)


# scores


def test_each_group_weighs_its_share_however_many_of_it_rated(opened: World) -> None:
    # (90 + 80 + 70) ÷ 3 × 60 % + 90 × 40 % = 84
    world = given(groups(opened, POINTS), *THREE, FOUR)
    assert value(world) == ("valued", Fraction(84))
    assert "members 60% + masses 40%" in str(result(given_all(world)).explanation)


def given_all(world: World) -> World:
    """Return the world in which Sun has everything else."""
    others = table({SUN: 90})
    lines = tuple(line for line in others.lines if line.component != "masses")
    return given(world, replace(others, lines=lines))


def test_too_few_voices_of_one_group_make_the_component_missing(opened: World) -> None:
    assert value(given(groups(opened, POINTS), *THREE[:2], FOUR)) == ("missing", None)
    assert value(given(groups(opened, POINTS), *THREE, replace(FOUR, ballots=1))) == ("missing", None)
    assert value(given(groups(opened, POINTS), *THREE)) == ("missing", None)


def test_points_name_their_group_where_each_has_a_share_and_nowhere_else(opened: World) -> None:
    world = groups(opened, POINTS)
    world.when(gave(90, None, ballots=4), actor=ZHANG, at=SCORING).refused("group-needed")
    world.when(gave(90, "staff", ballots=4), actor=ZHANG, at=SCORING).refused("unknown-rater-group")
    opened.when(gave(90, "masses", ballots=9), actor=ZHANG, at=SCORING).refused("unknown-rater-group")


def test_a_group_has_one_value_or_one_of_each_rater(opened: World) -> None:
    world = given(groups(opened, POINTS), THREE[0])
    world.when(gave(80, "members", ballots=5), actor=ZHANG, at=SCORING).refused("raters-mixed", Conflict)
    world.when(gave(80, "members", WANG), actor=ZHANG, at=SCORING).refused("score-exists", Conflict)
    assert world.when(FOUR, actor=ZHANG, at=SCORING).events
    mean = given(world, FOUR)
    mean.when(gave(80, "masses", STAFF), actor=ZHANG, at=SCORING).refused("raters-mixed", Conflict)


def test_a_correction_keeps_the_group(opened: World) -> None:
    world = given(groups(opened, POINTS), *THREE, FOUR)
    fix = CorrectScore(
        round=ROUND, person=SUN, component="masses", points=Decimal(60), rater=WANG, reason=Sealed("录入错误")
    )
    (corrected,) = world.when(fix, actor=ZHANG, at=SCORING).events
    assert isinstance(corrected, ScoreCorrected)
    assert corrected.group == "members"
    # (60 + 80 + 70) ÷ 3 × 60 % + 90 × 40 % = 78
    assert value(given(world, fix)) == ("valued", Fraction(78))
    of_group = replace(fix, rater=None, group="masses", points=Decimal(50), ballots=4)
    assert value(given(world, of_group)) == ("valued", Fraction(68))


def test_a_table_of_one_value_for_everybody_does_not_fill_a_column_of_groups(opened: World) -> None:
    asked = table({SUN: TOTALS[SUN]})
    groups(opened, POINTS).when(asked, actor=ZHANG, at=SCORING).refused("group-needed")


def test_a_ruling_amends_one_group_or_the_whole(opened: World) -> None:
    world = given(groups(opened, POINTS), *THREE, FOUR)
    one = Amendment(person=SUN, component="masses", points=Decimal(100), group="masses", ballots=4)
    assert value(world.after(*amended(world, one))) == ("valued", Fraction(88))
    with pytest.raises(Refused, match="raters-mixed"):
        amended(world, replace(one, group=None))
    with pytest.raises(Refused, match="unknown-rater-group"):
        amended(world, replace(one, group="staff"))
    whole = Amendment(person=SUN, component="masses", points=Decimal(99), ballots=9)
    unrated = groups(opened, POINTS)
    assert value(unrated.after(*amended(unrated, whole))) == ("valued", Fraction(99))


def amended(world: World, asked: Amendment) -> tuple[ScoreCorrected, ...]:
    states = [world.fold(kind, ROUND) for kind in (Round, Scores, Results, Confirmations)]
    found = amend(Changes(scores=(asked,)), *states, ground="objection", objection=ObjectionId("o"))  # type: ignore[arg-type]
    return tuple(each for each in found.events if isinstance(each, ScoreCorrected))


# ballots


def opened_box(world: World, **changes: object) -> World:
    return given(world, replace(OPEN, **changes))


def closing(members: tuple[GradeCount, ...] | None, masses: tuple[GradeCount, ...] | None) -> CloseBox:
    """Return the close of a box in which seven members and six others voted on everybody."""
    cells = [
        cell for person in MEMBERS for cell in (_cell(person, "members", members), _cell(person, "masses", masses))
    ]
    found = (Found(group="members", on_screen=8), Found(group="masses", by_slip=6))
    return CloseBox(box=BOX, keeper_pass=PASS, found=found, valid=14, void=0, cells=tuple(cells))


def _cell(person: PersonId, group: str, counts: tuple[GradeCount, ...] | None) -> Cell:
    if counts is None:
        return Cell(person=person, groups=(group,))
    return Cell(person=person, groups=(group,), counts=counts, valid=sum(c.voices for c in counts), abstained=0, void=0)


def marks(*counts: tuple[str, int]) -> tuple[GradeCount, ...]:
    return tuple(
        GradeCount(grade=None, points=Decimal(mark), voices=voices)
        if mark.isdecimal()
        else GradeCount(grade=mark, points=None, voices=voices)
        for mark, voices in counts
    )


def voted(world: World, close: CloseBox) -> World:
    world = opened_box(world)
    world = given(world, PrintSlips(box=BOX, group="masses", count=6, keeper_pass=PASS))
    for person in MEMBERS:
        world = take(world, person, SCORING, ReturnSheet(box=BOX, person=person, keeper_pass=PASS))
    return given(world, close)


@pytest.mark.parametrize(
    ("column", "members", "others", "expected"),
    [
        # (5 × 100 + 2 × 75) ÷ 7 × 60 % + (3 × 100 + 3 × 50) ÷ 6 × 40 %, and (5 × 90 + 2 × 83) ÷ 7 × 60 % + 80 × 40 %
        (GRADES, (("优秀", 5), ("合格", 2)), (("优秀", 3), ("基本合格", 3)), Fraction(650, 7) * 3 / 5 + 30),
        (POINTS, (("90", 5), ("83", 2)), (("80", 6),), Fraction(88) * 3 / 5 + 32),
    ],
)
def test_ballots_are_counted_for_each_group_and_weigh_its_share(
    opened: World,
    column: str,
    members: tuple[tuple[str, int], ...],
    others: tuple[tuple[str, int], ...],
    expected: Fraction,
) -> None:
    world = voted(groups(opened, column), closing(marks(*members), marks(*others)))
    assert value(world) == ("valued", expected)
    counted = [fact.event for fact in world.facts if isinstance(fact.event, BallotsCounted)]
    assert all(each.pooled == () for each in counted)


def test_a_group_whose_count_may_not_be_shown_makes_the_component_missing(opened: World) -> None:
    world = voted(groups(opened, GRADES), closing(marks(("优秀", 7)), None))
    assert value(world) == ("missing", None)


def test_what_one_group_voted_and_what_another_was_entered_as_come_together(opened: World) -> None:
    world = voted(groups(opened, GRADES), closing(marks(("优秀", 7)), None))
    # 100 × 60 % + 50 × 40 % = 80
    assert value(given(world, gave(50, "masses", ballots=6))) == ("valued", Fraction(80))


def test_groups_with_shares_are_never_counted_together(opened: World) -> None:
    (box,) = groups(opened, GRADES).when(OPEN, actor=ZHANG, at=SCORING).events
    assert isinstance(box, BoxOpened)
    assert not box.pooled


def test_a_box_in_which_a_group_could_never_be_shown_is_not_opened(opened: World) -> None:
    world = groups(opened, GRADES)
    few = replace(OPEN, slips=(replace(MASSES, count=4),))
    world.when(few, actor=ZHANG, at=SCORING).refused("too-few-in-group")
    alone = tuple(each for each in VOTERS if each.person in (*MEMBERS[:5],))
    world.when(replace(OPEN, voters=alone), actor=ZHANG, at=SCORING).refused("too-few-in-group")


@pytest.mark.parametrize(("column", "graded"), [(POINTS, False), (GRADES, True)])
def test_a_group_too_small_for_a_ballot_counts_as_it_appraised_openly(
    opened: World, column: str, *, graded: bool
) -> None:
    """Of the others, two alone appraised openly where three voices are needed of a secret ballot."""
    three = column.replace("minimum = 2", "minimum = 3")
    mark = {"grade": "合格"} if graded else {"points": Decimal(75)}
    marked = tuple(NamedMark(rater=rater, group="masses", **mark) for rater in (STAFF, QIAN))
    openly = OpenlyAppraised(
        round=ROUND, branch=BRANCH, component="masses", meeting=None, person=SUN, marks=marked, shown_from=5
    )
    world = given(groups(opened, three), *THREE).after(openly)
    # 80 × 60 % + 75 × 40 % = 78
    assert value(world) == ("valued", Fraction(78))
    assert value(groups(opened, three).after(openly)) == ("missing", None)


# one's own judgement


def test_whose_own_judgement_may_not_count_votes_where_his_own_line_is_left_out(opened: World) -> None:
    world = opened_box(groups(opened, OWN))
    paper = HandOutSheets(box=BOX, people=(WU,))
    world.when(paper, actor=ZHANG, at=SCORING).refused("paper-could-be-ones-own")
    assert given(groups(opened, POINTS), OPEN).when(paper, actor=ZHANG, at=SCORING).events


def test_who_is_not_judged_may_vote_on_paper(opened: World) -> None:
    outside = (*VOTERS, *(Voter(person=person, group="masses") for person in OUTSIDE))
    world = opened_box(groups(opened, OWN), voters=outside)
    assert world.when(HandOutSheets(box=BOX, people=(STAFF,)), actor=ZHANG, at=SCORING).events
    world.when(HandOutSheets(box=BOX, people=(STAFF, LI)), actor=ZHANG, at=SCORING).refused("paper-could-be-ones-own")


def test_members_whose_own_judgement_may_not_count_have_no_nameless_slips(opened: World) -> None:
    slips = (MASSES, Slips(group="members", count=1))
    asked = replace(OPEN, slips=slips)
    groups(opened, OWN).when(asked, actor=ZHANG, at=SCORING).refused("slips-could-be-ones-own")
    assert groups(opened, POINTS).when(asked, actor=ZHANG, at=SCORING).events


def test_graded_voices_stand_on_the_sheet_by_group(opened: World) -> None:
    world = voted(groups(opened, GRADES), closing(marks(("优秀", 7)), marks(("合格", 6))))
    this, scores = world.fold(Round, ROUND), world.fold(Scores, ROUND)
    assert isinstance(this, Round)
    assert isinstance(scores, Scores)
    (sun,) = [each for each in sheet_of(this, scores, {}).people if each.person == SUN]
    found = sun.components["masses"]
    assert isinstance(found, Counted)
    assert found.groups == {"members": {"优秀": 7}, "masses": {"合格": 6}}
