"""Sub-commands made from the command classes: one for each, an option for each field."""

import dataclasses
import inspect
import sys
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NewType

import msgspec
import typer

from cli.attaching import attach, read_limited
from cli.effects import print_preview
from cli.exits import Exit, refuse, stop
from cli.options import settings_of
from cli.receipts_at_once import RECEIPT_HELP, require_ready, write_receipts
from cli.rulebook_files import warnings_about
from cli.settings import Settings
from cli.wiring import installation
from domain.appointments import OpenLedger
from domain.decision import Command, Refused
from domain.ids import ATTACHED
from domain.json_in import NotJson, read_json
from domain.sealed import Sealed
from domain.text import Text
from ledger.entry import words_hook
from ledger.ledger import Receipt
from ledger.receipt import Receipt as Proof
from ledger.store import Attachment
from projections.proven import PROVEN, proven_at


class Asking(typing.NamedTuple):
    """A command with the files that come along."""

    command: Command
    attachments: tuple[Attachment, ...]


def add_command(app: typer.Typer, kind: type[Command]) -> None:
    """Add the sub-command that asks for `kind`."""

    def run(ctx: typer.Context, **given: Any) -> None:  # noqa: ANN401 - the options of any command
        settings = settings_of(ctx)
        how = {name: given.pop(name) for name in _HOW_NAMES}
        how["receipt"] = given.pop("receipt", None)
        asking = read_asking(kind, given, settings)
        _carry_out(asking, settings, **how)

    fields = [_parameter(field, hint) for field, hint in _fields(kind)]
    options = [*fields, *_HOW, *([_RECEIPT] if kind in PROVEN else [])]
    run.__signature__ = inspect.Signature([_CONTEXT, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in (_CONTEXT, *options)}
    app.command(kind.NAME, help=inspect.getdoc(kind), rich_help_panel=_panel(kind))(run)


def _panel(kind: type[Command]) -> str:
    return kind.__module__.removeprefix("domain.").replace("_", " ")


def _fields(kind: type[Command]) -> list[tuple["dataclasses.Field[Any]", Any]]:
    hints = typing.get_type_hints(kind)
    return [(field, hints[field.name]) for field in dataclasses.fields(kind)]  # type: ignore[arg-type]


def _parameter(field: "dataclasses.Field[Any]", hint: Any) -> inspect.Parameter:  # noqa: ANN401
    option = typer.Option(f"--{field.name.replace('_', '-')}", help=_help(hint), show_default=False)
    shown, default = _shape(field, hint)
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[shown, option], default=default
    )


def _shape(field: "dataclasses.Field[Any]", hint: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Return the type that the terminal reads for a field, and its default."""
    if hint is bool:
        return bool, False if field.default is dataclasses.MISSING else field.default
    if typing.get_origin(hint) is tuple:
        return list[str], []
    if field.default is dataclasses.MISSING:
        return str, inspect.Parameter.empty
    return str | None, None


def _help(hint: Any) -> str:  # noqa: ANN401
    inner = _inner(hint)
    if inner is Sealed:
        return "text kept sealed beside the facts; @FILE reads it from a file, - from standard input"
    if inner in ATTACHED:
        return "a file, kept as an attachment"
    if dataclasses.is_dataclass(inner):
        names = ", ".join(f.name for f in dataclasses.fields(inner))
        return f"JSON with {names}; @FILE reads a list of them; may be repeated"
    if typing.get_origin(inner) is typing.Literal:
        return "one of " + ", ".join(map(str, typing.get_args(inner)))
    if isinstance(inner, NewType):
        return f"id ({inner.__name__})" + (", may be repeated" if inner is not hint else "")
    return getattr(inner, "__name__", str(inner))


def _inner(hint: Any) -> Any:  # noqa: ANN401
    """Return what an optional or repeated value is made of."""
    if typing.get_origin(hint) is tuple:
        return typing.get_args(hint)[0]
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return next(part for part in typing.get_args(hint) if part is not type(None))
    return hint


def _how(name: str, flag: str, shown: Any, text: str, default: bool | None = None) -> inspect.Parameter:  # noqa: ANN401, FBT001
    option = typer.Option(flag, help=text, rich_help_panel="How", show_default=False)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[shown, option], default=default)


_CONTEXT = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
_HOW = [
    _how("actor", "--as", str | None, "who asks (person id; else STARLEDGER_ACTOR)"),
    _how("on_behalf_of", "--for", str | None, "the body that decided"),
    _how("command_id", "--command-id", str | None, "asked twice under the same id, it happens once"),
    _how("dry_run", "--dry-run", bool, "say what would be recorded, record nothing", default=False),
    _how("as_json", "--json", bool, "the receipt as JSON", default=False),
]
_HOW_NAMES = tuple(each.name for each in _HOW)
_RECEIPT = _how("receipt", "--receipt", Path | None, RECEIPT_HELP)


def read_asking(kind: type[Command], given: dict[str, Any], settings: Settings) -> Asking:
    """Return the command that the options spell, with the files it names; ends with code 2 or 3 where it cannot."""
    attachments: list[Attachment] = []
    plain: dict[str, Any] = {}
    for field, hint in _fields(kind):
        value = given[field.name]
        if value is None or value == []:
            continue
        inner = _inner(hint)
        if typing.get_origin(hint) is tuple:
            plain[field.name] = [item for text in value for item in _items(text, inner, attachments, settings)]
        else:
            plain[field.name] = _item(value, inner, attachments, settings)
    try:
        return Asking(msgspec.convert(plain, kind, strict=False, dec_hook=words_hook), tuple(attachments))
    except msgspec.ValidationError as error:
        stop(Exit.USAGE, Text(f"选项的值不对：{error}", f"An option's value does not fit: {error}"), settings.language)


def _items(text: str, inner: Any, attachments: list[Attachment], settings: Settings) -> list[Any]:  # noqa: ANN401
    if dataclasses.is_dataclass(inner):
        words = read_limited(Path(text[1:]), settings) if text.startswith("@") else text.encode()
        try:
            decoded = read_json(words)
        except NotJson as error:
            stop(Exit.USAGE, Text(f"不是 JSON：{error}", f"Not JSON: {error}"), settings.language)
        return decoded if isinstance(decoded, list) else [decoded]
    return [_item(text, inner, attachments, settings)]


def _item(value: Any, inner: Any, attachments: list[Attachment], settings: Settings) -> Any:  # noqa: ANN401
    if inner in ATTACHED:
        document = attach(Path(value), settings)
        attachments.append(document)
        return document.sha256
    if inner is Sealed:
        return _words(value, settings)
    return value


def _words(value: str, settings: Settings) -> str:
    if value == "-":
        return sys.stdin.read().strip()
    return read_limited(Path(value[1:]), settings).decode().strip() if value.startswith("@") else value


def _carry_out(  # noqa: PLR0913 - the options that every command has
    asking: Asking,
    settings: Settings,
    *,
    actor: str | None,
    on_behalf_of: str | None,
    command_id: str | None,
    dry_run: bool,
    as_json: bool,
    receipt: Path | None,
) -> None:
    actor = actor_of(actor, settings)
    if isinstance(asking.command, OpenLedger) and asking.command.simulated_clock != (settings.clock is not None):
        stop(Exit.USAGE, _WHICH_CLOCK, settings.language)
    with installation(settings, create=isinstance(asking.command, OpenLedger)) as installed:
        try:
            if dry_run:
                events = installed.ledger.preview(
                    asking.command, actor=actor, on_behalf_of=on_behalf_of, attachments=asking.attachments
                )
                warned = warnings_about(asking.command, asking.attachments)
                print_preview(installed.ledger, events, settings.language, as_json=as_json, warned=warned)
                return
            require_ready(installed.ledger, receipt, settings)
            done = installed.ledger.execute(
                asking.command,
                actor=actor,
                on_behalf_of=on_behalf_of,
                command_id=command_id,
                attachments=asking.attachments,
            )
        except Refused as refused:
            if refused.record is not None:
                write_receipts(installed.ledger, proven_at(installed.ledger, asking.command, ()), receipt, settings)
            refuse(refused, settings.language, as_json=as_json)
        proven = proven_at(installed.ledger, asking.command, done.positions)
        given = write_receipts(installed.ledger, proven, receipt, settings)
    print_receipt(done, settings, as_json=as_json, given=given)


def actor_of(said: str | None, settings: Settings) -> str:
    """Return who asks; ends with code 2 where nobody is named."""
    actor = said or settings.actor
    if actor is None:
        stop(Exit.USAGE, _WHO_ASKS, settings.language)
    return actor


def print_receipt(
    receipt: Receipt, settings: Settings, *, as_json: bool, given: Mapping[int, Proof] | None = None
) -> None:
    """Print what became of a command; as JSON with the receipts `given` for its facts, by position."""
    if as_json:
        answer: dict[str, Any] = msgspec.to_builtins(receipt)
        if given:
            answer["receipts"] = {str(position): proof.as_bytes().decode() for position, proof in given.items()}
        sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
        return
    count = len(receipt.positions)
    where = (
        f"{receipt.positions[0]}–{receipt.positions[-1]}" if count > 1 else f"{receipt.positions[0]}" if count else ""
    )
    said = Text(
        f"已记录 {count} 条事实：{where}" if count else "已是如此，没有新事实。",
        f"{count} {'fact' if count == 1 else 'facts'} recorded: {where}"
        if count
        else "It is so already; nothing new was recorded.",
    )
    sys.stdout.write(said.said_in(settings.language) + "\n")


_WHICH_CLOCK = Text(
    "用 --clock 指定时间的账本须以 --simulated-clock 开立，反之亦然：第一条事实要写明时钟是模拟的。",
    "--clock and --simulated-clock go together: the first fact of a ledger says that its clock is simulated.",
)
_WHO_ASKS = Text(
    "请用 --as 写明是谁在办理（人员编号），或设环境变量 STARLEDGER_ACTOR。",
    "Say who asks with --as PERSON, or set STARLEDGER_ACTOR.",
)
