"""What follows from a confirmed star: the rulebook's consequences, asked by their code (A-35 to A-37, A-45)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from domain.confirmation import Confirmations, StarConfirmed
from domain.confirming import confirmed_as_is
from domain.decision import Refused
from domain.ids import PersonId
from domain.rulebook.model import Consequence, Rulebook
from domain.tally import Results
from domain.text import Text

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


def require_settled(person: PersonId, results: Results, confirmations: Confirmations) -> StarConfirmed:
    """Return a person's confirmed star; `NotFound` without one, `Refused` while a correction or ruling reopens it."""
    confirmed = confirmations.require_confirmed(person)
    if person in confirmations.in_question or not confirmed_as_is(person, results, confirmations):
        raise Refused("star-in-question", _in_question(person))
    return confirmed


def follows(rulebook: Rulebook, code: str, star: int, *, fell_short: bool = False) -> Consequence | None:
    """Return the consequence called `code` that the rulebook draws from `star`, or None.

    `fell_short` says that without a star it was the score that reached none (B-48), not exemption or newness.
    """
    drawn = (found for found in rulebook.consequences if found.code == code)
    return next((found for found in drawn if found.meets(star, fell_short=fell_short)), None)


def require_consequence(
    rulebook: Rulebook, code: str, confirmed: StarConfirmed, *, fell_short: bool = False
) -> Consequence:
    """Return the consequence called `code` for a confirmed star; `Refused` with the rulebook's clause otherwise."""
    found = follows(rulebook, code, confirmed.star, fell_short=fell_short)
    if found is None:
        raise Refused("star-without-this-consequence", _does_not_follow(rulebook, code, confirmed))
    return found


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


def _in_question(person: str) -> Text:
    return Text(
        f"{person} 的结果正在更正或须重新确认；请在确认之后办理。",
        f"The result of {person} is being corrected or awaits confirmation; do this after that.",
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
