"""The diagrams of procedures are those of the deciders: current, complete, and different where a decider is."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from docs.exploration import Explored, Procedure, explore, page
from docs.procedures import OBJECTION, procedures
from domain.catalogue import CATALOGUE
from domain.decision import Context, Decider, Event, NotFound
from domain.objections import Objections, ObjectionWithdrawn, WithdrawObjection
from domain.text import Text
from tests.controls import ROUND, WU


@pytest.fixture(scope="module")
def known() -> tuple[Procedure, ...]:
    return procedures()


@pytest.fixture(scope="module")
def explored(known: tuple[Procedure, ...]) -> Mapping[str, Explored]:
    """Return what was found out about each procedure, by its English title."""
    return {procedure.title.en: explore(procedure) for procedure in known}


def named(known: tuple[Procedure, ...], title: str) -> Procedure:
    """Return the procedure of this English title."""
    return next(each for each in known if each.title.en == title)


def test_the_page_of_procedures_is_current(known: tuple[Procedure, ...], checkout: Path) -> None:
    written = (checkout / "docs" / "procedures.md").read_text(encoding="utf-8")
    assert written == page(known), "docs/procedures.md is older than the code; run: .venv/bin/python docs/procedures.py"


def test_every_stage_has_a_way_in(known: tuple[Procedure, ...], explored: Mapping[str, Explored]) -> None:
    for procedure in known:
        found = explored[procedure.title.en]
        led_to = {target for stage, _, target in found.arrows() if target != stage}
        assert set(procedure.stages) == {procedure.stages[0], *led_to}, procedure.title.en
        assert procedure.stage(procedure.worlds[0]) == procedure.stages[0]


def test_every_command_is_answered_at_every_stage(
    known: tuple[Procedure, ...], explored: Mapping[str, Explored]
) -> None:
    for procedure in known:
        found = explored[procedure.title.en]
        asked = {(stage, probe.name) for stage in procedure.stages for probe in procedure.probes}
        assert found.led.keys() | found.refused.keys() == asked
        done = {name for _, name in found.led}
        assert {probe.name for probe in procedure.probes} - done <= NEVER_DONE


NEVER_DONE = frozenset({"tally"})
"""Tallying again what a list fixes comes to nothing: that is what it shows beside the list."""


@pytest.mark.parametrize(
    ("title", "stage", "command"),
    [
        ("Objection", "ruled", "withdraw-objection"),
        ("Objection", "rejected", "accept-objection"),
        ("List and vote", "adopted", "hold-vote (no majority)"),
        ("Round", "tallied, tie open", "propose-list"),
        ("Entry", "reversed", "verify-entry"),
        ("Ballot box", "closed", "void-box"),
        ("Meeting", "called off", "record-attendance"),
    ],
)
def test_no_way_leads_out_of_what_is_decided(
    explored: Mapping[str, Explored], title: str, stage: str, command: str
) -> None:
    found = explored[title]
    assert (stage, command) in found.refused
    assert (stage, command) not in found.led


def _withdraws_whatever(asked: WithdrawObjection, _context: Context, objections: Objections) -> list[Event]:
    if asked.objection not in objections.cases:
        raise NotFound("unknown-objection", Text("", ""))
    return [ObjectionWithdrawn(round=ROUND, objection=OBJECTION, about=WU)]


def test_a_decider_that_allows_a_forbidden_step_changes_the_diagram(
    known: tuple[Procedure, ...], monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    objection = named(known, "Objection")
    before = page([objection])
    broken = Decider(WithdrawObjection, (Objections,), _withdraws_whatever)
    assert isinstance(CATALOGUE.deciders, dict)
    monkeypatch.setitem(CATALOGUE.deciders, WithdrawObjection, broken)
    after = page([objection])
    assert "ruled --> withdrawn: withdraw-objection" in after
    assert "ruled --> withdrawn" not in before
    assert before != after
    assert before.partition("##")[2] in (checkout / "docs" / "procedures.md").read_text(encoding="utf-8")


def test_diagrams_name_every_stage_once(checkout: Path) -> None:
    text = (checkout / "docs" / "procedures.md").read_text(encoding="utf-8")
    diagrams = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    assert len(diagrams) == 11
    for diagram in diagrams:
        declared = re.findall(r'state "[^"]+" as (\w+)', diagram)
        used = set(re.findall(r"(\w+) -->", diagram)) | set(re.findall(r"--> (\w+)", diagram))
        assert len(declared) == len(set(declared))
        assert used == set(declared)
