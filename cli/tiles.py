"""`starledger tiles DIR`: the hash tree as static files for foreign monitors, and the checkpoint they begin with."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import settings_of
from cli.signing import SIGNER, signing_for, stop_unsigned
from cli.wiring import installation
from domain.text import Text
from ledger.key_folder import WillNotSign
from ledger.proofs import StoredLog, hashed_leaves
from ledger.tiles import Tile, tiles_of

CHECKPOINT = "checkpoint"


def add_tiles(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("tiles", rich_help_panel="auditing")(tiles)


def tiles(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="where a web server serves files from")],
    signer: SIGNER = None,
) -> None:
    """Write the hash tree as static files (C2SP tlog-tiles) and a signed checkpoint; entries are never among them.

    Files that are there already and are the same stay; the checkpoint is written last, so that monitors find all it
    covers.
    """
    settings = settings_of(ctx)
    with installation(settings) as installed:
        ledger = installed.ledger
        signing = signing_for(settings, signer, ledger.ledger_id)
        try:
            signing.sign(StoredLog(ledger))
            size, signed = signing.last().size, signing.last_signed()
        except WillNotSign as refusal:
            stop_unsigned(refusal, signing, settings)
        written = sum(_written(folder, tile) for tile in tiles_of(hashed_leaves(ledger, size)))
    _replace(folder / CHECKPOINT, signed)
    sys.stdout.write(f"{_done(size, written).said_in(settings.language)}\n")


def _written(folder: Path, tile: Tile) -> bool:
    path, content = folder / tile.path, tile.as_bytes()
    if path.exists() and path.read_bytes() == content:
        return False
    _replace(path, content)
    return True


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _done(size: int, written: int) -> Text:
    return Text(f"{size} 条的哈希树：写出 {written} 个文件。", f"The tree of {size} facts: {written} files written.")
