"""Two persons for grants and confirmations over HTTP: one asks, another stands behind it, then it is a fact."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from domain.appointments import Appoint, Appointed, OpenLedger
from domain.ids import PersonId
from domain.organisation import FoundBranch, RegisterPerson
from domain.roles import DEPUTY_SECRETARY, RECORDER, SECRETARY
from domain.sealed import Sealed
from domain.small_branch import DeclareSmallBranchMode
from projections.engine import Follower
from tests.api.identity.conftest import PASSWORD, House, housed
from tests.controls import BRANCH, FOUNDED, LI, OPERATOR, REGISTRAR, SUN, WANG, WU, Step, noon
from tests.projections.year_ledger import Year, open_year

SUN_RECORDS = {"role": RECORDER, "branch": BRANCH, "since": "2025-03-01", "decided_by": "支委会"}
AT = f"/api/v1/people/{SUN}/appointments"


def office(person: PersonId, role: str) -> Appoint:
    return Appoint(person=person, role=role, branch=BRANCH, since=FOUNDED, decided_by="党员大会")


@pytest.fixture
def year(tmp_path: Path) -> Iterator[Year]:
    """Give a ledger with a branch, its secretary and his deputy."""
    year = open_year(f"sqlite:///{tmp_path / 'ledger.db'}")
    opening = OpenLedger(committee="党委", registrar=REGISTRAR, operator=OPERATOR, simulated_clock=True)
    year.play([Step(opening, OPERATOR, noon(FOUNDED))])
    people = (RegisterPerson(person=person, full_name=Sealed(person)) for person in (LI, WANG, SUN, WU))
    asked = (FoundBranch(branch=BRANCH, title="一支部", on=FOUNDED), *people)
    grants = (office(LI, SECRETARY), office(WANG, DEPUTY_SECRETARY))
    year.play(Step(each, REGISTRAR, noon(FOUNDED)) for each in (*asked, *grants))
    yield year
    year.close()


@pytest.fixture
def home(year: Year, lone_engine: Engine) -> House:
    """Return the application over it."""
    return housed(year, Follower(year.ledger, year.views_engine, ()), lone_engine)


def officer(home: House, person: str) -> TestClient:
    """Return the browser of somebody with an authenticator, who has just proved again that it is he."""
    home.with_code(person)
    browser = home.browser()
    browser.post("/api/v1/sign-in", json={"person": person, "password": PASSWORD, "code": home.code(person)})
    assert browser.post("/api/v1/step-up", json={"password": PASSWORD}).status_code == 200
    return browser


def ask(browser: TestClient, key: str = "k1", **more: object) -> Any:  # noqa: ANN401 - the client's answer
    return browser.post(AT, json={**SUN_RECORDS, **more}, headers={"Idempotency-Key": key})


def appointments(home: House) -> list[tuple[str, str | None]]:
    """Return who appointed Sun and who seconded it."""
    facts = home.story.ledger.read()
    return [(f.actor, f.event.seconded_by) for f in facts if isinstance(f.event, Appointed) and f.event.person == SUN]


def test_a_grant_waits_for_a_second_person_and_is_no_fact(home: House) -> None:
    size = home.story.ledger.head().size
    answer = ask(officer(home, LI))
    assert (answer.status_code, answer.json()["command"], answer.json()["own"]) == (202, "appoint", True)
    assert (answer.json()["code"], "second person" in answer.json()["detail"]) == ("waits-for-second", True)
    assert answer.headers["Location"] == f"/api/v1/pending/{answer.json()['pending']}"
    assert home.story.ledger.head().size == size


def test_a_second_person_makes_it_a_fact_of_both(home: House) -> None:
    name = ask(officer(home, LI)).json()["pending"]
    second = officer(home, WANG)
    (shown,) = second.get("/api/v1/pending").json()
    assert (shown["asked_by"], shown["asked"]["role"], shown["own"]) == (LI, RECORDER, False)
    answer = second.post(f"/api/v1/pending/{name}/second")
    assert answer.status_code == 200, answer.text
    assert appointments(home) == [(LI, WANG)]
    assert second.get("/api/v1/pending").json() == []


def test_asked_for_again_under_its_key_it_waits_once_and_is_answered_once_it_is_done(home: House) -> None:
    browser = officer(home, LI)
    names = {ask(browser).json()["pending"] for _ in range(2)}
    assert len(names) == 1
    done = officer(home, WANG).post(f"/api/v1/pending/{names.pop()}/second").json()
    again = ask(browser)
    assert (again.status_code, again.json()["positions"]) == (200, done["positions"])
    assert appointments(home) == [(LI, WANG)]


def test_it_is_seconded_once(home: House) -> None:
    name = ask(officer(home, LI)).json()["pending"]
    seconds = [officer(home, person) for person in (WANG, REGISTRAR)]
    answers = [browser.post(f"/api/v1/pending/{name}/second").status_code for browser in seconds]
    assert answers == [200, 404]
    assert len(appointments(home)) == 1


def test_nobody_stands_behind_what_he_asked_for_himself(home: House) -> None:
    browser = officer(home, LI)
    name = ask(browser).json()["pending"]
    answer = browser.post(f"/api/v1/pending/{name}/second")
    assert (answer.status_code, answer.json()["code"]) == (403, "second-is-concerned")
    assert appointments(home) == []


@pytest.mark.parametrize("person", [SUN, WU, OPERATOR])
def test_who_could_not_ask_for_it_neither_sees_nor_seconds_it(home: House, person: str) -> None:
    name = ask(officer(home, LI)).json()["pending"]
    browser = officer(home, person)
    assert browser.get("/api/v1/pending").json() == []
    statuses = {
        browser.post(f"/api/v1/pending/{name}/second").status_code,
        browser.get(f"/api/v1/pending/{name}").status_code,
        browser.delete(f"/api/v1/pending/{name}").status_code,
    }
    assert statuses == {404}


def test_seconding_needs_a_fresh_proof(home: House) -> None:
    name = ask(officer(home, LI)).json()["pending"]
    browser = officer(home, WANG)
    home.wall.pass_by(minutes=5)
    assert browser.post(f"/api/v1/pending/{name}/second").json()["code"] == "step-up-needed"


def test_nobody_says_for_another_that_he_seconds_it(home: House) -> None:
    answer = ask(officer(home, LI), seconded_by=WANG)
    assert (answer.status_code, appointments(home)) == (422, [])


def test_what_would_be_refused_does_not_wait(home: House) -> None:
    browser = officer(home, LI)
    answer = browser.post(f"/api/v1/people/{LI}/appointments", json=SUN_RECORDS)
    assert (answer.status_code, answer.json()["code"]) == (403, "own-case")
    assert browser.get("/api/v1/pending").json() == []


def test_what_waits_expires_after_72_hours(home: House) -> None:
    name = ask(officer(home, LI)).json()["pending"]
    home.wall.pass_by(hours=72)
    assert officer(home, WANG).post(f"/api/v1/pending/{name}/second").status_code == 404


def test_who_asked_withdraws_it_and_who_was_to_second_declines(home: House) -> None:
    browser, second = officer(home, LI), officer(home, WANG)
    for who, key in ((browser, "k1"), (second, "k2")):
        name = ask(browser, key).json()["pending"]
        assert who.delete(f"/api/v1/pending/{name}").status_code == 204
        assert browser.get("/api/v1/pending").json() == []


def test_the_decider_judges_anew_when_it_is_seconded(home: House) -> None:
    name = ask(officer(home, LI)).json()["pending"]
    relieved = Appoint(person=SUN, role=RECORDER, branch=BRANCH, since=date(2025, 3, 1), decided_by="党委")
    home.story.ledger.execute(relieved, actor=REGISTRAR)
    answer = officer(home, WANG).post(f"/api/v1/pending/{name}/second")
    assert answer.json()["positions"] == []
    assert appointments(home) == [(REGISTRAR, None)]


def test_in_small_branch_mode_nothing_waits_and_everybody_is_told(home: House) -> None:
    browser = officer(home, LI)
    assert browser.get("/api/v1/me").json()["small_branch_mode"] is False
    assert browser.get("/api/v1/small-branch-mode").json() is None
    home.story.ledger.execute(DeclareSmallBranchMode(decided_by="党委", reason="人少"), actor=REGISTRAR)
    assert ask(browser).status_code == 201
    assert appointments(home) == [(LI, None)]
    assert browser.get("/api/v1/me").json()["small_branch_mode"] is True
    assert browser.get("/api/v1/small-branch-mode").json()["reason"] == "人少"


def test_what_waits_stands_nowhere_in_plain(home: House) -> None:
    ask(officer(home, LI), decided_by="canary-of-the-body")
    database = Path(home.accounts.shelf.engine.url.database or "")
    kept = b"".join(path.read_bytes() for path in database.parent.glob("accounts.db*"))
    assert b"appoint" in kept
    assert b"canary-of-the-body" not in kept


@pytest.fixture
def paged(year: Year, lone_engine: Engine) -> House:
    """Return the application with the views that its pages read."""
    return housed(year, year.follower(), lone_engine)


def page(browser: TestClient, path: str, **form: str) -> Any:  # noqa: ANN401 - the client's answer
    """Return a page as a browser gets it, or what comes of a form with the session's token."""
    accept = {"Accept": "text/html"}
    if not form:
        return browser.get(path, headers=accept, follow_redirects=False)
    token = browser.get("/api/v1/me").json()["form_token"]
    return browser.post(path, data={**form, "form_token": token}, headers=accept, follow_redirects=False)


def test_on_pages_one_asks_and_another_stands_behind_it(paged: House) -> None:
    first, second = officer(paged, LI), officer(paged, WANG)
    asked = {"person": SUN, **SUN_RECORDS, "key": "k1", "step": "record"}
    answer = page(first, "/do/appoint", **asked)
    assert (answer.status_code, "second person" in answer.text) == (202, True)
    assert "Withdraw it" in page(first, "/waiting").text
    name = second.get("/api/v1/pending").json()[0]["pending"]
    assert f"/waiting/{name}" in page(second, "/waiting").text
    assert "I stand behind it" in page(second, f"/waiting/{name}").text
    assert page(second, f"/waiting/{name}/second", yes="1").status_code == 201
    assert appointments(paged) == [(LI, WANG)]


def test_on_pages_it_is_declined_and_waits_no_longer(paged: House) -> None:
    first, second = officer(paged, LI), officer(paged, WANG)
    page(first, "/do/appoint", person=SUN, **SUN_RECORDS, key="k1", step="record")
    name = second.get("/api/v1/pending").json()[0]["pending"]
    assert page(second, f"/waiting/{name}/withdraw", no="1").status_code == 303
    assert page(first, f"/waiting/{name}").status_code == 404
    assert appointments(paged) == []
