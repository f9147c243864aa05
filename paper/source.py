"""What a form is filled from: a ledger as of a position, its views and names, and the curtain before whom it is for."""

import typing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from domain.appointments import LedgerOpened, Offices
from domain.dates import deadline
from domain.decision import NotFound, NotPermitted
from domain.ids import RoundId
from domain.organisation import Organisation
from domain.rounds import Round
from domain.text import Text
from ledger.ledger import Ledger
from ledger.proofs import roots_at, stored_leaves
from paper.document import Block, Layout, Origin, Sheet
from projections.boards import PostedBoard, StaffNotice
from projections.disclosed_rows import Hidden, RowCurtain
from projections.engine import Reading
from projections.folding import folded
from projections.names import Names
from projections.notice_board import PostedNotice

T = TypeVar("T")
Posted = TypeVar("Posted", PostedNotice, PostedBoard, StaffNotice)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be printed: ids of the things that a form is about; which of them it needs, the form says."""

    round: str | None = None
    person: str | None = None
    notice: str | None = None
    meeting: str | None = None
    box: str | None = None
    objection: str | None = None
    branch: str | None = None

    def needed(self, name: str) -> str:
        """Return one of the ids; `NotFound` where it was not said."""
        found: str | None = getattr(self, name)
        if found is None:
            raise NotFound("which-one", _which(name))
        return found


@dataclass(frozen=True, slots=True)
class Source:
    """A ledger up to the position of its views, with the names there, before a viewer."""

    ledger: Ledger
    reading: Reading
    names: Names
    curtain: RowCurtain

    @property
    def upto(self) -> int:
        """The number of facts that count."""
        return self.reading.position

    @property
    def origin(self) -> Origin:
        """The head of the ledger as of the position, and the instant of its last fact."""
        return origin_of(self.ledger, self.upto)

    def over(self, answer: T, person: str | None = None) -> T:
        """Return an answer as the viewer may see it."""
        return self.curtain.over(answer, person)

    def shown(self, answer: T, person: str | None = None) -> T:
        """Return an answer that is shown whole or not at all; `NotPermitted` where the viewer is not shown it."""
        if not self.curtain.over([answer], person):
            raise NotPermitted("not-shown", _NOT_SHOWN)
        return answer

    def whole(self, shown: Posted) -> Posted:
        """Return a notice as the viewer sees it; `NotPermitted` where it does not hang for him."""
        if isinstance(shown.posted_at, Hidden):
            raise NotPermitted("not-shown", _NOT_SHOWN)
        return shown

    def office(self) -> None:
        """Raise `NotPermitted` unless the viewer holds an office or audits: what is no one's to see is theirs."""
        if not self.curtain.disclosures.viewer.sees_everything:
            raise NotPermitted("not-shown", _NOT_SHOWN)

    def words(self, digest: str | None) -> str:
        """Return the words behind a digest that the viewer is shown; a mark of what is withheld stays as it is."""
        if digest is None or isinstance(digest, Hidden):
            return digest or ""
        return self.ledger.words((digest,)).get(digest, _ERASED)

    def name(self, person: str | None) -> str:
        """Return a person's name, nothing for nobody."""
        return "" if person is None else self.names.person(person)

    def round(self, round_id: str) -> Round:
        """Return a round's frame; `NotFound` where it was not opened."""
        this = folded(self.ledger, Round, RoundId(round_id), self.upto)
        this.require_open()
        return this

    @property
    def offices(self) -> Offices:
        """Who holds which office."""
        return folded(self.ledger, Offices, "", self.upto)

    @property
    def organisation(self) -> Organisation:
        """The register of branches and people."""
        return folded(self.ledger, Organisation, "", self.upto)

    @property
    def committee(self) -> str:
        """The committee whose ledger it is."""
        opened = self.offices.opened
        return "" if opened is None else opened.committee

    @property
    def withheld(self) -> tuple[str, ...]:
        """What was withheld so far, one line each."""
        return tuple(each.line(self.curtain.language) for each in self.curtain.withheld)


def made(  # noqa: PLR0913 - what a sheet is made of
    source: Source | None,
    code: str,
    title: str,
    blocks: Sequence[Block],
    *,
    layout: Layout = "form",
    under: str = "",
) -> Sheet:
    """Return a sheet of blocks, from a source with its head and what it withheld, or blank."""
    origin = None if source is None else source.origin
    withheld = () if source is None else source.withheld
    return Sheet(code, title, tuple(blocks), layout, under, origin, withheld=withheld)


def origin_of(ledger: Ledger, upto: int) -> Origin:
    """Return the head of a ledger as of a position: size, root, and the instant of the last fact."""
    first = next(iter(ledger.read(upto=1)), None)
    last = next(iter(ledger.read(after=upto - 1, upto=upto)), None)
    root = roots_at(ledger, (upto,), stored_leaves)[upto].hex()
    simulated = first is not None and typing.cast("LedgerOpened", first.event).simulated_clock
    instant = "" if last is None else deadline(last.recorded_at)
    return Origin(ledger.ledger_id, upto, root, instant, simulated)


def _which(name: str) -> Text:
    return Text(f"这张表要写明 --{name}。", f"This form needs --{name}.")


_ERASED = "〔已依令删除〕"
_NOT_SHOWN = Text(
    "这张表的内容不向该对象出示；可打印空白表（--blank）。",
    "What this form says is not shown to this audience; a blank one can be printed (--blank).",
)
