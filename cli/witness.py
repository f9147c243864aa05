"""`starledger witness …`: cosign the checkpoints of other organisations' ledgers (c2sp.org/tlog-witness)."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.exits import Exit, stop
from cli.options import settings_of
from domain.text import Text
from ledger.key_folder import WillNotSign
from ledger.note import MalformedNote, VerifierKey
from ledger.witness import Witness

LOOPBACK = "127.0.0.1"
FOLDER_SAID = "STARLEDGER_WITNESS"
FOLDER = Annotated[
    Path | None, typer.Option("--folder", help="the witness's folder (else STARLEDGER_WITNESS, else ./witness)")
]

witness = typer.Typer(help="Be a witness: cosign other organisations' checkpoints.", no_args_is_help=True)


def add_witness(app: typer.Typer) -> None:
    """Add the group of sub-commands."""
    app.add_typer(witness, name="witness", rich_help_panel="auditing")


@witness.command("init")
def init(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(help="what the witness is called, such as audit.example.org/witness")],
    folder: FOLDER = None,
) -> None:
    """Make the witness's key and print the public one, which the logs' owners are given."""
    language = settings_of(ctx).language
    try:
        sys.stdout.write(f"{_witness(folder).be_born(name)}\n")
    except FileExistsError:
        stop(Exit.CONFLICT, _BORN, language)
    except MalformedNote:
        stop(Exit.USAGE, _BAD_NAME, language)


@witness.command("key")
def key(ctx: typer.Context, folder: FOLDER = None) -> None:
    """Print the witness's public key."""
    try:
        sys.stdout.write(f"{_witness(folder).verifier()}\n")
    except WillNotSign as why:
        stop(Exit.NOT_FOUND, why.why, settings_of(ctx).language)


@witness.command("trust")
def trust(
    ctx: typer.Context,
    log: Annotated[str, typer.Argument(help="the log's public key (`starledger checkpoint --vkey` prints it)")],
    folder: FOLDER = None,
) -> None:
    """Cosign this log's checkpoints from now on."""
    language = settings_of(ctx).language
    try:
        known = VerifierKey.parse(log)
    except MalformedNote:
        stop(Exit.USAGE, _NO_KEY, language)
    chosen = _witness(folder)
    if not chosen.folder.is_born():
        stop(Exit.NOT_FOUND, _NOT_BORN, language)
    chosen.trust(known)
    sys.stdout.write(f"{known.name}\n")


@witness.command("serve")
def serve(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(help="the port on this machine")] = 8401,
    folder: FOLDER = None,
) -> None:
    """Answer on this machine only, until stopped; others reach it through a proxy with TLS."""
    import uvicorn  # noqa: PLC0415 - only this sub-command needs a server

    from api.logging import configure  # noqa: PLC0415 - likewise
    from api.witness import create_witness_app  # noqa: PLC0415 - likewise

    chosen = _witness(folder)
    try:
        chosen.verifier()
    except WillNotSign as why:
        stop(Exit.NOT_FOUND, why.why, settings_of(ctx).language)
    configure()
    uvicorn.run(create_witness_app(chosen), host=LOOPBACK, port=port, log_config=None)


def _witness(folder: Path | None) -> Witness:
    return Witness(folder or Path(os.environ.get(FOLDER_SAID, "witness")), lambda: datetime.now(UTC))


_BORN = Text("这里已有见证人的密钥；请换一个目录。", "There is a witness here already; choose another folder.")
_NOT_BORN = Text("这里还没有见证人；请先运行 witness init。", "There is no witness here yet; run witness init first.")
_BAD_NAME = Text("名称不能为空，不能含空格或加号。", "A name has neither spaces nor plus signs and is not empty.")
_NO_KEY = Text(
    "这不是账本的公钥；请使用 checkpoint --vkey 所示的一行。",
    "This is no log's public key; use the line that checkpoint --vkey prints.",
)
