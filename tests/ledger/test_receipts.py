"""A receipt proves one entry under one signed root, and nothing else; its form is tlog-proof (c2sp.org/tlog-proof)."""

from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import tree
from ledger.checkpoint import sign_checkpoint
from ledger.note import MalformedNote, UnverifiedNote
from ledger.receipt import MOST_HASHES, NotIncluded, Receipt
from tests.ledger.signing import head_of
from tests.ledger.witnessing import KEY, LOG, STRANGER

LETTERS = "abcdefghijklm"


def receipt(index: int, letters: str = LETTERS) -> Receipt:
    leaves = [tree.leaf_hash(letter.encode()) for letter in letters]

    def subtree(level: int, at: int) -> bytes:
        return tree.root(tree.frontier_of(leaves[at << level : (at + 1) << level]))

    path = tree.prove_record(index, len(letters), subtree)
    return Receipt(index, path, sign_checkpoint(head_of(LOG, letters), KEY), letters[index].encode())


@given(st.integers(1, 40).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_every_entry_of_every_log_has_a_receipt_that_reads_back(sized: tuple[int, int]) -> None:
    size, index = sized
    letters = "".join(chr(0x4E00 + number) for number in range(size))
    made = receipt(index, letters)
    read = Receipt.parse(made.as_bytes())
    assert read == made
    assert read.verified(letters[index].encode(), [KEY.verifier]).head.size == size


def test_the_form_is_the_specifications_line_by_line() -> None:
    made = receipt(2)
    first, extra, index, *path = made.as_bytes().decode().partition("\n\n")[0].split("\n")
    assert (first, extra, index) == ("c2sp.org/tlog-proof@v1", f"extra {b64encode(b'c').decode()}", "index 2")
    assert path == [b64encode(each).decode() for each in made.path]
    assert made.as_bytes().endswith(made.checkpoint)
    assert b"extra" not in replace(made, extra=b"").as_bytes()


def test_another_entry_or_place_is_not_proved() -> None:
    made = receipt(2)
    for wrong, entry in (
        (made, b"d"),
        (replace(made, index=3), b"c"),
        (replace(made, path=made.path[:-1]), b"c"),
        (replace(made, path=(*made.path, bytes(32))), b"c"),
    ):
        with pytest.raises(NotIncluded):
            wrong.verified(entry, [KEY.verifier])


def test_what_another_key_signed_proves_nothing() -> None:
    with pytest.raises(UnverifiedNote):
        receipt(2).verified(b"c", [STRANGER.verifier])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"c2sp.org/tlog-proof@v1\n\n",
        b"c2sp.org/tlog-proof@v2\nindex 0\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 01\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex -1\n\nx",
        b"c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + b64encode(bytes(31)) + b"\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + (b64encode(bytes(32)) + b"\n") * (MOST_HASHES + 1) + b"\nx",
        b"\xff\n\nx",
    ],
)
def test_what_is_no_receipt_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedNote):
        Receipt.parse(raw)
