"""The record: who proposes, corrects, verifies and reverses an entry, against which item, and what counts."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest

from domain.activities import ActivityRecorded, ActivityReversed
from domain.adoption import RulebookAdopted
from domain.appointments import Appointed, RelationDeclared
from domain.catalogues import Catalogues
from domain.decision import Command, Conflict, NotFound, NotPermitted, replace
from domain.ids import ActivityId, Document, EntryId, RulebookId
from domain.membership import MemberTransferred
from domain.posts import PostAssigned
from domain.record_verifying import RejectEntry, ReverseEntry, VerifyEntry
from domain.recording import CorrectEntry, ProposeEntry
from domain.records import (
    CountingEntry,
    Entries,
    EntryCorrected,
    EntryProposed,
    EntryRejected,
    EntryReversed,
    EntryValue,
    EntryVerified,
)
from domain.roles import COMMITTEE_MEMBER
from domain.rulebook import parse_rulebook
from domain.sealed import Sealed
from rulebooks import shipped
from tests.control_duties import TRIAL, TRIAL_DOCUMENT
from tests.controls import (
    BRANCH,
    DOCUMENTS,
    FOUNDED,
    LI,
    OTHER_BRANCH,
    PAPER,
    RULEBOOK,
    STAFF,
    STRANGER,
    SUN,
    WANG,
    YEAR_END,
    ZHANG,
    ZHOU,
)
from tests.domain.conftest import World

ENTRY, SECOND, THIRD, WORK = EntryId("e-1"), EntryId("e-2"), EntryId("e-3"), ActivityId("act-1")
MAY, JUNE, JULY, DAY = date(2025, 5, 12), date(2025, 6, 30), date(2025, 7, 1), timedelta(days=1)
SHIFT_LEADER = PostAssigned(person=SUN, post="质检班长", on=JULY)
ADOPTED = RulebookAdopted(
    rulebook=TRIAL,
    version=1,
    document=TRIAL_DOCUMENT,
    meeting="党委会",
    adopted_on=FOUNDED,
    effective_from=date(2025, 1, 1),
    effective_to=None,
)
PROPOSE = ProposeEntry(
    entry=ENTRY,
    branch=BRANCH,
    person=SUN,
    rulebook=TRIAL,
    item="S1",
    occurred_on=MAY,
    statement=Sealed("为老职工代办"),
)
REPORTED = EntryProposed(
    entry=ENTRY,
    branch=BRANCH,
    person=SUN,
    rulebook=TRIAL,
    version=1,
    clause="A-49",
    item="S1",
    points=Decimal(2),
    occurred_on=MAY,
    statement=Sealed("为老职工代办"),
    evidence=(),
    activity=None,
    reported=True,
)
PROPOSED = replace(REPORTED, reported=False)
VERIFY, VERIFIED = VerifyEntry(entry=ENTRY, branch=BRANCH), EntryVerified(entry=ENTRY, branch=BRANCH, person=SUN)
REJECT = RejectEntry(entry=ENTRY, branch=BRANCH, reason=Sealed("查无此事"))
REJECTED = EntryRejected(entry=ENTRY, branch=BRANCH, person=SUN, reason=Sealed("查无此事"))
REVERSE = ReverseEntry(entry=ENTRY, branch=BRANCH, reason=Sealed("重复"))
REVERSED = EntryReversed(entry=ENTRY, branch=BRANCH, person=SUN, reason=Sealed("重复"))
CORRECT = CorrectEntry(
    entry=ENTRY, branch=BRANCH, person=SUN, item="S3", occurred_on=JUNE, reason=Sealed("应为推诿，已查实")
)
CORRECTED = EntryCorrected(
    entry=ENTRY,
    branch=BRANCH,
    person=SUN,
    version=1,
    clause="A-42",
    item="S3",
    points=Decimal(-5),
    occurred_on=JUNE,
    was=EntryValue(item="S1", points=Decimal(2), occurred_on=MAY),
    corrects=0,
    evidence=(),
    reason=Sealed("应为推诿，已查实"),
)
ACTIVITY = ActivityRecorded(
    activity=WORK,
    person=SUN,
    branch=BRANCH,
    kind="serving",
    dimension="party",
    occurred_on=MAY,
    statement=Sealed("维修"),
    item=None,
    evidence=(),
    reported=False,
)
CLOSE = RelationDeclared(person=SUN, other=ZHANG, relation="sibling")
PRAISE = replace(PROPOSE, item="S2", points=Decimal("1.5"), evidence=(PAPER,))
PRAISED = replace(REPORTED, item="S2", points=Decimal("1.5"), evidence=(PAPER,), clause="A-46")


@pytest.fixture
def adopted(branch: World) -> World:
    """Return the branch with a catalogue of items in force."""
    return branch.after(ADOPTED)


def standing(world: World) -> int:
    """Return the position of the newest fact."""
    return world.facts[-1].position


def counting(world: World, rulebook: RulebookId | None = None) -> list[CountingEntry]:
    """Return what counts of Sun in 2025."""
    entries = world.fold(Entries, BRANCH)
    assert isinstance(entries, Entries)
    return entries.counting(SUN, date(2025, 1, 1), YEAR_END, rulebook)


# who proposes


def test_a_member_proposes_an_entry_of_his_own(adopted: World) -> None:
    adopted.when(PROPOSE, actor=SUN).then(REPORTED)
    adopted.after(REPORTED).when(PROPOSE, actor=SUN).then_nothing()


def test_the_appointed_recorder_proposes_an_entry_of_another(adopted: World) -> None:
    adopted.when(PROPOSE, actor=ZHANG).then(PROPOSED)


def test_nobody_else_proposes_an_entry_of_a_member(adopted: World) -> None:
    adopted.when(PROPOSE, actor=ZHOU).refused("wrong-office", NotPermitted)
    adopted.after(CLOSE).when(PROPOSE, actor=ZHANG).refused("recused", NotPermitted)


def test_an_entry_keeps_its_id_to_itself_in_every_branch(adopted: World) -> None:
    world = adopted.after(REPORTED)
    for other in (replace(PROPOSE, item="S3"), replace(PROPOSE, occurred_on=JUNE), replace(PROPOSE, evidence=(PAPER,))):
        world.when(other, actor=SUN).refused("id-taken", Conflict)
    elsewhere = adopted.after(replace(REPORTED, branch=OTHER_BRANCH, person=ZHOU))
    elsewhere.when(PROPOSE, actor=SUN).refused("id-taken", Conflict)


# the day


def test_an_entry_is_of_a_day_that_has_come_and_on_which_the_person_was_a_member(adopted: World) -> None:
    adopted.when(replace(PROPOSE, occurred_on=YEAR_END + DAY), actor=SUN).refused("in-the-future")
    adopted.when(replace(PROPOSE, occurred_on=FOUNDED - DAY), actor=SUN).refused("not-a-member-then")
    adopted.when(replace(PROPOSE, person=STAFF), actor=STAFF).refused("not-a-member-then")
    adopted.when(replace(PROPOSE, person=STRANGER), actor=STRANGER).refused("no-membership", NotFound)


def test_an_entry_belongs_to_the_branch_of_its_day_even_after_a_move(adopted: World) -> None:
    moved = adopted.after(
        MemberTransferred(person=SUN, from_branch=BRANCH, to_branch=OTHER_BRANCH, on=JULY, extract=PAPER)
    )
    moved.when(PROPOSE, actor=SUN).then(REPORTED)
    moved.when(replace(PROPOSE, occurred_on=JULY), actor=SUN).refused("other-branch")
    there = replace(PROPOSE, occurred_on=JULY, branch=OTHER_BRANCH)
    moved.when(there, actor=SUN).then(replace(REPORTED, occurred_on=JULY, branch=OTHER_BRANCH))


# the catalogue


def test_an_item_that_the_catalogue_in_force_does_not_list_is_refused(adopted: World) -> None:
    refusal = adopted.when(replace(PROPOSE, item="S9"), actor=SUN).refused("unknown-item", NotFound)
    assert "S9" in refusal.why.zh
    early = replace(PROPOSE, rulebook=RulebookId("monthly"))
    adopted.when(early, actor=SUN).refused("no-rulebook-in-force", NotFound)


def test_an_entry_is_judged_by_the_version_in_force_on_its_day(branch: World) -> None:
    from_july = replace(ADOPTED, effective_from=JULY)
    world = branch.after(from_july)
    world.when(replace(PROPOSE, occurred_on=JUNE), actor=SUN).refused("no-rulebook-in-force", NotFound)
    world.when(replace(PROPOSE, occurred_on=JULY), actor=SUN).then(replace(REPORTED, occurred_on=JULY))


def test_an_item_with_a_fixed_number_is_worth_that_number_and_the_refusal_quotes_the_clause(adopted: World) -> None:
    adopted.when(replace(PROPOSE, points=Decimal("2.0")), actor=SUN).then(replace(REPORTED, points=Decimal("2.0")))
    refusal = adopted.when(replace(PROPOSE, points=Decimal(3)), actor=SUN).refused("points-do-not-fit")
    clause = parse_rulebook(shipped("annual-360")).clauses["A-49"]
    assert clause.text.zh in refusal.why.zh
    assert clause.text.en in refusal.why.en
    assert "A-49" in refusal.why.en


@pytest.mark.parametrize(("points", "fits"), [("0.99", False), ("1", True), ("3", True), ("3.01", False)])
def test_an_item_with_a_range_takes_both_ends_and_nothing_beyond(adopted: World, points: str, fits: bool) -> None:  # noqa: FBT001
    answer = adopted.when(replace(PRAISE, points=Decimal(points)), actor=SUN)
    if fits:
        answer.then(replace(PRAISED, points=Decimal(points)))
    else:
        answer.refused("points-do-not-fit")


@pytest.mark.parametrize("points", ["NaN", "Infinity", "1.0000001"])
def test_points_are_a_number_of_at_most_six_decimals(adopted: World, points: str) -> None:
    adopted.when(replace(PRAISE, points=Decimal(points)), actor=SUN).refused("points-do-not-fit")


def test_an_item_with_a_range_wants_its_points_said(adopted: World) -> None:
    adopted.when(replace(PRAISE, points=None), actor=SUN).refused("points-needed")


def test_a_post_may_have_a_number_of_its_own_from_the_day_it_is_held(adopted: World) -> None:
    world = adopted.after(SHIFT_LEADER)
    fixed = replace(PRAISE, points=None, occurred_on=JULY)
    world.when(fixed, actor=SUN).then(replace(PRAISED, points=Decimal(5), occurred_on=JULY))
    world.when(replace(PRAISE, occurred_on=JULY), actor=SUN).refused("points-do-not-fit")
    world.when(PRAISE, actor=SUN).then(PRAISED)


def test_an_item_that_demands_evidence_is_not_entered_without(adopted: World) -> None:
    adopted.when(PRAISE, actor=SUN).then(PRAISED)
    adopted.when(replace(PRAISE, evidence=()), actor=SUN).refused("evidence-needed")


def test_an_item_is_not_entered_more_often_in_a_period_than_it_counts(adopted: World) -> None:
    once = [replace(REPORTED, entry=SECOND), replace(REPORTED, entry=THIRD)]
    adopted.after(once[0]).when(PROPOSE, actor=SUN).then(REPORTED)
    full = adopted.after(*once)
    full.when(PROPOSE, actor=SUN).refused("too-often")
    full.when(replace(PROPOSE, item="S3"), actor=SUN).then(
        replace(REPORTED, item="S3", points=Decimal(-5), clause="A-42")
    )
    full.when(replace(PROPOSE, person=ZHOU), actor=ZHOU).then(replace(REPORTED, person=ZHOU))
    for gone in (replace(REJECTED, entry=SECOND), replace(REVERSED, entry=SECOND)):
        full.after(gone).when(PROPOSE, actor=SUN).then(REPORTED)


def test_in_a_scheme_of_months_an_item_counts_anew_every_month(branch: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monthly, name = shipped("monthly-points"), RulebookId("monthly-points")
    document = Document(sha256(monthly).hexdigest())
    monkeypatch.setitem(DOCUMENTS, document, monthly)
    world = branch.after(replace(ADOPTED, rulebook=name, document=document))
    asked = replace(PROPOSE, rulebook=name, item="serve-paired")
    done = world.when(asked, actor=SUN).events
    full = world.after(*done)
    full.when(replace(asked, entry=SECOND, occurred_on=date(2025, 5, 31)), actor=SUN).refused("too-often")
    (next_month,) = full.when(replace(asked, entry=SECOND, occurred_on=date(2025, 6, 1)), actor=SUN).events
    assert isinstance(next_month, EntryProposed)


# activities behind entries


def test_an_entry_may_stand_for_a_recorded_activity_that_answers_its_item(adopted: World) -> None:
    asked, event = replace(PROPOSE, activity=WORK), replace(REPORTED, activity=WORK)
    adopted.after(ACTIVITY).when(asked, actor=SUN).then(event)
    adopted.when(asked, actor=SUN).refused("unknown-activity", NotFound)
    other_kind = adopted.after(replace(ACTIVITY, kind="five_one"))
    other_kind.when(asked, actor=SUN).refused("activity-does-not-fit")
    adopted.after(replace(ACTIVITY, person=ZHOU)).when(asked, actor=SUN).refused("activity-does-not-count")
    taken_back = ActivityReversed(activity=WORK, person=SUN, reason=Sealed("误记"))
    adopted.after(ACTIVITY, taken_back).when(asked, actor=SUN).refused("activity-does-not-count")


def test_the_same_activity_does_not_count_twice(adopted: World) -> None:
    asked, event = replace(PROPOSE, activity=WORK), replace(REPORTED, activity=WORK, entry=SECOND)
    world = adopted.after(ACTIVITY, event)
    world.when(asked, actor=SUN).refused("activity-counted", Conflict)
    world.after(replace(REVERSED, entry=SECOND)).when(asked, actor=SUN).then(replace(event, entry=ENTRY))


# verifying


def test_somebody_else_verifies_and_then_the_entry_counts(adopted: World) -> None:
    world = adopted.after(REPORTED, actor=SUN)
    assert counting(world) == []
    world.when(VERIFY, actor=ZHANG).then(VERIFIED)
    position = standing(world)
    done = world.after(VERIFIED)
    done.when(VERIFY, actor=ZHANG).then_nothing()
    assert counting(done) == [
        CountingEntry(entry=ENTRY, item="S1", points=Decimal(2), occurred_on=MAY, position=position)
    ]
    assert counting(done, TRIAL) == counting(done)
    assert counting(done, RULEBOOK) == []


@pytest.mark.parametrize("asked", [VERIFY, REJECT])
def test_an_entry_is_judged_by_neither_the_member_nor_his_recorder_nor_somebody_close(
    adopted: World, asked: Command
) -> None:
    by_recorder = adopted.after(PROPOSED, actor=ZHANG)
    by_recorder.when(asked, actor=SUN).refused("own-case", NotPermitted)
    by_recorder.when(asked, actor=ZHANG).refused("same-hand", NotPermitted)
    by_recorder.when(asked, actor=ZHOU).refused("wrong-office", NotPermitted)
    adopted.after(REPORTED, CLOSE, actor=SUN).when(asked, actor=ZHANG).refused("recused", NotPermitted)


def test_a_member_of_the_branch_committee_verifies_too(adopted: World) -> None:
    seat = Appointed(
        person=ZHOU, role=COMMITTEE_MEMBER, branch=BRANCH, since=FOUNDED, until=None, decided_by="党员大会"
    )
    adopted.after(PROPOSED, actor=ZHANG).after(seat).when(VERIFY, actor=ZHOU).then(VERIFIED)


def test_what_is_rejected_with_a_reason_is_not_verified_and_what_is_verified_not_rejected(adopted: World) -> None:
    world = adopted.after(REPORTED, actor=SUN)
    world.when(REJECT, actor=ZHANG).then(REJECTED)
    rejected = world.after(REJECTED)
    rejected.when(REJECT, actor=ZHANG).then_nothing()
    rejected.when(VERIFY, actor=ZHANG).refused("entry-rejected", Conflict)
    rejected.when(CORRECT, actor=ZHANG).refused("entry-rejected")
    rejected.when(REVERSE, actor=ZHANG).refused("entry-rejected")
    world.after(VERIFIED).when(REJECT, actor=ZHANG).refused("entry-verified", Conflict)
    assert counting(rejected) == []


@pytest.mark.parametrize("asked", [VERIFY, REJECT, CORRECT, REVERSE])
def test_an_entry_is_looked_for_in_the_branch_that_is_named(adopted: World, asked: Command) -> None:
    adopted.when(asked, actor=LI).refused("unknown-entry", NotFound)
    elsewhere = adopted.after(replace(REPORTED, branch=OTHER_BRANCH))
    elsewhere.when(asked, actor=LI).refused("unknown-entry", NotFound)


# correcting


def test_a_correction_keeps_what_was_and_waits_for_verification_anew(adopted: World) -> None:
    world = adopted.after(REPORTED, actor=SUN)
    corrected = replace(CORRECTED, corrects=standing(world))
    verified = world.after(VERIFIED, actor=LI)
    verified.when(CORRECT, actor=ZHANG).then(corrected)
    after = verified.after(corrected, actor=ZHANG)
    assert counting(after) == []
    after.when(CORRECT, actor=ZHANG).then_nothing()
    after.when(VERIFY, actor=ZHANG).refused("same-hand", NotPermitted)
    after.when(VERIFY, actor=WANG).then(VERIFIED)
    (counts,) = counting(after.after(VERIFIED, actor=WANG))
    assert (counts.item, counts.points, counts.position) == ("S3", Decimal(-5), standing(after))


def test_a_correction_is_checked_like_a_proposal(adopted: World) -> None:
    world = adopted.after(REPORTED, actor=SUN)
    for changed, code in (
        (replace(CORRECT, item="S9"), "unknown-item"),
        (replace(CORRECT, points=Decimal(5)), "points-do-not-fit"),
        (replace(CORRECT, item="S2", points=Decimal(1)), "evidence-needed"),
        (replace(CORRECT, occurred_on=YEAR_END + DAY), "in-the-future"),
        (replace(CORRECT, occurred_on=FOUNDED - DAY), "not-a-member-then"),
        (replace(CORRECT, person=ZHOU), "unknown-entry"),
    ):
        world.when(changed, actor=ZHANG).refused(code)
    full = world.after(*(replace(REPORTED, entry=entry, item="S1", occurred_on=JUNE) for entry in (SECOND, THIRD)))
    full.when(replace(CORRECT, item="S1"), actor=ZHANG).refused("too-often")
    moved = world.after(
        MemberTransferred(person=SUN, from_branch=BRANCH, to_branch=OTHER_BRANCH, on=JUNE, extract=PAPER)
    )
    moved.when(CORRECT, actor=ZHANG).refused("other-branch")


def test_a_correction_adds_its_evidence_to_what_there_is(adopted: World) -> None:
    world = adopted.after(REPORTED, actor=SUN)
    asked = replace(CORRECT, item="S2", points=Decimal(1), occurred_on=MAY, evidence=(PAPER,))
    (event,) = world.when(asked, actor=ZHANG).events
    assert isinstance(event, EntryCorrected)
    assert event.evidence == (PAPER,)
    later = replace(asked, points=Decimal(2), evidence=())
    (again,) = world.after(event, actor=ZHANG).when(later, actor=ZHANG).events
    assert isinstance(again, EntryCorrected)
    assert again.evidence == (PAPER,)


def test_the_same_item_corrected_to_another_day_is_not_counted_against_itself(adopted: World) -> None:
    world = adopted.after(REPORTED, replace(REPORTED, entry=SECOND))
    (event,) = world.when(replace(CORRECT, item="S1"), actor=ZHANG).events
    assert isinstance(event, EntryCorrected)


@pytest.mark.parametrize("asked", [CORRECT, REVERSE])
def test_a_member_changes_only_what_he_proposed_himself_and_nobody_has_verified(adopted: World, asked: Command) -> None:
    own = adopted.after(REPORTED, actor=SUN)
    assert own.when(asked, actor=SUN).events
    own.after(VERIFIED).when(asked, actor=SUN).refused("own-case", NotPermitted)
    adopted.after(PROPOSED, actor=ZHANG).when(asked, actor=SUN).refused("own-case", NotPermitted)
    own.when(asked, actor=ZHOU).refused("wrong-office", NotPermitted)
    own.after(CLOSE).when(asked, actor=ZHANG).refused("recused", NotPermitted)


# reversing


def test_what_is_reversed_counts_no_longer_and_cannot_come_back(adopted: World) -> None:
    world = adopted.after(REPORTED, VERIFIED, actor=SUN)
    world.when(REVERSE, actor=ZHANG).then(REVERSED)
    after = world.after(REVERSED)
    after.when(REVERSE, actor=ZHANG).then_nothing()
    assert counting(after) == []
    for asked in (VERIFY, REJECT, CORRECT):
        after.when(asked, actor=LI).refused("entry-reversed")


def test_what_counts_is_asked_for_by_person_and_days_both_included(adopted: World) -> None:
    entries = adopted.after(REPORTED, VERIFIED).fold(Entries, BRANCH)
    assert isinstance(entries, Entries)
    assert [one.entry for one in entries.counting(SUN, MAY, MAY)] == [ENTRY]
    assert entries.counting(SUN, MAY + DAY, YEAR_END) == []
    assert entries.counting(SUN, FOUNDED, MAY - DAY) == []
    assert entries.counting(ZHOU, MAY, MAY) == []


def test_a_catalogue_is_read_once_for_each_document(branch: World) -> None:
    folded = branch.after(ADOPTED, replace(ADOPTED, effective_from=JULY)).fold(Catalogues)
    assert isinstance(folded, Catalogues)
    assert folded.rules_on(TRIAL, MAY) is folded.rules_on(TRIAL, JULY)
