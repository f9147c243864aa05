"""Public commitments 公开承诺 as facts, and what they come to; `domain.committing` and `domain.fulfilling` decide.

B-9, B-22 to B-24: a commitment belongs to one of the four virtues and one of four areas, and has a plan and a day by
which it is due. B-53: commitments and their fulfilment are open to everyone. AMB-B17: circumstances such as health are
a text of their own, which the leading group alone reads; others are told of personal reasons.
"""

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, assert_never

from domain.dates import civil_date
from domain.decision import Command, Context, Event, Fact, NotFound, Refused, State, event, members_of
from domain.ids import BranchId, CommitmentId, Evidence, PersonId
from domain.membership import Membership
from domain.sealed import Sealed
from domain.text import Text

Virtue = Literal["political", "occupational", "family", "public"]
Area = Literal["ability", "conduct", "duty", "service"]
Side = Literal["self", "branch", "masses"]
"""Who appraises: the member himself, his branch, the masses 评诺."""
Outcome = Literal["kept", "partly", "not_kept"]

VIRTUES: Final[Mapping[Virtue, Text]] = {
    "political": Text("政治品德", "political virtue"),
    "occupational": Text("职业道德", "occupational ethics"),
    "family": Text("家庭美德", "family virtue"),
    "public": Text("社会公德", "public morality"),
}
"""四德, the four virtues (B-22)."""
AREAS: Final[Mapping[Area, Text]] = {
    "ability": Text("能力提升", "raising abilities"),
    "conduct": Text("党风民风", "Party and public conduct"),
    "duty": Text("岗位履职", "duties of the post"),
    "service": Text("服务群众", "serving the masses"),
}
"""The areas of a commitment (B-23)."""


# events


@event("commitment.Made.v1")
class CommitmentMade(Event):
    """A member of a branch committed himself on a day, for a period."""

    commitment: CommitmentId
    person: PersonId
    branch: BranchId
    period: str
    virtue: Virtue
    area: Area
    on: date
    due: date
    statement: Sealed
    plan: Sealed
    private_circumstances: Sealed | None


@event("commitment.Approved.v1")
class CommitmentApproved(Event):
    """The branch approved a commitment."""

    commitment: CommitmentId
    person: PersonId


@event("commitment.Returned.v1")
class CommitmentReturned(Event):
    """The branch gave a commitment back."""

    commitment: CommitmentId
    person: PersonId
    reason: Sealed


@event("commitment.FulfilmentReported.v1")
class FulfilmentReported(Event):
    """What a member had done about a commitment by a day 践诺."""

    commitment: CommitmentId
    person: PersonId
    on: date
    report: Sealed
    evidence: tuple[Evidence, ...]


@event("commitment.Appraised.v1")
class CommitmentAppraised(Event):
    """One side found a commitment kept, partly kept or not kept 评诺."""

    commitment: CommitmentId
    person: PersonId
    on: date
    side: Side
    outcome: Outcome
    remark: Sealed


@event("commitment.Revoked.v1")
class CommitmentRevoked(Event):
    """A commitment stands no longer; `successor` took its place."""

    commitment: CommitmentId
    person: PersonId
    reason: Sealed
    successor: CommitmentId | None


CommitmentEvent = (
    CommitmentMade
    | CommitmentApproved
    | CommitmentReturned
    | FulfilmentReported
    | CommitmentAppraised
    | CommitmentRevoked
)


# state


@dataclass(slots=True)
class Commitment(State):
    """One commitment as it was made last, whether it stands, and what was reported and found since."""

    KIND = CommitmentId
    EVENTS = members_of(CommitmentEvent)
    made: CommitmentMade | None = None
    approved: bool = False
    returned: bool = False
    revoked: CommitmentRevoked | None = None
    reported: set[date] = field(default_factory=set)
    appraised: dict[Side, CommitmentAppraised] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more fact into account; a revocation is also found under the successor that it names."""
        happened = typing.cast("CommitmentEvent", fact.event)
        if happened.commitment != self.key:
            return
        match happened:
            case CommitmentMade():
                self.made, self.returned = happened, False
            case CommitmentApproved():
                self.approved = True
            case CommitmentReturned():
                self.returned = True
            case FulfilmentReported():
                self.reported.add(happened.on)
            case CommitmentAppraised():
                self.appraised[happened.side] = happened
            case CommitmentRevoked():
                self.revoked = happened
            case _:
                assert_never(happened)

    def require_made(self) -> CommitmentMade:
        """Return how the commitment was made last; `NotFound` where it was not."""
        if self.made is None:
            raise NotFound("unknown-commitment", _unknown(self.key))
        return self.made

    def require_standing(self) -> CommitmentMade:
        """Return a commitment that is approved and not revoked; `Refused` otherwise."""
        made = self.require_made()
        if self.revoked is not None:
            raise Refused("commitment-revoked", revoked(self.key))
        if not self.approved:
            raise Refused("not-approved", _not_approved(self.key))
        return made


@dataclass(slots=True)
class Successor(Commitment):
    """The commitment that is to take the place of another."""

    @classmethod
    def key_for(cls, asked: Command) -> str:
        """Return the id of the successor, empty where the command names none."""
        return getattr(asked, "successor", None) or ""


def branch_of(made: CommitmentMade, membership: Membership, context: Context) -> BranchId:
    """Return the branch that looks after a commitment: where the member is now, else where he made it."""
    stay = membership.stay_on(made.person, civil_date(context.now))
    return made.branch if stay is None else stay.branch


def revoked(key: str) -> Text:
    """Return that a commitment stands no longer."""
    return Text(f"承诺 {key} 已经撤销；请核对编号。", f"The commitment {key} was revoked; check the id.")


def _unknown(key: str) -> Text:
    return Text(f"没有承诺 {key}；请先登记，或核对编号。", f"There is no commitment {key}; enter it, or check the id.")


def _not_approved(key: str) -> Text:
    return Text(
        f"承诺 {key} 尚未经支部审定；请先审定。", f"The commitment {key} is not approved; let the branch approve it."
    )
