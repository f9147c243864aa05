"""Sessions: what a browser shows after signing in. They live here, so that one that is revoked ends at once.

The token is drawn anew at every sign-in and whenever its owner proves again that it is he: one that was planted or
seen before is worth nothing afterwards.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Row, delete, insert, select, update

from api.identity.keyring import digest_of, new_token
from api.identity.shelf import Shelf
from api.identity.tables import accounts, sessions
from api.principal import Means
from domain.ids import PersonId


class Lasting(NamedTuple):
    """How long a session lasts: without being used, and at most."""

    idle: timedelta
    absolute: timedelta


LASTING: Final[dict[Means, Lasting]] = {
    "password": Lasting(timedelta(hours=2), timedelta(hours=12)),
    "link": Lasting(timedelta(hours=2), timedelta(hours=12)),
    "demo": Lasting(timedelta(hours=2), timedelta(hours=12)),
    "slip": Lasting(timedelta(minutes=30), timedelta(hours=2)),
}
STEPPED_UP_FOR: Final = timedelta(minutes=5)
NOTED_EVERY: Final = timedelta(minutes=1)
"""How exactly it is kept when a session was used last."""
SESSION_BYTES: Final = 8
LONGEST_DEVICE: Final = 64


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner sees it in the list."""

    session: str
    account: str
    person: PersonId
    means: Means
    device: str
    made_at: datetime
    seen_at: datetime
    stepped_up_at: datetime | None
    has_code: bool

    def lasts_until(self) -> datetime:
        """Return when it ends if it is not used again."""
        lasting = LASTING[self.means]
        return min(self.seen_at + lasting.idle, self.made_at + lasting.absolute)

    def is_stepped_up(self, now: datetime) -> bool:
        """Return whether its owner has proved a moment ago that it is he."""
        return self.stepped_up_at is not None and now - self.stepped_up_at < STEPPED_UP_FOR


class Sessions:
    """Begins, finds, renews and ends sessions."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep them on this shelf."""
        self._shelf = shelf

    def begin(self, account: str, means: Means, device: str = "") -> str:
        """Return the token of a new session, which is seen this once; sessions that ended long ago go."""
        token, now = new_token(), self._shelf.now()
        values = {"account": account, "means": means, "device": device[:LONGEST_DEVICE]}
        longest = max(lasting.absolute for lasting in LASTING.values())
        with self._shelf.changing() as connection:
            connection.execute(delete(sessions).where(sessions.c.made_at < now - longest))
            connection.execute(
                insert(sessions).values(
                    session=secrets.token_hex(SESSION_BYTES), token=digest_of(token), made_at=now, seen_at=now, **values
                )
            )
        return token

    def of(self, token: str) -> Session | None:
        """Return the session that a token belongs to, None where it has ended; it counts as used."""
        asked = _JOINED.where(sessions.c.token == digest_of(token), accounts.c.ledger_id == self._shelf.ledger_id)
        with self._shelf.asking() as connection:
            row = connection.execute(asked.where(accounts.c.disabled.is_(False))).first()
        now = self._shelf.now()
        session = None if row is None else _session(row)
        if session is None or session.lasts_until() <= now:
            return None
        if now - session.seen_at >= NOTED_EVERY:
            self._note(session.session, seen_at=now)
        return session

    def listed(self, account: str) -> list[Session]:
        """Return the sessions of an account that have not ended, the newest first."""
        asked = _JOINED.where(sessions.c.account == account).order_by(sessions.c.made_at.desc(), sessions.c.session)
        with self._shelf.asking() as connection:
            found = [_session(row) for row in connection.execute(asked)]
        return [session for session in found if session.lasts_until() > self._shelf.now()]

    def renew(self, session: str, *, stepped_up: bool = False) -> str:
        """Return another token for a session: the one before is worth nothing from now on."""
        token = new_token()
        stepped = {"stepped_up_at": self._shelf.now()} if stepped_up else {}
        self._note(session, token=digest_of(token), **stepped)
        return token

    def end(self, account: str, session: str | None = None, *, but: str | None = None) -> int:
        """End one session of an account, or all (but one); return how many."""
        chosen = delete(sessions).where(sessions.c.account == account)
        if session is not None:
            chosen = chosen.where(sessions.c.session == session)
        if but is not None:
            chosen = chosen.where(sessions.c.session != but)
        with self._shelf.changing() as connection:
            return connection.execute(chosen).rowcount

    def _note(self, session: str, **values: object) -> None:
        with self._shelf.changing() as connection:
            connection.execute(update(sessions).where(sessions.c.session == session).values(**values))


_JOINED = select(sessions, accounts.c.person, accounts.c.code_confirmed).join_from(sessions, accounts)


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        session=row.session,
        account=row.account,
        person=PersonId(row.person),
        means=row.means,
        device=row.device,
        made_at=row.made_at,
        seen_at=row.seen_at,
        stepped_up_at=row.stepped_up_at,
        has_code=row.code_confirmed,
    )
