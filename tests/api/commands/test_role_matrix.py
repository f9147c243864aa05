"""Role × command: at every step of the story, each office is answered over HTTP what the decider says, and no other."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.commands.by_hand import RUNS
from api.commands.places import PLACES, spelt
from api.commands.recording import Recording
from api.commands.uploads import Uploads
from api.problems import STATUSES
from domain.ballot_returns import ReturnSheet
from domain.decision import Command, Refused
from domain.sealed import Sealed
from tests.api.identities import PERSON, STEPPED_UP, ByHeader
from tests.controls import (
    CHAIR,
    CHEN,
    INSPECTOR,
    LI,
    OPERATOR,
    REGISTRAR,
    STAFF,
    STORY,
    STRANGER,
    SUN,
    ZHANG,
    ZHAO,
    Step,
)
from tests.projections.year_ledger import ATTACHED, Year, open_year

OFFICES = {
    "registrar": REGISTRAR,
    "operator": OPERATOR,
    "secretary": LI,
    "recorder": ZHANG,
    "leading group": CHEN,
    "discipline": ZHAO,
    "committee secretary": CHAIR,
    "committee discipline": INSPECTOR,
    "member": SUN,
    "staff": STAFF,
    "stranger": STRANGER,
}
Matrix = dict[str, dict[str, tuple[int, int]]]
"""For each command and office: the status that the decider's answer stands for, and the one that came over HTTP."""


def in_json(value: object) -> object:
    """Return a value of the domain as a program would send it."""
    return msgspec.to_builtins(value, enc_hook=_words)


def _words(value: object) -> str:
    assert isinstance(value, Sealed)
    return value.text or ""


def request_of(asked: Command) -> dict[str, Any]:
    """Return where and with what a command is asked for."""
    place = PLACES[type(asked)]
    body = {field.name: in_json(getattr(asked, field.name)) for field in place.in_body}
    return {"url": f"/api/v1/{spelt(place.kind.AT, asked)}", "json": body, "params": {"dry_run": "true"}}


def decided(year: Year, asked: Command, actor: str) -> int:
    """Return the status that the decider's answer stands for."""
    try:
        year.ledger.preview(asked, actor=actor, attachments=ATTACHED)
    except Refused as refused:
        return next(status for kind, status in STATUSES.items() if isinstance(refused, kind))
    return 200


def steps() -> Iterator[tuple[Step, bool]]:
    """Yield the steps of the story, and whether each is the first of its command."""
    seen: set[type[Command]] = set()
    for step in STORY:
        yield step, type(step.asked) not in seen
        seen.add(type(step.asked))


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """Return the whole matrix: each command at its turn in the story, asked by every office, as a dry run."""
    folder = tmp_path_factory.mktemp("matrix")
    year, sent_ahead = open_year(f"sqlite:///{folder / 'ledger.db'}"), Uploads(folder)
    for each in ATTACHED:
        (folder / f"{each.sha256}.txt").write_bytes(each.content)
    found: Matrix = {}
    kept = Recording(year.ledger, year.follower(), sent_ahead)
    app = create_app(ledger=year.ledger, follower=kept.follower, identities=ByHeader(), recording=kept)
    with TestClient(app, raise_server_exceptions=False) as client:
        for step, first in steps():
            year.clock.set(max(step.at, year.clock.now()))
            if first and type(step.asked) not in RUNS.keys() | {ReturnSheet}:
                found[step.asked.NAME] = {
                    office: (decided(year, step.asked, actor), _answered(client, step.asked, actor))
                    for office, actor in OFFICES.items()
                }
            year.play([step])
    year.close()
    return found


def _answered(client: TestClient, asked: Command, actor: str) -> int:
    return client.post(**request_of(asked), headers={PERSON: actor, STEPPED_UP: "now"}).status_code


def test_every_office_is_answered_what_the_decider_says(matrix: Matrix) -> None:
    wrong = {
        f"{name} by {office}": pair
        for name, row in matrix.items()
        for office, pair in row.items()
        if pair[0] != pair[1]
    }
    assert wrong == {}


def test_the_matrix_has_no_hole(matrix: Matrix) -> None:
    assert {kind.NAME for kind in PLACES} - matrix.keys() == {
        kind.NAME for kind in PLACES if kind in RUNS or kind is ReturnSheet
    }
    assert all(row.keys() == OFFICES.keys() for row in matrix.values())


def test_a_stranger_records_nothing_and_somebody_records_each(matrix: Matrix) -> None:
    assert {name: row["stranger"] for name, row in matrix.items() if row["stranger"][1] == 200} == {}
    assert [name for name, row in matrix.items() if 200 not in {answered for _, answered in row.values()}] == []
