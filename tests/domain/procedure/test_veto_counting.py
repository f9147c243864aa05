"""A veto in a round: counted by the tally, afterwards by ruling, and nobody it could touch is confirmed meanwhile.

Sun holds the last place of four stars with 90, Zhou with 89 is the next: a veto of Sun's gives the place to Zhou.
"""

from datetime import date, datetime
from typing import cast

import pytest

from domain.appointments import DeclareRelation
from domain.confirmation import ConfirmationRefused, Confirmations, CorrectionOpened
from domain.corrections import DecideCorrection, OpenCorrection
from domain.decision import Command, NotFound, NotPermitted, replace
from domain.honours import RecommendMember
from domain.ids import CorrectionId, PersonId, VetoId
from domain.inquiries import RuleOnObjection
from domain.sealed import Sealed
from domain.tally import ResultComputed, Results, RoundTallied
from domain.veto_rulings import RuleOnVeto, VetoRuledOn
from domain.vetoes import DeclareVeto, LiftVeto, VetoCounted
from tests.controls import BRANCH, CHEN, LI, ROUND, RULEBOOK, STAFF, SUN, WANG, WU, ZHANG, ZHAO, ZHOU, Step
from tests.domain.conftest import World
from tests.domain.procedure.conftest import (
    ACCEPT,
    BODY,
    CONFIRM,
    INSTANT,
    OBJECT,
    OBJECTION,
    POST,
    PROPOSE,
    PROPOSING,
    SCORING,
    TALLY,
    VOTE,
    VOTING,
    WINDOW_ENDS,
    notice,
    on,
    raised,
    take,
)

VETO = VetoId("veto")
RULES = """
[[vetoes]]
code = "case"
title = { zh = "受党纪处分", en = "a disciplinary penalty" }
effect = "lowest"
declared_by = "市纪委"
clause = "A-3"

[[vetoes]]
code = "accident"
title = { zh = "责任事故", en = "an accident" }
effect = "no_award"
years = 2
declared_by = "安全部门"
clause = "A-3"

[component_range]
"""
DECLARE = DeclareVeto(
    veto=VETO,
    branch=BRANCH,
    person=SUN,
    rulebook=RULEBOOK,
    code="case",
    occurred_on=date(2025, 6, 1),
    decided_by="市纪委",
    reason=Sealed("警告处分"),
)
LIFT = LiftVeto(veto=VETO, branch=BRANCH, decided_by="市纪委", reason=Sealed("处分撤销"))
RULE = RuleOnVeto(round=ROUND, veto=VETO, body=BODY)


def under_vetoes(world: World) -> World:
    """Return the world in which the adopted document lists vetoes as well."""
    facts = [
        fact._replace(
            documents={
                name: text.replace(b"\n[component_range]\n", RULES.encode(), 1) for name, text in fact.documents.items()
            }
        )
        for fact in world.facts
    ]
    return World(tuple(facts))


def stars(world: World) -> dict[PersonId, int | None]:
    return {person: result.star for person, result in results(world).latest.items()}


def results(world: World) -> Results:
    return cast("Results", world.fold(Results, ROUND))


def declared(world: World, at: datetime, asked: Command = DECLARE) -> World:
    """Return the world after Zhao has entered what the commission outside decided."""
    return take(under_vetoes(world), ZHAO, at, asked)


# before the list


def test_the_tally_counts_a_veto_and_says_which(scored: World) -> None:
    world = declared(scored, SCORING)
    answer = world.when(TALLY, actor=ZHANG, at=SCORING)
    source = len(world.facts)
    first = answer.events[0]
    assert first == VetoCounted(
        round=ROUND, person=SUN, veto=VETO, code="case", year="2025", source=source, counts=True
    )
    after = world.after(*answer.events)
    assert (stars(after)[SUN], stars(after)[ZHOU]) == (1, 4)


def test_a_veto_declared_after_the_tally_makes_it_stale(tallied: World) -> None:
    world = declared(tallied, SCORING)
    world.when(PROPOSE, actor=CHEN, at=PROPOSING).refused("tally-outdated")
    again = take(world, ZHANG, SCORING, TALLY)
    assert (stars(again)[SUN], stars(again)[ZHOU]) == (1, 4)
    again.when(TALLY, actor=ZHANG, at=SCORING).then_nothing()
    assert again.when(PROPOSE, actor=CHEN, at=PROPOSING).refusal is None


def test_a_veto_taken_back_before_the_list_leaves_the_results_as_they_were(tallied: World) -> None:
    counted = take(declared(tallied, SCORING), ZHANG, SCORING, TALLY)
    lifted = take(counted, ZHAO, SCORING, LIFT)
    lifted.when(PROPOSE, actor=CHEN, at=PROPOSING).refused("tally-outdated")
    again = take(lifted, ZHANG, SCORING, TALLY)
    assert stars(again) == stars(tallied)
    assert results(again).vetoes == {}


def test_before_the_list_a_tally_counts_a_veto_and_no_ruling(tallied: World) -> None:
    declared(tallied, SCORING).when(RULE, actor=CHEN, at=SCORING).refused("tally-instead")


def test_what_occurred_after_the_period_does_not_count_in_it(tallied: World) -> None:
    later = declared(tallied, SCORING, replace(DECLARE, occurred_on=date(2026, 1, 2)))
    assert later.when(PROPOSE, actor=CHEN, at=PROPOSING).refusal is None


# after the list


@pytest.fixture(scope="session")
def waiting(posted: World) -> World:
    """Return the world in which a veto was declared while the notice hangs, and nobody has ruled on it."""
    return declared(posted, on(1, 9))


@pytest.fixture(scope="session")
def counted(waiting: World) -> World:
    """Return the world in which the leading group has ruled that it counts."""
    return take(waiting, CHEN, on(1, 12), RULE)


def test_once_the_list_is_proposed_a_veto_waits_for_a_ruling(waiting: World) -> None:
    assert stars(waiting)[SUN] == 4
    waiting.when(TALLY, actor=ZHANG, at=on(1, 10)).refused("list-proposed")


def test_a_ruling_counts_the_veto_and_names_everybody_it_touches(waiting: World) -> None:
    answer = waiting.when(RULE, actor=CHEN, at=on(1, 12))
    ruled, turned, made, *changed = answer.events
    assert ruled == VetoRuledOn(round=ROUND, veto=VETO, person=SUN, body=BODY, touched=(SUN, ZHOU))
    assert isinstance(turned, VetoCounted)
    assert isinstance(made, RoundTallied)
    assert [(each.person, each.star) for each in changed if isinstance(each, ResultComputed)] == [(SUN, 1), (ZHOU, 4)]
    waiting.after(*answer.events).when(RULE, actor=CHEN, at=on(1, 12)).then_nothing()


def test_whoever_declared_a_veto_does_not_rule_on_it(waiting: World) -> None:
    waiting.when(RULE, actor=ZHAO, at=on(1, 12)).refused("declarer-rules", NotPermitted)


def test_nobody_rules_on_a_veto_of_his_own_or_of_somebody_close(posted: World) -> None:
    own = declared(posted, on(1, 9), replace(DECLARE, person=CHEN))
    own.when(RULE, actor=CHEN, at=on(1, 12)).refused("own-case", NotPermitted)
    close = take(
        declared(posted, on(1, 9)), CHEN, on(1, 9), DeclareRelation(person=CHEN, other=SUN, relation="sibling")
    )
    close.when(RULE, actor=CHEN, at=on(1, 12)).refused("recused", NotPermitted)


def test_nobody_rules_where_his_own_place_hangs_on_it(posted: World) -> None:
    """Wang holds the other place of four stars: Li may rule on it, Zhou would win by it."""
    of_wang = declared(posted, on(1, 9), replace(DECLARE, person=WANG))
    close = take(of_wang, CHEN, on(1, 9), DeclareRelation(person=CHEN, other=ZHOU, relation="sibling"))
    close.when(RULE, actor=CHEN, at=on(1, 12)).refused("recused", NotPermitted)
    assert of_wang.when(RULE, actor=LI, at=on(1, 12)).refusal is None


def test_a_veto_nobody_declared_cannot_be_ruled_on(waiting: World) -> None:
    waiting.when(replace(RULE, veto=VetoId("none")), actor=CHEN, at=on(1, 12)).refused("unknown-veto", NotFound)


def test_a_veto_that_does_not_concern_the_round_cannot_be_ruled_on(posted: World) -> None:
    later = declared(posted, on(1, 9), replace(DECLARE, occurred_on=date(2026, 1, 2)))
    later.when(RULE, actor=CHEN, at=on(1, 12)).refused("veto-not-waiting")


def test_while_a_veto_waits_nobody_it_could_touch_is_confirmed(waiting: World) -> None:
    late = WINDOW_ENDS + INSTANT
    for person, code in ((SUN, "veto-waiting"), (ZHOU, "objection-open")):
        asked = replace(CONFIRM, people=(person,))
        refusal = waiting.when(asked, actor=LI, at=late).refused(code)
        assert refusal.record == ConfirmationRefused(round=ROUND, people=(person,), code=code)
    assert waiting.when(replace(CONFIRM, people=(WU,)), actor=LI, at=late).refusal is None


def test_what_a_veto_changed_hangs_anew_before_it_is_confirmed(counted: World) -> None:
    late = WINDOW_ENDS + INSTANT
    for person in (SUN, ZHOU):
        counted.when(replace(CONFIRM, people=(person,)), actor=LI, at=late).refused("not-published")
    posted_anew = take(counted, ZHANG, on(1, 12), notice(2))
    confirmed = take(posted_anew, LI, on(1, 20), replace(CONFIRM, people=(SUN, ZHOU)))
    stars_confirmed = cast("Confirmations", confirmed.fold(Confirmations, ROUND)).stars
    assert [(stars_confirmed[each].star, stars_confirmed[each].label) for each in (SUN, ZHOU)] == [
        (1, "一星级"),
        (4, "四星级"),
    ]


def test_a_veto_after_the_confirmation_reopens_every_star_it_touches(posted: World) -> None:
    late = WINDOW_ENDS + INSTANT
    confirmed = take(posted, CHEN, late, CONFIRM)
    ruled = take(declared(confirmed, late), CHEN, late, RULE)
    opened = [fact.event for fact in ruled.facts if isinstance(fact.event, CorrectionOpened)]
    assert [(each.person, each.decided, each.correction) for each in opened] == [
        (SUN, True, "veto.sun"),
        (ZHOU, True, "veto.zhou"),
    ]
    again = take(ruled, ZHANG, on(1, 17), notice(2))
    final = take(again, LI, on(2, 2), replace(CONFIRM, people=(SUN, ZHOU)))
    assert cast("Confirmations", final.fold(Confirmations, ROUND)).stars[ZHOU].star == 4


def test_a_veto_that_was_lifted_after_the_list_is_ruled_on_too(counted: World, posted: World) -> None:
    lifted = take(counted, ZHAO, on(1, 13), LIFT)
    assert stars(lifted)[SUN] == 1
    after = take(lifted, CHEN, on(1, 13), RULE)
    assert stars(after) == stars(posted)
    assert results(after).vetoes == {}


def test_another_ruling_does_not_count_a_veto_that_waits(waiting: World) -> None:
    """Nothing is recomputed silently: the objection about Zhou changes Zhou, the veto of Sun's goes on waiting."""
    accepted = take(take(waiting, STAFF, on(1, 9), OBJECT), ZHAO, on(1, 9, 13), ACCEPT)
    ruling = RuleOnObjection(
        round=ROUND, objection=OBJECTION, verdict="upheld", findings=Sealed("属实"), amendments=raised(ZHOU, 88)
    )
    ruled = take(accepted, WANG, on(1, 12), ruling)
    assert stars(ruled)[SUN] == 4
    assert results(ruled).vetoes == {}


def about_sun(world: World) -> World:
    return take(world, STAFF, on(1, 9), replace(OBJECT, about=SUN))


def test_an_objection_upheld_may_take_the_veto_in(waiting: World) -> None:
    accepted = take(about_sun(waiting), ZHAO, on(1, 9, 13), replace(ACCEPT, investigators=(LI, WU)))
    ruling = RuleOnObjection(
        round=ROUND, objection=OBJECTION, verdict="upheld", findings=Sealed("属实"), vetoes=(VETO,)
    )
    ruled = take(accepted, WANG, on(1, 12), ruling)
    assert (stars(ruled)[SUN], stars(ruled)[ZHOU]) == (1, 4)
    dismissed = replace(ruling, verdict="dismissed")
    accepted.when(dismissed, actor=WANG, at=on(1, 12)).refused("ruling-contradicts-itself")
    twice = take(accepted, CHEN, on(1, 12), RULE)
    twice.when(ruling, actor=WANG, at=on(1, 12)).refused("veto-not-waiting")


def test_a_correction_upheld_may_take_the_veto_in(posted: World) -> None:
    late = WINDOW_ENDS + INSTANT
    confirmed = declared(take(posted, CHEN, late, CONFIRM), late)
    correction = CorrectionId("by-veto")
    opened = take(
        confirmed, ZHAO, late, OpenCorrection(round=ROUND, correction=correction, person=SUN, cause=Sealed("处分"))
    )
    decided = take(
        opened,
        CHEN,
        late,
        DecideCorrection(
            round=ROUND,
            correction=correction,
            verdict="upheld",
            findings=Sealed("属实"),
            body=BODY,
            vetoes=(VETO,),
        ),
    )
    assert (stars(decided)[SUN], stars(decided)[ZHOU]) == (1, 4)


# what follows


RECOMMEND = RecommendMember(round=ROUND, person=SUN, honour="优秀共产党员", to_body="市国资委党委")


def test_a_veto_may_leave_the_star_and_withhold_what_follows_from_it(scored: World) -> None:
    """`no_award`: four stars stay four stars, and nobody recommends him under them."""
    late = WINDOW_ENDS + INSTANT
    world = declared(scored, SCORING, replace(DECLARE, code="accident"))
    for actor, at, asked in (
        (ZHANG, SCORING, TALLY),
        (CHEN, PROPOSING, PROPOSE),
        (ZHANG, VOTING, VOTE),
        (ZHANG, on(1, 8, 13), POST),
        (LI, late, replace(CONFIRM, people=(SUN, WANG))),
    ):
        world = world.play([Step(asked, actor, at)])
    assert stars(world)[SUN] == 4
    refusal = world.when(RECOMMEND, actor=LI, at=late).refused("withheld-by-veto")
    assert "an accident" in refusal.why.en
    assert world.when(replace(RECOMMEND, person=WANG), actor=LI, at=late).refusal is None


def test_nothing_follows_from_a_star_while_a_veto_waits(posted: World) -> None:
    late = WINDOW_ENDS + INSTANT
    confirmed = take(posted, CHEN, late, CONFIRM)
    declared(confirmed, late).when(RECOMMEND, actor=LI, at=late).refused("star-in-question")
    assert confirmed.when(RECOMMEND, actor=LI, at=late).refusal is None
