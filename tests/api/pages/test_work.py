"""The month board: what waits where one holds an office, a button for each thing, a reminder that tells no secret."""

from datetime import UTC, datetime

import pytest

from api.commands.places import PLACES
from api.pages.buttons import DUE_FORMS, FOR_EACH, STEP_FORMS, buttons_for
from api.pages.work import FOR_EVERYBODY, _reminder
from domain.catalogue import CATALOGUE
from domain.text import Text
from projections.agenda import Due
from projections.disclosed_rows import Hidden
from projections.names import Names
from projections.round_row import RoundFrame
from tests.api.pages.conftest import Opens
from tests.api.pages.pages_read import PageRead
from tests.controls import BRANCH, LI, ROUND, SUN

FRAME = RoundFrame(ROUND, BRANCH, "2025", "annual-360", 1)
PLACED = {kind.NAME: PLACES[kind] for kind in CATALOGUE.deciders}


def fields_of(command: str) -> set[str]:
    return {each.name for each in (*PLACED[command].in_url, *PLACED[command].in_body)}


@pytest.mark.parametrize("code", sorted(DUE_FORMS))
def test_a_button_fills_in_fields_that_its_form_has(code: str) -> None:
    command, fields = DUE_FORMS[code]
    assert {each for each in fields if each} <= fields_of(command)


def test_every_step_and_every_person_has_a_form_that_is_there() -> None:
    assert set(STEP_FORMS.values()) <= PLACED.keys()
    assert all({"person", "meeting"} <= fields_of(command) for command in FOR_EACH.values())


def test_a_report_that_is_due_has_a_button_for_each_person() -> None:
    due = Due("report", Text("尚未讲述汇报", "Still to report"), (LI, SUN))
    buttons = buttons_for(due, FRAME, "M1", Names())
    assert [(each.path, dict(each.filled)) for each in buttons] == [
        ("/do/give-report", {"person": LI, "meeting": "M1"}),
        ("/do/give-report", {"person": SUN, "meeting": "M1"}),
    ]


def test_what_only_time_settles_and_what_is_withheld_has_no_button() -> None:
    assert buttons_for(Due("window", Text("到期", "ends"), ("N1",)), FRAME, None, Names()) == ()
    assert buttons_for(Due("feedback", Text("反馈", "tell"), (Hidden("—"),)), FRAME, None, Names()) == ()


def test_a_reminder_tells_a_group_what_is_due_and_nothing_about_scores_or_objections() -> None:
    told = Due("window", Text("公示到期", "The window ends."), ("N1",), datetime(2026, 1, 9, 16, tzinfo=UTC))
    kept = [Due(code, Text("不可说", "not to be told")) for code in DUE_FORMS if code not in FOR_EVERYBODY]
    found = _reminder("一车间", "2025", [told, *kept])
    assert found is not None
    assert "公示到期" in found.zh
    assert "2026-01-09 24:00" in found.zh
    assert "不可说" not in found.zh
    assert _reminder("一车间", "2025", kept) is None


def test_an_office_holder_is_shown_what_waits_with_buttons(opens: Opens) -> None:
    page = opens("/work", as_person=LI)
    assert 'href="/do/' in page.text
    assert "本月工作" in page.text


def test_who_holds_no_office_is_shown_nobodys_work(opens: Opens) -> None:
    answer = opens("/work?format=json", as_person=SUN).json()["answer"]
    assert answer == {"boards": [], "offices": False}
    assert "本页供任职人员使用" in PageRead(opens("/work", as_person=SUN).text).text
