"""Signed notes as others write them are read, others can read ours, and nothing malformed or unsigned is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.checkpoint import TreeHead
from ledger.note import (
    MOST_BYTES,
    MOST_SIGNATURES,
    MalformedNote,
    SigningKey,
    UnverifiedNote,
    VerifierKey,
    is_name,
    open_note,
    parse_note,
    sign_note,
)

# Published with Go's golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
# The example of c2sp.org/signed-note, and a tree head of Go's public checksum database.
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOOS_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GOS_HEAD = (
    "go.sum database tree\n65209736\n5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=\n\n"
    "— sum.golang.org Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=\n"
)
# Ed25519 itself: RFC 8032 §7.1, test 1.
SEED_1 = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
PUBLIC_1 = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def note(*lines: str, text: str = TEXT) -> bytes:
    return (text + "\n" + "".join(lines)).encode()


# others' notes


@pytest.mark.parametrize(
    ("raw", "vkey", "text"),
    [
        (note(BY_PETER), PETER, TEXT),
        (note(BY_ENOCH), ENOCH, TEXT),
        (FOOS_NOTE.encode(), FOO, "This is an example message.\n"),
        (GOS_HEAD.encode(), GO, GOS_HEAD.partition("\n\n")[0] + "\n"),
    ],
)
def test_others_notes_are_verified(raw: bytes, vkey: str, text: str) -> None:
    opened = open_note(raw, [VerifierKey.parse(vkey)])
    assert (opened.text, [each.name for each in opened.signatures]) == (text, [vkey.partition("+")[0]])
    assert str(VerifierKey.parse(vkey)) == vkey


def test_a_public_logs_tree_head_is_read() -> None:
    head = TreeHead.parse(open_note(GOS_HEAD.encode(), [VerifierKey.parse(GO)]).text)
    assert (head.origin, head.size, len(head.root), head.extensions) == ("go.sum database tree", 65209736, 32, ())


def test_a_note_is_signed_as_others_sign_it() -> None:
    key = SigningKey.parse(PETERS_SKEY)
    assert sign_note(TEXT, key) == note(BY_PETER)
    assert (key.skey(), str(key.verifier)) == (PETERS_SKEY, PETER)


def test_a_public_key_is_that_of_rfc_8032() -> None:
    assert SigningKey("name", bytes.fromhex(SEED_1)).verifier.public.hex() == PUBLIC_1


# signatures


def test_lines_of_unknown_keys_are_passed_over() -> None:
    raw = note(BY_ENOCH, BY_PETER, "— somebody AAAAAAA=\n")
    opened = open_note(raw, [VerifierKey.parse(PETER)])
    assert [each.name for each in opened.signatures] == ["PeterNeumann"]
    assert len(parse_note(raw).signatures) == 3


def test_both_keys_are_named_where_both_are_known() -> None:
    opened = open_note(note(BY_PETER, BY_ENOCH), map(VerifierKey.parse, (ENOCH, PETER)))
    assert [each.name for each in opened.signatures] == ["PeterNeumann", "EnochRoot"]


@pytest.mark.parametrize(
    "raw",
    [
        note(BY_ENOCH),
        note(BY_PETER.replace("PeterNeumann", "Peter")),
        note(BY_PETER.replace("x08g", "x08h")),
        note(BY_PETER, text=TEXT.replace("know", "knew")),
        note(BY_PETER, BY_PETER.replace("ZJku", "ZJkv")),
        note(BY_PETER.replace("ZJku", "ZJkv"), BY_ENOCH),
    ],
    ids=["unknown", "renamed", "other id", "other text", "second line spoiled", "only line spoiled"],
)
def test_a_note_that_no_known_key_has_signed_as_it_stands_is_not_believed(raw: bytes) -> None:
    with pytest.raises(UnverifiedNote):
        open_note(raw, [VerifierKey.parse(PETER)])


# form


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        TEXT.encode(),
        note(),
        note(BY_PETER).removesuffix(b"\n"),
        note(BY_PETER, "another line\n"),
        note(BY_PETER, "\n"),
        note(BY_PETER, text="\x01" + TEXT),
        note(BY_PETER, text=TEXT.replace("\n", "\r\n")),
        b"\xff" + note(BY_PETER),
        note(BY_PETER.replace("PeterNeumann", "Peter Neumann")),
        note(BY_PETER.replace("PeterNeumann", "Peter+Neumann")),
        note(BY_PETER.replace("PeterNeumann", "Peter\u2003Neumann")),
        note(BY_PETER.replace("PeterNeumann ", " ")),
        note(BY_PETER.replace("—", "--")),
        note(BY_PETER.replace("— ", "—  ")),
        note(BY_PETER.replace("nAM=", "nAM")),
        note(BY_PETER.replace("nAM=", "nAN=")),
        note(BY_PETER.replace("x08g", "x08-")),
        note("— PeterNeumann x08gow==\n"),
        note(*[BY_PETER] * (MOST_SIGNATURES + 1)),
        note(BY_PETER, text="x" * MOST_BYTES + "\n"),
    ],
    ids=range(22),
)
def test_what_has_not_the_form_of_a_note_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedNote):
        open_note(raw, [VerifierKey.parse(PETER)])


def test_a_text_may_have_empty_lines_and_sixteen_signatures() -> None:
    keys = [SigningKey(f"k{number}", bytes([number]) * 32) for number in range(16)]
    opened = open_note(sign_note("a\n\n\nb\n", *keys), [key.verifier for key in keys])
    assert (opened.text, len(opened.signatures)) == ("a\n\n\nb\n", 16)


@pytest.mark.parametrize("text", ["", "no line end", "a\n\x07\n", "a\r\n"])
def test_a_text_that_could_not_be_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(MalformedNote):
        sign_note(text, SigningKey.parse(PETERS_SKEY))


def test_nothing_is_signed_without_a_key() -> None:
    with pytest.raises(MalformedNote):
        sign_note(TEXT)


# keys


def mangled(key: str) -> list[str]:
    cut = [key[start:end] for start in range(len(key)) for end in range(start, len(key) + 1)]
    return [each for each in cut if each != key] + [
        key[:place] + chr(ord(key[place]) + 1) + key[place + 1 :] for place in range(len(key))
    ]


def test_no_part_of_a_key_and_no_key_with_another_letter_is_a_key() -> None:
    for parse, key in ((VerifierKey.parse, PETER), (SigningKey.parse, PETERS_SKEY)):
        for words in mangled(key):
            with pytest.raises(MalformedNote):
                parse(words)


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
    ids=["too long", "unknown algorithm"],
)
def test_keys_of_other_kinds_are_refused(vkey: str) -> None:
    with pytest.raises(MalformedNote):
        VerifierKey.parse(vkey)


def test_a_signing_key_does_not_show_itself() -> None:
    key = SigningKey.parse(PETERS_SKEY)
    assert "81" not in repr(key) + str(key)
    assert key.seed.hex() not in repr(key)
    assert "AYEK" not in repr(key) + str(key)


@given(st.text(max_size=8))
def test_a_name_has_no_spaces_and_no_plus_signs(name: str) -> None:
    unfit = not name or "+" in name or name.split() != [name] or min(name) < " "
    assert is_name(name) != unfit


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40),
    st.binary(min_size=32, max_size=32),
)
def test_what_was_signed_is_opened_again(words: str, seed: bytes) -> None:
    key = SigningKey("somebody", seed)
    assert open_note(sign_note(f"{words}\n", key), [key.verifier]).text == f"{words}\n"
