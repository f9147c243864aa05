"""Sub-commands that read: stars, the score sheet, notices, objections, one person's record."""

from typing import Annotated, cast

import typer

from cli.as_of import position_of
from cli.audience import for_audiences, opened, showing
from cli.exits import Exit, refuse, stop
from cli.options import AS_OF, JSON, OCCURRED_UNTIL, ROUND, settings_of
from cli.printing import end, minute, print_table
from cli.wiring import installation
from domain.decision import Refused
from domain.rounds import Round
from domain.text import Text
from projections.agenda import agenda
from projections.answers.notices import with_codes
from projections.answers.reading import StarsTold, instant_at
from projections.names import Names
from projections.notice_board import NOTICE_BOARD, posted_notices
from projections.objection_register import OBJECTION_REGISTER, registered_objections
from projections.person_record import PERSON_RECORD, RecordEntry, person_record
from projections.score_sheet import SCORE_SHEET, SheetCell, SheetRow, score_sheet
from projections.stars import STARS, CurrentStar, current_stars

PANEL = "reading"


def add_reading(app: typer.Typer) -> None:
    """Add the sub-commands."""
    for name, function in (
        ("stars", stars),
        ("sheet", sheet),
        ("notices", notices),
        ("objections", objections),
        ("record", record),
        ("due", due),
    ):
        app.command(name, rich_help_panel=PANEL)(for_audiences(function))


def _columns(ctx: typer.Context, round_id: str) -> dict[str, Text]:
    """Return the columns of a round's score sheet in the order of its rulebook: code and title."""
    with installation(settings_of(ctx)) as installed:
        rulebook = cast("Round", installed.ledger.fold(Round, round_id)).rulebook
    return {code: component.title for code, component in rulebook.leaves().items()}


def stars(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    round_id: Annotated[str | None, typer.Option("--round", help="of this round")] = None,
    branch: Annotated[str | None, typer.Option(help="of this branch")] = None,
    person: Annotated[str | None, typer.Option(help="of this person")] = None,
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print current stars: computed, posted, confirmed. Stars of two rulebooks are never compared (AMB-A2)."""
    language = settings_of(ctx).language
    with opened(ctx, (STARS,), as_of) as (reading, names, curtain):
        found = current_stars(reading, round_id=round_id, branch=branch, person=person)
        if not found:
            stop(Exit.NOT_FOUND, _NO_STARS, language)
        found = curtain.over(found)
        if as_json:
            curtain.print_json(StarsTold(reading.position, found))
            return
        heads = "评定/round · 编号/id · 姓名/name · 总分/total · 得分星级/by score · 核定星级/star · 确认/confirmed"
        print_table(heads, [_star_row(star, names) for star in found], language)
        curtain.print_withheld()


def _star_row(star: CurrentStar, names: Names) -> tuple[object, ...]:
    shown = "?" if star.star is None else _with_probation(star.label, star.probation)
    return (
        star.round,
        star.person,
        names.person(star.person),
        star.total,
        _signs(star.score_star),
        shown,
        _confirmed(star),
    )


def _signs(score_star: int | str | None) -> str:
    return score_star if isinstance(score_star, str) else "★" * (score_star or 0)


def sheet(
    ctx: typer.Context,
    round_id: ROUND,
    as_of: AS_OF = None,
    occurred_until: OCCURRED_UNTIL = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print the score sheet of a round: Table 3-1 (A-27), raw scores of 0 to 100 (AMB-A10)."""
    language = settings_of(ctx).language
    with opened(ctx, (SCORE_SHEET,), as_of, occurred_until) as (reading, names, curtain):
        found = score_sheet(reading, round_id)
        if found is None:
            stop(Exit.NOT_FOUND, _no_round(round_id), language)
        found = curtain.over(found)
        if as_json:
            curtain.print_json(found)
            return
        columns = _columns(ctx, round_id)
        titles = (f"{title.zh}/{title.en}" for title in columns.values())
        heads = " · ".join(("姓名/name", *titles, "总分/total", "得分星级/by score"))
        rows = [_sheet_row(row, list(columns), names) for row in found.rows]
        print_table(f"{heads} · 核定星级/star", rows, language)
        curtain.print_withheld()


def _sheet_row(row: SheetRow, codes: list[str], names: Names) -> tuple[object, ...]:
    cells = (_sheet_cell(row.cells.get(code)) for code in codes)
    shown = "?" if row.star is None else _with_probation(row.label, row.probation)
    return (names.person(row.person), *cells, row.total, row.score_star, shown)


def _with_probation(label: str, probation: tuple[str, ...] | None) -> str:
    return "，".join((label, *(probation or ())[1:2]))


def _sheet_cell(cell: SheetCell | None) -> str | None:
    if cell is None:
        return ""
    return "/" if cell.not_applicable is True else cell.points or cell.tallied


def notices(ctx: typer.Context, round_id: ROUND, as_of: AS_OF = None, *, as_json: JSON = False) -> None:
    """Print the notices of a round: their codes, where they hang, until when, and their lines."""
    language = settings_of(ctx).language
    with opened(ctx, (NOTICE_BOARD,), as_of) as (reading, names, curtain):
        found = curtain.over(posted_notices(reading, round_id))
        told = with_codes(curtain.disclosures.ledger, reading, round_id, found)
        if as_json:
            curtain.print_json(told)
            return
        if not found:
            stop(Exit.NOT_FOUND, _no_notice(round_id), language)
        for notice, with_code in zip(found, told, strict=True):
            until = end(notice.ends_at) or _NOT_HANGING.said_in(language)
            places = "、".join(notice.places)
            posted = f"{notice.notice}  {minute(notice.posted_at)} – {until}  {places}  {notice.contact}"
            typer.echo(f"{posted}  {with_code.code}")
            rows = [(names.person(line.person), line.total, line.label, line.replaced_by) for line in notice.lines]
            print_table("姓名/name · 总分/total · 拟评星级/star · 更正见/see", rows, language)
        curtain.print_withheld()


def objections(ctx: typer.Context, round_id: ROUND, as_of: AS_OF = None, *, as_json: JSON = False) -> None:
    """Print the register of objections of a round, with their terms."""
    language = settings_of(ctx).language
    with opened(ctx, (OBJECTION_REGISTER,), as_of) as (reading, names, curtain):
        found = curtain.over(registered_objections(reading, round_id=round_id))
        if as_json:
            curtain.print_json(found)
            return
        rows = [
            (
                one.objection,
                names.person(one.about),
                minute(one.filed_at),
                one.stage,
                end(one.due_at),
                one.verdict,
                "、".join(map(names.person, one.touched)),
            )
            for one in found
        ]
        heads = "编号/id · 对象/about · 提出/filed · 阶段/stage · 期限/due · 裁定/verdict · 影响/touched"
        print_table(heads, rows, language)
        curtain.print_withheld()


def due(ctx: typer.Context, round_id: ROUND, as_of: AS_OF = None, *, as_json: JSON = False) -> None:
    """Print what is due in a round: the next step, what is missing, whose clock runs, who can be confirmed (S8)."""
    settings = settings_of(ctx)
    with installation(settings) as installed:
        upto = None if as_of is None else position_of(installed.ledger, as_of, settings)
        try:
            found = agenda(installed.ledger, round_id, instant_at(installed.ledger, upto), upto)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
        curtain = showing(ctx, installed.ledger, upto)
        found = curtain.over(found)
    if as_json:
        curtain.print_json(found)
        return
    if found.next_step is not None:
        stage = "" if found.next_step.stage is None else f"{found.next_step.stage.said_in(settings.language)} · "
        typer.echo(f"→ {stage}{found.next_step.text.said_in(settings.language)}  [{found.next_step.clause}]")
    items = [("!" if one.overdue else "", end(one.due_at), one.text.said_in(settings.language)) for one in found.items]
    print_table("逾期/overdue · 期限/due · 事项/what", items, settings.language)
    people: dict[str, list[str]] = {}
    for one in found.held:
        people.setdefault(one.why.said_in(settings.language), []).append(one.person)
    held = [("、".join(who), why) for why, who in people.items()]
    print_table("暂不能确认/not yet confirmable · 原因/why", held, settings.language)
    curtain.print_withheld()


def record(
    ctx: typer.Context,
    person: Annotated[str, typer.Option(help="whose record (id)")],
    as_of: AS_OF = None,
    occurred_until: OCCURRED_UNTIL = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print one person's record over the years: branches, offices, stars, activities, awards, plans (A-44)."""
    language = settings_of(ctx).language
    with opened(ctx, (PERSON_RECORD, STARS), as_of, occurred_until) as (reading, names, curtain):
        found = person_record(reading, person)
        known = found.stays or found.offices
        found = curtain.over(found, person)
        if as_json:
            curtain.print_json(found)
            return
        if not known:
            stop(Exit.NOT_FOUND, _no_person(person), language)
        typer.echo(f"{person}  {names.person(person)}")
        stays = [(s.since, s.until, names.branch(s.branch), s.kind, s.formal_since) for s in found.stays]
        print_table("自/since · 至/until · 支部/branch · 类别/kind · 转正/formal", stays, language)
        offices = [(o.since, o.until, o.role, o.branch, o.decided_by) for o in found.offices]
        print_table("自/since · 至/until · 职务/office · 支部/branch · 决定/decided by", offices, language)
        years = [(s.period, f"{s.rulebook} v{s.version}", s.total, s.label, _confirmed(s)) for s in found.stars]
        print_table("周期/period · 办法/scheme · 总分/total · 星级/star · 确认/confirmed", years, language)
        entries = [(e.on, e.kind, _entry_words(e, names), e.state, f"#{e.position}") for e in found.entries]
        print_table("日期/on · 事项/entry · 内容/what · 状态/state · 事实/fact", entries, language)
        curtain.print_withheld()


def _entry_words(entry: RecordEntry, names: Names) -> str | None:
    """Return what an entry says: with its points; of a reading, who read."""
    if entry.kind == "reading" and entry.other is not None:
        return f"{names.person(entry.other)}: {entry.what}"
    if entry.points is None:
        return entry.what
    counts = "" if entry.counts is None else f" → {entry.counts}"
    return f"{entry.what} {entry.points}{counts}"


def _confirmed(star: CurrentStar) -> str:
    return "" if star.confirmed is None else f"{star.confirmed.label} #{star.confirmed.position}"


_NO_STARS = Text("没有符合条件的星级；请核对编号。", "There are no such stars; check the ids.")
_NOT_HANGING = Text("（现未张贴）", "(does not hang)")


def _no_round(round_id: str) -> Text:
    return Text(f"没有评定周期 {round_id}；请核对编号。", f"There is no round {round_id}; check the id.")


def _no_notice(round_id: str) -> Text:
    return Text(f"评定周期 {round_id} 还没有公示。", f"Round {round_id} has no notice yet.")


def _no_person(person: str) -> Text:
    return Text(f"登记册中没有 {person}；请核对编号。", f"Nobody is registered as {person}; check the id.")
