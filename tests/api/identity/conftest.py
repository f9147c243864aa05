"""Accounts beside the ledger of the story, with a clock that moves when told to and passwords that cost little."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine

from api.app import create_app
from api.identity.accounts import Accounts, accounts_of
from api.identity.identified import Identified
from api.identity.keyring import Keyring
from api.identity.passwords import Passwords
from api.identity.tables import SCHEMA
from domain.ids import PersonId
from ledger.engine import open_database
from projections.engine import Follower
from tests.controls import SUN
from tests.projections.year_ledger import Year

PASSWORD = "eleven bright lanterns"  # noqa: S105 - of nobody
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Wall:
    """A wall clock that moves when told to."""

    at: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self.at

    def pass_by(self, **more: float) -> None:
        """Let time pass."""
        self.at += timedelta(**more)


class Cheap(Argon2Hasher):
    """A hash that costs little, and counts how often it was compared."""

    def __init__(self) -> None:
        """Cost little."""
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.compared = 0

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002 - the library's name
        """Compare and count."""
        self.compared += 1
        return super().verify(password, hash)


def cookie_of(browser: TestClient) -> str | None:
    """Return the token that a browser keeps."""
    return next((cookie.value for cookie in browser.cookies.jar), None)


def carry(browser: TestClient, cookie: str | None) -> TestClient:
    """Let a browser carry a token that it did not get itself."""
    browser.cookies.clear()
    browser.cookies.set("starledger", cookie or "", domain="testserver.local", path="/")
    return browser


@dataclass
class House:
    """An application with accounts, and what tests need to look behind it."""

    accounts: Accounts
    identified: Identified
    wall: Wall
    hashing: Cheap
    story: Year
    follower: Follower
    secrets: dict[str, str] = field(default_factory=dict)

    def browser(self, **headers: str) -> TestClient:
        """Return a browser that has not signed in, on our own page."""
        journal = self.accounts.journal
        app = create_app(ledger=self.story.ledger, follower=self.follower, identities=self.identified, journal=journal)
        return TestClient(app, raise_server_exceptions=False, headers={**OWN_PAGE, "Accept-Language": "en", **headers})

    def with_password(self, person: str = SUN, password: str = PASSWORD) -> str:
        """Let somebody have an account with a password; return the account."""
        account = self.accounts.people.made_for(PersonId(person)).account
        self.accounts.people.set_password(account, self.accounts.passwords.hashed(password))
        return account

    def with_code(self, person: str = SUN) -> str:
        """Let somebody have an authenticator as well."""
        account = self.with_password(person)
        self.secrets[person] = self.accounts.codes.begin(account, person).secret
        assert self.accounts.codes.confirm(account, self.code(person)) is not None
        self.wall.pass_by(seconds=30)
        return account

    def code(self, person: str = SUN) -> str:
        """Return what a person's authenticator shows now."""
        return pyotp.TOTP(self.secrets[person]).at(self.wall())

    def signed_in(self, person: str = SUN) -> TestClient:
        """Return the browser of somebody who has signed in with his password."""
        browser = self.browser()
        self.with_password(person)
        answer = browser.post("/api/v1/sign-in", json={"person": person, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return browser


@pytest.fixture
def accounts_engine(database_url: str) -> Iterator[Engine]:
    """Give an empty database of accounts, on either engine."""
    engine = open_database(database_url, SCHEMA)
    yield engine
    engine.dispose()


@pytest.fixture
def lone_engine(sqlite_url: str) -> Iterator[Engine]:
    """Give an empty database of accounts, in a file."""
    engine = open_database(sqlite_url.replace("ledger.db", "accounts.db"), SCHEMA)
    yield engine
    engine.dispose()


def housed(story: Year, follower: Follower, engine: Engine) -> House:
    """Return an application whose accounts are in a database."""
    wall, hashing = Wall(), Cheap()
    passwords = Passwords(hashing=hashing)
    accounts = accounts_of(story.ledger, engine, Keyring(bytes(32)), now=wall, passwords=passwords)
    return House(accounts, Identified(accounts, secure=False), wall, hashing, story, follower)


@pytest.fixture
def house(story: Year, follower: Follower, lone_engine: Engine) -> House:
    """Return an application with accounts in a file."""
    return housed(story, follower, lone_engine)


@pytest.fixture
def either_house(story: Year, follower: Follower, accounts_engine: Engine) -> House:
    """Return an application with accounts, once on each engine."""
    return housed(story, follower, accounts_engine)
