"""Drawing, settling and posting months: what counts in a year is what a meeting adopted (B-37 to B-40, B-47)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import cast

import pytest

from domain.ballot_appraising import HoldOpenAppraisal, Judgement
from domain.ballot_opening import OpenBox
from domain.ballots import BallotsCounted, GradeCount
from domain.boards import BoardLinePosted, BoardPosted, PostBoard, excellent
from domain.confirmation import Confirmations
from domain.confirming import ConfirmStars
from domain.decision import Command, Event, NotFound, NotPermitted, Refused, replace
from domain.drawing import DeclareNoAppraisal, DrawMonths, DrawRecords, TakeBackNoAppraisal
from domain.drawn import AppraisalNotHeld, MonthDrawn, NoAppraisalTakenBack, RecordsDrawn
from domain.ids import BoxId, BranchId, NoticeId, PersonId
from domain.lists import ListProposed
from domain.months import MonthSettled, SettleMonth
from domain.notices import PostNotice
from domain.proposing import ProposeList
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.rulebook import parse_rulebook
from domain.rulings import Amendment, Changes, amend
from domain.scores import RecordScore, ScoreCorrected, Scores
from domain.sheet import Counted, Given
from domain.tally import ResultComputed, Results, RoundTallied, Tally
from tests.control_months import MONTH_ROUND, MONTHLY_RULES, YEAR_ROUND
from tests.controls import COMMANDS, QIAN, ROUND, STRANGER, ZHANG, noon
from tests.domain.conftest import World

RULES = parse_rulebook(MONTHLY_RULES)
LATE = noon(date(2027, 2, 5))
Before = Callable[[type[Command]], World]
DRAW, SETTLE, POST = COMMANDS[DrawRecords], COMMANDS[SettleMonth], COMMANDS[PostBoard]
DRAW_MONTHS, NOT_HELD = COMMANDS[DrawMonths], COMMANDS[DeclareNoAppraisal]
TAKE_BACK = TakeBackNoAppraisal(round=YEAR_ROUND, component="appraisal", why="民主评议改期举行")


def ask(world: World, asked: Command, actor: PersonId = ZHANG) -> tuple[Event, ...]:
    answer = world.when(asked, actor=actor, at=LATE)
    assert answer.refusal is None, answer.refusal
    return answer.events


def refuses(world: World, asked: Command, code: str, kind: type[Refused] = Refused, actor: PersonId = ZHANG) -> None:
    world.when(asked, actor=actor, at=LATE).refused(code, kind)


# drawing records


def test_who_has_no_entry_is_drawn_with_none(before: Before) -> None:
    (drawn,) = ask(before(DrawRecords), DRAW)
    assert isinstance(drawn, RecordsDrawn)
    assert (drawn.person, drawn.entries) == (QIAN, ())


def test_what_is_unchanged_is_not_drawn_again(before: Before) -> None:
    world = before(DrawRecords)
    assert ask(world.after(*ask(world, DRAW), actor=ZHANG, at=LATE), DRAW) == ()


def test_records_are_drawn_for_the_branch_of_the_round_only(before: Before) -> None:
    refuses(before(DrawRecords), replace(cast("DrawRecords", DRAW), branch=BranchId("workshop-1")), "other-branch")


def test_only_a_component_made_of_entries_is_drawn(before: Before) -> None:
    refuses(before(DrawRecords), replace(cast("DrawRecords", DRAW), component="appraisal"), "not-from-entries")


def test_nothing_is_drawn_once_the_list_is_proposed(before: Before) -> None:
    refuses(before(SettleMonth), DRAW, "list-proposed")


@pytest.mark.parametrize("asked", [DRAW, SETTLE, POST, DRAW_MONTHS, NOT_HELD], ids=lambda asked: asked.NAME)
def test_months_are_the_recorders_business(before: Before, asked: Command) -> None:
    refuses(before(type(asked)), asked, "wrong-office", NotPermitted, STRANGER)


# settling


def test_a_month_is_settled_with_its_exact_components(before: Before) -> None:
    (settled,) = ask(before(SettleMonth), SETTLE)
    assert isinstance(settled, MonthSettled)
    assert {each.component: each.points for each in settled.components} == {"appraisal": "90", "records": "100"}
    assert settled.total == Decimal("97.00")


def test_a_month_is_settled_once(before: Before) -> None:
    world = before(SettleMonth)
    assert ask(world.after(*ask(world, SETTLE), actor=ZHANG, at=LATE), SETTLE) == ()


def test_a_month_is_settled_only_after_a_meeting_adopted_its_list(before: Before) -> None:
    refuses(before(DrawRecords), SETTLE, "list-not-adopted")


def test_a_year_is_not_settled_as_a_month(before: Before) -> None:
    asked = replace(cast("SettleMonth", SETTLE), round=YEAR_ROUND)
    refuses(before(DrawMonths), asked, "not-a-month")


# drawing months


def test_the_year_takes_every_settled_month_with_its_fact(before: Before) -> None:
    world = before(DrawMonths)
    (drawn,) = ask(world, DRAW_MONTHS)
    assert isinstance(drawn, MonthDrawn)
    assert (drawn.person, drawn.period, drawn.records, drawn.appraisal) == (QIAN, "2025-09", "100", "90")
    assert isinstance(world.facts[drawn.source - 1].event, MonthSettled)


def test_months_drawn_already_are_not_drawn_again(before: Before) -> None:
    world = before(DrawMonths)
    assert ask(world.after(*ask(world, DRAW_MONTHS), actor=ZHANG, at=LATE), DRAW_MONTHS) == ()


def test_a_month_takes_no_months(before: Before) -> None:
    refuses(before(DrawRecords), replace(cast("DrawMonths", DRAW_MONTHS), round=MONTH_ROUND), "not-a-year")


def test_that_no_appraisal_was_held_is_declared_once(before: Before) -> None:
    world = before(DeclareNoAppraisal)
    (declared,) = ask(world, NOT_HELD)
    assert isinstance(declared, AppraisalNotHeld)
    assert ask(world.after(declared, actor=ZHANG, at=LATE), NOT_HELD) == ()


def test_where_there_are_scores_the_appraisal_was_held(up_to: Callable[[Command], World]) -> None:
    asked = replace(cast("DeclareNoAppraisal", NOT_HELD), round=MONTH_ROUND)
    refuses(up_to(Tally(round=MONTH_ROUND)), asked, "appraisal-held")


def test_the_declaration_is_taken_back_with_a_reason_and_once(before: Before) -> None:
    world = before(TakeBackNoAppraisal)
    refuses(world, replace(TAKE_BACK, why=" "), "reason-missing")
    (taken_back,) = ask(world, TAKE_BACK)
    assert isinstance(taken_back, NoAppraisalTakenBack)
    after = world.after(taken_back, actor=ZHANG, at=LATE)
    assert ask(after, TAKE_BACK) == ()
    assert ask(after, NOT_HELD)


def test_only_what_was_declared_is_taken_back(before: Before) -> None:
    refuses(before(DeclareNoAppraisal), TAKE_BACK, "nothing-declared", NotFound)
    refuses(before(TakeBackNoAppraisal), replace(TAKE_BACK, component="nothing"), "unknown-component", NotFound)


def test_after_it_is_taken_back_the_appraisal_is_missing_until_it_is_scored(before: Before) -> None:
    world = before(TakeBackNoAppraisal)
    world = world.after(*ask(world, Tally(round=YEAR_ROUND)), actor=ZHANG, at=LATE)
    world = world.after(*ask(world, TAKE_BACK), actor=ZHANG, at=LATE)
    refuses(world, ProposeList(round=YEAR_ROUND, body="考核工作领导小组"), "tally-outdated", actor=PersonId("chen"))
    tallied = ask(world, Tally(round=YEAR_ROUND))[0]
    assert isinstance(tallied, RoundTallied)
    assert tallied.incomplete == (QIAN,)
    assert ask(world, RecordScore(round=YEAR_ROUND, person=QIAN, component="appraisal", points=Decimal(90), ballots=7))


def test_a_declaration_that_a_proposed_list_rests_on_is_not_taken_back(before: Before) -> None:
    proposed = ListProposed(round=YEAR_ROUND, list=1, tally=1, body="考核工作领导小组")
    refuses(before(TakeBackNoAppraisal).after(proposed), TAKE_BACK, "list-proposed")


def test_only_a_component_of_the_rulebook_is_declared_not_held(before: Before) -> None:
    asked = replace(cast("DeclareNoAppraisal", NOT_HELD), component="nothing")
    refuses(before(DeclareNoAppraisal), asked, "unknown-component", NotFound)


def test_without_an_annual_appraisal_the_months_own_stand_in_for_it(in_the_end: World) -> None:
    this, scores = (
        cast("Round", in_the_end.fold(Round, YEAR_ROUND)),
        cast("Scores", in_the_end.fold(Scores, YEAR_ROUND)),
    )
    (candidate,) = sheet_of(this, scores, {}).people
    assert "appraisal" in candidate.not_applicable
    (month,) = candidate.periods
    assert month.components["records"] == Given(Fraction(100), (month.components["records"].sources[0],))  # type: ignore[union-attr]


# amendments of months


def test_a_ruling_amends_one_month_of_the_year(in_the_end: World) -> None:
    this, scores = (
        cast("Round", in_the_end.fold(Round, YEAR_ROUND)),
        cast("Scores", in_the_end.fold(Scores, YEAR_ROUND)),
    )
    amendment = Amendment(person=QIAN, component="records", points=Decimal(95), period="2025-09")
    amended = amend(
        Changes((amendment,)),
        this,
        scores,
        cast("Results", in_the_end.fold(Results, YEAR_ROUND)),
        Confirmations(YEAR_ROUND),
        ground="procedure",
    )
    corrected = amended.events[0]
    assert isinstance(corrected, ScoreCorrected)
    assert (corrected.period, corrected.was, corrected.points) == ("2025-09", Decimal(100), Decimal(95))
    after = in_the_end.after(*amended.events, actor=ZHANG, at=LATE)
    (candidate,) = sheet_of(this, cast("Scores", after.fold(Scores, YEAR_ROUND)), {}).people
    assert cast("Given", candidate.periods[0].components["records"]).points == 95


@pytest.mark.parametrize(
    ("period", "points", "code"), [("2025-10", 95, "month-not-drawn"), ("2025-09", 100, "nothing-amended")]
)
def test_an_amendment_of_a_month_says_what_was_wrong_in_it(
    in_the_end: World, period: str, points: int, code: str
) -> None:
    amendment = Amendment(person=QIAN, component="records", points=Decimal(points), period=period)
    with pytest.raises(Refused) as refusal:
        amend(
            Changes((amendment,)),
            cast("Round", in_the_end.fold(Round, YEAR_ROUND)),
            cast("Scores", in_the_end.fold(Scores, YEAR_ROUND)),
            cast("Results", in_the_end.fold(Results, YEAR_ROUND)),
            Confirmations(YEAR_ROUND),
            ground="procedure",
        )
    assert refusal.value.code == code


# counted ballots in the sheet


def counted(group: str, *, pooled: tuple[str, ...] = (), withheld: bool = False, **voices: int) -> BallotsCounted:
    counts = tuple(GradeCount(grade=grade, points=None, voices=count) for grade, count in voices.items())
    return BallotsCounted(
        round=YEAR_ROUND,
        box=BoxId("box"),
        person=QIAN,
        component="appraisal",
        group=group,
        pooled=pooled,
        counts=() if withheld else counts,
        valid=None if withheld else sum(voices.values()),
        abstained=0,
        void=0,
        withheld=withheld,
    )


def appraisal_after(world: World, *events: BallotsCounted) -> object:
    grown = world.after(*events, actor=ZHANG, at=LATE)
    this, scores = cast("Round", grown.fold(Round, YEAR_ROUND)), cast("Scores", grown.fold(Scores, YEAR_ROUND))
    return sheet_of(this, scores, {}).people[0].components["appraisal"]


def test_groups_that_may_be_shown_are_counted_apart(before: Before) -> None:
    found = appraisal_after(before(DeclareNoAppraisal), counted("members", 优秀=6), counted("representatives", 合格=5))
    assert isinstance(found, Counted)
    assert found.groups == {"members": {"优秀": 6}, "representatives": {"合格": 5}}


def test_a_group_too_small_to_be_shown_is_counted_with_the_others(before: Before) -> None:
    pooled = counted("members+representatives", pooled=("members", "representatives"), 优秀=6, 合格=3)
    found = appraisal_after(before(DeclareNoAppraisal), pooled)
    assert isinstance(found, Counted)
    assert (found.grades, found.groups) == ({"优秀": 6, "合格": 3}, {})


def test_what_is_withheld_is_missing_and_not_zero(before: Before) -> None:
    assert appraisal_after(before(DeclareNoAppraisal), counted("members", withheld=True, 优秀=2)) is None


# boards


def test_a_board_shows_an_adopted_list_and_hangs_once(before: Before) -> None:
    world = before(PostBoard)
    posted, line = ask(world, POST)
    assert isinstance(posted, BoardPosted)
    assert isinstance(line, BoardLinePosted)
    assert (line.person, line.appraisal, line.star) == (QIAN, "90", 5)
    assert ask(world.after(posted, line, actor=ZHANG, at=LATE), POST) == ()


def test_no_board_hangs_before_the_meeting_adopted_the_list(before: Before) -> None:
    refuses(before(DrawRecords), POST, "list-not-adopted")


def test_a_board_hangs_somewhere(before: Before) -> None:
    refuses(before(PostBoard), replace(cast("PostBoard", POST), places=()), "no-place")


def results(*people: str) -> list[ResultComputed]:
    return [
        ResultComputed(
            round=ROUND,
            tally=1,
            person=PersonId(person),
            status="complete",
            total=Decimal(90),
            total_exact="90",
            score_star=4,
            star=4,
            label="四星级",
            components=(),
        )
        for person in people
    ]


def test_the_excellent_are_those_whom_most_call_so_within_a_third_of_the_members() -> None:
    voices = {
        PersonId("a"): {"优秀": 9, "合格": 1},
        PersonId("b"): {"优秀": 8, "合格": 2},
        PersonId("c"): {"优秀": 7, "合格": 3},
        PersonId("d"): {"优秀": 5, "合格": 5},
    }
    rule = RULES.conduct.excellent
    assert excellent(rule, 9, results(*"abcd"), voices) == {"a", "b", "c"}
    assert excellent(rule, 8, results(*"abcd"), voices) == {"a", "b"}


def test_whom_a_tie_would_leave_to_chance_stays_off_the_list() -> None:
    voices = {PersonId(person): {"优秀": 8, "合格": 2} for person in "bc"} | {PersonId("a"): {"优秀": 9, "合格": 1}}
    assert excellent(RULES.conduct.excellent, 6, results(*"abc"), voices) == {"a"}


def test_by_stars_the_list_follows_the_stars() -> None:
    rule = RULES.conduct.excellent
    assert rule is not None
    assert excellent(replace(rule, by="four_stars_up"), 3, results("a"), {}) == {"a"}
    assert excellent(replace(rule, by="five_stars"), 3, results("a"), {}) == set()
    assert excellent(None, 3, results("a"), {}) == set()


def test_a_round_of_another_branch_is_named(before: Before) -> None:
    world = before(SettleMonth)
    refuses(world, replace(cast("SettleMonth", SETTLE), branch=BranchId("workshop-1")), "other-branch")


@pytest.mark.parametrize(
    "asked",
    [
        PostNotice(round=MONTH_ROUND, notice=NoticeId("notice"), places=("公开栏",), contact="赵"),
        ConfirmStars(round=MONTH_ROUND, body="考核工作领导小组"),
    ],
    ids=["notice", "confirmation"],
)
def test_a_months_star_is_only_proposed(before: Before, asked: Command) -> None:
    actor = PersonId("chen") if isinstance(asked, ConfirmStars) else ZHANG
    refuses(before(SettleMonth), asked, "only-proposed", actor=actor)


@pytest.mark.parametrize(
    "asked",
    [
        RecordScore(round=YEAR_ROUND, person=QIAN, component="appraisal", points=Decimal(90), ballots=7),
        OpenBox(box=BoxId("box"), round=YEAR_ROUND, component="appraisal", keeper="0" * 64),
        HoldOpenAppraisal(
            round=YEAR_ROUND,
            component="appraisal",
            judgements=(Judgement(rater=PersonId("li"), group="members", person=QIAN, grade="合格"),),
        ),
    ],
    ids=["score", "ballot", "open appraisal"],
)
def test_what_is_on_record_as_not_held_is_neither_scored_nor_voted_on(in_the_end: World, asked: Command) -> None:
    refuses(in_the_end, asked, "appraisal-not-held")
