"""A server on which a ballot box can be opened, and what is sent to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.commands.recording import Recording
from api.journal import RecentRefusals
from domain.ballot_opening import OpenBox
from ledger.ballot_files import BoxFiles
from tests.api.identities import PERSON, ByHeader
from tests.controls import ANNUAL, BOX, LI, MEMBERS, ROUND, STAFF, STRANGER, WANG, ZHANG
from tests.projections.year_ledger import Year, open_year

CANARY = "37"
QUOTED = f'"{CANARY}"'
"""Points that nobody gives by chance, and how they are sent."""
BOX_AT, OPENING = f"/ballots/boxes/{BOX}", "/api/v1/boxes"
RATED = [person for person in MEMBERS if person != ZHANG]
OPENED = {
    "box": BOX,
    "round": ROUND,
    "component": "masses",
    "voters": [{"person": STAFF, "group": "masses"}, {"person": STRANGER, "group": "masses"}],
    "slips": [{"group": "masses", "count": 5}],
    "tellers": [LI, WANG],
}


@pytest.fixture
def before(tmp_path: Path) -> Iterator[Year]:
    """Give a ledger whose round is open and has no box yet."""
    year = open_year(f"sqlite:///{tmp_path / 'ledger.db'}")
    first = next(number for number, step in enumerate(ANNUAL) if isinstance(step.asked, OpenBox))
    year.play(ANNUAL[:first])
    yield year
    year.close()


@pytest.fixture
def serve(before: Year, tmp_path: Path) -> Iterator[Callable[[], TestClient]]:
    """Give how to serve it; what is served is put together anew each time."""
    clients: list[TestClient] = []

    def served() -> TestClient:
        kept = Recording(before.ledger, before.follower(), boxes=BoxFiles(tmp_path))
        identities = ByHeader()
        app = create_app(
            ledger=before.ledger,
            follower=kept.follower,
            identities=identities,
            recording=kept,
            journal=RecentRefusals(),
        )
        clients.append(TestClient(app, raise_server_exceptions=False))
        return clients[-1]

    yield served
    for client in clients:
        client.close()


@pytest.fixture
def box(serve: Callable[[], TestClient]) -> TestClient:
    """Return a client of a server on which a box is open."""
    client = serve()
    assert client.post(OPENING, json=OPENED, headers={PERSON: ZHANG}).status_code == 201
    return client


def marks(points: str = CANARY) -> dict[str, object]:
    return {"marks": dict.fromkeys(RATED, points)}


def slips(client: TestClient, count: int = 4) -> list[str]:
    asked = {"group": "masses", "count": count}
    answer = client.post(f"/api/v1/boxes/{BOX}/slips", json=asked, headers={PERSON: ZHANG})
    assert answer.headers["cache-control"] == "no-store"
    return list(answer.json()["codes"])
