"""Where a rulebook lists the grounds of exemption, one of them is given, and the body it names decides (§3.1)."""

from collections.abc import Callable

import pytest

from domain.decision import Command, NotFound, replace
from domain.exempting import ExemptMember
from domain.rounds import MemberExempted
from domain.sealed import Sealed
from tests.control_beside import BESIDE_ROUND, ENTER
from tests.controls import LI, QIAN
from tests.domain.conftest import World
from tests.domain.procedure.conftest import OPENING
from tests.domain.procedure.test_measures import AT
from tests.domain.procedure.test_round_opening import EXEMPT

EXEMPTING = ExemptMember(
    round=BESIDE_ROUND, person=QIAN, decided_by="党员大会", reason=Sealed("长期借调"), ground="seconded"
)


@pytest.fixture(scope="session")
def listed(up_to: Callable[[Command], World]) -> World:
    """Return the world of a round whose rulebook lists two grounds."""
    return up_to(ENTER)


def exempted(asked: ExemptMember) -> MemberExempted:
    """Return what is recorded where nothing stands against it."""
    return MemberExempted(
        round=asked.round, person=asked.person, decided_by=asked.decided_by, reason=asked.reason, ground=asked.ground
    )


def test_a_listed_ground_is_recorded_with_the_exemption(listed: World) -> None:
    listed.when(EXEMPTING, actor=LI, at=AT).then(exempted(EXEMPTING))


def test_without_a_ground_nobody_is_exempted_where_the_rulebook_lists_some(listed: World) -> None:
    listed.when(replace(EXEMPTING, ground=None), actor=LI, at=AT).refused("exemption-ground-missing")


def test_a_ground_that_the_rulebook_does_not_list_is_unknown(listed: World, opened: World) -> None:
    listed.when(replace(EXEMPTING, ground="busy"), actor=LI, at=AT).refused("unknown-exemption-ground", NotFound)
    opened.when(replace(EXEMPT, ground="seconded"), actor=LI, at=OPENING).refused("unknown-exemption-ground", NotFound)


def test_another_body_than_the_one_named_does_not_decide(listed: World) -> None:
    listed.when(replace(EXEMPTING, decided_by="支委会"), actor=LI, at=AT).refused("exemption-by-another-body")


@pytest.mark.parametrize("body", ["党员大会", "members_meeting", "the members' meeting"])
def test_the_body_may_be_named_by_its_word_or_its_code(listed: World, body: str) -> None:
    asked = replace(EXEMPTING, decided_by=body)
    listed.when(asked, actor=LI, at=AT).then(exempted(asked))


def test_where_no_body_is_named_any_may_decide(listed: World) -> None:
    asked = replace(EXEMPTING, ground="sick", decided_by="支委会")
    listed.when(asked, actor=LI, at=AT).then(exempted(asked))
