"""Committing oneself in public: made, approved or returned, withdrawn or superseded (B-9, B-22 to B-24, AMB-B17)."""

from datetime import date

from domain.appointments import Offices
from domain.commitments import (
    Area,
    Commitment,
    CommitmentApproved,
    CommitmentMade,
    CommitmentReturned,
    CommitmentRevoked,
    Successor,
    Virtue,
    branch_of,
    revoked,
)
from domain.decision import Command, Conflict, Context, Event, Refused, command, deciders
from domain.ids import BranchId, CommitmentId, PersonId
from domain.membership import Membership
from domain.period_days import days_of
from domain.refusals import not_in_future, taken, unless_same
from domain.roles import BRANCH_OFFICERS, RECORDERS
from domain.sealed import Sealed
from domain.text import Text

# commands


@command("make-commitment", roles=RECORDERS, at="commitments")
class MakeCommitment(Command):
    """Enter what a member commits himself to, in public (B-24); he may do so himself, and anew after a return.

    `private_circumstances` (health, family) is for the leading group alone (AMB-B17).
    """

    commitment: CommitmentId
    person: PersonId
    period: str
    virtue: Virtue
    area: Area
    on: date
    due: date
    statement: Sealed
    plan: Sealed
    private_circumstances: Sealed | None = None


@command("approve-commitment", roles=BRANCH_OFFICERS, at="commitments/{commitment}/approval", changes=True)
class ApproveCommitment(Command):
    """Enter that the branch approved a commitment; from then on it is public and stands."""

    commitment: CommitmentId


@command("return-commitment", roles=BRANCH_OFFICERS, at="commitments/{commitment}/return", changes=True)
class ReturnCommitment(Command):
    """Give a commitment back with the reason; the member makes it anew under the same id."""

    commitment: CommitmentId
    reason: Sealed


@command("revoke-commitment", roles=RECORDERS, at="commitments/{commitment}/revocation", changes=True)
class RevokeCommitment(Command):
    """Withdraw a commitment with the reason; once approved, only for an approved successor that takes its place."""

    commitment: CommitmentId
    reason: Sealed
    successor: CommitmentId | None = None


# deciders


def make_commitment(
    asked: MakeCommitment, context: Context, this: Commitment, membership: Membership, offices: Offices
) -> list[Event]:
    """Enter a commitment of somebody who was a member on its day, or a returned one as he makes it now."""
    not_in_future(asked.on, context)
    stay = membership.require_member(asked.person, asked.on)
    if context.actor != asked.person:
        offices.require(asked, context, stay.branch)
        offices.require_stranger(context, asked.person)
    if this.made is not None and this.made.person != asked.person:
        raise taken(asked.commitment)
    if this.made is not None and not (this.returned and this.revoked is None):
        return unless_same(_says(this.made) == _says(asked), taken(asked.commitment))
    days_of(asked.period)
    if asked.due < asked.on:
        raise Refused("due-before-made", _due_before_made(asked.due, asked.on))
    return [_made(asked, stay.branch)]


def approve_commitment(
    asked: ApproveCommitment, context: Context, this: Commitment, membership: Membership, offices: Offices
) -> list[Event]:
    """Approve what a member commits himself to; nobody approves his own."""
    made = _require_officer(asked, context, this, membership, offices)
    if this.approved:
        return []
    if this.returned:
        raise Refused("commitment-returned", _is_returned(asked.commitment))
    return [CommitmentApproved(commitment=asked.commitment, person=made.person)]


def return_commitment(
    asked: ReturnCommitment, context: Context, this: Commitment, membership: Membership, offices: Offices
) -> list[Event]:
    """Give back a commitment that is not approved yet."""
    made = _require_officer(asked, context, this, membership, offices)
    if this.approved:
        raise Conflict("already-approved", _approved(asked.commitment))
    if this.returned:
        return []
    return [CommitmentReturned(commitment=asked.commitment, person=made.person, reason=asked.reason)]


def revoke_commitment(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: RevokeCommitment,
    context: Context,
    this: Commitment,
    successor: Successor,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Withdraw a commitment: before approval by the member or a recorder, afterwards in favour of a successor."""
    made = this.require_made()
    if this.approved or context.actor != made.person:
        offices.require(asked, context, branch_of(made, membership, context))
        offices.require_stranger(context, made.person)
    if this.revoked is not None:
        return unless_same(this.revoked.successor == asked.successor, Conflict("commitment-revoked", revoked(this.key)))
    if this.approved and asked.successor is None:
        raise Refused("successor-needed", _successor_needed(asked.commitment))
    if asked.successor is not None:
        _require_successor(asked.successor, made, successor)
    return [
        CommitmentRevoked(
            commitment=asked.commitment, person=made.person, reason=asked.reason, successor=asked.successor
        )
    ]


DECIDERS = deciders(make_commitment, approve_commitment, return_commitment, revoke_commitment)


def _require_officer(
    asked: ApproveCommitment | ReturnCommitment,
    context: Context,
    this: Commitment,
    membership: Membership,
    offices: Offices,
) -> CommitmentMade:
    made = this.require_made()
    offices.require(asked, context, branch_of(made, membership, context))
    offices.require_stranger(context, made.person)
    if this.revoked is not None:
        raise Refused("commitment-revoked", revoked(this.key))
    return made


def _require_successor(named: CommitmentId, made: CommitmentMade, successor: Successor) -> None:
    if named == made.commitment:
        raise Refused("its-own-successor", _own_successor(named))
    if successor.require_standing().person != made.person:
        raise Refused("successor-of-another", _successor_of_another(named, made.person))


def _made(asked: MakeCommitment, branch: BranchId) -> CommitmentMade:
    return CommitmentMade(
        commitment=asked.commitment,
        person=asked.person,
        branch=branch,
        period=asked.period,
        virtue=asked.virtue,
        area=asked.area,
        on=asked.on,
        due=asked.due,
        statement=asked.statement,
        plan=asked.plan,
        private_circumstances=asked.private_circumstances,
    )


def _says(record: MakeCommitment | CommitmentMade) -> tuple[object, ...]:
    return (record.person, record.period, record.virtue, record.area, record.on, record.due)


def _due_before_made(due: date, made: date) -> Text:
    return Text(
        f"完成时限 {due} 早于承诺之日 {made}；请核对日期。", f"It is due on {due}, before it is made on {made}; check."
    )


def _approved(key: str) -> Text:
    return Text(
        f"承诺 {key} 已经审定；如须更改，请登记新的承诺，审定后以其取代。",
        f"The commitment {key} is approved; to change it, make another, have it approved and let it take its place.",
    )


def _is_returned(key: str) -> Text:
    return Text(
        f"承诺 {key} 已退回；请本人修改后重新提出，再行审定。",
        f"The commitment {key} was returned; it can be approved once the member has made it anew.",
    )


def _successor_needed(key: str) -> Text:
    return Text(
        f"承诺 {key} 已经审定并公开，不能只撤销；请先登记并审定新的承诺，再以其取代。",
        f"The commitment {key} is approved and public; have another one approved that takes its place, and name it.",
    )


def _own_successor(key: str) -> Text:
    return Text(f"承诺 {key} 不能取代自己；请核对编号。", f"{key} cannot take its own place; name another commitment.")


def _successor_of_another(key: str, person: str) -> Text:
    return Text(
        f"承诺 {key} 不是 {person} 的；请核对编号。", f"The commitment {key} is not one of {person}; check the id."
    )
