"""An explanation before an audience: steps that take what may not be shown are cut off, and say under which clause.

The four steps above the computation speak of total and star; what is below the tally are components, items and facts.
"""

import dataclasses
from typing import Final

from domain.text import Text
from projections.disclosed_rows import RowCurtain
from projections.explanation import Explanation, Node
from projections.withholding import Disclosed, Withheld

ABOVE: Final = 4
"""Confirmation, notice, vote and tally, one below the other; the computation comes under the last of them."""
RESULT: Final = ("total", "star")
WORKINGS: Final = ("components",)
PERSONAL: Final = ("components", "reasons")
"""What a step takes that says of a person what is no score: a veto, the end of a probation."""


def explanation_for(explanation: Explanation, curtain: RowCurtain) -> Explanation:
    """Return an explanation as the curtain's viewer may see it; facts have passed it before they came here."""
    disclosures = curtain.disclosures
    if disclosures.sees_everything:
        return explanation
    scope, own = disclosures.scope(explanation, disclosures.everywhere()), {explanation.person}
    total, star = scope.withheld("total", own), scope.withheld("star", own)
    for each in (total, star):
        if each is not None:
            curtain.note(each)
    return dataclasses.replace(
        explanation,
        status=explanation.status if total is None else total.clause,
        total_exact=explanation.total_exact if total is None else None,
        total=explanation.total if total is None else None,
        score_star=explanation.score_star if star is None else None,
        star=explanation.star if star is None else None,
        label=explanation.label if star is None else None,
        confirmed=explanation.confirmed if star is None else None,
        tree=_cut(explanation.tree, scope, own, curtain, 0),
    )


def _cut(node: Node, scope: Disclosed, own: set[str], curtain: RowCurtain, depth: int) -> Node:
    takes = RESULT if depth < ABOVE else PERSONAL if node.personal else WORKINGS
    withheld = scope.first_withheld(takes, own)
    if withheld is not None:
        curtain.note(withheld)
        return Node(_said(withheld), "", node.clause)
    children = tuple(_cut(child, scope, own, curtain, depth + 1) for child in node.children)
    return dataclasses.replace(node, children=children)


def _said(withheld: Withheld) -> Text:
    return Text(withheld.line("zh"), withheld.line("en"))
