"""Where it cannot be recorded safely nothing is recorded: reads go on, and whoever asked is told when to try again."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from api.ability import LOOK_AGAIN_SECONDS, STOPPING, Ability, disk_has_room, signer_is_there
from api.app import create_app
from api.doors import Reader, Recorder
from api.principal import Introducing
from api.problems import add_problems
from projections.engine import Follower
from tests.api.identities import ByHeader
from tests.controls import LI
from tests.projections.year_ledger import Year


def client_with(ability: Ability) -> TestClient:
    router = APIRouter()

    @router.get("/read")
    def read(reader: Reader) -> str:
        return reader.person

    @router.post("/record")
    def record(recorder: Recorder) -> str:
        return recorder.person

    app = FastAPI()
    add_problems(app)
    app.include_router(router)
    app.add_middleware(Introducing, identities=ByHeader(LI), ability=ability)
    return TestClient(app)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ability:
    monkeypatch.setattr("api.ability.shutil.disk_usage", lambda _path: SimpleNamespace(free=1_000))
    return Ability([disk_has_room(tmp_path)])


def test_on_a_full_disk_reads_go_on_and_writes_are_told_when_to_try_again(full: Ability) -> None:
    client = client_with(full)
    assert client.get("/read").status_code == 200
    answer = client.post("/record", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (503, "disk-nearly-full")
    assert int(answer.headers["Retry-After"]) > 0


def test_with_room_on_the_disk_writes_go_on(tmp_path: Path) -> None:
    assert client_with(Ability([disk_has_room(tmp_path, least_bytes=1)])).post("/record").status_code == 200


def test_without_its_signer_nothing_is_recorded_until_it_is_back() -> None:
    there, now = [False], [0.0]
    ability = Ability([signer_is_there(lambda: there[0])], monotonic=lambda: now[0])
    client = client_with(ability)
    assert client.post("/record").json()["code"] == "signer-gone"
    there[0] = True
    assert client.post("/record").status_code == 503, "it is not asked at every request"
    now[0] += LOOK_AGAIN_SECONDS
    assert client.post("/record").status_code == 200


def test_a_server_that_is_being_stopped_records_nothing_more() -> None:
    ability = Ability()
    client = client_with(ability)
    assert client.post("/record").status_code == 200
    ability.stopping.set()
    assert client.post("/record").json()["code"] == STOPPING.code


def test_readiness_says_that_reads_alone_go_on(story: Year, follower: Follower, full: Ability) -> None:
    with TestClient(create_app(ledger=story.ledger, follower=follower, ability=full)) as client:
        body = client.get("/readyz").json()
    assert (body["status"], body["records"], body["hindrance"]) == ("ok", False, "disk-nearly-full")


def test_a_server_that_is_being_stopped_is_not_ready(story: Year, follower: Follower) -> None:
    ability = Ability()
    ability.stopping.set()
    with TestClient(create_app(ledger=story.ledger, follower=follower, ability=ability)) as client:
        assert client.get("/readyz").status_code == 503
