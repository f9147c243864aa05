"""`--receipt FILE`: the proof that something was recorded, handed out by the command that recorded it."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.exits import Exit, stop
from cli.settings import Settings
from cli.signing import signing_for, stop_unsigned
from domain.text import Text
from ledger.key_folder import WillNotSign
from ledger.ledger import Ledger
from ledger.proving import receipts_at
from ledger.receipt import Receipt
from ledger.whole_files import create

RECEIPT_HELP: Final = "write the receipt to this file at once; of several facts, one file each with its position"
RECEIPT = Annotated[Path | None, typer.Option("--receipt", help=RECEIPT_HELP)]


def require_ready(ledger: Ledger, file: Path | None, settings: Settings) -> None:
    """End before anything is recorded where no receipt could be written: 3 without a key, 6 if unusable, 5 if taken."""
    if file is None:
        return
    if file.exists():
        stop(Exit.CONFLICT, _exists(file), settings.language)
    signing = signing_for(settings, None, ledger.ledger_id)
    try:
        signing.last()
    except WillNotSign as refusal:
        stop_unsigned(refusal, signing, settings)


def write_receipts(
    ledger: Ledger, positions: Collection[int], file: Path | None, settings: Settings
) -> dict[int, Receipt]:
    """Write the receipts of these facts and return them; ends with code 10 where the signer sees another ledger.

    What was recorded stays recorded: `starledger receipt` gives the same later.
    """
    if file is None:
        return {}
    signing = signing_for(settings, None, ledger.ledger_id)
    try:
        found = receipts_at(ledger, positions, signing)
    except WillNotSign as refusal:
        stop_unsigned(refusal, signing, settings)
    for position, receipt in found.items():
        create(file if len(found) == 1 else file.with_suffix(f".{position}{file.suffix}"), receipt.as_bytes())
    return found


def _exists(file: Path) -> Text:
    return Text(
        f"{file} 已存在；没有登记任何内容。请换一个文件名。",
        f"{file} is there already; nothing was recorded. Name another file.",
    )
