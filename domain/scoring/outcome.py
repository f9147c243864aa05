"""What scoring returns: a result for each person with its reasons, the caps, and what a body has to decide."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from domain.findings import Finding
from domain.rulebook.model import Rulebook
from domain.rulebook.readings import Reading
from domain.rulebook.results import ProbationOutcome
from domain.scoring.caps import Room
from domain.scoring.contest import Placing, QuestionKind
from domain.scoring.explain_star import reason_steps, star_step
from domain.scoring.following import Following, following, probation_outcome
from domain.scoring.named import Held, named_stars
from domain.scoring.standing import Standing, Status
from domain.scoring.step import Step
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a result: the clause, never empty, and the sentence."""

    clause: str
    text: Text


@dataclass(frozen=True, slots=True)
class CapUse:
    """The places of a star and how many people hold it for certain; a nested cap counts higher stars as well."""

    star: int
    cap: int
    used: int
    clause: str
    explanation: Step


@dataclass(frozen=True, slots=True)
class FloorUse:
    """How many at least stand at a star or below it, and how many do for certain."""

    star: int
    least: int
    held: int
    clause: str
    explanation: Step


@dataclass(frozen=True, slots=True)
class DecisionNeeded:
    """What a body has to decide: which of `people`, in sheet order, take the `places` of `star`."""

    kind: QuestionKind
    star: int
    places: int
    people: tuple[str, ...]
    clause: str
    text: Text


class PersonResult(NamedTuple):
    """One person's result: where the score puts him, and what the places of stars leave of it."""

    standing: Standing
    placing: Placing
    rulebook: Rulebook
    room: Room

    @property
    def person(self) -> str:
        """Whose result it is."""
        return self.standing.candidate.person

    @property
    def status(self) -> Status:
        """Whether it is complete, incomplete, or the person is not rated."""
        return self.standing.status

    @property
    def total_exact(self) -> Fraction | None:
        """The total before it is rounded, None while there is none."""
        return self.standing.exact

    @property
    def total(self) -> Decimal | None:
        """The total as it is published, None while there is none."""
        return self.standing.total

    @property
    def score_star(self) -> int | None:
        """The star by score alone, None where there is no band."""
        return None if self.standing.band is None else self.standing.band.star

    @property
    def star(self) -> int | None:
        """The star, 0 without one, None while it cannot be said."""
        return self.placing.star

    @property
    def label(self) -> Text | None:
        """The name of the star in this rulebook, None while it cannot be said."""
        return None if self.placing.star is None else self.rulebook.label_of(self.placing.star)

    @property
    def fell_short(self) -> bool:
        """Whether no star was reached; exempt people and newcomers did not fall short (B-19, B-48)."""
        return self.standing.fell_short

    @property
    def labels(self) -> tuple[Text, ...]:
        """The names of what a person holds: the label of a level or a grade, and the named stars in document order."""
        held = tuple(each.star.title for each in self.named if each.reached)
        return held if self.label is None else (self.label, *held)

    @property
    def named(self) -> tuple[Held, ...]:
        """Every named star with the points it is measured by, and whether they reach it."""
        return named_stars(self.rulebook, self.standing)

    @property
    def probation(self) -> ProbationOutcome | None:
        """What the total means for a probationary member; None for others and where there is no total."""
        return probation_outcome(self.rulebook, self.standing)

    @property
    def consequences(self) -> tuple[Following, ...]:
        """What follows from the star, earlier years counted where the rulebook asks for several."""
        return following(self.rulebook, self.standing, self.star)

    @property
    def explanation(self) -> Step:
        """The tree from the star down to the given values and the facts they stand in."""
        return star_step(self.rulebook, self.standing, self.placing, self.room)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The short list of reasons; the clause of a rulebook that names none is the rulebook itself."""
        steps = reason_steps(self.rulebook, self.standing, self.placing, self.room)
        return tuple(Reason(step.clause or self.rulebook.id, step.label) for step in steps)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a sheet: people in its order; `findings` name given decisions that decide nothing."""

    engine: int
    rulebook: Rulebook
    period: str
    people: tuple[PersonResult, ...]
    caps: tuple[CapUse, ...]
    decisions_needed: tuple[DecisionNeeded, ...]
    findings: tuple[Finding, ...]
    readings: tuple[Reading, ...]
    floors: tuple[FloorUse, ...] = ()
