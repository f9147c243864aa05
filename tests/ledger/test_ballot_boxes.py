"""The keeper of boxes: drops, slips, replacement, paper, closing; who may, by when, and what is never shown."""

import json
import stat
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from domain.ballot_boxes import Box
from domain.ballot_returns import HandOutSheets, RecordReturns
from domain.ballot_sheets import BLANK, Marks
from domain.ballots import BallotsCounted, BoxClosed, BoxVoided, SlipReturned
from domain.decision import Conflict, NotFound, NotPermitted, Refused
from ledger.ballot_boxes import Keeper
from ledger.ballot_codes import new_code, read_code
from ledger.ballot_contents import Contents, Dropped, packed, size_of
from ledger.ballot_files import BoxFiles
from ledger.ballot_keys import BoxDamaged, BoxKey
from ledger.ballot_paper import compare_sheets, key_in, take_back
from ledger.clock import SimulatedClock
from ledger.engine import open_database
from ledger.ledger import Ledger
from tests.ledger.ballot_house import (
    BOX,
    MEMBERS,
    NOW,
    REPRESENTATIVES,
    SECRETARY_OF_IT,
    TELLERS,
    counts,
    house,
    ledger_on,
    opening,
    sheet,
)
from tests.ledger.conftest import Opener


@pytest.fixture
def ledger(opened: Opener) -> Ledger:
    return house(opened("sqlite://"))


@pytest.fixture
def keeper(ledger: Ledger, tmp_path: Path) -> Keeper:
    return Keeper(ledger, BoxFiles(tmp_path))


def opened_with(keeper: Keeper, slips: int = 0) -> list[str]:
    """Open the box and return the codes of so many slips."""
    codes: list[str] = []
    keeper.open(opening(slips=slips), actor=SECRETARY_OF_IT)
    if slips:
        printed(keeper, slips, codes)
    return codes


def printed(keeper: Keeper, count: int, codes: list[str]) -> None:
    keeper.print_slips(BOX, "representatives", count, actor=SECRETARY_OF_IT, deliver=codes.extend)


def everybody_votes(keeper: Keeper, voters: Sequence[str] = MEMBERS) -> None:
    for voter in voters:
        keeper.vote(BOX, voter, sheet(voter))


def closed(keeper: Keeper) -> dict[tuple[str, str], dict[str, int] | None]:
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    return dict(counts([fact.event for fact in keeper.ledger.read()]))


def returns(ledger: Ledger) -> list[str]:
    return [fact.event.person for fact in ledger.read() if isinstance(fact.event, SlipReturned)]


# voting


def test_every_valid_ballot_is_counted_and_nobody_rates_himself(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper)
    assert closed(keeper) == {(person, "members"): {"合格": 6} for person in MEMBERS}


def test_voting_again_before_the_close_replaces_the_sheet_and_is_no_new_fact(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper)
    size = keeper.ledger.head().size
    keeper.vote(BOX, "m1", sheet("m1", "不合格"))
    assert keeper.ledger.head().size == size
    assert closed(keeper)["m2", "members"] == {"合格": 5, "不合格": 1}


def test_a_slip_works_once_and_may_be_used_to_change_its_vote(keeper: Keeper) -> None:
    first, second = opened_with(keeper, slips=2)
    everybody_votes(keeper)
    keeper.vote_by_slip(BOX, first, sheet(None, "不合格"))
    keeper.vote_by_slip(BOX, first.lower().replace("-", " "), sheet(None, "基本合格"))
    keeper.vote_by_slip(BOX, second, sheet(None))
    assert keeper.status(BOX).returned == 9
    assert closed(keeper)["m1", "members+representatives"] == {"合格": 7, "基本合格": 1}


def test_the_use_of_a_slip_leaves_no_fact_and_no_time(keeper: Keeper) -> None:
    (code,) = opened_with(keeper, slips=1)
    size = keeper.ledger.head().size
    keeper.vote_by_slip(BOX, code, sheet(None))
    assert keeper.ledger.head().size == size


def test_a_code_of_nobody_is_refused(keeper: Keeper) -> None:
    opened_with(keeper, slips=1)
    with pytest.raises(NotFound, match="slip-unknown"):
        keeper.vote_by_slip(BOX, new_code(), sheet(None))


def test_no_more_slips_are_printed_than_a_group_has_voices(keeper: Keeper) -> None:
    opened_with(keeper, slips=2)
    with pytest.raises(Refused, match="more-slips-than-voices"):
        printed(keeper, 1, [])


def test_slips_whose_printing_was_not_recorded_do_not_work_and_cost_no_voice(keeper: Keeper) -> None:
    keeper.open(opening(slips=1), actor=SECRETARY_OF_IT)
    lost: list[str] = []

    def jammed(codes: Sequence[str]) -> None:
        lost.extend(codes)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        keeper.print_slips(BOX, "representatives", 1, actor=SECRETARY_OF_IT, deliver=jammed)
    found: list[str] = []
    with pytest.raises(NotFound):
        keeper.vote_by_slip(BOX, lost[0], sheet(None))
    printed(keeper, 1, found)
    with pytest.raises(NotFound):
        keeper.vote_by_slip(BOX, lost[0], sheet(None))
    keeper.vote_by_slip(BOX, found[0], sheet(None))


def test_who_is_not_on_the_list_cannot_vote_and_nothing_is_kept(keeper: Keeper) -> None:
    opened_with(keeper)
    with pytest.raises(NotPermitted, match="not-on-the-voters-list"):
        keeper.vote(BOX, REPRESENTATIVES[0], sheet(None))
    assert keeper.status(BOX).returned == 0


def test_after_the_closing_time_nothing_is_taken_neither_by_name_nor_by_slip(keeper: Keeper) -> None:
    until = NOW + timedelta(hours=1)
    keeper.open(opening(slips=1, closes_by=until), actor=SECRETARY_OF_IT)
    codes: list[str] = []
    printed(keeper, 1, codes)
    clock = keeper.ledger.clock
    assert isinstance(clock, SimulatedClock)
    clock.set(until - timedelta(microseconds=1))
    keeper.vote(BOX, "m1", sheet("m1"))
    clock.set(until)
    with pytest.raises(Refused, match="voting-over"):
        keeper.vote(BOX, "m1", sheet("m1", "不合格"))
    with pytest.raises(Refused, match="voting-over"):
        keeper.vote(BOX, "m2", sheet("m2"))
    with pytest.raises(Refused, match="voting-over"):
        keeper.vote_by_slip(BOX, codes[0], sheet(None))
    assert keeper.status(BOX).returned == 1


@pytest.mark.parametrize(
    "marks",
    [{"stranger": "合格"}, {"m1": "合格"}, {"m2": "优"}, {"m2": ["合格", "良好"]}],
    ids=["somebody-else", "himself", "unknown-mark", "one-unknown-mark"],
)
def test_a_sheet_that_does_not_fit_is_refused_without_a_word_about_it(
    keeper: Keeper, marks: dict[str, str | list[str]]
) -> None:
    opened_with(keeper)
    with pytest.raises(Refused, match="sheet-does-not-fit") as refused:
        keeper.vote(BOX, "m1", marks)
    assert not {"优", "良好", "stranger", "m2"} & set(refused.value.why.zh.split())
    assert keeper.status(BOX).returned == 0


def test_a_sheet_over_the_cap_is_refused_on_a_screen_unless_it_is_meant(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper)
    with pytest.raises(Refused, match="sheet-would-be-void"):
        keeper.vote(BOX, "m1", sheet("m1", "优秀"))
    keeper.vote(BOX, "m1", sheet("m1", "优秀"), even_void=True)
    assert closed(keeper)["m2", "members"] == {"合格": 5}
    done = next(fact.event for fact in keeper.ledger.read() if isinstance(fact.event, BoxClosed))
    assert (done.issued, done.returned, done.valid, done.void) == (7, 7, 6, 1)


def test_of_two_who_vote_as_the_same_person_at_once_one_sheet_counts(tmp_path: Path, opened: Opener) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    first = Keeper(house(opened(url)), BoxFiles(tmp_path))
    opened_with(first)
    keepers = [first, *(Keeper(ledger_on(opened(url)), BoxFiles(tmp_path)) for _ in range(3))]
    start = threading.Barrier(len(keepers))

    def race(keeper: Keeper) -> None:
        start.wait(30)
        for voter in MEMBERS:
            keeper.vote(BOX, voter, sheet(voter))

    racers = [threading.Thread(target=race, args=(keeper,)) for keeper in keepers]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(returns(first.ledger)) == sorted(MEMBERS)
    assert closed(first) == {(person, "members"): {"合格": 6} for person in MEMBERS}


# before and after the close


def test_before_the_close_only_numbers_of_sheets_are_known(keeper: Keeper) -> None:
    opened_with(keeper)
    keeper.vote(BOX, "m1", sheet("m1"))
    status = keeper.status(BOX)
    assert (status.entitled, status.issued, status.returned, status.over) == (7, 1, 1, False)
    assert not any(isinstance(fact.event, BallotsCounted) for fact in keeper.ledger.read())


def test_counts_of_fewer_than_may_be_shown_are_withheld(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper, MEMBERS[:5])
    found = closed(keeper)
    assert found == {(person, "members"): None if person in MEMBERS[:5] else {"合格": 5} for person in MEMBERS}


def test_all_is_recorded_as_one_batch_in_an_order_that_follows_from_the_box(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper, tuple(reversed(MEMBERS)))
    receipt = keeper.close(BOX, actor=SECRETARY_OF_IT)
    assert receipt is not None
    batch = [fact for fact in keeper.ledger.read() if fact.position in receipt.positions]
    assert len({(fact.recorded_at, fact.command_id, fact.actor) for fact in batch}) == 1
    counted = [fact.event.person for fact in batch if isinstance(fact.event, BallotsCounted)]
    assert counted == list(MEMBERS)


def test_a_second_box_on_the_same_is_refused_for_two_counts_would_show_single_votes(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper)
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    with pytest.raises(Conflict, match="voted-already"):
        keeper.open(opening(MEMBERS[:6], box="box-2"), actor=SECRETARY_OF_IT)


def test_the_key_is_gone_when_the_box_is_closed(keeper: Keeper, tmp_path: Path) -> None:
    opened_with(keeper)
    everybody_votes(keeper)
    (key,) = (tmp_path / "keys").glob("*.key")
    held = key.open("rb")
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    assert held.read() == bytes(32)
    held.close()
    assert not list(tmp_path.glob("*/*.key"))
    assert not list(tmp_path.glob("*/*.box"))


def test_closing_twice_is_closing_once_and_nothing_goes_in_afterwards(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper)
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    size = keeper.ledger.head().size
    assert keeper.close(BOX, actor=SECRETARY_OF_IT) is None
    with pytest.raises(Conflict, match="box-over"):
        keeper.vote(BOX, "m1", sheet("m1"))
    assert keeper.ledger.head().size == size
    assert keeper.status(BOX).over


def test_who_may_not_close_a_box_learns_nothing_and_it_stays(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper)
    with pytest.raises(NotPermitted, match="wrong-office"):
        keeper.close(BOX, actor="m3")
    assert closed(keeper)["m1", "members"] == {"合格": 6}


def test_a_box_that_was_put_back_to_an_earlier_state_is_void(keeper: Keeper, tmp_path: Path) -> None:
    opened_with(keeper)
    (box,) = (tmp_path / "boxes").glob("*.box")
    earlier = box.read_bytes()
    everybody_votes(keeper)
    box.write_bytes(earlier)
    keeper.close(BOX, actor=SECRETARY_OF_IT)
    last = list(keeper.ledger.read())[-1].event
    assert isinstance(last, BoxVoided)
    assert last.cause == "sheets-missing"


def test_an_altered_box_is_refused_and_can_be_voided_and_repeated(keeper: Keeper, tmp_path: Path) -> None:
    opened_with(keeper)
    (box,) = (tmp_path / "boxes").glob("*.box")
    box.write_bytes(box.read_bytes()[:-1] + b"\0")
    with pytest.raises(Refused, match="box-damaged"):
        keeper.vote(BOX, "m1", sheet("m1"))
    keeper.void(BOX, "文件损坏", actor=SECRETARY_OF_IT)
    assert not list(tmp_path.glob("*/*.key"))
    keeper.open(opening(box="box-2"), actor=SECRETARY_OF_IT)


def test_a_box_on_another_machine_is_not_opened_anew(keeper: Keeper, tmp_path: Path) -> None:
    opened_with(keeper)
    elsewhere = Keeper(keeper.ledger, BoxFiles(tmp_path / "elsewhere"))
    with pytest.raises(NotFound, match="box-not-here"):
        elsewhere.open(opening(), actor=SECRETARY_OF_IT)
    with pytest.raises(NotFound, match="box-not-here"):
        elsewhere.vote(BOX, "m1", sheet("m1"))


def test_opening_again_keeps_key_and_sheets(keeper: Keeper) -> None:
    opened_with(keeper)
    keeper.vote(BOX, "m1", sheet("m1"))
    assert keeper.open(opening(), actor=SECRETARY_OF_IT).positions == ()
    assert keeper.status(BOX).returned == 1


def test_an_opening_that_is_refused_leaves_no_key(keeper: Keeper, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        keeper.open(opening(), actor="m3")
    assert not list(tmp_path.glob("*/*.key"))


def test_a_name_that_is_no_id_never_becomes_a_path(keeper: Keeper) -> None:
    for name in ("../box", "a/b", "a\\b"):
        with pytest.raises(NotFound, match="unknown-box"):
            keeper.open(opening(box=name), actor=SECRETARY_OF_IT)


# paper


def test_paper_is_counted_when_two_tellers_read_it_alike(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper, MEMBERS[:6])
    on_paper(keeper)
    for teller in TELLERS:
        with keeper.lent(BOX) as held:
            key_in(held, "members", 1, sheet("m7", "不合格"), actor=teller)
    assert closed(keeper)["m1", "members"] == {"合格": 5, "不合格": 1}
    done = next(fact.event for fact in keeper.ledger.read() if isinstance(fact.event, BoxClosed))
    assert (done.paper, done.tellers) == (1, TELLERS)


def on_paper(keeper: Keeper) -> None:
    """Let the seventh member be handed a sheet of paper and return it."""
    people = (MEMBERS[6],)
    keeper.ledger.execute(HandOutSheets(box=BOX, people=people), actor=SECRETARY_OF_IT)
    keeper.ledger.execute(RecordReturns(box=BOX, people=people), actor=SECRETARY_OF_IT)


def test_differences_are_named_by_number_and_row_and_stop_the_close(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper, MEMBERS[:6])
    on_paper(keeper)
    readings: list[Marks] = [sheet("m7"), {**sheet("m7"), "m2": "不合格", "m4": ["优秀", "合格"]}]
    for teller, reading in zip(TELLERS, readings, strict=True):
        with keeper.lent(BOX) as held:
            key_in(held, "members", 1, reading, actor=teller)
    with keeper.lent(BOX) as held:
        (found,) = compare_sheets(held, actor=TELLERS[0])
    assert (found.group, found.number, found.rows) == ("members", 1, (2, 4))
    with pytest.raises(Refused, match="sheets-differ") as refused:
        keeper.close(BOX, actor=SECRETARY_OF_IT)
    assert "合格" not in refused.value.why.zh


def test_a_sheet_keyed_in_once_stops_the_close_until_it_is_taken_back(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper)
    with keeper.lent(BOX) as held:
        key_in(held, "members", 9, sheet(None), actor=TELLERS[0])
    with pytest.raises(Refused, match="sheets-differ"):
        keeper.close(BOX, actor=SECRETARY_OF_IT)
    with pytest.raises(NotFound), keeper.lent(BOX) as held:
        take_back(held, "members", 9, actor=TELLERS[1])
    with keeper.lent(BOX) as held:
        take_back(held, "members", 9, actor=TELLERS[0])
    assert closed(keeper)


def test_more_paper_than_was_returned_voids_the_box_and_it_may_be_repeated(keeper: Keeper) -> None:
    opened_with(keeper)
    everybody_votes(keeper)
    for teller in TELLERS:
        with keeper.lent(BOX) as held:
            key_in(held, "members", 1, sheet(None), actor=teller)
    assert closed(keeper) == {}
    last = list(keeper.ledger.read())[-1].event
    assert isinstance(last, BoxVoided)
    assert (last.cause, last.issued, last.returned) == ("more-returned-than-issued", 7, 8)
    keeper.open(opening(box="box-2"), actor=SECRETARY_OF_IT)


def test_only_the_two_tellers_key_in(keeper: Keeper) -> None:
    opened_with(keeper)
    with pytest.raises(NotPermitted, match="not-a-teller"), keeper.lent(BOX) as held:
        key_in(held, "members", 1, sheet(None), actor="m1")


# how it lies there


def test_a_box_keeps_size_names_and_times_whatever_is_dropped(keeper: Keeper, tmp_path: Path) -> None:
    codes = opened_with(keeper, slips=2)
    before = listing(tmp_path)
    everybody_votes(keeper)
    keeper.vote(BOX, "m1", {"m2": "基本合格"})
    keeper.vote_by_slip(BOX, codes[0], sheet(None))
    with keeper.lent(BOX) as held:
        key_in(held, "members", 1, sheet(None), actor=TELLERS[0])
    assert listing(tmp_path) == before


def listing(folder: Path) -> list[tuple[str, int, float]]:
    """Return names, sizes and times of what lies beside the database."""
    return sorted(
        (path.name, path.stat().st_size, path.stat().st_mtime) for path in folder.glob("*/*") if path.is_file()
    )


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_keys_and_boxes_are_their_owners_alone_and_in_no_backup(keeper: Keeper, tmp_path: Path) -> None:
    opened_with(keeper)
    files = [path for path in tmp_path.glob("*/*") if path.suffix in (".key", ".box", ".lock")]
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys", tmp_path / "boxes")} == {0o700}
    tags = [(tmp_path / name / "CACHEDIR.TAG").read_bytes() for name in ("keys", "boxes")]
    assert all(tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n") for tag in tags)


def test_two_seals_of_the_same_share_nothing_and_only_its_key_opens_a_box() -> None:
    key, other = BoxKey(b"k" * 32, b"main@a"), BoxKey(b"k" * 32, b"main@b")
    nonces = iter([b"1" * 12, b"2" * 12])
    one, two = (key.seal(bytes(5_000), lambda _: next(nonces)) for _ in range(2))
    assert sum(a == b for a, b in zip(one[12:], two[12:], strict=True)) < 60
    assert key.unseal(one) == key.unseal(two)
    with pytest.raises(BoxDamaged):
        other.unseal(one)


def test_the_fullest_box_fits_its_size_and_the_empty_one_fills_it(keeper: Keeper) -> None:
    keeper.open(opening(slips=5), actor=SECRETARY_OF_IT)
    state = keeper.ledger.fold(Box, BOX)
    assert isinstance(state, Box)
    box = state.require_known()
    rows = bytes([BLANK] * len(MEMBERS)).hex()
    full = Contents({f"{n:032x}": Dropped("representatives", rows, 12) for n in range(12)})
    with keeper.lent(BOX) as held:
        for number in range(1, 13):
            for teller in TELLERS:
                key_in(held, "representatives", 10**9 + number, sheet(None), actor=teller)
        full.paper = held.contents.paper
        with pytest.raises(Refused, match="too-many-sheets"):
            key_in(held, "members", 1, sheet(None), actor=TELLERS[0])
    assert len(packed(full, size_of(box))) == len(packed(Contents(), size_of(box))) == size_of(box)
    with pytest.raises(ValueError, match="outgrew"):
        packed(full, 500)


def test_a_code_has_eighty_bits_and_is_read_however_it_was_typed() -> None:
    code = new_code()
    assert len(json.dumps(code)) == 21
    assert read_code(code) == code
    assert read_code(" o1l0-７K2M-xxxx-ZZZZ\n") == "0110-7K2M-XXXX-ZZZZ"
    assert len({new_code() for _ in range(1_000)}) == 1_000


def test_boxes_lie_beside_either_engine(database_url: str, tmp_path: Path) -> None:
    engine = open_database(database_url)
    try:
        keeper = Keeper(house(engine), BoxFiles(tmp_path))
        opened_with(keeper)
        everybody_votes(keeper)
        assert closed(keeper) == {(person, "members"): {"合格": 6} for person in MEMBERS}
    finally:
        engine.dispose()
