"""What was computed from facts is computed again only where facts that it is made of have come."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.decision import Selector, replace
from domain.keeping import EraseSealed
from domain.organisation import PersonRegistered
from domain.rounds import Round
from domain.scores import ScoreRecorded
from ledger.ledger import Ledger
from projections import kept as keeping
from projections.explain import explain
from projections.kept import KEPT, kept
from tests.controls import LI, OPERATOR, ROUND, SUN, WANG
from tests.projections.forging import forge
from tests.projections.year_ledger import Year, open_year


class Counted:
    """Something that is made; it knows how often."""

    def __init__(self) -> None:
        """Begin with nothing made."""
        self.times = 0

    def __call__(self) -> int:
        """Return how often it has been made."""
        self.times += 1
        return self.times


def scored(year: Year) -> ScoreRecorded:
    return next(fact.event for fact in year.ledger.read() if isinstance(fact.event, ScoreRecorded))


def test_what_was_made_is_lent_again_while_no_fact_of_its_kind_is_added(year: Year) -> None:
    made, size, of = Counted(), year.ledger.head().size, (Selector((ScoreRecorded.NAME,)),)
    assert [kept(year.ledger, "scores", of, size, made) for _ in range(3)] == [1, 1, 1]
    year.ledger.execute(EraseSealed(digests=("0" * 64,), ordered_by="厂党委", ground="本人申请"), actor=OPERATOR)
    assert kept(year.ledger, "scores", of, size + 1, made) == 1
    forge(year.ledger, scored(year))
    assert kept(year.ledger, "scores", of, size + 2, made) == 2
    assert kept(year.ledger, "scores", of, size, made) == 3


def test_two_ledgers_share_nothing(year: Year, ended: Year) -> None:
    made, of = Counted(), (Selector((ScoreRecorded.NAME,)),)
    assert [kept(each.ledger, "scores", of, 10, made) for each in (year, ended, year, ended)] == [1, 2, 1, 2]


def test_only_what_was_asked_for_last_is_kept(year: Year) -> None:
    made, of = Counted(), (Selector((ScoreRecorded.NAME,)),)
    for number in range(KEPT + 1):
        kept(year.ledger, number, of, 10, made)
    assert kept(year.ledger, KEPT, of, 10, made) == KEPT + 1
    assert kept(year.ledger, 0, of, 10, made) == KEPT + 2


@pytest.mark.parametrize("person", [LI, WANG, SUN])
def test_an_explanation_that_shares_the_round_is_the_one_of_a_ledger_just_opened(ended: Year, person: str) -> None:
    size = ended.ledger.head().size
    for upto in (size, size // 2 + 20, size):
        for _ in range(2):
            shared = _explained(ended.ledger, person, upto)
        url = ended.ledger.engine.url.render_as_string(hide_password=False)
        fresh = open_year(url, start=3_000_000)
        assert _explained(fresh.ledger, person, upto) == shared
        fresh.close()


def _explained(ledger: Ledger, person: str, upto: int) -> object:
    try:
        return explain(ledger, ROUND, person, upto).as_json()
    except Exception as error:  # noqa: BLE001 - the same refusal on both sides
        return type(error), str(error)


def test_a_round_is_folded_once_for_all_its_people(year: Year, folds: Callable[[], list[type]]) -> None:
    for person in (LI, WANG, SUN):
        explain(year.ledger, ROUND, person)
    assert folds().count(Round) == 1


def test_a_score_that_came_since_is_in_the_next_explanation(year: Year) -> None:
    before = explain(year.ledger, ROUND, SUN)
    score = next(f.event for f in year.ledger.read() if isinstance(f.event, ScoreRecorded) and f.event.person == SUN)
    position = forge(year.ledger, replace(score, points=Decimal(1)))
    after = explain(year.ledger, ROUND, SUN)
    assert before.total_exact != after.total_exact
    assert position in {fact.position for node in after.tree.nodes() for fact in node.facts}


def test_a_memory_that_never_looks_for_newer_facts_would_show_the_old_star(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without asking for facts in between, the next explanation is the last one."""
    monkeypatch.setattr(keeping, "_same_facts", lambda *_: True)
    before = explain(year.ledger, ROUND, SUN)
    score = next(f.event for f in year.ledger.read() if isinstance(f.event, ScoreRecorded) and f.event.person == SUN)
    forge(year.ledger, replace(score, points=Decimal(1)))
    assert explain(year.ledger, ROUND, SUN).total_exact == before.total_exact


def test_a_name_erased_a_moment_ago_is_no_longer_shown(year: Year) -> None:
    named = explain(year.ledger, ROUND, LI).name
    digest = next(
        fact.event.full_name.digest
        for fact in year.ledger.read()
        if isinstance(fact.event, PersonRegistered) and fact.event.person == LI
    )
    year.ledger.execute(EraseSealed(digests=(digest,), ordered_by="厂党委", ground="本人申请"), actor=OPERATOR)
    assert (named, explain(year.ledger, ROUND, LI).name) == ("Li", LI)


@pytest.fixture
def folds(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[type]]:
    """Return which states were folded from facts so far."""
    folded: list[type] = []
    fold = Ledger.fold

    def watched(self: Ledger, kind: type, key: str = "", upto: int | None = None) -> object:
        folded.append(kind)
        return fold(self, kind, key, upto)

    monkeypatch.setattr(Ledger, "fold", watched)
    return lambda: folded
