"""Whom a command would change, shown before it is confirmed: others through the caps among them (S6, B-8, A-22)."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import takewhile
from pathlib import Path

import pytest

from domain.ballots import BallotsCounted
from domain.decision import Command, replace
from domain.drawing import DrawRecords, TakeBackNoAppraisal
from domain.drawn import ComponentPoints
from domain.exempting import ExemptMember
from domain.ids import EntryId, PersonId, RoundId
from domain.inquiries import RuleOnObjection
from domain.months import MonthSettled
from domain.proposing import ProposeList
from domain.record_verifying import ReverseEntry, VerifyEntry
from domain.recording import CorrectEntry, ProposeEntry
from domain.rounds import OpenRound
from domain.rulings import Amendment
from domain.score_import import ImportScores, ScoreLine
from domain.scores import CorrectScore
from domain.sealed import Sealed
from domain.tally import ResultComputed, Tally
from projections.effects import Change, RoundEffects, effects
from tests.controls import (
    ANNUAL,
    BRANCH,
    CHEN,
    LI,
    MEMBERS,
    PAPER,
    ROUND,
    RULEBOOK,
    SUN,
    WANG,
    WU,
    ZHANG,
    ZHAO,
    ZHOU,
    Step,
    noon,
)
from tests.projections.month_ledger import COUNTED, MARCH, WITHHELD_MONTH, YEAR_ROUND, LivedMonths
from tests.projections.year_ledger import Year, copied, open_year

DAY, AT = date(2025, 6, 2), noon(date(2026, 1, 6))
OF_SUN, OF_WANG, LATE = EntryId("of-sun"), (EntryId("of-wang-1"), EntryId("of-wang-2")), EntryId("late")
OTHERS = {LI: "85", WANG: "95", CHEN: "84", ZHAO: "83", SUN: "95", ZHOU: "95", WU: "77", ZHANG: "82"}
BODY = "考核工作领导小组"


def entry(key: EntryId, person: PersonId, day: date = DAY) -> ProposeEntry:
    return ProposeEntry(
        entry=key,
        branch=BRANCH,
        person=person,
        rulebook=RULEBOOK,
        item="job-small",
        occurred_on=day,
        statement=Sealed("修好工装"),
    )


def table(people: Iterable[PersonId]) -> ImportScores:
    """Return the table without the component that is made of entries; Zhou is a hair better in one column."""
    lines = tuple(
        ScoreLine(
            person=person,
            component=component,
            points=Decimal("96" if (person, component) == (ZHOU, "self") else OTHERS[person]),
            cell=f"{person}.{component}",
        )
        for person in people
        for component in ("group", "branch", "masses", "self")
    )
    return ImportScores(round=ROUND, workbook=PAPER, ballots=9, lines=lines)


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with a round of eight: two places of four stars, and three who reach them."""
    file = tmp_path_factory.mktemp("effects") / "ledger.db"
    year = open_year(f"sqlite:///{file}")
    year.play(takewhile(lambda step: not isinstance(step.asked, OpenRound), ANNUAL))
    for key, person in ((OF_SUN, SUN), (OF_WANG[0], WANG), (OF_WANG[1], WANG)):
        play(year, ZHANG, entry(key, person))
        play(year, LI, VerifyEntry(entry=key, branch=BRANCH))
    opening = OpenRound(round=ROUND, branch=BRANCH, period="2025", rulebook=RULEBOOK)
    drawing = DrawRecords(round=ROUND, branch=BRANCH, component="work")
    play(year, ZHANG, opening, drawing, table(set(MEMBERS) - {ZHANG}))
    play(year, WANG, table([ZHANG]), Tally(round=ROUND))
    year.close()
    return file


@pytest.fixture
def drawn(evaluated: Path, tmp_path: Path) -> Iterator[Year]:
    """Give that round, of this test alone."""
    year = copied(evaluated, tmp_path)
    year.clock.set(AT)
    yield year
    year.close()


def play(year: Year, actor: PersonId, *commands: Command) -> None:
    year.play([Step(asked, actor, AT) for asked in commands])


def shown(year: Year, asked: Command, actor: PersonId = ZHANG) -> tuple[RoundEffects, ...]:
    """Return the effects of a command that is only previewed, and assert that nothing was written."""
    before = year.ledger.head()
    found = effects(year.ledger, year.ledger.preview(asked, actor=actor))
    assert year.ledger.head() == before
    return found


def only(found: tuple[RoundEffects, ...]) -> RoundEffects:
    (one,) = found
    assert one.unknown is None
    return one


def by_person(found: RoundEffects) -> dict[PersonId, Change]:
    return {change.person: change for change in found.changes}


REVERSE = ReverseEntry(entry=OF_SUN, branch=BRANCH, reason=Sealed("记错人"))
CORRECT = CorrectEntry(
    entry=OF_SUN,
    branch=BRANCH,
    person=SUN,
    item="job-target-missed",
    points=Decimal(-3),
    occurred_on=DAY,
    reason=Sealed("核实后更正"),
)


def test_taking_back_one_person_s_entry_moves_another_person_s_star_through_the_cap(drawn: Year) -> None:
    found = only(shown(drawn, REVERSE))
    assert (found.round, found.branch, found.period, found.once) == (ROUND, BRANCH, "2025", "recorded")
    sun, zhou = by_person(found)[SUN], by_person(found)[ZHOU]
    assert found.changes == (sun, zhou)
    assert (sun.through, sun.total, sun.star) == ("own", (Decimal("90.10"), Decimal("89.75")), (4, 3))
    assert (zhou.through, zhou.total, zhou.star) == ("quota", (Decimal("89.80"), Decimal("89.80")), (3, 4))
    assert sun.score_star == zhou.score_star == (4, 4)


def test_what_is_shown_is_what_the_round_comes_to_when_it_is_done(drawn: Year) -> None:
    expected, size = (
        {change.person: change.after for change in only(shown(drawn, REVERSE)).changes},
        drawn.ledger.head().size,
    )
    play(drawn, ZHANG, REVERSE, DrawRecords(round=ROUND, branch=BRANCH, component="work"), Tally(round=ROUND))
    made = [fact.event for fact in drawn.ledger.read(after=size)]
    really = {each.person: each for each in made if isinstance(each, ResultComputed)}
    assert {person: replace(each, tally=0) for person, each in really.items()} == {
        person: replace(each, tally=0) for person, each in expected.items()
    }


def test_a_corrected_entry_is_shown_as_recorded_and_as_verified(drawn: Year) -> None:
    recorded, verified = shown(drawn, CORRECT)
    assert [each.once for each in (recorded, verified)] == ["recorded", "verified"]
    assert by_person(recorded)[SUN].total == (Decimal("90.10"), Decimal("89.75"))
    assert by_person(verified)[SUN].total == (Decimal("90.10"), Decimal("88.70"))
    assert by_person(verified)[ZHOU].star == (3, 4)


def test_a_proposed_entry_changes_nobody_until_somebody_has_verified_it(drawn: Year) -> None:
    recorded, verified = shown(drawn, entry(LATE, ZHOU))
    assert recorded.changes == ()
    assert by_person(verified)[ZHOU].star == (3, 4)
    assert by_person(verified)[SUN].through == "quota"


def test_an_entry_of_days_of_which_no_round_is_open_reaches_none(drawn: Year) -> None:
    assert shown(drawn, entry(LATE, ZHOU, date(2026, 1, 5))) == ()


def test_a_corrected_score_shows_whom_it_moves(drawn: Year) -> None:
    asked = CorrectScore(round=ROUND, person=SUN, component="self", points=Decimal(80), reason=Sealed("录入错误"))
    found = by_person(only(shown(drawn, asked)))
    assert (found[SUN].star, found[ZHOU].star) == ((4, 3), (3, 4))


def test_a_tie_that_a_body_would_have_to_decide_is_named(drawn: Year) -> None:
    asked = CorrectScore(round=ROUND, person=ZHOU, component="self", points=Decimal(95), reason=Sealed("录入错误"))
    both = [event for each in (asked, REVERSE) for event in drawn.ledger.preview(each, actor=ZHANG)]
    (tie,) = only(effects(drawn.ledger, both)).undecided
    assert (tie.star, set(tie.people)) == (4, {SUN, ZHOU})


def test_exempting_somebody_gives_his_place_to_the_next(drawn: Year) -> None:
    asked = ExemptMember(round=ROUND, person=SUN, decided_by="支委会", reason=Sealed("长期病假"))
    found = by_person(only(shown(drawn, asked, LI)))
    assert (found[SUN].after.status, found[ZHOU].star) == ("not_rated", (3, 4))


def test_where_nobody_s_star_or_total_changes_nobody_is_named(drawn: Year) -> None:
    asked = CorrectEntry(
        entry=OF_SUN, branch=BRANCH, person=SUN, item="job-small", occurred_on=date(2025, 6, 3), reason=Sealed("日期")
    )
    recorded, verified = shown(drawn, asked)
    assert recorded.changes
    assert verified.changes == ()


def test_a_tally_is_compared_with_what_was_computed_last(drawn: Year) -> None:
    correct = CorrectScore(round=ROUND, person=SUN, component="self", points=Decimal(80), reason=Sealed("录入错误"))
    play(drawn, ZHANG, correct)
    found = by_person(only(shown(drawn, Tally(round=ROUND))))
    assert found[ZHOU].star == (3, 4)


def test_once_the_list_is_proposed_an_entry_changes_nothing_and_the_reader_is_told(drawn: Year) -> None:
    play(drawn, CHEN, ProposeList(round=ROUND, body=BODY))
    (fixed,) = shown(drawn, REVERSE)
    assert fixed.changes == ()
    assert fixed.unknown is not None
    assert "list is proposed" in fixed.unknown.en


def test_a_ruling_shows_everybody_whom_it_touches(tmp_path: Path) -> None:
    year = open_year(f"sqlite:///{tmp_path / 'ledger.db'}")
    year.play(takewhile(lambda step: not isinstance(step.asked, RuleOnObjection), ANNUAL))
    step = next(each for each in ANNUAL if isinstance(each.asked, RuleOnObjection))
    year.clock.set(step.at)
    events = year.ledger.preview(step.asked, actor=step.actor)
    found = only(effects(year.ledger, events))
    year.close()
    assert isinstance(step.asked, RuleOnObjection)
    assert all(isinstance(each, Amendment) for each in step.asked.amendments)
    assert {change.person: change.after for change in found.changes} == {
        each.person: each for each in events if isinstance(each, ResultComputed)
    }


# months


def test_who_becomes_incomplete_is_said(lived: LivedMonths) -> None:
    asked = TakeBackNoAppraisal(round=YEAR_ROUND, component="appraisal", why="改期举行")
    found = only(shown(lived.year, asked))
    complete = {change.person for change in found.changes if change.becomes_incomplete}
    assert complete
    assert complete == {change.person for change in found.changes}


def test_a_settled_month_reaches_the_year_it_is_drawn_into(lived: LivedMonths) -> None:
    facts = (fact.event for fact in lived.year.ledger.read())
    month = next(each for each in facts if isinstance(each, MonthSettled) and each.person == SUN)
    lower = tuple(
        ComponentPoints(component=each.component, points="10" if each.component == "records" else each.points)
        for each in month.components
    )
    (found,) = effects(lived.year.ledger, [replace(month, components=lower)])
    assert found.round == YEAR_ROUND
    assert [(change.person, change.through) for change in found.changes] == [(SUN, "own")]


def test_an_entry_of_a_month_before_its_list_is_proposed(lived: LivedMonths) -> None:
    events = lived.year.ledger.preview(
        ReverseEntry(entry=COUNTED, branch=BRANCH, reason=Sealed("查无此事")), actor=ZHANG
    )
    (found,) = effects(lived.year.ledger, events, lived.marks["drawn"])
    assert found.round == MARCH
    assert by_person(found)[SUN].total == (Decimal("97.35"), Decimal("98.75"))
    assert effects(lived.year.ledger, events)[0].unknown is not None


# secrecy


def test_of_a_box_that_is_being_counted_nothing_is_shown(lived: LivedMonths) -> None:
    upto = lived.marks["closing"]
    counted = [
        fact.event
        for fact in lived.year.ledger.read(after=upto, upto=lived.marks["drawn"])
        if isinstance(fact.event, BallotsCounted)
    ]
    assert counted
    (found,) = effects(lived.year.ledger, counted, upto)
    assert (found.changes, found.withheld) == ((), ())
    assert found.unknown is not None
    assert "before it is closed" in found.unknown.en


def test_of_whose_appraisal_is_withheld_it_is_said_that_nothing_can_be_shown(lived: LivedMonths) -> None:
    asked = ExemptMember(
        round=RoundId(f"workshop-1.{WITHHELD_MONTH}"), person=SUN, decided_by="支委会", reason=Sealed("病假")
    )
    found = only(shown(lived.year, asked, LI))
    assert found.withheld == (WU,)
    assert WU not in by_person(found)
