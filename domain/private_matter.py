"""What is private: words about circumstances (health, family) and about who objected in confidence (AMB-B16, AMB-B17).

They are sealed beside the facts named here. All else that is sealed is free text about people, not private matter.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from domain.commitments import CommitmentMade
from domain.decision import Event, Fact, NotFound, Refused, State
from domain.ids import BranchId, MeetingId, ObjectionId, PersonId, RoundId
from domain.keeping import SealedErased
from domain.meetings import ApologySent, MeetingConvened
from domain.objections import ObjectionFiled, ObjectionFiledLate
from domain.rounds import MemberExempted, RoundOpened
from domain.sealed import Sealed
from domain.text import Text

Matter = Literal["circumstances", "objector_identity"]
MATTERS: Final = {
    "circumstances": Text("个人情况", "private circumstances"),
    "objector_identity": Text("异议人身份", "the identity of objectors"),
}

PrivateEvent = ApologySent | CommitmentMade | MemberExempted | ObjectionFiled | ObjectionFiledLate


def private_words(event: Event) -> Sealed | None:
    """Return the words of an event that only named readers may read; None where there are none."""
    match event:
        case ApologySent(health=words):
            return words
        case CommitmentMade(private_circumstances=words):
            return words
        case MemberExempted(reason=words):
            return words
        case ObjectionFiled(confidential_name=words) | ObjectionFiledLate(confidential_name=words):
            return words
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Private:
    """One fact with room for private words: whose branch and matter it is, and the digest where words were given.

    `concerned` is whose circumstances they are; nobody, where the fact hides who objected to the result of `about`.
    """

    position: int
    matter: Matter
    branch: BranchId
    concerned: PersonId | None = None
    about: PersonId | None = None
    objection: ObjectionId | None = None
    digest: str = ""


@dataclass(slots=True)
class PrivateMatters(State):
    """Every fact with private words, by position and by objection, and which fact ordered words to be erased."""

    EVENTS = (
        RoundOpened,
        MeetingConvened,
        ApologySent,
        CommitmentMade,
        MemberExempted,
        ObjectionFiled,
        ObjectionFiledLate,
        SealedErased,
    )
    at: dict[int, Private] = field(default_factory=dict)
    of_objection: dict[ObjectionId, list[Private]] = field(default_factory=dict)
    erased_by: dict[str, int] = field(default_factory=dict)
    rounds: dict[RoundId, BranchId] = field(default_factory=dict)
    meetings: dict[MeetingId, BranchId] = field(default_factory=dict)

    def evolve(self, fact: Fact) -> None:
        """Take one more fact into account."""
        match fact.event:
            case RoundOpened() as opened:
                self.rounds[opened.round] = opened.branch
            case MeetingConvened() as convened:
                self.meetings[convened.meeting] = convened.branch
            case SealedErased() as erasure:
                self.erased_by.update(dict.fromkeys(erasure.erased, fact.position))
            case event:
                self._keep(self._private(fact.position, event))

    def require(self, position: int | None, objection: ObjectionId | None) -> Private:
        """Return the fact at a position, or of an objection; `NotFound` where there is no private matter.

        `Refused` where objections of several rounds bear the same id.
        """
        alone = [self.at[position]] if position in self.at else []
        found = alone if objection is None else self.of_objection.get(objection, [])
        if not found:
            raise NotFound("no-private-matter", _nothing_private(position, objection))
        if len(found) > 1:
            raise Refused("several-objections", _several(found))
        return found[0]

    def _keep(self, private: Private) -> None:
        self.at[private.position] = private
        if private.objection is not None:
            self.of_objection.setdefault(private.objection, []).append(private)

    def _private(self, position: int, event: Event) -> Private:
        words = private_words(event)
        digest = "" if words is None else words.digest
        match event:
            case ApologySent(meeting=meeting, person=person):
                return Private(position, "circumstances", self.meetings[meeting], person, digest=digest)
            case CommitmentMade(branch=branch, person=person):
                return Private(position, "circumstances", branch, person, digest=digest)
            case MemberExempted(round=this, person=person):
                return Private(position, "circumstances", self.rounds[this], person, digest=digest)
            case ObjectionFiled() | ObjectionFiledLate():
                branch, about = self.rounds[event.round], event.about
                return Private(position, "objector_identity", branch, None, about, event.objection, digest)
            case _:
                raise AssertionError(event)


def _several(found: list[Private]) -> Text:
    places = [str(private.position) for private in found]
    return Text(
        f"有多个评定周期使用此异议编号；请用事实序号指明：{'、'.join(places)}。",
        f"Objections of several rounds bear this id; name the fact by its position: {', '.join(places)}.",
    )


def _nothing_private(position: int | None, objection: str | None) -> Text:
    where = (f"异议 {objection}", f"objection {objection}") if objection else (f"第{position}条", f"fact {position}")
    return Text(
        f"{where[0]}没有只供指定阅看人阅看的内容；请核对。",
        f"In {where[1]} there is nothing kept for named readers; check the number or the id.",
    )
