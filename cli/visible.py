r"""Streams on which nobody's words can play tricks with a terminal: what is not to be seen is written as its number.

Names and statements are kept exactly as they were given, rare characters and all. But a control character could move
the cursor over a line that was printed before, and a change of writing direction could make one name look like another;
they are shown as JSON would write them (\u202e), so that a line of JSON stays the same document.
"""

import re
import sys
from typing import Any, Final, TextIO, cast

_TRICKS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_COLOURS: Final = re.compile("(\x1b\\[[0-7;]*m)")
"""Weight and colour, as tables have them on a screen; not 8, which hides."""


class Visible:
    """A text stream that shows what would otherwise act; everything else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`; on a screen, colours pass."""
        self.stream = stream

    def write(self, text: str) -> int:
        """Write `text`; return how many characters of it were taken."""
        if _TRICKS.search(text):
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
        return _TRICKS.sub(_number, text)
    # Every second piece is a colour.
    pieces = _COLOURS.split(text)
    return "".join(piece if place % 2 else _TRICKS.sub(_number, piece) for place, piece in enumerate(pieces))


def _number(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


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
