"""Replay computes what was published again, from raw facts, and names each number that was forged (A-41, A-43)."""

import os
import shutil
from collections.abc import Iterator
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import Any

import pytest

from domain.ballots import BallotsCounted, BoxClosed
from domain.boards import BoardLinePosted
from domain.confirmation import StarConfirmed
from domain.decision import Command, Event, Fact, Refused, replace
from domain.drawn import MonthDrawn, RecordsDrawn
from domain.feedback import FeedbackDelivered
from domain.honours import MemberRecommended
from domain.lists import VoteHeld
from domain.months import MonthSettled
from domain.notices import LinePosted, NoticePosted
from domain.objections import ObjectionRuled
from domain.proposing import ProposeList
from domain.rounds import MemberEnrolled
from domain.scores import CorrectScore, ScoreRecorded
from domain.sealed import Sealed
from domain.tally import ResultComputed, RoundTallied, Tally
from ledger.verification import verify
from projections.replay import replay
from projections.replay.books import Books
from tests.controls import ANNUAL, ROUND, ZHANG, ZHAO
from tests.experiments import Notebook
from tests.projections.forging import forge
from tests.projections.month_ledger import MARCH, YEAR_ROUND, LivedMonths
from tests.projections.year_ledger import Year, open_year

CORRECTIONS = 1_000
SEED = int(os.environ.get("STARLEDGER_SEED", "20261120"))
PROMISE = "published numbers follow from facts"


def newest(year: Year, kind: type[Event], **equal: object) -> Any:  # noqa: ANN401 - of that kind
    facts = (fact.event for fact in year.ledger.read() if isinstance(fact.event, kind))
    return [each for each in facts if all(getattr(each, name) == value for name, value in equal.items())][-1]


@pytest.fixture
def months(lived: LivedMonths, tmp_path: Path) -> Iterator[Year]:
    """Give a copy of the ledger of months, to be forged in."""
    shutil.copy(str(lived.year.ledger.engine.url.database), tmp_path / "ledger.db")
    year = open_year(f"sqlite:///{tmp_path / 'ledger.db'}", start=2_000_000)
    year.clock.set(lived.year.clock.now())
    yield year
    year.close()


def in_the_year(year: Year) -> list[tuple[Event, str]]:
    """Return lies about published results of a year, each with the number that is wrong in it."""
    confirmed = newest(year, StarConfirmed)
    result = newest(year, ResultComputed, person=confirmed.person)
    better, higher = result.total + Decimal("0.01"), result.star % 5 + 1
    first, *others = result.components
    tallied = newest(year, RoundTallied)
    return [
        (replace(result, total=better), "total"),
        (replace(result, star=higher), "star"),
        (replace(result, components=(replace(first, points="99.5"), *others)), f"components.{first.component}"),
        (replace(tallied, caps=(replace(tallied.caps[0], used=9), *tallied.caps[1:])), "cap.5"),
        (replace(newest(year, LinePosted, person=result.person), total=better), "total"),
        (replace(confirmed, star=higher), "star"),
        (replace(newest(year, FeedbackDelivered), total=better), "total"),
        (replace(newest(year, MemberRecommended), star=1), "star"),
        (replace(newest(year, VoteHeld), voters_present=1), "voters_present"),
        (replace(newest(year, ObjectionRuled), touched=(ZHAO,)), "touched"),
        (replace(newest(year, MemberEnrolled), kind="probationary"), "kind"),
        (replace(result, person="nobody"), "fact"),
    ]


def in_the_months(year: Year) -> list[tuple[Event, str]]:
    """Return lies about what months are made of: entries, ballots, settled months, boards."""
    counted = newest(year, BallotsCounted, withheld=False, round=MARCH)
    more = tuple(replace(each, voices=each.voices + 9) for each in counted.counts)
    drawn = newest(year, RecordsDrawn, round=MARCH, person="sun")
    return [
        (replace(drawn, entries=()), "entry.entry-counted"),
        (replace(newest(year, MonthDrawn, period="2025-03"), records="100.5"), "records"),
        (replace(newest(year, MonthSettled, round=MARCH), total=Decimal(1)), "total"),
        (replace(newest(year, BoardLinePosted, board="indoor"), star=1), "star"),
        (replace(newest(year, BoxClosed), valid=99), "valid"),
        (replace(counted, counts=more), "counts"),
    ]


def test_what_the_stories_published_is_what_their_facts_come_to(ended: Year, lived: LivedMonths) -> None:
    for year, at_least in ((ended, 200), (lived.year, 600)):
        found = replay(year.ledger)
        assert found.differences == []
        assert found.numbers > at_least
        assert (found.facts, found.engines) == (year.ledger.head().size, {})


def test_one_round_is_replayed_from_its_own_facts_and_what_it_draws_from(lived: LivedMonths) -> None:
    year, march = replay(lived.year.ledger, {YEAR_ROUND}), replay(lived.year.ledger, {MARCH})
    assert (year.differences, year.rounds, march.differences) == ([], (YEAR_ROUND,), [])
    assert march.facts < year.facts <= lived.year.ledger.head().size
    assert 0 < march.numbers < replay(lived.year.ledger).numbers


@pytest.mark.parametrize("number", range(12))
def test_a_result_forged_behind_the_deciders_is_caught_at_its_line_though_the_tree_is_whole(
    year: Year, number: int
) -> None:
    lie, name = in_the_year(year)[number]
    position = forge(year.ledger, lie)
    assert verify(year.ledger).ok
    (found,) = replay(year.ledger).differences
    assert (found.position, found.type, found.number) == (position, type(lie).NAME, name)
    assert found.published != found.replayed
    assert found.clause or found.sources or name in {"fact", "touched", "cap.5"}


@pytest.mark.parametrize("number", range(6))
def test_what_was_made_of_entries_ballots_and_months_is_made_again(months: Year, number: int) -> None:
    lie, name = in_the_months(months)[number]
    position = forge(months.ledger, lie)
    assert verify(months.ledger).ok
    found = replay(months.ledger).differences
    assert {(each.position, each.type) for each in found} == {(position, type(lie).NAME)}
    assert name in {each.number for each in found}


def test_the_line_says_which_clause_and_which_facts_make_the_difference(year: Year) -> None:
    result = newest(year, ResultComputed, person=newest(year, StarConfirmed).person)
    first, *others = result.components
    forge(year.ledger, replace(result, components=(replace(first, points="99.5"), *others)))
    (found,) = replay(year.ledger).differences
    scored = {fact.position for fact in year.ledger.read() if isinstance(fact.event, ScoreRecorded)}
    assert (found.published, found.replayed) == ("99.5", first.points)
    assert found.clause == "A-23"
    assert len(found.sources) == 1
    assert set(found.sources) <= scored


def test_what_an_honest_tally_says_after_a_forged_one_is_not_called_wrong(year: Year) -> None:
    """Only the lie is named: what was computed after it, from the same facts, says what it should."""
    lie = in_the_year(year)[0][0]
    position = forge(year.ledger, lie)
    forge(year.ledger, newest_before(year, position, type(lie), getattr(lie, "person", "")), number=2)
    assert {each.position for each in replay(year.ledger).differences} == {position}


def newest_before(year: Year, position: int, kind: type[Event], person: str) -> Event:
    facts = (fact.event for fact in year.ledger.read(upto=position - 1) if isinstance(fact.event, kind))
    return [each for each in facts if getattr(each, "person", "") == person][-1]


def test_whoever_a_tally_leaves_out_is_named(until_the_list: Year) -> None:
    year = until_the_list
    correct = next(corrections(year, Random(SEED)))  # noqa: S311 - drawn again from its seed
    year.ledger.execute(correct, actor=ZHANG)
    tallied = newest(year, RoundTallied)
    position = forge(year.ledger, replace(tallied, tally=tallied.tally + 1))
    (found,) = [each for each in replay(year.ledger).differences if each.number == "total"]
    assert (found.position, found.type, found.person) == (position, ResultComputed.NAME, correct.person)
    assert found.published != found.replayed


def test_a_fact_to_which_nothing_leads_is_named_and_the_replay_goes_on(year: Year) -> None:
    position = forge(year.ledger, replace(newest(year, NoticePosted), round="R1999"))
    after = forge(year.ledger, in_the_year(year)[0][0], number=2)
    found = [(each.position, each.number) for each in replay(year.ledger).differences]
    assert found == [(position, "fact"), (after, "total")]


def test_a_tally_of_another_engine_is_computed_anew_and_said_to_be_so(until_the_list: Year) -> None:
    position = forge(until_the_list.ledger, replace(newest(until_the_list, RoundTallied), engine=1))
    found = replay(until_the_list.ledger)
    assert (found.engines, found.differences) == ({position: 1}, [])


def test_books_that_take_recorded_results_for_granted_believe_every_lie(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without computing anew, what was forged is compared with itself."""

    def trusting(self: Books, fact: Fact) -> None:
        if isinstance(fact.event, ResultComputed | RoundTallied):
            self.round(fact.event.round).results.evolve(fact)
        else:
            taking(self, fact)

    taking = Books.take
    lies = [lie for lie, _ in in_the_year(year)[:3]]
    for number, lie in enumerate(lies):
        forge(year.ledger, lie, number=number)
    assert len(replay(year.ledger).differences) == len(lies)
    monkeypatch.setattr("projections.replay.walk._FIRST_TAKEN", (ResultComputed, RoundTallied))
    monkeypatch.setattr(Books, "take", trusting)
    assert not [each for each in replay(year.ledger).differences if each.type == ResultComputed.NAME]


# a thousand corrections


@pytest.fixture
def until_the_list(tmp_path: Path) -> Iterator[Year]:
    """Give the story up to the proposal of its list: from then on scores change only by ruling."""
    year = open_year(f"sqlite:///{tmp_path / 'ledger.db'}")
    year.play(takewhile(lambda step: not isinstance(step.asked, ProposeList), ANNUAL))
    yield year
    year.close()


def corrections(year: Year, random: Random) -> Iterator[CorrectScore]:
    """Yield random corrections of scores that were recorded."""
    held = [fact.event for fact in year.ledger.read() if isinstance(fact.event, ScoreRecorded) and not fact.event.rater]
    while True:
        each = random.choice(held)
        yield CorrectScore(
            round=ROUND,
            person=each.person,
            component=each.component,
            points=Decimal(random.randrange(1_000)) / 10,
            reason=Sealed("核对"),
            rater=each.rater,
            ballots=each.ballots,
        )


def carried_out(year: Year, asked: Command) -> bool:
    try:
        return bool(year.ledger.execute(asked, actor=ZHANG).positions)
    except Refused:
        return False


@pytest.mark.slow
def test_a_thousand_random_corrections_give_no_false_alarm(until_the_list: Year, notebook: Notebook) -> None:
    year, random = until_the_list, Random(SEED)  # noqa: S311
    made = tallied = 0
    for correct in corrections(year, random):
        made += carried_out(year, correct)
        if random.random() < 0.1:
            tallied += carried_out(year, Tally(round=ROUND))
        if made == CORRECTIONS:
            break
    carried_out(year, Tally(round=ROUND))
    found = replay(year.ledger)
    notebook.saw(
        PROMISE,
        "random corrections, the round tallied in between; then replayed",
        on="sqlite",
        runs=made,
        figures={"tallies": tallied, "numbers": found.numbers, "false_alarms": len(found.differences)},
        seed=SEED,
    )
    assert found.differences == []
    assert tallied > 20
