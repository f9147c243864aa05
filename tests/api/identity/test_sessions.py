"""Sessions: how long they last, how they end, and that none is planted or borrowed."""

from fastapi.testclient import TestClient

from tests.api.identity.conftest import PASSWORD, House, carry, cookie_of, housed
from tests.controls import SUN, WU

ME = "/api/v1/me"


def status(browser: TestClient) -> int:
    return browser.get(ME).status_code


def test_a_session_ends_where_it_is_not_used_for_two_hours(house: House) -> None:
    browser = house.signed_in()
    house.wall.pass_by(minutes=119)
    assert status(browser) == 200
    house.wall.pass_by(minutes=119)
    assert status(browser) == 200
    house.wall.pass_by(minutes=120)
    assert status(browser) == 401


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(house: House) -> None:
    browser = house.signed_in()
    seen = []
    for _ in range(12):
        seen.append(status(browser))
        house.wall.pass_by(hours=1)
    assert (set(seen), status(browser)) == ({200}, 401)


def test_who_signs_out_is_signed_in_no_longer_whoever_kept_the_cookie(house: House) -> None:
    browser = house.signed_in()
    kept = cookie_of(browser)
    assert browser.post("/api/v1/sign-out").status_code == 204
    assert cookie_of(browser) is None
    assert carry(browser, kept).get(ME).json()["code"] == "session-ended"


def test_a_session_is_listed_and_ended_by_its_owner(either_house: House) -> None:
    first, second = either_house.signed_in(), either_house.signed_in()
    listed = first.get("/api/v1/sessions").json()
    other = next(each["session"] for each in listed if not each["this"])
    assert first.delete(f"/api/v1/sessions/{other}").status_code == 204
    assert (status(first), status(second)) == (200, 401)


def test_nobody_ends_somebody_elses_session(house: House) -> None:
    browser, other = house.signed_in(SUN), house.signed_in(WU)
    theirs = other.get("/api/v1/sessions").json()[0]["session"]
    assert browser.delete(f"/api/v1/sessions/{theirs}").status_code == 404
    assert status(other) == 200


def test_all_sessions_end_at_once(house: House) -> None:
    first, second = house.signed_in(), house.signed_in()
    assert first.delete("/api/v1/sessions").status_code == 204
    assert (status(first), status(second)) == (401, 401)


def test_a_session_revoked_in_one_process_has_ended_in_another(either_house: House) -> None:
    browser = either_house.signed_in()
    elsewhere = housed(either_house.story, either_house.follower, either_house.accounts.shelf.engine).browser()
    carry(elsewhere, cookie_of(browser))
    assert status(elsewhere) == 200
    browser.delete("/api/v1/sessions")
    assert status(elsewhere) == 401


def test_another_password_ends_the_other_sessions(house: House) -> None:
    first, second = house.signed_in(), house.signed_in()
    first.put("/api/v1/password", json={"new": "seven quiet rivers flow", "old": PASSWORD})
    assert (status(first), status(second)) == (200, 401)


def test_closing_an_account_ends_its_sessions_at_once(house: House) -> None:
    browser = house.signed_in()
    account = house.accounts.people.of(SUN)
    assert account is not None
    house.accounts.people.set_disabled(account.account, disabled=True)
    assert status(browser) == 401


def test_a_cookie_planted_before_signing_in_is_worth_nothing_afterwards(house: House) -> None:
    attacker = house.signed_in(WU)
    planted = cookie_of(attacker)
    victim = carry(house.browser(), planted)
    house.with_password(SUN)
    victim.post("/api/v1/sign-in", json={"person": SUN, "password": PASSWORD})
    assert victim.get(ME).json()["person"] == SUN
    assert cookie_of(victim) != planted
    assert status(attacker) == 401


def test_a_fresh_proof_changes_the_token_and_lasts_five_minutes(house: House) -> None:
    browser = house.signed_in()
    before = cookie_of(browser)
    assert browser.post("/api/v1/step-up", json={"password": PASSWORD}).json()["stepped_up"] is True
    assert cookie_of(browser) != before
    assert status(carry(house.browser(), before)) == 401
    house.wall.pass_by(minutes=5)
    assert browser.get(ME).json()["stepped_up"] is False


def test_a_wrong_password_is_no_fresh_proof(house: House) -> None:
    browser = house.signed_in()
    answer = browser.post("/api/v1/step-up", json={"password": "not the password at all"})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong-proof")
    assert browser.get(ME).json()["stepped_up"] is False
