"""Each check tells what it is for, stays silent about its innocent twin, and tells nothing of small groups (A10)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.confirmation import ConfirmationRefused
from domain.feedback import FeedbackDelivered
from domain.ids import MeetingId, ObjectionId
from domain.lists import ListProposed, VoteHeld
from domain.meetings import MeetingAttended, MeetingClosed, MeetingConvened
from domain.notices import NoticeInterrupted, NoticeResumed
from domain.objections import ObjectionAccepted
from domain.private_reading import SealedRead, SealedReadingRefused
from domain.records import EntryReversed
from domain.sealed import Sealed
from domain.tally import RoundTallied
from projections.findings.examine import CHECKS, examined
from projections.findings.model import Examined
from tests.projections.findings_facts import (
    ANNUAL,
    BEGIN,
    BRANCH,
    CLERK,
    DAY,
    DOCUMENT,
    HEAD,
    NOTICE,
    OTHER,
    ROUND,
    Told,
    adopted,
    appointed,
    confirmed,
    corrected,
    counted,
    entry,
    line,
    opened,
    people,
    result,
    scored,
    verified,
)
from tests.projections.month_ledger import LivedMonths
from tests.projections.year_ledger import Year

SIX = people(6)
MEETING = MeetingId("M")
ALL = {"优秀": 6}
DIVIDED = {"优秀": 4, "合格": 2}
Story = Callable[[Told], None]
"""Tells facts: with the sin, or else its innocent twin."""


def self_scores(told: Told) -> None:
    told.add(opened(), *(scored(person, "self", "90") for person in SIX))
    told.add(*(result(person, "90" if told.sinned and person == SIX[0] else "88.5") for person in SIX))


def greatest(told: Told) -> None:
    told.add(opened(), *(scored(person, "branch", "100" if told.sinned else "99") for person in SIX))


def changed(told: Told) -> None:
    told.add(opened(), scored(SIX[0], "self", "80"), corrected(SIX[0], "80", "85"))
    told.wait(hours=0.5 if told.sinned else 2)
    told.add(
        RoundTallied(round=ROUND, tally=1, engine=2, roster_size=6, caps=(), incomplete=(), undecided=()),
        ListProposed(round=ROUND, list=1, tally=1, body="支委会"),
    )


def raised(told: Told) -> None:
    told.add(appointed(HEAD), opened(), scored(SIX[0], "self", "80"))
    told.add(corrected(SIX[0], "80", "85"), actor=HEAD if told.sinned else CLERK)


def deduction_reversed(told: Told) -> None:
    told.add(appointed(HEAD), entry("e", SIX[0], points="-5" if told.sinned else "5"))
    told.add(
        EntryReversed(entry=entry("e", SIX[0]).entry, branch=BRANCH, person=SIX[0], reason=Sealed("r")), actor=HEAD
    )


def one_hand(told: Told) -> None:
    for number in range(20):
        actor = CLERK if told.sinned or number % 2 else HEAD
        told.add(entry(f"e{number}", SIX[0]), actor=actor)


def one_pair(told: Told) -> None:
    for number in range(20):
        told.add(entry(f"e{number}", SIX[0]))
        told.wait(hours=1)
        told.add(verified(f"e{number}", SIX[0]), actor=HEAD if told.sinned or number % 2 else SIX[1])


def each_other(told: Told) -> None:
    for name, subject, verifier in (("a", SIX[0], SIX[1]), ("b", SIX[1], SIX[0] if told.sinned else SIX[2])):
        told.add(entry(name, subject))
        told.wait(hours=1)
        told.add(verified(name, subject), actor=verifier)


def at_once(told: Told) -> None:
    for number in range(6):
        told.add(entry(f"e{number}", SIX[number]))
        told.wait(hours=0 if told.sinned else 1)
        told.add(verified(f"e{number}", SIX[number]), actor=HEAD)


def late(told: Told) -> None:
    told.add(entry("e", SIX[0], day=(BEGIN - timedelta(days=8 if told.sinned else 7)).date()))


def after_meeting(told: Told) -> None:
    told.add(convened())
    if not told.sinned:
        told.add(entry("e", SIX[0]))
    told.add(closed())
    told.add(entry("e2" if not told.sinned else "e", SIX[0], day=DAY if told.sinned else date(2025, 6, 28)))


def convened() -> MeetingConvened:
    return MeetingConvened(
        meeting=MEETING,
        branch=BRANCH,
        rulebook=ANNUAL,
        version=1,
        document=DOCUMENT,
        kind="monthly",
        judges="2025-06",
        on=date(2025, 6, 26),
        begins=None,
        place="p",
        chair=HEAD,
        timing="in_time",
        reason_outside=None,
    )


def closed(without: int = 0) -> MeetingClosed:
    return MeetingClosed(
        meeting=MEETING,
        branch=BRANCH,
        on=date(2025, 6, 26),
        without_report=(),
        without_comment=tuple(SIX[:without]),
        staff_without_report=(),
        staff_without_comment=(),
        representatives_lacking=0,
        staff_lacking=False,
        minutes=None,
    )


def short_window(told: Told) -> None:
    told.add(opened(), line(SIX[0]))
    told.wait(days=7, hours=-1 if told.sinned else 0)
    told.add(confirmed(SIX[0]))


def interrupted_window(told: Told) -> None:
    told.add(opened(), line(SIX[0]))
    told.wait(days=3)
    told.add(NoticeInterrupted(round=ROUND, notice=NOTICE, why="wind"))
    told.wait(days=2)
    told.add(NoticeResumed(round=ROUND, notice=NOTICE, ends_at=BEGIN, provisional=False))
    told.wait(days=2 if told.sinned else 4)
    told.add(confirmed(SIX[0]))


def refused(told: Told) -> None:
    told.add(opened(), confirmed(SIX[0]))
    if told.sinned:
        told.add(ConfirmationRefused(round=ROUND, people=(SIX[0],), code="window-open"))


def lacking(told: Told) -> None:
    told.add(
        convened(),
        MeetingAttended(
            meeting=MEETING,
            branch=BRANCH,
            on=date(2025, 6, 26),
            should_attend=6,
            present=tuple(SIX),
            excused=(),
            absent=(),
            attending_staff=(),
            representatives=(),
        ),
        closed(2 if told.sinned else 0),
    )


def vote(told: Told) -> None:
    told.add(
        opened(),
        VoteHeld(
            round=ROUND,
            list=1,
            on=DAY,
            chair=HEAD,
            present=tuple(SIX),
            should_attend=6,
            voters_present=6,
            yes=6,
            no=0,
            abstain=0,
            outcome="adopted",
            reasons="",
            minutes=None if told.sinned else DOCUMENT,  # type: ignore[arg-type] # some attachment
        ),
    )


def not_told(told: Told) -> None:
    told.add(opened(), confirmed(SIX[0]))
    if not told.sinned:
        told.add(
            FeedbackDelivered(
                round=ROUND,
                person=SIX[0],
                star=3,
                total=None,
                on=DAY,
                signed=True,
                witness=None,
                statement=None,
            )
        )
    told.wait(days=31)
    told.add(adopted())


def late_answer(told: Told) -> None:
    accepted = ObjectionAccepted(
        round=ROUND, objection=ObjectionId("O"), about=SIX[0], investigators=(HEAD,), late=told.sinned
    )
    told.add(opened(), accepted)


def alike(told: Told) -> None:
    told.add(opened(), *(counted(person, ALL if told.sinned else DIVIDED) for person in SIX))


def office_around(told: Told) -> None:
    told.add(opened(), confirmed(SIX[0]))
    told.wait(days=13 if told.sinned else 15)
    told.add(appointed(HEAD))


def rules_inside(told: Told) -> None:
    told.now -= timedelta(days=300 if told.sinned else 400)
    told.add(adopted())
    told.wait(days=400)
    told.add(opened())


def officers(told: Told) -> None:
    told.add(*(appointed(person) for person in SIX[: 3 if told.sinned else 1]), opened())
    told.add(*(confirmed(person, 5) for person in SIX[:4]))


def readings(told: Told) -> None:
    about = {
        "reader": HEAD,
        "matter": "circumstances",
        "branch": BRANCH,
        "fact": 1,
        "person": SIX[0],
        "objection": None,
        "purpose": "p",
    }
    told.add(SealedRead(basis="named", **about))  # type: ignore[arg-type]
    if told.sinned:
        told.add(SealedReadingRefused(code="no-reader", **about))  # type: ignore[arg-type]


STORIES: tuple[tuple[str, Story, int, int], ...] = (
    ("self-equals-total", self_scores, 1, 6),
    ("greatest-scores", greatest, 6, 6),
    ("changed-before-tally", changed, 1, 1),
    ("raised-by-leaders", raised, 1, 1),
    ("raised-by-leaders", deduction_reversed, 1, 1),
    ("one-recorder", one_hand, 20, 20),
    ("one-pair", one_pair, 20, 20),
    ("each-others-entries", each_other, 2, 2),
    ("verified-at-once", at_once, 6, 6),
    ("entered-late", late, 1, 1),
    ("entered-after-meeting", after_meeting, 1, 1),
    ("short-windows", short_window, 1, 1),
    ("short-windows", interrupted_window, 1, 1),
    ("confirmation-refused", refused, 1, 2),
    ("steps-skipped", lacking, 2, 6),
    ("votes-without-minutes", vote, 1, 1),
    ("results-not-told", not_told, 1, 1),
    ("late-answers", late_answer, 1, 1),
    ("ballots-alike", alike, 6, 6),
    ("offices-around-decisions", office_around, 1, 1),
    ("rules-inside-period", rules_inside, 1, 1),
    ("officers-stars", officers, 3, 4),
    ("private-readings-refused", readings, 1, 2),
)


def answer(code: str, told: Told) -> Examined:
    (found,) = examined(told, [check for check in CHECKS if check.code == code])
    return found


@pytest.mark.parametrize(
    ("code", "story", "count", "base"), STORIES, ids=lambda value: getattr(value, "__name__", None)
)
def test_a_check_counts_what_it_is_for(code: str, story: Story, count: int, base: int) -> None:
    told = Told(sinned=True)
    story(told)
    (finding,) = answer(code, told).findings
    assert (finding.measured.count, finding.measured.base) == (count, base)
    assert str(count) in finding.sentence.zh
    assert str(base) in finding.sentence.en
    assert set(finding.measured.evidence) <= {fact.position for fact in told}


@pytest.mark.parametrize(
    ("code", "story"), [each[:2] for each in STORIES], ids=lambda value: getattr(value, "__name__", None)
)
def test_a_check_is_silent_about_the_innocent_twin(code: str, story: Story) -> None:
    told = Told()
    story(told)
    assert answer(code, told).findings == ()


def test_every_check_has_a_story() -> None:
    assert {code for code, *_ in STORIES} == {check.code for check in CHECKS}


def test_greatest_scores_of_fewer_than_may_be_shown_are_not_counted() -> None:
    told = Told()
    told.add(opened(), *(scored(person, "branch", "100") for person in SIX[:4]))
    found = answer("greatest-scores", told)
    assert (found.places, found.too_small, found.findings) == (1, 1, ())


def test_ballots_that_are_withheld_or_too_few_are_not_looked_at() -> None:
    told = Told()
    told.add(opened(), *(counted(person, ALL, withheld=True) for person in SIX))
    told.add(*(counted(person, {"优秀": 4}) for person in SIX))
    assert answer("ballots-alike", told).places == 0


def test_a_finding_stands_beside_the_same_share_elsewhere() -> None:
    told = Told()
    told.add(opened(), opened(OTHER))
    for key, own in ((ROUND, "90"), (OTHER, "70")):
        told.add(*(scored(person, "self", own, key) for person in SIX))
        told.add(*(result(person, "90", key) for person in SIX))
    (finding,) = answer("self-equals-total", told).findings
    assert (finding.measured.where, finding.elsewhere_count, finding.elsewhere_base) == ("round:R", 0, 6)


def test_a_confirmation_is_held_against_its_own_notice_not_a_later_one() -> None:
    told = Told()
    told.add(opened(), line(SIX[0]))
    told.wait(days=8)
    told.add(confirmed(SIX[0]), line(SIX[1]))
    assert answer("short-windows", told).findings == ()


def test_the_stories_of_both_seeds_have_no_short_window_and_no_answer_accuses(ended: Year, lived: LivedMonths) -> None:
    for year in (ended, lived.year):
        answers = {each.check.code: each for each in examined(year.ledger.read())}
        assert answers["short-windows"].findings == ()
        assert all(each.check.harmless.zh for each in answers.values())
        assert any(each.findings for each in answers.values())


def test_facts_of_another_program_are_passed_over(ended: Year) -> None:
    facts = list(ended.ledger.read())
    assert [len(each.findings) for each in examined(facts)] == [len(each.findings) for each in examined(iter(facts))]
