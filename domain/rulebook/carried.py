"""What the procedure in the ledger cannot carry yet: the calculator computes it, a round is not opened under it."""

from collections.abc import Iterator

from domain.findings import Finding
from domain.rulebook.model import Rulebook
from domain.text import Text

_REMEDY = Text(
    zh="用starledger score试算；在账本中开启评定前，改用没有这一规定的版本。",
    en="Compute with `starledger score`; to open a round in the ledger, adopt a version without it.",
)


def uncarried(rulebook: Rulebook) -> tuple[Finding, ...]:
    """Return a finding for each construct of `rulebook` for which the ledger has no facts, with its place."""
    return tuple(_finding(place, what) for place, what in _found(rulebook))


def _finding(place: str, what: Text) -> Finding:
    message = Text(zh=f"账本中的程序尚不能处理{what.zh}", en=f"the procedure in the ledger cannot carry {what.en} yet")
    return Finding("not-carried", place, message, _REMEDY)


def _found(rulebook: Rulebook) -> Iterator[tuple[str, Text]]:
    for code, component in rulebook.leaves().items():
        if component.shares or component.exclude_self:
            yield f"components.{code}.ballots", Text(zh="各评议组的比例", en="shares of each group of raters")
