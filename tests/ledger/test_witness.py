"""A witness answers as the protocol says, and never cosigns two histories of one log (c2sp.org/tlog-witness)."""

import random
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger import tree
from ledger.checkpoint import TreeHead, open_checkpoint
from ledger.cosignature import WitnessKey, WitnessSigningKey, lines_of, with_cosignatures, witnessed
from ledger.key_folder import KeyFolder, WillNotSign
from ledger.note import MalformedNote, SigningKey, VerifierKey, parse_note
from ledger.witness import (
    BAD,
    CONFLICT,
    FORBIDDEN,
    INCONSISTENT,
    MOST_HASHES,
    MOST_REFUSED,
    OK,
    REFUSED,
    SIZE_TYPE,
    UNKNOWN,
    Request,
    Witness,
    origin_hash,
)
from tests.experiments import Notebook
from tests.ledger.proving import SEED, soak
from tests.ledger.signing import head_of
from tests.ledger.witnessing import AT, KEY, LOG, STRANGER, WITNESS, born, request, shown

GAMES = 60


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return born(tmp_path / "witness")


def key_of(witness: Witness) -> WitnessKey:
    return WitnessKey.parse(str(witness.verifier()))


# what it answers


def test_the_first_checkpoint_of_a_known_log_is_cosigned_at_the_witnesss_time(witness: Witness) -> None:
    answer = shown(witness, 0, "abc")
    raw = request(0, "abc").checkpoint
    (line,) = lines_of(answer.body, head_of(LOG, "abc").text(), key_of(witness))
    assert answer.status == OK
    assert [(each.name, each.at) for each in witnessed(with_cosignatures(raw, [line]), [key_of(witness)])] == [
        (WITNESS, AT)
    ]


def test_the_line_is_what_the_specification_says_byte_by_byte(witness: Witness) -> None:
    text = head_of(LOG, "abc").text()
    (signature,) = parse_note(text.encode() + b"\n" + shown(witness, 0, "abc").body).signatures
    public = witness.verifier().public
    assert signature.key_id == sha256(WITNESS.encode() + b"\n\x04" + public).digest()[:4]
    assert int.from_bytes(signature.signature[:8]) == int(AT.timestamp())
    message = f"cosignature/v1\ntime {int(AT.timestamp())}\n{text}".encode()
    Ed25519PublicKey.from_public_bytes(public).verify(signature.signature[8:], message)


def test_a_checkpoint_that_extends_the_one_before_is_cosigned(witness: Witness) -> None:
    for old, letters in ((0, "abc"), (3, "abcdefg"), (7, "abcdefg"), (7, "abcdefghi")):
        assert shown(witness, old, letters).status == OK
    kept = witness.seen(origin_hash(LOG))
    assert kept is not None
    assert open_checkpoint(kept, [KEY.verifier]).head.size == 9
    assert witnessed(kept, [key_of(witness)])


def test_another_old_size_is_a_conflict_that_says_the_known_one(witness: Witness) -> None:
    shown(witness, 0, "abc")
    for old, letters in ((0, "abcd"), (2, "abcd")):
        answer = shown(witness, old, letters)
        assert (answer.status, answer.body, answer.content_type) == (CONFLICT, b"3\n", SIZE_TYPE)


def test_an_unknown_log_is_not_found(witness: Witness) -> None:
    other = SigningKey("example.org/other", b"o" * 32)
    body = request(0, "abc", other, head_of("example.org/other", "abc")).as_bytes()
    assert witness.add_checkpoint(body).status == UNKNOWN


def test_a_checkpoint_that_the_log_did_not_sign_is_forbidden(witness: Witness) -> None:
    assert witness.add_checkpoint(request(0, "abc", STRANGER).as_bytes()).status == FORBIDDEN
    signed = request(0, "abc").checkpoint
    forged = signed.replace(b"\n3\n", b"\n4\n")
    assert witness.add_checkpoint(Request(0, (), forged).as_bytes()).status == FORBIDDEN


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(witness: Witness) -> None:
    assert witness.add_checkpoint(request(4, "abc").as_bytes()).status == BAD


@pytest.mark.parametrize(
    "other",
    ["abX", "abXdef", "Xbcdef"],
    ids=["same size", "longer", "from the beginning"],
)
def test_another_history_is_refused_and_kept_as_evidence(witness: Witness, other: str, tmp_path: Path) -> None:
    shown(witness, 0, "abc")
    body = request(3, other).as_bytes()
    assert witness.add_checkpoint(body).status == INCONSISTENT
    (kept,) = (tmp_path / "witness").glob(f"{REFUSED}*")
    assert kept.read_bytes() == body


def test_evidence_is_kept_of_a_few_only(witness: Witness, tmp_path: Path) -> None:
    shown(witness, 0, "a")
    for number in range(MOST_REFUSED + 5):
        shown(witness, 1, f"X{number:04}")
    assert len(list((tmp_path / "witness").glob(f"{REFUSED}*"))) == MOST_REFUSED


def test_an_empty_log_has_the_empty_root_or_is_refused(witness: Witness) -> None:
    assert witness.add_checkpoint(request(0, "", head=TreeHead(LOG, 0, bytes(32))).as_bytes()).status == INCONSISTENT
    assert shown(witness, 0, "").status == OK


def test_a_proof_where_none_is_needed_is_refused(witness: Witness) -> None:
    needless = replace(request(0, "abc"), proof=(bytes(32),))
    assert witness.add_checkpoint(needless.as_bytes()).status == INCONSISTENT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        b"old 0",
        b"old x\n\n",
        b"old 01\n\n",
        b"old -1\n\n",
        b"new 0\n\n",
        b"old 0\n\nno checkpoint",
        b"old 0\n" + b64encode(bytes(31)) + b"\n\n",
        b"old 0\n" + (b64encode(bytes(32)) + b"\n") * (MOST_HASHES + 1) + b"\n",
        "old ０\n\n".encode(),
        b"old 0\n\n\xff\xfe",
    ],
)
def test_what_is_no_request_is_a_bad_request(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body).status == BAD


def test_a_request_reads_back_as_it_was_made() -> None:
    made = request(3, "abcdefg")
    assert Request.parse(made.as_bytes()) == made


def test_a_name_that_no_line_could_carry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedNote):
        Witness(tmp_path / "w", lambda: AT).be_born("two words")


def test_keys_of_logs_and_of_witnesses_are_not_taken_for_each_other(witness: Witness) -> None:
    with pytest.raises(MalformedNote):
        VerifierKey.parse(str(witness.verifier()))
    with pytest.raises(MalformedNote):
        WitnessKey.parse(str(KEY.verifier))


def test_a_cosignature_is_no_signature_of_the_log(witness: Witness) -> None:
    """A witness called like the log does not speak for it."""
    impostor = WitnessSigningKey(LOG, KEY.seed)
    raw = request(0, "abc", STRANGER).checkpoint
    both = with_cosignatures(raw, [impostor.cosign(head_of(LOG, "abc").text(), AT)])
    assert witness.add_checkpoint(Request(0, (), both).as_bytes()).status == FORBIDDEN


def test_lines_that_do_not_fit_say_nothing(witness: Witness) -> None:
    raw = request(0, "abc").checkpoint
    (line,) = lines_of(shown(witness, 0, "abc").body, head_of(LOG, "abc").text(), key_of(witness))
    for place in (0, 7, 8, 40, 71):
        damaged = bytearray(line.signature)
        damaged[place] ^= 1
        assert witnessed(with_cosignatures(raw, [replace(line, signature=bytes(damaged))]), [key_of(witness)]) == ()
    assert witnessed(with_cosignatures(raw, [replace(line, signature=line.signature[:8])]), [key_of(witness)]) == ()


# what it never does


class Credulous(Witness):
    """The control: forgets what it has seen."""

    def _newest(self, origin: str, keys: object) -> TreeHead:
        del keys
        return TreeHead(origin, 0, tree.EMPTY_ROOT)


def histories(seed: int, witness: Witness) -> list[str]:
    """Show a witness random histories that fork, with whatever old size it wants; return those it cosigned."""
    chance = random.Random(seed)  # noqa: S311 - a game that can be played again
    told, cosigned = "", []
    for _ in range(8):
        fork = told[: chance.randrange(len(told) + 1)] if chance.random() < 0.5 else told
        letters = fork + "".join(chance.choices("abXY", k=chance.randrange(4)))
        answer = shown(witness, 0, letters)
        if answer.status == CONFLICT and (known := int(answer.body)) <= len(letters):
            answer = shown(witness, known, letters)
        if answer.status == OK:
            cosigned.append(letters)
            told = letters
    return cosigned


def forked(cosigned: list[str]) -> bool:
    return any(not b.startswith(a) and not a.startswith(b) for a, b in combinations(cosigned, 2))


def play(home: Path, kind: type[Witness], notebook: Notebook) -> int:
    """Play games with witnesses of a kind; return how many ended with two histories cosigned."""
    games = soak(GAMES)
    played = [histories(SEED + game, born(home / str(game), kind)) for game in range(games)]
    forks = sum(map(forked, played))
    control = kind is not Witness
    experiment = "random histories that fork" + (", shown to a witness that forgets" if control else "")
    figures = {"cosigned": sum(map(len, played)), "games with two histories cosigned": forks}
    notebook.saw("a witness", experiment, on="files", runs=games, figures=figures, control=control, seed=SEED)
    return forks


def test_no_two_histories_are_cosigned_whatever_is_shown(tmp_path: Path, notebook: Notebook) -> None:
    assert play(tmp_path, Witness, notebook) == 0


def test_a_witness_that_forgets_what_it_has_seen_would_be_caught(tmp_path: Path, notebook: Notebook) -> None:
    assert play(tmp_path, Credulous, notebook) > GAMES // 4


class Unlocked(KeyFolder[WitnessSigningKey]):
    """The control's folder: keeps nobody out."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        yield

    def keep(self, name: str, content: bytes) -> None:
        self._failpoint("sign:written")
        (self.path / name).write_bytes(content)


def at_once(witness: Witness, letters: list[str]) -> list[int]:
    """Show several histories at once; return the answers' states."""
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda each=each: answers.append(shown(witness, 1, each).status)) for each in letters
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_requests_at_once_one_is_cosigned_and_the_others_hear_of_it(witness: Witness) -> None:
    for attempt in range(20):
        folder = witness.folder.path.with_name(f"again{attempt}")
        fresh = born(folder)
        shown(fresh, 0, "a")
        answers = at_once(fresh, ["abX", "abYc", "aZ", "abcdef"])
        assert sorted(answers) == [OK, CONFLICT, CONFLICT, CONFLICT]


def test_without_the_lock_requests_at_once_would_roll_back(tmp_path: Path) -> None:
    """The control of the test before: both are compared before either is kept."""
    meeting = threading.Barrier(2, timeout=5)
    witness = born(tmp_path / "w")
    shown(witness, 0, "a")
    witness.folder = Unlocked(witness.folder.path, WitnessSigningKey, lambda place: _meet(meeting, place))
    assert at_once(witness, ["abX", "abYc"]) == [OK, OK]


def _meet(meeting: threading.Barrier, place: str) -> None:
    if place == "sign:written":
        meeting.wait()


def test_a_witness_that_dies_before_it_has_kept_a_checkpoint_has_not_given_it_out(tmp_path: Path) -> None:
    class Died(Exception):  # noqa: N818
        pass

    def die(place: str) -> None:
        if place == "sign:written":
            raise Died

    born(tmp_path / "w")
    with pytest.raises(Died):
        shown(Witness(tmp_path / "w", lambda: AT, die), 0, "abc")
    after = Witness(tmp_path / "w", lambda: AT)
    assert after.seen(origin_hash(LOG)) is None
    assert shown(after, 0, "abX").status == OK
    assert shown(after, 3, "abc").status == INCONSISTENT


def test_what_stands_in_its_place_under_another_log_is_not_believed(witness: Witness) -> None:
    """Somebody who may write the folder may forget, but not invent, what a log signed."""
    shown(witness, 0, "abc")
    kept = witness.folder.path / f"seen-{origin_hash(LOG)}"
    kept.write_bytes(kept.read_bytes().replace(b"\n3\n", b"\n2\n"))
    with pytest.raises(WillNotSign, match="altered"):
        shown(witness, 2, "ab")
