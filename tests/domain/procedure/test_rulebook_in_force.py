"""What a rulebook writes is what the procedure does: each field in its reading and in its alternative."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.comments import CommentOn
from domain.confirmation import StarConfirmed
from domain.confirming import ConfirmStars
from domain.decision import Command, NotPermitted, replace
from domain.ids import NoticeId, ObjectionId, PersonId
from domain.notice_keeping import CorrectNotice
from domain.notices import LinePosted, NoticeCorrected
from domain.reports import GiveReport, GiveStaffReport
from domain.sealed import Sealed
from domain.talks import HoldTalk
from tests.controls import CHEN, LI, MEMBERS, NOTICE, ROUND, STAFF, STORY, SUN, WU, ZHANG, ZHAO, ZHOU
from tests.domain.conftest import World
from tests.domain.procedure.conftest import (
    CONFIRM,
    DOWN,
    INSTANT,
    OBJECT,
    OPEN,
    OPENING,
    UP,
    WINDOW_ENDS,
    notice,
    on,
    take,
    under,
)
from tests.domain.procedure.month_machine import SESSION, WORDS, MonthAndYear

BLANK = Sealed(" ")
STYLE, DUTIES, CAUSES = (
    f'[[forms.{form}]]\ncode = "{code}"'
    for form, code in (("report_heads", "style"), ("staff_report_heads", "duties"), ("comment_parts", "causes"))
)
ALL_LINES = ("[publicity]\n", '[publicity]\nrepair = "all_lines"\n')
SECOND = NoticeId("notice-2")
REPOSTED, REPOSTED_ENDS = on(1, 13), on(1, 20, 24)
CONTACT = CorrectNotice(round=ROUND, notice=SECOND, why="分机号有误", contact="赵，电话分机 21")
CORRECTED, CORRECTED_ENDS = on(1, 14), on(1, 21, 24)


def confirmed_at(world: World, at: datetime, asked: ConfirmStars = CONFIRM) -> set[PersonId]:
    return {each.person for each in world.when(asked, actor=CHEN, at=at).events if isinstance(each, StarConfirmed)}


# AMB-B15: whom a correction begins anew


@pytest.mark.parametrize(("changes", "lines"), [((), {ZHOU, SUN}), ((ALL_LINES,), set(MEMBERS))])
def test_a_corrected_line_hangs_anew_alone_or_with_all_others(
    ruled: World, changes: tuple[tuple[str, str], ...], lines: set[PersonId]
) -> None:
    events = under(ruled, *changes).when(notice(2), actor=ZHANG, at=REPOSTED).events
    posted = [each for each in events if isinstance(each, LinePosted)]
    assert {each.person for each in posted} == lines
    assert all(each.restarts for each in posted)


def test_under_affected_lines_the_others_are_confirmed_when_their_own_window_ends(ruled: World) -> None:
    world = take(ruled, ZHANG, REPOSTED, notice(2))
    assert confirmed_at(world, WINDOW_ENDS) == set(MEMBERS) - {ZHOU, SUN, CHEN}


def test_under_all_lines_nobody_is_confirmed_until_the_window_of_the_corrected_notice_ends(ruled: World) -> None:
    world = take(under(ruled, ALL_LINES), ZHANG, REPOSTED, notice(2))
    world.when(CONFIRM, actor=CHEN, at=REPOSTED_ENDS - INSTANT).refused("window-open")
    assert confirmed_at(world, REPOSTED_ENDS) == set(MEMBERS) - {CHEN}


def test_under_all_lines_nobody_is_confirmed_while_a_corrected_line_does_not_hang_yet(ruled: World) -> None:
    late = on(1, 18)
    under(ruled, ALL_LINES).when(CONFIRM, actor=CHEN, at=late).refused("not-published")
    assert WU in confirmed_at(ruled, late)


@pytest.mark.parametrize(("changes", "begun"), [((), [SECOND]), ((ALL_LINES,), [SECOND])])
def test_where_all_lines_hang_on_one_notice_only_that_one_begins_anew(
    ruled: World, changes: tuple[tuple[str, str], ...], begun: list[NoticeId]
) -> None:
    world = take(under(ruled, *changes), ZHANG, REPOSTED, notice(2))
    events = world.when(CONTACT, actor=ZHANG, at=CORRECTED).events
    assert [each.notice for each in events if isinstance(each, NoticeCorrected)] == begun


def test_a_correction_of_one_notice_begins_the_other_anew_under_all_lines_alone(ruled: World) -> None:
    """The second notice was posted under the first reading; what hangs on both then begins anew under the other."""
    world = take(ruled, ZHANG, REPOSTED, notice(2))
    (only,) = world.when(CONTACT, actor=ZHANG, at=CORRECTED).events
    events = under(world, ALL_LINES).when(CONTACT, actor=ZHANG, at=CORRECTED).events
    first, other = [each for each in events if isinstance(each, NoticeCorrected)]
    assert first == only
    assert (other.notice, other.material, other.contact, other.ends_at) == (
        NOTICE,
        True,
        "赵，电话分机 12",
        CORRECTED_ENDS,
    )
    anew = under(world, ALL_LINES).after(first, other, actor=ZHANG, at=CORRECTED)
    anew.when(CONFIRM, actor=CHEN, at=CORRECTED_ENDS - INSTANT).refused("window-open")
    assert confirmed_at(anew, CORRECTED_ENDS) == set(MEMBERS) - {CHEN}
    assert confirmed_at(world.after(only, actor=ZHANG, at=CORRECTED), WINDOW_ENDS) == set(MEMBERS) - {ZHOU, SUN, CHEN}


def test_an_interrupted_notice_that_begins_anew_still_waits_until_it_hangs_again(ruled: World) -> None:
    world = take(ruled, ZHANG, REPOSTED, notice(2), DOWN)
    both = under(world, ALL_LINES)
    anew = take(both, ZHANG, CORRECTED, CONTACT)
    one = replace(CONFIRM, people=(WU,))
    anew.when(one, actor=CHEN, at=on(2, 10)).refused("notice-interrupted")
    again = take(anew, ZHANG, on(1, 16), UP)
    again.when(one, actor=CHEN, at=on(1, 23, 24) - INSTANT).refused("window-open")
    assert confirmed_at(again, on(1, 23, 24), one) == {WU}


# AMB-B16: who may object, and whether without a name

MEMBERS_ONLY = ('who = ["member", "employee"]', 'who = ["member"]')
NAMED = ('who = ["member", "employee"]', 'who = ["member", "employee"]\nanonymous = false')


def test_staff_object_where_the_rulebook_lets_employees_object_and_not_where_it_names_members_alone(
    posted: World,
) -> None:
    assert posted.when(OBJECT, actor=STAFF, at=on(1, 9)).events
    narrow = under(posted, MEMBERS_ONLY)
    narrow.when(OBJECT, actor=STAFF, at=on(1, 9)).refused("may-not-object", NotPermitted)
    in_confidence = replace(OBJECT, objector=None, confidential=True)
    narrow.when(in_confidence, actor=STAFF, at=on(1, 9)).refused("may-not-object", NotPermitted)
    assert narrow.when(replace(OBJECT, objector=SUN), actor=SUN, at=on(1, 9)).events


def test_an_objection_without_a_name_is_taken_unless_the_rulebook_takes_named_ones_alone(posted: World) -> None:
    nameless = replace(OBJECT, objection=ObjectionId("nameless"), objector=None)
    assert posted.when(nameless, actor=ZHAO, at=on(1, 9)).events
    named = under(posted, NAMED)
    named.when(nameless, actor=ZHAO, at=on(1, 9)).refused("name-required")
    assert named.when(replace(nameless, confidential_name=Sealed("职工甲")), actor=ZHAO, at=on(1, 9)).events


# A-18, AMB-A18: from which day a year's round is opened


@pytest.mark.parametrize(("opens", "refused"), [("01-01", False), ("01-05", False), ("01-06", True), ("02-01", True)])
def test_a_round_of_a_year_is_opened_from_the_day_that_the_rulebook_names(
    ready: World, opens: str, *, refused: bool
) -> None:
    answer = under(ready, ('opens = "01-01"', f'opens = "{opens}"')).when(OPEN, actor=ZHANG, at=OPENING)
    if refused:
        answer.refused("opens-later")
    else:
        assert answer.events


def test_the_opening_day_is_in_the_year_after_the_period(ready: World) -> None:
    later = under(ready, ('opens = "01-01"', 'opens = "02-01"'))
    later.when(OPEN, actor=ZHANG, at=on(1, 31, 24) - INSTANT).refused("opens-later")
    assert later.when(OPEN, actor=ZHANG, at=on(2, 1, 0)).events


# B-28, B-30, B-31: what forms ask for; AMB-B23, B-48: talks


@pytest.fixture
def session() -> MonthAndYear:
    """Return the month's session, attended by all, at which the member Sun has reported."""
    machine = MonthAndYear()
    machine.begin(0, [])
    machine.wait(timedelta(days=3))
    machine.attend(ZHANG, SESSION, 5)
    machine.speak(ZHAO, SESSION, ZHAO, "told")
    return machine


@pytest.mark.parametrize(
    ("asked", "actor", "head", "part"),
    [
        (GiveReport(meeting=SESSION, person=CHEN, duties=WORDS, commitments=WORDS, style=BLANK), CHEN, "B-28", STYLE),
        (GiveStaffReport(meeting=SESSION, person=STAFF, duties=BLANK), STAFF, "B-30", DUTIES),
        (CommentOn(meeting=SESSION, person=ZHAO, shortcomings=WORDS, causes=BLANK, demands=WORDS), LI, "B-31", CAUSES),
    ],
)
def test_a_head_or_part_that_the_rulebook_names_is_not_left_blank_and_another_may_be(
    session: MonthAndYear, asked: Command, actor: PersonId, head: str, part: str
) -> None:
    refusal = session.decide(asked, actor)[1]
    assert refusal is not None
    assert refusal.code == "form-incomplete"
    assert head in refusal.why.en
    without = under(session.world, (part, f"[[forms.commitment_areas]]{part.partition(']]')[2]}"))
    assert without.when(asked, actor=actor, at=session.now).events


def test_a_talk_is_of_a_kind_that_the_form_offers_and_leaves_no_more_time_than_the_rulebook(
    before: Callable[[type[Command]], World],
) -> None:
    world = before(HoldTalk)
    talk = next(step.asked for step in STORY if isinstance(step.asked, HoldTalk))
    actor, at = next((step.actor, step.at) for step in STORY if step.asked is talk)
    assert world.when(talk, actor=actor, at=at).events
    offered = '[[forms.talk_kinds]]\ncode = "{}"\ntitle = {{ zh = "谈话", en = "talk" }}\nclause = "A-37"\n\n[[groups]]'
    other = {"admonition": "reminder", "reminder": "admonition"}[talk.kind]
    under(world, ("[[groups]]", offered.format(other))).when(talk, actor=actor, at=at).refused("kind-not-offered")
    assert under(world, ("[[groups]]", offered.format(talk.kind))).when(talk, actor=actor, at=at).events
    days = (talk.rectify_by - talk.on).days
    measures = 'measures = ["talk", "rectification"]\n'
    terms = {given: under(world, (measures, f"{measures}within_days = {given}\n")) for given in (days, days - 1)}
    assert terms[days].when(talk, actor=actor, at=at).events
    terms[days - 1].when(talk, actor=actor, at=at).refused("later-than-the-rulebook-allows")
