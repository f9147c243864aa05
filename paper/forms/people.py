"""Forms 15 to 20: feedback, plan of improvement, talk, exemption, transfer, and the audit sheet."""

from domain.assistance import ImprovementOpened, Improvements
from domain.decision import NotFound, Selector
from domain.ids import PersonId, tag
from domain.membership import MemberTransferred
from domain.rounds import MemberExempted, Round
from domain.talks import RectificationOrdered, TalkHeld
from domain.text import Text
from paper import words
from paper.document import NO_ROWS, Area, Block, Column, Fields, Paragraph, Sheet, Signatures, Table
from paper.form import form
from paper.source import Asked, Source, made
from projections.folding import folded
from projections.person_record import PERSON_RECORD, person_record
from projections.stars import STARS, CurrentStar, current_stars

_TALKS = {"reminder": "提醒谈话", "admonition": "诫勉谈话"}
_REACHED = {"reached": "已达到", "partly": "部分达到", "not_reached": "未达到"}


@form(
    15,
    "feedback",
    "SL-15",
    Text("党员评星结果反馈单", "feedback"),
    clauses="B-44",
    needs="round person",
    whose="disclosed",
    views=(STARS,),
)
def feedback(source: Source | None, asked: Asked) -> Sheet:
    """Return form 15, what a member is told of his result: star, grounds, advice, his rights, signature (B-44)."""
    pairs = _result(None) if source is None else _result((source, *_star(source, asked)))
    rights = (
        "如对结果有异议，可在公示期内提出异议；对处理结果不服的，可向上级党组织申请复核。"
        "本人可随时查阅自己的得分、依据条款和记录。"
    )
    areas = (
        Area("主要依据", height_mm=42),
        Area("存在不足", height_mm=34),
        Area("改进建议", height_mm=34, signed=("支部书记",)),
        Area("权利告知", rights, height_mm=24),
        Area("本人意见", height_mm=34, signed=("本人签收",)),
    )
    note = Paragraph("本人拒签的，由两名见证人签名，结果同样生效。", indented=False, small=True)
    return made(source, "SL-15", "党员评星结果反馈单", (pairs, *areas, note, Signatures(("见证人", "见证人"))))


def _star(source: Source, asked: Asked) -> tuple[Round, CurrentStar]:
    this, person = source.round(asked.needed("round")), asked.needed("person")
    found = current_stars(source.reading, round_id=this.key, person=person)
    if not found:
        raise NotFound("not-on-the-roster", _not_enrolled(person))
    return this, source.over(found[0])


def _result(known: tuple[Source, Round, CurrentStar] | None) -> Fields:
    names = ("姓名", "支部", "周期", "办法", "总分", "星级", "确认机构", "确认时间")
    if known is None:
        return Fields(tuple((name, "") for name in names))
    source, this, star = known
    confirmed = star.confirmed
    ended = ("", "") if confirmed is None else (words.plain(confirmed.body), words.day(confirmed.at))
    label = star.label if confirmed is None else confirmed.label
    said = (
        source.names.person(star.person),
        source.names.branch(this.branch),
        words.period(this.period),
        f"《{this.rulebook.title.zh}》第{this.rulebook.version}版",
        words.plain(star.total),
        label if confirmed is not None else f"{label}（拟评）",
        *ended,
    )
    return Fields(tuple(zip(names, said, strict=True)))


@form(
    16,
    "improvement",
    "SL-16",
    Text("年度党员个人提升表", "plan of improvement"),
    clauses="A-37 A-38",
    needs="round person",
    whose="own",
    views=(STARS,),
)
def improvement(source: Source | None, asked: Asked) -> Sheet:
    """Return form 16, a member's plan of improvement: points lost, goal, measures, helper, checks (A-37, A-38)."""
    lost = goal = measures = ended = ""
    pairs = Fields(tuple((n, "") for n in ("姓名", "支部", "年度得分", "星级", "帮扶人", "时限")))
    if source is not None:
        this, star = _star(source, asked)
        plans = folded(source.ledger, Improvements, "", source.upto)
        plan = next((p for p in plans.opened.values() if (p.person, p.round) == (star.person, this.key)), None)
        pairs = _plan_head(source, this, star, plan)
        if plan is not None:
            source.shown(plan, star.person)
            lost, goal, measures = (source.words(each.digest) for each in (plan.lost_points, plan.goal, plan.measures))
            closed = plans.closed.get(plan.improvement)
            ended = "" if closed is None else f"{_REACHED[closed.outcome]}（{words.day(closed.on)}）"
    areas = (
        Area("失分项及原因", lost, height_mm=36),
        Area("提升目标", goal, height_mm=28),
        Area("措施", measures, height_mm=36, signed=("本人", "帮扶人")),
        Area("中期检查", height_mm=28, signed=("检查人",)),
        Area("结果", ended, height_mm=22, signed=("本人",)),
        Area("支部意见", height_mm=24, signed=("支部书记",)),
        Area("上级意见", height_mm=24, signed=("上级党组织",)),
    )
    return made(source, "SL-16", "年度党员个人提升表", (pairs, *areas))


def _plan_head(source: Source, this: Round, star: CurrentStar, plan: ImprovementOpened | None) -> Fields:
    helper, review = ("", "") if plan is None else (source.name(plan.helper), words.day(plan.review_on))
    return Fields(
        (
            ("姓名", source.names.person(star.person)),
            ("支部", source.names.branch(this.branch)),
            ("年度得分", words.plain(star.total)),
            ("星级", star.label),
            ("帮扶人", helper),
            ("时限", review),
        )
    )


@form(17, "talk", "SL-17", Text("谈话记录", "record of a talk"), clauses="B-48 AMB-B23", needs="person", whose="own")
def talk(source: Source | None, asked: Asked) -> Sheet:
    """Return form 17, the record of a talk: kind, ground, content, what was said to it, the term (B-48, AMB-B23)."""
    names = ("类型", "时间", "谈话人", "被谈话人", "记录人", "整改期限")
    ground = content = response = ""
    said = ("□提醒谈话　□诫勉谈话", "", "", "", "", "")
    if source is not None:
        held, due = _talk(source, asked)
        source.shown(held, held.person)
        ground, content = source.words(held.ground.digest), source.words(held.content.digest)
        response = "" if held.response is None else source.words(held.response.digest)
        people = (source.name(held.by), source.name(held.person), source.name(held.recorder))
        said = (_TALKS[held.kind], words.day(held.on), *people, "" if due is None else words.day(due.due))
    areas = (
        Area("谈话事由", ground, height_mm=32),
        Area("谈话内容", content, height_mm=68),
        Area("本人表态", response, height_mm=44, signed=("被谈话人",)),
        Area("整改要求", height_mm=32, signed=("谈话人", "记录人")),
    )
    note = Paragraph("本记录一式两份，存入个人档案并按规定抄送。", indented=False, small=True)
    pairs = Fields(tuple(zip(names, said, strict=True)))
    return made(source, "SL-17", "谈话记录", (pairs, *areas, note))


def _talk(source: Source, asked: Asked) -> tuple[TalkHeld, RectificationOrdered | None]:
    person = asked.needed("person")
    selector = Selector((TalkHeld.NAME, RectificationOrdered.NAME), (tag(PersonId, person),))
    events = [fact.event for fact in source.ledger.read((selector,), upto=source.upto)]
    held = [each for each in events if isinstance(each, TalkHeld) and asked.round in {None, each.round}]
    if not held:
        raise NotFound("no-talk", _no_talk(person))
    ordered = (each for each in events if isinstance(each, RectificationOrdered) and each.talk == held[-1].talk)
    return held[-1], next(ordered, None)


@form(
    18,
    "exemption",
    "SL-18",
    Text("不参加积分管理党员审批表", "approval of an exemption"),
    clauses="AMB-B17",
    needs="round person",
    whose="offices",
)
def exemption(source: Source | None, asked: Asked) -> Sheet:
    """Return form 18, the approval that a member is not evaluated; the reason stays sealed (AMB-B17)."""
    names = ("姓名", "支部", "类别", "周期", "决定机构", "有效期")
    said: tuple[str, ...] = ("",) * len(names)
    why = ""
    if source is not None:
        this, person = source.round(asked.needed("round")), PersonId(asked.needed("person"))
        enrolled = this.require_enrolled(person)
        source.office()
        kind = {"formal": "正式党员", "probationary": "预备党员"}.get(enrolled.kind, enrolled.kind)
        exempted = _decided_by(source, this, person)
        body, why = ("", "") if exempted is None else (exempted, "原因密封，须具名查阅（read-sealed）。")
        period = words.period(this.period)
        said = (source.name(person), source.names.branch(this.branch), kind, period, body, period)
    areas = (
        Area("原因", why, height_mm=44),
        Area("本人意见", height_mm=40, signed=("本人",)),
        Area("支部大会意见", height_mm=44, signed=("支部书记",)),
        Area("上级意见", height_mm=44, signed=("上级党组织",)),
    )
    pairs = Fields(tuple(zip(names, said, strict=True)))
    return made(source, "SL-18", "不参加积分管理党员审批表", (pairs, *areas))


def _decided_by(source: Source, this: Round, person: PersonId) -> str | None:
    """Return the body that decided an exemption, None where there is none."""
    selector = Selector((MemberExempted.NAME,), (tag(PersonId, person),))
    events = [fact.event for fact in source.ledger.read((selector,), upto=source.upto)]
    found = (each for each in events if isinstance(each, MemberExempted) and each.round == this.key)
    return next((each.decided_by for each in found), None)


@form(
    19,
    "transfer",
    "SL-19C",
    Text("组织关系转移积分摘要", "extract for a transfer"),
    clauses="AMB-A15",
    needs="person",
    whose="disclosed",
    views=(PERSON_RECORD, STARS),
)
def transfer(source: Source | None, asked: Asked) -> Sheet:
    """Return form 19, the extract that goes with a member to another branch: his stars so far, certified (AMB-A15)."""
    columns = (
        Column("周期", "34mm"),
        Column("办法"),
        Column("总分", "22mm"),
        Column("星级", "28mm"),
        Column("依据（事实）", "28mm"),
    )
    names = ("姓名", "编号", "转出支部", "转入支部", "转接日期", "记录截至")
    said, rows = ("",) * len(names), NO_ROWS
    if source is not None:
        person = asked.needed("person")
        record = source.over(person_record(source.reading, person), person)
        moved = _moved(source, person)
        said = (source.name(person), person, *moved, f"账本第{source.upto}条")
        rows = tuple(
            (
                words.period(star.period),
                f"{star.rulebook} 第{star.version}版",
                words.plain(star.total),
                star.label if star.confirmed is None else star.confirmed.label,
                "" if star.confirmed is None else f"#{star.confirmed.position}",
            )
            for star in record.stars
        )
    note = Paragraph("本摘要与账本相应事实一致；可用 receipt 和 check-receipt 逐条核验。", indented=False, small=True)
    blocks: tuple[Block, ...] = (
        Fields(tuple(zip(names, said, strict=True))),
        Table(columns, rows, empty=max(2, 6 - len(rows))),
        note,
        Signatures(("转出支部（章）", "转入支部（章）")),
    )
    return made(source, "SL-19C", "组织关系转移积分摘要", blocks)


def _moved(source: Source, person: str) -> tuple[str, str, str]:
    selector = Selector((MemberTransferred.NAME,), (tag(PersonId, person),))
    events = [fact.event for fact in source.ledger.read((selector,), upto=source.upto)]
    moves = [each for each in events if isinstance(each, MemberTransferred)]
    if not moves:
        return ("", "", "")
    last = moves[-1]
    return (source.names.branch(last.from_branch), source.names.branch(last.to_branch), words.day(last.on))


@form(20, "audit", "SL-20", Text("审计核验单", "audit sheet"), clauses="A-41", whose="disclosed")
def audit(source: Source | None, asked: Asked) -> Sheet:
    """Return form 20, the sheet of an audit: what was checked, over which facts, the head, what was found (A-41)."""
    names = ("核验对象", "核验码", "事实范围", "账本头（前若干条）", "根", "核验程序")
    said: tuple[str, ...] = ("",) * len(names)
    if source is not None:
        origin = source.origin
        about = words.listed(each for each in (asked.round, asked.person, asked.notice) if each)
        said = (
            about,
            "",
            f"1—{origin.size}",
            f"{origin.size} 条，至 {origin.instant}",
            origin.root,
            "starledger verify",
        )
    areas = (
        Area("重算结果", "□一致　□不一致（逐项列明）", height_mm=50),
        Area("差异", height_mm=50),
        Area("核验意见", height_mm=50, signed=("核验人",)),
    )
    pairs = Fields(tuple(zip(names, said, strict=True)), across=1)
    return made(source, "SL-20", "审计核验单", (pairs, *areas, Signatures(("纪检委员", "上级党组织"))))


def _not_enrolled(person: str) -> Text:
    return Text(f"{person} 不在这一轮的名册上；请核对编号。", f"{person} is not on this round's roster; check the id.")


def _no_talk(person: str) -> Text:
    return Text(
        f"没有与 {person} 的谈话记录；可打印空白表（--blank）。",
        f"No talk with {person} is recorded; see --blank.",
    )


FORMS = (feedback, improvement, talk, exemption, transfer, audit)
