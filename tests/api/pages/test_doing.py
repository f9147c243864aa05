"""Doing something on pages: a form for every command; nothing is recorded before the second button."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from api.commands.places import PLACES
from api.pages.doing.command_words import GROUPS, title_of
from api.pages.doing.field_words import label_of
from api.pages.doing.filled import Filled, body_of, narrow
from api.pages.doing.inputs import Offer, inputs_of
from domain.catalogue import CATALOGUE
from projections.engine import Follower
from tests.api.identities import PERSON, STEPPED_UP, ByHeader
from tests.api.pages.conftest import BROWSER
from tests.controls import LI, ROUND, SUN
from tests.projections.year_ledger import Year

NAMES = [name for _, commands in GROUPS for name, _ in commands]
ELSEWHERE = {"open-ledger", "vote", "import-roster", "import-scores", "keep-print"}
"""Asked for at the console, on the page of the ballot, with a workbook, and by printing."""
KINDS = {kind.NAME: kind for kind in CATALOGUE.deciders}


class Form(HTMLParser):
    """The inputs of a page by name, with what stands in them."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.given: dict[str, str] = {}
        self.errors = re.findall(r'href="#f-([\w.]+)"', page)
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in ("input", "select", "textarea") and told.get("name"):
            self.given[str(told["name"])] = told.get("value") or ""


@pytest.fixture(scope="module")
def asks(story: Year, follower: Follower) -> Callable[..., Response]:
    """Give what opens a form as somebody who has just proved that it is he."""
    app = create_app(ledger=story.ledger, follower=follower, identities=ByHeader(LI))
    browser = TestClient(app, raise_server_exceptions=False)

    def ask(who: str, name: str, **given: str) -> Response:
        headers = {PERSON: who, STEPPED_UP: "now", "Accept": BROWSER, "Accept-Language": "en"}
        if given:
            return browser.post(f"/do/{name}", data={"form_token": "", **given}, headers=headers)
        return browser.get(f"/do/{name}", headers=headers)

    return ask


def test_every_command_has_a_form_or_a_page_of_its_own() -> None:
    assert sorted(NAMES) == sorted(KINDS.keys() - ELSEWHERE)


def test_every_command_and_field_has_chinese_words() -> None:
    assert [name for name in NAMES if title_of(KINDS[name]).zh == name] == []
    fields = {each.name for name in NAMES for each in (*PLACES[KINDS[name]].in_url, *PLACES[KINDS[name]].in_body)}
    assert sorted(name for name in fields if label_of(name).zh == name) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_form_asks_for_every_field_of_its_command(asks: Callable[..., Response], name: str) -> None:
    answer = asks(LI, name)
    assert answer.status_code == 200
    place = PLACES[KINDS[name]]
    asked = {given.split(".")[0] for given in Form(answer.text).given}
    assert {each.name for each in (*place.in_url, *place.in_body)} <= asked | {"present", "people", "raters"}


def test_what_is_missing_is_said_on_top_with_links_and_nothing_typed_is_lost(asks: Callable[..., Response]) -> None:
    answer = asks(LI, "record-score", round=ROUND, person=SUN, component="", points="９０．５分", step="preview")
    form = Form(answer.text)
    assert answer.status_code == 422
    assert "component" in form.errors
    assert form.given["points"] == "９０．５分"


def test_nothing_is_recorded_by_looking(asks: Callable[..., Response], story: Year) -> None:
    before = story.ledger.head().size
    given = {"round": ROUND, "person": SUN, "reason": "调休", "body": "支部委员会", "step": "preview"}
    asks(LI, "exempt-member", **given)
    assert story.ledger.head().size == before


def test_digits_of_a_chinese_keyboard_are_understood() -> None:
    assert narrow("９０．５") == "90.5"
    inputs = inputs_of(PLACES[KINDS["record-score"]], Offer())
    filled = Filled({"points": (" ９０．５ 分",), "ballots": ("６",), "person": ("P1",)})
    assert body_of(inputs, filled) == {"points": "90.5", "ballots": 6, "person": "P1"}


def test_what_is_ambiguous_is_left_to_be_refused() -> None:
    inputs = inputs_of(PLACES[KINDS["record-score"]], Offer())
    assert body_of(inputs, Filled({"points": ("九十",), "ballots": ("6.5",)})) == {"points": "九十", "ballots": "6.5"}


def test_rows_that_were_left_empty_are_left_out() -> None:
    inputs = inputs_of(PLACES[KINDS["rule-on-objection"]], Offer())
    filled = Filled({"amendments.2.person": ("P9",), "amendments.2.points": ("94.5",), "amendments.3.person": ("",)})
    assert body_of(inputs, filled) == {"amendments": [{"person": "P9", "points": "94.5"}]}
