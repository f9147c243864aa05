"""Who belongs where: joining, becoming formal, moving, leaving, groups."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision import NotFound, NotPermitted, Refused, replace
from domain.ids import BranchId, GroupId, PersonId
from domain.membership import (
    AssignGroup,
    GroupAssigned,
    JoinBranch,
    LeaveBranch,
    MakeFormal,
    MemberJoined,
    MemberLeft,
    MemberMadeFormal,
    Membership,
    MemberTransferred,
    TransferMember,
)
from domain.stays import Kind
from tests.controls import (
    BRANCH,
    CHAIR,
    FOUNDED,
    GROUP,
    LI,
    MEMBERS,
    MOVER,
    OTHER_BRANCH,
    PAPER,
    REGISTRAR,
    STAFF,
    STRANGER,
    SUN,
    WU,
    YEAR_END,
)
from tests.domain.conftest import World

SPRING, SUMMER, AUTUMN = date(2025, 3, 1), date(2025, 6, 30), date(2025, 9, 1)
TOMORROW = YEAR_END + timedelta(days=1)
JOINS = JoinBranch(person=STRANGER, branch=BRANCH, kind="probationary", on=SPRING)
FORMAL = MakeFormal(person=WU, on=SUMMER)
MOVES = TransferMember(person=SUN, to_branch=OTHER_BRANCH, on=SUMMER, extract=PAPER)
LEAVES = LeaveBranch(person=SUN, on=AUTUMN, cause="withdrew")
INTO_GROUP = AssignGroup(person=SUN, group=GROUP, on=SPRING)
MOVED = MemberTransferred(person=SUN, from_branch=BRANCH, to_branch=OTHER_BRANCH, on=SUMMER, extract=PAPER)
LEFT = MemberLeft(person=SUN, branch=BRANCH, on=AUTUMN, cause="withdrew", reason=None)


def membership(world: World) -> Membership:
    folded = world.fold(Membership)
    assert isinstance(folded, Membership)
    return folded


# joining


def test_a_registered_person_joins_a_branch(branch: World) -> None:
    joined = MemberJoined(person=STRANGER, branch=BRANCH, kind="probationary", on=SPRING, group=None)
    branch.when(JOINS, actor=LI).then(joined)
    branch.after(joined).when(JOINS, actor=LI).then_nothing()


def test_who_joins_a_group_at_once_is_in_it_from_the_first_day(branch: World) -> None:
    done = branch.when(replace(JOINS, group=GROUP), actor=LI)
    stay = membership(branch.after(*done.events)).stay_on(STRANGER, SPRING)
    assert stay is not None
    assert stay.group_on(SPRING) == GROUP


def test_nobody_is_in_two_branches_at_once(branch: World) -> None:
    branch.when(replace(JOINS, person=SUN, branch=OTHER_BRANCH), actor=REGISTRAR).refused("already-in-a-branch")


def test_nobody_joins_before_the_day_on_which_he_left(branch: World) -> None:
    rejoins = replace(JOINS, person=SUN, on=SUMMER)
    branch.after(LEFT).when(rejoins, actor=LI).refused("already-in-a-branch")
    assert branch.after(LEFT).when(replace(rejoins, on=AUTUMN), actor=LI).events


def test_only_people_branches_and_groups_in_the_register_are_joined(branch: World) -> None:
    branch.when(replace(JOINS, person=PersonId("nobody")), actor=LI).refused("unknown-person", NotFound)
    branch.when(replace(JOINS, branch=BranchId("nowhere")), actor=LI).refused("unknown-branch", NotFound)
    branch.when(replace(JOINS, group=GroupId("none")), actor=LI).refused("unknown-group", NotFound)
    branch.when(replace(JOINS, branch=OTHER_BRANCH, group=GROUP), actor=REGISTRAR).refused("unknown-group", NotFound)


def test_joining_is_entered_on_its_day_or_later(branch: World) -> None:
    branch.when(replace(JOINS, on=TOMORROW), actor=LI).refused("in-the-future")


def test_the_register_of_a_branch_is_kept_by_its_own_officers(branch: World) -> None:
    branch.when(JOINS, actor=SUN).refused("wrong-office", NotPermitted)
    branch.when(replace(JOINS, branch=OTHER_BRANCH), actor=LI).refused("wrong-office", NotPermitted)


# becoming formal


def test_a_probationary_member_is_formal_from_the_day_on(branch: World) -> None:
    formal = MemberMadeFormal(person=WU, branch=BRANCH, on=SUMMER)
    branch.when(FORMAL, actor=LI).then(formal)
    world = branch.after(formal)
    world.when(FORMAL, actor=LI).then_nothing()
    stay = membership(world).current(WU)
    assert (stay.kind_on(SUMMER - timedelta(days=1)), stay.kind_on(SUMMER)) == ("probationary", "formal")


def test_who_is_formal_or_staff_does_not_become_formal(branch: World) -> None:
    branch.when(replace(FORMAL, person=SUN), actor=LI).refused("not-probationary")
    branch.when(replace(FORMAL, person=STAFF), actor=LI).refused("not-probationary")


def test_a_member_becomes_formal_once(branch: World) -> None:
    world = branch.after(MemberMadeFormal(person=WU, branch=BRANCH, on=SUMMER))
    world.when(replace(FORMAL, on=AUTUMN), actor=LI).refused("not-probationary")


def test_becoming_formal_has_its_day_within_the_membership(branch: World) -> None:
    branch.when(replace(FORMAL, on=FOUNDED - timedelta(days=1)), actor=LI).refused("before-joining")
    branch.when(replace(FORMAL, on=TOMORROW), actor=LI).refused("in-the-future")


def test_nobody_becomes_formal_who_is_not_there(branch: World) -> None:
    branch.when(replace(FORMAL, person=STRANGER), actor=LI).refused("no-membership", NotFound)
    world = branch.after(MemberLeft(person=WU, branch=BRANCH, on=SPRING, cause="died", reason=None))
    world.when(FORMAL, actor=LI).refused("already-left")


def test_a_member_enters_nobody_as_formal(branch: World) -> None:
    branch.when(FORMAL, actor=SUN).refused("wrong-office", NotPermitted)


# moving


def test_a_member_moves_with_his_extract(branch: World) -> None:
    branch.when(MOVES, actor=LI).then(MOVED)
    branch.after(MOVED).when(MOVES, actor=LI).then_nothing()
    branch.after(MOVED).when(MOVES, actor=SUN).refused("wrong-office", NotPermitted)


def test_who_moves_is_in_the_old_branch_until_the_day_before(branch: World) -> None:
    people = membership(branch.after(MOVED))
    assert SUN in dict(people.members_on(BRANCH, SUMMER - timedelta(days=1)))
    assert SUN not in dict(people.members_on(BRANCH, SUMMER))
    assert SUN in dict(people.members_on(OTHER_BRANCH, SUMMER))


def test_moving_does_not_make_a_formal_member_probationary(branch: World) -> None:
    late = replace(MOVED, person=WU, on=SPRING)
    people = membership(branch.after(MemberMadeFormal(person=WU, branch=BRANCH, on=SUMMER), late))
    kinds = [people.require_member(WU, day).kind_on(day) for day in (SPRING, SUMMER)]
    assert kinds == ["probationary", "formal"]


def test_nobody_moves_to_where_he_is(branch: World) -> None:
    branch.when(replace(MOVES, to_branch=BRANCH), actor=LI).refused("already-in-a-branch")


def test_nobody_moves_before_he_joined_or_to_a_branch_that_is_not_there(branch: World) -> None:
    branch.when(replace(MOVES, on=FOUNDED - timedelta(days=1)), actor=LI).refused("before-joining")
    branch.when(replace(MOVES, on=TOMORROW), actor=LI).refused("in-the-future")
    branch.when(replace(MOVES, to_branch=BranchId("nowhere")), actor=LI).refused("unknown-branch", NotFound)


def test_the_branch_that_is_left_hands_over(branch: World) -> None:
    branch.when(MOVES, actor=SUN).refused("wrong-office", NotPermitted)
    world = branch.after(replace(MOVED, person=MOVER))
    back = replace(MOVES, person=MOVER, to_branch=BRANCH, on=AUTUMN)
    world.when(back, actor=LI).refused("wrong-office", NotPermitted)
    assert world.when(back, actor=REGISTRAR).events


# leaving


def test_a_member_leaves_and_belongs_until_the_day_before(branch: World) -> None:
    branch.when(LEAVES, actor=LI).then(LEFT)
    world = branch.after(LEFT)
    world.when(LEAVES, actor=LI).then_nothing()
    people = membership(world)
    assert people.stay_on(SUN, AUTUMN - timedelta(days=1)) is not None
    assert people.stay_on(SUN, AUTUMN) is None


def test_nobody_leaves_twice_before_he_joined_or_in_the_future(branch: World) -> None:
    branch.after(LEFT).when(replace(LEAVES, on=YEAR_END), actor=LI).refused("already-left")
    branch.when(replace(LEAVES, on=FOUNDED - timedelta(days=1)), actor=LI).refused("before-joining")
    branch.when(replace(LEAVES, on=TOMORROW), actor=LI).refused("in-the-future")


def test_a_membership_may_end_on_the_day_it_began(branch: World) -> None:
    done = branch.when(replace(LEAVES, on=FOUNDED), actor=LI)
    assert membership(branch.after(*done.events)).stay_on(SUN, FOUNDED) is None


def test_nobody_leaves_who_never_belonged(branch: World) -> None:
    branch.when(replace(LEAVES, person=STRANGER), actor=LI).refused("no-membership", NotFound)


def test_leaving_is_entered_by_those_who_keep_the_register(branch: World) -> None:
    branch.when(LEAVES, actor=SUN).refused("wrong-office", NotPermitted)
    branch.when(LEAVES, actor=CHAIR).refused("wrong-office", NotPermitted)


# groups


def test_a_member_is_put_into_a_group_of_his_branch(branch: World) -> None:
    assigned = GroupAssigned(person=SUN, group=GROUP, on=SPRING)
    branch.when(INTO_GROUP, actor=LI).then(assigned)
    branch.after(assigned).when(INTO_GROUP, actor=LI).then_nothing()


def test_a_group_entered_late_does_not_displace_a_later_one(branch: World) -> None:
    second = GroupId("workshop-1.g2")
    people = membership(
        branch.after(
            GroupAssigned(person=SUN, group=second, on=AUTUMN), GroupAssigned(person=SUN, group=GROUP, on=SPRING)
        )
    )
    stay = people.current(SUN)
    assert [stay.group_on(day) for day in (FOUNDED, SPRING, AUTUMN)] == [None, GROUP, second]


def test_a_group_entered_anew_for_the_same_day_replaces_the_old_one(branch: World) -> None:
    second = GroupId("a-group")
    people = membership(
        branch.after(
            GroupAssigned(person=SUN, group=GROUP, on=SPRING), GroupAssigned(person=SUN, group=second, on=SPRING)
        )
    )
    assert people.current(SUN).group_on(SPRING) == second


def test_a_group_is_one_of_the_members_branch_and_within_his_membership(branch: World) -> None:
    branch.when(replace(INTO_GROUP, group=GroupId("none")), actor=LI).refused("unknown-group", NotFound)
    branch.when(replace(INTO_GROUP, on=FOUNDED - timedelta(days=1)), actor=LI).refused("before-joining")
    branch.when(replace(INTO_GROUP, on=TOMORROW), actor=LI).refused("in-the-future")
    branch.when(replace(INTO_GROUP, person=STRANGER), actor=LI).refused("no-membership", NotFound)
    branch.when(INTO_GROUP, actor=SUN).refused("wrong-office", NotPermitted)


# what the state answers


def test_staff_belong_to_a_branch_and_are_no_members(branch: World) -> None:
    people = membership(branch)
    assert people.stay_on(STAFF, SPRING) is not None
    assert {person for person, _ in people.members_on(BRANCH, SPRING)} == {*MEMBERS, MOVER}


def test_membership_is_counted_through_moves_but_not_through_a_break_or_time_as_staff() -> None:
    world = World().after(
        MemberJoined(person=SUN, branch=BRANCH, kind="staff", on=FOUNDED, group=None),
        MemberLeft(person=SUN, branch=BRANCH, on=SPRING, cause="transferred_out", reason=None),
        MemberJoined(person=SUN, branch=BRANCH, kind="probationary", on=SPRING, group=None),
        replace(MOVED, on=SUMMER),
        MemberLeft(person=SUN, branch=OTHER_BRANCH, on=AUTUMN, cause="transferred_out", reason=None),
        MemberJoined(person=SUN, branch=BRANCH, kind="formal", on=date(2025, 10, 1), group=None),
    )
    people = membership(world)
    assert people.member_since(SUN, SUMMER) == SPRING
    assert people.member_since(SUN, YEAR_END) == date(2025, 10, 1)


@pytest.mark.parametrize(("person", "code"), [(STAFF, "not-a-member-then"), (STRANGER, "no-membership")])
def test_only_a_member_is_a_member(branch: World, person: PersonId, code: str) -> None:
    asked = membership(branch)
    with pytest.raises(Refused, match=code):
        asked.require_member(person, SPRING)


DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))
CHANGES = st.lists(
    st.one_of(
        st.builds(JoinBranch, person=st.just(SUN), branch=st.sampled_from([BRANCH, OTHER_BRANCH]),
                  kind=st.sampled_from(["formal", "probationary", "staff"]), on=DAYS),
        st.builds(TransferMember, person=st.just(SUN), to_branch=st.sampled_from([BRANCH, OTHER_BRANCH]), on=DAYS,
                  extract=st.just(PAPER)),
        st.builds(LeaveBranch, person=st.just(SUN), on=DAYS, cause=st.just("withdrew")),
        st.builds(MakeFormal, person=st.just(SUN), on=DAYS),
    ),
    max_size=8,
)  # fmt: skip


@given(changes=CHANGES, day=DAYS)
def test_whatever_is_entered_everybody_is_in_at_most_one_branch_on_any_day(
    branch: World, changes: list[JoinBranch | TransferMember | LeaveBranch | MakeFormal], day: date
) -> None:
    world = branch
    for change in changes:
        world = world.after(*world.when(change, actor=REGISTRAR).events)
    stays = membership(world).stays[SUN]
    assert sum(stay.covers(day) for stay in stays) <= 1


@given(day=DAYS, kind=st.sampled_from(["formal", "probationary", "staff"]))
def test_a_stay_covers_its_first_day_and_not_the_day_of_leaving(day: date, kind: Kind) -> None:
    world = World().after(
        MemberJoined(person=SUN, branch=BRANCH, kind=kind, on=day, group=None),
        MemberLeft(person=SUN, branch=BRANCH, on=day + timedelta(days=9), cause="died", reason=None),
    )
    people = membership(world)
    covered = [people.stay_on(SUN, day + timedelta(days=n)) is not None for n in (-1, 0, 8, 9)]
    assert covered == [False, True, True, False]
