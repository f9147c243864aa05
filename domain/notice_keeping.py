"""Keeping a notice: correcting what it says beside its lines, and taking it down when its window has ended (AMB-B15).

Names, scores and stars are never corrected here: a ruling changes them, and their lines then hang on another notice.
Under `all_lines` a correction begins every window of the round anew, not only those of the notice corrected.
"""

import typing

from domain.appointments import Offices
from domain.calendars import Calendars, Window
from domain.dates import deadline
from domain.decision import Command, Conflict, Context, Event, Refused, command, deciders, replace
from domain.ids import NoticeId, PersonId, RoundId
from domain.notices import NoticeCorrected, Notices, NoticeTakenDown, Posting
from domain.organisation import Organisation
from domain.refusals import unless_same
from domain.roles import RECORDERS
from domain.rounds import Round
from domain.text import Text

# commands


@command("correct-notice", roles=RECORDERS, at="rounds/{round}/notices/{notice}/correction", changes=True)
class CorrectNotice(Command):
    """Enter that a hanging notice was corrected: another contact or other places begin its window anew, a heading not.

    `contact` and `places` are given where they change; neither is given for a mere slip in the heading (AMB-B15).
    """

    round: RoundId
    notice: NoticeId
    why: str
    contact: str | None = None
    places: tuple[str, ...] = ()


@command("take-down-notice", roles=RECORDERS, at="rounds/{round}/notices/{notice}/taking-down", changes=True)
class TakeDownNotice(Command):
    """Enter that a notice was taken down after its window had ended, and who saw it."""

    round: RoundId
    notice: NoticeId
    witness: PersonId | None = None
    note: str


# deciders


def correct_notice(  # noqa: PLR0913 - each state is a fact the decision depends on
    asked: CorrectNotice, context: Context, this: Round, notices: Notices, calendars: Calendars, offices: Offices
) -> list[Event]:
    """Enter what a hanging notice says now; what it says already changes nothing."""
    offices.require(asked, context, this.branch)
    posting = notices.require_up(asked.notice)
    if not posting.hangs:
        raise Refused("notice-interrupted", _does_not_hang(asked.notice))
    _require_words(asked)
    if _says_already(asked, posting):
        return []
    material = _names_anything(asked)
    since, gaps = (context.now, []) if material else (posting.since, posting.gaps)
    window = typing.cast("Window", calendars.publicity(since, this.rulebook.publicity, gaps))
    corrected = NoticeCorrected(
        round=asked.round,
        notice=asked.notice,
        why=asked.why,
        material=material,
        contact=posting.contact if asked.contact is None else asked.contact,
        places=asked.places or posting.places,
        ends_at=window.ends_at,
        provisional=window.provisional,
    )
    others = notices.beside(asked.notice) if material and this.rulebook.publicity.repair == "all_lines" else {}
    return [corrected, *(_begun_anew(corrected, notice, other) for notice, other in others.items())]


def _begun_anew(corrected: NoticeCorrected, notice: NoticeId, posting: Posting) -> NoticeCorrected:
    """Return that another notice says what it said, and begins anew with the corrected one (AMB-B15, all lines)."""
    return replace(corrected, notice=notice, contact=posting.contact, places=posting.places)


def _require_words(asked: CorrectNotice) -> None:
    if not asked.why.strip():
        raise Refused("reason-missing", _WHY_MISSING)
    given = asked.places if asked.contact is None else (*asked.places, asked.contact)
    if not all(words.strip() for words in given):
        raise Refused("notice-incomplete", _BLANK)


def _names_anything(asked: CorrectNotice) -> bool:
    return asked.contact is not None or bool(asked.places)


def _says_already(asked: CorrectNotice, posting: Posting) -> bool:
    if not _names_anything(asked):
        return asked.why in posting.headings
    return asked.contact in (None, posting.contact) and set(asked.places) in (set(), set(posting.places))


def take_down_notice(  # noqa: PLR0913
    asked: TakeDownNotice,
    context: Context,
    this: Round,
    notices: Notices,
    calendars: Calendars,
    organisation: Organisation,
    offices: Offices,
) -> list[Event]:
    """Enter once that a notice came down whose window has ended; one that comes down earlier is interrupted."""
    offices.require(asked, context, this.branch)
    posting = notices.require(asked.notice)
    if (known := posting.taken_down) is not None:
        same = (known.witness, known.note) == (asked.witness, asked.note)
        return unless_same(same, Conflict("already-taken-down", _already(asked.notice)))
    _require_ended(asked.notice, posting.window(this.rulebook.publicity, calendars), context)
    if asked.witness is not None:
        organisation.require_person(asked.witness)
    if asked.witness == context.actor:
        raise Refused("witness-needed", _WITNESS)
    return [NoticeTakenDown(round=asked.round, notice=asked.notice, witness=asked.witness, note=asked.note)]


def _require_ended(notice: NoticeId, window: Window | None, context: Context) -> None:
    if window is None:
        raise Refused("notice-interrupted", _came_down_early(notice))
    if context.now < window.ends_at:
        raise Refused("window-open", _window_open(notice, deadline(window.ends_at)))
    if window.provisional:
        raise Refused("calendar-missing", _CALENDAR_MISSING)


DECIDERS = deciders(correct_notice, take_down_notice)


_WHY_MISSING = Text("请写明更正了什么、为什么更正。", "Say what was corrected and why.")
_BLANK = Text(
    "更正后的张贴地点和意见受理人不能为空；不更正的请不要填写。",
    "Corrected places and contact are not blank; leave out what stays as it is.",
)
_WITNESS = Text(
    "撤下公示的见证人须是经办人以外的人；请另填见证人。",
    "The witness is somebody else than the one who enters it; name another or none.",
)
_CALENDAR_MISSING = Text(
    "缺放假安排，不能确定公示是否期满；请先登记放假安排。",
    "A calendar is missing, so the window may end later; publish the calendar first.",
)


def _does_not_hang(notice: str) -> Text:
    return Text(
        f"公示 {notice} 中断未恢复，不能更正；请先用 resume-notice 登记恢复张贴。",
        f"Notice {notice} does not hang at present; enter resume-notice first, then correct it.",
    )


def _came_down_early(notice: str) -> Text:
    return Text(
        f"公示 {notice} 未期满即已中断（interrupt-notice）；请用 resume-notice 登记恢复张贴，期满后再撤下。",
        f"Notice {notice} came down before its window had ended (interrupt-notice); enter resume-notice when it hangs "
        "again, and take it down when the window is over.",
    )


def _window_open(notice: str, end: str) -> Text:
    return Text(
        f"公示 {notice} 到 {end} 才期满，不能撤下；已被取下的，请用 interrupt-notice 登记中断。",
        f"The window of notice {notice} ends at {end}; if it no longer hangs, enter interrupt-notice instead.",
    )


def _already(notice: str) -> Text:
    return Text(
        f"公示 {notice} 撤下已登记，见证人或说明不同；无需再次登记。",
        f"It was entered with another witness or note that notice {notice} was taken down; once is enough.",
    )
