"""Whoever reads our output may stop, as `head` does: the program ends quietly, whatever it was printing."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import pytest

from cli.main import main

COMMANDS = (
    ("--help",),
    ("rulebook", "schema"),
    ("rulebook", "explain", "monthly-points"),
    ("rulebook", "check", "annual-360", "--json"),
    ("score", "annual-360", "{sheet}"),
    ("score", "annual-360", "{sheet}", "--json"),
    ("score", "annual-360", "{sheet}", "--explain", "a", "--page", "-"),
)
PERSON = '{"id": "a", "components": {"work": "92", "group": "88", "branch": "90", "masses": "85", "self": "95"}}'


@contextlib.contextmanager
def nobody_reads(*, buffered: bool) -> Iterator[TextIO]:
    """Lend a stream into a pipe whose other end is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w", encoding="utf-8")
    stream.reconfigure(write_through=not buffered)
    try:
        yield stream
    finally:
        with contextlib.suppress(BrokenPipeError):
            stream.close()


def ended(stream: TextIO, words: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a command that writes to `stream` and return its exit code."""
    monkeypatch.setattr(sys, "stdout", stream)
    code = main(words)
    if sys.stdout is not stream:
        sys.stdout.close()
    monkeypatch.undo()
    return code


@pytest.mark.parametrize("buffered", [True, False], ids=["at the end", "at once"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_that_nobody_reads_ends_without_a_complaint(
    words: Sequence[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    buffered: bool,
) -> None:
    sheet = tmp_path / "sheet.json"
    sheet.write_text(f'{{"period": "2025", "people": [{PERSON}]}}', encoding="utf-8")
    with nobody_reads(buffered=buffered) as stream:
        assert ended(stream, [word.format(sheet=sheet) for word in words], monkeypatch) == 0
    assert capsys.readouterr().err == ""


def test_a_process_that_nobody_reads_says_nothing_at_its_end_either(checkout: Path) -> None:
    with nobody_reads(buffered=True) as stream:
        command = [sys.executable, "-m", "cli.main", "rulebook", "check", "annual-360"]
        process = subprocess.run(command, cwd=checkout, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
    assert (process.returncode, process.stderr) == (0, "")


def test_a_refusal_keeps_its_exit_code_where_its_words_are_unread(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    faulty = tmp_path / "faulty.toml"
    faulty.write_text("id = 1", encoding="utf-8")
    with nobody_reads(buffered=True) as stream:
        assert ended(stream, ["rulebook", "check", str(faulty)], monkeypatch) == 6
