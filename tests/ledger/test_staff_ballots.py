"""The staff outside the Party by ballot: three aspects and a grade, as secret as that of members (B-34, B-35)."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from domain.appointments import Appoint
from domain.attendance import RecordAttendance
from domain.ballot_opening import OpenBox
from domain.ballots import BallotsCounted, BoxOpened, Voter
from domain.comments import CommentOn
from domain.convening import ConveneMeeting
from domain.decision import Command, Conflict, Refused, replace
from domain.ids import BoxId, MeetingId, PersonId, RulebookId
from domain.membership import JoinBranch
from domain.organisation import RegisterPerson
from domain.reports import GiveStaffReport
from domain.roles import ADMINISTRATIVE_LEADER
from domain.scores import Scores
from domain.sealed import Sealed
from domain.staff_appraisal import AppraiseStaff
from domain.staff_results import StaffAppraised
from ledger.ballot_boxes import Keeper
from ledger.ballot_contents import size_of
from ledger.ballot_files import BoxFiles
from ledger.ledger import Ledger
from rulebooks import shipped
from tests.ledger.ballot_house import BRANCH, FOUNDED, MEMBERS, NOW, ROUND, SECRETARY_OF_IT, house
from tests.ledger.conftest import Opener

BY_BALLOT = shipped("monthly-points").replace(b'by = "open" ', b'by = "ballot" ', 1)
STAFF = (PersonId("s1"), PersonId("s2"))
REGISTRAR, LEADER = PersonId("registrar"), PersonId("leader")
MEETING, BOX = MeetingId("b1.april"), BoxId("box-staff")
ASPECTS = ("attitude", "duties", "tasks", "overall")
OPEN = OpenBox(
    box=BOX,
    round=ROUND,
    component="staff",
    keeper="",
    meeting=MEETING,
    voters=tuple(Voter(person=person, group="members") for person in MEMBERS),
)
APPRAISE = AppraiseStaff(meeting=MEETING, person=STAFF[0], attitude="优秀", duties="合格", tasks="合格", overall="合格")


def before_comments(ledger: Ledger, present: tuple[PersonId, ...] = MEMBERS) -> Ledger:
    """Return the ledger with the April session held: two of the staff came and reported."""
    convene = ConveneMeeting(
        meeting=MEETING,
        branch=BRANCH,
        rulebook=RulebookId("monthly-points"),
        kind="monthly",
        judges="2025-03",
        on=NOW.date(),
        place="党员活动室",
        chair=SECRETARY_OF_IT,
    )
    steps: list[tuple[PersonId, Command]] = [
        *((REGISTRAR, RegisterPerson(person=one, full_name=Sealed(f"姓名 {one}"))) for one in (*STAFF, LEADER)),
        *((REGISTRAR, JoinBranch(person=one, branch=BRANCH, kind="staff", on=FOUNDED)) for one in STAFF),
        (
            REGISTRAR,
            Appoint(person=LEADER, role=ADMINISTRATIVE_LEADER, branch=BRANCH, since=FOUNDED, decided_by="厂部"),
        ),
        (SECRETARY_OF_IT, convene),
        (SECRETARY_OF_IT, RecordAttendance(meeting=MEETING, present=present, attending_staff=STAFF)),
        *((one, GiveStaffReport(meeting=MEETING, person=one, duties=Sealed("完成当月任务"))) for one in STAFF),
    ]
    for actor, asked in steps:
        ledger.execute(asked, actor=actor)
    return ledger


def held(ledger: Ledger, present: tuple[PersonId, ...] = MEMBERS) -> Ledger:
    """Return the ledger in which the staff were commented on as well."""
    before_comments(ledger, present)
    for person in STAFF:
        said = CommentOn(
            meeting=MEETING, person=person, shortcomings=Sealed("慢"), causes=Sealed("生疏"), demands=Sealed("多练")
        )
        ledger.execute(said, actor=LEADER)
    return ledger


@pytest.fixture
def ledger(opened: Opener) -> Ledger:
    return held(house(opened("sqlite://"), BY_BALLOT))


@pytest.fixture
def keeper(ledger: Ledger, tmp_path: Path) -> Keeper:
    return Keeper(ledger, BoxFiles(tmp_path))


def sheet(grade: str, **aspects: str) -> Mapping[str, Mapping[str, str]]:
    """Return a sheet that gives both one grade, and in some aspects another."""
    return {person: dict.fromkeys(ASPECTS, grade) | aspects for person in STAFF}


def results(ledger: Ledger) -> dict[PersonId, StaffAppraised]:
    return {f.event.person: f.event for f in ledger.read() if isinstance(f.event, StaffAppraised)}


def counted(ledger: Ledger) -> list[BallotsCounted]:
    return [fact.event for fact in ledger.read() if isinstance(fact.event, BallotsCounted)]


def test_the_box_is_about_the_staff_who_attended_in_three_aspects_and_overall(keeper: Keeper) -> None:
    keeper.open(OPEN, actor=SECRETARY_OF_IT)
    opened = next(fact.event for fact in keeper.ledger.read() if isinstance(fact.event, BoxOpened))
    assert opened.subjects == STAFF
    assert opened.staff is not None
    assert (opened.staff.aspects, opened.staff.period, opened.staff.on) == (ASPECTS, "2025-03", NOW.date())
    assert (opened.marks, opened.caps, opened.clause) == (("优秀", "合格", "基本合格", "不合格"), (), "B-35")


def test_the_close_makes_results_of_the_best_grade_that_more_than_half_reach(keeper: Keeper) -> None:
    keeper.open(OPEN, actor=SECRETARY_OF_IT)
    for number, member in enumerate(MEMBERS):
        first = "优秀" if number < 4 else "合格"
        keeper.vote(BOX, member, sheet(first, tasks="不合格" if number < 3 else "基本合格"))
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    found = results(keeper.ledger)
    assert set(found) == set(STAFF)
    one = found[STAFF[0]]
    assert (one.attitude, one.duties, one.tasks, one.overall) == ("优秀", "优秀", "基本合格", "优秀")
    assert (one.meeting, one.branch, one.period, one.on) == (MEETING, BRANCH, "2025-03", NOW.date())
    assert {(each.person, each.aspect) for each in counted(keeper.ledger)} == {(p, a) for p in STAFF for a in ASPECTS}


def test_half_of_the_voices_do_not_give_a_grade(keeper: Keeper) -> None:
    keeper.open(OPEN, actor=SECRETARY_OF_IT)
    for number, member in enumerate(MEMBERS[:6]):
        keeper.vote(BOX, member, sheet("优秀" if number < 3 else "合格"))
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    assert results(keeper.ledger)[STAFF[0]].overall == "合格"


def test_nothing_is_counted_before_the_close_nor_shown_for_fewer_than_may_be(keeper: Keeper) -> None:
    keeper.open(OPEN, actor=SECRETARY_OF_IT)
    for member in MEMBERS[:4]:
        keeper.vote(BOX, member, sheet("优秀"))
    assert counted(keeper.ledger) == []
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    assert all(each.withheld and each.counts == () for each in counted(keeper.ledger))
    assert results(keeper.ledger) == {}


def test_whose_count_is_withheld_in_one_aspect_has_no_result(keeper: Keeper) -> None:
    keeper.open(OPEN, actor=SECRETARY_OF_IT)
    for number, member in enumerate(MEMBERS):
        marks = {person: dict(rows) for person, rows in sheet("合格").items()}
        if number < 3:
            del marks[STAFF[1]]["duties"]
        keeper.vote(BOX, member, marks)
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    assert set(results(keeper.ledger)) == {STAFF[0]}
    assert [(each.person, each.aspect) for each in counted(keeper.ledger) if each.withheld] == [(STAFF[1], "duties")]


def test_a_count_on_the_staff_leaves_the_members_scores_and_their_tally_as_they_are(keeper: Keeper) -> None:
    keeper.open(OPEN, actor=SECRETARY_OF_IT)
    for member in MEMBERS:
        keeper.vote(BOX, member, sheet("优秀"))
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    scores = keeper.ledger.fold(Scores, ROUND)
    assert isinstance(scores, Scores)
    assert (scores.counted, scores.last_position) == ({}, 0)


def test_a_box_has_room_for_every_row_of_every_voice(keeper: Keeper, tmp_path: Path) -> None:
    keeper.open(OPEN, actor=SECRETARY_OF_IT)
    sizes = {path.stat().st_size for path in (tmp_path / "boxes").glob("*@*")}
    for member in MEMBERS:
        keeper.vote(BOX, member, sheet("不合格"))
    assert {path.stat().st_size for path in (tmp_path / "boxes").glob("*@*")} == sizes
    opened = next(fact.event for fact in keeper.ledger.read() if isinstance(fact.event, BoxOpened))
    assert size_of(opened) > size_of(replace(opened, staff=None))


@pytest.mark.parametrize(
    "marks",
    [
        {"s1": "优秀"},
        {"s1": {"attitude": "优秀", "zeal": "优秀"}},
        {"s1": {"attitude": "best"}},
        {"m1": dict.fromkeys(ASPECTS, "优秀")},
    ],
)
def test_a_sheet_with_other_people_aspects_or_grades_is_not_taken(keeper: Keeper, marks: dict[str, object]) -> None:
    keeper.open(OPEN, actor=SECRETARY_OF_IT)
    with pytest.raises(Refused) as refused:
        keeper.vote(BOX, MEMBERS[0], marks)  # type: ignore[arg-type]
    assert refused.value.code == "sheet-does-not-fit"
    assert "优秀" not in str(refused.value)


def refusal(keeper: Keeper, asked: OpenBox) -> str:
    with pytest.raises(Refused) as refused:
        keeper.open(asked, actor=SECRETARY_OF_IT)
    return refused.value.code


def test_the_staff_are_voted_on_in_a_meeting_that_judges_the_month(keeper: Keeper) -> None:
    assert refusal(keeper, replace(OPEN, meeting=None)) == "meeting-needed"
    assert refusal(keeper, replace(OPEN, meeting=MeetingId("none"))) == "unknown-meeting"


def test_representatives_do_not_vote_on_the_staff(keeper: Keeper) -> None:
    outsider = Voter(person=PersonId("r1"), group="representatives")
    assert refusal(keeper, replace(OPEN, voters=(*OPEN.voters, outsider))) == "unknown-voter-group"


def test_only_the_staff_of_the_branch_are_voted_on(keeper: Keeper) -> None:
    assert refusal(keeper, replace(OPEN, subjects=(MEMBERS[0],))) == "not-on-the-staff"


def test_a_second_box_about_the_staff_of_one_meeting_is_refused_and_a_members_box_is_not(keeper: Keeper) -> None:
    keeper.open(OPEN, actor=SECRETARY_OF_IT)
    with pytest.raises(Conflict):
        keeper.open(replace(OPEN, box=BoxId("again")), actor=SECRETARY_OF_IT)
    keeper.open(replace(OPEN, box=BoxId("members"), component="appraisal"), actor=SECRETARY_OF_IT)


def test_somebody_on_the_staff_is_voted_on_after_he_was_commented_on(opened: Opener, tmp_path: Path) -> None:
    early = Keeper(before_comments(house(opened("sqlite://"), BY_BALLOT)), BoxFiles(tmp_path))
    assert refusal(early, OPEN) == "not-commented-yet"


# B-35: openly or by ballot, as the rulebook says


def test_where_the_rulebook_has_a_ballot_nobody_is_graded_openly(ledger: Ledger) -> None:
    with pytest.raises(Refused) as refused:
        ledger.execute(APPRAISE, actor=SECRETARY_OF_IT)
    assert refused.value.code == "staff-vote-by-ballot"


def test_a_body_too_small_for_a_ballot_grades_openly_all_the_same(opened: Opener, tmp_path: Path) -> None:
    few = held(house(opened("sqlite://"), BY_BALLOT), present=MEMBERS[:4])
    small = Keeper(few, BoxFiles(tmp_path))
    assert refusal(small, replace(OPEN, voters=OPEN.voters[:4])) == "small-body-votes-openly"
    few.execute(APPRAISE, actor=SECRETARY_OF_IT)
    assert results(few)[STAFF[0]].attitude == "优秀"


def test_where_the_rulebook_grades_openly_there_is_no_box_about_the_staff(opened: Opener, tmp_path: Path) -> None:
    openly = held(house(opened("sqlite://")))
    assert refusal(Keeper(openly, BoxFiles(tmp_path)), OPEN) == "staff-graded-openly"
    openly.execute(APPRAISE, actor=SECRETARY_OF_IT)
    assert results(openly)[STAFF[0]].duties == "合格"
