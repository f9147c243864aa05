"""Idempotency keys: bound to an account, answered alike, and never used for two things."""

from fastapi.testclient import TestClient

from tests.api.identities import PERSON
from tests.controls import REGISTRAR, WANG
from tests.projections.year_ledger import Year

PEOPLE = "/api/v1/people"
NEWCOMER = {"person": "newcomer", "full_name": "新来的人"}


def under(key: str, person: str = WANG) -> dict[str, str]:
    return {"Idempotency-Key": key, PERSON: person}


def test_what_is_sent_twice_under_a_key_happens_once_and_answers_alike(recording: TestClient, fresh: Year) -> None:
    first = recording.post(PEOPLE, json=NEWCOMER, headers=under("k1"))
    size = fresh.ledger.head().size
    again = recording.post(PEOPLE, json=NEWCOMER, headers=under("k1"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"repeated": True}
    assert again.headers["etag"] == first.headers["etag"]
    assert fresh.ledger.head().size == size


def test_a_key_that_was_used_for_something_else_is_a_conflict(recording: TestClient) -> None:
    recording.post(PEOPLE, json=NEWCOMER, headers=under("k1"))
    answer = recording.post(PEOPLE, json=NEWCOMER | {"person": "another"}, headers=under("k1"))
    assert (answer.status_code, answer.json()["code"]) == (409, "command-id-reused")


def test_a_key_is_its_accounts_alone(recording: TestClient) -> None:
    recording.post(PEOPLE, json=NEWCOMER, headers=under("k1"))
    other = NEWCOMER | {"person": "another"}
    assert recording.post(PEOPLE, json=other, headers=under("k1", REGISTRAR)).status_code == 201


def test_the_facts_carry_the_command_id_that_the_key_stands_for_and_not_the_key(
    recording: TestClient, fresh: Year
) -> None:
    answer = recording.post(PEOPLE, json=NEWCOMER, headers=under("birthday-1970-01-01"))
    (position,) = answer.json()["positions"]
    (row,) = fresh.ledger.rows(after=position - 1, upto=position)
    assert answer.json()["command_id"].encode() in row.entry
    assert b"birthday" not in row.entry
    assert b"account" not in row.entry


def test_without_a_key_one_is_made_and_returned(recording: TestClient) -> None:
    first = recording.post(PEOPLE, json=NEWCOMER, headers={PERSON: WANG})
    made = first.headers["idempotency-key"]
    again = recording.post(PEOPLE, json=NEWCOMER, headers=under(made))
    assert again.json() == first.json() | {"repeated": True}


def test_a_key_of_other_characters_is_refused(recording: TestClient) -> None:
    answer = recording.post(PEOPLE, json=NEWCOMER, headers={"Idempotency-Key": "two words", PERSON: WANG})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed-key")


def test_what_is_so_already_is_answered_with_200_and_no_facts(recording: TestClient) -> None:
    asked = {"branch": "workshop-9", "title": "第九车间党支部", "on": "2026-01-05"}
    assert recording.post("/api/v1/branches", json=asked, headers=under("k1", REGISTRAR)).status_code == 201
    again = recording.post("/api/v1/branches", json=asked, headers=under("k2", REGISTRAR))
    assert (again.status_code, again.json()["positions"]) == (200, [])
