"""People come in by a form, are sent on to a page of ours, and leave; in a demonstration they choose who to be."""

from collections.abc import Iterator

import pyotp
import pytest
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher

from api.app import create_app
from api.identity.accounts import Accounts, accounts_of
from api.identity.identified import Identified
from api.identity.keyring import Keyring
from api.identity.passwords import Passwords
from api.identity.tables import SCHEMA
from ledger.clock import SystemClock
from ledger.engine import open_database
from projections.engine import Follower
from tests.api.pages.conftest import BROWSER
from tests.api.pages.pages_read import PageRead
from tests.controls import LI, ROUND, SUN
from tests.projections.year_ledger import Year

FROM_HERE = {"Accept": BROWSER, "Sec-Fetch-Site": "same-origin"}
Built = tuple[TestClient, Accounts]


@pytest.fixture
def built(story: Year, follower: Follower, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Give a browser before an installation with accounts, and the accounts."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('accounts') / 'accounts.db'}", SCHEMA)
    cheap = Passwords(hashing=Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts = accounts_of(story.ledger, engine, Keyring(b"k" * 32), passwords=cheap)
    app = create_app(ledger=story.ledger, follower=follower, identities=Identified(accounts, secure=False))
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as browser:
        browser.headers.update(FROM_HERE)
        yield browser, accounts
    engine.dispose()


def test_in_a_demonstration_one_chooses_who_to_be(built: Built) -> None:
    browser, _ = built
    offered = PageRead(browser.get("/sign-in/demo").text)
    assert LI in offered.text
    came = browser.post("/sign-in/demo", data={"person": SUN, "next_page": "/me"})
    assert (came.status_code, came.headers["location"]) == (303, "/me")
    assert browser.get("/me").status_code == 200


def test_on_a_real_ledger_nobody_can_be_chosen(built: Built, story: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, _ = built
    monkeypatch.setattr(story.ledger, "clock", SystemClock())
    assert browser.get("/sign-in/demo").status_code == 403
    refused = browser.post("/sign-in/demo", data={"person": SUN})
    assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)
    assert "/sign-in/demo" not in browser.get("/sign-in").text


def test_a_wrong_password_is_said_on_the_form_and_opens_nothing(built: Built) -> None:
    browser, _ = built
    answer = browser.post("/sign-in", data={"person": SUN, "password": "no"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    assert 'role="alert"' in answer.text
    assert browser.get("/me").status_code == 303


def test_a_link_opens_once_and_only_when_it_is_pressed(built: Built) -> None:
    browser, accounts = built
    token = accounts.links.issue(accounts.people.made_for(SUN).account, "invitation", "console")
    for _ in range(2):
        assert browser.get("/sign-in/link").status_code == 200
    assert browser.post("/sign-in/link", data={"token": token}).status_code == 303
    assert browser.post("/sign-in/link", data={"token": token}).status_code == 401


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        (f"/rounds/{ROUND}", f"/rounds/{ROUND}"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/me\r\nSet-Cookie: a=b", "/me%0D%0ASet-Cookie:%20a=b"),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(built: Built, asked: str, led: str) -> None:
    browser, _ = built
    assert browser.post("/sign-in/demo", data={"person": SUN, "next_page": asked}).headers["location"] == led


def test_another_site_signs_nobody_in(built: Built) -> None:
    browser, _ = built
    answer = browser.post("/sign-in/demo", data={"person": SUN}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_who_leaves_is_out_and_a_form_of_another_session_does_not_sign_out(built: Built) -> None:
    browser, _ = built
    browser.post("/sign-in/demo", data={"person": SUN})
    assert browser.post("/sign-out", data={"form_token": "another"}).status_code == 403
    page = browser.get("/me").text
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    assert browser.post("/sign-out", data={"form_token": token}).headers["location"] == "/sign-in"
    assert browser.get("/me").headers["location"].startswith("/sign-in?next=")


def test_a_fresh_proof_leads_back_to_where_it_was_needed(built: Built) -> None:
    browser, _ = built
    browser.post("/sign-in/demo", data={"person": SUN})
    page = browser.get("/step-up?next=/me").text
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    proved = browser.post("/step-up", data={"form_token": token, "next_page": "/me"})
    assert (proved.status_code, proved.headers["location"]) == (303, "/me")


def token_on(page: str) -> str:
    return page.partition('name="form_token" value="')[2].partition('"')[0]


def test_who_must_have_an_authenticator_is_led_to_enrol_one_and_then_let_on(built: Built) -> None:
    browser, accounts = built
    link = accounts.links.issue(accounts.people.made_for(LI).account, "invitation", "console")
    browser.post("/sign-in/link", data={"token": link})
    led = browser.get("/me")
    assert (led.status_code, led.headers["location"]) == (303, "/account?next=/me")
    page = browser.get("/account").text
    page = browser.post("/account/authenticator", data={"form_token": token_on(page)}).text
    secret = page.partition("<figcaption><code>")[2].partition("</code>")[0]
    wrong = browser.post("/account/authenticator/confirm", data={"form_token": token_on(page), "code": "000000"})
    assert wrong.status_code == 422
    code = pyotp.TOTP(secret).now()
    right = browser.post("/account/authenticator/confirm", data={"form_token": token_on(page), "code": code})
    assert (right.status_code, "备用码" in right.text) == (200, True)
    assert browser.get("/me").status_code == 200


def test_a_password_is_set_on_the_page_and_opens_the_door_afterwards(built: Built) -> None:
    browser, accounts = built
    link = accounts.links.issue(accounts.people.made_for(SUN).account, "invitation", "console")
    browser.post("/sign-in/link", data={"token": link})
    page = browser.get("/account").text
    for new, status in (("short", 422), ("eleven bright lanterns", 200)):
        answer = browser.post("/account/password", data={"form_token": token_on(page), "new": new})
        assert answer.status_code == status
    browser.cookies.clear()
    came = browser.post("/sign-in", data={"person": SUN, "password": "eleven bright lanterns"})
    assert came.status_code == 303


def test_a_session_is_ended_from_the_list(built: Built) -> None:
    browser, accounts = built
    other = accounts.sessions.begin(accounts.people.made_for(SUN).account, "demo", "another browser")
    browser.post("/sign-in/demo", data={"person": SUN})
    session = accounts.sessions.of(other)
    assert session is not None
    page = browser.get("/account").text
    browser.post("/account/sessions/end", data={"form_token": token_on(page), "session": session.session})
    assert accounts.sessions.of(other) is None
