"""The journey of an auditor: from the journal to a fact, through time, and to whether it can all be trusted."""

import pytest

from tests.browser.conftest import Signs, path_of
from tests.controls import LI, ROUND, SUN

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_an_auditor_walks_from_the_journal_to_the_fact(signs_in: Signs, phone: bool) -> None:  # noqa: FBT001
    visitor = signs_in(LI, phone=phone)
    visitor.opens("/audit")
    page = visitor.opens(f"/audit/journal?kind=round&thing={ROUND}")
    page.locator(".facts .position").first.click()
    page.wait_for_load_state()
    visitor.looks()
    assert path_of(page).startswith("/facts/")
    visitor.opens(f"/rounds/{ROUND}/people/{SUN}")
    visitor.presses("为何不是别的星级")
    assert path_of(page).endswith("/why-not")


def test_an_auditor_compares_and_computes_again(signs_in: Signs) -> None:
    visitor = signs_in(LI)
    visitor.opens(f"/audit/compare?first=150&last=170&round_id={ROUND}")
    page = visitor.opens(f"/audit/replay?round_id={ROUND}")
    assert "全部与重算一致" in page.locator(".verdict").inner_text()
    visitor.opens(f"/audit/what-if?round_id={ROUND}&cap_rounding=ceil")
    visitor.opens(f"/audit/findings?round_id={ROUND}")
    visitor.opens("/audit/exports")
    visitor.opens("/audit/integrity")
    page = visitor.presses("现在重新核对全部哈希")
    assert "完好" in page.locator(".verdict").inner_text()
