"""What follows from a result: measures, over several years where a rulebook says so, and the end of a probation."""

from dataclasses import dataclass
from typing import Literal

from domain.rulebook.model import Consequence, Rulebook
from domain.rulebook.results import ProbationOutcome
from domain.scoring.gates import VetoInForce, having
from domain.scoring.standing import Standing

# follows: the measures are due. unknown: a year that counts was not given. withheld: a veto bars it.
FollowState = Literal["follows", "unknown", "withheld"]


@dataclass(frozen=True, slots=True)
class Following:
    """One consequence that a star has; the stars of `years` made it, and `unknown` ones are yet to be said."""

    consequence: Consequence
    state: FollowState
    years: tuple[tuple[str, int], ...]
    unknown: tuple[str, ...] = ()
    veto: VetoInForce | None = None
    sources: tuple[int, ...] = ()


def following(rulebook: Rulebook, standing: Standing, star: int | None) -> tuple[Following, ...]:
    """Return what follows from `star`, in the order of the document; nothing while the star cannot be said."""
    if star is None or standing.status == "incomplete":
        return ()
    found = (_following(rulebook, standing, each, star) for each in rulebook.consequences)
    return tuple(each for each in found if each is not None)


def _following(rulebook: Rulebook, standing: Standing, consequence: Consequence, star: int) -> Following | None:
    if not consequence.meets(star, fell_short=standing.fell_short):
        return None
    this = rulebook.year.year_of(standing.period)
    known = {this: star}
    unknown = []
    for back in range(1, consequence.consecutive):
        year = f"{int(this) - back:04}"
        earlier = standing.candidate.earlier
        if year not in earlier:
            unknown.append(year)
            continue
        was = earlier[year]
        if was is None or not consequence.meets(was, fell_short=was == 0):
            return None
        known[year] = was
    veto = None if standing.beside is None else standing.beside.no_award
    barred = veto if consequence.star_at_least is not None and not consequence.unrated else None
    state: FollowState = "withheld" if barred else "unknown" if unknown else "follows"
    sources = tuple(at for year in known for at in standing.candidate.earlier_sources.get(year, ()))
    return Following(consequence, state, tuple(known.items()), tuple(unknown), barred, sources)


def probation_outcome(rulebook: Rulebook, standing: Standing) -> ProbationOutcome | None:
    """Return what the compared total means for a probationary member; None for others, or without a total.

    Whom a veto takes out of the evaluation has no outcome by score: a body decides.
    """
    if standing.candidate.kind != "probationary" or standing.candidate.exempt or standing.compared is None:
        return None
    if standing.status == "incomplete" or (standing.beside and having(standing.beside.vetoes, "unrated")):
        return None
    return next((each for each in rulebook.probation if each.holds(standing.compared)), None)
