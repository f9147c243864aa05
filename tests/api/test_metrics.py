"""What a monitor reads names no person and no path, and nothing about ballots."""

from fastapi.testclient import TestClient

from api.app import create_app
from domain.ids import PersonId
from projections.engine import Follower
from tests.api.identities import PERSON, ByHeader
from tests.controls import LI, OPERATOR, ROUND
from tests.projections.year_ledger import Year


def metrics(client: TestClient, person: PersonId = OPERATOR) -> str:
    return client.get("/metrics", headers={PERSON: person}).text


def client_of(story: Year, follower: Follower) -> TestClient:
    return TestClient(create_app(ledger=story.ledger, follower=follower, identities=ByHeader(LI)))


def test_requests_are_counted_by_the_template_of_their_route(story: Year, follower: Follower) -> None:
    client = client_of(story, follower)
    client.get(f"/api/v1/rounds/{ROUND}/stars")
    client.get("/nowhere/at/all")
    said = metrics(client)
    assert 'method="GET",route="/api/v1/rounds/{round_id}/stars",status="200"} 1.0' in said
    assert 'route="(none)",status="404"} 1.0' in said
    assert ROUND not in said
    assert "nowhere" not in said


def test_the_standing_of_ledger_and_views_is_told(story: Year, follower: Follower) -> None:
    follower.catch_up()
    said = metrics(client_of(story, follower))
    assert f"starledger_ledger_facts {float(story.ledger.head().size)}" in said
    assert 'starledger_view_behind_facts{view="stars"} 0.0' in said
    assert "starledger_records 1.0" in said


def test_ballots_are_not_counted(story: Year, follower: Follower) -> None:
    client = client_of(story, follower)
    before = metrics(client)
    client.post("/ballots/any/thing")
    after = metrics(client)
    assert "ballots" not in after
    assert after.count('route="(none)"') == before.count('route="(none)"')


def test_only_whoever_runs_the_installation_reads_them(story: Year, follower: Follower) -> None:
    client = client_of(story, follower)
    assert client.get("/metrics", headers={PERSON: LI}).status_code == 403
    assert TestClient(create_app(ledger=story.ledger, follower=follower)).get("/metrics").status_code == 401
