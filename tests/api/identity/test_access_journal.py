"""The access journal: who was refused, for the auditor; bounded, and without what was typed."""

from datetime import date

import pytest

from api.identity.journal import Journal
from domain.appointments import Offices, Term
from domain.roles import AUDITOR
from tests.api.identity.conftest import PASSWORD, House
from tests.controls import LI, SUN, WU

TYPED = "my-real-password-in-the-wrong-field"


def codes(house: House) -> list[tuple[str, str | None, int]]:
    return [(line.code, line.person, line.count) for line in house.accounts.journal.newest()]


def test_refused_sign_ins_are_kept_with_whose_account_it_was(either_house: House) -> None:
    either_house.with_password(SUN)
    browser = either_house.browser()
    for person in (SUN, SUN, TYPED):
        browser.post("/api/v1/sign-in", json={"person": person, "password": TYPED})
    browser.post("/api/v1/sign-in/link", json={"token": TYPED})
    browser.post("/api/v1/sign-in/slip", json={"code": "AAAAA-AAAAA", "pin": TYPED})
    browser.get("/api/v1/me", headers={"Authorization": f"Bearer {TYPED}"})
    assert codes(either_house) == [
        ("key-not-valid", None, 1),
        ("slip-not-valid", None, 1),
        ("link-not-valid", None, 1),
        ("wrong-credentials", None, 1),
        ("wrong-credentials", SUN, 2),
    ]
    assert TYPED not in str(either_house.accounts.journal.newest())


def test_denied_requests_are_kept_with_their_route(house: House) -> None:
    house.signed_in(SUN).get("/api/v1/access-journal")
    (line,) = house.accounts.journal.newest()
    assert (line.code, line.person, line.route) == ("wrong-office", SUN, "/api/v1/access-journal")


def test_who_has_not_signed_in_leaves_no_line(house: House) -> None:
    assert house.browser().get("/api/v1/access-journal").status_code == 401
    assert codes(house) == []


def test_the_journal_keeps_the_newest_lines_alone(house: House) -> None:
    journal = Journal(house.accounts.shelf, most=3)
    for number in range(5):
        journal.note(f"code-{number}", "password", None, "")
    assert [line.code for line in journal.newest()] == ["code-4", "code-3", "code-2"]
    assert journal.size() == 3


def test_a_flood_of_the_same_moves_one_line_alone(house: House) -> None:
    for _ in range(50):
        house.accounts.journal.note("key-not-valid", "key", None, "any")
    assert codes(house) == [("key-not-valid", None, 50)]


def test_lines_tell_the_minute_and_no_more(house: House) -> None:
    house.wall.pass_by(seconds=17)
    house.accounts.journal.note("key-not-valid", "key", None, "any")
    assert house.accounts.journal.newest()[0].at.second == 0


def test_the_auditor_reads_the_journal_page_by_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        house.accounts.journal.note(f"code-{number}", "password", WU, "")
    offices = Offices(terms=[Term(SUN, AUDITOR, None, date(2025, 1, 1))])
    monkeypatch.setattr(type(house.accounts.offices), "at_present", lambda _self: offices)
    house.with_code(SUN)
    browser = house.browser()
    browser.post("/api/v1/sign-in", json={"person": SUN, "password": PASSWORD, "code": house.code(SUN)})
    first = browser.get("/api/v1/access-journal", params={"limit": 2}).json()
    assert [line["code"] for line in first] == ["code-2", "code-1"]
    rest = browser.get("/api/v1/access-journal", params={"before": first[-1]["number"]}).json()
    assert [line["code"] for line in rest] == ["code-0"]


@pytest.mark.parametrize("person", [SUN, LI])
def test_nobody_else_reads_the_journal(house: House, person: str) -> None:
    assert house.signed_in(person).get("/api/v1/access-journal").status_code == 403
