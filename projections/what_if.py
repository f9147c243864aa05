"""What would be otherwise: the same facts but for a hypothesis, computed in the same way, beside what there is.

Both sides are computed from raw facts (`projections.replay.books`), in memory; nothing is written. What is made of
entries, months and scores is made again on either side, so that a fact left out of a month reaches the year.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.catalogues import parsed
from domain.confirmation import StarConfirmed
from domain.decision import Fact, NotFound, Refused, Selector
from domain.findings import Invalid
from domain.ids import PersonId
from domain.round_sheet import sheet_of
from domain.rounds import RoundOpened
from domain.rulebook import Rulebook
from domain.scoring import Outcome, Remembering, Scoring
from domain.text import Text
from ledger.ledger import Ledger
from projections.hypotheses import Hypothesis
from projections.replay.books import Books, RoundBook
from projections.replay.owed import UNFOUNDED, carry
from projections.replay.walk import needed_for
from projections.ripple import Ripple, ripple
from projections.withholding import Disclosures

NEEDED = ("components", "appraisal|components", "total", "star")
"""What must be open to whoever asks, about everybody: other rules show a total from another side."""


@dataclass(frozen=True, slots=True)
class RoundOtherwise:
    """One round: who would have another result, whether its list would stand, whose confirmation would be gone."""

    round: str
    branch: str
    period: str
    people: int
    ripple: Ripple
    adopted: tuple[bool, bool]
    unconfirmed: tuple[PersonId, ...]

    @property
    def same(self) -> bool:
        """Return whether nothing would be otherwise."""
        return not (self.ripple.changes or self.ripple.caps or self.unconfirmed) and self.adopted[0] == self.adopted[1]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What a hypothesis comes to in every round that it reaches; `gone` are facts that there would not have been."""

    rounds: tuple[RoundOtherwise, ...]
    gone: tuple[int, ...]


def what_if(
    ledger: Ledger,
    hypothesis: Hypothesis,
    rounds: Collection[str] = (),
    upto: int | None = None,
    disclosures: Disclosures | None = None,
) -> Otherwise:
    """Return whom a hypothesis would change in `rounds` (none: in those that it reaches), and why.

    Raises `Refused` where the answer would say what somebody voted or the asker may not see what it is made of, or
    where what would be left cannot be computed; `NotFound` where it speaks of nothing.
    """
    opened = list(ledger.read((Selector((RoundOpened.NAME,)),), upto=upto))
    asked = frozenset(rounds) or _reached(ledger, hypothesis, opened, upto)
    if not asked:
        raise NotFound("no-round-reached", _NO_ROUND)
    _require_shown(asked, opened, disclosures)
    facts = list(ledger.read(needed_for(opened, asked), upto=upto))
    hypothesis.require_permitted(facts)
    supposed = hypothesis.supposed(facts)
    scoring = Remembering()
    is_so, (would_be, fallen) = _world(facts, Hypothesis(), scoring)[0], _world(supposed, hypothesis, scoring)
    for each in sorted(asked):
        hypothesis.require_fit(is_so.round(each).this)
    there = {fact.position for fact in supposed} - set(fallen)
    gone = tuple(fact.position for fact in facts if fact.position not in there)
    end = facts[-1]
    found = (_otherwise(is_so.round(each), would_be.round(each), end, facts, there) for each in sorted(asked))
    return Otherwise(tuple(found), gone)


def _reached(ledger: Ledger, hypothesis: Hypothesis, opened: Sequence[Fact], upto: int | None) -> frozenset[str]:
    """Return the rounds that a hypothesis speaks of, and those that draw from them."""
    events = [fact.event for fact in opened if isinstance(fact.event, RoundOpened)]
    named = {str(getattr(each, "round", "")) for each in _concerned(ledger, hypothesis, upto)}
    branches = {str(getattr(each, "branch", "")) for each in _concerned(ledger, hypothesis, upto)}
    reached = [each for each in events if each.round in named] or [each for each in events if each.branch in branches]
    parts = {each.period for each in reached}
    years = (
        fact.event.round
        for fact in opened
        if isinstance(fact.event, RoundOpened)
        and parts.intersection(parsed(fact.document(fact.event.document)).counted_in(fact.event.period))
    )
    return frozenset((*(each.round for each in reached), *years))


def _concerned(ledger: Ledger, hypothesis: Hypothesis, upto: int | None) -> Iterator[object]:
    event = getattr(hypothesis, "event", None)
    if event is not None:
        yield event
    else:
        yield from (fact.event for fact in ledger.read(upto=upto) if hypothesis.concerns(fact.event))


def _require_shown(rounds: Iterable[str], opened: Sequence[Fact], disclosures: Disclosures | None) -> None:
    if disclosures is None or disclosures.sees_everything:
        return
    for fact in opened:
        if isinstance(fact.event, RoundOpened) and fact.event.round in rounds:
            withheld = disclosures.scope(fact.event, disclosures.everywhere()).first_withheld(NEEDED)
            if withheld is not None:
                raise Refused("withheld", Text(withheld.line("zh"), withheld.line("en")))


def _world(facts: Iterable[Fact], hypothesis: Hypothesis, scoring: Scoring) -> tuple[Books, list[int]]:
    """Return what facts come to, and the positions of those to which nothing would have led."""
    books, fallen = Books(scoring), []
    rules = _rules_by_document(hypothesis)
    for _, decision in groupby(facts, key=lambda fact: fact.command_id):
        books.begin()
        for fact in decision:
            try:
                carry(books, fact)
            except UNFOUNDED:
                fallen.append(fact.position)
            if isinstance(fact.event, RoundOpened):
                this = books.round(fact.event.round).this
                this.rules = rules(fact.event, fact) or this.rules
    return books, fallen


def _rules_by_document(hypothesis: Hypothesis) -> Callable[[RoundOpened, Fact], Rulebook | None]:
    """Return how a round's other rulebook is asked for: of all rounds under one document, it is read once."""
    known: dict[tuple[str, str], Rulebook | None] = {}

    def rules(opened: RoundOpened, fact: Fact) -> Rulebook | None:
        of = (opened.rulebook, opened.document)
        if of not in known:
            known[of] = hypothesis.rules(opened, fact.document(opened.document))
        return known[of]

    return rules


def _otherwise(
    was: RoundBook, now: RoundBook, end: Fact, facts: Iterable[Fact], there: Collection[int]
) -> RoundOtherwise:
    confirmed = [fact for fact in facts if isinstance(fact.event, StarConfirmed) and fact.event.round == was.this.key]
    kept = {fact.event.person for fact in confirmed if fact.position in there and isinstance(fact.event, StarConfirmed)}
    people = [fact.event.person for fact in confirmed if isinstance(fact.event, StarConfirmed)]
    opened = was.this.require_open()
    return RoundOtherwise(
        round=opened.round,
        branch=opened.branch,
        period=opened.period,
        people=len(was.this.roster),
        ripple=ripple(_outcome(was, end), _outcome(now, end)),
        adopted=(was.lists.outcome == "adopted", now.lists.outcome == "adopted"),
        unconfirmed=tuple(dict.fromkeys(person for person in people if person not in kept)),
    )


def _outcome(book: RoundBook, end: Fact) -> Outcome:
    """Return what a round comes to now; a tie stays decided where the same people are tied over the same numbers."""
    try:
        book.tally(end)
        sheet = sheet_of(book.this, book.scores, book.results.vetoes)
        return book.scoring(book.this.rulebook, sheet, book.results.decisions)
    except Invalid as invalid:
        said = [each.message for each in invalid.findings]
        why = Text("；".join(each.zh for each in said), "; ".join(each.en for each in said))
        raise Refused("not-computable", why) from invalid


_NO_ROUND = Text(
    "该假设不涉及任何已开启的评定；请用 --round 指明。", "It reaches no open round; name one with --round."
)
