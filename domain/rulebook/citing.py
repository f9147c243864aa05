"""Where a rulebook carries numbers or rules, and the clause that each of them cites."""

from collections.abc import Iterator
from dataclasses import fields

from domain.rulebook.conduct import Conduct, Forms, Named, Openness
from domain.rulebook.model import Component, Rulebook
from domain.rulebook.results import Total


def cited(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield each place that carries numbers or rules, with the clause it cites (empty where it cites none)."""
    for component in rulebook.components:
        yield from _component_citations("components", component)
    for number, band in enumerate(rulebook.bands):
        yield f"bands[{number}]", band.clause
    for number, cap in enumerate(rulebook.caps):
        yield f"caps[{number}]", cap.clause
    for number, step in enumerate(rulebook.procedure):
        yield f"procedure[{number}]", step.clause
    for number, consequence in enumerate(rulebook.consequences):
        yield f"consequences[{number}]", consequence.clause
    yield from _single_citations(rulebook)
    yield from _result_citations(rulebook)
    yield from _catalogue_citations(rulebook)
    if rulebook.annual is not None:
        yield "annual", rulebook.annual.clause
        yield "annual.months", rulebook.annual.months_clause
    yield from _conduct_citations(rulebook.conduct)


def _catalogue_citations(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    for category in rulebook.categories:
        yield f"categories.{category.code}", category.clause
    for group in rulebook.groups:
        yield f"groups.{group.code}", group.clause
    for item in rulebook.items.values():
        yield f"items.{item.code}", item.clause
        for number, version in enumerate(item.later, start=2):
            yield f"items.{item.code}#{number}", version.clause


def _single_citations(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    if rulebook.caps or rulebook.floors:
        yield "overflow", rulebook.overflow.clause
        yield "ties", rulebook.ties.clause
    yield "scope", rulebook.scope.clause
    yield "roster", rulebook.scope.roster_clause
    yield "newcomers", rulebook.scope.newcomers_clause
    yield "component_range", rulebook.component_range.clause
    yield "rounding", rulebook.rounding.clause
    yield "unrated", rulebook.unrated_clause
    yield "calendar", rulebook.calendar_clause
    yield "meeting", rulebook.meeting.clause
    yield "publicity", rulebook.publicity.clause
    yield "objections", rulebook.objections.clause
    yield "confirmation", rulebook.confirmation.clause
    yield "disclosure", rulebook.disclosure.clause
    for kept in rulebook.retention:
        yield f"retention.{kept.records}", kept.clause


def _result_citations(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    if rulebook.total != Total():
        yield "total", rulebook.total.clause
    for number, band in enumerate(rulebook.year_bands):
        yield f"annual.bands[{number}]", band.clause
    for number, floor in enumerate(rulebook.floors):
        yield f"floors[{number}]", floor.clause
    for ground in rulebook.exemptions.values():
        yield f"exemptions.{ground.code}", ground.clause
    for veto in rulebook.vetoes.values():
        yield f"vetoes.{veto.code}", veto.clause
    for gate in rulebook.gates:
        yield f"gates.{gate.code}", gate.clause
    for star in rulebook.named_stars:
        yield f"named_stars.{star.code}", star.clause
    for number, outcome in enumerate(rulebook.probation):
        yield f"probation[{number}]", outcome.clause


def _component_citations(place: str, component: Component) -> Iterator[tuple[str, str]]:
    here = f"{place}.{component.code}"
    yield here, component.clause
    if component.ballots_minimum or component.trim_each_side or component.shares or component.exclude_self:
        yield f"{here}.ballots", component.ballots_clause
    if component.grades is not None:
        yield f"{here}.grades", component.grades.clause
    if component.bounds is not None:
        yield f"{here}.range", component.bounds.clause
    for number, turn in enumerate(component.order):
        yield f"{here}.order[{number}]", turn.clause
    for part in component.parts:
        yield from _component_citations(here, part)


def _conduct_citations(conduct: Conduct) -> Iterator[tuple[str, str]]:
    lists: tuple[tuple[str, tuple[Named | Openness, ...]], ...] = (
        ("stages", conduct.stages),
        ("openness", conduct.openness),
        *((f"forms.{each.name}", getattr(conduct.forms, each.name)) for each in fields(Forms)),
    )
    for place, listed in lists:
        yield from ((f"{place}.{each.code}", each.clause) for each in listed)
    for session in conduct.sessions:
        yield f"sessions.{session.code}", session.clause
        yield f"sessions.{session.code}.window", session.window_clause
        if session.representatives_at_least:
            yield f"sessions.{session.code}.representatives", session.representatives_clause
    if conduct.ballot_box is not None:
        yield "ballot_box", conduct.ballot_box.clause
    if conduct.staff_appraisal is not None:
        yield "staff_appraisal", conduct.staff_appraisal.clause
    if conduct.excellent is not None:
        yield "excellent", conduct.excellent.clause
