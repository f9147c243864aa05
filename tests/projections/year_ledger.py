"""A real ledger in which the story of `tests.controls` is carried out, and the database that its views are kept in."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, make_url

from domain.catalogue import CATALOGUE
from domain.decision import Refused
from ledger.clock import SimulatedClock
from ledger.engine import open_database
from ledger.failpoints import Failpoint, never
from ledger.ledger import Ledger
from ledger.store import Attachment
from projections.columns import SCHEMA
from projections.dump import dump
from projections.engine import Follower
from projections.view import View
from projections.views import VIEWS
from tests.controls import ANNUAL, DOCUMENTS, FOUNDED, Step, noon

ATTACHED = tuple(
    Attachment(sha256(content).hexdigest(), "text/plain", content) for content in (b"a paper", *DOCUMENTS.values())
)


@dataclass(frozen=True, slots=True)
class Year:
    """A ledger on a simulated clock, and where its views are."""

    ledger: Ledger
    clock: SimulatedClock
    views_engine: Engine

    def follower(
        self, views: tuple[View, ...] = VIEWS, *, failpoint: Failpoint = never, batch_facts: int | None = None
    ) -> Follower:
        """Return a follower."""
        return Follower(self.ledger, self.views_engine, views, failpoint=failpoint, batch_facts=batch_facts)

    def dump(self, views: tuple[View, ...] = VIEWS) -> str:
        """Return everything that the views hold."""
        with self.views_engine.connect() as connection:
            return dump(connection, self.ledger.ledger_id, views)

    def play(self, steps: Iterable[Step]) -> None:
        """Carry out steps, each on its day; one that is refused must leave a fact."""
        for step in steps:
            self.clock.set(max(step.at, self.clock.now()))
            try:
                self.ledger.execute(step.asked, actor=step.actor, attachments=ATTACHED)
            except Refused as refused:
                if refused.record is None:
                    raise

    def close(self) -> None:
        """Close both databases."""
        self.ledger.engine.dispose()
        self.views_engine.dispose()


def numbered(start: int = 0) -> Callable[[int], bytes]:
    """Return a source of bytes that gives the same ones in every run, so that two ledgers hold the same entries."""
    drawn = iter(range(start, start + 1_000_000))

    def draw(size: int) -> bytes:
        found = b""
        while len(found) < size:
            found += sha256(str(next(drawn)).encode()).digest()
        return found[:size]

    return draw


def views_url(url: str) -> str:
    """Return where the views of a ledger are kept: beside its file, or in the same PostgreSQL database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return url
    beside = Path(parsed.database or "").with_name("views.db")
    return parsed.set(database=str(beside)).render_as_string()


def open_year(url: str, ledger_id: str = "main", start: int = 0) -> Year:
    """Return the ledger in a database, at the instant at which the story begins."""
    clock = SimulatedClock(noon(FOUNDED))
    random = numbered(start)
    ledger = Ledger(
        open_database(url), ledger_id, catalogue=CATALOGUE, clock=clock, fingerprint_key=b"key", random=random
    )
    return Year(ledger, clock, open_database(views_url(url), SCHEMA))


def told_in(file: Path) -> Path:
    """Carry out the whole story in an SQLite file."""
    year = open_year(f"sqlite:///{file}")
    year.play(ANNUAL)
    year.close()
    return file


def copied(told: Path, directory: Path) -> Year:
    """Return a copy of a ledger with the whole story, on the day of its end."""
    shutil.copy(told, directory / "ledger.db")
    year = open_year(f"sqlite:///{directory / 'ledger.db'}", start=900_000)
    year.clock.set(ANNUAL[-1].at)
    return year
