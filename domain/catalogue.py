"""Every event that can be read and every decision that can be taken: the one list of what the domain knows."""

from domain import (
    activities,
    adoption,
    anchoring,
    appointments,
    archiving,
    assistance,
    attendance,
    ballot_appraising,
    ballot_closing,
    ballot_opening,
    ballot_returns,
    ballots,
    boards,
    calendars,
    closing,
    comments,
    commitments,
    committing,
    confirmation,
    confirming,
    convening,
    corrections,
    drawing,
    drawn,
    exempting,
    feedback,
    following_up,
    fulfilling,
    honours,
    improvement,
    inquiries,
    keeping,
    lists,
    measured,
    measures,
    meetings,
    membership,
    months,
    notice_keeping,
    notice_prints,
    notices,
    objections,
    organisation,
    posts,
    private_reading,
    proposing,
    raters,
    readers,
    record_verifying,
    recording,
    records,
    reports,
    representatives,
    reviews,
    roster_import,
    rounds,
    score_import,
    scores,
    separation,
    small_branch,
    staff_appraisal,
    staff_results,
    talks,
    tally,
    tasks,
    veto_rulings,
    vetoes,
)
from domain.decision import Catalogue, members_of

AnyEvent = (
    appointments.AppointmentEvent
    | separation.SeparationEvent
    | organisation.OrganisationEvent
    | membership.MembershipEvent
    | posts.PostEvent
    | roster_import.RosterImportEvent
    | activities.ActivityEvent
    | tasks.TaskEvent
    | commitments.CommitmentEvent
    | records.RecordEvent
    | meetings.MeetingEvent
    | reports.ReportEvent
    | comments.CommentEvent
    | staff_results.StaffEvent
    | keeping.KeepingEvent
    | readers.ReaderEvent
    | private_reading.ReadingEvent
    | archiving.ArchiveEvent
    | anchoring.AnchoringEvent
    | calendars.CalendarEvent
    | adoption.AdoptionEvent
    | rounds.RoundEvent
    | raters.RaterEvent
    | scores.ScoreEvent
    | measured.MeasureEvent
    | vetoes.VetoEvent
    | veto_rulings.VetoRuledOn
    | ballots.BallotEvent
    | drawn.DrawEvent
    | months.MonthEvent
    | tally.TallyEvent
    | lists.ListEvent
    | boards.BoardEvent
    | notices.NoticeEvent
    | notice_prints.NoticePrinted
    | objections.ObjectionEvent
    | confirmation.ConfirmationEvent
    | feedback.FeedbackEvent
    | honours.HonourEvent
    | following_up.FollowingEvent
    | assistance.ImprovementEvent
    | talks.TalkEvent
    | reviews.ReviewEvent
)

MODULES = (
    appointments,
    small_branch,
    organisation,
    membership,
    posts,
    roster_import,
    activities,
    tasks,
    committing,
    fulfilling,
    recording,
    record_verifying,
    convening,
    representatives,
    attendance,
    reports,
    comments,
    staff_appraisal,
    closing,
    keeping,
    readers,
    private_reading,
    archiving,
    anchoring,
    calendars,
    adoption,
    rounds,
    exempting,
    raters,
    scores,
    score_import,
    measures,
    vetoes,
    ballot_opening,
    ballot_returns,
    ballot_closing,
    ballot_appraising,
    drawing,
    tally,
    proposing,
    lists,
    months,
    boards,
    notices,
    notice_keeping,
    notice_prints,
    objections,
    inquiries,
    confirming,
    corrections,
    veto_rulings,
    feedback,
    honours,
    following_up,
    improvement,
    talks,
    reviews,
)

CATALOGUE = Catalogue.of(members_of(AnyEvent), tuple(decider for module in MODULES for decider in module.DECIDERS))
