"""二评, the spoken part: the secretary's comment on each member, the members' on each other, the leader's on the staff.

B-2: findings in words stand beside the numbers. B-31: shortcomings, causes and demands. B-32: members may comment on
each other. B-33: the administrative leader comments on the staff. AMB-B21: the deputy comments on the secretary, and
stands in where the secretary was not there or is close to the person; nobody comments on himself.
"""

import typing
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from domain.appointments import Offices
from domain.decision import (
    Command,
    Conflict,
    Context,
    Event,
    Fact,
    NotPermitted,
    Refused,
    State,
    command,
    deciders,
    event,
    members_of,
)
from domain.forms import require_filled
from domain.ids import BranchId, MeetingId, PersonId
from domain.meetings import Meeting, MeetingAttended
from domain.refusals import unless_same
from domain.reports import Reports, StaffReportGiven
from domain.roles import ADMINISTRATIVE_LEADER, DEPUTY_SECRETARY, EN_ZH, RECORDERS, SECRETARY
from domain.sealed import Sealed
from domain.text import Text

# commands


@command("comment-on", roles=RECORDERS, at="meetings/{meeting}/comments")
class CommentOn(Command):
    """Enter the comment on a person's report, in three parts; `commentator` is who asks, unless another is named."""

    meeting: MeetingId
    person: PersonId
    shortcomings: Sealed
    causes: Sealed
    demands: Sealed
    commentator: PersonId | None = None


@command("peer-comment", roles=RECORDERS, at="meetings/{meeting}/peer-comments")
class PeerComment(Command):
    """Enter what one member remarked on another's report; `peer` is who asks, unless another is named."""

    meeting: MeetingId
    person: PersonId
    remark: Sealed
    peer: PersonId | None = None


# events


@event("comment.Made.v1")
class CommentMade(Event):
    """A person's shortcomings were named, their causes traced, and demands made 找不足、剖原因、提要求."""

    meeting: MeetingId
    branch: BranchId
    person: PersonId
    on: date
    commentator: PersonId
    shortcomings: Sealed
    causes: Sealed
    demands: Sealed


@event("comment.PeerMade.v1")
class PeerCommentMade(Event):
    """A member remarked on another's report."""

    meeting: MeetingId
    branch: BranchId
    person: PersonId
    on: date
    peer: PersonId
    remark: Sealed


CommentEvent = CommentMade | PeerCommentMade


# state


@dataclass(slots=True)
class Comments(State):
    """Who was commented on at a meeting and by whom, and which members remarked on whom."""

    KIND = MeetingId
    EVENTS = members_of(CommentEvent)
    made: dict[PersonId, CommentMade] = field(default_factory=dict)
    peers: set[tuple[PersonId, PersonId]] = field(default_factory=set)

    def evolve(self, fact: Fact) -> None:
        """Take one more comment into account."""
        happened = typing.cast("CommentEvent", fact.event)
        match happened:
            case CommentMade():
                self.made[happened.person] = happened
            case PeerCommentMade():
                self.peers.add((happened.peer, happened.person))
            case _:
                assert_never(happened)

    def require_made(self, person: PersonId) -> CommentMade:
        """Return the comment on a person; `Refused` where nobody has commented on him yet."""
        if person not in self.made:
            raise Refused("not-commented-yet", _not_commented(person))
        return self.made[person]


# deciders


def comment_on(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: CommentOn, context: Context, this: Meeting, reports: Reports, comments: Comments, offices: Offices
) -> list[Event]:
    """Enter the one comment on a person who has reported."""
    convened = this.require_convened()
    commentator = asked.commentator or context.actor
    if context.actor != commentator:
        offices.require(asked, context, convened.branch)
    if commentator == asked.person:
        raise NotPermitted("own-case", _OWN)
    if offices.related(commentator, asked.person):
        raise NotPermitted("recused", _close(commentator))
    attended = this.require_attended(context)
    report = reports.require_given(asked.person)
    roles = _roles_for(asked.person, attended, isinstance(report, StaffReportGiven), offices)
    if not any(offices.holds(commentator, roles, where, attended.on) for where in _bodies(attended, roles)):
        raise NotPermitted("not-the-commentator", _not_the_commentator(commentator, roles))
    if asked.person in comments.made:
        known = comments.made[asked.person].commentator
        return unless_same(known == commentator, Conflict("already-commented", _commented(asked.person, known)))
    said = {"shortcomings": asked.shortcomings, "causes": asked.causes, "demands": asked.demands}
    require_filled(this.rulebook.conduct.forms.comment_parts, said)
    return [
        CommentMade(
            meeting=asked.meeting,
            branch=attended.branch,
            person=asked.person,
            on=attended.on,
            commentator=commentator,
            shortcomings=asked.shortcomings,
            causes=asked.causes,
            demands=asked.demands,
        )
    ]


def peer_comment(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: PeerComment, context: Context, this: Meeting, reports: Reports, comments: Comments, offices: Offices
) -> list[Event]:
    """Enter a member's remark on another member, once for each pair."""
    convened = this.require_convened()
    peer = asked.peer or context.actor
    if context.actor != peer:
        offices.require(asked, context, convened.branch)
    if peer == asked.person:
        raise NotPermitted("own-case", _OWN)
    attended = this.require_attended(context)
    if peer not in attended.present:
        raise NotPermitted("not-a-peer", _not_a_peer(peer))
    if isinstance(reports.require_given(asked.person), StaffReportGiven):
        raise Refused("not-a-member", _not_a_member(asked.person))
    if (peer, asked.person) in comments.peers:
        return []
    return [
        PeerCommentMade(
            meeting=asked.meeting,
            branch=attended.branch,
            person=asked.person,
            on=attended.on,
            peer=peer,
            remark=asked.remark,
        )
    ]


DECIDERS = deciders(comment_on, peer_comment)


def _roles_for(person: PersonId, attended: MeetingAttended, staff: bool, offices: Offices) -> tuple[str, ...]:  # noqa: FBT001
    """Return whose comment it is: the secretary's, or the deputy's where the secretary cannot make it."""
    if staff:
        return (ADMINISTRATIVE_LEADER,)
    secretaries = offices.holders((SECRETARY,), attended.branch, attended.on)
    able = [
        one for one in secretaries if one != person and one in attended.present and not offices.related(one, person)
    ]
    return (SECRETARY,) if able else (DEPUTY_SECRETARY,)


def _bodies(attended: MeetingAttended, roles: tuple[str, ...]) -> tuple[BranchId | None, ...]:
    """Return where the office may be held: an administrative leader may be one of the committee."""
    return (attended.branch, None) if ADMINISTRATIVE_LEADER in roles else (attended.branch,)


_OWN = Text("不能点评自己；请由他人点评。", "Nobody comments on himself; somebody else does.")


def _close(commentator: str) -> Text:
    return Text(
        f"{commentator} 与被点评人有已申报的关系或正结对帮扶，须回避；请由副书记等他人点评。",
        f"{commentator} is close to the person, or one helps the other; somebody else, such as the deputy, comments.",
    )


def _not_commented(person: str) -> Text:
    return Text(
        f"{person} 尚未被点评；请先点评，再作评定。", f"Nobody has commented on {person} yet; that comes first."
    )


def _commented(person: str, known: str) -> Text:
    return Text(
        f"{person} 已由 {known} 点评；一次会议只点评一次。",
        f"{known} commented on {person} already; there is one comment.",
    )


def _not_the_commentator(person: str, roles: tuple[str, ...]) -> Text:
    zh, en = "、".join(EN_ZH[role] for role in roles), " or ".join(role.replace("_", " ") for role in roles)
    return Text(
        f"此项由{zh}点评，{person} 当时不任此职；请核对点评人。",
        f"This comment is for the {en}, which {person} was not; check who commented.",
    )


def _not_a_peer(peer: str) -> Text:
    return Text(
        f"{peer} 不是到会党员；党员之间的互评由到会党员进行。",
        f"{peer} was no member present; members who are there comment on each other.",
    )


def _not_a_member(person: str) -> Text:
    return Text(
        f"{person} 不是党员；互评在党员之间进行，职工由行政领导点评。",
        f"{person} is no member; members comment on each other, the administrative leader on the staff.",
    )
