"""Correcting what was confirmed: a procedure of its own, new publicity, a new decision, both visible (AMB-B28)."""

from datetime import date

import pytest

from domain.appointments import Appointed, RelationDeclared
from domain.calendars import CalendarPublished
from domain.confirmation import Confirmations, CorrectionDecided, CorrectionOpened, StarConfirmed
from domain.corrections import DecideCorrection, OpenCorrection
from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import CorrectionId, ObjectionId, PersonId, ReviewId
from domain.objections import ObjectionFiledLate, ObjectionRuled
from domain.reviews import ReviewDecided
from domain.roles import LEADING_GROUP_HEAD
from domain.scores import ScoreCorrected
from domain.sealed import Sealed
from domain.tally import DecideTie, ResultComputed, Results
from tests.controls import BRANCH, CHEN, FOUNDED, LI, MEMBERS, ROUND, STAFF, SUN, WANG, WU, ZHANG, ZHAO, ZHOU
from tests.domain.conftest import Answer, World
from tests.domain.procedure.conftest import (
    ACCEPT,
    BODY,
    CONFIRM,
    OBJECT,
    OBJECTION,
    WINDOW_ENDS,
    notice,
    on,
    raised,
    take,
    uphold,
)

CORRECTION = CorrectionId("correction")
LATE = on(1, 20)
LAST_DAY = date(2026, 1, 15)
OPEN_IT = OpenCorrection(round=ROUND, correction=CORRECTION, person=ZHOU, cause=Sealed("逾期异议"), objection=OBJECTION)
UPHOLD = DecideCorrection(
    round=ROUND,
    correction=CORRECTION,
    verdict="upheld",
    findings=Sealed("属实"),
    body=BODY,
    amendments=raised(ZHOU, 93),
)
DISMISS = replace(UPHOLD, verdict="dismissed", amendments=())


def confirmations(world: World) -> Confirmations:
    found = world.fold(Confirmations, ROUND)
    assert isinstance(found, Confirmations)
    return found


def opened_for(answer: Answer) -> dict[PersonId, CorrectionOpened]:
    assert answer.refusal is None
    return {each.person: each for each in answer.events if isinstance(each, CorrectionOpened)}


@pytest.fixture(scope="module")
def settled(posted: World) -> World:
    """Return the world in which everybody's star is confirmed."""
    return take(take(posted, CHEN, WINDOW_ENDS, CONFIRM), LI, WINDOW_ENDS, CONFIRM)


@pytest.fixture(scope="module")
def late(settled: World) -> World:
    """Return the world in which an objection about Zhou came late, was refused and noted."""
    refusal = settled.when(OBJECT, actor=STAFF, at=LATE).refused("window-over")
    assert isinstance(refusal.record, ObjectionFiledLate)
    return settled.after(refusal.record, actor=STAFF, at=LATE)


@pytest.fixture(scope="module")
def questioned(late: World) -> World:
    """Return the world in which Zhou's star is in question."""
    return take(late, ZHAO, LATE, OPEN_IT)


@pytest.fixture(scope="module")
def corrected(questioned: World) -> World:
    """Return the world in which Zhou has taken Sun's place after all."""
    return take(questioned, CHEN, on(1, 26), UPHOLD)


# opening


def test_a_late_objection_is_a_ground_to_question_a_confirmed_star(late: World) -> None:
    late.when(OPEN_IT, actor=ZHAO, at=LATE).then(
        CorrectionOpened(
            round=ROUND,
            correction=CORRECTION,
            person=ZHOU,
            cause=Sealed("逾期异议"),
            objection=OBJECTION,
            review=None,
            decided=False,
        )
    )


def test_a_correction_opened_again_changes_nothing(questioned: World, corrected: World) -> None:
    questioned.when(OPEN_IT, actor=ZHAO, at=LATE).then_nothing()
    corrected.when(OPEN_IT, actor=ZHAO, at=on(1, 27)).then_nothing()


def test_the_id_of_a_correction_stands_for_one_procedure(questioned: World) -> None:
    questioned.when(replace(OPEN_IT, person=WU, objection=None), actor=ZHAO, at=LATE).refused("id-taken", Conflict)


def test_a_correction_needs_no_objection(settled: World) -> None:
    assert settled.when(replace(OPEN_IT, objection=None), actor=ZHAO, at=LATE).events


def test_only_a_late_objection_about_the_person_is_its_ground(late: World, ruled: World) -> None:
    late.when(replace(OPEN_IT, objection=ObjectionId("nowhere")), actor=ZHAO, at=LATE).refused("unknown-objection")
    late.when(replace(OPEN_IT, person=WU), actor=ZHAO, at=LATE).refused("unknown-objection", NotFound)
    in_time = take(take(ruled, CHEN, WINDOW_ENDS, CONFIRM), LI, WINDOW_ENDS, CONFIRM)
    in_time.when(replace(OPEN_IT, person=WU), actor=ZHAO, at=LATE).refused("unknown-objection", NotFound)


def test_only_a_confirmed_star_is_corrected(posted: World) -> None:
    asked = replace(OPEN_IT, objection=None)
    posted.when(asked, actor=ZHAO, at=LATE).refused("not-confirmed", NotFound)


def test_nobody_opens_a_correction_of_his_own_or_of_somebody_close(settled: World) -> None:
    asked = replace(OPEN_IT, objection=None, person=ZHAO)
    settled.when(asked, actor=ZHAO, at=LATE).refused("own-case", NotPermitted)
    close = settled.after(RelationDeclared(person=ZHAO, other=ZHOU, relation="other"))
    close.when(replace(asked, person=ZHOU), actor=ZHAO, at=LATE).refused("recused", NotPermitted)


def test_the_officers_who_receive_objections_open_corrections(late: World) -> None:
    for actor in (ZHAO, LI, WANG):
        assert late.when(OPEN_IT, actor=actor, at=LATE).events
    for actor in (CHEN, ZHANG, STAFF):
        late.when(OPEN_IT, actor=actor, at=LATE).refused("wrong-office", NotPermitted)


# deciding


def test_an_upheld_correction_corrects_scores_and_names_everybody_it_touches(questioned: World) -> None:
    answer = questioned.when(UPHOLD, actor=CHEN, at=on(1, 26))
    decided = answer.events[0]
    assert isinstance(decided, CorrectionDecided)
    assert (decided.person, decided.verdict, set(decided.touched)) == (ZHOU, "upheld", {ZHOU, SUN})
    grounds = {(each.ground, each.correction) for each in answer.events if isinstance(each, ScoreCorrected)}
    assert grounds == {("procedure", CORRECTION)}
    assert {each.person: each.star for each in answer.events if isinstance(each, ResultComputed)} == {ZHOU: 4, SUN: 3}


def test_for_everybody_else_whose_confirmed_star_it_reaches_a_correction_opens(questioned: World) -> None:
    opened = opened_for(questioned.when(UPHOLD, actor=CHEN, at=on(1, 26)))
    assert set(opened) == {SUN}
    assert (opened[SUN].correction, opened[SUN].decided) == ("correction.sun", True)


def test_two_people_never_share_a_correction_however_long_its_name(late: World) -> None:
    long = CorrectionId("c" * 64)
    world = take(late, ZHAO, LATE, replace(OPEN_IT, correction=long))
    amendments = (*raised(ZHOU, 96), *raised(WU, 95))
    opened = opened_for(world.when(replace(UPHOLD, correction=long, amendments=amendments), actor=CHEN, at=on(1, 26)))
    ids = [each.correction for each in opened.values()]
    assert set(opened) == {WU, SUN, WANG}
    assert len(set(ids)) == 3
    assert all(len(each) <= 64 for each in ids)


def test_a_dismissed_correction_leaves_the_confirmed_star(questioned: World) -> None:
    questioned.when(DISMISS, actor=CHEN, at=on(1, 26)).then(
        CorrectionDecided(
            round=ROUND,
            correction=CORRECTION,
            person=ZHOU,
            verdict="dismissed",
            findings=Sealed("属实"),
            body=BODY,
            touched=(),
        )
    )
    world = take(questioned, CHEN, on(1, 26), DISMISS)
    world.when(CONFIRM, actor=CHEN, at=on(1, 26)).then_nothing()
    assert not confirmations(world).in_question


def test_a_correction_is_upheld_with_amendments_and_dismissed_without(questioned: World) -> None:
    for wrong in (replace(UPHOLD, amendments=()), replace(DISMISS, amendments=raised(ZHOU, 93))):
        questioned.when(wrong, actor=CHEN, at=on(1, 26)).refused("ruling-contradicts-itself")


def test_a_correction_is_decided_once(questioned: World, corrected: World) -> None:
    corrected.when(UPHOLD, actor=CHEN, at=on(1, 27)).refused("no-open-correction", NotFound)
    unknown = replace(UPHOLD, correction=CorrectionId("nowhere"))
    questioned.when(unknown, actor=CHEN, at=on(1, 26)).refused("no-open-correction", NotFound)
    automatic = replace(UPHOLD, correction=CorrectionId("correction.sun"), amendments=raised(SUN, 99))
    corrected.when(automatic, actor=CHEN, at=on(1, 27)).refused("no-open-correction", NotFound)


def test_the_head_of_the_leading_group_and_the_officers_decide(questioned: World) -> None:
    for actor in (CHEN, LI, WANG, ZHAO):
        assert questioned.when(DISMISS, actor=actor, at=on(1, 26)).events
    for actor in (ZHANG, SUN, STAFF):
        questioned.when(DISMISS, actor=actor, at=on(1, 26)).refused("wrong-office", NotPermitted)


def heads(world: World, person: PersonId) -> World:
    return world.after(
        Appointed(
            person=person, role=LEADING_GROUP_HEAD, branch=BRANCH, since=FOUNDED, until=None, decided_by="党员大会"
        )
    )


@pytest.mark.parametrize(
    ("person", "code"),
    [
        pytest.param(ZHOU, "own-case", id="the person concerned"),
        pytest.param(SUN, "recused", id="somebody close"),
        pytest.param(ZHANG, "recorder-rules", id="who recorded the scores"),
        pytest.param(STAFF, "own-case", id="the late objector"),
    ],
)
def test_nobody_decides_in_a_matter_of_his_own(questioned: World, person: PersonId, code: str) -> None:
    heads(questioned, person).when(DISMISS, actor=person, at=on(1, 26)).refused(code, NotPermitted)


def test_nobody_decides_what_would_move_his_own_star(late: World) -> None:
    world = take(late, ZHAO, LATE, OpenCorrection(round=ROUND, correction=CORRECTION, person=WU, cause=Sealed("新证")))
    lifted = (*raised(WU, 96), *raised(LI, 97))
    world.when(replace(UPHOLD, amendments=lifted), actor=WANG, at=on(1, 26)).refused("own-case", NotPermitted)
    assert world.when(replace(UPHOLD, amendments=lifted), actor=ZHAO, at=on(1, 26)).events


# afterwards


def test_an_open_correction_holds_whom_it_could_touch(posted: World) -> None:
    some = take(posted, CHEN, WINDOW_ENDS, replace(CONFIRM, people=(ZHOU, WU)))
    world = take(some, ZHAO, LATE, replace(OPEN_IT, objection=None))
    answer = world.when(CONFIRM, actor=CHEN, at=LATE)
    assert {each.person for each in answer.events if isinstance(each, StarConfirmed)} == {*MEMBERS} - {
        CHEN,
        ZHOU,
        WU,
        SUN,
    }
    world.when(replace(CONFIRM, people=(SUN,)), actor=CHEN, at=LATE).refused("objection-open")


def test_a_corrected_star_hangs_again_and_is_confirmed_again_beside_the_old_confirmation(corrected: World) -> None:
    corrected.when(CONFIRM, actor=CHEN, at=on(1, 26)).refused("not-published")
    world = take(corrected, ZHANG, on(1, 26), notice(2))
    world.when(CONFIRM, actor=CHEN, at=on(2, 2)).refused("window-open")
    old = confirmations(world).positions
    again = take(world, CHEN, on(2, 2, 24), CONFIRM)
    stars = [fact.event for fact in again.facts if isinstance(fact.event, StarConfirmed)]
    newest = {each.person: each for each in stars[-2:]}
    assert {person: (each.star, each.supersedes, each.notice) for person, each in newest.items()} == {
        ZHOU: (4, old[ZHOU], "notice-2"),
        SUN: (3, old[SUN], "notice-2"),
    }
    assert [each.star for each in stars if each.person == ZHOU] == [3, 4]
    again.when(CONFIRM, actor=CHEN, at=on(2, 3)).then_nothing()


def test_a_ruling_that_reaches_a_confirmed_star_opens_its_correction(posted: World) -> None:
    some = take(posted, CHEN, WINDOW_ENDS, replace(CONFIRM, people=(SUN, WU)))
    longer = some.after(*calendar_with_more_rest())
    world = take(longer, STAFF, WINDOW_ENDS, OBJECT)
    world = take(world, ZHAO, WINDOW_ENDS, replace(ACCEPT, investigators=(LI, WU)))
    answer = world.when(uphold(*raised(ZHOU, 93)), actor=ZHAO, at=LATE)
    ruled = answer.events[0]
    assert isinstance(ruled, ObjectionRuled)
    assert set(ruled.touched) == {ZHOU, SUN}
    opened = opened_for(answer)
    assert {person: (each.correction, each.objection, each.decided) for person, each in opened.items()} == {
        SUN: ("objection.sun", OBJECTION, True)
    }


def calendar_with_more_rest() -> tuple[CalendarPublished, ...]:
    """Return a calendar that lengthens the window by a day, after some were confirmed."""
    return (CalendarPublished(year=2026, rest_days=(WINDOW_ENDS.date(), LAST_DAY), worked_weekends=(), source="更正"),)


def test_a_tie_that_a_ruling_leaves_is_decided_hung_and_confirmed(accepted: World) -> None:
    world = take(accepted, ZHAO, on(1, 12), uphold(*raised(ZHOU, 90)))
    choose = DecideTie(round=ROUND, star=4, winners=(ZHOU,), body=BODY, reason=Sealed("实绩突出"))
    world = take(take(world, CHEN, on(1, 12), choose), ZHANG, on(1, 13), notice(2))
    stars = confirmations(take(world, CHEN, on(1, 20, 24), CONFIRM)).stars
    assert (stars[ZHOU].star, stars[SUN].star) == (4, 3)
    latest = world.fold(Results, ROUND)
    assert isinstance(latest, Results)
    assert latest.require_tallied().undecided == ()


@pytest.mark.parametrize(
    ("person", "upheld", "code"),
    [(ZHOU, True, None), (ZHOU, False, "unknown-review"), (WU, True, "unknown-review")],
    ids=["upheld for him", "not upheld", "upheld for another"],
)
def test_a_review_is_a_ground_only_where_it_was_upheld_for_that_person(
    settled: World, person: PersonId, *, upheld: bool, code: str | None
) -> None:
    review = ReviewId("review")
    decided = ReviewDecided(
        review=review, round=ROUND, person=person, upheld=upheld, opinion=Sealed("有理"), on=LATE.date()
    )
    asked = replace(OPEN_IT, objection=None, review=review)
    answer = settled.after(decided, actor=ZHAO, at=LATE).when(asked, actor=ZHAO, at=LATE)
    assert (None if answer.refusal is None else answer.refusal.code) == code
