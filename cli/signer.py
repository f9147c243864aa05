"""`starledger signer …`: the process that signs, under a user of its own, and a new key for it."""

import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.exits import Exit, Stop, stop
from cli.options import settings_of
from cli.settings import Settings
from cli.signing import SOCKET, signer_directory
from cli.wiring import DEFAULT_LEDGER
from domain.anchoring import AnnounceKey
from domain.text import Text
from ledger.key_folder import WillNotSign
from ledger.note import MalformedNote
from ledger.signer import Signer
from ledger.signer_serving import WillNotServe, listening, require_private, serve

FOLDER = Annotated[
    Path | None, typer.Option("--folder", help="the signer's own directory (else that of this ledger's signer)")
]

signer = typer.Typer(help="Be the signer: a process, and a user, of its own.", no_args_is_help=True)


def add_signer(app: typer.Typer) -> None:
    """Add the group of sub-commands."""
    app.add_typer(signer, name="signer", rich_help_panel="auditing")


@signer.command("init")
def init(
    ctx: typer.Context,
    origin: Annotated[str, typer.Option(help="what checkpoints call the ledger, such as example.org/committee")],
    folder: FOLDER = None,
) -> None:
    """Make the signer's directory with its key and print the public one, which is for whoever checks."""
    settings = settings_of(ctx)
    try:
        sys.stdout.write(f"{_signer(folder, settings).be_born(origin)}\n")
    except FileExistsError:
        stop(Exit.CONFLICT, _BORN, settings.language)
    except MalformedNote:
        stop(Exit.USAGE, _BAD_ORIGIN, settings.language)


@signer.command("key")
def key(ctx: typer.Context, folder: FOLDER = None) -> None:
    """Print the public key, and those that signed before it."""
    settings = settings_of(ctx)
    try:
        known = _signer(folder, settings).keys()
    except WillNotSign as why:
        stop(Exit.NOT_FOUND, why.why, settings.language)
    sys.stdout.writelines(f"{each}\n" for each in known)


@signer.command("rotate")
def rotate(ctx: typer.Context, folder: FOLDER = None) -> None:
    """Make a new key and print the handover: the last checkpoint, signed by the old key and the new; the old is gone.

    Record it with announce-key; until then nobody who trusts the old key believes the new one.
    """
    settings = settings_of(ctx)
    signing = _signer(folder, settings)
    try:
        handover = signing.rotate()
        new = signing.verifier()
    except WillNotSign as why:
        stop(Exit.REFUSED if signing.is_born() else Exit.NOT_FOUND, why.why, settings.language)
    sys.stdout.write(handover.decode())
    sys.stderr.write(f"{_rotated(str(new)).said_in(settings.language)}\n")


@signer.command("serve")
def serve_socket(
    ctx: typer.Context,
    socket: Annotated[Path, typer.Option(help="the Unix socket to listen at, in a folder that lets askers through")],
    folder: FOLDER = None,
    allow: Annotated[
        list[int] | None, typer.Option(help="a user id that may ask (the own one may; may be given several times)")
    ] = None,
) -> None:
    """Sign for whoever may ask, until stopped: only what extends what was signed last.

    The program asks with STARLEDGER_SIGNER=unix:SOCKET. Does not start (6) where others can look into its directory,
    where that lies inside the data directory, or where there is no key.
    """
    settings = settings_of(ctx)
    signing, allowed = _signer(folder, settings), frozenset(allow or ())
    try:
        signing.last()
        require_private(signing.directory, settings.data)
        signal.signal(signal.SIGTERM, _stopped)
        with listening(socket, allowed) as door:
            sys.stderr.write(f"{_listening(socket).said_in(settings.language)}\n")
            sys.stderr.flush()
            serve(door, signing, allowed)
    except KeyboardInterrupt:
        raise Stop(Exit.OK) from None
    except (WillNotServe, WillNotSign) as refusal:
        stop(Exit.REFUSED, refusal.why, settings.language)


def _stopped(_number: int, _frame: object) -> NoReturn:
    raise Stop(Exit.OK)


def _signer(folder: Path | None, settings: Settings) -> Signer:
    """Return the signer of a directory; ends with 2 where the settings name a process."""
    if folder is None and str(settings.signer or "").startswith(SOCKET):
        stop(Exit.USAGE, _WHICH_FOLDER, settings.language)
    return Signer(folder or signer_directory(settings, None) / (settings.ledger or DEFAULT_LEDGER))


_BORN = Text(
    "这里已有签署密钥；更换密钥请用 signer rotate。", "There is a key here already; signer rotate makes a new one."
)
_BAD_ORIGIN = Text(
    "名称不能为空，不能含空格或加号；例如 example.org/dangwei。",
    "An origin has neither spaces nor plus signs and is not empty, such as example.org/committee.",
)
_WHICH_FOLDER = Text(
    "STARLEDGER_SIGNER 指的是进程；请用 --folder 指明签署目录。",
    "STARLEDGER_SIGNER names a process; say the signer's own directory with --folder.",
)


def _rotated(key: str) -> Text:
    how = f"starledger {AnnounceKey.NAME} --key {key} --since YYYY-MM-DD --decided-by … --handover FILE"
    return Text(
        f"已改用新密钥签署。请保存上面的移交文件，并登记：{how}；同时通知见证人（witness trust）。",
        f"A new key signs from now on. Keep the handover and record it: {how}; tell the witnesses (witness trust).",
    )


def _listening(path: Path) -> Text:
    return Text(f"签署进程已在 {path} 待命。", f"The signer listens at {path}.")
