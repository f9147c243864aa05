r"""Words in which nobody can play tricks: what is not to be seen is written as its number.

Names and statements are kept exactly as they were given, rare characters and all. But a control character could move
the cursor over a line that was printed before, and a change of writing direction could make one name look like another;
they are shown as JSON would write them (\u202e), so that a line of JSON stays the same document.
"""

import re
from typing import Final

TRICKS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return `text` with control characters, marks of direction and separators of lines as their numbers."""
    return TRICKS.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
