"""Which keys count for which checkpoints: pinned ones, and those to which a pinned one handed over, once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.anchoring import AnchorRecorded, KeyAnnounced, KeyRetired
from domain.decision import Event, Fact
from domain.ids import Document
from ledger.anchors import Recorded, judged, sizes_of
from ledger.checkpoint import sign_checkpoint
from ledger.handover import open_handover, sign_handover, successor_in
from ledger.key_chain import EndedKey
from ledger.note import SEED_BYTES, MalformedNote, Note, SigningKey, UnverifiedNote, parse_note
from tests.ledger.signing import head_of

LOG = "example.org/ledger"
FIRST, SECOND, THIRD, THIEF = (SigningKey(LOG, bytes([number]) * SEED_BYTES) for number in range(1, 5))
LETTERS = "abcdefghijklmnop"
DAY = date(2026, 1, 5)
ROOTS: Mapping[int, bytes] = {size: head_of(LOG, LETTERS[:size]).root for size in range(len(LETTERS) + 1)}


def handing(old: SigningKey, new: SigningKey, size: int, letters: str = LETTERS) -> bytes:
    return sign_handover(head_of(LOG, letters[:size]), old, new)


def facts(*told: tuple[Event, bytes | None]) -> list[Fact]:
    """Return facts at the positions 11, 12 …, each with the document it names."""
    at = datetime(2026, 1, 5, tzinfo=UTC)
    return [
        Fact(11 + n, at, "operator", None, event, "c", {} if raw is None else {sha256(raw).hexdigest(): raw})
        for n, (event, raw) in enumerate(told)
    ]


def announce(key: SigningKey, handover: bytes | None = None) -> tuple[Event, bytes | None]:
    named = None if handover is None else Document(sha256(handover).hexdigest())
    return KeyAnnounced(key=str(key.verifier), since=DAY, decided_by="厂党委", handover=named), handover


def retire(key: SigningKey, size: int) -> tuple[Event, None]:
    return KeyRetired(key=str(key.verifier), last_size=size, why="外泄", decided_by="厂党委"), None


def anchor(size: int, root: bytes) -> tuple[Event, None]:
    held = AnchorRecorded(
        origin=LOG, size=size, root=root.hex(), kind="auditor", held_by="审计处", since=DAY, copy=None
    )
    return held, None


def judge(
    *told: tuple[Event, bytes | None], pinned: tuple[SigningKey, ...] = (), own: tuple[SigningKey, ...] = ()
) -> Recorded:
    found = facts(*told)
    roots = {size: root for size, root in ROOTS.items() if size in sizes_of(found)}
    return judged(found, roots, [key.verifier for key in pinned], [key.verifier for key in own])


def kinds(recorded: Recorded) -> list[tuple[int | None, str]]:
    return [(each.position, each.kind) for each in recorded.findings]


def opens(recorded: Recorded, key: SigningKey, size: int) -> str:
    """Return what comes of a checkpoint that this key signs."""
    try:
        recorded.chain.opened(sign_checkpoint(head_of(LOG, LETTERS[:size]), key))
    except UnverifiedNote:
        return "unknown"
    except EndedKey as error:
        return f"ended at {error.upto}"
    return "opened"


ANNOUNCED = announce(FIRST)
HANDED = announce(SECOND, handing(FIRST, SECOND, 5))


def test_a_pinned_key_opens_checkpoints_of_every_size_where_nothing_was_announced() -> None:
    found = judge(pinned=(FIRST,))
    assert (kinds(found), opens(found, FIRST, 16), opens(found, SECOND, 3)) == ([], "opened", "unknown")


def test_a_key_that_the_pinned_one_handed_over_to_opens_later_checkpoints() -> None:
    for pinned, own in (((FIRST,), ()), ((), (SECOND, FIRST))):
        found = judge(ANNOUNCED, HANDED, pinned=pinned, own=own)
        assert (kinds(found), opens(found, FIRST, 4), opens(found, SECOND, 6)) == ([], "opened", "opened")


def test_a_key_that_has_handed_over_counts_no_further_and_the_new_one_not_before() -> None:
    found = judge(ANNOUNCED, HANDED, pinned=(FIRST,))
    assert (opens(found, FIRST, 5), opens(found, SECOND, 5)) == ("opened", "opened")
    assert (opens(found, FIRST, 6), opens(found, SECOND, 4)) == ("ended at 5", "ended at 0")


def test_the_handover_itself_is_opened_by_either_key() -> None:
    found = judge(ANNOUNCED, HANDED, pinned=(FIRST,))
    assert found.chain.opened(handing(FIRST, SECOND, 5)).head.size == 5
    assert judge(ANNOUNCED, HANDED, pinned=(SECOND,)).chain.opened(handing(FIRST, SECOND, 5)).head.size == 5


def test_handovers_are_followed_one_after_the_other() -> None:
    found = judge(ANNOUNCED, HANDED, announce(THIRD, handing(SECOND, THIRD, 9)), pinned=(FIRST,))
    assert (kinds(found), opens(found, THIRD, 9), opens(found, SECOND, 10)) == ([], "opened", "ended at 9")


def test_a_key_that_nobody_announced_opens_nothing() -> None:
    assert opens(judge(ANNOUNCED, HANDED, pinned=(FIRST,)), THIEF, 9) == "unknown"


def test_a_key_hands_over_once() -> None:
    stolen = announce(THIEF, handing(FIRST, THIEF, 9))
    found = judge(ANNOUNCED, HANDED, stolen, pinned=(FIRST,))
    assert (kinds(found), opens(found, THIEF, 9), opens(found, SECOND, 9)) == (
        [(13, "handover-refused")],
        "unknown",
        "opened",
    )


@pytest.mark.parametrize("size", [3, 9])
def test_a_key_that_was_retired_hands_over_no_more_whatever_size_it_says(size: int) -> None:
    found = judge(ANNOUNCED, retire(FIRST, 5), announce(THIEF, handing(FIRST, THIEF, size)), pinned=(FIRST,))
    assert kinds(found) == [(13, "handover-refused")]
    assert opens(found, THIEF, 9) == "unknown"


def test_a_key_that_was_retired_counts_up_to_the_size_it_was_retired_at() -> None:
    found = judge(ANNOUNCED, retire(FIRST, 5), pinned=(FIRST,))
    assert (kinds(found), opens(found, FIRST, 5), opens(found, FIRST, 6)) == ([], "opened", "ended at 5")
    later = judge(ANNOUNCED, HANDED, retire(FIRST, 9), pinned=(FIRST,))
    assert opens(later, FIRST, 6) == "ended at 5"


def test_a_handover_of_another_history_is_a_violation() -> None:
    found = judge(ANNOUNCED, announce(SECOND, handing(FIRST, SECOND, 5, "vwxyz")), pinned=(FIRST,))
    assert (kinds(found), opens(found, SECOND, 6)) == ([(12, "handover-mismatch")], "unknown")


def test_a_key_without_a_handover_is_a_gap_until_somebody_pins_it() -> None:
    lost = announce(SECOND)
    for own in ((), (FIRST,), (SECOND,)):
        assert kinds(judge(ANNOUNCED, lost, own=own)) == [(12, "key-unhanded")]
    assert opens(judge(ANNOUNCED, lost, pinned=(FIRST,)), SECOND, 6) == "unknown"
    pinned = judge(ANNOUNCED, lost, pinned=(FIRST, SECOND))
    assert (kinds(pinned), opens(pinned, SECOND, 6)) == ([], "opened")


def test_a_handover_that_turns_up_later_closes_the_gap() -> None:
    assert kinds(judge(ANNOUNCED, announce(SECOND), HANDED, pinned=(FIRST,))) == []


def test_without_any_key_from_outside_the_facts_open_no_checkpoint() -> None:
    found = judge(ANNOUNCED, HANDED)
    assert (kinds(found), found.chain.spans) == ([], {})


@pytest.mark.parametrize("line", [-3, -2])
def test_a_handover_that_one_of_the_keys_did_not_sign_is_none(line: int) -> None:
    raw = handing(FIRST, SECOND, 5)
    half = raw.replace(raw.split(b"\n")[line] + b"\n", b"")
    with pytest.raises(UnverifiedNote):
        open_handover(half, FIRST.verifier)
    assert kinds(judge(ANNOUNCED, announce(SECOND, half), pinned=(FIRST,))) == [(12, "key-unhanded")]


def test_a_signature_beside_an_old_checkpoint_makes_no_handover() -> None:
    note = parse_note(sign_checkpoint(head_of(LOG, "abcde"), FIRST))
    joined = Note(note.text, (*note.signatures, THIEF.sign(note.text))).as_bytes()
    with pytest.raises(UnverifiedNote):
        open_handover(joined, FIRST.verifier)
    assert opens(judge(ANNOUNCED, announce(THIEF, joined), pinned=(FIRST,)), THIEF, 6) == "unknown"


def test_a_successor_keeps_the_name_of_the_log() -> None:
    with pytest.raises(MalformedNote):
        sign_handover(head_of(LOG, "abc"), FIRST, SigningKey("example.org/other", b"o" * SEED_BYTES))


def test_a_handover_names_one_successor() -> None:
    head = open_handover(handing(FIRST, SECOND, 5), FIRST.verifier).head
    assert successor_in(head) == SECOND.verifier
    assert successor_in(head_of(LOG, "a")) is None


@given(st.integers(0, 20), st.booleans())
def test_an_anchor_fits_if_and_only_if_the_ledger_still_has_its_root(size: int, altered: bool) -> None:  # noqa: FBT001
    root = ROOTS.get(size, b"\1" * 32)
    found = judge(anchor(size, bytes(32) if altered else root))
    fits = size in ROOTS and not altered
    assert kinds(found) == ([] if fits else [(11, "anchor-mismatch")])
