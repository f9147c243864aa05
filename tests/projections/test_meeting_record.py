"""The record of a meeting: who came, what each reported and was told, in which order, what was left out (AMB-B17)."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.attendance import RecordAttendance
from domain.comments import CommentMade
from domain.convening import ConveneMeeting
from domain.decision import replace
from domain.ids import MeetingId
from domain.meetings import MEMBERS_MEETING, ApologySent, MeetingAttended, MeetingConvened
from projections.engine import Reading
from projections.meeting_record import MEETING_RECORD, Attender, MeetingRecord, meeting_record, meetings_of
from projections.person_record import person_record
from tests.control_meetings import (
    CONVENE,
    DIRECTOR,
    GAO,
    HAN,
    HELD_ON,
    MONTHLY,
    OFF,
    PRESENT,
    QUARTERLY,
    SESSION_ON,
)
from tests.control_months import MONTH_ROUND, VOTING
from tests.controls import (
    ANNUAL,
    BRANCH,
    CHEN,
    LI,
    OTHER_BRANCH,
    PAPER,
    ROUND,
    RULEBOOK,
    STAFF,
    STORY,
    SUN,
    WANG,
    WU,
    ZHANG,
    ZHAO,
    ZHOU,
    Step,
    noon,
)
from tests.projections.test_stars_view import position_of
from tests.projections.year_ledger import Year, copied

AFTER_THE_YEAR = STORY[len(ANNUAL) :]


@pytest.fixture(scope="module")
def ended(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Give a ledger that goes on to the sessions after the year, which tests only read."""
    made = copied(told, tmp_path_factory.mktemp("sessions"))
    made.play(AFTER_THE_YEAR)
    yield made
    made.close()


@pytest.fixture(scope="module")
def reading(ended: Year) -> Iterator[Reading]:
    """Give all its views."""
    with ended.follower().reading() as found:
        yield found


@pytest.fixture
def going_on(year: Year) -> Year:
    """Return such a ledger, of this test alone."""
    year.play(AFTER_THE_YEAR)
    return year


def record_of(reading: Reading, meeting: str = MONTHLY) -> MeetingRecord:
    """Return the record of a meeting that there is."""
    record = meeting_record(reading, meeting)
    assert record is not None
    return record


def member(record: MeetingRecord, person: str) -> Attender:
    """Return what the record says of a member."""
    return next(one for one in record.members if one.person == person)


def words_of(year: Year, *digests: str | None) -> list[str]:
    """Return the words behind digests."""
    known = year.ledger.words(tuple(digest for digest in digests if digest is not None))
    return [known[digest] for digest in digests if digest is not None]


def test_time_place_chair_and_rules(reading: Reading) -> None:
    head = record_of(reading).head
    assert (head.branch, head.kind, head.judges, head.on, head.begins) == (
        BRANCH,
        "monthly",
        "2026-10",
        HELD_ON,
        "14:30",
    )
    assert (head.place, head.chair, head.timing, head.reason_outside) == ("党员活动室", LI, "in_time", None)
    assert (head.rulebook, head.version) == (CONVENE.rulebook, 1)


def test_who_was_there_who_was_excused_and_who_attended(reading: Reading) -> None:
    record = record_of(reading)
    assert record.head.should_attend == 8
    assert set(record.present) == set(PRESENT)
    sun = member(record, SUN)
    assert (sun.presence, sun.report, sun.reason) == ("excused", "written", None)
    assert [(one.person, one.presence, one.report) for one in record.staff] == [(STAFF, "present", "spoken")]


def test_reasons_of_health_are_not_in_any_view(ended: Year) -> None:
    apology = next(fact.event for fact in ended.ledger.read() if isinstance(fact.event, ApologySent))
    assert apology.health is not None
    ended.follower().catch_up()
    assert apology.health.digest not in ended.dump()


def test_what_each_reported_stands_beside_the_comment_on_it(reading: Reading, ended: Year) -> None:
    record = record_of(reading)
    wu, li = member(record, WU), member(record, LI)
    assert (wu.report, wu.report_chair, wu.commentator) == ("spoken", LI, LI)
    assert (li.report, li.report_chair, li.commentator) == ("spoken", WANG, WANG)
    assert words_of(ended, wu.duties, wu.commitments, wu.style) == ["完成检修计划", "两项承诺已兑现", "下班组更勤"]
    assert words_of(ended, wu.shortcomings, wu.causes, wu.demands) == ["学习不够", "时间安排不当", "每周学习一次"]
    assert [remark.peer for remark in wu.remarks] == [ZHOU]
    assert words_of(ended, *(remark.remark for remark in wu.remarks)) == ["乐于助人"]
    assert (member(record, CHEN).report, member(record, CHEN).commentator, li.remarks) == (None, None, ())


def test_staff_have_their_report_comment_and_grades(reading: Reading, ended: Year) -> None:
    (staff,) = record_of(reading).staff
    assert words_of(ended, staff.duties) == ["台账按时完成"]
    assert (staff.commentator, staff.commitments, staff.style) == (DIRECTOR, None, None)
    grades = (staff.attitude_grade, staff.duties_grade, staff.tasks_grade, staff.overall_grade)
    assert grades == ("优秀", "合格", "优秀", "优秀")


def test_the_steps_stand_in_their_order_with_who_recorded_them(reading: Reading) -> None:
    steps = record_of(reading).steps
    assert [(one.step, one.person) for one in steps] == [
        ("convened", None),
        ("report", SUN),
        ("apology", SUN),
        ("attended", None),
        ("report", LI),
        ("report", WU),
        ("report", STAFF),
        ("comment", WU),
        ("comment", SUN),
        ("comment", LI),
        ("comment", STAFF),
        ("peer_comment", WU),
        ("appraisal", STAFF),
        ("closed", None),
    ]
    assert [steps[0].actor, steps[1].actor, steps[-1].actor] == [ZHANG, SUN, ZHANG]
    assert [one.position for one in steps] == sorted(one.position for one in steps)


def test_what_was_left_undone_is_on_record(reading: Reading) -> None:
    head = record_of(reading).head
    assert head.without_report == head.without_comment
    assert set(head.without_report or ()) == {WANG, ZHANG, CHEN, ZHAO, ZHOU}
    assert (head.representatives_lacking, head.staff_lacking, head.minutes) == (0, False, PAPER)
    assert head.closed_at == noon(HELD_ON)


def test_a_quarterly_session_names_its_representatives_and_what_it_replaces(reading: Reading) -> None:
    record = record_of(reading, QUARTERLY)
    assert [(one.person, one.presence) for one in record.representatives] == [
        (GAO, "invited"),
        (HAN, "invited"),
        (STAFF, "invited"),
    ]
    head = record.head
    assert (head.on, head.replaces, head.chosen, head.again) == (SESSION_ON, "2026-11", "班组推荐，轮流担任", ())
    assert (head.closed_at, head.without_report, head.should_attend) == (None, None, None)


def test_representatives_who_came_are_told_from_those_who_did_not(going_on: Year) -> None:
    came = RecordAttendance(meeting=QUARTERLY, present=(*PRESENT, SUN), representatives=(GAO, HAN))
    going_on.play([Step(came, ZHANG, noon(SESSION_ON))])
    with going_on.follower().reading() as found:
        record = record_of(found, QUARTERLY)
    assert [(one.person, one.presence) for one in record.representatives] == [
        (GAO, "present"),
        (HAN, "present"),
        (STAFF, "invited"),
    ]


def test_a_corrected_attendance_takes_the_place_of_the_first(going_on: Year) -> None:
    day = noon(SESSION_ON)
    first = RecordAttendance(meeting=QUARTERLY, present=PRESENT, attending_staff=(STAFF,))
    second = RecordAttendance(meeting=QUARTERLY, present=(*PRESENT, SUN))
    going_on.play([Step(first, ZHANG, day), Step(second, ZHANG, day)])
    with going_on.follower().reading() as found:
        record = record_of(found, QUARTERLY)
    assert set(record.present) == {*PRESENT, SUN}
    assert record.staff == ()


def test_a_session_outside_its_week_is_flagged(going_on: Year) -> None:
    late = replace(
        CONVENE,
        meeting=MeetingId("late"),
        judges="2026-12",
        on=date(2027, 2, 2),
        reason_outside="春节前停产",
    )
    going_on.play([Step(late, ZHANG, noon(SESSION_ON))])
    with going_on.follower().reading() as found:
        head = record_of(found, "late").head
    assert (head.timing, head.reason_outside) == ("late", "春节前停产")


def test_the_meetings_of_a_branch_by_day_those_called_off_included(reading: Reading) -> None:
    assert [(head.meeting, head.called_off) for head in meetings_of(reading, BRANCH)] == [
        (MONTHLY, None),
        (OFF, "停产检修，全员在岗"),
        (QUARTERLY, None),
    ]
    assert [head.meeting for head in meetings_of(reading, OTHER_BRANCH)] == [VOTING]


def test_a_record_as_of_a_position_knows_nothing_later(ended: Year) -> None:
    follower = ended.follower()
    with follower.as_of(position_of(ended, MeetingConvened) - 1) as then:
        assert meeting_record(then, MONTHLY) is None
    with follower.as_of(position_of(ended, MeetingAttended) - 1) as then:
        record = record_of(then)
        assert (record.present, record.head.should_attend) == ((), None)
        assert member(record, SUN).report == "written"
    with follower.as_of(position_of(ended, CommentMade) - 1) as then:
        record = record_of(then)
        assert member(record, WU).report == "spoken"
        assert [one.commentator for one in record.members] == [None] * 8


@pytest.mark.parametrize(("person", "kinds"), [(WU, ["report", "comment", "remark"]), (LI, ["report", "comment"])])
def test_what_a_meeting_leaves_is_in_each_person_s_record(reading: Reading, person: str, kinds: list[str]) -> None:
    entries = [one for one in person_record(reading, person).entries if one.thing == MONTHLY]
    assert [one.kind for one in entries] == kinds
    assert {one.on for one in entries} == {HELD_ON}


def test_the_staff_s_grade_and_a_written_report_are_in_their_records(reading: Reading) -> None:
    (grade,) = person_record(reading, STAFF).of_kind("staff_appraisal")
    assert (grade.what, grade.state) == ("2026-10", "优秀")
    (report,) = person_record(reading, SUN).of_kind("report")
    assert (report.state, report.on) == ("written", HELD_ON - timedelta(days=1))


def test_a_meeting_shows_the_vote_that_names_it(reading: Reading) -> None:
    (vote,) = record_of(reading, VOTING).votes
    assert (vote.round, vote.list, vote.outcome, vote.yes, vote.named) == (MONTH_ROUND, 1, "adopted", 1, True)
    assert record_of(reading).votes == ()


def test_a_vote_that_names_no_meeting_is_shown_at_those_of_its_branch_and_day(going_on: Year) -> None:
    voted_on = date(2026, 1, 8)
    for meeting, branch, day in (
        ("same", BRANCH, voted_on),
        ("later", BRANCH, HELD_ON),
        ("other", OTHER_BRANCH, voted_on),
    ):
        convened = ConveneMeeting(
            meeting=MeetingId(meeting),
            branch=branch,
            rulebook=RULEBOOK,
            kind=MEMBERS_MEETING,
            judges="2025",
            on=day,
            place="会议室",
            chair=LI,
        )
        going_on.play([Step(convened, ZHANG, noon(date(2027, 3, 1)))])
    with going_on.follower().reading() as found:
        (vote,) = record_of(found, "same").votes
        assert (vote.round, vote.yes, vote.no, vote.named) == (ROUND, 7, 1, False)
        assert record_of(found, "later").votes == record_of(found, "other").votes == ()


def test_there_is_no_record_of_a_meeting_that_was_not_convened(reading: Reading) -> None:
    assert meeting_record(reading, "another") is None


def test_the_record_is_the_same_followed_or_rebuilt_and_on_either_engine(year_on_either: Year, ended: Year) -> None:
    year_on_either.play(AFTER_THE_YEAR)
    follower = year_on_either.follower((MEETING_RECORD,), batch_facts=7)
    follower.catch_up()
    followed = year_on_either.dump((MEETING_RECORD,))
    follower.rebuild()
    assert year_on_either.dump((MEETING_RECORD,)) == followed
    with year_on_either.follower().reading() as found, ended.follower().reading() as expected:
        for meeting in (MONTHLY, OFF, QUARTERLY):
            ours, theirs = record_of(found, meeting), record_of(expected, meeting)
            assert (ours.head, ours.steps) == (theirs.head, theirs.steps)
            assert [(one.person, one.presence, one.report) for one in ours.members] == [
                (one.person, one.presence, one.report) for one in theirs.members
            ]
