"""Which signer signs for a ledger: a directory of this user's, or a process of another one behind a socket."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.exits import Exit, stop
from cli.settings import Settings
from ledger.key_folder import KeyUnusable, WillNotSign
from ledger.signer import Signer, Signing
from ledger.signer_asked import AskedSigner

SOCKET = "unix:"
SIGNER = Annotated[
    Path | None,
    typer.Option(
        help="the signer's directory, or unix:PATH of its process (else STARLEDGER_SIGNER, else DATA-signer beside "
        "the data)"
    ),
]


def signing_for(settings: Settings, named: Path | None, ledger_id: str) -> Signing:
    """Return who signs for a ledger."""
    said = str(named or settings.signer or "")
    if said.startswith(SOCKET):
        return AskedSigner(Path(said.removeprefix(SOCKET)))
    return Signer(signer_directory(settings, named) / ledger_id)


def signer_directory(settings: Settings, named: Path | None) -> Path:
    """Return where signers live: beside the data directory, never inside it, unless told otherwise."""
    data = settings.data.resolve()
    return named or settings.signer or data.with_name(f"{data.name}-signer")


def stop_unsigned(refusal: WillNotSign, signing: Signing, settings: Settings) -> NoReturn:
    """End with 10 where the ledger is not what was signed; 6 where the key cannot be used, 3 where there is none."""
    if not isinstance(refusal, KeyUnusable):
        stop(Exit.VIOLATED, refusal.why, settings.language)
    stop(Exit.REFUSED if signing.is_born() else Exit.NOT_FOUND, refusal.why, settings.language)
