"""What each audience is shown, under which clause, and that nobody outside it sees anything."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rulebook import parse_rulebook
from domain.rulebook.conduct import Openness
from domain.text import Text
from projections.disclosure import disclosure_matrix
from rulebooks import SHIPPED, shipped

RULES = parse_rulebook(shipped("monthly-points"))
CODES = ("name", "components", "total", "star", "commitments", "grade", "health", "objector", "rules")


def test_the_four_open_things_stand_first_with_their_clauses() -> None:
    matrix = disclosure_matrix(RULES)
    assert matrix.audiences == ("branch", "masses")
    shown = {
        field.code: {one.audience: one.clause for one in field.answers if one.shown} for field in matrix.fields[:4]
    }
    assert shown == {
        "rules": {"branch": "B-52", "masses": "B-52"},
        "commitments": {"branch": "B-53", "masses": "B-53"},
        "appraisal": {"branch": "B-54"},
        "stars": {"branch": "B-55"},
    }


@pytest.mark.parametrize("field", ["components", "total", "star", "reasons", "appraisal", "stars"])
def test_scores_stay_inside_the_branch(field: str) -> None:
    matrix = disclosure_matrix(RULES)
    assert matrix.shown_to("branch", field)
    assert not matrix.shown_to("masses", field)


@pytest.mark.parametrize("field", ["health", "objector", "ballots", "phone", "national_id", "what-nobody-names"])
@pytest.mark.parametrize("audience", ["branch", "masses", "strangers"])
def test_some_things_are_shown_to_nobody(field: str, audience: str) -> None:
    assert not disclosure_matrix(RULES).shown_to(audience, field)


def test_health_is_private_under_its_own_clause() -> None:
    health = next(field for field in disclosure_matrix(RULES).fields if field.code == "health")
    assert {one.clause for one in health.answers} == {"AMB-B17"}
    assert all("个人原因" in one.why.zh for one in health.answers)


def test_every_answer_names_a_clause_of_the_rulebook_and_a_reason() -> None:
    for name in SHIPPED:
        rulebook = parse_rulebook(shipped(name))
        matrix = disclosure_matrix(rulebook)
        assert matrix.fields
        for field in matrix.fields:
            assert [one.audience for one in field.answers] == list(matrix.audiences)
            assert all(one.clause in rulebook.clauses and one.why.zh and one.why.en for one in field.answers)


def test_who_is_told_what_he_is_not_shown_is_told_who_is() -> None:
    total = next(field for field in disclosure_matrix(RULES).fields if field.code == "total")
    assert [(one.shown, one.why.zh) for one in total.answers] == [
        (True, "列入向其公开的内容。"),
        (False, "只向支部公开。"),
    ]


codes = st.lists(st.sampled_from(CODES), unique=True).map(tuple)


@given(codes, codes, codes, st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(["branch", "masses", "x"]))))
def test_nobody_outside_an_audience_sees_a_field(
    branch: tuple[str, ...], masses: tuple[str, ...], never: tuple[str, ...], topics: list[tuple[str, str]]
) -> None:
    openness = tuple(Openness(code, Text(code, code), (to,), "B-52") for code, to in dict(topics).items())
    disclosure = replace(RULES.disclosure, branch=branch, masses=masses, never=never)
    conduct = replace(RULES.conduct, openness=openness)
    matrix = disclosure_matrix(replace(RULES, disclosure=disclosure, conduct=conduct))
    listed = {"branch": branch, "masses": masses}
    for audience in ("branch", "masses", "x", "strangers"):
        for code in CODES:
            named = code in listed.get(audience, ()) or dict(topics).get(code) == audience
            assert matrix.shown_to(audience, code) == (named and code not in never and code != "health")
