"""Keys are announced, hand over and are retired; anchors are recorded, whatever they say."""

from datetime import date
from hashlib import sha256

import pytest

from domain.anchoring import AnchorRecorded, AnnounceKey, KeyAnnounced, KeyRetired, RecordAnchor, RetireKey
from domain.decision import Conflict, NotPermitted, replace
from domain.ids import Document
from ledger import tree
from ledger.checkpoint import TreeHead
from ledger.handover import sign_handover
from ledger.note import SEED_BYTES, SigningKey
from tests.control_anchoring import FIRST_KEY, HANDOVER_DOCUMENT, LOG_NAME, NEXT_KEY
from tests.controls import DOCUMENT, DOCUMENTS, OPERATOR, REGISTRAR
from tests.domain.conftest import World

DAY = date(2025, 6, 1)
FIRST, NEXT = str(FIRST_KEY.verifier), str(NEXT_KEY.verifier)
THIRD_KEY = SigningKey(LOG_NAME, bytes([3]) * SEED_BYTES)
ANNOUNCE = AnnounceKey(key=FIRST, since=DAY, decided_by="厂党委")
HAND_OVER = AnnounceKey(key=NEXT, since=DAY, decided_by="厂党委", handover=HANDOVER_DOCUMENT)
RETIRE = RetireKey(key=FIRST, last_size=12, why="私钥外泄", decided_by="厂党委")
ANCHOR = RecordAnchor(origin=LOG_NAME, size=3, root="0f" * 32, kind="notice", held_by="一支部公示栏", since=DAY)


def announced(asked: AnnounceKey) -> KeyAnnounced:
    return KeyAnnounced(key=asked.key, since=asked.since, decided_by=asked.decided_by, handover=asked.handover)


RETIRED = KeyRetired(key=FIRST, last_size=12, why="私钥外泄", decided_by="厂党委")
ANCHORED = AnchorRecorded(
    origin=LOG_NAME, size=3, root="0f" * 32, kind="notice", held_by="一支部公示栏", since=DAY, copy=None
)


def handing_over(old: SigningKey, new: SigningKey) -> Document:
    """Return a handover as a document that decisions can read in these tests."""
    note = sign_handover(TreeHead(old.name, 0, tree.EMPTY_ROOT), old, new)
    name = Document(sha256(note).hexdigest())
    DOCUMENTS[name] = note
    return name


def test_a_key_is_announced_once(branch: World) -> None:
    branch.when(ANNOUNCE, actor=OPERATOR).then(announced(ANNOUNCE))
    world = branch.after(announced(ANNOUNCE))
    world.when(ANNOUNCE, actor=OPERATOR).then_nothing()
    world.when(replace(ANNOUNCE, decided_by="别的人"), actor=OPERATOR).refused("already-announced", Conflict)


@pytest.mark.parametrize("asked", [ANNOUNCE, RETIRE, ANCHOR])
def test_nobody_but_the_operator_speaks_of_keys_and_anchors(
    branch: World, asked: AnnounceKey | RetireKey | RecordAnchor
) -> None:
    branch.when(asked, actor=REGISTRAR).refused("wrong-office", NotPermitted)


@pytest.mark.parametrize(
    "key", ["", "a key", FIRST[:-1], FIRST.replace("+", " "), f"PRIVATE+KEY+{FIRST}", f"{FIRST}\n"]
)
def test_what_is_no_public_key_is_not_announced_or_retired(branch: World, key: str) -> None:
    branch.when(replace(ANNOUNCE, key=key), actor=OPERATOR).refused("malformed-key")
    branch.when(replace(RETIRE, key=key), actor=OPERATOR).refused("malformed-key")


def test_a_key_is_not_announced_from_a_day_to_come(branch: World) -> None:
    branch.when(replace(ANNOUNCE, since=date(2030, 1, 1)), actor=OPERATOR).refused("in-the-future")


def test_a_key_that_another_hands_over_to_is_announced_with_the_handover(branch: World) -> None:
    branch.after(announced(ANNOUNCE)).when(HAND_OVER, actor=OPERATOR).then(announced(HAND_OVER))


def test_a_key_may_be_announced_without_a_handover_and_with_it_later(branch: World) -> None:
    lost = replace(HAND_OVER, handover=None)
    world = branch.after(announced(ANNOUNCE))
    world.when(lost, actor=OPERATOR).then(announced(lost))
    world.after(announced(lost)).when(HAND_OVER, actor=OPERATOR).then(announced(HAND_OVER))
    world.after(announced(HAND_OVER)).when(lost, actor=OPERATOR).refused("already-announced", Conflict)


def test_a_wrong_file_is_no_handover(branch: World) -> None:
    world = branch.after(announced(ANNOUNCE))
    third = str(THIRD_KEY.verifier)
    world.when(replace(HAND_OVER, key=third), actor=OPERATOR).refused("no-handover")
    world.when(replace(HAND_OVER, handover=DOCUMENT), actor=OPERATOR).refused("no-handover")


def test_a_handover_is_signed_by_both_keys(branch: World) -> None:
    note = DOCUMENTS[HANDOVER_DOCUMENT]
    for line in (note.split(b"\n")[-3], note.split(b"\n")[-2]):
        half = note.replace(line + b"\n", b"")
        name = Document(sha256(half).hexdigest())
        DOCUMENTS[name] = half
        branch.when(replace(HAND_OVER, handover=name), actor=OPERATOR).refused("no-handover")


def test_a_key_that_has_handed_over_hands_over_no_more(branch: World) -> None:
    stolen = AnnounceKey(
        key=str(THIRD_KEY.verifier), since=DAY, decided_by="厂党委", handover=handing_over(FIRST_KEY, THIRD_KEY)
    )
    branch.after(announced(ANNOUNCE)).when(stolen, actor=OPERATOR).then(announced(stolen))
    branch.after(announced(ANNOUNCE), announced(HAND_OVER)).when(stolen, actor=OPERATOR).refused("key-ended")
    branch.after(announced(ANNOUNCE), RETIRED).when(stolen, actor=OPERATOR).refused("key-ended")


def test_a_key_that_has_ended_is_not_announced_again(branch: World) -> None:
    branch.after(RETIRED).when(ANNOUNCE, actor=OPERATOR).refused("key-ended")
    branch.after(announced(HAND_OVER)).when(ANNOUNCE, actor=OPERATOR).refused("key-ended")


def test_a_new_key_keeps_the_name_of_the_log(branch: World) -> None:
    other = str(SigningKey("example.org/another", bytes([4]) * SEED_BYTES).verifier)
    world = branch.after(announced(ANNOUNCE))
    world.when(replace(ANNOUNCE, key=other), actor=OPERATOR).refused("another-origin")


def test_a_key_is_retired_once(branch: World) -> None:
    branch.when(RETIRE, actor=OPERATOR).then(RETIRED)
    world = branch.after(RETIRED)
    world.when(RETIRE, actor=OPERATOR).then_nothing()
    refusal = world.when(replace(RETIRE, last_size=99), actor=OPERATOR).refused("already-retired", Conflict)
    assert "12" in refusal.why.zh


def test_an_anchor_is_recorded_once_and_another_root_as_well(branch: World) -> None:
    branch.when(ANCHOR, actor=OPERATOR).then(ANCHORED)
    world = branch.after(ANCHORED)
    world.when(ANCHOR, actor=OPERATOR).then_nothing()
    world.when(replace(ANCHOR, root="ff" * 32), actor=OPERATOR).then(replace(ANCHORED, root="ff" * 32))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"size": -1}, "no-size"),
        ({"root": "0F" * 32}, "malformed-root"),
        ({"root": "0f" * 31}, "malformed-root"),
        ({"origin": " "}, "holder-missing"),
        ({"held_by": ""}, "holder-missing"),
        ({"since": date(2030, 1, 1)}, "in-the-future"),
    ],
)
def test_an_anchor_says_what_is_held_and_by_whom(branch: World, changed: dict[str, object], code: str) -> None:
    branch.when(replace(ANCHOR, **changed), actor=OPERATOR).refused(code)


def test_a_key_is_retired_at_a_size(branch: World) -> None:
    branch.when(replace(RETIRE, last_size=-1), actor=OPERATOR).refused("no-size")
