"""三公示 as they hang: the board indoors, the list outside, the staff's results."""

from dataclasses import replace
from datetime import date

from domain.boards import BoardLinePosted, BoardPosted
from domain.decision import Fact
from domain.rulebook import parse_rulebook
from ledger.engine import open_database
from projections.ballot_count import BALLOT_COUNT, ballot_counts
from projections.boards import BOARDS, posted_boards, staff_results
from projections.columns import SCHEMA
from projections.dump import dump
from projections.engine import Follower, Reading
from projections.progress import create_tables
from projections.rows import Rows
from projections.year_table import YEAR_TABLE, year_table
from tests.control_months import MONTHLY_RULES
from tests.controls import BRANCH, LI, STAFF, SUN, noon
from tests.projections.month_ledger import BEST, EVERYBODY, MARCH, STAFF_NOTICE, YEAR_ROUND, LivedMonths

RULES = parse_rulebook(MONTHLY_RULES)
VIEWS_OF_MONTHS = (BALLOT_COUNT, BOARDS, YEAR_TABLE)


def test_the_indoor_board_shows_everybody_s_appraisal_and_proposed_star(months_read: Reading) -> None:
    indoor = posted_boards(months_read, MARCH)[0]
    assert (indoor.board, indoor.places, indoor.posting) == ("indoor", ("indoor栏",), 1)
    assert {line.person for line in indoor.lines} == set(EVERYBODY)
    assert all(line.appraisal is not None and line.star is not None and line.label for line in indoor.lines)


def test_the_list_outside_has_names_of_the_excellent_alone(lived: LivedMonths, months_read: Reading) -> None:
    outside = posted_boards(months_read, MARCH)[1]
    assert outside.board == "outside"
    assert {line.person for line in outside.lines} == BEST
    assert {(line.appraisal, line.star, line.label) for line in outside.lines} == {(None, None, None)}
    rows = dump(months_read.connection, lived.year.ledger.ledger_id, [BOARDS]).splitlines()
    hidden = [row for row in rows if row.startswith("board_lines") and "board='outside'" in row]
    assert len(hidden) == len(BEST)
    assert all("appraisal=None star=None label=None" in row for row in hidden)


def test_the_staff_s_results_hang_with_three_aspects_and_no_star(months_read: Reading) -> None:
    (notice,) = staff_results(months_read, BRANCH, "2025-03")
    assert (notice.notice, notice.places, notice.contact) == (STAFF_NOTICE, ("厂务公开栏",), "张，分机 8")
    assert [(line.person, line.attitude, line.duties, line.tasks, line.overall) for line in notice.lines] == [
        (STAFF, "优秀", "合格", "合格", "合格")
    ]
    assert staff_results(months_read, BRANCH, "2025-04") == []
    assert staff_results(months_read, BRANCH) == [notice]


def test_a_board_is_there_from_the_fact_that_it_hangs(lived: LivedMonths) -> None:
    follower = lived.year.follower()
    hanging = {}
    for mark in ("indoor", "outside", "staff"):
        with follower.as_of(lived.marks[mark]) as reading:
            shown = [board.board for board in posted_boards(reading, MARCH)]
            hanging[mark] = (shown, len(staff_results(reading, BRANCH)))
    assert hanging == {"indoor": ([], 0), "outside": (["indoor"], 0), "staff": (["indoor", "outside"], 0)}


def test_a_board_posted_again_hangs_with_its_new_lines_alone() -> None:
    posted = BoardPosted(round=MARCH, board="indoor", places=("展示台",), shown=1)
    line = BoardLinePosted(round=MARCH, board="indoor", person=SUN, appraisal="80", star=3, label="三星级")
    events = (posted, line, replace(line, person=LI), posted, replace(line, star=4))
    engine = open_database("sqlite://", SCHEMA)
    with engine.begin() as connection:
        create_tables(connection, BOARDS)
        rows = Rows(connection, "main")
        for position, event in enumerate(events, start=1):
            BOARDS.apply(rows, Fact(position, noon(date(2025, 4, 28)), LI, None, event))
        rows.flush()
        (board,) = posted_boards(Reading(connection, "main", len(events)), MARCH)
    engine.dispose()
    assert (board.posting, board.position) == (2, 4)
    assert [(each.person, each.star) for each in board.lines] == [(SUN, 4)]


def test_the_views_of_months_are_the_same_on_both_engines(lived: LivedMonths, database_url: str) -> None:
    engine = open_database(database_url, SCHEMA)
    follower = Follower(lived.year.ledger, engine, VIEWS_OF_MONTHS)
    with follower.reading() as found, lived.year.follower(VIEWS_OF_MONTHS).as_of(found.position) as expected:
        assert dump(found.connection, found.ledger_id, VIEWS_OF_MONTHS) == dump(
            expected.connection, expected.ledger_id, VIEWS_OF_MONTHS
        )
        assert posted_boards(found, MARCH) == posted_boards(expected, MARCH)
        assert year_table(found, YEAR_ROUND, RULES) == year_table(expected, YEAR_ROUND, RULES) is not None
        assert ballot_counts(found, round_id=MARCH) == ballot_counts(expected, round_id=MARCH) != []
        assert staff_results(found, BRANCH) == staff_results(expected, BRANCH) != []
    engine.dispose()


def test_the_views_of_months_rebuilt_are_those_that_followed(lived: LivedMonths) -> None:
    follower = lived.year.follower(VIEWS_OF_MONTHS, batch_facts=17)
    for upto in (60, 100, 101):
        follower.catch_up(upto=upto)
    follower.catch_up()
    followed = lived.year.dump(VIEWS_OF_MONTHS)
    follower.rebuild()
    assert lived.year.dump(VIEWS_OF_MONTHS) == followed != ""
    assert follower.differing() == []
