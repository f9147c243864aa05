"""Views at one moment after the other are what folding up to each of them comes to (design §5, A2, A3)."""

import os
from random import Random

import pytest

from domain.text import Text
from projections.asof import KeptRows, Timeline
from projections.compare import LINES, compare, line_of
from projections.disclosed_rows import ROWS, RowCurtain
from projections.dump import dump
from projections.stars import STARS, current_stars
from projections.view import View
from projections.views import VIEWS
from projections.withholding import Disclosures, Viewer
from tests.controls import ROUND, WANG
from tests.projections.month_ledger import LivedMonths
from tests.projections.year_ledger import Year

SEED = int(os.environ.get("STARLEDGER_SEED", "20261120"))


def folded_to(year: Year, position: int, views: tuple[View, ...] = VIEWS) -> str:
    with year.follower(views).as_of(position) as then:
        return dump(then.connection, then.ledger_id, views)


def walked_to(timeline: Timeline, position: int, views: tuple[View, ...] = VIEWS) -> str:
    then = timeline.at(position)
    assert then.position == position
    return dump(then.connection, then.ledger_id, views)


def stations(size: int, number: int) -> list[int]:
    random = Random(SEED)  # noqa: S311 - drawn again from its seed
    return [size // 2, size // 2 + 1, size // 2, 1, size, *(random.randrange(size + 1) for _ in range(number))]


def test_every_moment_is_what_folding_up_to_it_comes_to_whichever_way_one_gets_there(
    ended: Year, lived: LivedMonths
) -> None:
    for year, span in ((ended, 10_000), (lived.year, 30)):
        with Timeline(year.ledger, VIEWS, span_facts=span) as timeline:
            for position in stations(year.ledger.head().size, 6):
                assert walked_to(timeline, position) == folded_to(year, position), (SEED, position)


def test_a_timeline_that_forgot_what_a_row_was_before_would_be_found_out(
    ended: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the row before, going back shows what came later."""
    honest = KeptRows._write  # noqa: SLF001 - the safety that is taken away
    monkeypatch.setattr(
        KeptRows, "_write", lambda rows, table, key, _before, after: honest(rows, table, key, after, after)
    )
    size = ended.ledger.head().size
    with Timeline(ended.ledger, VIEWS) as timeline:
        timeline.at(size)
        timeline.at(1)
        timeline.at(size)
        assert walked_to(timeline, 10) != folded_to(ended, 10)


def test_what_is_newer_than_the_last_moment_is_folded_when_it_is_asked_for(year: Year) -> None:
    size = year.ledger.head().size
    with Timeline(year.ledger, (STARS,)) as timeline:
        before = current_stars(timeline.at(size - 30), round_id=ROUND)
        assert walked_to(timeline, size, (STARS,)) == folded_to(year, size, (STARS,))
        assert current_stars(timeline.at(size - 30), round_id=ROUND) == before


def test_what_differs_between_two_moments_is_what_their_rows_differ_by_and_backwards_the_same(ended: Year) -> None:
    size = ended.ledger.head().size
    first, last = size // 2, size - 5
    with Timeline(ended.ledger, VIEWS) as timeline:
        there, back = timeline.between(first, last), timeline.between(last, first)
    assert [(each.key, each.before, each.after) for each in there] == [
        (each.key, each.after, each.before) for each in back
    ]
    gone, come = (set(folded_to(ended, each).splitlines()) for each in (first, last))
    assert sum(each.before is not None for each in there) == len(gone - come)
    assert sum(each.after is not None for each in there) == len(come - gone)
    assert all(first < position <= last for each in there for position in each.facts)
    assert all(each.facts for each in there)


def test_the_facts_named_beside_a_line_are_those_without_which_it_would_not_differ(ended: Year) -> None:
    """Between the position before a fact and the fact itself, exactly the lines that name it differ."""
    size = ended.ledger.head().size
    whole = compare(ended.ledger, size // 2, size, round_id=ROUND)
    position = max(position for each in whole for position in each.facts)
    alone = compare(ended.ledger, position - 1, position, round_id=ROUND)
    assert {each.facts for each in alone} == {(position,)}
    named = {(each.table.name, each.key) for each in whole if position in each.facts}
    assert {(each.table.name, each.key) for each in alone} <= named


def test_only_lines_of_the_round_or_person_asked_for_are_compared(ended: Year) -> None:
    size = ended.ledger.head().size
    everything = compare(ended.ledger, 0, size)
    of_wang = compare(ended.ledger, 0, size, person=WANG)
    of_round = compare(ended.ledger, 0, size, round_id=ROUND)
    assert 0 < len(of_wang) < len(everything)
    assert 0 < len(of_round) < len(everything)
    assert {WANG} == {(e.after or {}).get("person") or (e.after or {}).get("about") for e in of_wang}


def test_an_audience_sees_of_a_line_what_it_sees_in_the_answer_that_the_line_stands_in(ended: Year) -> None:
    size = ended.ledger.head().size
    found = [each for each in compare(ended.ledger, 0, size, round_id=ROUND) if each.table.name == "sheet_cells"]
    everything = RowCurtain(Disclosures(ended.ledger, Viewer()))
    masses = RowCurtain(Disclosures(ended.ledger, Viewer("masses")))
    lines = [line_of(each, everything) for each in found]
    hidden = [line_of(each, masses) for each in found]
    assert any((line.after or {}).get("points") for line in lines)
    assert not any(
        (line.after or {}).get("points") in {(each.after or {}).get("points") for each in lines} - {None}
        for line in hidden
    )
    assert {each.field for each in masses.withheld} >= {"components"}


def test_every_line_that_is_compared_belongs_to_a_view_and_has_a_name() -> None:
    tables = {table.name for view in VIEWS for table in view.tables}
    assert tables >= LINES.keys()
    assert all(isinstance(each.title, Text) for each in LINES.values())
    assert {each.of for each in LINES.values()} & ROWS.keys()
