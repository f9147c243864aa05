"""The application over a real ledger, asked as a program would."""

import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.commands.recording import Recording
from api.commands.uploads import Uploads
from api.journal import RecentRefusals
from api.logging import configure
from ledger.ballot_files import BoxFiles
from projections.engine import Follower
from tests.api.identities import ByHeader
from tests.controls import LI
from tests.projections.year_ledger import Year, copied, told_in


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a ledger with the whole story, to be copied."""
    return told_in(tmp_path_factory.mktemp("told") / "ledger.db")


@pytest.fixture(scope="session")
def story(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Give a ledger with the whole story, for reading."""
    year = copied(told, tmp_path_factory.mktemp("served"))
    yield year
    year.close()


@pytest.fixture(scope="session")
def follower(story: Year) -> Follower:
    """Return what keeps the story's views."""
    return story.follower()


@pytest.fixture(scope="session")
def served(story: Year, follower: Follower) -> FastAPI:
    """Return the application over the story: made once, for hundreds of routes take a while."""
    return create_app(ledger=story.ledger, follower=follower, identities=ByHeader(LI))


@pytest.fixture
def client(served: FastAPI) -> TestClient:
    """Return a client of the application; what goes wrong in it is answered, as it would be outside."""
    return TestClient(served, raise_server_exceptions=False)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Give what is logged, as JSON."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = StringIO()
    configure(written, as_json=True)
    yield written
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def described(story: Year, follower: Follower) -> dict[str, Any]:
    """Return the description of the interface."""
    return create_app(ledger=story.ledger, follower=follower).openapi()


@pytest.fixture
def fresh(tmp_path: Path, told: Path) -> Iterator[Year]:
    """Give a ledger with the whole story that a test may add to."""
    year = copied(told, tmp_path)
    yield year
    year.close()


@pytest.fixture
def recording(fresh: Year, tmp_path: Path) -> Iterator[TestClient]:
    """Give a client that may record; who asks stands in a header, Li where it is missing."""
    follower, boxes = fresh.follower(), BoxFiles(tmp_path / "boxes")
    kept = Recording(fresh.ledger, follower, Uploads(tmp_path / "uploads"), boxes)
    app = create_app(
        ledger=fresh.ledger, follower=follower, identities=ByHeader(LI), recording=kept, journal=RecentRefusals()
    )
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found
