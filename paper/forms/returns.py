"""Form 19: what a branch reports upwards: who may be put forward for honours, and the annual return."""

from domain.rounds import Round
from domain.text import Text
from paper import words
from paper.document import GRADES, Block, Column, Fields, Paragraph, Sheet, Signatures, Table
from paper.form import form
from paper.forms.results import HEAD, about
from paper.source import Asked, Source, made
from projections.appraisal_return import AppraisalReturn, Check, appraisal_return
from projections.stars import STARS, CurrentStar, current_stars


@form(
    19,
    "eligible",
    "SL-19A",
    Text("评先评优资格名单", "who may be put forward"),
    clauses="A-36 A-45 B-45",
    needs="round",
    whose="disclosed",
    views=(STARS,),
)
def eligible(source: Source | None, asked: Asked) -> Sheet:
    """Return form 19, who may be put forward: the confirmed stars that a rulebook asks for (A-36, A-45, B-45)."""
    columns = (
        *HEAD,
        Column("总分", "22mm"),
        Column("核定星级", "30mm"),
        Column("资格", "2fr", "left"),
        Column("依据条款", "40mm"),
    )
    if source is None:
        blocks: tuple[Block, ...] = (Table(columns, (), empty=18),)
        under = "　　　　党支部　　　　　　　年度"
    else:
        this = source.round(asked.needed("round"))
        stars = source.over(current_stars(source.reading, round_id=this.key))
        found = [row for star in stars for row in _eligible_rows(source, this, star)]
        blocks = (Table(columns, tuple((str(n), *row) for n, row in enumerate(found, start=1))),)
        under = about(source, this)
    note = Paragraph("注：以确认的星级为准；列入名单只表示具备资格，推荐和表彰另行决定。", indented=False, small=True)
    signed = Signatures(("支部书记", "上级党组织"))
    return made(source, "SL-19A", "评先评优资格名单", (*blocks, note, signed), under=under)


HONOURS = {
    "candidate_for_excellent_member": "优秀党员候选",
    "recommendation_to_superior": "向上级党组织推荐",
}


def _eligible_rows(source: Source, this: Round, star: CurrentStar) -> list[tuple[str, ...]]:
    confirmed = star.confirmed
    if confirmed is None or words.hidden(confirmed.star) or confirmed.superseded is True:
        return []
    met = [each for each in this.rulebook.consequences if each.consecutive == 1 and each.meets(confirmed.star)]
    name = source.names.person(star.person)
    total = words.plain(confirmed.total)
    return [
        (
            name,
            total,
            confirmed.label,
            words.listed(HONOURS[code] for code in each.measures if code in HONOURS),
            each.clause,
        )
        for each in met
        if any(code in HONOURS for code in each.measures)
    ]


@form(
    19,
    "return",
    "SL-19D",
    Text("民主评议情况统计表", "annual return of the appraisal"),
    clauses="B-34 B-48",
    needs="round",
    whose="disclosed",
)
def appraisal_statistics(source: Source | None, asked: Asked) -> Sheet:
    """Return form 19, the annual return of the appraisal: taking part, grades, disposals, and whether it adds up."""
    if source is None:
        pairs = tuple((name, "") for name in ("名册（正式）", "名册（预备）", "参加（正式）", "参加（预备）"))
        marks = tuple((name, "") for name in GRADES)
        blocks: tuple[Block, ...] = (Fields(pairs), Fields(marks, across=4), _disposals(None))
        under = "　　　　党支部　　　　　　　年度"
    else:
        this = source.round(asked.needed("round"))
        found = source.over(appraisal_return(source.ledger, this.key, source.upto))
        blocks, under = _statistics(found), about(source, this)
    signed = Signatures(("填表", "审核", "支部书记"))
    return made(source, "SL-19D", "民主评议情况统计表", (*blocks, signed), under=under)


def _said(check: Check | None) -> str:
    """Return whether the return adds up, nothing where that is withheld."""
    if check is None:
        return ""
    return f"核对：{check.relation.zh}：{check.left} {'=' if check.holds else '≠'} {check.right}"


def _statistics(found: AppraisalReturn) -> tuple[Block, ...]:
    roster, part = found.roster, found.taking_part
    heads = ("名册（正式）", "名册（预备）", "参加（正式）", "参加（预备）")
    numbers = (roster.formal, roster.probationary, part.formal, part.probationary)
    grades = tuple((grade, words.plain(number)) for grade, number in found.grades.items())
    return (
        Fields(tuple(zip(heads, map(words.plain, numbers), strict=True))),
        Fields(grades, across=4) if grades else Paragraph("各等次人数不出示。", indented=False),
        _disposals(found),
        Paragraph(_said(found.check), indented=False),
    )


def _disposals(found: AppraisalReturn | None) -> Fields:
    names = ("提醒谈话", "诫勉谈话", "责令限期整改", "整改已检查", "帮扶整改")
    if found is None:
        return Fields(tuple((name, "") for name in names), across=3)
    talks = found.talks
    numbers = (
        talks.get("reminder"),
        talks.get("admonition"),
        found.rectifications_ordered,
        found.rectifications_checked,
        found.improvements_opened,
    )
    return Fields(tuple((name, words.plain(number)) for name, number in zip(names, numbers, strict=True)), across=3)


FORMS = (eligible, appraisal_statistics)
