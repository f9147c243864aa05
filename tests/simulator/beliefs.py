"""What must be so by all that was asked and acknowledged: a model of the branch, small and kept beside the ledger.

It reads the facts one by one, says what may not happen next, and computes totals and stars itself: the annual scheme
from its weights and a search over everything a body could decide, the months from the numbers of the scheme.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.ballots import BallotsCounted, BoxClosed, BoxOpened, SlipReturned
from domain.confirmation import StarConfirmed
from domain.decision import Event, Fact
from domain.drawn import AppraisalNotHeld, MonthDrawn, NoAppraisalTakenBack, RecordsDrawn
from domain.ids import BoxId, EntryId, PersonId, RoundId
from domain.lists import ListProposed, VoteHeld
from domain.membership import MemberJoined, MemberLeft
from domain.months import MonthSettled
from domain.notices import LinePosted
from domain.objections import ObjectionFiled, ObjectionRejected, ObjectionRuled, ObjectionWithdrawn
from domain.records import EntryCorrected, EntryProposed, EntryRejected, EntryReversed, EntryVerified
from domain.rounds import MemberEnrolled, MemberExempted, RoundOpened
from domain.scores import ComponentNotApplicable, ScoreCorrected, ScoreRecorded
from domain.tally import ResultComputed, RoundTallied, TieDecided
from tests.domain.procedure.month_machine import EDGES, VALID, records_of, total_of
from tests.domain.procedure.test_procedure_machine import confirmed_by_the_rules
from tests.simulator.annual_sums import Line, annual_total, determined
from tests.simulator.founding import ANNUAL

WORTH = {"优秀": 100, "合格": 75, "基本合格": 50, "不合格": 0}
YEARS_OF_FEWEST_MONTHS = 6


class Violated(AssertionError):  # noqa: N818 - names what is the case
    """Something is so that may not be so."""


def require(holds: bool, what: str) -> None:  # noqa: FBT001 - the one thing it is about
    """Raise `Violated` unless it holds."""
    if not holds:
        raise Violated(what)


@dataclass(slots=True)
class EntryBelief:
    """One entry of a record: whose, how far it has got, and what it says."""

    person: PersonId
    item: str
    points: int
    day: date
    status: str = "proposed"


@dataclass(slots=True)
class RoundBelief:
    """One round as its facts tell it."""

    opened: RoundOpened
    facts: list[Fact] = field(default_factory=list)
    enrolled: dict[PersonId, MemberEnrolled] = field(default_factory=dict)
    exempt: set[PersonId] = field(default_factory=set)
    given: dict[tuple[PersonId, str], dict[PersonId | None, tuple[Decimal, int | None]]] = field(default_factory=dict)
    absent: set[tuple[PersonId, str]] = field(default_factory=set)
    drawn: dict[PersonId, dict[str, tuple[str, int]]] = field(default_factory=dict)
    counted: dict[PersonId, Counter[str]] = field(default_factory=dict)
    months: dict[PersonId, dict[str, tuple[Fraction, Fraction]]] = field(default_factory=dict)
    not_held: bool = False
    results: dict[PersonId, ResultComputed] = field(default_factory=dict)
    decided: list[tuple[int, frozenset[PersonId], frozenset[PersonId]]] = field(default_factory=list)
    newest: int = 0
    votes: dict[int, str] = field(default_factory=dict)
    posted: dict[PersonId, LinePosted] = field(default_factory=dict)
    confirmed: dict[PersonId, StarConfirmed] = field(default_factory=dict)
    settled: dict[PersonId, MonthSettled] = field(default_factory=dict)

    @property
    def annual(self) -> bool:
        return self.opened.rulebook == ANNUAL

    @property
    def evaluated(self) -> list[PersonId]:
        return [person for person in self.enrolled if person not in self.exempt]

    @property
    def adopted(self) -> bool:
        return self.votes.get(self.newest) == "adopted"

    def lines(self) -> list[Line]:
        """Return what each of the evaluated is ranked by, whose scores are complete."""
        found = (annual_total(person, self.given, self.absent) for person in self.evaluated)
        return [line for line in found if line is not None]

    def month_of(self, person: PersonId) -> tuple[Fraction, Fraction] | None:
        """Return what a person's month comes to, records and appraisal; None where one of them is missing."""
        appraisal = self.appraisal_of(person)
        if person not in self.drawn or appraisal is None:
            return None
        return records_of(self.drawn[person]), appraisal

    def appraisal_of(self, person: PersonId) -> Fraction | None:
        """Return the mean of the votes as they were cast, or the points that were entered."""
        if (given := self.given.get((person, "appraisal"))) is not None:
            points, ballots = next(iter(given.values()))
            return Fraction(points) if ballots is not None and ballots >= VALID else None
        votes = self.counted.get(person, Counter())
        if votes.total() < VALID:
            return None
        return Fraction(sum(WORTH[grade] * voices for grade, voices in votes.items()), votes.total())

    def year_of(self, person: PersonId) -> Decimal | None:
        """Return the total of a year made of months; None where a part of it is missing."""
        months = list(self.months.get(person, {}).values())
        if len(months) < YEARS_OF_FEWEST_MONTHS:
            return None
        records, appraisals = (sum(column, Fraction(0)) / len(months) for column in zip(*months, strict=True))
        appraisal = appraisals if self.not_held else self.appraisal_of(person)
        return None if appraisal is None else total_of(records, appraisal)


@dataclass(slots=True)
class Beliefs:
    """The whole branch."""

    rounds: dict[RoundId, RoundBelief] = field(default_factory=dict)
    joined: dict[PersonId, tuple[str, date]] = field(default_factory=dict)
    left: dict[PersonId, date] = field(default_factory=dict)
    entries: dict[EntryId, EntryBelief] = field(default_factory=dict)
    open: dict[str, PersonId] = field(default_factory=dict)
    objections: dict[str, RoundId] = field(default_factory=dict)
    boxes: dict[BoxId, BoxOpened] = field(default_factory=dict)
    returned: dict[BoxId, set[PersonId]] = field(default_factory=dict)
    closed: set[BoxId] = field(default_factory=set)
    sheets: dict[tuple[BoxId, PersonId], dict[str, str]] = field(default_factory=dict)
    """The last sheet of each voter that was acknowledged to him: known to the voters alone, never to the ledger."""
    tallies: set[RoundId] = field(default_factory=set)
    checked: Counter[str] = field(default_factory=Counter)

    def on_the_list(self, day: date) -> set[PersonId]:
        """Return who is a member on a day."""
        return {
            person
            for person, (kind, since) in self.joined.items()
            if kind != "staff" and since <= day and not (person in self.left and self.left[person] <= day)
        }

    def take(self, fact: Fact) -> None:
        """Check whether a fact may stand here, and believe it from now on."""
        happened = fact.event
        which = getattr(happened, "round", None)
        if which in self.rounds:
            self.rounds[which].facts.append(fact)
        match happened:
            case MemberJoined():
                self.joined[happened.person] = (happened.kind, happened.on)
            case MemberLeft():
                self.left[happened.person] = happened.on
            case RoundOpened():
                require(happened.round not in self.rounds, "a round was opened twice")
                self.rounds[happened.round] = RoundBelief(happened, [fact])
            case ObjectionFiled():
                require(happened.objection not in self.objections, "an objection was filed twice")
                self.objections[happened.objection] = happened.round
                self.open[happened.objection] = happened.about
            case ObjectionRejected() | ObjectionWithdrawn() | ObjectionRuled():
                require(self.open.pop(happened.objection, None) == happened.about, "an objection was settled twice")
            case BoxOpened() | SlipReturned() | BallotsCounted() | BoxClosed():
                self._vote(happened)
            case EntryProposed() | EntryVerified() | EntryRejected() | EntryReversed() | EntryCorrected():
                self._enter(happened)
            case _:
                self._in_round(fact, happened)

    def end_of_command(self) -> None:
        """Compare totals and stars once all facts of one command are known."""
        for which in self.tallies:
            self._compare(self.rounds[which])
        self.tallies.clear()

    # records and votes

    def _enter(self, happened: EntryProposed | EntryVerified | EntryRejected | EntryReversed | EntryCorrected) -> None:
        if isinstance(happened, EntryProposed):
            require(happened.entry not in self.entries, "an entry was proposed twice")
        if isinstance(happened, EntryProposed | EntryCorrected):
            worth, day = int(happened.points or 0), happened.occurred_on
            self.entries[happened.entry] = EntryBelief(happened.person, happened.item, worth, day)
            return
        entry, status = self.entries[happened.entry], happened.NAME.split(".")[1].lower()
        allowed = ("proposed", "verified") if status == "reversed" else ("proposed",)
        require(entry.status in allowed, f"an entry was {status} that was {entry.status}")
        entry.status = status

    def counting(self, person: PersonId, period: str) -> dict[str, tuple[str, int]]:
        """Return the verified entries of a person in a month."""
        return {
            str(key): (one.item, one.points)
            for key, one in self.entries.items()
            if (one.person, one.status) == (person, "verified") and f"{one.day:%Y-%m}" == period
        }

    def _vote(self, happened: BoxOpened | SlipReturned | BallotsCounted | BoxClosed) -> None:
        require(happened.box not in self.closed, "a box goes on after its close")
        match happened:
            case BoxOpened():
                require(happened.box not in self.boxes, "a box was opened twice")
                self.boxes[happened.box], self.returned[happened.box] = happened, set()
            case SlipReturned():
                require(happened.person not in self.returned[happened.box], "a voter returned two sheets")
                self.returned[happened.box].add(happened.person)
            case BallotsCounted():
                self._count(happened)
            case BoxClosed():
                require(happened.returned == len(self.returned[happened.box]), "sheets came back that nobody returned")
                self.closed.add(happened.box)

    def _count(self, counted: BallotsCounted) -> None:
        """Compare a count with the sheets as their voters know them."""
        groups = {counted.group, *counted.pooled}
        voters = {voter.person for voter in self.boxes[counted.box].voters if voter.group in groups}
        sheets = [self.sheets[counted.box, voter] for voter in voters & self.returned[counted.box]]
        votes = Counter(sheet[counted.person] for sheet in sheets if counted.person in sheet)
        if counted.withheld:
            return
        said = {str(each.grade): each.voices for each in counted.counts}
        require(said == dict(votes), f"the box of {counted.box} counts {said}, its voters {dict(votes)}")
        self.checked["counts"] += 1
        self.rounds[counted.round].counted.setdefault(counted.person, Counter()).update(votes)

    # within a round

    def _in_round(self, fact: Fact, happened: Event) -> None:
        this = self.rounds.get(getattr(happened, "round", RoundId("")))
        if this is None:
            return
        match happened:
            case MemberEnrolled():
                this.enrolled[happened.person] = happened
            case MemberExempted():
                this.exempt.add(happened.person)
            case ScoreRecorded() | ScoreCorrected(period=None):
                cell = this.given.setdefault((happened.person, happened.component), {})
                cell[happened.rater] = (happened.points, happened.ballots)
            case ComponentNotApplicable():
                this.absent.add((happened.person, happened.component))
            case RecordsDrawn():
                self._draw(this, happened)
            case ScoreCorrected() | MonthDrawn() | AppraisalNotHeld() | NoAppraisalTakenBack():
                self._make_year(this, happened)
            case _:
                self._decide(this, fact, happened)

    def _make_year(
        self, this: RoundBelief, happened: ScoreCorrected | MonthDrawn | AppraisalNotHeld | NoAppraisalTakenBack
    ) -> None:
        match happened:
            case ScoreCorrected():
                self._correct_month(this, happened)
            case MonthDrawn(records=str(records), appraisal=str(appraisal)):
                this.months.setdefault(happened.person, {})[happened.period] = Fraction(records), Fraction(appraisal)
            case MonthDrawn():
                this.months.get(happened.person, {}).pop(happened.period, None)  # he was exempt
            case _:
                this.not_held = isinstance(happened, AppraisalNotHeld)

    def _draw(self, this: RoundBelief, drawn: RecordsDrawn) -> None:
        found = {str(one.entry): (one.item, int(one.points)) for one in drawn.entries}
        expected = self.counting(drawn.person, this.opened.period)
        require(found == expected, f"records drawn for {drawn.person} are not the verified entries of the month")
        this.drawn[drawn.person] = found

    def _correct_month(self, this: RoundBelief, corrected: ScoreCorrected) -> None:
        records, appraisal = this.months[corrected.person][str(corrected.period)]
        new = Fraction(corrected.points)
        pair = (new, appraisal) if corrected.component == "records" else (records, new)
        this.months[corrected.person][str(corrected.period)] = pair

    def _decide(self, this: RoundBelief, fact: Fact, happened: Event) -> None:
        match happened:
            case ResultComputed():
                this.results[happened.person] = happened
                self.tallies.add(happened.round)
            case RoundTallied():
                self.tallies.add(happened.round)
            case TieDecided():
                this.decided.append((happened.star, frozenset(happened.winners), frozenset(happened.among)))
            case ListProposed():
                require(happened.list == this.newest + 1, "a list was proposed twice")
                this.newest = happened.list
            case VoteHeld():
                require(happened.list == this.newest, "a vote on another list")
                this.votes[happened.list] = happened.outcome
            case LinePosted():
                require(this.adopted, "a line hangs of a list that was not adopted")
                this.posted[happened.person] = happened
            case MonthSettled():
                self._settle(this, happened)
            case StarConfirmed():
                self._confirm(this, fact, happened)
            case _:
                pass

    def _settle(self, this: RoundBelief, month: MonthSettled) -> None:
        require(this.adopted, "a month was settled whose list was not adopted")
        require(month.person not in this.settled, "a month was settled twice")
        this.settled[month.person] = month
        self.checked["months"] += 1

    def _confirm(self, this: RoundBelief, fact: Fact, star: StarConfirmed) -> None:
        try:
            confirmed_by_the_rules(star, PersonId(fact.actor), fact.recorded_at, tuple(this.facts[:-1]))
        except AssertionError as error:
            message = f"the star of {star.person} was confirmed against the rules"
            raise Violated(message) from error
        in_question = self.open_about(star.round)[star.person]
        require(not in_question, "a star was confirmed while an objection about it is open")
        this.confirmed[star.person] = star
        self.checked["stars"] += 1

    # sums

    def _compare(self, this: RoundBelief) -> None:
        self.checked["tallies"] += 1
        if this.annual:
            self._compare_annual(this)
            return
        for person in this.evaluated:
            month = this.month_of(person) if "-" in this.opened.period else None
            total = total_of(*month) if month is not None else this.year_of(person)
            self._compare_total(this, person, total)
            if total is not None:
                require(this.results[person].star == sum(total >= edge for edge in EDGES), "a star outside its band")

    def _compare_total(self, this: RoundBelief, person: PersonId, total: Decimal | None) -> None:
        result = this.results.get(person)
        said = None if result is None else result.total
        require(said == total, f"the total of {person} in {this.opened.round} is {said}, and should be {total}")
        self.checked["totals"] += 1

    def _compare_annual(self, this: RoundBelief) -> None:
        lines = {line.person: line for line in this.lines()}
        for person in this.evaluated:
            self._compare_total(this, person, lines[person].total if person in lines else None)
        if len(lines) < len(this.evaluated):
            return
        rated = [line for line in lines.values() if not self._new(this, line.person)]
        expected = determined(rated, len(this.enrolled), this.decided)
        for person in lines:
            said, right = this.results[person].star, expected.get(person, 0)
            require(said == right, f"{person} has {said} stars, and should have {right}")
            self.checked["caps"] += 1

    def _new(self, this: RoundBelief, person: PersonId) -> bool:
        """Return whether somebody came in the second half of the year (AMB-A15)."""
        return this.enrolled[person].joined > date(int(this.opened.period), 7, 1)

    def check_roster(self, which: RoundId) -> None:
        """Compare a round's roster with who was on the list on the last day of its period."""
        this = self.rounds[which]
        expected = self.on_the_list(last_day(this.opened.period))
        require(set(this.enrolled) == expected, f"the roster of {which} is not who was on the list")

    def open_about(self, which: RoundId) -> Counter[PersonId]:
        """Return how many objections are open about whom in a round."""
        return Counter(about for case, about in self.open.items() if self.objections[case] == which)


def last_day(period: str) -> date:
    """Return the last day of a year or of a month."""
    year, month = (int(number) for number in f"{period}-12".split("-")[:2])
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
