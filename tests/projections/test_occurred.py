"""Two clocks: as true on one day, as known on another; what is recorded late belongs to its own day (A3, A5)."""

from datetime import date, timedelta

import pytest

from domain.dates import civil_date
from domain.decision import Fact
from domain.rounds import Round
from domain.scores import ScoreRecorded, Scores
from projections.asof import Timeline
from projections.explain import explain
from projections.fact_notes import note
from projections.folding import folded
from projections.history import occurred_on
from projections.names import names_in
from projections.occurred import OccurredUntil, happened_on
from projections.person_record import person_record
from projections.sentences import Telling
from projections.views import VIEWS
from tests.controls import ROUND, SUN, WU
from tests.projections.month_ledger import LivedMonths
from tests.projections.year_ledger import Year

END_OF_YEAR = date(2025, 12, 31)


def backdated(year: Year) -> Fact:
    """Return a fact that was recorded on a later day than it happened."""
    facts = (f for f in year.ledger.read() if (day := occurred_on(f.event)) and day < civil_date(f.recorded_at))
    return list(facts)[-1]


def test_a_fact_belongs_to_the_day_it_happened_whenever_it_was_recorded(ended: Year) -> None:
    late = backdated(ended)
    day = happened_on(late)
    recorded = civil_date(late.recorded_at)
    assert day < recorded
    assert late.position in {fact.position for fact in OccurredUntil(ended.ledger, day).read()}
    before = OccurredUntil(ended.ledger, day - timedelta(1))
    assert late.position not in {fact.position for fact in before.read()}


def test_both_clocks_at_once_true_on_one_day_as_known_at_another(ended: Year) -> None:
    late = backdated(ended)
    then = OccurredUntil(ended.ledger, happened_on(late))
    known_later = {fact.position for fact in then.read()}
    known_before = {fact.position for fact in then.read(upto=late.position - 1)}
    assert late.position in known_later - known_before
    assert all(happened_on(fact) <= happened_on(late) for fact in then.read())


def test_reading_only_some_facts_counts_only_those_that_had_happened(ended: Year) -> None:
    then = OccurredUntil(ended.ledger, END_OF_YEAR)
    everything = [fact.position for fact in then.read()]
    assert [fact.position for fact in then.read(limit=5)] == everything[:5]
    assert [fact.position for fact in then.read(after=everything[2], limit=2)] == everything[3:5]
    assert ended.ledger.head().size > len(everything)
    assert then.head() == ended.ledger.head()


def test_states_and_views_are_those_of_what_had_happened(ended: Year, lived: LivedMonths) -> None:
    then = OccurredUntil(ended.ledger, END_OF_YEAR)
    assert folded(then, Round, ROUND).opened is None
    scored = [fact for fact in ended.ledger.read() if isinstance(fact.event, ScoreRecorded)]
    day = max(map(happened_on, scored))
    assert folded(OccurredUntil(ended.ledger, day), Scores, ROUND).held
    early = OccurredUntil(lived.year.ledger, date(2025, 3, 15))
    with Timeline(early, VIEWS) as timeline, Timeline(lived.year.ledger, VIEWS) as whole:
        some = person_record(timeline.at(early.head().size), SUN).entries
        every = person_record(whole.at(early.head().size), SUN).entries
    assert 0 < len(some) < len(every)


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2025, 6, 30), date(2026, 1, 10), date(2030, 1, 1)])
def test_every_view_can_be_folded_at_every_day(ended: Year, day: date) -> None:
    then = OccurredUntil(ended.ledger, day)
    with Timeline(then, VIEWS, span_facts=0) as timeline:
        assert timeline.at(then.head().size).position == then.head().size


def test_an_explanation_says_what_had_happened_by_the_day(ended: Year) -> None:
    scored = [happened_on(fact) for fact in ended.ledger.read() if isinstance(fact.event, ScoreRecorded)]
    found = explain(OccurredUntil(ended.ledger, max(scored)), ROUND, WU)
    assert found.confirmed is None
    assert explain(ended.ledger, ROUND, WU).confirmed is not None


def test_a_late_fact_says_how_many_days_late(lived: LivedMonths) -> None:
    ledger = lived.year.ledger
    told = Telling(names_in(ledger))
    notes = [note(fact, told) for fact in ledger.read()]
    late = next(each for each in notes if each.late)
    assert f"({late.days_late} days late)" in late.lines("en")[0]
    assert f"迟录{late.days_late}天" in late.lines("zh")[0]
    assert late.as_json()["days_late"] == late.days_late
    assert all(each.days_late is None for each in notes if each.occurred_on is None)
