"""Computing a round: from the scores that count to results, and the decisions that only a body can take.

The machine computes and proposes (design §1); a body decides ties (AMB-A8) and confirms.
"""

import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import assert_never

from domain.appointments import Offices
from domain.decision import (
    Command,
    Context,
    Event,
    Fact,
    NotFound,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.drawn import ComponentPoints
from domain.findings import Invalid
from domain.ids import PersonId, RoundId, VetoId
from domain.lists import Lists
from domain.places import CapUse, FloorUse, Undecided
from domain.roles import LEADING_GROUP, RECORDERS, SECRETARIES
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.scores import Scores
from domain.scoring import ENGINE, Outcome, PersonResult, Scoring, TieDecision, score, written
from domain.scoring.total import Tally as ComponentTally
from domain.sealed import Sealed
from domain.sheet import Sheet
from domain.text import Text
from domain.verdicts import Verdict, called, label_of, star_of, verdict_of
from domain.vetoes import VetoCounted, Vetoes, after_turning

# commands


@command("tally", roles=RECORDERS + LEADING_GROUP, at="rounds/{round}/tallies")
class Tally(Command):
    """Compute everybody's result from the scores that count now."""

    round: RoundId


@command(
    "decide-tie",
    roles=LEADING_GROUP + SECRETARIES,
    at="rounds/{round}/ties/{star}/decision",
    changes=True,
    reach="decide",
)
class DecideTie(Command):
    """Enter whom the recording body chose among people tied at a cap; none of them takes part (AMB-A8)."""

    round: RoundId
    star: int
    winners: tuple[PersonId, ...]
    body: str
    reason: Sealed


# values and events


@event("tally.Made.v1")
class RoundTallied(Event):
    """A round was computed, for the `tally`-th time, by this version of the engine."""

    round: RoundId
    tally: int
    engine: int
    roster_size: int
    caps: tuple[CapUse, ...]
    incomplete: tuple[PersonId, ...]
    undecided: tuple[Undecided, ...]
    floors: tuple[FloorUse, ...] = ()


@event("tally.ResultComputed.v1")
class ResultComputed(Event):
    """What a tally came to for one person; recorded where it differs from the tally before."""

    round: RoundId
    tally: int
    person: PersonId
    status: str
    total: Decimal | None
    total_exact: str | None
    score_star: int | None
    star: int | None
    label: str
    components: tuple[ComponentPoints, ...]
    verdict: Verdict | None = None


@event("tally.TieDecided.v1")
class TieDecided(Event):
    """A body chose among the tied; the labels say what for, where results are grades and not plain stars."""

    round: RoundId
    star: int
    winners: tuple[PersonId, ...]
    among: tuple[PersonId, ...]
    body: str
    reason: Sealed
    label: str = ""
    label_en: str = ""


TallyEvent = RoundTallied | ResultComputed | TieDecided | VetoCounted


# state


Components = tuple[ComponentPoints, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """A decided tie with the numbers it was decided over."""

    decided: TieDecided
    numbers: Mapping[PersonId, Components]


@dataclass(slots=True)
class Results(State):
    """The newest result of each person, the newest tally, the ties decided, and the vetoes that count."""

    KIND = RoundId
    EVENTS = members_of(TallyEvent)
    tallied: RoundTallied | None = None
    position: int = 0
    latest: dict[PersonId, ResultComputed] = field(default_factory=dict)
    ties: dict[int, Basis] = field(default_factory=dict)
    vetoes: dict[VetoId, VetoCounted] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more computation or decision into account."""
        happened = typing.cast("TallyEvent", fact.event)
        match happened:
            case RoundTallied():
                self.tallied, self.position = happened, fact.position
            case ResultComputed():
                self.latest[happened.person] = happened
            case TieDecided():
                numbers = {person: self.latest[person].components for person in happened.among}
                self.ties[happened.star] = Basis(happened, numbers)
            case VetoCounted():
                self.vetoes = after_turning(self.vetoes, [happened])
            case _:
                assert_never(happened)

    @property
    def decisions(self) -> tuple[TieDecision, ...]:
        """Return the newest decision on each star that still holds."""
        return self.decisions_over({person: result.components for person, result in self.latest.items()})

    def decisions_over(self, numbers: Mapping[PersonId, Components]) -> tuple[TieDecision, ...]:
        """Return the newest decision on each star, where the numbers of those it was made among are what they were."""
        return tuple(
            TieDecision(star, tie.decided.winners, tie.decided.among)
            for star, tie in self.ties.items()
            if all(numbers[person] == was for person, was in tie.numbers.items())
        )

    def require_tallied(self) -> RoundTallied:
        """Return the newest tally; `Refused` before there is one."""
        if self.tallied is None:
            raise Refused("not-tallied", _NOT_TALLIED)
        return self.tallied

    def require_current(self, this: Round, scores: Scores, vetoes: Vetoes | None) -> RoundTallied:
        """Return the newest tally; `Refused` where scores, exemptions or (unless None) vetoes have changed since."""
        tallied = self.require_tallied()
        exempt = {p for p, result in self.latest.items() if result.status == "not_rated"}
        if scores.last_position > self.position or not this.exempt <= exempt:
            raise Refused("tally-outdated", _OUTDATED)
        if vetoes is not None and vetoes.turned(this, self.vetoes):
            raise Refused("tally-outdated", _OUTDATED)
        return tallied


# deciders


def tally(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: Tally,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    vetoes: Vetoes,
    lists: Lists,
    offices: Offices,
) -> list[Event]:
    """Compute the round; a tally that changes nothing is not recorded again."""
    offices.require(asked, context, this.branch)
    lists.require_open_scores()
    return retally(this, scores, results, turned=vetoes.turned(this, results.vetoes))


def decide_tie(  # noqa: PLR0913
    asked: DecideTie,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    vetoes: Vetoes,
    offices: Offices,
) -> list[Event]:
    """Enter a body's choice among the tied, and compute the round with it."""
    offices.require(asked, context, this.branch)
    tallied = results.require_current(this, scores, vetoes)
    tied = next((undecided for undecided in tallied.undecided if undecided.star == asked.star), None)
    if tied is None:
        raise NotFound("nothing-undecided", _nothing_undecided(asked.star, called(this.rulebook, asked.star)))
    _require_uninvolved(context, offices, tied.people)
    if not set(asked.winners) <= set(tied.people):
        raise Refused("not-among-the-tied", _not_tied(tied))
    label = called(this.rulebook, asked.star)
    decided = TieDecided(
        round=asked.round,
        star=asked.star,
        winners=asked.winners,
        among=tied.people,
        body=asked.body,
        reason=asked.reason,
        label=label.zh,
        label_en=label.en,
    )
    decision = TieDecision(decided.star, decided.winners, decided.among)
    computed = retally(this, scores, results, (decision,))
    if tied in next((made.undecided for made in computed if isinstance(made, RoundTallied)), tallied.undecided):
        raise Refused("wrong-number-of-winners", _wrong_number(tied, label))
    return [decided, *computed]


def _require_uninvolved(context: Context, offices: Offices, people: Sequence[PersonId]) -> None:
    for person in people:
        offices.require_stranger(context, person)


def retally(  # noqa: PLR0913 - what a tally is made of
    this: Round,
    scores: Scores,
    results: Results,
    decided: tuple[TieDecision, ...] = (),
    *,
    turned: Sequence[VetoCounted] = (),
    scoring: Scoring = score,
) -> list[Event]:
    """Return the events of a new tally: everybody whose result changed; none where no score did, nor any result.

    The vetoes `turned` count from this tally on, or no longer.
    """
    sheet = sheet_of(this, scores, after_turning(results.vetoes, turned))
    outcome = _outcome(this, sheet, decided, scoring)
    fresh = {d.star for d in decided}
    numbers = {PersonId(each.person): _components(each) for each in outcome.people}
    if kept := tuple(d for d in results.decisions_over(numbers) if d.star not in fresh):
        outcome = _outcome(this, sheet, (*kept, *decided), scoring)
    number = 1 if results.tallied is None else results.tallied.tally + 1
    computed = [_computed(this, number, person, numbers[PersonId(person.person)]) for person in outcome.people]
    changed = [new for new in computed if _differs(new, results.latest.get(new.person))]
    made = _made(this, number, outcome)
    seen = scores.last_position <= results.position and not turned
    if seen and not changed and results.tallied is not None and _same(made, results.tallied):
        return []
    return [*turned, made, *changed]


def _outcome(this: Round, sheet: Sheet, decisions: tuple[TieDecision, ...], scoring: Scoring = score) -> Outcome:
    try:
        return scoring(this.rulebook, sheet, decisions)
    except Invalid as invalid:
        raise Refused("not-computable", _not_computable(invalid)) from invalid


def _made(this: Round, number: int, outcome: Outcome) -> RoundTallied:
    return RoundTallied(
        round=this.require_open().round,
        tally=number,
        engine=ENGINE,
        roster_size=len(this.roster),
        caps=tuple(CapUse(star=cap.star, cap=cap.cap, used=cap.used) for cap in outcome.caps),
        incomplete=tuple(PersonId(p.person) for p in outcome.people if p.status == "incomplete"),
        undecided=tuple(
            Undecided(star=tie.star, places=tie.places, people=tuple(map(PersonId, tie.people)))
            for tie in outcome.decisions_needed
        ),
        floors=tuple(FloorUse(star=floor.star, least=floor.least, held=floor.held) for floor in outcome.floors),
    )


def _computed(this: Round, number: int, result: PersonResult, components: Components) -> ResultComputed:
    return ResultComputed(
        round=this.require_open().round,
        tally=number,
        person=PersonId(result.person),
        status=result.status,
        total=result.total,
        total_exact=None if result.total_exact is None else written(result.total_exact),
        score_star=result.score_star,
        star=star_of(result),
        label=label_of(result).zh,
        components=components,
        verdict=verdict_of(result),
    )


def _components(result: PersonResult) -> Components:
    return _points(result.standing.tallies)


def own_components(this: Round, scores: Scores) -> dict[PersonId, Components]:
    """Return what everybody's part of a year alone comes to, where it is added to the parts before it."""
    found: dict[PersonId, Components] = {}
    for result in _outcome(this, sheet_of(this, scores, {}), ()).people:
        months = () if result.standing.year is None else result.standing.year.months
        own = next((each.tallies for each in months if each.period == this.period), result.standing.tallies)
        found[PersonId(result.person)] = _points(own)
    return found


def _points(tallies: Sequence[ComponentTally]) -> Components:
    return tuple(
        ComponentPoints(component=leaf.component.code, points=None if leaf.value is None else written(leaf.value))
        for part in tallies
        for leaf in part.leaves()
    )


def _differs(new: ResultComputed, old: ResultComputed | None) -> bool:
    return old is None or content(new) != content(old)


def content(result: ResultComputed) -> tuple[object, ...]:
    """Return what a result says, whichever tally it comes from; facts from before verdicts say as much."""
    said = result.verdict or Verdict()
    number = (result.status, result.total, result.total_exact, result.score_star, result.star, result.components)
    return (*number, said.named, said.probation)


def _same(new: RoundTallied, old: RoundTallied) -> bool:
    return (new.caps, new.floors, new.incomplete, new.undecided) == (
        old.caps,
        old.floors,
        old.incomplete,
        old.undecided,
    )


DECIDERS = deciders(tally, decide_tie)


_NOT_TALLIED = Text("尚未汇总计分；请先汇总。", "The round has not been tallied; tally it first.")
_OUTDATED = Text(
    "汇总之后又有分数、免评或一票否决变动；请重新汇总。",
    "Scores, exemptions or vetoes have changed since the tally; tally again.",
)


def _not_computable(invalid: Invalid) -> Text:
    zh = "；".join(f"{f.place}：{f.message.zh}{f.remedy.zh}" for f in invalid.findings)
    en = "; ".join(f"{f.place}: {f.message.en} {f.remedy.en}" for f in invalid.findings)
    return Text(f"按本办法不能计分：{zh}", f"The round cannot be computed under its rulebook: {en}")


def _nothing_undecided(star: int, label: Text) -> Text:
    return Text(
        f"{label.zh or f'{star} 星'}名额上没有待决的同分。", f"Nothing is undecided at {label.en or f'star {star}'}."
    )


def _not_tied(tied: Undecided) -> Text:
    return Text(
        f"只能在同分人员中决定：{'、'.join(tied.people)}。", f"Choose among the tied only: {', '.join(tied.people)}."
    )


def _wrong_number(tied: Undecided, label: Text) -> Text:
    return Text(
        f"{label.zh or f'{tied.star} 星'}还有 {tied.places} 个名额；请选出恰好这么多人。",
        f"{label.en or f'Star {tied.star}'} has {tied.places} places left; choose exactly that many.",
    )
