"""Forms 10 and 11: what hangs on the wall, after GB/T 9704: the list, boards, the staff's results."""

from domain.decision import NotFound
from domain.rulebook.model import Rulebook
from domain.text import Text
from paper import words
from paper.codes import drawn, notice_words
from paper.document import Block, Column, Ending, Heading, Origin, Paragraph, Rows, Seal, Sheet, Table
from paper.form import form
from paper.source import Asked, Source
from projections.boards import BOARDS, INDOOR, PostedBoard, StaffNotice, posted_boards, staff_results
from projections.notice_board import NOTICE_BOARD, PostedNotice, posted_notices
from projections.notice_codes import CodedNotice, coded_notices

COLUMNS = (
    Column("序号", "14mm"),
    Column("姓名", "2fr"),
    Column("得分", "1.3fr"),
    Column("拟评星级", "1.7fr"),
    Column("备注", "1fr"),
)
_DAYS = {"calendar_days": "日", "working_days": "个工作日"}


@form(
    10,
    "notice",
    "SL-10",
    Text("评星结果公示", "notice of results"),
    clauses="B-42 A-28",
    needs="round notice",
    whose="posted",
    views=(NOTICE_BOARD,),
)
def notice(source: Source | None, asked: Asked) -> Sheet:
    """Return a posted list of a round with its window, who receives objections, code and QR (B-42, A-28)."""
    if source is None:
        return _blank_notice()
    round_id, notice_id = asked.needed("round"), asked.needed("notice")
    found = next((each for each in posted_notices(source.reading, round_id) if each.notice == notice_id), None)
    if found is None:
        raise NotFound("unknown-notice", _unknown(notice_id))
    coded = next(e for e in coded_notices(source.ledger, source.upto, round_id) if e.notice == notice_id)
    shown = source.whole(source.over(found))
    this = source.round(round_id)
    period, branch = words.period(this.period), source.names.branch(this.branch)
    corrects, origin = any(line.restarts for line in found.lines), source.origin
    return Sheet(
        code="SL-10",
        title=f"关于{period}党员积分评星结果的{'更正' if corrects else ''}公示",
        layout="notice",
        blocks=(
            *_reasons(shown, this.rulebook, period, branch),
            *_lists(source, shown),
            *_window(shown, this.rulebook, 2),
            *_objecting(shown, this.rulebook, 3),
            Paragraph(
                f"依据条款：公示 {this.rulebook.publicity.clause}，异议 {this.rulebook.objections.clause}；"
                f"公示编号 {notice_id}。",
                indented=False,
                small=True,
            ),
            Ending("\n".join(filter(None, (source.committee, branch))), words.day(shown.posted_at)),
        ),
        origin=origin,
        seal=_seal(origin, coded),
        withheld=source.withheld,
    )


def _reasons(found: PostedNotice, rules: Rulebook, period: str, branch: str) -> tuple[Block, ...]:
    adopted = f"根据《{rules.title.zh}》（第{rules.version}版），经{branch}党员大会通过，"
    return (
        Paragraph(f"{adopted}现将{period}党员得分情况及拟评星级公示如下。"),
        Paragraph(f"本公示为第{found.number}次，共{len(found.lines)}人；更正处以※标明。"),
    )


def _lists(source: Source, found: PostedNotice) -> tuple[Block, ...]:
    rows = tuple(
        (
            str(number),
            source.names.person(line.person),
            words.plain(line.total) or "—",
            line.label,
            "※" if line.restarts else "",
        )
        for number, line in enumerate(found.lines, start=1)
    )
    return (Heading("一、公示对象及结果"), Table(COLUMNS, rows))


def _window(found: PostedNotice, rules: Rulebook, number: int) -> tuple[Block, ...]:
    terms = rules.publicity
    begins = found.restarted_at or found.posted_at
    counted = "张贴当日计入" if terms.start_counted else "张贴当日不计入"
    rolled = "，末日为法定休息日的顺延至次一工作日" if terms.roll != "none" else ""
    provisional = "；放假安排尚未登记，截止日期为暂定" if found.provisional else ""
    corrected = "" if found.corrected_why is None else f"本公示已于{words.since(found.corrected_at or begins)}更正。"
    return (
        Heading(f"{words.numeral(number)}、公示期"),
        Paragraph(
            f"自{words.since(begins)}起，至{words.until(found.ends_at)}止，不少于{terms.days}{_DAYS[terms.unit]}"
            f"（{counted}{rolled}{provisional}）。{corrected}张贴地点：{words.listed(found.places)}。"
        ),
    )


def _objecting(found: PostedNotice, rules: Rulebook, number: int) -> tuple[Block, ...]:
    terms = rules.objections
    unit = _DAYS[terms.unit]
    anonymous = "提倡实名反映，匿名反映有具体事实的同样受理；" if terms.anonymous else "请实名反映；"
    return (
        Heading(f"{words.numeral(number)}、意见受理"),
        Paragraph(
            f"公示期内对公示内容有异议的，请以书面或口头形式向受理人反映。受理人及联系方式：{found.contact}。"
            f"{anonymous}反映人信息保密，反映情况应实事求是。"
            f"收到后{terms.accept_within}{unit}内答复是否受理，受理后{terms.rule_within}{unit}内答复查证结果。"
        ),
    )


def _seal(origin: Origin, coded: CodedNotice) -> Seal:
    return Seal(coded.code, coded.head.hex(), drawn(notice_words(coded.code, origin.size, origin.root)))


def _blank_notice() -> Sheet:
    return Sheet(
        code="SL-10",
        title="关于　　　　年度党员积分评星结果的公示",
        layout="notice",
        blocks=(
            Paragraph(
                "根据《　　　　　　　　　　　　　　》（第　　版），经　　　　　　　党员大会通过，"
                "现将党员得分情况及拟评星级公示如下。"
            ),
            Heading("一、公示对象及结果"),
            Table(COLUMNS, (), empty=8),
            Heading("二、公示期"),
            Paragraph("自　　　　年　　月　　日　　时起，至　　　　年　　月　　日24时止。"),
            Heading("三、意见受理"),
            Paragraph("受理人：　　　　　　　电话：　　　　　　　　　地点：　　　　　　　　　"),
            Ending("（党支部盖章）", "　　　　年　　月　　日"),
        ),
    )


@form(
    10,
    "board",
    "SL-10A",
    Text("党员评议结果及拟评星级", "board indoors"),
    clauses="B-37",
    needs="round",
    whose="posted",
    views=(BOARDS,),
)
def board(source: Source | None, asked: Asked) -> Sheet:
    """Return the newest board indoors of a month, with appraisal and star (B-37)."""
    return _board(source, asked, indoors=True)


@form(
    10,
    "excellent",
    "SL-10B",
    Text("优秀党员名单公示", "list of the excellent"),
    clauses="B-38 AMB-B13",
    needs="round",
    whose="posted",
    views=(BOARDS,),
)
def excellent(source: Source | None, asked: Asked) -> Sheet:
    """Return the list of the excellent that hangs outside, names only (B-38, AMB-B13)."""
    return _board(source, asked, indoors=False)


def _board(source: Source | None, asked: Asked, *, indoors: bool) -> Sheet:
    code, title = ("SL-10A", "党员评议结果及拟评星级") if indoors else ("SL-10B", "优秀党员名单公示")
    names = (Column("序号", "14mm"), Column("姓名"))
    columns = (*names, Column("民主评议得分"), Column("拟评星级")) if indoors else names
    if source is None:
        under = "　　　　年　　月"
        return Sheet(
            code, title, (Table(columns, (), empty=16), Ending("（党支部盖章）", "　　年　　月　　日")), "notice", under
        )
    round_id = asked.needed("round")
    this = source.round(round_id)
    boards = [each for each in posted_boards(source.reading, round_id) if (each.board == INDOOR) == indoors]
    if not boards:
        raise NotFound("no-board", _no_board(round_id))
    found = source.whole(source.over(boards[-1]))
    branch = source.names.branch(this.branch)
    said = "" if found.lines else "本月无。"
    return Sheet(
        code=code,
        title=f"{words.period(this.period)}{title}",
        layout="notice",
        blocks=(
            Paragraph(
                f"根据《{this.rulebook.title.zh}》（第{this.rulebook.version}版），现予公布，接受群众监督。{said}"
            ),
            Table(columns, _board_rows(source, found, indoors=indoors)),
            Paragraph(f"张贴地点：{words.listed(found.places)}。", small=True),
            Ending(branch, words.day(found.posted_at)),
        ),
        origin=source.origin,
        withheld=source.withheld,
    )


def _board_rows(source: Source, found: PostedBoard, *, indoors: bool) -> Rows:
    rows: list[tuple[str, ...]] = []
    for number, line in enumerate(found.lines, start=1):
        shown = (words.points(line.appraisal), words.plain(line.label)) if indoors else ()
        rows.append((str(number), source.names.person(line.person), *shown))
    return tuple(rows)


@form(
    10,
    "staff-notice",
    "SL-10C",
    Text("党外干部职工评议结果公示", "notice of the staff's results"),
    clauses="B-39",
    needs="round",
    whose="posted",
    views=(BOARDS,),
)
def staff_notice(source: Source | None, asked: Asked) -> Sheet:
    """Return the notice of the staff's results: three aspects and a grade, no star (B-39, AMB-B22)."""
    columns = (
        Column("序号", "14mm"),
        Column("姓名", "1.4fr"),
        Column("思想表现"),
        Column("履职尽责"),
        Column("完成任务"),
        Column("综合"),
    )
    if source is None:
        ending = Ending("（盖章）", "　　　　年　　月　　日")
        return Sheet(
            "SL-10C", "党外干部职工评议结果公示", (Table(columns, (), empty=14), ending), "notice", "　　　　年　　月"
        )
    this = source.round(asked.needed("round"))
    notices = staff_results(source.reading, this.branch, this.period)
    if not notices:
        raise NotFound("no-staff-results", _no_staff(this.period))
    found = source.whole(source.over(notices[-1]))
    rows = _staff_rows(source, found)
    return Sheet(
        code="SL-10C",
        title=f"{words.period(found.period)}党外干部职工评议结果公示",
        layout="notice",
        blocks=(
            Paragraph("评议结果作为年度个人目标考核的依据，现予公示，接受监督。"),
            Table(columns, rows),
            Paragraph(f"意见受理：{found.contact}。张贴地点：{words.listed(found.places)}。"),
            Ending(source.names.branch(this.branch), words.day(found.posted_at)),
        ),
        origin=source.origin,
        withheld=source.withheld,
    )


def _staff_rows(source: Source, found: StaffNotice) -> Rows:
    return tuple(
        (str(number), source.names.person(line.person), line.attitude, line.duties, line.tasks, line.overall)
        for number, line in enumerate(found.lines, start=1)
    )


@form(
    11,
    "posting",
    "SL-11",
    Text("公示情况登记表", "register of postings"),
    clauses="AMB-B15",
    needs="round",
    whose="posted",
    views=(NOTICE_BOARD,),
)
def posting(source: Source | None, asked: Asked) -> Sheet:
    """Return form 11, the register of a posting: where and when, gaps, taken down, witness (AMB-B15)."""
    columns = (
        Column("公示编号", "18mm"),
        Column("张贴时间", "30mm"),
        Column("张贴地点", "1.4fr"),
        Column("中断起止及原因", "1.6fr"),
        Column("期满", "30mm"),
        Column("撤下时间", "30mm"),
        Column("照片散列", "18mm"),
        Column("收到意见数", "15mm"),
        Column("见证人", "17mm"),
    )
    found = [] if source is None else source.over(posted_notices(source.reading, asked.needed("round")))
    rows = tuple(
        (
            each.notice,
            words.since(each.posted_at),
            words.listed(each.places),
            "；".join(
                f"{words.since(g.since)}—{words.plain(g.until and words.since(g.until))}：{g.why}" for g in each.gaps
            ),
            words.until(each.ends_at),
            "" if each.taken_down_at is None else words.since(each.taken_down_at),
            "",
            "",
            "",
        )
        for each in found
    )
    return Sheet(
        code="SL-11",
        title="公示情况登记表",
        layout="wide",
        blocks=(Table(columns, rows, empty=max(2, 8 - len(rows))),),
        origin=None if source is None else source.origin,
        withheld=() if source is None else source.withheld,
    )


def _unknown(notice_id: str) -> Text:
    return Text(f"没有公示 {notice_id}；请核对编号。", f"There is no notice {notice_id}; check the id.")


def _no_board(round_id: str) -> Text:
    return Text(f"评定周期 {round_id} 还没有张贴公示栏。", f"Nothing of round {round_id} hangs on a board yet.")


def _no_staff(period: str) -> Text:
    return Text(f"{period} 还没有公示党外干部职工的评议结果。", f"No results of the staff were posted for {period}.")


FORMS = (notice, board, excellent, staff_notice, posting)
