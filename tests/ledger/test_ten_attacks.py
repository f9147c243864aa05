"""Ten attacks on a ledger that was signed and cosigned: who finds each, and from when on (issue: the auditor's desk).

Before every attack the signer has signed all facts, a witness has cosigned them, and an auditor has kept the
checkpoint. Then the owner of the database strikes, and each of them looks: verification from within, verification
with the kept checkpoint, the signer who is asked to sign what is there now, the witness who is shown it under the
log's own key. What they say is asserted here, and written down by the run itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec
import pytest

from ledger.checking import Held, check
from ledger.checkpoint import TreeHead, open_checkpoint, sign_checkpoint
from ledger.failures import Damaged
from ledger.key_folder import WillNotSign
from ledger.ledger import Ledger
from ledger.note import SigningKey
from ledger.proofs import StoredLog, hashed_leaves, prove_tree
from ledger.signer import Signer
from ledger.verification import verify
from ledger.witness import OK, Request, Witness
from tests.experiments import Notebook
from tests.ledger import owner as ways
from tests.ledger.owner import Owner
from tests.ledger.small_ledgers import Desk, grow, template
from tests.ledger.toy import a_note
from tests.ledger.witnessing import AT, WITNESS

LOG = "example.org/ledger"
SIZE = 12
WITHIN, KEPT, SIGNER, BY_WITNESS = "from within", "with a kept checkpoint", "by the signer", "by the witness"
JUDGES = (WITHIN, KEPT, SIGNER, BY_WITNESS)
AT_ONCE = "at once, whoever verifies"
CHECKPOINT = "for facts that a checkpoint held outside covers"
COMPARED = "as soon as two checkpoints meet, or at once where a witness is asked"


@dataclass(frozen=True)
class Told:
    """Who finds an attack, and from when on."""

    by: frozenset[str]
    window: str


class House:
    """A ledger on a desk, its signer, a witness of somebody else, and what an auditor kept."""

    def __init__(self, home: Path, seed: int) -> None:
        """Record facts, have them signed and cosigned, and keep the checkpoint."""
        dice = Random(seed)  # noqa: S311 - attacks that can be made again
        self.desk, self.template = Desk(), template(dice, SIZE)
        self.desk.put(self.template.database)
        self.owner = Owner(self.desk, self.template, dice)
        self.signer = Signer(home / "signer")
        self.signer.be_born(LOG)
        self.kept = self.signer.sign(StoredLog(self.ledger))
        self.witness = Witness(home / "witness", lambda: AT)
        self.witness.be_born(WITNESS)
        self.witness.trust(self.signer.verifier())
        assert self.cosigns(self.kept, 0)

    @property
    def ledger(self) -> Ledger:
        """Return the ledger as a program that has just been started sees it."""
        return self.desk.fresh()

    @property
    def stolen(self) -> SigningKey:
        """Return the signing key, as whoever took it has it."""
        return SigningKey.parse((self.signer.directory / "signing.key").read_text().strip())

    def held(self, signed: bytes) -> Held:
        """Return a checkpoint as somebody outside holds it."""
        return Held("kept", open_checkpoint(signed, [self.signer.verifier()]).head, (LOG,))

    def signed_by_thief(self) -> bytes:
        """Return what there is now, signed with the log's key by somebody who remembers nothing."""
        head = self.ledger.head()
        return sign_checkpoint(TreeHead(LOG, head.size, head.root), self.stolen)

    def cosigns(self, signed: bytes, old: int) -> bool:
        """Return whether the witness cosigns a checkpoint that claims to extend what it has seen."""
        size = open_checkpoint(signed, [self.signer.verifier()]).head.size
        try:
            proof = prove_tree(self.ledger, old, size, hashed_leaves)
        except (ValueError, Damaged):
            proof = ()
        return self.witness.add_checkpoint(Request(old, proof, signed).as_bytes()).status == OK

    def seen(self, window: str) -> Told:
        """Return who finds what was done."""
        ledger = self.ledger
        answers = {
            WITHIN: any(each.severity == "violation" for each in verify(ledger).findings),
            KEPT: not check(ledger, [self.held(self.kept)]).verdict.ok,
            SIGNER: not self.signs(),
            BY_WITNESS: not self.cosigns(self.signed_by_thief(), self.template.size),
        }
        return Told(frozenset(name for name, found in answers.items() if found), window)

    def signs(self) -> bool:
        """Return whether the signer signs what is there now."""
        try:
            self.signer.sign(StoredLog(self.ledger))
        except (WillNotSign, Damaged):
            return False
        return True

    def open(self) -> Owner:
        """Take away what refuses changes; return the owner, who may strike."""
        for (name,) in self.desk.sql("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            self.desk.sql(f"DROP TRIGGER {name}")
        return self.owner

    def close(self) -> None:
        """Close the database."""
        self.desk.engine.dispose()


def edit(house: House) -> Told:
    ways.an_entry(house.open())
    return house.seen(AT_ONCE)


def edit_with_all_hashes(house: House) -> Told:
    ways.a_rewritten_fact(house.open())
    return house.seen(CHECKPOINT)


def sign_again_with_the_stolen_key(house: House) -> Told:
    """Sign a rewritten past; neither the checkpoint that was kept nor the witness's memory is the thief's."""
    ways.a_rewritten_fact(house.open())
    resigned = house.held(house.signed_by_thief())
    assert check(house.ledger, [resigned]).verdict.ok, "the new checkpoint alone shows nothing"
    both = check(house.ledger, [resigned, house.held(house.kept)])
    assert "checkpoint-fork" in {each.kind for each in both.verdict.findings}
    return house.seen(CHECKPOINT)


def delete(house: House) -> Told:
    ways.a_deleted_fact(house.open())
    return house.seen(AT_ONCE)


def insert(house: House) -> Told:
    ways.an_inserted_fact(house.open())
    return house.seen(AT_ONCE)


def reorder(house: House) -> Told:
    ways.swapped_rows(house.open())
    return house.seen(AT_ONCE)


def cut_the_tail(house: House) -> Told:
    ways.a_tail_cut_off(house.open())
    return house.seen(CHECKPOINT)


def restore_an_old_backup(house: House) -> Told:
    """Let an older copy grow differently until it is as long again, so that its size betrays nothing."""
    ways.a_fork(house.open())
    return house.seen(CHECKPOINT)


def split_the_view(house: House) -> Told:
    """Two copies go on from what was signed, each under the log's key: every reader's own copy is sound."""
    common = house.desk.taken()
    shown = []
    for words in ("for the branch", "for the auditor"):
        house.desk.put(common)
        house.ledger.execute(a_note(words), actor="P1")
        signed = house.signed_by_thief()
        assert check(house.ledger, [house.held(house.kept), house.held(signed)]).verdict.ok
        shown.append((signed, house.cosigns(signed, house.template.size)))
    (first, once), (second, again) = shown
    assert (once, again) == (True, False), "the witness cosigns one of them"
    compared = check(house.ledger, [house.held(first), house.held(second)])
    assert "checkpoint-fork" in {each.kind for each in compared.verdict.findings}
    return Told(frozenset({BY_WITNESS}), COMPARED)


def back_date(house: House) -> Told:
    """Give the newest fact an earlier time of recording, and make every hash anew."""
    house.ledger.execute(a_note("in time, of course"), actor="P1")
    owner, last = house.open(), house.template.size + 1
    entry = msgspec.json.decode(owner.value("entry", last), type=dict[str, msgspec.Raw])
    entry["recorded_at"] = msgspec.Raw(b'"2020-01-01T00:00:00Z"')
    owner.set("entry", msgspec.json.encode(entry).decode(), last)
    owner.set("recorded_at", "2020-01-01 00:00:00.000000", last)
    owner.rehash(last)
    assert "time-back" in {each.kind for each in verify(house.ledger).findings}
    return house.seen(AT_ONCE)


Attack = Callable[[House], Told]
FROM_INSIDE = Told(frozenset({WITHIN, KEPT, SIGNER}), AT_ONCE)
FROM_OUTSIDE = Told(frozenset({KEPT, SIGNER, BY_WITNESS}), CHECKPOINT)
UNSIGNED = Told(frozenset({WITHIN, KEPT}), AT_ONCE)
ATTACKS: tuple[tuple[Attack, Told], ...] = (
    (edit, FROM_INSIDE),
    (edit_with_all_hashes, FROM_OUTSIDE),
    (sign_again_with_the_stolen_key, FROM_OUTSIDE),
    (delete, FROM_INSIDE),
    (insert, UNSIGNED),
    (reorder, FROM_INSIDE),
    (cut_the_tail, FROM_OUTSIDE),
    (restore_an_old_backup, FROM_OUTSIDE),
    (split_the_view, Told(frozenset({BY_WITNESS}), COMPARED)),
    (back_date, UNSIGNED),
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, 7)
    yield made
    made.close()


@pytest.mark.parametrize(("attack", "expected"), ATTACKS, ids=[attack.__name__ for attack, _ in ATTACKS])
def test_every_attack_is_found_by_whom_it_should_be(
    house: House, attack: Attack, expected: Told, notebook: Notebook
) -> None:
    told = attack(house)
    words = {judge: "found" if judge in told.by else "–" for judge in JUDGES}
    notebook.saw(
        "ten attacks",
        attack.__name__.replace("_", " "),
        on="sqlite",
        runs=1,
        figures={**words, "when": told.window},
    )
    assert told == expected


def test_without_an_attack_nobody_complains(house: House) -> None:
    grow(house.ledger, Random(1), house.template.size + 3)  # noqa: S311
    assert house.seen("never") == Told(frozenset(), "never")
