"""200 seeds of one to three years each: the whole application in one process, and whatever may happen to it.

`STARLEDGER_SEED` says where the seeds begin; `-k one_seed` lives through that one alone, judged after every step.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.experiments import Notebook
from tests.simulator.founding import has_months
from tests.simulator.sabotage import SABOTAGES, Sabotage
from tests.simulator.simulation import Failed, Outcome, live

SEED = int(os.environ.get("STARLEDGER_SEED", "1000"))
SOAK = int(os.environ.get("STARLEDGER_SOAK", "1"))
PROMISE, WAY = (
    "nothing acknowledged is lost, doubled, misjudged or told",
    "simulated years of a branch, faults drawn by lot",
)
SEEDS = tuple(range(SEED, SEED + 200))
OF_CONTROL = 3 if SOAK == 1 else len(SEEDS)
"""How many seeds a control lives through at least; it goes on until it is caught."""
FAULTS = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where seeds live, one after the other: in memory where there is such a place."""
    return tmp_path / "seed"


def chosen(*, months: bool) -> list[int]:
    """Return the seeds whose branch is evaluated by months, or the others."""
    return [seed for seed in SEEDS if has_months(seed) == months]


def shrunk(failed: Failed, folder: Path, soak: int) -> Failed:
    """Return the same failure as early as it can be seen: judged after every step."""
    try:
        live(failed.seed, folder, soak=soak, every=1)
    except Failed as earlier:
        return earlier
    return failed


def live_through(seeds: Sequence[int], folder: Path) -> Outcome:
    total = Outcome()
    for seed in seeds:
        try:
            total.add(live(seed, folder, soak=SOAK))
        except Failed as failed:
            raise shrunk(failed, folder, SOAK) from failed
    return total


@pytest.mark.slow
@pytest.mark.parametrize("months", [False, True], ids=["years", "years of months"])
def test_whatever_happens_model_tree_sums_secrecy_and_views_are_as_they_must_be(
    folder: Path, notebook: Notebook, *, months: bool
) -> None:
    seeds = chosen(months=months)
    total = live_through(seeds, folder)
    way = f"{WAY}: {'the scheme of months' if months else 'the annual scheme'}"
    notebook.saw(PROMISE, way, on="sqlite", runs=len(seeds), figures=total.figures, seed=SEED)
    assert total.commands["acknowledged"] > 20 * len(seeds)
    assert total.checks["stars"] > len(seeds), "hardly a star was confirmed: the years do not come to their end"
    assert len(total.faults) > FAULTS, "hardly any kind of fault was drawn"


@pytest.mark.slow
@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.name)
def test_with_one_safety_removed_it_is_caught(sabotage: Sabotage, folder: Path, notebook: Notebook) -> None:
    seeds = chosen(months=sabotage.months)
    caught: list[Failed] = []
    lived = 0
    for lived, seed in enumerate(seeds, 1):
        caught += failures(seed, sabotage, folder)
        if caught and lived >= OF_CONTROL:
            break
    figures = {"caught": len(caught)}
    notebook.saw(PROMISE, f"{WAY}; {sabotage.name}", on="sqlite", runs=lived, control=True, figures=figures, seed=SEED)
    assert caught


def failures(seed: int, sabotage: Sabotage, folder: Path) -> list[Failed]:
    with sabotage.committed() as parts:
        try:
            live(seed, folder, parts)
        except Failed as failed:
            return [failed]
    return []


@pytest.mark.slow
def test_one_seed_judged_after_every_step(folder: Path) -> None:
    live(SEED, folder, soak=SOAK, every=1)


@pytest.mark.slow
def test_one_seed_fixes_everything(folder: Path) -> None:
    once, again = (live(SEED + 1, folder / name) for name in ("once", "again"))
    assert (once.root, once.figures) == (again.root, again.figures)


@pytest.mark.slow
def test_a_failure_says_how_to_see_it_again(folder: Path) -> None:
    (sabotage,) = [each for each in SABOTAGES if "tree" in each.name]
    (failed,) = failures(SEED + 1, sabotage, folder)
    assert f"STARLEDGER_SEED={SEED + 1} python3 run.py test tests/simulator -k one_seed" in str(failed)
    assert f"step {failed.steps};" in str(failed)
