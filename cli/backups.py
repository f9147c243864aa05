"""`starledger backup`, `restore`, `move`: an installation in one file, back again, and onto the other engine."""

import contextlib
import dataclasses
import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from api.identity.keyring import KEY_FILE, keyring_in
from api.identity.shelf import prepare
from api.identity.tables import SCHEMA, accounts, recovery_codes
from cli.exits import Exit, stop
from cli.options import JSON, settings_of
from cli.printing import print_json
from cli.settings import Settings
from cli.wiring import (
    FINGERPRINT_KEY,
    LEDGER_FILE,
    accounts_url,
    installation,
    ledger_url,
    ledgers_in,
    require_existing,
)
from cli.working import working
from domain.text import Text
from ledger.backup import Backup, Beside, back_up, copy_tables, opened_backup
from ledger.copying import Copied, copy_ledgers
from ledger.engine import open_database
from ledger.proofs import roots_at
from ledger.verification import verify
from ledger.whole_files import create, replace, to_disk

PANEL = "operating"
LAST_BACKUP = "last-backup.json"
"""Where the data directory notes its newest backup, for doctor to tell how old it is."""
LASTING = (accounts, recovery_codes)
"""What a backup holds of accounts. What was revoked after it must not come back: sessions, links, slips, API keys."""
FILE = Annotated[Path, typer.Argument(metavar="FILE", help="the backup")]


def add_backups(app: typer.Typer) -> None:
    """Add the sub-commands."""
    for function in (backup, restore, move):
        app.command(function.__name__, rich_help_panel=PANEL)(function)


def backup(ctx: typer.Context, file: FILE, *, as_json: JSON = False) -> None:
    """Write a backup of every ledger into one new file, while others go on recording; everything is hashed again.

    It holds sealed words and keys: keep it as safe as the ledger, on another medium. The signer's folder is not in
    it, nor what lies in open ballot boxes, nor sessions, links, slips and API keys.
    """
    settings = settings_of(ctx)
    taken_at = datetime.now(UTC)
    with _source(settings) as engine, _accounts(settings) as apart, working(_COPYING, settings) as progress:
        beside = [Beside(apart, LASTING)]
        files = _keys_in(settings.data)
        copied = back_up(engine, file, taken_at=taken_at, files=files, beside=beside, progress=progress)
    said = {"file": str(file.resolve()), "taken_at": taken_at.isoformat(), "ledgers": _as_json(copied)}
    replace(settings.data / LAST_BACKUP, json.dumps(said, ensure_ascii=False).encode())
    _print(copied, said, _WRITTEN, settings, as_json=as_json)


def restore(
    ctx: typer.Context,
    file: FILE,
    *,
    check: Annotated[
        bool,
        typer.Option("--verify", help="only try it: restore into a folder of its own, verify, compare, leave nothing"),
    ] = False,
    as_json: JSON = False,
) -> None:
    """Restore a backup into an empty data directory or database, verify it and rebuild the views; exit 10 if it fails.

    With --verify nothing stays: it is tried in a folder of its own, and compared with the ledgers that run here, each
    of which must begin with what the backup holds.
    """
    settings = settings_of(ctx)
    if not file.is_file():
        stop(Exit.NOT_FOUND, _no_file(file), settings.language)
    with opened_backup(file) as found:
        if check:
            with tempfile.TemporaryDirectory() as folder:
                copied = _restored(found, dataclasses.replace(settings, data=Path(folder), database_url=None))
            _compare(copied, settings)
        else:
            copied = _restored(found, settings)
    said = {"file": str(file), "taken_at": found.taken_at.isoformat(), "ledgers": _as_json(copied)}
    _print(copied, said, _TRIED if check else _RESTORED, settings, as_json=as_json)


def move(
    ctx: typer.Context,
    to_data: Annotated[Path | None, typer.Option(help="from PostgreSQL into this data directory (SQLite)")] = None,
    *,
    as_json: JSON = False,
) -> None:
    """Move every ledger to PostgreSQL (STARLEDGER_MOVE_TO, its URL), or with --to-data to SQLite; stop serving first.

    Every entry is hashed again on the way, the heads are compared, the copy is verified. A SQLite file that was moved
    gets another name, so that nobody goes on recording in it.
    """
    settings = settings_of(ctx)
    target = _target(to_data, settings)
    if settings.database_url is None and _exists(settings):
        _require_alone(settings.data / LEDGER_FILE, settings)
    with _source(settings) as source, _opened(target) as engine, working(_COPYING, settings) as progress:
        if to_data is not None:
            _put_keys(target, _keys_in(settings.data))
        copied = copy_ledgers(source, engine, hold=True, progress=progress)
    with _accounts(settings) as apart, _accounts(target) as there:
        copy_tables(apart, there, LASTING)
    _prove(copied, target)
    if settings.database_url is None:
        _set_aside(settings.data / LEDGER_FILE)
    _print(copied, {"ledgers": _as_json(copied)}, _MOVED, settings, as_json=as_json)


def _target(to_data: Path | None, settings: Settings) -> Settings:
    if (to_data is None) == (settings.move_to is None) or (to_data is None) == (settings.database_url is not None):
        stop(Exit.USAGE, _WHERE_TO, settings.language)
    if to_data is None:
        return dataclasses.replace(settings, database_url=settings.move_to)
    return dataclasses.replace(settings, data=to_data, database_url=None)


def _restored(found: Backup, target: Settings) -> list[Copied]:
    """Restore into an empty installation and prove it; keys first, for without them no command would be recognised."""
    _put_keys(target, found.files)
    with _opened(target) as engine, working(_COPYING, target) as progress:
        copied = found.restore(engine, progress)
    with _accounts(target) as apart:
        found.restore_beside(Beside(apart, LASTING))
    _prove(copied, target)
    return copied


def _keys_in(data: Path) -> dict[str, bytes]:
    return {name: (data / name).read_bytes() for name in (FINGERPRINT_KEY, KEY_FILE)}


def _put_keys(target: Settings, files: Mapping[str, bytes]) -> None:
    """Put the keys where they belong; end with 5 where others are there, before anything is written."""
    target.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (FINGERPRINT_KEY, KEY_FILE):
        path = target.data / name
        if path.exists() and path.read_bytes() != files[name]:
            stop(Exit.CONFLICT, _another_key(path), target.language)
    for name in (FINGERPRINT_KEY, KEY_FILE):
        with contextlib.suppress(FileExistsError):
            create(target.data / name, files[name])


def _prove(copied: Sequence[Copied], target: Settings) -> None:
    """Verify what was copied where it lies now, and rebuild its views; ends with 10 where anything does not fit."""
    for each in copied:
        with installation(dataclasses.replace(target, ledger=each.ledger_id)) as installed:
            verdict = verify(installed.ledger)
            if not verdict.ok or (verdict.size, verdict.root) != (each.size, each.root):
                for finding in verdict.findings:
                    sys.stderr.write(f"{finding.message.said_in(target.language)}\n")
                stop(Exit.VIOLATED, _does_not_fit(each), target.language)
            installed.follower.rebuild()


def _compare(copied: Sequence[Copied], settings: Settings) -> None:
    """End with 10 where a ledger that runs here does not begin with what the backup holds of it."""
    if not _exists(settings):
        return
    running = _names(settings)
    for each in copied:
        if each.ledger_id in running:
            with installation(dataclasses.replace(settings, ledger=each.ledger_id)) as installed:
                ledger = installed.ledger
                if ledger.head().size < each.size or roots_at(ledger, [each.size])[each.size] != each.root:
                    stop(Exit.VIOLATED, _another_history(each), settings.language)


@contextmanager
def _source(settings: Settings) -> Iterator[Engine]:
    """Lend the database of the installation, whichever ledgers are in it."""
    require_existing(settings)
    with _opened(settings) as engine:
        yield engine


@contextmanager
def _opened(settings: Settings) -> Iterator[Engine]:
    engine = open_database(ledger_url(settings))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _accounts(settings: Settings) -> Iterator[Engine]:
    """Lend the accounts' database, with its key beside it."""
    keyring_in(settings.data)
    engine = open_database(accounts_url(settings), SCHEMA)
    try:
        prepare(engine)
        yield engine
    finally:
        engine.dispose()


def _exists(settings: Settings) -> bool:
    return settings.database_url is not None or (settings.data / LEDGER_FILE).exists()


def _names(settings: Settings) -> list[str]:
    with _source(settings) as engine:
        return ledgers_in(engine)


def _require_alone(file: Path, settings: Settings) -> None:
    """End with 5 where another process has the file open: what it records would be left behind."""
    with closing(sqlite3.connect(file, timeout=1)) as connection:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "in use"
    if mode != "delete":
        stop(Exit.CONFLICT, _IN_USE, settings.language)


def _set_aside(file: Path) -> None:
    file.rename(file.with_name(f"{file.name}.moved"))
    to_disk(file.parent)


def _as_json(copied: Sequence[Copied]) -> list[dict[str, Any]]:
    return [{"ledger": each.ledger_id, "size": each.size, "root": each.root.hex()} for each in copied]


def _print(copied: Sequence[Copied], said: dict[str, Any], words: Text, settings: Settings, *, as_json: bool) -> None:
    if as_json:
        print_json(said)
        return
    for each in copied:
        sys.stdout.write(f"{each.ledger_id}  size {each.size}  root {each.root.hex()}\n")
    sys.stderr.write(words.said_in(settings.language) + "\n")


_COPYING = Text("复制", "copying")
_WRITTEN = Text(
    "备份已写好，并逐条重新计算过哈希。请存放到别的介质上；可用 restore --verify 演练恢复。",
    "The backup is written, every entry hashed again. Keep it on another medium; try it with restore --verify.",
)
_TRIED = Text(
    "演练成功：备份可以恢复，全部核对无误；没有留下任何文件。",
    "It works: the backup was restored, verified and compared; nothing was left behind.",
)
_RESTORED = Text(
    "已恢复并核对无误，视图已重建；人员须重新登录，接口密钥须重新发放。备份时未收的票箱须宣布作废（void-box）；"
    "如签署方已签过更多条，checkpoint 会指出。",
    "Restored and verified, views rebuilt; people sign in anew, API keys are made anew. Boxes that were open then must "
    "be voided (void-box); where the signer has signed more than came back, checkpoint says so.",
)
_MOVED = Text(
    "已迁移，首尾一致并核对无误。今后请使用新的位置；原 SQLite 文件已改名为 ledger.db.moved。",
    "Moved; the heads are equal and the copy is verified. Use the new place from now on; a SQLite file that was moved "
    "is called ledger.db.moved now.",
)
_WHERE_TO = Text(
    "迁到 PostgreSQL：设 STARLEDGER_MOVE_TO 为其地址；由 PostgreSQL 迁回：用 --to-data 指明目录。",
    "From SQLite to PostgreSQL: set STARLEDGER_MOVE_TO to its URL. From PostgreSQL to SQLite: name a directory with "
    "--to-data.",
)
_IN_USE = Text(
    "有别的程序正在使用这个账本文件；请先停止 serve 等程序再迁移。",
    "Another program has this ledger open; stop it (serve, for example) before moving.",
)


def _no_file(file: Path) -> Text:
    return Text(f"没有文件 {file}。", f"There is no file {file}.")


def _another_key(path: Path) -> Text:
    return Text(
        f"{path} 是另一个安装的密钥；请选一个空的数据目录。",
        f"{path} is another installation's key; choose an empty data directory.",
    )


def _does_not_fit(copied: Copied) -> Text:
    return Text(
        f"账本 {copied.ledger_id} 恢复后核对不符（应为 {copied.size} 条）；请勿使用，换用另一份备份。",
        f"Ledger {copied.ledger_id} does not verify as it was copied ({copied.size} facts); do not use it, take "
        "another backup.",
    )


def _another_history(copied: Copied) -> Text:
    return Text(
        f"现有账本 {copied.ledger_id} 的前 {copied.size} 条与备份不同：其一已被改动。请运行 verify，核对外存的检查点。",
        f"The first {copied.size} facts of the ledger {copied.ledger_id} here are not those of the backup: one of the "
        "two was changed. Run verify, with a checkpoint that was held outside.",
    )
