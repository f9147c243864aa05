"""Explanations as PROV-JSON: held against a checker of our own, written from the W3C member submission (A4)."""

import json
from typing import Any

import pytest

from projections.disclosed_facts import FactReader
from projections.disclosed_rows import RowCurtain
from projections.disclosed_tree import explanation_for
from projections.explain import explain
from projections.prov import provenance
from projections.withholding import Disclosures, Viewer
from tests.controls import ROUND, WU
from tests.projections.month_ledger import YEAR_ROUND, LivedMonths
from tests.projections.year_ledger import Year

ELEMENTS = ("entity", "activity", "agent")
RELATIONS = {
    "wasGeneratedBy": {"prov:entity": "entity", "prov:activity": "activity"},
    "used": {"prov:activity": "activity", "prov:entity": "entity"},
    "wasDerivedFrom": {"prov:generatedEntity": "entity", "prov:usedEntity": "entity"},
    "wasAssociatedWith": {"prov:activity": "activity", "prov:agent": "agent"},
    "actedOnBehalfOf": {"prov:delegate": "agent", "prov:responsible": "agent", "prov:activity": "activity"},
}
REQUIRED = {
    "wasGeneratedBy": {"prov:entity"},
    "used": {"prov:activity"},
    "wasDerivedFrom": {"prov:generatedEntity", "prov:usedEntity"},
    "wasAssociatedWith": {"prov:activity"},
    "actedOnBehalfOf": {"prov:delegate", "prov:responsible"},
}


def faults(document: dict[str, Any]) -> list[str]:
    """Return what a document of PROV-JSON has wrong: kinds, names, required keys, references, values."""
    found = [f"unknown kind {kind}" for kind in document.keys() - {"prefix", *ELEMENTS, *RELATIONS}]
    prefixes = {*document["prefix"], "prov", "xsd", "_"}
    for kind in document.keys() - {"prefix"}:
        for name, said in document[kind].items():
            found += [f"prefix of {name}"] if name.partition(":")[0] not in prefixes else []
            found += [f"prefix of {key}" for key in said if key.partition(":")[0] not in prefixes]
            found += [f"value of {name} {key}" for key, value in said.items() if not _is_value(value)]
    for kind, ends in RELATIONS.items():
        for name, said in document.get(kind, {}).items():
            found += [f"{name} lacks {key}" for key in REQUIRED[kind] - said.keys()]
            found += [
                f"{name} {key} leads nowhere"
                for key, to in ends.items()
                if key in said and said[key] not in document.get(to, {})
            ]
    return found


def _is_value(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_value, value))
    return isinstance(value, str | int) or (
        isinstance(value, dict) and "$" in value and value.keys() <= {"$", "type", "lang"}
    )


def test_an_explanation_is_a_document_in_which_every_reference_resolves(ended: Year, lived: LivedMonths) -> None:
    for ledger, round_id, person in ((ended.ledger, ROUND, WU), (lived.year.ledger, YEAR_ROUND, "sun")):
        document = json.loads(json.dumps(provenance(ledger, explain(ledger, round_id, person))))
        assert faults(document) == []
        assert {kind for kind in document if document[kind]} >= {*ELEMENTS, "wasDerivedFrom", "used", "wasGeneratedBy"}


def test_facts_are_named_by_position_and_leaf_and_all_that_the_tree_cites_are_there(ended: Year) -> None:
    explanation = explain(ended.ledger, ROUND, WU)
    document = provenance(ended.ledger, explanation)
    cited = {fact.position for node in explanation.tree.nodes() for fact in node.facts}
    named = {each["sl:position"]: name for name, each in document["entity"].items() if name.startswith("sl:fact-")}
    assert cited <= named.keys()
    for row in ended.ledger.rows():
        if row.position in named:
            assert named[row.position] == f"sl:fact-{row.position}-{row.leaf.hex()[:16]}"
    kinds = {each["prov:type"]["$"] for each in document["activity"].values()}
    assert kinds >= {"sl:Computation", "sl:Meeting", "sl:Publication", "sl:Recording", "sl:Confirmation"}
    assert f"sl:rulebook-{explanation.document}" in document["entity"]
    assert provenance(ended.ledger, explanation) == document


def test_what_an_audience_is_not_shown_is_not_in_its_document(ended: Year) -> None:
    curtain = RowCurtain(Disclosures(ended.ledger, Viewer("masses")))
    whole = provenance(ended.ledger, explain(ended.ledger, ROUND, WU))
    seen = explanation_for(explain(ended.ledger, ROUND, WU, curtain=FactReader(curtain.disclosures)), curtain)
    shown = provenance(ended.ledger, seen, [each.line("en") for each in curtain.withheld])
    assert faults(shown) == []
    assert len(shown["entity"]) < len(whole["entity"])
    (computed,) = [each for name, each in shown["activity"].items() if name.startswith("sl:computation-")]
    assert any("components" in each or "component" in each for each in computed["sl:withheld"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["entity"].popitem(), "leads nowhere"),
        (lambda d: next(iter(d["wasDerivedFrom"].values())).pop("prov:usedEntity"), "lacks prov:usedEntity"),
        (lambda d: d["entity"].update({"zz:thing": {}}), "prefix of zz:thing"),
        (lambda d: d.update(wasInventedBy={}), "unknown kind"),
        (lambda d: d["agent"].update({"sl:x": {"prov:label": {"words": 1}}}), "value of sl:x"),
    ],
)
def test_the_checker_sees_what_is_wrong(ended: Year, change: Any, said: str) -> None:  # noqa: ANN401
    document = provenance(ended.ledger, explain(ended.ledger, ROUND, WU))
    change(document)
    assert any(said in each for each in faults(document))
