"""Putting the newest tally forward as the list to vote on."""

from domain.appointments import Offices
from domain.decision import Command, Context, Event, Refused, command, deciders
from domain.drawing import months_to_draw
from domain.ids import RoundId
from domain.lists import ListProposed, Lists
from domain.months import Months
from domain.roles import LEADING_GROUP, SECRETARIES
from domain.rounds import Round
from domain.scores import Scores
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes


@command("propose-list", roles=LEADING_GROUP + SECRETARIES, at="rounds/{round}/lists", reach="decide")
class ProposeList(Command):
    """Propose the results of the newest tally to the members' meeting; from then on scores change only by ruling."""

    round: RoundId
    body: str


def propose_list(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: ProposeList,
    context: Context,
    this: Round,
    scores: Scores,
    results: Results,
    vetoes: Vetoes,
    lists: Lists,
    months: Months,
    offices: Offices,
) -> list[Event]:
    """Propose a complete, decided and current tally (AMB-A13: an incomplete person cannot be proposed).

    Where points are carried on within a year, what was settled before has to have been drawn.
    """
    offices.require(asked, context, this.branch)
    tallied = results.require_current(this, scores, vetoes)
    if this.is_part and months_to_draw(this, months, scores):
        raise Refused("periods-not-drawn", _NOT_DRAWN)
    if tallied.incomplete:
        raise Refused("incomplete", _incomplete(tallied.incomplete))
    if tallied.undecided:
        raise Refused("decision-needed", _undecided([p for tie in tallied.undecided for p in tie.people]))
    if lists.proposed is not None and lists.proposed.tally == tallied.tally and lists.outcome != "rejected":
        return []
    if lists.fixes_scores:
        raise Refused("list-already-proposed", _ALREADY)
    number = 1 if lists.proposed is None else lists.proposed.list + 1
    return [ListProposed(round=asked.round, list=number, tally=tallied.tally, body=asked.body)]


DECIDERS = deciders(propose_list)


_ALREADY = Text("已有名单待表决或已通过。", "A list is waiting for the vote, or has been adopted.")


_NOT_DRAWN = Text(
    "办法规定分数在年内逐期累计，此前已结转的周期尚未汇入；请先用 draw-months 汇入并重新汇总。",
    "Points are carried on within the year, and what was settled before is not drawn: use draw-months and tally again.",
)


def _incomplete(people: tuple[str, ...]) -> Text:
    return Text(
        f"以下人员缺少评分或办法要求的条件，不能提名：{'、'.join(people)}；请补登，或办理免评。",
        f"Scores or conditions are missing for {', '.join(people)}; record them, or exempt the person by decision.",
    )


def _undecided(people: list[str]) -> Text:
    return Text(
        f"名额线上同分未决：{'、'.join(people)}；请由评议机构先作决定。",
        f"Tied at a cap: {', '.join(people)}; the recording body decides first.",
    )
