"""A signer makes a new key: cut short anywhere, one key signs, the last checkpoint is its own, nothing is forgotten."""

from collections import Counter
from pathlib import Path

import pytest

from ledger.checkpoint import open_checkpoint
from ledger.handover import open_handover, successor_in
from ledger.key_folder import NEXT_KEY, WillNotSign
from ledger.note import SigningKey
from ledger.signer import Signer
from tests.ledger.signing import Told, head_of

ORIGIN = "example.org/ledger"


class BrokenError(Exception):
    """The power failed here."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "signer"
    Signer(home).be_born(ORIGIN)
    Signer(home).sign(Told("abc"))
    return home


def places(home: Path) -> list[tuple[str, int]]:
    """Return every place that making a key passes, and for which time, tried on a copy."""
    passed: Counter[str] = Counter()
    found: list[tuple[str, int]] = []

    def note(name: str) -> None:
        passed[name] += 1
        found.append((name, passed[name]))

    signer = Signer(home.with_name("tried"), note)
    signer.be_born(ORIGIN)
    passed.clear()
    found.clear()
    signer.rotate()
    return found


def test_the_new_key_signs_what_extends_what_the_old_one_signed(home: Path) -> None:
    signer = Signer(home)
    old = signer.verifier()
    handover = open_handover(signer.rotate(), old).head
    assert (handover.size, handover.root, successor_in(handover)) == (3, head_of(ORIGIN, "abc").root, signer.verifier())
    assert signer.keys() == [signer.verifier(), old]
    assert open_checkpoint(signer.sign(Told("abc")), [signer.verifier()]).head == head_of(ORIGIN, "abc")
    with pytest.raises(WillNotSign):
        signer.sign(Told("abX"))
    assert open_checkpoint(signer.sign(Told("abcd")), [signer.verifier()]).head == head_of(ORIGIN, "abcd")


def test_keys_follow_one_another(home: Path) -> None:
    signer = Signer(home)
    before = [signer.verifier()]
    for _ in range(3):
        signer.rotate()
        before.insert(0, signer.verifier())
    assert signer.keys() == before
    assert len(set(before)) == len(before)


def test_making_a_key_that_was_cut_short_anywhere_leaves_one_key_and_one_history(home: Path) -> None:
    tried = places(home)
    assert {name for name, _ in tried} >= {"sign:next-key", "sign:replaced", "sign:taken-over"}
    for place in tried:
        passed: Counter[str] = Counter()

        def fail(name: str, place: tuple[str, int] = place, passed: Counter[str] = passed) -> None:
            passed[name] += 1
            if (name, passed[name]) == place:
                raise BrokenError

        known = Signer(home).keys()
        with pytest.raises(BrokenError):
            Signer(home, fail).rotate()
        signer = Signer(home)
        assert signer.last().root == head_of(ORIGIN, "abc").root, place
        with pytest.raises(WillNotSign):
            signer.sign(Told("abX"))
        last, keys = signer.last(), signer.keys()
        assert keys in (known, [keys[0], *known]), place
        assert successor_in(last) in (keys[0], None), place
        assert open_checkpoint(signer.sign(Told("abc")), keys[:1]).head == head_of(ORIGIN, "abc"), place
        assert SigningKey.parse((home / "signing.key").read_text().strip()).verifier == keys[0]


def test_a_key_that_never_took_over_is_replaced_by_the_next(home: Path) -> None:
    def fail(name: str) -> None:
        if name == "sign:next-key":
            raise BrokenError

    signer, old = Signer(home), Signer(home).verifier()
    with pytest.raises(BrokenError):
        Signer(home, fail).rotate()
    assert (home / NEXT_KEY).exists()
    assert (signer.sign(Told("abcd")) is not None, signer.verifier()) == (True, old)
    signer.rotate()
    assert (signer.keys()[1:], (home / NEXT_KEY).exists()) == ([old], False)
