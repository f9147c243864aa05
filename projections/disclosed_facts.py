"""Facts before an audience: which fields a sentence takes, so that what may not be shown is withheld with its clause.

A kind of fact that is not named here is opened by no clause: only whoever it is about is shown it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from domain import (
    activities,
    adoption,
    appointments,
    ballots,
    boards,
    calendars,
    commitments,
    confirmation,
    drawn,
    lists,
    meetings,
    months,
    notice_prints,
    notices,
    objections,
    records,
    rounds,
    scores,
    staff_results,
    tally,
)
from domain.decision import Event, Fact, replace
from domain.text import Text
from domain.verdicts import Verdict
from projections.withholding import BALLOTS, NOTICE, OBJECTOR, UNNAMED, Disclosed, Disclosures, Withheld

Codes = tuple[str, ...]
_RULES: Codes = ("rules",)
_COUNTS: Codes = ("appraisal|components",)
_RESULT: Codes = ("total", "star")


def _scored(event: Event) -> Codes:
    """Return what a score takes: a rater's own points are a single voice, whoever enters them."""
    return ("components",) if getattr(event, "rater", None) is None else ("components", BALLOTS)


def _on_board(event: Event) -> Codes:
    return ("grade",) if getattr(event, "board", "") == "outside" else (*_COUNTS, "star")


TAKES: Final[Mapping[type[Event], Codes | Callable[[Event], Codes]]] = {
    **dict.fromkeys(
        (
            appointments.Appointed,
            appointments.Relieved,
            adoption.RulebookAdopted,
            calendars.CalendarPublished,
            rounds.RoundOpened,
            meetings.MeetingConvened,
            meetings.MeetingCalledOff,
            meetings.ReplacementDeclared,
            ballots.BoxOpened,
            ballots.BoxClosed,
            ballots.BoxVoided,
            ballots.SlipsIssued,
            lists.ListProposed,
            lists.VoteHeld,
            tally.RoundTallied,
            drawn.AppraisalNotHeld,
        ),
        _RULES,
    ),
    **dict.fromkeys(
        (
            notices.NoticePosted,
            notices.NoticeInterrupted,
            notices.NoticeResumed,
            notices.NoticeCorrected,
            notices.NoticeTakenDown,
            notice_prints.NoticePrinted,
            boards.BoardPosted,
            staff_results.StaffResultsPosted,
            staff_results.StaffLinePosted,
            staff_results.StaffLinePostedV1,
        ),
        (NOTICE,),
    ),
    **dict.fromkeys((notices.LinePosted, tally.ResultComputed, tally.TieDecided, confirmation.StarConfirmed), _RESULT),
    **dict.fromkeys((months.MonthSettled, drawn.MonthDrawn), ("components", *_RESULT)),
    **dict.fromkeys(
        (
            drawn.RecordsDrawn,
            scores.ComponentNotApplicable,
            records.EntryProposed,
            records.EntryVerified,
            records.EntryRejected,
            records.EntryCorrected,
            records.EntryReversed,
            activities.ActivityRecorded,
            activities.ActivityVerified,
            activities.ActivityReversed,
        ),
        ("components",),
    ),
    **dict.fromkeys((scores.ScoreRecorded, scores.ScoreCorrected), _scored),
    **dict.fromkeys(
        (
            commitments.CommitmentMade,
            commitments.CommitmentApproved,
            commitments.CommitmentReturned,
            commitments.CommitmentRevoked,
            commitments.FulfilmentReported,
            commitments.CommitmentAppraised,
        ),
        ("commitments",),
    ),
    ballots.BallotsCounted: _COUNTS,
    ballots.OpenlyAppraised: (*_COUNTS, BALLOTS),
    boards.BoardLinePosted: _on_board,
}
BY_OBJECTORS = (objections.ObjectionFiled, objections.ObjectionFiledLate, objections.ObjectionWithdrawn)
"""Facts whose actor may be the objector himself."""
SUBJECTS = ("person", "about")
"""The fields that say whom a fact is about; whom else it mentions is not concerned by it."""


def codes_of(event: Event) -> Codes:
    """Return the fields that the sentence of an event takes; all of them must be shown."""
    found = TAKES.get(type(event), (UNNAMED,))
    return found(event) if callable(found) else found


def concerned_by(event: Event, reader: str | None) -> set[str]:
    """Return whose own a fact is: whom it is about, and whoever reads if it was he who objected or had it read.

    Of others these two say nothing: whose case it is, is not theirs, and that it were would tell who they are.
    """
    acted = {str(getattr(event, name, None)) for name in ("objector", "reader")}
    return {str(getattr(event, name, None)) for name in SUBJECTS} - {"None"} | (acted & {reader})


@dataclass(frozen=True, slots=True)
class FactReader:
    """Shows facts to a viewer: as they are, without who objected, or not at all."""

    disclosures: Disclosures

    def withheld(self, fact: Fact) -> Withheld | None:
        """Return why the whole fact is not shown; None where it is."""
        return self._scope(fact).first_withheld(codes_of(fact.event), self._concerned(fact.event))

    def not_whole(self, fact: Fact) -> Withheld | None:
        """Return why a fact is not shown whole, as it is stored; None where it is."""
        return self.withheld(fact) or self.objector_withheld(fact) or self.actor_withheld(fact)

    def listed(self, fact: Fact, person: str | None) -> bool:
        """Return whether a fact stands in a list of the facts that mention a person.

        A fact that is withheld is listed only under whom it is about: under the others it would tell who they are.
        """
        about = {str(getattr(fact.event, name, None)) for name in SUBJECTS}
        return (
            person is None
            or person in about
            or (self.withheld(fact) is None and not self._only_in_objector(fact, person))
        )

    def event(self, fact: Fact) -> Event:
        """Return the event as the viewer may see it."""
        event, verdict = fact.event, getattr(fact.event, "verdict", None)
        if isinstance(verdict, Verdict) and self._scope(fact).withheld("reasons", self._concerned(event)) is not None:
            event = replace(event, verdict=replace(verdict, probation=None, unrated=""))
        if self.objector_withheld(fact) is None or not hasattr(event, "objector"):
            return event
        return replace(event, objector=None)

    def objector_withheld(self, fact: Fact) -> Withheld | None:
        """Return why it is not said who objected; None where it is, or where the fact does not say."""
        event = fact.event
        if not isinstance(event, BY_OBJECTORS) or self.disclosures.viewer.person in (
            getattr(event, "objector", None) or fact.actor,
            fact.actor,
        ):
            return None
        return self._scope(fact).withheld(OBJECTOR, self._concerned(event))

    def actor_withheld(self, fact: Fact) -> Withheld | None:
        """Return why it is not said who recorded a fact: outside, only who acted in the procedure is named."""
        if (hidden := self.objector_withheld(fact)) is not None:
            return hidden
        procedure = set(codes_of(fact.event)) <= {"rules", NOTICE}
        # That he recorded it makes it the reader's own, and nobody else's.
        concerned = self._concerned(fact.event) | ({fact.actor} & {self.disclosures.viewer.person})
        return None if procedure else self._scope(fact).withheld(UNNAMED, concerned)

    def _concerned(self, event: Event) -> set[str]:
        return concerned_by(event, self.disclosures.viewer.person)

    def _only_in_objector(self, fact: Fact, person: str) -> bool:
        return self.objector_withheld(fact) is not None and person == str(getattr(fact.event, "objector", None))

    def _scope(self, fact: Fact) -> Disclosed:
        subject = next((str(name) for each in SUBJECTS if (name := getattr(fact.event, each, None))), None)
        return self.disclosures.scope(fact.event, self.disclosures.at_home(subject))


def unlisted() -> Text:
    """Return what a list of the facts of a person leaves out, said whether or not there is any."""
    return Text(
        "不列出：仅在不予出示的内容中提到此人的事实。",
        "Not listed: facts that mention this person only in what is withheld.",
    )
