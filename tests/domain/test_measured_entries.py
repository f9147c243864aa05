"""Entries of the record whose items ask for more: an amount, a level, a matter, a version, a category, an office."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from domain.adoption import RulebookAdopted
from domain.appointments import Appointed
from domain.decision import NotFound, NotPermitted, replace
from domain.drawn import DrawnEntry
from domain.ids import Document, EntryId, RulebookId
from domain.posts import PostAssigned
from domain.record_verifying import RejectEntry, VerifyEntry
from domain.recording import CorrectEntry, ProposeEntry
from domain.records import EntryCorrected, EntryProposed, EntryVerified
from domain.roles import DISCIPLINE
from domain.round_sheet import _entry
from domain.sealed import Sealed
from domain.sheet import Occurrences
from tests.controls import BRANCH, DOCUMENTS, FOUNDED, LI, SUN, WANG, ZHANG, ZHOU
from tests.domain.conftest import World

SCHEME = (Path(__file__).parent / "schemes" / "categories-and-measures.toml").read_bytes()
WORKS, ENTRY, SECOND, DAY = RulebookId("lanxi-works"), EntryId("e-1"), EntryId("e-2"), date(2025, 5, 12)
OFFICES = b'recorded_by = ["discipline_commissioner"]\nverified_by = ["discipline_commissioner"]\npoints = -2\n'
PROPOSE = ProposeEntry(
    entry=ENTRY,
    branch=BRANCH,
    person=SUN,
    rulebook=WORKS,
    item="service",
    occurred_on=DAY,
    statement=Sealed("社区义务维修"),
    amount=Decimal(7),
)
REPORT = replace(PROPOSE, item="report", amount=None, level="city", matter="jig")


@dataclass(frozen=True)
class Adopting:
    """Adopts schemes in a branch."""

    branch: World
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, document: bytes = SCHEME) -> World:
        """Return the branch with a scheme in force since the beginning of 2025."""
        name = Document(sha256(document).hexdigest())
        self.monkeypatch.setitem(DOCUMENTS, name, document)
        adopted = RulebookAdopted(
            rulebook=WORKS,
            version=1,
            document=name,
            meeting="党委会",
            adopted_on=FOUNDED,
            effective_from=date(2025, 1, 1),
            effective_to=None,
        )
        return self.branch.after(adopted)


@pytest.fixture
def adopting(branch: World, monkeypatch: pytest.MonkeyPatch) -> Adopting:
    """Return what adopts a scheme."""
    return Adopting(branch, monkeypatch)


def proposed(world: World, asked: ProposeEntry) -> EntryProposed:
    (event,) = world.when(asked, actor=SUN).events
    assert isinstance(event, EntryProposed)
    return event


def test_an_amount_makes_the_points_and_stays_in_the_fact(adopting: Adopting) -> None:
    event = proposed(adopting(), PROPOSE)
    assert (event.points, event.amount, event.level) == (Decimal("3.5"), Decimal(7), None)
    said = proposed(adopting(), replace(PROPOSE, points=Decimal("3.50")))
    assert said.points == Decimal("3.5")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": None}, "amount-needed"),
        ({"amount": Decimal(-1)}, "amount-does-not-fit"),
        ({"amount": Decimal("NaN")}, "amount-does-not-fit"),
        ({"amount": Decimal("0.1234567")}, "amount-does-not-fit"),
        ({"points": Decimal(3)}, "points-do-not-fit"),
        ({"item": "output", "amount": Decimal("100.5")}, "amount-does-not-fit"),
        ({"item": "leave"}, "amount-does-not-fit"),
        ({"level": "city"}, "level-does-not-fit"),
        ({"item": "report", "amount": None, "matter": "jig"}, "level-does-not-fit"),
        ({"item": "report", "amount": None, "matter": "jig", "level": "world"}, "level-does-not-fit"),
        ({"item": "report", "amount": None, "matter": " ", "level": "city"}, "matter-needed"),
        ({"item": "apprentice", "amount": None}, "item-of-others"),
    ],
)
def test_what_an_item_asks_for_is_said_as_it_asks(adopting: Adopting, change: dict[str, object], code: str) -> None:
    adopting().when(replace(PROPOSE, **change), actor=SUN).refused(code)


def test_a_level_stays_out_of_the_points(adopting: Adopting) -> None:
    event = proposed(adopting(), REPORT)
    assert (event.points, event.level, event.matter) == (Decimal(2), "city", "jig")
    assert event.counts == Decimal(4)


def test_an_item_that_changed_in_the_year_is_judged_by_the_version_of_the_day(adopting: Adopting) -> None:
    letter = replace(PROPOSE, item="letter", amount=None)
    away = adopting().after(PostAssigned(person=SUN, post="外派", on=date(2025, 1, 6)))
    days = (date(2025, 6, 30), date(2025, 7, 1))
    assert [proposed(away, replace(letter, occurred_on=day)).points for day in days] == [3, 5]
    early = adopting(SCHEME.replace(b"from = 2025-01-01", b"from = 2025-06-01", 1))
    refusal = early.when(letter, actor=SUN).refused("item-not-in-force", NotFound)
    assert "2025-06-01" in refusal.why.en


def test_an_item_of_another_category_is_refused_by_the_post_of_the_day(adopting: Adopting) -> None:
    apprentice = replace(PROPOSE, item="apprentice", amount=None, occurred_on=DAY)
    leader = adopting().after(PostAssigned(person=SUN, post="班组长", on=DAY))
    assert proposed(leader, apprentice).points == 6
    leader.when(replace(apprentice, occurred_on=date(2025, 5, 11)), actor=SUN).refused("item-of-others")


def test_entries_beyond_the_times_are_taken_where_they_are_ignored_and_free_ones_do_not_use_them_up(
    adopting: Adopting,
) -> None:
    three = SCHEME.replace(b"points = -2\nfree_times = 1", b"points = -2\nfree_times = 1\nmax_times = 1", 1)
    leave = replace(PROPOSE, item="leave", amount=None)
    world = adopting(three)
    first = proposed(world, leave)
    both = world.after(first, replace(first, entry=SECOND))
    world.after(first).when(replace(leave, entry=SECOND), actor=SUN).then(replace(first, entry=SECOND))
    both.when(replace(leave, entry=EntryId("e-3")), actor=SUN).refused("too-often")
    ignored = adopting(three.replace(b"max_times = 1\n", b'max_times = 1\nbeyond = "ignored"\n'))
    again = ignored.after(first, replace(first, entry=SECOND))
    again.when(replace(leave, entry=EntryId("e-3")), actor=SUN).then(replace(first, entry=EntryId("e-3")))


def test_a_correction_says_amount_level_and_matter_anew(adopting: Adopting) -> None:
    world = adopting()
    correct = CorrectEntry(
        entry=ENTRY, branch=BRANCH, person=SUN, item="service", occurred_on=DAY, reason=Sealed("少算一小时"),
        amount=Decimal(8),
    )  # fmt: skip
    (event,) = world.after(proposed(world, PROPOSE), actor=SUN).when(correct, actor=SUN).events
    assert isinstance(event, EntryCorrected)
    assert (event.points, event.amount, event.was.amount) == (Decimal(4), Decimal(8), Decimal(7))


def test_the_same_proposal_sent_twice_happens_once_and_another_amount_is_another(adopting: Adopting) -> None:
    world = adopting()
    done = world.after(proposed(world, PROPOSE), actor=SUN)
    done.when(PROPOSE, actor=SUN).then()
    done.when(replace(PROPOSE, amount=Decimal(8)), actor=SUN).refused("id-taken")


def test_the_offices_that_an_item_names_record_and_verify_it(adopting: Adopting) -> None:
    office = Appointed(
        person=WANG, role=DISCIPLINE, branch=BRANCH, since=date(2025, 1, 6), until=None, decided_by="党员大会"
    )
    world = adopting(SCHEME.replace(b"points = -2\n", OFFICES, 1)).after(office)
    leave = replace(PROPOSE, item="leave", amount=None)
    world.when(leave, actor=LI).refused("wrong-office", NotPermitted)
    (by_discipline,) = world.when(leave, actor=WANG).events
    by_member = world.after(proposed(world, leave), actor=SUN)
    verify = VerifyEntry(entry=ENTRY, branch=BRANCH)
    by_member.when(verify, actor=LI).refused("wrong-office", NotPermitted)
    by_member.when(verify, actor=WANG).then(EntryVerified(entry=ENTRY, branch=BRANCH, person=SUN))
    world.after(by_discipline, actor=WANG).when(verify, actor=WANG).refused("same-hand", NotPermitted)
    reject = RejectEntry(entry=ENTRY, branch=BRANCH, reason=Sealed("查无此事"))
    by_member.when(reject, actor=LI).refused("wrong-office", NotPermitted)


def test_without_offices_of_its_own_an_item_is_for_those_of_the_command(adopting: Adopting) -> None:
    world = adopting()
    world.when(PROPOSE, actor=ZHOU).refused("wrong-office", NotPermitted)
    by_member = world.after(proposed(world, PROPOSE), actor=SUN)
    by_member.when(VerifyEntry(entry=ENTRY, branch=BRANCH), actor=ZHANG).then(
        EntryVerified(entry=ENTRY, branch=BRANCH, person=SUN)
    )


def test_what_is_drawn_brings_amount_level_and_matter_to_the_sheet_as_judged() -> None:
    drawn = DrawnEntry(
        entry=ENTRY, item="report", points=Decimal(2), occurred_on=DAY, position=7, level="city", matter="jig"
    )
    entry = _entry(drawn, Occurrences())
    assert (entry.points, entry.amount, entry.level, entry.matter) == (Decimal(2), None, "city", "jig")
    assert entry.judged
