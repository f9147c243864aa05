"""Explaining a star: a tree that a hand calculator can follow to facts and clauses."""

import json
import re
from decimal import Decimal
from fractions import Fraction

import pytest

from domain.confirmation import StarConfirmed
from domain.decision import NotFound
from domain.ids import PersonId, attachments_of
from domain.lists import VoteHeld
from domain.notices import LinePosted, NoticePosted
from domain.rounds import Round
from domain.rulebook import clause_text
from domain.scores import ScoreCorrected, ScoreRecorded, Scores
from domain.tally import ResultComputed, Results, TieDecided
from ledger.ledger import Ledger
from projections.explain import explain
from projections.explanation import Node
from projections.folding import folded
from tests.controls import CHEN, LI, ROUND, STRANGER, SUN, WANG, WU, ZHANG, ZHAO, ZHOU
from tests.projections.test_stars_view import position_of
from tests.projections.year_ledger import Year

EVERYBODY = (LI, WANG, ZHANG, CHEN, ZHAO, SUN, ZHOU, WU)
PER_CENT = {
    "work": Fraction(35),
    "group": Fraction(40 * 60, 100),
    "branch": Fraction(40 * 40, 100),
    "masses": Fraction(20),
    "self": Fraction(5),
}


def leaves(node: Node) -> list[Node]:
    """Return the nodes without anything below them."""
    return [each for each in node.nodes() if not each.children]


def scores_of(ledger: Ledger, person: str, upto: int | None = None) -> dict[str, Fraction]:
    """Return what a person was given by component."""
    held = folded(ledger, Scores, ROUND, upto).held
    return {
        component: Fraction(given.points)
        for (rated, component), by_rater in held.items()
        for given in by_rater.values()
        if rated == person
    }


@pytest.mark.parametrize("person", EVERYBODY)
def test_the_explanation_comes_to_what_was_recorded(ended: Year, person: PersonId) -> None:
    told, recorded = explain(ended.ledger, ROUND, person), folded(ended.ledger, Results, ROUND).latest[person]
    assert (told.status, told.star, told.score_star) == (recorded.status, recorded.star, recorded.score_star)
    assert told.total == (None if recorded.total is None else str(recorded.total))
    assert told.total_exact == recorded.total_exact


@pytest.mark.parametrize("person", EVERYBODY)
def test_every_fact_exists_and_every_clause_is_real(ended: Year, person: PersonId) -> None:
    told = explain(ended.ledger, ROUND, person)
    rulebook = folded(ended.ledger, Round, ROUND).rulebook
    facts = {fact.position: fact for fact in ended.ledger.read()}
    for node in told.tree.nodes():
        assert clause_text(rulebook, node.clause.id) is not None
        assert node.clause.text.zh
        for reading in node.readings:
            assert clause_text(rulebook, reading.id) is not None
        for note in node.facts:
            assert note.type == facts[note.position].event.NAME
            assert facts[note.position].recorded_at == note.recorded_at
            assert facts[note.position].actor == note.actor
            assert note.evidence == attachments_of(facts[note.position].event)


def test_every_given_score_ends_in_its_fact(ended: Year) -> None:
    tree = explain(ended.ledger, ROUND, ZHOU).tree
    held = folded(ended.ledger, Scores, ROUND).held
    positions = {given.position for (rated, _), by in held.items() if rated == ZHOU for given in by.values()}
    cited = {note.position for leaf in leaves(tree) for note in leaf.facts}
    assert positions <= cited
    assert len(positions) == 5


@pytest.mark.parametrize("person", [LI, WANG, CHEN, ZHAO, SUN, ZHOU])
def test_a_hand_calculator_comes_to_the_total(ended: Year, person: PersonId) -> None:
    told, given = explain(ended.ledger, ROUND, person), scores_of(ended.ledger, person)
    by_hand = sum((given[code] * weight / 100 for code, weight in PER_CENT.items()), Fraction(0))
    assert Fraction(told.total_exact or "") == by_hand
    contributions = [
        Fraction(node.value)
        for node in told.tree.nodes()
        if re.search(r" × (35|40|20|5)% = ", node.label.en) and node.clause.id == "A-23" and " + " not in node.label.en
    ]
    assert len(contributions) == 4
    assert sum(contributions) == by_hand


def test_without_a_party_group_the_branch_carries_its_weight(ended: Year) -> None:
    told, given = explain(ended.ledger, ROUND, WU), scores_of(ended.ledger, WU)
    by_hand = given["work"] * 35 + given["branch"] * 40 + given["masses"] * 20 + given["self"] * 5
    assert Fraction(told.total_exact or "") == by_hand / 100
    assert "AMB-A11" in {each.id for node in told.tree.nodes() for each in (node.clause, *node.readings)}


def test_the_procedure_stands_above_the_numbers(ended: Year) -> None:
    confirmation = explain(ended.ledger, ROUND, SUN).tree
    notice = confirmation.children[0]
    meeting = notice.children[0]
    tally = meeting.children[0]
    assert [note.type for note in confirmation.facts] == [StarConfirmed.NAME]
    assert [note.type for note in notice.facts] == [NoticePosted.NAME, LinePosted.NAME]
    assert [note.type for note in meeting.facts] == ["list.Proposed.v1", VoteHeld.NAME]
    assert {TieDecided.NAME, ResultComputed.NAME} <= {note.type for note in tally.facts}
    assert confirmation.value == "4"
    assert [confirmation.clause.id, notice.clause.id, meeting.clause.id, tally.clause.id] == [
        "AMB-B18",
        "P-SEVEN-DAYS",
        "NORM-BRANCH-11",
        "A-26",
    ]


def test_a_corrected_score_shows_what_it_replaced(ended: Year) -> None:
    tree = explain(ended.ledger, ROUND, WU).tree
    (newest,) = [n for leaf in leaves(tree) for n in leaf.facts if n.type == ScoreCorrected.NAME]
    chain = []
    note = newest
    while note.earlier is not None:
        note = note.earlier
        chain.append(note.type)
    assert chain == [ScoreCorrected.NAME, "score.Recorded.v1"]
    assert [line.count("↳") for line in newest.lines("en")] == [0, 1, 1]


def test_a_confirmed_star_and_a_later_result_are_told_apart(ended: Year) -> None:
    told = explain(ended.ledger, ROUND, WU)
    assert (told.confirmed, told.total) == (2, "78.05")
    assert "78.05" in told.tree.label.en
    assert "78.05" not in explain(ended.ledger, ROUND, SUN).tree.label.en


def test_an_explanation_as_of_a_position_knows_nothing_later(ended: Year) -> None:
    before = position_of(ended, ScoreCorrected, 1) - 1
    told = explain(ended.ledger, ROUND, WU, as_of=before)
    assert (told.position, told.total, told.confirmed) == (before, "77.00", None)
    assert max(note.position for node in told.tree.nodes() for note in node.facts) <= before


def test_before_the_tally_the_explanation_says_that_it_is_a_trial(ended: Year) -> None:
    told = explain(ended.ledger, ROUND, WU, as_of=position_of(ended, ResultComputed) - 2)
    assert told.tree.label.en == "not confirmed yet"
    assert any("trial" in node.label.en for node in told.tree.nodes())


def test_a_missing_score_is_explained_as_missing(ended: Year) -> None:
    told = explain(ended.ledger, ROUND, LI, as_of=position_of(ended, ScoreRecorded, 3))
    assert (told.status, told.total, told.star) == ("incomplete", None, None)
    assert "AMB-A13" in {node.clause.id for node in told.tree.nodes()}


def test_who_is_not_on_the_roster_has_no_explanation(ended: Year) -> None:
    with pytest.raises(NotFound):
        explain(ended.ledger, ROUND, STRANGER)
    with pytest.raises(NotFound):
        explain(ended.ledger, "another", SUN)


def test_the_explanation_is_plain_json_with_numbers_as_strings(ended: Year) -> None:
    told = explain(ended.ledger, ROUND, SUN).as_json()
    assert json.loads(json.dumps(told)) == told
    assert told["total"] == "90.25"
    assert Decimal(told["total_exact"]) == Decimal("90.25")
    assert told["rulebook"]["sha256"] == folded(ended.ledger, Round, ROUND).require_open().document


def test_the_text_names_every_clause_that_it_cites(ended: Year) -> None:
    said = explain(ended.ledger, ROUND, SUN).as_text("zh")
    cited = {name for group in re.findall(r"  \[([^\]]+)\]$", said, re.MULTILINE) for name in group.split(" ")}
    explained = set(re.findall(r"^\[([^\]]+)\] ", said, re.MULTILINE))
    assert cited == explained != set()
    assert "Sun" in said.splitlines()[0]
    assert "90 × 35% + 90 × 40% + 90 × 20% + 95 × 5% = 90.25" in said
