"""Nothing is changed from another site's page: where a request comes from, forms with their token, the cookie."""

from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI, Form
from fastapi.testclient import TestClient

from api.doors import Recorder
from api.identity.identified import Identified
from api.principal import Introducing
from api.problems import add_problems
from tests.api.identity.conftest import PASSWORD, House, carry, cookie_of
from tests.controls import SUN


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://testserver"}, 204),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_what_changes_something_comes_from_our_own_page(house: House, headers: dict[str, str], status: int) -> None:
    signed_in = house.signed_in()
    browser = house.browser()
    del browser.headers["Sec-Fetch-Site"]
    carry(browser, cookie_of(signed_in))
    assert browser.post("/api/v1/sign-out", headers=headers).status_code == status


def test_nobody_is_signed_in_from_another_sites_page(house: House) -> None:
    house.with_password(SUN)
    browser = house.browser(**{"Sec-Fetch-Site": "cross-site"})
    answer = browser.post("/api/v1/sign-in", json={"person": SUN, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site-request")


def test_reading_needs_no_page_of_ours(house: House) -> None:
    browser = house.signed_in()
    assert browser.get("/api/v1/me", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.fixture
def form(house: House) -> TestClient:
    router = APIRouter()

    @router.post("/form")
    def receive(_recorder: Recorder, words: Annotated[str, Form()]) -> str:
        return words

    app = FastAPI()
    add_problems(app)
    app.include_router(router)
    app.add_middleware(Introducing, identities=house.identified)
    client = TestClient(app, headers={"Sec-Fetch-Site": "same-origin"})
    return carry(client, cookie_of(house.signed_in()))


def token_of(house: House, browser: TestClient) -> str:
    signed_in = carry(house.browser(), cookie_of(browser))
    token: str = signed_in.get("/api/v1/me").json()["form_token"]
    return token


def test_a_form_carries_the_token_of_its_session(house: House, form: TestClient) -> None:
    token = token_of(house, form)
    assert form.post("/form", data={"words": "w", "form_token": token}).json() == "w"
    assert form.post("/form", data={"words": "w"}, headers={"X-Form-Token": token}).json() == "w"


@pytest.mark.parametrize("given", [{}, {"form_token": ""}, {"form_token": "0" * 64}, {"form_token": "密"}])
def test_a_form_without_its_token_changes_nothing(form: TestClient, given: dict[str, str]) -> None:
    answer = form.post("/form", data={"words": "w", **given})
    assert (answer.status_code, answer.json()["code"]) == (403, "form-token-differs")


def test_a_form_with_the_token_of_another_session_changes_nothing(house: House, form: TestClient) -> None:
    other = token_of(house, house.signed_in())
    assert form.post("/form", data={"words": "w", "form_token": other}).status_code == 403


def test_the_cookie_is_read_by_no_script_and_with_tls_by_this_host_alone(house: House) -> None:
    house.identified = Identified(house.accounts, secure=True)
    house.with_password(SUN)
    answer = house.browser().post("/api/v1/sign-in", json={"person": SUN, "password": PASSWORD})
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-starledger=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(attributes)
    assert not any(attribute.startswith("Domain") for attribute in attributes)


def test_without_tls_the_cookie_does_not_claim_to_be_secure(house: House) -> None:
    house.with_password(SUN)
    answer = house.browser().post("/api/v1/sign-in", json={"person": SUN, "password": PASSWORD})
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "Secure" not in answer.headers["Set-Cookie"]
