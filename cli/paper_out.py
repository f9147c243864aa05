"""`starledger print`: a form as PDF, picture or .docx, filled from the ledger or blank.

What may be shown to whom is decided as everywhere; a notice prints again as it was first printed, or says that it
does not.
"""

import dataclasses
import hashlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.as_of import position_of
from cli.audience import for_audiences, opened
from cli.derived import actor_of, print_receipt
from cli.exits import Exit, refuse, stop
from cli.options import AS, AS_OF, JSON, settings_of
from cli.printing import print_json, print_table
from cli.settings import Settings
from cli.table_asking import write_new
from cli.wiring import installation
from domain.decision import Refused
from domain.ids import NoticeId, RoundId
from domain.notice_prints import KeepPrint
from domain.text import Text
from paper.catalogue import FORMS, form_named
from paper.document import Sheet
from paper.editions import Edition, edition_of
from paper.form import WHOSE, Form
from paper.setting import TEMPLATE, pdf, picture, template_names, typesetter
from paper.source import Asked, Source

NOTICE: Final = "notice"


def _docx(sheet: Sheet, _template: str) -> bytes:
    from paper.docx import docx  # noqa: PLC0415 - its parts take longer to load than everything else here

    return docx(sheet)


_KINDS: Final[Mapping[str, Callable[[Sheet, str], bytes]]] = {
    ".pdf": pdf,
    ".png": picture,
    ".docx": _docx,
}
EDITION = Annotated[int | None, typer.Option(help="of a notice: 1 as posted, 2 after a correction (else the newest)")]


def add_paper(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("print", rich_help_panel="reading")(for_audiences(print_form))


@dataclasses.dataclass(frozen=True, slots=True)
class Printed:
    """What was printed: the form, its hash, and of a notice the edition it was printed as."""

    form: Form
    content: bytes
    suffix: str
    template: str
    edition: Edition | None
    whole: bool

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def print_form(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    form: Annotated[str | None, typer.Argument(help="the form's name or code (print --list shows them all)")] = None,
    round_id: Annotated[str | None, typer.Option("--round", help="of this round (id)")] = None,
    person: Annotated[str | None, typer.Option(help="about this person (id)")] = None,
    notice: Annotated[str | None, typer.Option(help="this notice (id)")] = None,
    meeting: Annotated[str | None, typer.Option(help="of this meeting (id)")] = None,
    box: Annotated[str | None, typer.Option(help="of this ballot box (id)")] = None,
    objection: Annotated[str | None, typer.Option(help="about this objection (id)")] = None,
    edition: EDITION = None,
    out: Annotated[Path | None, typer.Option(help="the file to write: .pdf, .png (to send) or .docx (to edit)")] = None,
    as_of: AS_OF = None,
    actor: AS = None,
    *,
    blank: Annotated[bool, typer.Option("--blank", help="an empty form, to fill in by hand")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="of a notice's PDF: enter its hash in the ledger")] = False,
    every: Annotated[bool, typer.Option("--list", help="list all forms instead")] = False,
    as_json: JSON = False,
) -> None:
    """Print a form: for the wall, the binder or to fill in by hand; a notice exactly as it was printed before."""
    settings = settings_of(ctx)
    if every:
        _print_list(settings, as_json=as_json)
        return
    if form is None or out is None or out.suffix not in _KINDS or (blank and keep):
        stop(Exit.USAGE, _WHAT_AND_WHERE, settings.language)
    asked = Asked(round_id, person, notice, meeting, box, objection)
    try:
        chosen = form_named(form)
        if keep and (chosen.name != NOTICE or out.suffix != ".pdf"):
            stop(Exit.USAGE, _ONLY_NOTICES, settings.language)
        made = _blank(chosen, out.suffix) if blank else _filled(ctx, chosen, asked, out.suffix, as_of, edition)
    except Refused as refused:
        refuse(refused, settings.language, as_json=as_json)
    _require_the_same(made, settings)
    write_new(out, made.content, settings.language)
    if keep:
        _keep(made, asked, actor_of(actor, settings), settings, as_json=as_json)
    elif as_json:
        _print_made(made, out)
    else:
        sys.stderr.write(_written(out, made).said_in(settings.language) + "\n")


def _blank(form: Form, suffix: str) -> Printed:
    return Printed(form, _KINDS[suffix](form.make(None, Asked()), TEMPLATE), suffix, TEMPLATE, None, whole=False)


def _filled(  # noqa: PLR0913 - what was asked for
    ctx: typer.Context, form: Form, asked: Asked, suffix: str, as_of: str | None, number: int | None
) -> Printed:
    """Return a form filled from the ledger; a notice as of its edition, with the template it was first printed with."""
    for name in form.needs:
        asked.needed(name)
    settings, edition, template = settings_of(ctx), None, TEMPLATE
    if form.name == NOTICE:
        with installation(settings) as installed:
            upto = None if as_of is None else position_of(installed.ledger, as_of, settings)
            edition = edition_of(installed.ledger, asked.needed("round"), asked.needed(NOTICE), number, upto)
        as_of, template = str(edition.position), edition.template or TEMPLATE
    if template not in template_names():
        stop(Exit.REFUSED, _no_template(template), settings.language)
    with opened(ctx, form.views, as_of) as (reading, names, curtain):
        sheet = form.make(Source(curtain.disclosures.ledger, reading, names, curtain), asked)
    return Printed(form, _KINDS[suffix](sheet, template), suffix, template, edition, whole=not sheet.withheld)


def _require_the_same(made: Printed, settings: Settings) -> None:
    """End with code 10 where a notice prints otherwise than its hash in the ledger says."""
    if made.edition is None or made.suffix != ".pdf" or not made.whole:
        return
    known = [each for each in made.edition.prints if each.template == made.template]
    for each in known:
        if each.typesetter == typesetter() and each.sha256 != made.sha256:
            stop(Exit.VIOLATED, _otherwise(each.sha256, made.sha256), settings.language)
    if known and all(each.typesetter != typesetter() for each in known):
        sys.stderr.write(_set_by_another(known[-1].typesetter).said_in(settings.language) + "\n")


def _keep(made: Printed, asked: Asked, actor: str, settings: Settings, *, as_json: bool) -> None:
    number = 1 if made.edition is None else made.edition.number
    entered = KeepPrint(
        round=RoundId(asked.needed("round")),
        notice=NoticeId(asked.needed(NOTICE)),
        edition=number,
        template=made.template,
        typesetter=typesetter(),
        sha256=made.sha256,
    )
    with installation(settings) as installed:
        try:
            receipt = installed.ledger.execute(entered, actor=actor)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
    print_receipt(receipt, settings, as_json=as_json)


def _print_list(settings: Settings, *, as_json: bool) -> None:
    if as_json:
        print_json([_told(form) for form in FORMS])
        return
    rows = [
        (
            form.name,
            form.code,
            form.title.said_in(settings.language),
            " ".join(f"--{name}" for name in form.needs),
            WHOSE[form.whose].said_in(settings.language),
        )
        for form in FORMS
    ]
    print_table("名称/name · 编号/code · 表格/form · 需要/needs · 打印/for", rows, settings.language)


def _told(form: Form) -> dict[str, object]:
    return {
        "name": form.name,
        "number": form.number,
        "code": form.code,
        "title": form.title,
        "clauses": form.clauses,
        "needs": form.needs,
        "whose": form.whose,
    }


def _print_made(made: Printed, out: Path) -> None:
    edition = None if made.edition is None else made.edition.number
    told = {"form": made.form.name, "file": str(out), "sha256": made.sha256, "template": made.template}
    print_json({**told, "edition": edition, "bytes": len(made.content)})


_WHAT_AND_WHERE = Text(
    "请写明表格和 --out 文件（.pdf、.png 或 .docx）；全部表格见 print --list。",
    "Name a form and a file to write with --out (.pdf, .png or .docx); print --list shows all forms.",
)
_ONLY_NOTICES = Text(
    "--keep 只登记公示的 PDF（print notice … --out 文件.pdf --keep）。",
    "--keep enters the PDF of a notice: print notice … --out FILE.pdf --keep.",
)


def _written(out: Path, made: Printed) -> Text:
    return Text(
        f"已写入 {out}（{made.form.code}，SHA-256 {made.sha256}）。",
        f"Written to {out} ({made.form.code}, SHA-256 {made.sha256}).",
    )


def _otherwise(kept: str, now: str) -> Text:
    return Text(
        f"重印与登记的不同：登记 {kept}，现为 {now}；没有写出。请运行 verify；姓名依令删除后也会如此。",
        f"It prints otherwise than was entered: {kept} then, {now} now; nothing was written. Run verify; a name "
        "erased by order does this too.",
    )


def _set_by_another(known: str) -> Text:
    return Text(
        f"登记的打印件由 {known} 排版，本机为 {typesetter()}：字节不可比较。",
        f"What was entered was set by {known}, this is {typesetter()}: bytes cannot be compared.",
    )


def _no_template(name: str) -> Text:
    return Text(
        f"本程序没有模板 {name}；请用印制时的或更新的版本。", f"This program has no template {name}; use a newer one."
    )
