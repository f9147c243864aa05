"""The verifier that needs nothing of ours: its imports, its signatures against others', its tables, hostile files."""

import ast
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalogue import CATALOGUE
from ledger import tree
from ledger.archive import verify as alone
from ledger.archive.checking import check_archive
from ledger.archive.fields import with_tables
from ledger.archive.parts import verifier
from ledger.note import SigningKey
from tests.ledger.archive.conftest import KEY, Kept, opened
from tests.ledger.archive.damages import ENTRIES, Parts

SOURCE = verifier().decode()
OLDEST = (3, 8)
# RFC 8032 §7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]


def test_it_imports_the_standard_library_alone() -> None:
    found: set[str] = set()
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
    assert found <= sys.stdlib_module_names


def test_an_older_python_can_read_it() -> None:
    assert ast.parse(SOURCE, feature_version=OLDEST).body


def test_its_tables_are_those_of_the_events() -> None:
    assert with_tables(SOURCE, CATALOGUE.events) == SOURCE, "run docs/generate.py"


# signatures


def by_others(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return what OpenSSL says."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_signatures_of_rfc_8032_are_verified(public: str, message: str, signature: str) -> None:
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert alone.signed_by(key, text, signed)
    assert not alone.signed_by(key, text + b"x", signed)


def test_a_signature_has_one_spelling_of_s() -> None:
    key, text, signed = (bytes.fromhex(each) for each in VECTORS[1])
    s = int.from_bytes(signed[32:], "little") + alone.L
    again = signed[:32] + s.to_bytes(32, "little")
    assert not alone.signed_by(key, text, again)
    assert not by_others(key, text, again)


@pytest.mark.parametrize("public", SMALL_ORDER)
@pytest.mark.parametrize("r", SMALL_ORDER)
def test_points_of_small_order_are_judged_as_others_judge_them(public: str, r: str) -> None:
    key, signature = bytes.fromhex(public), bytes.fromhex(r) + bytes(32)
    for number in range(4):
        message = b"message %d" % number
        assert alone.signed_by(key, message, signature) == by_others(key, message, signature)


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511), st.booleans())
def test_both_say_the_same_of_any_signature(seed: bytes, message: bytes, bit: int, damaged: bool) -> None:  # noqa: FBT001
    key = SigningKey("log", seed)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(message)
    if damaged:
        flipped = bytearray(signature)
        flipped[bit // 8] ^= 1 << bit % 8
        signature = bytes(flipped)
    assert alone.signed_by(key.verifier.public, message, signature) == by_others(
        key.verifier.public, message, signature
    )
    assert alone.signed_by(key.verifier.public, message, signature) is not damaged


@given(st.lists(st.binary(max_size=5), max_size=70), st.sets(st.integers(0, 70)))
def test_its_tree_is_that_of_rfc_6962(entries: list[bytes], sizes: set[int]) -> None:
    leaves = [tree.leaf_hash(entry) for entry in entries]
    grown = alone.Tree(sizes)
    for start in range(0, len(leaves), 7):
        grown.grow(leaves[start : start + 7])
    assert grown.root() == tree.root(tree.frontier_of(leaves))
    for size in sizes:
        if size <= len(leaves):
            assert grown.roots[size] == tree.root(tree.frontier_of(leaves[:size]))


# what is brought along


def test_a_key_from_outside_is_believed_instead_of_the_archives_own(annual: Kept) -> None:
    archive, stranger = annual.archive(), SigningKey(KEY.name, b"s" * 32)
    assert alone.verify(opened(archive), keys=[str(KEY.verifier)]).code == alone.OK
    kinds = [each["kind"] for each in alone.verify(opened(archive), keys=[str(stranger.verifier)]).findings]
    assert kinds == ["checkpoint-unsigned"]


def test_a_checkpoint_and_a_root_from_outside_are_compared(annual: Kept) -> None:
    parts = Parts.of(annual.archive(), KEY)
    root = annual.ledger.head().root.hex()
    held = [("mine", annual.checkpoint())]
    assert alone.verify(opened(parts.zipped()), checkpoints=held, pin=root).code == alone.OK
    parts.put(ENTRIES, parts.lines(ENTRIES)[:-1])
    parts.sign_anew()
    parts.list_anew()
    shorter = alone.verify(opened(parts.zipped()), checkpoints=held, pin=root)
    assert {each["kind"] for each in shorter.findings} >= {"checkpoint-beyond", "root-mismatch"}


def test_what_nobody_can_know_is_said(annual: Kept) -> None:
    said = [en for _, en in alone.verify(opened(annual.archive())).notes]
    assert any("bring your own with --key" in each for each in said)
    assert any("simulated clock" in each for each in said)


# hostile files


def test_a_part_that_claims_more_than_it_can_hold_is_not_read(annual: Kept) -> None:
    whole, out = Parts.of(annual.archive(), KEY), BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in whole.contents.items():
            archive.writestr(name, raw)
        archive.writestr("data/attachments/" + "0" * 64, b"\0" * 3_000_000)
    lying = bytearray(out.getvalue())
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (2**31).to_bytes(4, "little")
    report = alone.verify(BytesIO(bytes(lying)))
    assert report.code == alone.VIOLATED
    assert not check_archive(BytesIO(bytes(lying))).verdict.ok


@pytest.mark.parametrize(
    "entry",
    [
        b"[]",
        b"{}",
        b"{" * 5_000,
        b'{"position":1,"position":1}',
        b"\xff",
        b'{"position":1.0}',
        b'{"position":NaN}',
        b"x" * 70_000,
    ],
)
def test_what_is_no_entry_is_named(entry: bytes, annual: Kept) -> None:
    parts = Parts.of(annual.archive(), KEY)
    parts.put(ENTRIES, [entry, *parts.lines(ENTRIES)[1:]])
    parts.sign_anew()
    parts.list_anew()
    kinds = [(each["kind"], each["position"]) for each in alone.verify(opened(parts.zipped())).findings]
    assert ("entry-malformed", 1) in kinds
    assert not check_archive(opened(parts.zipped())).verdict.ok


def test_a_rulebook_that_says_something_else_is_not_computed_and_named() -> None:
    rules = {"components": [{"code": "work", "weight": 100, "shares": []}]}
    with pytest.raises(alone.Unknown, match=r"component\.shares"):
        alone.Rules({**rules, "bands": [], "rounding": {}, "newcomers": {}})
    with pytest.raises(alone.Unknown, match=r"rulebook\.vetoes"):
        alone.Rules({"vetoes": []})


def test_it_runs_where_there_is_nothing_but_python(annual: Kept, tmp_path: Path) -> None:
    (tmp_path / "verify.py").write_bytes(Parts.of(annual.archive(), KEY).contents["verify.py"])
    archive = tmp_path / "archive.zip"
    archive.write_bytes(annual.archive())
    bare = [sys.executable, "-I", "-S", "verify.py", "archive.zip", "--json"]
    run = subprocess.run(bare, cwd=tmp_path, env={}, capture_output=True, check=False)
    said = json.loads(run.stdout)
    assert (run.returncode, said["ok"], said["size"]) == (0, True, annual.ledger.head().size)
    assert said["rounds"]["workshop-1.2025"]["results"]
    missing = subprocess.run([*bare[:4], "none.zip"], cwd=tmp_path, env={}, capture_output=True, check=False)
    nothing = subprocess.run([*bare[:4], "verify.py"], cwd=tmp_path, env={}, capture_output=True, check=False)
    assert (missing.returncode, nothing.returncode) == (alone.USAGE, alone.UNREADABLE)
