"""Log lines: JSON, with the request's id, and without personal data."""

import json
import logging
import uuid
from io import StringIO
from urllib.parse import quote

import pytest
import structlog
from fastapi.testclient import TestClient

from api.app import create_app
from api.logging import configure
from domain.organisation import RegisterPerson, RenamePerson
from projections.engine import FaultyView, Follower
from tests.api.identities import ByHeader
from tests.controls import LI, ROUND, STORY, SUN
from tests.projections.year_ledger import Year

STARS = f"/api/v1/rounds/{ROUND}/stars"
NAMES = {
    step.asked.full_name.text
    for step in STORY
    if isinstance(step.asked, RegisterPerson | RenamePerson) and step.asked.full_name.text is not None
}


def lines(log: StringIO) -> list[dict[str, object]]:
    """Return what was logged, line by line."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_id(client: TestClient, log: StringIO) -> None:
    identity = uuid.uuid4().hex
    answer = client.get(STARS, headers={"X-Request-ID": identity})
    (line,) = [each for each in lines(log) if each["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/rounds/{round_id}/stars", 200)
    assert line["request_id"] == identity == answer.headers["x-request-id"]
    assert line["level"] == "info"
    assert str(line["timestamp"]).endswith("Z")


def test_an_id_that_is_none_is_not_taken_over(client: TestClient, log: StringIO) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "Zhang San was here"})
    assert "Zhang San" not in log.getvalue() + answer.headers["x-request-id"]


def test_names_of_people_never_appear(client: TestClient, log: StringIO) -> None:
    assert len(NAMES) > 5
    for url in (STARS, f"{STARS}?as_of=120", "/readyz", "/healthz"):
        assert client.get(url).status_code == 200
    client.get("/api/v1/rounds/张三丰/stars?as_of=李四光")
    client.get("/people/张三丰")
    client.get(f"{STARS}?as_of=李四光", headers={"user-agent": "wang-wu/1", "x-forwarded-for": "10.1.2.3"})
    written = log.getvalue()
    assert len(lines(log)) >= 7
    assert not [name for name in NAMES if name in written]
    for word in ("张三丰", "李四光", "wang-wu", "10.1.2.3", "testclient", SUN + '"'):
        assert word not in written
        assert quote(word) not in written


def test_a_fault_is_logged_by_its_kind_and_place_only(story: Year, follower: Follower, log: StringIO) -> None:
    class Faulty:
        def reading(self, **_named: object) -> None:
            raise FaultyView("stars", 7) from ValueError("张三丰")

        def __getattr__(self, name: str) -> object:
            return getattr(follower, name)

    app = create_app(ledger=story.ledger, follower=Faulty(), identities=ByHeader(LI))  # type: ignore[arg-type]
    with TestClient(app, raise_server_exceptions=False) as client:
        client.get(STARS)
    (line,) = [each for each in lines(log) if each["event"] == "faulty-view"]
    assert line["fault"] == "FaultyView from ValueError"
    assert any("reading" in str(place) for place in line["at"])  # type: ignore[attr-defined]
    assert "张三丰" not in log.getvalue()


def test_lines_of_other_libraries_are_json_too_and_keep_no_exception_text(log: StringIO) -> None:
    try:
        raise ValueError("张三丰")  # noqa: TRY301 - what a library would log
    except ValueError:
        logging.getLogger("uvicorn.error").exception("it failed")
    (line,) = lines(log)
    assert (line["event"], line["level"], line["fault"]) == ("it failed", "error", "ValueError")
    assert "张三丰" not in log.getvalue()


def test_the_servers_own_lines_with_addresses_are_off(log: StringIO) -> None:
    logging.getLogger("uvicorn.access").info("10.1.2.3 GET /people/张三丰")
    assert log.getvalue() == ""


@pytest.mark.parametrize(("terminal", "as_json"), [(True, False), (False, True)])
def test_logs_are_json_unless_somebody_is_looking(
    log: StringIO,
    terminal: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    class Stream(StringIO):
        def isatty(self) -> bool:
            return terminal

    assert log.getvalue() == ""
    stream = Stream()
    configure(stream)
    structlog.stdlib.get_logger("api.test").info("hello", number=1)
    assert (stream.getvalue().startswith("{")) == as_json
    assert "hello" in stream.getvalue()
