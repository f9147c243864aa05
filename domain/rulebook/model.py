"""What a rulebook says, as values: components, rounding, bands, caps, ties, terms; every number beside its clause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from domain.rulebook.conduct import Annual, Conduct
from domain.rulebook.items import Category, Group, Item
from domain.rulebook.order import Bounds, Turn
from domain.rulebook.periods import CIVIL, PeriodKind, YearShape, kind_of
from domain.rulebook.results import Exemption, Gate, NamedStar, ProbationOutcome, ResultKind, Total, Veto
from domain.rulebook.terms import Confirmation, Disclosure, Meeting, Objections, Publicity, Retention
from domain.text import Text

Family = Literal["seed-a", "seed-b"]
ClauseSource = Literal["seed-a", "seed-b", "reading", "norm", "project", "own"]
Kind = Literal["formal", "probationary"]
Missing = Literal["incomplete", "renormalise", "carry_last_year"]
Mean = Literal["arithmetic", "trimmed", "grades"]
Absent = Literal["branch_carries", "refuse"]
Compare = Literal["published", "exact"]
CapRounding = Literal["floor", "half_up", "ceil", "min_1", "pooled"]
CapBase = Literal["all", "formal", "evaluated"]
OverflowMode = Literal["cascade", "branch_vote", "committee", "leave_vacant"]
TiesLeft = Literal["decision", "group_down", "group_up"]
Newcomers = Literal["without_star", "pro_rata"]
Representatives = Literal["one_voice", "own_share", "beside"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause that numbers cite: its id, its text for everyone to read (A-3), and what kind of text it is from."""

    id: str
    text: Text
    source: ClauseSource


@dataclass(frozen=True, slots=True)
class Grades:
    """Points for each grade on a ballot, and the words that are abstentions and count for nothing."""

    points: Mapping[str, Decimal]
    abstentions: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class GroupShare:
    """What one group of raters weighs, in per cent, and how many valid voices of it are needed."""

    group: str
    share: Decimal
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Component:
    """One column of the score sheet, or a sum of columns (`parts`); `weight` is per cent of its table.

    `takes_entries`: it may be made of entries of the catalogue (A-22). `ballot_groups` vote on it together, the first
    being the members; `representatives` says what the others' voices are worth, `share` in per cent (AMB-B10).
    Where `shares` are given, each group weighs its own. `exclude_self`: what people give themselves does not count.
    `bounds` replace the range of all components; `order` says how groups make it, else they are summed.
    """

    code: str
    title: Text
    weight: Decimal
    clause: str
    parts: tuple["Component", ...] = ()
    rater: str = ""
    optional: bool = False
    absent: Absent = "refuse"
    missing: Missing = "incomplete"
    mean: Mean = "arithmetic"
    open_top: bool = False
    ballots_minimum: int = 0
    ballots_clause: str = ""
    trim_each_side: int = 0
    grades: Grades | None = None
    takes_entries: bool = False
    ballot_groups: tuple[str, ...] = ()
    representatives: Representatives = "one_voice"
    share: Decimal = Decimal(0)
    shares: tuple[GroupShare, ...] = ()
    exclude_self: bool = False
    bounds: Bounds | None = None
    order: tuple[Turn, ...] = ()

    @property
    def takes_ballots(self) -> bool:
        """Whether a sheet may give this component as counts of grades (AMB-A14, grades to points)."""
        return self.mean == "grades" and self.grades is not None

    @property
    def counting_groups(self) -> tuple[str, ...]:
        """The groups whose voices count: all, or the members alone where the others are recorded beside (AMB-B10)."""
        return self.ballot_groups[:1] if self.representatives == "beside" else self.ballot_groups

    def leaves(self) -> Iterator["Component"]:
        """Yield the columns that a sheet gives: this component, or those it is made of."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def nodes(self) -> Iterator["Component"]:
        """Yield this component and everything below it."""
        yield self
        for part in self.parts:
            yield from part.nodes()


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and highest value of a component, both included."""

    low: Decimal
    high: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class Rounding:
    """How the total is published, half up to `places` decimals, and which number the bands and ranks compare."""

    places: int
    compare: Compare
    clause: str


@dataclass(frozen=True, slots=True)
class Band:
    """The scores that reach one star; a bound of None is open. An `unrated` band gives no star (0).

    `edge` is the reading by which exactly the lower bound belongs here (AMB-B1, AMB-B3).
    """

    star: int
    label: Text
    low: Decimal | None
    low_inclusive: bool
    high: Decimal | None
    high_inclusive: bool
    clause: str
    unrated: bool = False
    edge: str = ""

    def holds(self, number: Fraction | Decimal) -> bool:
        """Return whether `number` lies between the bounds, each counted in or out as the band says."""
        low, high = self.low, self.high
        return (low is None or number > low or (self.low_inclusive and number == low)) and (
            high is None or number < high or (self.high_inclusive and number == high)
        )


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `percent` of the base may hold `star`; a nested cap counts the higher stars as well (AMB-A4 to A6).

    As a floor, at least so many stand at `star` or below it. `by_period` has what differs in a period or a year.
    """

    star: int
    percent: Decimal
    of: CapBase
    round: CapRounding
    nested: bool
    clause: str
    by_period: Mapping[str, Decimal] = field(default_factory=dict)

    def percent_in(self, period: str, year: str) -> Decimal:
        """Return the per cent for `period`, else for its `year`, else the one that holds otherwise."""
        return self.by_period.get(period, self.by_period.get(year, self.percent))


@dataclass(frozen=True, slots=True)
class Overflow:
    """Who takes the places of a full star, and the order of stars that the others fall through (AMB-A7)."""

    mode: OverflowMode
    order: tuple[int, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Ties:
    """The components compared one after another at a cut, and what happens to people who are still equal (AMB-A8)."""

    chain: tuple[str, ...]
    left: TiesLeft
    clause: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Who is evaluated: kinds of membership, why that roster, and the months a newcomer needs for a star."""

    kinds: tuple[str, ...]
    clause: str
    roster_clause: str
    minimum_months: int
    newcomers: Newcomers
    newcomers_clause: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the procedure, the body that takes it, and the stage it belongs to where there are stages (B-21)."""

    name: str
    actor: str
    clause: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows for the stars from `star_at_least` to `star_at_most`, either end open.

    An `unrated` one follows instead for those whose score reached no star (B-48); `within_days` is the time for it.
    It follows only where the `consecutive` last years say the same, this one included.
    """

    code: str
    star_at_least: int | None
    star_at_most: int | None
    measures: tuple[str, ...]
    clause: str
    unrated: bool = False
    within_days: int | None = None
    consecutive: int = 1

    def meets(self, star: int, *, fell_short: bool = False) -> bool:
        """Return whether `star` has this consequence.

        Who has no star (0) has none, unless `fell_short`: the score itself reached no star, which exempt people and
        newcomers are not reproached with.
        """
        if self.unrated:
            return star == 0 and fell_short
        above = self.star_at_least is None or star >= self.star_at_least
        below = self.star_at_most is None or star <= self.star_at_most
        return star > 0 and above and below


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A whole scheme. `stated` names the readings that the document itself gives, the others being defaults."""

    id: str
    version: int
    title: Text
    issuer: Text
    period: PeriodKind
    clauses: Mapping[str, Clause]
    readings: Mapping[str, str]
    scope: Scope
    components: tuple[Component, ...]
    component_range: Range
    rounding: Rounding
    bands: tuple[Band, ...]
    caps: tuple[Cap, ...]
    overflow: Overflow
    ties: Ties
    unrated_label: Text
    unrated_clause: str
    calendar_opens: tuple[int, int]
    calendar_clause: str
    procedure: tuple[Step, ...]
    meeting: Meeting
    publicity: Publicity
    objections: Objections
    confirmation: Confirmation
    consequences: tuple[Consequence, ...]
    disclosure: Disclosure
    family: Family = "seed-a"
    groups: tuple[Group, ...] = ()
    items: Mapping[str, Item] = field(default_factory=dict)
    categories: tuple[Category, ...] = ()
    annual: Annual | None = None
    conduct: Conduct = field(default_factory=Conduct)
    adopted: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    stated: frozenset[str] = field(default_factory=frozenset)
    missing_policy_stated: bool = True
    total: Total = field(default_factory=Total)
    result: ResultKind = "level"
    retention: tuple[Retention, ...] = ()
    exemptions: Mapping[str, Exemption] = field(default_factory=dict)
    vetoes: Mapping[str, Veto] = field(default_factory=dict)
    gates: tuple[Gate, ...] = ()
    named_stars: tuple[NamedStar, ...] = ()
    floors: tuple[Cap, ...] = ()
    probation: tuple[ProbationOutcome, ...] = ()
    year: YearShape = CIVIL
    year_bands: tuple[Band, ...] = ()

    def leaves(self) -> dict[str, Component]:
        """Return the columns that a sheet gives, by code, in the order of the document."""
        return {leaf.code: leaf for component in self.components for leaf in component.leaves()}

    def nodes(self) -> dict[str, Component]:
        """Return every component by code, sums included."""
        return {node.code: node for component in self.components for node in component.nodes()}

    def groups_of(self, component: str) -> tuple[Group, ...]:
        """Return the groups whose sum is the value of `component`, in the order of the document."""
        return tuple(group for group in self.groups if group.component == component)

    def items_of(self, component: str) -> tuple[Item, ...]:
        """Return the items that count for `component`, in the order of the document."""
        codes = {group.code for group in self.groups_of(component)}
        return tuple(item for item in self.items.values() if item.group in codes)

    def component_of(self, item: Item) -> str:
        """Return the component that `item` counts for, empty where its group is not known."""
        return next((group.component for group in self.groups if group.code == item.group), "")

    def range_of(self, component: Component) -> Bounds:
        """Return what the value of `component` lies between: its own bounds, else those of all components (AMB-A12)."""
        if component.bounds is not None:
            return component.bounds
        reach = self.component_range
        return Bounds(reach.low, None if component.open_top else reach.high, reach.clause)

    def category_of(self, stated: str, posts: frozenset[str]) -> str:
        """Return the category of a person: as stated, else by his posts, else the one without posts; empty for none.

        Where several are without posts, only a sheet can tell which.
        """
        if stated or not self.categories:
            return stated
        by_post = next((each.code for each in self.categories if posts.intersection(each.posts)), "")
        others = [each.code for each in self.categories if not each.posts]
        return by_post or (others[0] if len(others) == 1 else "")

    def is_year(self, period: str) -> bool:
        """Return whether `period` asks a scheme of months, quarters or half-years for the result of a year (B-47)."""
        return self.annual is not None and kind_of(period) == "year"

    def is_part(self, period: str) -> bool:
        """Return whether `period` is a month, a quarter or a half-year of a scheme that makes its years of these."""
        return self.annual is not None and kind_of(period) == self.period

    def has_period(self, period: str) -> bool:
        """Return whether `period` is one that this scheme gives results for."""
        return self.year.days(period) is not None and (kind_of(period) == self.period or self.is_year(period))

    def counted_in(self, period: str) -> tuple[str, ...]:
        """Return the periods whose results count in that of `period`, in order.

        All those of a year; those before it in its year where points are carried on; else none.
        """
        parts = self.year.parts(self.year.year_of(period), self.period) if self.annual is not None else ()
        if self.is_year(period):
            return parts
        carried = self.annual is not None and self.annual.carry and period in parts
        return parts[: parts.index(period)] if carried else ()

    def bands_of(self, period: str) -> tuple[Band, ...]:
        """Return the bands for a result of `period`: those of the year where it has its own."""
        return self.year_bands if self.year_bands and self.is_year(period) else self.bands

    def band_of(self, number: Fraction | Decimal, period: str = "") -> Band:
        """Return the band that holds `number` in `period`; LookupError where the bands leave a gap."""
        for band in self.bands_of(period):
            if band.holds(number):
                return band
        raise LookupError(str(number))

    def label_of(self, star: int) -> Text:
        """Return the name of `star` in this rulebook (AMB-A2: it means nothing in another)."""
        return next((band.label for band in self.bands if band.star == star and star), self.unrated_label)
