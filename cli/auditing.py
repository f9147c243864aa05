"""Sub-commands for whoever checks: history, explanation, verification, rebuilding the views."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from cli.as_of import position_of
from cli.exits import Exit, Stop, refuse, stop
from cli.options import AS_OF, JSON, settings_of
from cli.printing import print_json
from cli.settings import Settings
from cli.wiring import installation
from domain.decision import Refused, Selector
from domain.text import Text
from ledger.schema import grant as grant_role
from ledger.verification import verify as verify_ledger
from projections.explain import explain as explain_star
from projections.fact_notes import note
from projections.names import erased_digests, names_in
from projections.sentences import Telling

PANEL = "auditing"


def add_auditing(app: typer.Typer) -> None:
    """Add the sub-commands."""
    for name, function in (
        ("history", history),
        ("explain", explain),
        ("verify", verify),
        ("rebuild", rebuild),
        ("grant", grant),
    ):
        app.command(name, rich_help_panel=PANEL)(function)


def history(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    person: Annotated[str | None, typer.Option(help="the facts that mention this person")] = None,
    round_id: Annotated[str | None, typer.Option("--round", help="the facts of this round")] = None,
    objection: Annotated[str | None, typer.Option(help="the facts of this objection")] = None,
    branch: Annotated[str | None, typer.Option(help="the facts that mention this branch")] = None,
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print the facts, oldest first, each in one sentence; late ones are marked (A5)."""
    settings = settings_of(ctx)
    asked = {"person": person, "round": round_id, "objection": objection, "branch": branch}
    tags = [f"{kind}:{value}" for kind, value in asked.items() if value is not None]
    with installation(settings) as installed:
        ledger = installed.ledger
        upto = None if as_of is None else position_of(ledger, as_of, settings)
        facts = list(ledger.read((Selector(tags=tuple(tags)),) if tags else (), upto=upto))
        if not facts and tags:
            stop(Exit.NOT_FOUND, _no_facts(tags), settings.language)
        telling = Telling(names_in(ledger, upto), erased=erased_digests(ledger, upto))
        notes = [note(fact, telling) for fact in facts]
    if as_json:
        print_json([one.as_json() for one in notes])
        return
    for one in notes:
        sys.stdout.writelines(f"{line}\n" for line in one.lines(settings.language))


def explain(
    ctx: typer.Context,
    round_id: Annotated[str, typer.Option("--round", help="the round (id)")],
    person: Annotated[str, typer.Option(help="whose star (id)")],
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print the tree behind a star: confirmation, notice, vote, caps, band, total, scores, facts, clauses (A4)."""
    settings = settings_of(ctx)
    with installation(settings) as installed:
        upto = None if as_of is None else position_of(installed.ledger, as_of, settings)
        try:
            found = explain_star(installed.ledger, round_id, person, upto)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
    if as_json:
        print_json(found.as_json())
    else:
        sys.stdout.write(found.as_text(settings.language))


def verify(ctx: typer.Context, *, as_json: JSON = False) -> None:
    """Hash every entry again and check all that the database says of them; exit 10 on a violation, 11 on a gap."""
    settings = settings_of(ctx)
    with installation(settings) as installed:
        verdict = verify_ledger(installed.ledger)
    if as_json:
        print_json(verdict.as_json(settings.language))
    else:
        for finding in verdict.findings:
            sys.stdout.write(f"{finding.severity}: {finding.message.said_in(settings.language)}\n")
        said = _INTACT if verdict.ok else _VIOLATED
        sys.stdout.write(f"{said.said_in(settings.language)}  size {verdict.size}  root {verdict.root.hex()}\n")
    if not verdict.ok:
        raise Stop(Exit.VIOLATED)
    if verdict.incomplete:
        raise Stop(Exit.INCOMPLETE)


def rebuild(
    ctx: typer.Context,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="only compare views with a replay; exit 12 if one differs")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Drop all views and fold every fact anew; print the facts folded per second."""
    settings = settings_of(ctx)
    if check:
        _compare(settings, as_json=as_json)
        return
    console = Console(stderr=True)
    with installation(settings) as installed, Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(_REBUILDING.said_in(settings.language))
        rate = installed.follower.rebuild(lambda done, total: bar.update(task, completed=done, total=total))
        size = installed.ledger.head().size
    if as_json:
        print_json({"facts": size, "facts_per_second": round(rate)})
    else:
        sys.stdout.write(f"{size} facts, {rate:,.0f} facts/s\n")


def _compare(settings: Settings, *, as_json: bool) -> None:
    """Print which views differ from folding every fact again; end with code 12 where one does."""
    with installation(settings) as installed:
        differing = installed.follower.differing()
    if as_json:
        print_json({"differing": differing})
    else:
        sys.stdout.write((" ".join(differing) or _SAME.said_in(settings.language)) + "\n")
    if differing:
        raise Stop(Exit.VIEW_DIFFERS)


def grant(
    ctx: typer.Context, role: Annotated[str, typer.Option(help="the PostgreSQL role the program runs as")]
) -> None:
    """Give the program's PostgreSQL role INSERT and SELECT, UPDATE of the head, DELETE of sealed words, no more."""
    settings = settings_of(ctx)
    with installation(settings) as installed:
        engine = installed.ledger.engine
        if engine.dialect.name != "postgresql":
            stop(Exit.USAGE, _ONLY_POSTGRESQL, settings.language)
        with engine.begin() as connection:
            grant_role(connection, role)
    sys.stdout.write(f"{role}\n")


_SAME = Text("视图与重算一致。", "The views are what a replay makes of the facts.")
_ONLY_POSTGRESQL = Text(
    "只有 PostgreSQL 有数据库角色；请设 STARLEDGER_DATABASE_URL 为库主的连接。",
    "Only PostgreSQL has roles; set STARLEDGER_DATABASE_URL to the owner's connection.",
)
_INTACT = Text("完好", "intact")
_VIOLATED = Text("已被改动", "VIOLATED")
_REBUILDING = Text("重建视图", "rebuilding the views")


def _no_facts(tags: list[str]) -> Text:
    return Text(
        f"没有提到 {'、'.join(tags)} 的事实；请核对编号。", f"No fact mentions {', '.join(tags)}; check the ids."
    )
