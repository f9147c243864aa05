"""Role × route × object: for each kind of person and each route, which fields are shown, as a table that is kept.

The table is `golden/who-is-shown-what.txt`: a line for each route and reader, with the status, as whom he is seen, and
a digest of the fields that hold something and of those whose mark stands in their place. Run with
STARLEDGER_GOLDEN=write to make it anew, and read the difference: it is what somebody will see who did not before.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import FastAPI

from tests.api.every_route import questions
from tests.api.queries.conftest import Ask
from tests.controls import BRANCH, CHAIR, LI, OPERATOR, OTHER_BRANCH, QIAN, REGISTRAR, ROUND, STAFF, STRANGER, SUN, WU

TABLE: Final = Path(__file__).parent / "golden" / "who-is-shown-what.txt"
READERS: Final = {
    "committee": CHAIR,
    "registrar": REGISTRAR,
    "secretary": LI,
    "member": SUN,
    "other member": WU,
    "staff": STAFF,
    "other branch": QIAN,
    "stranger": STRANGER,
    "operator": OPERATOR,
    "unknown": "nobody-knows-him",
    "nobody": None,
}
OBJECTS: Final = {"round_id": (ROUND,), "person": (SUN, LI, QIAN), "branch": (BRANCH, OTHER_BRANCH)}

_LEVELS: Final = re.compile(r"(children\.)+")


def shown(body: Any, path: str = "") -> Iterator[tuple[str, bool]]:  # noqa: ANN401 - any JSON
    """Yield (field, whether it is shown) for every field of an answer that holds something or its mark."""
    if isinstance(body, dict):
        for name, each in body.items():
            yield from shown(each, f"{path}.{name}" if path else name)
    elif isinstance(body, list):
        for each in body:
            yield from shown(each, path)
    elif body is not None and body != "":
        yield path, not str(body).startswith(("〔", "withheld", "不出示"))


def fields(answer: Any) -> str:  # noqa: ANN401
    """Return the fields of an answer: those that are shown, and behind a minus those that are withheld somewhere."""
    # A tree is as deep as it is: its levels count as one.
    found = {(_LEVELS.sub("children.", path), held) for path, held in shown(answer)}
    return " ".join(path if held else f"-{path}" for path, held in sorted(found))


@pytest.fixture(scope="module")
def table(served: FastAPI, ask: Ask) -> list[str]:
    lines = []
    for route, url in sorted(questions(served, OBJECTS)):
        if url.startswith("/api/v1/") and not route.startswith(("/api/v1/log/", "/api/v1/rulebooks")):
            seen: dict[str, list[str]] = {}
            for role, person in READERS.items():
                seen.setdefault(_line(ask, url, person), []).append(role)
            lines += [f"{url.removeprefix('/api/v1')} | {', '.join(roles)} | {said}" for said, roles in seen.items()]
    return lines


def _line(ask: Ask, url: str, person: str | None) -> str:
    answer = ask(url.removeprefix("/api/v1"), person, x_test_stepped_up="now")
    if answer.headers["content-type"] != "application/json":
        return f"{answer.status_code} {answer.json()['code'] if answer.status_code >= 400 else ''}".strip()
    body = answer.json()
    return f"{answer.status_code} {body['audience'] or 'by office or membership'}: {fields(body['answer'])}"


def test_what_each_reader_is_shown_of_each_thing_is_what_the_table_says(table: list[str]) -> None:
    if os.environ.get("STARLEDGER_GOLDEN") == "write":
        TABLE.write_text("\n".join(table) + "\n", encoding="utf-8")
    assert table == TABLE.read_text(encoding="utf-8").splitlines()


def test_every_reader_and_every_route_is_in_the_table(table: list[str], served: FastAPI) -> None:
    asked = {url for route, url in questions(served, OBJECTS)}
    told = {f"/api/v1{line.partition(' | ')[0]}" for line in table}
    left_out = {url for url in asked - told if url.startswith("/api/v1/")}
    assert all(url.startswith(("/api/v1/log/", "/api/v1/rulebooks")) for url in left_out)
    for url in told:
        lines = [line.split(" | ") for line in table if f"/api/v1{line.partition(' | ')[0]}" == url]
        assert sorted(role for _, roles, _ in lines for role in roles.split(", ")) == sorted(READERS)


def test_nobody_is_shown_more_than_the_office_holder_of_the_committee(ask: Ask, served: FastAPI) -> None:
    for _route, url in questions(served, OBJECTS):
        if not url.startswith("/api/v1/"):
            continue
        most = _shown(ask, url, CHAIR)
        for person in (SUN, STAFF, QIAN, STRANGER):
            mine = _shown(ask, url, person)
            assert mine <= most, (url, person, mine - most)


def _shown(ask: Ask, url: str, person: str) -> set[str]:
    answer = ask(url.removeprefix("/api/v1"), person)
    if answer.status_code != 200 or answer.headers["content-type"] != "application/json":
        return set()
    return {path for path, held in shown(answer.json()["answer"]) if held and "withheld" not in path}
