"""What a result says beside total and star, as JSON-ready values; nothing where its rulebook declares none of it."""

from decimal import Decimal

from domain.rulebook import Rulebook
from domain.scoring import CapUse, FloorUse, Outcome, PersonResult, written
from domain.sheet import Measure
from domain.text import Language


def is_level(rulebook: Rulebook) -> bool:
    """Return whether results are levels, which alone are numbered stars (interfaces: else `star` is null)."""
    return rulebook.result == "level"


def person_beside(person: PersonResult, language: Language) -> dict[str, object]:
    """Return the labels, vetoes, gates, named stars, probation and consequences that the rulebook has words for."""
    rulebook = person.rulebook
    said: dict[str, object] = {}
    if not is_level(rulebook) or rulebook.named_stars:
        said["labels"] = [label.zh for label in person.labels]
        said["labels_en"] = [label.en for label in person.labels]
    if rulebook.result in {"grade", "pass"}:
        said["rank"], said["score_rank"] = person.star, person.score_star
    if rulebook.named_stars:
        said["named_stars"] = _named(person)
    return {**said, **_decided(person), **_followed(person, language)}


def _named(person: PersonResult) -> list[dict[str, object]]:
    return [
        {
            "code": each.star.code,
            "points": written(each.points),
            "at_least": str(each.star.at_least),
            "held": each.reached,
            "clause": each.star.clause,
        }
        for each in person.named
    ]


def _decided(person: PersonResult) -> dict[str, object]:
    """Return the vetoes in force and the gates that the star by score had to pass."""
    rulebook, beside = person.rulebook, person.standing.beside
    said: dict[str, object] = {}
    if rulebook.vetoes:
        said["vetoes"] = [
            {"code": each.veto.code, "effect": each.veto.effect, "period": each.declared_in, "clause": each.veto.clause}
            for each in (beside.vetoes if beside else ())
        ]
    if rulebook.gates:
        said["gates"] = [
            {"code": each.gate.code, "known": _known(each.known), "state": each.state, "clause": each.gate.clause}
            for each in (beside.gates if beside else ())
        ]
    return said


def _known(known: Measure) -> object:
    return str(known) if isinstance(known, Decimal) else known


def _followed(person: PersonResult, language: Language) -> dict[str, object]:
    """Return the end of a probation, and consequences where more than this one star decides them."""
    rulebook = person.rulebook
    said: dict[str, object] = {}
    if rulebook.probation:
        outcome = person.probation
        said["outcome"] = None if outcome is None else outcome.outcome
        said["outcome_label"] = None if outcome is None else outcome.title.said_in(language)
    barred = any(veto.effect == "no_award" for veto in rulebook.vetoes.values())
    if barred or any(each.consecutive > 1 for each in rulebook.consequences):
        said["consequences"] = [
            {"code": each.consequence.code, "state": each.state, "clause": each.consequence.clause}
            for each in person.consequences
        ]
    return said


def cap_json(rulebook: Rulebook, cap: CapUse) -> dict[str, object]:
    """Return the places of a star, or of a grade by its rank and label, and how many are taken."""
    used = {"cap": cap.cap, "used": cap.used, "clause": cap.clause}
    return {**_of(rulebook, cap.star), **used}


def floors_json(outcome: Outcome) -> dict[str, object]:
    """Return the quotas at the low end, nothing where there are none."""
    return {"floors": [_floor(outcome.rulebook, each) for each in outcome.floors]} if outcome.floors else {}


def _floor(rulebook: Rulebook, floor: FloorUse) -> dict[str, object]:
    return {**_of(rulebook, floor.star), "least": floor.least, "held": floor.held, "clause": floor.clause}


def _of(rulebook: Rulebook, star: int) -> dict[str, object]:
    if is_level(rulebook):
        return {"star": star}
    return {"star": None, "rank": star, "label": rulebook.label_of(star).zh}
