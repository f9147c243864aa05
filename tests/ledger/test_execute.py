"""What `Ledger.execute` promises, the same in memory, in a file and on PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from domain.appointments import OpenLedger
from domain.decision import Conflict, NotPermitted, Refused
from domain.ids import Document, Evidence, RulebookId
from domain.keeping import AcceptClock, EraseSealed
from domain.sealed import Sealed
from ledger.asking import new_id
from ledger.clock import ClockLeapt, SimulatedClock, SystemClock
from ledger.ledger import Attachment, Ledger
from ledger.verification import verify
from tests.ledger.conftest import Opener
from tests.ledger.toy import (
    ACTOR,
    START,
    AdoptCharter,
    Charters,
    ConfirmationRefused,
    Everything,
    FilePaper,
    Note,
    Noted,
    ReadCharter,
    Round,
    Whisper,
    Whispered,
    a_confirmation,
    a_note,
    an_objection,
    person,
    toy_ledger,
)

PAPER = Attachment.of(b"paper", "text/plain")
CHARTER = Attachment.of("章程".encode(), "text/plain")
OPENING = OpenLedger(committee="厂党委", registrar=person("R"), operator=person("O"))


def table(engine: Engine, name: str) -> str:
    return name if engine.dialect.name == "sqlite" else f"ledger.{name}"


def count(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table(engine, name)}")).scalar_one())  # noqa: S608


# done, ignored, refused


def test_a_command_is_done_and_answered_with_its_facts(ledger: Ledger) -> None:
    receipt = ledger.execute(a_note("one"), actor=ACTOR, on_behalf_of="支部大会", command_id="c1")
    assert (receipt.command_id, receipt.positions, receipt.recorded_at, receipt.repeated) == ("c1", (1,), START, False)
    (fact,) = ledger.read()
    assert (fact.position, fact.event, fact.recorded_at) == (1, Noted(person=person("P1"), words="one"), START)
    assert (fact.actor, fact.on_behalf_of, fact.command_id) == (ACTOR, "支部大会", "c1")


def test_a_command_sent_twice_happens_once_and_is_answered_alike(ledger: Ledger, clock: SimulatedClock) -> None:
    first = ledger.execute(a_note("one"), actor=ACTOR, command_id="c1")
    clock.advance(timedelta(hours=1))
    again = ledger.execute(a_note("one"), actor=ACTOR, command_id="c1")
    assert (again.positions, again.recorded_at, again.repeated) == (first.positions, first.recorded_at, True)
    assert ledger.head().size == 1


def test_a_command_with_nothing_to_do_records_nothing_and_is_remembered(ledger: Ledger) -> None:
    assert ledger.execute(a_note(""), actor=ACTOR, command_id="c1").positions == ()
    assert ledger.execute(a_note(""), actor=ACTOR, command_id="c1").repeated
    assert ledger.head().size == 0


def test_a_command_without_an_id_is_given_one(ledger: Ledger) -> None:
    ids = {ledger.execute(a_note("one"), actor=ACTOR).command_id for _ in range(3)}
    assert len(ids) == 3
    assert {fact.command_id for fact in ledger.read()} == ids


def test_ids_that_the_ledger_makes_are_uuids_in_the_order_in_which_it_grows(ledger: Ledger) -> None:
    ids = [ledger.execute(a_note(words), actor=ACTOR).command_id for words in ("one", "two", "", "", "three")]
    assert {UUID(each).version for each in ids} == {8}
    assert {UUID(each).variant for each in ids} == {RFC_4122}
    assert [UUID(each).int >> 80 for each in ids] == [1, 2, 3, 3, 3]
    assert len(set(ids)) == 5


@given(st.integers(0, 2**48 - 2), st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_ids_are_ordered_by_place_and_told_apart_by_what_was_drawn(place: int, one: bytes, other: bytes) -> None:
    assert str(UUID(new_id(place, one))) == new_id(place, one) < new_id(place + 1, other)
    free = (1 << 80) - 1 ^ (0xF << 76 | 0x3 << 62)
    differ = (int.from_bytes(one) ^ int.from_bytes(other)) & free
    assert (new_id(place, one) == new_id(place, other)) == (not differ)


def test_a_refusal_leaves_nothing_behind_and_its_key_free(ledger: Ledger, engine: Engine) -> None:
    ledger.execute(a_confirmation(), actor=ACTOR)
    with pytest.raises(Conflict, match="too-late"):
        ledger.execute(an_objection(), actor=ACTOR, command_id="c1")
    assert (ledger.head().size, count(engine, "commands")) == (1, 1)
    assert ledger.execute(a_note("other"), actor=ACTOR, command_id="c1").positions == (2,)


def test_a_refusal_that_auditors_must_see_is_a_fact_and_is_answered_alike_again(ledger: Ledger) -> None:
    ledger.execute(an_objection(), actor=ACTOR)
    refusals = []
    for _ in range(2):
        with pytest.raises(Conflict) as refused:
            ledger.execute(a_confirmation(), actor=ACTOR, command_id="c1")
        refusals.append((type(refused.value), refused.value.code, refused.value.why))
    assert refusals[0] == refusals[1]
    assert [type(fact.event) for fact in ledger.read(after=1)] == [ConfirmationRefused]
    state = ledger.fold(Round, "R1")
    assert isinstance(state, Round)
    assert (state.refusals, state.confirmed) == (1, False)


# command ids


@pytest.mark.parametrize(
    ("other", "actor", "body"),
    [
        (a_note("two"), ACTOR, None),
        (a_note("one", name="P2"), ACTOR, None),
        (a_note("one"), "P2", None),
        (a_note("one"), ACTOR, "支部大会"),
    ],
    ids=["other words", "other person", "other actor", "other body"],
)
def test_another_command_under_the_same_id_is_refused(ledger: Ledger, other: Note, actor: str, body: str) -> None:
    ledger.execute(a_note("one"), actor=ACTOR, command_id="c1")
    with pytest.raises(Conflict, match="command-id-reused"):
        ledger.execute(other, actor=actor, on_behalf_of=body, command_id="c1")
    assert ledger.head().size == 1


def test_other_sealed_words_make_another_command(ledger: Ledger) -> None:
    for words in ("one", "one"):
        ledger.execute(Whisper(person=person("P1"), words=Sealed(words)), actor=ACTOR, command_id="c1")
    with pytest.raises(Conflict, match="command-id-reused"):
        ledger.execute(Whisper(person=person("P1"), words=Sealed("two")), actor=ACTOR, command_id="c1")


def test_words_and_a_digest_that_reads_the_same_are_not_the_same_command(ledger: Ledger) -> None:
    ledger.execute(Whisper(person=person("P1"), words=Sealed("ab")), actor=ACTOR, command_id="c1")
    with pytest.raises(Conflict, match="command-id-reused"):
        ledger.execute(Whisper(person=person("P1"), words=Sealed(digest="ab")), actor=ACTOR, command_id="c1")


@pytest.mark.parametrize("command_id", ["", "a b", "编号", "x" * 201, "a\0b", "a\nb"])
def test_a_command_id_that_an_engine_could_not_hold_is_refused(ledger: Ledger, command_id: str) -> None:
    with pytest.raises(Refused, match="malformed-command-id"):
        ledger.execute(a_note("one"), actor=ACTOR, command_id=command_id)


@pytest.mark.parametrize("name", ["", "P 1", "张三", "x" * 65, "P:1"])
def test_an_id_that_is_none_is_refused(ledger: Ledger, name: str) -> None:
    with pytest.raises(Refused, match="malformed-id"):
        ledger.execute(a_note("one", name=name), actor=ACTOR)
    with pytest.raises(Refused, match="malformed-id"):
        ledger.execute(a_note("one"), actor=name)


@pytest.mark.parametrize("words", ["a\0b", "\\\0", "\ud800"], ids=["nul", "nul after a backslash", "half a pair"])
def test_text_that_an_engine_could_not_hold_is_refused(ledger: Ledger, words: str) -> None:
    with pytest.raises(Refused, match="malformed-text"):
        ledger.execute(a_note(words), actor=ACTOR)
    with pytest.raises(Refused, match="malformed-text"):
        ledger.execute(Whisper(person=person("P1"), words=Sealed(words)), actor=ACTOR)


@pytest.mark.parametrize("words", ["\\u0000", "张\U00020bb7三\u200b", "\r\n\t\x7f\u2028", "'; DROP TABLE facts; --"])
def test_any_other_text_comes_back_as_it_was(ledger: Ledger, words: str) -> None:
    ledger.execute(a_note(words), actor=ACTOR, on_behalf_of=words)
    ledger.execute(Whisper(person=person("P1"), words=Sealed(words)), actor=ACTOR)
    noted, whispered = ledger.read()
    assert isinstance(noted.event, Noted)
    assert isinstance(whispered.event, Whispered)
    digest = whispered.event.words.digest
    assert (noted.event.words, noted.on_behalf_of, ledger.words([digest])) == (words, words, {digest: words})
    assert verify(ledger).findings == ()


# order and time


def test_positions_are_dense_whatever_is_refused_in_between(ledger: Ledger) -> None:
    ledger.execute(a_confirmation(), actor=ACTOR)
    for number in range(20):
        with pytest.raises(Conflict):
            ledger.execute(an_objection(name=f"O{number}"), actor=ACTOR)
        ledger.execute(a_note(str(number)), actor=ACTOR)
    assert [fact.position for fact in ledger.read()] == list(range(1, 22))


def test_recorded_time_never_goes_back_and_the_clock_stands_beside_it(ledger: Ledger, clock: SimulatedClock) -> None:
    for step in (0, 60, -3600, 1800, 3600):
        clock.advance(timedelta(seconds=step))
        ledger.execute(a_note(str(step)), actor=ACTOR)
    recorded = [(fact.recorded_at - START).total_seconds() for fact in ledger.read()]
    assert recorded == [0, 60, 60, 60, 1860]
    verdict = verify(ledger)
    assert [(finding.position, finding.kind) for finding in verdict.findings] == [(3, "clock-back")]
    assert verdict.ok


def test_a_position_is_found_by_time(ledger: Ledger, clock: SimulatedClock) -> None:
    for _ in range(3):
        ledger.execute(a_note("x"), actor=ACTOR)
        clock.advance(timedelta(seconds=1))
    seconds = (-1, 0, 0.5, 1, 99)
    assert [ledger.position_at(START + timedelta(seconds=s)) for s in seconds] == [0, 1, 1, 2, 3]


def test_after_a_leap_of_the_clock_nothing_is_recorded_until_an_operator_accepts_it(engine: Engine) -> None:
    wall, monotonic = [START.timestamp()], [0.0]
    ledger = toy_ledger(engine, clock=SystemClock(lambda: wall[0], lambda: monotonic[0]))
    ledger.execute(OPENING, actor="O")
    ledger.execute(a_note("one"), actor=ACTOR, command_id="c1")
    wall[0] += 3600
    with pytest.raises(ClockLeapt):
        ledger.execute(a_note("two"), actor=ACTOR)
    assert ledger.execute(a_note("one"), actor=ACTOR, command_id="c1").repeated
    with pytest.raises(NotPermitted):
        ledger.execute(AcceptClock(why="looked"), actor=ACTOR)
    with pytest.raises(ClockLeapt):
        ledger.execute(a_note("two"), actor=ACTOR)
    accepted = ledger.execute(AcceptClock(why="looked"), actor="O", command_id="c2")
    assert accepted.recorded_at == START + timedelta(hours=1)
    assert ledger.execute(a_note("two"), actor=ACTOR).positions == (4,)


def test_an_acceptance_sent_again_does_not_accept_the_next_leap(engine: Engine) -> None:
    wall = [START.timestamp()]
    ledger = toy_ledger(engine, clock=SystemClock(lambda: wall[0], lambda: 0.0))
    ledger.execute(OPENING, actor="O")
    ledger.execute(AcceptClock(why="looked"), actor="O", command_id="c1")
    wall[0] += 3600
    assert ledger.execute(AcceptClock(why="looked"), actor="O", command_id="c1").repeated
    with pytest.raises(ClockLeapt):
        ledger.execute(a_note("two"), actor=ACTOR)


# sealed words


def test_sealed_words_are_kept_beside_the_fact_and_are_no_part_of_it(ledger: Ledger) -> None:
    ledger.execute(Whisper(person=person("P1"), words=Sealed("李四"), more=Sealed("病假")), actor=ACTOR)
    (fact,) = ledger.read()
    (row,) = ledger.rows()
    assert isinstance(fact.event, Whispered)
    assert fact.event.more is not None
    digests = [fact.event.words.digest, fact.event.more.digest]
    assert ledger.words(digests) == dict(zip(digests, ("李四", "病假"), strict=True))
    assert "李四".encode() not in row.entry


def test_the_same_words_are_sealed_under_another_digest_each_time(ledger: Ledger) -> None:
    for _ in range(3):
        ledger.execute(Whisper(person=person("P1"), words=Sealed("李四")), actor=ACTOR)
    assert len({fact.event.words.digest for fact in ledger.read() if isinstance(fact.event, Whispered)}) == 3


def test_erased_words_are_gone_and_the_ledger_still_verifies(ledger: Ledger) -> None:
    ledger.execute(OPENING, actor="O")
    for words in ("李四", "王五"):
        ledger.execute(Whisper(person=person("P1"), words=Sealed(words)), actor=ACTOR)
    first, second = (f.event.words.digest for f in ledger.read(after=1) if isinstance(f.event, Whispered))
    root = ledger.head().root
    ledger.execute(EraseSealed(digests=(first,), ordered_by="本人", ground="申请"), actor="O")
    assert ledger.words([first, second]) == {second: "王五"}
    assert ledger.head().root != root
    assert verify(ledger).findings == ()


def test_erased_words_are_not_left_in_the_file(sqlite_url: str, opened: Opener) -> None:
    ledger = toy_ledger(opened(sqlite_url))
    ledger.execute(OPENING, actor="O")
    ledger.execute(Whisper(person=person("P1"), words=Sealed("unmistakable")), actor=ACTOR)
    (digest,) = [f.event.words.digest for f in ledger.read() if isinstance(f.event, Whispered)]
    directory = Path(sqlite_url.removeprefix("sqlite:///")).parent
    assert [path for path in directory.iterdir() if b"unmistakable" in path.read_bytes()]
    ledger.execute(EraseSealed(digests=(digest,), ordered_by="P1", ground="asked"), actor="O")
    assert [path for path in directory.iterdir() if b"unmistakable" in path.read_bytes()] == []


def test_many_words_are_found_at_once(ledger: Ledger) -> None:
    for number in range(120):
        ledger.execute(Whisper(person=person("P1"), words=Sealed(f"w{number}")), actor=ACTOR)
    digests = [fact.event.words.digest for fact in ledger.read() if isinstance(fact.event, Whispered)]
    assert list(ledger.words(digests).values()).__len__() == 120
    assert ledger.words([*digests, "unknown"]) == {d: f"w{number}" for number, d in enumerate(digests)}
    assert ledger.words([]) == {}


# attachments


def test_an_attachment_is_kept_with_the_fact_that_mentions_it(ledger: Ledger) -> None:
    ledger.execute(FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256)), actor=ACTOR, attachments=[PAPER])
    assert ledger.attachment(PAPER.sha256) == PAPER
    assert ledger.attachment(CHARTER.sha256) is None


def test_an_attachment_that_came_neither_now_nor_before_is_missed(ledger: Ledger) -> None:
    filing = FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256))
    with pytest.raises(Refused, match="attachment-missing"):
        ledger.execute(filing, actor=ACTOR)
    ledger.execute(filing, actor=ACTOR, attachments=[PAPER])
    assert ledger.execute(filing, actor=ACTOR).positions == (2,)


def test_an_attachment_is_stored_once_and_an_unmentioned_one_not_at_all(ledger: Ledger, engine: Engine) -> None:
    for _ in range(2):
        filing = FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256))
        ledger.execute(filing, actor=ACTOR, attachments=[PAPER, CHARTER])
    assert count(engine, "attachments") == 1


def test_an_attachment_under_a_wrong_name_is_refused(ledger: Ledger) -> None:
    forged = Attachment(PAPER.sha256, "text/plain", b"other")
    with pytest.raises(Refused, match="attachment-altered"):
        ledger.execute(FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256)), actor=ACTOR, attachments=[forged])


def test_a_decision_reads_the_documents_that_facts_name(ledger: Ledger) -> None:
    adoption = AdoptCharter(charter=RulebookId("C1"), text=Document(CHARTER.sha256))
    ledger.execute(adoption, actor=ACTOR, attachments=[CHARTER])
    for _ in range(2):
        ledger.execute(ReadCharter(charter=RulebookId("C1"), person=person("P1")), actor=ACTOR)
    assert [f.event.words for f in ledger.read() if isinstance(f.event, Noted)] == ["6", "6"]
    charters = ledger.fold(Charters)
    assert isinstance(charters, Charters)
    assert charters.texts == {"C1": CHARTER.content}


# sizes


def test_a_fact_of_just_under_64_kib_is_kept_and_one_that_is_larger_refused_in_words(
    ledger: Ledger, engine: Engine
) -> None:
    kept = ledger.execute(a_note("x"), actor=ACTOR, command_id="c1")
    room = 65_535 - len(next(ledger.rows()).entry) + 1
    ledger.execute(a_note("x" * room), actor=ACTOR, command_id="c2")
    assert [len(row.entry) for row in ledger.rows(after=1)] == [65_535]
    with pytest.raises(Refused, match="entry-too-large") as refused:
        ledger.execute(a_note("x" * (room + 1)), actor=ACTOR, command_id="c3")
    assert "65536" in refused.value.why.zh
    assert (kept.positions, ledger.head().size, count(engine, "tags"), count(engine, "commands")) == ((1,), 2, 2, 2)


def test_nothing_is_left_behind_where_a_later_fact_of_a_command_is_too_large(ledger: Ledger, engine: Engine) -> None:
    with pytest.raises(Refused, match="entry-too-large"):
        ledger.execute(
            Whisper(person=person("P1"), words=Sealed("x"), more=Sealed("y")), actor=ACTOR, on_behalf_of="z" * 70_000
        )
    assert [count(engine, name) for name in ("facts", "tags", "sealed", "commands")] == [0, 0, 0, 0]


# append-only


@pytest.mark.parametrize("name", ["facts", "tags", "commands", "attachments", "sealed", "head"])
@pytest.mark.parametrize("change", ["UPDATE {} SET ledger_id = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_was_recorded(
    ledger: Ledger, engine: Engine, name: str, change: str
) -> None:
    ledger.execute(Whisper(person=person("P1"), words=Sealed("x")), actor=ACTOR)
    ledger.execute(FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256)), actor=ACTOR, attachments=[PAPER])
    if (name, change[:6]) in {("sealed", "DELETE"), ("head", "UPDATE")}:
        return  # what appending and erasing need
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format(table(engine, name))))
    assert verify(ledger).findings == ()


def test_a_row_cannot_be_replaced_either(ledger: Ledger, engine: Engine) -> None:
    ledger.execute(a_note("one"), actor=ACTOR)
    replace = "INSERT OR REPLACE INTO facts SELECT * FROM facts"
    upsert = (
        "INSERT INTO ledger.facts SELECT * FROM ledger.facts ON CONFLICT (ledger_id, position) DO UPDATE SET type = ''"
    )
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(replace if engine.dialect.name == "sqlite" else upsert))


# several ledgers


def test_ledgers_in_one_database_know_nothing_of_each_other(engine: Engine) -> None:
    left, right = toy_ledger(engine, ledger_id="left"), toy_ledger(engine, ledger_id="right")
    for ledger, words in ((left, "l"), (right, "r"), (left, "l")):
        filing = FilePaper(person=person("P1"), paper=Evidence(PAPER.sha256))
        ledger.execute(filing, actor=ACTOR, command_id=f"c{ledger.head().size}", attachments=[PAPER])
        ledger.execute(Whisper(person=person("P1"), words=Sealed(words)), actor=ACTOR)
    assert (left.head().size, right.head().size) == (4, 2)
    digests = [f.event.words.digest for f in left.read() if isinstance(f.event, Whispered)]
    assert right.words(digests) == {}
    everything = right.fold(Everything)
    assert isinstance(everything, Everything)
    assert everything.positions == [1, 2]
    assert [verify(ledger).findings for ledger in (left, right)] == [(), ()]


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "账本", "a\0"])
def test_a_ledger_needs_a_name_that_every_part_can_bear(engine: Engine, name: str) -> None:
    with pytest.raises(Refused, match="malformed-ledger-id"):
        toy_ledger(engine, ledger_id=name)


# reading


def test_readers_stop_at_the_head_they_saw_first(ledger: Ledger) -> None:
    ledger.execute(a_note("one"), actor=ACTOR)
    facts, rows = ledger.read(), ledger.rows()
    assert (next(facts).position, next(rows).position) == (1, 1)
    ledger.execute(a_note("two"), actor=ACTOR)
    assert (list(facts), list(rows)) == ([], [])


def test_recording_while_reading_is_no_trouble(ledger: Ledger) -> None:
    for number in range(3):
        ledger.execute(a_note(str(number)), actor=ACTOR)
    for fact in ledger.read():
        ledger.execute(a_note(f"again {fact.position}"), actor=ACTOR)
    assert ledger.head().size == 6


Reading = Callable[[Ledger], list[int]]


@pytest.mark.parametrize(
    ("reading", "positions"),
    [
        (lambda ledger: [f.position for f in ledger.read((Round.selector("R2"),))], [2, 4, 6, 8]),
        (
            lambda ledger: [f.position for f in ledger.read((Round.selector("R1"), Round.selector("R2")), limit=3)],
            [1, 2, 3],
        ),
        (lambda ledger: [f.position for f in ledger.read(after=2, upto=5)], [3, 4, 5]),
        (lambda ledger: [f.position for f in ledger.read(after=6, limit=1)], [7]),
        (lambda ledger: [f.position for f in ledger.read(upto=0)], []),
        (lambda ledger: [f.position for f in ledger.read(limit=0)], []),
        (lambda ledger: [r.position for r in ledger.rows((Round.selector("R1"),), after=3, upto=99)], [5, 7]),
    ],
)
def test_a_part_can_be_read(
    ledger: Ledger, reading: Reading, positions: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.paging.PAGE_ROWS", 2)
    for number in range(8):
        ledger.execute(an_objection(f"R{number % 2 + 1}", f"O{number}"), actor=ACTOR)
    assert reading(ledger) == positions
