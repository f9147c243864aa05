"""Vetoes declared and taken back: who may, under which rulebook, and what of them counts in which round (§3.11)."""

from collections.abc import Callable
from datetime import date
from typing import cast

import pytest

from domain.appointments import DeclareRelation
from domain.decision import Command, Conflict, NotFound, NotPermitted, replace
from domain.ids import VetoId
from domain.membership import TransferMember
from domain.rounds import Round
from domain.sheet import Declared
from domain.vetoes import VetoDeclared, Vetoes, VetoLifted, after_turning, declared_against
from tests.control_beside import BESIDE, BESIDE_ROUND, DECLARE, DECLARE_CASE, LIFT, LIFTED_VETO, VETO
from tests.controls import BRANCH, CHEN, INSPECTOR, LI, OTHER_BRANCH, PAPER, QIAN, WU, ZHANG, ZHAO, Step, noon
from tests.domain.conftest import World

DAY = date(2027, 3, 4)
AT = noon(DAY)


@pytest.fixture(scope="session")
def before_declaring(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the scheme is adopted and nobody has a veto."""
    return up_to(DECLARE)


@pytest.fixture(scope="session")
def before_the_case(up_to: Callable[[Command], World]) -> World:
    """Return the world in which the list is proposed and the penalty is not declared yet."""
    return up_to(DECLARE_CASE)


def declared(world: World, *commands: Command) -> World:
    return world.play(Step(asked, INSPECTOR if asked is DECLARE_CASE else LI, AT) for asked in commands)


def test_what_a_body_outside_decided_is_entered_by_an_officer_with_clause_and_version(before_declaring: World) -> None:
    before_declaring.when(DECLARE, actor=LI, at=AT).then(
        VetoDeclared(
            veto=LIFTED_VETO,
            branch=OTHER_BRANCH,
            person=QIAN,
            rulebook=BESIDE,
            version=1,
            clause="4",
            code="accident",
            occurred_on=date(2025, 5, 12),
            decided_by="安全生产委员会",
            reason=DECLARE.reason,
            evidence=(PAPER,),
        )
    )


def test_the_office_that_the_rulebook_names_declares_and_no_other(before_declaring: World) -> None:
    """`case` is the discipline commissioner's: the committee's own may, the branch's secretary may not."""
    before_declaring.when(DECLARE_CASE, actor=LI, at=AT).refused("wrong-office", NotPermitted)
    assert before_declaring.when(DECLARE_CASE, actor=INSPECTOR, at=AT).refusal is None
    of_another_branch = before_declaring.when(DECLARE_CASE, actor=ZHAO, at=AT)
    of_another_branch.refused("wrong-office", NotPermitted)


def test_a_recorder_declares_nothing(before_declaring: World) -> None:
    before_declaring.when(DECLARE, actor=ZHANG, at=AT).refused("wrong-office", NotPermitted)


def test_nobody_declares_a_veto_against_himself(before_declaring: World) -> None:
    own = replace(DECLARE, person=LI, branch=BRANCH)
    before_declaring.when(own, actor=LI, at=AT).refused("own-case", NotPermitted)


def test_nobody_declares_or_lifts_a_veto_of_somebody_close(before_declaring: World) -> None:
    close = declared(before_declaring, DeclareRelation(person=LI, other=QIAN, relation="sibling"))
    close.when(DECLARE, actor=LI, at=AT).refused("recused", NotPermitted)
    standing = declared(before_declaring, DECLARE, DeclareRelation(person=LI, other=QIAN, relation="sibling"))
    standing.when(LIFT, actor=LI, at=AT).refused("recused", NotPermitted)


def test_a_veto_that_the_rulebook_does_not_list_is_refused_and_those_it_lists_are_named(
    before_declaring: World,
) -> None:
    refusal = before_declaring.when(replace(DECLARE, code="gossip"), actor=LI, at=AT).refused("no-such-veto", NotFound)
    assert "accident (an accident one answers for)" in refusal.why.en


def test_a_veto_of_a_day_without_a_rulebook_is_refused(before_declaring: World) -> None:
    early = replace(DECLARE, occurred_on=date(2024, 5, 12))
    before_declaring.when(early, actor=LI, at=AT).refused("no-rulebook-in-force", NotFound)


def test_what_has_not_occurred_yet_vetoes_nobody(before_declaring: World) -> None:
    later = replace(DECLARE, occurred_on=date(2027, 3, 5))
    before_declaring.when(later, actor=LI, at=AT).refused("in-the-future")


def test_a_veto_is_entered_in_the_branch_of_its_day(before_declaring: World) -> None:
    elsewhere = replace(DECLARE, branch=BRANCH)
    before_declaring.when(elsewhere, actor=LI, at=AT).refused("other-branch")


def test_who_was_no_member_on_the_day_has_no_veto(before_declaring: World) -> None:
    outsider = replace(DECLARE, occurred_on=date(2025, 1, 2))
    before_declaring.when(outsider, actor=LI, at=AT).refused("not-a-member-then")


def test_the_same_matter_is_not_declared_twice(before_declaring: World) -> None:
    world = declared(before_declaring, DECLARE)
    world.when(DECLARE, actor=LI, at=AT).then_nothing()
    world.when(replace(DECLARE, veto=VetoId("again")), actor=LI, at=AT).refused("veto-declared", Conflict)
    world.when(replace(DECLARE, occurred_on=date(2025, 6, 1)), actor=LI, at=AT).refused("id-taken", Conflict)


def test_a_veto_is_taken_back_once_by_the_office_that_declares_it(before_declaring: World) -> None:
    world = declared(before_declaring, DECLARE)
    world.when(LIFT, actor=ZHANG, at=AT).refused("wrong-office", NotPermitted)
    lifted = VetoLifted(
        veto=LIFTED_VETO, branch=OTHER_BRANCH, person=QIAN, decided_by=LIFT.decided_by, reason=LIFT.reason
    )
    world.when(LIFT, actor=LI, at=AT).then(lifted)
    declared(world, LIFT).when(LIFT, actor=LI, at=AT).then_nothing()


def test_a_veto_that_nobody_declared_cannot_be_taken_back(before_declaring: World) -> None:
    before_declaring.when(LIFT, actor=LI, at=AT).refused("unknown-veto", NotFound)
    world = declared(before_declaring, DECLARE)
    world.when(replace(LIFT, branch=BRANCH), actor=LI, at=AT).refused("unknown-veto", NotFound)


def test_what_was_taken_back_may_be_declared_anew(before_declaring: World) -> None:
    world = declared(before_declaring, DECLARE, LIFT)
    assert world.when(replace(DECLARE, veto=VetoId("anew")), actor=LI, at=AT).refusal is None


# what counts


def turned(world: World, period: str = "2025", last_day: date | None = None) -> list[tuple[str, str, bool]]:
    """Return what a tally would turn in the control round, were it of that period."""
    this = cast("Round", world.fold(Round, BESIDE_ROUND))
    last_day = last_day or date(int(period[:4]), 12, 31)
    this.opened = replace(this.require_open(), period=period, roster_as_of=last_day)
    vetoes = cast("Vetoes", world.fold(Vetoes))
    return [(each.veto, each.year, each.counts) for each in vetoes.turned(this, {})]


def test_a_veto_counts_in_its_year_and_in_those_that_the_rulebook_adds(before_the_case: World) -> None:
    """`accident` holds for two years, `case` for one; neither before its own."""
    world = declared(before_the_case, DECLARE_CASE)
    assert turned(world, period="2024") == []
    assert turned(world, period="2025") == [(LIFTED_VETO, "2025", True), (VETO, "2025", True)]
    assert turned(world, period="2026") == [(LIFTED_VETO, "2025", True)]
    assert turned(world, period="2027") == []


def test_what_occurred_after_a_month_does_not_count_in_it(before_the_case: World) -> None:
    """The accident is of 12 May: it counts in May and the months after, not in March."""
    assert turned(before_the_case, "2025-03", date(2025, 3, 31)) == []
    assert turned(before_the_case, "2025-05", date(2025, 5, 31)) == [(LIFTED_VETO, "2025", True)]


def test_a_veto_of_somebody_else_or_of_another_rulebook_does_not_count(before_the_case: World) -> None:
    others = replace(DECLARE, veto=VetoId("other"), person=WU, branch=BRANCH)
    world = declared(before_the_case, others)
    assert ("other", "2025", True) not in turned(world)
    this = cast("Round", world.fold(Round, BESIDE_ROUND))
    this.opened = replace(this.require_open(), rulebook="annual-360")
    assert cast("Vetoes", world.fold(Vetoes)).turned(this, {}) == ()


def test_whoever_moves_takes_his_veto_along(before_the_case: World) -> None:
    moved = TransferMember(person=QIAN, to_branch=BRANCH, on=date(2027, 3, 3), extract=PAPER)
    world = before_the_case.play([Step(moved, LI, AT)])
    assert turned(world) == [(LIFTED_VETO, "2025", True)]


def test_two_matters_of_one_kind_in_a_year_are_one_veto_with_both_facts(before_the_case: World) -> None:
    world = declared(before_the_case, replace(DECLARE, veto=VetoId("second"), occurred_on=date(2025, 7, 1)))
    this = cast("Round", world.fold(Round, BESIDE_ROUND))
    counting = after_turning({}, cast("Vetoes", world.fold(Vetoes)).turned(this, {}))
    (line,) = declared_against(QIAN, counting)
    assert line == Declared("accident", "2025")
    assert [type(world.facts[at - 1].event) for at in line.sources] == [VetoDeclared, VetoDeclared]
    assert declared_against(CHEN, counting) == ()
