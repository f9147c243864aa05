"""What a run comes to: medians, shares of the raw limit, whether targets are met, and growth; ready for JSON."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.growth import Grown
from bench.measuring import Measured, Row
from bench.profiling import Profile

MOST_SPREAD = 2
NOTES = Path(__file__).with_name("notes.toml")


@dataclass(frozen=True, slots=True)
class Line:
    """A row with what was measured; every ratio is one of medians."""

    row: Row
    measured: tuple[Measured, ...]
    profile: Profile | None = None
    """Where our time goes; of a row that misses a target."""

    @property
    def raw(self) -> float | None:
        """The median of the raw limit."""
        return self._first("raw")

    @property
    def strict(self) -> float | None:
        """The median of the harder limit, where there is one."""
        return self._first("strict")

    @property
    def ours(self) -> float | None:
        """Our median."""
        return self._first("ours")

    @property
    def ratio(self) -> float | None:
        """Our median as a share of the raw limit's."""
        return share(self.ours, self.raw)

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where it cannot be said, or there is none."""
        return self._reaches(self.row.target) if self.row.most is None else self._stays_below(self.row.most)

    @property
    def then_met(self) -> bool | None:
        """Whether the further target is reached."""
        return self._reaches(self.row.then)

    @property
    def is_missed(self) -> bool:
        """Whether a target is known not to be reached."""
        return self.met is False or self.then_met is False

    @property
    def best_peer(self) -> Measured | None:
        """The quickest (or smallest) peer that was measured."""
        peers = [(one.median, place) for place, one in enumerate(self.measured) if _is_peer(one)]
        found = [(median, place) for median, place in peers if median is not None]
        if not found:
            return None
        return self.measured[(min if self.row.lower_is_better else max)(found)[1]]

    def named(self, name: str) -> Measured | None:
        """Return the contender of this name, None where the row has none."""
        return next((one for one in self.measured if one.contender.name == name), None)

    @property
    def unsteady(self) -> bool:
        """Whether the raw limit itself varied so much that something else must have used the machine."""
        values = [sample.value for one in self.measured if one.contender.role == "raw" for sample in one.samples]
        return bool(values) and max(values) > MOST_SPREAD * min(values)

    def _first(self, role: str) -> float | None:
        return next((one.median for one in self.measured if one.contender.role == role), None)

    def _reaches(self, target: float | None) -> bool | None:
        if target is None or self.ratio is None or self.ours is None:
            return None
        if self.row.lower_is_better:
            return self.ratio <= target
        return self.ratio >= target and self.ours >= (self.row.least or 0)

    def _stays_below(self, most: float) -> bool | None:
        return None if self.ours is None else self.ours <= most and self._reaches(self.row.target) is not False


def _is_peer(one: Measured) -> bool:
    return one.contender.role == "peer"


def share(value: float | None, of: float | None) -> float | None:
    """Return one median divided by another, None where either is missing."""
    return None if value is None or not of else value / of


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole run."""

    machine: dict[str, str]
    seed: int
    rotations: int
    quick: bool
    lines: tuple[Line, ...]
    growth: tuple[Grown, ...]
    seconds: float

    def settings(self) -> dict[str, dict[str, str]]:
        """Return what each engine answered to our own connections."""
        found: dict[str, dict[str, str]] = {}
        for line in self.lines:
            for one in line.measured:
                if one.contender.role == "ours" and one.contender.writes and one.samples:
                    found[one.contender.engine] = dict(one.samples[-1].settings)
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the run as `starledger bench --json` prints it."""
        return {
            "machine": self.machine,
            "settings": self.settings(),
            "seed": self.seed,
            "rotations": self.rotations,
            "quick": self.quick,
            "seconds": round(self.seconds, 1),
            "rows": [_line_as_json(line) for line in self.lines],
            "growth": [{name: getattr(grown, name) for name in Grown.__slots__} for grown in self.growth],
        }


def _line_as_json(line: Line) -> dict[str, Any]:
    row = line.row
    return {
        "key": row.key,
        "work": row.work.en,
        "unit": row.unit,
        "lower_is_better": row.lower_is_better,
        "raw": line.raw,
        "strict": line.strict,
        "ours": line.ours,
        "ratio": line.ratio,
        "ratio_strict": share(line.ours, line.strict),
        "target": row.target,
        "then": row.then,
        "least": row.least,
        "most": row.most,
        "met": line.met,
        "unsteady": line.unsteady,
        "then_met": line.then_met,
        "contenders": [_contender_as_json(one, line.raw) for one in line.measured],
        "note": note_on(line),
        "profile": None if line.profile is None else {"shares": line.profile.shares, "slowed": line.profile.slowed},
    }


def _contender_as_json(one: Measured, raw: float | None) -> dict[str, Any]:
    contender = one.contender
    return {
        "name": contender.name,
        "role": contender.role,
        "does": contender.does,
        "samples": [sample.value for sample in one.samples],
        "median": one.median,
        "ratio": share(one.median, raw),
        "settings": dict(one.samples[-1].settings) if one.samples else {},
        "unsafe": one.unsafe,
        "skipped": one.skipped,
    }


def note_on(line: Line, notes: Path = NOTES) -> str | None:
    """Return why a target is missed, as it was found by a profile; None where none is missed."""
    if not line.is_missed:
        return None
    known: dict[str, str] = tomllib.loads(notes.read_text(encoding="utf-8"))
    return known.get(line.row.key)


def flatness(grown: Sequence[Grown]) -> dict[str, float]:
    """Return the cost at the largest size over that at the smallest: of one append, one load, one fact read again."""
    if len(grown) < 2:  # noqa: PLR2004 - a smallest and a largest
        return {}
    first, last = grown[0], grown[-1]
    return {
        "append": last.append_us / first.append_us,
        "load": last.load_us / first.load_us,
        "replay per fact": first.replay_per_second / last.replay_per_second,
        "verify per fact": first.verify_per_second / last.verify_per_second,
    }
