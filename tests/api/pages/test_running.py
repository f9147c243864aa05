"""A round step by step: the lights, what a vote needs, the places and who is cut, for office-holders alone."""

from api.pages.running import lights
from domain.text import Text
from projections.round_row import RoundFrame
from tests.api.pages.conftest import Opens
from tests.controls import BRANCH, LI, ROUND, SUN

FRAME = RoundFrame(ROUND, BRANCH, "2025", "annual-360", 1)


def test_what_comes_after_the_first_open_step_waits_and_only_that_one_has_a_button() -> None:
    left = Text("请汇总计分", "Tally the round.")
    steps: list[tuple[str, str, Text | None]] = [
        ("scores", "A-1", None),
        ("tally", "A-2", left),
        ("proposal", "A-3", None),
    ]
    found = lights(steps, FRAME)
    assert [each.state for each in found] == ["done", "now", "later"]
    assert [None if each.button is None else each.button.path for each in found] == [None, "/do/tally", None]


def test_a_round_with_nothing_left_is_done_at_every_step() -> None:
    assert [each.state for each in lights([("tally", "A-2", None)], FRAME)] == ["done"]


def test_an_office_holder_sees_the_steps_the_quorum_and_the_places(opens: Opens) -> None:
    found = opens(f"/rounds/{ROUND}/run?format=json", as_person=LI).json()["answer"]
    assert found["steps"]
    assert found["quorum"]["voters"] >= found["quorum"]["present_at_least"] > 0
    assert all(each["clause"] for each in found["caps"])
    assert "逐步办理" in opens(f"/rounds/{ROUND}/run", as_person=LI).text


def test_who_holds_no_office_there_is_shown_nothing_of_it(opens: Opens) -> None:
    found = opens(f"/rounds/{ROUND}/run?format=json", as_person=SUN).json()["answer"]
    assert found.keys() == {"round", "office"}
    assert found["office"] is False
