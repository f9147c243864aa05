"""A checkpoint says what its log has signed, in one spelling only, and nothing that was damaged is believed."""

import random
from base64 import b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger import tree
from ledger.checkpoint import TreeHead, open_checkpoint, sign_checkpoint
from ledger.note import MalformedNote, SigningKey, UnverifiedNote, VerifierKey, sign_note
from tests.experiments import Notebook
from tests.ledger import second_verifier
from tests.ledger.proving import SEED, soak

KEY = SigningKey("example.org/ledger", bytes(range(32)))
OTHER = SigningKey("example.org/ledger", bytes(32))
ROOT = tree.leaf_hash(b"entry")
HEAD = TreeHead(KEY.name, 4297, ROOT)
CHECKPOINT = sign_checkpoint(HEAD, KEY)
PROMISE, ON = "a checkpoint says what was signed", "checkpoints in memory"


def test_a_checkpoint_is_what_the_specification_shows() -> None:
    text, _, line = CHECKPOINT.decode().partition("\n\n")
    assert text == f"example.org/ledger\n4297\n{b64encode(ROOT).decode()}"
    assert line.startswith("— example.org/ledger ")
    assert line.endswith("\n")


def test_what_was_signed_is_read_back_with_the_name_of_its_signer() -> None:
    opened = open_checkpoint(CHECKPOINT, [KEY.verifier, OTHER.verifier])
    assert (opened.head, opened.signers) == (HEAD, ("example.org/ledger",))


def test_extension_lines_are_kept_and_say_nothing_to_us() -> None:
    head = TreeHead(KEY.name, 3, ROOT, ("one", "two words"))
    assert open_checkpoint(sign_checkpoint(head, KEY), [KEY.verifier]).head == head


@pytest.mark.parametrize(
    "text",
    [
        "example.org/ledger\n4297\n",
        f"example.org/ledger\n04297\n{b64encode(ROOT).decode()}\n",
        f"example.org/ledger\n+4297\n{b64encode(ROOT).decode()}\n",
        f"example.org/ledger\n-1\n{b64encode(ROOT).decode()}\n",
        f"example.org/ledger\n４\n{b64encode(ROOT).decode()}\n",
        f"example.org/ledger\n9223372036854775808\n{b64encode(ROOT).decode()}\n",
        f"example.org/ledger\n4297\n{b64encode(ROOT[1:]).decode()}\n",
        f"example.org/ledger\n4297\n{ROOT.hex()}\n",
        f"example.org/ledger\n4297\n{b64encode(ROOT).decode()}\n\nextension\n",
        f"\n4297\n{b64encode(ROOT).decode()}\n",
    ],
    ids=range(10),
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(MalformedNote):
        open_checkpoint(sign_note(text, KEY), [KEY.verifier])
    assert second_verifier.checkpoint(sign_note(text, KEY), KEY.name, KEY.verifier.public) is None


@pytest.mark.parametrize(
    "raw",
    [
        sign_checkpoint(HEAD, OTHER),
        sign_checkpoint(TreeHead("example.org/another", 4297, ROOT), KEY),
        CHECKPOINT.replace(b"4297", b"4298"),
    ],
    ids=["another key of that name", "another ledger's origin", "another size"],
)
def test_nobody_else_speaks_for_a_ledger(raw: bytes) -> None:
    with pytest.raises(UnverifiedNote):
        open_checkpoint(raw, [KEY.verifier])


def test_both_verifiers_read_what_is_sound() -> None:
    for size in (0, 1, 4297, 2**63 - 1):
        raw = sign_checkpoint(TreeHead(KEY.name, size, ROOT), KEY)
        said = second_verifier.checkpoint(raw, KEY.name, KEY.verifier.public)
        assert said == second_verifier.Said(KEY.name, size, ROOT)


# the experiment


def damage(dice: random.Random, raw: bytes) -> bytes:
    """Return the checkpoint with something in it changed."""
    place, end = dice.randrange(len(raw)), dice.randrange(len(raw) + 1)
    byte = bytes([dice.randrange(256)])
    lines = raw.splitlines(keepends=True)
    match dice.randrange(7):
        case 0:
            changed = raw[:place] + byte + raw[place + 1 :]
        case 1:
            changed = raw[:place] + raw[place + 1 :]
        case 2:
            changed = raw[:place] + byte + raw[place:]
        case 3:
            changed = raw[:end]
        case 4:
            changed = raw[:place] + bytes([raw[place] ^ 1 << dice.randrange(8)]) + raw[place + 1 :]
        case 5:
            one, two = dice.sample(range(len(lines)), 2)
            lines[one], lines[two] = lines[two], lines[one]
            changed = b"".join(lines)
        case _:
            words = raw.replace(b"4297", str(dice.choice([0, 1, 4296, 4298, 10**30])).encode())
            changed = dice.choice([words, raw.replace(b"\n\n", b"\n"), raw + raw, raw.replace(b"ledger", b"ledgers")])
    return changed if changed != raw else damage(dice, raw)


def ours(raw: bytes) -> second_verifier.Said | None:
    try:
        head = open_checkpoint(raw, [KEY.verifier]).head
    except (MalformedNote, UnverifiedNote):
        return None
    return second_verifier.Said(head.origin, head.size, head.root)


@pytest.mark.slow
def test_two_verifiers_believe_none_of_thousands_of_damaged_checkpoints(notebook: Notebook) -> None:
    dice, runs = random.Random(SEED), soak(3_000)  # noqa: S311 - the same in every run
    accepted = disagreed = 0
    for _ in range(runs):
        raw = damage(dice, CHECKPOINT)
        theirs = second_verifier.checkpoint(raw, KEY.name, KEY.verifier.public)
        accepted += theirs is not None or ours(raw) is not None
        disagreed += theirs != ours(raw)
    figures = {"accepted": accepted, "verifiers that disagreed": disagreed}
    notebook.saw(PROMISE, "damaged checkpoints", on=ON, runs=runs, figures=figures, seed=SEED)
    assert (accepted, disagreed) == (0, 0)


@pytest.mark.slow
def test_a_reader_that_believes_unsigned_checkpoints_would_be_caught(notebook: Notebook) -> None:
    dice, runs, accepted = random.Random(SEED), 1_000, 0  # noqa: S311 - the same in every run
    for _ in range(runs):
        parts = second_verifier.parted(damage(dice, CHECKPOINT))
        accepted += parts is not None and second_verifier.said(parts[0]) not in (None, ours(CHECKPOINT))
    experiment = "damaged checkpoints, signatures not verified"
    notebook.saw(PROMISE, experiment, on=ON, runs=runs, figures={"accepted": accepted}, control=True, seed=SEED)
    assert accepted > 0


@given(st.one_of(st.binary(max_size=300), st.text(max_size=100).map(str.encode)))
@example(CHECKPOINT + b"\n")
@example(CHECKPOINT[:-1])
def test_any_bytes_at_all_are_a_checkpoint_or_refused_in_one_of_two_ways(raw: bytes) -> None:
    assert ours(raw) is None
    assert second_verifier.checkpoint(raw, KEY.name, KEY.verifier.public) is None
    with pytest.raises(MalformedNote):
        VerifierKey.parse(raw.decode("latin-1"))


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(st.sampled_from(["x", "y z", "—"])))
def test_what_a_checkpoint_says_is_read_back(size: int, root: bytes, extensions: list[str]) -> None:
    head = TreeHead(KEY.name, size, root, tuple(extensions))
    assert TreeHead.parse(head.text()) == head
