"""Pages asked for as a browser asks, by whoever a test names."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.api.identities import PERSON

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
Opens = Callable[..., Response]


@pytest.fixture
def opens(client: TestClient) -> Opens:
    """Give what opens a page as somebody, in Chinese unless told otherwise; nobody is sent elsewhere by himself."""

    def open_page(path: str, *, as_person: str | None = None, language: str = "zh", **more: str) -> Response:
        asked = {"Accept": BROWSER, "Accept-Language": language, **more}
        who = {} if as_person is None else {PERSON: as_person}
        return client.get(path, headers={**asked, **who}, follow_redirects=False)

    return open_page
