"""Streams on which nobody's words can play tricks with a terminal: what is not to be seen is written as its number."""

import re
import sys
from typing import Any, Final, TextIO, cast

from domain.visible import TRICKS
from domain.visible import visible as seen

_COLOURS: Final = re.compile("(\x1b\\[[0-7;]*m)")
"""Weight and colour, as tables have them on a screen; not 8, which hides."""


class Visible:
    """A text stream that shows what would otherwise act; everything else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`; on a screen, colours pass."""
        self.stream = stream

    def write(self, text: str) -> int:
        """Write `text`; return how many characters of it were taken."""
        if TRICKS.search(text):
            self.stream.write(visible(text, colours=self.stream.isatty()))
        else:
            self.stream.write(text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write several pieces of text."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        """Return what the stream has."""
        return getattr(self.stream, name)


def visible(text: str, *, colours: bool = False) -> str:
    """Return `text` with control characters, marks of direction and separators of lines as their numbers."""
    if not colours:
        return seen(text)
    # Every second piece is a colour.
    pieces = _COLOURS.split(text)
    return "".join(piece if place % 2 else seen(piece) for place, piece in enumerate(pieces))


def make_visible() -> None:
    """Let standard output and standard error show what would otherwise act, in UTF-8."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
        if not isinstance(stream, Visible):
            setattr(sys, name, Visible(stream))


def screen() -> TextIO:
    """Return standard error as it is, for progress that moves the cursor itself."""
    return cast("TextIO", getattr(sys.stderr, "stream", sys.stderr))
