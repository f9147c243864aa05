"""From a preview to one command: errors stop it, without --yes it stays a preview, with it one batch is written.

B-7: one table, one look, one confirmation.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from cli.exits import Exit, refuse, stop
from cli.table_print import print_json, print_lines
from domain.decision import Command, Conflict, Refused
from domain.text import Language, Text
from ledger.ledger import Ledger, Receipt
from ledger.store import Attachment
from workbooks.grid import Grid
from workbooks.table_proposal import Proposal
from workbooks.write_marked import write_marked


@dataclass(frozen=True, slots=True)
class Manner:
    """How the terminal was asked: by whom, in which language, for keeps or not, and where a marked sheet goes."""

    actor: str
    language: Language
    yes: bool = False
    as_json: bool = False
    marked: Path | None = None


def carry_out(proposal: Proposal, ledger: Ledger, workbook: Attachment, grid: Grid, manner: Manner) -> Receipt | None:
    """Show the proposal and, where that was asked for, write it; ends with the exit code of what stands against it."""
    if proposal.faults:
        _give_back(proposal, grid, manner)
    receipt = None if proposal.command is None else _asked(proposal, proposal.command, ledger, workbook, manner)
    _show(proposal, manner, receipt)
    if receipt is None:
        said = _NOTHING_NEW if proposal.command is None else _NOTHING_WRITTEN
        sys.stderr.write(said.said_in(manner.language) + "\n")
    return receipt


def _asked(
    proposal: Proposal, command: Command, ledger: Ledger, workbook: Attachment, manner: Manner
) -> Receipt | None:
    """Ask, or only try what would be answered: who sees a preview must not be refused afterwards."""
    try:
        if not manner.yes:
            ledger.preview(command, actor=manner.actor, attachments=(workbook,))
            return None
        return ledger.execute(command, actor=manner.actor, command_id=proposal.command_id, attachments=(workbook,))
    except Refused as refused:
        late = refused.code == "command-id-reused"
        said = Conflict("register-changed", _MEANWHILE) if late else refused
        refuse(said, manner.language, as_json=manner.as_json)


def _show(proposal: Proposal, manner: Manner, receipt: Receipt | None) -> None:
    if manner.as_json:
        print_json(proposal.as_json, receipt)
    else:
        print_lines(proposal.words)


def _give_back(proposal: Proposal, grid: Grid, manner: Manner) -> None:
    """Show every error, give the sheet back with the bad cells marked where that was asked for, and end with code 6."""
    _show(proposal, manner, None)
    if manner.marked is not None:
        write_new(manner.marked, write_marked(grid, proposal.faults), manner.language)
        sys.stderr.write(_marked(manner.marked).said_in(manner.language) + "\n")
    stop(Exit.REFUSED, _NOT_IMPORTED, manner.language)


def write_new(path: Path, content: bytes, language: Language) -> None:
    """Write a file that is not there yet: nobody's filled-in table is ever overwritten (exit 5), else exit 3."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        stop(Exit.CONFLICT, _exists(path), language)
    except OSError as error:
        stop(Exit.NOT_FOUND, _cannot_write(path, error.strerror or str(error)), language)


_NOT_IMPORTED = Text(
    "表格有误，什么都没有写入；请改正后重新导入。",
    "The table has errors; nothing was written. Correct it and import again.",
)
_NOTHING_WRITTEN = Text(
    "以上只是预览，尚未写入；确认无误后加 --yes 再执行一次。",
    "This was a preview, nothing was written; if it is right, repeat with --yes.",
)
_NOTHING_NEW = Text(
    "没有新的或改动的内容，没有写入。", "There is nothing new and nothing changed; nothing was written."
)
_MEANWHILE = Text(
    "名册在此期间有变动，什么都没有写入；请重新预览后再导入。",
    "The register has changed meanwhile and nothing was written; preview and import again.",
)


def _marked(path: Path) -> Text:
    return Text(f"已标出有误单元格：{path}", f"The sheet with the bad cells marked: {path}")


def _exists(path: Path) -> Text:
    return Text(
        f"文件 {path} 已存在，不覆盖；请换一个文件名。", f"{path} exists and is not overwritten; choose another name."
    )


def _cannot_write(path: Path, why: str) -> Text:
    return Text(f"写不了文件 {path}：{why}", f"Cannot write {path}: {why}")
