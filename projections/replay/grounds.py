"""Which clause and which facts make a number what it is: what stands behind each line of a replay that differs."""

from collections.abc import Iterator

from domain.boards import BoardLinePosted, BoardPosted
from domain.confirmation import StarConfirmed
from domain.decision import Event
from domain.drawn import MonthDrawn
from domain.findings import Invalid
from domain.ids import PersonId
from domain.lists import VoteHeld
from domain.months import MonthSettled
from domain.notices import LinePosted, NoticeCorrected, NoticePosted, NoticeResumed
from domain.round_sheet import sheet_of
from domain.rounds import MemberEnrolled, RoundOpened
from domain.rulebook.model import Rulebook
from domain.scoring import PersonResult, Step, score
from domain.scoring.total import Tally
from domain.tally import ResultComputed
from projections.replay.books import RoundBook

Grounds = tuple[str, tuple[int, ...]]
"""A clause, and the positions of facts."""


def grounds_of(book: RoundBook, event: Event, number: str) -> Grounds:
    """Return the clause that a number follows from, and the facts that it is made of; nothing where neither is known.

    For what only repeats a result, the fact is the tally that the result comes from.
    """
    if book.this.opened is None:
        return "", ()
    person: PersonId | None = getattr(event, "person", None)
    if isinstance(event, ResultComputed) and person is not None:
        return _of_result(book, person, number)
    at = book.computed_at.get(person) if person is not None else None
    return _clause(book.this.rulebook, event), () if at is None else (at,)


def _clause(rules: Rulebook, event: Event) -> str:
    excellent, annual = rules.conduct.excellent, rules.annual
    by_kind: dict[tuple[type[Event], ...], str] = {
        (RoundOpened, MemberEnrolled): rules.scope.roster_clause,
        (VoteHeld,): rules.meeting.clause,
        (NoticePosted, NoticeResumed, NoticeCorrected, LinePosted): rules.publicity.clause,
        (StarConfirmed,): rules.confirmation.clause,
        (BoardPosted, BoardLinePosted): "" if excellent is None else excellent.clause,
        (MonthDrawn, MonthSettled): "" if annual is None else annual.months_clause,
    }
    cited = (clause for kinds, clause in by_kind.items() if isinstance(event, kinds))
    return next(cited, str(getattr(event, "clause", "")))


def _of_result(book: RoundBook, person: PersonId, number: str) -> Grounds:
    try:
        outcome = score(
            book.this.rulebook, sheet_of(book.this, book.scores, book.results.vetoes), book.results.decisions
        )
    except Invalid:
        return "", ()
    result = next((each for each in outcome.people if each.person == person), None)
    if result is None:
        return book.this.rulebook.scope.roster_clause, ()
    if number.startswith("components."):
        return _of_component(book.this.rulebook, result, number.removeprefix("components."))
    if number in {"total", "total_exact", "status"}:
        return book.this.rulebook.rounding.clause, _sources(result.explanation)
    return result.explanation.clause, _sources(result.explanation)


def _of_component(rules: Rulebook, result: PersonResult, code: str) -> Grounds:
    made = next(
        (leaf for part in result.standing.tallies for leaf in part.leaves() if leaf.component.code == code), None
    )
    if made is None:
        return rules.total.clause, ()
    return made.component.clause, tuple(sorted(set(_behind(made))))


def _behind(made: Tally) -> Iterator[int]:
    """Yield the facts that a component of one person was made of."""
    yield from (source for given in made.used for source in given.sources)
    for whole in (made.counted, made.recorded):
        yield from () if whole is None else whole.sources
    for month in made.months:
        yield from (*month.sources, *_behind(month.tally))


def _sources(step: Step) -> tuple[int, ...]:
    return tuple(sorted({source for each in _steps(step) for source in each.sources}))


def _steps(step: Step) -> Iterator[Step]:
    yield step
    for child in step.children:
        yield from _steps(child)
