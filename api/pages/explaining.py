"""Why a star is what it is, as a page takes it: the tree of steps before a reader, and the clauses it cites."""

from api.pages.site import Visit
from projections.disclosed_tree import explanation_for
from projections.explain import explain
from projections.explanation import Explanation


def explained(visit: Visit, round_id: str, person: str) -> Explanation:
    """Return the explanation of a star as this reader may see it; `NotFound` where there is none."""
    found = explain(visit.ledger, round_id, person, visit.upto, curtain=visit.facts)
    return explanation_for(found, visit.curtain)
