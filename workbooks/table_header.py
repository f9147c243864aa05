"""What stands above Table 3-1: the weights of its columns, and the line that names its round and rulebook."""

import re
from collections.abc import Iterator
from decimal import Decimal

from domain.findings import Finding
from domain.rulebook.model import Rulebook
from domain.text import Text
from workbooks.score_labels import COMPONENTS
from workbooks.score_table import ScoreTable
from workbooks.table_round import RoundFacts

_HASH_DIGITS = 12
_PARTY = frozenset({"group", "branch"})
_REFERENCE = re.compile(r"评定 ([\w.\-]{1,64}) · 办法 ([\w.\-]{1,64}) v(\d{1,9}) · ([0-9a-f]{12})")


def printed_weights(rulebook: Rulebook) -> dict[str, Decimal]:
    """Return the percentages that the header prints for this rulebook; `party` is the column above group and branch."""
    return {
        "party" if _PARTY & {part.code for part in node.parts} else code: node.weight
        for code, node in rulebook.nodes().items()
    }


def reference(facts: RoundFacts) -> str:
    """Return the line that ties a table to its round and to the very document of its rulebook (S1)."""
    opened = facts.this.require_open()
    return f"评定 {opened.round} · 办法 {opened.rulebook} v{opened.version} · {opened.document[:_HASH_DIGITS]}"


def reference_findings(table: ScoreTable, facts: RoundFacts) -> Iterator[Finding]:
    """Yield a finding where the table says that it was made for another round or another rulebook."""
    for line in table.heading:
        found = _REFERENCE.search(line)
        if found is not None and found[0] != reference(facts):
            yield _other_table(found[0], reference(facts))


def year_notes(table: ScoreTable, facts: RoundFacts) -> Iterator[Finding]:
    """Yield a note where the title states another year than the round's."""
    if table.year is not None and table.year != facts.this.rulebook.year.year_of(facts.this.period):
        yield _other_year(table.year, facts.this.period)


def column_findings(rulebook: Rulebook) -> Iterator[Finding]:
    """Yield a finding for every component of the rulebook that Table 3-1 has no column for."""
    for code, component in rulebook.leaves().items():
        if code not in COMPONENTS:
            yield _no_column(component.title)


def _other_table(stated: str, wanted: str) -> Finding:
    return Finding(
        "other-table",
        "heading",
        Text(f"此表标明「{stated}」，而现在导入的是「{wanted}」。", f"The table says “{stated}”; this is “{wanted}”."),
        Text(
            "请核对 --round，或用本次评定的模板重新填写。",
            "Check --round, or fill in the template of this round.",
        ),
    )


def _other_year(stated: str, period: str) -> Finding:
    return Finding(
        "other-year",
        "heading",
        Text(
            f"标题写的是 {stated} 年，本次评定的周期是 {period}。",
            f"The title says {stated}, the round is for {period}.",
        ),
        Text("请确认没有拿错表。", "Make sure that it is the right table."),
    )


def _no_column(title: Text) -> Finding:
    return Finding(
        "component-without-column",
        "rulebook",
        Text(
            f"办法中的「{title.zh}」在本表没有对应的列。", f"Table 3-1 has no column for “{title.en}” of the rulebook."
        ),
        Text("请用 record-score 逐项登记。", "Record those scores with record-score."),
    )
