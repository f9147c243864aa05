"""What programs are answered."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from domain.confirmation import StarConfirmed
from domain.rounds import RoundOpened
from ledger.cautions import cautions_of_sqlite
from projections.engine import FaultyView, Follower
from projections.stars import current_stars
from tests.api.identities import ByHeader
from tests.controls import LI, NOTICE, ROUND, SUN, WU
from tests.projections.test_stars_view import position_of
from tests.projections.year_ledger import Year

STARS = f"/api/v1/rounds/{ROUND}/stars"


def test_the_process_says_that_it_lives(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readiness_tells_how_far_the_views_have_got(client: TestClient, story: Year, follower: Follower) -> None:
    follower.catch_up()
    answer = client.get("/readyz").json()
    size = story.ledger.head().size
    assert answer["size"] == size
    assert answer["views"]["stars"] == {"position": size, "behind": 0, "faulty_at": None}


def test_readiness_says_what_should_be_put_right(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    old = cautions_of_sqlite((3, 40, 1))
    monkeypatch.setattr("api.health.cautions", lambda _engine: old)
    answer = client.get("/readyz", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert answer.json()["cautions"] == [{"code": "sqlite-log-reset", "message": old[0].why.en}]


def test_a_database_that_does_not_answer_is_not_ready(story: Year, follower: Follower) -> None:
    class Gone:
        def head(self) -> None:
            raise ConnectionRefusedError

        def __getattr__(self, name: str) -> object:
            return getattr(story.ledger, name)

    gone = create_app(ledger=Gone(), follower=follower)  # type: ignore[arg-type]
    with TestClient(gone) as client:
        answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.json()["code"] == "not-ready"


def test_the_stars_of_a_round_are_what_the_view_holds(client: TestClient, follower: Follower) -> None:
    answer = client.get(STARS)
    body = answer.json()
    assert answer.status_code == 200
    with follower.reading() as reading:
        known = current_stars(reading, round_id=ROUND)
        assert body["position"] == reading.position
    assert [(star["person"], star["total"], star["star"]) for star in body["answer"]["stars"]] == [
        (one.person, one.total, one.star) for one in known
    ]
    assert {(star["round"], star["rulebook"], star["version"]) for star in body["answer"]["stars"]} == {
        (ROUND, "annual-360", 1)
    }
    assert body["simulated_clock"] is True
    assert body["behind"] == 0


def test_no_score_is_a_number(client: TestClient) -> None:
    def refuse(number: str) -> None:
        raise AssertionError(number)

    body = json.loads(client.get(STARS).content, parse_float=refuse)
    sun = next(star for star in body["answer"]["stars"] if star["person"] == SUN)
    assert Decimal(sun["total"]) == Decimal("90.25")
    assert sun["total_exact"] == "90.25"


def test_stars_can_be_asked_as_of_a_position(client: TestClient, story: Year) -> None:
    position = position_of(story, StarConfirmed) - 1
    body = client.get(STARS, params={"as_of": str(position)}).json()
    wu = next(star for star in body["answer"]["stars"] if star["person"] == WU)
    assert (body["position"], wu["confirmed"], wu["total"]) == (position, None, "77.70")


def test_stars_can_be_asked_as_of_a_time(client: TestClient) -> None:
    before = client.get(STARS, params={"as_of": "2026-01-08T11:59:59+08:00"}).json()
    at_noon = client.get(STARS, params={"as_of": "2026-01-08T12:00:00+08:00"}).json()
    assert {star["notice"] for star in before["answer"]["stars"]} == {None}
    assert {star["notice"] for star in at_noon["answer"]["stars"]} == {NOTICE}


def test_a_round_that_has_just_been_opened_has_no_stars_yet(client: TestClient, story: Year) -> None:
    body = client.get(STARS, params={"as_of": str(position_of(story, RoundOpened))}).json()
    assert body["answer"]["stars"] == []


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("/api/v1/rounds/another/stars", 404, "unknown-round"),
        (f"{STARS}?as_of=3", 404, "unknown-round"),
        (f"{STARS}?as_of=999999", 404, "position-not-reached"),
        (f"{STARS}?as_of=yesterday", 422, "malformed-moment"),
        (f"{STARS}?as_of=2026-01-08T12:00:00", 422, "malformed-moment"),
        (f"{STARS}?as_of=0001-01-01T00:00:00%2B08:00", 422, "malformed-moment"),
        (f"{STARS}?as_of={'9' * 5000}", 422, "malformed-moment"),
        (f"{STARS}?as_of=-1", 422, "malformed-moment"),
        ("/nothing", 404, "not-found"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_document(client: TestClient, url: str, status: int, code: str) -> None:
    answer = client.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:starledger:problem:{code}")
    assert body["title"]


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("", "zh"), ("en", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("fr, en;q=0.5, zh;q=0.1", "en"), ("en;q=x", "zh")],
)
def test_a_problem_speaks_the_readers_language(client: TestClient, wanted: str, language: str) -> None:
    answer = client.get("/api/v1/rounds/another/stars", headers={"accept-language": wanted})
    assert answer.headers["content-language"] == language
    assert ("There is no round" in answer.json()["detail"]) == (language == "en")


def test_a_method_that_is_not_allowed_is_a_problem_that_names_those_that_are(client: TestClient) -> None:
    answer = client.post(STARS)
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


def failing(follower: Follower, error: Exception) -> Follower:
    """Return a follower that cannot be read."""

    class Failing:
        def reading(self, **_named: object) -> None:
            raise error from ValueError("张三丰")

        def __getattr__(self, name: str) -> object:
            return getattr(follower, name)

    return Failing()  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(FaultyView("stars", 7), 503, "faulty-view"), (RuntimeError("张三丰"), 500, "unexpected")],
)
def test_a_fault_is_answered_with_the_requests_id_and_without_its_words(
    story: Year, follower: Follower, log: StringIO, error: Exception, status: int, code: str
) -> None:
    app = create_app(ledger=story.ledger, follower=failing(follower, error), identities=ByHeader(LI))
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get(STARS)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "张三丰" not in answer.text + log.getvalue()
    assert answer.headers["x-request-id"]
    assert answer.headers["x-request-id"] in log.getvalue()


def test_the_description_of_the_interface_is_open_api_3_1(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {"/healthz", "/readyz", "/api/v1/rounds/{round_id}/stars"} <= set(described["paths"])
