"""`starledger check-notice`: whether a code or a copy is of a notice that hung here, and what became of it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.audience import for_audiences, opened
from cli.exits import Exit, Stop, refuse, stop
from cli.options import AS_OF, JSON, settings_of
from cli.printing import end, minute, print_table
from cli.settings import Settings
from domain.decision import Refused
from domain.json_in import NotJson, read_json
from domain.rounds import Round
from domain.text import Text
from projections.answers.notices import checked_notice, differences, heads_differ, notice_of, successors
from projections.folding import folded
from projections.notice_board import NOTICE_BOARD, PostedNotice
from projections.notice_codes import CodedNotice, NoticeHeads, heads_of, read_code


def add_notice_checks(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("check-notice", rich_help_panel="reading")(for_audiences(check_notice))


def check_notice(
    ctx: typer.Context,
    copy: Annotated[str, typer.Argument(help="the code on the notice, or a file that --json once printed")],
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Say which list a code stands for: posted when, under which rulebook, until when it hung, and what replaced it.

    Given a file, also whether it says exactly what was posted: exit 10 where a line or a head differs, 3 for an unknown
    code. Heads say what ledger and round consisted of when it was posted: nothing of that is left out unseen.
    """
    settings = settings_of(ctx)
    code, claimed, given = _asked(copy, settings)
    with opened(ctx, (NOTICE_BOARD,), as_of) as (reading, names, curtain):
        ledger = curtain.disclosures.ledger
        try:
            coded, notice = notice_of(ledger, reading, code)
        except Refused as unknown:
            refuse(unknown, settings.language, as_json=False)
        rules = folded(ledger, Round, coded.round).rulebook
        heads = heads_of(ledger, coded)
        shown, differing = curtain.over(notice), [*differences(claimed, notice, curtain), *heads_differ(given, heads)]
        if as_json:
            curtain.print_json(checked_notice(coded, shown, differing, ledger, settings.language, heads))
        else:
            said = _said(coded, notice, f"{rules.title.said_in(settings.language)} v{rules.version}")
            sys.stdout.write(f"{said.said_in(settings.language)}\n")
            rows = [(names.person(line.person), line.total, line.label, line.replaced_by) for line in shown.lines]
            print_table("姓名/name · 总分/total · 拟评星级/star · 更正见/see", rows, settings.language)
            sys.stdout.write(f"{_heads(heads).said_in(settings.language)}\n")
            sys.stdout.writelines(f"{each.said_in(settings.language)}\n" for each in differing)
            curtain.print_withheld()
    if differing:
        raise Stop(Exit.VIOLATED)


def _asked(copy: str, settings: Settings) -> tuple[str, Sequence[Mapping[str, Any]] | None, Mapping[str, Any]]:
    """Return the code that is asked about, lines and heads of a copy; ends with 2 where neither is there."""
    if (code := read_code(copy)) is not None:
        return code, None, {}
    path = Path(copy)
    if not path.is_file():
        stop(Exit.USAGE, _neither(copy), settings.language)
    try:
        document = read_json(path.read_bytes())
    except NotJson:
        stop(Exit.REFUSED, _no_copy(copy), settings.language)
    answer = document.get("answer", document) if isinstance(document, dict) else {}
    code = read_code(str(answer.get("code", "")))
    lines = answer.get("lines")
    if code is None or not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        stop(Exit.REFUSED, _no_copy(copy), settings.language)
    given = answer.get("heads")
    return code, lines, given if isinstance(given, dict) else {}


def _said(coded: CodedNotice, notice: PostedNotice, rulebook: str) -> Text:
    later = successors(notice)
    then = (
        Text("最新。", "It is the latest.")
        if not later
        else Text(f"其中有的行已由 {'、'.join(later)} 更正。", f"Lines of it were replaced by {', '.join(later)}.")
    )
    until = end(notice.ends_at) or "—"
    posted = minute(notice.posted_at)
    return Text(
        f"{coded.code}：{notice.round} 第{notice.number}号公示 {notice.notice}，依《{rulebook}》，{posted} 张贴，"
        f"公示至 {until}，共{len(notice.lines)}人，第 {coded.first}–{coded.last} 条。{then.zh}",
        f"{coded.code}: notice {notice.number} of {notice.round} ({notice.notice}) under {rulebook}, posted {posted}, "
        f"until {until}, {len(notice.lines)} people, facts {coded.first}–{coded.last}. {then.en}",
    )


def _heads(heads: NoticeHeads) -> Text:
    return Text(
        f"张贴时：账本前 {heads.size} 条的树根 {heads.root}，其中本评定周期各条的头哈希 {heads.round_head}。",
        f"When it was posted: root {heads.root} over the first {heads.size} facts, head {heads.round_head} over the "
        "round's among them.",
    )


def _neither(copy: str) -> Text:
    return Text(
        f"「{copy}」既不是公示代码（如 7C4K-0M2X-9QRS-TVWX），也不是文件。",
        f"'{copy}' is neither the code of a notice (such as 7C4K-0M2X-9QRS-TVWX) nor a file.",
    )


def _no_copy(copy: str) -> Text:
    return Text(f"{copy} 不是公示的副本。", f"{copy} is no copy of a notice.")
