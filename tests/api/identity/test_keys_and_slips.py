"""API keys and printed slips: how far they reach, how long they last, and that they open no account."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from api.identity.attempts import SLIP
from api.identity.slips import Slip
from api.identity.tables import keys
from tests.api.identity.conftest import PASSWORD, House
from tests.controls import LI, ROUND, SUN, WU

STARS = f"/api/v1/rounds/{ROUND}/stars"


def key_of(house: House, *reach: str, days: int = 90) -> tuple[TestClient, str]:
    """Return somebody's browser, stepped up, and a key that he has made."""
    browser = house.signed_in(SUN)
    browser.post("/api/v1/step-up", json={"password": PASSWORD})
    answer = browser.post("/api/v1/keys", json={"label": "import", "reach": list(reach), "days": days})
    assert answer.status_code == 201, answer.text
    return browser, answer.json()["written"]


def with_key(house: House, written: str) -> TestClient:
    return house.browser(Authorization=f"Bearer {written}")


def test_a_key_asks_as_its_person(either_house: House) -> None:
    _, written = key_of(either_house, "read")
    program = with_key(either_house, written)
    known = program.get("/api/v1/me").json()
    assert (known["person"], known["means"], known["reach"]) == (SUN, "key", ["read"])
    assert program.get(STARS).status_code == 200


def test_a_key_reaches_no_further_than_it_was_made_for(house: House) -> None:
    _, written = key_of(house, "read")
    answer = with_key(house, written).get("/api/v1/pending")
    assert (answer.status_code, answer.json()["code"]) == (403, "key-does-not-reach")


@pytest.mark.parametrize("route", ["/api/v1/sessions", "/api/v1/keys"])
def test_no_key_opens_the_account_it_was_made_by(house: House, route: str) -> None:
    _, written = key_of(house, "read", "record", "decide", "export")
    assert with_key(house, written).get(route).json()["code"] == "key-does-not-reach"


def test_no_key_is_made_for_the_account_itself(house: House) -> None:
    browser, _ = key_of(house, "read")
    assert browser.post("/api/v1/keys", json={"label": "x", "reach": ["account"]}).status_code == 422


def test_a_key_is_made_only_after_a_fresh_proof(house: House) -> None:
    answer = house.signed_in().post("/api/v1/keys", json={"label": "x", "reach": ["read"]})
    assert answer.json()["code"] == "step-up-needed"


def test_who_must_enrol_makes_no_key(house: House) -> None:
    browser = house.signed_in(LI)
    browser.post("/api/v1/step-up", json={"password": PASSWORD})
    answer = browser.post("/api/v1/keys", json={"label": "x", "reach": ["read"]})
    assert answer.json()["code"] == "key-reaches-too-far"


def test_the_keys_of_who_must_enrol_reach_nothing_until_he_has(house: House) -> None:
    account = house.with_password(LI)
    _, written = house.accounts.keys.make(account, "old", frozenset({"read"}), timedelta(days=9))
    assert with_key(house, written).get(STARS).status_code == 403
    house.with_code(LI)
    assert with_key(house, written).get(STARS).status_code == 200


def test_a_revoked_key_is_worth_nothing_at_once(either_house: House) -> None:
    browser, written = key_of(either_house, "read")
    (listed,) = browser.get("/api/v1/keys").json()
    assert browser.delete(f"/api/v1/keys/{listed['key']}").status_code == 204
    assert with_key(either_house, written).get(STARS).json()["code"] == "key-not-valid"


def test_a_key_expires(house: House) -> None:
    _, written = key_of(house, "read", days=1)
    house.wall.pass_by(days=1)
    assert with_key(house, written).get(STARS).status_code == 401


def test_a_list_of_keys_shows_the_day_of_use_and_no_secret(house: House) -> None:
    browser, written = key_of(house, "read")
    with_key(house, written).get(STARS)
    answer = browser.get("/api/v1/keys")
    assert answer.json()[0]["last_used_on"] == "2026-03-02"
    assert written.rpartition("_")[2] not in answer.text


def test_nobody_revokes_somebody_elses_key(house: House) -> None:
    browser, _ = key_of(house, "read")
    (listed,) = browser.get("/api/v1/keys").json()
    assert house.signed_in(WU).delete(f"/api/v1/keys/{listed['key']}").status_code == 404


@pytest.mark.parametrize("said", ["Bearer nonsense", "Bearer starledger_1_2", "Basic eDp5", "Bearer", "Bearer "])
def test_what_is_no_key_is_refused(house: House, said: str) -> None:
    assert house.browser(Authorization=said).get(STARS).status_code == 401


def test_a_key_needs_no_page_of_ours(house: House) -> None:
    _, written = key_of(house, "record")
    program = with_key(house, written)
    del program.headers["Sec-Fetch-Site"]
    assert program.post("/api/v1/sign-out").status_code == 204


def test_of_a_key_only_a_hash_is_kept(house: House) -> None:
    _, written = key_of(house, "read")
    with house.accounts.shelf.asking() as connection:
        (row,) = connection.execute(keys.select()).all()
    assert written.rpartition("_")[2] not in str(row)


# slips


def slip_of(house: House, person: str = SUN) -> Slip:
    return house.accounts.slips.issue(house.with_password(person), "console")


def sign_in(house: House, code: str, pin: str) -> tuple[int, TestClient]:
    browser = house.browser()
    return browser.post("/api/v1/sign-in/slip", json={"code": code, "pin": pin}).status_code, browser


def test_a_slip_reads_and_reports_and_does_not_open_the_account(either_house: House) -> None:
    slip = slip_of(either_house)
    status, browser = sign_in(either_house, slip.code.lower().replace("-", " "), slip.pin)
    assert (status, browser.get("/api/v1/me").json()["reach"]) == (200, ["read", "record"])
    assert browser.get("/api/v1/sessions").json()["code"] == "slip-does-not-reach"
    assert browser.put("/api/v1/password", json={"new": "seven quiet rivers flow"}).status_code == 403


def test_a_wrong_pin_and_an_unknown_slip_hear_the_same_after_as_much_work(house: House) -> None:
    slip = slip_of(house)
    heard = []
    for code in (slip.code, "AAAAA-AAAAA"):
        before = house.hashing.compared
        answer = house.browser().post("/api/v1/sign-in/slip", json={"code": code, "pin": "not it"})
        heard.append((answer.json(), house.hashing.compared - before))
    assert heard[0] == heard[1]


def test_a_slip_is_tried_a_few_times_an_hour_at_most(house: House) -> None:
    slip = slip_of(house)
    assert {sign_in(house, slip.code, "000 000")[0] for _ in range(SLIP.amount)} == {401}
    assert sign_in(house, slip.code, slip.pin)[0] == 429
    assert sign_in(house, slip_of(house, WU).code, "x")[0] == 401
    house.wall.pass_by(hours=1)
    assert sign_in(house, slip.code, slip.pin)[0] == 200


def test_a_newer_slip_voids_the_one_before_and_time_the_newer(house: House) -> None:
    first, second = slip_of(house), slip_of(house)
    assert [sign_in(house, *slip)[0] for slip in (first, second)] == [401, 200]
    house.wall.pass_by(days=30)
    assert sign_in(house, *second)[0] == 401


def test_no_slip_signs_in_who_must_show_a_code(house: House) -> None:
    assert sign_in(house, *slip_of(house, LI))[0] == 401
    account = house.with_code(WU)
    assert sign_in(house, *house.accounts.slips.issue(account, "console"))[0] == 401


def test_a_session_by_slip_ends_after_two_hours(house: House) -> None:
    _, browser = sign_in(house, *slip_of(house))
    for _ in range(5):
        house.wall.pass_by(minutes=24)
        browser.get("/api/v1/me")
    assert browser.get("/api/v1/me").status_code == 401
