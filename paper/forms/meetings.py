"""Forms 6 and 7 and what people bring to a meeting: the record, ballot sheets, reports, self-assessment, the staff."""

import itertools
from collections.abc import Iterator, Sequence

from domain.ballots import BoxOpened
from domain.decision import NotFound, Selector
from domain.ids import BoxId, tag
from domain.text import Text
from paper import words
from paper.document import (
    GRADES,
    NO_ROWS,
    Area,
    Block,
    Column,
    Fields,
    Paragraph,
    Rows,
    Sheet,
    Signatures,
    Slips,
    Table,
)
from paper.form import form
from paper.source import Asked, Source, made
from projections.boards import BOARDS, staff_results
from projections.meeting_record import MEETING_RECORD, Attender, MeetingRecord, meeting_record

KINDS = {"monthly": "月度组织生活会", "quarterly": "季度组织生活会", "members": "党员大会", "annual": "年度组织生活会"}
_PRESENCE = {"present": "到会", "excused": "请假", "absent": "缺席", "invited": "应邀未到"}
_REPORTS = {"spoken": "口头", "written": "书面"}
RECORDED = "登记的只是谁领过、交过票；填了什么与任何人、时间都不相联，封箱后只公布合计。"


@form(
    6,
    "meeting",
    "SL-06",
    Text("组织生活会记录", "record of a meeting"),
    clauses="B-27 B-31 B-36",
    needs="meeting",
    whose="disclosed",
    views=(MEETING_RECORD,),
)
def meeting(source: Source | None, asked: Asked) -> Sheet:
    """Return form 6, a meeting's record: attendance, reports and comments, votes, signatures (B-27 to B-36)."""
    columns = (
        Column("姓名", "22mm"),
        Column("到会", "15mm"),
        Column("讲述（履职／承诺／作风）", "3fr", "left"),
        Column("点评（不足／原因／整改）", "3fr", "left"),
        Column("互评", "1.4fr", "left"),
    )
    if source is None:
        blocks: tuple[Block, ...] = (
            *_meeting_head(None),
            Table(columns, (), empty=8, row_mm=12),
            _votes(()),
            Area("评议组织情况", height_mm=30),
        )
    else:
        found = meeting_record(source.reading, asked.needed("meeting"))
        if found is None:
            raise NotFound("unknown-meeting", _no_meeting(asked.needed("meeting")))
        record = source.over(found)
        everyone = (*record.members, *record.staff, *record.representatives)
        rows = tuple(_attender(source, one) for one in everyone)
        numbers = tuple((v.should_attend, v.voters_present, v.yes, v.no, v.abstain) for v in record.votes)
        blocks = (
            *_meeting_head((source, record)),
            Table(columns, rows),
            _votes(tuple(tuple(map(words.plain, each)) for each in numbers)),
            Area("评议组织情况", _minutes(record.head.minutes), height_mm=30),
        )
    signed = Signatures(("主持人", "记录人", "监票人"))
    return made(source, "SL-06", "组织生活会记录", (*blocks, signed), layout="wide")


def _meeting_head(known: tuple[Source, MeetingRecord] | None) -> tuple[Fields, Fields]:
    names = ("支部", "会议", "时间", "地点", "主持", "考评周期", "应到", "实到")
    lists = ("列席党外人员", "群众代表", "缺席及原因")
    if known is None:
        return _pairs(names, ("",) * len(names), 4), _pairs(lists, ("",) * len(lists), 1)
    source, record = known
    head = record.head
    away = (
        f"{source.name(m.person)}（{source.words(m.reason) or '个人原因'}）"
        for m in record.members
        if m.presence in {"excused", "absent"}
    )
    said = (
        source.names.branch(head.branch),
        KINDS.get(head.kind, head.kind),
        f"{words.plain(head.on)} {words.plain(head.begins)}",
        words.plain(head.place),
        source.name(head.chair),
        words.period(head.judges),
        words.plain(head.should_attend),
        str(len(record.present)),
    )
    there = (
        words.listed(source.name(one.person) for one in record.staff if one.presence == "present"),
        words.listed(source.name(one.person) for one in record.representatives if one.presence == "present"),
        words.listed(away),
    )
    return _pairs(names, said, 4), _pairs(lists, there, 1)


def _minutes(sha256: str | None) -> str:
    return "" if sha256 is None else f"会议记录原件（附件摘要 {sha256[:16]}…）。"


def _pairs(names: Sequence[str], said: Sequence[str], across: int) -> Fields:
    return Fields(tuple(zip(names, said, strict=True)), across)


def _attender(source: Source, one: Attender) -> tuple[str, ...]:
    said = (source.words(each) for each in (one.duties, one.commitments, one.style))
    told = (source.words(each) for each in (one.shortcomings, one.causes, one.demands))
    how = _REPORTS.get(words.plain(one.report), "")
    by = f"（{source.name(one.commentator)}）" if one.commentator else ""
    remarks = "；".join(f"{source.name(each.peer)}：{source.words(each.remark)}" for each in one.remarks)
    report, comment = ("／".join(each for each in part if each) for part in (said, told))
    presence = _PRESENCE.get(words.plain(one.presence), words.plain(one.presence))
    return (
        source.name(one.person),
        presence,
        f"{report}{f'（{how}）' if how and report else how}",
        f"{comment}{by}",
        remarks,
    )


def _votes(rows: Rows) -> Table:
    columns = tuple(
        Column(f"表决：{name}" if not n else name) for n, name in enumerate(("应到", "实到", "赞成", "反对", "弃权"))
    )
    return Table(columns, rows, empty=0 if rows else 1)


@form(
    7,
    "ballot",
    "SL-07",
    Text("民主评议党员测评表", "ballot sheet of the appraisal"),
    clauses="B-34",
    needs="box",
    whose="posted",
)
def ballot(source: Source | None, asked: Asked) -> Sheet:
    """Return form 7, a sheet of the appraisal: names and grades, nothing that tells two sheets apart (B-34)."""
    marks, rows, about = GRADES, NO_ROWS, "　　　　党支部　　　　年　　月"
    title, limits = "民主评议党员测评表", tuple[str, ...]()
    if source is not None:
        opened = _box(source, asked.needed("box"))
        marks = opened.marks or ("分数（0—100）",)
        rows = tuple(_ballot_rows(source, opened, len(marks)))
        about = f"{source.names.branch(opened.branch)}　{words.period(source.round(opened.round).period)}"
        limits = tuple(f"“{cap.grade}”不超过{cap.at_most}名" for cap in opened.caps)
        title = title if opened.staff is None else "党外干部职工测评表"
    columns = (Column("序号", "12mm"), Column("姓名", "44mm"), *(Column(each) for each in marks))
    only = f"；{'，'.join(limits)}，超过的整张无效" if limits else ""
    note = f"说明：无记名填写，每行只在一格内画“√”，多画的该行无效，不画的视为弃权{only}。{RECORDED}"
    blocks = (Paragraph(note, indented=False, small=True), Table(columns, rows, empty=0 if rows else 22, row_mm=8))
    # No origin: a head printed on the sheet would tell when it was printed, and so for whom.
    return Sheet("SL-07", title, blocks, "form", about)


def _ballot_rows(source: Source, opened: BoxOpened, marks: int) -> Iterator[tuple[str, ...]]:
    """Yield a row for each member, of the staff one for each aspect that they are graded on (B-35)."""
    aspects = ("",) if opened.staff is None else opened.staff.aspects
    for number, (person, aspect) in enumerate(itertools.product(opened.subjects, aspects), start=1):
        name = f"{source.names.person(person)}　{words.ASPECTS.get(aspect, aspect)}".rstrip()
        yield (str(number), name, *[""] * marks)


def _box(source: Source, box: str) -> BoxOpened:
    selector = Selector((BoxOpened.NAME,), (tag(BoxId, box),))
    for fact in source.ledger.read((selector,), upto=source.upto):
        if isinstance(fact.event, BoxOpened):
            return fact.event
    raise NotFound("unknown-box", _no_box(box))


def slips(box: str, group: str, codes: Sequence[str]) -> Sheet:
    """Return one-time slips to be cut apart, each with its code (V2); they are handed out from a bag, unseen."""
    about = f"票箱 {box}　评议组：{words.VOTERS.get(group, group)}"
    lines = tuple(
        ("一次性选票凭条", about, code, "封箱前可用同一代码改投，以最后一次为准。", RECORDED) for code in codes
    )
    return Sheet("SL-07A", "", (Slips(lines),), "form")


@form(7, "self-assessment", "SL-07B", Text("党员自我评价表", "self-assessment"), clauses="A-21 B-11", whose="own")
def self_assessment(source: Source | None, asked: Asked) -> Sheet:
    """Return the sheet on which a member assesses himself against the five leads, with his own score (A-21, B-11)."""
    leads = ("带头学习提高", "带头争创佳绩", "带头服务群众", "带头遵纪守法", "带头弘扬正气")
    columns = (
        Column("五带头", "32mm"),
        Column("主要表现（何时、何事、结果）", "4fr", "left"),
        Column("自评分", "20mm"),
    )
    table = Table(columns, tuple((each, "", "") for each in leads), row_mm=12)
    rest = (Area("存在不足", height_mm=30), Area("努力方向", height_mm=30, signed=("本人",)))
    return made(source, "SL-07B", "党员自我评价表", (_who(source, asked), table, *rest))


@form(6, "report", "SL-06A", Text("党员讲述提纲", "report to a meeting"), clauses="B-28 B-31", whose="own")
def report(source: Source | None, asked: Asked) -> Sheet:
    """Return the sheet for a report to a meeting: duties, commitments, style of work (B-28)."""
    areas = (
        Area("履行岗位职责", height_mm=52),
        Area("完成承诺事项", height_mm=52),
        Area("转变工作作风", height_mm=52, signed=("本人",)),
        Area("书记点评", "不足：\n\n原因：\n\n整改要求：", height_mm=40, signed=("点评人",)),
    )
    return made(source, "SL-06A", "党员讲述提纲", (_who(source, asked), *areas))


def _who(source: Source | None, asked: Asked) -> Fields:
    """Return who and for which period, as far as was said."""
    person = "" if source is None else source.name(asked.person)
    branch = period = ""
    if source is not None and asked.round is not None:
        this = source.round(asked.round)
        branch, period = source.names.branch(this.branch), words.period(this.period)
    return Fields((("支部", branch), ("姓名", person), ("周期", period)), across=3)


@form(
    19,
    "staff-appraisal",
    "SL-19B",
    Text("党外干部职工评议表", "appraisal of the staff"),
    clauses="B-33 B-35 B-46",
    needs="round",
    whose="posted",
    views=(BOARDS,),
)
def staff_appraisal(source: Source | None, asked: Asked) -> Sheet:
    """Return form 19, the appraisal of staff outside the Party: three aspects, a grade, whose comment (B-33, B-35)."""
    columns = (
        Column("序号", "12mm"),
        Column("姓名", "26mm"),
        Column("思想表现"),
        Column("履职尽责"),
        Column("完成任务"),
        Column("综合"),
        Column("行政领导点评", "3fr", "left"),
    )
    rows = NO_ROWS
    under = "　　　　党支部　　　　　年　　月"
    if source is not None:
        this = source.round(asked.needed("round"))
        posted = source.over(staff_results(source.reading, this.branch, this.period))
        rows = tuple(
            (str(n), source.name(each.person), each.attitude, each.duties, each.tasks, each.overall, "")
            for n, each in enumerate((line for one in posted for line in one.lines), start=1)
        )
        under = f"{source.names.branch(this.branch)}　{words.period(this.period)}"
    table = Table(columns, rows, empty=max(2, 10 - len(rows)), row_mm=12)
    note = Paragraph("评议结果作为年度个人目标考核的依据，报送行政。", indented=False, small=True)
    signed = Signatures(("行政领导", "支部书记", "记录人"))
    return made(source, "SL-19B", "党外干部职工评议表", (table, note, signed), layout="wide", under=under)


def _no_meeting(meeting_id: str) -> Text:
    return Text(f"没有会议 {meeting_id}；请核对编号。", f"There is no meeting {meeting_id}; check the id.")


def _no_box(box: str) -> Text:
    return Text(f"没有票箱 {box}；请核对编号。", f"There is no box {box}; check the id.")


FORMS = (meeting, report, ballot, self_assessment, staff_appraisal)
