"""The commands that need more than the ledger, or answer more than a receipt: how each is carried out over HTTP.

Whoever opens, prints for, closes or voids a ballot box does so as himself, on record; votes are taken elsewhere
(`api/ballots`). What is asked again has happened already; slips alone are new ones each time.
"""

import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response
from pydantic import Field
from starlette.background import BackgroundTask

from api.commands.answers import Recorded, recorded
from api.commands.recording import Recording
from api.principal import Principal
from domain.archiving import ExportSealed
from domain.ballot_closing import CloseBox, VoidBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import PrintSlips
from domain.decision import Command, Conflict
from domain.ids import PersonId, RoundId, tag
from domain.private_reading import ReadSealed
from domain.text import Text
from ledger.archive.export import Wanted, export
from ledger.archive.parts import EVERYTHING
from ledger.ledger import Receipt
from projections.private_words import words_read


class SlipsPrinted(Recorded):
    """That slips were printed, and their codes: they are answered this once and kept nowhere."""

    codes: list[str]


class WordsRead(Recorded):
    """That private words were read, and the words."""

    fact: int = Field(description="the position of the fact beside which they are sealed", examples=[4287])
    words: str | None = Field(description="None where they are missing: run verify")


@dataclass(frozen=True, slots=True)
class By:
    """Who asks, and for which body of people."""

    principal: Principal
    on_behalf_of: str | None

    @property
    def named(self) -> dict[str, Any]:
        """Return it as the ledger takes it."""
        return {"actor": self.principal.person, "on_behalf_of": self.on_behalf_of}


Answer = tuple[Receipt, Recorded | Response]
Run = Callable[[Recording, Any, By], Awaitable[Answer]]


def _plainly(carry_out: Callable[[Recording, Any, By], Receipt]) -> Run:
    async def run(recording: Recording, command: Command, by: By) -> Answer:
        receipt = await run_in_threadpool(carry_out, recording, command, by)
        return receipt, recorded(receipt)

    return run


def _open(recording: Recording, command: OpenBox, by: By) -> Receipt:
    return recording.keeper().open(command, **by.named)


def _close(recording: Recording, command: CloseBox, by: By) -> Receipt:
    receipt = recording.keeper().close(command.box, **by.named)
    if receipt is None:
        raise Conflict("box-over", _OVER)
    return receipt


def _void(recording: Recording, command: VoidBox, by: By) -> Receipt:
    return recording.keeper().void(command.box, command.why, **by.named)


async def _print(recording: Recording, command: PrintSlips, by: By) -> Answer:
    codes: list[str] = []

    def printed() -> Receipt:
        keeper, actor = recording.keeper(), by.principal.person
        return keeper.print_slips(command.box, command.group, command.count, actor=actor, deliver=codes.extend)

    receipt = await run_in_threadpool(printed)
    return receipt, SlipsPrinted(**recorded(receipt).model_dump(), codes=codes)


async def _read(recording: Recording, command: ReadSealed, by: By) -> Answer:
    receipt = await recording.ledger.submit(command, **by.named)
    fact, words = await run_in_threadpool(words_read, recording.ledger, receipt.positions[0])
    return receipt, WordsRead(**recorded(receipt).model_dump(), fact=fact, words=words)


async def _export(recording: Recording, command: ExportSealed, by: By) -> Answer:
    """Record that sealed words leave, then answer with the archive; nothing of it is kept here."""
    receipt = await recording.ledger.submit(command, **by.named)
    folder = tempfile.TemporaryDirectory(prefix="archive.")
    archive = Path(folder.name) / "archive.zip"
    wanted = Wanted(_scope(command), sealed=True, checkpoints=recording.checkpoints())
    await run_in_threadpool(export, recording.ledger, archive, wanted)
    answer = FileResponse(
        archive,
        status_code=201,
        media_type="application/zip",
        filename=f"{recording.ledger.ledger_id}.zip",
        background=BackgroundTask(folder.cleanup),
    )
    return receipt, answer


def _scope(command: ExportSealed) -> str:
    if command.round is not None:
        return tag(RoundId, command.round)
    return EVERYTHING if command.person is None else tag(PersonId, command.person)


RUNS: Final[Mapping[type[Command], Run]] = {
    OpenBox: _plainly(_open),
    CloseBox: _plainly(_close),
    VoidBox: _plainly(_void),
    PrintSlips: _print,
    ReadSealed: _read,
    ExportSealed: _export,
}
"""How each is carried out."""
ANSWERS: Final[Mapping[type[Command], type[Recorded]]] = {PrintSlips: SlipsPrinted, ReadSealed: WordsRead}
"""What is answered, where that is more than a receipt."""
FILES: Final[Mapping[type[Command], str]] = {ExportSealed: "application/zip"}
"""The kind of file that is answered, where it is one."""
_OVER = Text("票箱此前已封存或作废，没有新事实。", "The box was over already; nothing new was recorded.")
