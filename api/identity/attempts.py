"""Limits on trying: by account and by slip, not by address alone, counted for all processes in the accounts' tables."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from api.identity.tables import attempts
from domain.decision import Refused
from domain.text import Text
from ledger.engine import is_sqlite, writing

SIGN_IN: Final = RateLimitItemPerMinute(10, 15, "sign-in")
"""Of one account: ten in a quarter of an hour."""
CODE: Final = RateLimitItemPerMinute(5, 15, "code")
"""One-time codes have six digits: five tries in a quarter of an hour."""
SLIP: Final = RateLimitItemPerHour(5, 1, "slip")
"""Of one slip."""


class TooMany(Refused):
    """Somebody tries too often (429); `retry_after` seconds he may again."""

    def __init__(self, seconds: int) -> None:
        """Refuse until then."""
        super().__init__("too-many-attempts", _too_many(seconds))
        self.retry_after = seconds


class KeptAttempts(Storage):
    """Counts in the accounts' tables, for the strategies of `limits`."""

    STORAGE_SCHEME = None  # made by hand, never from an address

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        """Count in this database."""
        super().__init__()
        self._engine = engine
        self._now = now

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what no strategy catches: a fault of the database is one."""
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count one more and return how many there are in the window, which begins with the first."""
        now = self._now()
        first = {"of": _mark(key), "count": amount, "expires_at": now + timedelta(seconds=expiry)}
        more = {"count": attempts.c.count + amount}
        made = (insert_on_sqlite if is_sqlite(self._engine) else insert_on_postgresql)(attempts).values(**first)
        counted = made.on_conflict_do_update(index_elements=[attempts.c.of], set_=more).returning(attempts.c.count)
        with writing(self._engine).begin() as connection:
            connection.execute(delete(attempts).where(attempts.c.expires_at <= now))
            return int(connection.execute(counted).scalar_one())

    def get(self, key: str) -> int:
        """Return how many there are in the present window."""
        asked = select(attempts.c.count).where(attempts.c.of == _mark(key), attempts.c.expires_at > self._now())
        with self._engine.connect() as connection:
            return connection.execute(asked).scalar() or 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since 1970."""
        with self._engine.connect() as connection:
            ends = connection.execute(select(attempts.c.expires_at).where(attempts.c.of == _mark(key))).scalar()
        return (ends or self._now()).timestamp()

    def check(self) -> bool:
        """Return whether the database can be asked."""
        return self.get("") == 0

    def reset(self) -> int | None:
        """Forget every attempt."""
        with writing(self._engine).begin() as connection:
            return connection.execute(delete(attempts)).rowcount

    def clear(self, key: str) -> None:
        """Forget the attempts under a key."""
        with writing(self._engine).begin() as connection:
            connection.execute(delete(attempts).where(attempts.c.of == _mark(key)))


class Limits:
    """Says who tries too often."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        """Count in this database."""
        self._kept = KeptAttempts(engine, now)
        self._windows = FixedWindowRateLimiter(self._kept)
        self._now = now

    def count(self, limit: RateLimitItem, of: str) -> None:
        """Count one attempt before it is looked at, whether there is such an account or not; raises `TooMany`."""
        if not self._windows.hit(limit, of):
            ends = self._windows.get_window_stats(limit, of).reset_time
            raise TooMany(max(1, round(ends - self._now().timestamp())))

    def forgive(self, limit: RateLimitItem, of: str) -> None:
        """Forget the attempts of one who has shown that it is he."""
        self._windows.clear(limit, of)


def _mark(key: str) -> bytes:
    return sha256(key.encode()).digest()


def _too_many(seconds: int) -> Text:
    minutes = -(-seconds // 60)
    return Text(f"尝试次数过多；请{minutes}分钟后再试。", f"Too many attempts; try again in {minutes} min.")
