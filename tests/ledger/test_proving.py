"""Receipts of facts just recorded: each leads to the checkpoint that it carries, whoever else signs meanwhile."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ledger.key_folder import WillNotSign
from ledger.ledger import Ledger
from ledger.proofs import StoredLog
from ledger.proving import receipts_at
from ledger.receipt import NotIncluded, Receipt
from ledger.signer import Signer
from tests.ledger.toy import a_note, toy_ledger

ORIGIN = "example.org/committee"


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    """Give a ledger of seven facts."""
    made = toy_ledger(engine)
    for number in range(7):
        made.execute(a_note(f"note {number}"), actor="li")
    return made


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """Give a signer that has signed nothing yet."""
    made = Signer(tmp_path / "signer")
    made.be_born(ORIGIN)
    return made


def holds(receipt: Receipt, signer: Signer) -> bool:
    try:
        receipt.verified(receipt.extra, [signer.verifier()])
    except NotIncluded:
        return False
    return True


def entry_at(ledger: Ledger, position: int) -> bytes:
    return next(ledger.rows(after=position - 1, upto=position)).entry


def test_several_facts_are_proved_under_one_checkpoint_that_is_signed_for_them(ledger: Ledger, signer: Signer) -> None:
    size = ledger.head().size
    found = receipts_at(ledger, (2, size, 5), signer)
    assert sorted(found) == [2, 5, size]
    assert len({each.checkpoint for each in found.values()}) == 1
    for position, receipt in found.items():
        assert (receipt.index + 1, receipt.extra) == (position, entry_at(ledger, position))
        assert holds(receipt, signer)
    assert signer.last().size == size


def test_what_a_checkpoint_covers_is_proved_under_it_and_nothing_is_signed(ledger: Ledger, signer: Signer) -> None:
    signed = signer.sign(StoredLog(ledger))
    ledger.execute(a_note("one more"), actor="li")
    assert receipts_at(ledger, (3,), signer)[3].checkpoint == signed


def test_where_there_is_no_fact_there_is_no_receipt(ledger: Ledger, signer: Signer) -> None:
    with pytest.raises(LookupError):
        receipts_at(ledger, (3, ledger.head().size + 1), signer)
    assert receipts_at(ledger, (), signer) == {}
    assert signer.last().size == 0


def test_without_a_key_nothing_is_proved(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(WillNotSign):
        receipts_at(ledger, (1,), Signer(tmp_path / "nobody"))


class Overtaken(Signer):
    """A signer that another program uses at the worst moment: a newer checkpoint is signed between two questions."""

    ledger: Ledger

    def last_signed(self) -> bytes:
        """Return what was signed last, once somebody has recorded and signed one more fact."""
        self.ledger.execute(a_note("of somebody else"), actor="wang")
        self.sign(StoredLog(self.ledger))
        return super().last_signed()


@pytest.mark.parametrize("positions", [(4,), (1, 4)])
def test_a_checkpoint_that_comes_in_between_is_the_one_that_is_proved_under(
    ledger: Ledger, tmp_path: Path, positions: tuple[int, ...]
) -> None:
    """The size is read from the checkpoint itself; asked of the signer before, the path would lead elsewhere."""
    overtaken = Overtaken(tmp_path / "signer")
    overtaken.ledger = ledger
    overtaken.be_born(ORIGIN)
    assert all(holds(each, overtaken) for each in receipts_at(ledger, positions, overtaken).values())
