"""What each fact that publishes numbers should say, from the books as they stood when it was recorded."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from domain.assistance import ImprovementOpened
from domain.ballot_closing import staff_results
from domain.ballot_sheets import Cell
from domain.ballots import BallotsCounted
from domain.boards import BoardLinePosted, BoardPosted, board_lines
from domain.confirmation import StarConfirmed
from domain.consequences import IMPROVEMENT, RECOMMENDATION, TALK, following_from, follows
from domain.decision import Event, Fact, Refused
from domain.drawing import months_now, records_now
from domain.drawn import MonthDrawn, RecordsDrawn
from domain.feedback import FeedbackDelivered
from domain.following_up import ConsequenceNoted
from domain.honours import MemberRecommended
from domain.ids import PersonId
from domain.lists import VoteHeld, outcome, voters_on
from domain.months import MonthSettled, carried_alone, settlement
from domain.notices import LinePosted, NoticeCorrected, NoticePosted, NoticeResumed
from domain.period_days import days_of
from domain.records import Entries
from domain.rounds import MemberEnrolled, RoundOpened, enrolments
from domain.staff_results import StaffAppraised
from domain.talks import TalkHeld
from domain.tally import ResultComputed, RoundTallied
from domain.verdicts import posted
from domain.vetoes import VetoCounted
from projections.replay.books import Books, Numbers, RoundBook
from projections.replay.numbers import beside_stars, fields_of, numbers_of, written_out

OfPerson = TypeVar("OfPerson", MemberEnrolled, RecordsDrawn, BoardLinePosted)
Drawn = MemberRecommended | ImprovementOpened | TalkHeld | ConsequenceNoted
Owed = Callable[[Books, Fact, Any], Numbers | None]
"""Returns the numbers that a fact should publish; None where there should be no such fact."""


def owed(books: Books, fact: Fact) -> Numbers | None:
    """Return the numbers that a fact should publish; None where there should be no such fact."""
    return RULES[type(fact.event)](books, fact, fact.event)


def carry(books: Books, fact: Fact) -> None:
    """Take a fact into the books, made anew where it was drawn or settled; raises one of `UNFOUNDED`."""
    if isinstance(fact.event, RecordsDrawn | MonthDrawn | MonthSettled):
        owed(books, fact)
    elif isinstance(fact.event, VetoCounted) and owed(books, fact) is None:
        raise LookupError(fact.event.veto)
    else:
        books.take(fact)


def _said(event: Event | None) -> Numbers | None:
    return None if event is None else numbers_of(event)


# the round's frame


def _opened(books: Books, _fact: Fact, event: RoundOpened) -> Numbers:
    """Return the version in force on the last day of the period, and that day (A-1, AMB-A5)."""
    adopted, rules = books.catalogues.for_period(event.rulebook, event.period)
    day = days_of(event.period, rules.year).last
    return {"version": str(adopted.version), "document": adopted.document, "roster_as_of": str(day)}


def _enrolled(books: Books, _fact: Fact, event: MemberEnrolled) -> Numbers | None:
    book = books.round(event.round)
    opened, rules = book.this.require_open(), book.this.rulebook
    roster = books.once("roster", lambda: _by_person(enrolments(opened, rules, books.membership, books.posts)))
    return _said(roster.get(event.person))


def _by_person(events: Iterable[OfPerson]) -> dict[PersonId, OfPerson]:
    return {each.person: each for each in events}


def _voted(books: Books, _fact: Fact, event: VoteHeld) -> Numbers:
    this = books.round(event.round).this
    voters = voters_on(this, books.membership, event.on)
    present = len(voters & set(event.present))
    came = outcome(this.rulebook.meeting, len(voters), present, event.yes)
    return {"should_attend": str(len(voters)), "voters_present": str(present), "outcome": came}


# what is made of scores


def _tallied(books: Books, _fact: Fact, event: RoundTallied) -> Numbers | None:
    """Return what a tally comes to; before the list is proposed it leaves no veto waiting."""
    book = books.round(event.round)
    made = _said(book.results.tallied)
    left = () if book.lists.fixes_scores else books.vetoes.turned(book.this, book.results.vetoes)
    return made if made is None or not left else {**made, "vetoes": written_out([each.veto for each in left])}


def _veto_counted(books: Books, _fact: Fact, event: VetoCounted) -> Numbers | None:
    book = books.round(event.round)
    turned = books.vetoes.turned(book.this, book.results.vetoes)
    return _said(next((each for each in turned if each.veto == event.veto), None))


def _result(books: Books, _fact: Fact, event: ResultComputed) -> Numbers | None:
    return _said(_latest(books.round(event.round), event.person))


def _latest(book: RoundBook, person: PersonId) -> ResultComputed | None:
    return book.results.latest.get(person)


def _drawn_records(books: Books, fact: Fact, event: RecordsDrawn) -> Numbers | None:
    book = books.round(event.round)
    entries = books.entries.setdefault(book.this.branch, Entries(book.this.branch))
    key = ("records", event.round, event.component)
    made = books.once(key, lambda: _by_person(records_now(book.this, entries, event.component))).get(event.person)
    if made is not None:
        books.put(fact, made)
    return _said(made)


def _drawn_month(books: Books, fact: Fact, event: MonthDrawn) -> Numbers | None:
    this = books.round(event.round).this
    now = books.once(("months", event.round), lambda: {(e.person, e.period): e for e in months_now(this, books.months)})
    made = now.get((event.person, event.period))
    if made is not None:
        books.put(fact, made)
    return _said(made)


def _settled(books: Books, fact: Fact, event: MonthSettled) -> Numbers | None:
    book = books.round(event.round)
    result = _latest(book, event.person)
    if result is None or result.status == "incomplete":
        return None
    own = books.once(("own", event.round), lambda: carried_alone(book.this, book.scores))
    made = settlement(book.this, result, own)
    books.put(fact, made)
    return numbers_of(made)


# what is shown of results


def _window(books: Books, _fact: Fact, event: NoticePosted | NoticeResumed | NoticeCorrected) -> Numbers | None:
    """Return when the window ends, once the fact itself has been taken into account."""
    book = books.round(event.round)
    window = book.notices.require(event.notice).window(book.this.rulebook.publicity, books.calendars)
    return None if window is None else fields_of(window, ("ends_at", "provisional"))


def _line(books: Books, _fact: Fact, event: LinePosted) -> Numbers | None:
    result = _latest(books.round(event.round), event.person)
    if result is None:
        return None
    return {**fields_of(result, ("total", "star", "label")), **beside_stars(posted(result.verdict))}


def _board(books: Books, _fact: Fact, event: BoardPosted) -> Numbers:
    return {"shown": str(len(_shown(books, event)))}


def _board_line(books: Books, _fact: Fact, event: BoardLinePosted) -> Numbers | None:
    return _said(_shown(books, event).get(event.person))


def _shown(books: Books, event: BoardPosted | BoardLinePosted) -> dict[PersonId, BoardLinePosted]:
    book, board = books.round(event.round), event.board
    key = ("board", event.round, board)
    return books.once(key, lambda: _by_person(board_lines(board, book.this, book.scores, book.results)))


def _confirmed(books: Books, _fact: Fact, event: StarConfirmed | FeedbackDelivered) -> Numbers | None:
    """Return what a body confirmed or a person was told: the result as it stands, no star being star 0."""
    result = _latest(books.round(event.round), event.person)
    if result is None:
        return None
    found = {"total": written_out(result.total), "star": str(result.star or 0)}
    said = {"label": result.label, **beside_stars(result.verdict)}
    return found | (said if isinstance(event, StarConfirmed) else {})


# what follows from a star


def _recommended(books: Books, _fact: Fact, event: MemberRecommended) -> Numbers | None:
    found = _consequence(books, event, RECOMMENDATION)
    star = _star(books.round(event.round), event.person)
    return None if found is None else {"star": str(star), **found}


def _improved(books: Books, _fact: Fact, event: ImprovementOpened) -> Numbers | None:
    return _consequence(books, event, IMPROVEMENT)


def _talked(books: Books, _fact: Fact, event: TalkHeld) -> Numbers | None:
    return _consequence(books, event, TALK)


def _noted(books: Books, _fact: Fact, event: ConsequenceNoted) -> Numbers | None:
    return _consequence(books, event, event.code)


def _consequence(books: Books, event: Drawn, code: str) -> Numbers | None:
    book = books.round(event.round)
    found = follows(following_from(book.this, book.scores, book.results, books.earlier, event.person), code)
    return None if found is None or found.state != "follows" else {"clause": found.consequence.clause}


def _star(book: RoundBook, person: PersonId) -> int:
    result = _latest(book, person)
    return 0 if result is None else result.star or 0


def _staff(books: Books, _fact: Fact, event: StaffAppraised) -> Numbers | None:
    """Return what a box found of somebody on the staff; grades that a meeting gave without a box stand as they are."""
    if not books.counted:
        return numbers_of(event)
    opened = books.box(books.counted[0].box).require_known()
    found = books.once("staff", lambda: list(staff_results(map(cell_of, books.counted), opened)))
    return _said(next((e for e in found if isinstance(e, StaffAppraised) and e.person == event.person), None))


def cell_of(counted: BallotsCounted) -> Cell:
    """Return a count as its keeper handed it in."""
    return Cell(
        person=counted.person,
        groups=counted.pooled or (counted.group,),
        counts=counted.counts,
        valid=counted.valid,
        abstained=counted.abstained,
        void=counted.void,
        aspect=counted.aspect,
    )


RULES: Final[Mapping[type[Event], Owed]] = {
    RoundOpened: _opened,
    MemberEnrolled: _enrolled,
    VoteHeld: _voted,
    RoundTallied: _tallied,
    VetoCounted: _veto_counted,
    ResultComputed: _result,
    RecordsDrawn: _drawn_records,
    MonthDrawn: _drawn_month,
    MonthSettled: _settled,
    NoticePosted: _window,
    NoticeResumed: _window,
    NoticeCorrected: _window,
    LinePosted: _line,
    BoardPosted: _board,
    BoardLinePosted: _board_line,
    StarConfirmed: _confirmed,
    FeedbackDelivered: _confirmed,
    MemberRecommended: _recommended,
    ImprovementOpened: _improved,
    TalkHeld: _talked,
    ConsequenceNoted: _noted,
    StaffAppraised: _staff,
}
"""What each kind of fact should say. Rulings (`touched`) are judged when the whole decision has been read."""

UNFOUNDED = (Refused, LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What a fact that nothing before it leads to may end in while it is replayed."""
