"""What an explanation is: a tree of steps with clauses and facts, as plain values and as text to follow by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from domain.text import Language, Text
from projections.fact_notes import FactNote

SHA_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause of the rulebook or a reading of it, with its words."""

    id: str
    text: Text

    def as_json(self) -> dict[str, Any]:
        """Return the citation as plain values."""
        return {"id": self.id, "text": {"zh": self.text.zh, "en": self.text.en}}


@dataclass(frozen=True, slots=True)
class Node:
    """One step: what it says, its exact value in text, the clause, the readings that applied, the facts beneath.

    `personal`: it says of a person what is no score, and is shown only to whom reasons are open.
    """

    label: Text
    value: str
    clause: Cited
    readings: tuple[Cited, ...] = ()
    facts: tuple[FactNote, ...] = ()
    children: tuple["Node", ...] = ()
    personal: bool = False

    def nodes(self) -> Iterator["Node"]:
        """Yield this node and everything below it."""
        yield self
        for child in self.children:
            yield from child.nodes()

    def as_json(self) -> dict[str, Any]:
        """Return the tree as plain values; numbers are strings."""
        return {
            "label": {"zh": self.label.zh, "en": self.label.en},
            "value": self.value,
            "clause": self.clause.as_json(),
            "readings": [each.as_json() for each in self.readings],
            "facts": [each.as_json() for each in self.facts],
            "children": [each.as_json() for each in self.children],
        }

    def lines(self, language: Language, depth: int = 0) -> Iterator[str]:
        """Yield the tree as indented text."""
        cited = " ".join((self.clause.id, *(each.id for each in self.readings if each.id != self.clause.id)))
        yield f"{'  ' * depth}{self.label.said_in(language)}  [{cited}]"
        for fact in self.facts:
            yield from (f"{'  ' * (depth + 1)}{line}" for line in fact.lines(language))
        for child in self.children:
            yield from child.lines(language, depth + 1)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one person's star in one round, as the ledger stood at `position`.

    `star` is what computation gives now, `confirmed` what a body confirmed; the two may differ while a changed result
    hangs anew. Totals are exact numbers in text.
    """

    ledger_id: str
    round: str
    branch: str
    period: str
    person: str
    rulebook: str
    version: int
    document: str
    position: int
    status: str
    total_exact: str | None
    total: str | None
    score_star: int | None
    star: int | None
    label: Text | None
    confirmed: int | None
    tree: Node
    name: str = ""
    cited: tuple[Cited, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return the explanation as plain values."""
        plain = ("ledger_id", "round", "branch", "period", "person", "position", "status", "total_exact", "total")
        return {
            **{name: getattr(self, name) for name in plain},
            "rulebook": {"id": self.rulebook, "version": self.version, "sha256": self.document},
            "score_star": self.score_star,
            "star": self.star,
            "label": None if self.label is None else {"zh": self.label.zh, "en": self.label.en},
            "confirmed_star": self.confirmed,
            "tree": self.tree.as_json(),
        }

    def as_text(self, language: Language) -> str:
        """Return the explanation as indented text that a hand calculator can follow, clauses at the end."""
        sha = self.document[:SHA_SHOWN]
        of = Text(
            f"办法 {self.rulebook} 第{self.version}版（{sha}），截至第{self.position}条记录",
            f"rulebook {self.rulebook} version {self.version} ({sha}), up to fact {self.position}",
        )
        head = [f"{self.name} · {self.branch} · {self.period}", of.said_in(language), ""]
        clauses = ["", *(f"[{each.id}] {each.text.said_in(language)}" for each in self.cited)]
        return "\n".join([*head, *self.tree.lines(language), *clauses]) + "\n"
