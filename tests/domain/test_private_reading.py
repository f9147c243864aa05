"""Reading private matter: by named readers and by those whose own it is; every reading and refusal is a fact (A7)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.appointments import RelationDeclared, Relieved
from domain.commitments import CommitmentMade
from domain.decision import NotFound, NotPermitted, replace
from domain.ids import CommitmentId, MeetingId, ObjectionId, PersonId, RoundId
from domain.keeping import SealedErased
from domain.meetings import ApologySent, MeetingConvened
from domain.objections import ObjectionFiled, ObjectionFiledLate
from domain.private_reading import ReadSealed, SealedRead, SealedReadingRefused
from domain.readers import ReaderNamed, ReaderWithdrawn
from domain.roles import LEADING_GROUP_HEAD
from domain.rounds import MemberExempted, RoundOpened
from domain.sealed import Sealed
from tests.controls import BRANCH, CHEN, DOCUMENT, LI, RULEBOOK, SUN, WU, YEAR_END, ZHANG, ZHOU
from tests.domain.conftest import World

ROUND, MEETING = RoundId("a-round"), MeetingId("a-meeting")
HELD = RoundOpened(
    round=ROUND, branch=BRANCH, period="2024", rulebook=RULEBOOK, version=1, document=DOCUMENT, roster_as_of=YEAR_END
)
CONVENED = MeetingConvened(
    meeting=MEETING,
    branch=BRANCH,
    rulebook=RULEBOOK,
    version=1,
    document=DOCUMENT,
    kind="monthly",
    judges="2025-11",
    on=YEAR_END,
    begins=None,
    place="会议室",
    chair=LI,
    timing=None,
    reason_outside=None,
)
EXEMPTED = MemberExempted(round=ROUND, person=ZHANG, decided_by="党员大会", reason=Sealed("长期病假"))
APOLOGY = ApologySent(meeting=MEETING, person=ZHOU, on=YEAR_END, reason=None, health=Sealed("复查"))
COMMITMENT = CommitmentMade(
    commitment=CommitmentId("c"),
    person=SUN,
    branch=BRANCH,
    period="2025",
    virtue="political",
    area="ability",
    on=YEAR_END,
    due=YEAR_END,
    statement=Sealed("承诺"),
    plan=Sealed("计划"),
    private_circumstances=Sealed("家中有病人"),
)
OBJECTION = ObjectionFiledLate(
    round=ROUND,
    objection=ObjectionId("o"),
    about=WU,
    statement=Sealed("漏计"),
    objector=None,
    confidential_name=Sealed("匿名来信人"),
)
FILED = ObjectionFiled(
    round=ROUND,
    objection=ObjectionId("o"),
    about=WU,
    statement=Sealed("漏计"),
    objector=None,
    confidential_name=Sealed("匿名来信人"),
    evidence=None,
    accept_by=datetime(2026, 1, 9, tzinfo=UTC),
    rule_by=datetime(2026, 1, 19, tzinfo=UTC),
)
CIRCUMSTANCES, IDENTITY = (
    ReaderNamed(branch=BRANCH, person=CHEN, matter=matter, since=YEAR_END, until=None, decided_by="支部委员会")
    for matter in ("circumstances", "objector_identity")
)
PURPOSE = "核对请假"


def with_matter(branch: World, *events: object) -> tuple[World, int]:
    """Return the world after a round, a meeting and these events, and the position of the last of them."""
    world = branch.after(HELD, CONVENED, *events)  # type: ignore[arg-type]
    return world, len(world.facts)


@pytest.mark.parametrize(("said", "concerned"), [(EXEMPTED, ZHANG), (APOLOGY, ZHOU), (COMMITMENT, SUN)])
def test_a_named_reader_reads_circumstances_and_the_reading_is_a_fact(
    branch: World, said: object, concerned: PersonId
) -> None:
    world, at = with_matter(branch, said)
    world.after(CIRCUMSTANCES).when(ReadSealed(fact=at, purpose=PURPOSE), actor=CHEN).then(
        SealedRead(
            reader=CHEN,
            basis="named",
            matter="circumstances",
            branch=BRANCH,
            fact=at,
            person=concerned,
            objection=None,
            purpose=PURPOSE,
        )
    )


@pytest.mark.parametrize("said", [OBJECTION, FILED])
def test_a_named_reader_reads_who_objected_by_objection_or_by_fact(branch: World, said: object) -> None:
    world, at = with_matter(branch, said)
    read = SealedRead(
        reader=CHEN,
        basis="named",
        matter="objector_identity",
        branch=BRANCH,
        fact=at,
        person=None,
        objection=ObjectionId("o"),
        purpose=PURPOSE,
    )
    named = world.after(IDENTITY)
    named.when(ReadSealed(objection=ObjectionId("o"), purpose=PURPOSE), actor=CHEN).then(read)
    named.when(ReadSealed(fact=at, purpose=PURPOSE), actor=CHEN).then(read)


@pytest.mark.parametrize(("said", "concerned"), [(EXEMPTED, ZHANG), (APOLOGY, ZHOU), (COMMITMENT, SUN)])
def test_everybody_reads_his_own_and_that_too_is_a_fact(branch: World, said: object, concerned: PersonId) -> None:
    world, at = with_matter(branch, said)
    (read,) = world.when(ReadSealed(fact=at, purpose=PURPOSE), actor=concerned).events
    assert isinstance(read, SealedRead)
    assert (read.reader, read.basis) == (concerned, "own")


@pytest.mark.parametrize("actor", [LI, SUN, PersonId("auditor")])
def test_whoever_is_no_named_reader_is_refused_and_the_refusal_is_a_fact(branch: World, actor: PersonId) -> None:
    world, at = with_matter(branch, EXEMPTED)
    asked = ReadSealed(fact=at, purpose=PURPOSE)
    refusal = world.after(IDENTITY).when(asked, actor=actor).refused("not-a-named-reader", NotPermitted)
    assert refusal.record == SealedReadingRefused(
        reader=actor,
        code="not-a-named-reader",
        matter="circumstances",
        branch=BRANCH,
        fact=at,
        person=ZHANG,
        objection=None,
        purpose=PURPOSE,
    )


def test_a_naming_that_was_withdrawn_or_is_over_or_has_not_begun_lets_nobody_read(branch: World) -> None:
    world, at = with_matter(branch, EXEMPTED)
    asked = ReadSealed(fact=at, purpose=PURPOSE)
    withdrawn = ReaderWithdrawn(
        branch=BRANCH, person=CHEN, matter="circumstances", on=YEAR_END, decided_by="支部委员会"
    )
    over = replace(CIRCUMSTANCES, since=date(2025, 1, 1), until=YEAR_END)
    later = replace(CIRCUMSTANCES, since=YEAR_END + timedelta(days=1))
    for namings in ((CIRCUMSTANCES, withdrawn), (over,), (later,)):
        refusal = world.after(*namings).when(asked, actor=CHEN).refused("not-a-named-reader", NotPermitted)
        assert refusal.record is not None


def test_who_left_the_leading_group_no_longer_reads_circumstances(branch: World) -> None:
    world, at = with_matter(branch, EXEMPTED, CIRCUMSTANCES)
    gone = Relieved(person=CHEN, role=LEADING_GROUP_HEAD, branch=BRANCH, on=YEAR_END, decided_by="党委")
    refusal = world.after(gone).when(ReadSealed(fact=at - 1, purpose=PURPOSE), actor=CHEN)
    assert refusal.refused("not-in-the-leading-group", NotPermitted).record is not None


def test_the_person_objected_to_never_learns_who_objected_though_he_is_named(branch: World) -> None:
    world, _ = with_matter(branch, OBJECTION)
    asked = ReadSealed(objection=ObjectionId("o"), purpose=PURPOSE)
    to_wu = world.after(replace(IDENTITY, person=WU)).when(asked, actor=WU).refused("own-case", NotPermitted)
    assert isinstance(to_wu.record, SealedReadingRefused)
    close = world.after(IDENTITY, RelationDeclared(person=CHEN, other=WU, relation="sibling"))
    assert close.when(asked, actor=CHEN).refused("recused", NotPermitted).record is not None


def test_words_that_were_erased_are_said_to_be_and_by_which_fact(branch: World) -> None:
    world, at = with_matter(branch, EXEMPTED)
    digest = world.facts[-1].event.reason.digest  # type: ignore[attr-defined]
    erased = world.after(CIRCUMSTANCES, SealedErased(erased=(digest,), ordered_by="厂党委", ground="本人申请"))
    refusal = erased.when(ReadSealed(fact=at, purpose=PURPOSE), actor=CHEN).refused("erased")
    assert f"第{at + 2}条" in refusal.why.zh
    assert f"fact {at + 2}" in refusal.why.en
    assert refusal.record is None


def test_where_nothing_was_given_there_is_nothing_to_read(branch: World) -> None:
    world, at = with_matter(branch, replace(APOLOGY, reason=Sealed("出差"), health=None))
    world.after(CIRCUMSTANCES).when(ReadSealed(fact=at, purpose=PURPOSE), actor=CHEN).refused(
        "nothing-sealed", NotFound
    )
    world.when(ReadSealed(fact=at, purpose=PURPOSE), actor=LI).refused("not-a-named-reader", NotPermitted)


def test_other_sealed_words_are_not_read_this_way(branch: World) -> None:
    world, _ = with_matter(branch, EXEMPTED)
    world.when(ReadSealed(fact=1, purpose=PURPOSE), actor=CHEN).refused("no-private-matter", NotFound)
    world.when(ReadSealed(fact=10**6, purpose=PURPOSE), actor=CHEN).refused("no-private-matter", NotFound)
    nowhere = ReadSealed(objection=ObjectionId("x"), purpose=PURPOSE)
    world.when(nowhere, actor=CHEN).refused("no-private-matter", NotFound)


def test_a_reading_needs_a_purpose(branch: World) -> None:
    world, at = with_matter(branch, EXEMPTED)
    world.when(ReadSealed(fact=at, purpose=" "), actor=ZHANG).refused("purpose-missing")


def test_one_thing_is_read_at_a_time(branch: World) -> None:
    branch.when(ReadSealed(purpose=PURPOSE), actor=CHEN).refused("one-of-two")
    branch.when(ReadSealed(fact=1, objection=ObjectionId("o"), purpose=PURPOSE), actor=CHEN).refused("one-of-two")


def test_an_id_that_objections_of_several_rounds_bear_names_none_of_them(branch: World) -> None:
    other = RoundId("another-round")
    again = (replace(HELD, round=other), replace(FILED, round=other))
    world, at = with_matter(branch, OBJECTION, *again)
    named = world.after(IDENTITY)
    asked = ReadSealed(objection=ObjectionId("o"), purpose=PURPOSE)
    refusal = named.when(asked, actor=CHEN).refused("several-objections")
    assert f"{at - 2}, {at}" in refusal.why.en
    (read,) = named.when(ReadSealed(fact=at, purpose=PURPOSE), actor=CHEN).events
    assert isinstance(read, SealedRead)
    assert read.fact == at
