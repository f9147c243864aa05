"""四公开 as a matrix: what each audience is shown under which clause, and what is withheld and why (B-52 to B-55).

A pure function of the rulebook. What must be open (`openness`) and what a notice shows (`disclosure`) count together;
what is never shown wins over both (AMB-B17, AMB-B27). What nobody names is not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from domain.rulebook.conduct import Named, Openness
from domain.rulebook.model import Rulebook
from domain.text import Text

BRANCH, MASSES = "branch", "masses"


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether one audience is shown one field, the clause that says so, and the reason in words."""

    audience: str
    shown: bool
    clause: str
    why: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is shown or withheld, with an answer for each audience in the order of the matrix."""

    code: str
    title: Text
    answers: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """What every audience of a rulebook is shown: fields by code, first what is open, then what a notice shows.

    `clause` is that of the disclosure as a whole; notices hang for `posted_to` under `posted_clause`.
    """

    rulebook: str
    version: int
    audiences: tuple[str, ...]
    fields: tuple[Field, ...]
    clause: str
    posted_to: tuple[str, ...]
    posted_clause: str

    def shown_to(self, audience: str, field: str) -> bool:
        """Return whether an audience may see a field; of what is not named nobody sees anything."""
        answer = self.answer(audience, field)
        return answer is not None and answer.shown

    def for_audience(self, audience: str) -> "Matrix":
        """Return the column of one audience."""
        fields = (
            replace(each, answers=tuple(answer for answer in each.answers if answer.audience == audience))
            for each in self.fields
        )
        return replace(self, audiences=(audience,), fields=tuple(fields))

    def answer(self, audience: str, field: str) -> Shown | None:
        """Return what the matrix says of a field to an audience; None where it does not name one of the two."""
        answers = (answer for each in self.fields if each.code == field for answer in each.answers)
        return next((answer for answer in answers if answer.audience == audience), None)


def disclosure_matrix(rulebook: Rulebook) -> Matrix:
    """Return the matrix of a rulebook; a scheme without openness clauses has what its notices show."""
    listed = {BRANCH: rulebook.disclosure.branch, MASSES: rulebook.disclosure.masses}
    topics = {topic.code: topic for topic in rulebook.conduct.openness}
    private = {word.code: word for word in _private_words(rulebook)}
    others = (audience for topic in topics.values() for audience in topic.audience)
    audiences = tuple(dict.fromkeys((*listed, *others, *rulebook.publicity.audience)))
    codes = dict.fromkeys((*topics, *listed[BRANCH], *listed[MASSES], *rulebook.disclosure.never, *private))
    fields = tuple(
        Field(
            code,
            _title(code, topics, private),
            tuple(_answer(rulebook, code, audience, topics.get(code), private.get(code)) for audience in audiences),
        )
        for code in codes
    )
    publicity = rulebook.publicity
    clause = rulebook.disclosure.clause
    return Matrix(rulebook.id, rulebook.version, audiences, fields, clause, publicity.audience, publicity.clause)


def _private_words(rulebook: Rulebook) -> tuple[Named, ...]:
    forms = rulebook.conduct.forms
    groups = (forms.commitment_categories, forms.commitment_aspects, forms.commitment_areas)
    return tuple(word for group in groups for word in group if word.private)


def _title(code: str, topics: Mapping[str, Openness], private: Mapping[str, Named]) -> Text:
    named = topics.get(code) or private.get(code)
    return FIELD_TITLES.get(code, Text(code, code)) if named is None else named.title


def _answer(rulebook: Rulebook, code: str, audience: str, topic: Openness | None, private: Named | None) -> Shown:
    disclosure = rulebook.disclosure
    if private is not None:
        return Shown(audience, shown=False, clause=private.clause, why=_PRIVATE)
    if code in disclosure.never:
        return Shown(audience, shown=False, clause=disclosure.clause, why=_NEVER)
    if topic is not None and audience in topic.audience:
        return Shown(audience, shown=True, clause=topic.clause, why=_OPEN)
    listed = {BRANCH: disclosure.branch, MASSES: disclosure.masses}
    if code in listed.get(audience, ()):
        return Shown(audience, shown=True, clause=disclosure.clause, why=_ON_NOTICE)
    told = [*(() if topic is None else topic.audience), *(each for each, codes in listed.items() if code in codes)]
    clause = disclosure.clause if topic is None else topic.clause
    return Shown(audience, shown=False, clause=clause, why=only_for(tuple(dict.fromkeys(told))))


FIELD_TITLES: Final[Mapping[str, Text]] = {
    "name": Text("姓名", "name"),
    "components": Text("各项得分", "points of each component"),
    "total": Text("总分", "total"),
    "star": Text("星级", "star"),
    "reasons": Text("说明", "reasons"),
    "commitments": Text("承诺及兑现情况", "commitments and how they were kept"),
    "grade": Text("评议等次（优秀名单）", "grade (list of the excellent)"),
    "health": Text("身体状况", "health"),
    "objector": Text("异议提出人", "who objected"),
    "ballots": Text("单张选票", "single ballots"),
    "phone": Text("电话", "phone numbers"),
    "national_id": Text("身份证号", "national id"),
}
"""Fields that are no topic of a rulebook's own."""

AUDIENCES: Final[Mapping[str, Text]] = {
    BRANCH: Text("支部", "the branch"),
    MASSES: Text("群众", "the masses"),
    "administration": Text("行政", "the administration"),
}

_PRIVATE = Text(
    "属个人情况，只供领导小组掌握；公开时写“个人原因”。",
    "Private: for the leading group alone; others are told of personal reasons.",
)
_NEVER = Text("任何公开场合均不出示。", "It is never shown in public.")
_OPEN = Text("办法规定必须公开。", "The scheme says that it must be open.")
_ON_NOTICE = Text("列入向其公开的内容。", "It is among what this audience is shown.")


def only_for(audiences: tuple[str, ...]) -> Text:
    """Return the reason that something is shown to these audiences and to no other."""
    names = [AUDIENCES.get(each, Text(each, each)) for each in audiences]
    zh, en = "、".join(name.zh for name in names), " and ".join(name.en for name in names)
    return Text(f"只向{zh}公开。", f"It is shown to {en} only.")
