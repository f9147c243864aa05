"""Adopting a rulebook: the committee's act, by the digest of the document, in force from a day on (A-14, A-15)."""

from datetime import date

import pytest

from domain.adoption import DECIDERS, AdoptRulebook, RulebookAdopted, Rulebooks
from domain.decision import Conflict, Context, NotFound, NotPermitted, Refused, replace
from domain.ids import Document, PersonId, RulebookId
from tests.controls import ANNUAL_360, CHAIR, DOCUMENT, DOCUMENTS, LI, RULEBOOK, noon
from tests.domain.conftest import World

ADOPT = AdoptRulebook(
    rulebook=RULEBOOK,
    document=DOCUMENT,
    meeting="党委会 2025 年第 9 次会议",
    adopted_on=date(2025, 12, 30),
    effective_from=date(2026, 1, 1),
    effective_to=date(2026, 12, 31),
)
ADOPTED = RulebookAdopted(
    rulebook=RULEBOOK,
    version=1,
    document=DOCUMENT,
    meeting=ADOPT.meeting,
    adopted_on=ADOPT.adopted_on,
    effective_from=ADOPT.effective_from,
    effective_to=ADOPT.effective_to,
)


def decided(world: World, asked: AdoptRulebook, text: bytes, actor: PersonId = CHAIR) -> Refused:
    """Return the refusal of a document with this text."""
    context = Context(noon(date(2025, 12, 31)), actor, None, DOCUMENTS | {asked.document: text})
    states = [world.fold(kind) for kind in DECIDERS[0].states]
    with pytest.raises(Refused) as refused:
        DECIDERS[0].decide(asked, context, *states)
    return refused.value


def test_the_committee_adopts_a_rulebook_by_its_digest(ready: World) -> None:
    ready.when(ADOPT, actor=CHAIR).then(ADOPTED)


def test_an_adoption_entered_again_changes_nothing(ready: World) -> None:
    ready.after(ADOPTED).when(ADOPT, actor=CHAIR).then_nothing()


def test_branches_cannot_adopt_or_alter_a_rulebook(ready: World) -> None:
    ready.when(ADOPT, actor=LI).refused("wrong-office", NotPermitted)


def test_a_rulebook_is_not_adopted_before_the_day_of_the_meeting(ready: World) -> None:
    ready.when(replace(ADOPT, adopted_on=date(2026, 1, 1)), actor=CHAIR).refused("in-the-future")


def test_a_rulebook_is_in_force_for_a_day_at_least(ready: World) -> None:
    one_day = replace(ADOPT, effective_to=ADOPT.effective_from)
    assert ready.when(one_day, actor=CHAIR).events
    ready.when(replace(ADOPT, effective_to=date(2025, 12, 31)), actor=CHAIR).refused("ends-before-it-begins")


def test_a_document_that_is_no_rulebook_is_refused_with_all_that_is_wrong(ready: World) -> None:
    broken = ANNUAL_360.replace(b"weight = 35", b"weight = 36").replace(b"places = 2", b'places = "two"')
    refusal = decided(ready, ADOPT, broken)
    assert refusal.code == "rulebook-invalid"
    assert "rounding" in refusal.why.en


def test_a_document_of_another_rulebook_is_refused(ready: World) -> None:
    ready.when(replace(ADOPT, rulebook=RulebookId("monthly")), actor=CHAIR).refused("wrong-rulebook")


def test_changed_content_needs_a_new_version_number(ready: World) -> None:
    changed = ANNUAL_360.replace(b"percent = 30", b"percent = 25")
    other = replace(ADOPT, document=Document("0" * 64))
    refusal = decided(ready, other, changed)
    assert refusal.code == "version-taken"
    assert isinstance(refusal, Conflict)


@pytest.mark.parametrize(
    ("day", "meeting"),
    [
        (date(2025, 1, 1), "党委会 2025 年第 1 次会议"),
        (date(2025, 12, 31), "党委会 2025 年第 1 次会议"),
        (date(2026, 1, 1), ADOPT.meeting),
        (date(2026, 12, 31), ADOPT.meeting),
        (date(2027, 1, 1), "党委会 2025 年第 1 次会议"),
    ],
)
def test_of_those_that_cover_a_day_the_one_adopted_last_is_in_force(ready: World, day: date, meeting: str) -> None:
    rulebooks = ready.after(ADOPTED).fold(Rulebooks)
    assert isinstance(rulebooks, Rulebooks)
    assert rulebooks.in_force(RULEBOOK, day).meeting == meeting


def test_before_its_first_day_no_rulebook_is_in_force(ready: World) -> None:
    rulebooks = ready.fold(Rulebooks)
    assert isinstance(rulebooks, Rulebooks)
    with pytest.raises(NotFound):
        rulebooks.in_force(RULEBOOK, date(2024, 12, 31))


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        ("adopted = 2025-12-29", True),
        ("effective = { from = 2026-01-02 }", True),
        ("effective = { to = 2027-12-31 }", True),
        ("adopted = 2025-12-30\neffective = { from = 2026-01-01, to = 2026-12-31 }", False),
    ],
)
def test_days_that_the_document_states_are_the_days_that_are_entered(
    ready: World, written: str, *, refused: bool
) -> None:
    """A-14, A-15: what was adopted is what the document says."""
    text = ANNUAL_360.replace(b"format = 1\n", f"format = 1\n{written}\n".encode(), 1)
    context = Context(noon(date(2025, 12, 31)), CHAIR, None, DOCUMENTS | {ADOPT.document: text})
    states = [ready.fold(kind) for kind in DECIDERS[0].states]
    if refused:
        assert decided(ready, ADOPT, text).code == "days-not-as-written"
    else:
        assert DECIDERS[0].decide(ADOPT, context, *states) == [ADOPTED]
