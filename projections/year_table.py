"""The annual table: the months or quarters of a year, their totals and stars, and the year's result (B-42, B-47).

A month counts in the year once it is drawn; one that was never settled was not assessed (AMB-B26). A month's star is
only proposed (AMB-B4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Table, select

from domain.confirmation import StarConfirmed
from domain.decision import Fact
from domain.drawn import NAMED, AppraisalNotHeld, MonthDrawn, NoAppraisalTakenBack
from domain.months import MonthSettled
from domain.rounds import MemberEnrolled, RoundOpened
from domain.rulebook.model import Rulebook
from domain.scores import ScoreCorrected
from domain.scoring import written
from domain.tally import ResultComputed
from projections.columns import Listed, Words, key, ledger_id, metadata, reference
from projections.engine import Reading
from projections.round_row import frame_columns, put_frame, take_seat
from projections.rows import Row, Rows
from projections.view import View

years = Table(
    "year_tables",
    metadata,
    ledger_id(),
    key("round"),
    *frame_columns(),
    Column("enrolled", Integer, nullable=False, default=0),
    Column("not_held", Listed, nullable=False, default=()),
)

year_rows = Table(
    "year_table_rows",
    metadata,
    ledger_id(),
    key("round"),
    key("person"),
    Column("seat", Integer, nullable=False, default=0),
    Column("status", Words, nullable=False, default="not_computed"),
    Column("total", Words),
    Column("star", Integer),
    Column("label", Words, nullable=False, default=""),
    Column("components", Listed, nullable=False, default=()),
    Column("confirmed_star", Integer),
    Column("confirmed_label", Words),
    Column("confirmed_position", BigInteger),
)

drawn_months = Table(
    "year_table_months",
    metadata,
    ledger_id(),
    key("round"),
    key("person"),
    key("period"),
    Column("records", Words),
    Column("appraisal", Words),
    Column("components", Listed, nullable=False, default=()),
    Column("source", BigInteger),
    Column("corrected", Listed, nullable=False, default=()),
)

settled_months = Table(
    "settled_months",
    metadata,
    ledger_id(),
    key("person"),
    key("rulebook"),
    key("period"),
    reference("round"),
    reference("branch"),
    Column("records", Words),
    Column("appraisal", Words),
    Column("components", Listed, nullable=False, default=()),
    Column("total", Words),
    Column("star", Integer),
    Column("label", Words),
    Column("position", BigInteger),
)


def _opened(rows: Rows, _fact: Fact, happened: RoundOpened) -> None:
    put_frame(rows, years, happened)


def _enrolled(rows: Rows, _fact: Fact, happened: MemberEnrolled) -> None:
    rows.put(year_rows, happened.round, happened.person, seat=take_seat(rows, years, happened, "enrolled"))


def _not_held(rows: Rows, _fact: Fact, happened: AppraisalNotHeld) -> None:
    known = (rows.get(years, happened.round) or {"not_held": ()})["not_held"]
    rows.put(years, happened.round, not_held=(*known, happened.component))


def _held_after_all(rows: Rows, _fact: Fact, happened: NoAppraisalTakenBack) -> None:
    known = (rows.get(years, happened.round) or {"not_held": ()})["not_held"]
    rows.put(years, happened.round, not_held=tuple(each for each in known if each != happened.component))


def _settled(rows: Rows, fact: Fact, happened: MonthSettled) -> None:
    exact = {each.component: each.points for each in happened.components}
    rows.put(
        settled_months,
        happened.person,
        (rows.get(years, happened.round) or {"rulebook": ""})["rulebook"],
        happened.period,
        round=happened.round,
        branch=happened.branch,
        records=exact.get("records"),
        appraisal=exact.get("appraisal"),
        components=tuple([code, points] for code, points in exact.items() if code not in NAMED),
        total=None if happened.total is None else str(happened.total),
        star=happened.star,
        label=happened.label,
        position=fact.position,
    )


def _drawn(rows: Rows, _fact: Fact, happened: MonthDrawn) -> None:
    rows.put(
        drawn_months,
        happened.round,
        happened.person,
        happened.period,
        records=happened.records,
        appraisal=happened.appraisal,
        components=tuple([each.component, each.points] for each in happened.components),
        source=happened.source,
    )


def _corrected(rows: Rows, _fact: Fact, happened: ScoreCorrected) -> None:
    """Note what a ruling put in the place of a month's value; scores of the round itself are in its components."""
    if happened.period is None:
        return
    cell = (happened.round, happened.person, happened.period)
    known = dict((rows.get(drawn_months, *cell) or {"corrected": ()})["corrected"])
    known[happened.component] = written(happened.points)
    rows.put(drawn_months, *cell, corrected=tuple([code, points] for code, points in sorted(known.items())))


def _computed(rows: Rows, _fact: Fact, happened: ResultComputed) -> None:
    rows.put(
        year_rows,
        happened.round,
        happened.person,
        status=happened.status,
        total=None if happened.total is None else str(happened.total),
        star=happened.star,
        label=happened.label,
        components=tuple([each.component, each.points] for each in happened.components),
    )


def _confirmed(rows: Rows, fact: Fact, happened: StarConfirmed) -> None:
    told: dict[str, object] = {"confirmed_star": happened.star, "confirmed_label": happened.label}
    rows.put(year_rows, happened.round, happened.person, **told, confirmed_position=fact.position)


YEAR_TABLE = View(
    "year_table",
    3,
    (years, year_rows, drawn_months, settled_months),
    {
        RoundOpened: _opened,
        MemberEnrolled: _enrolled,
        AppraisalNotHeld: _not_held,
        NoAppraisalTakenBack: _held_after_all,
        MonthSettled: _settled,
        MonthDrawn: _drawn,
        ScoreCorrected: _corrected,
        ResultComputed: _computed,
        StarConfirmed: _confirmed,
    },
)


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One month or quarter of a member: what counts in the year where it is `drawn`, else what was settled.

    Values are exact numbers in text, `components` those besides `records` and `appraisal`; total and star are those of
    the newest settlement. `outdated`: it was settled anew since it was drawn. A ruling's values (`corrected`) stand in
    the place of its own.
    """

    period: str
    drawn: bool
    outdated: bool
    records: str | None
    appraisal: str | None
    components: Mapping[str, str | None]
    total: str | None
    star: int | None
    label: str | None
    source: int | None
    corrected: tuple[str, ...]

    @property
    def assessed(self) -> bool:
        """Whether the month was settled: one without a meeting is not there (AMB-B26)."""
        return self.source is not None


@dataclass(frozen=True, slots=True)
class YearRow:
    """A member's line: the periods of the year, its components, total, star; `confirmed_star` where a body did so."""

    person: str
    seat: int
    months: tuple[MonthCell, ...]
    components: Mapping[str, str | None]
    status: str
    total: str | None
    star: int | None
    label: str
    confirmed_star: int | None
    confirmed_label: str | None
    confirmed_position: int | None


@dataclass(frozen=True, slots=True)
class YearTable:
    """The table of an annual round in roster order; `not_held` are components that were declared not held."""

    round: str
    branch: str
    period: str
    rulebook: str
    version: int
    not_held: tuple[str, ...]
    rows: tuple[YearRow, ...]


def year_table(reading: Reading, round_id: str, rules: Rulebook) -> YearTable | None:
    """Return the annual table of a round under its rulebook; None where there is no such round, or it is of no year."""
    found = _rows(reading, years, round=round_id)
    if not found or not rules.is_year(found[0]["period"]):
        return None
    year = found[0]
    lines = sorted(_rows(reading, year_rows, round=round_id), key=lambda row: row["seat"])
    drawn = {(row["person"], row["period"]): row for row in _rows(reading, drawn_months, round=round_id)}
    settled = {(row["person"], row["period"]): row for row in _settled_for(reading, year)}
    periods = rules.counted_in(year["period"])
    rows = tuple(
        _line(row, tuple(_cell(p, drawn.get((row["person"], p)), settled.get((row["person"], p))) for p in periods))
        for row in lines
    )
    frame: dict[str, Any] = {name: year[name] for name in ("branch", "period", "rulebook", "version", "not_held")}
    return YearTable(round=round_id, **frame, rows=rows)


def _cell(period: str, drawn: Row | None, settled: Row | None) -> MonthCell:
    """Return a month as it was drawn, else as it was settled, with a ruling's values in the place of its own."""
    in_year = drawn is not None and drawn["source"] is not None
    counts = drawn if in_year else settled
    newest = settled or {}
    given = {} if drawn is None else dict(drawn["corrected"])
    own = {} if counts is None else {code: counts[code] for code in NAMED} | dict(counts["components"])
    shown = own | given
    source = None if counts is None else counts["source" if in_year else "position"]
    return MonthCell(
        period=period,
        drawn=in_year,
        outdated=in_year and source != newest.get("position"),
        records=shown.get("records"),
        appraisal=shown.get("appraisal"),
        components={code: points for code, points in shown.items() if code not in NAMED},
        total=newest.get("total"),
        star=newest.get("star"),
        label=newest.get("label"),
        source=source,
        corrected=tuple(given),
    )


def _line(row: Row, months: tuple[MonthCell, ...]) -> YearRow:
    same = ("person", "seat", "status", "total", "star", "label")
    told: dict[str, Any] = {name: row[name] for name in same}
    confirmed: dict[str, Any] = {name: row[name] for name in row if name.startswith("confirmed_")}
    return YearRow(**told, **confirmed, months=months, components=dict(row["components"]))


def _rows(reading: Reading, table: Table, **equal: object) -> list[Row]:
    conditions = [table.c[name] == value for name, value in equal.items()]
    query = select(table).where(table.c.ledger_id == reading.ledger_id, *conditions)
    return [dict(row) for row in reading.connection.execute(query).mappings()]


def _settled_for(reading: Reading, year: Row) -> list[Row]:
    """Return what was settled under the rulebook for everybody on the roster, by whichever branch (AMB-A15)."""
    joined = settled_months.join(
        year_rows,
        (year_rows.c.ledger_id == settled_months.c.ledger_id) & (year_rows.c.person == settled_months.c.person),
    )
    ours = (settled_months.c.ledger_id == reading.ledger_id, settled_months.c.rulebook == year["rulebook"])
    query = select(settled_months).select_from(joined).where(*ours, year_rows.c.round == year["round"])
    return [dict(row) for row in reading.connection.execute(query).mappings()]
