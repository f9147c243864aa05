"""Reading private matter: the reading is a fact, and so is the refusal of one who may not read (design §3, A7).

The words themselves stand in no fact. The terminal prints them once the reading is on record, and nothing else does.
"""

from dataclasses import dataclass
from typing import Literal

from domain.appointments import Offices
from domain.dates import civil_date
from domain.decision import Command, Context, Event, NotFound, NotPermitted, Refused, command, deciders, event
from domain.ids import BranchId, ObjectionId, PersonId
from domain.private_matter import MATTERS, Matter, Private, PrivateMatters
from domain.readers import Readers, in_the_leading_group
from domain.text import Text

Basis = Literal["named", "own"]

# commands


@command("read-sealed", at="private-readings")
class ReadSealed(Command):
    """Read private words as a named reader, or one's own, for a purpose; every reading is recorded.

    `fact` is the position of the fact beside which they are sealed; an objection may be named instead.
    """

    purpose: str
    fact: int | None = None
    objection: ObjectionId | None = None


# events


@event("sealed.Read.v1")
class SealedRead(Event):
    """Somebody read the private words beside a fact, as a named reader or because they are about himself."""

    reader: PersonId
    basis: Basis
    matter: Matter
    branch: BranchId
    fact: int
    person: PersonId | None
    objection: ObjectionId | None
    purpose: str


@event("sealed.ReadingRefused.v1")
class SealedReadingRefused(Event):
    """Somebody asked to read them who may not: nothing was shown to him."""

    reader: PersonId
    code: str
    matter: Matter
    branch: BranchId
    fact: int
    person: PersonId | None
    objection: ObjectionId | None
    purpose: str


ReadingEvent = SealedRead | SealedReadingRefused


# deciders


@dataclass(frozen=True, slots=True)
class _Bar:
    """Why somebody may not read."""

    code: str
    why: Text


def read_sealed(
    asked: ReadSealed, context: Context, matters: PrivateMatters, readers: Readers, offices: Offices
) -> list[Event]:
    """Record a reading, each time anew; who is neither a named reader today nor concerned is refused, on record."""
    if not asked.purpose.strip():
        raise Refused("purpose-missing", _PURPOSE)
    if (asked.fact is None) == (asked.objection is None):
        raise Refused("one-of-two", _ONE_OF_TWO)
    private = matters.require(asked.fact, asked.objection)
    bar = _bar(private, context, readers, offices)
    if bar is not None:
        raise NotPermitted(bar.code, bar.why, _refused(asked, context, private, bar.code))
    if not private.digest:
        raise NotFound("nothing-sealed", _nothing_sealed(private))
    if private.digest in matters.erased_by:
        raise Refused("erased", erased_by(matters.erased_by[private.digest]))
    own = private.concerned == context.actor
    return [
        SealedRead(
            reader=context.actor,
            basis="own" if own else "named",
            matter=private.matter,
            branch=private.branch,
            fact=private.position,
            person=private.concerned,
            objection=private.objection,
            purpose=asked.purpose,
        )
    ]


DECIDERS = deciders(read_sealed)


def _bar(private: Private, context: Context, readers: Readers, offices: Offices) -> _Bar | None:
    """Return why the actor may not read; the person objected to never learns who objected, named or not (AMB-B21)."""
    actor, day = context.actor, civil_date(context.now)
    if private.concerned == actor:
        return None
    if not readers.may_read(actor, private.matter, private.branch, day):
        return _Bar("not-a-named-reader", _not_named(private.matter))
    if private.matter == "circumstances" and not in_the_leading_group(offices, actor, private.branch, day):
        return _Bar("not-in-the-leading-group", _LEFT_THE_GROUP)
    if private.about is not None:
        return _recused(private.about, context, offices)
    return None


def _recused(about: PersonId, context: Context, offices: Offices) -> _Bar | None:
    try:
        offices.require_stranger(context, about)
    except NotPermitted as refusal:
        return _Bar(refusal.code, refusal.why)
    return None


def _refused(asked: ReadSealed, context: Context, private: Private, code: str) -> SealedReadingRefused:
    return SealedReadingRefused(
        reader=context.actor,
        code=code,
        matter=private.matter,
        branch=private.branch,
        fact=private.position,
        person=private.concerned,
        objection=private.objection,
        purpose=asked.purpose,
    )


_PURPOSE = Text("请写明阅看用途。", "Say for which purpose it is read.")
_ONE_OF_TWO = Text("请用事实序号或异议编号指明其一。", "Name either a fact by its position, or an objection by its id.")
_LEFT_THE_GROUP = Text(
    "您已不在领导小组；个人情况只供领导小组掌握。此次请求已作记载。",
    "You are no longer in the leading group, for which alone circumstances are kept; that you asked was noted.",
)


def erased_by(position: int) -> Text:
    """Return that words are gone, and by which fact."""
    return Text(
        f"封存内容已依令删除，见第{position}条事实；无法再阅看。",
        f"The words were erased by order, see fact {position}; nobody can read them any more.",
    )


def _not_named(matter: Matter) -> Text:
    what = MATTERS[matter]
    return Text(
        f"您不是{what.zh}的指定阅看人；请先由书记或领导小组组长指定。此次请求已作记载。",
        f"You are no named reader of {what.en}; the secretary or the group's head can name you. "
        "That you asked was noted.",
    )


def _nothing_sealed(private: Private) -> Text:
    return Text(
        f"第{private.position}条没有封存此类内容。", f"Nothing of the kind is sealed beside fact {private.position}."
    )
