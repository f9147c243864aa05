"""What follows from a confirmed star: the rulebook's consequences, asked by their code (A-35 to A-37, A-45)."""

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
