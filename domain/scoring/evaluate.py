"""Scoring: a rulebook, a sheet and decisions in; stars, reasons and open questions out. Pure and exact."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from domain.findings import Finding, Invalid
from domain.rulebook.coherence import faults
from domain.rulebook.model import Rulebook
from domain.rulebook.readings import readings
from domain.scoring.caps import Places, Room, room_of
from domain.scoring.contest import Contender, Limits, Placing, Question, Settlement, TieDecision, settle
from domain.scoring.explain_caps import cap_step, floor_step
from domain.scoring.explain_star import question_text
from domain.scoring.outcome import CapUse, DecisionNeeded, FloorUse, Outcome, PersonResult
from domain.scoring.standing import Standing, stand
from domain.scoring.tariff import Tariffs
from domain.sheet.check import sheet_faults
from domain.sheet.model import Sheet
from domain.text import Text

ENGINE = 2


def score(rulebook: Rulebook, sheet: Sheet, decisions: Sequence[TieDecision] = ()) -> Outcome:
    """Return everybody's total and star under `rulebook` (A-23 to A-34), and what a body still has to decide.

    Invalid where rulebook or sheet leave a score undefined. A decision that answers no question is named in `findings`
    and changes nothing.
    """
    _refuse_faults(rulebook, sheet)
    standings = _standings(rulebook, sheet)
    room = room_of(rulebook, sheet)
    doubled = _doubled(decisions)
    limits = _limits(rulebook, room, standings)
    settlement = settle(_contenders(rulebook, standings), limits, _single(decisions, doubled))
    people = tuple([_result(rulebook, standing, settlement, room) for standing in standings])
    held = Counter(placing.star for placing in settlement.placings.values())
    return Outcome(
        engine=ENGINE,
        rulebook=rulebook,
        period=sheet.period,
        people=people,
        caps=tuple(_cap_use(rulebook, each, held) for each in room.caps.values()),
        floors=tuple(_floor_use(rulebook, each, people) for each in room.floors.values()),
        decisions_needed=tuple(_needed(rulebook, question) for question in settlement.questions),
        findings=(*_doubled_findings(rulebook, doubled), *_unused(rulebook, settlement)),
        readings=readings(rulebook.readings),
    )


def contest(rulebook: Rulebook, sheet: Sheet) -> tuple[tuple[Contender, ...], Limits]:
    """Return who competes for stars on this sheet, and what bounds the contest."""
    standings = _standings(rulebook, sheet)
    return _contenders(rulebook, standings), _limits(rulebook, room_of(rulebook, sheet), standings)


def _standings(rulebook: Rulebook, sheet: Sheet) -> tuple[Standing, ...]:
    tariffs = Tariffs(rulebook)
    return tuple([stand(tariffs, sheet, candidate) for candidate in sheet.people])


def _refuse_faults(rulebook: Rulebook, sheet: Sheet) -> None:
    found = (*faults(rulebook), *sheet_faults(sheet, rulebook))
    if found:
        raise Invalid(found)


def _contenders(rulebook: Rulebook, standings: Sequence[Standing]) -> tuple[Contender, ...]:
    """Return those who compete for stars, each with the numbers that rank: the compared total, then the tie chain."""
    ranked = [(listed, standing) for listed, standing in enumerate(standings) if standing.ranked]
    return tuple([_contender(rulebook, standing, listed) for listed, standing in ranked])


def _contender(rulebook: Rulebook, standing: Standing, listed: int) -> Contender:
    if standing.compared is None or standing.star is None:
        raise LookupError(standing.candidate.person)
    values = standing.values() if rulebook.ties.chain else {}
    key = (standing.compared, *[values[code] for code in rulebook.ties.chain])
    return Contender(standing.candidate.person, standing.star, key, listed)


def _limits(rulebook: Rulebook, room: Room, standings: Sequence[Standing]) -> Limits:
    competing = sum(1 for standing in standings if standing.ranked)
    below = sum(1 for standing in standings if standing.fell_short)
    return Limits(
        above=room.above(competing, below),
        places={star: each.count for star, each in room.caps.items()},
        nested=frozenset(cap.star for cap in rulebook.caps if cap.nested),
        order=rulebook.overflow.order,
        mode=rulebook.overflow.mode,
        left=rulebook.ties.left,
    )


def _result(rulebook: Rulebook, standing: Standing, settlement: Settlement, room: Room) -> PersonResult:
    placing = settlement.placings.get(standing.candidate.person)
    if placing is None:
        placing = Placing(0 if standing.status == "not_rated" else None)
    return PersonResult(standing, placing, rulebook, room)


def _cap_use(rulebook: Rulebook, each: Places, held: Mapping[int | None, int]) -> CapUse:
    """Return the places of a star, and how many of those who compete hold it: everybody else has none."""
    cap = each.cap
    taken = ((star, people) for star, people in held.items() if star is not None)
    used = sum(people for star, people in taken if star == cap.star or (cap.nested and star > cap.star))
    return CapUse(cap.star, each.count, used, cap.clause or rulebook.id, cap_step(rulebook, each))


def _floor_use(rulebook: Rulebook, each: Places, people: Sequence[PersonResult]) -> FloorUse:
    """Return how many stand at the star of a quota or below it; newcomers and the exempt stand nowhere."""
    placed = [person for person in people if person.status == "complete" or person.fell_short]
    held = sum(1 for person in placed if person.star is not None and person.star <= each.cap.star)
    return FloorUse(each.cap.star, each.count, held, each.cap.clause or rulebook.id, floor_step(rulebook, each))


def _needed(rulebook: Rulebook, question: Question) -> DecisionNeeded:
    tied = question.kind in {"tie", "tie_approval"}
    clause = rulebook.ties.clause if tied else rulebook.overflow.clause
    text = question_text(rulebook, question)
    return DecisionNeeded(question.kind, question.star, question.places, question.people, clause or rulebook.id, text)


def _doubled(decisions: Sequence[TieDecision]) -> frozenset[int]:
    stars = [decision.star for decision in decisions]
    return frozenset(star for star in stars if stars.count(star) > 1)


def _single(decisions: Sequence[TieDecision], doubled: frozenset[int]) -> tuple[TieDecision, ...]:
    return tuple(decision for decision in decisions if decision.star not in doubled)


def _called(rulebook: Rulebook, star: int) -> Text:
    """Return what places are of: a number of stars, or what the rulebook calls it where its results are grades."""
    return Text(zh=f"{star}星", en=f"{star} stars") if rulebook.result == "level" else rulebook.label_of(star)


def _doubled_findings(rulebook: Rulebook, doubled: frozenset[int]) -> Iterator[Finding]:
    for star in sorted(doubled, reverse=True):
        said = _called(rulebook, star)
        message = Text(zh=f"{said.zh}的名额有不止一个决定", en=f"the places of {said.en} were decided more than once")
        remedy = Text(zh="只保留有效的一个。", en="Keep the one that is valid.")
        yield Finding("decision-doubled", f"decisions {star}", message, remedy)


def _unused(rulebook: Rulebook, settlement: Settlement) -> Iterator[Finding]:
    for decision in settlement.unused:
        said = _called(rulebook, decision.star)
        message = Text(
            zh=f"关于{said.zh}的决定与待决定的人员或名额不符，未予采用",
            en=f"the decision about {said.en} answers nothing that is to be decided and was not used",
        )
        remedy = Text(zh="对照decisions_needed重新决定。", en="Decide again what `decisions_needed` names.")
        yield Finding("decision-unfit", f"decisions {decision.star}", message, remedy)
