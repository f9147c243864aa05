"""What decides beside the score: vetoes first, then gates; the star that is left then competes for its places.

The order of vetoes and of gates never matters, and a condition that is not known is never taken for failed.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from domain.rulebook.model import Rulebook
from domain.rulebook.results import Gate, Veto, VetoEffect
from domain.sheet.model import Candidate, Measure

# open: the condition is not known, and the star depends on it.
GateState = Literal["passed", "failed", "open"]


@dataclass(frozen=True, slots=True)
class VetoInForce:
    """A veto that holds in this period, the period it was declared in, and the facts that say so."""

    veto: Veto
    declared_in: str
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One gate of the star a person would hold: what was known, and whether it let him through."""

    gate: Gate
    known: Measure
    state: GateState
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What vetoes and gates leave of a star; `star` is None while a condition is open."""

    vetoes: tuple[VetoInForce, ...]
    gates: tuple[GateCheck, ...]
    star: int | None

    @property
    def open_gates(self) -> tuple[GateCheck, ...]:
        """The gates for want of whose condition there is no result."""
        return tuple(each for each in self.gates if each.state == "open")

    @property
    def no_award(self) -> VetoInForce | None:
        """The veto by which nothing that asks for a least star follows, if there is one."""
        return next(iter(having(self.vetoes, "no_award")), None)


def having(vetoes: tuple[VetoInForce, ...], effect: VetoEffect) -> tuple[VetoInForce, ...]:
    """Return the vetoes of this effect."""
    return tuple(each for each in vetoes if each.veto.effect == effect)


def vetoes_in_force(rulebook: Rulebook, candidate: Candidate, period: str) -> tuple[VetoInForce, ...]:
    """Return the vetoes against `candidate` that hold in `period`, in the order of the document.

    One declared in an earlier year holds for as many years as it says, that year counted.
    """
    found = []
    if not candidate.vetoes:
        return ()
    for veto in rulebook.vetoes.values():
        for declared in candidate.vetoes:
            named = declared.period or period
            if declared.code == veto.code and holds(rulebook, veto, named, period):
                found.append(VetoInForce(veto, named, declared.sources))
    return tuple(sorted(found, key=lambda each: (_place(rulebook, each.veto), each.declared_in)))


def beside(rulebook: Rulebook, candidate: Candidate, vetoes: tuple[VetoInForce, ...], star: int) -> Beside:
    """Return what `vetoes` and the gates leave of `star`, the one by score."""
    if having(vetoes, "unrated"):
        return Beside(vetoes, (), 0)
    if having(vetoes, "lowest"):
        star = min((band.star for band in rulebook.bands), default=star)
    asked = tuple(gate for gate in rulebook.gates if gate.for_star_at_least <= star)
    failed = [gate.otherwise for gate in asked if _passes(gate, candidate) is False]
    left = min((star, *failed))
    checks = tuple(_check(gate, candidate, left) for gate in asked)
    needed = tuple(each for each in checks if each.known is not None or each.state == "open")
    return Beside(vetoes, needed, None if any(each.state == "open" for each in needed) else left)


def _check(gate: Gate, candidate: Candidate, left: int) -> GateCheck:
    """Return the state of a gate; an unknown condition leaves nothing open where the star is low enough already."""
    known = candidate.gates.get(gate.measure)
    passed = _passes(gate, candidate)
    if passed is None:
        return GateCheck(gate, None, "open" if left > gate.otherwise else "failed")
    return GateCheck(gate, known, "passed" if passed else "failed", candidate.gate_sources.get(gate.measure, ()))


def _passes(gate: Gate, candidate: Candidate) -> bool | None:
    """Return whether the condition is met, None where it is not known."""
    known = candidate.gates.get(gate.measure)
    if known is None:
        return None
    if gate.at_least is None:
        return known is True
    return Fraction(known) >= Fraction(gate.at_least)


def holds(rulebook: Rulebook, veto: Veto, declared_in: str, period: str) -> bool:
    """Return whether a veto declared in one period holds in another: for its years, that of the declaration counted."""
    if not period:
        return True
    since = int(rulebook.year.year_of(period)) - int(rulebook.year.year_of(declared_in))
    return declared_in == period or 0 <= since < veto.years


def _place(rulebook: Rulebook, veto: Veto) -> int:
    return list(rulebook.vetoes).index(veto.code)
