"""`starledger meeting`: everything of one meeting (form 6), and the meetings of a branch."""

from typing import Annotated

import typer

from cli.audience import for_audiences, opened
from cli.exits import Exit, stop
from cli.options import AS_OF, JSON, settings_of
from cli.printing import print_table
from domain.text import Language, Text
from projections.meeting_record import MEETING_RECORD, MeetingRecord, meeting_record, meetings_of
from projections.names import Names

_VOTES = (
    "评定/round · 名单/list · 应到/should attend · 实到/present · 赞成/yes · 反对/no · 弃权/abstain · 结果/outcome"
    " · 依据/known by"
)
_HEADS = "会议/meeting · 种类/kind · 考评月份/judges · 日期/on · 主持/chair · 时限/timing · 结束/closed"


def add_meetings(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("meeting", rich_help_panel="reading")(for_audiences(meeting))


def meeting(
    ctx: typer.Context,
    meeting_id: Annotated[str | None, typer.Option("--meeting", help="everything of this meeting (id)")] = None,
    branch: Annotated[str | None, typer.Option(help="the meetings of this branch (id)")] = None,
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print a meeting's record: attendance, reports, comments; or a list of a branch's meetings (B-27 to B-36)."""
    language = settings_of(ctx).language
    if (meeting_id is None) == (branch is None):
        stop(Exit.USAGE, _ONE_OF_TWO, language)
    with opened(ctx, (MEETING_RECORD,), as_of) as (reading, names, curtain):
        if branch is not None:
            found = curtain.over(meetings_of(reading, branch))
            if as_json:
                curtain.print_json(found)
                return
            rows = [(m.meeting, m.kind, m.judges, m.on, names.person(m.chair), m.timing, m.closed_at) for m in found]
            print_table(_HEADS, rows, language)
            curtain.print_withheld()
            return
        record = meeting_record(reading, meeting_id or "")
        if record is None:
            stop(Exit.NOT_FOUND, _no_meeting(meeting_id or ""), language)
        record = curtain.over(record)
        if as_json:
            curtain.print_json(record)
            return
        _print(record, names, language)
        curtain.print_withheld()


def _print(record: MeetingRecord, names: Names, language: Language) -> None:
    head = record.head
    typer.echo(f"{head.meeting}  {head.kind}  {head.judges}  {head.on}  {head.place}  {names.person(head.chair)}")
    people = [
        (names.person(one.person), one.role, one.presence, one.report, names.person(one.commentator or ""))
        for one in (*record.members, *record.staff, *record.representatives)
    ]
    print_table("姓名/name · 身份/as · 到会/presence · 讲述/report · 点评人/commented by", people, language)
    counts = [
        (
            vote.round,
            vote.list,
            vote.should_attend,
            vote.voters_present,
            vote.yes,
            vote.no,
            vote.abstain,
            vote.outcome,
            (_NAMED if vote.named else _BY_DAY).said_in(language),
        )
        for vote in record.votes
    ]
    print_table(_VOTES, counts, language)


_NAMED, _BY_DAY = Text("会议编号", "its name"), Text("日期", "its day")
_ONE_OF_TWO = Text("请用 --meeting 或 --branch 指明其一。", "Say either --meeting or --branch.")


def _no_meeting(meeting_id: str) -> Text:
    return Text(f"没有会议 {meeting_id}；请核对编号。", f"There is no meeting {meeting_id}; check the id.")
