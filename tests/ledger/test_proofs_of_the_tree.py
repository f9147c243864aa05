"""Proofs against the recursive definition, published test data, a foreign library, and every mutation."""

import random
from hashlib import sha256

import pymerkle  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import tree
from tests.experiments import Notebook
from tests.ledger import second_verifier
from tests.ledger.proving import ENTRIES, SEED, damaged, leaves_of, recursive_proof, recursive_root, soak, subtrees_of

# The proofs of Certificate Transparency's reference implementation over its eight entries.
INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (0, 1): (),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): INCLUSION[0, 8],
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
PROMISE, ON = "a proof proves what it says", "trees in memory"
SIZES = st.integers(1, 80)


def leaves(size: int) -> list[bytes]:
    return [sha256(str(number).encode()).digest() for number in range(size)]


# published


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_those_of_the_reference_implementation(index: int, size: int) -> None:
    known = leaves_of(ENTRIES)
    proof = tree.prove_record(index, size, subtrees_of(known))
    assert tuple(each.hex() for each in proof) == INCLUSION[index, size]
    assert tree.check_record(index, size, known[index], proof, recursive_root(known[:size]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs_are_those_of_the_reference_implementation(old: int, new: int) -> None:
    known = leaves_of(ENTRIES)
    proof = tree.prove_tree(old, new, subtrees_of(known))
    assert tuple(each.hex() for each in proof) == CONSISTENCY[old, new]
    assert tree.check_tree(old, recursive_root(known[:old]), new, recursive_root(known[:new]), proof)


# the definition


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 100])
def test_every_record_is_proved_as_the_recursive_definition_does(size: int) -> None:
    known = leaves(size)
    for index in range(size):
        proof = tree.prove_record(index, size, subtrees_of(known))
        assert list(proof) == recursive_proof(index, known)
        assert tree.check_record(index, size, known[index], proof, recursive_root(known))
        assert second_verifier.includes(index, size, known[index], proof, recursive_root(known))


@pytest.mark.parametrize("new", [*range(34), 63, 64, 65, 100])
def test_every_tree_is_shown_to_extend_every_earlier_one(new: int) -> None:
    known = leaves(new)
    root = recursive_root(known)
    for old in range(new + 1):
        proof = tree.prove_tree(old, new, subtrees_of(known))
        before = recursive_root(known[:old])
        assert tree.check_tree(old, before, new, root, proof)
        assert second_verifier.extends(old, before, new, root, proof)


@given(SIZES, st.data())
def test_a_proofs_ranges_cover_every_leaf_once(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    covered = [n for start, end in tree.record_ranges(index, size) for n in range(start, end)]
    assert sorted([*covered, index]) == list(range(size))
    old = data.draw(st.integers(1, size))
    covered = [n for start, end in tree.tree_ranges(old, size) for n in range(start, end)]
    assert sorted(covered) in ([], list(range(size)), list(range(old, size)))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 40])
def test_roots_and_proofs_are_those_of_pymerkle(size: int) -> None:
    foreign = pymerkle.InmemoryTree(algorithm="sha256")
    entries = [str(number).encode() for number in range(size)]
    foreign.append_entries(entries)
    known = leaves_of(entries)
    assert tree.root(tree.frontier_of(known)) == foreign.get_root()
    for index in range(size):
        path = foreign.prove_inclusion(index + 1).path
        assert list(tree.prove_record(index, size, subtrees_of(known))) == path[1:]
        # Pymerkle's consistency proofs have a form of their own; what they prove is the same.
        before = foreign.get_root(index + 1)
        pymerkle.verify_consistency(before, foreign.get_root(), foreign.prove_consistency(index + 1))
        proof = tree.prove_tree(index + 1, size, subtrees_of(known))
        assert tree.check_tree(index + 1, before, size, foreign.get_root(), proof)


# what cannot be


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (5, 2)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such"):
        tree.prove_record(index, size, subtrees_of(leaves(3)))
    assert not tree.check_record(index, size, leaves(1)[0], (), leaves(1)[0])


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_a_tree_extends_no_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no such"):
        tree.prove_tree(old, new, subtrees_of(leaves(3)))
    assert not tree.check_tree(old, leaves(1)[0], new, leaves(1)[0], ())


def test_bytes_cannot_move_from_one_child_to_the_other() -> None:
    known = leaves(2)
    root = recursive_root(known)
    longer, shorter = known[0] + known[1][:1], known[1][1:]
    assert tree.node_hash(longer, shorter) == root
    assert not tree.check_record(0, 2, longer, (shorter,), root)
    assert not tree.check_tree(1, longer, 2, root, (shorter,))


def test_a_rewritten_past_has_no_consistency_proof() -> None:
    known = leaves(20)
    for old in range(1, 20):
        rewritten = [bytes(32), *known[1:]]
        proof = tree.prove_tree(old, 20, subtrees_of(rewritten))
        assert not tree.check_tree(old, recursive_root(known[:old]), 20, recursive_root(rewritten), proof)


def test_the_size_is_bound_by_the_checkpoint_not_by_the_proof() -> None:
    """Trees of 3 and of 4 leaves have leaf 0 under a path of the same form; that is so in the RFC."""
    known = leaves(3)
    proof = tree.prove_record(0, 3, subtrees_of(known))
    for size in (3, 4):
        assert tree.check_record(0, size, known[0], proof, recursive_root(known))
        assert second_verifier.includes(0, size, known[0], proof, recursive_root(known))
    assert not tree.check_record(0, 5, known[0], proof, recursive_root(known))


@given(SIZES, st.integers(-1, 200), st.data())
def test_both_verifiers_agree_on_a_size_that_was_changed(size: int, other: int, data: st.DataObject) -> None:
    known, number = leaves(size), data.draw(st.integers(0, size - 1))
    proof, root = tree.prove_record(number, size, subtrees_of(known)), recursive_root(known)
    taken = tree.check_record(number, other, known[number], proof, root)
    assert taken == second_verifier.includes(number, other, known[number], proof, root)
    extension, before = tree.prove_tree(number + 1, size, subtrees_of(known)), recursive_root(known[: number + 1])
    taken = tree.check_tree(number + 1, before, other, root, extension)
    assert taken == second_verifier.extends(number + 1, before, other, root, extension)


@given(SIZES, st.randoms(use_true_random=False))
def test_no_mutation_of_an_inclusion_proof_is_taken(size: int, dice: random.Random) -> None:
    known, index = leaves(size), dice.randrange(size)
    proof = tree.prove_record(index, size, subtrees_of(known))
    claim = damaged(dice, (index, size), (known[index], recursive_root(known)), proof)
    (at, among), (leaf, root), path = claim
    assert not tree.check_record(at, among, leaf, path, root)
    assert not second_verifier.includes(at, among, leaf, path, root)


@given(SIZES, st.randoms(use_true_random=False))
def test_no_mutation_of_a_consistency_proof_is_taken(new: int, dice: random.Random) -> None:
    known, old = leaves(new), dice.randint(1, new)
    proof = tree.prove_tree(old, new, subtrees_of(known))
    claim = damaged(dice, (old, new), (recursive_root(known[:old]), recursive_root(known)), proof)
    (first, second), (before, after), path = claim
    assert not tree.check_tree(first, before, second, after, path)
    assert not second_verifier.extends(first, before, second, after, path)


# the experiment


def verdicts(dice: random.Random, known: list[bytes]) -> tuple[bool, bool]:
    """Return what both verifiers say of one damaged proof."""
    size = dice.randint(1, len(known))
    part = known[:size]
    index, old = dice.randrange(size), dice.randint(1, size)
    if dice.random() < 0.5:
        proof = tree.prove_record(index, size, subtrees_of(part))
        (at, among), (leaf, root), path = damaged(dice, (index, size), (part[index], recursive_root(part)), proof)
        claim = at, among, leaf, path, root
        return tree.check_record(*claim), second_verifier.includes(*claim)
    roots = recursive_root(part[:old]), recursive_root(part)
    proof = tree.prove_tree(old, size, subtrees_of(part))
    (first, second), (before, after), path = damaged(dice, (old, size), roots, proof)
    statement = first, before, second, after, path
    return tree.check_tree(*statement), second_verifier.extends(*statement)


@pytest.mark.slow
def test_two_verifiers_refuse_thousands_of_damaged_proofs(notebook: Notebook) -> None:
    dice, runs, known = random.Random(SEED), soak(7_000), leaves(64)  # noqa: S311 - the same in every run
    answers = [verdicts(dice, known) for _ in range(runs)]
    accepted = sum(ours or theirs for ours, theirs in answers)
    disagreed = sum(ours != theirs for ours, theirs in answers)
    figures = {"accepted": accepted, "verifiers that disagreed": disagreed}
    notebook.saw(PROMISE, "damaged inclusion and consistency proofs", on=ON, runs=runs, figures=figures, seed=SEED)
    assert (accepted, disagreed) == (0, 0)


def careless(index: int, size: int, leaf: bytes, proof: tuple[bytes, ...], root: bytes) -> bool:
    """Check a path as many do: by the bits of the index, without asking how long path and hashes have to be."""
    for each in proof:
        leaf = tree.node_hash(each, leaf) if index & 1 else tree.node_hash(leaf, each)
        index >>= 1
    return leaf == root and size > 0


@pytest.mark.slow
def test_a_verifier_that_does_not_ask_for_lengths_would_be_caught(notebook: Notebook) -> None:
    dice, runs, known = random.Random(SEED), 2_000, leaves(64)  # noqa: S311 - the same in every run
    root, accepted = recursive_root(known), 0
    for _ in range(runs):
        proof = tree.prove_record(5, 64, subtrees_of(known))
        (at, among), (leaf, top), path = damaged(dice, (5, 64), (known[5], root), proof)
        accepted += careless(at, among, leaf, path, top)
    experiment = "damaged inclusion proofs, neither numbers nor lengths asked for"
    notebook.saw(PROMISE, experiment, on=ON, runs=runs, figures={"accepted": accepted}, control=True, seed=SEED)
    assert accepted > 0
