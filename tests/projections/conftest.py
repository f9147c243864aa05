"""A whole year of a small branch in a real ledger, and views that follow it."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from domain.catalogue import CATALOGUE
from domain.decision import Refused
from ledger.clock import SimulatedClock
from ledger.engine import open_database
from ledger.ledger import Ledger
from ledger.store import Attachment
from projections.columns import SCHEMA
from projections.dump import dump
from projections.engine import Follower
from projections.views import VIEWS
from tests.controls import DOCUMENTS, FOUNDED, STORY, Step, noon

ATTACHED = tuple(
    Attachment(sha256(content).hexdigest(), "text/plain", content) for content in (b"a paper", *DOCUMENTS.values())
)


@dataclass(frozen=True, slots=True)
class Year:
    """A ledger with the story of a year in it, and the database that its views are to be kept in."""

    ledger: Ledger
    clock: SimulatedClock
    views_engine: Engine

    def follower(self, **options: object) -> Follower:
        """Return a follower of all views."""
        return Follower(self.ledger, self.views_engine, VIEWS, **options)  # type: ignore[arg-type]

    def dump(self) -> str:
        """Return everything that the views hold."""
        with self.views_engine.connect() as connection:
            return dump(connection, self.ledger.ledger_id, VIEWS)

    def play(self, steps: Iterable[Step]) -> None:
        """Carry out steps, each on its day."""
        for step in steps:
            self.clock.set(max(step.at, self.clock.now()))
            try:
                self.ledger.execute(step.asked, actor=step.actor, attachments=ATTACHED)
            except Refused as refused:
                assert refused.record is not None, f"{step.asked}: {refused}"


def numbered(start: int = 0) -> Callable[[int], bytes]:
    """Return a source of bytes that gives the same ones in every run, so that two ledgers hold the same entries."""
    drawn = iter(range(start, 1_000_000_000))
    return lambda size: sha256(str(next(drawn)).encode()).digest()[:size]


def views_url(url: str) -> str:
    """Return where the views of a ledger are kept: beside its file, or in the same PostgreSQL database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return url
    beside = Path(parsed.database or "").with_name("views.db")
    return parsed.set(database=str(beside)).render_as_string()


def open_year(url: str, ledger_id: str = "main") -> Year:
    """Return an empty ledger in a database, with the instant at which the story begins."""
    clock = SimulatedClock(noon(FOUNDED))
    ledger = Ledger(
        open_database(url), ledger_id, catalogue=CATALOGUE, clock=clock, fingerprint_key=b"key", random=numbered()
    )
    return Year(ledger, clock, open_database(views_url(url), SCHEMA))


@pytest.fixture
def year_in() -> Iterator[Callable[..., Year]]:
    """Return how to open a ledger in a database; everything is closed afterwards."""
    opened: list[Year] = []

    def opening(url: str, ledger_id: str = "main") -> Year:
        opened.append(open_year(url, ledger_id))
        return opened[-1]

    yield opening
    for year in opened:
        year.ledger.engine.dispose()
        year.views_engine.dispose()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with the whole story, to be copied."""
    file = tmp_path_factory.mktemp("told") / "ledger.db"
    year = open_year(f"sqlite:///{file}")
    year.play(STORY)
    year.ledger.engine.dispose()
    return file


@pytest.fixture
def year(told: Path, tmp_path: Path, year_in: Callable[..., Year]) -> Year:
    """Return a ledger with the whole story, on SQLite."""
    shutil.copy(told, tmp_path / "ledger.db")
    opened = year_in(f"sqlite:///{tmp_path / 'ledger.db'}")
    opened.clock.set(STORY[-1].at)
    return opened


@pytest.fixture
def year_on_either(told: Path, database_url: str, year_in: Callable[..., Year]) -> Year:
    """Return a ledger with the whole story, on each engine in turn."""
    if database_url.startswith("sqlite"):
        shutil.copy(told, make_url(database_url).database or "")
        return year_in(database_url)
    opened = year_in(database_url)
    opened.play(STORY)
    return opened
