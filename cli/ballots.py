"""Ballot boxes at the terminal: opening, printing slips, voting, keying in paper, closing.

What is voted comes from a file or from standard input, never from an argument, which shells and process lists keep;
and it goes to no output, log or message. Slips' codes come the same way.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import msgspec
import typer

from cli.derived import actor_of, print_receipt
from cli.exits import Exit, refuse, stop
from cli.options import AS, JSON, settings_of
from cli.printing import print_json
from cli.receipts_at_once import RECEIPT, require_ready, write_receipts
from cli.settings import Settings
from cli.wiring import installation
from domain.ballot_closing import CloseBox, VoidBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import PrintSlips, ReturnSheet
from domain.ballot_sheets import Marks
from domain.decision import Command, Refused
from domain.json_in import NotJson, read_json
from domain.text import Language, Text
from ledger.ballot_boxes import Keeper
from ledger.ballot_files import BoxFiles
from ledger.ballot_marks import RECORDED, UNREADABLE, read_marks
from ledger.ballot_paper import compare_sheets, key_in, take_back
from ledger.failures import InDoubt
from paper.forms.meetings import slips
from paper.setting import pdf
from projections.proven import slip_returned

BY_HAND: frozenset[type[Command]] = frozenset({OpenBox, PrintSlips, ReturnSheet, CloseBox, VoidBox})
"""Commands of the domain that have their sub-command here, for only the keeper of the box can issue them."""
PANEL = "ballots"
MOST_CHARACTERS = 1_000_000
"""Of a sheet or a list of slips, which are read into memory whole."""
EVEN_VOID = "even_if_void"
"""In a sheet, not an option: it would tell what lies in the box."""
BOX = Annotated[str, typer.Option("--box", help="id of the ballot box")]
GROUP = Annotated[str, typer.Option("--group", help="the group of voters: members, representatives, masses …")]
FOR = Annotated[str | None, typer.Option("--for", help="the body that decided")]
SHEET = Annotated[
    str,
    typer.Option(
        "--sheet",
        help="@FILE or - (standard input): JSON object, person id → mark; left out is blank; "
        'with "even_if_void": "yes" it is cast although it would be void',
    ),
]


def add_ballots(app: typer.Typer) -> None:
    """Add the sub-commands; those in `BY_HAND` stand in place of the derived ones."""
    for name, run in (
        ("open-box", open_box),
        ("print-slips", print_slips),
        ("vote", vote),
        ("key-in", key_in_sheet),
        ("compare-sheets", compare),
        ("box-status", box_status),
        ("close-box", close_box),
        ("void-box", void_box),
    ):
        app.command(name, rich_help_panel=PANEL)(run)


@contextmanager
def _keeper(settings: Settings, *, as_json: bool = False) -> Iterator[Keeper]:
    """Lend the keeper of the boxes beside the ledger; a refusal ends with its code, and says nothing of a sheet."""
    with installation(settings) as installed:
        keeper = Keeper(installed.ledger, BoxFiles(settings.data))
        try:
            keeper.sweep()
            yield keeper
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
        except InDoubt:
            stop(Exit.UNEXPECTED, _IN_DOUBT, settings.language)


def open_box(  # noqa: PLR0913 - the options of a command
    ctx: typer.Context,
    box: BOX,
    round_id: Annotated[str, typer.Option("--round", help="the round it is for")],
    component: Annotated[str, typer.Option(help="the component that is voted on, or staff: those outside the Party")],
    meeting: Annotated[str | None, typer.Option(help="the meeting it is held in")] = None,
    subject: Annotated[list[str] | None, typer.Option(help="whom to vote on (all evaluated); may be repeated")] = None,
    voter: Annotated[list[str] | None, typer.Option(help="PERSON=GROUP, or @FILE with one a line; repeated")] = None,
    slips: Annotated[list[str] | None, typer.Option(help="GROUP=COUNT of voices without a name; repeated")] = None,
    closes_by: Annotated[str | None, typer.Option(help="until when sheets are taken (RFC 3339)")] = None,
    teller: Annotated[list[str] | None, typer.Option(help="who keys in paper; repeated")] = None,
    actor: AS = None,
    on_behalf_of: FOR = None,
    *,
    as_json: JSON = False,
) -> None:
    """Open a ballot box on a component: who votes by name, how many without, and on whom (all evaluated, by default).

    Its key is born now, beside the database and not in it, and destroyed when the box is closed.
    """
    settings = settings_of(ctx)
    asked = {
        "box": box,
        "round": round_id,
        "component": component,
        "keeper": "",
        "meeting": meeting,
        "subjects": subject or [],
        "voters": [{"person": left, "group": right} for left, right in _pairs(voter, settings)],
        "slips": [{"group": left, "count": right} for left, right in _pairs(slips, settings)],
        "closes_by": closes_by,
        "tellers": teller or [],
    }
    command = _converted(asked, settings)
    with _keeper(settings, as_json=as_json) as keeper:
        receipt = keeper.open(command, actor=actor_of(actor, settings), on_behalf_of=on_behalf_of)
    print_receipt(receipt, settings, as_json=as_json)


def print_slips(  # noqa: PLR0913 - the options of a command
    ctx: typer.Context,
    box: BOX,
    group: GROUP,
    count: Annotated[int, typer.Option(help="how many", min=1)],
    out: Annotated[
        Path, typer.Option(help="a new file (.pdf: to cut apart), or - for standard output: to the printer")
    ],
    actor: AS = None,
) -> None:
    """Print one-time slips for a group whose voices have no names; the codes are shown this once and kept nowhere."""
    settings = settings_of(ctx)
    said_by = actor_of(actor, settings)
    with _keeper(settings) as keeper:
        state = keeper.status(box)

        def deliver(codes: Sequence[str]) -> None:
            if out.suffix == ".pdf":
                _write_slips(out, pdf(slips(state.box, group, codes)), settings)
            else:
                _write_slips(
                    out, _strip([_slip(state.box, group, code, settings.language) for code in codes]), settings
                )

        receipt = keeper.print_slips(box, group, count, actor=said_by, deliver=deliver)
    if out != Path("-"):
        print_receipt(receipt, settings, as_json=False)


def vote(  # noqa: PLR0913 - the options of a command
    ctx: typer.Context,
    box: BOX,
    sheet: SHEET,
    slip: Annotated[str | None, typer.Option(help="@FILE or -: the code on a one-time slip")] = None,
    actor: AS = None,
    receipt: RECEIPT = None,
) -> None:
    """Drop one's own sheet into the box; voting again before the close replaces it.

    A receipt proves that a sheet came back, and nothing about what was voted; of a slip there is no fact to prove.
    """
    settings = settings_of(ctx)
    if slip == sheet == "-" or (slip is not None and (actor is not None or receipt is not None)):
        stop(Exit.USAGE, _ONE_OR_THE_OTHER, settings.language)
    marks, even_void = _marks(sheet, settings)
    code = None if slip is None else _private(slip, settings)
    with _keeper(settings) as keeper:
        if code is None:
            require_ready(keeper.ledger, receipt, settings)
            voter = actor_of(actor, settings)
            keeper.vote(box, voter, marks, even_void=even_void)
            write_receipts(keeper.ledger, slip_returned(keeper.ledger, box, voter), receipt, settings)
        else:
            keeper.vote_by_slip(box, code, marks, even_void=even_void)
    sys.stdout.write(_TAKEN.said_in(settings.language) + "\n")
    sys.stderr.write(RECORDED.said_in(settings.language) + "\n")


def key_in_sheet(  # noqa: PLR0913 - the options of a command
    ctx: typer.Context,
    box: BOX,
    group: GROUP,
    number: Annotated[int, typer.Option(help="the number that the tellers wrote on the sheet", min=1)],
    sheet: Annotated[
        str, typer.Option("--sheet", help="@FILE or -: as for vote; several marks in a row as a list")
    ] = "",
    actor: AS = None,
    *,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="take back what one keyed in under this number")] = False,
) -> None:
    """Key in a sheet of paper, as one of two tellers; both must read the same before the box can be closed."""
    settings = settings_of(ctx)
    teller = actor_of(actor, settings)
    marks = None if withdraw else _marks(sheet, settings)[0]
    with _keeper(settings) as keeper, keeper.lent(box) as held:
        if marks is None:
            take_back(held, group, number, actor=teller)
        else:
            key_in(held, group, number, marks, actor=teller)
    sys.stdout.write(_KEYED.said_in(settings.language) + "\n")


def compare(ctx: typer.Context, box: BOX, actor: AS = None, *, as_json: JSON = False) -> None:
    """Say which paper sheets the two tellers have keyed in differently, by number and row, never what they say."""
    settings = settings_of(ctx)
    with _keeper(settings, as_json=as_json) as keeper, keeper.lent(box) as held:
        found = compare_sheets(held, actor=actor_of(actor, settings))
    if as_json:
        print_json(found)
        return
    for each in found:
        rows = ",".join(map(str, each.rows)) or "-"
        sys.stdout.write(f"{each.group}\t{each.number}\t{rows}\t{','.join(each.keyed_by)}\n")


def box_status(ctx: typer.Context, box: BOX, *, as_json: JSON = False) -> None:
    """Say how many sheets went out and came back; never, before the close, what is on them."""
    settings = settings_of(ctx)
    with _keeper(settings, as_json=as_json) as keeper:
        status = keeper.status(box)
    if as_json:
        print_json(status)
        return
    over = Text("已封存或作废", "over") if status.over else Text("开放", "open")
    said = Text(
        f"{status.box}：{over.zh}；应投 {status.entitled}，发出 {status.issued}，收回 {status.returned}。",
        f"{status.box}: {over.en}; {status.entitled} voices, {status.issued} issued, {status.returned} returned.",
    )
    sys.stdout.write(said.said_in(settings.language) + "\n")


def close_box(
    ctx: typer.Context, box: BOX, actor: AS = None, on_behalf_of: FOR = None, *, as_json: JSON = False
) -> None:
    """Close a box and count its sheets; what cannot be shown is withheld. Its key is destroyed."""
    settings = settings_of(ctx)
    with _keeper(settings, as_json=as_json) as keeper:
        receipt = keeper.close(box, actor=actor_of(actor, settings), on_behalf_of=on_behalf_of)
    if receipt is None:
        sys.stderr.write(_OVER.said_in(settings.language) + "\n")
    else:
        print_receipt(receipt, settings, as_json=as_json)


def void_box(
    ctx: typer.Context,
    box: BOX,
    why: Annotated[str, typer.Option(help="the reason, for everybody to read")],
    actor: AS = None,
    on_behalf_of: FOR = None,
) -> None:
    """Declare that nothing of a box counts, and why: it was lost, or the ballot was disturbed."""
    settings = settings_of(ctx)
    with _keeper(settings) as keeper:
        receipt = keeper.void(box, why, actor=actor_of(actor, settings), on_behalf_of=on_behalf_of)
    print_receipt(receipt, settings, as_json=False)


def _converted(asked: dict[str, Any], settings: Settings) -> OpenBox:
    try:
        command = msgspec.convert(asked, OpenBox, strict=False)
    except msgspec.ValidationError as error:
        stop(Exit.USAGE, Text(f"选项的值不对：{error}", f"An option's value does not fit: {error}"), settings.language)
    if isinstance(command.closes_by, datetime) and command.closes_by.tzinfo is None:
        stop(Exit.USAGE, _OFFSET, settings.language)
    return command


def _pairs(given: list[str] | None, settings: Settings) -> Iterator[tuple[str, str]]:
    for words in given or []:
        lines = _private(words, settings).split() if words.startswith("@") else [words]
        for line in lines:
            left, found, right = line.partition("=")
            if not found:
                stop(Exit.USAGE, _PAIRS, settings.language)
            yield left, right


def _marks(sheet: str, settings: Settings) -> tuple[Marks, bool]:
    """Return a filled-in sheet, and whether it is to be cast even if void; what is wrong with it is not said."""
    try:
        decoded = read_json(_private(sheet, settings))
        even_void = isinstance(decoded, dict) and decoded.pop(EVEN_VOID, None) is not None
        return read_marks(decoded), even_void
    except (NotJson, Refused):
        stop(Exit.REFUSED, UNREADABLE, settings.language)


def _private(words: str, settings: Settings) -> str:
    """Return what a file or standard input says; what stands in the argument itself is refused."""
    if words == "-":
        return _limited(sys.stdin, settings)
    if not words.startswith("@"):
        stop(Exit.USAGE, _NOT_AS_ARGUMENT, settings.language)
    try:
        with Path(words[1:]).open(encoding="utf-8") as file:
            return _limited(file, settings)
    except (OSError, UnicodeDecodeError):
        stop(Exit.NOT_FOUND, _NO_FILE, settings.language)


def _limited(file: TextIO, settings: Settings) -> str:
    content = file.read(MOST_CHARACTERS + 1)
    if len(content) > MOST_CHARACTERS:
        stop(Exit.USAGE, _TOO_LONG, settings.language)
    return content


def _slip(box: str, group: str, code: str, language: Language) -> str:
    said = Text(
        f"一次性选票凭条\n票箱：{box}　　评议组：{group}\n代码：{code}\n封箱前可用同一代码改投。{RECORDED.zh}\n",
        f"One-time slip\nballot box: {box}    group: {group}\ncode: {code}\n"
        f"Until the box closes the same code may be used to change one's vote. {RECORDED.en}\n",
    )
    return said.said_in(language)


def _strip(each: Sequence[str]) -> bytes:
    return ("\n" + "-" * 60 + "\n").join(each).encode()


def _write_slips(out: Path, content: bytes, settings: Settings) -> None:
    if out == Path("-"):
        sys.stdout.write(content.decode())
        sys.stdout.flush()
        return
    try:
        descriptor = os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        stop(Exit.CONFLICT, _EXISTS, settings.language)
    except OSError:
        stop(Exit.NOT_FOUND, _NO_FILE, settings.language)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


_TAKEN = Text("选票已投入票箱。", "The sheet is in the box.")
_KEYED = Text("已录入。", "Noted.")
_OVER = Text("票箱此前已封存或作废，没有新事实。", "The box was over already; nothing new was recorded.")
_IN_DOUBT = Text(
    "数据库没有答复是否已登记；请再投一次，不会重复。", "It is in doubt whether this was kept; do it again."
)
_ONE_OR_THE_OTHER = Text(
    "凭条代码与 --as 只能用一种，凭条没有回执；代码和选票不能都从标准输入读。",
    "Vote either by --slip, which has no receipt, or by --as; slip and sheet cannot both come from standard input.",
)
_OFFSET = Text("截止时间须带时区，如 2026-01-05T18:00:00+08:00。", "Write --closes-by with an offset, such as +08:00.")
_PAIRS = Text("请写成 人员=评议组 或 评议组=数量。", "Write PERSON=GROUP, or GROUP=COUNT.")
_NOT_AS_ARGUMENT = Text(
    "选票和代码不能写在命令行上，会被系统记下；请用 @文件 或 -（标准输入）。",
    "Sheets and codes do not belong on the command line, which systems keep; use @FILE or - (standard input).",
)
_TOO_LONG = Text(
    "文件太长，不像一张选票或一份凭条清单；请核对文件。",
    "That is too long for a sheet or a list of slips; check the file.",
)
_NO_FILE = Text("读写不了该文件；请核对路径。", "The file cannot be read or written; check the path.")
_EXISTS = Text("文件已存在，不覆盖；请换一个文件名。", "The file exists and is not overwritten; choose another name.")
