"""What readers see of the stars of a round."""

from datetime import date, datetime

import pytest

from domain.confirmation import StarConfirmed
from domain.confirming import ConfirmStars
from domain.dates import CHINA
from domain.decision import Event
from domain.ids import NoticeId
from domain.notices import NoticeInterrupted, NoticePosted, PostNotice
from domain.objections import ObjectionFiled, ObjectionRuled
from domain.rounds import Round
from domain.tally import Results
from projections.engine import Reading
from projections.folding import folded
from projections.stars import CurrentStar, current_stars, round_frame
from tests.controls import BRANCH, CHEN, NOTICE, ROUND, RULEBOOK, SECOND_NOTICE, SUN, WU, ZHANG, ZHOU, Step, noon
from tests.projections.year_ledger import Year


def star_of(reading: Reading, person: str) -> CurrentStar:
    """Return where a person stands in the round."""
    return next(one for one in current_stars(reading, round_id=ROUND) if one.person == person)


def position_of(year: Year, kind: type[Event], nth: int = 0) -> int:
    """Return where the n-th fact of a kind stands."""
    return [fact.position for fact in year.ledger.read() if isinstance(fact.event, kind)][nth]


def test_everybody_on_the_roster_has_one_row_in_roster_order(reading: Reading, ended: Year) -> None:
    roster = list(folded(ended.ledger, Round, ROUND).roster)
    assert [one.person for one in current_stars(reading, round_id=ROUND)] == roster


def test_a_row_says_what_the_newest_result_says(reading: Reading, ended: Year) -> None:
    for person, result in folded(ended.ledger, Results, ROUND).latest.items():
        row = star_of(reading, person)
        assert (row.status, row.score_star, row.star, row.label) == (
            result.status,
            result.score_star,
            result.star,
            result.label,
        )
        assert row.total == (None if result.total is None else str(result.total))


def test_a_star_stands_beside_its_scheme(reading: Reading) -> None:
    row = star_of(reading, SUN)
    assert (row.branch, row.period, row.rulebook, row.version) == (BRANCH, "2025", RULEBOOK, 1)
    frame = round_frame(reading, ROUND)
    assert frame is not None
    assert (frame.branch, frame.rulebook) == (BRANCH, RULEBOOK)
    assert round_frame(reading, "another") is None


def test_a_confirmation_stands_beside_a_later_result(reading: Reading, ended: Year) -> None:
    row = star_of(reading, WU)
    assert row.confirmed is not None
    assert (row.total, row.confirmed.total, row.confirmed.star) == ("78.05", "77.70", 2)
    assert row.confirmed.position == position_of(ended, StarConfirmed)
    assert (row.confirmed.superseded, row.in_question) == (0, False)


def test_an_exempt_member_has_no_star(reading: Reading) -> None:
    row = star_of(reading, ZHANG)
    assert (row.status, row.total, row.star) == ("not_rated", None, 0)


def test_a_line_hangs_on_the_newest_notice(reading: Reading) -> None:
    wu, sun = star_of(reading, WU), star_of(reading, SUN)
    assert (wu.notice, wu.posted_total, sun.notice, sun.posted_star) == (SECOND_NOTICE, "77.70", NOTICE, 4)
    assert wu.window_ends_at == datetime(2026, 1, 22, tzinfo=CHINA)
    assert not wu.window_provisional


def test_an_interrupted_window_has_no_end(ended: Year) -> None:
    follower = ended.follower()
    interrupted = position_of(ended, NoticeInterrupted)
    with follower.as_of(interrupted - 1) as before, follower.as_of(interrupted) as after:
        assert star_of(before, SUN).window_ends_at == datetime(2026, 1, 16, tzinfo=CHINA)
        assert star_of(after, SUN).window_ends_at is None


def test_a_star_is_in_question_while_an_objection_is_open(ended: Year) -> None:
    follower = ended.follower()
    filed, ruled = position_of(ended, ObjectionFiled), position_of(ended, ObjectionRuled)
    with follower.as_of(filed) as reading:
        assert [one.person for one in current_stars(reading) if one.in_question] == [ZHOU]
    with follower.as_of(ruled - 1) as reading:
        assert [one.person for one in current_stars(reading) if one.in_question] == [WU]
    with follower.as_of(ruled) as reading:
        assert [one.person for one in current_stars(reading) if one.in_question] == []


def test_stars_can_be_asked_by_branch_and_by_person(reading: Reading) -> None:
    assert {one.person for one in current_stars(reading, branch=BRANCH)} == {
        one.person for one in current_stars(reading)
    }
    assert [one.person for one in current_stars(reading, person=SUN)] == [SUN]
    assert current_stars(reading, branch="another") == []


@pytest.mark.parametrize("back", [0, 1])
def test_before_the_notice_nothing_hangs(ended: Year, back: int) -> None:
    with ended.follower().as_of(position_of(ended, NoticePosted) - back) as reading:
        assert {one.notice for one in current_stars(reading)} == {None}
        assert {one.confirmed for one in current_stars(reading)} == {None}


def test_a_second_confirmation_counts_the_first(year: Year) -> None:
    year.play(
        [
            Step(
                PostNotice(round=ROUND, notice=NoticeId("notice-3"), places=("厂务公开栏",), contact="赵"),
                ZHANG,
                noon(date(2026, 7, 11)),
            ),
            Step(ConfirmStars(round=ROUND, body="考核工作领导小组"), CHEN, noon(date(2026, 7, 27))),
        ]
    )
    with year.follower().reading() as reading:
        row = star_of(reading, WU)
        assert row.confirmed is not None
        assert (row.confirmed.total, row.confirmed.superseded) == ("78.05", 1)
