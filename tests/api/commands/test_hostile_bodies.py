"""Bodies that somebody wrote to do harm: each is answered with 4xx, names no word of it, and leaves nothing behind."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from api.commands.bodies import MOST_JSON_BYTES
from tests.api.identities import PERSON, ByHeader
from tests.controls import LI, ROUND, SUN, WANG
from tests.projections.year_ledger import Year, copied

SCORES, RENAMING = f"/api/v1/rounds/{ROUND}/scores", f"/api/v1/people/{SUN}/name"
SCORE = {"person": SUN, "component": "masses", "points": "80"}
CANARY = "张三丰的秘密"
JSON = {"Content-Type": "application/json", PERSON: LI}
BODIES = {
    "a field twice": b'{"points": "1", "points": "2"}',
    "a number that is none": b'{"points": NaN}',
    "one without end": b'{"points": Infinity}',
    "a number of 5,000 digits": b'{"ballots": ' + b"9" * 5_000 + b"}",
    "an exponent": b'{"points": 1e999999999}',
    "a hundred thousand brackets": b'{"evidence": ' + b"[" * 100_000,
    "half a character": b'{"component": "\xff\xfe"}',
    "two documents": b"{} {}",
    "a list": b"[1, 2]",
    "a word": CANARY.encode(),
    "nothing but a quote": b'"',
    "a byte order mark and no more": b"\xef\xbb\xbf",
    "NUL": b"\0",
}
VALUES: list[Any] = [
    None, True, -1, 0, 2**31, 2**63, 10**40, "", " ", "NaN", "Infinity", "1e5", "１２", "-0", "0x10", "1_000",
    "9" * 100,
    "\0", "\ud800", "../../etc/passwd", "'; DROP TABLE facts; --", "=1+1", "0001-01-01", "9999-12-31", "2026-02-30",
    "2026-01-05T00:00:00", [], {}, [[]], [None], {"a": 1}, CANARY,
]  # fmt: skip


@pytest.fixture(scope="module")
def fresh(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Give one ledger for all of them: nothing here is to change it."""
    year = copied(told, tmp_path_factory.mktemp("hostile"))
    yield year
    year.close()


@pytest.fixture(scope="module")
def recording(fresh: Year) -> Iterator[TestClient]:
    """Give a client of a server on it."""
    app = create_app(ledger=fresh.ledger, follower=fresh.follower(), identities=ByHeader(LI))
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found


def small(answer: Response) -> bool:
    """Return whether an answer blames the request."""
    return answer.is_client_error


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_what_is_no_json_of_ours_is_refused_without_a_word_of_it(recording: TestClient, body: bytes) -> None:
    answer = recording.post(SCORES, content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed-request")
    assert CANARY not in answer.text


@pytest.mark.parametrize("field", sorted({*SCORE, "rater", "ballots", "occurred_on", "evidence", "group"}))
def test_no_value_of_a_field_breaks_anything(recording: TestClient, fresh: Year, field: str) -> None:
    size = fresh.ledger.head().size
    for value in VALUES:
        body = json.dumps(SCORE | {field: value}).encode()
        answer = recording.post(SCORES, content=body, headers=JSON, params={"dry_run": "true"})
        assert small(answer) or answer.status_code == 200, (value, answer.status_code)
    assert fresh.ledger.head().size == size


@pytest.mark.parametrize("part", ["%00", "%ED%A0%80", "..%2F..", "%2E%2E", "a" * 5_000, "%E5%BC%A0", "-1", "9" * 400])
def test_no_part_of_the_url_breaks_anything(recording: TestClient, part: str) -> None:
    for url in (f"/api/v1/rounds/{part}/scores", f"/api/v1/rounds/{ROUND}/ties/{part}/decision"):
        assert small(recording.post(url, json=SCORE, headers={PERSON: LI})), (url, part)


def test_more_than_is_taken_is_refused_before_it_is_parsed(recording: TestClient) -> None:
    answer = recording.post(SCORES, content=b" " * (MOST_JSON_BYTES + 1), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    lying = recording.post(SCORES, content=b"{}", headers=JSON | {"Content-Length": "9" * 30})
    assert small(lying)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "image/png"]
)
def test_json_that_does_not_say_so_is_not_taken(recording: TestClient, kind: str) -> None:
    """Another site's page can make a browser send such a request along with our cookie."""
    body = json.dumps(SCORE).encode()
    answer = recording.post(SCORES, content=body, headers={"Content-Type": kind, PERSON: LI})
    assert answer.status_code in {400, 403, 415}


def test_words_that_would_be_sealed_stand_in_no_error_and_in_no_log(recording: TestClient, log: Any) -> None:  # noqa: ANN401
    for body in ({"full_name": CANARY, "x": 1}, {"full_name": [CANARY]}, {"full_name": CANARY, CANARY: CANARY}):
        answer = recording.post(RENAMING, json=body, headers={PERSON: WANG})
        assert (small(answer), CANARY in answer.text) == (True, False)
    refused = recording.post(RENAMING, json={"full_name": CANARY}, headers={PERSON: SUN})
    assert (refused.status_code, CANARY in refused.text) == (403, False)
    done = recording.post(RENAMING, json={"full_name": CANARY}, headers={PERSON: WANG}, params={"dry_run": "true"})
    assert (done.status_code, CANARY in done.text) == (200, False)
    assert CANARY not in log.getvalue()
