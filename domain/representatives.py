"""The masses' representatives of a session: a list drawn up beforehand, and whether they take turns (B-36, AMB-B11).

B-6: the masses have a voice in how members are judged.
"""

from domain.appointments import Offices
from domain.convening import require_branch
from domain.dates import civil_date
from domain.decision import Command, Context, Event, Refused, command, deciders
from domain.ids import BranchId, MeetingId, PersonId
from domain.meetings import BranchMeetings, Meeting, MeetingConvened, RepresentativesInvited
from domain.membership import MEMBER_KINDS, Membership
from domain.organisation import Organisation
from domain.roles import RECORDERS
from domain.text import Text


@command("invite-representatives", roles=RECORDERS, at="meetings/{meeting}/representatives")
class InviteRepresentatives(Command):
    """Enter who is invited to speak for the masses in a session, and how they were chosen; the newest list counts."""

    meeting: MeetingId
    branch: BranchId
    people: tuple[PersonId, ...]
    how: str


def invite_representatives(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: InviteRepresentatives,
    context: Context,
    this: Meeting,
    meetings: BranchMeetings,
    organisation: Organisation,
    membership: Membership,
    offices: Offices,
) -> list[Event]:
    """Enter the list before the session's day is over, with those on it who spoke for the masses last time too."""
    convened = this.require_open()
    offices.require(asked, context, convened.branch)
    require_branch(convened, asked.branch)
    people = tuple(dict.fromkeys(asked.people))
    if this.invited is not None and (this.invited.people, this.invited.how) == (people, asked.how):
        return []
    _require_session(this, people)
    if this.attended is not None or civil_date(context.now) > convened.on:
        raise Refused("not-beforehand", _not_beforehand(convened))
    for person in people:
        organisation.require_person(person)
        _require_no_member(person, convened, membership)
    if not asked.how.strip():
        raise Refused("choice-unexplained", _HOW)
    return [_invited(asked, convened, people, meetings.represented_before(convened.on))]


DECIDERS = deciders(invite_representatives)


def _require_session(this: Meeting, people: tuple[PersonId, ...]) -> None:
    least = 0 if this.session is None else this.session.representatives_at_least
    if not least:
        raise Refused("no-representatives-here", _no_representatives(this.key))
    if this.session is not None and len(people) < least:
        raise Refused("too-few-representatives", _too_few(len(people), least, this.session.representatives_clause))


def _require_no_member(person: PersonId, convened: MeetingConvened, membership: Membership) -> None:
    stay = membership.stay_on(person, convened.on)
    if stay is not None and stay.kind_on(convened.on) in MEMBER_KINDS:
        raise Refused("not-of-the-masses", _member(person))


def _invited(
    asked: InviteRepresentatives,
    convened: MeetingConvened,
    people: tuple[PersonId, ...],
    last: RepresentativesInvited | None,
) -> RepresentativesInvited:
    return RepresentativesInvited(
        meeting=asked.meeting,
        branch=convened.branch,
        on=convened.on,
        people=people,
        how=asked.how,
        again=tuple(person for person in people if last is not None and person in last.people),
        last_on=None if last is None else last.on,
    )


_HOW = Text("请写明群众代表如何产生。", "Say how the representatives were chosen.")


def _no_representatives(key: str) -> Text:
    return Text(
        f"办法没有规定会议 {key} 邀请群众代表；群众代表参加每季度的支部生活会，请核对会议编号。",
        f"The rulebook invites no representatives to the meeting {key}, but to the quarterly session; check the id.",
    )


def _too_few(number: int, least: int, clause: str) -> Text:
    return Text(
        f"群众代表只有 {number} 名，依 {clause} 不得少于 {least} 名；请补足名单。",
        f"The list has {number} of at least {least} representatives ({clause}); complete it.",
    )


def _not_beforehand(convened: MeetingConvened) -> Text:
    return Text(
        f"群众代表名单须在 {convened.on} 开会前确定；会后不能补登。",
        f"The list is drawn up before the session of {convened.on}; it cannot be entered afterwards.",
    )


def _member(person: str) -> Text:
    return Text(
        f"{person} 是党员，不能作群众代表；请另行邀请。",
        f"{person} is a Party member and cannot speak for the masses; invite somebody else.",
    )
