"""Ruling on a veto that came after the list: it counts from then on, and whoever it touches hangs anew (AMB-B28).

Before the list is proposed a tally counts it. Afterwards nothing is computed anew silently: a body rules, confirmed
stars that it touches are reopened, and until then nobody whom it could touch is confirmed.
"""

from domain.appointments import Offices
from domain.confirmation import Confirmations
from domain.decision import Command, Context, Event, NotPermitted, Refused, command, deciders, event
from domain.ids import PersonId, RoundId, VetoId
from domain.lists import Lists
from domain.roles import LEADING_GROUP_HEAD, OBJECTION_OFFICERS
from domain.rounds import Round
from domain.rulings import Changes, amend, require_uninvolved, require_untouched
from domain.scores import Scores
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes


@command(
    "rule-on-veto",
    roles=(*OBJECTION_OFFICERS, LEADING_GROUP_HEAD),
    at="vetoes/{veto}/ruling",
    changes=True,
    reach="decide",
)
class RuleOnVeto(Command):
    """Enter that a body counts a veto in a round whose list was proposed before it was declared, or no longer does."""

    round: RoundId
    veto: VetoId
    body: str


@event("veto.RuledOn.v1")
class VetoRuledOn(Event):
    """A body took a veto, or its being lifted, into account; `touched` is everybody whose result it changed."""

    round: RoundId
    veto: VetoId
    person: PersonId
    body: str
    touched: tuple[PersonId, ...]


def rule_on_veto(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: RuleOnVeto,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    vetoes: Vetoes,
    lists: Lists,
    confirmations: Confirmations,
    offices: Offices,
) -> list[Event]:
    """Count a veto that waits, or no longer: neither by the person's own hand nor by that which declared it."""
    offices.require(asked, context, this.branch)
    known = vetoes.require(asked.veto)
    if (asked.veto in results.vetoes) == (known.lifted is None):
        return []
    if not lists.fixes_scores:
        raise Refused("tally-instead", _TALLY_INSTEAD)
    (turned,) = vetoes.turning((asked.veto,), this, results.vetoes)
    require_uninvolved(context, offices, scores, (turned.person,))
    if context.actor in known.hands:
        raise NotPermitted("declarer-rules", _DECLARER)
    amended = amend(
        Changes(vetoes=(turned,)), this, scores, results, confirmations, ground="procedure", source=asked.veto
    )
    require_untouched(context, offices, amended)
    ruled = VetoRuledOn(
        round=asked.round, veto=asked.veto, person=turned.person, body=asked.body, touched=amended.touched
    )
    return [ruled, *amended.events]


DECIDERS = deciders(rule_on_veto)


_TALLY_INSTEAD = Text(
    "名单尚未提出；请重新汇总，一票否决随汇总计入。",
    "The list has not been proposed; tally again, and the veto counts.",
)
_DECLARER = Text(
    "此项一票否决由您登记或撤回，不能再由您裁定是否计入；请由他人办理。",
    "You declared or lifted this veto and cannot rule on it in the round; somebody else must do this.",
)
