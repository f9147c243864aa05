"""A year of quarters from the adoption of its scheme to the confirmed stars, as the calculator has it.

Requirements §3-4: quarters that begin anew and are added up, in a year from December to November or from January.
§3-24: items that change within the year, each entry counting by the version in force when it happened.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.confirmation import Confirmations
from domain.corrections import DecideCorrection, OpenCorrection
from domain.decision import Refused, replace
from domain.drawing import DrawMonths
from domain.drawn import MonthDrawn
from domain.ids import CorrectionId, PersonId
from domain.months import Months
from domain.rounds import OpenRound, Round
from domain.rulings import Amendment
from domain.scoring import Outcome, PersonResult, written
from domain.sealed import Sealed
from domain.tally import Results, Tally
from projections.agenda import agenda
from projections.folding import folded
from projections.month_agenda import month_agenda
from projections.replay import replay
from projections.year_table import year_table
from tests.controls import BRANCH, CHEN, MEMBERS, SUN, WU, ZHAO, noon
from tests.projections.forging import forge
from tests.projections.quarter_ledger import (
    BODY,
    NAMED,
    QUARTERLY,
    SCHEME,
    YEAR_ROUND,
    Happened,
    LivedQuarters,
    begun,
    entries,
    people,
    round_of,
    scored,
)

Quarters = Mapping[str, Sequence[Happened]]
CIVIL = QUARTERLY.replace(b"year_begins = 12\n", b"")
_BANDS = CIVIL.index(b"[[annual.bands]]")
CARRIED = (CIVIL[:_BANDS] + CIVIL[CIVIL.index(b"[rounding]") :]).replace(
    b'how = "sum"\nformula', b'how = "sum"\ncarry = true\nformula'
)


def hours(person: PersonId, on: date, amount: str) -> Happened:
    return Happened(person, "service", on, Decimal(amount))


# By hand, for Sun: Q1 20 + 0 (a leave is free) + 7 × 0.75 = 25.25 · Q2 20 + 0 − 1 + 9 (14 × 0.75 capped) = 28 ·
# Q3 20 − 3 = 17 · Q4 20 + 6.5 × 0.75 = 24.875; the year 95.125 → 95.13, three stars. Who has no entry: 4 × 20 = 80.
FROM_DECEMBER: Quarters = {
    "2026-Q1": (Happened(SUN, "leave", date(2025, 12, 1)), hours(SUN, date(2026, 2, 28), "7")),
    "2026-Q2": (
        Happened(SUN, "leave", date(2026, 3, 10)),
        Happened(SUN, "leave", date(2026, 4, 10)),
        hours(SUN, date(2026, 5, 31), "14"),
    ),
    "2026-Q3": (Happened(SUN, "absent", date(2026, 6, 1)), Happened(WU, "absent", date(2026, 8, 31))),
    "2026-Q4": (hours(SUN, date(2026, 11, 30), "6.5"),),
}
FROM_JANUARY: Quarters = {
    "2026-Q1": (Happened(SUN, "leave", date(2026, 1, 1)), hours(SUN, date(2026, 3, 31), "7")),
    "2026-Q2": (
        Happened(SUN, "leave", date(2026, 4, 10)),
        Happened(SUN, "leave", date(2026, 5, 10)),
        hours(SUN, date(2026, 6, 30), "14"),
    ),
    "2026-Q3": (Happened(SUN, "absent", date(2026, 7, 1)), Happened(WU, "absent", date(2026, 9, 30))),
    "2026-Q4": (hours(SUN, date(2026, 12, 31), "6.5"),),
}


def live(file: Path, document: bytes, quarters: Quarters) -> LivedQuarters:
    """Return a ledger in which these quarters were lived through, settled and drawn into their year."""
    lived = begun(file, document)
    carried = b"carry = true" in document
    for number, (period, happened) in enumerate(quarters.items()):
        lived.open_quarter(period, happened)
        if carried and number:
            lived.ask(lived.after(period), DrawMonths(round=round_of(period)))
        lived.settle(period)
    lived.open_year(date(2027, 1, 10))
    return lived


def told(lived: LivedQuarters, key: str) -> dict[str, tuple[object, ...]]:
    """Return everybody's result as the ledger has it."""
    latest = folded(lived.year.ledger, Results, key).latest
    return {each.person: (each.status, each.total_exact, str(each.total), each.star) for each in latest.values()}


def computed(outcome: Outcome) -> dict[str, tuple[object, ...]]:
    """Return everybody's result as the calculator has it."""
    return {each.person: (each.status, _exact(each), str(each.total), each.star) for each in outcome.people}


def _exact(result: PersonResult) -> str | None:
    return None if result.total_exact is None else written(result.total_exact)


@pytest.fixture(scope="module", params=["december", "january"])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivedQuarters]:
    """Give a year of quarters up to the confirmed stars; tests only read it."""
    december = request.param == "december"
    document, quarters = (QUARTERLY, FROM_DECEMBER) if december else (CIVIL, FROM_JANUARY)
    ended = live(tmp_path_factory.mktemp("quarters") / "ledger.db", document, quarters)
    ended.confirm(date(2027, 1, 11))
    yield ended
    ended.year.close()


def happened_in(lived: LivedQuarters) -> Quarters:
    return FROM_DECEMBER if lived.rules.year.begins == 12 else FROM_JANUARY


def test_every_quarter_and_the_year_are_what_the_calculator_says(lived: LivedQuarters) -> None:
    quarters = happened_in(lived)
    for period, happened in quarters.items():
        own = {person: {"entries": entries(happened, person)} for person in MEMBERS}
        assert told(lived, round_of(period)) == computed(scored(lived.rules, period, own))
    assert told(lived, YEAR_ROUND) == computed(scored(lived.rules, NAMED, people(quarters)))
    assert told(lived, YEAR_ROUND)[SUN] == ("complete", "95.125", "95.13", 3)


def test_the_year_s_stars_are_confirmed_and_those_of_quarters_only_proposed(lived: LivedQuarters) -> None:
    confirmed = folded(lived.year.ledger, Confirmations, YEAR_ROUND).stars
    assert {person: star.star for person, star in confirmed.items()} == {p: 3 if p == SUN else 2 for p in MEMBERS}
    for period in happened_in(lived):
        assert folded(lived.year.ledger, Round, round_of(period)).is_part
        assert not folded(lived.year.ledger, Confirmations, round_of(period)).stars


def test_the_roster_is_that_of_the_last_day_of_the_scheme_s_own_period(lived: LivedQuarters) -> None:
    rounds = [folded(lived.year.ledger, Round, key) for key in (YEAR_ROUND, round_of("2026-Q1"))]
    december = lived.rules.year.begins == 12
    ends = [date(2026, 11, 30), date(2026, 2, 28)] if december else [date(2026, 12, 31), date(2026, 3, 31)]
    assert [each.require_open().roster_as_of for each in rounds] == ends


def test_the_annual_table_has_the_quarters_of_the_scheme(lived: LivedQuarters) -> None:
    with lived.year.follower().reading() as reading:
        table = year_table(reading, YEAR_ROUND, lived.rules)
    assert table is not None
    sun = next(row for row in table.rows if row.person == SUN)
    assert [cell.period for cell in sun.months] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert [cell.components for cell in sun.months] == [{"points": n} for n in ("25.25", "28", "17", "24.875")]
    assert [cell.total for cell in sun.months] == ["25.25", "28.00", "17.00", "24.88"]
    assert all(cell.drawn and not cell.outdated for cell in sun.months)


def test_views_made_anew_are_those_that_followed(lived: LivedQuarters) -> None:
    follower = lived.year.follower(batch_facts=17)
    follower.catch_up()
    followed = lived.year.dump()
    follower.rebuild()
    assert lived.year.dump() == followed != ""
    assert follower.differing() == []


def test_a_replay_from_raw_facts_comes_to_the_same_numbers(lived: LivedQuarters) -> None:
    found = replay(lived.year.ledger)
    assert found.numbers > 0
    assert found.differences == []
    assert replay(lived.year.ledger, {YEAR_ROUND}).differences == []


def test_what_is_due_is_told_of_a_quarter_as_of_a_month(lived: LivedQuarters) -> None:
    ledger, first = lived.year.ledger, round_of("2026-Q1")
    assert month_agenda(ledger, first, noon(date(2026, 4, 2))).period == "2026-Q1"
    assert agenda(ledger, first, noon(date(2026, 4, 2))).confirmable == ()
    assert agenda(ledger, YEAR_ROUND, noon(date(2027, 1, 20))).held == ()


# what the one that begins in December alone is asked


def test_the_year_opens_on_its_day_after_its_own_end(tmp_path: Path) -> None:
    lived = begun(tmp_path / "ledger.db")
    opened = OpenRound(round=YEAR_ROUND, branch=BRANCH, period=NAMED, rulebook=SCHEME)
    with pytest.raises(Refused, match="period-not-over"):
        lived.ask(date(2026, 11, 30), opened)
    with pytest.raises(Refused, match="opens-later"):
        lived.ask(date(2027, 1, 9), opened)
    lived.ask(date(2027, 1, 10), opened)
    assert folded(lived.year.ledger, Round, YEAR_ROUND).days == (date(2025, 12, 1), date(2026, 11, 30))


def test_a_quarter_left_out_is_not_assessed_and_two_are_too_few(tmp_path: Path) -> None:
    three = {period: told for period, told in FROM_DECEMBER.items() if period != "2026-Q3"}
    lived = live(tmp_path / "ledger.db", QUARTERLY, three)
    lived.ask(date(2027, 1, 11), Tally(round=YEAR_ROUND))
    assert told(lived, YEAR_ROUND) == computed(scored(lived.rules, NAMED, people(three)))
    assert told(lived, YEAR_ROUND)[SUN][1:] == ("78.125", "78.13", 2)
    two = dict(list(FROM_DECEMBER.items())[:2])
    (tmp_path / "two").mkdir()
    few = live(tmp_path / "two" / "ledger.db", QUARTERLY, two)
    few.ask(date(2027, 1, 11), Tally(round=YEAR_ROUND))
    assert told(few, YEAR_ROUND) == computed(scored(few.rules, NAMED, people(two)))
    assert {status for status, *_ in told(few, YEAR_ROUND).values()} == {"incomplete"}


def test_a_quarter_drawn_as_what_it_did_not_come_to_is_named_by_a_replay(tmp_path: Path) -> None:
    lived = live(tmp_path / "ledger.db", QUARTERLY, FROM_DECEMBER)
    facts = (fact.event for fact in lived.year.ledger.read() if isinstance(fact.event, MonthDrawn))
    drawn = next(each for each in facts if each.person == SUN)
    forged = replace(drawn, components=(replace(drawn.components[0], points="30"),))
    forge(lived.year.ledger, forged)
    (difference,) = replay(lived.year.ledger).differences
    assert (difference.number, difference.published, difference.replayed) == ("components.points", "30", "25.25")


def test_what_a_committee_puts_right_in_a_quarter_counts_in_the_year(tmp_path: Path) -> None:
    lived = live(tmp_path / "ledger.db", QUARTERLY, FROM_DECEMBER)
    lived.confirm(date(2027, 1, 11))
    key, day = CorrectionId("correction-q3"), date(2027, 2, 1)
    opened = OpenCorrection(round=YEAR_ROUND, correction=key, person=WU, cause=Sealed("请假条遗漏"))
    lived.ask(day, opened, ZHAO)
    right = Amendment(person=WU, component="points", period="2026-Q3", points=Decimal("19.5"))
    decided = DecideCorrection(
        round=YEAR_ROUND, correction=key, verdict="upheld", findings=Sealed("确已请假"), body=BODY, amendments=(right,)
    )
    lived.ask(day, decided, CHEN)
    assert told(lived, YEAR_ROUND)[WU][1:] == ("79.5", "79.50", 2)


# points carried on within the year


def test_points_carried_on_are_what_the_calculator_adds_up(tmp_path: Path) -> None:
    lived = live(tmp_path / "ledger.db", CARRIED, FROM_JANUARY)
    lived.ask(date(2027, 1, 11), Tally(round=YEAR_ROUND))
    so_far: dict[str, Sequence[Happened]] = {}
    for period, happened in FROM_JANUARY.items():
        before = people(so_far)
        sheet = {person: {**before[person], "entries": entries(happened, person)} for person in MEMBERS}
        assert told(lived, round_of(period)) == computed(scored(lived.rules, period, sheet))
        so_far[period] = happened
    assert [told(lived, round_of(each))[SUN][1] for each in so_far] == ["25.25", "53.25", "70.25", "95.125"]
    assert told(lived, YEAR_ROUND) == computed(scored(lived.rules, NAMED, people(FROM_JANUARY)))
    settled = folded(lived.year.ledger, Months).settled[SUN]
    own = [each.month.components[0].points for each in settled.values()]
    assert own == ["25.25", "28", "17", "24.875"]
    assert replay(lived.year.ledger).differences == []


def test_no_list_is_proposed_before_the_quarters_it_counts_on_from_are_drawn(tmp_path: Path) -> None:
    lived = begun(tmp_path / "ledger.db", CARRIED)
    first, second = list(FROM_JANUARY)[:2]
    lived.open_quarter(first, FROM_JANUARY[first])
    lived.settle(first)
    lived.open_quarter(second, FROM_JANUARY[second])
    with pytest.raises(Refused, match="periods-not-drawn"):
        lived.adopted(round_of(second), lived.after(second, 3))
    lived.ask(lived.after(second, 3), DrawMonths(round=round_of(second)))
    lived.settle(second)
    assert told(lived, round_of(second))[SUN][1] == "53.25"


# versions and items that change within the year (requirements §3-24)


def test_an_entry_counts_by_the_version_in_force_when_it_happened(tmp_path: Path) -> None:
    """The second version, in force from 16 January within the first quarter, lets an hour count twice as much."""
    lived = begun(tmp_path / "ledger.db")
    before, after = hours(SUN, date(2026, 1, 10), "2"), hours(SUN, date(2026, 1, 20), "2")
    lived.record(before)
    second = QUARTERLY.replace(b"version = 1", b"version = 2").replace(b'points = "0.75"', b'points = "1.5"')
    lived.adopt(second, date(2026, 1, 16))
    lived.open_quarter("2026-Q1", [after])
    lived.ask(lived.after("2026-Q1"), Tally(round=round_of("2026-Q1")))
    # 20 + 2 × 0.75 + 2 × 1.5 = 24.5
    assert told(lived, round_of("2026-Q1"))[SUN][1] == "24.5"
    assert folded(lived.year.ledger, Round, round_of("2026-Q1")).require_open().version == 2


def test_an_item_that_changes_within_a_quarter_counts_each_day_by_its_own_value(tmp_path: Path) -> None:
    begins = QUARTERLY.index(b'[[items]]\ncode = "absent"')
    ends = QUARTERLY.index(b'[[items]]\ncode = "service"')
    old = QUARTERLY[begins:ends]
    new = old.replace(b"points = -3", b"points = -5\neffective = { from = 2026-01-16 }")
    kept = old.replace(b"points = -3", b"points = -3\neffective = { to = 2026-01-15 }")
    lived = begun(tmp_path / "ledger.db", QUARTERLY.replace(old, kept + new))
    happened = [Happened(WU, "absent", date(2026, 1, 15)), Happened(WU, "absent", date(2026, 1, 16))]
    lived.open_quarter("2026-Q1", happened)
    lived.ask(lived.after("2026-Q1"), Tally(round=round_of("2026-Q1")))
    sheet = {person: {"entries": entries(happened, person)} for person in MEMBERS}
    assert told(lived, round_of("2026-Q1")) == computed(scored(lived.rules, "2026-Q1", sheet))
    assert told(lived, round_of("2026-Q1"))[WU][1] == "12"
