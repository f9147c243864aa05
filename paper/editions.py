"""The editions of a notice: as posted, and as each correction left it, each printed from the facts up to then."""

from dataclasses import dataclass

from domain.decision import NotFound, Selector
from domain.notice_prints import NoticePrinted, Prints
from domain.notices import NoticeCorrected
from domain.text import Text
from ledger.ledger import Ledger
from projections.folding import folded
from projections.notice_codes import coded_notices


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a notice: its number, the position as of which it is printed, and the prints that were entered."""

    number: int
    position: int
    prints: tuple[NoticePrinted, ...]

    @property
    def template(self) -> str | None:
        """The template of the newest print, with which it is printed again; None before the first."""
        return self.prints[-1].template if self.prints else None


def edition_of(
    ledger: Ledger, round_id: str, notice: str, number: int | None = None, upto: int | None = None
) -> Edition:
    """Return an edition of a notice, the newest without a number; `NotFound` where there is none."""
    coded = next((each for each in coded_notices(ledger, upto, round_id) if each.notice == notice), None)
    if coded is None:
        raise NotFound("unknown-notice", _unknown(notice))
    corrected = ledger.read((Selector((NoticeCorrected.NAME,), (f"notice:{notice}",)),), upto=upto)
    positions = (coded.last, *(fact.position for fact in corrected))
    wanted = len(positions) if number is None else number
    if not 1 <= wanted <= len(positions):
        raise NotFound("unknown-edition", _no_edition(notice, wanted))
    prints = folded(ledger, Prints, round_id, upto).of(notice, wanted)
    return Edition(wanted, positions[wanted - 1], tuple(prints))


def _unknown(notice: str) -> Text:
    return Text(f"没有公示 {notice}；请核对编号。", f"There is no notice {notice}; check the id.")


def _no_edition(notice: str, number: int) -> Text:
    return Text(f"公示 {notice} 没有第 {number} 版。", f"Notice {notice} has no edition {number}.")
