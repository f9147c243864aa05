"""A new key signs on, an old one no more, and what others hold is compared with the ledger."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.exits import Exit
from ledger.archive import verify as alone
from ledger.checkpoint import TreeHead, sign_checkpoint
from ledger.handover import sign_handover
from ledger.note import SigningKey
from tests.cli.program.test_checkpoint_command import House

Program = Callable[..., tuple[int, str, str]]
BY = ("--since", "2026-01-05", "--decided-by", "数控厂党委", "--as", "O")


class Keeping(House):
    """A house that changes its keys."""

    def __init__(self, folder: Path, program: Program) -> None:
        """Sign under a first key, and announce it."""
        super().__init__(folder, program)
        self.grow(3)
        self.first, self.old = self.keep("first.checkpoint"), self.vkey()
        self.run("announce-key", "--key", self.old, *BY)

    def secret(self) -> SigningKey:
        """Return the private key, as a thief has it."""
        return SigningKey.parse((self.folder / "data-signer" / "main" / "signing.key").read_text().strip())

    def rotate(self) -> Path:
        """Make a new key; return where the handover is kept."""
        path = self.folder / "handover.checkpoint"
        path.write_text(self.run("signer", "rotate")[0], encoding="utf-8")
        return path

    def announce(self, key: str, handover: Path | None) -> None:
        """Record a key."""
        named = () if handover is None else ("--handover", handover)
        self.run("announce-key", "--key", key, *named, *BY)

    def verdict(self, *words: object, expected: int = Exit.OK) -> list[str]:
        """Verify with these options; return the kinds of what was found."""
        said, _ = self.run("verify", *words, "--json", expected=expected)
        return [each["kind"] for each in json.loads(said)["findings"]]

    def now(self, key: SigningKey, name: str) -> Path:
        """Return a checkpoint over all facts under a key that the signer does not have."""
        said = json.loads(self.run("verify", "--json")[0])
        path = self.folder / name
        path.write_bytes(sign_checkpoint(TreeHead(key.name, said["size"], bytes.fromhex(said["root"])), key))
        return path


@pytest.fixture
def house(tmp_path: Path, program: Program) -> Keeping:
    return Keeping(tmp_path, program)


def test_whoever_was_given_the_old_key_believes_the_new_one_through_the_handover(house: Keeping) -> None:
    handover = house.rotate()
    later = house.keep("later.checkpoint")
    house.run("verify", "--checkpoint", later, "--key", house.old, expected=Exit.REFUSED)
    house.announce(house.vkey(), handover)
    last = house.keep("last.checkpoint")
    files = [word for file in (house.first, handover, later, last) for word in ("--checkpoint", file)]
    for keys in ((), ("--key", house.old)):
        assert house.verdict(*files, *keys) == []
    assert house.verdict("--checkpoint", last, "--key", house.vkey()) == []


def test_the_old_private_key_is_gone_and_its_public_key_is_kept(house: Keeping) -> None:
    stolen = house.secret()
    house.rotate()
    signer = house.folder / "data-signer" / "main"
    assert all(stolen.skey() not in each.read_text() for each in signer.iterdir())
    assert house.run("signer", "key")[0].split() == [house.vkey(), house.old]


def test_what_the_old_key_signs_after_the_handover_is_a_violation(house: Keeping) -> None:
    stolen = house.secret()
    handover = house.rotate()
    house.announce(house.vkey(), handover)
    forged = house.now(stolen, "forged.checkpoint")
    assert house.verdict("--checkpoint", forged, "--key", house.old, expected=Exit.VIOLATED) == ["checkpoint-key-ended"]


def test_what_a_retired_key_signed_counts_as_far_as_was_said(house: Keeping) -> None:
    size = json.loads(house.run("verify", "--json")[0])["size"]
    house.run("retire-key", "--key", house.old, "--last-size", size, "--why", "外泄", *BY[2:])
    assert house.verdict("--checkpoint", house.first, "--key", house.old) == []
    forged = house.now(house.secret(), "forged.checkpoint")
    assert house.verdict("--checkpoint", forged, "--key", house.old, expected=Exit.VIOLATED) == ["checkpoint-key-ended"]


def test_a_key_that_nobody_announced_is_refused(house: Keeping) -> None:
    forged = house.now(SigningKey(house.secret().name, b"x" * 32), "forged.checkpoint")
    house.run("verify", "--checkpoint", forged, "--key", house.old, expected=Exit.REFUSED)


def test_a_stolen_key_cannot_be_handed_over_from_once_it_was_retired(house: Keeping) -> None:
    stolen, thief = house.secret(), SigningKey(house.secret().name, b"x" * 32)
    house.run("retire-key", "--key", house.old, "--last-size", 4, "--why", "外泄", *BY[2:])
    note = house.folder / "stolen.checkpoint"
    note.write_bytes(sign_handover(TreeHead(stolen.name, 4, b"\0" * 32), stolen, thief))
    house.run("announce-key", "--key", thief.verifier, "--handover", note, *BY, expected=Exit.REFUSED)


def test_a_lost_key_is_replaced_and_that_is_told_until_the_new_one_is_pinned(house: Keeping) -> None:
    shutil.rmtree(house.folder / "data-signer")
    house.run("checkpoint", "--origin", house.old.split("+")[0])
    house.announce(house.vkey(), None)
    later = house.keep("later.checkpoint")
    assert house.verdict(expected=Exit.INCOMPLETE) == ["key-unhanded"]
    house.run("verify", "--checkpoint", later, "--key", house.old, expected=Exit.REFUSED)
    pinned = ("--key", house.old, "--key", house.vkey())
    assert house.verdict("--checkpoint", later, "--checkpoint", house.first, *pinned) == []


def test_an_anchor_that_the_ledger_still_has_is_silent_and_one_it_has_no_more_is_named(house: Keeping) -> None:
    _, told = house.run("checkpoint", "--record-anchor", "审计处", "--held-as", "auditor", "--as", "O")
    assert "Recorded as fact 6." in told
    assert house.verdict() == []
    house.rewrite_everything()
    said, _ = house.run("verify", expected=Exit.VIOLATED)
    assert "Fact 6: the first 5 facts are not those of the checkpoint that 审计处 holds: rewritten." in said


def test_an_anchor_can_be_typed_as_it_stands_on_a_paper(house: Keeping) -> None:
    size, root = (json.loads(house.run("verify", "--json")[0])[name] for name in ("size", "root"))
    paper = ("--origin", house.old.split("+")[0], "--held-by", "公示栏", "--kind", "notice", "--since", "2026-01-05")
    house.run("record-anchor", *paper, "--size", size, "--root", root, "--as", "O")
    house.run("record-anchor", *paper, "--size", size, "--root", "00" * 32, "--as", "O")
    assert house.verdict(expected=Exit.VIOLATED) == ["anchor-mismatch"]


@pytest.mark.parametrize(
    "sql", ["UPDATE facts SET entry = x'ff00' WHERE type LIKE 'anch%'", "DROP TABLE facts", "DROP TABLE attachments"]
)
def test_what_cannot_be_read_of_keys_is_told_by_the_verification(house: Keeping, sql: str) -> None:
    handover = house.rotate()
    house.announce(house.vkey(), handover)
    house.sql(sql)
    house.run("verify", expected=Exit.VIOLATED)


def test_nobody_but_the_operator_records_an_anchor(house: Keeping) -> None:
    house.run("checkpoint", "--record-anchor", "审计处", "--as", "R", expected=Exit.NOT_PERMITTED)


@pytest.mark.parametrize("forged", [False, True])
def test_an_archive_follows_the_handover_in_both_verifiers(house: Keeping, *, forged: bool) -> None:
    stolen, handover, archive = house.secret(), house.rotate(), house.folder / "archive.zip"
    house.announce(house.vkey(), handover)
    kept = house.now(stolen, "forged.checkpoint") if forged else house.keep("last.checkpoint")
    house.keep("newest.checkpoint")
    house.run("export", archive)
    words = ("verify-archive", archive, "--checkpoint", kept, "--key", house.old, "--json")
    said, _ = house.run(*words, expected=Exit.VIOLATED if forged else Exit.OK)
    told = alone.verify(str(archive), checkpoints=[(str(kept), kept.read_bytes())], keys=[house.old])
    found = {each["kind"] for each in json.loads(said)["findings"]}
    assert found == {each["kind"] for each in told.findings} == ({"checkpoint-key-ended"} if forged else set())
    quick = alone.verify(str(archive), checkpoints=[(str(kept), kept.read_bytes())], keys=[house.old], tree_only=True)
    assert quick.code == told.code
    house.run("verify-archive", archive, "--checkpoint", house.first)


def test_both_verifiers_of_an_archive_tell_of_anchors_and_keys_alike(house: Keeping) -> None:
    archive, thief = house.folder / "archive.zip", SigningKey(house.secret().name, b"x" * 32)
    house.announce(str(thief.verifier), None)
    paper = ("--origin", "o", "--held-by", "审计处", "--kind", "auditor", "--since", "2026-01-05", "--as", "O")
    house.run("record-anchor", *paper, "--size", 3, "--root", "00" * 32)
    house.keep("newest.checkpoint")
    house.run("export", archive)
    said, _ = house.run("verify-archive", archive, "--json", expected=Exit.VIOLATED)
    told = alone.verify(str(archive))
    ours = [(each["position"], each["kind"], each["severity"]) for each in json.loads(said)["findings"]]
    assert ours == [(each["position"], each["kind"], each["severity"]) for each in told.findings]
    assert [kind for _, kind, _ in ours] == ["key-unhanded", "anchor-mismatch"]
