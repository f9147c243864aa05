"""What holds of every page: nothing in it acts, nothing comes from elsewhere, both languages, light on a phone."""

import gzip

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.assets import address_of, assets
from projections.engine import Follower
from tests.api.pages.conftest import BROWSER, Opens
from tests.api.pages.pages_read import PageRead
from tests.controls import LI, ROUND, SUN
from tests.projections.year_ledger import Year

PAGES = (
    "/",
    "/me",
    "/me/record",
    "/work",
    "/rounds",
    f"/rounds/{ROUND}",
    f"/rounds/{ROUND}/run",
    f"/rounds/{ROUND}/people/{SUN}",
    "/me/receipts",
    f"/rounds/{ROUND}/object",
    f"/rounds/{ROUND}/people/{SUN}/why-not?star=5",
    "/facts/20",
    "/audit",
    "/audit/journal",
    f"/audit/journal?kind=person&thing={SUN}&late=true",
    f"/audit/compare?first=150&last=160&round_id={ROUND}",
    f"/audit/replay?round_id={ROUND}",
    f"/audit/what-if?round_id={ROUND}&cap_rounding=ceil",
    "/audit/findings",
    "/audit/integrity",
    "/audit/exports",
    "/committee",
    "/do",
    "/board",
    f"/board/{ROUND}",
    f"/board/{ROUND}?turn=20",
    "/nowhere",
)
"""One address of each kind of page; whoever adds a page adds it here."""
MOST_KILOBYTES = 100
REFUSED = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
BEFORE = 180
TIMELESS = ("/api/", "/openapi.json", "/account")
"""A position near the end of the story: the notice hangs, and there are stars."""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_on_a_page_acts_and_everything_it_loads_is_ours(opens: Opens, path: str, language: str) -> None:
    answer = opens(path, as_person=SUN, language=language)
    page = PageRead(answer.text)
    assert answer.status_code == (404 if path == "/nowhere" else 200)
    assert page.acting == []
    assert [each for each in page.loads if not each.startswith(("/", "data:image/svg+xml"))] == []
    assert page.left_open == []
    assert (answer.headers["content-language"], page.language) == (language, {"zh": "zh-CN", "en": "en"}[language])


@pytest.mark.parametrize("path", ["/me", "/board", "/nowhere", "/static/none.css", "/api/v1/nothing"])
def test_every_answer_tells_the_browser_what_to_refuse(opens: Opens, path: str) -> None:
    headers = opens(path, as_person=SUN).headers
    assert set(headers["content-security-policy"].split("; ")) == REFUSED
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")


@pytest.mark.parametrize("path", ["/", "/me", f"/rounds/{ROUND}"])
def test_a_member_loads_at_most_100_kilobytes_the_first_time(opens: Opens, path: str) -> None:
    page = opens(path, as_person=SUN).content
    linked = {address_of(name): asset for name, asset in assets().items()}
    loaded = [linked[each] for each in PageRead(page.decode()).loads if each in linked]
    assert len(loaded) >= 4
    assert len(gzip.compress(page)) + sum(len(asset.packed) for asset in loaded) < MOST_KILOBYTES * 1024


@pytest.mark.parametrize("path", [path for path in PAGES[:-1] if not path.endswith("/object")])
def test_a_page_has_the_same_as_json_at_the_same_address(opens: Opens, path: str) -> None:
    joined = "&" if "?" in path else "?"
    by_query = opens(f"{path}{joined}format=json", as_person=SUN)
    by_header = opens(path, as_person=SUN, Accept="application/json")
    assert by_query.headers["content-type"] == by_header.headers["content-type"] == "application/json"
    assert by_query.json() == by_header.json()
    assert {"position", "answer", "withheld"} <= set(by_query.json())


@pytest.mark.parametrize("path", [path for path in PAGES[:-1] if not path.startswith("/board")])
def test_a_page_of_the_past_says_so_and_all_its_links_stay_there(opens: Opens, path: str) -> None:
    joined = "&" if "?" in path else "?"
    page = PageRead(opens(f"{path}{joined}as_of={BEFORE}", as_person=LI, language="en").text)
    assert f"As it was at fact {BEFORE}" in page.text
    ours = [each for each in page.links if each.startswith("/") and not each.startswith(TIMELESS)]
    assert [each for each in ours if f"as_of={BEFORE}" not in each] == [path]  # the way back to now


def test_the_public_is_shown_the_board_as_it_is_and_not_as_it_was(opens: Opens) -> None:
    assert opens("/board?as_of=1&format=json").json()["position"] > BEFORE


def test_who_has_not_signed_in_is_led_to_the_sign_in_and_back(story: Year, follower: Follower) -> None:
    client = TestClient(create_app(ledger=story.ledger, follower=follower), follow_redirects=False)
    answer = client.get("/me?round_id=a%26b", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/me%3Fround_id%3Da%2526b")
    assert client.get("/me", headers={"Accept": "application/json"}).status_code == 401


def test_what_somebody_chose_stays_his_language(client: TestClient) -> None:
    wanted = {"Accept": BROWSER, "Accept-Language": "zh"}
    spoken = [client.get(path, headers=wanted).headers["content-language"] for path in ("/board?lang=en", "/board")]
    assert spoken == ["en", "en"]
    assert client.get("/board?lang=zh", headers=wanted).headers["content-language"] == "zh"


def test_a_program_is_answered_a_problem_and_a_browser_a_page(opens: Opens) -> None:
    assert opens("/rounds/none", Accept="application/json").json()["code"] == "unknown-round"
    assert "unknown-round" in PageRead(opens("/rounds/none").text).text
    assert opens("/api/v1/rounds/none/stars").headers["content-type"] == "application/problem+json"
