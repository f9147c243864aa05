"""`starledger receipt` and `check-receipt`: proof that something was recorded, for whoever it concerns (M5)."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cli.checkpoints import KEYS, WITNESSES, keys_for
from cli.cosigning import cosigned_by, witness_keys
from cli.exits import Exit, stop
from cli.notes_in import read_note
from cli.options import JSON, settings_of
from cli.printing import minute, print_json
from cli.settings import Settings
from cli.signing import SIGNER, signing_for, stop_unsigned
from cli.wiring import installation
from domain.confirmation import StarConfirmed
from domain.text import Text
from ledger.checkpoint import TreeHead
from ledger.cosignature import witnessed
from ledger.key_folder import WillNotSign
from ledger.ledger import Ledger
from ledger.note import MalformedNote, UnverifiedNote
from ledger.proving import receipts_at
from ledger.reading import Malformed, read_strictly
from ledger.receipt import NotIncluded, Receipt
from projections.proven import OBJECTIONS, newest, slip_returned


def add_receipts(app: typer.Typer) -> None:
    """Add both sub-commands."""
    app.command("receipt", rich_help_panel="auditing")(receipt)
    app.command("check-receipt", rich_help_panel="auditing")(check_receipt)


def receipt(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    position: Annotated[int | None, typer.Option(help="of the fact at this position", min=1)] = None,
    objection: Annotated[str | None, typer.Option(help="or of this objection's filing (id)")] = None,
    round_id: Annotated[str | None, typer.Option("--round", help="or, with --person, of a confirmed star")] = None,
    box: Annotated[str | None, typer.Option(help="or, with --person, of a returned ballot: that, never what")] = None,
    person: Annotated[str | None, typer.Option(help="whose (id)")] = None,
    signer: SIGNER = None,
) -> None:
    """Print a receipt that a fact is in the ledger: anyone can check it later, without the ledger (tlog-proof).

    It carries the entry, in which sealed words are digests only. Signs a checkpoint first where none covers the fact.
    """
    settings = settings_of(ctx)
    with installation(settings) as installed:
        ledger = installed.ledger
        at = position or _position(ledger, objection, round_id, box, person, settings)
        signing = signing_for(settings, signer, ledger.ledger_id)
        try:
            given = receipts_at(ledger, (at,), signing)[at]
        except LookupError:
            stop(Exit.NOT_FOUND, _no_such_fact(at), settings.language)
        except WillNotSign as refusal:
            stop_unsigned(refusal, signing, settings)
    sys.stdout.write(given.as_bytes().decode())


def _position(  # noqa: PLR0913 - what the options say
    ledger: Ledger,
    objection: str | None,
    round_id: str | None,
    box: str | None,
    person: str | None,
    settings: Settings,
) -> int:
    """Return where the fact stands that the options name: the newest of its kind."""
    if objection is not None:
        tags: tuple[str, ...] = (f"objection:{objection}",)
        found = newest(ledger, OBJECTIONS, tags)
    elif round_id is not None and person is not None:
        tags = (f"round:{round_id}", f"person:{person}")
        found = newest(ledger, (StarConfirmed,), tags)
    elif box is not None and person is not None:
        tags = (f"box:{box}", f"person:{person}")
        found = slip_returned(ledger, box, person)
    else:
        stop(Exit.USAGE, _WHICH, settings.language)
    if not found:
        stop(Exit.NOT_FOUND, _nothing(tags), settings.language)
    return found[0]


def check_receipt(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="the receipt, as it was given")],
    key: KEYS = None,
    witness_key: WITNESSES = None,
    signer: SIGNER = None,
    *,
    as_json: JSON = False,
) -> None:
    """Check a receipt without the ledger and print what it proves; exit 10 where it proves nothing, 6 if it is none."""
    settings = settings_of(ctx)
    keys = keys_for(key or (), signer, settings, settings.ledger or "main")
    witnesses = witness_keys(witness_key or (), settings)
    try:
        found = Receipt.parse(read_note(file))
        head = found.verified(found.extra, keys).head
        entry = read_strictly(found.extra)
    except OSError as error:
        stop(Exit.NOT_FOUND, _unreadable(file, error), settings.language)
    except MalformedNote as error:
        stop(Exit.REFUSED, _no_receipt(file, error), settings.language)
    except (UnverifiedNote, NotIncluded, Malformed):
        stop(Exit.VIOLATED, _proves_nothing(file), settings.language)
    cosigned = witnessed(found.checkpoint, witnesses)
    if as_json:
        print_json(
            {
                "position": found.index + 1,
                "origin": head.origin,
                "size": head.size,
                "root": head.root.hex(),
                "entry": msgspec.json.decode(found.extra),
                "witnessed_by": [each.as_json() for each in cosigned],
            }
        )
        return
    sys.stdout.write(f"{_proves(found.index + 1, head).said_in(settings.language)}\n")
    sys.stdout.write(f"{entry.type}  {minute(entry.recorded_at)}\n{found.extra.decode()}\n")
    for each in cosigned:
        sys.stdout.write(f"{cosigned_by(each).said_in(settings.language)}\n")


# words

_WHICH = Text(
    "请指明事实：--position，或 --objection，或 --round 与 --person（已确认的星级），"
    "或 --box 与 --person（已交回的选票）。",
    "Say which fact: --position, --objection, --round with --person (a confirmed star), or --box with --person (a "
    "returned ballot).",
)


def _nothing(tags: tuple[str, ...]) -> Text:
    said = "、".join(tags), ", ".join(tags)
    return Text(f"没有这样的事实：{said[0]}；请核对编号。", f"There is no such fact of {said[1]}; check the ids.")


def _no_such_fact(position: int) -> Text:
    return Text(f"没有第 {position} 条事实。", f"There is no fact {position}.")


def _unreadable(file: Path, error: OSError) -> Text:
    return Text(f"无法读取 {file}：{error.strerror}。", f"{file} cannot be read: {error.strerror}.")


def _no_receipt(file: Path, error: Exception) -> Text:
    return Text(
        f"{file} 不是回执（{error}）；请使用给出时的原样文件。",
        f"{file} is no receipt ({error}); use the file as it was given out.",
    )


def _proves_nothing(file: Path) -> Text:
    return Text(
        f"{file} 什么也没有证明：其中的记录不在签署的账本里，或签名不是这个公钥的。",
        f"{file} proves nothing: its entry is not in the log that was signed, or another key signed it.",
    )


def _proves(position: int, head: TreeHead) -> Text:
    return Text(
        f"这是账本 {head.origin} 的第 {position} 条，签署时共 {head.size} 条。",
        f"This is fact {position} of {head.origin}, of the {head.size} that were signed.",
    )
