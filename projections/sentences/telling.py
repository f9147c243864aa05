"""What a sentence needs beside the fact: names, and the sealed words that this reader may see."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from domain.decision import Event, Fact
from domain.roles import EN_ZH
from domain.scoring import written
from domain.sealed import Sealed
from domain.text import Text
from domain.verdicts import Verdict
from projections.names import Names
from projections.withholding import Withheld

SEALED = Text("「（封存）」", "(sealed)")
ERASED = Text("「（已依令删除）」", "(erased by order)")
NOTHING = Text("", "")
NOBODY = Text("无", "nobody")
GROUNDS = {
    "correction": Text("登记有误", "it was entered wrongly"),
    "objection": Text("异议成立", "an objection was upheld"),
    "procedure": Text("更正成立", "a correction was upheld"),
}
"""Why something that counted was corrected."""
_STAR_WORDS = ("no star", "one star", "two stars", "three stars", "four stars", "five stars")
_STAR_LABELS = ("不评定星级", "一星级", "二星级", "三星级", "四星级", "五星级")


class Curtain(Protocol):
    """What stands between the facts and an audience: `projections.disclosed_facts` decides."""

    def withheld(self, fact: Fact) -> Withheld | None:
        """Return why a whole fact is not shown."""

    def event(self, fact: Fact) -> Event:
        """Return the event without what is not shown of it."""

    def objector_withheld(self, fact: Fact) -> Withheld | None:
        """Return why it is not said who objected."""

    def actor_withheld(self, fact: Fact) -> Withheld | None:
        """Return why it is not said who recorded a fact."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Names, the words behind digests as far as they are open to this reader, and what is kept from his audience."""

    names: Names = field(default_factory=Names)
    words: Mapping[str, str] = field(default_factory=dict)
    erased: Collection[str] = ()
    curtain: Curtain | None = None

    def person(self, person: str | None) -> str:
        """Return a person's name, or the id."""
        return "" if person is None else self.names.person(person)

    def second(self, person: str | None) -> Text:
        """Return who stood behind something as the second person, to follow who decided; nothing where nobody did."""
        who = self.person(person)
        return optional(person, f"，{who}复核", f" and {who} seconded")

    def people(self, people: Iterable[str]) -> Text:
        """Return several people's names."""
        named = [self.names.person(person) for person in people]
        return Text("、".join(named), ", ".join(named)) if named else NOBODY

    def where(self, branch: str | None) -> Text:
        """Return a branch's title; the committee where there is none."""
        if branch is None:
            return Text("党委", "the committee")
        return Text(self.names.branch(branch), self.names.branch(branch))

    def sealed(self, value: Sealed | None) -> Text:
        """Return sealed words in quotes, or what stands in their place."""
        if value is None:
            return NOTHING
        words = self.words.get(value.digest) if value.text is None else value.text
        if words is None:
            return ERASED if value.digest in self.erased else SEALED
        return Text(f"「{words}」", f"“{words}”")

    def after(self, zh: str, en: str, value: Sealed | None) -> Text:
        """Return sealed words behind what introduces them; nothing where there are none."""
        said = self.sealed(value)
        return NOTHING if value is None else Text(f"；{zh}{said.zh}", f"; {en} {said.en}")


def star_words(star: int | None, label: str = "", label_en: str = "") -> Text:
    """Return a star in words: Chinese as the rulebook labels it, English by number unless there is a label."""
    if star is None:
        return Text("星级未定", "star undecided")
    known = 0 <= star < len(_STAR_WORDS)
    number = _STAR_WORDS[star] if known else f"{star} stars"
    return Text(label or (_STAR_LABELS[star] if known else f"{star}星"), label_en or number)


class SaysResult(Protocol):
    """A fact that says a result: its number of stars, how that is called, and what else there is to say."""

    @property
    def star(self) -> int | None:
        """The number of stars, where there are such."""

    @property
    def label(self) -> str:
        """How it is called in Chinese."""

    @property
    def verdict(self) -> Verdict | None:
        """What a number does not say."""


def verdict_words(event: SaysResult) -> Text:
    """Return what a result is called: its stars, or its grade or named stars as the rulebook calls them."""
    return star_words(event.star, event.label, "" if event.verdict is None else event.verdict.label)


def probation_words(event: SaysResult) -> Text:
    """Return what became of a probation, behind a result; nothing for whom it does not concern."""
    end = None if event.verdict is None else event.verdict.probation
    return NOTHING if end is None else Text(f"，{end.zh}", f", {end.en}")


def total_words(total: Decimal | None) -> Text:
    """Return a published total."""
    return Text("无总分", "no total") if total is None else Text(f"{total}分", f"a total of {total}")


def result_words(total: Decimal | None, star: int | None) -> Text:
    """Return a total and a star in words."""
    number, label = total_words(total), star_words(star)
    return Text(f"{number.zh}、{label.zh}", f"{number.en}, {label.en}")


def points(value: Decimal) -> str:
    """Return points as people write them."""
    return written(value)


def role_words(role: str) -> Text:
    """Return an office in words."""
    return Text(EN_ZH.get(role, role), role.replace("_", " "))


def counted(number: int, one: str, several: str) -> str:
    """Return a number of things in English."""
    return f"{number} {one if number == 1 else several}"


def optional(present: object, zh: str, en: str) -> Text:
    """Return an addition where there is something to add."""
    return Text(zh, en) if present else NOTHING
