"""Signing in: what opens the door, what does not, and that nobody learns who has an account."""

import pytest

from api.identity.attempts import SIGN_IN
from api.identity.tables import sessions
from tests.api.identity.conftest import PASSWORD, House
from tests.controls import LI, ROUND, SUN, WU

WRONG = "not the password at all"


def sign_in(house: House, person: str = SUN, password: str = PASSWORD, **more: str) -> tuple[int, dict[str, object]]:
    answer = house.browser().post("/api/v1/sign-in", json={"person": person, "password": password, **more})
    return answer.status_code, answer.json()


def test_a_password_opens_a_session_in_which_one_is_known(either_house: House) -> None:
    browser = either_house.signed_in(SUN)
    known = browser.get("/api/v1/me").json()
    assert (known["person"], known["means"], known["stepped_up"]) == (SUN, "password", False)


def test_a_wrong_password_opens_nothing(house: House) -> None:
    house.with_password(SUN)
    status, said = sign_in(house, password=WRONG)
    assert (status, said["code"]) == (401, "wrong-credentials")


def test_an_unknown_account_hears_the_same_words_after_as_much_work_as_a_wrong_password(house: House) -> None:
    house.with_password(SUN)
    heard, work = [], []
    for person in (SUN, "nobody-here"):
        before = house.hashing.compared
        heard.append(sign_in(house, person, WRONG))
        work.append(house.hashing.compared - before)
    assert heard[0] == heard[1]
    assert work == [1, 1]


def test_a_closed_account_hears_the_same_words(house: House) -> None:
    account = house.with_password(SUN)
    house.accounts.people.set_disabled(account, disabled=True)
    assert sign_in(house) == sign_in(house, "nobody-here")


def test_an_account_without_a_password_is_opened_by_none(house: House) -> None:
    house.accounts.people.made_for(SUN)
    assert sign_in(house, password="")[0] == 401


def test_who_has_an_authenticator_needs_its_code(house: House) -> None:
    house.with_code(SUN)
    assert sign_in(house)[0] == 401
    assert sign_in(house, code=house.code(SUN))[0] == 200


def test_a_code_works_once(either_house: House) -> None:
    either_house.with_code(SUN)
    code = either_house.code(SUN)
    assert [sign_in(either_house, code=code)[0] for _ in range(2)] == [200, 401]


def test_a_recovery_code_works_once(house: House) -> None:
    account = house.with_password(SUN)
    house.secrets[SUN] = house.accounts.codes.begin(account, SUN).secret
    drawn = house.accounts.codes.confirm(account, house.code(SUN))
    assert drawn is not None
    assert [sign_in(house, code=drawn[0])[0] for _ in range(2)] == [200, 401]
    assert sign_in(house, code=drawn[1].upper())[0] == 200


def test_too_many_attempts_at_one_account_are_put_off_and_said_until_when(either_house: House) -> None:
    either_house.with_password(SUN)
    answers = [sign_in(either_house, password=WRONG)[0] for _ in range(SIGN_IN.amount)]
    assert set(answers) == {401}
    late = either_house.browser().post("/api/v1/sign-in", json={"person": SUN, "password": PASSWORD})
    assert (late.status_code, late.json()["code"]) == (429, "too-many-attempts")
    assert 0 < int(late.headers["Retry-After"]) <= 15 * 60
    either_house.wall.pass_by(minutes=15)
    assert sign_in(either_house)[0] == 200


def test_attempts_at_one_account_do_not_put_off_another(house: House) -> None:
    house.with_password(SUN)
    for _ in range(SIGN_IN.amount + 1):
        sign_in(house, WU, WRONG)
    assert sign_in(house, WU)[0] == 429
    assert sign_in(house, SUN)[0] == 200


def test_attempts_at_an_account_that_is_not_there_are_put_off_too(house: House) -> None:
    answers = [sign_in(house, "nobody-here", WRONG)[0] for _ in range(SIGN_IN.amount + 1)]
    assert answers[-1] == 429


def test_who_holds_an_office_that_needs_codes_can_only_enrol_without_them(house: House) -> None:
    browser = house.signed_in(LI)
    assert browser.get("/api/v1/me").json()["must_enrol"] is True
    kept_out = browser.get(f"/api/v1/rounds/{ROUND}/stars")
    assert (kept_out.status_code, kept_out.json()["code"]) == (403, "enrolment-needed")
    secret = browser.post("/api/v1/authenticator").json()["secret"]
    house.secrets[LI] = secret
    drawn = browser.post("/api/v1/authenticator/confirm", json={"code": house.code(LI)}).json()
    assert len(set(drawn["recovery_codes"])) == 8
    assert browser.get(f"/api/v1/rounds/{ROUND}/stars").status_code == 200


def test_a_wrong_code_enrols_nothing(house: House) -> None:
    browser = house.signed_in(LI)
    browser.post("/api/v1/authenticator")
    answer = browser.post("/api/v1/authenticator/confirm", json={"code": "000000"})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-code")
    assert browser.get("/api/v1/me").json()["must_enrol"] is True


def test_an_authenticator_is_changed_only_after_a_fresh_proof(house: House) -> None:
    house.with_code(SUN)
    browser = house.browser()
    browser.post("/api/v1/sign-in", json={"person": SUN, "password": PASSWORD, "code": house.code(SUN)})
    assert browser.post("/api/v1/authenticator").json()["code"] == "step-up-needed"
    browser.post("/api/v1/step-up", json={"password": PASSWORD})
    assert browser.post("/api/v1/authenticator").status_code == 200


def test_a_link_signs_in_once(either_house: House) -> None:
    account = either_house.accounts.people.made_for(SUN)
    token = either_house.accounts.links.issue(account.account, "invitation", "REG")
    answers = [either_house.browser().post("/api/v1/sign-in/link", json={"token": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert answers[0].json()["means"] == "link"


def test_a_link_that_has_expired_signs_nobody_in(house: House) -> None:
    account = house.accounts.people.made_for(SUN)
    token = house.accounts.links.issue(account.account, "first run", "console")
    house.wall.pass_by(minutes=15)
    assert house.browser().post("/api/v1/sign-in/link", json={"token": token}).status_code == 401


def test_a_newer_link_voids_the_one_before(house: House) -> None:
    account = house.accounts.people.made_for(SUN)
    tokens = [house.accounts.links.issue(account.account, "invitation", "REG") for _ in range(2)]
    statuses = [house.browser().post("/api/v1/sign-in/link", json={"token": token}).status_code for token in tokens]
    assert statuses == [401, 200]


def test_a_link_is_not_used_up_by_a_wrong_code(house: House) -> None:
    account = house.with_code(SUN)
    token = house.accounts.links.issue(account, "invitation", "REG")
    codes = ("000000", house.code(SUN))
    asked = ({"token": token, "code": code} for code in codes)
    assert [house.browser().post("/api/v1/sign-in/link", json=each).status_code for each in asked] == [401, 200]


def test_after_a_link_one_sets_a_password_and_signs_in_with_it(house: House) -> None:
    account = house.accounts.people.made_for(SUN)
    browser = house.browser()
    token = house.accounts.links.issue(account.account, "invitation", "REG")
    browser.post("/api/v1/sign-in/link", json={"token": token})
    assert browser.put("/api/v1/password", json={"new": PASSWORD}).status_code == 204
    assert sign_in(house)[0] == 200


@pytest.mark.parametrize("poor", ["short", "aaaaaaaaaaaaaaaa", "s" * 300])
def test_a_poor_password_is_refused(house: House, poor: str) -> None:
    answer = house.signed_in(SUN).put("/api/v1/password", json={"new": poor, "old": PASSWORD})
    assert answer.status_code == 422


def test_a_password_is_changed_by_who_knows_the_old_one(house: House) -> None:
    browser = house.signed_in(SUN)
    new = "seven quiet rivers flow"
    assert browser.put("/api/v1/password", json={"new": new, "old": WRONG}).json()["code"] == "wrong-proof"
    assert browser.put("/api/v1/password", json={"new": new, "old": PASSWORD}).status_code == 204
    assert (sign_in(house)[0], sign_in(house, password=new)[0]) == (401, 200)


def test_no_answer_about_accounts_is_kept_in_a_cache(house: House) -> None:
    answers = (house.signed_in(SUN).get("/api/v1/me"), house.browser().get("/api/v1/me"))
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store", "no-store"]


def test_a_session_that_lasted_its_time_is_let_go_of(house: House) -> None:
    house.signed_in(SUN)
    house.wall.pass_by(hours=13)
    house.signed_in(WU)
    with house.accounts.shelf.asking() as connection:
        assert len(connection.execute(sessions.select()).all()) == 1
