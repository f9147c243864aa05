"""Voting as a browser does it: a page is asked for, filled in and sent, with what the page loads beside it."""

from fastapi.testclient import TestClient
from httpx2 import Response

from tests.api.ballots.conftest import CANARY, RATED
from tests.api.identities import PERSON
from tests.api.pages.conftest import BROWSER
from tests.api.pages.pages_read import PageRead
from tests.controls import BOX, STAFF

SHEET, SLIP, PAPER = f"/ballots/vote/{BOX}", "/ballots/slip", f"/ballots/paper/{BOX}"


def browser(person: str | None = None, language: str = "zh") -> dict[str, str]:
    """Return what a browser says of itself, and who has signed in there."""
    asked = {"Accept": BROWSER, "Accept-Language": language, "Sec-Fetch-Site": "same-origin"}
    return asked if person is None else {**asked, PERSON: person}


def filled(points: str = CANARY) -> dict[str, str]:
    """Return a form that gives everybody so many points."""
    return {f"row{number}": points for number in range(1, len(RATED) + 1)} | {"form_token": ""}


def files_of(page: PageRead) -> list[str]:
    """Return the files that a page loads, beside where its forms are sent."""
    return [each for each in page.loads if each.endswith((".css", ".js", ".svg"))]


def vote_on_pages(client: TestClient, code: str) -> list[Response]:
    """Vote by name and by slip on pages; what the pages load is loaded too."""
    seen = [client.get(SHEET, headers=browser(STAFF)), client.get(SLIP, headers=browser())]
    assert {client.get(each).status_code for each in files_of(PageRead(seen[0].text))} == {200}
    own = client.post(SHEET, data=filled(), headers=browser(STAFF))
    slip = {"box": BOX, "code": code}
    opened = client.post(SLIP, data=slip, headers=browser())
    assert (opened.status_code, "row1" in opened.text) == (200, True)
    sent = client.post(SLIP, data={**slip, **filled(), "cast": "yes"}, headers=browser())
    return [*seen, own, sent]
