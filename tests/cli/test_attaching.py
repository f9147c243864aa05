"""What may come along with a command: known kinds, what their names say, and not too large."""

from hashlib import sha256
from pathlib import Path

import pytest

from cli.attaching import attach, attach_workbook
from cli.exits import Exit, Stop
from cli.settings import Settings
from ledger.attachable import KINDS, MOST_BYTES

HERE = Settings(Path("data"), None, None, None, None, "en")
BEGINNINGS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff\xe0", ".pdf": b"%PDF-1.7", ".xlsx": b"PK\x03\x04"}


def file_of(folder: Path, name: str, content: bytes) -> Path:
    """Return a file with this content."""
    path = folder / name
    path.write_bytes(content)
    return path


def refused(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Exit, str]:
    """Return with which code and which words a file is turned away."""
    with pytest.raises(Stop) as stopped:
        attach(path, HERE)
    return stopped.value.code, capsys.readouterr().err


@pytest.mark.parametrize("ending", sorted(BEGINNINGS))
def test_a_file_that_is_what_its_name_says_is_kept_by_its_sha_256(tmp_path: Path, ending: str) -> None:
    kept = attach(file_of(tmp_path, f"paper{ending.upper()}", BEGINNINGS[ending]), HERE)
    assert (kept.sha256, kept.media_type) == (sha256(BEGINNINGS[ending]).hexdigest(), KINDS[ending].media_type)


@pytest.mark.parametrize("ending", sorted(KINDS))
def test_a_file_that_is_something_else_than_its_name_says_is_turned_away(
    tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = refused(file_of(tmp_path, f"paper{ending}", b"\x7fELF\xff\xfe\x00"), capsys)
    assert code == Exit.USAGE
    assert f"not what its ending {ending} says" in said


@pytest.mark.parametrize("name", ["paper.exe", "paper", "paper.pdf.zip"])
def test_a_kind_that_is_not_known_is_turned_away_with_those_that_are(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = refused(file_of(tmp_path, name, b"%PDF-1.7"), capsys)
    assert code == Exit.USAGE
    assert all(ending in said for ending in KINDS)


def test_text_is_utf_8_with_or_without_a_mark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content in ("证明".encode(), "证明".encode("utf-8-sig")):
        assert attach(file_of(tmp_path, "paper.txt", content), HERE).content == content
    assert refused(file_of(tmp_path, "paper.txt", "证明".encode("gbk")), capsys)[0] == Exit.USAGE


def test_twenty_megabytes_are_kept_and_not_a_byte_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = b"%PDF-" + bytes(MOST_BYTES - 5)
    assert len(attach(file_of(tmp_path, "paper.pdf", whole), HERE).content) == MOST_BYTES
    code, said = refused(file_of(tmp_path, "larger.pdf", whole + b"\0"), capsys)
    assert code == Exit.USAGE
    assert "larger than 20 MB" in said


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(tmp_path / "nowhere.pdf", capsys)[0] == Exit.NOT_FOUND


def test_a_workbook_goes_to_who_reads_it_whatever_its_name(tmp_path: Path) -> None:
    kept = attach_workbook(file_of(tmp_path, "table.bin", b"no workbook"), HERE)
    assert kept.media_type == "application/octet-stream"
