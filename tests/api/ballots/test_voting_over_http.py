"""Voting over HTTP: by name, by slip and on paper; nothing outside the box says who voted what, or when."""

import logging
import sqlite3
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.ballots import app as ballots
from api.commands.recording import Recording
from tests.api.ballots.conftest import BOX_AT, CANARY, OPENED, OPENING, QUOTED, RATED, marks, slips
from tests.api.ballots.on_pages import vote_on_pages
from tests.api.identities import PERSON, ByHeader
from tests.controls import BOX, LI, OPERATOR, STAFF, STRANGER, SUN, WANG, ZHANG

Voting = Callable[[TestClient, str], list[Response]]


def test_a_ballot_from_its_opening_to_its_counts(box: TestClient) -> None:
    codes = slips(box)
    assert box.post(f"{BOX_AT}/sheets", json=marks("80"), headers={PERSON: STAFF}).json()["taken"] is True
    assert box.post(f"{BOX_AT}/sheets", json=marks("90"), headers={PERSON: STRANGER}).status_code == 200
    for code in codes:
        assert box.post(f"{BOX_AT}/slip-sheets", json=marks("90") | {"slip": code}).status_code == 200
    status = box.get(BOX_AT, headers={PERSON: LI}).json()
    assert (status["issued"], status["returned"], status["over"]) == (6, 6, False)
    closed = box.post(f"/api/v1/boxes/{BOX}/closing", headers={PERSON: ZHANG})
    assert (closed.status_code, len(closed.json()["positions"]) > 1) == (201, True)
    assert box.post(f"{BOX_AT}/sheets", json=marks(), headers={PERSON: STAFF}).status_code == 409


def test_two_tellers_key_paper_in_and_are_told_where_they_differ(box: TestClient) -> None:
    paper = f"{BOX_AT}/paper/masses/1"
    assert box.put(paper, json=marks("80"), headers={PERSON: LI}).status_code == 200
    assert box.put(paper, json=marks("90"), headers={PERSON: WANG}).status_code == 200
    (found,) = box.get(f"{BOX_AT}/differences", headers={PERSON: LI}).json()
    assert (found["number"], found["rows"]) == (1, list(range(1, len(RATED) + 1)))
    assert box.delete(paper, headers={PERSON: WANG}).status_code == 204
    assert box.put(paper, json=marks("80"), headers={PERSON: SUN}).status_code == 403


@pytest.mark.parametrize(
    ("url", "body", "person", "status"),
    [
        ("sheets", marks(), SUN, 403),
        ("sheets", marks(), None, 401),
        ("sheets", {"marks": {"nobody": CANARY}}, STAFF, 422),
        ("sheets", {"marks": {RATED[0]: 37}}, STAFF, 422),
        ("sheets", {"marks": [CANARY]}, STAFF, 422),
        ("sheets", {"marks": {}, CANARY: 1}, STAFF, 422),
        ("slip-sheets", marks() | {"slip": "0000-0000-0000-0000"}, None, 404),
        ("slip-sheets", marks(), None, 422),
    ],
)
def test_a_sheet_that_is_not_taken_is_refused_without_a_word_of_it(
    box: TestClient, url: str, body: dict[str, object], person: str | None, status: int
) -> None:
    answer = box.post(f"{BOX_AT}/{url}", json=body, headers={} if person is None else {PERSON: person})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert CANARY not in answer.text


def test_what_breaks_is_answered_and_written_nowhere(
    box: TestClient, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("ledger.ballot_boxes.Keeper.vote", broken)
    answer = box.post(f"{BOX_AT}/sheets", json=marks(), headers={PERSON: STAFF})
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert log.getvalue() == ""


def vote_by_program(client: TestClient, code: str) -> list[Response]:
    """Vote by name and by slip as a program does."""
    return [
        client.post(f"{BOX_AT}/sheets", json=marks(), headers={PERSON: STAFF}),
        client.post(f"{BOX_AT}/slip-sheets", json=marks() | {"slip": code}),
    ]


def voted(client: TestClient, written: StringIO, vote: Voting = vote_by_program) -> set[str]:
    """Vote by name and by slip and say where a mark, a code or a moment of it can be found outside the box."""
    code = slips(client, 1)[0]
    before = len(written.getvalue())
    answers = vote(client, code)
    logged = len(written.getvalue())
    assert {answer.status_code for answer in answers} == {200}
    shown = "".join(f"{answer.headers} {answer.text}" for answer in answers)
    metrics = client.get("/metrics", headers={PERSON: OPERATOR}).text
    return {
        name
        for name, found in {
            "a log line": before < logged,
            "a request's id": "x-request-id" in shown.lower(),
            "a position or a time": "position" in shown or "recorded_at" in shown,
            "a mark or a code": QUOTED in shown or code in shown or code in metrics,
        }.items()
        if found
    }


def files_with(folder: Path, words: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()]


@pytest.mark.parametrize("vote", [vote_by_program, vote_on_pages])
def test_nothing_outside_the_box_says_who_voted_what(
    box: TestClient, tmp_path: Path, log: StringIO, vote: Voting
) -> None:
    assert voted(box, log, vote) == set()
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert files_with(tmp_path, QUOTED.encode()) == []


def test_a_server_that_logs_what_it_is_sent_would_be_found(
    serve: Callable[[], TestClient], log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same votes through an application that writes requests down."""

    class Logging(ballots.Apart):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async def received() -> Message:
                message = await receive()
                logging.getLogger("api.access").warning("%s %s", scope["path"], message.get("body"))
                return message

            await super().__call__(scope, received, send)

    monkeypatch.setattr("api.app.Apart", Logging)
    client = serve()
    client.post(OPENING, json=OPENED, headers={PERSON: ZHANG})
    assert "a log line" in voted(client, log)


@pytest.mark.parametrize("vote", [vote_by_program, vote_on_pages])
def test_the_same_routes_behind_the_access_log_would_be_found(
    serve: Callable[[], TestClient], log: StringIO, monkeypatch: pytest.MonkeyPatch, vote: Voting
) -> None:
    """The control of standing apart: votes taken where every other request is."""

    def beside(recording: Recording, identities: ByHeader, ability: object) -> ASGIApp:
        return ballots.create_ballots_app(recording, identities, ability)  # type: ignore[arg-type]

    class Inside:
        def __init__(self, app: ASGIApp, ballots: ASGIApp) -> None:
            from asgi_correlation_id import CorrelationIdMiddleware  # noqa: PLC0415 - likewise

            from api.access import AccessLog  # noqa: PLC0415 - only this control

            self._app, self._ballots = app, CorrelationIdMiddleware(AccessLog(ballots))

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            apart = scope["type"] == "http" and scope["path"].startswith("/ballots")
            await (self._ballots if apart else self._app)(scope, receive, send)

    monkeypatch.setattr("api.app.create_ballots_app", beside)
    monkeypatch.setattr("api.app.Apart", Inside)
    client = serve()
    client.post(OPENING, json=OPENED, headers={PERSON: ZHANG})
    assert voted(client, log, vote) >= {"a request's id", "a log line"}
