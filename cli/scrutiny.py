"""The sub-command that puts every check to the facts and prints what an auditor may want to look at (A10)."""

import sys
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from cli.as_of import position_of
from cli.audience import for_audiences, viewer_of
from cli.exits import Exit, stop
from cli.options import AS_OF, JSON, settings_of
from cli.printing import print_json
from cli.settings import Settings
from cli.wiring import installation
from domain.text import Language, Text
from projections.answers.scrutiny import findings_told, found_in
from projections.findings.examine import CHECKS, examined
from projections.findings.model import Check, Examined, Finding

MOST_POSITIONS = 12
"""So many positions are printed; JSON has them all."""


def add_scrutiny(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("findings", rich_help_panel="auditing")(for_audiences(findings))


def findings(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    check: Annotated[
        list[str] | None, typer.Option("--check", help="only this check (code; may be given several times)")
    ] = None,
    round_id: Annotated[str | None, typer.Option("--round", help="only what was found of this round")] = None,
    branch: Annotated[str | None, typer.Option(help="only what was found of this branch")] = None,
    as_of: AS_OF = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="name the checks without a finding as well")] = False,
    as_json: JSON = False,
) -> None:
    """Print what an auditor may want to look at: counts, the same elsewhere, the facts; nobody is accused (A10).

    For auditors and office-holders; other audiences are refused. Groups too small to be shown are passed over.
    """
    settings = settings_of(ctx)
    if not viewer_of(ctx).holds_office:
        stop(Exit.NOT_PERMITTED, _FOR_AUDITORS, settings.language)
    checks = _chosen(check, settings)
    where = {f"{kind}:{value}" for kind, value in (("round", round_id), ("branch", branch)) if value is not None}
    with installation(settings) as installed:
        ledger = installed.ledger
        upto = ledger.head().size if as_of is None else position_of(ledger, as_of, settings)
        answers = examined(ledger.read(upto=upto), checks)
    if as_json:
        print_json(findings_told(upto, answers, where))
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(answers, where, settings.language, every=every))


def _chosen(codes: Sequence[str] | None, settings: Settings) -> list[Check]:
    unknown = set(codes or ()) - {check.code for check in CHECKS}
    if unknown:
        stop(Exit.USAGE, _no_such_check(min(unknown)), settings.language)
    return [check for check in CHECKS if not codes or check.code in codes]


def _lines(answers: Sequence[Examined], where: set[str], language: Language, *, every: bool) -> Iterator[str]:
    told = [answer for answer in answers if found_in(answer, where)]
    for answer in answers if every else told:
        check = answer.check
        yield f"{check.title.said_in(language)}  {check.code} 〔{check.clause}〕"
        for each in found_in(answer, where):
            yield from _finding_lines(each, language)
        yield f"    {(_looked_at(answer) if answer not in told else check.harmless).said_in(language)}"
    yield _summary(answers, len(told)).said_in(language)


def _finding_lines(found: Finding, language: Language) -> Iterator[str]:
    measured = found.measured
    of = "" if measured.of is None else f" {measured.of.said_in(language)}"
    yield f"  {measured.where}{of}: {found.sentence.said_in(language)}{_elsewhere(found).said_in(language)}"
    if measured.evidence:
        shown = " ".join(f"#{position}" for position in measured.evidence[:MOST_POSITIONS])
        more = len(measured.evidence) - MOST_POSITIONS
        yield f"    {shown}{f' … +{more}' if more > 0 else ''}"


def _elsewhere(found: Finding) -> Text:
    if not found.elsewhere_base:
        return Text("（别处没有可比的。）", " (Nothing to compare with elsewhere.)")
    return Text(
        f"（别处：{found.elsewhere_base}中{found.elsewhere_count}。）",
        f" (Elsewhere: {found.elsewhere_count} of {found.elsewhere_base}.)",
    )


def _looked_at(answer: Examined) -> Text:
    return Text(
        f"查看{answer.places}处，未见；其中{answer.too_small}处人数太少，不予统计。",
        f"Nothing in {answer.places} places; {answer.too_small} of them are too small to be counted.",
    )


def _summary(answers: Sequence[Examined], told: int) -> Text:
    return Text(
        f"{len(answers)}项检查，{told}项有可看之处。这些只是计数，不是结论。",
        f"{len(answers)} checks, {told} with something to look at. These are counts, not conclusions.",
    )


_FOR_AUDITORS = Text(
    "这些线索只提供给监督员和任职人员；请不加 --audience，或用 --audience auditor。",
    "Findings are for auditors and office-holders; leave --audience out, or say --audience auditor.",
)


def _no_such_check(code: str) -> Text:
    known = "、".join(check.code for check in CHECKS), ", ".join(check.code for check in CHECKS)
    return Text(f"没有检查「{code}」；可用：{known[0]}。", f"There is no check '{code}'; known: {known[1]}.")
