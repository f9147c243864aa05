"""What a notice looked like on paper: the hash of its PDF, so that every reprint can be held against the first.

A posting cannot carry the hash itself: the paper shows the code that is made of the posting's own facts. The hash is
entered right after it, once for each edition (as posted: 1, and one more with each correction).
"""

import re
import typing
from dataclasses import dataclass, field
from typing import Final, assert_never

from domain.appointments import Offices
from domain.decision import Command, Conflict, Context, Event, Fact, NotFound, Refused, State, command, deciders, event
from domain.ids import NoticeId, RoundId
from domain.notices import NoticeCorrected, NoticePosted, Notices
from domain.refusals import unless_same
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.text import Text

SHA256: Final = re.compile("[0-9a-f]{64}")

# commands


@command("keep-print", roles=RECORDERS, at="rounds/{round}/notices/{notice}/prints")
class KeepPrint(Command):
    """Enter the SHA-256 of a notice as printed, with its edition, the template, and what set the type.

    `edition` is 1 as posted, 2 after the first correction, and so on; the program that prints knows the rest.
    """

    round: RoundId
    notice: NoticeId
    edition: int
    template: str
    typesetter: str
    sha256: str


# events


@event("notice.Printed.v1")
class NoticePrinted(Event):
    """An edition of a notice, set with this template by this program, is a PDF of this SHA-256."""

    round: RoundId
    notice: NoticeId
    edition: int
    template: str
    typesetter: str
    sha256: str


_Folded = NoticePosted | NoticeCorrected | NoticePrinted


# state


@dataclass(slots=True)
class Prints(State):
    """How many editions each notice of a round has, and the hashes of those that were printed."""

    KIND = RoundId
    EVENTS = (NoticePosted, NoticeCorrected, NoticePrinted)
    editions: dict[NoticeId, int] = field(default_factory=dict)
    kept: list[NoticePrinted] = field(default_factory=list)

    def evolve(self, fact: Fact) -> None:
        """Take one more edition or print into account."""
        happened = typing.cast("_Folded", fact.event)
        match happened:
            case NoticePosted() | NoticeCorrected():
                self.editions[happened.notice] = self.editions.get(happened.notice, 0) + 1
            case NoticePrinted():
                self.kept.append(happened)
            case _:
                assert_never(happened)

    def of(self, notice: str, edition: int) -> list[NoticePrinted]:
        """Return what was printed of an edition, the first print first."""
        return [each for each in self.kept if (each.notice, each.edition) == (notice, edition)]


# deciders


def keep_print(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: KeepPrint, context: Context, this: Round, notices: Notices, prints: Prints, offices: Offices
) -> list[Event]:
    """Enter the hash of an edition once; the same template and typesetter cannot have set other bytes."""
    offices.require(asked, context, this.branch)
    notices.require(asked.notice)
    if not 1 <= asked.edition <= prints.editions[asked.notice]:
        raise NotFound("unknown-edition", _unknown_edition(asked))
    if not SHA256.fullmatch(asked.sha256) or not (asked.template.strip() and asked.typesetter.strip()):
        raise Refused("malformed-print", _MALFORMED)
    made = (asked.template, asked.typesetter)
    for known in prints.of(asked.notice, asked.edition):
        if (known.template, known.typesetter) == made:
            return unless_same(known.sha256 == asked.sha256, Conflict("printed-otherwise", _otherwise(asked)))
    return [
        NoticePrinted(
            round=asked.round,
            notice=asked.notice,
            edition=asked.edition,
            template=asked.template,
            typesetter=asked.typesetter,
            sha256=asked.sha256,
        )
    ]


DECIDERS = deciders(keep_print)


_MALFORMED = Text(
    "打印件的 SHA-256 为 64 位小写十六进制，并须写明模板和排版程序；请用 print notice --keep。",
    "A print has a SHA-256 of 64 small hex digits, a template and a typesetter; use print notice --keep.",
)


def _unknown_edition(asked: KeepPrint) -> Text:
    return Text(
        f"公示 {asked.notice} 没有第 {asked.edition} 版；请核对版次。",
        f"Notice {asked.notice} has no edition {asked.edition}; check it.",
    )


def _otherwise(asked: KeepPrint) -> Text:
    return Text(
        f"公示 {asked.notice} 第 {asked.edition} 版已有打印件登记，摘要不同；请核对手中的打印件是否被改动。",
        f"Edition {asked.edition} of notice {asked.notice} is entered with another hash; check whether your print was "
        "altered.",
    )
