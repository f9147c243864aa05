"""A notice's code is made of what was posted, is the same at every later time, and forgives how it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notices import LinePosted
from ledger import tree
from projections.notice_board import posted_notices
from projections.notice_codes import ALPHABET, code_of, coded_notices, head_of, read_code
from tests.controls import ROUND
from tests.projections.year_ledger import Year

HEADS = st.binary(min_size=32, max_size=32)


def test_every_notice_of_a_story_has_a_code_of_its_own_made_of_its_posting(ended: Year) -> None:
    found = {each.notice: each for each in coded_notices(ended.ledger)}
    with ended.follower().reading() as reading:
        posted = posted_notices(reading, ROUND)
    assert {notice.notice for notice in posted} <= set(found)
    assert len({each.code for each in found.values()}) == len(found)
    for notice in posted:
        coded = found[notice.notice]
        facts = list(ended.ledger.read(after=coded.first - 1, upto=coded.last))
        lines = [fact.event.person for fact in facts if isinstance(fact.event, LinePosted)]
        assert sorted(lines) == sorted(line.person for line in notice.lines)
        rows = ended.ledger.rows(after=coded.first - 1, upto=coded.last)
        assert coded.head == tree.root(tree.frontier_of(row.leaf for row in rows))


def test_a_code_does_not_change_with_what_comes_later(ended: Year) -> None:
    for coded in coded_notices(ended.ledger):
        assert coded in coded_notices(ended.ledger, upto=coded.last)


@given(HEADS)
def test_a_code_is_read_back_however_it_is_typed(head: bytes) -> None:
    code = code_of(head)
    assert read_code(code) == code
    assert read_code(f"  {code.lower()} ") == code
    assert read_code(code.replace("-", "").replace("0", "o").replace("1", "l")) == code
    assert set(code) <= {*ALPHABET, "-"}


@given(HEADS, HEADS)
def test_other_heads_have_other_codes_where_their_first_80_bits_differ(one: bytes, other: bytes) -> None:
    assert (code_of(one) == code_of(other)) == (one[:10] == other[:10])


@pytest.mark.parametrize("typed", ["", "7C4K", "7C4K-0M2X-9QRS-TVW", "7C4K-0M2X-9QRS-TVW!", "7C4K-0M2X-9QRS-TVWXY"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_one_letter_more_in_any_entry_is_another_head() -> None:
    assert head_of([b"a", b"b"]) != head_of([b"a", b"bc"]) != head_of([b"ab", b"c"])
