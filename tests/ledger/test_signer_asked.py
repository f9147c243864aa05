"""The signer as a process of its own: it signs one history, whoever asks, whenever it dies, and lets in whom it should.

The processes are real; where this runs as root, they are also different users.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import tree
from ledger.checkpoint import TreeHead, open_checkpoint
from ledger.cosignature import WitnessSigningKey
from ledger.key_folder import WillNotSign
from ledger.note import to_base64
from ledger.signer import Signer, extension
from ledger.signer_asked import AskedSigner, SignerGone
from ledger.signer_serving import KNOWS_PEERS, WillNotServe, answer, listening, require_private
from ledger.witnesses import Address
from tests.experiments import Notebook
from tests.ledger.signing import Told, head_of
from tests.ledger.witnessing import WITNESS

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no Unix sockets here")

PROGRAM = Path(__file__).with_name("signer_process.py")
ORIGIN = "example.org/ledger"
PROMISE, WAY, ON = "one checkpoint per size", "a signer of its own process", "files"
PLACES = ("-", "sign:written", "sign:replaced", "sign:on-disk")


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a folder with a short name, through which every user may walk."""
    folder = Path(tempfile.mkdtemp(prefix="signer-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


Serve = Callable[..., contextlib.AbstractContextManager[AskedSigner]]


@pytest.fixture
def serving(home: Path, checkout: Path) -> Serve:
    """Run a signer's process for a while."""
    signer = Signer(home / "keys" / "main")
    signer.be_born(ORIGIN)

    @contextmanager
    def run(mode: str = "sound", place: str = "-", user: str = "-", allowed: str = "-") -> Iterator[AskedSigner]:
        words = [sys.executable, str(PROGRAM), "serve", str(signer.directory), str(home / "socket")]
        environment = {**os.environ, "PYTHONPATH": str(checkout)}
        with subprocess.Popen(
            [*words, user, allowed, mode, place], stdout=subprocess.PIPE, text=True, env=environment, cwd=checkout
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            try:
                yield AskedSigner(home / "socket")
            finally:
                process.kill()

    return run


def shown(signer: AskedSigner, letters: str) -> TreeHead | None:
    """Return the head that was signed over these facts, None where it was not."""
    try:
        return open_checkpoint(signer.sign(Told(letters)), signer.keys()).head
    except WillNotSign:
        return None


def test_what_extends_is_signed_and_the_process_remembers_it(serving: Serve, home: Path) -> None:
    with serving() as signer:
        assert (signer.available(), signer.is_born(), signer.last()) == (True, True, head_of(ORIGIN, ""))
        for letters in ("abc", "abc", "abcdef"):
            assert shown(signer, letters) == head_of(ORIGIN, letters)
        assert signer.last_signed() == signer.sign(Told("abcdef"))
        assert dict(signer.handed_out())["last.checkpoint"] == signer.last_signed()
    with serving() as signer:  # the socket that a killed process left is taken away
        assert signer.last() == head_of(ORIGIN, "abcdef")
        assert signer.keys() == Signer(home / "keys" / "main").keys()


def test_an_old_backup_restored_under_a_running_signer_is_refused(serving: Serve) -> None:
    with serving() as signer:
        signer.sign(Told("abcdefg"))
        for letters in ("abc", "abcdefX", "Xbcdefgh"):
            with pytest.raises(WillNotSign):
                signer.sign(Told(letters))
        assert signer.last() == head_of(ORIGIN, "abcdefg")


def forge(path: Path, old: int, letters: str, proof: list[bytes]) -> dict[str, object]:
    """Ask in so many words for a signature, as a program does that has been tampered with."""
    question = {
        "ask": "extend",
        "old": old,
        "head": head_of(ORIGIN, letters).text(),
        "proof": list(map(to_base64, proof)),
    }
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
        line.connect(str(path))
        line.sendall(json.dumps(question).encode() + b"\n")
        told: dict[str, object] = json.loads(line.makefile("rb").readline())
        return told


@pytest.mark.parametrize("mode", ["sound", "forgetful"])
def test_the_process_itself_sees_that_a_history_is_another_whoever_asks(
    serving: Serve, home: Path, mode: str, notebook: Notebook
) -> None:
    forged = [("abc", 6), ("abcdeX", 6), ("abcdXfgh", 6), ("abcdXfgh", 0), ("abcdXfgh", 3), ("", 0)]
    with serving(mode) as signer:
        signer.sign(Told("abcdef"))
        honest = extension(Told("abcdefgh"), head_of(ORIGIN, "abcdef"))[1]
        signed = 0
        for letters, old in forged:
            for proof in ([], honest, [tree.EMPTY_ROOT] * 3):
                signed += "signed" in forge(home / "socket", old, letters, proof)
    control = mode == "forgetful"
    words = "; it remembers nothing" if control else ""
    figures = {"forged proofs": 3 * len(forged), "signed": signed}
    notebook.saw(PROMISE, f"{WAY}, shown forged proofs{words}", on=ON, runs=1, figures=figures, control=control)
    assert (signed > 0) == control


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["sound", "forgetful"])
def test_a_process_killed_at_any_step_has_not_signed_two_histories(
    serving: Serve, home: Path, mode: str, notebook: Notebook
) -> None:
    given: dict[int, set[TreeHead]] = defaultdict(set)
    base, deaths = "", 0
    for number, place in enumerate(PLACES):
        one, other = f"{base}{number}", f"{base}X"
        for letters, at in ((one, place), (other, "-")):  # after the death somebody shows another history
            with serving(mode, at) as signer:
                if insist(signer, home / "socket", letters):
                    given[len(letters)].add(head_of(ORIGIN, letters))
                deaths += not signer.available()
        base = next(each for each in (one, other) if head_of(ORIGIN, each) == Signer(home / "keys" / "main").last())
    forked = sum(len(heads) > 1 for heads in given.values())
    control = mode == "forgetful"
    words = "; it remembers nothing" if control else ""
    figures = {"sizes signed": len(given), "deaths": deaths, "sizes with two checkpoints": forked}
    runs = len(PLACES)
    notebook.saw(PROMISE, f"{WAY}, dying at each step{words}", on=ON, runs=runs, figures=figures, control=control)
    assert deaths == runs - 1
    assert (forked > 0) == control


def insist(signer: AskedSigner, path: Path, letters: str) -> bool:
    """Return whether these facts are signed: asked for honestly, and else as a program does that was tampered with."""
    try:
        if shown(signer, letters) is not None:
            return True
        return "signed" in forge(path, signer.last().size, letters, [])
    except (SignerGone, ConnectionError):
        return False


def test_a_signer_that_is_gone_is_said_to_be_gone(home: Path) -> None:
    signer = AskedSigner(home / "socket")
    assert not signer.available()
    with pytest.raises(SignerGone, match="does not answer"):
        signer.sign(Told("a"))


def test_a_signer_of_another_ledger_signs_nothing_for_this_one(serving: Serve, home: Path) -> None:
    other = Signer(home / "other" / "main")
    other.be_born("example.org/other")
    question = {"ask": "extend", "old": 0, "head": head_of(ORIGIN, "a").text(), "proof": []}
    assert "example.org/other alone" in answer(other, json.dumps(question).encode())["refused"]["en"]
    with serving() as signer:
        assert shown(signer, "a") is not None


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\n", b"[]\n", b"{}\n", b'{"last": "x"}\n'])
def test_what_answers_otherwise_is_no_signer(home: Path, said: bytes) -> None:
    with listening(home / "strange", frozenset()) as door:
        asking = Thread(target=lambda: _answer_once(door, said))
        asking.start()
        assert not AskedSigner(home / "strange").available()
        asking.join()


def _answer_once(door: socket.socket, said: bytes) -> None:
    line, _ = door.accept()
    with contextlib.closing(line):
        line.recv(1000)
        line.sendall(said)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Return a signer that has signed nothing yet."""
    signer = Signer(tmp_path_factory.mktemp("quiet") / "main")
    signer.be_born(ORIGIN)
    return signer


QUESTIONS = st.one_of(
    st.binary(max_size=200),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["ask", "old", "head", "proof", "checkpoint", "witness"]), inner, max_size=6
            )
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {
            "ask": st.sampled_from(["extend", "add-witness", "rotate", "sign"]),
            "old": st.sampled_from([0, 1, -1, None, "0", [], 2**70]),
            "head": st.sampled_from([None, "", "a\n1\n", f"{ORIGIN}\n0\nAAAA\n", 7]),
            "proof": st.sampled_from([None, [1], ["AAAA"], [""], "x", [None]]),
            "witness": st.sampled_from([None, "http://x", "file:///x y"]),
        }
    ).map(lambda value: json.dumps(value).encode()),
)


@given(QUESTIONS)
@settings(max_examples=300, deadline=None)
def test_whatever_is_asked_is_answered_and_nothing_is_signed(quiet: Signer, asked: bytes) -> None:
    told = answer(quiet, asked)
    assert set(told) <= {"refused", "unusable", "not_the_last"}
    assert (quiet.last(), quiet.witnesses()) == (head_of(ORIGIN, ""), [])


def test_the_witnesses_and_their_cosignatures_are_kept_with_the_signer(serving: Serve) -> None:
    key = WitnessSigningKey(WITNESS, b"w" * 32)
    address = Address("http://127.0.0.1:8401", key.verifier)  # type: ignore[arg-type]
    with serving() as signer:
        signer.ask_from_now_on(address)
        signed = signer.sign(Told("abc"))
        cosigned = signed + b"\xe2\x80\x94 someone else\n"
        signer.keep_cosigned(cosigned)
        assert (signer.witnesses(), signer.last_signed()) == ([address], cosigned)


# who starts it, and who may ask


def test_it_does_not_start_where_others_can_look_into_its_folder(home: Path) -> None:
    Signer(home / "keys").be_born(ORIGIN)
    require_private(home / "keys", home / "data")
    (home / "keys").chmod(0o750)
    with pytest.raises(WillNotServe, match="chmod 700"):
        require_private(home / "keys", home / "data")


def test_it_does_not_start_inside_the_data_directory(home: Path) -> None:
    Signer(home / "data" / "keys").be_born(ORIGIN)
    with pytest.raises(WillNotServe, match="inside the data directory"):
        require_private(home / "data" / "keys", home / "data")


def test_it_does_not_start_where_another_listens(home: Path) -> None:
    with (
        listening(home / "socket", frozenset()),
        pytest.raises(WillNotServe, match="listens at"),
        listening(home / "socket", frozenset()),
    ):
        pass
    assert not (home / "socket").exists()


def test_a_socket_is_its_owners_alone_unless_others_are_allowed(home: Path) -> None:
    with listening(home / "socket", frozenset()):
        assert (home / "socket").stat().st_mode & 0o777 == 0o600


AS_ROOT = pytest.mark.skipif(
    not KNOWS_PEERS or os.geteuid() != 0, reason="only root on Linux can be several users at once"
)
SIGNER_USER, PROGRAM_USER, STRANGER = "65531", "65532", "65533"


def asked_by(user: str, home: Path, checkout: Path) -> str:
    """Return what comes of it when this user asks."""
    words = [sys.executable, str(PROGRAM), "ask", str(home / "socket"), user, "abc"]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, cwd=checkout, check=True)
    return done.stdout.strip()


@AS_ROOT
@pytest.mark.parametrize("mode", ["sound", "trusting"])
def test_under_a_user_of_its_own_it_answers_those_that_are_allowed_and_nobody_else(
    serving: Serve, home: Path, checkout: Path, mode: str
) -> None:
    for path in (home / "keys", *(home / "keys").rglob("*"), home):
        os.chown(path, int(SIGNER_USER), int(SIGNER_USER))
    with serving(mode, user=SIGNER_USER, allowed=PROGRAM_USER):
        assert asked_by(PROGRAM_USER, home, checkout) == "signed"
        assert asked_by(STRANGER, home, checkout) == ("signed" if mode == "trusting" else "SignerGone")
    assert (home / "keys" / "main" / "signing.key").stat().st_mode & 0o777 == 0o600
