"""No secret stands in plain where accounts are kept, in a log or in a fact: looked for as bytes, with a control."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from api.identity.signing_in import with_password
from tests.api.identity.conftest import PASSWORD, House, cookie_of
from tests.controls import SUN, WU

MISTYPED = "typed-into-the-wrong-field"


def kept_by(house: House, log: StringIO) -> Iterator[tuple[str, bytes]]:
    """Yield everything that is kept: files of the accounts and of the ledger, and the log."""
    for engine in (house.accounts.shelf.engine, house.story.ledger.engine):
        for path in Path(engine.url.database or "").parent.glob("*.db*"):
            yield path.name, path.read_bytes()
    yield "log", log.getvalue().encode()


def found(canaries: dict[str, str], house: House, log: StringIO) -> list[tuple[str, str]]:
    return [
        (name, place) for place, content in kept_by(house, log) for name, c in canaries.items() if c.encode() in content
    ]


def lived(house: House) -> dict[str, str]:
    """Do everything that has to do with a secret, and return the secrets."""
    account = house.with_code(SUN)
    code, browser = house.code(SUN), house.browser()
    said = {"person": SUN, "password": PASSWORD, "code": code}
    form = browser.post("/api/v1/sign-in", json=said).json()["form_token"]
    first = cookie_of(browser)
    browser.post("/api/v1/step-up", json={"password": PASSWORD})
    house.wall.pass_by(seconds=30)
    key = browser.post("/api/v1/keys", json={"label": "x", "reach": ["read"]}).json()["written"]
    enrolled = browser.post("/api/v1/authenticator").json()["secret"]
    house.secrets[SUN] = enrolled
    recovery = browser.post("/api/v1/authenticator/confirm", json={"code": house.code(SUN)}).json()
    link = house.accounts.links.issue(account, "invitation", "REG")
    slip = house.accounts.slips.issue(house.with_password(WU), "REG")
    house.browser().post("/api/v1/sign-in/slip", json={"code": slip.code, "pin": slip.pin})
    for wrong in ({"person": MISTYPED, "password": MISTYPED}, {**said, "code": MISTYPED}, {"person": [MISTYPED]}):
        house.browser().post("/api/v1/sign-in", json=wrong)
    house.browser().get("/api/v1/me", headers={"Authorization": f"Bearer {MISTYPED}"})
    secrets = {"password": PASSWORD, "first token": first or "", "token": cookie_of(browser) or "", "form": form}
    more = {"key": key.rpartition("_")[2], "authenticator": enrolled, "link": link, "slip": slip.code, "pin": slip.pin}
    plain = {"slip as typed": slip.code.replace("-", ""), "mistyped": MISTYPED}
    return secrets | more | plain | {f"recovery {n}": each for n, each in enumerate(recovery["recovery_codes"])}


def test_no_secret_is_kept_in_plain(house: House, log: StringIO) -> None:
    secrets = lived(house)
    assert len(secrets) == 19
    assert all(len(secret) >= 6 for secret in secrets.values())
    assert [hit for hit in found(secrets, house, log) if hit[0] != "pin"] == []
    assert "request" in log.getvalue()


def test_control_a_secret_that_is_kept_in_plain_is_found(house: House, log: StringIO) -> None:
    account = house.with_password(SUN)
    house.accounts.sessions.begin(account, "password", device=PASSWORD)
    places = {place for _, place in found({"password": PASSWORD}, house, log)}
    assert "accounts.db" in {place.removesuffix("-wal") for place in places}


@pytest.mark.parametrize("kind", ["Account", "Entered", "Enrolment"])
def test_what_holds_a_secret_does_not_show_it(house: House, kind: str) -> None:
    account = house.with_code(SUN)
    shown = {
        "Account": repr(house.accounts.people.of(SUN)),
        "Entered": repr(with_password(house.accounts, SUN, PASSWORD, house.code(SUN), "")),
        "Enrolment": repr(house.accounts.codes.begin(account, SUN)),
    }
    assert not any(secret in shown[kind] for secret in ("$argon2", PASSWORD, house.secrets[SUN]))
