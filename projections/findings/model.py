"""What a check is and what it says: counts of a base, with the same share elsewhere, the facts, and no accusation."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from domain.text import Text
from projections.findings.material import Material


@dataclass(frozen=True, slots=True)
class Measured:
    """How often something was so in one place of the ledger: `count` of `base`, and the facts that it was seen in.

    `where` is a tag such as `round:R2025`; `of` names the part of it that was looked at, if any.
    """

    where: str
    count: int
    base: int
    evidence: tuple[int, ...] = ()
    of: Text | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the facts.

    `measure` answers it for every place there is; a place is told where its share is more than 0 and at least
    `from_share`. Places whose base is below `least_base` are passed over; with `protects` also those below the number
    of voices from which a body is shown. `harmless` says what else may explain it.
    """

    code: str
    title: Text
    says: Text
    harmless: Text
    clause: str
    measure: Callable[[Material], Iterable[Measured]]
    from_share: Fraction = Fraction(0)
    least_base: int = 1
    protects: bool = False

    def sentence(self, measured: Measured) -> Text:
        """Return the counts in words."""
        return Text(
            self.says.zh.format(count=measured.count, base=measured.base),
            self.says.en.format(count=measured.count, base=measured.base),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw in one place, beside the same in all other places together."""

    check: str
    measured: Measured
    sentence: Text
    elsewhere_count: int
    elsewhere_base: int


@dataclass(frozen=True, slots=True)
class Examined:
    """The answer of one check: the places it looked at, those too small to be told, and what it found."""

    check: Check
    places: int
    too_small: int
    findings: tuple[Finding, ...]


def share(count: int, base: int) -> Fraction:
    """Return the exact share; nothing of nothing is 0."""
    return Fraction(count, base) if base else Fraction(0)
