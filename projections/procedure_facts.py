"""The facts of a round that concern one person: roster, tally, list, vote, notice, rulings, confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.adoption import RulebookAdopted
from domain.confirmation import CorrectionDecided, CorrectionOpened, StarConfirmed
from domain.decision import Event, Fact, Selector
from domain.ids import Document, RoundId, tag
from domain.lists import ListProposed, VoteHeld
from domain.notices import LinePosted, NoticePosted
from domain.objections import ObjectionRuled
from domain.rounds import MemberEnrolled, MemberExempted, RoundOpened
from domain.scores import ComponentNotApplicable
from domain.tally import ResultComputed, RoundTallied, TieDecided
from ledger.ledger import Ledger

_ROUND = (RoundOpened, RoundTallied, ListProposed, VoteHeld, NoticePosted)
_PERSON = (
    MemberEnrolled,
    MemberExempted,
    ComponentNotApplicable,
    ResultComputed,
    LinePosted,
    StarConfirmed,
    CorrectionOpened,
)
_SEVERAL = (TieDecided, ObjectionRuled, CorrectionDecided)


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """Facts of one round about one person, oldest first, and the adoption of the rulebook the round is pinned to."""

    adoption: tuple[Fact, ...]
    facts: tuple[Fact, ...]

    def newest(self, kind: type[Event]) -> tuple[Fact, ...]:
        """Return the newest fact of a kind, or nothing."""
        return self.all_of(kind)[-1:]

    def all_of(self, *kinds: type[Event]) -> tuple[Fact, ...]:
        """Return every fact of these kinds."""
        return tuple(fact for fact in self.facts if isinstance(fact.event, kinds))

    @property
    def positions(self) -> list[int]:
        """Return where all these facts stand."""
        return [fact.position for fact in (*self.adoption, *self.facts)]


def procedure_facts(ledger: Ledger, round_id: str, person: str, document: Document, upto: int) -> ProcedureFacts:
    """Return what the procedure of a round recorded about a person, up to a position."""
    types = tuple(kind.NAME for kind in (*_ROUND, *_PERSON, *_SEVERAL))
    found = ledger.read((Selector(types, (tag(RoundId, round_id),)),), upto=upto)
    adopted = ledger.read((Selector((RulebookAdopted.NAME,)),), upto=upto)
    return ProcedureFacts(
        adoption=tuple(
            fact for fact in adopted if isinstance(fact.event, RulebookAdopted) and fact.event.document == document
        )[-1:],
        facts=tuple(fact for fact in found if concerns(fact.event, person)),
    )


def concerns(event: Event, person: str) -> bool:
    """Return whether a fact of the procedure is about a person, or about the whole round."""
    match event:
        case TieDecided():
            return person in event.among
        case ObjectionRuled():
            return person in (event.about, *event.touched)
        case CorrectionDecided():
            return person in (event.person, *event.touched)
    return not isinstance(event, _PERSON) or event.person == person


def posting_of(line: Sequence[Fact], facts: ProcedureFacts) -> tuple[Fact, ...]:
    """Return the posting of the notice on which a line stands."""
    return tuple(
        posted
        for each in line
        for posted in facts.all_of(NoticePosted)
        if isinstance(each.event, LinePosted)
        and isinstance(posted.event, NoticePosted)
        and posted.event.notice == each.event.notice
    )
