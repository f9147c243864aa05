"""Two small ledgers, one of each seed, and archives of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from domain.archiving import ExportSealed
from ledger.archive.export import Wanted, export
from ledger.checkpoint import TreeHead, sign_checkpoint
from ledger.ledger import Ledger
from ledger.note import SigningKey
from tests.controls import CHAIR
from tests.projections.month_ledger import told_months
from tests.projections.year_ledger import copied, open_year, told_in

KEY = SigningKey("example.org/committee", b"k" * 32)


@dataclass(frozen=True)
class Kept:
    """A ledger with all that its signer knows, and the folder in which archives of it are written."""

    ledger: Ledger
    folder: Path

    def checkpoint(self) -> bytes:
        """Return a checkpoint over all facts."""
        head = self.ledger.head()
        return sign_checkpoint(TreeHead(KEY.name, head.size, head.root), KEY)

    def archive(self, wanted: Wanted | None = None, name: str = "archive.zip") -> bytes:
        """Return an archive, by itself with sealed words, the newest checkpoint and the key."""
        notes = (("last.checkpoint", self.checkpoint()), ("log.key", f"{KEY.verifier}\n".encode()))
        path = self.folder / name
        export(self.ledger, path, wanted or Wanted(sealed=True, checkpoints=notes))
        return path.read_bytes()


def opened(archive: bytes) -> BytesIO:
    """Return an archive as a file."""
    return BytesIO(archive)


@pytest.fixture(scope="session")
def annual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Give a ledger with a year of seed A, one sealed value of it erased, and words that left before."""
    folder = tmp_path_factory.mktemp("annual")
    year = copied(told_in(folder / "told.db"), folder)
    year.ledger.execute(ExportSealed(purpose="移交"), actor=CHAIR)
    yield Kept(year.ledger, folder)
    year.close()


@pytest.fixture(scope="session")
def monthly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Give a ledger with months and a year of seed B."""
    folder = tmp_path_factory.mktemp("monthly")
    told_months(folder / "ledger.db")
    year = open_year(f"sqlite:///{folder / 'ledger.db'}", start=900_000)
    yield Kept(year.ledger, folder)
    year.close()
