"""What a notice looked like on paper is entered once for each edition, and never in two ways (decision 32)."""

import pytest

from domain.decision import Conflict, NotFound, NotPermitted, Refused, replace
from domain.ids import NoticeId
from domain.notice_keeping import CorrectNotice
from domain.notice_prints import KeepPrint, NoticePrinted
from tests.controls import NOTICE, ROUND, STAFF, ZHANG
from tests.domain.conftest import World
from tests.domain.procedure.conftest import on, take

KEEP = KeepPrint(round=ROUND, notice=NOTICE, edition=1, template="v1", typesetter="typst 0.15.0", sha256="5f" * 32)
CORRECT = CorrectNotice(round=ROUND, notice=NOTICE, why="标题错别字")
LATER = on(1, 12)


@pytest.fixture(scope="module")
def printed(posted: World) -> World:
    """Return the world in which the print of the notice was entered."""
    return take(posted, ZHANG, LATER, KEEP)


def test_the_print_of_a_posted_notice_is_entered(posted: World) -> None:
    posted.when(KEEP, actor=ZHANG, at=LATER).then(
        NoticePrinted(round=ROUND, notice=NOTICE, edition=1, template="v1", typesetter="typst 0.15.0", sha256="5f" * 32)
    )


def test_the_same_print_is_entered_once(printed: World) -> None:
    printed.when(KEEP, actor=ZHANG, at=LATER).then_nothing()


def test_an_edition_is_not_printed_in_two_ways(printed: World) -> None:
    other = replace(KEEP, sha256="60" * 32)
    printed.when(other, actor=ZHANG, at=LATER).refused("printed-otherwise", Conflict)


@pytest.mark.parametrize("made", [{"template": "v2"}, {"typesetter": "typst 0.16.0"}])
def test_another_template_or_typesetter_may_set_other_bytes(printed: World, made: dict[str, str]) -> None:
    other = replace(KEEP, sha256="60" * 32, **made)
    assert len(printed.when(other, actor=ZHANG, at=LATER).events) == 1


def test_a_correction_begins_another_edition(printed: World) -> None:
    second = replace(KEEP, edition=2, sha256="60" * 32)
    printed.when(second, actor=ZHANG, at=LATER).refused("unknown-edition", NotFound)
    corrected = take(printed, ZHANG, LATER, CORRECT)
    assert len(corrected.when(second, actor=ZHANG, at=LATER).events) == 1


@pytest.mark.parametrize("edition", [0, -1, 7])
def test_an_edition_that_never_hung_has_no_print(posted: World, edition: int) -> None:
    posted.when(replace(KEEP, edition=edition), actor=ZHANG, at=LATER).refused("unknown-edition", NotFound)


def test_a_notice_that_never_hung_has_no_print(posted: World) -> None:
    other = replace(KEEP, notice=NoticeId("notice-none"))
    posted.when(other, actor=ZHANG, at=LATER).refused("unknown-notice", NotFound)


@pytest.mark.parametrize("wrong", [{"sha256": "5F" * 32}, {"sha256": "5f"}, {"template": " "}, {"typesetter": ""}])
def test_a_print_that_could_not_be_found_again_is_not_entered(posted: World, wrong: dict[str, str]) -> None:
    posted.when(replace(KEEP, **wrong), actor=ZHANG, at=LATER).refused("malformed-print", Refused)


def test_only_recorders_enter_prints(posted: World) -> None:
    posted.when(KEEP, actor=STAFF, at=LATER).refused("wrong-office", NotPermitted)
