"""Objecting on a page while the notice hangs: in three taps, with a photo, once however often it is pressed."""

import shutil
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from domain.ids import PersonId
from domain.notices import PostNotice
from domain.objections import ObjectionFiled
from domain.organisation import RenamePerson
from domain.sealed import Sealed
from tests.api.identities import PERSON, ByHeader
from tests.api.pages.conftest import BROWSER
from tests.api.pages.pages_read import PageRead
from tests.controls import ANNUAL, LI, REGISTRAR, ROUND, SUN, ZHOU
from tests.projections.year_ledger import Year, open_year

OBJECT = f"/rounds/{ROUND}/object"
PHOTO = b"\xff\xd8\xff" + b"a photo" * 100
HOSTILE = "<script>alert(1)</script>\u202e\"'&周"


BEFORE = len(list(takewhile(lambda step: not isinstance(step.asked, PostNotice), ANNUAL)))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tell the story up to the day on which the first notice was posted."""
    file = tmp_path_factory.mktemp("hanging") / "ledger.db"
    year = open_year(f"sqlite:///{file}")
    year.play(ANNUAL[: BEFORE + 1])
    year.close()
    return file


@pytest.fixture
def hanging(told: Path, tmp_path: Path) -> Iterator[Year]:
    """Give a ledger in whose newest fact a notice was posted."""
    shutil.copy(told, tmp_path / "ledger.db")
    year = open_year(f"sqlite:///{tmp_path / 'ledger.db'}", start=900_000)
    year.clock.set(ANNUAL[BEFORE].at)
    yield year
    year.close()


@pytest.fixture
def browser(hanging: Year) -> Iterator[TestClient]:
    """Give a browser in which Sun has signed in."""
    app = create_app(ledger=hanging.ledger, follower=hanging.follower(), identities=ByHeader(SUN))
    with TestClient(app, raise_server_exceptions=False) as found:
        found.headers.update({"Accept": BROWSER, "Accept-Language": "zh"})
        yield found


def form_of(browser: TestClient) -> dict[str, str]:
    key = browser.get(OBJECT).text.partition('name="key" value="')[2].partition('"')[0]
    return {"form_token": "", "key": key, "about": SUN, "statement": "漏计两次值班", "how": "openly"}


def filed(year: Year) -> list[ObjectionFiled]:
    return [fact.event for fact in year.ledger.read() if isinstance(fact.event, ObjectionFiled)]


def test_a_member_objects_in_three_taps_and_is_told_number_and_deadline(browser: TestClient, hanging: Year) -> None:
    home = PageRead(browser.get("/").text)
    assert OBJECT in home.links  # the first tap; the statement is the second, handing in the third
    answer = browser.post(OBJECT, data=form_of(browser), files={"photo": ("值班表.jpg", PHOTO, "image/jpeg")})
    (event,) = filed(hanging)
    assert (answer.status_code, event.about, event.objector) == (201, SUN, SUN)
    assert event.evidence is not None
    page = PageRead(answer.text).text
    assert f"#{hanging.ledger.head().size}" in page
    assert "受理期限" in page
    assert event.objection in page


def test_pressed_twice_it_happens_once(browser: TestClient, hanging: Year) -> None:
    form = form_of(browser)
    answers = [browser.post(OBJECT, data=form) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert len(filed(hanging)) == 1


def test_in_confidence_the_name_is_nowhere(browser: TestClient, hanging: Year) -> None:
    answer = browser.post(OBJECT, data=form_of(browser) | {"about": ZHOU, "how": "confidential"})
    assert answer.status_code == 201
    entry = b"".join(row.entry for row in hanging.ledger.rows(after=hanging.ledger.head().size - 1))
    assert SUN.encode() not in entry


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("a.jpg", b"GIF89a", "image/jpeg"), ("a.svg", b"<svg/>", "image/svg+xml"), ("a.html", b"<p>", "text/html")],
)
def test_what_is_no_photo_is_refused_and_no_word_is_lost(
    browser: TestClient, hanging: Year, name: str, content: bytes, kind: str
) -> None:
    answer = browser.post(OBJECT, data=form_of(browser), files={"photo": (name, content, kind)})
    assert (answer.status_code, filed(hanging)) == (422, [])
    assert "漏计两次值班" in answer.text
    assert '<a href="#f-photo">' in answer.text


def test_after_the_window_nobody_is_offered_the_form_and_a_late_one_is_refused(
    browser: TestClient, hanging: Year
) -> None:
    form = form_of(browser)
    hanging.clock.set(ANNUAL[-1].at)
    assert "公示期" in PageRead(browser.get(OBJECT).text).text
    answer = browser.post(OBJECT, data=form)
    assert (answer.status_code, filed(hanging)) == (422, [])
    assert OBJECT not in PageRead(browser.get("/").text).links


def test_hostile_words_come_out_as_words(browser: TestClient, hanging: Year) -> None:
    hanging.ledger.execute(RenamePerson(person=PersonId(ZHOU), full_name=Sealed(HOSTILE)), actor=REGISTRAR)
    for path in (f"/rounds/{ROUND}", OBJECT, f"/board/{ROUND}", "/sign-in"):
        answer = browser.get(path)
        assert "<script>alert" not in answer.text
        assert "\u202e" not in answer.text
        assert PageRead(answer.text).acting == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e" in browser.get(f"/rounds/{ROUND}").text


def test_hostile_words_in_a_form_come_back_as_words(browser: TestClient) -> None:
    form = form_of(browser) | {"statement": f"</textarea>{HOSTILE}", "about": "nobody"}
    answer = browser.post(OBJECT, data=form)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert PageRead(answer.text).acting == []


def test_only_one_who_may_read_the_round_is_shown_its_form(browser: TestClient) -> None:
    assert browser.get(OBJECT, headers={PERSON: LI}).status_code == 200
    assert browser.get(OBJECT, headers={PERSON: "nobody-known"}).status_code == 403
