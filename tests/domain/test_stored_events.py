"""The stored form of every event, pinned: what was written once can be read for ever."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from domain.catalogue import CATALOGUE
from domain.decision import Event
from ledger.entry import EventReader, write_data
from tests.control_events import EVENTS
from tests.domain.conftest import as_recorded

GOLDEN = Path(__file__).with_name("golden") / "events.jsonl"
HOW_TO_ADD = (
    "A new event: append the line above to {file}. A line that is there already never changes: facts in ledgers look "
    "like that. An event with a new field that has a default gets a second line, and the first one must still be read. "
    "Give any other changed event a new version of its name, keep the old class, and upcast it when it is read."
)


def fixed_salts() -> Iterator[bytes]:
    """Yield salts of 16 bytes that are the same in every run."""
    return (bytes([number]) * 16 for number in count(1))


def stored(event: Event) -> str:
    """Return an event as it is stored, under fixed salts, beside its name."""
    salts = fixed_salts()
    data, _ = write_data(event, lambda: next(salts))
    return f'{{"type":"{event.NAME}","data":{data.decode()}}}'


EXAMPLES = [pytest.param(kind, id=kind.NAME) for kind in EVENTS]


@pytest.fixture(scope="module")
def golden() -> dict[str, str]:
    """Return the newest pinned line of each event by its name."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    return {line.split('"')[3]: line for line in lines}


def test_every_event_has_an_example() -> None:
    assert {kind.__name__ for kind in CATALOGUE.events.values()} == {kind.__name__ for kind in EVENTS}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_event_is_stored_as_it_always_was(kind: type[Event], golden: dict[str, str]) -> None:
    line = stored(EVENTS[kind])
    assert golden.get(kind.NAME) == line, f"\n{line}\n\n" + HOW_TO_ADD.format(file=GOLDEN)


@pytest.mark.parametrize("line", GOLDEN.read_text(encoding="utf-8").splitlines(), ids=lambda line: line.split('"')[3])
def test_every_pinned_event_can_still_be_read(line: str) -> None:
    name, data = line.split('"')[3], line.split('"data":', 1)[1][:-1]
    assert type(EventReader(CATALOGUE.events).read(name, data.encode())) is CATALOGUE.events[name]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_what_was_stored_reads_back_as_the_same_event(kind: type[Event]) -> None:
    salts = fixed_salts()
    data, sealed = write_data(EVENTS[kind], lambda: next(salts))
    read = EventReader(CATALOGUE.events).read(kind.NAME, data)
    assert type(read) is kind
    assert stored(read) == stored(EVENTS[kind])
    assert all(kept.value not in data.decode() for kept in sealed)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_event_of_which_digests_alone_are_left_reads_back_equal(kind: type[Event]) -> None:
    event = as_recorded(EVENTS[kind])
    data, sealed = write_data(event, bytes)
    assert sealed == ()
    assert EventReader(CATALOGUE.events).read(kind.NAME, data) == event
