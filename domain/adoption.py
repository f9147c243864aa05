"""Adopting a rulebook: a fact that carries its SHA-256; the document itself is an attachment (A-14, A-15, A-50).

B-10: the scheme says how scores become stars, before anybody is scored.
"""

import typing
from dataclasses import dataclass, field
from datetime import date

from domain.appointments import Offices
from domain.decision import Command, Conflict, Context, Event, Fact, NotFound, Refused, State, command, deciders, event
from domain.findings import Invalid
from domain.ids import Document, RulebookId
from domain.refusals import not_in_future
from domain.roles import SECRETARIES
from domain.rulebook import Rulebook, parse_rulebook
from domain.text import Text


@command("adopt-rulebook", roles=SECRETARIES, at="rulebooks", reach="decide")
class AdoptRulebook(Command):
    """Enter that the committee adopted a rulebook; its branches cannot alter it."""

    rulebook: RulebookId
    document: Document
    meeting: str
    adopted_on: date
    effective_from: date
    effective_to: date | None = None


@event("rulebook.Adopted.v1")
class RulebookAdopted(Event):
    """A version of a rulebook is in force for periods from a day on."""

    rulebook: RulebookId
    version: int
    document: Document
    meeting: str
    adopted_on: date
    effective_from: date
    effective_to: date | None


AdoptionEvent = RulebookAdopted


@dataclass(slots=True)
class Rulebooks(State):
    """All versions adopted, in the order of adoption."""

    EVENTS = (RulebookAdopted,)
    versions: dict[RulebookId, list[RulebookAdopted]] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more adoption into account."""
        adopted = typing.cast("AdoptionEvent", fact.event)
        self.versions.setdefault(adopted.rulebook, []).append(adopted)

    def in_force(self, rulebook: RulebookId, day: date) -> RulebookAdopted:
        """Return the version in force on `day`, the one adopted last; `NotFound` where none is."""
        found = self.known_in_force(rulebook, day)
        if found is None:
            raise NotFound("no-rulebook-in-force", _none_in_force(rulebook, day))
        return found

    def known_in_force(self, rulebook: RulebookId, day: date) -> RulebookAdopted | None:
        """Return the version in force on `day`, the one adopted last; None where none is."""
        for adopted in reversed(self.versions.get(rulebook, [])):
            if adopted.effective_from <= day and (adopted.effective_to is None or day <= adopted.effective_to):
                return adopted
        return None


def adopt_rulebook(asked: AdoptRulebook, context: Context, rulebooks: Rulebooks, offices: Offices) -> list[Event]:
    """Enter the adoption of a rulebook that can be read and does not contradict itself."""
    offices.require(asked, context)
    not_in_future(asked.adopted_on, context)
    if asked.effective_to is not None and asked.effective_to < asked.effective_from:
        raise Refused("ends-before-it-begins", _ends_early(asked.effective_from, asked.effective_to))
    try:
        rulebook = parse_rulebook(context.documents[asked.document])
    except Invalid as invalid:
        raise Refused("rulebook-invalid", _invalid(invalid)) from invalid
    if rulebook.id != asked.rulebook:
        raise Refused("wrong-rulebook", _other_id(rulebook.id, asked.rulebook))
    _require_days_as_written(asked, rulebook)
    adopted = RulebookAdopted(
        rulebook=asked.rulebook,
        version=rulebook.version,
        document=asked.document,
        meeting=asked.meeting,
        adopted_on=asked.adopted_on,
        effective_from=asked.effective_from,
        effective_to=asked.effective_to,
    )
    known = rulebooks.versions.get(asked.rulebook, [])
    if adopted in known:
        return []
    if any(other.version == adopted.version and other.document != adopted.document for other in known):
        raise Conflict("version-taken", _version_taken(rulebook.version))
    return [adopted]


DECIDERS = deciders(adopt_rulebook)


def _require_days_as_written(asked: AdoptRulebook, rulebook: Rulebook) -> None:
    """Raise `Refused` where the document itself states other days of adoption or effect (A-14, A-15)."""
    days = {
        "adopted": (rulebook.adopted, asked.adopted_on),
        "effective.from": (rulebook.effective_from, asked.effective_from),
        "effective.to": (rulebook.effective_to, asked.effective_to),
    }
    for field_name, (written, entered) in days.items():
        if written is not None and written != entered:
            raise Refused("days-not-as-written", _other_day(field_name, written, entered))


def _none_in_force(rulebook: str, day: date) -> Text:
    return Text(
        f"{day} 没有生效的办法 {rulebook}；请先登记党委通过的办法及其施行日期。",
        f"No rulebook {rulebook} is in force on {day}; enter its adoption and the days it covers.",
    )


def _ends_early(first: date, last: date) -> Text:
    return Text(
        f"施行止日 {last} 早于起日 {first}；请核对。", f"It would end on {last}, before it begins on {first}; check."
    )


def _invalid(invalid: Invalid) -> Text:
    zh = "；".join(f"{f.place}：{f.message.zh}{f.remedy.zh}" for f in invalid.findings)
    en = "; ".join(f"{f.place}: {f.message.en} {f.remedy.en}" for f in invalid.findings)
    return Text(f"办法文件有误：{zh}", f"The rulebook cannot be used: {en}")


def _other_id(found: str, asked: str) -> Text:
    return Text(
        f"文件中的办法编号是 {found}，不是 {asked}；请核对文件。",
        f"The document is the rulebook {found}, not {asked}; check the file.",
    )


def _other_day(field_name: str, written: date, entered: date | None) -> Text:
    return Text(
        f"办法文件写明 {field_name} 为 {written}，登记的是 {entered or '无'}；请核对文件或改正登记。",
        f"The document states {field_name} as {written}, entered is {entered or 'none'}; check the file or the entry.",
    )


def _version_taken(version: int) -> Text:
    return Text(
        f"第 {version} 版已以另一份文件通过；内容有改动时请使用新的版本号。",
        f"Version {version} was adopted as another document; give changed content a new version number.",
    )
