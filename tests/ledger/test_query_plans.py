"""What is asked of SQLite is found by an index: by the tag that a fact carries, else by its type or its place."""

import pytest
from sqlalchemy import Engine

from domain.decision import Selector
from ledger.engine import reading
from ledger.store import Store
from tests.ledger.conftest import Opener
from tests.ledger.toy import a_note, toy_ledger

TAG, TYPE = "tag=?", "INDEX facts_by_type (ledger_id=? AND type=?"


@pytest.fixture
def engine(sqlite_url: str, opened: Opener) -> Engine:
    return opened(sqlite_url)


def plan(engine: Engine, *selectors: Selector, joined: bool = False) -> list[str]:
    """Return the steps in which SQLite reads a page."""
    ledger = toy_ledger(engine)
    ledger.execute(a_note("x"), actor="P1")
    store = Store(engine, "main")
    asked: list[str] = []
    with reading(engine) as connection:
        connection.set_trace_callback(asked.append)
        (store.read_joined if joined else store.read_entries)(connection, selectors, after=0, upto=1)
        connection.set_trace_callback(None)
        return [step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {asked[-1]}")]


@pytest.mark.parametrize("tags", [("person:P1",), ("person:P1", "round:R1")])
@pytest.mark.parametrize("types", [(), ("toy.Noted.v1",), ("toy.Noted.v1", "toy.Whispered.v1")])
def test_facts_under_a_tag_are_found_by_the_tag_and_come_in_order_without_sorting(
    engine: Engine, types: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    steps = plan(engine, Selector(types, tags))
    assert TAG in steps[0]
    assert "position=?" in steps[-1]
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in steps)


def test_facts_of_a_type_are_found_by_the_type(engine: Engine) -> None:
    assert TYPE in plan(engine, Selector(("toy.Noted.v1",)))[0]


def test_facts_under_one_of_several_tags_are_each_looked_up(engine: Engine) -> None:
    steps = plan(engine, Selector(tags=("person:P1",)), Selector(("toy.Noted.v1",), ("person:P2",)))
    assert not any(step.startswith("SCAN") for step in steps)
    assert not any("position>? AND position<?" in step for step in steps if "facts" in step)


def test_all_facts_are_read_by_their_place(engine: Engine) -> None:
    (step,) = plan(engine)
    assert "position>? AND position<?" in step


@pytest.mark.parametrize("selector", [Selector(tags=("person:P1",)), Selector(("toy.Noted.v1",))])
def test_entries_put_together_are_found_as_they_are_one_by_one(engine: Engine, selector: Selector) -> None:
    found = [step for step in plan(engine, selector, joined=True) if step.startswith("SEARCH")]
    assert found == [step for step in plan(engine, selector) if step.startswith("SEARCH")]


def test_all_facts_put_together_are_read_by_their_place(engine: Engine) -> None:
    (step,) = plan(engine, joined=True)
    assert "position>? AND position<?" in step
