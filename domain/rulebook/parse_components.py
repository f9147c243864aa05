"""Reading the components of a rulebook: columns, their parts, the ballots and grades that may make them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import get_args

from domain.rulebook import model
from domain.rulebook.fields import Table
from domain.rulebook.order import Bounds
from domain.rulebook.parse_order import bounds, order
from domain.text import Text


def component(table: Table, choices: Mapping[str, str], *, weighted: bool = True) -> model.Component:
    """Return the component that `table` writes, with its parts; what it leaves out, the readings decide.

    Where totals are sums it has no weight: it counts whole.
    """
    parts = tuple(component(entry, choices) for entry in table.tables("parts", optional=True))
    ballots = table.table("ballots", optional=True)
    shares = tuple(_group_share(entry) for entry in ballots.tables("voices", optional=True))
    rater = table.word("rater", "")
    grades = _grades(table, choices) if "grades" in table else None
    own = bounds(table)
    reach = _reach(table, own, choices)
    read = model.Component(
        code=table.word("code"),
        title=table.both("title"),
        weight=_weight(table, weighted=weighted),
        clause=table.word("clause", ""),
        parts=parts,
        rater=rater,
        optional=table.flag("optional", default=False),
        absent=table.choice("absent", get_args(model.Absent), choices["no_party_group"]),
        missing=table.choice("missing", get_args(model.Missing), choices["missing_component"]),
        mean=table.choice("mean", get_args(model.Mean), _mean(rater, grades, choices)),
        open_top=reach == "open_top",
        ballots_minimum=ballots.whole("minimum", 0),
        ballots_clause=ballots.word("clause", ""),
        trim_each_side=ballots.whole("trim_each_side", 0),
        grades=grades,
        takes_entries=table.flag("entries", default=False),
        ballot_groups=ballots.words("groups", ()) or tuple(each.group for each in shares),
        representatives=ballots.choice("representatives", get_args(model.Representatives), choices["representatives"]),
        share=ballots.number_or_none("share") or Decimal(0),
        shares=shares,
        exclude_self=ballots.flag("exclude_self", default=False),
        bounds=own,
        order=order(table),
    )
    ballots.done()
    table.done()
    return read


def _reach(table: Table, own: Bounds | None, choices: Mapping[str, str]) -> str:
    """Return whether the top is open: as bounds of its own say, as a word says, or by AMB-A12."""
    if own is not None:
        return "open_top" if own.high is None else "clamped"
    return table.choice("range", ("clamped", "open_top"), choices["component_range"])


def _weight(table: Table, *, weighted: bool) -> Decimal:
    if weighted:
        return table.number("weight")
    if table.number_or_none("weight") is not None:
        message = Text(zh="总分为各项之和，不写权重", en="the total is a sum: components have no weight")
        table.wrong("weight-unfit", "weight", message, Text(zh="删去weight。", en="Remove the weight."))
    return Decimal(100)


def _group_share(table: Table) -> model.GroupShare:
    read = model.GroupShare(table.word("group"), table.number("share"), table.whole("minimum", 0))
    table.done()
    return read


def _mean(rater: str, grades: model.Grades | None, choices: Mapping[str, str]) -> str:
    """Return how ballots become points where the component does not say: by AMB-A14 for the masses."""
    if rater == "masses":
        return choices["masses_mean"]
    return "arithmetic" if grades is None else "grades"


def _grades(parent: Table, choices: Mapping[str, str]) -> model.Grades | None:
    """Read the points of each grade: as written, or the scale that AMB-B8 chooses; none where ballots give points."""
    table, chosen = parent.table("grades"), choices["grade_points"]
    scales = table.table("scales", optional=True)
    found = {name: scales.points(name) for name in ("quarters", "gentle") if name in scales}
    points = table.points("points") if "points" in table else found.get(chosen)
    grades = model.Grades(points or {}, table.words("abstentions", ()), table.word("clause", ""))
    scales.done()
    table.done()
    if points is None and chosen == "numeric":
        return None
    if points is None:
        message = Text(zh=f"没有“{chosen}”的等次分值", en=f"the points of the grades under “{chosen}” are not given")
        table.wrong("grades-missing", f"scales.{chosen}", message, Text(zh="补上这一组。", en="Give that scale."))
    return grades
