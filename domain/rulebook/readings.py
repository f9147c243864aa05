"""How a rulebook reads what its seed leaves open: one choice for each switch of its family."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.rulebook.model import Family
from domain.rulebook.switches import Switch
from domain.rulebook.switches_seed_a import SEED_A
from domain.rulebook.switches_seed_b import SEED_B
from domain.text import Text

FAMILIES: Mapping[Family, Mapping[str, Switch]] = {"seed-a": SEED_A, "seed-b": SEED_B}
"""The switches that a rulebook of each family has: those of the seed that it carries out."""

SWITCHES: Mapping[str, Switch] = {**SEED_A, **SEED_B}
"""Every switch by name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One switch as a rulebook sets it."""

    name: str
    amb: str
    choice: str
    meaning: Text


def reading(choices: Mapping[str, str], name: str) -> Reading:
    """Return the switch `name` as `choices` (a rulebook's readings) set it."""
    switch = SWITCHES[name]
    return Reading(name, switch.amb, choices[name], switch.meanings[choices[name]])


def readings(choices: Mapping[str, str]) -> tuple[Reading, ...]:
    """Return every switch of a rulebook in the order of the AMB ids."""
    return tuple(reading(choices, name) for name in SWITCHES if name in choices)
