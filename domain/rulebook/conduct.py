"""How a scheme is carried out, as data for the procedure: stages, sessions, ballots, forms, bodies (seed B)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from domain.text import Text

Window = Literal["last_days", "first_days", "iso_last_week"]
Judged = Literal["previous_month", "this_month"]
SmallBody = Literal["open", "pooled"]
StaffBy = Literal["open", "ballot"]
ExcellentBy = Literal["grade", "five_stars", "four_stars_up"]
ShareRounding = Literal["floor", "half_up", "ceil"]
AnnualFormula = Literal["R2", "R1"]
AnnualHow = Literal["mean", "sum"]
Unassessed = Literal["left_out", "zero"]


@dataclass(frozen=True, slots=True)
class Annual:
    """How months become a year (B-47, AMB-B7): R2 takes the `once` components from the year, R1 only means of months.

    `weights` are per cent by component; at least `minimum_months` must have been assessed where those that were not are
    left out (AMB-B26). A scheme of quarters or half-years has these in place of months. `how` says whether they are
    averaged or added; the year stays within `low` and `high`, None being open. `carry`: every period counts on from
    those before it in the year.
    """

    formula: AnnualFormula
    weights: Mapping[str, Decimal]
    once: tuple[str, ...]
    unassessed: Unassessed
    minimum_months: int
    months_clause: str
    clause: str
    how: AnnualHow = "mean"
    low: Decimal | None = None
    high: Decimal | None = None
    carry: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A word of the scheme with its clause; a `private` one is shown to the leading group only (AMB-B17)."""

    code: str
    title: Text
    clause: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting that comes again: the months it is held in, the days of the month, whom it judges and who else comes.

    `days` count from the end of the month or from its beginning as `window` says; outside them a session is valid and
    flagged (AMB-B6). `invited` are kinds of people outside the Party.
    """

    code: str
    title: Text
    months: tuple[int, ...]
    window: Window
    days: int
    window_clause: str
    judges: Judged
    invited: tuple[str, ...]
    representatives_at_least: int
    representatives_clause: str
    clause: str


@dataclass(frozen=True, slots=True)
class BallotBox:
    """Fewer than `shown_from` sheets are never shown; a smaller body votes openly or is pooled (design §3)."""

    shown_from: int
    small_body: SmallBody
    clause: str


@dataclass(frozen=True, slots=True)
class StaffAppraisal:
    """How the staff outside the Party are graded: openly in the meeting, or by ballot as the members are (B-35)."""

    by: StaffBy
    clause: str


@dataclass(frozen=True, slots=True)
class Excellent:
    """Who stands on the list of the excellent: by grade or star, at most a share of the members where one is given."""

    by: ExcellentBy
    grade: str
    at_most: Fraction | None
    round: ShareRounding
    clause: str


@dataclass(frozen=True, slots=True)
class Openness:
    """One thing that must be public, and to which audiences (B-52 to B-55, AMB-B27)."""

    code: str
    title: Text
    audience: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Forms:
    """The words that forms ask for: commitments (B-22, B-23), reports (B-28), comments (B-31), staff aspects (B-35)."""

    commitment_categories: tuple[Named, ...] = ()
    commitment_aspects: tuple[Named, ...] = ()
    commitment_areas: tuple[Named, ...] = ()
    report_heads: tuple[Named, ...] = ()
    staff_report_heads: tuple[Named, ...] = ()
    comment_parts: tuple[Named, ...] = ()
    staff_aspects: tuple[Named, ...] = ()
    talk_kinds: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Conduct:
    """Everything above of one rulebook; a scheme that says nothing of it has none.

    `stages` are what a cycle runs through (B-21).
    """

    stages: tuple[Named, ...] = ()
    sessions: tuple[Session, ...] = ()
    openness: tuple[Openness, ...] = ()
    ballot_box: BallotBox | None = None
    staff_appraisal: StaffAppraisal | None = None
    excellent: Excellent | None = None
    forms: Forms = field(default_factory=Forms)

    def session(self, code: str) -> Session | None:
        """Return the session `code`, None where the scheme has none of that name."""
        return next((each for each in self.sessions if each.code == code), None)

    def stage(self, code: str) -> Named | None:
        """Return the stage `code` (B-21), None where the scheme has none of that name."""
        return next((each for each in self.stages if each.code == code), None)
