"""A round of grades with places at both ends, lived through in a real ledger: ties at a cap and at a floor, decided.

§3.14, AMB-A8. Scheme: tests/domain/schemes/both-ends.toml with grades for stars and more people. Who is tied, decided
and listed is told by the scheme's own words: grade 5 is 优秀 here, and no star.
"""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from domain.decision import Refused
from domain.ids import PersonId, RoundId
from domain.rulebook import parse_rulebook
from domain.scoring import TieDecision, score
from domain.sealed import Sealed
from domain.sheet import Candidate, Given, Sheet
from domain.tally import DecideTie, Results, RoundTallied, Tally, TieDecided
from projections.agenda import agenda
from projections.folding import folded
from projections.replay import replay
from projections.sentences import Telling, tell
from tests.controls import CHEN, LI, MEMBERS, SUN, WANG, WU, ZHANG, ZHAO, ZHOU
from tests.projections.scheme_ledger import BODY, SCHEMES, Lived, opened_under

ROUND = RoundId("grades-2025")
GRADED = {
    "五星": "优秀", "四星": "良好", "三星": "合格", "二星": "待改进",
    "five stars": "excellent", "four stars": "good", "three stars": "fit", "two stars": "to improve",
}  # fmt: skip
POINTS = {LI: 95, WANG: 95, ZHANG: 85, CHEN: 84, ZHAO: 80, SUN: 75, ZHOU: 75, WU: 71}
"""One place of the best for Li and Wang; three of two grades together; two of eight have to be in the lowest."""


def scheme() -> bytes:
    """Return the scheme with grades, points for peers, and a quarter of the people in the lowest grade."""
    text = (SCHEMES / "both-ends.toml").read_text(encoding="utf-8")
    ballots = text[text.index("ballots = {") : text.index('clause = "2"\n\n[component_range]')]
    text = text.replace(ballots, "").replace(
        'percent_by_period = { "2026" = 15 }', 'percent_by_period = { "2025" = 25 }'
    )
    for star, grade in GRADED.items():
        text = text.replace(f'"{star}"', f'"{grade}"')
    return text.replace("[rounding]\n", '[result]\nkind = "grade"\n\n[rounding]\n', 1).encode()


SCHEME = scheme()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Give the ledger with everybody's points, tallied."""
    made = opened_under(tmp_path_factory.mktemp("grades") / "ledger.db", SCHEME)
    made.open(ROUND, "2025")
    for person in MEMBERS:
        made.record(ROUND, person, {"work": str(POINTS[person]), "peers": str(POINTS[person])}, {})
    made.ask(ZHANG, made.year.clock.now(), Tally(round=ROUND))
    yield made
    made.year.close()


def results(lived: Lived) -> Results:
    return folded(lived.year.ledger, Results, ROUND, lived.year.ledger.head().size)


def tallied(lived: Lived) -> RoundTallied:
    found = results(lived).tallied
    assert found is not None
    return found


def decided(star: int, *winners: PersonId) -> DecideTie:
    return DecideTie(round=ROUND, star=star, winners=winners, body=BODY, reason=Sealed("履职更实"))


def said_due(lived: Lived) -> list[tuple[str, str]]:
    """Return what has to be decided, as the agenda says it."""
    ledger = lived.year.ledger
    found = agenda(ledger, ROUND, lived.year.clock.now(), ledger.head().size)
    assert found is not None
    return [(item.text.zh, item.text.en) for item in found.items if item.code == "tie"]


def test_ties_at_both_ends_are_told_refused_and_decided_by_grade(lived: Lived) -> None:
    assert {(tie.star, tie.places, tie.people) for tie in tallied(lived).undecided} == {
        (5, 1, (LI, WANG)),
        (3, 1, (SUN, ZHOU)),
    }
    (best, lowest) = said_due(lived)
    assert "优秀尚有1个名额" in best[0]
    assert "1 place of excellent" in best[1]
    assert "合格尚有1个名额" in lowest[0]
    assert "1 place of fit" in lowest[1]
    for asked, words in (
        (decided(5, LI, WANG), ("优秀还有 1 个名额", "excellent has 1 places left")),
        (decided(4, ZHANG), ("良好名额上没有待决的同分", "Nothing is undecided at good")),
    ):
        with pytest.raises(Refused) as refusal:
            lived.year.ledger.execute(asked, actor=CHEN)
        assert words[0] in refusal.value.why.zh
        assert words[1] in refusal.value.why.en
    lived.ask(CHEN, lived.year.clock.now(), decided(5, LI), decided(3, SUN))
    told = [tell(fact.event, Telling()) for fact in lived.year.ledger.read() if isinstance(fact.event, TieDecided)]
    assert [("优秀名额" in each.zh, "places of excellent" in each.en) for each in told] == [
        (True, True),
        (False, False),
    ]
    assert "places of fit" in told[1].en
    assert not any("星" in each.zh or "star" in each.en for each in told)


def test_what_was_decided_is_what_the_calculator_comes_to_and_both_ends_hold(lived: Lived) -> None:
    if tallied(lived).undecided:
        lived.ask(CHEN, lived.year.clock.now(), decided(5, LI), decided(3, SUN))
    people = tuple(
        Candidate(
            person,
            kind="probationary" if person == WU else "formal",
            components={code: Given(Decimal(POINTS[person])) for code in ("work", "peers")},
        )
        for person in MEMBERS
    )
    chosen = (TieDecision(5, (LI,), (LI, WANG)), TieDecision(3, (SUN,), (SUN, ZHOU)))
    outcome = score(parse_rulebook(SCHEME), Sheet("2025", people), chosen)
    assert (outcome.decisions_needed, outcome.findings) == ((), ())
    steps = [step.label for each in outcome.people for step in each.explanation.children]
    assert any("顺延至下一等次" in label.zh and "next lower grade" in label.en for label in steps)
    assert not any("星级" in label.zh or "star" in label.en for label in steps)
    (unfit,) = score(parse_rulebook(SCHEME), Sheet("2025", people), (*chosen, TieDecision(4, (WU,)))).findings
    assert (unfit.message.zh[:4], "about good answers" in unfit.message.en) == ("关于良好", True)
    stars = {person: result.star for person, result in results(lived).latest.items()}
    assert stars == {each.person: each.star for each in outcome.people}
    assert stars == {LI: 5, WANG: 4, ZHANG: 4, CHEN: 3, ZHAO: 3, SUN: 3, ZHOU: 2, WU: 2}
    assert [(use.star, use.least, use.held) for use in tallied(lived).floors] == [(2, 2, 2)]
    lived.publish(ROUND)
    lived.confirm(ROUND)
    assert replay(lived.year.ledger).differences == []
