"""From any fact to its sentence: which kind it is of."""

import typing
from typing import assert_never

from domain import (
    activities,
    adoption,
    appointments,
    calendars,
    confirmation,
    feedback,
    honours,
    improvement,
    keeping,
    lists,
    membership,
    notices,
    objections,
    organisation,
    posts,
    raters,
    reviews,
    roster_import,
    rounds,
    scores,
    tally,
    tasks,
)
from domain.catalogue import AnyEvent
from domain.decision import Event
from domain.text import Language, Text
from ledger.entry import ForeignEvent
from projections.names import Names
from projections.sentences.conduct import tell_conduct
from projections.sentences.evaluation import tell_evaluation
from projections.sentences.outcome import tell_outcome
from projections.sentences.publicity import tell_publicity
from projections.sentences.register import tell_register
from projections.sentences.telling import Telling


def sentence(event: Event, language: Language, names: Names | None = None) -> str:
    """Return one sentence about an event, with sealed words left out."""
    return tell(event, Telling(names or Names())).said_in(language)


def tell(event: Event, telling: Telling) -> Text:
    """Return one sentence about an event, with the names and words that `telling` has."""
    if isinstance(event, ForeignEvent):
        return Text(f"本版本不认识的记录（{event.type}）。", f"A fact that this version does not know ({event.type}).")
    return _tell(typing.cast("AnyEvent", event), telling)


def _tell(event: AnyEvent, telling: Telling) -> Text:
    match event:
        case (
            appointments.LedgerOpened()
            | appointments.Appointed()
            | appointments.Relieved()
            | appointments.RelationDeclared()
            | organisation.BranchFounded()
            | organisation.GroupFormed()
            | organisation.PersonRegistered()
            | organisation.PersonRenamed()
            | membership.MemberJoined()
            | membership.MemberMadeFormal()
            | membership.MemberTransferred()
            | membership.MemberLeft()
            | membership.GroupAssigned()
            | roster_import.RosterImported()
            | keeping.SealedErased()
            | keeping.ClockAccepted()
        ):
            return tell_register(event, telling)
        case (
            posts.PostAssigned()
            | posts.GoalSet()
            | activities.ActivityRecorded()
            | activities.ActivityVerified()
            | activities.ActivityReversed()
            | tasks.TaskAssigned()
            | tasks.TaskCompleted()
        ):
            return tell_conduct(event, telling)
        case (
            calendars.CalendarPublished()
            | adoption.RulebookAdopted()
            | rounds.RoundOpened()
            | rounds.MemberEnrolled()
            | rounds.MemberExempted()
            | raters.RatersInvited()
            | scores.ScoreRecorded()
            | scores.ScoreCorrected()
            | scores.ComponentNotApplicable()
            | scores.SheetImported()
            | tally.RoundTallied()
            | tally.ResultComputed()
            | tally.TieDecided()
            | lists.ListProposed()
            | lists.VoteHeld()
        ):
            return tell_evaluation(event, telling)
        case (
            notices.NoticePosted()
            | notices.LinePosted()
            | notices.NoticeInterrupted()
            | notices.NoticeResumed()
            | objections.ObjectionFiled()
            | objections.ObjectionFiledLate()
            | objections.ObjectionAccepted()
            | objections.ObjectionRejected()
            | objections.ObjectionWithdrawn()
            | objections.ObjectionExtended()
            | objections.ObjectionRuled()
            | objections.ObjectionReplied()
        ):
            return tell_publicity(event, telling)
        case (
            confirmation.StarConfirmed()
            | confirmation.ConfirmationRefused()
            | confirmation.CorrectionOpened()
            | confirmation.CorrectionDecided()
            | feedback.FeedbackDelivered()
            | honours.MemberRecommended()
            | honours.AwardGranted()
            | improvement.ImprovementOpened()
            | improvement.ImprovementChecked()
            | improvement.ImprovementClosed()
            | reviews.ReviewRequested()
            | reviews.ReviewDecided()
        ):
            return tell_outcome(event, telling)
        case _:
            assert_never(event)
