"""Names that look like another name: one character off, or the same after folding compatible forms."""

import unicodedata
from collections.abc import Iterable

_MOST = 3
_LONG_NAME = 8


def look_alikes(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of the `known` names that `name` may have been meant for, nearest first."""
    near = sorted((distance, other) for other in known if (distance := _distance(name, other)) is not None)
    return tuple(other for _, other in near[:_MOST])


def _distance(name: str, other: str) -> int | None:
    """Return the number of characters to change, None where the names are too far apart to suggest."""
    if _folded(name) == _folded(other):
        return 0
    allowed = 2 if min(len(name), len(other)) >= _LONG_NAME else 1
    if abs(len(name) - len(other)) > allowed or max(len(name), len(other)) < 2:  # noqa: PLR2004 - one character is no name
        return None
    distance = edit_distance(name, other)
    return distance if distance <= allowed else None


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LN")


def edit_distance(left: str, right: str) -> int:
    """Return the Levenshtein distance: insertions, deletions and substitutions of characters."""
    row = list(range(len(right) + 1))
    for down, sign in enumerate(left, start=1):
        diagonal, row[0] = row[0], down
        for across, other in enumerate(right, start=1):
            substituted = diagonal + (sign != other)
            diagonal, row[across] = row[across], min(row[across] + 1, row[across - 1] + 1, substituted)
    return row[-1]
