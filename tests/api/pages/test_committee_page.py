"""All branches on one board: those in which one holds an office, and no others."""

from tests.api.pages.conftest import Opens
from tests.controls import BRANCH, LI, ROUND, SUN


def test_an_office_holder_sees_his_branches_with_their_newest_rounds(opens: Opens) -> None:
    page = opens("/committee", as_person=LI, language="en")
    assert page.status_code == 200
    assert f"/rounds/{ROUND}/run" in page.text
    board = opens("/committee?format=json", as_person=LI).json()["answer"]["branches"]
    (mine,) = [each for each in board if each["branch"] == BRANCH]
    assert {"late", "objections", "confirmed", "people"} <= mine["lines"][0].keys()
    assert mine["lines"][0]["confirmed"] <= mine["lines"][0]["people"]


def test_a_member_without_office_sees_none(opens: Opens) -> None:
    page = opens("/committee", as_person=SUN, language="en")
    assert (page.status_code, "You hold no office" in page.text, ROUND in page.text) == (200, True, False)
