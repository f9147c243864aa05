"""The ballot on one screen, by name, by slip and keyed in by two tellers, without any script (V1, V2)."""

import pytest
from fastapi.testclient import TestClient

from api.pages.safety import CONTENT_SECURITY_POLICY
from ledger.ballot_marks import RECORDED
from tests.api.ballots.conftest import BOX_AT, CANARY, RATED, slips
from tests.api.ballots.on_pages import PAPER, SHEET, SLIP, browser, files_of, filled
from tests.api.identities import PERSON
from tests.api.pages.pages_read import PageRead
from tests.controls import BOX, LI, STAFF, SUN, WANG


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("path", "person"), [(SHEET, STAFF), (SLIP, None), (PAPER, LI), ("/ballots/vote", STAFF)])
def test_a_page_of_ballots_acts_by_nothing_loads_from_its_own_part_and_stays_in_no_cache(
    box: TestClient, path: str, person: str | None, language: str
) -> None:
    answer = box.get(path, headers=browser(person, language))
    page = PageRead(answer.text)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert (page.acting, page.left_open) == ([], [])
    files = files_of(page)
    assert len(files) >= 4
    assert [each for each in files if not each.startswith("/ballots/static/")] == []
    assert [each for each in page.loads if not each.startswith("/")] == []
    assert {box.get(each).status_code for each in files} == {200}


def test_everybody_to_be_rated_stands_on_one_screen_with_one_sentence_and_one_button(box: TestClient) -> None:
    page = box.get(SHEET, headers=browser(STAFF, "en")).text
    assert RECORDED.en in page
    assert page.count('<input type="number"') == len(RATED)
    assert page.partition("<main")[2].count('<button type="submit">') == 1


def test_voting_again_on_the_page_replaces_the_sheet(box: TestClient) -> None:
    for points in ("80", "90"):
        taken = box.post(SHEET, data=filled(points), headers=browser(STAFF))
        assert (taken.status_code, RECORDED.zh in taken.text, points in PageRead(taken.text).text) == (200, True, False)
    assert box.get(BOX_AT, headers={PERSON: LI}).json()["returned"] == 1


def test_a_sheet_that_is_not_taken_comes_back_as_it_was_filled_in(box: TestClient) -> None:
    wrong = box.post(SHEET, data=filled("80") | {"row1": "excellent"}, headers=browser(STAFF))
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    assert wrong.text.count('value="80"') == len(RATED) - 1
    assert box.get(BOX_AT, headers={PERSON: LI}).json()["returned"] == 0


def test_that_a_sheet_would_be_void_is_said_before_it_is_cast(box: TestClient) -> None:
    void = {**{row: [points, "81"] for row, points in filled("80").items() if row.startswith("row")}, "form_token": ""}
    warned = box.post(SHEET, data=void, headers=browser(STAFF))
    assert (warned.status_code, 'name="even_if_void"' in warned.text) == (422, True)
    assert box.get(BOX_AT, headers={PERSON: LI}).json()["returned"] == 0
    assert box.post(SHEET, data=void | {"even_if_void": "yes"}, headers=browser(STAFF)).status_code == 200
    assert box.get(BOX_AT, headers={PERSON: LI}).json()["returned"] == 1


def test_who_has_no_voice_and_a_wrong_code_are_shown_nobody(box: TestClient) -> None:
    assert box.get(SHEET, headers=browser(SUN)).status_code == 403
    assert box.get(PAPER, headers=browser(SUN)).status_code == 403
    away = box.get(SHEET, headers=browser(), follow_redirects=False)
    assert (away.status_code, away.headers["location"]) == (303, f"/sign-in?next={SHEET}")
    unknown = box.post(SLIP, data={"box": BOX, "code": "0000-0000-0000-0000"}, headers=browser())
    assert (unknown.status_code, "row1" in unknown.text) == (404, False)


def test_a_form_of_another_site_or_session_puts_nothing_into_the_box(box: TestClient) -> None:
    foreign = browser() | {"Sec-Fetch-Site": "cross-site"}
    slip = {"box": BOX, "code": slips(box, 1)[0], "cast": "yes"}
    assert box.post(SLIP, data=slip | filled(), headers=foreign).status_code == 403
    assert box.post(SHEET, data=filled() | {"form_token": "x"}, headers=browser(STAFF)).status_code == 403
    assert box.get(BOX_AT, headers={PERSON: LI}).json()["returned"] == 0


def test_two_tellers_key_a_sheet_in_and_see_where_they_differ_but_not_how(box: TestClient) -> None:
    asked = {"group": "masses", "number": "1"}
    for teller, points in ((LI, "80"), (WANG, CANARY)):
        kept = box.post(PAPER, data=filled(points) | asked, headers=browser(teller), follow_redirects=False)
        assert (kept.status_code, kept.headers["location"]) == (303, f"{PAPER}?group=masses&number=2")
    shown = box.get(PAPER, headers=browser(LI, "en")).text
    rows = ", ".join(str(number) for number in range(1, len(RATED) + 1))
    assert (rows in shown, f'"{CANARY}"' in shown, '"80"' in shown) == (True, False, False)
    box.post(PAPER, data=asked | {"take_back": "yes", "form_token": ""}, headers=browser(WANG))
    box.post(PAPER, data=filled("80") | asked, headers=browser(WANG))
    assert box.get(f"{BOX_AT}/differences", headers={PERSON: LI}).json() == []


def test_a_row_with_more_than_one_mark_is_keyed_in_as_such(box: TestClient) -> None:
    asked = {"group": "masses", "number": "1"}
    spoilt = filled("80") | {"row1": "several"} | asked
    assert box.post(PAPER, data=spoilt, headers=browser(LI), follow_redirects=False).status_code == 303
    box.post(PAPER, data=filled("80") | asked, headers=browser(WANG))
    (found,) = box.get(f"{BOX_AT}/differences", headers={PERSON: LI}).json()
    assert found["rows"] == [1]
