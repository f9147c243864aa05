"""Voting at the terminal: from the opening to the counts, and that no sheet or code is ever said or kept."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import typer

from cli.ballots import BY_HAND, add_ballots
from cli.exits import Exit, Stop
from cli.signing import signer_directory
from domain.ballots import BallotsCounted, BoxClosed, BoxOpened, BoxVoided, SlipReturned
from domain.catalogue import CATALOGUE
from ledger.receipt import Receipt
from ledger.signer import Signer
from tests.cli.conftest import NAMES, RECORDER, ROUND, Desk, Said, settings

VOTERS = [str(person) for person in NAMES][:6]
CANARY = 37
"""Points that nobody gives by chance."""
OPENING = ("open-box", "--box", "B1", "--round", ROUND, "--component", "masses")
VOICES = tuple(word for person in VOTERS for word in ("--voter", f"{person}=masses"))

Box = Callable[..., Said]


@pytest.fixture
def box(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Box:
    """Return how to run one command line of the ballots' sub-commands; `stdin` is what is typed."""
    app = typer.Typer()
    add_ballots(app)

    def run(*words: str, actor: str | None = RECORDER, stdin: str = "", lang: str = "en") -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        try:
            app(list(words), obj=settings(desk.data, actor, lang), standalone_mode=False)
            code = Exit.OK
        except Stop as ended:
            code = ended.code
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., str]:
    """Return how to write a sheet that gives everybody but the voter the same points."""

    def write(voter: str | None = None, points: int = 80, **more: str) -> str:
        path = tmp_path / "sheet.json"
        marks = {str(person): str(points) for person in NAMES if person != voter}
        path.write_text(json.dumps(marks | more), encoding="utf-8")
        return f"@{path}"

    return write


def voted(box: Box, sheet: Callable[..., str]) -> None:
    for voter in VOTERS:
        said = box("vote", "--box", "B1", "--as", voter, "--sheet", sheet(voter))
        assert said.code == Exit.OK, said.err


def test_a_ballot_from_its_opening_to_its_counts(box: Box, desk: Desk, sheet: Callable[..., str]) -> None:
    assert box(*OPENING, *VOICES).code == Exit.OK
    voted(box, sheet)
    status = box("box-status", "--box", "B1", "--json").document
    assert (status["entitled"], status["issued"], status["returned"]) == (6, 6, 6)
    assert box("close-box", "--box", "B1", "--json").document["positions"]
    (done,) = desk.events(BoxClosed)
    assert (done.returned, done.valid, done.void) == (6, 6, 0)
    assert {each.valid for each in desk.events(BallotsCounted)} == {5, 6}
    assert box("close-box", "--box", "B1").code == Exit.OK
    assert box("vote", "--box", "B1", "--as", VOTERS[0], "--sheet", sheet(VOTERS[0])).code == Exit.CONFLICT


def test_one_sentence_says_what_is_recorded_and_what_is_not(box: Box, sheet: Callable[..., str]) -> None:
    box(*OPENING, *VOICES)
    said = box("vote", "--box", "B1", "--as", VOTERS[0], "--sheet", sheet(VOTERS[0]), lang="zh")
    assert "登记的只是谁投过票" in said.err


def test_whoever_holds_a_slip_votes_without_a_name(box: Box, sheet: Callable[..., str], tmp_path: Path) -> None:
    box(*OPENING, *VOICES, "--slips", "masses=2")
    slips = tmp_path / "slips.txt"
    printing = ("print-slips", "--box", "B1", "--group", "masses", "--count", "2", "--out", str(slips))
    assert box(*printing).code == Exit.OK
    codes = [line.removeprefix("code: ") for line in slips.read_text().splitlines() if line.startswith("code: ")]
    assert len(set(codes)) == 2
    slip = tmp_path / "slip.txt"
    slip.write_text(codes[0] + "\n")
    words = ("vote", "--box", "B1", "--sheet", sheet(None, CANARY))
    assert box(*words, "--slip", f"@{slip}", actor=None).code == Exit.OK
    assert box(*words, "--slip", "-", actor=None, stdin=codes[1]).code == Exit.OK
    assert box(*words, "--slip", "-", actor=None, stdin="0000-0000-0000-0000").code == Exit.NOT_FOUND
    assert box("box-status", "--box", "B1", "--json").document["returned"] == 2


def test_slips_to_cut_apart_are_a_pdf_for_the_owner_alone(box: Box, tmp_path: Path) -> None:
    box(*OPENING, *VOICES, "--slips", "masses=2")
    slips = tmp_path / "slips.pdf"
    printing = ("print-slips", "--box", "B1", "--group", "masses", "--count", "2", "--out", str(slips))
    assert box(*printing).code == Exit.OK
    assert slips.read_bytes().startswith(b"%PDF")
    assert slips.stat().st_mode & 0o777 == 0o600


def test_slips_are_never_printed_over_a_file_and_such_a_try_costs_no_voice(box: Box, tmp_path: Path) -> None:
    box(*OPENING, *VOICES, "--slips", "masses=1")
    taken = tmp_path / "slips.txt"
    taken.write_text("mine")
    printing = ("print-slips", "--box", "B1", "--group", "masses", "--count", "1", "--out")
    assert box(*printing, str(taken)).code == Exit.CONFLICT
    assert taken.read_text() == "mine"
    said = box(*printing, "-")
    assert said.code == Exit.OK
    assert said.out.count("code: ") == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--sheet", '{"P02": "37"}', "--as", "P01"), Exit.USAGE),
        (("--sheet", "-", "--slip", "7K2M-0QXD-9TZ4-HB3W"), Exit.USAGE),
        (("--sheet", "-", "--slip", "-"), Exit.USAGE),
        (("--sheet", "@/nowhere/at-all", "--as", "P01"), Exit.NOT_FOUND),
        (("--sheet", "-", "--as", "P08"), Exit.NOT_PERMITTED),
    ],
)
def test_sheets_and_codes_never_stand_on_the_command_line(box: Box, words: tuple[str, ...], code: Exit) -> None:
    box(*OPENING, *VOICES)
    assert box("vote", "--box", "B1", *words, actor=None, stdin='{"P02": "37"}').code == code


@pytest.mark.parametrize("stdin", ["", "37", "[37]", '{"P02": 37}', '{"P02": "370"}', '{"P37": "1"}'])
def test_a_sheet_that_cannot_be_read_is_refused_without_a_word_of_it(box: Box, stdin: str) -> None:
    box(*OPENING, *VOICES)
    said = box("vote", "--box", "B1", "--as", "P01", "--sheet", "-", stdin=stdin)
    assert said.code == Exit.REFUSED
    assert "37" not in said.out + said.err


def test_a_sheet_that_would_be_void_is_cast_only_if_the_sheet_itself_says_so(box: Box) -> None:
    box(*OPENING, *VOICES)
    marks = {str(person): ["80", "90"] for person in NAMES if person != "P01"}
    words = ("vote", "--box", "B1", "--as", "P01", "--sheet", "-")
    assert box(*words, stdin=json.dumps(marks)).code == Exit.REFUSED
    assert box(*words, stdin=json.dumps(marks | {"even_if_void": "yes"})).code == Exit.OK


def test_what_was_voted_lies_nowhere_in_plain(box: Box, desk: Desk, sheet: Callable[..., str], tmp_path: Path) -> None:
    box(*OPENING, *VOICES)
    said = [box("vote", "--box", "B1", "--as", voter, "--sheet", sheet(voter, CANARY)) for voter in VOTERS]
    (tmp_path / "sheet.json").unlink()
    rows = [bytes([CANARY] * 6), b"25" * 6, f'"{CANARY}"'.encode()]
    files = [path for path in desk.data.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".db", ".key", ".box"}
    assert [path.name for path in files if any(row in path.read_bytes() for row in rows)] == []
    assert not any(str(CANARY) in each.out + each.err for each in said)


def test_paper_is_keyed_in_twice_compared_and_counted(box: Box, desk: Desk, sheet: Callable[..., str]) -> None:
    box(*OPENING, *VOICES, "--slips", "masses=1", "--teller", "P06", "--teller", "P07")
    keying = ("key-in", "--box", "B1", "--group", "masses", "--number", "1", "--sheet")
    assert box(*keying, sheet(None, 60), actor="P06").code == Exit.OK
    assert box(*keying, sheet(None, 60, P03="61"), actor="P07").code == Exit.OK
    (difference,) = json.loads(box("compare-sheets", "--box", "B1", "--json", actor="P06").out)
    assert (difference["number"], difference["rows"]) == (1, [3])
    closing = box("close-box", "--box", "B1")
    assert closing.code == Exit.REFUSED
    assert "61" not in closing.err
    assert box(*keying, sheet(None, 60), actor="P07").code == Exit.OK
    assert box("compare-sheets", "--box", "B1", actor="P06").out == ""
    voted(box, sheet)
    box("close-box", "--box", "B1")
    (void,) = desk.events(BoxVoided)
    assert void.cause == "more-returned-than-issued"


def test_a_box_that_was_disturbed_is_declared_void(box: Box, desk: Desk) -> None:
    box(*OPENING, *VOICES)
    assert box("void-box", "--box", "B1", "--why", "断电").code == Exit.OK
    assert not list((desk.data / "keys").glob("*.key"))
    assert box("box-status", "--box", "B1", "--json").document["over"]


def test_voters_may_be_listed_in_a_file_and_a_list_that_says_nothing_is_refused(
    box: Box, desk: Desk, tmp_path: Path
) -> None:
    names = tmp_path / "voters.txt"
    names.write_text("\n".join(f"{person}=masses" for person in VOTERS))
    until = ("--closes-by", "2026-01-05T18:00:00")
    assert box(*OPENING, "--voter", "P01").code == Exit.USAGE
    assert box(*OPENING, "--slips", "masses=many").code == Exit.USAGE
    assert box(*OPENING, "--voter", f"@{names}", *until).code == Exit.USAGE
    assert box(*OPENING, "--voter", f"@{names}", until[0], until[1] + "+08:00").code == Exit.OK
    (opened,) = desk.events(BoxOpened)
    assert [voter.person for voter in opened.voters] == VOTERS


def test_only_the_keeper_s_commands_are_made_by_hand_and_under_the_domain_s_own_names() -> None:
    app = typer.Typer()
    add_ballots(app)
    names = {command.name for command in app.registered_commands}
    assert {kind.NAME for kind in BY_HAND} <= names
    assert set(CATALOGUE.deciders) >= BY_HAND


def test_a_returned_sheet_is_proved_at_once_without_a_word_of_what_was_voted(
    box: Box, desk: Desk, sheet: Callable[..., str], tmp_path: Path
) -> None:
    ledger_id = desk.read(lambda ledger: ledger.ledger_id)
    signing = Signer(signer_directory(settings(desk.data), None) / ledger_id)
    signing.be_born("example.org/committee")
    assert box(*OPENING, *VOICES).code == Exit.OK
    for number in range(2):  # the second sheet replaces the first: that one came back is proved again
        file = tmp_path / f"slip-{number}.tlog-proof"
        words = ("vote", "--box", "B1", "--as", VOTERS[0], "--sheet", sheet(VOTERS[0], CANARY))
        assert box(*words, "--receipt", str(file)).code == Exit.OK
        receipt = Receipt.parse(file.read_bytes())
        assert receipt.verified(receipt.extra, [signing.verifier()]).head.size >= receipt.index + 1
        assert json.loads(receipt.extra)["type"] == SlipReturned.NAME
        assert str(CANARY).encode() not in msgspec.json.encode(json.loads(receipt.extra)["data"])


def test_of_a_slip_there_is_no_fact_and_so_no_receipt(box: Box, sheet: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "slip.tlog-proof"
    words = ("vote", "--box", "B1", "--sheet", sheet(), "--slip", "-", "--receipt", str(file))
    assert box(*words, actor=None, stdin="code").code == Exit.USAGE
    assert not file.exists()
