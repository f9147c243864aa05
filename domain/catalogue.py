"""Every event that can be read and every decision that can be taken: the one list of what the domain knows."""

from domain import (
    activities,
    adoption,
    appointments,
    calendars,
    confirmation,
    confirming,
    corrections,
    exempting,
    feedback,
    honours,
    improvement,
    inquiries,
    keeping,
    lists,
    membership,
    notices,
    objections,
    organisation,
    posts,
    proposing,
    raters,
    reviews,
    roster_import,
    rounds,
    score_import,
    scores,
    tally,
    tasks,
)
from domain.decision import Catalogue, members_of

AnyEvent = (
    appointments.AppointmentEvent
    | organisation.OrganisationEvent
    | membership.MembershipEvent
    | posts.PostEvent
    | roster_import.RosterImportEvent
    | activities.ActivityEvent
    | tasks.TaskEvent
    | keeping.KeepingEvent
    | calendars.CalendarEvent
    | adoption.AdoptionEvent
    | rounds.RoundEvent
    | raters.RaterEvent
    | scores.ScoreEvent
    | tally.TallyEvent
    | lists.ListEvent
    | notices.NoticeEvent
    | objections.ObjectionEvent
    | confirmation.ConfirmationEvent
    | feedback.FeedbackEvent
    | honours.HonourEvent
    | improvement.ImprovementEvent
    | reviews.ReviewEvent
)

MODULES = (
    appointments,
    organisation,
    membership,
    posts,
    roster_import,
    activities,
    tasks,
    keeping,
    calendars,
    adoption,
    rounds,
    exempting,
    raters,
    scores,
    score_import,
    tally,
    proposing,
    lists,
    notices,
    objections,
    inquiries,
    confirming,
    corrections,
    feedback,
    honours,
    improvement,
    reviews,
)

CATALOGUE = Catalogue.of(members_of(AnyEvent), tuple(decider for module in MODULES for decider in module.DECIDERS))
