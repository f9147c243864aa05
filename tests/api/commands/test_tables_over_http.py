"""Tables over HTTP: sent ahead, looked at, and written by one confirmation, once."""

from datetime import date
from hashlib import sha256

import pytest
from fastapi.testclient import TestClient

from api.commands.imports import XLSX
from tests.api.identities import PERSON
from tests.controls import BRANCH, LI, PAPER, STRANGER, SUN
from tests.projections.year_ledger import Year
from workbooks.write_roster import RosterLine, write_roster

IMPORTS = f"/api/v1/branches/{BRANCH}/roster-imports"
NEWCOMER = RosterLine(name="新来的人", kind="formal", joined_branch=date(2026, 7, 1))
NOBODY = RosterLine(name="无日期的人", kind="formal")


def sent(client: TestClient, *lines: RosterLine) -> dict[str, str]:
    """Send a roster ahead; return what names it."""
    content = write_roster("第一车间党支部", "2026-07-10", lines)
    name = sha256(content).hexdigest()
    answer = client.put(f"/api/v1/attachments/{name}", content=content, headers={"Content-Type": XLSX})
    assert answer.status_code == 201, answer.text
    return {"workbook": name}


def previewed(client: TestClient, asked: dict[str, str], person: str = LI) -> dict[str, object]:
    answer = client.post(f"{IMPORTS}/preview", json=asked, headers={PERSON: person})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def confirmed(client: TestClient, asked: dict[str, str], tag: object) -> tuple[int, str]:
    headers = {} if tag is None else {"If-Match": str(tag)}
    answer = client.post(f"{IMPORTS}/confirmation", json=asked, headers=headers)
    return answer.status_code, answer.json().get("code", "")


def test_a_preview_says_who_is_new_and_writes_nothing(recording: TestClient, fresh: Year) -> None:
    before = fresh.ledger.head().size
    preview = previewed(recording, sent(recording, NEWCOMER))
    assert (preview["can_be_confirmed"], preview["preview"]["counts"]["new"]) == (True, 1)  # type: ignore[index]
    assert fresh.ledger.head().size == before


def test_what_was_seen_is_written_once_however_often_it_is_confirmed(recording: TestClient, fresh: Year) -> None:
    asked = sent(recording, NEWCOMER)
    tag = previewed(recording, asked)["confirm_with"]
    assert confirmed(recording, asked, tag)[0] == 201
    size = fresh.ledger.head().size
    assert confirmed(recording, asked, tag)[0] in {200, 422}
    assert fresh.ledger.head().size == size


def test_a_confirmation_says_what_was_seen(recording: TestClient) -> None:
    asked = sent(recording, NEWCOMER)
    assert confirmed(recording, asked, None) == (428, "preview-needed")
    assert confirmed(recording, asked, '"something else"') == (412, "preview-stale")


def test_a_table_with_errors_names_the_cells_and_cannot_be_confirmed(recording: TestClient) -> None:
    asked = sent(recording, NEWCOMER, NOBODY)
    preview = previewed(recording, asked)
    errors = preview["errors"]
    assert isinstance(errors, list)
    (error,) = errors
    assert (preview["can_be_confirmed"], preview["confirm_with"]) == (False, None)
    assert error["field"].endswith("5")
    assert confirmed(recording, asked, '"any"') == (422, "table-has-errors")
    marked = recording.post(f"{IMPORTS}/marked", json=asked)
    assert (marked.headers["content-type"], marked.content[:2]) == (XLSX, b"PK")


@pytest.mark.parametrize("person", [SUN, STRANGER])
def test_whoever_holds_no_office_there_sees_no_preview(recording: TestClient, person: str) -> None:
    asked = sent(recording, NEWCOMER)
    assert recording.post(f"{IMPORTS}/preview", json=asked, headers={PERSON: person}).status_code == 403


def test_a_workbook_that_was_not_sent_ahead_is_not_here(recording: TestClient) -> None:
    answer = recording.post(f"{IMPORTS}/preview", json={"workbook": PAPER})
    assert (answer.status_code, answer.json()["code"]) == (404, "workbook-not-here")


def test_a_file_is_kept_only_as_what_it_is_and_under_its_own_name(recording: TestClient) -> None:
    def put(name: str, content: bytes, kind: str) -> int:
        return recording.put(f"/api/v1/attachments/{name}", content=content, headers={"Content-Type": kind}).status_code

    words = b"a paper"
    assert put(PAPER, words, "text/csv") == 201
    assert put(PAPER, words, "text/csv") == 200
    assert put(PAPER, words, "application/pdf") == 422
    assert put(PAPER, b"another paper", "text/csv") == 422
    assert put("paper", words, "text/csv") == 422
    assert put(PAPER, words, "application/x-msdownload") == 422
    assert put(sha256(bytes(21 * 2**20)).hexdigest(), bytes(21 * 2**20), "text/csv") == 413
