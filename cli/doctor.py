"""`starledger doctor`: is this installation sound, and what is to be done where it is not (O2).

A check is a function that yields lines; the checks are a list. Nothing is changed.
"""

import json
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, cast

import typer

from cli.backups import LAST_BACKUP
from cli.exits import Exit, Stop
from cli.options import JSON, settings_of
from cli.printing import minute, print_json
from cli.settings import Settings
from cli.signing import signer_directory, signing_for
from cli.wiring import FINGERPRINT_KEY, Installation, installation
from domain.calendars import Calendars
from domain.dates import civil_date
from domain.text import Text
from ledger.cautions import cautions
from ledger.failures import UnsafeSettings
from ledger.key_folder import KeyUnusable, WillNotSign
from ledger.proofs import roots_at
from ledger.verification import hashes
from projections.engine import FaultyView

Level = Literal["ok", "warn", "fail"]
GIB: Final = 1 << 30
FEW_BYTES, HARDLY_ANY_BYTES = 2 * GIB, GIB // 2
OLD_BACKUP = OLD_CHECKPOINT = timedelta(days=7)
NEXT_CALENDAR_FROM_MONTH: Final = 11
"""The State Council announces the next year's rest days in November (AMB-B14)."""
FAR_BEHIND_FACTS: Final = 10_000
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Line:
    """What a check found, and what is to be done about it where it is not ok."""

    check: str
    level: Level
    found: Text
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined, and the instant it is by the machine's clock."""

    installed: Installation
    now: datetime

    @property
    def settings(self) -> Settings:
        """The settings of this run."""
        return self.installed.settings


Check = Callable[[Patient], Iterator[Line]]


def add_doctor(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("doctor", rich_help_panel="operating")(doctor)


def doctor(ctx: typer.Context, *, as_json: JSON = False) -> None:
    """Examine the installation: each line ok, warn or fail, with its remedy; exit 6 where one fails."""
    settings = settings_of(ctx)
    lines = list(examined(settings, datetime.now(UTC)))
    if as_json:
        print_json([_as_json(line, settings) for line in lines])
    else:
        sys.stdout.writelines(f"{_said(line, settings)}\n" for line in lines)
    if any(line.level == "fail" for line in lines):
        raise Stop(Exit.REFUSED)


def examined(settings: Settings, now: datetime) -> Iterator[Line]:
    """Yield every line; a database whose settings are unsafe ends it, for it is not opened."""
    try:
        with installation(settings) as installed:
            yield Line("database", "ok", _SAFE)
            for check in CHECKS:
                yield from check(Patient(installed, now))
    except UnsafeSettings as unsafe:
        yield Line("database", "fail", unsafe.why, _SET_SAFELY)


def _as_json(line: Line, settings: Settings) -> dict[str, str | None]:
    remedy = None if line.remedy is None else line.remedy.said_in(settings.language)
    return {
        "check": line.check,
        "level": line.level,
        "found": line.found.said_in(settings.language),
        "remedy": remedy,
    }


def _said(line: Line, settings: Settings) -> str:
    remedy = "" if line.remedy is None else f"\n      {line.remedy.said_in(settings.language)}"
    return f"{line.level:4}  {line.found.said_in(settings.language)}{remedy}"


# checks


def engine(patient: Patient) -> Iterator[Line]:
    """Yield what the database's version is known for."""
    for each in cautions(patient.installed.ledger.engine):
        yield Line("database", "warn", each.why)


def disk(patient: Patient) -> Iterator[Line]:
    """Yield how much room is left beside the data."""
    free = shutil.disk_usage(patient.settings.data if patient.settings.data.exists() else ".").free
    level: Level = "fail" if free < HARDLY_ANY_BYTES else "warn" if free < FEW_BYTES else "ok"
    yield Line("disk", level, _free(free), None if level == "ok" else _MAKE_ROOM)


def private_files(patient: Patient) -> Iterator[Line]:
    """Yield which files others than their owner may read."""
    if sys.platform == "win32":
        return
    data = patient.settings.data
    signer = signer_directory(patient.settings, None) / patient.installed.ledger.ledger_id
    for path, level in ((data / FINGERPRINT_KEY, "fail"), (signer, "fail"), (data, "warn")):
        if path.exists() and path.stat().st_mode & OTHERS:
            yield Line("private", cast("Level", level), _open_to_others(str(path)), _close_it(str(path)))
    if not (data / FINGERPRINT_KEY).exists():
        yield Line("private", "fail", _NO_KEY, _BRING_KEY_BACK)


def clock(patient: Patient) -> Iterator[Line]:
    """Yield whether the machine's clock can be believed: it must not be behind what is recorded."""
    ledger = patient.installed.ledger
    last = ledger.head().last_time
    if ledger.clock.simulated:
        yield Line("clock", "warn", _SIMULATED)
    elif last is not None and last > patient.now:
        yield Line("clock", "fail", _clock_behind(patient.now, last), _SET_CLOCK)
    else:
        yield Line("clock", "ok", _CLOCK_FITS)


def calendars(patient: Patient) -> Iterator[Line]:
    """Yield for which years working days are known: without them windows are provisional and nothing is confirmed."""
    known = cast("Calendars", patient.installed.ledger.fold(Calendars)).years
    today = _today(patient)
    needed = [today.year, *([today.year + 1] if today.month >= NEXT_CALENDAR_FROM_MONTH else [])]
    missing = [year for year in needed if year not in known]
    for year in missing:
        yield Line("calendar", "warn", _no_calendar(year), _PUBLISH_CALENDAR)
    if not missing:
        yield Line("calendar", "ok", _calendars_known(needed))


def integrity(patient: Patient) -> Iterator[Line]:
    """Yield whether the entries still come to the head's root."""
    verdict = hashes(patient.installed.ledger)
    if verdict.ok:
        yield Line("integrity", "ok", _intact(verdict.size))
    for finding in verdict.findings:
        yield Line("integrity", "fail", finding.message, _VERIFY)


def checkpoint(patient: Patient) -> Iterator[Line]:
    """Yield whether the ledger extends what was signed last, and how much no signature covers."""
    ledger = patient.installed.ledger
    signer = signing_for(patient.settings, None, ledger.ledger_id)
    if not signer.is_born():
        yield Line("checkpoint", "warn", _NEVER_SIGNED, _SIGN)
        return
    try:
        last = signer.last()
    except (WillNotSign, KeyUnusable) as refusal:
        yield Line("checkpoint", "fail", refusal.why, _VERIFY)
        return
    size = ledger.head().size
    if size < last.size or (last.size and roots_at(ledger, [last.size])[last.size] != last.root):
        yield Line("checkpoint", "fail", _not_what_was_signed(size, last.size), _VERIFY)
        return
    since = next((fact.recorded_at for fact in ledger.read(after=last.size, limit=1)), None)
    old = since is not None and _present(patient) - since > OLD_CHECKPOINT
    yield Line("checkpoint", "warn" if old else "ok", _covered(last.size, size), _SIGN if old else None)


def views(patient: Patient) -> Iterator[Line]:
    """Yield whether every view can be kept up, and how far behind they are."""
    size = patient.installed.ledger.head().size
    behind = size - min(patient.installed.follower.positions().values(), default=size)
    try:
        patient.installed.follower.catch_up()
    except FaultyView as fault:
        yield Line("views", "fail", _faulty(fault), _REBUILD)
        return
    yield Line("views", "warn" if behind > FAR_BEHIND_FACTS else "ok", _behind(behind))


def backup(patient: Patient) -> Iterator[Line]:
    """Yield how old the newest backup is, and how much was recorded since."""
    try:
        said = json.loads((patient.settings.data / LAST_BACKUP).read_bytes())
        taken_at = datetime.fromisoformat(said["taken_at"])
        sizes = {each["ledger"]: each["size"] for each in said["ledgers"]}
    except (OSError, ValueError, KeyError, TypeError):
        yield Line("backup", "warn", _NEVER_BACKED_UP, _BACK_UP)
        return
    ledger = patient.installed.ledger
    since = ledger.head().size - sizes.get(ledger.ledger_id, 0)
    old = patient.now - taken_at > OLD_BACKUP and since > 0
    yield Line("backup", "warn" if old else "ok", _backed_up(taken_at, since), _BACK_UP if old else None)


CHECKS: Final[tuple[Check, ...]] = (
    engine,
    disk,
    private_files,
    clock,
    calendars,
    integrity,
    checkpoint,
    views,
    backup,
)


def _present(patient: Patient) -> datetime:
    ledger = patient.installed.ledger
    return ledger.clock.unchecked() if ledger.clock.simulated else patient.now


def _today(patient: Patient) -> date:
    return civil_date(_present(patient))


# words

_SAFE = Text(
    "数据库设置可保证断电后不丢失已确认的记录。", "The database keeps what it acknowledges through a power cut."
)
_SET_SAFELY = Text("请按所示改正数据库设置。", "Change the database's settings as shown.")
_MAKE_ROOM = Text(
    "请清理磁盘或换更大的磁盘；空间用尽时不再记录，但不会丢失。",
    "Make room or take a larger disk; when it is full nothing is recorded, and nothing is lost.",
)
_NO_KEY = Text("缺少文件 fingerprint.key。", "fingerprint.key is missing.")
_BRING_KEY_BACK = Text(
    "请从备份恢复该文件，否则重复提交的命令无法识别。",
    "Bring it back from a backup; without it no command that is sent again is recognised.",
)
_SIMULATED = Text(
    "时钟是模拟的：这是演示账，不是真实评定。", "The clock is simulated: a demonstration, no real evaluation."
)
_CLOCK_FITS = Text("时钟不早于最后一条记录。", "The clock is not behind the last fact.")
_SET_CLOCK = Text("请校准系统时钟（启用 NTP）。", "Set the machine's clock right (switch NTP on).")
_PUBLISH_CALENDAR = Text(
    "请用 publish-calendar 登记国务院办公厅公布的放假安排；登记前公示截止日为暂定，不能确认。",
    "Enter the announced rest days with publish-calendar; until then windows are provisional and no star is confirmed.",
)
_VERIFY = Text(
    "请停止使用，运行 verify --checkpoint 并联系审计人员；需要时用 restore 恢复。",
    "Stop using it, run verify --checkpoint and call the auditor; restore a backup if need be.",
)
_NEVER_SIGNED = Text("还没有签署过检查点。", "No checkpoint was ever signed.")
_SIGN = Text(
    "请运行 checkpoint，并把结果交给账本之外的人保存。", "Run checkpoint and give what it prints to somebody outside."
)
_REBUILD = Text("请运行 rebuild；如仍失败，请报告此问题。", "Run rebuild; if it fails again, report it.")
_NEVER_BACKED_UP = Text("还没有备份。", "There is no backup yet.")
_BACK_UP = Text("请运行 backup，并存放到别的介质。", "Run backup and keep the file on another medium.")


def _free(free: int) -> Text:
    return Text(f"磁盘剩余 {free / GIB:.1f} GiB。", f"{free / GIB:.1f} GiB are free on the disk.")


def _open_to_others(path: str) -> Text:
    return Text(f"{path} 可被其他用户读取。", f"{path} can be read by others.")


def _close_it(path: str) -> Text:
    return Text(f"请执行 chmod go-rwx {path}。", f"chmod go-rwx {path}")


def _clock_behind(now: datetime, last: datetime) -> Text:
    return Text(
        f"系统时钟 {minute(now)} 早于最后一条记录 {minute(last)}。",
        f"The clock says {minute(now)}, before the last fact of {minute(last)}.",
    )


def _no_calendar(year: int) -> Text:
    return Text(f"没有 {year} 年的工作日历。", f"The working days of {year} are not known.")


def _calendars_known(years: list[int]) -> Text:
    listed = "、".join(map(str, years)), ", ".join(map(str, years))
    return Text(f"已有 {listed[0]} 年的工作日历。", f"The working days of {listed[1]} are known.")


def _intact(size: int) -> Text:
    return Text(f"{size} 条记录的哈希相符。", f"The hashes of {size} facts fit.")


def _not_what_was_signed(size: int, signed: int) -> Text:
    return Text(
        f"账本（{size} 条）与签署过的前 {signed} 条不符：被改动，或恢复了旧备份。",
        f"The ledger ({size} facts) does not begin with the {signed} that were signed: changed, or an old backup.",
    )


def _covered(signed: int, size: int) -> Text:
    return Text(
        f"检查点覆盖前 {signed} 条，其后还有 {size - signed} 条。",
        f"The last checkpoint covers {signed} facts; {size - signed} came after it.",
    )


def _faulty(fault: FaultyView) -> Text:
    return Text(
        f"视图 {fault.view} 停在第 {fault.position} 条；记录不受影响。",
        f"View '{fault.view}' fails at fact {fault.position}; recording goes on.",
    )


def _behind(behind: int) -> Text:
    if behind == 0:
        return Text("各视图已是最新。", "The views are up to date.")
    return Text(f"各视图可用，此前落后 {behind} 条。", f"The views work; they were {behind} facts behind.")


def _backed_up(taken_at: datetime, since: int) -> Text:
    return Text(
        f"最近一次备份：{minute(taken_at)}，其后新增 {since} 条。",
        f"The newest backup is of {minute(taken_at)}; {since} facts came after it.",
    )
