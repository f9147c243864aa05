"""The ledger as a recorder of the `eventsourcing` library: the library's own tests, and what they leave out."""

import threading
from collections.abc import Iterator

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.dcb.tests import DCBRecorderTestCase
from eventsourcing.persistence import DataError, IntegrityError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ledger.clock import SimulatedClock
from ledger.engine import open_database
from ledger.entry import indexed
from ledger.recorder import LedgerRecorder
from ledger.verification import verify
from tests.ledger.toy import START, Noted, Round, a_note, an_objection, toy_ledger

ODD = [
    "",
    "x" * 200,
    "x" * 201,
    "x" * 5000,
    "a\0b",
    "sha256:" + "0" * 64,
    "张三",
    "'\"\\%s:x",
    " ",
    "dcb:x",
    "\U00020bb7",
]


@pytest.fixture
def recorder(engine: Engine) -> LedgerRecorder:
    return LedgerRecorder(engine, "main")


def with_tags(*tags: str, kind: str = "Happened", data: bytes = b"") -> DCBEvent:
    return DCBEvent(kind, data, list(tags))


def query(*tags: str, types: tuple[str, ...] = ()) -> DCBQuery:
    return DCBQuery([DCBQueryItem(list(types), list(tags))])


@pytest.mark.parametrize("suite", [name for name in dir(DCBRecorderTestCase) if name.startswith("_test_")])
def test_the_librarys_own_tests_pass(recorder: LedgerRecorder, suite: str) -> None:
    getattr(DCBRecorderTestCase(), suite)(recorder)
    assert verify(toy_ledger(recorder.engine)).findings == ()


def test_the_librarys_tests_are_there() -> None:
    assert {"_test_append_read", "_test_append_subscribe"} <= set(dir(DCBRecorderTestCase))


def test_the_librarys_tests_pass_behind_facts_of_ours(engine: Engine) -> None:
    ledger = toy_ledger(engine)
    for number in range(2):
        ledger.execute(a_note(str(number)), actor="P1")
    DCBRecorderTestCase()._test_append_subscribe(LedgerRecorder(engine, "main"), initial_position=2)  # noqa: SLF001
    assert verify(ledger).findings == ()


# what comes in comes out


def test_data_type_and_tags_come_back_as_they_were_given(recorder: LedgerRecorder) -> None:
    events = [DCBEvent(kind, kind.encode(), [*reversed(ODD), "again", "again"]) for kind in ODD]
    recorder.append(events)
    assert [each.event for each in recorder.read()] == events
    assert verify(toy_ledger(recorder.engine)).findings == ()


@pytest.mark.parametrize("odd", ODD)
def test_odd_names_are_found_by_themselves_and_by_nothing_else(recorder: LedgerRecorder, odd: str) -> None:
    for name in ODD:
        recorder.append([with_tags(name, kind=name)])
    expected = [ODD.index(odd) + 1]
    assert [each.position for each in recorder.read(query(odd))] == expected
    assert [each.position for each in recorder.read(query(types=(odd,)))] == expected
    with pytest.raises(IntegrityError):
        recorder.append([with_tags()], DCBAppendCondition(query(odd)))


@given(
    events=st.lists(st.builds(DCBEvent, st.text(), st.binary(max_size=50), st.lists(st.text(), max_size=4)), min_size=1)
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_a_type_or_a_tag(events: list[DCBEvent]) -> None:
    engine = open_database("sqlite://")
    recorder = LedgerRecorder(engine, "main")
    recorder.append(events)
    assert [each.event for each in recorder.read()] == events
    for position, event in enumerate(events, start=1):
        assert position in [each.position for each in recorder.read(query(*event.tags, types=(event.type,)))]
    assert verify(toy_ledger(engine)).findings == ()
    engine.dispose()


def test_a_tag_that_looks_like_what_stands_for_a_long_one_is_another_tag(recorder: LedgerRecorder) -> None:
    recorder.append([with_tags("x" * 5000)])
    assert list(recorder.read(query(indexed("x" * 5000)))) == []
    recorder.append([with_tags(indexed("x" * 5000))])
    assert [each.position for each in recorder.read(query(indexed("x" * 5000)))] == [2]


def test_text_that_is_not_unicode_and_data_that_is_too_long_are_refused(recorder: LedgerRecorder) -> None:
    for event in (with_tags("\ud800"), with_tags(kind="\udfff"), with_tags(data=b"x" * 49_152)):
        with pytest.raises(DataError):
            recorder.append([with_tags("kept?"), event])
    assert recorder.append([with_tags(data=b"x" * 48_000)]) == 1


def test_nothing_cannot_be_appended(recorder: LedgerRecorder) -> None:
    with pytest.raises(ProgrammingError):
        recorder.append([])


def test_facts_of_ours_are_read_as_events_with_json_for_data(engine: Engine) -> None:
    ledger, recorder = toy_ledger(engine), LedgerRecorder(engine, "main", clock=SimulatedClock(START))
    recorder.append([with_tags("person:P1", kind=Noted.NAME, data=b"no JSON")])
    ledger.execute(a_note("one"), actor="P1")
    opaque, ours = [each.event for each in recorder.read(query("person:P1", types=(Noted.NAME,)))]
    assert (opaque.data, ours.data) == (b"no JSON", b'{"person":"P1","words":"one"}')
    assert [fact.position for fact in ledger.read() if isinstance(fact.event, Noted)] == [2]
    assert verify(ledger).findings == ()


def test_an_opaque_event_under_the_name_of_one_of_ours_is_none_of_ours(engine: Engine) -> None:
    ledger, recorder = toy_ledger(engine), LedgerRecorder(engine, "main")
    recorder.append([with_tags("round:R1", kind="toy.Confirmed.v1", data=b"\xff")])
    assert ledger.execute(an_objection(), actor="P1").positions == (2,)
    state = ledger.fold(Round, "R1")
    assert isinstance(state, Round)
    assert not state.confirmed


def test_recorded_time_never_goes_back(engine: Engine) -> None:
    clock = SimulatedClock(START)
    recorder = LedgerRecorder(engine, "main", clock=clock)
    recorder.append([with_tags()])
    clock.set(START.replace(year=2025))
    recorder.append([with_tags()])
    assert {fact.recorded_at for fact in toy_ledger(engine).read()} == {START}


# following


def test_a_subscription_hears_of_facts_recorded_through_another_connection(database_url: str) -> None:
    here, there = open_database(database_url), open_database(database_url)
    with LedgerRecorder(here, "main").subscribe(query("a")) as subscription:
        other = LedgerRecorder(there, "main")
        for number in range(5):
            other.append([with_tags("b"), with_tags("a", data=bytes([number]))])
            assert next(subscription).position == 2 * number + 2
    here.dispose()
    there.dispose()


def test_a_subscription_misses_nothing_that_is_recorded_while_it_begins(shared_engine: Engine) -> None:
    recorder = LedgerRecorder(shared_engine, "main")
    writer = threading.Thread(target=lambda: [recorder.append([with_tags("a")]) for _ in range(60)])
    writer.start()
    with recorder.subscribe() as subscription:
        assert [next(subscription).position for _ in range(60)] == list(range(1, 61))
    writer.join()


def test_a_subscription_that_is_stopped_ends(recorder: LedgerRecorder) -> None:
    recorder.append([with_tags("a")])
    received: list[int] = []

    def follow() -> Iterator[int]:
        with recorder.subscribe() as subscription:
            for each in subscription:
                received.append(each.position)
                subscription.stop()
                yield each.position

    assert list(follow()) == [1]
    assert received == [1]
