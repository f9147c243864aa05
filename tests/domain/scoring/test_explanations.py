"""An explanation leads from a star down to given values, and its numbers can be followed by hand."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.rulebook import FAMILIES, Rulebook, clause_text
from domain.scoring import Outcome, Step, TieDecision
from domain.sheet import Candidate, Given

Person = Callable[..., Candidate]
Scored = Callable[..., Outcome]
Reread = Callable[..., Rulebook]
FORMULA = re.compile(r"(?:: |^)([0-9(][^:=]*) = ([0-9./]+)$")
scores = st.decimals(0, 100, places=1)


def steps(step: Step) -> Iterator[Step]:
    yield step
    for child in step.children:
        yield from steps(child)


def by_hand(formula: str) -> Fraction:
    """Work a formula such as `(80 × 35% + 90 × 45%) ÷ 80%` out, one sign after the other."""
    exact = re.sub(r"([0-9./]+)(%?)", lambda found: f"(Fraction('{found[1]}') / {100 if found[2] else 1})", formula)
    return Fraction(eval(exact.replace("×", "*").replace("÷", "/"), {"Fraction": Fraction}))  # noqa: S307 - our own text


@given(st.tuples(scores, scores, scores, scores, scores), st.sampled_from(["with groups", "without"]))
def test_every_formula_of_an_explanation_comes_out_by_hand(
    annual: Rulebook, person: Person, scored: Scored, drawn: tuple[Decimal, ...], branch: str
) -> None:
    named: dict[str, object] = dict(zip(("work", "group", "branch", "masses", "self"), map(str, drawn), strict=True))
    if branch == "without":
        named |= {"group": None, "not_applicable": frozenset({"group"})}
    outcome = scored(annual, [person("P01", **named)], roster_size=20)
    tree = outcome.people[0].explanation
    worked = 0
    for step in steps(tree):
        found = FORMULA.search(step.label.en)
        if found and "places of" not in step.label.en:
            assert by_hand(found[1]) == Fraction(found[2]) == Fraction(step.value), step.label.en
            worked += 1
    assert worked >= 6


def test_the_leaves_carry_the_positions_of_the_facts(annual: Rulebook, person: Person, scored: Scored) -> None:
    given_facts = {
        code: Given(Decimal(90), sources=(position,))
        for position, code in enumerate(("work", "group", "branch", "masses", "self"), start=11)
    }
    tree = scored(annual, [person("P01", **given_facts)], roster_size=20).people[0].explanation
    leaves = [source for step in steps(tree) if not step.children for source in step.sources]
    assert leaves == [11, 12, 13, 14, 15]


def test_every_step_and_reason_names_a_clause_that_can_be_read(
    annual: Rulebook, person: Person, scored: Scored
) -> None:
    people = [person("a", 96), person("b", 96), person("c", 90, group=None, not_applicable=frozenset({"group"}))]
    people += [person("d", 80, self=None), person("e", exempt=True), person("f", 74)]
    outcome = scored(annual, people, roster_size=20)
    for each in outcome.people:
        assert each.reasons
        for clause in [*(step.clause for step in steps(each.explanation)), *(reason.clause for reason in each.reasons)]:
            assert clause_text(annual, clause) is not None, clause


def test_the_readings_that_applied_are_named(annual: Rulebook, person: Person, scored: Scored) -> None:
    one = person("P01", 96, group=None, not_applicable=frozenset({"group"}))
    tree = scored(annual, [one, person("P02", 97)], roster_size=20).people[0].explanation
    named = {reading for step in steps(tree) for reading in step.readings}
    assert {"AMB-A1", "AMB-A3", "AMB-A4", "AMB-A5", "AMB-A6", "AMB-A7", "AMB-A11", "AMB-A14"} <= named


def test_an_outcome_lists_every_reading_with_its_choice(reread: Reread, person: Person, scored: Scored) -> None:
    outcome = scored(reread(cap_rounding="ceil"), [person("P01", 90)])
    assert [reading.amb for reading in outcome.readings] == [f"AMB-A{number}" for number in range(1, 19)]
    assert {reading.name: reading.choice for reading in outcome.readings} == {
        name: switch.default for name, switch in FAMILIES["seed-a"].items()
    } | {"cap_rounding": "ceil"}


def test_a_demotion_shows_rank_places_and_the_count_behind_them(
    annual: Rulebook, person: Person, scored: Scored
) -> None:
    tree = scored(annual, [person("a", 97), person("b", 96)], roster_size=20).people[1].explanation
    said = [step.label.en for step in steps(tree)]
    assert (tree.value, tree.clause) == ("4", "A-34")
    assert any("five stars: 1 places, rank 2 of 2" in sentence for sentence in said)
    assert any("20 members × 5 % = 1, rounded down: 1" in sentence for sentence in said)


def test_a_decided_tie_says_that_a_body_decided(annual: Rulebook, person: Person, scored: Scored) -> None:
    people = [person("a", 96), person("b", 96)]
    outcome = scored(annual, people, TieDecision(5, ("b",)), roster_size=20)
    assert any("as a body decided" in reason.text.en for reason in outcome.people[0].reasons)
    assert any("集体决定" in reason.text.zh for reason in outcome.people[1].reasons)
