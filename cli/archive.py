"""`starledger export`, `verify-archive`, `verify-diff`, `head`: archives that anyone can check without us (A6, A8)."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.as_of import position_of
from cli.audience import for_audiences, showing
from cli.checkpoints import CHECKPOINTS, KEYS, end, log_keys
from cli.derived import actor_of
from cli.exits import Exit, refuse, stop
from cli.notes_in import read_note
from cli.options import AS, AS_OF, JSON, settings_of
from cli.printing import print_json
from cli.settings import Settings
from cli.signing import SIGNER, signing_for
from cli.wiring import Installation, installation
from domain.archiving import ExportSealed
from domain.decision import Command, Refused
from domain.ids import PersonId, RoundId, tag
from domain.text import Text
from ledger.archive.checking import Checked, Trusted, check_archive
from ledger.archive.comparing import Compared, compare_archives
from ledger.archive.export import Exported, Shows, Wanted, export
from ledger.archive.heads import head_of
from ledger.archive.parts import EVERYTHING
from ledger.archive.zipped import NoArchive
from ledger.key_folder import WillNotSign
from ledger.ledger import Ledger

BY_HAND: frozenset[type[Command]] = frozenset({ExportSealed})
"""The command that `export --with-sealed` issues."""
PANEL = "auditing"
ARCHIVE = Annotated[Path, typer.Argument(metavar="FILE", help="the archive (ZIP)")]
OF_PERSON = Annotated[str | None, typer.Option("--person", help="only the facts that mention this person (id)")]
OF_ROUND = Annotated[str | None, typer.Option("--round", help="only the facts of this round (id)")]


def add_archive(app: typer.Typer) -> None:
    """Add the sub-commands."""
    for name, function in (
        (ExportSealed.NAME, for_audiences(export_archive)),
        ("verify-archive", verify_archive),
        ("verify-diff", verify_diff),
        ("head", head),
    ):
        app.command(name, rich_help_panel=PANEL)(function)


def export_archive(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    archive: ARCHIVE,
    round_id: OF_ROUND = None,
    person: OF_PERSON = None,
    signer: SIGNER = None,
    purpose: Annotated[str | None, typer.Option(help="with --with-sealed: what for; stands in the record")] = None,
    actor: AS = None,
    *,
    sealed: Annotated[
        bool, typer.Option("--with-sealed/--without-sealed", help="sealed words too; that they leave is a fact")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Write an archive of the ledger, or an extract, that anyone can check with the verify.py in it.

    What only named readers may read never leaves with it. Before an audience, only the facts it is shown whole do.
    """
    settings = settings_of(ctx)
    with installation(settings) as installed:
        shows = _shows(ctx, installed.ledger)
        scope = _scope(round_id, person, None if shows is None else _whose(ctx, installed), settings)
        if sealed:
            _record(installed, purpose, actor, round_id, person, shows, as_json=as_json)
        wanted = Wanted(scope, sealed, shows, checkpoints_beside(installed.ledger, settings, signer))
        try:
            written = export(installed.ledger, archive, wanted)
        except FileNotFoundError:
            stop(Exit.NOT_FOUND, _no_folder(archive), settings.language)
    if written.size and not written.facts:
        sys.stderr.write(_NO_FACTS.said_in(settings.language) + "\n")
    if as_json:
        print_json({"file": str(archive), "scope": scope, "sealed": sealed, **_exported(written)})
    else:
        sys.stdout.write(f"{archive}  {written.facts} / {written.size}  root {written.root.hex()}\n")
        sys.stderr.write(_CHECK.said_in(settings.language) + "\n")
    if not written.fits:
        stop(Exit.VIOLATED, _DAMAGED, settings.language)


def _shows(ctx: typer.Context, ledger: Ledger) -> Shows | None:
    """Return which facts whoever asks is shown whole; None for all."""
    facts = showing(ctx, ledger).facts
    if facts is None:
        return None

    return lambda fact: facts.not_whole(fact) is None


def _whose(ctx: typer.Context, installed: Installation) -> str:
    viewer = showing(ctx, installed.ledger).disclosures.viewer
    return f"audience:{viewer.audience or f'reader-{viewer.person}'}"


def _scope(round_id: str | None, person: str | None, audience: str | None, settings: Settings) -> str:
    asked = [
        *([] if round_id is None else [tag(RoundId, round_id)]),
        *([] if person is None else [tag(PersonId, person)]),
        *([] if audience is None else [audience]),
    ]
    if len(asked) > 1:
        stop(Exit.USAGE, _ONE_SCOPE, settings.language)
    return asked[0] if asked else EVERYTHING


def _record(  # noqa: PLR0913 - what the options say
    installed: Installation,
    purpose: str | None,
    actor: str | None,
    round_id: str | None,
    person: str | None,
    shows: Shows | None,
    *,
    as_json: bool,
) -> None:
    """Record that sealed words leave; before an audience they never do."""
    settings = installed.settings
    if shows is not None:
        stop(Exit.NOT_PERMITTED, _NOT_TO_AUDIENCES, settings.language)
    asked = ExportSealed(
        purpose=purpose or "",
        person=None if person is None else PersonId(person),
        round=None if round_id is None else RoundId(round_id),
    )
    try:
        receipt = installed.ledger.execute(asked, actor=actor_of(actor, settings))
    except Refused as refused:
        refuse(refused, settings.language, as_json=as_json)
    sys.stderr.write(_recorded(receipt.positions[0]).said_in(settings.language) + "\n")


def checkpoints_beside(ledger: Ledger, settings: Settings, signer: Path | None) -> tuple[tuple[str, bytes], ...]:
    """Return the notes and the public keys that the signer has; nothing, said aloud, where it does not answer."""
    try:
        return signing_for(settings, signer, ledger.ledger_id).handed_out()
    except WillNotSign as why:
        sys.stderr.write(f"{why.why.said_in(settings.language)}\n")
        return ()


def _exported(written: Exported) -> dict[str, Any]:
    return {
        "facts": written.facts,
        "size": written.size,
        "root": written.root.hex(),
        "head": written.head.hex(),
    }


# checking


def verify_archive(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    archive: ARCHIVE,
    checkpoint: CHECKPOINTS = None,
    key: KEYS = None,
    pin: Annotated[str | None, typer.Option(help="the root (hex) that it must have")] = None,
    head_hash: Annotated[
        str | None,
        typer.Option("--head", help="the head (hex, or HEX@SIZE as on a notice) that makes an extract complete"),
    ] = None,
    *,
    as_json: JSON = False,
) -> None:
    """Check an archive as its own verify.py does, by the program's own rules; exit 10 on a violation, 11 on a gap.

    Without --key, checkpoints are checked with the key in the archive, which its maker could have made too.
    """
    settings = settings_of(ctx)
    keys = tuple(log_keys(key or (), settings))
    notes = tuple((str(each), _note(each, settings)) for each in checkpoint or ())
    named, _, size = (head_hash or "").partition("@")
    trusted = Trusted(keys, notes, _hash(pin, settings), _hash(named or None, settings), _size(size, settings))
    try:
        with archive.open("rb") as opened:
            checked = check_archive(opened, trusted)
    except OSError as error:
        stop(Exit.USAGE, _unreadable(archive, error.strerror), settings.language)
    except NoArchive as error:
        stop(Exit.REFUSED, _unreadable(archive, error), settings.language)
    _print(checked, settings, as_json=as_json)
    end(checked.verdict)


def _note(file: Path, settings: Settings) -> bytes:
    try:
        return read_note(file)
    except OSError as error:
        stop(Exit.USAGE, _unreadable(file, error.strerror), settings.language)


def _hash(words: str | None, settings: Settings) -> bytes | None:
    try:
        return None if words is None else bytes.fromhex(words)
    except ValueError:
        stop(Exit.USAGE, _NO_HASH, settings.language)


def _size(words: str, settings: Settings) -> int | None:
    if words and not words.isdecimal():
        stop(Exit.USAGE, _NO_HASH, settings.language)
    return int(words) if words else None


def _print(checked: Checked, settings: Settings, *, as_json: bool) -> None:
    verdict, language = checked.verdict, settings.language
    if as_json:
        more = {"scope": checked.scope, "head": checked.head.hex(), "covered": checked.covered}
        print_json({**verdict.as_json(language), **more, "recomputed": checked.recomputed, "sealed": checked.sealed})
        return
    for finding in verdict.findings:
        sys.stdout.write(f"{finding.severity}: {finding.message.said_in(language)}\n")
    said = (_SOUND if verdict.ok and not verdict.incomplete else _GAP if verdict.ok else _CHANGED).said_in(language)
    sys.stdout.write(f"{said}  size {verdict.size}  root {verdict.root.hex()}\n")
    sys.stdout.write(_told(checked).said_in(language) + "\n")


def verify_diff(ctx: typer.Context, earlier: ARCHIVE, later: ARCHIVE, *, as_json: JSON = False) -> None:
    """Compare two archives of one ledger: the later must extend the earlier; exit 10 at the first fact that differs.

    Says which facts were added. Each archive's own soundness is for `verify-archive`.
    """
    settings = settings_of(ctx)
    try:
        with earlier.open("rb") as old, later.open("rb") as new:
            found = compare_archives(old, new)
    except OSError as error:
        stop(Exit.USAGE, _unreadable(Path(error.filename or earlier), error.strerror), settings.language)
    except NoArchive as error:
        stop(Exit.REFUSED, _unreadable(earlier, error), settings.language)
    if as_json:
        print_json(found.as_json(settings.language))
    else:
        _print_difference(found, settings)
    end(found.verdict)


def _print_difference(found: Compared, settings: Settings) -> None:
    for finding in found.verdict.findings:
        sys.stdout.write(f"{finding.severity}: {finding.message.said_in(settings.language)}\n")
    for kind, count in found.added.items():
        sys.stdout.write(f"+ {count:>6}  {kind}\n")
    sys.stdout.write(_difference(found).said_in(settings.language) + "\n")


def head(
    ctx: typer.Context,
    round_id: OF_ROUND = None,
    person: OF_PERSON = None,
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print the head over the facts of a round or a person: one hash, by which an extract is seen to be complete."""
    settings = settings_of(ctx)
    scope = _scope(round_id, person, None, settings)
    if scope == EVERYTHING:
        stop(Exit.USAGE, _WHICH_HEAD, settings.language)
    with installation(settings) as installed:
        upto = None if as_of is None else position_of(installed.ledger, as_of, settings)
        found = head_of(installed.ledger, scope, upto)
    if not found.facts:
        stop(Exit.NOT_FOUND, _NO_FACTS, settings.language)
    if as_json:
        print_json({"scope": scope, "size": found.size, "facts": found.facts, "head": found.head.hex()})
    else:
        sys.stdout.write(f"{scope}  {found.facts} / {found.size}  head {found.head.hex()}\n")


# words

_SOUND, _CHANGED, _GAP = Text("完好", "sound"), Text("已被改动", "VIOLATED"), Text("证据不全", "evidence incomplete")
_CHECK = Text(
    "用其中的 verify.py 即可在任何有 Python 的机器上核验：python3 verify.py 档案.zip",
    "The verify.py in it checks it on any machine with Python: python3 verify.py ARCHIVE.zip",
)
_NO_FACTS = Text("没有事实带有这个编号；请核对。", "No fact bears this id; check it.")
_ONE_SCOPE = Text(
    "--round、--person 与 --audience/--reader 只能选一种。", "Say one of --round, --person and --audience/--reader."
)
_NOT_TO_AUDIENCES = Text(
    "封存内容不向任何公开对象给出；请去掉 --with-sealed。",
    "Sealed words are shown to no audience; leave --with-sealed out.",
)
_WHICH_HEAD = Text("请用 --round 或 --person 指明。", "Say --round or --person.")
_NO_HASH = Text("哈希应为十六进制。", "A hash is written in hex.")
_DAMAGED = Text(
    "已照现状写出，但账本的记录与账本头不符：请运行 verify。",
    "Written as it stands, but the facts do not fit the ledger's head: run verify.",
)


def _recorded(position: int) -> Text:
    return Text(
        f"封存内容随档案带出，已记入第 {position} 条。",
        f"That sealed words leave with the archive stands in fact {position}.",
    )


def _no_folder(file: Path) -> Text:
    return Text(f"没有文件夹 {file.parent}；请先建立。", f"There is no folder {file.parent}; make it first.")


def _unreadable(file: Path, why: object) -> Text:
    return Text(f"无法读取 {file}：{why}。", f"{file} cannot be read: {why}.")


def _told(checked: Checked) -> Text:
    size = checked.verdict.size
    left = Text("", "")
    if checked.covered < size:
        left = Text(
            f"；第 {checked.covered + 1} 至 {size} 条没有检查点覆盖，若被整体改写，无从发现",
            f"; no checkpoint covers facts {checked.covered + 1} to {size}: rewritten as a whole, nobody could tell",
        )
    zh = f"重算结果 {checked.recomputed} 个；检查点覆盖到第 {checked.covered} 条{left.zh}。"
    return Text(zh, f"{checked.recomputed} results recomputed; checkpoints cover {checked.covered} facts{left.en}.")


def _difference(found: Compared) -> Text:
    if not found.verdict.ok:
        return Text("后一份不是前一份的延续。", "The later archive does not extend the earlier one.")
    more = found.verdict.size - found.old
    return Text(
        f"后一份是前一份的延续：前 {found.old} 条相同，新增 {more} 条。",
        f"The later archive extends the earlier one: {found.old} facts are the same, {more} were added.",
    )
