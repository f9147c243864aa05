"""A notice on paper says what was posted, how long it hangs, who receives objections, and how a copy is checked."""

import pytest

from domain.decision import NotFound
from paper.catalogue import form_named
from paper.document import Sheet, Table
from paper.editions import edition_of
from paper.forms.notices import notice
from paper.source import Asked, Source
from projections.disclosed_rows import RowCurtain
from projections.names import names_in
from projections.notice_board import NOTICE_BOARD
from projections.notice_codes import coded_notices
from projections.withholding import Disclosures
from tests.controls import NOTICE, ROUND, SECOND_NOTICE
from tests.paper.conftest import OFFICE, Sources, words_of
from tests.projections.year_ledger import Year

ASKED = Asked(round=ROUND, notice=NOTICE)


def printed_as_of(year: Year, position: int) -> Sheet:
    """Return the notice as it is printed from the facts up to a position."""
    with year.follower((NOTICE_BOARD,)).as_of(position) as reading:
        curtain = RowCurtain(Disclosures(year.ledger, OFFICE, position), "zh")
        return notice.make(Source(year.ledger, reading, names_in(year.ledger, position), curtain), ASKED)


@pytest.fixture
def posted(year: Year) -> Sheet:
    """Return the notice as it was posted."""
    return printed_as_of(year, edition_of(year.ledger, ROUND, NOTICE, 1).position)


def test_a_notice_has_its_code_head_and_the_root_it_was_posted_under(year: Year, posted: Sheet) -> None:
    coded = next(each for each in coded_notices(year.ledger) if each.notice == NOTICE)
    assert posted.seal is not None
    assert posted.origin is not None
    assert (posted.seal.code, posted.seal.head) == (coded.code, coded.head.hex())
    assert posted.origin.size == coded.last


def test_a_notice_says_its_window_and_who_receives_objections(posted: Sheet) -> None:
    said = "".join(words_of(posted))
    assert "张贴当日不计入" in said
    assert "不少于7日" in said
    assert "24时止" in said
    assert "赵，电话分机" in said


def test_a_correction_makes_another_edition_and_leaves_the_first_as_it_was(year: Year, posted: Sheet) -> None:
    newest = edition_of(year.ledger, ROUND, NOTICE)
    assert newest.number > 1
    corrected = printed_as_of(year, newest.position)
    assert "已于" in "".join(words_of(corrected))
    assert printed_as_of(year, edition_of(year.ledger, ROUND, NOTICE, 1).position) == posted


def test_later_facts_change_no_edition(year: Year, posted: Sheet) -> None:
    assert edition_of(year.ledger, ROUND, NOTICE, 1, upto=year.ledger.head().size) == edition_of(
        year.ledger, ROUND, NOTICE, 1
    )
    assert posted.origin is not None
    assert posted.origin.size < year.ledger.head().size


@pytest.mark.parametrize(("which", "number"), [("notice-none", None), (NOTICE, 0), (NOTICE, 99)])
def test_an_edition_that_never_hung_is_not_found(year: Year, which: str, number: int | None) -> None:
    with pytest.raises(NotFound):
        edition_of(year.ledger, ROUND, which, number)


def test_a_line_that_was_corrected_is_marked(year: Year, sources: Sources) -> None:
    sheet = form_named("notice").make(sources(year, OFFICE), Asked(round=ROUND, notice=SECOND_NOTICE))
    assert "更正" in sheet.title
    table = next(block for block in sheet.blocks if isinstance(block, Table))
    assert {row[-1] for row in table.rows} == {"※"}
