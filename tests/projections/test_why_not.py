"""Why not this star: what stands in between, and exactly what would suffice; of others only their places (A4)."""

from decimal import Decimal

import pytest

from domain.decision import NotFound, Refused
from domain.objections import ObjectionFiled
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.rulings import Amendment
from domain.scores import Scores
from domain.scoring import score
from domain.scoring.sufficient import Sufficient
from domain.tally import ResultComputed, Results
from projections.folding import folded
from projections.hypotheses import Ruled
from projections.what_if import what_if
from projections.why_not import WhyNot, why_not
from projections.withholding import Disclosures, Viewer
from tests.controls import ROUND, UPHELD
from tests.projections.month_ledger import MARCH, YEAR_ROUND, LivedMonths
from tests.projections.year_ledger import Year


def asked(year: Year, person: str, star: int, viewer: Viewer | None = None, upto: int | None = None) -> WhyNot:
    disclosures = None if viewer is None else Disclosures(year.ledger, viewer)
    return why_not(year.ledger, ROUND, person, star, year.clock.now(), upto, disclosures)


def stars(year: Year) -> dict[str, tuple[int, int]]:
    """Return everybody's star and the star by score."""
    this, results = folded(year.ledger, Round, ROUND), folded(year.ledger, Results, ROUND)
    scores = folded(year.ledger, Scores, ROUND)
    outcome = score(this.rulebook, sheet_of(this, scores, results.vetoes), results.decisions)
    return {each.person: (each.star or 0, each.score_star or 0) for each in outcome.people if each.total is not None}


def would_hold(year: Year, person: str, star: int, each: Sufficient, points: Decimal) -> bool:
    """Return whether a what-if with these points gives the star: the same question asked in another way."""
    amended = Ruled(UPHELD, "upheld", (Amendment(person=person, component=each.component.code, points=points),))  # type: ignore[arg-type]
    (found,) = what_if(year.ledger, amended, (ROUND,)).rounds
    changed = next((one for one in found.ripple.changes if one.person == person), None)
    return changed is not None and changed.after.star is not None and changed.after.star >= star


def test_what_suffices_does_and_a_hundredth_less_does_not(ended: Year) -> None:
    tried = 0
    for person, (star, _) in stars(ended).items():
        found = asked(ended, person, star + 1) if 0 < star < 5 else None
        for each in () if found is None else found.suffices[:1]:
            assert would_hold(ended, person, star + 1, each, each.least), (person, each)
            assert not would_hold(ended, person, star + 1, each, each.least - Decimal("0.01")), (person, each)
            tried += 1
    assert tried > 2


def test_the_band_is_named_with_its_clause_the_distance_and_the_facts_of_the_total(ended: Year) -> None:
    person, (star, _) = min(stars(ended).items(), key=lambda each: each[1])
    found = asked(ended, person, star + 1)
    (band,) = [each for each in found.between if each.kind == "band"]
    assert band.clause.startswith("A-") or band.clause.startswith("AMB-")
    assert "short" in band.text.en
    assert band.facts
    assert found.holds == star


def test_a_cap_is_named_with_the_rank_and_nobody_elses_total(ended: Year) -> None:
    results = [f.event for f in ended.ledger.read() if isinstance(f.event, ResultComputed)]
    bounded = [(p, by_score) for p, (star, by_score) in stars(ended).items() if star < by_score]
    assert bounded
    for person, star in bounded:
        found = asked(ended, person, star)
        (places,) = [each for each in found.between if each.kind == "places"]
        assert "rank" in places.text.en
        others = {str(each.total) for each in results if each.person != person and each.total is not None}
        assert not others & set(places.text.en.replace(",", " ").split())


def test_a_star_that_is_held_has_nothing_in_between_and_a_higher_one_of_the_rulebook_only(ended: Year) -> None:
    person, (star, _) = max(stars(ended).items(), key=lambda each: each[1])
    held = asked(ended, person, star)
    assert (held.suffices, [each for each in held.between if each.kind != "procedure"]) == ((), [])
    for wrong in (0, 6):
        with pytest.raises(NotFound):
            asked(ended, person, wrong)


def test_an_open_objection_or_window_keeps_a_star_from_being_confirmed(ended: Year) -> None:
    filed = next(fact for fact in ended.ledger.read() if isinstance(fact.event, ObjectionFiled))
    assert isinstance(filed.event, ObjectionFiled)
    found = asked(ended, filed.event.about, 1, upto=filed.position)
    (waits,) = [each for each in found.between if each.kind == "procedure"]
    assert waits.clause
    assert waits.facts
    assert all(position <= filed.position for position in waits.facts)


def test_who_may_not_see_others_is_told_of_his_own_band_alone_and_who_may_not_see_him_nothing(ended: Year) -> None:
    bounded = [(person, by_score) for person, (star, by_score) in stars(ended).items() if star < by_score]
    person, star = bounded[0]
    open_to_all = asked(ended, person, star, Viewer("auditor"))
    assert (open_to_all.alone, bool(open_to_all.suffices)) == (False, True)
    with pytest.raises(Refused) as refused:
        asked(ended, person, star, Viewer("administration"))
    assert refused.value.code == "withheld"
    own = asked(ended, person, star, Viewer("administration", person))
    assert own.alone
    assert all(each.now is not None and each.least - Decimal("0.01") <= each.now for each in own.suffices)


def test_whoever_is_missing_a_rater_is_told_which(lived: LivedMonths) -> None:
    ledger = lived.year.ledger
    hidden = why_not(ledger, "workshop-1.2025-09", "wu", 3, lived.year.clock.now())
    assert {each.kind for each in hidden.between} == {"missing"}
    assert hidden.holds is None
    month = why_not(ledger, MARCH, "wu", 5, lived.year.clock.now())
    assert "procedure" not in {each.kind for each in month.between}
    assert why_not(ledger, YEAR_ROUND, "sun", 5, lived.year.clock.now()).star == 5
