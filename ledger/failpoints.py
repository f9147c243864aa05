"""Named places where a test may let the process die or an operation fail."""

from collections.abc import Callable

Failpoint = Callable[[str], None]

NAMES = (
    "append:locked",
    "append:decided",
    "append:facts-inserted",
    "append:head-advanced",
    "append:committed",
    "view:applied",
    "view:committed",
)


def never(_name: str) -> None:
    """Do nothing: the failpoint of a running system."""
