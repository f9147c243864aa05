"""The sub-command that prints the annual return of the appraisal, 民主评议情况统计表."""

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.as_of import position_of
from cli.exits import refuse
from cli.options import AS_OF, JSON, settings_of
from cli.printing import print_json, print_table
from cli.wiring import installation
from domain.decision import Refused
from domain.text import Language, Text
from projections.appraisal_return import AppraisalReturn, Reason, appraisal_return
from projections.names import Names, names_in


def add_returns(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("return", rich_help_panel="reading")(print_return)


def print_return(
    ctx: typer.Context,
    round_id: Annotated[str, typer.Option("--round", help="the annual round (id)")],
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print the annual return of the appraisal: taking part, grades, disposals, and whether it adds up (form 19)."""
    settings = settings_of(ctx)
    with installation(settings) as installed:
        ledger = installed.ledger
        upto = ledger.head().size if as_of is None else position_of(ledger, as_of, settings)
        try:
            found = appraisal_return(ledger, round_id, upto)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
        names = names_in(ledger, upto)
    if as_json:
        print_json({"position": upto, "return": found})
    else:
        _print(found, names, settings.language)


def _print(found: AppraisalReturn, names: Names, language: Language) -> None:
    typer.echo(f"{names.branch(found.branch)}  {found.period}")
    people = [
        (_ROSTER.said_in(language), found.roster.formal, found.roster.probationary, found.roster.together),
        (
            _TAKING_PART.said_in(language),
            found.taking_part.formal,
            found.taking_part.probationary,
            found.taking_part.together,
        ),
    ]
    print_table("党员/members · 正式/formal · 预备/probationary · 合计/together", people, language)
    print_table("等次/grade · 人数/people", list(found.grades.items()), language)
    without = [(names.person(one.person), _REASONS[one.reason].said_in(language)) for one in found.not_graded]
    print_table("未定等次/not graded · 原因/why", without, language)
    print_table("处置/disposal · 数量/number", _disposals(found, language), language)
    check = found.check
    sides = f"{check.left} {'=' if check.holds else '≠'} {check.right}"
    typer.echo(f"{'✓' if check.holds else '✗'} {check.relation.said_in(language)}  {sides}")


def _disposals(found: AppraisalReturn, language: Language) -> list[tuple[str, int]]:
    rows = (
        *((_TALKS[kind], number) for kind, number in found.talks.items()),
        (_ORDERED, found.rectifications_ordered),
        (_CHECKED, found.rectifications_checked),
        (_IMPROVEMENTS, found.improvements_opened),
    )
    return [(name.said_in(language), number) for name, number in rows]


_ROSTER = Text("名册", "on the roster")
_TAKING_PART = Text("参加评议", "taking part")
_TALKS: Mapping[str, Text] = {
    "reminder": Text("提醒谈话", "reminders"),
    "admonition": Text("诫勉谈话", "admonitions"),
}
_ORDERED = Text("责令限期整改", "rectifications ordered")
_CHECKED = Text("整改已检查", "rectifications checked")
_IMPROVEMENTS = Text("帮扶整改", "plans of assistance opened")
_REASONS: Mapping[Reason, Text] = {
    "probationary": Text("预备党员参加评议，不定等次", "probationary: takes part, has no grade"),
    "exempt": Text("不参加本次评定", "exempt from this round"),
    "not_held": Text("未单独进行年度民主评议", "no annual appraisal was held"),
    "not_counted": Text("尚无计票结果", "nothing has been counted yet"),
    "withheld": Text("不足公开票数，不予公布", "withheld: fewer than may be shown"),
    "points": Text("以分数登记，没有等次", "entered as points, without a grade"),
    "too_few": Text("有效票不足", "too few valid voices"),
}
