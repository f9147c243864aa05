"""What a linter says about clauses: numbers without one, clauses absent, unused, or said to be from elsewhere."""

from collections.abc import Iterator

from domain.findings import Finding
from domain.rulebook.citing import cited
from domain.rulebook.model import Rulebook
from domain.rulebook.readings import readings
from domain.text import Text

_SOURCES = {"AMB-": "reading", "NORM-": "norm", "A-": "seed-a", "B-": "seed-b"}


def clause_findings(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield places without a clause, clauses cited but absent, those never cited, and sources that the id denies."""
    yield from _citations(rulebook)
    yield from _sources(rulebook)
    yield from _unused(rulebook)


def _citations(rulebook: Rulebook) -> Iterator[Finding]:
    for place, clause in cited(rulebook):
        if not clause:
            message = Text(zh="没有注明条款", en="no clause is named")
            remedy = Text(
                zh="写明依据的条款、解释编号或规范。", en="Name the clause, the reading or the norm it rests on."
            )
            yield Finding("clause-missing", f"{place}.clause", message, remedy)
        elif clause not in rulebook.clauses:
            message = Text(zh=f"引用的条款“{clause}”不存在", en=f"the clause “{clause}” is cited but absent")
            remedy = Text(zh="在clauses中补上，或改正引用。", en="Add it to `clauses`, or correct the citation.")
            yield Finding("clause-absent", f"{place}.clause", message, remedy)


def _sources(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield a clause whose id says that it is from elsewhere than its `source`: the seed's words are told apart."""
    for clause in rulebook.clauses.values():
        by_id = next((source for start, source in _SOURCES.items() if clause.id.startswith(start)), clause.source)
        if by_id != clause.source:
            message = Text(
                zh=f"条款“{clause.id}”的出处写作“{clause.source}”",
                en=f"the clause “{clause.id}” is said to be “{clause.source}”",
            )
            remedy = Text(zh=f"改为“{by_id}”，或改用自己的编号。", en=f"Say “{by_id}”, or give it an id of your own.")
            yield Finding("clause-source-unfit", f"clauses.{clause.id}.source", message, remedy)


def _unused(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield clauses that nothing in the document carries out: nobody's score or procedure follows from them."""
    used = {clause for _, clause in cited(rulebook)} | {band.edge for band in rulebook.bands}
    used |= {reading.amb for reading in readings(rulebook.readings)}
    for clause in rulebook.clauses.values():
        if clause.id not in used:
            message = Text(
                zh=f"条款“{clause.id}”没有任何数字或规则引用", en=f"no number or rule cites the clause “{clause.id}”"
            )
            remedy = Text(
                zh="确认它只是说明，或在执行它的地方引用。",
                en="Confirm that it only explains, or cite it where it is carried out.",
            )
            yield Finding("note-clause-unused", f"clauses.{clause.id}", message, remedy)
