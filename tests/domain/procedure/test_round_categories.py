"""A round under a rulebook with categories of people: by the post of the last day, or it is not opened."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from domain.adoption import RulebookAdopted
from domain.decision import replace
from domain.drawn import DrawnEntry, RecordsDrawn
from domain.ids import Document, EntryId, RulebookId
from domain.posts import PostAssigned
from domain.round_sheet import sheet_of
from domain.rounds import MemberEnrolled, Round
from domain.scores import Scores
from domain.scoring import score
from tests.controls import DOCUMENTS, FOUNDED, LI, ROUND, SUN, ZHANG
from tests.domain.conftest import World
from tests.domain.procedure.conftest import OPEN, on

SCHEME = (Path(__file__).parent.parent / "schemes" / "categories-and-measures.toml").read_bytes()
WORKS, LAST_DAY = RulebookId("lanxi-works"), date(2025, 12, 31)
ASKED = replace(OPEN, rulebook=WORKS)
LATER = on(1, 12)
LEADER = PostAssigned(person=SUN, post="班组长", on=LAST_DAY)


@pytest.fixture
def works(ready: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return the branch under the scheme with categories."""
    return adopted(ready, monkeypatch, SCHEME)


def adopted(ready: World, monkeypatch: pytest.MonkeyPatch, scheme: bytes) -> World:
    document = Document(sha256(scheme).hexdigest())
    monkeypatch.setitem(DOCUMENTS, document, scheme)
    return ready.after(
        RulebookAdopted(
            rulebook=WORKS,
            version=1,
            document=document,
            meeting="党委会",
            adopted_on=FOUNDED,
            effective_from=date(2025, 1, 1),
            effective_to=None,
        )
    )


def categories(world: World) -> dict[str, str | None]:
    events = world.when(ASKED, actor=ZHANG, at=LATER).events
    return {each.person: each.category for each in events if isinstance(each, MemberEnrolled)}


def test_a_member_is_enrolled_with_the_category_of_his_post_on_the_last_day(works: World) -> None:
    found = categories(works.after(LEADER, replace(LEADER, person=LI, on=date(2026, 1, 1))))
    assert (found[SUN], found[LI]) == ("core", "ordinary")


def test_a_round_is_not_opened_while_the_category_of_somebody_is_not_told(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = adopted(ready, monkeypatch, SCHEME.replace('posts = ["外派"]\n'.encode(), b"", 1))
    several.after(LEADER).when(ASKED, actor=ZHANG, at=LATER).refused("category-unknown")


def test_under_a_rulebook_without_categories_nobody_has_one(ready: World) -> None:
    events = ready.after(LEADER).when(OPEN, actor=ZHANG, at=LATER).events
    assert {each.category for each in events if isinstance(each, MemberEnrolled)} == {None}


def drawn_entry(entry: str, item: str, points: int, level: str | None = None) -> DrawnEntry:
    return DrawnEntry(
        entry=EntryId(entry),
        item=item,
        points=Decimal(points),
        occurred_on=LAST_DAY,
        position=1,
        level=level,
        matter="jig",
    )


def test_what_was_drawn_counts_by_category_level_and_matter(works: World) -> None:
    world = works.after(LEADER)
    world = world.after(*world.when(ASKED, actor=ZHANG, at=LATER).events)
    drawn = RecordsDrawn(
        round=ROUND,
        person=SUN,
        component="conduct",
        entries=(
            drawn_entry("a", "report", 2, "province"),
            drawn_entry("b", "commended", 5),
        ),
    )
    world = world.after(drawn)
    this, scores = world.fold(Round, ROUND), world.fold(Scores, ROUND)
    assert isinstance(this, Round)
    assert isinstance(scores, Scores)
    results = {each.person: each for each in score(this.rulebook, sheet_of(this, scores, {})).people}
    (figures, conduct) = results[SUN].standing.tallies
    # 50, as core; 2 × 3 = 6 before 5: 56
    assert figures.state == "missing"
    assert conduct.value == 56
