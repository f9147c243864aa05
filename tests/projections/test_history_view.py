"""The history: every fact, filtered, with late entries marked."""

from datetime import date, datetime, timedelta

import pytest

from domain.dates import CHINA
from domain.ids import ObjectionId, PersonId, RoundId, tag, tags_of
from projections.engine import Reading
from projections.history import HistoryLine, Sought, facts_at, history_lines, is_late, occurred_on, type_of
from tests.controls import ROUND, SUN, UPHELD, ZHANG, noon
from tests.projections.year_ledger import Year


def lines(reading: Reading, sought: Sought) -> list[HistoryLine]:
    """Return all lines that are sought."""
    return history_lines(reading, sought, limit=1000)


def test_every_fact_is_in_the_history_in_order(reading: Reading, ended: Year) -> None:
    facts = list(ended.ledger.read())
    assert [
        (line.position, line.recorded_at, line.actor, line.on_behalf_of, line.type) for line in lines(reading, Sought())
    ] == [(f.position, f.recorded_at, f.actor, f.on_behalf_of, type_of(f.event)) for f in facts]


@pytest.mark.parametrize(
    "sought", [tag(PersonId, SUN), tag(RoundId, ROUND), tag(ObjectionId, UPHELD), tag(PersonId, "nobody")]
)
def test_the_history_of_one_thing_is_every_fact_that_mentions_it(reading: Reading, ended: Year, sought: str) -> None:
    expected = [fact.position for fact in ended.ledger.read() if sought in tags_of(fact.event)]
    assert [line.position for line in lines(reading, Sought(tag=sought))] == expected


def test_the_history_can_be_filtered_by_actor_type_and_time(reading: Reading) -> None:
    everything = lines(reading, Sought())
    since, until = noon(date(2026, 1, 6)), noon(date(2026, 1, 9))
    sought = Sought(actor=ZHANG, type="score.Recorded.v1", since=since, until=until)
    assert (
        lines(reading, sought)
        == [
            line
            for line in everything
            if line.actor == ZHANG and line.type == "score.Recorded.v1" and since <= line.recorded_at <= until
        ]
        != []
    )


def test_revisions_can_be_sought_alone(reading: Reading) -> None:
    types = {line.type for line in lines(reading, Sought(revises=True))}
    assert types == {
        "activity.Reversed.v1",
        "keeping.SealedErased.v1",
        "notice.Corrected.v1",
        "score.Corrected.v1",
        "correction.Opened.v1",
        "correction.Decided.v1",
    }


def test_a_late_entry_is_marked(reading: Reading, ended: Year) -> None:
    late = lines(reading, Sought(late=True))
    assert {line.type for line in late} == {
        "member.GroupAssigned.v1",
        "member.PostAssigned.v1",
        "office.Relieved.v1",
    }
    for fact in ended.ledger.read():
        day = occurred_on(fact.event)
        expected = day is not None and fact.recorded_at.astimezone(CHINA).date() > day + timedelta(days=7)
        assert (fact.position in {line.position for line in late}) == expected


@pytest.mark.parametrize(
    ("recorded_at", "late"),
    [
        (datetime(2026, 1, 9, 0, 0, tzinfo=CHINA), False),
        (datetime(2026, 1, 9, 23, 59, 59, tzinfo=CHINA), False),
        (datetime(2026, 1, 10, 0, 0, tzinfo=CHINA), True),
    ],
)
def test_seven_days_late_is_not_late_and_eight_are(recorded_at: datetime, late: bool) -> None:  # noqa: FBT001
    assert is_late(date(2026, 1, 2), recorded_at) is late


def test_pages_continue_where_the_last_one_ended(reading: Reading) -> None:
    pages, after = [], 0
    while page := history_lines(reading, Sought(actor=ZHANG), after=after, limit=7):
        assert len(page) <= 7
        pages += page
        after = page[-1].position
    assert pages == lines(reading, Sought(actor=ZHANG))


def test_a_page_opens_the_facts_behind_it(ended: Year) -> None:
    positions = [3, 4, 5, 90, 171, 12]
    found = facts_at(ended.ledger, positions)
    assert sorted(found) == sorted(positions)
    assert all(fact.position == position for position, fact in found.items())
