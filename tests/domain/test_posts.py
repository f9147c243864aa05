"""Posts, goals and target stars."""

from datetime import date, timedelta

from domain.decision import NotFound, NotPermitted, replace
from domain.posts import AssignPost, GoalSet, PostAssigned, Posts, SetGoal
from domain.sealed import Sealed
from tests.controls import FOUNDED, LI, STRANGER, SUN, YEAR_END, ZHANG
from tests.domain.conftest import World

SPRING, AUTUMN = date(2025, 3, 1), date(2025, 9, 1)
POST = AssignPost(person=SUN, post="质检班长", on=SPRING)
GOAL = SetGoal(person=SUN, period="2025", goals=Sealed("零返工"), target_star=4)


def test_a_post_is_held_from_its_day_on(branch: World) -> None:
    assigned = PostAssigned(person=SUN, post="质检班长", on=SPRING)
    branch.when(POST, actor=LI).then(assigned)
    branch.after(assigned).when(POST, actor=LI).then_nothing()


def test_a_post_entered_late_does_not_displace_a_later_one(branch: World) -> None:
    world = branch.after(
        PostAssigned(person=SUN, post="车间主任", on=AUTUMN), PostAssigned(person=SUN, post="质检班长", on=SPRING)
    )
    posts = world.fold(Posts, SUN)
    assert isinstance(posts, Posts)
    assert [posts.post_on(day) for day in (FOUNDED, SPRING, AUTUMN)] == [None, "质检班长", "车间主任"]


def test_a_post_is_entered_on_its_day_or_later(branch: World) -> None:
    branch.when(replace(POST, on=YEAR_END + timedelta(days=1)), actor=LI).refused("in-the-future")


def test_a_post_is_held_by_somebody_of_the_branch(branch: World) -> None:
    branch.when(replace(POST, person=STRANGER), actor=LI).refused("no-membership", NotFound)
    branch.when(POST, actor=ZHANG).refused("wrong-office", NotPermitted)


def test_a_member_sets_his_own_goal_and_his_secretary_may_enter_it(branch: World) -> None:
    goal = GoalSet(person=SUN, period="2025", goals=Sealed("零返工"), target_star=4)
    branch.when(GOAL, actor=SUN).then(goal)
    branch.when(GOAL, actor=LI).then(goal)


def test_the_newest_goal_for_a_period_counts(branch: World) -> None:
    goal = GoalSet(person=SUN, period="2025", goals=Sealed("零返工"), target_star=4)
    posts = branch.after(goal, replace(goal, target_star=5), replace(goal, period="2026")).fold(Posts, SUN)
    assert isinstance(posts, Posts)
    assert {period: set_.target_star for period, set_ in posts.goals.items()} == {"2025": 5, "2026": 4}


def test_nobody_else_sets_a_members_goal(branch: World) -> None:
    branch.when(GOAL, actor=ZHANG).refused("wrong-office", NotPermitted)
    branch.when(replace(GOAL, person=STRANGER), actor=STRANGER).refused("no-membership", NotFound)
