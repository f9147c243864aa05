"""The rows about archives: the verifier that needs nothing of ours, beside reading and hashing the same lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measuring import Sample
from bench.reads import Damaged, per_second
from bench.workshop import REPLAY_PERSONS, Workshop
from ledger.archive import verify as alone
from ledger.archive.export import Wanted, export


def tree_alone(workshop: Workshop) -> Sample:
    """Run `verify.py --tree-only` on an archive: every line read and hashed, lists of hashes and root compared."""
    return _verified(workshop, tree_only=True)


def all_alone(workshop: Workshop) -> Sample:
    """Run `verify.py` on an archive: every line read as strict JSON too, and what stands beside it compared."""
    return _verified(workshop, tree_only=False)


def _verified(workshop: Workshop, *, tree_only: bool) -> Sample:
    path = workshop.kept(f"archive {workshop.size.facts}", lambda: _archive(workshop))
    reports: list[alone.Report] = []
    sample = per_second(workshop.size.facts, lambda: reports.append(alone.verify(str(path), tree_only=tree_only)))
    if reports[0].code != alone.OK or reports[0].facts["size"] != workshop.size.facts:
        message = "the archive of the benchmark is not sound"
        raise Damaged(message)
    return sample


@contextmanager
def _archive(workshop: Workshop) -> Iterator[Path]:
    path = workshop.file().with_suffix(".zip")
    export(workshop.ledger(workshop.size.facts, REPLAY_PERSONS), path, Wanted())
    yield path
