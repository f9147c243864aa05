"""The signer signs nothing that does not extend what it signed before, whatever the database says."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ledger import tree
from ledger.checkpoint import TreeHead, open_checkpoint
from ledger.key_folder import KEY, VERIFIER, KeyFolder, WillNotSign
from ledger.note import SigningKey
from ledger.proofs import StoredLog
from ledger.signer import LAST, Log, Signer
from tests.ledger.signing import Told, head_of
from tests.ledger.tampering import Tampered
from tests.ledger.toy import a_note, toy_ledger

ORIGIN = "example.org/ledger"
FAILPOINTS = ("sign:written", "sign:replaced", "sign:on-disk")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "signer" / "main"


@pytest.fixture
def signer(home: Path) -> Signer:
    signer = Signer(home)
    signer.be_born(ORIGIN)
    return signer


def refused(signer: Signer, log: Log) -> str:
    with pytest.raises(WillNotSign) as refusal:
        signer.sign(log)
    assert refusal.value.why.zh
    return str(refusal.value)


# birth


def test_a_signer_is_born_with_a_key_that_only_its_owner_reads_and_a_checkpoint_of_nothing(home: Path) -> None:
    signer = Signer(home)
    assert not signer.is_born()
    key = signer.be_born(ORIGIN)
    assert signer.is_born()
    assert sorted(path.name for path in home.iterdir()) == [LAST, KEY, VERIFIER]
    assert (signer.verifier(), (home / VERIFIER).read_text()) == (key, f"{key}\n")
    assert signer.last() == head_of(ORIGIN, "")
    if os.name == "posix":
        assert ((home / KEY).stat().st_mode & 0o777, home.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_signer_is_born_once(signer: Signer) -> None:
    key = signer.verifier()
    with pytest.raises(FileExistsError):
        signer.be_born(ORIGIN)
    assert signer.verifier() == key


def test_two_signers_have_two_keys(tmp_path: Path) -> None:
    assert Signer(tmp_path / "a").be_born(ORIGIN) != Signer(tmp_path / "b").be_born(ORIGIN)


def test_a_birth_that_was_cut_short_leaves_nothing_and_can_be_done_again(home: Path) -> None:
    def die(_name: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Signer(home, die).be_born(ORIGIN)
    signer = Signer(home)
    assert not signer.is_born()
    signer.be_born(ORIGIN)
    assert signer.is_born()


@pytest.mark.parametrize("origin", ["", "two words", "a+b"])
def test_an_origin_that_cannot_be_a_keys_name_is_refused(home: Path, origin: str) -> None:
    with pytest.raises(ValueError, match=r"signed|form"):
        Signer(home).be_born(origin)
    assert not home.exists()


# signing


def test_what_extends_the_last_checkpoint_is_signed_and_kept(signer: Signer, home: Path) -> None:
    for letters in ("a", "ab", "abcdefg", "abcdefgh"):
        raw = signer.sign(Told(letters))
        assert open_checkpoint(raw, [signer.verifier()]).head == head_of(ORIGIN, letters)
        assert (home / LAST).read_bytes() == raw
        assert not (home / f"{LAST}.new").exists()


def test_the_same_facts_get_the_same_checkpoint_again(signer: Signer) -> None:
    assert signer.sign(Told("abc")) == signer.sign(Told("abc"))


def test_an_older_copy_is_not_signed_and_both_sizes_are_said(signer: Signer) -> None:
    signer.sign(Told("abcdefg"))
    said = refused(signer, Told("abcde"))
    assert "has 5 facts" in said
    assert "7 were signed" in said


@pytest.mark.parametrize("rewritten", ["Xbcdefg", "abcdefX", "Xbcdefgh", "abXdefghijk", "abcdefXh"])
def test_a_rewritten_past_is_not_signed_and_both_sizes_are_said(signer: Signer, rewritten: str) -> None:
    signer.sign(Told("abcdefg"))
    said = refused(signer, Told(rewritten))
    assert f"has {len(rewritten)} facts" in said
    assert "first 7" in said
    assert signer.last() == head_of(ORIGIN, "abcdefg")


def test_the_head_row_is_not_believed(signer: Signer) -> None:
    honest = head_of(ORIGIN, "abc").root
    signer.sign(Told("abc"))
    assert "first 3" in refused(signer, Told("aXc", claimed=honest))


class Forgetful(Signer):
    """The control: a signer that does not remember what it signed last."""

    def _last(self, key: SigningKey) -> tuple[bytes, TreeHead]:
        return b"", head_of(key.name, "")


@pytest.mark.parametrize("shown", ["abcde", "Xbcdefg", "abXdefghijk"])
def test_a_signer_that_forgets_would_sign_an_older_copy_and_a_rewritten_past(
    signer: Signer, home: Path, shown: str
) -> None:
    signer.sign(Told("abcdefg"))
    assert Forgetful(home).sign(Told(shown))


def test_a_head_row_that_does_not_fit_the_facts_is_not_signed_over(signer: Signer) -> None:
    assert "head" in refused(signer, Told("abc", claimed=bytes(32)))


@pytest.mark.parametrize("change", ["missing", "damaged", "another's", "unsigned"])
def test_nothing_is_signed_without_a_sound_last_checkpoint(signer: Signer, home: Path, change: str) -> None:
    signer.sign(Told("abc"))
    kept = home / LAST
    match change:
        case "missing":
            kept.unlink()
        case "damaged":
            kept.write_bytes(kept.read_bytes()[:-9])
        case "another's":
            other = Signer(home.with_name("other"))
            other.be_born(ORIGIN)
            kept.write_bytes(other.sign(Told("ab")))
        case _:
            kept.write_bytes(kept.read_bytes().replace(b"\n3\n", b"\n2\n"))
    assert LAST in refused(signer, Told("abcd"))


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_key_that_others_can_read_is_not_used(signer: Signer, home: Path) -> None:
    (home / KEY).chmod(0o640)
    assert KEY in refused(signer, Told("a"))


@pytest.mark.parametrize("words", ["", "garbage\n", "PRIVATE+KEY+x+00000000+AAAA\n"])
def test_a_damaged_key_is_said_so_and_not_shown(signer: Signer, home: Path, words: str) -> None:
    (home / KEY).write_text(words)
    said = refused(signer, Told("a"))
    assert "damaged" in said
    assert "AAAA" not in said


def test_without_a_key_nothing_is_signed(home: Path) -> None:
    assert "no signing key" in refused(Signer(home), Told("a"))
    home.mkdir(parents=True)
    assert "no signing key" in refused(Signer(home), Told("a"))


# a ledger


def test_a_ledger_is_signed_as_it_grows_and_refused_once_its_past_was_rewritten(engine: Engine, signer: Signer) -> None:
    ledger = toy_ledger(engine)
    for number in range(6):
        ledger.execute(a_note(str(number)), actor="P1")
        raw = signer.sign(StoredLog(ledger))
        assert open_checkpoint(raw, [signer.verifier()]).head.root == ledger.head().root


def test_a_ledger_rewritten_with_all_that_follows_and_its_head_is_refused(
    shared_engine: Engine, signer: Signer
) -> None:
    tampered = Tampered(shared_engine)
    signer.sign(StoredLog(tampered.ledger))
    leaf = tampered.rewrite(3, "note 3", "note X")
    tampered.sql("UPDATE {facts} SET leaf = :leaf WHERE position = 3", leaf=leaf)
    frontier = tree.pack(tree.frontier_of(tree.leaf_hash(row.entry) for row in tampered.ledger.rows()))
    tampered.sql("UPDATE {head} SET frontier = :f", f=frontier)
    assert "first 12" in refused(signer, StoredLog(tampered.ledger))


# interruptions


@pytest.mark.parametrize("place", FAILPOINTS)
def test_signing_that_was_cut_short_anywhere_can_be_done_again_with_one_checkpoint_per_size(
    signer: Signer, home: Path, place: str
) -> None:
    def fail(name: str) -> None:
        if name == place:
            raise OSError(place)

    signer.sign(Told("ab"))
    with pytest.raises(OSError, match=place):
        Signer(home, fail).sign(Told("abc"))
    assert signer.last() == head_of(ORIGIN, "ab" if place == "sign:written" else "abc")
    assert signer.sign(Told("abcd"))
    assert signer.last() == head_of(ORIGIN, "abcd")


def test_every_place_of_signing_is_passed_in_order(home: Path) -> None:
    passed: list[str] = []
    signer = Signer(home, passed.append)
    signer.be_born(ORIGIN)
    signer.sign(Told("a"))
    assert passed == ["sign:key-made", *FAILPOINTS]


# two at once


class Unlocked(Signer):
    """The control: a signer that does not keep others out."""

    class Folder(KeyFolder[SigningKey]):
        """Each with a file of its own for the new checkpoint, so that only the lock is missing."""

        @contextmanager
        def locked(self) -> Iterator[None]:
            yield

        def keep(self, name: str, content: bytes) -> None:
            self._failpoint("sign:written")
            (self.path / name).write_bytes(content)


def sign_at_once(kind: type[Signer], home: Path, histories: list[str]) -> set[bytes]:
    """Let signers that share a directory be shown histories of one size at once; return what was given out."""
    given: set[bytes] = set()
    meeting = threading.Barrier(len(histories), timeout=2)

    def wait_for_the_others(place: str) -> None:
        if place == "sign:written":
            try:
                meeting.wait(0.2)
            except threading.BrokenBarrierError:
                meeting.reset()

    def sign(letters: str) -> None:
        try:
            given.add(kind(home, wait_for_the_others).sign(Told(letters)))
        except WillNotSign:
            return

    threads = [threading.Thread(target=sign, args=(letters,)) for letters in histories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_of_two_histories_shown_at_once_one_is_signed(signer: Signer, home: Path) -> None:
    assert sign_at_once(Signer, home, ["abX", "abY", "abZ"]) == {(home / LAST).read_bytes()}
    assert signer.last().size == 3


@pytest.mark.usefixtures("signer")
def test_signers_that_do_not_keep_each_other_out_would_be_caught(home: Path) -> None:
    assert len(sign_at_once(Unlocked, home, ["abX", "abY", "abZ"])) > 1


def test_two_births_at_once_make_one_key(home: Path) -> None:
    born: list[object] = []

    def be_born() -> None:
        try:
            born.append(Signer(home).be_born(ORIGIN))
        except FileExistsError:
            return

    threads = [threading.Thread(target=be_born) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert born == [Signer(home).verifier()]


# what is not promised


def test_a_signer_whose_directory_is_put_back_too_signs_the_older_copy_again(signer: Signer, home: Path) -> None:
    """Why the directory belongs elsewhere, and in no backup of the database."""
    signer.sign(Told("ab"))
    shutil.copytree(home, home.with_name("backup"))
    signer.sign(Told("abcd"))
    shutil.rmtree(home)
    shutil.copytree(home.with_name("backup"), home)
    assert signer.sign(Told("abX"))


def test_the_key_file_is_one_that_others_tools_read(signer: Signer, home: Path) -> None:
    words = (home / KEY).read_text().removesuffix("\n")
    assert SigningKey.parse(words).verifier == signer.verifier()
    assert words.startswith(f"PRIVATE+KEY+{ORIGIN}+")
