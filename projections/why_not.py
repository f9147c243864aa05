"""What stands between a person and a star: gates, vetoes, missing raters, the band, the places, an open question.

Each with its clause and the facts it stands in, and what would suffice. How others are placed is said, what they were
given never: for whoever may not see their totals, what would suffice is told of the person's own band alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from domain.calendars import Calendars
from domain.confirmation import Confirmations, CorrectionOpened
from domain.confirming import confirmed_as_is, obstacles
from domain.decision import Context, Event, NotFound, Refused, Selector
from domain.findings import Invalid
from domain.ids import PersonId, RoundId, tag
from domain.notices import LinePosted, Notices
from domain.objections import ObjectionFiled, Objections
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.rulebook.model import Band, Rulebook
from domain.scores import Scores
from domain.scoring import Outcome, PersonResult, Step, TieDecision, score, written
from domain.scoring.explain_beside import gate_steps, veto_steps
from domain.scoring.explain_caps import bounding_clause, contest_step
from domain.scoring.explain_star import band_bounds, unrated_label
from domain.scoring.explain_total import missing_tallies
from domain.scoring.sufficient import Sufficient, sufficient
from domain.sheet import Sheet
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes
from ledger.ledger import Ledger
from projections.folding import folded
from projections.withholding import Disclosures

Kind = Literal["unrated", "missing", "veto", "gate", "band", "places", "undecided", "procedure"]
OWN = ("components", "total", "star")
"""What must be open to whoever asks about a person; he himself may always ask."""


@dataclass(frozen=True, slots=True)
class Between:
    """One thing that stands between a person and a star, under which clause, in which facts."""

    kind: Kind
    text: Text
    clause: str
    facts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Everything between a person and a star, in order; `suffices` is what would do, one component at a time.

    `alone`: the places of stars are left out of `suffices`, for they turn on what others were given.
    """

    round: str
    person: str
    star: int
    label: Text
    holds: int | None
    between: tuple[Between, ...]
    suffices: tuple[Sufficient, ...]
    alone: bool


def why_not(  # noqa: PLR0913 - whose star, when, and for whom
    ledger: Ledger,
    round_id: str,
    person: str,
    star: int,
    now: datetime,
    upto: int | None = None,
    disclosures: Disclosures | None = None,
) -> WhyNot:
    """Return what stands between a person and `star` at a position (None: now), and what would suffice.

    Raises `NotFound` where there is no such round, person or star, `Refused` where the round cannot be computed or
    whoever asks may not see the person's result.
    """
    state = _State.read(ledger, round_id, PersonId(person), upto)
    rules = state.this.rulebook
    _require_star(rules, star)
    alone = not _may_see_others(disclosures, state.this, person)
    result = state.result
    short = result.star is None or result.star < star
    waits = () if state.this.is_part else state.waits(ledger, now, upto)
    suffices = sufficient(rules, state.sheet, state.decisions, person, star, by_score=alone) if short else ()
    return WhyNot(
        round=state.this.key,
        person=person,
        star=star,
        label=rules.label_of(star),
        holds=result.star,
        between=(*(_between(rules, result, star) if short else ()), *waits),
        suffices=suffices,
        alone=alone,
    )


def _require_star(rules: Rulebook, star: int) -> None:
    if star < 1 or star not in {band.star for band in rules.bands}:
        raise NotFound("no-such-star", _no_star(star))


def _may_see_others(disclosures: Disclosures | None, this: Round, person: str) -> bool:
    """Return whether others' totals are open to whoever asks; `Refused` where not even this person's result is."""
    if disclosures is None:
        return True
    scope = disclosures.scope(this.require_open(), disclosures.everywhere())
    withheld = scope.first_withheld(OWN, {person})
    if withheld is not None:
        raise Refused("withheld", Text(withheld.line("zh"), withheld.line("en")))
    return scope.first_withheld(("total",)) is None


@dataclass(frozen=True, slots=True)
class _State:
    """A round and one person's result in it."""

    this: Round
    scores: Scores
    results: Results
    sheet: Sheet
    outcome: Outcome
    person: PersonId

    @classmethod
    def read(cls, ledger: Ledger, round_id: str, person: PersonId, upto: int | None) -> "_State":
        """Fold the round and compute it."""
        this = folded(ledger, Round, round_id, upto)
        this.require_enrolled(person)
        scores, results = folded(ledger, Scores, round_id, upto), folded(ledger, Results, round_id, upto)
        sheet = sheet_of(this, scores, results.vetoes)
        try:
            outcome = score(this.rulebook, sheet, results.decisions)
        except Invalid as invalid:
            said = [finding.message for finding in invalid.findings]
            why = Text("；".join(each.zh for each in said), "; ".join(each.en for each in said))
            raise Refused("not-computable", why) from invalid
        return cls(this, scores, results, sheet, outcome, person)

    @property
    def decisions(self) -> tuple[TieDecision, ...]:
        """Return the ties that are decided."""
        return self.results.decisions

    @property
    def result(self) -> PersonResult:
        """Return what the round comes to for the person."""
        return next(each for each in self.outcome.people if each.person == self.person)

    def waits(self, ledger: Ledger, now: datetime, upto: int | None) -> tuple[Between, ...]:
        """Return what keeps the star from being confirmed, as the procedure stands."""
        kinds = (Notices, Objections, Confirmations)
        notices, objections, confirmations = (folded(ledger, kind, self.this.key, upto) for kind in kinds)
        if not (
            isinstance(notices, Notices)
            and isinstance(objections, Objections)
            and isinstance(confirmations, Confirmations)
        ):
            raise TypeError(kinds)
        if confirmed_as_is(self.person, self.results, confirmations):
            return ()
        context, calendars = Context(now, PersonId("")), folded(ledger, Calendars, "", upto)
        vetoes = folded(ledger, Vetoes, "", upto)
        found = obstacles(
            context, self.this, self.scores, self.results, notices, objections, confirmations, calendars, vetoes
        ).get(self.person)
        if found is None or found.code == "no-result":
            return ()
        rules = self.this.rulebook
        if found.code == "veto-waiting":
            turned = vetoes.turned(self.this, self.results.vetoes)
            facts = tuple(each.source for each in turned if each.person == self.person)
            return (Between("procedure", found.why, rules.confirmation.clause, facts),)
        asked = found.code == "objection-open"
        open_now = {*objections.open_about, *confirmations.in_question} if asked else {self.person}
        kind: tuple[type[Event], ...] = (ObjectionFiled, CorrectionOpened) if asked else (LinePosted,)
        facts = _newest(ledger, self.this.key, kind, open_now, upto)
        clause = rules.confirmation.clause if asked else rules.publicity.clause
        return (Between("procedure", found.why, clause, facts),)


def _newest(
    ledger: Ledger, round_id: str, kinds: tuple[type[Event], ...], people: set[PersonId], upto: int | None
) -> tuple[int, ...]:
    """Return the newest fact of these kinds about each of these people."""
    selector = Selector(tuple(kind.NAME for kind in kinds), (tag(RoundId, round_id),))
    found: dict[object, int] = {}
    for fact in ledger.read((selector,), upto=upto):
        about = getattr(fact.event, "about", getattr(fact.event, "person", None))
        if about in people:
            found[about] = fact.position
    return tuple(sorted(found.values()))


def _between(rules: Rulebook, result: PersonResult, star: int) -> Iterator[Between]:
    """Yield what the calculator says: what takes a person out, then what is missing, then the score and the places."""
    standing = result.standing
    yield from (_of_step("veto", step) for step in veto_steps(standing))
    checks = () if standing.beside is None else standing.beside.gates
    for check, step in zip(checks, gate_steps(rules, standing), strict=True):
        if check.state != "passed":
            yield _of_step("gate", step)
    if standing.why_unrated in {"exempt", "newcomer"}:
        clause = rules.unrated_clause if standing.why_unrated == "exempt" else rules.scope.newcomers_clause
        yield Between("unrated", unrated_label(rules, standing), clause)
    elif standing.exact is None:
        for each in missing_tallies(standing):
            yield Between("missing", _missing(each.component.title), each.component.clause)
    elif standing.band is not None and standing.band.star < star:
        band = min((each for each in rules.bands if each.star >= star), key=lambda each: each.star)
        yield Between("band", _distance(result, band), band.clause, _sources(result.explanation))
    for contest in result.placing.contests:
        if contest.star >= star and contest.result not in {"within", "ranked_in", "chosen"}:
            step, clause = contest_step(rules, contest, result.room), bounding_clause(rules, contest.star, result.room)
            yield Between("undecided" if contest.result == "open" else "places", step.label, clause or step.clause)


def _of_step(kind: Kind, step: Step) -> Between:
    return Between(kind, step.label, step.clause, _sources(step))


def _sources(step: Step) -> tuple[int, ...]:
    """Return the facts that a step and what is below it stand in."""
    below = (source for child in step.children for source in _sources(child))
    return tuple(sorted({*step.sources, *below}))


def _missing(title: Text) -> Text:
    return Text(f"缺少{title.zh}的评分", f"{title.en} was not given")


def _distance(result: PersonResult, band: Band) -> Text:
    compared, bounds = result.standing.compared, band_bounds(band)
    short = "" if band.low is None or compared is None else written(Fraction(band.low) - compared)
    return Text(
        f"总分 {result.total}，{band.label.zh}须{bounds.zh}：还差 {short}",
        f"the total is {result.total}, {band.label.en} asks for {bounds.en}: {short} short",
    )


def _no_star(star: int) -> Text:
    return Text(f"本办法没有 {star} 星；请核对。", f"This rulebook has no star {star}; check.")
