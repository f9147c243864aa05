"""Proofs over HTTP: whoever holds a checkpoint can check inclusion, growth, tiles and receipts, without an account."""

import pytest

from ledger import tree
from ledger.checkpoint import open_checkpoint
from ledger.note import VerifierKey
from ledger.proofs import hashed_leaves, roots_at
from ledger.receipt import Receipt
from ledger.tiles import Tile, tile_at, tiles_of
from tests.api.queries.conftest import Ask
from tests.controls import BRANCH, CHAIR, SUN
from tests.projections.year_ledger import Year


def test_a_checkpoint_leads_from_a_fact_to_the_signed_root(ask: Ask, story: Year) -> None:
    key = VerifierKey.parse(ask("/log/key").text.strip())
    head = open_checkpoint(ask("/log/checkpoint").content, [key]).head
    assert (head.size, head.root) == (story.ledger.head().size, story.ledger.head().root)
    for position in (1, 77, head.size):
        proof = ask(f"/log/proofs/inclusion?position={position}&size={head.size}").json()["answer"]
        path = [bytes.fromhex(each) for each in proof["path"]]
        assert tree.check_record(position - 1, head.size, bytes.fromhex(proof["leaf"]), path, head.root)


@pytest.mark.parametrize("old", [0, 1, 64, 100])
def test_a_later_state_is_proved_to_extend_an_earlier_one(ask: Ask, story: Year, old: int) -> None:
    new = story.ledger.head().size
    proof = ask(f"/log/proofs/consistency?old={old}&new={new}").json()["answer"]
    roots = roots_at(story.ledger, (old, new))
    assert tree.check_tree(old, roots[old], new, roots[new], [bytes.fromhex(each) for each in proof["path"]])


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ("inclusion?position=9&size=8", 422, "malformed-range"),
        ("inclusion?position=9&size=99999", 404, "position-not-reached"),
        ("consistency?old=9&new=8", 422, "malformed-range"),
        ("inclusion?position=0&size=8", 422, "malformed-request"),
    ],
)
def test_what_cannot_be_proved_is_a_problem(ask: Ask, question: str, status: int, code: str) -> None:
    answer = ask(f"/log/proofs/{question}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_tiles_are_those_that_the_terminal_writes(ask: Ask, story: Year) -> None:
    tiles = list(tiles_of(hashed_leaves(story.ledger, story.ledger.head().size)))
    assert tiles
    for tile in tiles:
        assert ask(f"/log/{tile.path}").content == tile.as_bytes()


@pytest.mark.parametrize("path", ["0/x000/000", "0/000.p/0", "0/000.p/256", "9/000", "0/900", "0/../1", "entries/000"])
def test_what_is_no_tile_is_not_found(ask: Ask, path: str) -> None:
    assert ask(f"/log/tile/{path}").status_code == 404


def test_a_tile_is_found_by_its_path_at_every_level() -> None:
    def leaves(first: int, last: int) -> list[bytes]:
        return [tree.leaf_hash(str(number).encode()) for number in range(first, last)]

    size = 256 * 256 + 256 * 3 + 5
    made = {tile.path.removeprefix("tile/"): tile for tile in tiles_of(leaves(0, size))}
    asked = {path: tile_at(path, size, leaves) for path in ("0/259.p/5", "0/000", "1/001.p/3", "1/000", "2/000.p/1")}
    assert asked == {path: made[path] for path in asked}
    assert isinstance(asked["1/000"], Tile)
    assert tile_at("0/260.p/1", size, leaves) is None


def test_a_receipt_is_checked_without_the_ledger(ask: Ask) -> None:
    key = VerifierKey.parse(ask("/log/key").text.strip())
    shown = ask("/facts/100", CHAIR).json()["answer"]["fact"]
    receipt = Receipt.parse(ask("/facts/100/receipt", CHAIR).content)
    assert receipt.index == 99
    assert receipt.extra.decode() == shown["entry"]
    assert receipt.verified(receipt.extra, [key]).head.size >= 100


def test_one_fact_comes_with_its_sentence_its_hash_and_its_proof(ask: Ask, story: Year) -> None:
    shown = ask("/facts/120", CHAIR).json()["answer"]
    entry, proof = shown["fact"]["entry"], shown["inclusion"]
    assert tree.leaf_hash(entry.encode()).hex() == shown["fact"]["leaf"] == proof["leaf"]
    path = [bytes.fromhex(each) for each in proof["path"]]
    assert tree.check_record(119, proof["size"], bytes.fromhex(proof["leaf"]), path, story.ledger.head().root)
    assert shown["note"]["position"] == 120


def test_of_a_fact_that_is_withheld_there_is_a_hash_a_clause_and_no_receipt(ask: Ask) -> None:
    feed = ask("/facts?limit=1000", SUN).json()["answer"]
    hidden = [each for each in feed if each["entry"] is None]
    assert hidden
    assert len(hidden) < len(feed)
    assert {each["type"] for each in hidden} == {"withheld"}
    assert all(each["withheld"]["clause"] and len(each["leaf"]) == 64 for each in hidden)
    answer = ask(f"/facts/{hidden[0]['position']}/receipt", SUN)
    assert (answer.status_code, answer.json()["code"]) == (403, "withheld")


def test_a_code_on_paper_is_checked_by_anybody(ask: Ask) -> None:
    board = ask(f"/public/boards/{BRANCH}").json()
    codes = [each["code"] for each in board["answer"]["notices"]]
    assert board["audience"] == "masses"
    notices = [ask(f"/public/notices/{code.lower()}").json()["answer"] for code in codes]
    assert [each["code"] for each in notices] == codes
    answer = ask("/public/notices/nonsense")
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed-code")
