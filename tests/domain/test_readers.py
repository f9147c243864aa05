"""Named readers: who names them, for what, with which dates (AMB-B17, design §3)."""

from datetime import date, timedelta

import pytest

from domain.decision import Conflict, NotFound, NotPermitted, replace
from domain.ids import BranchId, PersonId
from domain.readers import NameReader, ReaderNamed, Readers, ReaderWithdrawn, WithdrawReader
from tests.controls import BRANCH, CHEN, LI, OTHER_BRANCH, SUN, WANG, YEAR_END, ZHANG
from tests.domain.conftest import World

TODAY, NEXT_YEAR = YEAR_END, date(2026, 12, 31)
NAME = NameReader(
    branch=BRANCH, person=CHEN, matter="circumstances", since=TODAY, until=NEXT_YEAR, decided_by="支部委员会"
)
NAMED = ReaderNamed(
    branch=BRANCH, person=CHEN, matter="circumstances", since=TODAY, until=NEXT_YEAR, decided_by="支部委员会"
)
WITHDRAW = WithdrawReader(branch=BRANCH, person=CHEN, matter="circumstances", on=TODAY, decided_by="支部委员会")
WITHDRAWN = ReaderWithdrawn(branch=BRANCH, person=CHEN, matter="circumstances", on=TODAY, decided_by="支部委员会")


def test_the_secretary_names_a_reader_with_dates(branch: World) -> None:
    branch.when(NAME, actor=LI).then(NAMED)


def test_the_head_of_the_leading_group_names_others(branch: World) -> None:
    asked = replace(NAME, person=SUN, matter="objector_identity", until=None)
    expected = replace(NAMED, person=SUN, matter="objector_identity", until=None)
    branch.when(asked, actor=CHEN).then(expected)


def test_a_reader_is_named_once(branch: World) -> None:
    branch.after(NAMED).when(NAME, actor=LI).then_nothing()


def test_other_dates_need_a_withdrawal_first(branch: World) -> None:
    branch.after(NAMED).when(replace(NAME, until=None), actor=LI).refused("already-named", Conflict)


@pytest.mark.parametrize("matter", ["circumstances", "objector_identity"])
def test_nobody_names_himself(branch: World, matter: str) -> None:
    branch.when(replace(NAME, person=CHEN, matter=matter), actor=CHEN).refused("own-case", NotPermitted)
    branch.when(replace(NAME, person=LI, matter=matter), actor=LI).refused("own-case", NotPermitted)


def test_a_recorder_names_nobody(branch: World) -> None:
    branch.when(NAME, actor=ZHANG).refused("wrong-office", NotPermitted)


def test_the_secretary_of_a_branch_names_nobody_in_another(branch: World) -> None:
    branch.when(replace(NAME, branch=OTHER_BRANCH), actor=LI).refused("wrong-office", NotPermitted)
    branch.when(replace(NAME, branch=BranchId("nowhere")), actor=LI).refused("wrong-office", NotPermitted)


def test_circumstances_are_for_the_leading_group_alone(branch: World) -> None:
    branch.when(replace(NAME, person=SUN), actor=LI).refused("not-in-the-leading-group")


def test_a_reader_is_somebody_in_the_register(branch: World) -> None:
    branch.when(replace(NAME, person=PersonId("nobody")), actor=LI).refused("unknown-person", NotFound)


def test_a_naming_ends_after_it_begins(branch: World) -> None:
    branch.when(replace(NAME, until=TODAY), actor=LI).refused("ends-before-it-begins")


def test_nobody_is_named_or_withdrawn_backwards(branch: World) -> None:
    yesterday = TODAY - timedelta(days=1)
    branch.when(replace(NAME, since=yesterday), actor=LI).refused("backdated")
    named = branch.after(replace(NAMED, since=TODAY - timedelta(days=9)))
    named.when(replace(WITHDRAW, on=yesterday), actor=LI).refused("backdated")


def test_a_naming_is_withdrawn_from_today_on(branch: World) -> None:
    named = branch.after(NAMED)
    named.when(WITHDRAW, actor=WANG).then(WITHDRAWN)
    ended = named.after(WITHDRAWN)
    ended.when(WITHDRAW, actor=WANG).then_nothing()
    ended.when(NAME, actor=LI).then(NAMED)


def test_who_is_no_reader_is_not_withdrawn(branch: World) -> None:
    branch.when(WITHDRAW, actor=LI).refused("not-a-reader", NotFound)


@pytest.mark.parametrize(
    ("day", "may"),
    [(TODAY - timedelta(days=1), False), (TODAY, True), (NEXT_YEAR - timedelta(days=1), True), (NEXT_YEAR, False)],
)
def test_a_reader_may_read_from_the_first_day_to_the_day_before_the_end(branch: World, day: date, *, may: bool) -> None:
    readers = branch.after(NAMED).fold(Readers)
    assert isinstance(readers, Readers)
    assert readers.may_read(CHEN, "circumstances", BRANCH, day) is may
    assert not readers.may_read(CHEN, "objector_identity", BRANCH, day)
    assert not readers.may_read(CHEN, "circumstances", OTHER_BRANCH, day)
    assert not readers.may_read(WANG, "circumstances", BRANCH, day)


def test_a_naming_is_seconded_by_another_who_could_name_and_is_not_named(branch: World) -> None:
    asked = replace(NAME, seconded_by=NAME.person)
    branch.when(asked, actor=LI).refused("second-is-concerned", NotPermitted)
