"""Taking a member out of a round before its list is proposed: he is not evaluated, and the base of caps keeps him.

Where the rulebook lists the grounds of exemption, one of them is given, and the body it names decides.
"""

from collections.abc import Iterable

from domain.appointments import Offices
from domain.decision import Command, Context, Event, NotFound, Refused, command, deciders
from domain.ids import PersonId, RoundId
from domain.lists import Lists
from domain.roles import SECRETARIES
from domain.rounds import MemberExempted, Round
from domain.rulebook.model import Rulebook
from domain.rulebook.results import Exemption
from domain.rulebook.words import word
from domain.sealed import Sealed
from domain.text import Text


@command("exempt-member", roles=SECRETARIES, at="rounds/{round}/exemptions", reach="decide")
class ExemptMember(Command):
    """Enter that a member is not evaluated in this round; the reason is sealed, the base of caps keeps him.

    `ground` is a code of the rulebook's exemptions, and is given where it lists any.
    """

    round: RoundId
    person: PersonId
    decided_by: str
    reason: Sealed
    ground: str | None = None


def exempt_member(asked: ExemptMember, context: Context, this: Round, lists: Lists, offices: Offices) -> list[Event]:
    """Take a member out of the evaluation before the list is proposed; nobody exempts himself."""
    this.require_enrolled(asked.person)
    offices.require(asked, context, this.branch)
    offices.require_stranger(context, asked.person)
    if asked.person in this.exempt:
        return []
    lists.require_open_scores()
    _require_ground(asked, this.rulebook)
    return [
        MemberExempted(
            round=asked.round,
            person=asked.person,
            decided_by=asked.decided_by,
            reason=asked.reason,
            ground=asked.ground,
        )
    ]


DECIDERS = deciders(exempt_member)


def _require_ground(asked: ExemptMember, rulebook: Rulebook) -> None:
    """Raise `Refused` unless the ground is one of the rulebook's, decided by whom it says; none where it lists none."""
    grounds = rulebook.exemptions
    if asked.ground is None:
        if grounds:
            raise Refused("exemption-ground-missing", _missing(grounds.values()))
        return
    if asked.ground not in grounds:
        raise NotFound("unknown-exemption-ground", _unknown(asked.ground, grounds.values()))
    body = grounds[asked.ground].decided_by
    if body and asked.decided_by not in {body, word(body).zh, word(body).en}:
        raise Refused("exemption-by-another-body", _other_body(grounds[asked.ground], asked.decided_by))


def _listed(grounds: Iterable[Exemption]) -> Text:
    found = list(grounds)
    return Text(
        "、".join(f"{each.code}（{each.title.zh}）" for each in found) or "（无）",
        ", ".join(f"{each.code} ({each.title.en})" for each in found) or "(none)",
    )


def _missing(grounds: Iterable[Exemption]) -> Text:
    known = _listed(grounds)
    return Text(
        f"办法列明了免评事由，请写明是哪一项：{known.zh}。",
        f"The rulebook lists the grounds of exemption; say which it is: {known.en}.",
    )


def _unknown(ground: str, grounds: Iterable[Exemption]) -> Text:
    known = _listed(grounds)
    return Text(
        f"办法没有免评事由「{ground}」；可用：{known.zh}。",
        f"The rulebook has no ground of exemption '{ground}'; known: {known.en}.",
    )


def _other_body(ground: Exemption, decided_by: str) -> Text:
    body = word(ground.decided_by)
    return Text(
        f"依 {ground.clause}，「{ground.title.zh}」由{body.zh}决定，不是{decided_by}；请由其决定后再登记。",
        f"Under {ground.clause} {body.en} decides on “{ground.title.en}”, not {decided_by}; enter it once they have.",
    )
