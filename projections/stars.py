"""The stars of a round as they stand: computed, posted, questioned, confirmed; one row for each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, select

from domain.confirmation import CorrectionDecided, CorrectionOpened, StarConfirmed
from domain.decision import Fact
from domain.notices import LinePosted, NoticeCorrected, NoticeInterrupted, NoticePosted, NoticeResumed
from domain.objections import ObjectionFiled, ObjectionRejected, ObjectionRuled, ObjectionWithdrawn
from domain.rounds import MemberEnrolled, MemberExempted, RoundOpened
from domain.tally import ResultComputed
from domain.verdicts import Verdict
from projections.columns import Instant, Listed, Words, key, ledger_id, metadata, reference
from projections.engine import Reading
from projections.round_row import FRAME, RoundFrame, frame_columns, frame_in, put_frame, take_seat
from projections.rows import Row, Rows
from projections.view import View

rounds = Table(
    "star_rounds",
    metadata,
    ledger_id(),
    key("round"),
    *frame_columns(),
    Column("enrolled", Integer, nullable=False, default=0),
)

notices = Table(
    "star_notices",
    metadata,
    ledger_id(),
    key("round"),
    key("notice"),
    Column("ends_at", Instant),
    Column("provisional", Boolean),
)

stars = Table(
    "stars",
    metadata,
    ledger_id(),
    key("round"),
    key("person"),
    Column("seat", Integer, nullable=False, default=0),
    Column("status", Words, nullable=False, default="not_computed"),
    Column("total", Words),
    Column("total_exact", Words),
    Column("score_star", Integer),
    Column("star", Integer),
    Column("label", Words, nullable=False, default=""),
    Column("label_en", Words, nullable=False, default=""),
    Column("named", Listed, nullable=False, default=()),
    Column("probation", Listed),
    Column("result_position", BigInteger),
    reference("notice"),
    Column("posted_total", Words),
    Column("posted_star", Integer),
    Column("open_objections", Integer, nullable=False, default=0),
    Column("open_corrections", Integer, nullable=False, default=0),
    Column("confirmed_star", Integer),
    Column("confirmed_label", Words),
    Column("confirmed_label_en", Words),
    Column("confirmed_named", Listed, nullable=False, default=()),
    Column("confirmed_probation", Listed),
    Column("confirmed_total", Words),
    Column("confirmed_by", Words),
    Column("confirmed_position", BigInteger),
    Column("confirmed_at", Instant),
    Column("superseded", Integer, nullable=False, default=0),
)


def _opened(rows: Rows, _fact: Fact, happened: RoundOpened) -> None:
    put_frame(rows, rounds, happened)


def _enrolled(rows: Rows, _fact: Fact, happened: MemberEnrolled) -> None:
    rows.put(stars, happened.round, happened.person, seat=take_seat(rows, rounds, happened, "enrolled"))


def _exempted(rows: Rows, _fact: Fact, happened: MemberExempted) -> None:
    rows.put(stars, happened.round, happened.person, status="exempt")


def _computed(rows: Rows, fact: Fact, happened: ResultComputed) -> None:
    rows.put(
        stars,
        happened.round,
        happened.person,
        status=happened.status,
        total=_written(happened.total),
        total_exact=happened.total_exact,
        score_star=happened.score_star,
        star=happened.star,
        label=happened.label,
        **_told(happened.verdict),
        result_position=fact.position,
    )


def _notice_posted(rows: Rows, _fact: Fact, happened: NoticePosted) -> None:
    rows.put(notices, happened.round, happened.notice, ends_at=happened.ends_at, provisional=happened.provisional)


def _line_posted(rows: Rows, _fact: Fact, happened: LinePosted) -> None:
    rows.put(
        stars,
        happened.round,
        happened.person,
        notice=happened.notice,
        posted_total=_written(happened.total),
        posted_star=happened.star,
    )


def _interrupted(rows: Rows, fact: Fact, happened: NoticeInterrupted) -> None:
    """Leave a window as it is that was over already."""
    known = rows.get(notices, happened.round, happened.notice) or {"ends_at": None}
    if known["ends_at"] is not None and fact.recorded_at < known["ends_at"]:
        rows.put(notices, happened.round, happened.notice, ends_at=None)


def _ends_anew(rows: Rows, _fact: Fact, happened: NoticeResumed | NoticeCorrected) -> None:
    rows.put(notices, happened.round, happened.notice, ends_at=happened.ends_at, provisional=happened.provisional)


def _filed(rows: Rows, _fact: Fact, happened: ObjectionFiled) -> None:
    _count(rows, happened.round, happened.about, "open_objections", 1)


def _settled(rows: Rows, _fact: Fact, happened: ObjectionRejected | ObjectionWithdrawn | ObjectionRuled) -> None:
    _count(rows, happened.round, happened.about, "open_objections", -1)


def _correction_opened(rows: Rows, _fact: Fact, happened: CorrectionOpened) -> None:
    if not happened.decided:
        _count(rows, happened.round, happened.person, "open_corrections", 1)


def _correction_decided(rows: Rows, _fact: Fact, happened: CorrectionDecided) -> None:
    _count(rows, happened.round, happened.person, "open_corrections", -1)


def _confirmed(rows: Rows, fact: Fact, happened: StarConfirmed) -> None:
    before = rows.get(stars, happened.round, happened.person)
    again = before is not None and before["confirmed_position"] is not None
    rows.put(
        stars,
        happened.round,
        happened.person,
        confirmed_star=happened.star,
        confirmed_label=happened.label,
        **{f"confirmed_{name}": value for name, value in _told(happened.verdict).items()},
        confirmed_total=_written(happened.total),
        confirmed_by=happened.body,
        confirmed_position=fact.position,
        confirmed_at=fact.recorded_at,
        superseded=(before or {"superseded": 0})["superseded"] + again,
    )


def _count(rows: Rows, round_id: str, person: str, column: str, by: int) -> None:
    known = rows.get(stars, round_id, person) or {column: 0}
    rows.put(stars, round_id, person, **{column: known[column] + by})


def _told(verdict: Verdict | None) -> dict[str, Any]:
    """Return what a number of stars does not say: the label in English, named stars, the end of a probation."""
    said = verdict or Verdict()
    end = said.probation
    return {
        "label_en": said.label,
        "named": said.named,
        "probation": None if end is None else (end.outcome, end.zh, end.en),
    }


def _written(total: object) -> str | None:
    return None if total is None else str(total)


STARS = View(
    "stars",
    3,
    (rounds, notices, stars),
    {
        RoundOpened: _opened,
        MemberEnrolled: _enrolled,
        MemberExempted: _exempted,
        ResultComputed: _computed,
        NoticePosted: _notice_posted,
        LinePosted: _line_posted,
        NoticeInterrupted: _interrupted,
        NoticeResumed: _ends_anew,
        NoticeCorrected: _ends_anew,
        ObjectionFiled: _filed,
        ObjectionRejected: _settled,
        ObjectionWithdrawn: _settled,
        ObjectionRuled: _settled,
        CorrectionOpened: _correction_opened,
        CorrectionDecided: _correction_decided,
        StarConfirmed: _confirmed,
    },
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmed star: by which body, in which fact; `superseded` counts the confirmations it replaced.

    `label_en`, `named` and `probation` as in `CurrentStar`.
    """

    star: int
    label: str
    total: str | None
    body: str
    position: int
    at: datetime
    superseded: int
    label_en: str = ""
    named: tuple[str, ...] = ()
    probation: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class CurrentStar:
    """Where one person stands in one round. Stars of different rulebooks mean different things (AMB-A2).

    `star` is proposed by computation, `confirmed` by a body; totals are exact decimals in text. `label_en` is there
    where a number of stars does not say it, `named` are the codes of named stars, `probation` is the code of how a
    probation ends, in Chinese and in English.
    """

    round: str
    person: str
    seat: int
    branch: str
    period: str
    rulebook: str
    version: int
    status: str
    total: str | None
    total_exact: str | None
    score_star: int | None
    star: int | None
    label: str
    notice: str | None
    posted_total: str | None
    posted_star: int | None
    window_ends_at: datetime | None
    window_provisional: bool
    open_objections: int
    open_corrections: int
    confirmed: Confirmed | None
    label_en: str = ""
    named: tuple[str, ...] = ()
    probation: tuple[str, ...] | None = None

    @property
    def in_question(self) -> bool:
        """Whether an objection or a correction about this person is open."""
        return self.open_objections > 0 or self.open_corrections > 0


def current_stars(
    reading: Reading, *, round_id: str | None = None, branch: str | None = None, person: str | None = None
) -> list[CurrentStar]:
    """Return the stars of a round, a branch or a person, by period, round and place on the roster."""
    joined = stars.join(
        rounds, (rounds.c.ledger_id == stars.c.ledger_id) & (rounds.c.round == stars.c.round)
    ).outerjoin(
        notices,
        (notices.c.ledger_id == stars.c.ledger_id)
        & (notices.c.round == stars.c.round)
        & (notices.c.notice == stars.c.notice),
    )
    frame = [rounds.c[name] for name in FRAME]
    query = select(stars, *frame, notices.c.ends_at, notices.c.provisional).select_from(joined)
    asked = {stars.c.round: round_id, rounds.c.branch: branch, stars.c.person: person}
    conditions = [column == value for column, value in asked.items() if value is not None]
    found = reading.connection.execute(query.where(stars.c.ledger_id == reading.ledger_id, *conditions)).mappings()
    return sorted((_current(dict(row)) for row in found), key=lambda one: (one.period, one.round, one.seat))


def round_frame(reading: Reading, round_id: str) -> RoundFrame | None:
    """Return what a round evaluates and by which rules; None where it has not been opened."""
    return frame_in(reading, rounds, round_id)


def opened_rounds(reading: Reading, branch: str | None = None) -> list[RoundFrame]:
    """Return the rounds that have been opened (of a branch), the newest period first, a year before its months."""
    by_branch = sorted(round_frames(reading, branch=branch), key=lambda each: (each.branch, each.round))
    return sorted(by_branch, key=lambda each: (each.period[:4], "-" not in each.period, each.period), reverse=True)


def round_frames(
    reading: Reading, *, branch: str | None = None, after: str = "", limit: int | None = None
) -> list[RoundFrame]:
    """Return the rounds that have been opened (of a branch) and come after an id, in the order of their ids."""
    columns = (rounds.c.round, *(rounds.c[name] for name in FRAME))
    query = select(*columns).where(
        rounds.c.ledger_id == reading.ledger_id, rounds.c.period.is_not(None), rounds.c.round > after
    )
    asked = query if branch is None else query.where(rounds.c.branch == branch)
    return [RoundFrame(*row) for row in reading.connection.execute(asked.order_by(rounds.c.round).limit(limit))]


_SAME: Sequence[str] = (
    "round",
    "person",
    "seat",
    "branch",
    "period",
    "rulebook",
    "version",
    "status",
    "total",
    "total_exact",
    "score_star",
    "star",
    "label",
    "notice",
    "posted_total",
    "posted_star",
    "open_objections",
    "open_corrections",
    "label_en",
    "named",
    "probation",
)


def _current(row: Row) -> CurrentStar:
    same: dict[str, Any] = {name: row[name] for name in _SAME}
    return CurrentStar(
        **same,
        window_ends_at=row["ends_at"],
        window_provisional=bool(row["provisional"]),
        confirmed=_confirmation(row),
    )


def _confirmation(row: Row) -> Confirmed | None:
    if row["confirmed_position"] is None:
        return None
    return Confirmed(
        star=row["confirmed_star"],
        label=row["confirmed_label"],
        total=row["confirmed_total"],
        body=row["confirmed_by"],
        position=row["confirmed_position"],
        at=row["confirmed_at"],
        superseded=row["superseded"],
        label_en=row["confirmed_label_en"] or "",
        named=row["confirmed_named"],
        probation=row["confirmed_probation"],
    )
