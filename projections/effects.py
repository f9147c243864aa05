"""Whom a command would change before it is confirmed: totals, stars, and others' stars through the caps (S6).

The events that `Ledger.preview` returns are folded on top of the round's states in memory, and the round is computed by
the code that computes the list to propose: nothing is written. Where a command changes what a round draws from
(entries, settled months), drawing it anew counts as done on both sides. An entry that waits for its verification is
shown twice: as it will be once recorded, and once somebody has verified it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from domain.ballots import BallotsCounted
from domain.decision import Event, Refused, Selector, ahead
from domain.drawing import months_to_draw, records_to_draw
from domain.ids import BranchId, PersonId, RulebookId
from domain.lists import Lists
from domain.months import Months, MonthSettled
from domain.places import Undecided
from domain.records import Entries, EntryCorrected, EntryProposed, EntryVerified, RecordEvent
from domain.rounds import Evaluations, Round, RoundOpened
from domain.scores import Scores
from domain.tally import ResultComputed, Results, RoundTallied, retally
from domain.text import Text
from domain.verdicts import called
from domain.vetoes import Vetoes, VetoEvent
from ledger.ledger import Ledger
from projections.folding import folded

Once = Literal["recorded", "verified"]
Through = Literal["own", "quota"]

_DIRECT = (*Round.EVENTS, *Scores.EVENTS, *Results.EVENTS)
_OF_ENTRIES = Entries.EVENTS
LONGEST = timedelta(days=366)
"""No period is longer than a year."""


@dataclass(frozen=True, slots=True)
class Change:
    """One person's result before and after: through numbers of his own, or through the places that others take."""

    person: PersonId
    through: Through
    before: ResultComputed | None
    after: ResultComputed

    @property
    def total(self) -> tuple[Decimal | None, Decimal | None]:
        """Return the total before and after."""
        return (None if self.before is None else self.before.total, self.after.total)

    @property
    def score_star(self) -> tuple[int | None, int | None]:
        """Return the star that the score alone gives, before and after."""
        return (None if self.before is None else self.before.score_star, self.after.score_star)

    @property
    def star(self) -> tuple[int | None, int | None]:
        """Return the star that the caps leave, before and after; None while a tie is undecided."""
        return (None if self.before is None else self.before.star, self.after.star)

    @property
    def becomes_incomplete(self) -> bool:
        """Return whether a score will be missing that is there now."""
        now = self.before is not None and self.before.status != "incomplete"
        return now and self.after.status == "incomplete"


@dataclass(frozen=True, slots=True)
class RoundEffects:
    """What becomes of one round, people in roster order; `unknown` says why that cannot be shown.

    `undecided` are ties that a body has to decide afterwards and not before; of the `withheld` too few ballots came
    to be shown, so no effect on them is. `labels` are what the rulebook calls the stars of these ties where its results
    are grades.
    """

    round: str
    branch: str
    period: str
    once: Once
    changes: tuple[Change, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    withheld: tuple[PersonId, ...] = ()
    unknown: Text | None = None
    labels: Mapping[int, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a round is computed from, and what was computed last.

    Without `vetoes` a tally counts those that count already: once the list is proposed, only a ruling turns them.
    """

    this: Round
    scores: Scores
    results: Results
    vetoes: Vetoes | None = None

    def after(self, events: Sequence[Event], position: int) -> "Standing":
        """Return how the round stands once `events` are facts, the first at `position`."""
        this, scores = ahead(self.this, events, position), ahead(self.scores, events, position)
        vetoes = None if self.vetoes is None else ahead(self.vetoes, events, position)
        return Standing(this, scores, ahead(self.results, events, position), vetoes)

    def recorded(self) -> "Computed":
        """Return what was computed last."""
        tallied = self.results.tallied
        return Computed(dict(self.results.latest), () if tallied is None else tallied.undecided)

    def computed(self) -> "Computed":
        """Return what a tally comes to now; raises `Refused` where the round cannot be computed."""
        found = self.recorded()
        latest, undecided = dict(found.latest), found.undecided
        turned = () if self.vetoes is None else self.vetoes.turned(self.this, self.results.vetoes)
        for made in retally(self.this, self.scores, self.results, turned=turned):
            if isinstance(made, ResultComputed):
                latest[made.person] = made
            elif isinstance(made, RoundTallied):
                undecided = made.undecided
        return Computed(latest, undecided)


@dataclass(frozen=True, slots=True)
class Computed:
    """Everybody's result, and the ties that a body has to decide."""

    latest: Mapping[PersonId, ResultComputed]
    undecided: tuple[Undecided, ...]


def concern_results(events: Iterable[Event]) -> bool:
    """Return whether events are of a kind that results are made of."""
    return any(isinstance(happened, (*_DIRECT, *_OF_ENTRIES, *Vetoes.EVENTS, MonthSettled)) for happened in events)


def effects(ledger: Ledger, events: Sequence[Event], upto: int | None = None) -> tuple[RoundEffects, ...]:
    """Return what `events` would change in every open round that they reach, as of a position; nothing is written."""
    position = ledger.head().size if upto is None else upto
    waiting = [happened for happened in events if isinstance(happened, EntryProposed | EntryCorrected)]
    found = _effects(ledger, events, position, "recorded")
    if not waiting:
        return found
    verified = [EntryVerified(entry=each.entry, branch=each.branch, person=each.person) for each in waiting]
    return found + _effects(ledger, (*events, *verified), position, "verified")


def changes(this: Round, before: Computed, after: Computed) -> tuple[Change, ...]:
    """Return everybody whose total, star or completeness differs, in roster order."""
    found = ((person, before.latest.get(person), after.latest.get(person)) for person in this.roster)
    return tuple(
        Change(person, _through(old, new), old, new)
        for person, old, new in found
        if new is not None and (old is None or _outcome(old) != _outcome(new))
    )


def _outcome(result: ResultComputed) -> tuple[object, ...]:
    return (*_own(result), result.star)


def _own(result: ResultComputed) -> tuple[object, ...]:
    return (result.status, result.total, result.score_star)


def _through(old: ResultComputed | None, new: ResultComputed) -> Through:
    return "quota" if old is not None and _own(old) == _own(new) else "own"


def _effects(ledger: Ledger, events: Sequence[Event], position: int, once: Once) -> tuple[RoundEffects, ...]:
    reached = [
        *_rounds_named(ledger, events, position),
        *_rounds_of_entries(ledger, events, position),
        *_rounds_of_months(ledger, events, position),
        *_rounds_of_vetoes(ledger, events, position),
    ]
    rounds: dict[str, _Reached] = {}
    for each in reached:
        known = rounds.get(each.standing.this.key, each)
        entries, months = known.entries or each.entries, known.months or each.months
        by_veto = known.by_veto or each.by_veto
        rounds[each.standing.this.key] = _Reached(known.standing, entries, months, by_veto)
    return tuple(_effect(each, events, position, once) for each in rounds.values())


@dataclass(frozen=True, slots=True)
class _Reached:
    """A round that events reach, with the sources that they change, before and after."""

    standing: Standing
    entries: tuple[Entries, Entries] | None = None
    months: tuple[Months, Months] | None = None
    by_veto: bool = False

    @property
    def by_tallying(self) -> bool:
        """Whether a tally has to take it in, which nothing but a ruling does once the list is proposed."""
        return self.entries is not None or self.months is not None or self.by_veto

    def drawn(self, standing: Standing, side: Literal[0, 1], position: int) -> Standing:
        """Return how the round stands once its sources, as they are before or after, are drawn anew."""
        drawn: list[Event] = []
        if self.entries is not None:
            for code in _from_entries(standing):
                drawn += records_to_draw(standing.this, self.entries[side], standing.scores, code)
        if self.months is not None:
            drawn += months_to_draw(standing.this, self.months[side], standing.scores)
        return standing.after(drawn, position)


def _standing(ledger: Ledger, round_id: str, position: int) -> Standing:
    return Standing(
        folded(ledger, Round, round_id, position),
        folded(ledger, Scores, round_id, position),
        folded(ledger, Results, round_id, position),
        None if folded(ledger, Lists, round_id, position).fixes_scores else folded(ledger, Vetoes, "", position),
    )


def _rounds_named(ledger: Ledger, events: Sequence[Event], position: int) -> list[_Reached]:
    """Return the rounds whose own facts the events are; one that they open has no result before."""
    named = dict.fromkeys(str(getattr(happened, "round", "")) for happened in events if isinstance(happened, _DIRECT))
    found = [_standing(ledger, round_id, position) for round_id in named]
    return [_Reached(standing) for standing in found if standing.this.opened is not None]


def _rounds_of_entries(ledger: Ledger, events: Sequence[Event], position: int) -> list[_Reached]:
    """Return the branch's rounds whose days and rulebook an entry has, as it was or as it will be."""
    found: list[_Reached] = []
    of_entries = [happened for happened in events if isinstance(happened, RecordEvent)]
    for branch in dict.fromkeys(happened.branch for happened in of_entries):
        before = folded(ledger, Entries, branch, position)
        after = ahead(before, events, position + 1)
        ids = [happened.entry for happened in of_entries if happened.branch == branch]
        for round_id in _rounds_on(ledger, branch, ids, (before, after), position):
            standing = _standing(ledger, round_id, position)
            if _from_entries(standing):
                found.append(_Reached(standing, entries=(before, after)))
    return found


def _rounds_on(
    ledger: Ledger, branch: BranchId, ids: Sequence[str], sides: tuple[Entries, Entries], position: int
) -> list[str]:
    said = [entry for side in sides for key, entry in side.known.items() if key in ids]
    days = {(entry.proposed.rulebook, entry.value.occurred_on) for entry in said}
    opened = folded(ledger, Evaluations, branch, position).rounds
    near = [each.round for each in opened if any(_may_hold(each, rulebook, day) for rulebook, day in days)]
    frames = [folded(ledger, Round, round_id, position) for round_id in near]
    return [this.key for this in frames if any(this.days.holds(day) for _, day in days)]


def _may_hold(opened: RoundOpened, rulebook: RulebookId, day: date) -> bool:
    """Return whether a day may be one of a round's; the rulebook, which is asked afterwards, knows where it begins."""
    return opened.rulebook == rulebook and timedelta() <= opened.roster_as_of - day < LONGEST


def _from_entries(standing: Standing) -> list[str]:
    """Return the components that the round makes out of entries: those drawn before, or not scored otherwise yet.

    A year that is made of months takes its entries with them (B-47).
    """
    rules, scores = standing.this.rulebook, standing.scores
    if rules.is_year(standing.this.period):
        return []
    drawn, scored = {code for _, code in scores.records}, {code for _, code in scores.held}
    return [
        code for code, leaf in rules.leaves().items() if leaf.takes_entries and (code in drawn or code not in scored)
    ]


def _rounds_of_months(ledger: Ledger, events: Sequence[Event], position: int) -> list[_Reached]:
    """Return the rounds, of whichever branch, that draw a settled month of somebody on them (AMB-A15)."""
    settled = [happened for happened in events if isinstance(happened, MonthSettled)]
    if not settled:
        return []
    before = folded(ledger, Months, "", position)
    months = (before, ahead(before, events, position + 1))
    rulebooks = {months[1].rulebooks.get(happened.round) for happened in settled}
    opened = (fact.event for fact in ledger.read((Selector((RoundOpened.NAME,)),), upto=position))
    named = [each.round for each in opened if isinstance(each, RoundOpened) and each.rulebook in rulebooks]
    frames = (folded(ledger, Round, round_id, position) for round_id in named)
    return [
        _Reached(_standing(ledger, this.key, position), months=months)
        for this in frames
        if any(each.person in this.roster and each.period in this.rulebook.counted_in(this.period) for each in settled)
    ]


def _rounds_of_vetoes(ledger: Ledger, events: Sequence[Event], position: int) -> list[_Reached]:
    """Return the rounds under its rulebook that a person stands on against whom a veto is declared or lifted."""
    of_vetoes = [happened for happened in events if isinstance(happened, VetoEvent)]
    if not of_vetoes:
        return []
    known = ahead(folded(ledger, Vetoes, "", position), events, position + 1).known
    about = {(known[each.veto].declared.rulebook, each.person) for each in of_vetoes}
    opened = [fact.event for fact in ledger.read((Selector((RoundOpened.NAME,)),), upto=position)]
    rulebooks = {rulebook for rulebook, _ in about}
    named = [each for each in opened if isinstance(each, RoundOpened) and each.rulebook in rulebooks]
    found = [(each, _standing(ledger, each.round, position)) for each in named]
    return [
        _Reached(standing, by_veto=True)
        for each, standing in found
        if any(rulebook == each.rulebook and person in standing.this.roster for rulebook, person in about)
    ]


def _effect(reached: _Reached, events: Sequence[Event], position: int, once: Once) -> RoundEffects:
    this = reached.standing.this
    frame = RoundEffects(this.key, this.branch, this.period, once)
    if any(isinstance(each, BallotsCounted) and each.round == this.key for each in events):
        return replace(frame, unknown=_SECRET)
    if reached.by_tallying and reached.standing.vetoes is None:
        return replace(frame, unknown=_FIXED)
    try:
        return _compared(frame, reached, events, position)
    except Refused as refused:
        return replace(frame, unknown=refused.why)


def _compared(frame: RoundEffects, reached: _Reached, events: Sequence[Event], position: int) -> RoundEffects:
    """Return the frame with what differs; a command that tallies itself is compared with what was computed last."""
    tallies = any(isinstance(each, RoundTallied) and each.round == frame.round for each in events)
    coming = position + len(events) + 1
    now = reached.drawn(reached.standing, 0, coming)
    then = reached.drawn(reached.standing.after(events, position + 1), 1, coming)
    before, after = now.recorded() if tallies else now.computed(), then.computed()
    undecided = tuple(tie for tie in after.undecided if tie not in before.undecided)
    return replace(
        frame,
        changes=changes(then.this, before, after),
        undecided=undecided,
        withheld=_withheld(then),
        labels={tie.star: called(then.this.rulebook, tie.star) for tie in undecided},
    )


def _withheld(standing: Standing) -> tuple[PersonId, ...]:
    """Return of whom every count of some component is withheld, and nothing else is known (design §3, Ballots)."""
    scores = standing.scores
    hidden = {
        person
        for (person, code), groups in scores.counted.items()
        if (person, code) not in scores.held and all(counted.withheld for counted, _ in groups.values())
    }
    return tuple(person for person in standing.this.roster if person in hidden)


_SECRET = Text(
    "票箱未封存，其内容不能预览；请封箱计票后再看结果。",
    "Nothing of a box is shown before it is closed; see the result after the count.",
)
_FIXED = Text(
    "名单已经提出，本轮的分数只随裁定变动，此项不改变本轮结果；公示期内请提出异议，确认后请走更正程序。",
    "The list is proposed, so this changes nothing in the round: only a ruling does. Object while the notice hangs, "
    "or open a correction.",
)
