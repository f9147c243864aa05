"""The tables of accounts: apart from facts and views, in `accounts.db` or in the schema `accounts`.

No secret stands in them as it is given to people: passwords and PINs are argon2id hashes, tokens and keys are SHA-256
of 256 random bits, what must be read again (secrets of authenticators, waiting commands) is sealed under a key that
lies in a file beside the database. Every table but the version's begins with, or leads to, the ledger it belongs to.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table
from sqlalchemy import UniqueConstraint as Unique

from projections.columns import Instant, Listed, Words, key

SCHEMA: Final = "accounts"
VERSION: Final = 1
"""What the tables look like; a database of another version is refused, not guessed at."""

metadata = MetaData(schema=SCHEMA)


def _account() -> Column[str]:
    return Column("account", String, ForeignKey("accounts.accounts.account"), nullable=False, index=True)


def _hash(name: str, **more: Any) -> Column[bytes]:  # noqa: ANN401 - what SQLAlchemy takes
    return Column(name, LargeBinary(32), **more)


versions = Table("version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

accounts = Table(
    "accounts",
    metadata,
    key("account"),
    Column("ledger_id", String, nullable=False),
    Column("person", String, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("password", String),
    Column("code_secret", LargeBinary),
    Column("code_coming", LargeBinary),
    Column("code_step", BigInteger, nullable=False, default=0),
    Column("code_confirmed", Boolean, nullable=False, default=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Unique("ledger_id", "person"),
)
"""One for each person of a ledger; `code_step` is the last time step of which a one-time code was used."""

recovery_codes = Table("recovery_codes", metadata, _hash("code", primary_key=True), _account())
"""A recovery code goes when it is used."""

links = Table(
    "links",
    metadata,
    _hash("token", primary_key=True),
    _account(),
    Column("purpose", String, nullable=False),
    Column("issued_by", String, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

slips = Table(
    "slips",
    metadata,
    _hash("code", primary_key=True),
    _account(),
    Column("pin", String, nullable=False),
    Column("issued_by", String, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    key("session"),
    _hash("token", nullable=False, unique=True),
    _account(),
    Column("means", String, nullable=False),
    Column("device", Words, nullable=False, default=""),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("stepped_up_at", Instant),
)
"""`device` is what the person himself called it; no address and no program is kept."""

keys = Table(
    "keys",
    metadata,
    key("key"),
    _hash("secret", nullable=False, unique=True),
    _account(),
    Column("label", Words, nullable=False),
    Column("reach", Listed, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("last_used_on", String),
)
"""`key` is the part of an API key that may be shown again; when it was used is known to the day."""

attempts = Table(
    "attempts",
    metadata,
    _hash("of", primary_key=True),
    Column("count", Integer, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
"""How often somebody has tried an account or a slip in the present window; whose it was is not readable here."""

pending = Table(
    "pending",
    metadata,
    key("pending"),
    Column("ledger_id", String, nullable=False),
    Column("command_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("actor", String, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("seconded_by", String),
    Unique("ledger_id", "command_id"),
)
"""What takes two persons and waits for the second; what was asked for is sealed, and is no fact yet."""

journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("ledger_id", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("code", String, nullable=False),
    Column("means", String, nullable=False),
    Column("person", String),
    Column("route", String, nullable=False),
    Column("count", Integer, nullable=False, default=1),
)
"""Refused sign-ins and denied requests, the newest alone; what is alike within a minute is one line with a count.

`person` is whose account it was, never what was typed."""
