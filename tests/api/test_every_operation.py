"""Every operation of the interface, asked with whatever its description allows and with what it does not, as anybody.

Nothing comes to an unexpected end, and every answer is what the description says: status, kind, headers and schema.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode

from api.app import create_app
from api.commands.recording import Recording
from api.queries.beside import Beside
from ledger.ballot_files import BoxFiles
from tests.api.every_route import GIVEN
from tests.api.identities import PERSON, STEPPED_UP, ByHeader
from tests.controls import BRANCH, CHAIR, LI, NOTICE, OPERATOR, QIAN, ROUND, STAFF, SUN, UPHELD, ZHAO
from tests.experiments import Notebook
from tests.projections.year_ledger import Year

PROMISE = "whatever is sent over HTTP is answered as its description says"
WAY = "schemathesis: every operation with fitting and unfitting requests, signed in as anybody, every answer checked"
SEED = int(os.environ.get("STARLEDGER_SEED", "20261120"))
CASES = 600 * int(os.environ.get("STARLEDGER_SOAK", "1"))
ROLES: Final = (CHAIR, LI, SUN, STAFF, QIAN, ZHAO, OPERATOR, "nobody-knows-him", None)
KNOWN: Final[Mapping[str, str]] = {
    **{name: values[0] for name, values in GIVEN.items()},
    "round": ROUND,
    "round_id": ROUND,
    "person": SUN,
    "branch": BRANCH,
    "notice": NOTICE,
    "objection": UPHELD,
}
"""Things that are there: of ids made at random nothing would be found but that there is none."""
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@dataclass
class Asked:
    """How many cases were asked of how many operations, what came back, and what was not as it is described."""

    operations: int = 0
    cases: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def ask(self, case: Any, headers: Mapping[str, str]) -> None:  # noqa: ANN401 - of schemathesis
        """Ask one case, and take down where the answer is another than described."""
        answer = case.call(headers=dict(headers))
        self.cases += 1
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as failure:
            words = [str(one.message or one.title) for one in getattr(failure, "exceptions", [failure])]
            self.found.setdefault(f"{case.operation.label} {answer.status_code}", " / ".join(words))


def ask_every_operation(served: FastAPI, cases: int) -> Asked:
    """Ask about `cases` cases over all operations, each by somebody else, half of them about things that are there."""
    described: Any = schemathesis.openapi.from_asgi("/openapi.json", served)
    operations = [each.ok() for each in described.get_all_operations()]
    asked, people = Asked(len(operations)), cycle(ROLES)
    each = -(-cases // (2 * len(operations)))
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _probe(asked, operation, mode, people, each)
    return asked


def _probe(asked: Asked, operation: Any, mode: GenerationMode, people: Iterator[str | None], most: int) -> None:  # noqa: ANN401
    @seed(SEED)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def probe(case: Any) -> None:  # noqa: ANN401
        person = next(people)
        if mode is GenerationMode.POSITIVE:
            case.path_parameters = {
                name: KNOWN.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        asked.ask(case, {STEPPED_UP: "now"} | ({} if person is None else {PERSON: person}))

    try:
        probe()
    except Unsatisfiable:
        return  # nothing could be sent there that does not fit


@pytest.mark.slow
def test_every_answer_is_what_the_description_says(fresh: Year, tmp_path: Any, notebook: Notebook) -> None:  # noqa: ANN401
    follower = fresh.follower()
    recording = Recording(fresh.ledger, follower, boxes=BoxFiles(tmp_path))
    served = create_app(
        ledger=fresh.ledger,
        follower=follower,
        identities=ByHeader(),
        recording=recording,
        beside=Beside(stream_seconds=0),
    )
    asked = ask_every_operation(served, CASES)
    figures = {"operations": asked.operations, "cases": asked.cases, "otherwise than described": len(asked.found)}
    figures |= {f"answers of {status}": count for status, count in sorted(asked.statuses.items())}
    notebook.saw(PROMISE, WAY, on="SQLite", runs=asked.cases, figures=figures, seed=SEED)
    assert asked.found == {}
    assert asked.operations > 100
    assert asked.cases >= CASES // 2
    assert {200, 401, 403, 404, 422} <= asked.statuses.keys()


def test_an_operation_that_answers_otherwise_is_found(notebook: Notebook) -> None:
    served = FastAPI()

    @served.get("/{name}", responses={200: {"content": {"application/json": {"schema": {"type": "integer"}}}}})
    def off(name: str) -> Any:  # noqa: ANN401
        if name == KNOWN["name"]:
            return "no integer"
        raise ZeroDivisionError

    asked = ask_every_operation(served, 8)
    notebook.saw(PROMISE, WAY, on="SQLite", runs=asked.cases, figures={"found": len(asked.found)}, control=True)
    assert any("not of type" in words for words in asked.found.values())
