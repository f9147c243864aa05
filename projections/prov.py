"""An explanation as W3C PROV-JSON: which facts and rules a result was derived from, by which acts, of whom.

The form is that of the W3C member submission "The PROV-JSON Serialization" (2013): objects by kind, each under its
qualified name, relations under blank ones. Facts are named by position and leaf hash, so that two documents about one
ledger speak of the same things; what an explanation withholds from an audience is not in it either.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from domain.confirmation import StarConfirmed
from domain.lists import VoteHeld
from domain.notices import LinePosted, NoticePosted
from domain.tally import ResultComputed, RoundTallied
from ledger.ledger import Ledger
from projections.explanation import Explanation, Node
from projections.fact_notes import WITHHELD, FactNote

NAMESPACE: Final = "urn:starledger:"
LEAF_SHOWN = 16
ACTS: Final = {
    VoteHeld.NAME: "Meeting",
    NoticePosted.NAME: "Publication",
    LinePosted.NAME: "Publication",
    RoundTallied.NAME: "Computation",
    ResultComputed.NAME: "Computation",
    StarConfirmed.NAME: "Confirmation",
}
"""What kind of act a fact came of; any other fact was recorded."""


def provenance(ledger: Ledger, explanation: Explanation, withheld: Iterable[str] = ()) -> dict[str, Any]:
    """Return an explanation as a PROV-JSON document; `withheld` says what its audience is not shown."""
    positions = {fact.position for node in explanation.tree.nodes() for fact in _all_notes(node.facts)}
    leaves = {row.position: row.leaf.hex() for each in positions for row in ledger.rows(after=each - 1, upto=each)}
    made = _Document(explanation, leaves)
    made.add_explanation(list(withheld))
    prefix = {"sl": f"{NAMESPACE}{explanation.ledger_id}:", "xsd": "http://www.w3.org/2001/XMLSchema#"}
    return {"prefix": prefix, **{kind: found for kind, found in made.kinds.items() if found}}


def _all_notes(notes: Iterable[FactNote]) -> Iterator[FactNote]:
    """Yield facts and those that they replaced."""
    for note in notes:
        yield note
        yield from _all_notes(() if note.earlier is None else (note.earlier,))


_KINDS: Final = (
    *("entity", "activity", "agent", "wasGeneratedBy", "used"),
    *("wasDerivedFrom", "wasAssociatedWith", "actedOnBehalfOf"),
)


@dataclass(slots=True)
class _Document:
    """A document while it is made."""

    explanation: Explanation
    leaves: dict[int, str]
    kinds: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {kind: {} for kind in _KINDS})

    def add_explanation(self, withheld: list[str]) -> None:
        """Add the computation that an explanation is, the rulebook it used, and every step of its tree."""
        told = self.explanation
        rulebook = f"sl:rulebook-{told.document}"
        self.kinds["entity"][rulebook] = {
            "prov:type": _name("Rulebook"),
            "prov:label": f"{told.rulebook} v{told.version}",
            "sl:sha256": told.document,
        }
        computed = f"sl:computation-{told.round}-{told.person}-{told.position}"
        said = {"sl:withheld": withheld} if withheld else {}
        self.kinds["activity"][computed] = {"prov:type": _name("Computation"), "sl:position": told.position, **said}
        self._relate("used", activity=computed, entity=rulebook)
        self._add_step(told.tree, f"sl:result-{told.round}-{told.person}-{told.position}", computed, rulebook)

    def _add_step(self, node: Node, name: str, computed: str, rulebook: str) -> None:
        label = [{"$": node.label.zh, "lang": "zh"}, {"$": node.label.en, "lang": "en"}]
        step = {"prov:type": _name("Result"), "prov:label": label, "sl:clause": node.clause.id}
        self.kinds["entity"][name] = step | ({"prov:value": node.value} if node.value else {})
        self._relate("wasGeneratedBy", entity=name, activity=computed)
        self._relate("wasDerivedFrom", generatedEntity=name, usedEntity=rulebook)
        for note in node.facts:
            fact = self._add_fact(note)
            self._relate("used", activity=computed, entity=fact)
            self._relate("wasDerivedFrom", generatedEntity=name, usedEntity=fact)
        for number, child in enumerate(node.children, start=1):
            below = f"{name}.{number}"
            self._add_step(child, below, computed, rulebook)
            self._relate("wasDerivedFrom", generatedEntity=name, usedEntity=below)

    def _add_fact(self, note: FactNote) -> str:
        leaf = self.leaves[note.position]
        name = f"sl:fact-{note.position}-{leaf[:LEAF_SHOWN]}"
        if name in self.kinds["entity"]:
            return name
        self.kinds["entity"][name] = {
            "prov:type": _name("Fact"),
            "prov:label": [{"$": note.sentence.zh, "lang": "zh"}, {"$": note.sentence.en, "lang": "en"}],
            "sl:position": note.position,
            "sl:leaf": leaf,
            "sl:kind": note.type,
            **({} if note.occurred_on is None else {"sl:occurredOn": _typed(str(note.occurred_on), "xsd:date")}),
        }
        self._add_act(note, name)
        for sha in note.evidence:
            paper = f"sl:attachment-{sha}"
            self.kinds["entity"][paper] = {"prov:type": _name("Attachment"), "sl:sha256": sha}
            self._relate("wasDerivedFrom", generatedEntity=name, usedEntity=paper)
        if note.earlier is not None:
            self._relate("wasDerivedFrom", generatedEntity=name, usedEntity=self._add_fact(note.earlier))
        return name

    def _add_act(self, note: FactNote, fact: str) -> None:
        """Add what a fact came of, and who did it; nobody where that is withheld."""
        act, at = f"sl:act-{note.position}", note.recorded_at.isoformat()
        kind = _name(ACTS.get(note.type, "Recording"))
        self.kinds["activity"][act] = {"prov:type": kind, "prov:startTime": at, "prov:endTime": at}
        self._relate("wasGeneratedBy", entity=fact, activity=act, time=at)
        if note.type == WITHHELD or note.actor.startswith("〔"):
            return
        actor = f"sl:person-{note.actor}"
        self.kinds["agent"][actor] = {"prov:type": {"$": "prov:Person", "type": "xsd:QName"}}
        self._relate("wasAssociatedWith", activity=act, agent=actor)
        if note.on_behalf_of is not None:
            body = f"sl:body-{note.on_behalf_of}"
            self.kinds["agent"][body] = {"prov:type": {"$": "prov:Organization", "type": "xsd:QName"}}
            self._relate("actedOnBehalfOf", delegate=actor, responsible=body, activity=act)

    def _relate(self, kind: str, **ends: str) -> None:
        said = {f"prov:{name}": value for name, value in ends.items()}
        known = self.kinds[kind]
        if said not in known.values():
            known[f"_:{kind}{len(known) + 1}"] = said


def _name(kind: str) -> dict[str, str]:
    return _typed(f"sl:{kind}", "xsd:QName")


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"$": value, "type": kind}
