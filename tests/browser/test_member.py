"""The journey of a member, on the phone and at a desk: his star, why it is so, his years, and back out."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Signs, path_of
from tests.controls import LI, ROUND, SUN

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_a_member_sees_his_star_and_why(signs_in: Signs, language: str, phone: bool) -> None:  # noqa: FBT001
    visitor = signs_in(SUN, phone=phone, language=language)
    page = visitor.opens("/")
    assert path_of(page) == "/"
    page = visitor.opens("/me")
    assert page.locator(".result .stars").count() >= 1
    assert page.locator(".tree .facts .position").count() > 0
    page.locator(".tree .facts .position").first.click()
    page.wait_for_load_state()
    visitor.looks()
    assert path_of(page).startswith("/facts/")
    visitor.opens("/me/record")
    visitor.opens("/me/receipts")
    visitor.opens(f"/rounds/{ROUND}")
    visitor.opens(f"/rounds/{ROUND}/object")
    visitor.opens("/account")
    visitor.presses("退出" if language == "zh-CN" else "Sign out")
    assert path_of(page) == "/sign-in"


def test_a_link_fills_its_secret_in_and_waits_for_the_button(signs_in: Signs) -> None:
    visitor = signs_in(None, phone=True)
    visitor.opens("/sign-in")
    visitor.opens("/sign-in/demo")
    page = visitor.opens("/sign-in/link#secret-of-nobody")
    assert page.locator("#f-token").input_value() == "secret-of-nobody"
    assert page.url.endswith("/sign-in/link")


def test_in_the_dark_it_can_be_read_as_well(signs_in: Signs) -> None:
    visitor = signs_in(SUN, phone=True, dark=True)
    for path in ("/", "/me", "/me/record", f"/rounds/{ROUND}"):
        visitor.opens(path)


def test_the_slider_says_which_moment_and_the_page_goes_there(signs_in: Signs) -> None:
    visitor = signs_in(LI)
    page = visitor.opens("/rounds")
    page.get_by_text("查看本页在某一时刻的情形").click()
    page.locator('input[type="range"]').fill("120")
    expect(page.locator("#moment-said")).to_contain_text("120 ·")
    page.get_by_role("button", name="查看该时刻").first.click()
    page.wait_for_load_state()
    visitor.looks()
    assert "第120条" in page.locator(".banner.past").inner_text()


def test_the_board_hangs_for_everybody_and_turns_its_pages(signs_in: Signs) -> None:
    visitor = signs_in(None)
    visitor.opens("/board")
    visitor.opens(f"/board/{ROUND}")
    page = visitor.opens(f"/board/{ROUND}?turn=5")
    assert page.locator("#wall").get_attribute("hx-trigger") == "every 5s"
