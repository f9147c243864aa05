"""The print of a notice among the controls: its command at the end of the story, and an example of its event."""

from datetime import date

from domain.decision import Command, Event
from domain.ids import NoticeId, PersonId, RoundId
from domain.notice_prints import KeepPrint, NoticePrinted

_ROUND, _NOTICE = RoundId("workshop-1.2025"), NoticeId("notice-1")
_TEMPLATE, _TYPESETTER, _SHA256 = "v1", "typst 0.15.0", "5f" * 32

PRINT_PARTS: tuple[tuple[PersonId, date, tuple[Command, ...]], ...] = (
    (
        PersonId("zhang"),
        date(2027, 7, 5),
        (
            KeepPrint(
                round=_ROUND, notice=_NOTICE, edition=1, template=_TEMPLATE, typesetter=_TYPESETTER, sha256=_SHA256
            ),
        ),
    ),
)
PRINT_EVENTS: tuple[Event, ...] = (
    NoticePrinted(round=_ROUND, notice=_NOTICE, edition=1, template=_TEMPLATE, typesetter=_TYPESETTER, sha256=_SHA256),
)
