"""API keys: for programs of a person, as far as he lets them reach, until a day. The secret is shown once.

A key is written `starledger_ID_SECRET`; the id may be shown again, of the 256 random bits only a hash is kept.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import Row, delete, insert, select, update

from api.identity.keyring import digest_of, new_token
from api.identity.shelf import Shelf
from api.identity.tables import accounts, keys
from api.principal import OF_KEYS, Reach
from domain.ids import PersonId

PREFIX: Final = "starledger"
KEY_BYTES: Final = 6
LONGEST: Final = timedelta(days=366)
MOST: Final = 20
"""Keys of one account."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as its owner sees it in the list; `last_used_on` is a day."""

    key: str
    account: str
    person: PersonId
    label: str
    reach: frozenset[Reach]
    made_at: datetime
    expires_at: datetime
    last_used_on: str | None
    has_code: bool


class ApiKeys:
    """Makes, finds and revokes keys."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep them on this shelf."""
        self._shelf = shelf

    def make(self, account: str, label: str, reach: frozenset[Reach], lasts: timedelta) -> tuple[str, str]:
        """Return a new key's id and the key itself, which is seen this once."""
        name, secret, now = secrets.token_hex(KEY_BYTES), new_token(), self._shelf.now()
        values = {"key": name, "secret": digest_of(secret), "account": account, "label": label}
        with self._shelf.changing() as connection:
            connection.execute(delete(keys).where(keys.c.expires_at <= now))
            ends = now + min(lasts, LONGEST)
            kept = tuple(sorted(reach & OF_KEYS))
            connection.execute(insert(keys).values(**values, reach=kept, made_at=now, expires_at=ends))
        return name, f"{PREFIX}_{name}_{secret}"

    def of(self, written: str) -> ApiKey | None:
        """Return the key that is written so, None where it has been revoked or has expired; the day is noted."""
        prefix, _, rest = written.partition("_")
        name, _, secret = rest.partition("_")
        asked = _JOINED.where(
            keys.c.key == name,
            keys.c.secret == digest_of(secret),
            keys.c.expires_at > self._shelf.now(),
            accounts.c.ledger_id == self._shelf.ledger_id,
            accounts.c.disabled.is_(False),
        )
        with self._shelf.asking() as connection:
            row = connection.execute(asked).first()
        if row is None or prefix != PREFIX:
            return None
        found, today = _key(row), self._shelf.now().date().isoformat()
        if found.last_used_on != today:
            with self._shelf.changing() as connection:
                connection.execute(update(keys).where(keys.c.key == name).values(last_used_on=today))
        return found

    def listed(self, account: str) -> list[ApiKey]:
        """Return the keys of an account that have not expired, the newest first."""
        asked = _JOINED.where(keys.c.account == account, keys.c.expires_at > self._shelf.now())
        with self._shelf.asking() as connection:
            return [_key(row) for row in connection.execute(asked.order_by(keys.c.made_at.desc(), keys.c.key))]

    def revoke(self, account: str, key: str | None = None) -> int:
        """Revoke one key of an account, or all; return how many."""
        chosen = delete(keys).where(keys.c.account == account)
        with self._shelf.changing() as connection:
            return connection.execute(chosen if key is None else chosen.where(keys.c.key == key)).rowcount


_JOINED = select(keys, accounts.c.person, accounts.c.code_confirmed).join_from(keys, accounts)


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    return ApiKey(
        key=row.key,
        account=row.account,
        person=PersonId(row.person),
        label=row.label,
        reach=frozenset(cast("tuple[Reach, ...]", row.reach)),
        made_at=row.made_at,
        expires_at=row.expires_at,
        last_used_on=row.last_used_on,
        has_code=row.code_confirmed,
    )
