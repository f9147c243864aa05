"""Taking a member out of a round before its list is proposed: he is not evaluated, and the base of caps keeps him."""

from domain.appointments import Offices
from domain.decision import Command, Context, Event, command, deciders
from domain.ids import PersonId, RoundId
from domain.lists import Lists
from domain.roles import SECRETARIES
from domain.rounds import MemberExempted, Round
from domain.sealed import Sealed


@command("exempt-member", roles=SECRETARIES)
class ExemptMember(Command):
    """Enter that a member is not evaluated in this round; the reason is sealed, the base of caps keeps him."""

    round: RoundId
    person: PersonId
    decided_by: str
    reason: Sealed


def exempt_member(asked: ExemptMember, context: Context, this: Round, lists: Lists, offices: Offices) -> list[Event]:
    """Take a member out of the evaluation before the list is proposed; nobody exempts himself."""
    this.require_enrolled(asked.person)
    offices.require(asked, context, this.branch)
    offices.require_stranger(context, asked.person)
    if asked.person in this.exempt:
        return []
    lists.require_open_scores()
    return [MemberExempted(round=asked.round, person=asked.person, decided_by=asked.decided_by, reason=asked.reason)]


DECIDERS = deciders(exempt_member)
