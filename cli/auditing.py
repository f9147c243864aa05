"""Sub-commands for whoever checks: history, explanation, verification, rebuilding the views."""

import sys
from typing import Annotated

import typer

from cli.as_of import day_of, occurred, position_of
from cli.audience import for_audiences, showing
from cli.checkpoints import CHECKPOINTS, KEYS, WITNESSES, end, held_checkpoints, print_report, recorded_keys
from cli.exits import Exit, Stop, refuse, stop
from cli.options import AS_OF, JSON, OCCURRED_UNTIL, settings_of
from cli.pages import PAGE, put_page
from cli.printing import print_json
from cli.settings import Settings
from cli.signing import SIGNER
from cli.wiring import installation
from cli.working import working
from domain.decision import Refused, Selector
from domain.text import Text
from ledger.checking import check
from ledger.schema import grant as grant_role
from ledger.verdict import Verdict
from ledger.verification import hashes
from ledger.verification import verify as verify_everything
from projections.answers.auditing import notes_of
from projections.disclosed_facts import unlisted
from projections.disclosed_tree import explanation_for
from projections.explain import explain as explain_star
from projections.page_matter import matter_of
from projections.prov import provenance

PANEL = "auditing"


def add_auditing(app: typer.Typer) -> None:
    """Add the sub-commands."""
    for name, function in (
        ("history", for_audiences(history)),
        ("explain", for_audiences(explain)),
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
    occurred_until: OCCURRED_UNTIL = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print the facts, oldest first, each in one sentence; late ones are marked (A5)."""
    settings = settings_of(ctx)
    asked = {"person": person, "round": round_id, "objection": objection, "branch": branch}
    tags = [f"{kind}:{value}" for kind, value in asked.items() if value is not None]
    day = day_of(occurred_until, settings)
    with installation(settings) as installed:
        ledger = occurred(installed.ledger, day)
        upto = None if as_of is None else position_of(ledger, as_of, settings)
        facts = list(ledger.read((Selector(tags=tuple(tags)),) if tags else (), upto=upto))
        if not facts and tags:
            stop(Exit.NOT_FOUND, _no_facts(tags), settings.language)
        curtain = showing(ctx, ledger, upto)
        notes = notes_of(facts, person, curtain, upto)
    if as_json:
        curtain.print_json([one.as_json() for one in notes])
        return
    for one in notes:
        sys.stdout.writelines(f"{line}\n" for line in one.lines(settings.language))
    if person is not None and curtain.facts is not None:
        sys.stdout.write(f"{unlisted().said_in(settings.language)}\n")


def explain(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    round_id: Annotated[str, typer.Option("--round", help="the round (id)")],
    person: Annotated[str, typer.Option(help="whose star (id)")],
    as_of: AS_OF = None,
    occurred_until: OCCURRED_UNTIL = None,
    form: Annotated[str, typer.Option("--format", help="text, json, or prov: W3C PROV-JSON")] = "text",
    page: PAGE = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print the tree behind a star: confirmation, notice, vote, caps, band, total, scores, facts, clauses (A4).

    With --page the steps of the calculation with clauses and facts on one page that can be signed.
    """
    settings = settings_of(ctx)
    day = day_of(occurred_until, settings)
    if form not in ("text", "json", "prov"):
        stop(Exit.USAGE, _FORMS, settings.language)
    with installation(settings) as installed:
        ledger = occurred(installed.ledger, day)
        upto = None if as_of is None else position_of(ledger, as_of, settings)
        try:
            curtain = showing(ctx, ledger, upto)
            found = explain_star(ledger, round_id, person, upto, curtain=curtain.facts)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
        found, head = explanation_for(found, curtain), installed.ledger.head()
        document = provenance(ledger, found, curtain.lines()) if form == "prov" else {}
    if page is not None:
        put_page(matter_of(found, head, curtain.lines()), page, settings.language)
    elif form == "prov":
        print_json(document)
    elif as_json or form == "json":
        curtain.print_json(found.as_json())
    else:
        sys.stdout.write(found.as_text(settings.language))
        curtain.print_withheld()


def verify(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    checkpoint: CHECKPOINTS = None,
    key: KEYS = None,
    signer: SIGNER = None,
    witness_key: WITNESSES = None,
    *,
    hashes_only: Annotated[
        bool,
        typer.Option(
            "--hashes-only", help="only hash the entries and compare leaves and root: quicker, and finds less"
        ),
    ] = False,
    as_json: JSON = False,
) -> None:
    """Hash every entry again and check all that the database says of them; exit 10 on a violation, 11 on a gap.

    With checkpoints also whether their facts are still those that were signed, and which facts none of them covers.
    Anchors on record are compared, too; a key that nobody trusted handed over to is a gap until --key names it.
    With --hashes-only nothing beside the entries is compared, and so it says; a large SQLite file takes two processors.
    """
    settings = settings_of(ctx)
    with installation(settings) as installed:
        known = recorded_keys(installed.ledger, key or (), signer, settings)
        held = held_checkpoints(checkpoint or (), known.chain, settings, witnesses=witness_key or ())
        report = check(installed.ledger, held, hashes if hashes_only else verify_everything, known)
    verdict = report.verdict
    if as_json:
        said = report.as_json(settings.language) if held else verdict.as_json(settings.language)
        print_json({**said, **(_PASSES if hashes_only else {})})
    else:
        _print_verdict(verdict, settings, hashes_only=hashes_only)
        if held:
            print_report(report, settings)
    end(verdict)


def _print_verdict(verdict: Verdict, settings: Settings, *, hashes_only: bool) -> None:
    for finding in verdict.findings:
        sys.stdout.write(f"{finding.severity}: {finding.message.said_in(settings.language)}\n")
    sound = _HASHES_FIT if hashes_only else _INTACT
    said = (sound if verdict.ok else _VIOLATED).said_in(settings.language)
    sys.stdout.write(f"{said}  size {verdict.size}  root {verdict.root.hex()}\n")
    if hashes_only:
        sys.stdout.write(f"{_NOT_COMPARED.said_in(settings.language)}\n")


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
    with installation(settings) as installed, working(_REBUILDING, settings) as progress:
        rate = installed.follower.rebuild(progress)
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


_FORMS = Text("--format 可为 text、json 或 prov。", "--format is text, json or prov.")
_SAME = Text("视图与重算一致。", "The views are what a replay makes of the facts.")
_ONLY_POSTGRESQL = Text(
    "只有 PostgreSQL 有数据库角色；请设 STARLEDGER_DATABASE_URL 为库主的连接。",
    "Only PostgreSQL has roles; set STARLEDGER_DATABASE_URL to the owner's connection.",
)
_INTACT = Text("完好", "intact")
_HASHES_FIT = Text("哈希相符", "hashes fit")
_NOT_COMPARED = Text(
    "只核对了哈希：每条记录与其叶、全部记录与账本头的树根。没有核对：记录能否读懂、前后衔接、类型与时间两列、标签、命令、"
    "封存内容、附件；要全部核对，请去掉 --hashes-only。",
    "Only hashes were compared: each entry with its leaf, all of them with the root in the head. Not compared: whether "
    "the entries can be read, links, types and times, tags, commands, sealed words, attachments. For these leave "
    "--hashes-only out.",
)
_PASSES = {
    "passes": ["leaves", "root"],
    "not_compared": ["entries-readable", "links", "columns", "tags", "commands", "sealed", "attachments"],
}
_VIOLATED = Text("已被改动", "VIOLATED")
_REBUILDING = Text("重建视图", "rebuilding the views")


def _no_facts(tags: list[str]) -> Text:
    return Text(
        f"没有提到 {'、'.join(tags)} 的事实；请核对编号。", f"No fact mentions {', '.join(tags)}; check the ids."
    )
