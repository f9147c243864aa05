"""Reading what a scheme makes of a total: vetoes, gates, named stars, quotas, probation, and the shape of its year."""

from collections.abc import Mapping
from decimal import Decimal
from typing import get_args

from domain.rulebook import model, results
from domain.rulebook.fields import Table
from domain.rulebook.periods import YearNamedBy, YearShape
from domain.text import Text

_MEASURED: tuple[results.Measured, ...] = ("component", "group", "item")
_LAST_MONTH = 12


def total(table: Table) -> results.Total:
    """Return how components become a total; left out, by weight and without bounds of its own."""
    low, high = bounds(table)
    read = results.Total(
        how=table.choice("how", get_args(results.TotalHow), "weighted"),
        low=low,
        high=high,
        clause=table.word("clause", ""),
    )
    table.done()
    return read


def bounds(table: Table) -> tuple[Decimal | None, Decimal | None]:
    """Return the ends of `range = { low, high }`, either of which may be left out and is then open."""
    reach = table.table("range", optional=True)
    read = reach.number_or_none("low"), reach.number_or_none("high")
    reach.done()
    return read


def result(table: Table) -> results.ResultKind:
    """Return the kind of result: a level, a grade, passed or not, or a set of named stars."""
    read: results.ResultKind = table.choice("kind", get_args(results.ResultKind), "level")
    table.done()
    return read


def year(top: Table) -> YearShape:
    """Return where the year of the scheme lies; left out, from January to December."""
    begins = top.whole("year_begins", 1, low=1)
    if begins > _LAST_MONTH:
        message = Text(zh=f"没有{begins}月", en=f"there is no month {begins}")
        top.wrong("months-unfit", "year_begins", message, Text(zh="写1至12。", en="Write 1 to 12."))
        begins = 1
    return YearShape(begins, top.choice("year_named_by", get_args(YearNamedBy), "end"))


def rank(table: Table, low: int = 0) -> int:
    """Return the `star` of a level, or the `rank` of a grade: the same number by the word that fits the result."""
    if "rank" in table and "star" in table:
        message = Text(zh="star与rank只写一个", en="both star and rank are given")
        table.wrong("field-unfit", "rank", message, Text(zh="只写一种。", en="Write one of the two."))
    return table.whole("rank" if "rank" in table else "star", low=low)


def by_period(table: Table) -> dict[str, Decimal]:
    """Return per cent by period where they change from year to year."""
    return table.points("percent_by_period") if "percent_by_period" in table else {}


def floor(table: Table, choices: Mapping[str, str]) -> model.Cap:
    """Return a quota at the low end; it is rounded up unless it says otherwise, for it is a least number."""
    read = model.Cap(
        star=rank(table),
        percent=table.number("percent"),
        of=table.choice("of", get_args(model.CapBase), choices["cap_base"]),
        round=table.choice("round", ("ceil", "floor", "half_up"), "ceil"),
        nested=False,
        clause=table.word("clause", ""),
        by_period=by_period(table),
    )
    table.done()
    return read


def exemptions(top: Table) -> dict[str, results.Exemption]:
    """Return the grounds of exemption by code, in the order of the document."""
    found: dict[str, results.Exemption] = {}
    for table in top.tables("exemptions", optional=True):
        read = results.Exemption(
            code=table.word("code"),
            title=table.both("title"),
            decided_by=table.word("decided_by", ""),
            clause=table.word("clause", ""),
        )
        table.done()
        if read.code in found:
            message = Text(zh=f"免评事由“{read.code}”重复", en=f"the ground of exemption “{read.code}” stands twice")
            table.wrong("exemption-doubled", "code", message, Text(zh="只保留一条。", en="Keep one of them."))
        found[read.code] = read
    return found


def vetoes(top: Table) -> dict[str, results.Veto]:
    """Return the vetoes of the document by code, in its order."""
    found: dict[str, results.Veto] = {}
    for table in top.tables("vetoes", optional=True):
        read = results.Veto(
            code=table.word("code"),
            title=table.both("title"),
            effect=table.choice("effect", get_args(results.VetoEffect)),
            years=table.whole("years", 1, low=1),
            declared_by=table.word("declared_by"),
            clause=table.word("clause", ""),
        )
        table.done()
        if read.code in found:
            message = Text(zh=f"一票否决“{read.code}”重复", en=f"the veto “{read.code}” stands twice")
            table.wrong("veto-doubled", "code", message, Text(zh="只保留一条。", en="Keep one of them."))
        found[read.code] = read
    return found


def gate(table: Table) -> results.Gate:
    """Return a gate: a number of at least so much, or with `is_true` a plain yes."""
    yes = table.flag("is_true", default=False)
    if yes == ("at_least" in table):
        message = Text(zh="at_least与is_true写且只写一个", en="a gate has either at_least or is_true")
        table.wrong("gate-unfit", "at_least", message, Text(zh="写一种。", en="Write one of the two."))
    read = results.Gate(
        code=table.word("code"),
        title=table.both("title"),
        for_star_at_least=table.whole("for_star_at_least", low=1),
        measure=table.word("measure"),
        at_least=table.number_or_none("at_least"),
        otherwise=table.whole("otherwise"),
        clause=table.word("clause", ""),
    )
    table.done()
    return read


def named_star(table: Table) -> results.NamedStar:
    """Return a named star: `of = { component | group | item = … }` and the points that it needs."""
    of = table.table("of")
    kinds = [kind for kind in _MEASURED if kind in of]
    if len(kinds) != 1:
        message = Text(zh="of写且只写component、group、item之一", en="of names one component, group or item")
        table.wrong("named-star-unfit", "of", message, Text(zh="写明一项。", en="Name one of them."))
    measured = kinds[0] if kinds else "component"
    read = results.NamedStar(
        code=table.word("code"),
        title=table.both("title"),
        measured=measured,
        of=of.word(measured) if kinds else "",
        at_least=table.number("at_least"),
        clause=table.word("clause", ""),
    )
    of.done()
    table.done()
    return read


def probation_outcome(table: Table) -> results.ProbationOutcome:
    """Return one outcome of probation, from `at_least` up to and without `below`."""
    read = results.ProbationOutcome(
        outcome=table.word("outcome"),
        title=table.both("title"),
        at_least=table.number_or_none("at_least"),
        below=table.number_or_none("below"),
        clause=table.word("clause", ""),
    )
    table.done()
    return read


def year_band(table: Table, bands: tuple[model.Band, ...]) -> model.Band:
    """Return a band of the year: the bounds are its own, the name is that of the same star of a single period."""
    star = rank(table)
    of = next((band for band in bands if band.star == star), None)
    if of is None:
        message = Text(zh=f"没有{star}星的分数段", en=f"there is no band for {star} stars")
        remedy = Text(zh="先在bands中写明。", en="Give it among `bands` first.")
        table.wrong("star-unknown", "star", message, remedy)
    read = model.Band(
        star=star,
        label=Text("", "") if of is None else of.label,
        low=table.number_or_none("low"),
        low_inclusive=table.flag("low_inclusive", default=True),
        high=table.number_or_none("high"),
        high_inclusive=table.flag("high_inclusive", default=False),
        clause=table.word("clause", ""),
        unrated=of is not None and of.unrated,
    )
    table.done()
    return read
