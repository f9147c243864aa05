"""A month and its year under random commands in random order, by whoever happens to ask."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import settings

from domain.appointments import Offices
from domain.confirmation import StarConfirmed
from domain.decision import State
from domain.lists import Lists
from domain.meetings import Meeting
from domain.rounds import Round
from tests.controls import CHEN, SUN, ZHANG, ZHAO
from tests.domain.procedure.month_machine import DAY, HELD_ON, MONTH, SESSION, SIX, YEAR, MonthAndYear

MonthAndYear.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestWhateverIsAskedOfAMonthItIsSettledByTheRulesAndItsYearToo = MonthAndYear.TestCase


def towards(safety: str, machine: MonthAndYear) -> None:
    """Take the steps that end in what a safety refuses."""
    match safety:
        case "require_adopted":
            machine.go_on(MONTH, Decimal(90), 3)
        case "require_open":
            machine.begin(0, [])
            machine.meet(SUN)
            machine.convene_or_close(ZHANG, SESSION, closing=True)
            machine.speak(ZHAO, SESSION, SUN, "remark")
        case "require_final":
            machine.go_on(MONTH, Decimal(90), 5)
        case _:
            machine.begin(3, [])
            machine.wait(12 * DAY)
            machine.confirm(CHEN, YEAR, (CHEN,))


@pytest.mark.parametrize(
    ("kind", "safety", "why"),
    [
        (Lists, "require_adopted", "the newest list is not adopted"),
        (Meeting, "require_open", "the meeting is over"),
        (Round, "require_final", "a month's star is only proposed"),
        (Offices, "require_stranger", "his own case"),
    ],
)
def test_with_one_safety_removed_the_machine_goes_red(
    monkeypatch: pytest.MonkeyPatch, kind: type[State], safety: str, why: str
) -> None:
    guarded = MonthAndYear()
    towards(safety, guarded)
    guarded.teardown()
    monkeypatch.setattr(kind, safety, (lambda self: self.convened) if kind is Meeting else (lambda *_: None))
    with pytest.raises(AssertionError, match=why):
        towards(safety, MonthAndYear())


def test_the_officers_ordinary_steps_lead_to_every_star_of_the_year() -> None:
    machine = MonthAndYear()
    machine.begin(3, [(SUN, ("law-sanction", -20), HELD_ON - 26 * DAY), (SUN, ("bonus-urgent", 5), HELD_ON - 27 * DAY)])
    machine.wait_and_confirm(11, SUN, down=False)
    confirmed = [fact.event.person for fact in machine.world.facts if isinstance(fact.event, StarConfirmed)]
    assert sorted(confirmed) == sorted(SIX)
    assert machine.model.months[SUN]["2025-12"] == (Fraction(85), Fraction(87))
    machine.teardown()
