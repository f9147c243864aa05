"""Two courses of events share what they have in common: a sheet that both come to is scored once."""

from collections.abc import Sequence

import pytest

from domain.rulebook import Rulebook
from domain.scoring import Outcome, TieDecision, again, score
from domain.sheet import Sheet
from domain.tally import RoundTallied
from projections import what_if as supposing
from projections.hypotheses import Hypothesis, Ruled, Setting
from projections.what_if import what_if
from tests.controls import ROUND, RULEBOOK, UPHELD
from tests.projections.test_what_if import ruling
from tests.projections.year_ledger import Year

HYPOTHESES = [
    Ruled(UPHELD, "dismissed"),
    Setting(RULEBOOK, {"caps.0.percent": "20"}),
    Setting(RULEBOOK, {"cap_rounding": "ceil"}),
]


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    """Give the sheets that were scored so far."""
    sheets: list[Sheet] = []

    def watched(rulebook: Rulebook, sheet: Sheet, decisions: Sequence[TieDecision] = ()) -> Outcome:
        sheets.append(sheet)
        return score(rulebook, sheet, decisions)

    monkeypatch.setattr(again, "score", watched)
    return sheets


@pytest.mark.parametrize("supposed", HYPOTHESES)
def test_what_is_remembered_changes_no_answer(
    ended: Year, supposed: Hypothesis, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = what_if(ended.ledger, supposed, (ROUND,))
    monkeypatch.setattr(supposing, "Remembering", lambda: score)
    assert what_if(ended.ledger, supposed, (ROUND,)) == found


def test_no_sheet_is_scored_twice_under_the_same_rules(ended: Year, scored: list[Sheet]) -> None:
    what_if(ended.ledger, Ruled(UPHELD, "dismissed"), (ROUND,))
    tallies = sum(isinstance(fact.event, RoundTallied) for fact in ended.ledger.read())
    assert 0 < len(scored) < 2 * tallies


def test_a_memory_that_takes_any_sheet_for_the_same_sees_nothing_change(
    ended: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: where sheets are not compared, the ruling leaves no trace."""
    upto = ruling(ended.ledger)[1]
    changed = what_if(ended.ledger, Ruled(UPHELD, "dismissed"), (ROUND,), upto)
    monkeypatch.setattr(Sheet, "__eq__", lambda *_: True)
    same = what_if(ended.ledger, Ruled(UPHELD, "dismissed"), (ROUND,), upto)
    assert changed.rounds[0].ripple.changes
    assert not same.rounds[0].ripple.changes
