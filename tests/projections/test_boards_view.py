"""三公示 as they hang: the board indoors, the list outside, the staff's results."""

from projections.ballot_count import BALLOT_COUNT
from projections.boards import BOARDS, posted_boards, staff_results
from projections.dump import dump
from projections.engine import Reading
from projections.year_table import YEAR_TABLE
from tests.controls import BRANCH, STAFF
from tests.projections.month_ledger import BEST, EVERYBODY, MARCH, STAFF_NOTICE, LivedMonths


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
    assert [(line.person, line.thought, line.duties, line.tasks, line.overall) for line in notice.lines] == [
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


def test_the_views_of_months_rebuilt_are_those_that_followed(lived: LivedMonths) -> None:
    views = (BALLOT_COUNT, BOARDS, YEAR_TABLE)
    follower = lived.year.follower(views, batch_facts=17)
    for upto in (60, 100, 101):
        follower.catch_up(upto=upto)
    follower.catch_up()
    followed = lived.year.dump(views)
    follower.rebuild()
    assert lived.year.dump(views) == followed != ""
    assert follower.differing() == []
