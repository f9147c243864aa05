"""`--receipt FILE`: the proof that something was recorded, handed out by the command that recorded it."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.checkpoints import signer_directory
from cli.exits import Exit, stop
from cli.settings import Settings
from domain.text import Text
from ledger.key_folder import WillNotSign
from ledger.ledger import Ledger
from ledger.proving import receipts_at
from ledger.receipt import Receipt
from ledger.signer import Signer
from ledger.whole_files import create

RECEIPT_HELP: Final = "write the receipt to this file at once; of several facts, one file each with its position"
RECEIPT = Annotated[Path | None, typer.Option("--receipt", help=RECEIPT_HELP)]


def require_ready(ledger: Ledger, file: Path | None, settings: Settings) -> None:
    """End before anything is recorded where no receipt could be written: code 3 without a key, 5 over another file."""
    if file is None:
        return
    if file.exists():
        stop(Exit.CONFLICT, _exists(file), settings.language)
    try:
        _signer(ledger, settings).last()
    except WillNotSign as refusal:
        born = _signer(ledger, settings).is_born()
        stop(Exit.VIOLATED if born else Exit.NOT_FOUND, refusal.why, settings.language)


def write_receipts(
    ledger: Ledger, positions: Collection[int], file: Path | None, settings: Settings
) -> dict[int, Receipt]:
    """Write the receipts of these facts and return them; ends with code 10 where the signer sees another ledger.

    What was recorded stays recorded: `starledger receipt` gives the same later.
    """
    if file is None:
        return {}
    try:
        found = receipts_at(ledger, positions, _signer(ledger, settings))
    except WillNotSign as refusal:
        stop(Exit.VIOLATED, refusal.why, settings.language)
    for position, receipt in found.items():
        create(file if len(found) == 1 else file.with_suffix(f".{position}{file.suffix}"), receipt.as_bytes())
    return found


def _signer(ledger: Ledger, settings: Settings) -> Signer:
    return Signer(signer_directory(settings, None) / ledger.ledger_id)


def _exists(file: Path) -> Text:
    return Text(
        f"{file} 已存在；没有登记任何内容。请换一个文件名。",
        f"{file} is there already; nothing was recorded. Name another file.",
    )
