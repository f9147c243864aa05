"""The stream of facts: every fact once and in order, from where the reader stopped, and no more than he may see."""

import json

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.queries.beside import Beside
from domain.appointments import DeclareRelation
from tests.api.identities import PERSON, ByHeader
from tests.api.queries.conftest import Ask
from tests.controls import CHAIR, LI, OPERATOR, STAFF, SUN
from tests.projections.year_ledger import Year

STREAM = "/facts/stream"


def events(text: str) -> list[tuple[int, dict[str, object]]]:
    """Return (id, data) of each event of a stream."""
    blocks = [dict(line.split(": ", 1) for line in block.split("\n") if line) for block in text.split("\n\n")]
    return [(int(block["id"]), json.loads(block["data"])) for block in blocks if "id" in block]


def test_the_stream_is_the_feed_in_the_one_order(ask: Ask, story: Year) -> None:
    answer = ask(STREAM, SUN)
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = events(answer.text)
    assert [number for number, _ in found] == list(range(1, story.ledger.head().size + 1))
    assert [data for _, data in found] == ask("/facts?limit=1000", SUN).json()["answer"]


def test_a_stream_goes_on_where_the_last_one_ended(ask: Ask, story: Year) -> None:
    size = story.ledger.head().size
    assert [number for number, _ in events(ask(STREAM, SUN, last_event_id=str(size - 2)).text)] == [size - 1, size]
    assert [number for number, _ in events(ask(f"{STREAM}?after={size - 1}", SUN).text)] == [size]
    assert events(ask(STREAM, SUN, last_event_id=str(size)).text) == []


def test_who_may_not_read_is_told_so_before_the_stream_begins(ask: Ask) -> None:
    assert ask(STREAM).status_code == 401
    answer = ask(STREAM, OPERATOR)
    assert (answer.status_code, answer.json()["code"]) == (403, "no-business-data")


def test_the_stream_shows_each_reader_what_he_may_see(ask: Ask) -> None:
    whole = {
        who: sum(data["entry"] is not None for _, data in events(ask(STREAM, who).text)) for who in (CHAIR, SUN, STAFF)
    }
    assert whole[CHAIR] > whole[SUN] > whole[STAFF] > 0


def test_a_stream_sends_what_is_recorded_while_it_lasts_and_ends_when_the_server_is_told_to(
    fresh: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = Beside()
    app = create_app(ledger=fresh.ledger, follower=fresh.follower(), identities=ByHeader(), beside=beside)
    size = fresh.ledger.head().size
    waits = iter([lambda: record(fresh), beside.stopping.set])

    async def instead_of_sleeping(_seconds: float) -> None:
        next(waits)()

    monkeypatch.setattr("api.queries.facts.anyio.sleep", instead_of_sleeping)
    with TestClient(app) as client:
        answer = client.get(f"/api/v1{STREAM}?after={size}", headers={PERSON: CHAIR})
    assert [number for number, _ in events(answer.text)] == [size + 1]


def record(year: Year) -> None:
    year.ledger.execute(DeclareRelation(person=LI, other=STAFF, relation="spouse"), actor=LI)
