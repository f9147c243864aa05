"""Ledgers that forms are filled from: the year of seed A and the months of seed B, before any viewer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import msgspec
import pytest

from paper.document import Sheet, encoded
from paper.source import Source
from projections.disclosed_rows import RowCurtain
from projections.names import names_in
from projections.withholding import Disclosures, Viewer
from tests.projections.month_ledger import told_months
from tests.projections.year_ledger import Year, copied, open_year, told_in

OFFICE = Viewer()
Sources = Callable[[Year, Viewer], Source]


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Give a ledger with the whole story of seed A; tests only read it."""
    made = copied(told_in(tmp_path_factory.mktemp("told") / "ledger.db"), tmp_path_factory.mktemp("paper-year"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Give a ledger in which a branch lived through months under seed B; tests only read it."""
    file = tmp_path_factory.mktemp("paper-months") / "ledger.db"
    told_months(file)
    made = open_year(f"sqlite:///{file}", start=900_000)
    yield made
    made.close()


@pytest.fixture
def sources() -> Iterator[Sources]:
    """Return how to fill forms from a ledger before a viewer, until the test ends."""
    with ExitStack() as lent:

        def source(made: Year, viewer: Viewer) -> Source:
            found = lent.enter_context(made.follower().reading())
            curtain = RowCurtain(Disclosures(made.ledger, viewer, found.position), "zh")
            return Source(made.ledger, found, names_in(made.ledger, found.position), curtain)

        yield source


def words_of(sheet: Sheet) -> list[str]:
    """Return every piece of text on a sheet, as the template is given it."""
    return list(_texts(msgspec.json.decode(encoded(sheet))))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _texts(each))
