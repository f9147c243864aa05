"""A fact as an explanation cites it: which one, when, who, in one sentence, and the papers it names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from domain.dates import CHINA, civil_date
from domain.decision import Fact
from domain.ids import attachments_of
from domain.scores import ScoreCorrected
from domain.text import Language, Text
from ledger.entry import ForeignEvent
from ledger.ledger import Ledger
from projections.history import facts_at, is_late, occurred_on, type_of
from projections.sentences import Telling, tell
from projections.withholding import Withheld

WITHHELD: Final = "withheld"
"""Stands in place of the type of a fact that is not shown."""


@dataclass(frozen=True, slots=True)
class FactNote:
    """One fact: `evidence` are the SHA-256 names of its attachments, `earlier` what it replaced."""

    position: int
    type: str
    recorded_at: datetime
    occurred_on: date | None
    late: bool
    actor: str
    on_behalf_of: str | None
    sentence: Text
    evidence: tuple[str, ...]
    earlier: "FactNote | None" = None

    @property
    def days_late(self) -> int | None:
        """Return how many days after it happened it was recorded; None where it says no day of its own."""
        return None if self.occurred_on is None else (civil_date(self.recorded_at) - self.occurred_on).days

    def as_json(self) -> dict[str, Any]:
        """Return the note as plain values; instants in RFC 3339."""
        return {
            "position": self.position,
            "type": self.type,
            "recorded_at": self.recorded_at.isoformat(),
            "occurred_on": None if self.occurred_on is None else self.occurred_on.isoformat(),
            "late": self.late,
            "days_late": self.days_late,
            "actor": self.actor,
            "on_behalf_of": self.on_behalf_of,
            "sentence": {"zh": self.sentence.zh, "en": self.sentence.en},
            "evidence": list(self.evidence),
            "earlier": None if self.earlier is None else self.earlier.as_json(),
        }

    def lines(self, language: Language) -> list[str]:
        """Return the note as lines of text, what it replaced below it."""
        at = f"{self.recorded_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        late = self.days_late
        marks = {"zh": f"（迟录{late}天）", "en": f" ({late} days late)"}[language] if self.late else ""
        papers = "".join(f" ⎘{name[:12]}" for name in self.evidence)
        line = f"#{self.position} {at} {self.actor}{marks}: {self.sentence.said_in(language)}{papers}"
        first, *older = [""] if self.earlier is None else self.earlier.lines(language)
        return [line, *([f"  ↳ {first}"] if first else []), *(f"    {each}" for each in older)]


def notes_at(ledger: Ledger, positions: Iterable[int], telling: Telling) -> dict[int, FactNote]:
    """Return the facts at these positions as notes, each with what it replaced."""
    facts = facts_at(ledger, positions)
    replaced = _replaced(facts.values()) - facts.keys()
    while replaced:
        facts |= facts_at(ledger, replaced)
        replaced = _replaced(facts.values()) - facts.keys()
    notes: dict[int, FactNote] = {}
    for position in sorted(facts):
        notes[position] = note(facts[position], telling, notes)
    return notes


def note(fact: Fact, telling: Telling, known: dict[int, FactNote] | None = None) -> FactNote:
    """Return one fact as a note, as far as it may be shown; `known` holds notes of facts that it may have replaced."""
    if telling.curtain is None:
        return _note(fact, telling, known)
    whole = telling.curtain.withheld(fact)
    if whole is not None:
        return _withheld(fact, whole)
    shown = _note(fact._replace(event=telling.curtain.event(fact)), telling, known)
    objector, actor = telling.curtain.objector_withheld(fact), telling.curtain.actor_withheld(fact)
    sentence = shown.sentence if objector is None else _with(shown.sentence, objector)
    mark = actor and f"〔{actor.clause}〕"
    return replace(shown, sentence=sentence, actor=mark or shown.actor)


def _withheld(fact: Fact, why: Withheld) -> FactNote:
    """Return the note of a fact of which only that it is there is shown, and the clause that says so."""
    sentence = Text(why.line("zh"), why.line("en"))
    mark = f"〔{why.clause}〕"
    return FactNote(fact.position, WITHHELD, fact.recorded_at, None, False, mark, None, sentence, ())  # noqa: FBT003


def _with(sentence: Text, withheld: Withheld) -> Text:
    return Text(f"{sentence.zh}（{withheld.line('zh')}）", f"{sentence.en} ({withheld.line('en')})")


def _note(fact: Fact, telling: Telling, known: dict[int, FactNote] | None) -> FactNote:
    event = fact.event
    day = occurred_on(event)
    earlier = _corrects(fact)
    return FactNote(
        position=fact.position,
        type=type_of(event),
        recorded_at=fact.recorded_at,
        occurred_on=day,
        late=is_late(day, fact.recorded_at),
        actor=fact.actor,
        on_behalf_of=fact.on_behalf_of,
        sentence=tell(event, telling),
        evidence=() if isinstance(event, ForeignEvent) else attachments_of(event),
        earlier=None if known is None or earlier is None else known.get(earlier),
    )


def _replaced(facts: Iterable[Fact]) -> set[int]:
    return {position for fact in facts if (position := _corrects(fact)) is not None}


def _corrects(fact: Fact) -> int | None:
    return fact.event.corrects if isinstance(fact.event, ScoreCorrected) else None
