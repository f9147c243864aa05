"""A small file is there wholly or not at all, and of several who make it one succeeds."""

import errno
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from ledger.whole_files import create, make_folder


def test_a_file_is_its_owners_alone_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    create(tmp_path / "key", b"secret")
    assert (tmp_path / "key").read_bytes() == b"secret"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert os.name == "nt" or (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    create(tmp_path / "key", b"first")
    with pytest.raises(FileExistsError):
        create(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"


def test_of_many_who_make_it_at_once_one_succeeds_and_all_read_the_same(tmp_path: Path) -> None:
    start, found = threading.Barrier(16), []

    def make(number: int) -> None:
        start.wait()
        try:
            create(tmp_path / "key", bytes([number]) * 32)
        except FileExistsError:
            found.append((tmp_path / "key").read_bytes())

    threads = [threading.Thread(target=make, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 15
    assert set(found) == {(tmp_path / "key").read_bytes()}
    assert len(found[0]) == 32


def test_whoever_fails_to_write_it_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", full)
        with pytest.raises(OSError, match="full"):
            create(tmp_path / "key", b"first")
    assert list(tmp_path.iterdir()) == []
    create(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"second"


def test_a_file_system_without_links_is_served_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("os.link", refuse)
    create(tmp_path / "key", b"first")
    with pytest.raises(FileExistsError):
        create(tmp_path / "key", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("key", b"first")]


def test_a_folder_is_made_with_those_above_it_and_only_once(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "a" / "keys")
    assert (tmp_path / "a" / "keys").is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sees to its folders by itself")
def test_the_bytes_are_on_disk_before_the_file_has_its_name_and_the_folder_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, link = os.fsync, os.link

    def synchronised(descriptor: int) -> None:
        order.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "bytes")
        fsync(descriptor)

    def named(new: Path, path: Path) -> None:
        order.append("name")
        link(new, path)

    monkeypatch.setattr(os, "fsync", synchronised)
    monkeypatch.setattr(os, "link", named)
    create(tmp_path / "file", b"content")
    assert order == ["bytes", "name", "folder"]
