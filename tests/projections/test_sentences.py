"""One sentence for every kind of fact, in both languages."""

import dataclasses
from typing import get_args

import pytest

from domain.catalogue import CATALOGUE
from domain.decision import Event
from domain.keeping import EraseSealed
from domain.objections import ObjectionFiledLate
from domain.organisation import PersonRegistered
from domain.sealed import Sealed
from domain.staff_results import StaffAppraised, StaffAppraisedV1, StaffLinePosted, StaffLinePostedV1
from domain.text import Language
from ledger.entry import ForeignEvent
from projections.names import Names, erased_digests, names_in, person_names
from projections.sentences import Telling, sentence, star_words, tell
from tests.control_events import EVENTS
from tests.controls import BRANCH, LI, OPERATOR, STAFF, SUN, ZHANG
from tests.projections.year_ledger import Year

LANGUAGES: tuple[Language, ...] = get_args(Language)
KINDS = [pytest.param(kind, id=name) for name, kind in CATALOGUE.events.items()]


def as_stored(event: Event) -> Event:
    """Return an event as it is read from the ledger: digests in place of words."""
    sealed = {
        field.name: Sealed(digest="d1" * 32)
        for field in dataclasses.fields(event)  # type: ignore[arg-type]
        if isinstance(getattr(event, field.name), Sealed)
    }
    return dataclasses.replace(event, **sealed)  # type: ignore[type-var]


def words_in(event: Event) -> list[str]:
    """Return the sealed words of an event."""
    fields = dataclasses.fields(event)  # type: ignore[arg-type]
    sealed = [getattr(event, field.name) for field in fields]
    return [value.text for value in sealed if isinstance(value, Sealed) and value.text is not None]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_one_sentence(kind: type[Event], language: Language) -> None:
    said = sentence(as_stored(EVENTS[kind]), language)
    assert said.endswith("。" if language == "zh" else ".")
    assert "\n" not in said
    assert "None" not in said
    assert len(said) > 8


def test_no_two_kinds_of_event_say_the_same() -> None:
    today = [event for event in EVENTS.values() if not isinstance(event, StaffAppraisedV1 | StaffLinePostedV1)]
    assert len({sentence(as_stored(event), "zh") for event in today}) == len(today)


def test_what_was_stored_in_other_words_reads_as_it_would_be_stored_today() -> None:
    for before, now in ((StaffAppraisedV1, StaffAppraised), (StaffLinePostedV1, StaffLinePosted)):
        assert sentence(as_stored(EVENTS[before]), "en") == sentence(as_stored(EVENTS[now]), "en")


@pytest.mark.parametrize("kind", KINDS)
def test_sealed_words_are_not_said_unless_they_are_given(kind: type[Event]) -> None:
    event = EVENTS[kind]
    stored = as_stored(event)
    words = words_in(event)
    said = sentence(stored, "zh") + sentence(stored, "en")
    assert not [word for word in words if word in said]
    opened = tell(stored, Telling(words={"d1" * 32: "说过的话"}))
    assert ("说过的话" in opened.zh) == ("说过的话" in opened.en) == bool(words)


def test_sealed_and_erased_words_leave_a_mark() -> None:
    registered = PersonRegistered(person=LI, full_name=Sealed(digest="ab" * 32))
    assert "「（封存）」" in sentence(registered, "zh")
    assert "(sealed)" in sentence(registered, "en")
    erased = tell(registered, Telling(erased={"ab" * 32}))
    assert "「（已依令删除）」" in erased.zh
    assert "(erased by order)" in erased.en


def test_a_confidential_objector_is_never_named() -> None:
    objection = EVENTS[ObjectionFiledLate]
    told = tell(as_stored(objection), Telling(words={"d1" * 32: "匿名来信"}))
    assert "不公开姓名者" in told.zh
    assert told.zh.count("匿名来信") == 1  # what was stated, not who stated it


def test_names_stand_where_ids_would() -> None:
    names = Names(people={LI: "李某"}, branches={BRANCH: "一车间党支部"})
    said = [tell(as_stored(event), Telling(names)) for event in EVENTS.values() if f"'{LI}'" in repr(event)]
    assert any("李某" in each.zh for each in said)


def test_an_event_of_another_version_has_a_sentence_too() -> None:
    assert "future.Thing.v9" in sentence(ForeignEvent("future.Thing.v9", b"{}"), "en")


@pytest.mark.parametrize(
    ("star", "label", "zh", "en"),
    [
        (4, "四星级", "四星级", "four stars"),
        (1, "", "一星级", "one star"),
        (0, "不评定星级", "不评定星级", "no star"),
        (None, "", "星级未定", "star undecided"),
        (7, "", "7星", "7 stars"),
    ],
)
def test_a_star_in_words(star: int | None, label: str, zh: str, en: str) -> None:
    assert (star_words(star, label).zh, star_words(star, label).en) == (zh, en)


def test_the_newest_name_counts_and_an_id_stands_for_a_missing_one(ended: Year) -> None:
    names = names_in(ended.ledger)
    assert (names.person(STAFF), names.person("unknown"), names.branch(BRANCH)) == ("新名", "unknown", "一车间党支部")
    registered = next(f.position for f in ended.ledger.read() if getattr(f.event, "person", "") == STAFF)
    assert person_names(ended.ledger, registered)[STAFF] == "Staff"


def test_an_erased_name_is_an_id_again(year: Year) -> None:

    named = next(
        fact.event.full_name.digest
        for fact in year.ledger.read()
        if isinstance(fact.event, PersonRegistered) and fact.event.person == SUN
    )
    assert person_names(year.ledger)[SUN] == "Sun"
    year.ledger.execute(EraseSealed(digests=(named,), ordered_by="厂党委", ground="本人申请"), actor=OPERATOR)
    assert names_in(year.ledger).person(SUN) == SUN
    assert named in erased_digests(year.ledger)
    assert names_in(year.ledger).person(ZHANG) == "Zhang"
