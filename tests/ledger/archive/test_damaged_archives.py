"""Two verifiers, one verdict: archives damaged in every part, by accident and by those who know how they are made."""

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from ledger.archive import verify as alone
from ledger.archive.checking import check_archive
from ledger.archive.zipped import NoArchive
from tests.experiments import Notebook
from tests.ledger.archive import damages
from tests.ledger.archive.conftest import KEY, Kept, opened
from tests.ledger.archive.damages import Damage, Parts, damaged, done

PROMISE = "an archive can be checked without us"
WAY = "archives damaged in every part; the stand-alone verifier and the application say the same"
SEED = int(os.environ.get("STARLEDGER_SEED", "20261120"))
SOAK = float(os.environ.get("STARLEDGER_SOAK", "0"))
RUNS = {"annual": 80, "monthly": 16}
SOAKED = 5_000


def verdict_alone(archive: bytes) -> int:
    """Return the exit code of the verifier that has nothing of ours."""
    try:
        return alone.verify(opened(archive)).code
    except alone.NoArchive:
        return alone.UNREADABLE


def verdict_of_ours(archive: bytes) -> int:
    """Return the exit code of the application's own verifier."""
    try:
        verdict = check_archive(opened(archive)).verdict
    except NoArchive:
        return alone.UNREADABLE
    if verdict.incomplete and verdict.ok:
        return alone.INCOMPLETE
    return alone.OK if verdict.ok else alone.VIOLATED


@pytest.fixture(scope="module")
def wholes(annual: Kept, monthly: Kept) -> dict[str, Parts]:
    """Return sound archives of both ledgers, taken apart."""
    return {name: Parts.of(kept.archive(), KEY) for name, kept in (("annual", annual), ("monthly", monthly))}


@pytest.mark.parametrize("name", RUNS)
def test_a_sound_archive_is_sound_to_both(name: str, wholes: dict[str, Parts]) -> None:
    archive = wholes[name].zipped()
    assert (verdict_alone(archive), verdict_of_ours(archive)) == (alone.OK, alone.OK)


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_both_say_the_same_of_a_damaged_archive(name: str, wholes: dict[str, Parts], notebook: Notebook) -> None:
    runs = int(SOAKED * SOAK) or RUNS[name]
    said: Counter[int] = Counter()
    for number in range(runs):
        what, archive = damaged(wholes[name], random.Random(f"{SEED} {name} {number}"))  # noqa: S311 - replayed
        verdicts = (verdict_alone(archive), verdict_of_ours(archive))
        assert verdicts[0] == verdicts[1], f"seed {SEED}, {name} {number}: {what}"
        said[verdicts[0]] += 1
    figures = {
        "violated": said[alone.VIOLATED],
        "incomplete": said[alone.INCOMPLETE],
        "sound": said[alone.OK],
        "no_archive": said[alone.UNREADABLE],
        "disagreed": 0,
    }
    notebook.saw(PROMISE, f"{WAY} ({name})", on="sqlite", runs=runs, figures=figures, seed=SEED)


SEEN: list[tuple[str, Damage, str, int]] = [
    ("plain", damages.flip_entry, "annual", alone.VIOLATED),
    ("plain", damages.drop_part, "annual", alone.VIOLATED),
    ("plain", damages.double_part, "annual", alone.VIOLATED),
    ("plain", damages.foreign_part, "annual", alone.VIOLATED),
    ("listed", damages.drop_entry, "annual", alone.VIOLATED),
    ("listed", damages.swap_entries, "annual", alone.VIOLATED),
    ("listed", damages.double_entry, "annual", alone.VIOLATED),
    ("listed", damages.cut_tail, "annual", alone.VIOLATED),
    ("listed", damages.forge_key, "annual", alone.VIOLATED),
    ("listed", damages.forge_signature, "annual", alone.VIOLATED),
    ("listed", damages.forge_root, "annual", alone.VIOLATED),
    ("listed", damages.forge_size, "annual", alone.VIOLATED),
    ("listed", damages.change_rulebook, "monthly", alone.VIOLATED),
    ("listed", damages.change_document, "annual", alone.VIOLATED),
    ("listed", damages.drop_document, "annual", alone.VIOLATED),
    ("listed", damages.add_document, "annual", alone.VIOLATED),
    ("listed", damages.change_words, "annual", alone.VIOLATED),
    ("listed", damages.change_salt, "annual", alone.VIOLATED),
    ("listed", damages.double_words, "annual", alone.VIOLATED),
    ("listed", damages.change_notice, "annual", alone.VIOLATED),
    ("listed", damages.hide_words, "annual", alone.INCOMPLETE),
    ("listed", damages.drop_words, "annual", alone.INCOMPLETE),
    ("listed", damages.drop_all_words, "annual", alone.INCOMPLETE),
    ("signed", damages.double_entry, "annual", alone.VIOLATED),
    ("signed", damages.forge_fact, "annual", alone.VIOLATED),
    ("signed", damages.forge_fact, "monthly", alone.VIOLATED),
    ("signed", damages.leave_out_result, "annual", alone.VIOLATED),
    ("signed", damages.leave_out_result, "monthly", alone.VIOLATED),
]


@pytest.mark.parametrize(
    ("way", "damage", "name", "code"), SEEN, ids=[f"{way}-{damage.__name__}-{name}" for way, damage, name, _ in SEEN]
)
def test_a_damage_is_seen_by_both(way: str, damage: Damage, name: str, code: int, wholes: dict[str, Parts]) -> None:
    dice = random.Random(f"{SEED} {damage.__name__}")  # noqa: S311 - replayed
    archive = done(wholes[name].copy(), damage, dice, way)
    assert (verdict_alone(archive), verdict_of_ours(archive)) == (code, code)


def nothing(*_: object, **__: object) -> None:
    """Check nothing."""


def no_findings(*kinds: str) -> Callable[..., None]:
    """Return how a report takes findings, those of some kinds left out."""

    def add(self: Any, kind: str, *more: Any) -> None:  # noqa: ANN401 - a report
        if kind not in kinds:
            ADD(self, kind, *more)

    return add


ADD = alone.Report.add
REMOVED: list[tuple[str, Any, str, Any, str, Damage, str]] = [
    ("signatures", alone, "signed_by", lambda *_: True, "listed", damages.forge_signature, "annual"),
    ("lists", alone, "check_lists", nothing, "plain", damages.flip_any, "annual"),
    ("results", alone.Results, "take", nothing, "signed", damages.forge_fact, "annual"),
    ("left-out", alone.Results, "_recorded", nothing, "signed", damages.leave_out_last_result, "monthly"),
    ("words", alone.Archive, "_words", nothing, "listed", damages.change_words, "annual"),
    (
        "positions",
        alone.Report,
        "add",
        no_findings("position-mismatch", "time-back"),
        "signed",
        damages.swap_entries,
        "annual",
    ),
    ("checkpoint", alone.Report, "add", no_findings("checkpoint-mismatch"), "listed", damages.forge_root, "annual"),
    ("beyond", alone.Report, "add", no_findings("checkpoint-beyond"), "listed", damages.forge_size, "annual"),
    ("named", alone.Report, "add", no_findings("attachment-altered"), "listed", damages.change_document, "annual"),
    ("missing", alone.Report, "add", no_findings("attachment-missing"), "listed", damages.drop_document, "annual"),
    ("surplus", alone.Report, "add", no_findings("attachment-surplus"), "listed", damages.add_document, "annual"),
    ("gaps", alone.Report, "add", no_findings("evidence-incomplete"), "listed", damages.drop_words, "annual"),
    ("doubled", alone.Report, "add", no_findings("part-doubled"), "plain", damages.double_part, "annual"),
    ("foreign", alone.Report, "add", no_findings("part-surplus"), "plain", damages.foreign_part, "annual"),
    ("notices", alone.Report, "add", no_findings("notice-differs"), "listed", damages.change_notice, "annual"),
]


@pytest.mark.parametrize("removed", REMOVED, ids=[each[0] for each in REMOVED])
def test_control_a_verifier_without_a_check_is_caught(
    removed: tuple[str, Any, str, Any, str, Damage, str], wholes: dict[str, Parts], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, owner, name, instead, way, damage, of = removed
    monkeypatch.setattr(owner, name, instead)
    caught = 0
    for number in range(8):
        dice = random.Random(f"{SEED} {damage.__name__} {number}")  # noqa: S311 - replayed
        archive = done(wholes[of].copy(), damage, dice, way)
        caught += verdict_alone(archive) != verdict_of_ours(archive)
        if caught:
            break
    assert caught
