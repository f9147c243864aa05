"""What somebody can choose from in a form: people, branches and rounds of his own branches, or of all by his office."""

from collections.abc import Iterator
from typing import Any

from api.pages.doing.inputs import Choice, Offer
from api.pages.site import Visit
from api.viewing import Standing
from domain.ids import PersonId, RoundId, tag
from domain.membership import Membership
from domain.organisation import Organisation
from domain.rounds import Round
from domain.text import Text
from ledger.mentioned import mentioned
from projections.folding import folded
from projections.stars import opened_rounds


def offer_to(visit: Visit, standing: Standing, branch: str | None, round_id: str | None) -> Offer:
    """Return what this reader is offered, narrowed to a branch and a round where these are known already."""
    branches = [branch] if branch else _branches(visit, standing)
    rounds = opened_rounds(visit.reading)
    newest = round_id or next((each.round for each in rounds if each.branch in branches), None)
    rulebook = None if newest is None else folded(visit.ledger, Round, newest).rulebook
    return Offer(
        people=tuple(_people(visit, standing, branches)),
        branches=tuple(_named(each, visit.names.branch(each)) for each in branches),
        rounds=tuple(
            _named(each.round, f"{visit.names.branch(each.branch)} {each.period}")
            for each in rounds
            if each.branch in branches
        ),
        components=tuple((code, each.title) for code, each in rulebook.leaves().items()) if rulebook else (),
        items=tuple((code, item.title) for code, item in rulebook.items.items()) if rulebook else (),
        known=lambda kind: _known(visit, standing, kind, round_id),
    )


def _branches(visit: Visit, standing: Standing) -> list[str]:
    known: list[str] = list(folded(visit.ledger, Organisation).branches)
    if any(term.branch is None for term in standing.terms):
        return known
    own = {term.branch for term in standing.terms} | ({standing.stay.branch} if standing.stay else set())
    return [each for each in known if each in own]


def _people(visit: Visit, standing: Standing, branches: list[str]) -> Iterator[Choice]:
    """Yield who belongs to the branches or did, in the order in which they came; for the committee also all others."""
    stays = folded(visit.ledger, Membership).stays
    everywhere = any(term.branch is None for term in standing.terms)
    for person in dict.fromkeys((*stays, *(visit.names.people if everywhere else ()))):
        at = {each.branch for each in stays.get(PersonId(person), ())}
        if at & set(branches) or (everywhere and not at) or person == standing.person:
            yield _named(person, visit.names.person(person))


def _known(visit: Visit, standing: Standing, kind: Any, round_id: str | None) -> list[str]:  # noqa: ANN401
    """Return ids that facts have mentioned, beside the round where there is one; to office-holders alone."""
    if not standing.terms:
        return []
    near = mentioned(visit.ledger, kind, tag(RoundId, round_id)) if round_id else []
    return near or mentioned(visit.ledger, kind)


def _named(code: str, name: str) -> Choice:
    return code, Text(name, name) if name == code else Text(f"{name}（{code}）", f"{name} ({code})")
