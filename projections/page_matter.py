"""What a page is made of: an explanation from a ledger as its reader may see it, or one result of a sheet."""

from collections.abc import Iterable
from dataclasses import replace

from domain.scoring import PersonResult
from domain.text import Text
from ledger.store import Head
from projections.citing import Citations, node_of
from projections.disclosed_tree import ABOVE
from projections.explanation import Explanation, Node
from projections.one_page import Matter

_TOTAL, _STAR, _CONFIRMED = Text("总分", "total"), Text("星级", "star"), Text("确认", "confirmed")
_NONE = Text("–", "–")


def matter_of(found: Explanation, head: Head, withheld: Iterable[str]) -> Matter:
    """Return what a page says of an explanation that was read from a ledger with this `head`."""
    acts, below = _acts(found.tree)
    return Matter(
        name=found.name,
        of=(found.branch, found.period),
        results=((_TOTAL, _said(found.total)), (_STAR, found.label or _NONE), (_CONFIRMED, _confirmed(found))),
        procedure=(*acts, *below[1:]),
        steps=below[0] if below else None,
        origin=(_rulebook(found.rulebook, found.version, found.document), _ledger(found, head)),
        annex=Text(
            f"附件（逐条全文）：starledger explain --round {found.round} --person {found.person}",
            f"Annex (everything in full): starledger explain --round {found.round} --person {found.person}",
        ),
        withheld=tuple(withheld),
    )


def matter_of_result(result: PersonResult, period: str, sha256: str, engine: int) -> Matter:
    """Return what a page says of one result of a sheet, which no ledger holds."""
    rulebook = result.rulebook
    labels = Text("、".join(each.zh for each in result.labels), ", ".join(each.en for each in result.labels))
    total = None if result.total is None else str(result.total)
    return Matter(
        name=result.person,
        of=(period,),
        results=((_TOTAL, _said(total)), (_STAR, labels if result.labels else _NONE)),
        procedure=(),
        steps=node_of(result.explanation, Citations(rulebook)),
        origin=(
            _rulebook(rulebook.id, rulebook.version, sha256),
            Text(
                f"试算，引擎{engine}：不入账本，未经确认",
                f"A trial, engine {engine}: in no ledger, confirmed by nobody",
            ),
        ),
        annex=Text(
            f"附件（逐条全文）：starledger score … --explain {result.person}",
            f"Annex (everything in full): starledger score … --explain {result.person}",
        ),
    )


def _acts(tree: Node) -> tuple[list[Node], tuple[Node, ...]]:
    """Return confirmation, notice, vote and tally each alone, and what is below the tally; nothing where it is cut."""
    acts, below = [replace(tree, children=())], tree.children
    while below and len(acts) < ABOVE:
        acts.append(replace(below[0], children=()))
        below = below[0].children
    return acts, below


def _said(total: str | None) -> Text:
    return _NONE if total is None else Text(total, total)


def _confirmed(found: Explanation) -> Text:
    if found.confirmed is None:
        return Text("尚未", "not yet") if found.star is not None else _NONE
    return Text("已确认", "yes") if found.confirmed == found.star else Text("与现有结果不同", "another one")


def _rulebook(name: str, version: int, sha256: str) -> Text:
    return Text(f"办法 {name} 第{version}版，SHA-256 {sha256}", f"Rulebook {name} version {version}, SHA-256 {sha256}")


def _ledger(found: Explanation, head: Head) -> Text:
    root = head.root.hex()
    return Text(
        f"账本 {found.ledger_id}，算至第{found.position}条；账本现有{head.size}条，根 {root}",
        f"Ledger {found.ledger_id}, computed up to fact {found.position}; it has {head.size} facts, root {root}",
    )
