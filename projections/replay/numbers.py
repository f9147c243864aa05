"""The numbers that a fact publishes, by name, each as it is written: what a replay compares."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from domain.assistance import ImprovementOpened
from domain.boards import BoardLinePosted, BoardPosted
from domain.confirmation import CorrectionDecided, StarConfirmed
from domain.decision import Event
from domain.drawn import ComponentPoints, MonthDrawn, RecordsDrawn
from domain.feedback import FeedbackDelivered
from domain.following_up import ConsequenceNoted
from domain.honours import MemberRecommended
from domain.lists import VoteHeld
from domain.months import MonthSettled
from domain.notices import LinePosted, NoticeCorrected, NoticePosted, NoticeResumed
from domain.objections import ObjectionRuled
from domain.places import Undecided
from domain.rounds import MemberEnrolled, RoundOpened
from domain.staff_results import StaffAppraised
from domain.talks import TalkHeld
from domain.tally import ResultComputed, RoundTallied
from domain.verdicts import Verdict
from domain.veto_rulings import VetoRuledOn
from domain.vetoes import VetoCounted
from projections.replay.books import Numbers

FIELDS: Final[Mapping[type[Event], tuple[str, ...]]] = {
    RoundOpened: ("version", "document", "roster_as_of"),
    MemberEnrolled: ("kind", "group", "joined", "category"),
    RoundTallied: ("roster_size",),
    ResultComputed: ("status", "total", "total_exact", "score_star", "star", "label"),
    VetoCounted: ("code", "year", "source", "counts"),
    MonthDrawn: ("records", "appraisal", "source"),
    MonthSettled: ("total", "star", "label"),
    VoteHeld: ("should_attend", "voters_present", "outcome"),
    NoticePosted: ("ends_at", "provisional"),
    NoticeResumed: ("ends_at", "provisional"),
    NoticeCorrected: ("ends_at", "provisional"),
    LinePosted: ("total", "star", "label"),
    BoardPosted: ("shown",),
    BoardLinePosted: ("appraisal", "star", "label"),
    StarConfirmed: ("total", "star", "label"),
    FeedbackDelivered: ("total", "star"),
    MemberRecommended: ("star", "clause"),
    ImprovementOpened: ("clause",),
    TalkHeld: ("clause",),
    ConsequenceNoted: ("clause",),
    StaffAppraised: ("attitude", "duties", "tasks", "overall"),
}
"""The fields of each kind of fact that a replay computes anew."""

FRAME: Final = frozenset(
    {
        *(name for kind in (RoundOpened, RoundTallied, VoteHeld, NoticePosted, BoardPosted) for name in FIELDS[kind]),
        *("fact", "issued", "returned", "valid"),
    }
)
"""The numbers that say nothing of a person: of roster, rulebook, vote, window, board and box."""


def numbers_of(event: Event) -> Numbers:
    """Return what a fact publishes, as it stands in it; nothing where nothing in it is computed."""
    found = fields_of(event, FIELDS.get(type(event), ()))
    more = _MORE.get(type(event))
    return found if more is None else {**found, **more(event)}


def fields_of(record: object, names: Iterable[str]) -> dict[str, str | None]:
    """Return the named fields of a record as they are written."""
    return {name: written_out(getattr(record, name)) for name in names}


def written_out(value: object) -> str | None:
    """Return a value as it is written; None stays None."""
    if isinstance(value, tuple | list | set | frozenset):
        return " ".join(sorted(map(str, value)))
    return None if value is None else str(value)


def _components(event: Any) -> Numbers:  # noqa: ANN401 - whatever has components
    given: tuple[ComponentPoints, ...] = event.components
    return {f"components.{each.component}": each.points for each in given}


def _tallied(event: RoundTallied) -> Numbers:
    taken = {f"cap.{each.star}": f"{each.used}/{each.cap}" for each in event.caps}
    taken |= {f"floor.{each.star}": f"{each.held}/{each.least}" for each in event.floors}
    tied = {f"undecided.{each.star}": _tie(each) for each in event.undecided}
    return {**taken, "incomplete": written_out(event.incomplete), **tied}


def _tie(tie: Undecided) -> str:
    return f"{tie.places}: {written_out(tie.people)}"


def _drawn(event: RecordsDrawn) -> Numbers:
    said = ("item", "points", "occurred_on", "position", "amount", "level", "matter")
    return {
        f"entry.{each.entry}": " ".join(word for name in said if (word := written_out(getattr(each, name))))
        for each in event.entries
    }


def beside_stars(verdict: Verdict | None) -> dict[str, str | None]:
    """Return what a verdict says that no number of stars does: named stars, and the end of a probation."""
    if verdict is None:
        return {}
    named = {"named": written_out(verdict.named)} if verdict.named else {}
    end = verdict.probation
    return named if end is None else {**named, "probation": end.outcome}


def _result(event: ResultComputed) -> Numbers:
    return {**_components(event), **beside_stars(event.verdict)}


def _said(event: LinePosted | StarConfirmed) -> Numbers:
    return beside_stars(event.verdict)


def _touched(event: ObjectionRuled | CorrectionDecided | VetoRuledOn) -> Numbers:
    return {"touched": written_out(event.touched)}


_MORE: Final[Mapping[type[Event], Callable[[Any], Numbers]]] = {
    RoundTallied: _tallied,
    MonthDrawn: _components,
    ResultComputed: _result,
    LinePosted: _said,
    StarConfirmed: _said,
    VetoRuledOn: _touched,
    MonthSettled: _components,
    RecordsDrawn: _drawn,
    ObjectionRuled: _touched,
    CorrectionDecided: _touched,
}
