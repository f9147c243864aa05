"""Whom an open question about some people could touch through the places they take (AMB-B18).

Whatever is still open about a person, in the end he takes some place in the ranking, or none. Every such outcome is
tried: who keeps his star under all of them cannot be touched.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb

from domain.rulebook.model import Band, Rulebook
from domain.scoring import TieDecision
from domain.scoring.caps import room_of
from domain.scoring.contest import Contender, Limits, settle
from domain.scoring.evaluate import contest
from domain.scoring.standing import Standing, stand
from domain.scoring.tariff import Tariffs
from domain.sheet.model import Sheet

MOST_OUTCOMES = 3_000
_ABOVE, _BELOW = Fraction(1_000), Fraction(-1)

Place = tuple[int, tuple[Fraction, ...]]
"""A place in the ranking: the star by score, and the numbers compared."""


def touchable(
    rulebook: Rulebook, sheet: Sheet, decisions: Sequence[TieDecision], questioned: Collection[str]
) -> frozenset[str]:
    """Return everybody on the sheet whose star could still change: the questioned, and whom they could displace."""
    if not questioned:
        return frozenset()
    if rulebook.confirmation.hold == "all":
        return frozenset(candidate.person for candidate in sheet.people)
    contenders, limits = contest(rulebook, sheet)
    tariffs = Tariffs(rulebook)
    standings = [stand(tariffs, sheet, each) for each in sheet.people]
    seats = sum(_may_take_a_place(each) for each in standings if each.candidate.person in questioned)
    short = sum(each.fell_short for each in standings if each.candidate.person not in questioned)
    others = tuple(each for each in contenders if each.person not in questioned)
    now = _stars(contenders, limits, decisions)
    touched = set(questioned)
    room = room_of(rulebook, sheet)
    for outcome in _outcomes(rulebook, others, limits, seats):
        standing_in = _standing_in(outcome)
        above = room.above(len(others) + len(standing_in), short + seats - len(standing_in))
        then = _stars((*others, *standing_in), replace(limits, above=above), decisions)
        touched |= {each.person for each in others if then[each.person] != now[each.person]}
    return frozenset(touched)


def _may_take_a_place(standing: Standing) -> bool:
    """Return whether some score would give this person a star: not the exempt, nor those who joined too late."""
    return standing.why_unrated not in {"exempt", "newcomer"}


def _stars(contenders: Sequence[Contender], limits: Limits, decisions: Sequence[TieDecision]) -> dict[str, int | None]:
    return {person: placing.star for person, placing in settle(contenders, limits, decisions).placings.items()}


def _standing_in(outcome: Iterable[Place | None]) -> list[Contender]:
    taken = [place for place in outcome if place is not None]
    return [Contender(f"?{number}", star, key, -1 - number) for number, (star, key) in enumerate(taken)]


def _outcomes(
    rulebook: Rulebook, others: Sequence[Contender], limits: Limits, questioned: int
) -> Iterable[tuple[Place | None, ...]]:
    """Yield the places that the questioned could take: all of them, or where these are too many those at the cuts."""
    width = 1 + len(rulebook.ties.chain)
    tops = [_top(band, width) for band in rulebook.bands if not band.unrated]
    places: list[Place | None] = [None, *tops, *_beside(others)]
    if comb(len(places) + questioned - 1, questioned) > MOST_OUTCOMES:
        places = [None, *tops, *_beside(_at_cuts(others, limits, questioned))]
    return combinations_with_replacement(dict.fromkeys(places), questioned)


def _top(band: Band, width: int) -> Place:
    highest = _ABOVE if band.high is None else Fraction(band.high)
    return band.star, (highest, *(_ABOVE,) * (width - 1))


def _beside(contenders: Iterable[Contender]) -> list[Place]:
    """Return the places just above, level with, and just below each contender."""
    found: list[Place] = []
    for each in contenders:
        number, rest = each.key[0], len(each.key) - 1
        found += [
            (each.star, (number, *(_ABOVE,) * rest)),
            (each.star, each.key),
            (each.star, (number, *(_BELOW,) * rest)),
        ]
    return found


def _at_cuts(others: Sequence[Contender], limits: Limits, questioned: int) -> list[Contender]:
    """Return those whose rank lies within `questioned` places of a cut: only there can a place be won or lost."""
    ranked = sorted(others, key=lambda each: each.key, reverse=True)
    cuts = [0]
    for star in sorted(limits.places, reverse=True):
        cuts.append(cuts[-1] + limits.places[star])
    cuts += limits.above.values()
    near = {rank for cut in cuts for rank in range(cut - questioned - 1, cut + questioned + 1)}
    return [each for rank, each in enumerate(ranked) if rank in near]
