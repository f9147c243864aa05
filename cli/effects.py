"""How the terminal says whom a command would change before it is carried out (S6)."""

import sys
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from cli.findings import print_findings
from cli.printing import print_json, print_table
from domain.decision import Event
from domain.findings import Finding
from domain.text import Language, Text
from ledger.ledger import Ledger
from projections.answers.rulebooks import findings_told
from projections.effects import Change, Once, RoundEffects, concern_results, effects
from projections.effects_json import Name, effects_json, events_json
from projections.effects_words import INCOMPLETE, THROUGH, arrow
from projections.names import names_in


def print_preview(
    ledger: Ledger, events: Sequence[Event], language: Language, *, as_json: bool, warned: Sequence[Finding] = ()
) -> None:
    """Print what a command would be recorded as, a line of JSON each, and whom that would change.

    As JSON both stand in one document, under `events` and `effects`. What a check of the command's document found
    (`warned`) comes last, as JSON under `findings`.
    """
    said = events_json(events)
    found = effects(ledger, events)
    name = names_in(ledger).person
    if as_json:
        findings = {"findings": findings_told(warned)} if warned else {}
        print_json({"events": said, "effects": effects_json(found, name), **findings})
        return
    for line in said:
        sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    print_effects(found, name, language)
    if not found and concern_results(events):
        sys.stdout.write(_NO_ROUND.said_in(language) + "\n")
    print_findings(warned, language)


def print_effects(found: Iterable[RoundEffects], name: Name, language: Language) -> None:
    """Print a table for each round with a row for everybody who changes, or a sentence that says why there is none."""
    for each in found:
        sys.stdout.write(_heading(each).said_in(language) + "\n")
        rows = [_row(change, name, language) for change in each.changes]
        print_table(_HEADS, rows, language)
        for line in _remarks(each, name):
            sys.stdout.write(line.said_in(language) + "\n")


def _heading(each: RoundEffects) -> Text:
    once = _ONCE[each.once]
    return Text(f"{each.round}（{each.period}）{once.zh}：", f"{each.round} ({each.period}) {once.en}:")


def _row(change: Change, name: Name, language: Language) -> tuple[str, ...]:
    said = THROUGH[change.through] if not change.becomes_incomplete else INCOMPLETE
    shown = (change.total, change.score_star, change.star)
    return (change.person, name(change.person), *(arrow(pair, language) for pair in shown), said.said_in(language))


def _remarks(each: RoundEffects, name: Name) -> Iterable[Text]:
    if each.unknown is not None:
        yield each.unknown
    elif not each.changes:
        yield _NOBODY
    for tie in each.undecided:
        people = "、".join(map(name, tie.people)), ", ".join(map(name, tie.people))
        label = each.labels.get(tie.star, Text("", ""))
        yield Text(
            f"{people[0]} 将在 {label.zh or f'{tie.star} 星'}名额线上同分，须由评议机构决定。",
            f"{people[1]} would be tied at {label.en or f'star {tie.star}'}; the recording body would have to decide.",
        )
    if each.withheld:
        yield _withheld(len(each.withheld))


def _withheld(people: int) -> Text:
    return Text(
        f"{people} 人的民主评议票数不足公开，对其影响不能显示。",
        f"The appraisal of {people} is withheld for want of ballots; the effect on them cannot be shown.",
    )


_HEADS = "编号/id · 姓名/name · 总分/total · 按分数星级/star by score · 星级/star · 由于/through"
_ONCE: Mapping[Once, Text] = {
    "recorded": Text("登记后", "once recorded"),
    "verified": Text("审核通过后", "once verified"),
}
_NO_ROUND = Text("没有已开启的评定受此影响。", "No open round is reached by this.")
_NOBODY = Text("没有人的总分或星级因此变化。", "Nobody's total or star changes.")
