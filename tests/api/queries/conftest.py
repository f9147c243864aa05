"""An application over the whole story, in which everybody signs in by a header, with a signer beside the ledger."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from api.queries.beside import Beside
from ledger.proofs import StoredLog
from ledger.signer import Signer
from projections.engine import Follower
from tests.api.identities import PERSON, ByHeader
from tests.projections.year_ledger import Year

Ask = Callable[..., Response]
"""Asks a URL (path below /api/v1) as somebody."""


@pytest.fixture(scope="session")
def signer(story: Year, tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Return a signer that has signed all but the last facts."""
    signing = Signer(tmp_path_factory.mktemp("signer") / "main")
    signing.be_born("example.org/committee")
    signing.sign(StoredLog(story.ledger))
    return signing


@pytest.fixture(scope="session")
def served(story: Year, follower: Follower, signer: Signer) -> FastAPI:
    """Return the application; streams of facts end where there is nothing more to send."""
    beside = Beside(signer=signer, stream_seconds=0)
    return create_app(ledger=story.ledger, follower=follower, identities=ByHeader(), beside=beside)


@pytest.fixture(scope="session")
def ask(served: FastAPI) -> Iterator[Ask]:
    """Give a way to ask as somebody; nobody where no person is named."""
    with TestClient(served, raise_server_exceptions=False) as client:

        def asking(url: str, person: str | None = None, **headers: str) -> Response:
            said = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.get(f"/api/v1{url}", headers=said | ({} if person is None else {PERSON: person}))

        yield asking


@pytest.fixture(scope="session")
def data(told: Path, story: Year) -> Path:
    """Return the data directory of the story, for the terminal."""
    assert told.exists()
    return Path(str(story.ledger.engine.url.database)).parent
