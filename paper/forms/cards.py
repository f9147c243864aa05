"""The record card: a person's belonging, stars and deeds on one page, for the binder (A-44, B-25)."""

from domain.decision import NotFound
from domain.text import Text
from paper import words
from paper.document import Area, Block, Column, Fields, Heading, Sheet, Table
from paper.form import form
from paper.forms.records import KINDS, no_person
from paper.source import Asked, Source, made
from projections.person_record import PERSON_RECORD, person_record
from projections.stars import STARS


@form(
    5,
    "card",
    "SL-05A",
    Text("党员积分评星档案卡", "a person's record on one page"),
    clauses="A-44 B-25",
    needs="person",
    whose="disclosed",
    views=(PERSON_RECORD, STARS),
)
def card(source: Source | None, asked: Asked) -> Sheet:
    """Return a person's record on one page: where he belonged, his stars year by year, what he was given (A-44)."""
    if source is None:
        return made(None, "SL-05A", "党员积分评星档案卡", _blank_card())
    person = asked.needed("person")
    found = person_record(source.reading, person)
    if not found.stays and not found.offices:
        raise NotFound("unknown-person", no_person(person))
    record = source.over(found, person)
    stays = tuple(
        (f"{stay.since}—{words.plain(stay.until)}", source.names.branch(stay.branch), KINDS.get(stay.kind, stay.kind))
        for stay in record.stays
    )
    years = tuple(
        (
            words.period(s.period),
            f"{s.rulebook} 第{s.version}版",
            words.plain(s.total),
            s.label,
            _confirmed(s.confirmed),
        )
        for s in record.stars
    )
    counts = {name: len(record.of_kind(kind)) for kind, name in _COUNTED.items()}
    fields = tuple((name, str(number)) for name, number in counts.items())
    return made(
        source,
        "SL-05A",
        "党员积分评星档案卡",
        (
            Fields((("姓名", source.names.person(person)), ("编号", person))),
            Heading("一、组织关系"),
            Table(_STAYS, stays, empty=0 if stays else 1),
            Heading("二、历次评星"),
            Table(_YEARS, years, empty=0 if years else 1),
            Heading("三、记实（件数）"),
            Fields(fields, across=4),
            Area("备注", height_mm=30, signed=("支部",)),
        ),
    )


def _confirmed(confirmed: object) -> str:
    return "" if confirmed is None else f"{getattr(confirmed, 'label', '')}（#{getattr(confirmed, 'position', '')}）"


def _blank_card() -> tuple[Block, ...]:
    return (
        Fields((("姓名", ""), ("编号", ""))),
        Heading("一、组织关系"),
        Table(_STAYS, (), empty=3),
        Heading("二、历次评星"),
        Table(_YEARS, (), empty=8),
        Area("备注", height_mm=60, signed=("支部",)),
    )


_STAYS = (Column("起止", "60mm"), Column("支部"), Column("类别", "30mm"))
_YEARS = (
    Column("周期", "34mm"),
    Column("办法"),
    Column("总分", "22mm"),
    Column("拟评星级", "28mm"),
    Column("确认", "36mm"),
)
_COUNTED = {
    "entry": "加扣分",
    "activity": "活动",
    "task": "任务",
    "commitment": "承诺",
    "report": "讲述",
    "comment": "点评",
    "award": "表彰",
    "improvement": "帮扶",
}


FORMS = (card,)
