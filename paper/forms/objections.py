"""Forms 12 and 13: an objection from its receipt to the reply, their register, and who stands aside (B-43, AMB-B16)."""

from domain.decision import NotFound
from domain.text import Text
from paper import words
from paper.document import NO_ROWS, Area, Column, Fields, Paragraph, Sheet, Signatures, Table
from paper.form import form
from paper.source import Asked, Source, made
from projections.objection_register import OBJECTION_REGISTER, RegisteredObjection, registered_objections

STAGES = {
    "filed": "已收到",
    "accepted": "已受理",
    "rejected": "不予受理",
    "withdrawn": "已撤回",
    "ruled": "已裁定",
    "late": "逾期，已记录",
}
VERDICTS = {"upheld": "成立", "dismissed": "不成立"}
IN_CONFIDENCE = "密封（不出示）"


@form(
    12,
    "objection",
    "SL-12",
    Text("异议登记表", "record of an objection"),
    clauses="B-43 AMB-B16",
    needs="objection",
    whose="offices",
    views=(OBJECTION_REGISTER,),
)
def objection(source: Source | None, asked: Asked) -> Sheet:
    """Return form 12, the record of one objection; who objected in confidence is not on it (AMB-B16)."""
    found = None if source is None else _one(source, asked)
    said = words.plain(found and found.verdict and VERDICTS.get(found.verdict, found.verdict))
    statement = findings = touched = ""
    if source is not None and found is not None:
        statement, findings = source.words(found.statement), source.words(found.findings)
        touched = words.listed(source.name(each) for each in found.touched)
    areas = (
        Area("事项及依据", statement, height_mm=34),
        Area("诉求及证据", height_mm=20),
        Area("受理意见", height_mm=20, signed=("受理人",)),
        Area("回避审查", height_mm=20, signed=("审查人",)),
        Area("查证情况", findings, height_mm=34, signed=("调查人", "调查人")),
        Area("处理意见", f"异议{said}。" if said else "", height_mm=20, signed=("支部",)),
        Area("影响", f"涉及人员：{touched}" if touched else "", height_mm=16),
        Area("上级复核", height_mm=20, signed=("上级党组织",)),
    )
    return made(source, "SL-12", "异议登记表", (_head(source, found), *areas))


def _one(source: Source, asked: Asked) -> RegisteredObjection:
    wanted = asked.needed("objection")
    found = registered_objections(source.reading, round_id=asked.round)
    case = next((each for each in found if each.objection == wanted), None)
    if case is None:
        raise NotFound("unknown-objection", _unknown(wanted))
    shown = source.over(case)
    if words.hidden(shown.filed_at):
        source.office()
    return shown


def _head(source: Source | None, found: RegisteredObjection | None) -> Fields:
    names = ("编号", "收到时间", "异议人", "对象", "阶段", "答复期限", "调查人", "答复时间")
    if source is None or found is None:
        return Fields(tuple((name, "") for name in names))
    objector = IN_CONFIDENCE if found.objector is None else source.name(found.objector)
    due = words.until(found.due_at) if found.due_at is not None else ""
    said = (
        found.objection,
        words.since(found.filed_at),
        objector,
        source.name(found.about),
        STAGES.get(found.stage, found.stage),
        due,
        words.listed(source.name(each) for each in found.investigators),
        "" if found.replied_at is None else words.since(found.replied_at),
    )
    return Fields(tuple(zip(names, said, strict=True)))


@form(
    12,
    "objection-receipt",
    "SL-12A",
    Text("异议受理回执", "receipt of an objection"),
    clauses="AMB-B16",
    needs="objection",
    whose="offices",
    views=(OBJECTION_REGISTER,),
)
def objection_receipt(source: Source | None, asked: Asked) -> Sheet:
    """Return the receipt that an objector is given at once: number, time, and by when he is answered (AMB-B16)."""
    found = None if source is None else _one(source, asked)
    number, filed, accept, rule = ("", "", "", "")
    if found is not None:
        number, filed = f"{found.objection}（第{found.position}条）", words.since(found.filed_at)
        accept, rule = (words.until(each) if each is not None else "" for each in (found.accept_by, found.rule_by))
    pairs = Fields((("编号", number), ("收到时间", filed), ("受理答复期限", accept), ("查证答复期限", rule)))
    text = "您提出的异议已收到并登记。请妥善保存本回执；凭编号可向受理人查询办理进度。您的身份受到保密。"
    blocks = (Paragraph(text), pairs, Signatures(("受理人", "异议人（可不签）")))
    return made(source, "SL-12A", "异议受理回执", blocks)


@form(
    12,
    "objection-reply",
    "SL-12B",
    Text("异议答复书", "reply to an objection"),
    clauses="B-43",
    needs="objection",
    whose="offices",
    views=(OBJECTION_REGISTER,),
)
def objection_reply(source: Source | None, asked: Asked) -> Sheet:
    """Return the reply to an objector: what was found, what follows, where to go from here (B-43)."""
    found = None if source is None else _one(source, asked)
    number = verdict = findings = ""
    if source is not None and found is not None:
        number, findings = found.objection, source.words(found.findings)
        verdict = VERDICTS.get(words.plain(found.verdict), STAGES.get(found.stage, ""))
    areas = (
        Area("查证情况", findings, height_mm=70),
        Area("处理意见", f"异议{verdict}。" if verdict else "", height_mm=50, signed=("支部",)),
        Area("异议人意见", height_mm=50, signed=("异议人",)),
    )
    note = Paragraph("对处理意见不服的，可向上级党组织申请复核。", indented=False, small=True)
    return made(source, "SL-12B", "异议答复书", (Fields((("异议编号", number), ("答复日期", ""))), *areas, note))


@form(
    12,
    "objections",
    "SL-12C",
    Text("异议登记簿", "register of objections"),
    clauses="B-43",
    needs="round",
    whose="disclosed",
    views=(OBJECTION_REGISTER,),
)
def register(source: Source | None, asked: Asked) -> Sheet:
    """Return the register of a round's objections with their terms and rulings (B-43)."""
    columns = (
        Column("编号", "24mm"),
        Column("收到时间", "40mm"),
        Column("对象", "26mm"),
        Column("异议人", "30mm"),
        Column("阶段", "24mm"),
        Column("期限", "40mm"),
        Column("裁定", "18mm"),
        Column("影响人员", "1fr"),
    )
    rows = NO_ROWS
    if source is not None:
        source.round(asked.needed("round"))
        rows = tuple(
            _line(source, each) for each in source.over(registered_objections(source.reading, round_id=asked.round))
        )
    table = Table(columns, rows, empty=max(2, 12 - len(rows)))
    return made(source, "SL-12C", "异议登记簿", (table, Signatures(("登记人", "纪检委员"))), layout="wide")


def _line(source: Source, found: RegisteredObjection) -> tuple[str, ...]:
    return (
        found.objection,
        words.since(found.filed_at),
        source.name(found.about),
        IN_CONFIDENCE if found.objector is None else source.name(found.objector),
        STAGES.get(found.stage, found.stage),
        "" if found.due_at is None else words.until(found.due_at),
        VERDICTS.get(words.plain(found.verdict), ""),
        words.listed(source.name(each) for each in found.touched),
    )


@form(13, "recusal", "SL-13", Text("回避登记表", "who stands aside"), clauses="AMB-B21", whose="offices")
def recusal(source: Source | None, _asked: Asked) -> Sheet:
    """Return form 13, who stands aside in what and why: the declared relations, then lines by hand (AMB-B21)."""
    columns = (
        Column("序号", "10mm"),
        Column("人员", "26mm"),
        Column("事项", "2fr", "left"),
        Column("关系", "2fr", "left"),
        Column("申请／决定", "28mm"),
        Column("代行人", "26mm"),
    )
    rows = NO_ROWS
    if source is not None:
        source.office()
        pairs = sorted(tuple(sorted(each)) for each in source.offices.relations)
        rows = tuple(
            (
                str(n),
                source.name(pair[0]),
                "涉及对方的评议、查证和决定",
                f"与{source.name(pair[-1])}关系密切（已申报）",
                "",
                "",
            )
            for n, pair in enumerate(pairs, start=1)
        )
    table = Table(columns, rows, empty=max(4, 14 - len(rows)), row_mm=12)
    return made(source, "SL-13", "回避登记表", (table, Signatures(("登记人", "支部书记"))))


def _unknown(objection_id: str) -> Text:
    return Text(f"没有异议 {objection_id}；请核对编号。", f"There is no objection {objection_id}; check the id.")


FORMS = (objection, objection_receipt, objection_reply, register, recusal)
