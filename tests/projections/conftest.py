"""A whole year of a small branch in a real ledger, for every test of a view."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from projections.engine import Reading
from tests.controls import ANNUAL
from tests.projections.month_ledger import LivedMonths, told_months
from tests.projections.year_ledger import Year, copied, open_year, told_in


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with the whole story, to be copied."""
    return told_in(tmp_path_factory.mktemp("told") / "ledger.db")


@pytest.fixture(scope="session")
def ended(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Give a ledger with the whole story that tests only read."""
    year = copied(told, tmp_path_factory.mktemp("ended"))
    yield year
    year.close()


@pytest.fixture(scope="session")
def reading(ended: Year) -> Iterator[Reading]:
    """Give all views of the whole story."""
    with ended.follower().reading() as found:
        yield found


@pytest.fixture
def year(told: Path, tmp_path: Path) -> Iterator[Year]:
    """Give a ledger with the whole story, of this test alone."""
    made = copied(told, tmp_path)
    yield made
    made.close()


@pytest.fixture
def year_in() -> Iterator[Callable[..., Year]]:
    """Return how to open a ledger in a database; everything is closed afterwards."""
    opened: list[Year] = []

    def opening(url: str, ledger_id: str = "main", start: int = 0) -> Year:
        opened.append(open_year(url, ledger_id, start))
        return opened[-1]

    yield opening
    for each in opened:
        each.close()


@pytest.fixture
def year_on_either(told: Path, tmp_path: Path, database_url: str) -> Iterator[Year]:
    """Give a ledger with the whole story, on each engine in turn."""
    if make_url(database_url).get_backend_name() == "sqlite":
        made = copied(told, tmp_path)
    else:
        made = open_year(database_url)
        made.play(ANNUAL)
    yield made
    made.close()


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivedMonths]:
    """Give a ledger in which a branch lived through months under seed B; tests only read it."""
    file = tmp_path_factory.mktemp("lived") / "ledger.db"
    marks = told_months(file)
    year = open_year(f"sqlite:///{file}", start=900_000)
    yield LivedMonths(year, marks)
    year.close()


@pytest.fixture(scope="session")
def months_read(lived: LivedMonths) -> Iterator[Reading]:
    """Give all views of those months."""
    with lived.year.follower().reading() as found:
        yield found
