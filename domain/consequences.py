"""What follows from a confirmed star: the rulebook's consequences, asked by their code (A-35 to A-37, A-45)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from domain.confirmation import Confirmations, StarConfirmed
from domain.confirming import confirmed_as_is
from domain.decision import Refused
from domain.earlier import EarlierStars
from domain.ids import PersonId
from domain.round_sheet import sheet_of
from domain.rounds import Round
from domain.rulebook.model import Consequence, Rulebook
from domain.scores import Scores
from domain.scoring import score
from domain.scoring.following import Following
from domain.scoring.gates import VetoInForce
from domain.tally import Results
from domain.text import Text
from domain.vetoes import Vetoes

RECOMMENDATION = "recommendation"
"""The person may be recommended to the superior organisation and stand for an honour (A-36, A-45)."""
IMPROVEMENT = "improvement"
"""The person receives assistance and rectification with a plan (A-37, A-38)."""
TALK = "talk"
"""The secretary talks with the person and orders him to rectify by a day (B-48)."""
MEASURES: Final[Mapping[str, Text]] = {
    "candidate_for_excellent_member": Text("评优候选人", "candidate for an honour"),
    "recommendation_to_superior": Text("向上级推荐", "recommendation to the superior"),
    "helper": Text("帮扶人", "a helper"),
    "improvement_plan": Text("整改计划", "a plan"),
    "review_date": Text("复查日期", "a day of review"),
    "talk": Text("谈话", "a talk"),
    "rectification_with_deadline": Text("限期整改", "rectification by a set day"),
}
"""What consequences consist of, as the shipped rulebooks write it (A-36 to A-38, B-45, B-48)."""


def require_settled(
    person: PersonId, this: Round, results: Results, confirmations: Confirmations, vetoes: Vetoes
) -> StarConfirmed:
    """Return a person's confirmed star; `NotFound` without one, `Refused` while something could still change it.

    That is a correction or a ruling that reopens it, or a veto that was declared or lifted and not ruled on.
    """
    confirmed = confirmations.require_confirmed(person)
    turned = {each.person for each in vetoes.turned(this, results.vetoes)}
    reopened = person in confirmations.in_question or person in turned
    if reopened or not confirmed_as_is(person, results, confirmations):
        raise Refused("star-in-question", _in_question(person))
    return confirmed


def following_from(
    this: Round, scores: Scores, results: Results, earlier: EarlierStars, person: PersonId
) -> tuple[Following, ...]:
    """Return what follows from a person's result as it stands, stars of earlier years and vetoes counted.

    LookupError for whom the round does not evaluate.
    """
    outcome = score(this.rulebook, sheet_of(this, scores, results.vetoes, earlier), results.decisions)
    return {each.person: each for each in outcome.people}[person].consequences


def follows(drawn: Sequence[Following], code: str) -> Following | None:
    """Return what is drawn from a result under `code`, or None."""
    return next((each for each in drawn if each.consequence.code == code), None)


def require_consequence(
    rulebook: Rulebook, code: str, confirmed: StarConfirmed, drawn: Sequence[Following]
) -> Consequence:
    """Return the consequence called `code` of a confirmed star; `Refused` with the rulebook's clause otherwise.

    One that a veto withholds does not follow, nor one that asks for a year of which nothing is known.
    """
    found = follows(drawn, code)
    if found is None:
        raise Refused("star-without-this-consequence", _does_not_follow(rulebook, code, confirmed))
    if found.veto is not None:
        raise Refused("withheld-by-veto", _withheld(confirmed.person, found.veto))
    if found.unknown:
        raise Refused("earlier-star-unknown", _unknown(confirmed.person, found))
    return found.consequence


def require_in_time(consequence: Consequence, since: date, by: date) -> None:
    """Raise `Refused` where `by` is later than the days that the rulebook gives for a consequence (B-48, AMB-A17)."""
    days = consequence.within_days
    if days is not None and by > since + timedelta(days=days):
        raise Refused("later-than-the-rulebook-allows", _too_late(consequence, since + timedelta(days=days)))


def measures_of(consequence: Consequence) -> Text:
    """Return what a consequence consists of, in the field's words where they are known (AMB-A17)."""
    words = [MEASURES.get(code, Text(code, code)) for code in consequence.measures]
    return Text("、".join(each.zh for each in words), ", ".join(each.en for each in words))


def _too_late(consequence: Consequence, last: date) -> Text:
    return Text(
        f"依 {consequence.clause}，期限最迟为 {last}；请另定日期。",
        f"Under {consequence.clause} it is to be done by {last} at the latest; set an earlier day.",
    )


def _withheld(person: str, veto: VetoInForce) -> Text:
    rule = veto.veto
    return Text(
        f"依 {rule.clause}，{person} 因一票否决“{rule.title.zh}”（{veto.declared_in}）不适用此项。",
        f"Under {rule.clause} the veto '{rule.title.en}' of {veto.declared_in} withholds this from {person}.",
    )


def _unknown(person: str, found: Following) -> Text:
    years = found.unknown
    return Text(
        f"须连续{found.consequence.consecutive}年才适用，账中没有 {person} {'、'.join(years)} 年确认的结果；请先补齐。",
        f"This follows after {found.consequence.consecutive} years, and of {person} no result for {', '.join(years)} "
        "is confirmed in the ledger; confirm that first.",
    )


def _in_question(person: str) -> Text:
    return Text(
        f"{person} 的结果正在更正、须重新确认或有一票否决待裁定；请在确认之后办理。",
        f"The result of {person} is being corrected, awaits confirmation or a ruling on a veto; do this after that.",
    )


def _does_not_follow(rulebook: Rulebook, code: str, confirmed: StarConfirmed) -> Text:
    clauses = dict.fromkeys(found.clause for found in rulebook.consequences if found.code == code)
    label = rulebook.label_of(confirmed.star)
    if not clauses:
        return Text(f"本办法没有规定「{code}」。", f"This rulebook provides no '{code}'.")
    zh = "；".join(f"{clause}「{rulebook.clauses[clause].text.zh}」" for clause in clauses)
    en = "; ".join(f"{clause} '{rulebook.clauses[clause].text.en}'" for clause in clauses)
    return Text(
        f"{confirmed.person} 的确认结果为{label.zh}，不符合办法的规定：{zh}",
        f"{confirmed.person} is confirmed with {label.en}; the rulebook says: {en}",
    )
