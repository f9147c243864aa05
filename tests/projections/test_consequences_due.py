"""What follows from a confirmed result is due until a fact closes it, and stands in the member's file then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.decision import Event
from domain.following_up import ConsequenceNoted
from domain.talks import TalkHeld
from projections.agenda import Due, agenda
from projections.person_record import person_record
from tests.control_consequences import CONSEQUENCE_PARTS, NOTE
from tests.control_duties import DUTY_PARTS, TRIAL_ROUND
from tests.controls import QIAN, Step, noon
from tests.projections.test_stars_view import position_of
from tests.projections.year_ledger import Year, copied

PARTS = (*DUTY_PARTS, *CONSEQUENCE_PARTS)


@pytest.fixture(scope="module")
def followed(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Give a ledger in which Qian falls short, is talked with, and a body decides on what else the scheme wants."""
    year = copied(told, tmp_path_factory.mktemp("followed"))
    year.play([Step(asked, actor, noon(day)) for actor, day, several in PARTS for asked in several])
    yield year
    year.close()


def around(year: Year, kind: type[Event], code: str) -> tuple[list[Due], list[Due]]:
    """Return the items of a code just before and just after the first fact of a kind."""
    at, now = position_of(year, kind), year.clock.now()
    before, after = (agenda(year.ledger, TRIAL_ROUND, now, each).items for each in (at - 1, at))
    return [each for each in before if each.code == code], [each for each in after if each.code == code]


def test_a_talk_is_due_until_it_is_held(followed: Year) -> None:
    (due,), after = around(followed, TalkHeld, "hold-talk")
    assert due.about == (QIAN,)
    assert "A-37" in due.text.zh
    assert after == []


def test_a_consequence_of_the_schemes_own_code_is_due_until_a_decision_on_it_is_noted(followed: Year) -> None:
    (due,), after = around(followed, ConsequenceNoted, "note-consequence")
    assert due.about == (QIAN, NOTE.code)
    assert "A-37" in due.text.zh
    assert "考核工作领导小组" in due.text.zh
    assert after == []


def test_what_was_decided_stands_in_the_members_file(followed: Year) -> None:
    with followed.follower().reading() as reading:
        (entry,) = person_record(reading, QIAN).of_kind("consequence")
    assert (entry.thing, entry.what, entry.state, entry.on) == (TRIAL_ROUND, NOTE.code, NOTE.decided_by, NOTE.on)
    assert entry.sealed
