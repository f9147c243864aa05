"""The flag of small-branch mode: there while a declaration holds, and as of any moment."""

from pathlib import Path

from domain.appointments import OpenLedger
from domain.small_branch import DeclareSmallBranchMode, TakeBackSmallBranchMode
from projections.separation import SmallBranchMode, small_branch_mode
from tests.controls import FOUNDED, OPERATOR, REGISTRAR, Step, noon
from tests.projections.year_ledger import open_year

DECLARE = DeclareSmallBranchMode(decided_by="党委", reason="人少")
TAKE_BACK = TakeBackSmallBranchMode(decided_by="党委", reason="人够了")
OPENING = Step(
    OpenLedger(committee="党委", registrar=REGISTRAR, operator=OPERATOR, simulated_clock=True), OPERATOR, noon(FOUNDED)
)


def test_small_branch_mode_is_flagged_while_it_holds(tmp_path: Path) -> None:
    year = open_year(f"sqlite:///{tmp_path / 'ledger.db'}")
    seen: list[SmallBranchMode | None] = []
    for asked in (DECLARE, TAKE_BACK, DECLARE):
        year.play([OPENING] if not seen else [])
        year.play([Step(asked, REGISTRAR, noon(FOUNDED))])
        seen.append(small_branch_mode(year.ledger))
    assert [None if mode is None else (mode.position, mode.reason) for mode in seen] == [(2, "人少"), None, (4, "人少")]
    assert [small_branch_mode(year.ledger, upto) is not None for upto in (1, 2, 3, 4)] == [False, True, False, True]
    year.close()
