"""The score sheet, the notice board and the register of objections."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from domain.dates import CHINA
from domain.decision import Fact
from domain.ids import ObjectionId, PersonId
from domain.notice_keeping import CorrectNotice
from domain.notices import NoticeInterrupted, NoticeResumed
from domain.objections import FileObjection, ObjectionAccepted, ObjectionExtended
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.score_places import WHOLE
from domain.scores import ScoreRecorded, Scores
from domain.sealed import Sealed
from ledger.engine import open_database
from projections.columns import SCHEMA
from projections.engine import Reading
from projections.folding import folded
from projections.notice_board import posted_notices
from projections.objection_register import RegisteredObjection, registered_objections
from projections.progress import create_tables
from projections.rows import Rows
from projections.score_sheet import SCORE_SHEET, score_sheet, sheet_cells
from projections.stars import current_stars
from tests.control_events import EVENTS
from tests.controls import (
    LATE,
    NOTICE,
    REJECTED,
    ROUND,
    SECOND_NOTICE,
    STAFF,
    SUN,
    UPHELD,
    WITHDRAWN,
    WU,
    ZHANG,
    ZHAO,
    ZHOU,
    Step,
    noon,
)
from tests.projections.test_stars_view import position_of
from tests.projections.year_ledger import Year

EXAMPLE = cast("ScoreRecorded", EVENTS[ScoreRecorded])


def test_the_sheet_holds_what_raters_gave_in_roster_order(reading: Reading, ended: Year) -> None:
    sheet = score_sheet(reading, ROUND)
    assert sheet is not None
    this, scores = folded(ended.ledger, Round, ROUND), folded(ended.ledger, Scores, ROUND)
    assert [row.person for row in sheet.rows] == list(this.roster)
    for row, candidate in zip(sheet.rows, sheet_of(this, scores, {}).people, strict=True):
        for code, score in candidate.components.items():
            cell = row.cells.get(code)
            assert ((cell is None or cell.points is None) and score is None) or (
                isinstance(score, tuple) and cell is not None and Decimal(cell.points or "") == score[0].points
            )


def test_a_corrected_cell_names_its_newest_fact(reading: Reading, ended: Year) -> None:
    sheet = score_sheet(reading, ROUND)
    assert sheet is not None
    cell = next(row for row in sheet.rows if row.person == WU).cells["work"]
    held = folded(ended.ledger, Scores, ROUND).held[(PersonId(WU), "work")][WHOLE]
    assert [(each.points, each.position) for each in cell.given] == [("80", held.position)]
    assert (cell.points, cell.tallied) == ("80", "80")


def test_what_does_not_exist_is_not_missing(reading: Reading) -> None:
    sheet = score_sheet(reading, ROUND)
    assert sheet is not None
    rows = {row.person: row for row in sheet.rows}
    assert (rows[WU].cells["group"].not_applicable, rows[WU].cells["group"].points) == (True, None)
    assert (rows[ZHANG].exempt, rows[ZHANG].cells["work"].not_applicable) == (True, False)
    assert rows[SUN].cells["masses"].ballots == 9
    assert [each.rater for each in rows[SUN].cells["self"].given] == [SUN]


def test_there_is_no_sheet_of_a_round_that_was_not_opened(reading: Reading) -> None:
    assert score_sheet(reading, "another") is None


@given(st.lists(st.decimals(0, 100, places=3), min_size=1, max_size=5))
def test_several_raters_make_an_exact_mean_and_each_counts_once(points: list[Decimal]) -> None:
    engine = open_database("sqlite://", SCHEMA)
    with engine.begin() as connection:
        create_tables(connection, SCORE_SHEET)
        rows = Rows(connection, "main")
        for number, given_points in enumerate([Decimal(1), *points]):
            score = replace(EXAMPLE, rater=PersonId(f"rater-{max(number, 1)}"), ballots=None, points=given_points)
            SCORE_SHEET.apply(rows, Fact(number + 1, noon(date(2026, 1, 6)), ZHANG, None, score))
        cell = rows.get(sheet_cells, EXAMPLE.round, EXAMPLE.person, EXAMPLE.component)
    engine.dispose()
    assert cell is not None
    assert Fraction(cell["points"]) == sum(map(Fraction, points)) / len(points)
    assert len(cell["given"]) == len(points)


def test_a_notice_carries_its_lines_in_order_and_what_replaced_them(reading: Reading) -> None:
    first, second = posted_notices(reading, ROUND)
    assert (first.notice, second.notice, first.number, second.number) == (NOTICE, SECOND_NOTICE, 1, 2)
    assert (first.places, first.days, first.provisional) == (("厂务公开栏",), 7, False)
    assert [line.person for line in second.lines] == [WU]
    replaced = {line.person: line.replaced_by for line in first.lines if line.replaced_by is not None}
    assert replaced == {WU: SECOND_NOTICE}
    assert second.lines[0].restarts
    assert second.lines[0].total == "77.70"


def test_a_gap_is_shown_and_moves_the_end(ended: Year) -> None:
    with ended.follower().as_of(position_of(ended, NoticeInterrupted)) as reading:
        (first,) = posted_notices(reading, ROUND)
        assert (first.hangs, first.ends_at) == (False, None)
    with ended.follower().as_of(position_of(ended, NoticeResumed)) as reading:
        (first,) = posted_notices(reading, ROUND)
    assert [(gap.since, gap.until, gap.why) for gap in first.gaps] == [
        (noon(date(2026, 1, 10)), noon(date(2026, 1, 11)), "公示栏检修")
    ]
    assert first.hangs
    assert first.ends_at == datetime(2026, 1, 20, tzinfo=CHINA)


def test_a_notice_reads_as_corrected_and_its_window_counts_anew(year: Year) -> None:
    heading = CorrectNotice(round=ROUND, notice=SECOND_NOTICE, why="标题错别字")
    places = replace(heading, why="加贴一处", places=("厂务公开栏", "活动室"))
    year.play((Step(heading, ZHANG, noon(date(2026, 7, 20))),))
    with year.follower().reading() as reading:
        first, second = posted_notices(reading, ROUND)
        assert (first.contact, first.corrected_why) == ("赵，电话分机 21", "分机号有误")
        assert first.corrected_at == first.restarted_at == noon(date(2026, 1, 12))
        assert (second.corrected_at, second.restarted_at) == (noon(date(2026, 7, 20)), None)
        assert (second.places, second.ends_at) == (("厂务公开栏",), datetime(2026, 1, 22, tzinfo=CHINA))
    year.play((Step(places, ZHANG, noon(date(2026, 7, 21))),))
    with year.follower().reading() as reading:
        _, second = posted_notices(reading, ROUND)
        assert (second.places, second.contact) == (places.places, "赵，电话分机 12")
        assert (second.restarted_at, second.ends_at) == (noon(date(2026, 7, 21)), datetime(2026, 7, 29, tzinfo=CHINA))
        ends = {one.notice: one.window_ends_at for one in current_stars(reading, round_id=ROUND) if one.notice}
        assert ends == {NOTICE: first.ends_at, SECOND_NOTICE: second.ends_at}


def test_a_notice_that_was_taken_down_no_longer_hangs_and_keeps_its_end(reading: Reading) -> None:
    first, second = posted_notices(reading, ROUND)
    assert (first.hangs, first.taken_down_at) == (False, noon(date(2026, 2, 2)))
    assert first.ends_at == datetime(2026, 1, 20, tzinfo=CHINA)
    assert (second.hangs, second.taken_down_at, second.gaps) == (True, None, ())


def register(reading: Reading) -> dict[str, RegisteredObjection]:
    """Return the objections of the round by id."""
    return {each.objection: each for each in registered_objections(reading, round_id=ROUND)}


def test_the_register_shows_how_far_each_objection_has_got(reading: Reading) -> None:
    known = register(reading)
    assert {key: each.stage for key, each in known.items()} == {
        WITHDRAWN: "withdrawn",
        UPHELD: "ruled",
        REJECTED: "rejected",
    }
    upheld = known[UPHELD]
    assert (upheld.verdict, upheld.touched, upheld.investigators) == ("upheld", (WU,), (SUN, ZHOU))
    assert (upheld.extended, upheld.closed_late, upheld.due_at) == (True, False, None)
    assert upheld.rule_by == datetime(2026, 1, 31, tzinfo=CHINA)
    assert upheld.replied_at == noon(date(2026, 1, 13))


def test_the_clock_of_an_objection_is_that_of_its_stage(ended: Year) -> None:
    follower = ended.follower()
    accepted, extended = position_of(ended, ObjectionAccepted), position_of(ended, ObjectionExtended)
    with follower.as_of(accepted - 1) as reading:
        filed = register(reading)[UPHELD]
        assert (filed.stage, filed.due_at) == ("filed", filed.accept_by)
    with follower.as_of(accepted) as reading:
        before = register(reading)[UPHELD]
    with follower.as_of(extended) as reading:
        after = register(reading)[UPHELD]
    assert before.due_at == before.rule_by
    assert after.due_at is not None
    assert before.due_at is not None
    assert after.due_at > before.due_at


def test_an_open_objector_is_a_reference_and_a_confidential_one_nothing(year: Year) -> None:
    late = FileObjection(
        round=ROUND,
        objection=ObjectionId(LATE),
        about=WU,
        statement=Sealed("漏计工时"),
        confidential_name=Sealed("匿名来信者"),
    )
    year.play([Step(late, ZHAO, noon(date(2026, 7, 11)))])
    with year.follower().reading() as reading:
        known = register(reading)
    assert known[WITHDRAWN].objector == STAFF
    assert (known[LATE].objector, known[LATE].stage) == (None, "late")
    digest = next(
        fact.event.confidential_name.digest
        for fact in year.ledger.read(after=year.ledger.head().size - 1)
        if hasattr(fact.event, "confidential_name")
    )
    assert digest
    assert digest not in year.dump()


def test_objections_can_be_asked_by_the_person_they_are_about(reading: Reading) -> None:
    assert [each.objection for each in registered_objections(reading, about=WU)] == [UPHELD]


def test_no_view_holds_sealed_words(year: Year) -> None:
    year.follower().catch_up()
    held = year.dump()
    assert "数据有误" not in held
    assert ascii("数据有误")[1:-1] not in held
    assert ascii("厂务公开栏")[1:-1] in held
