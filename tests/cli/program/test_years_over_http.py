"""The years of both seeds, lived through over HTTP alone by people who sign in as themselves (issue 7)."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import demo_year, derived
from cli.demo_steps import OPERATOR, REGISTRAR, Step
from cli.derived import Asking
from cli.wiring import installation
from domain.small_branch import DeclareSmallBranchMode
from tests.cli.conftest import settings
from tests.cli.program.town import Town, instant, town

ALONE = DeclareSmallBranchMode(decided_by="党委", reason="只有一名登记员")
"""The demo has one registrar, so nobody could second his appointments."""
Program = Callable[..., tuple[int, str, str]]


def asking_of(program: Program, data: Path, step: Step, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Return the command that a line of the demo asks for."""
    read: list[Asking] = []
    with monkeypatch.context() as patched:
        patched.setattr(derived, "_carry_out", lambda asking, _settings, **_how: read.append(asking))
        code, _, said = program("--data", data, *step.words, "--as", step.actor)
    assert (code, len(read)) == (0, 1), said
    return read[0]


def live(town: Town, program: Program, data: Path, steps: list[Step], monkeypatch: pytest.MonkeyPatch) -> None:
    for step in steps:
        town.clock.set(instant(step.at))
        asking = asking_of(program, data, step, monkeypatch)
        answer = town.ask(asking, step.actor)
        assert (answer.status_code == 422) if step.refused else (answer.status_code in (200, 201)), (
            f"{' '.join(step.words)}: {answer.status_code} {answer.text}"
        )


def kinds_in(data: Path) -> Counter[str]:
    with installation(settings(data)) as installed:
        return Counter(fact.event.NAME for fact in installed.ledger.read())


@pytest.mark.slow
def test_the_year_of_seed_a_is_lived_over_http(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, papers = tmp_path / "data", tmp_path / "papers"
    demo_year.write_papers(papers)
    steps = sorted(demo_year.steps(papers), key=lambda step: step.at)
    opening, *rest = steps
    assert opening.actor == OPERATOR
    assert program("--data", data, "--clock", opening.at, *opening.words, "--as", opening.actor)[0] == 0
    with town(settings(data)) as people:
        people.ask(Asking(ALONE, ()), REGISTRAR)
        live(people, program, data, rest, monkeypatch)
    assert kinds_in(data)["star.Confirmed.v1"] == len(demo_year.MEMBERS)
