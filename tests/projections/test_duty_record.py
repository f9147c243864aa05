"""What a member's file shows of his commitments, his entries and a talk with him."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from domain.commitments import CommitmentMade
from domain.records import EntryVerified
from projections.engine import Reading
from projections.history import Sought, history_lines
from projections.person_record import RecordEntry, person_record
from tests.control_duties import BETTER, COMMITMENT, DOUBTED, DUTY_PARTS, ENTRY, TALK
from tests.controls import BRANCH, LI, QIAN, SUN, Step, noon
from tests.projections.test_stars_view import position_of
from tests.projections.year_ledger import Year, copied

STEPS = [Step(asked, actor, noon(day)) for actor, day, several in DUTY_PARTS for asked in several]


@pytest.fixture(scope="module")
def dutiful(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Give a ledger in which the story goes on with commitments, entries and a talk."""
    year = copied(told, tmp_path_factory.mktemp("dutiful"))
    year.play(STEPS)
    yield year
    year.close()


@pytest.fixture(scope="module")
def now(dutiful: Year) -> Iterator[Reading]:
    """Give its views."""
    with dutiful.follower().reading() as found:
        yield found


def one(reading: Reading, kind: str, thing: str, person: str = SUN) -> RecordEntry:
    """Return the only entry of a kind about a thing."""
    (found,) = [each for each in person_record(reading, person).of_kind(kind) if each.thing == thing]
    return found


def test_a_file_shows_commitments_with_virtue_area_and_day(now: Reading, dutiful: Year) -> None:
    kept = one(now, "commitment", BETTER)
    assert (kept.what, kept.state, kept.on, kept.until, kept.other) == (
        "occupational/duty",
        "approved",
        date(2026, 7, 11),
        date(2026, 12, 20),
        BRANCH,
    )
    assert kept.sealed is not None
    assert list(dutiful.ledger.words((kept.sealed,)).values()) == ["质检零差错"]


def test_a_file_shows_what_was_reported_and_found_about_a_commitment_and_that_it_was_superseded(now: Reading) -> None:
    assert one(now, "commitment", COMMITMENT).state == "revoked"
    assert one(now, "fulfilment", COMMITMENT).on == date(2026, 7, 31)
    appraisal = one(now, "appraisal", COMMITMENT)
    assert (appraisal.what, appraisal.state) == ("branch", "kept")


def test_what_is_private_about_a_commitment_is_in_no_row_of_the_file(now: Reading, dutiful: Year) -> None:
    made = [fact.event for fact in dutiful.ledger.read() if isinstance(fact.event, CommitmentMade)]
    private = {each.private_circumstances.digest for each in made if each.private_circumstances is not None}
    shown = {entry.sealed for entry in person_record(now, SUN).entries}
    assert private
    assert not private & shown


def test_a_commitment_that_is_made_anew_is_one_thing(dutiful: Year) -> None:
    with dutiful.follower().as_of(position_of(dutiful, CommitmentMade, 1)) as reading:
        assert one(reading, "commitment", COMMITMENT).state == "made"


def test_a_file_shows_entries_with_item_points_and_what_became_of_them(now: Reading) -> None:
    assert one(now, "entry", DOUBTED).state == "rejected"
    entry = one(now, "entry", ENTRY)
    assert (entry.what, entry.points, entry.state, entry.on) == ("S2", "5", "reversed", date(2026, 7, 11))


def test_a_file_as_of_a_day_shows_an_entry_as_it_was_then(dutiful: Year) -> None:
    with dutiful.follower().as_of(position_of(dutiful, EntryVerified)) as reading:
        entry = one(reading, "entry", ENTRY)
    assert (entry.what, entry.points, entry.state) == ("S1", "2", "verified")


def test_a_file_shows_a_talk_with_the_day_by_which_to_rectify(now: Reading) -> None:
    talk = one(now, "talk", TALK, QIAN)
    assert (talk.what, talk.state, talk.on, talk.until, talk.other) == (
        "admonition",
        "rectified",
        date(2026, 7, 29),
        date(2026, 10, 31),
        LI,
    )


def test_corrections_reversals_and_revocations_are_revisions_in_the_history(now: Reading) -> None:
    revised = {line.type for line in history_lines(now, Sought(revises=True), limit=1000)}
    assert {"entry.Corrected.v1", "entry.Reversed.v1", "commitment.Revoked.v1"} <= revised
