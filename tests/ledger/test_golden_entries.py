"""The bytes of stored entries: pinned for ever, for nobody may rewrite what was recorded."""

from pathlib import Path

import msgspec
import pytest
from eventsourcing.dcb.api import DCBEvent
from sqlalchemy import Engine

from domain.decision import Conflict
from domain.ids import Evidence
from domain.sealed import Sealed
from ledger import tree
from ledger.clock import SimulatedClock
from ledger.entry import read_envelope
from ledger.ledger import Attachment
from ledger.recorder import LedgerRecorder
from tests.ledger.conftest import Opener
from tests.ledger.toy import (
    START,
    FilePaper,
    Whisper,
    a_confirmation,
    a_note,
    an_objection,
    counted,
    person,
    toy_ledger,
)

GOLDEN = Path(__file__).with_name("golden")
WRITTEN = GOLDEN / "entries.txt"
"""What this version writes."""
EVERY = [GOLDEN / "entries_with_drawn_ids.txt", WRITTEN]
"""What any version has ever written."""


def recorded(url: str, opened: Opener) -> tuple[list[bytes], str]:
    """Return the entries of a little history under a fixed clock and fixed randomness, and their root."""
    clock, random = SimulatedClock(START), counted()
    engine = opened(url)
    ledger = toy_ledger(engine, clock=clock, random=random)
    ledger.execute(a_note("no id was given"), actor="P1")
    ledger.execute(a_note('tab\t"quote" \\ 张三 \U00020bb7 /'), actor="P1", on_behalf_of="支部大会", command_id="c-1")
    clock.set(START.replace(microsecond=250_000))
    ledger.execute(
        Whisper(person=person("P2"), words=Sealed("李四"), more=Sealed("事假")), actor="P1", command_id="c-2"
    )
    paper = Attachment.of(b"paper", "text/plain")
    filing = FilePaper(person=person("P1"), paper=Evidence(paper.sha256))
    ledger.execute(filing, actor="P1", command_id="c-3", attachments=[paper])
    ledger.execute(an_objection(), actor="P2", command_id="c-4")
    clock.set(START)
    with pytest.raises(Conflict):
        ledger.execute(a_confirmation(), actor="P1", command_id="c-5")
    _append_opaque(LedgerRecorder(engine, "main", clock=clock, random=random))
    return [row.entry for row in ledger.rows()], ledger.head().root.hex()


def _append_opaque(recorder: LedgerRecorder) -> None:

    recorder.append([DCBEvent("Happened", b"\x00\xff", ["b", "a", "b"])])


def test_entries_are_the_bytes_that_were_pinned(database_url: str, opened: Opener) -> None:
    entries, root = recorded(database_url, opened)
    assert [*(entry.decode() for entry in entries), root] == WRITTEN.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("pinned", EVERY, ids=lambda pinned: pinned.stem)
def test_the_pinned_lines_can_be_checked_with_a_few_lines_of_code(pinned: Path) -> None:
    *entries, root = pinned.read_bytes().split(b"\n")[:-1]
    assert tree.root(tree.frontier_of(tree.leaf_hash(entry) for entry in entries)).hex() == root.decode()
    assert [read_envelope(entry).position for entry in entries] == list(range(1, len(entries) + 1))


@pytest.mark.parametrize("pinned", EVERY, ids=lambda pinned: pinned.stem)
def test_an_entrys_fields_stand_in_the_order_of_the_format(pinned: Path) -> None:
    fields = ["position", "recorded_at", "clock", "type", "actor", "on_behalf_of", "command", "tags", "nonce", "data"]
    for entry in pinned.read_bytes().split(b"\n")[:-2]:
        assert list(msgspec.json.decode(entry)) == fields


def test_every_fact_has_a_nonce_of_its_own(engine: Engine) -> None:
    recorder = LedgerRecorder(engine, "main")
    recorder.append([DCBEvent("Happened", b"", ["a"])] * 3)
    recorder.append([DCBEvent("Happened", b"", ["a"])] * 2)
    nonces = [read_envelope(row.entry).nonce for row in toy_ledger(engine).rows()]
    assert len(set(nonces)) == 5
    assert {len(bytes.fromhex(nonce)) for nonce in nonces} == {16}
