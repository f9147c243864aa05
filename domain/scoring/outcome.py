"""What scoring returns: a result for each person with its reasons, the caps, and what a body has to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.findings import Finding
from domain.rulebook.model import Rulebook
from domain.rulebook.readings import Reading
from domain.scoring.caps import Places
from domain.scoring.contest import Placing, QuestionKind
from domain.scoring.explain_star import reason_steps, star_step
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
class DecisionNeeded:
    """What a body has to decide: which of `people`, in sheet order, take the `places` of `star`."""

    kind: QuestionKind
    star: int
    places: int
    people: tuple[str, ...]
    clause: str
    text: Text


@dataclass(frozen=True, slots=True)
class PersonResult:
    """One person's result. `star` is None while it cannot be said, 0 without a star; `score_star` is by score alone."""

    person: str
    status: Status
    total_exact: Fraction | None
    total: Decimal | None
    score_star: int | None
    star: int | None
    label: Text | None
    standing: Standing
    placing: Placing
    rulebook: Rulebook
    places: Mapping[int, Places]

    @property
    def fell_short(self) -> bool:
        """Whether the score itself reached no star; exempt people and newcomers did not fall short (B-19, B-48)."""
        return self.standing.why_unrated == "band"

    @property
    def explanation(self) -> Step:
        """The tree from the star down to the given values and the facts they stand in."""
        return star_step(self.rulebook, self.standing, self.placing, self.places)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The short list of reasons; the clause of a rulebook that names none is the rulebook itself."""
        steps = reason_steps(self.rulebook, self.standing, self.placing, self.places)
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
