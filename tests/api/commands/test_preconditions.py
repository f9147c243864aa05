"""What changes something names the state that was seen: missing 428, passed 412, and of two who race exactly one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fastapi.testclient import TestClient

from api.commands.preconditions import etag, version_of
from domain.decision import replace
from domain.ids import PersonId
from domain.organisation import RenamePerson
from domain.sealed import Sealed
from tests.api.identities import PERSON
from tests.controls import STRANGER, WANG
from tests.projections.year_ledger import Year

NAME = "/api/v1/people/newcomer/name"
RACERS, RACES = 4, 8


@pytest.fixture
def seen(recording: TestClient) -> str:
    """Return the version of somebody who has just been registered."""
    registered = recording.post("/api/v1/people", json={"person": "newcomer", "full_name": "新来的人"})
    return str(registered.headers["etag"])


def renamed(client: TestClient, name: str, **headers: str) -> tuple[int, str]:
    answer = client.post(NAME, json={"full_name": name}, headers={PERSON: WANG} | headers)
    return answer.status_code, answer.headers.get("etag", "")


def test_without_a_precondition_the_present_version_is_named(recording: TestClient, seen: str) -> None:
    assert renamed(recording, "改名的人") == (428, seen)


def test_with_the_version_that_was_seen_it_is_done_and_has_another(recording: TestClient, seen: str) -> None:
    status, version = renamed(recording, "改名的人", **{"If-Match": seen})
    assert status == 201
    assert version not in {seen, ""}


def test_what_has_changed_since_is_refused_with_both_versions(recording: TestClient, seen: str) -> None:
    _, now = renamed(recording, "改名的人", **{"If-Match": seen})
    answer = recording.post(NAME, json={"full_name": "另一名"}, headers={PERSON: WANG, "If-Match": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert (answer.json()["expected"], answer.json()["current"], answer.headers["etag"]) == (seen, now, now)


def test_sent_again_under_its_key_it_answers_as_before_though_the_version_has_changed(
    recording: TestClient, seen: str
) -> None:
    headers = {"If-Match": seen, "Idempotency-Key": "k"}
    assert renamed(recording, "改名的人", **headers)[0] == 201
    assert renamed(recording, "改名的人", **headers)[0] == 200


def test_whoever_may_not_do_it_does_not_learn_the_version(recording: TestClient, seen: str) -> None:
    assert seen
    answer = recording.post(NAME, json={"full_name": "改名的人"}, headers={PERSON: STRANGER})
    assert (answer.status_code, answer.headers.get("etag")) == (403, None)


@pytest.mark.parametrize("tag", ["*", "W/" + '"3"', "3", '"x"', '"3", "4"'])
def test_a_version_that_is_none_is_refused(recording: TestClient, seen: str, tag: str) -> None:
    assert seen
    answer = recording.post(NAME, json={"full_name": "改名的人"}, headers={PERSON: WANG, "If-Match": tag})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed-precondition")


def race(client: TestClient, seen: str, start: int) -> list[int]:
    """Let several change the same thing on the same version at once; return what they are answered."""
    ready = Barrier(RACERS)

    def change(number: int) -> int:
        ready.wait()
        return renamed(client, f"第{start + number}名", **{"If-Match": seen})[0]

    with ThreadPoolExecutor(RACERS) as pool:
        return sorted(pool.map(change, range(RACERS)))


def test_of_several_who_change_what_they_saw_exactly_one_succeeds(recording: TestClient, seen: str) -> None:
    for number in range(RACES):
        assert race(recording, seen, number * RACERS) == [201] + [412] * (RACERS - 1)
        seen = renamed(recording, "下一轮")[1]


def test_without_the_comparison_all_of_them_would(
    recording: TestClient, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.deciding.require_unchanged", lambda _expected, _newest: None)
    assert race(recording, seen, 0) == [201] * RACERS


def test_compared_before_the_lock_all_of_them_would_too(fresh: Year, recording: TestClient, seen: str) -> None:
    """The control of where it is compared: what each reads before it asks is right, and comes too late."""
    ready = Barrier(RACERS)
    about = RenamePerson(person=PersonId("newcomer"), full_name=Sealed("第一名"))

    def change(number: int) -> int:
        assert etag(version_of(fresh.ledger, about) or 0) == seen
        ready.wait()
        asked = replace(about, full_name=Sealed(f"第{number}名"))
        return len(fresh.ledger.execute(asked, actor=WANG).positions)

    with ThreadPoolExecutor(RACERS) as pool:
        assert list(pool.map(change, range(RACERS))) == [1] * RACERS
    assert renamed(recording, "最后", **{"If-Match": seen})[0] == 412
