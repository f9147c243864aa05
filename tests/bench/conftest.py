"""A workshop of tiny sizes on a temporary directory, and a quick run that several tests look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.measuring import QUICK
from bench.outcome import Outcome
from bench.run import Asked, measure
from bench.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """Give a workshop without PostgreSQL."""
    made = Workshop(tmp_path, QUICK, "none is wanted here")
    with made.stack:
        yield made


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Return a quick run of three rows: one that writes, one that reads, one that measures bytes."""
    asked = Asked(only=("append-1-sqlite", "replay", "disk"), rotations=3, seed=7, quick=True)
    return measure(asked, tmp_path_factory.mktemp("bench"))
