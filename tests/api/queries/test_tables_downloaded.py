"""Workbooks over HTTP are those of the terminal, for office-holders alone."""

from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook

from tests.api.identities import PERSON
from tests.controls import BRANCH, LI, ROUND, SUN

TABLES = (
    f"/api/v1/rounds/{ROUND}/template.xlsx",
    f"/api/v1/rounds/{ROUND}/sheet.xlsx?with_stars=true",
    f"/api/v1/branches/{BRANCH}/roster.xlsx",
)


@pytest.mark.parametrize("path", TABLES)
def test_an_office_holder_downloads_a_workbook(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={PERSON: LI})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    assert len(sheet.to_python()) > 3


@pytest.mark.parametrize("path", TABLES)
def test_a_member_downloads_none(client: TestClient, path: str) -> None:
    assert client.get(path, headers={PERSON: SUN}).status_code == 403


def test_a_workbook_is_of_now(client: TestClient) -> None:
    answer = client.get(f"{TABLES[0]}?as_of=100", headers={PERSON: LI})
    assert (answer.status_code, answer.json()["code"]) == (422, "of-now-alone")
