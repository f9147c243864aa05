"""Opening a round: after the period, on the roster of its last day at 24:00, once (A-1, A-18, A-20, AMB-A5, A15)."""

from datetime import date
from hashlib import sha256

import pytest

from domain.adoption import RulebookAdopted
from domain.appointments import Appointed
from domain.decision import Conflict, Event, NotFound, NotPermitted, replace
from domain.exempting import ExemptMember
from domain.ids import BranchId, Document, RoundId, RulebookId
from domain.membership import MemberJoined, MemberLeft, MemberMadeFormal, MemberTransferred
from domain.roles import RECORDER
from domain.rounds import MemberEnrolled, MemberExempted, OpenRound, RoundOpened
from domain.sealed import Sealed
from tests.controls import (
    BRANCH,
    CHAIR,
    DOCUMENT,
    FOUNDED,
    GROUP,
    LI,
    MEMBERS,
    OTHER_BRANCH,
    PAPER,
    QIAN,
    ROUND,
    RULEBOOK,
    STAFF,
    STRANGER,
    SUN,
    WANG,
    WU,
    ZHANG,
    ZHOU,
)
from tests.domain.conftest import Answer, World
from tests.domain.procedure.conftest import INSTANT, OPEN, OPENING, on

LAST_DAY, NEW_YEAR = date(2025, 12, 31), date(2026, 1, 1)
EXEMPT = ExemptMember(round=ROUND, person=WU, decided_by="党员大会", reason=Sealed("长期借调"))
EXEMPTED = MemberExempted(round=ROUND, person=WU, decided_by="党员大会", reason=Sealed("长期借调"))


def opening(world: World) -> Answer:
    return world.when(OPEN, actor=ZHANG, at=OPENING)


def enrolled(answer: Answer) -> dict[str, MemberEnrolled]:
    assert answer.refusal is None
    return {each.person: each for each in answer.events if isinstance(each, MemberEnrolled)}


def joined(person: str, day: date, kind: str = "formal") -> Event:
    return MemberJoined(person=person, branch=BRANCH, kind=kind, on=day, group=None)  # type: ignore[arg-type]


def left(person: str, day: date) -> Event:
    return MemberLeft(person=person, branch=BRANCH, on=day, cause="died", reason=None)  # type: ignore[arg-type]


def moved(person: str, there: BranchId, day: date) -> Event:
    here = OTHER_BRANCH if there == BRANCH else BRANCH
    return MemberTransferred(person=person, from_branch=here, to_branch=there, on=day, extract=PAPER)  # type: ignore[arg-type]


def test_a_round_pins_the_rulebook_and_enrols_everybody_in_the_order_of_entry(ready: World) -> None:
    answer = opening(ready)
    assert answer.events[0] == RoundOpened(
        round=ROUND,
        branch=BRANCH,
        period="2025",
        rulebook=RULEBOOK,
        version=1,
        document=DOCUMENT,
        roster_as_of=LAST_DAY,
    )
    assert set(enrolled(answer)) == set(MEMBERS)
    assert len(answer.events) == 1 + len(MEMBERS)


def test_the_round_can_be_opened_when_the_period_has_ended_in_china(ready: World) -> None:
    ready.when(OPEN, actor=ZHANG, at=on(12, 31, 24, year=2025) - INSTANT).refused("period-not-over")
    assert ready.when(OPEN, actor=ZHANG, at=on(12, 31, 24, year=2025)).events


def test_a_round_opened_again_changes_nothing(opened: World) -> None:
    opening(opened).then_nothing()


def test_the_id_of_a_round_stands_for_one_round(opened: World) -> None:
    opened.when(replace(OPEN, period="2024"), actor=ZHANG, at=OPENING).refused("id-taken", Conflict)


def test_a_branch_evaluates_a_period_once_under_a_rulebook(opened: World) -> None:
    again = replace(OPEN, round=RoundId("again"))
    opened.when(again, actor=ZHANG, at=OPENING).refused("already-evaluated", Conflict)


def test_each_branch_evaluates_the_period_by_its_own_officers(opened: World) -> None:
    asked = OpenRound(round=RoundId("other"), branch=OTHER_BRANCH, period="2025", rulebook=RULEBOOK)
    opened.when(asked, actor=ZHANG, at=OPENING).refused("wrong-office", NotPermitted)
    world = opened.after(
        Appointed(person=QIAN, role=RECORDER, branch=OTHER_BRANCH, since=FOUNDED, until=None, decided_by="党员大会")
    )
    assert set(enrolled(world.when(asked, actor=QIAN, at=OPENING))) == {QIAN}


def test_officers_of_the_branch_open_its_round(ready: World) -> None:
    for actor in (LI, WANG, ZHANG):
        assert ready.when(OPEN, actor=actor, at=OPENING).events
    for actor in (SUN, CHAIR, STAFF):
        ready.when(OPEN, actor=actor, at=OPENING).refused("wrong-office", NotPermitted)


def test_an_unknown_branch_has_no_round(ready: World) -> None:
    asked = replace(OPEN, branch=BranchId("nowhere"))
    ready.when(asked, actor=ZHANG, at=OPENING).refused("unknown-branch", NotFound)


@pytest.mark.parametrize("period", ["25", "20250", "２０２５", "0000", "-2025", "", "year"])
def test_what_is_no_period_has_no_round(ready: World, period: str) -> None:
    ready.when(replace(OPEN, period=period), actor=ZHANG, at=OPENING).refused("malformed-period")


@pytest.mark.parametrize("period", ["2025-Q4", "2025-H2", "2025-12"])
def test_a_period_that_the_rulebook_gives_no_results_for_has_no_round(ready: World, period: str) -> None:
    refusal = ready.when(replace(OPEN, period=period), actor=ZHANG, at=OPENING).refused("period-unfit")
    assert '"2025"' in refusal.why.en


def two_versions(world: World, first_begins: int, second_begins: int) -> World:
    """Return the world with a second version in force from 5 December 2025; their years begin in these months."""
    (adopted,) = [fact for fact in world.facts if isinstance(fact.event, RulebookAdopted)]
    (written,) = adopted.documents.values()
    texts = [
        _beginning(written, first_begins),
        _beginning(written.replace(b"version = 1", b"version = 2"), second_begins),
    ]
    names = [Document(sha256(text).hexdigest()) for text in texts]
    events = [
        replace(adopted.event, document=names[0], effective_to=date(2025, 12, 4)),
        replace(adopted.event, document=names[1], version=2, effective_from=date(2025, 12, 5)),
    ]
    later = [
        adopted._replace(event=event, documents={name: text})
        for event, name, text in zip(events, names, texts, strict=True)
    ]
    return World(tuple(each for fact in world.facts for each in (later if fact is adopted else [fact])))


def _beginning(document: bytes, month: int) -> bytes:
    return document.replace(b'period = "year"', f'period = "year"\nyear_begins = {month}'.encode(), 1)


@pytest.mark.parametrize(
    ("first", "second", "version", "last"),
    [
        (12, 12, 1, date(2025, 11, 30)),
        (12, 1, 2, date(2025, 12, 31)),
        (1, 1, 2, date(2025, 12, 31)),
    ],
)
def test_the_version_that_says_when_the_year_ends_is_in_force_on_that_day(
    ready: World, first: int, second: int, version: int, last: date
) -> None:
    answer = opening(two_versions(ready, first, second))
    assert answer.refusal is None, answer.refusal
    (opened,) = [each for each in answer.events if isinstance(each, RoundOpened)]
    assert (opened.version, opened.roster_as_of) == (version, last)


def test_a_year_that_ends_under_no_version_that_gives_it_its_end_has_no_round(ready: World) -> None:
    """The first version lets the year end with December and ended before it, the second with November."""
    opening(two_versions(ready, 1, 12)).refused("no-version-for-period", NotFound)


def test_a_rulebook_must_have_been_in_force_on_the_last_day(ready: World) -> None:
    asked = replace(OPEN, period="2024", round=RoundId("older"))
    ready.when(asked, actor=ZHANG, at=OPENING).refused("no-rulebook-in-force", NotFound)
    unknown = replace(OPEN, rulebook=RulebookId("monthly"))
    ready.when(unknown, actor=ZHANG, at=OPENING).refused("no-rulebook-in-force", NotFound)


def test_a_branch_without_members_has_no_round(ready: World) -> None:
    world = ready.after(*(left(person, date(2025, 12, 1)) for person in MEMBERS))
    opening(world).refused("empty-roster")


def test_who_was_a_member_at_the_end_of_the_last_day_is_on_the_roster(ready: World) -> None:
    world = ready.after(joined(STRANGER, LAST_DAY), joined(CHAIR, NEW_YEAR), left(SUN, LAST_DAY), left(ZHOU, NEW_YEAR))
    assert set(enrolled(opening(world))) == {*MEMBERS, STRANGER} - {SUN}


def test_formal_and_probationary_members_are_enrolled_and_staff_are_not(ready: World) -> None:
    found = enrolled(opening(ready.after(joined(STRANGER, date(2025, 3, 1), "probationary"))))
    assert (found[SUN].kind, found[STRANGER].kind) == ("formal", "probationary")
    assert STAFF not in found


def test_who_became_a_formal_member_on_the_last_day_is_one_and_later_is_not(ready: World) -> None:
    world = ready.after(joined(STRANGER, date(2025, 1, 1), "probationary"))
    for day, kind in ((LAST_DAY, "formal"), (NEW_YEAR, "probationary")):
        formal = MemberMadeFormal(person=STRANGER, branch=BRANCH, on=day)
        assert enrolled(opening(world.after(formal)))[STRANGER].kind == kind


def test_the_branch_of_the_last_day_evaluates_those_who_moved(ready: World) -> None:
    world = ready.after(moved(SUN, OTHER_BRANCH, LAST_DAY), moved(ZHOU, OTHER_BRANCH, NEW_YEAR))
    world = world.after(moved(QIAN, BRANCH, LAST_DAY))
    assert set(enrolled(opening(world))) == {*MEMBERS, QIAN} - {SUN}


def test_who_moves_between_branches_has_joined_when_he_first_did(ready: World) -> None:
    found = enrolled(opening(ready.after(moved(QIAN, BRANCH, date(2025, 11, 1)))))
    assert found[QIAN].joined == FOUNDED


def test_who_comes_back_has_joined_when_he_came_back(ready: World) -> None:
    world = ready.after(left(SUN, date(2025, 3, 1)), joined(SUN, date(2025, 9, 1)))
    assert enrolled(opening(world))[SUN].joined == date(2025, 9, 1)


def test_members_are_enrolled_with_the_group_of_the_last_day(ready: World) -> None:
    found = enrolled(opening(ready))
    assert (found[SUN].group, found[WU].group) == (GROUP, None)


def test_a_later_version_of_the_rulebook_leaves_an_open_round_alone(opened: World) -> None:
    later = RulebookAdopted(
        rulebook=RULEBOOK,
        version=1,
        document=DOCUMENT,
        meeting="再次通过",
        adopted_on=NEW_YEAR,
        effective_from=date(2025, 1, 1),
        effective_to=None,
    )
    opening(opened.after(later)).then_nothing()


# exemption


def test_a_secretary_exempts_a_member(opened: World) -> None:
    opened.when(EXEMPT, actor=LI, at=OPENING).then(EXEMPTED)
    opened.after(EXEMPTED).when(EXEMPT, actor=LI, at=OPENING).then_nothing()


def test_the_recorder_exempts_nobody(opened: World) -> None:
    opened.when(EXEMPT, actor=ZHANG, at=OPENING).refused("wrong-office", NotPermitted)


def test_nobody_exempts_himself(opened: World) -> None:
    opened.when(replace(EXEMPT, person=LI), actor=LI, at=OPENING).refused("own-case", NotPermitted)


def test_who_is_not_on_the_roster_cannot_be_exempted(opened: World) -> None:
    opened.when(replace(EXEMPT, person=STAFF), actor=LI, at=OPENING).refused("not-on-the-roster", NotFound)


def test_a_round_must_be_open_for_an_exemption(ready: World) -> None:
    ready.when(EXEMPT, actor=LI, at=OPENING).refused("unknown-round", NotFound)


def test_nobody_is_exempted_once_the_list_is_proposed(proposed: World, posted: World) -> None:
    for world in (proposed, posted):
        world.when(EXEMPT, actor=LI, at=on(1, 9)).refused("list-proposed")
        world.after(EXEMPTED).when(EXEMPT, actor=LI, at=on(1, 9)).then_nothing()
