"""Doors: a route without one does not start, and none opens to somebody who has not signed in."""

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.doors import ANYBODY, Reader, SignedIn, require_doors
from api.principal import Introducing, Principal, Reach
from api.problems import add_problems
from projections.engine import Follower
from tests.api.identities import PERSON, STEPPED_UP, ByHeader
from tests.controls import ROUND, SUN
from tests.projections.year_ledger import Year


def app_with(identities: ByHeader) -> TestClient:
    router = APIRouter()

    @router.get("/open", dependencies=[ANYBODY])
    def for_anybody() -> str:
        return "open"

    @router.get("/who")
    def who(reader: Reader) -> str:
        return reader.person

    @router.post("/grave", dependencies=[Depends(SignedIn("decide", step_up=True))])
    def grave() -> str:
        return "done"

    app = FastAPI()
    add_problems(app)
    app.include_router(router)
    require_doors(app)
    app.add_middleware(Introducing, identities=identities)
    return TestClient(app)


def test_the_application_has_a_door_before_every_route(story: Year, follower: Follower) -> None:
    require_doors(create_app(ledger=story.ledger, follower=follower))


def test_a_route_without_a_door_keeps_the_application_from_starting() -> None:
    app = FastAPI()
    app.get("/forgotten")(lambda: "everything")
    with pytest.raises(RuntimeError, match="/forgotten"):
        require_doors(app)


def test_a_route_with_two_doors_keeps_the_application_from_starting() -> None:
    app = FastAPI()
    app.get("/twice", dependencies=[ANYBODY, Depends(SignedIn("read"))])(lambda: "everything")
    with pytest.raises(RuntimeError, match="/twice"):
        require_doors(app)


def test_an_open_door_asks_nobody_who_he_is() -> None:
    assert app_with(ByHeader()).get("/open").json() == "open"


def test_who_has_not_signed_in_is_told_to() -> None:
    answer = app_with(ByHeader()).get("/who", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


def test_who_has_signed_in_is_known_to_the_route() -> None:
    assert app_with(ByHeader()).get("/who", headers={PERSON: SUN}).json() == SUN


@pytest.mark.parametrize(("reach", "status"), [("read", 200), ("record", 403)])
def test_a_key_opens_only_the_doors_it_reaches(reach: Reach, status: int) -> None:
    answer = app_with(ByHeader(SUN, frozenset({reach}))).get("/who")
    assert answer.status_code == status


def test_a_grave_matter_needs_a_fresh_proof() -> None:
    client = app_with(ByHeader(SUN))
    answer = client.post("/grave")
    assert (answer.status_code, answer.json()["code"]) == (403, "step-up-needed")
    assert client.post("/grave", headers={STEPPED_UP: "now"}).json() == "done"


def test_without_accounts_nobody_reads_stars(story: Year, follower: Follower) -> None:
    with TestClient(create_app(ledger=story.ledger, follower=follower)) as client:
        assert client.get(f"/api/v1/rounds/{ROUND}/stars").status_code == 401


def test_a_principal_reaches_everything_unless_told_otherwise() -> None:
    assert Principal("a", SUN, "password").reach == {"read", "record", "decide", "export", "account"}
