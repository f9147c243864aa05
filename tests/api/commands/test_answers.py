"""What is answered: who asked, what waits for views, what is grave, what breaks, and what was refused."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.commands.recording import Recording
from api.commands.uploads import KEPT_SECONDS, NoRoom, Uploads
from api.journal import MOST_KEPT, RecentRefusals
from domain.rounds import MemberExempted
from domain.text import Text
from ledger.clock import ClockLeapt
from ledger.failures import Damaged, InDoubt, NotStored
from ledger.store import Attachment
from tests.api.identities import PERSON, STEPPED_UP, ByHeader
from tests.controls import CHAIR, LI, PAPER, REGISTRAR, STRANGER, SUN, ZHANG
from tests.projections.year_ledger import Year

PEOPLE = "/api/v1/people"
NEWCOMER = {"person": "newcomer", "full_name": "新来的人"}


@pytest.fixture
def journal() -> RecentRefusals:
    """Return a journal."""
    return RecentRefusals()


@pytest.fixture
def client(fresh: Year, journal: RecentRefusals, tmp_path: Path) -> Iterator[TestClient]:
    """Give a client of a server with a journal; Li asks where nobody is named."""
    kept = Recording(fresh.ledger, fresh.follower(), Uploads(tmp_path / "uploads"))
    app = create_app(
        ledger=fresh.ledger, follower=kept.follower, identities=ByHeader(LI), recording=kept, journal=journal
    )
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found


def test_the_facts_say_who_asked_and_for_which_body(client: TestClient, fresh: Year) -> None:
    answer = client.post(PEOPLE, json=NEWCOMER | {"on_behalf_of": "支部委员会"}, headers={PERSON: REGISTRAR})
    (position,) = answer.json()["positions"]
    (fact,) = fresh.ledger.read(after=position - 1, upto=position)
    assert (fact.actor, fact.on_behalf_of) == (REGISTRAR, "支部委员会")
    assert answer.headers["location"] == f"{PEOPLE}/newcomer"
    assert client.get(answer.json()["links"]["facts"][0]).status_code == 200


def test_an_answer_waits_for_the_views_where_that_is_wanted(client: TestClient, fresh: Year) -> None:
    client.post(PEOPLE, json=NEWCOMER)
    assert max(fresh.follower().positions().values()) < fresh.ledger.head().size
    answer = client.post(PEOPLE, json=NEWCOMER | {"person": "second"}, headers={"Prefer": "respond-async, wait=5"})
    assert answer.headers["preference-applied"] == "wait=5"
    assert set(fresh.follower().positions().values()) == {fresh.ledger.head().size}


def test_a_grave_command_needs_a_fresh_proof_and_a_key_that_reaches(fresh: Year) -> None:
    office = {"role": "recorder", "since": "2026-07-01", "decided_by": "党员大会", "branch": "workshop-1"}
    url = f"{PEOPLE}/{SUN}/appointments"
    app = create_app(ledger=fresh.ledger, follower=fresh.follower(), identities=ByHeader(LI))
    with TestClient(app) as client:
        assert client.post(url, json=office).json()["code"] == "step-up-needed"
        assert client.post(url, json=office, headers={STEPPED_UP: "now"}).status_code == 201
    short = create_app(
        ledger=fresh.ledger, follower=fresh.follower(), identities=ByHeader(LI, frozenset({"read", "record"}))
    )
    with TestClient(short) as client:
        assert client.post(url, json=office, headers={STEPPED_UP: "now"}).status_code == 403


def test_private_words_are_answered_once_their_reading_is_on_record(client: TestClient, fresh: Year) -> None:
    exempted = next(fact.position for fact in fresh.ledger.read() if isinstance(fact.event, MemberExempted))
    asked = {"purpose": "核对本人记录", "fact": exempted}
    answer = client.post("/api/v1/private-readings", json=asked, headers={PERSON: ZHANG})
    assert (answer.status_code, answer.json()["words"], answer.json()["fact"]) == (201, "长期借调", exempted)
    assert answer.headers["cache-control"] == "no-store"
    assert fresh.ledger.head().size == answer.json()["positions"][0]
    assert client.post("/api/v1/private-readings", json=asked, headers={PERSON: STRANGER}).status_code == 403


def test_an_archive_with_sealed_words_leaves_on_record_for_whoever_may(client: TestClient, fresh: Year) -> None:
    size = fresh.ledger.head().size
    asked, proof = {"purpose": "移交档案"}, {PERSON: CHAIR, STEPPED_UP: "now"}
    answer = client.post("/api/v1/exports", json=asked, headers=proof)
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/zip")
    assert answer.headers["location"] == f"/api/v1/facts/{size + 1}"
    assert any(name.endswith("verify.py") for name in ZipFile(BytesIO(answer.content)).namelist())
    assert client.post("/api/v1/exports", json=asked, headers={PERSON: SUN, STEPPED_UP: "now"}).status_code == 403


def test_a_dry_run_says_what_would_be_recorded_and_records_nothing(client: TestClient, fresh: Year) -> None:
    size = fresh.ledger.head().size
    answer = client.post(PEOPLE, json=NEWCOMER, params={"dry_run": "true"})
    assert (answer.status_code, answer.json()["effects"]) == (200, [])
    assert answer.json()["events"][0]["data"]["full_name"] == "sealed"
    assert fresh.ledger.head().size == size


def test_what_was_refused_is_in_the_journal_by_account_code_and_kind_of_route(
    client: TestClient, journal: RecentRefusals
) -> None:
    client.post(PEOPLE, json=NEWCOMER, headers={PERSON: STRANGER})
    client.post(PEOPLE, json={"person": "?"})
    client.get(f"{PEOPLE}/nobody/record")
    ((who, code, route), (_, malformed, _)) = journal.kept
    assert (who, route, malformed) == (f"account-{STRANGER}", PEOPLE, "malformed-request")
    assert code


def test_the_journal_cannot_be_flooded(journal: RecentRefusals) -> None:
    for number in range(MOST_KEPT + 5):
        journal.refused(None, f"code-{number}", PEOPLE)
    assert (len(journal.kept), journal.kept[0][1]) == (MOST_KEPT, "code-5")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (InDoubt(), "in-doubt"),
        (NotStored(Text("磁盘已满。", "The disk is full.")), "not-stored"),
        (ClockLeapt(timedelta(minutes=9)), "clock-leapt"),
        (Damaged(7), "ledger-damaged"),
    ],
)
def test_what_stops_recording_is_503_with_when_to_ask_again_and_the_same_key(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, fault: Exception, code: str
) -> None:
    async def broken(*_given: object, **_named: object) -> None:
        raise fault

    monkeypatch.setattr("ledger.ledger.Ledger.submit", broken)
    answer = client.post(PEOPLE, json=NEWCOMER, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (503, code)
    assert int(answer.headers["retry-after"]) > 0


def test_what_was_in_doubt_happens_once_when_it_is_asked_again_under_its_key(
    client: TestClient, fresh: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit, told = type(fresh.ledger).submit, []

    async def doubtful(*given: object, **named: object) -> object:
        told.append(await submit(*given, **named))  # type: ignore[arg-type]
        raise InDoubt

    with monkeypatch.context() as patched:
        patched.setattr("ledger.ledger.Ledger.submit", doubtful)
        assert client.post(PEOPLE, json=NEWCOMER, headers={"Idempotency-Key": "k"}).status_code == 503
    again = client.post(PEOPLE, json=NEWCOMER, headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json()["repeated"]) == (200, True)


def test_files_wait_for_a_day_and_no_more_than_there_is_room_for(tmp_path: Path) -> None:
    (tmp_path / f"{PAPER}.txt").write_bytes(b"a paper")
    late = Uploads(tmp_path, now=lambda: 10.0**12)
    assert late.named([PAPER]) == (Attachment(PAPER, "text/plain", b"a paper"),)
    full = Uploads(tmp_path, now=lambda: 0.0, most_waiting_bytes=1)
    with pytest.raises(NoRoom):
        full._make_room()  # noqa: SLF001 - what every upload begins with
    assert KEPT_SECONDS < 10**12
    late._make_room()  # noqa: SLF001 - likewise
    assert late.named([PAPER]) == ()
