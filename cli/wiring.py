"""The composition root: a data directory or a database becomes a ledger with its views."""

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, select

from cli.exits import Exit, stop
from cli.settings import Settings
from domain.appointments import LedgerOpened
from domain.catalogue import CATALOGUE
from domain.text import Text
from ledger import schema
from ledger.appending import refuse_malformed
from ledger.clock import Clock, SimulatedClock, SystemClock
from ledger.engine import is_sqlite, open_database
from ledger.ledger import Ledger
from ledger.whole_files import create
from projections.engine import Follower
from projections.views import VIEWS

if TYPE_CHECKING:
    from api.identity.accounts import Accounts

DEFAULT_LEDGER = "main"
LEDGER_FILE = "ledger.db"
FINGERPRINT_KEY = "fingerprint.key"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Installation:
    """A ledger with its followers, put together for one run."""

    settings: Settings
    ledger: Ledger
    follower: Follower


_KEPT: ContextVar["dict[tuple[object, ...], Opened] | None"] = ContextVar("_KEPT", default=None)


@dataclass(frozen=True, slots=True)
class Opened:
    """Databases that are open, with the ledger and its followers on them."""

    engines: tuple[Engine, Engine]
    ledger: Ledger
    follower: Follower

    def close(self) -> None:
        """Close both databases."""
        for engine in self.engines:
            engine.dispose()


@contextmanager
def keeping_open() -> Iterator[None]:
    """Let all runs of the program inside this block share what they open: for many commands one after the other."""
    kept: dict[tuple[object, ...], Opened] = {}
    token = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(token)
        for opened in kept.values():
            opened.close()


@contextmanager
def installation(settings: Settings, *, create: bool = False) -> Iterator[Installation]:
    """Open the installation that the settings name; with `create`, where there is none yet."""
    if not create:
        require_existing(settings)
    kept = _KEPT.get()
    key = (settings.data, settings.database_url, settings.ledger)
    opened = (kept or {}).get(key) or _open(settings)
    if kept is not None:
        kept[key] = opened
    try:
        opened.ledger.clock = _clock(opened.ledger, settings)
        yield Installation(settings, opened.ledger, opened.follower)
    finally:
        if kept is None:
            opened.close()


@contextmanager
def opened_accounts(installed: Installation) -> Iterator["Accounts"]:
    """Lend the accounts of an installation: in `accounts.db` beside the facts, or in their database."""
    from api.identity.accounts import accounts_of  # noqa: PLC0415 - only who signs people in needs it
    from api.identity.keyring import keyring_in  # noqa: PLC0415 - likewise
    from api.identity.tables import SCHEMA  # noqa: PLC0415 - likewise

    settings = installed.settings
    engine = open_database(accounts_url(settings), SCHEMA)
    try:
        yield accounts_of(installed.ledger, engine, keyring_in(settings.data))
    finally:
        engine.dispose()


def _open(settings: Settings) -> Opened:
    if settings.ledger is not None:
        refuse_malformed(settings.ledger)  # before anything is written
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_database(ledger_url(settings))
    views = open_database(settings.database_url or f"sqlite:///{settings.data / 'views.db'}", "views")
    ledger = Ledger(
        engine,
        _ledger_name(engine, settings),
        catalogue=CATALOGUE,
        clock=SystemClock(),
        fingerprint_key=_fingerprint_key(settings),
    )
    return Opened((engine, views), ledger, Follower(ledger, views, VIEWS))


def ledger_url(settings: Settings) -> str:
    """Return where the facts are."""
    return settings.database_url or f"sqlite:///{settings.data / LEDGER_FILE}"


def accounts_url(settings: Settings) -> str:
    """Return where accounts are."""
    return settings.database_url or f"sqlite:///{settings.data / 'accounts.db'}"


def ledgers_in(engine: Engine) -> list[str]:
    """Return the names of the ledgers in a database."""
    schema_name = None if is_sqlite(engine) else schema.SCHEMA
    if not inspect(engine).has_table(schema.head.name, schema=schema_name):
        return []
    with engine.connect() as connection:
        return list(connection.execute(select(schema.head.c.ledger_id).order_by(schema.head.c.ledger_id)).scalars())


def require_existing(settings: Settings) -> None:
    """End with 3 where the settings name no installation."""
    if settings.database_url is None and not (settings.data / LEDGER_FILE).exists():
        stop(Exit.NOT_FOUND, _no_ledger(settings.data), settings.language)


def _ledger_name(engine: Engine, settings: Settings) -> str:
    """Return the ledger asked for, or the only one there is."""
    if settings.ledger is not None:
        return settings.ledger
    names = ledgers_in(engine)
    if len(names) > 1:
        stop(Exit.USAGE, _several(names), settings.language)
    return names[0] if names else DEFAULT_LEDGER


def _clock(ledger: Ledger, settings: Settings) -> Clock:
    """Return the machine's clock, or the simulated one of a ledger that says so in its first fact."""
    first = next(ledger.read(upto=1), None)
    if first is None:
        return SystemClock() if settings.clock is None else SimulatedClock(settings.clock)
    simulated = isinstance(first.event, LedgerOpened) and first.event.simulated_clock
    if not simulated:
        if settings.clock is not None:
            stop(Exit.USAGE, _REAL_CLOCK, settings.language)
        return SystemClock()
    return SimulatedClock(settings.clock or ledger.head().last_time or first.recorded_at)


def _fingerprint_key(settings: Settings) -> bytes:
    """Return the key that fingerprints commands; it lives beside the database, never in it.

    It is on disk before the first command is: without it no command sent again would be recognised.
    """
    path = settings.data / FINGERPRINT_KEY
    if not path.exists():
        with contextlib.suppress(FileExistsError):
            create(path, secrets.token_bytes(KEY_BYTES))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        stop(Exit.VIOLATED, _key_damaged(path), settings.language)
    return key


_REAL_CLOCK = Text(
    "这本账使用真实时钟，不能用 --clock 指定时间；只有以模拟时钟开立的演示账可以。",
    "This ledger runs on the machine's clock; --clock is for ledgers that were opened with a simulated one.",
)


def _key_damaged(path: Path) -> Text:
    return Text(
        f"文件 {path} 已损坏（应为 {KEY_BYTES} 字节），无法识别重复提交的命令；请从备份恢复该文件。",
        f"{path} is damaged ({KEY_BYTES} bytes expected): commands sent again cannot be recognised. Restore the file "
        f"from a backup.",
    )


def _no_ledger(data: Path) -> Text:
    return Text(
        f"目录 {data} 里没有账本；请用 --data 指明目录，或先用 open-ledger 开立。",
        f"There is no ledger in {data}; name the directory with --data, or open one with open-ledger.",
    )


def _several(names: list[str]) -> Text:
    listed = "、".join(names), ", ".join(names)
    return Text(
        f"这里有多本账：{listed[0]}；请用 --ledger 指明。",
        f"There are several ledgers: {listed[1]}; choose with --ledger.",
    )
