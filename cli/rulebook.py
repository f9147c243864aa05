"""`starledger rulebook`: a scheme is checked before adoption, compared, read by clause, tried on a past round."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

import rulebooks
from cli.as_of import position_of
from cli.exits import Exit, Stop, refuse, stop
from cli.findings import counted, print_findings
from cli.options import AS_OF, JSON, settings_of
from cli.printing import print_json
from cli.rulebook_files import read_rulebook
from cli.rulebook_trial import print_trial
from cli.wiring import installation
from domain.decision import Refused
from domain.findings import Finding, Invalid
from domain.rulebook import lint
from domain.rulebook.compare import Difference, differences
from domain.text import Language, Text
from projections.answers.rulebooks import Read, by_clause, checked, counts, diffed, explained
from projections.answers.supposing import trial_told
from projections.names import names_in
from projections.rulebook_trial import trial

PANEL = "computing"
FILE = Annotated[
    str, typer.Argument(help="a path, the name of a shipped rulebook, or adopted:ID or adopted:ID@VERSION of a ledger")
]


def add_rulebook(app: typer.Typer) -> None:
    """Add the group of sub-commands."""
    group = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, rich_markup_mode=None)
    for name, function in (
        ("check", check),
        ("diff", diff),
        ("explain", explain),
        ("try", try_on),
        ("schema", schema),
    ):
        group.command(name)(function)
    app.add_typer(group, name="rulebook", rich_help_panel=PANEL)


def check(
    ctx: typer.Context,
    file: FILE,
    roster_size: Annotated[
        int | None, typer.Option("--roster-size", min=1, help="how many members the branch has")
    ] = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="notes count as findings too")] = False,
    as_json: JSON = False,
) -> None:
    """Print what is wrong or doubtful in a rulebook; ends with 6 on a fault or warning (--strict: on a note too)."""
    language = settings_of(ctx).language
    with _usable(ctx, as_json=as_json):
        read = read_rulebook(file, settings_of(ctx))
        found = lint(read.rulebook, roster_size)
        _say_findings(found, language, read, as_json=as_json)
    numbers = counts(found)
    if numbers["fault"] or numbers["warning"] or (strict and numbers["note"]):
        raise Stop(Exit.REFUSED)


@contextmanager
def _usable(ctx: typer.Context, *, as_json: bool) -> Iterator[None]:
    """List every fault of a rulebook that cannot be read or computed with, and end with code 6."""
    try:
        yield
    except Invalid as invalid:
        _say_findings(invalid.findings, settings_of(ctx).language, None, as_json=as_json)
        raise Stop(Exit.REFUSED) from invalid


def _say_findings(found: tuple[Finding, ...], language: Language, read: Read | None, *, as_json: bool) -> None:
    unusable = read is None
    if as_json:
        print_json(checked(read, found))
        return
    print_findings(found, language, unusable=unusable)
    sys.stdout.write(counted(counts(found, unusable=unusable)).said_in(language) + "\n")


def diff(ctx: typer.Context, old: FILE, new: FILE, *, as_json: JSON = False) -> None:
    """Print in what two rulebooks differ by meaning: each number and word, from what to what, under which clause."""
    language = settings_of(ctx).language
    with _usable(ctx, as_json=as_json):
        before, after = (read_rulebook(file, settings_of(ctx)) for file in (old, new))
    found = differences(before.rulebook, after.rulebook)
    if as_json:
        print_json(diffed(before, after, found))
        return
    if not found:
        sys.stdout.write(_SAME.said_in(language) + "\n")
    for one in found:
        clause = f"  [{one.clause}]" if one.clause else ""
        change = _CHANGES[one.change].said_in(language)
        sys.stdout.write(f"{change}  {one.place}: {_arrow(one, language)}{clause}\n")


def _arrow(one: Difference, language: Language) -> str:
    return " → ".join(side.said_in(language) or "—" for side in (one.before, one.after) if side is not None)


def explain(
    ctx: typer.Context,
    file: FILE,
    clause: Annotated[str | None, typer.Option(help="only this clause")] = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print what a rulebook says in sentences, clause by clause, with everything that each clause governs (A-3)."""
    language = settings_of(ctx).language
    with _usable(ctx, as_json=as_json):
        read = read_rulebook(file, settings_of(ctx))
    found = by_clause(read.rulebook)
    if clause is not None and clause not in found:
        stop(Exit.NOT_FOUND, _no_clause(clause), language)
    shown = {clause: found[clause]} if clause is not None else found
    if as_json:
        print_json(explained(read, shown))
        return
    if clause is None:
        said = read.rulebook.title.said_in(language), read.rulebook.issuer.said_in(language)
        sys.stdout.write(f"{' · '.join(said)} · {read.rulebook.id} v{read.rulebook.version}\n")
    for name, governed in shown.items():
        text = read.rulebook.clauses[name].text.said_in(language) if name in read.rulebook.clauses else ""
        sys.stdout.write(f"\n{name}  {text}\n")
        sys.stdout.writelines(f"  · {one.text.said_in(language)}  [{one.place}]\n" for one in governed)


def try_on(
    ctx: typer.Context,
    file: FILE,
    round_id: Annotated[str, typer.Option("--round", help="the past round (id)")],
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Compute a past round of the ledger under another rulebook: who changes, and by which clause. Writes nothing."""
    settings = settings_of(ctx)
    with installation(settings) as installed, _usable(ctx, as_json=as_json):
        read = read_rulebook(file, settings, installed.ledger)
        upto = None if as_of is None else position_of(installed.ledger, as_of, settings)
        try:
            found = trial(installed.ledger, round_id, read.rulebook, upto)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
        name = names_in(installed.ledger, upto).person
    if as_json:
        print_json({"rulebook": read.named(), "trial": trial_told(found, name)})
        return
    print_trial(found, name, settings.language)


def schema() -> None:
    """Print the JSON Schema of rulebooks: an editor that knows it completes and checks them while they are written."""
    sys.stdout.write(rulebooks.schema().decode())


_SAME = Text("两份办法意思相同。", "The two rulebooks mean the same.")
_CHANGES = {
    "added": Text("增加", "added"),
    "removed": Text("删去", "removed"),
    "changed": Text("修改", "changed"),
    "reordered": Text("调序", "reordered"),
}


def _no_clause(clause: str) -> Text:
    return Text(f"办法中没有条款 {clause}；请核对编号。", f"The rulebook has no clause {clause}; check the id.")
