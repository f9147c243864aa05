"""`starledger checkpoint`, and the checkpoints that `starledger verify` compares a ledger with."""

import sys
import typing
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.cosigning import add_address, cosigned_by, print_cosigned, witness_keys
from cli.derived import actor_of
from cli.exits import Exit, Stop, refuse, stop
from cli.notes_in import keys_in, read_note
from cli.options import AS, settings_of
from cli.printing import minute
from cli.settings import Settings
from cli.signing import SIGNER, signing_for, stop_unsigned
from cli.wiring import Installation, installation
from domain.anchoring import Holding, RecordAnchor
from domain.dates import civil_date
from domain.decision import Refused
from domain.ids import Evidence
from domain.text import Text
from ledger.anchors import Recorded, recorded
from ledger.checking import Held, Report, Window
from ledger.checkpoint import TreeHead
from ledger.cosignature import WitnessKey, witnessed
from ledger.key_chain import EndedKey, KeyChain
from ledger.key_folder import WillNotSign
from ledger.ledger import Ledger
from ledger.note import MalformedNote, UnverifiedNote, VerifierKey, parse_note
from ledger.proofs import StoredLog, hashed_leaves
from ledger.signer import Signer, Signing
from ledger.store import Attachment
from ledger.verdict import Verdict

ORIGIN_LETTERS = 16
HOLDINGS = typing.get_args(Holding)
CHECKPOINTS = Annotated[
    list[Path] | None, typer.Option("--checkpoint", help="a checkpoint held outside (may be given several times)")
]
KEYS = Annotated[
    list[str] | None,
    typer.Option("--key", help="the log's public key (vkey), or a file of such keys; else the signer's own"),
]
WITNESSES = Annotated[
    list[str] | None,
    typer.Option("--witness-key", help="a witness's public key, or a file of such keys: who cosigned is said"),
]


def add_checkpoints(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("checkpoint", rich_help_panel="auditing")(checkpoint)


def checkpoint(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    signer: SIGNER = None,
    origin: Annotated[
        str | None,
        typer.Option(help="what checkpoints call this ledger: only with the first one, when the key is made"),
    ] = None,
    add_witness: Annotated[
        str | None, typer.Option(help="ask this witness from now on: its address and its public key, 'URL VKEY'")
    ] = None,
    record_anchor: Annotated[
        str | None, typer.Option(help="who keeps it outside: that is recorded, with the checkpoint (needs --as)")
    ] = None,
    held_as: Annotated[str, typer.Option(help=f"with --record-anchor: one of {', '.join(HOLDINGS)}")] = "auditor",
    actor: AS = None,
    *,
    vkey: Annotated[bool, typer.Option("--vkey", help="print the public key instead")] = False,
    alone: Annotated[bool, typer.Option("--alone", help="ask no witness this time")] = False,
) -> None:
    """Print a signed checkpoint; exit 10 unless it extends what was signed last, 6 where the key cannot be used.

    The first time makes the key. The signer's directory belongs on another medium than the database and its backups.
    Witnesses are asked for their cosignatures: exit 11 where one is missing, 10 where one has seen another history.
    """
    settings = settings_of(ctx)
    with installation(settings) as installed:
        ledger = installed.ledger
        signing = signing_for(settings, signer, ledger.ledger_id)
        try:
            if vkey:
                sys.stdout.write(f"{signing.keys()[0]}\n")
            else:
                signed = _sign(signing, ledger, origin, settings)
                if add_witness is not None:
                    add_address(signing, add_witness, settings)
                if record_anchor is not None:
                    _record(installed, signed, record_anchor, held_as, actor)
                print_cosigned(signing, ledger, signed, settings, alone=alone)
        except WillNotSign as refusal:
            stop_unsigned(refusal, signing, settings)


def _sign(signing: Signing, ledger: Ledger, origin: str | None, settings: Settings) -> bytes:
    if isinstance(signing, Signer) and not signing.is_born():
        _make_key(signing, ledger, origin, settings)
    elif origin not in (None, signing.last().origin):
        stop(Exit.CONFLICT, _ORIGIN_STANDS, settings.language)
    signed = signing.sign(StoredLog(ledger))
    sys.stderr.write(_signed(signing.last().size).said_in(settings.language) + "\n")
    return signed


def _record(installed: Installation, signed: bytes, holder: str, kind: str, actor: str | None) -> None:
    """Record that somebody outside holds a checkpoint, with the checkpoint itself."""
    if kind not in HOLDINGS:
        stop(Exit.USAGE, _HELD_HOW, installed.settings.language)
    settings, ledger = installed.settings, installed.ledger
    head, copy = TreeHead.parse(parse_note(signed).text), Attachment.of(signed, "text/plain")
    asked = RecordAnchor(
        origin=head.origin,
        size=head.size,
        root=head.root.hex(),
        kind=typing.cast("Holding", kind),
        held_by=holder,
        since=civil_date(ledger.clock.now()),
        copy=Evidence(copy.sha256),
    )
    try:
        receipt = ledger.execute(asked, actor=actor_of(actor, settings), attachments=(copy,))
    except Refused as refused:
        refuse(refused, settings.language, as_json=False)
    sys.stderr.write(_recorded(receipt.positions).said_in(settings.language) + "\n")


def _make_key(signing: Signer, ledger: Ledger, origin: str | None, settings: Settings) -> None:
    try:
        key = signing.be_born(origin or _origin_of(ledger, settings))
    except FileExistsError:
        return  # another process has just made it
    except MalformedNote:
        stop(Exit.USAGE, _BAD_ORIGIN, settings.language)
    sys.stderr.write(_new_key(signing.directory, key).said_in(settings.language) + "\n")


def _origin_of(ledger: Ledger, settings: Settings) -> str:
    """Return a name that no other ledger has: its own, and the beginning of its first fact's hash."""
    if ledger.head().size == 0:
        stop(Exit.NOT_FOUND, _NO_FACTS, settings.language)
    return f"starledger/{ledger.ledger_id}/{next(hashed_leaves(ledger, 1)).hex()[:ORIGIN_LETTERS]}"


# verifying


def recorded_keys(ledger: Ledger, named: Sequence[str], signer: Path | None, settings: Settings) -> Recorded:
    """Return the keys that count for this ledger: those named, else the signer's own, and whom they handed over to."""
    pinned = log_keys(named, settings)
    return recorded(ledger, pinned, () if pinned else own_keys(signing_for(settings, signer, ledger.ledger_id)))


def held_checkpoints(
    files: Sequence[Path], chain: KeyChain, settings: Settings, *, witnesses: Sequence[str] = ()
) -> list[Held]:
    """Return checkpoints as files hold them, signatures verified, and which of `witnesses` cosigned each.

    Ends with 2 without a key, 3 where a file is not there, 6 where it holds no checkpoint that a key has signed.
    """
    if files and not chain.spans:
        stop(Exit.USAGE, _WHICH_KEY, settings.language)
    trusted = witness_keys(witnesses, settings)
    return [_held(file, chain, trusted, settings) for file in files]


def keys_for(named: Sequence[str], signer: Path | None, settings: Settings, ledger_id: str) -> list[VerifierKey]:
    """Return the keys that are named, else the signer's own; ends with 2 where there is none."""
    keys = log_keys(named, settings) or own_keys(signing_for(settings, signer, ledger_id))
    if not keys:
        stop(Exit.USAGE, _WHICH_KEY, settings.language)
    return keys


def own_keys(signing: Signing) -> list[VerifierKey]:
    """Return the keys that a signer says are its own, the newest first; none where there is no signer."""
    try:
        return signing.keys()
    except WillNotSign:
        return []


def _held(file: Path, chain: KeyChain, witnesses: Sequence[WitnessKey], settings: Settings) -> Held:
    ended = None
    try:
        raw = read_note(file)
        found = chain.opened(raw)
        head, signers = found.head, found.signers
    except EndedKey as error:
        head, signers, ended = error.head, (error.head.origin,), error.upto
    except OSError as error:
        stop(Exit.NOT_FOUND, _unreadable(file, error), settings.language)
    except MalformedNote as error:
        stop(Exit.REFUSED, _no_checkpoint(file, error), settings.language)
    except UnverifiedNote:
        stop(Exit.REFUSED, _not_signed(file, chain.spans), settings.language)
    return Held(str(file), head, signers, witnessed(raw, witnesses) if witnesses else None, ended)


def log_keys(named: Sequence[str], settings: Settings) -> list[VerifierKey]:
    """Return the logs' keys that options name, themselves or as files of keys; ends with 2 where one is none."""
    return keys_in(named, VerifierKey, _no_key, settings)


def print_report(report: Report, settings: Settings) -> None:
    """Print what each checkpoint says and which facts none covers; findings and verdict stand elsewhere."""
    for each, fits in report.held:
        said = (_FITS if fits else _FITS_NOT).said_in(settings.language)
        sys.stdout.write(f"{each.name}: {_covers(each).said_in(settings.language)} {said}\n")
        for one in each.witnessed or ():
            sys.stdout.write(f"    {cosigned_by(one).said_in(settings.language)}\n")
    sys.stdout.write(_window(report.window).said_in(settings.language) + "\n")


def end(verdict: Verdict) -> None:
    """End with the code that a verdict stands for, if it is not 0."""
    if not verdict.ok:
        raise Stop(Exit.VIOLATED)
    if verdict.incomplete:
        raise Stop(Exit.INCOMPLETE)


# words

_FITS = Text("相符。", "fits.")
_FITS_NOT = Text("不符！", "DOES NOT FIT.")
_NO_FACTS = Text(
    "账本里还没有事实，无可签署；请先用 open-ledger 开立。", "There is no fact to sign yet; open-ledger comes first."
)
_ORIGIN_STANDS = Text(
    "这个签署密钥已有名称，不能更改；请去掉 --origin。", "The signing key has its name already; leave --origin out."
)
_HELD_HOW = Text(f"--held-as 可为 {'、'.join(HOLDINGS)}。", f"--held-as is one of {', '.join(HOLDINGS)}.")
_BAD_ORIGIN = Text(
    "名称不能为空，不能含空格或加号；例如 example.org/dangwei。",
    "An origin has neither spaces nor plus signs and is not empty, such as example.org/committee.",
)
_WHICH_KEY = Text(
    "这里没有签署密钥，无从核对检查点的签名；请用 --key 给出公钥（checkpoint --vkey 所示）。",
    "No signer here has a key that could verify the checkpoint; give the public key (checkpoint --vkey) with --key.",
)


def _signed(size: int) -> Text:
    return Text(
        f"已签署 {size} 条；请把上面的检查点保存到数据库之外。",
        f"Signed: {size} facts. Keep this outside the database.",
    )


def _recorded(positions: Sequence[int]) -> Text:
    if not positions:
        return Text("此项已登记过。", "That was recorded already.")
    return Text(f"已登记为第 {positions[0]} 条。", f"Recorded as fact {positions[0]}.")


def _new_key(directory: Path, key: VerifierKey) -> Text:
    return Text(
        f"已在 {directory} 生成签署密钥；该目录应放在数据库及其备份之外的介质上。请把公钥交给核查人员：{key}",
        f"A signing key was made in {directory}, which belongs on a medium apart from the database and its backups. "
        f"Give the public key to whoever checks: {key}",
    )


def _unreadable(file: Path, error: OSError) -> Text:
    return Text(f"无法读取 {file}：{error.strerror}。", f"{file} cannot be read: {error.strerror}.")


def _no_checkpoint(file: Path, error: Exception) -> Text:
    return Text(
        f"{file} 不是检查点（{error}）；请使用给出时的原样文件。",
        f"{file} is no checkpoint ({error}); use the file as it was given out.",
    )


def _not_signed(file: Path, keys: Iterable[VerifierKey]) -> Text:
    names = ", ".join(dict.fromkeys(f"{key.name}+{key.key_id.hex()}" for key in keys))
    return Text(
        f"{file} 没有 {names} 的有效签名：已被改动，或出自别的账本；请核对公钥与文件。",
        f"{file} is not signed by {names} as it stands: altered, or another ledger's; check key and file.",
    )


def _no_key(words: str) -> Text:
    return Text(
        f"「{words}」既不是公钥，也不是公钥文件。", f"'{words}' is neither a public key nor a file of such keys."
    )


def _covers(held: Held) -> Text:
    return Text(
        f"{held.head.origin} 的前 {held.head.size} 条，", f"the first {held.head.size} facts of {held.head.origin}:"
    )


def _window(window: Window) -> Text:
    if window.facts == 0:
        return Text("所有事实都在检查点之内。", "Every fact is covered by a checkpoint.")
    first, last = window.checkpoint_size + 1, window.size
    since = "" if window.since is None else minute(window.since)
    return Text(
        f"未被检查点覆盖：第 {first} 至 {last} 条，共 {window.facts} 条{f'，自 {since} 起' if since else ''}；"
        "这些若被改写，无法发现。",
        f"Not covered by a checkpoint: {window.facts} facts, {first} to {last}{f', since {since}' if since else ''}; "
        "a rewrite of these could not be found.",
    )
