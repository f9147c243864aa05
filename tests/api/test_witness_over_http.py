"""The witness's two routes answer what the protocol says, and read no more than they must."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.witness import MOST_BYTES, TOO_LARGE, create_witness_app
from ledger.witness import CONFLICT, OK, SIZE_TYPE, UNKNOWN, Witness, origin_hash
from tests.ledger.witnessing import LOG, born, request


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return born(tmp_path / "witness")


@pytest.fixture
def client(witness: Witness) -> TestClient:
    return TestClient(create_witness_app(witness))


def test_a_checkpoint_is_cosigned_and_served_to_monitors(client: TestClient) -> None:
    path = f"/{origin_hash(LOG)}/checkpoint"
    assert client.get(path).status_code == UNKNOWN
    answer = client.post("/add-checkpoint", content=request(0, "abc").as_bytes())
    assert (answer.status_code, answer.text[:2]) == (OK, "— ")
    served = client.get(path)
    assert served.content.endswith(answer.content)
    assert served.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_conflict_has_the_size_under_its_own_type(client: TestClient) -> None:
    client.post("/add-checkpoint", content=request(0, "abc").as_bytes())
    answer = client.post("/add-checkpoint", content=request(0, "abcd").as_bytes())
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (CONFLICT, "3\n", SIZE_TYPE)


def test_a_body_that_is_too_large_is_not_read_to_its_end(client: TestClient) -> None:
    read = 0

    def endless() -> object:
        nonlocal read
        for _ in range(1000):
            read += MOST_BYTES
            yield b"x" * MOST_BYTES

    assert client.post("/add-checkpoint", content=endless()).status_code == TOO_LARGE  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/..%2f..%2fsigning.key/checkpoint", "/signing.key/checkpoint", "/openapi.json"])
def test_nothing_else_of_the_folder_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == UNKNOWN
