"""The accounts of one ledger, put together from their parts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from api.identity.attempts import Limits
from api.identity.codes import Codes
from api.identity.keyring import Keyring
from api.identity.links import Links
from api.identity.passwords import Passwords
from api.identity.people import People
from api.identity.sessions import Sessions
from api.identity.shelf import Shelf, prepare, wall_clock
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

    def counted(self, person: str) -> str:
        """Return under what attempts to be somebody are counted, whether he has an account or not."""
        return f"{self.shelf.ledger_id}:{person}"

    def forget_secrets(self, account: str) -> None:
        """Let an account have neither password nor authenticator, and end its sessions: its owner begins again."""
        self.people.set_password(account, None)
        self.codes.forget(account)
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
    limits = Limits(engine, now)
    return Accounts(
        shelf=shelf,
        offices=OfficesNow(ledger),
        passwords=passwords or Passwords(),
        limits=limits,
        people=People(shelf),
        links=Links(shelf),
        codes=Codes(shelf, limits),
        sessions=Sessions(shelf),
    )
