"""The accounts of one ledger, put together from their parts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from api.identity.api_keys import ApiKeys
from api.identity.attempts import Limits
from api.identity.codes import Codes
from api.identity.journal import Journal
from api.identity.keyring import Keyring
from api.identity.links import Links
from api.identity.passwords import Passwords
from api.identity.people import People
from api.identity.seconding import Seconding
from api.identity.sessions import Sessions
from api.identity.shelf import Shelf, prepare, wall_clock
from api.identity.slips import Slips
from api.offices import OfficesNow
from ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Accounts:
    """What signing in works with."""

    shelf: Shelf
    offices: OfficesNow
    passwords: Passwords
    limits: Limits
    people: People
    links: Links
    codes: Codes
    sessions: Sessions
    slips: Slips
    keys: ApiKeys
    journal: Journal
    seconding: Seconding

    def counted(self, person: str) -> str:
        """Return under what attempts to be somebody are counted, whether he has an account or not."""
        return f"{self.shelf.ledger_id}:{person}"

    def forget_secrets(self, account: str) -> None:
        """Let an account have neither password nor authenticator, slip, key or session: its owner begins again."""
        self.people.set_password(account, None)
        self.codes.forget(account)
        self.slips.void(account)
        self.keys.revoke(account)
        self.sessions.end(account)


def accounts_of(
    ledger: Ledger,
    engine: Engine,
    keyring: Keyring,
    *,
    now: Callable[[], datetime] = wall_clock,
    passwords: Passwords | None = None,
) -> Accounts:
    """Return the accounts that a ledger has in a database; tables are made where they are missing."""
    prepare(engine)
    shelf = Shelf(engine, ledger.ledger_id, keyring, now)
    limits, offices = Limits(engine, now), OfficesNow(ledger)
    hashing = passwords or Passwords()
    return Accounts(
        shelf=shelf,
        offices=offices,
        passwords=hashing,
        limits=limits,
        people=People(shelf),
        links=Links(shelf),
        codes=Codes(shelf, limits),
        sessions=Sessions(shelf),
        slips=Slips(shelf, hashing),
        keys=ApiKeys(shelf),
        journal=Journal(shelf),
        seconding=Seconding(shelf, ledger, offices),
    )
