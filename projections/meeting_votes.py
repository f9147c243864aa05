"""The votes on lists that a meeting took: by its name, or where a fact names none, by branch and day (AMB-B24)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, Column, Date, Integer, Table, and_, or_, select

from domain.decision import Fact
from domain.lists import VoteHeld
from domain.rounds import RoundOpened
from projections.columns import Words, key, ledger_id, metadata, reference
from projections.engine import Reading
from projections.rows import Rows

voted_rounds = Table("meeting_rounds", metadata, ledger_id(), key("round"), reference("branch"))

votes = Table(
    "meeting_votes",
    metadata,
    ledger_id(),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    reference("meeting"),
    reference("branch"),
    Column("on", Date),
    reference("round"),
    Column("list", Integer),
    Column("should_attend", Integer),
    Column("voters_present", Integer),
    Column("yes", Integer),
    Column("no", Integer),
    Column("abstain", Integer),
    Column("outcome", Words),
)


def round_opened(rows: Rows, _fact: Fact, happened: RoundOpened) -> None:
    """Note whose round it is."""
    rows.put(voted_rounds, happened.round, branch=happened.branch)


def vote_held(rows: Rows, fact: Fact, happened: VoteHeld) -> None:
    """Enter a vote under the meeting it names, if it names one."""
    counted = ("meeting", "on", "round", "list", "should_attend", "voters_present", "yes", "no", "abstain", "outcome")
    branch = (rows.get(voted_rounds, happened.round) or {"branch": None})["branch"]
    rows.put(votes, fact.position, branch=branch, **{name: getattr(happened, name) for name in counted})


@dataclass(frozen=True, slots=True)
class MeetingVote:
    """One vote on a list. `named`: the vote names this meeting; otherwise the branch voted on that day."""

    position: int
    round: str
    list: int
    should_attend: int
    voters_present: int
    yes: int
    no: int
    abstain: int
    outcome: str
    named: bool


def votes_at(reading: Reading, meeting: str, branch: str, on: date) -> tuple[MeetingVote, ...]:
    """Return the votes that name this meeting, and those of the branch on its day that name none."""
    unnamed = and_(votes.c.meeting.is_(None), votes.c.branch == branch, votes.c.on == on)
    asked = (votes.c.ledger_id == reading.ledger_id, or_(votes.c.meeting == meeting, unnamed))
    found = reading.connection.execute(select(votes).where(*asked).order_by(votes.c.position)).mappings()
    return tuple(
        MeetingVote(
            row["position"],
            row["round"],
            row["list"],
            row["should_attend"],
            row["voters_present"],
            row["yes"],
            row["no"],
            row["abstain"],
            row["outcome"],
            named=row["meeting"] is not None,
        )
        for row in found
    )
