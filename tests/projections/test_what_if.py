"""What would be otherwise: computed like everything else, never written, and never about a single voice (A9, S6)."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import takewhile
from pathlib import Path

import pytest

from domain.ballots import BallotsCounted, NamedMark, OpenlyAppraised
from domain.decision import Event, Refused
from domain.findings import Invalid
from domain.lists import VoteHeld
from domain.months import MonthSettled
from domain.objections import ObjectionRuled
from domain.records import EntryVerified
from domain.rounds import OpenRound, RoundOpened
from domain.rulebook import SWITCHES, parse_rulebook
from domain.rulings import Amendment
from domain.scores import ScoreCorrected, ScoreRecorded
from domain.tally import ResultComputed
from ledger.ledger import Ledger
from projections.hypotheses import Hypothesis, Inquorate, Ruled, Setting, Under, Without
from projections.ripple import Ripple
from projections.what_if import Otherwise, RoundOtherwise, what_if
from projections.withholding import Disclosures, Viewer
from rulebooks import shipped
from tests.controls import ANNUAL, BRANCH, MEMBERS, ROUND, STAFF, UPHELD, WU, ZHANG
from tests.experiments import Notebook
from tests.projections.forging import forge
from tests.projections.month_ledger import MARCH, SCHEME, YEAR_ROUND, LivedMonths
from tests.projections.year_ledger import Year, open_year

PROMISE = "nobody's vote can be told apart"


def only(found: Otherwise, round_id: str = ROUND) -> RoundOtherwise:
    return next(each for each in found.rounds if each.round == round_id)


def facts_of(ledger: Ledger, kind: type[Event]) -> list[tuple[int, Event]]:
    return [(fact.position, fact.event) for fact in ledger.read() if isinstance(fact.event, kind)]


def without(ledger: Ledger, position: int) -> Without:
    return Without(position, next(ledger.read(after=position - 1, upto=position)).event)


# rulings


def test_had_an_upheld_objection_been_dismissed_its_corrections_are_gone_and_so_is_what_they_touched(
    ended: Year,
) -> None:
    ruled, upto = ruling(ended.ledger)
    found = only(what_if(ended.ledger, Ruled(UPHELD, "dismissed"), upto=upto))
    results = [fact.event for fact in ended.ledger.read(upto=upto) if isinstance(fact.event, ResultComputed)]
    before = {each.person: each for each in results}
    assert {each.person for each in found.ripple.changes} == set(ruled.touched)
    for each in found.ripple.changes:
        assert (each.before.total, each.before.star) == (before[each.person].total, before[each.person].star)
        assert each.why


def ruling(ledger: Ledger) -> tuple[ObjectionRuled, int]:
    """Return the ruling that upheld an objection, and the position of the last fact of that decision."""
    ruled = next(fact for fact in ledger.read() if isinstance(fact.event, ObjectionRuled))
    together = [fact.position for fact in ledger.read() if fact.command_id == ruled.command_id]
    assert isinstance(ruled.event, ObjectionRuled)
    return ruled.event, together[-1]


def test_an_objection_upheld_with_other_points_changes_what_these_points_change(ended: Year) -> None:
    corrected = next(e for _, e in facts_of(ended.ledger, ScoreCorrected) if getattr(e, "objection", "") == UPHELD)
    upto = ruling(ended.ledger)[1]
    assert isinstance(corrected, ScoreCorrected)
    amendment = Amendment(person=corrected.person, component=corrected.component, points=corrected.points)
    same = only(what_if(ended.ledger, Ruled(UPHELD, "upheld", (amendment,)), upto=upto))
    assert same.ripple.changes == ()
    lower = Amendment(person=corrected.person, component=corrected.component, points=Decimal("1.5"))
    (changed, *_) = only(what_if(ended.ledger, Ruled(UPHELD, "upheld", (lower,)), upto=upto)).ripple.changes
    assert "1.5" in " ".join(each.after.en for each in changed.why if each.after is not None)


@pytest.mark.parametrize(
    ("supposed", "code"),
    [
        (Ruled("objection-99", "dismissed"), "unknown-objection"),
        (Ruled(UPHELD, "upheld"), "nothing-otherwise"),
        (
            Ruled(UPHELD, "upheld", (Amendment(person=STAFF, component="branch", points=Decimal(1)),)),
            "not-on-the-roster",
        ),
        (Ruled(UPHELD, "upheld", (Amendment(person=WU, component="luck", points=Decimal(1)),)), "unknown-component"),
        (Ruled(UPHELD, "upheld", (Amendment(person=WU, component="branch", points=Decimal(999)),)), "not-computable"),
        (Inquorate("meeting-99"), "no-round-reached"),
    ],
)
def test_what_speaks_of_nothing_or_cannot_be_computed_is_refused(ended: Year, supposed: Hypothesis, code: str) -> None:
    rounds = (ROUND,) if code == "unknown-objection" else ()
    with pytest.raises(Refused) as refused:
        what_if(ended.ledger, supposed, rounds)
    assert refused.value.code == code


# rules


def test_another_rounding_of_the_cap_changes_the_places_and_who_takes_them(ended: Year) -> None:
    opened = next(e for _, e in facts_of(ended.ledger, RoundOpened))
    assert isinstance(opened, RoundOpened)
    found = only(what_if(ended.ledger, Setting(opened.rulebook, {"cap_rounding": "ceil"}), (ROUND,)))
    assert {cap.star for cap in found.ripple.caps} <= {4, 5}
    assert all((cap.after or 0) > (cap.before or 0) for cap in found.ripple.caps)
    assert found.ripple.caps
    same = only(what_if(ended.ledger, Setting(opened.rulebook, {"cap_rounding": "floor"}), (ROUND,)))
    assert same.ripple == Ripple((), (), same.ripple.undecided, same.ripple.rulebook)


def test_the_rounds_own_rulebook_changes_nothing_and_a_years_rules_reach_its_months(lived: LivedMonths) -> None:
    ledger = lived.year.ledger
    own = what_if(ledger, Under(SCHEME, parse_rulebook(shipped("monthly-points"))), (YEAR_ROUND,))
    assert (only(own, YEAR_ROUND).ripple.changes, own.gone) == ((), ())
    with pytest.raises(Invalid):
        what_if(ledger, Setting(SCHEME, {"nowhere.at.all": "1"}), (YEAR_ROUND,))
    other = what_if(ledger, Setting(SCHEME, {"rounding.places": "0"}), (YEAR_ROUND, MARCH))
    assert all(only(other, each).ripple.changes for each in (YEAR_ROUND, MARCH))


# facts that had not been


def test_without_an_entry_of_a_month_the_month_and_its_year_come_to_something_else(lived: LivedMonths) -> None:
    ledger = lived.year.ledger
    verified = facts_of(ledger, EntryVerified)[0][0]
    found = what_if(ledger, without(ledger, verified))
    month, year = only(found, MARCH), only(found, YEAR_ROUND)
    (changed,) = month.ripple.changes
    assert [each.person for each in year.ripple.changes] == [changed.person]
    assert (changed.after.total or 0) > (changed.before.total or 0)
    assert verified in found.gone


def test_had_too_few_come_to_the_meeting_its_month_is_not_settled_and_the_year_does_without_it(
    lived: LivedMonths,
) -> None:
    ledger = lived.year.ledger
    votes = [e for _, e in facts_of(ledger, VoteHeld) if isinstance(e, VoteHeld) and e.round == MARCH]
    meeting = votes[-1].meeting or MARCH
    found = what_if(ledger, Inquorate(meeting))
    assert only(found, MARCH).adopted == (True, False)
    settled = [position for position, e in facts_of(ledger, MonthSettled) if getattr(e, "round", "") == MARCH]
    assert set(settled) <= set(found.gone)
    year = only(found, YEAR_ROUND)
    assert len(year.ripple.changes) == year.people
    assert {why.clause for each in year.ripple.changes for why in each.why} & {"B-40", "AMB-B26"}


def test_had_the_vote_been_inquorate_nobody_is_confirmed(ended: Year) -> None:
    found = only(what_if(ended.ledger, Inquorate(ROUND)))
    assert (found.adopted, found.ripple.changes) == ((True, False), ())
    assert found.unconfirmed
    assert not found.same


def test_nothing_is_written(ended: Year) -> None:
    before = ended.ledger.head()
    what_if(ended.ledger, Ruled(UPHELD, "dismissed"))
    what_if(ended.ledger, Inquorate(ROUND))
    assert ended.ledger.head() == before


def test_who_may_not_see_what_results_are_made_of_is_told_no_what_if(ended: Year) -> None:
    for viewer, shown in ((Viewer("auditor"), True), (Viewer("masses"), False), (Viewer(person=WU), True)):
        asked = (ended.ledger, Ruled(UPHELD, "dismissed"), (), None, Disclosures(ended.ledger, viewer))
        if shown:
            assert what_if(*asked).rounds
        else:
            with pytest.raises(Refused) as refused:
                what_if(*asked)
            assert refused.value.code == "withheld"


# ballots


def test_a_fact_of_a_ballot_is_never_left_out(lived: LivedMonths) -> None:
    ledger = lived.year.ledger
    for position, _ in facts_of(ledger, BallotsCounted)[:3]:
        with pytest.raises(Refused) as refused:
            what_if(ledger, without(ledger, position))
        assert refused.value.code == "ballot-level"


def test_other_rules_over_a_body_too_small_for_a_secret_ballot_are_refused(year: Year) -> None:
    mark = NamedMark(rater=STAFF, group="masses", points=Decimal(90))
    openly = OpenlyAppraised(
        round=ROUND, branch=BRANCH, component="masses", meeting=None, person=WU, marks=(mark,), shown_from=5
    )
    forge(year.ledger, openly)
    opened = next(e for _, e in facts_of(year.ledger, RoundOpened))
    with pytest.raises(Refused) as refused:
        what_if(year.ledger, Setting(opened.rulebook, {"cap_rounding": "ceil"}), (ROUND,))  # type: ignore[attr-defined]
    assert refused.value.code == "group-too-small"


World = Callable[[str, tuple[int, int]], Year]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return how to make a round in which two named raters gave Wu these points; everything else is the same."""
    made: list[Year] = []

    def making(name: str, points: tuple[int, int]) -> Year:
        year = open_year(f"sqlite:///{tmp_path / name}.db")
        made.append(year)
        year.play(takewhile(lambda step: not isinstance(step.asked, OpenRound), ANNUAL))
        year.play(step for step in ANNUAL if isinstance(step.asked, OpenRound))
        forge(year.ledger, *scores(points))
        return year

    yield making
    for each in made:
        each.close()


def scores(points: tuple[int, int]) -> Iterator[ScoreRecorded]:
    for number, person in enumerate(MEMBERS):
        for component in ("work", "group", "branch", "masses", "self"):
            named = person == WU and component == "masses"
            given = list(zip(points, (STAFF, ZHANG), strict=True)) if named else [(80 + number, None)]
            for value, rater in given:
                yield ScoreRecorded(
                    round=ROUND,
                    person=person,
                    component=component,
                    level=component,
                    points=Decimal(value),
                    rater=rater,
                    ballots=9 if component == "masses" and not named else None,
                    occurred_on=date(2026, 1, 6),
                    evidence=None,
                    cell=None,
                )


def games(ledger: Ledger) -> Iterator[Hypothesis]:
    """Yield every hypothesis about single facts of the round, and every switch of its rulebook."""
    opened = next(fact for fact in ledger.read() if isinstance(fact.event, RoundOpened))
    for fact in ledger.read(after=opened.position):
        yield Without(fact.position, fact.event)
    assert isinstance(opened.event, RoundOpened)
    for name, switch in SWITCHES.items():
        yield from (Setting(opened.event.rulebook, {name: choice}) for choice in switch.meanings)
    yield Setting(opened.event.rulebook, {"rounding.places": "6"})


def answer(ledger: Ledger, supposed: Hypothesis) -> str:
    """Return what somebody learns from a hypothesis: the answer, or why there is none."""
    try:
        return str(what_if(ledger, supposed, (ROUND,)))
    except Exception as refused:  # noqa: BLE001 - whatever is said is an answer
        return f"{type(refused).__name__} {refused}"


def telling_apart(one: Year, other: Year) -> list[str]:
    """Return the hypotheses whose answers differ between two worlds in which two raters' votes are exchanged."""
    pairs = zip(games(one.ledger), games(other.ledger), strict=True)
    return [type(mine).__name__ for mine, theirs in pairs if answer(one.ledger, mine) != answer(other.ledger, theirs)]


@pytest.mark.slow
def test_no_permitted_what_if_tells_apart_who_of_two_raters_gave_which_points(
    world: World, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = world("one", (90, 70)), world("other", (70, 90))
    asked = len(list(games(one.ledger)))
    told = telling_apart(one, other)
    notebook.saw(
        PROMISE,
        "what-ifs over two worlds with two votes exchanged",
        on="sqlite",
        runs=asked,
        figures={"told": len(told)},
    )
    assert told == []
    monkeypatch.setattr("projections.hypotheses.is_single_voice", lambda _event: False)
    unguarded = telling_apart(one, other)
    notebook.saw(
        PROMISE,
        "the same what-ifs, single voices not refused",
        on="sqlite",
        runs=asked,
        figures={"told": len(unguarded)},
        control=True,
    )
    assert set(unguarded) == {"Without"}


def test_a_ruling_over_a_single_voice_is_refused(world: World) -> None:
    year = world("ruled", (90, 70))
    amendment = Amendment(person=WU, component="masses", points=Decimal(1))
    with pytest.raises(Refused) as refused:
        Ruled(UPHELD, "upheld", (amendment,)).require_permitted(list(year.ledger.read()))
    assert refused.value.code == "single-voice"
