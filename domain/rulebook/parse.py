"""From the bytes of a TOML document to a Rulebook, with every fault of the document at once."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from domain.findings import Finding, Invalid
from domain.rulebook import model, parse_results, terms
from domain.rulebook.coherence import incoherences
from domain.rulebook.fields import Table
from domain.rulebook.parse_components import component
from domain.rulebook.parse_conduct import annual, conduct
from domain.rulebook.parse_items import category, group, items
from domain.rulebook.periods import PeriodKind
from domain.rulebook.readings import FAMILIES, SWITCHES
from domain.text import Text

FORMAT = 1
_DEFAULTS = {name: switch.default for name, switch in SWITCHES.items()}
_TERMS = {"three_ten_twenty": (3, 10, 20), "five_fifteen_thirty": (5, 15, 30), "named_only": (3, 10, 20)}
_PLACES_BY_COMPARISON = {"one_decimal": 1, "integer": 0}
_MOST_PLACES = 6
_NO_LEAP_YEAR = 2001


def parse_rulebook(document: bytes) -> model.Rulebook:
    """Return the rulebook that `document` (TOML, UTF-8) writes; Invalid with every finding where it cannot be used."""
    return _usable(_toml(document))


def altered_rulebook(document: bytes, changes: Mapping[str, str]) -> model.Rulebook:
    """Return the rulebook that `document` would write with other values at some places; raises as `parse_rulebook`.

    A place is a path such as `rounding.places` or `caps.0.percent`; a name without a dot is a switch of the readings.
    A value is written as in TOML; what is no TOML value is a word.
    """
    top = _toml(document)
    for place, value in changes.items():
        _alter(top, (place if "." in place else f"readings.{place}").split("."), _value(value))
    return _usable(top)


def _alter(into: Any, path: Sequence[str], value: object) -> None:  # noqa: ANN401 - any table or list of a document
    try:
        for name in path[:-1]:
            into = into[int(name)] if isinstance(into, list) else into.setdefault(name, {})
        into[int(path[-1]) if isinstance(into, list) else path[-1]] = value
    except (TypeError, ValueError, LookupError, AttributeError) as fault:
        place = ".".join(path)
        message = Text(zh=f"办法中没有 {place}", en=f"the rulebook has no {place}")
        remedy = Text(zh="核对路径后再试。", en="Check the path and try again.")
        raise Invalid((Finding("no-such-place", place, message, remedy),)) from fault


def _value(words: str) -> object:
    try:
        return tomllib.loads(f"value = {words}", parse_float=Decimal)["value"]
    except (ValueError, ArithmeticError, RecursionError):
        return words


def _usable(document: Mapping[str, object]) -> model.Rulebook:
    """Return what a document's tables write; Invalid with every finding where it cannot be used."""
    findings: list[Finding] = []
    rulebook = _rulebook(Table(document, "", findings))
    if not findings:
        findings.extend(incoherences(rulebook))
    if findings:
        raise Invalid(tuple(findings))
    return rulebook


def _toml(document: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(document.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as fault:
        message = Text(
            zh=f"无法按TOML（UTF-8）读取：{fault}", en=f"the document is not readable TOML in UTF-8: {fault}"
        )
        remedy = Text(zh="按所示位置改正后再试。", en="Correct it at the place named and try again.")
        raise Invalid((Finding("rulebook-unreadable", "rulebook", message, remedy),)) from fault


def _rulebook(top: Table) -> model.Rulebook:
    _format(top)
    family = top.choice("family", get_args(model.Family), "seed-a")
    readings, stated = _readings(top.table("readings", optional=True), family)
    choices = _DEFAULTS | readings
    effective = top.table("effective", optional=True)
    unrated = top.table("unrated")
    calendar = top.table("calendar")
    reach = top.table("component_range")
    total = parse_results.total(top.table("total", optional=True))
    weighted, result = total.how == "weighted", parse_results.result(top.table("result", optional=True))
    components = tuple(component(entry, choices, weighted=weighted) for entry in top.tables("components"))
    ordered = frozenset(leaf.code for each in components for leaf in each.leaves() if leaf.order)
    bands = tuple(_band(entry) for entry in top.tables("bands", optional=result == "named_stars"))
    period = top.choice("period", get_args(PeriodKind), "year")
    of_year = top.table("annual", optional=True)
    rulebook = model.Rulebook(
        id=top.word("id"),
        version=top.whole("version", low=1),
        title=top.both("title"),
        issuer=top.both("issuer"),
        period=period,
        clauses=_clauses(top),
        readings=readings,
        scope=_scope(top, choices),
        components=components,
        component_range=model.Range(reach.number("low"), reach.number("high"), _clause(reach)),
        rounding=_rounding(top.table("rounding"), choices),
        bands=bands,
        caps=tuple(_cap(entry, choices) for entry in top.tables("caps", optional=True)),
        overflow=_overflow(top.table("overflow", optional=True), choices),
        ties=_ties(top.table("ties", optional=True), choices),
        unrated_label=unrated.both("label"),
        unrated_clause=_clause(unrated),
        calendar_opens=_opens(calendar),
        calendar_clause=_clause(calendar),
        procedure=tuple(_step(entry) for entry in top.tables("procedure")),
        meeting=_meeting(top.table("meeting")),
        publicity=_publicity(top.table("publicity"), readings),
        objections=_objections(top.table("objections"), readings),
        confirmation=_confirmation(top.table("confirmation"), readings),
        consequences=tuple(_consequence(entry) for entry in top.tables("consequences", optional=True)),
        disclosure=_disclosure(top.table("disclosure")),
        family=family,
        groups=tuple(group(entry, choices, ordered) for entry in top.tables("groups", optional=True)),
        items=items(top),
        year_bands=tuple(parse_results.year_band(entry, bands) for entry in of_year.tables("bands", optional=True)),
        annual=annual(of_year, choices, period, weighted=weighted) if "annual" in top else None,
        effective_from=effective.day_or_none("from"),
        effective_to=effective.day_or_none("to"),
        stated=stated,
        total=total,
        result=result,
    )
    rulebook = _with_the_rest(rulebook, top, choices)
    for table in (effective, unrated, calendar, reach, top):
        table.done()
    return rulebook


def _with_the_rest(rulebook: model.Rulebook, top: Table, choices: Mapping[str, str]) -> model.Rulebook:
    """Return the rulebook with what many documents leave out: categories, conduct, and what decides beside scores."""
    return replace(
        rulebook,
        missing_policy_stated=_states_missing(rulebook, top),
        categories=tuple(category(entry) for entry in top.tables("categories", optional=True)),
        conduct=conduct(top, choices),
        adopted=top.day_or_none("adopted"),
        year=parse_results.year(top),
        retention=_retention(top),
        exemptions=parse_results.exemptions(top),
        vetoes=parse_results.vetoes(top),
        gates=tuple(parse_results.gate(entry) for entry in top.tables("gates", optional=True)),
        named_stars=tuple(parse_results.named_star(entry) for entry in top.tables("named_stars", optional=True)),
        floors=tuple(parse_results.floor(entry, choices) for entry in top.tables("floors", optional=True)),
        probation=tuple(parse_results.probation_outcome(each) for each in top.tables("probation", optional=True)),
    )


def _opens(table: Table) -> tuple[int, int]:
    """Read the month and day from which rounds of a year open in the year after it, written MM-DD (AMB-A18)."""
    written = table.word("opens")
    month, _, day = written.partition("-")
    try:
        first = date.fromisoformat(f"{_NO_LEAP_YEAR}-{month}-{day}")
    except ValueError:
        message = Text(zh=f"“{written}”不是月-日", en=f"“{written}” is no month and day")
        table.wrong("field-unfit", "opens", message, Text(zh="应为如01-15。", en="It should be such as 01-15."))
        return 1, 1
    return first.month, first.day


def _format(top: Table) -> None:
    if top.whole("format", FORMAT) != FORMAT:
        message = Text(zh=f"格式版本不是{FORMAT}", en=f"the format is not {FORMAT}")
        remedy = Text(zh="使用认识该格式的版本。", en="Use a release of Starledger that knows this format.")
        top.wrong("format-unknown", "format", message, remedy)


def _clause(table: Table) -> str:
    """Read the clause a table cites; left out, it stays empty for the linter to name."""
    return table.word("clause", "")


def _readings(table: Table, family: model.Family) -> tuple[dict[str, str], frozenset[str]]:
    """Read the choice for each switch of the rulebook's family, and which of them the document states."""
    switches = FAMILIES[family]
    choices = {name: table.choice(name, tuple(switch.meanings), switch.default) for name, switch in switches.items()}
    table.done()
    return choices, frozenset(name for name in switches if name in table)


def _clauses(top: Table) -> dict[str, model.Clause]:
    found: dict[str, model.Clause] = {}
    for entry in top.tables("clauses"):
        source = entry.choice("source", get_args(model.ClauseSource))
        clause = model.Clause(entry.word("id"), entry.both("text"), source)
        entry.done()
        if clause.id in found:
            message = Text(zh=f"条款“{clause.id}”重复", en=f"the clause “{clause.id}” stands twice")
            entry.wrong("clause-doubled", "id", message, Text(zh="只保留一条。", en="Keep one of them."))
        found[clause.id] = clause
    return found


def _scope(top: Table, choices: Mapping[str, str]) -> model.Scope:
    scope, roster, newcomers = top.table("scope"), top.table("roster"), top.table("newcomers")
    read = model.Scope(
        kinds=scope.words("kinds"),
        clause=_clause(scope),
        roster_clause=_clause(roster),
        minimum_months=newcomers.whole("minimum_months"),
        newcomers=newcomers.choice("mode", get_args(model.Newcomers), choices["newcomers"]),
        newcomers_clause=_clause(newcomers),
    )
    for table in (scope, roster, newcomers):
        table.done()
    return read


def _states_missing(rulebook: model.Rulebook, top: Table) -> bool:
    """Return whether the document says what a missing component comes to: as a reading, or column by column.

    A family that has no such switch may say it in the clause of that reading (AMB-A13).
    """
    by_switch = "missing_component" in FAMILIES[rulebook.family]
    said = "missing_component" in rulebook.stated if by_switch else "AMB-A13" in rulebook.clauses
    return said or _each_states_missing(top)


def _each_states_missing(top: Table) -> bool:
    tables = top.tables("components")
    leaves = [part for table in tables for part in (table.tables("parts", optional=True) or (table,))]
    return bool(leaves) and all("missing" in leaf for leaf in leaves)


def _rounding(table: Table, choices: Mapping[str, str]) -> model.Rounding:
    """Read the rounding; AMB-A3 or AMB-B2 may replace the places, AMB-A3 may have the exact total compared."""
    comparison = "integer" if choices["band_gaps"] == "integer_first" else choices["score_comparison"]
    places = table.whole("places")
    table.choice("mode", ("half_up",))
    rounding = model.Rounding(
        places=_PLACES_BY_COMPARISON.get(comparison, places),
        compare="exact" if comparison == "exact" else "published",
        clause=_clause(table),
    )
    if places > _MOST_PLACES:
        message = Text(zh=f"小数位数{places}过多", en=f"{places} places are too many")
        table.wrong("places-unfit", "places", message, Text(zh="不超过6位。", en="Give at most 6."))
    table.done()
    return rounding


def _band(table: Table) -> model.Band:
    band = model.Band(
        star=parse_results.rank(table),
        label=table.both("label"),
        low=table.number_or_none("low"),
        low_inclusive=table.flag("low_inclusive", default=True),
        high=table.number_or_none("high"),
        high_inclusive=table.flag("high_inclusive", default=False),
        clause=_clause(table),
        unrated=table.flag("unrated", default=False),
        edge=table.word("edge", ""),
    )
    table.done()
    return band


def _cap(table: Table, choices: Mapping[str, str]) -> model.Cap:
    cap = model.Cap(
        star=parse_results.rank(table, low=1),
        percent=table.number("percent"),
        of=table.choice("of", get_args(model.CapBase), choices["cap_base"]),
        round=table.choice("round", get_args(model.CapRounding), choices["cap_rounding"]),
        nested=table.flag("nested", default=choices["cap_nesting"] == "nested"),
        clause=_clause(table),
        by_period=parse_results.by_period(table),
    )
    table.done()
    return cap


def _overflow(table: Table, choices: Mapping[str, str]) -> model.Overflow:
    order = tuple(int(star) if str(star).isdecimal() else 0 for star in table.numbers("order"))
    mode = table.choice("mode", get_args(model.OverflowMode), choices["overflow"])
    overflow = model.Overflow(mode, order, _clause(table))
    table.done()
    return overflow


def _ties(table: Table, choices: Mapping[str, str]) -> model.Ties:
    left = table.choice("left", get_args(model.TiesLeft), choices["ties_left"])
    ties = model.Ties(table.words("chain", ()), left, _clause(table))
    table.done()
    return ties


def _step(table: Table) -> model.Step:
    step = model.Step(table.word("step"), table.word("actor"), _clause(table), table.word("stage", ""))
    table.done()
    return step


def _meeting(table: Table) -> terms.Meeting:
    meeting = terms.Meeting(
        table.share("present_at_least"), table.share("yes_more_than"), table.words("voters"), _clause(table)
    )
    table.done()
    return meeting


def _publicity(table: Table, readings: Mapping[str, str]) -> terms.Publicity:
    """Read the terms of notices; how days are counted follows AMB-B14 in a family that has it, and is else required.

    Whose window a correction begins anew follows AMB-B15.
    """
    counting = readings.get("notice_days")
    unit = "working_days" if counting == "working_days" else "calendar_days"
    publicity = terms.Publicity(
        days=table.whole("days", low=1),
        unit=table.choice("unit", get_args(terms.DayUnit), None if counting is None else unit),
        start_counted=table.flag("start_counted", default=None if counting is None else counting == "start_counted"),
        roll=table.choice("roll", get_args(terms.Roll)),
        audience=table.words("audience"),
        clause=_clause(table),
        repair=table.choice("repair", get_args(terms.Repair), readings.get("notice_repair", "affected_lines")),
    )
    table.done()
    return publicity


def _objections(table: Table, readings: Mapping[str, str]) -> terms.Objections:
    """Read the terms of objections; they follow AMB-B16 in a family that has it, and are else required."""
    named = readings.get("objection_terms", "")
    accept, rule, extension = _TERMS.get(named, (None, None, None))
    objections = terms.Objections(
        who=table.choices("who", get_args(terms.Objector)),
        accept_within=table.whole("accept_within", accept, low=1),
        rule_within=table.whole("rule_within", rule, low=1),
        extension_at_most=table.whole("extension_at_most", extension),
        unit=table.choice("unit", get_args(terms.DayUnit), "working_days" if named else None),
        investigators=table.whole("investigators", low=1),
        clause=_clause(table),
        anonymous=table.flag("anonymous", default=named != "named_only"),
    )
    table.done()
    return objections


def _confirmation(table: Table, readings: Mapping[str, str]) -> terms.Confirmation:
    hold = table.choice("hold", get_args(terms.Hold), readings.get("held_while_open"))
    confirmation = terms.Confirmation(hold, _clause(table))
    table.done()
    return confirmation


def _consequence(table: Table) -> model.Consequence:
    consequence = model.Consequence(
        code=table.word("code"),
        star_at_least=table.whole("star_at_least") if "star_at_least" in table else None,
        star_at_most=table.whole("star_at_most") if "star_at_most" in table else None,
        measures=table.words("measures"),
        clause=_clause(table),
        unrated=table.flag("unrated", default=False),
        within_days=table.whole("within_days", low=1) if "within_days" in table else None,
        consecutive=table.whole("consecutive", 1, low=1),
    )
    table.done()
    return consequence


def _retention(top: Table) -> tuple[terms.Retention, ...]:
    found: dict[str, terms.Retention] = {}
    for table in top.tables("retention", optional=True):
        years = table.whole("years", low=1) if "years" in table else None
        read = terms.Retention(table.word("records"), years, table.word("clause", ""))
        table.done()
        if read.records in found:
            message = Text(zh=f"“{read.records}”的保管期限重复", en=f"how long “{read.records}” is kept stands twice")
            table.wrong("retention-doubled", "records", message, Text(zh="只保留一条。", en="Keep one of them."))
        found[read.records] = read
    return tuple(found.values())


def _disclosure(table: Table) -> terms.Disclosure:
    disclosure = terms.Disclosure(table.words("branch"), table.words("masses"), table.words("never"), _clause(table))
    table.done()
    return disclosure
