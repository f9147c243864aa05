"""Reading the components of a rulebook: columns, their parts, the ballots and grades that may make them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import get_args

from domain.rulebook import model
from domain.rulebook.fields import Table
from domain.text import Text


def component(table: Table, choices: Mapping[str, str]) -> model.Component:
    """Return the component that `table` writes, with its parts; what it leaves out, the readings decide."""
    parts = tuple(component(entry, choices) for entry in table.tables("parts", optional=True))
    ballots = table.table("ballots", optional=True)
    rater = table.word("rater", "")
    grades = _grades(table, choices) if "grades" in table else None
    reach = table.choice("range", ("clamped", "open_top"), choices["component_range"])
    read = model.Component(
        code=table.word("code"),
        title=table.both("title"),
        weight=table.number("weight"),
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
        ballot_groups=ballots.words("groups", ()),
        representatives=ballots.choice("representatives", get_args(model.Representatives), choices["representatives"]),
        share=ballots.number_or_none("share") or Decimal(0),
    )
    ballots.done()
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
