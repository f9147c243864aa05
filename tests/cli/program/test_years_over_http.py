"""The years of both seeds, lived through over HTTP alone by people who sign in as themselves (issue 7)."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import pytest
from httpx2 import Response

from api.commands.places import PLACES
from cli import demo_months, demo_year, derived
from cli.demo_steps import REGISTRAR, Step
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
        by_hand = BY_HAND.get(step.words[0])
        if by_hand is not None:
            answer = by_hand(town, options(step.words), step.actor)
        else:
            answer = town.ask(asking_of(program, data, step, monkeypatch), step.actor)
        expected = (422,) if step.refused else (200, 201)
        assert answer.status_code in expected, f"{' '.join(step.words)}: {answer.status_code} {answer.text}"


def options(words: tuple[str, ...]) -> dict[str, list[str]]:
    """Return what a line of the demo says, by option; what stands without one under its place."""
    said: dict[str, list[str]] = {}
    left = list(words[1:])
    while left:
        word = left.pop(0)
        if word == "--yes":
            continue
        name = word.removeprefix("--") if word.startswith("--") else ""
        said.setdefault(name, []).append(left.pop(0) if name else word)
    return said


def import_table(town: Town, said: dict[str, list[str]], actor: str) -> Response:
    workbook = town.send_ahead(Path(said[""][0]), actor)
    table = {"workbook": workbook, "ballots": int(said["ballots"][0]), "occurred_on": said["occurred-on"][0]}
    return town.take_in(f"rounds/{said['round'][0]}/score-imports", table, actor)


def import_roster(town: Town, said: dict[str, list[str]], actor: str) -> Response:
    roster = {"workbook": town.send_ahead(Path(said[""][0]), actor)}
    return town.take_in(f"branches/{said['branch'][0]}/roster-imports", roster, actor)


def open_box(town: Town, said: dict[str, list[str]], actor: str) -> Response:
    voters = [dict(zip(("person", "group"), each.split("="), strict=False)) for each in said["voter"]]
    body = {
        "box": said["box"][0],
        "component": said["component"][0],
        "voters": voters,
        "tellers": said.get("teller", []),
        **({"meeting": said["meeting"][0]} if "meeting" in said else {}),
    }
    kind = next(each for each in PLACES if each.NAME == "open-box")
    url = PLACES[kind].path.replace("{round}", said["round"][0])
    return town.browser(actor).post(
        url, json=body | ({} if "{round}" in PLACES[kind].path else {"round": said["round"][0]})
    )


def vote(town: Town, said: dict[str, list[str]], actor: str) -> Response:
    return town.drop(f"{said['box'][0]}/sheets", {"marks": marks(said)}, actor)


def key_in(town: Town, said: dict[str, list[str]], actor: str) -> Response:
    at = f"{said['box'][0]}/paper/{said['group'][0]}/{said['number'][0]}"
    return town.drop(at, {"marks": marks(said)}, actor, "PUT")


def close_box(town: Town, said: dict[str, list[str]], actor: str) -> Response:
    kind = next(each for each in PLACES if each.NAME == "close-box")
    return town.browser(actor).post(PLACES[kind].path.replace("{box}", said["box"][0]))


def marks(said: dict[str, list[str]]) -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(said["sheet"][0].removeprefix("@")).read_bytes())
    return found


BY_HAND: Mapping[str, Callable[[Town, dict[str, list[str]], str], Response]] = {
    "import-table": import_table,
    "import-roster-table": import_roster,
    "open-box": open_box,
    "vote": vote,
    "key-in": key_in,
    "close-box": close_box,
}
"""What is asked for otherwise than by the form of its command."""


def kinds_in(data: Path) -> Counter[str]:
    with installation(settings(data)) as installed:
        return Counter(fact.event.NAME for fact in installed.ledger.read())


@pytest.mark.slow
@pytest.mark.parametrize("year", [demo_year, demo_months], ids=["seed A", "seed B"])
def test_a_year_is_lived_over_http(
    year: ModuleType, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, papers = tmp_path / "data", tmp_path / "papers"
    for each in (demo_year, demo_months):
        each.write_papers(papers)
    opening, *founding = sorted(demo_year.steps(papers), key=lambda step: step.at)
    told = founding if year is demo_year else [*committee(founding), *demo_months.steps(papers)]
    assert program("--data", data, "--clock", opening.at, *opening.words, "--as", opening.actor)[0] == 0
    with town(settings(data)) as people:
        people.ask(Asking(ALONE, ()), REGISTRAR)
        live(people, program, data, sorted(told, key=lambda step: step.at), monkeypatch)
    members = demo_year.MEMBERS if year is demo_year else demo_months.MEMBERS
    assert kinds_in(data)["star.Confirmed.v1"] >= len(members)


def committee(founding: list[Step]) -> list[Step]:
    """Return the steps of seed A's year that make the committee above both branches, and the calendar of its years."""
    names = ("register-person", "appoint", "publish-calendar")
    return [step for step in founding if step.words[0] in names and "--branch" not in step.words]
