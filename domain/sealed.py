"""Personal matter: kept beside the facts, so that it can be erased and every proof still holds."""

from typing import Final


class Sealed:
    """A text about a person: in a command its words, in a recorded event only their digest.

    No score and no decision may depend on the words (design §3); `repr` never shows them.
    """

    __slots__ = ("digest", "text")

    def __init__(self, text: str | None = None, digest: str = "") -> None:
        """Hold the words, or the digest of words that are kept elsewhere."""
        self.text: Final = text
        self.digest: Final = digest

    def __eq__(self, other: object) -> bool:
        """Return whether both hold the same words and the same digest."""
        return isinstance(other, Sealed) and (self.text, self.digest) == (other.text, other.digest)

    def __hash__(self) -> int:
        """Hash by words and digest."""
        return hash((self.text, self.digest))

    def __repr__(self) -> str:
        """Show that something is sealed here, never what."""
        return f"Sealed({self.digest[:12] or '…'})"
