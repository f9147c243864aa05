"""The sheet a result is computed from: people, and what each component was given; constructible from plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from domain.rulebook.periods import CIVIL, YearShape


@dataclass(frozen=True, slots=True)
class Given:
    """A value somebody gave: points, how many ballots they are the mean of, who rated, and the facts they stand in.

    Points are what people write, or the exact value (a fraction) that facts of a month come to. `sources` are positions
    in the ledger; a sheet from a file has none. `group` is the one that rated, where each group has a share of its own;
    `openly`: a body too small for a secret ballot gave it, of which no minimum of ballots is asked.
    """

    points: Decimal | Fraction
    sources: tuple[int, ...] = ()
    ballots: int | None = None
    rater: str = ""
    group: str = ""
    openly: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """Ballots with grades: how many voices each grade had, and the facts they stand in.

    Voices stand in `grades`, or apart in `groups` (members, representatives: AMB-B10); `open_vote` marks a body too
    small for a secret ballot, of which no minimum of ballots is asked.
    """

    grades: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[int, ...] = ()
    groups: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    open_vote: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Occurrence:
    """What an entry says that tells its worth. Points of None are the item's own, where it has a fixed number.

    `amount` is what an item by unit, by steps or in per cent is measured by; `level` chooses its multiplier, which
    `points` are without; `matter` names what entries under items that exclude one another are about. One from the
    ledger is `judged`: its points were found to fit by the version and the posts of its day when it was recorded.
    It equals itself only: entries that say the same may share one (`domain.sheet.occurrences`), and what was found
    about it is looked up without reading it again.
    """

    item: str
    points: Decimal | None = None
    occurred_on: date | None = None
    amount: Decimal | None = None
    level: str = ""
    matter: str = ""
    judged: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One line of a record: what occurred, and where it is written down.

    `sources` are positions in the ledger; `place` is where it stands in a document, such as `entries[3]`, which is not
    what tells one entry from another.
    """

    occurrence: Occurrence
    sources: tuple[int, ...] = ()
    place: str = ""

    def __eq__(self, other: object) -> bool:
        """Return whether another entry says the same of the same facts."""
        return self._said() == other._said() if isinstance(other, Entry) else NotImplemented

    def __hash__(self) -> int:
        """Return a number that equal entries have in common."""
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        return (*_words(self.occurrence), self.sources)

    @property
    def item(self) -> str:
        """The code of its item."""
        return self.occurrence.item

    @property
    def points(self) -> Decimal | None:
        """The points that were given; None where the item has them or an amount makes them."""
        return self.occurrence.points

    @property
    def occurred_on(self) -> date | None:
        """The day on which it happened."""
        return self.occurrence.occurred_on

    @property
    def amount(self) -> Decimal | None:
        """What it is measured by, where its item is measured."""
        return self.occurrence.amount

    @property
    def level(self) -> str:
        """Its level, empty where its item has none."""
        return self.occurrence.level

    @property
    def matter(self) -> str:
        """What it is about, empty where nothing excludes its item."""
        return self.occurrence.matter

    @property
    def judged(self) -> bool:
        """Whether its points were found to fit when it was recorded."""
        return self.occurrence.judged


_words: Callable[[Occurrence], tuple[object, ...]] = attrgetter(
    "item", "points", "occurred_on", "amount", "level", "matter", "judged"
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A component kept by entries; none at all means that the record was kept and nothing happened.

    `occurrences` are theirs, side by side: all that sums are made of.
    """

    entries: tuple[Entry, ...] = ()
    sources: tuple[int, ...] = ()
    occurrences: tuple[Occurrence, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Put the occurrences side by side."""
        object.__setattr__(self, "occurrences", tuple([entry.occurrence for entry in self.entries]))


@dataclass(frozen=True, slots=True)
class Declared:
    """A veto that was declared against a person: its code, and the period where that was an earlier one.

    `sources` are positions in the ledger, which are not what tells one declaration from another.
    """

    code: str
    period: str = ""
    sources: tuple[int, ...] = field(default=(), compare=False)


Measure = Decimal | bool | None
"""What is known of a condition beside the score: a number, yes or no; None where it is not known."""

Score = Given | tuple[Given, ...] | Counted | Recorded | None


@dataclass(frozen=True, slots=True)
class PeriodGiven:
    """One month of a year: what each component was given, whether it was assessed at all (AMB-B26), and its facts.

    A component that is `not_applicable` did not exist for the person in that month (AMB-A11).
    """

    period: str
    components: Mapping[str, Score] = field(default_factory=dict)
    assessed: bool = True
    sources: tuple[int, ...] = ()
    not_applicable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person to be evaluated: what each component was given, and what does not exist for this person.

    A component given as None, or not at all, is missing; that is not the same as `not_applicable`. For the year of a
    scheme of months, `periods` are the months and `components` what is assessed once for the year. `posts` choose among
    the values that an item has by post (B-50). `gates` are the conditions beside the score by measure, with the facts
    they stand in as `gate_sources`; `earlier` are the stars of earlier years, None for a year without a
    result, with theirs as `earlier_sources`. `category` is the category of people, where the rulebook
    has such; left out, `posts` tell it.
    """

    person: str
    kind: str = "formal"
    components: Mapping[str, Score] = field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()
    joined: date | None = None
    exempt: bool = False
    last_year: Mapping[str, Given] = field(default_factory=dict)
    sources: tuple[int, ...] = ()
    periods: tuple[PeriodGiven, ...] = ()
    posts: frozenset[str] = frozenset()
    vetoes: tuple[Declared, ...] = ()
    gates: Mapping[str, Measure] = field(default_factory=dict)
    earlier: Mapping[str, int | None] = field(default_factory=dict)
    category: str = ""
    gate_sources: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    earlier_sources: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everybody of one period; `roster_size` is the denominator of caps, the people listed where it is None.

    `pool_size` is the number of members of the whole committee, for caps that are counted there (AMB-A4, pooled).
    """

    period: str
    people: tuple[Candidate, ...]
    roster_size: int | None = None
    pool_size: int | None = None


def given(score: Score) -> tuple[Given, ...]:
    """Return the values of `score` that somebody gave as points; none for ballots, entries and what is missing."""
    if isinstance(score, Given):
        return (score,)
    return score if isinstance(score, tuple) else ()


def period_start(period: str, year: YearShape = CIVIL) -> date | None:
    """Return the first day of `period`, None where it is not a period."""
    return year.start(period)


def period_end(period: str, year: YearShape = CIVIL) -> date | None:
    """Return the day on whose first instant `period` ("2025", "2025-03") has ended, None where it is not a period."""
    return year.end(period)
