"""Controls for named readers of private matter: a reader is named, reads who objected in confidence, and is withdrawn.

The people are those of `tests.controls`, whose story this goes on with: the objection that came in confidence.
"""

from datetime import date

from domain.appointments import Appointed, Relieved
from domain.archiving import ExportSealed, SealedExported
from domain.decision import Command, Event
from domain.ids import BranchId, ObjectionId, PersonId
from domain.private_reading import ReadSealed, SealedRead, SealedReadingRefused
from domain.readers import NameReader, ReaderNamed, ReaderWithdrawn, WithdrawReader
from domain.roles import RECORDER, SECRETARY
from domain.separation import SeparationRelaxed, SeparationRestored

Part = tuple[PersonId, date, tuple[Command, ...]]

_CHAIR = PersonId("committee-secretary")
_WANG, _CHEN, _ZHANG, _ZHOU = PersonId("wang"), PersonId("chen"), PersonId("zhang"), PersonId("zhou")
_BRANCH, _IN_CONFIDENCE = BranchId("workshop-1"), ObjectionId("objection-2")
READING_DAY, END = date(2027, 6, 1), date(2027, 12, 31)

READER_PARTS: tuple[Part, ...] = (
    (
        _WANG,
        READING_DAY,
        (
            NameReader(
                branch=_BRANCH,
                person=_CHEN,
                matter="objector_identity",
                since=READING_DAY,
                until=END,
                decided_by="支部委员会",
            ),
        ),
    ),
    (_CHEN, READING_DAY, (ReadSealed(objection=_IN_CONFIDENCE, purpose="核对回避"),)),
    (
        _WANG,
        date(2027, 7, 1),
        (
            WithdrawReader(
                branch=_BRANCH,
                person=_CHEN,
                matter="objector_identity",
                on=date(2027, 7, 1),
                decided_by="支部委员会",
            ),
        ),
    ),
    (PersonId("committee-secretary"), date(2027, 7, 2), (ExportSealed(purpose="移交档案"),)),
)

READER_EVENTS: tuple[Event, ...] = (
    Appointed(
        person=PersonId("li"),
        role=SECRETARY,
        branch=_BRANCH,
        since=date(2025, 1, 6),
        until=None,
        decided_by="党员大会",
        seconded_by=_CHAIR,
    ),
    Relieved(
        person=PersonId("mover"),
        role=RECORDER,
        branch=_BRANCH,
        on=date(2025, 6, 1),
        decided_by="支部委员会",
        seconded_by=_CHAIR,
    ),
    SeparationRelaxed(decided_by="党委", reason="支部人少"),
    SeparationRestored(decided_by="党委", reason="监督员已选出"),
    ReaderNamed(
        branch=_BRANCH,
        person=_CHEN,
        matter="objector_identity",
        since=READING_DAY,
        until=END,
        decided_by="支部委员会",
        seconded_by=_WANG,
    ),
    ReaderWithdrawn(
        branch=_BRANCH, person=_CHEN, matter="objector_identity", on=date(2027, 7, 1), decided_by="支部委员会"
    ),
    SealedRead(
        reader=_CHEN,
        basis="named",
        matter="objector_identity",
        branch=_BRANCH,
        fact=120,
        person=None,
        objection=_IN_CONFIDENCE,
        purpose="核对回避",
    ),
    SealedReadingRefused(
        reader=_ZHOU,
        code="not-a-named-reader",
        matter="circumstances",
        branch=_BRANCH,
        fact=80,
        person=_ZHANG,
        objection=None,
        purpose="了解情况",
    ),
    SealedExported(reader=PersonId("committee-secretary"), person=_ZHANG, round=None, purpose="移交档案"),
)
