"""Reading how a scheme is carried out: months and years, stages, sessions, ballots, forms, openness."""

from collections.abc import Mapping
from dataclasses import fields
from typing import get_args

from domain.rulebook import conduct as model
from domain.rulebook.fields import Table
from domain.rulebook.parse_results import bounds
from domain.rulebook.periods import PeriodKind
from domain.text import Text

_WINDOWS = {"last_seven_days": "last_days", "iso_week": "iso_last_week"}
_JUDGED = {"previous": "previous_month", "to_date": "this_month"}


def annual(table: Table, choices: Mapping[str, str], period: PeriodKind, *, weighted: bool = True) -> model.Annual:
    """Return how months become a year; formula and months without assessment follow AMB-B7 and AMB-B26.

    A total that is a sum has no weights; a scheme of quarters says `minimum_periods` in place of `minimum_months`.
    """
    if table.choice("of", get_args(PeriodKind), period) != period:
        message = Text(zh=f"年度由{period}合成，与period不符", en=f"the year is not made of the scheme's own {period}s")
        table.wrong(
            "annual-unfit", "of", message, Text(zh=f"写{period}，或删去。", en=f"Write {period}, or remove it.")
        )
    low, high = bounds(table)
    least = "minimum_periods" if "minimum_periods" in table else "minimum_months"
    read = model.Annual(
        formula=table.choice("formula", get_args(model.AnnualFormula), choices["annual_formula"]),
        weights=table.points("weights") if weighted or "weights" in table else {},
        once=table.words("once", ()),
        unassessed=table.choice("unassessed", get_args(model.Unassessed), choices["unassessed_months"]),
        minimum_months=table.whole(least),
        months_clause=table.word("months_clause", ""),
        clause=table.word("clause", ""),
        how=table.choice("how", get_args(model.AnnualHow), "mean"),
        low=low,
        high=high,
        carry=table.flag("carry", default=False),
    )
    table.done()
    return read


def conduct(top: Table, choices: Mapping[str, str]) -> model.Conduct:
    """Return the tables that only the procedure reads; each may be left out."""
    return model.Conduct(
        stages=_named(top, "stages"),
        sessions=tuple(_session(entry, choices) for entry in top.tables("sessions", optional=True)),
        openness=tuple(_openness(entry) for entry in top.tables("openness", optional=True)),
        ballot_box=_ballot_box(top.table("ballot_box")) if "ballot_box" in top else None,
        staff_appraisal=_staff_appraisal(top.table("staff_appraisal")) if "staff_appraisal" in top else None,
        excellent=_excellent(top.table("excellent"), choices) if "excellent" in top else None,
        forms=_forms(top.table("forms", optional=True)),
    )


def _named(parent: Table, name: str) -> tuple[model.Named, ...]:
    return tuple(_one_named(entry) for entry in parent.tables(name, optional=True))


def _one_named(table: Table) -> model.Named:
    read = model.Named(
        table.word("code"), table.both("title"), table.word("clause", ""), table.flag("private", default=False)
    )
    table.done()
    return read


def _session(table: Table, choices: Mapping[str, str]) -> model.Session:
    """Read a session; window and judged month follow AMB-B6 and AMB-B5 where they are left out."""
    representatives = table.table("representatives", optional=True)
    window = table.table("window")
    read = model.Session(
        code=table.word("code"),
        title=table.both("title"),
        months=tuple(int(month) for month in table.numbers("months")),
        window=window.choice("of", get_args(model.Window), _WINDOWS[choices["last_week"]]),
        days=window.whole("days", low=1),
        window_clause=window.word("clause", ""),
        judges=table.choice("judges", get_args(model.Judged), _JUDGED[choices["month_judged"]]),
        invited=table.words("invited", ()),
        representatives_at_least=representatives.whole("at_least", 0),
        representatives_clause=representatives.word("clause", ""),
        clause=table.word("clause", ""),
    )
    for each in (representatives, window, table):
        each.done()
    return read


def _openness(table: Table) -> model.Openness:
    read = model.Openness(table.word("code"), table.both("title"), table.words("audience"), table.word("clause", ""))
    table.done()
    return read


def _ballot_box(table: Table) -> model.BallotBox:
    read = model.BallotBox(
        table.whole("shown_from", low=3),
        table.choice("small_body", get_args(model.SmallBody), "open"),
        table.word("clause", ""),
    )
    table.done()
    return read


def _staff_appraisal(table: Table) -> model.StaffAppraisal:
    read = model.StaffAppraisal(table.choice("by", get_args(model.StaffBy), "open"), table.word("clause", ""))
    table.done()
    return read


def _excellent(table: Table, choices: Mapping[str, str]) -> model.Excellent:
    """Read the list of the excellent; who stands on it follows AMB-B13 where it is left out."""
    read = model.Excellent(
        by=table.choice("by", get_args(model.ExcellentBy), choices["excellent_list"]),
        grade=table.word("grade"),
        at_most=table.share("at_most") if "at_most" in table else None,
        round=table.choice("round", get_args(model.ShareRounding), "floor"),
        clause=table.word("clause", ""),
    )
    table.done()
    return read


def _forms(table: Table) -> model.Forms:
    read = model.Forms(**{each.name: _named(table, each.name) for each in fields(model.Forms)})
    table.done()
    return read
