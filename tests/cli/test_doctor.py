"""Doctor: each sick installation is told what is wrong and what to do; a sound one is left alone."""

import dataclasses
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from cli.backups import LAST_BACKUP
from cli.doctor import Line, examined
from cli.settings import Settings
from cli.wiring import installation
from domain.calendars import PublishCalendar
from ledger.failures import UnsafeSettings
from ledger.proofs import StoredLog
from ledger.signer import Signer
from tests.cli.conftest import REGISTRAR, Desk, settings

NOW = datetime(2026, 1, 6, tzinfo=UTC)


@pytest.fixture
def sound(desk: Desk) -> Settings:
    """Return the settings of an installation in which nothing is wrong."""
    desk.carry_out(
        PublishCalendar(year=2026, rest_days=(), worked_weekends=(), source="国办发明电〔2025〕7号"), REGISTRAR
    )
    this = dataclasses.replace(settings(desk.data), signer=desk.folder / "signer")
    desk.data.chmod(0o700)
    with installation(this) as installed:
        signer = Signer(this.signer / installed.ledger.ledger_id)  # type: ignore[operator]
        signer.be_born("example.org/committee")
        signer.sign(StoredLog(installed.ledger))
        size = installed.ledger.head().size
    (desk.folder / "signer").chmod(0o700)
    note_backup(desk.data, NOW, size)
    return this


def note_backup(data: Path, taken_at: datetime, size: int) -> None:
    said = {"taken_at": taken_at.isoformat(), "ledgers": [{"ledger": "main", "size": size}]}
    (data / LAST_BACKUP).write_text(json.dumps(said))


def worst(found: Settings, check: str, now: datetime = NOW) -> Line:
    lines = [line for line in examined(found, now) if line.check == check]
    return max(lines, key=lambda line: ("ok", "warn", "fail").index(line.level))


def test_a_sound_installation_has_nothing_to_mend(sound: Settings) -> None:
    # The ledger of the tests runs on a simulated clock, and the machine's SQLite may be an old one.
    ill = [line for line in examined(sound, NOW) if line.level != "ok" and line.check not in ("clock", "database")]
    assert ill == []


def test_every_line_that_is_not_ok_says_what_to_do_or_what_it_means(sound: Settings) -> None:
    (sound.data / LAST_BACKUP).unlink()
    assert worst(sound, "backup").remedy is not None


def test_an_old_backup_is_told(sound: Settings) -> None:
    note_backup(sound.data, NOW - timedelta(days=8), 3)
    line = worst(sound, "backup")
    assert (line.level, "came after it" in line.found.en) == ("warn", True)


def test_an_old_backup_of_all_there_is_will_do(sound: Settings) -> None:
    size = json.loads((sound.data / LAST_BACKUP).read_text())["ledgers"][0]["size"]
    note_backup(sound.data, NOW - timedelta(days=400), size)
    assert worst(sound, "backup").level == "ok"


def test_the_next_years_working_days_are_asked_for_in_november(sound: Settings) -> None:
    assert worst(sound, "calendar").level == "ok"
    later = dataclasses.replace(sound, clock=datetime(2026, 11, 2, tzinfo=UTC))
    assert "2027" in worst(later, "calendar").found.en


def test_an_entry_that_was_changed_fails(sound: Settings) -> None:
    with closing(sqlite3.connect(sound.data / "ledger.db")) as owner, owner:
        owner.execute("DROP TRIGGER facts_refuse_update")
        owner.execute("UPDATE facts SET entry = replace(entry, 'registrar', 'registran') WHERE position = 2")
    assert worst(sound, "integrity").level == "fail"


def test_a_ledger_that_never_was_signed_is_told(desk: Desk) -> None:
    assert worst(settings(desk.data), "checkpoint").level == "warn"


def test_an_old_copy_under_a_signer_that_remembers_more_fails(sound: Settings, tmp_path: Path) -> None:
    signer = Signer(tmp_path / "other" / "main")
    signer.be_born("example.org/committee")
    with installation(sound) as installed:
        signer.sign(StoredLog(installed.ledger))
    with closing(sqlite3.connect(sound.data / "ledger.db")) as owner, owner:
        owner.execute("DROP TRIGGER facts_refuse_delete")
        owner.execute("DELETE FROM facts WHERE position = (SELECT max(position) FROM facts)")
        owner.execute("UPDATE head SET size = size - 1")
    assert worst(dataclasses.replace(sound, signer=tmp_path / "other"), "checkpoint").level == "fail"


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions there")
def test_a_key_that_others_can_read_fails(sound: Settings) -> None:
    (sound.data / "fingerprint.key").chmod(0o644)
    assert worst(sound, "private").level == "fail"


def test_a_full_disk_fails(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.doctor.shutil.disk_usage", lambda _path: SimpleNamespace(free=1_000_000))
    assert worst(sound, "disk").level == "fail"


def test_a_database_that_may_forget_fails_and_is_not_opened(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise UnsafeSettings("synchronous_commit=off")

    monkeypatch.setattr("cli.wiring.open_database", refuse)
    assert [(line.check, line.level) for line in examined(sound, NOW)] == [("database", "fail")]
