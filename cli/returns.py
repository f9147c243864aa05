"""The sub-command that prints the annual return of the appraisal, 民主评议情况统计表."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from cli.as_of import position_of
from cli.audience import for_audiences, showing, viewer_of
from cli.exits import Exit, refuse, stop
from cli.options import AS_OF, JSON, settings_of
from cli.printing import print_json, print_table
from cli.wiring import installation
from domain.decision import Refused
from domain.organisation import UNIT_KINDS
from domain.text import Language, Text
from projections.answers.reading import ReturnTold, UnitsTold
from projections.appraisal_return import (
    AppraisalReturn,
    Check,
    Reason,
    UnitDisposals,
    appraisal_return,
    disposals_by_unit,
)
from projections.names import Names, names_in


def add_returns(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("return", rich_help_panel="reading")(for_audiences(print_return))


def print_return(
    ctx: typer.Context,
    round_id: Annotated[str | None, typer.Option("--round", help="the annual round (id)")] = None,
    year: Annotated[str | None, typer.Option("--year", help="the measures of all branches, by kind of unit")] = None,
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print the annual return of the appraisal: taking part, grades, disposals, and whether it adds up (form 19)."""
    settings = settings_of(ctx)
    if (round_id is None) == (year is None):
        stop(Exit.USAGE, _ONE_OF_TWO, settings.language)
    with installation(settings) as installed:
        ledger = installed.ledger
        upto = ledger.head().size if as_of is None else position_of(ledger, as_of, settings)
        if round_id is None:
            if not viewer_of(ctx).holds_office:
                stop(Exit.NOT_PERMITTED, _FOR_OFFICES, settings.language)
            by_unit = disposals_by_unit(ledger, year or "", upto)
            _print_units(by_unit, upto, settings.language, as_json=as_json)
            return
        try:
            found = appraisal_return(ledger, round_id, upto)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
        names, curtain = names_in(ledger, upto), showing(ctx, ledger, upto)
        found = curtain.over(found)
    if as_json:
        curtain.print_json(ReturnTold(upto, found))
    else:
        _print(found, names, settings.language)
        curtain.print_withheld()


def _print_units(found: Sequence[UnitDisposals], upto: int, language: Language, *, as_json: bool) -> None:
    if as_json:
        print_json(UnitsTold(upto, found))
        return
    if not found:
        typer.echo(_NO_ROUNDS.said_in(language))
    rows = [
        (
            (_NOT_ENTERED if each.unit is None else UNIT_KINDS[each.unit]).said_in(language),
            len(each.branches),
            *each.talks.values(),
            each.rectifications_ordered,
            each.rectifications_checked,
            each.improvements_opened,
        )
        for each in found
    ]
    print_table(_UNIT_HEADS, rows, language)


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
    _print_check(found.check, language)


def _print_check(check: Check | None, language: Language) -> None:
    """Print whether the return adds up, unless that is withheld."""
    if check is None:
        return
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


_UNIT_HEADS = (
    "单位类型/kind of unit · 支部/branches · 提醒谈话/reminders · 诫勉谈话/admonitions"
    " · 责令限期整改/rectifications ordered · 整改已检查/rectifications checked · 帮扶整改/plans of assistance"
)
_NOT_ENTERED = Text("未登记（enter-unit-kind）", "not entered (enter-unit-kind)")
_NO_ROUNDS = Text("这一年没有年度评定。", "No annual round is of that year.")
_FOR_OFFICES = Text(
    "分单位类型的处置情况只报上级组织，不对其他对象公开。",
    "The measures by kind of unit are for the superior organisation, and for no other audience.",
)
_ONE_OF_TWO = Text("请用 --round 或 --year 指明其一。", "Say either --round or --year.")
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
