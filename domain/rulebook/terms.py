"""The terms of the procedure: quorum and majority, notices, objections, who is held, who may see what."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

DayUnit = Literal["calendar_days", "working_days"]
Roll = Literal["next_working_day", "none"]
Repair = Literal["affected_lines", "all_lines"]
Objector = Literal["member", "employee"]
Hold = Literal["ripple", "all"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Quorum and majority, as shares of the members with a vote."""

    present_at_least: Fraction
    yes_more_than: Fraction
    voters: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Publicity:
    """How long a notice hangs, how its days are counted, and whose window a correction begins anew (AMB-B15)."""

    days: int
    unit: DayUnit
    start_counted: bool
    roll: Roll
    audience: tuple[str, ...]
    clause: str
    repair: Repair = "affected_lines"


@dataclass(frozen=True, slots=True)
class Objections:
    """Who may object, with a name or (`anonymous`) also without, and by when each answer is due, in `unit`."""

    who: tuple[Objector, ...]
    accept_within: int
    rule_within: int
    extension_at_most: int
    unit: DayUnit
    investigators: int
    clause: str
    anonymous: bool = True


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who is held while an objection is open: everyone it could touch, or all (AMB-B18)."""

    hold: Hold
    clause: str


@dataclass(frozen=True, slots=True)
class Retention:
    """How many years a kind of record is kept 保管期限; None: for ever."""

    records: str
    years: int | None
    clause: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Which fields each audience sees, and which are never shown."""

    branch: tuple[str, ...]
    masses: tuple[str, ...]
    never: tuple[str, ...]
    clause: str
