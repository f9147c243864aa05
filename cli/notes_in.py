"""Signed notes and the public keys behind them, as somebody gives them to the terminal."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from cli.exits import Exit, stop
from cli.settings import Settings
from domain.text import Text
from ledger.note import MOST_BYTES, VerifierKey

K = TypeVar("K", bound=VerifierKey)


def read_note(file: Path) -> bytes:
    """Return a note as a file holds it, a byte more than any note at the most; OSError where it cannot be read."""
    with file.open("rb") as opened:
        # A mail program or a shell may have changed the line ends; a note itself never has a carriage return.
        return opened.read(MOST_BYTES + 1).replace(b"\r\n", b"\n")


def keys_in(named: Sequence[str], kind: type[K], no_key: Callable[[str], Text], settings: Settings) -> list[K]:
    """Return the keys that arguments are, or that the files they name hold; ends with 2, saying `no_key`, otherwise."""
    return [key for words in named for key in _keys_in(words, kind, no_key, settings)]


def _keys_in(words: str, kind: type[K], no_key: Callable[[str], Text], settings: Settings) -> list[K]:
    try:
        path = Path(words)
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else [words]
        return [kind.parse(line) for line in lines if line]
    except (OSError, ValueError):
        stop(Exit.USAGE, no_key(words), settings.language)
