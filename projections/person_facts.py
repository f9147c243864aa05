"""What a person was and did over the years, one row for each thing: the tables and the fold behind his record."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Integer, Table

from domain.activities import ActivityRecorded, ActivityReversed, ActivityVerified
from domain.assistance import ImprovementChecked, ImprovementClosed, ImprovementOpened
from domain.decision import Fact
from domain.feedback import FeedbackDelivered
from domain.following_up import ConsequenceNoted
from domain.honours import AwardGranted, MemberRecommended
from domain.membership import GroupAssigned, MemberJoined, MemberLeft, MemberMadeFormal, MemberTransferred
from domain.posts import GoalSet, PostAssigned
from domain.reviews import ReviewDecided, ReviewRequested
from domain.tasks import TaskAssigned, TaskCompleted
from projections.columns import Words, key, ledger_id, metadata, reference
from projections.rows import Rows

stays = Table(
    "person_stays",
    metadata,
    ledger_id(),
    key("person"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    reference("branch"),
    Column("kind", Words),
    Column("since", Date),
    Column("until", Date),
    Column("formal_since", Date),
    Column("left_as", Words),
)

stay_counts = Table(
    "person_stay_counts", metadata, ledger_id(), key("person"), Column("stays", Integer, nullable=False, default=0)
)

entries = Table(
    "person_entries",
    metadata,
    ledger_id(),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    reference("person"),
    Column("kind", Words),
    reference("thing"),
    Column("on", Date),
    Column("what", Words),
    Column("state", Words),
    Column("until", Date),
    reference("other"),
    Column("sealed", Words),
    Column("points", Words),
    Column("counts", Words),
)
"""Posts, groups, goals, awards, improvements, activities, tasks, feedback, reviews and what `projections.duty_facts`
adds: whatever has a day and a state."""

openings = Table("person_openings", metadata, ledger_id(), key("kind"), key("thing"), Column("position", BigInteger))
"""In which fact a thing with a life of its own began."""


def joined(rows: Rows, fact: Fact, happened: MemberJoined) -> None:
    """Begin a stay."""
    _begin_stay(rows, happened.person, branch=happened.branch, kind=happened.kind, since=happened.on)
    if happened.group is not None:
        enter(rows, fact, happened.person, "group", thing=happened.group, on=happened.on)


def made_formal(rows: Rows, _fact: Fact, happened: MemberMadeFormal) -> None:
    """Note since when a member is formal."""
    rows.put(stays, happened.person, _stays_of(rows, happened.person), formal_since=happened.on)


def transferred(rows: Rows, _fact: Fact, happened: MemberTransferred) -> None:
    """End a stay and begin the next."""
    number = _stays_of(rows, happened.person)
    before = rows.get(stays, happened.person, number) or {}
    rows.put(stays, happened.person, number, until=happened.on, left_as="transferred")
    same = {name: before.get(name) for name in ("kind", "formal_since")}
    _begin_stay(rows, happened.person, branch=happened.to_branch, since=happened.on, **same)


def left(rows: Rows, _fact: Fact, happened: MemberLeft) -> None:
    """End a stay."""
    rows.put(stays, happened.person, _stays_of(rows, happened.person), until=happened.on, left_as=happened.cause)


def group_assigned(rows: Rows, fact: Fact, happened: GroupAssigned) -> None:
    """Enter a group."""
    enter(rows, fact, happened.person, "group", thing=happened.group, on=happened.on)


def post_assigned(rows: Rows, fact: Fact, happened: PostAssigned) -> None:
    """Enter a post."""
    enter(rows, fact, happened.person, "post", what=happened.post, on=happened.on)


def goal_set(rows: Rows, fact: Fact, happened: GoalSet) -> None:
    """Enter the goals of a period with the target star."""
    target = None if happened.target_star is None else str(happened.target_star)
    enter(rows, fact, happened.person, "goal", what=happened.period, state=target, sealed=happened.goals.digest)


def activity_recorded(rows: Rows, fact: Fact, happened: ActivityRecorded) -> None:
    """Enter an activity."""
    enter(
        rows,
        fact,
        happened.person,
        "activity",
        thing=happened.activity,
        on=happened.occurred_on,
        what=happened.kind,
        state="reported" if happened.reported else "verified",
        other=happened.branch,
        sealed=happened.statement.digest,
    )


def activity_verified(rows: Rows, _fact: Fact, happened: ActivityVerified) -> None:
    """Note that a reported activity was found to be so."""
    change(rows, "activity", happened.activity, state="verified")


def activity_reversed(rows: Rows, _fact: Fact, happened: ActivityReversed) -> None:
    """Note that an activity no longer counts."""
    change(rows, "activity", happened.activity, state="reversed")


def task_assigned(rows: Rows, fact: Fact, happened: TaskAssigned) -> None:
    """Enter a task."""
    enter(
        rows,
        fact,
        happened.person,
        "task",
        thing=happened.task,
        until=happened.due,
        what=happened.resolution,
        state="assigned",
        sealed=happened.what.digest,
    )


def task_completed(rows: Rows, _fact: Fact, happened: TaskCompleted) -> None:
    """Note what became of a task."""
    change(rows, "task", happened.task, on=happened.on, state=happened.outcome)


def recommended(rows: Rows, fact: Fact, happened: MemberRecommended) -> None:
    """Enter a recommendation for an honour."""
    enter(rows, fact, happened.person, "recommendation", thing=happened.round, what=happened.honour)


def awarded(rows: Rows, fact: Fact, happened: AwardGranted) -> None:
    """Enter an honour."""
    enter(
        rows,
        fact,
        happened.person,
        "award",
        thing=happened.round,
        on=happened.on,
        what=happened.honour,
        state=happened.awarded_by,
    )


def consequence_noted(rows: Rows, fact: Fact, happened: ConsequenceNoted) -> None:
    """Enter what was decided about a consequence of a result."""
    enter(
        rows,
        fact,
        happened.person,
        "consequence",
        thing=happened.round,
        on=happened.on,
        what=happened.code,
        state=happened.decided_by,
        sealed=happened.statement.digest,
    )


def improvement_opened(rows: Rows, fact: Fact, happened: ImprovementOpened) -> None:
    """Enter a plan of assistance, with the day of review."""
    enter(
        rows,
        fact,
        happened.person,
        "improvement",
        thing=happened.improvement,
        until=happened.review_on,
        state="open",
        other=happened.helper,
        sealed=happened.goal.digest,
    )


def improvement_checked(rows: Rows, _fact: Fact, happened: ImprovementChecked) -> None:
    """Note the day of the newest check."""
    change(rows, "improvement", happened.improvement, on=happened.on, state="checked")


def improvement_closed(rows: Rows, _fact: Fact, happened: ImprovementClosed) -> None:
    """Note how a plan ended."""
    change(rows, "improvement", happened.improvement, on=happened.on, state=happened.outcome)


def feedback_delivered(rows: Rows, fact: Fact, happened: FeedbackDelivered) -> None:
    """Enter that a result was told."""
    signed = "signed" if happened.signed else "witnessed"
    enter(rows, fact, happened.person, "feedback", thing=happened.round, on=happened.on, state=signed)


def review_requested(rows: Rows, fact: Fact, happened: ReviewRequested) -> None:
    """Enter a request for review."""
    enter(
        rows,
        fact,
        happened.person,
        "review",
        thing=happened.review,
        what=happened.round,
        state="requested",
        sealed=happened.ground.digest,
    )


def review_decided(rows: Rows, _fact: Fact, happened: ReviewDecided) -> None:
    """Note what a review came to."""
    change(rows, "review", happened.review, on=happened.on, state="upheld" if happened.upheld else "dismissed")


def _begin_stay(rows: Rows, person: str, **values: Any) -> None:  # noqa: ANN401 - columns of several types
    number = _stays_of(rows, person) + 1
    rows.put(stay_counts, person, stays=number)
    rows.put(stays, person, number, **values)


def _stays_of(rows: Rows, person: str) -> int:
    known = rows.get(stay_counts, person)
    return 0 if known is None else int(known["stays"])


def enter(  # noqa: PLR0913 - the columns of an entry
    rows: Rows,
    fact: Fact,
    person: str,
    kind: str,
    *,
    thing: str | None = None,
    on: date | None = None,
    what: str | None = None,
    state: str | None = None,
    until: date | None = None,
    other: str | None = None,
    sealed: str | None = None,
    points: str | None = None,
    counts: str | None = None,
) -> None:
    """Add one thing to a person's record."""
    rows.put(
        entries,
        fact.position,
        person=person,
        kind=kind,
        thing=thing,
        on=on,
        what=what,
        state=state,
        until=until,
        other=other,
        sealed=sealed,
        points=points,
        counts=counts,
    )
    if thing is not None:
        rows.put(openings, kind, thing, position=fact.position)


def change(rows: Rows, kind: str, thing: str, **values: date | datetime | str | None) -> None:
    """Change what a thing that has begun has come to."""
    began = rows.get(openings, kind, thing)
    if began is not None:
        rows.put(entries, began["position"], **values)
