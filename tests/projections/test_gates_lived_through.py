"""Two years of gates, probation and measures after two years in a real ledger, as the calculator computes them.

§3.15, §3.17, §3.18. Scheme: tests/domain/schemes/gates-and-probation.toml. Zhou moves to the other branch in between
and takes his star of the first year along.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.appointments import Appoint
from domain.confirmation import Confirmations
from domain.corrections import DecideCorrection, OpenCorrection
from domain.ids import CorrectionId, PersonId, RoundId
from domain.measures import MeasureAmendment
from domain.membership import TransferMember
from domain.roles import RECORDER
from domain.rounds import OpenRound
from domain.sealed import Sealed
from domain.tally import ResultComputed, Tally
from projections.disclosed_facts import FactReader
from projections.explain import explain
from projections.folding import folded
from projections.replay import replay
from projections.score_sheet import score_sheet
from projections.sentences import Telling, tell
from projections.stars import current_stars
from projections.views import VIEWS
from projections.withholding import Disclosures, Viewer
from tests.controls import CHEN, LI, MEMBERS, OTHER_BRANCH, PAPER, QIAN, REGISTRAR, SUN, WU, ZHANG, ZHAO, ZHOU
from tests.projections.scheme_ledger import (
    BODY,
    SCHEMES,
    Lived,
    at,
    calculated,
    expected,
    opened_under,
    said,
)

SCHEME = (SCHEMES / "gates-and-probation.toml").read_bytes()
FIRST, SECOND, ELSEWHERE = RoundId("gates-2025"), RoundId("gates-2026"), RoundId("elsewhere-2026")
PASSED: dict[str, Any] = {"tasks_done": "100", "tasks_exceeded": "30", "attendance": "90.5", "clean": True}
LOW = {SUN, ZHOU}
"""Who comes to two stars: 60 × 80 % + 70 × 20 % = 62."""


def components(person: PersonId) -> dict[str, str]:
    """Return 92 points for everybody but the low ones, and 84.99 for Wu, who is on probation."""
    if person in LOW:
        return {"tasks": "60", "appraisal": "70"}
    return {"tasks": "85.9", "appraisal": "81.35"} if person == WU else {"tasks": "95", "appraisal": "80"}


def gates(person: PersonId) -> dict[str, Any]:
    """Return conditions met, but Li's attendance."""
    return {**PASSED, "attendance": "90.4"} if person == LI else PASSED


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Give the ledger after the first year, with conditions corrected by procedure after the confirmation."""
    made = opened_under(tmp_path_factory.mktemp("gates") / "ledger.db", SCHEME)
    made.open(FIRST, "2025")
    for person in MEMBERS:
        made.record(FIRST, person, components(person), gates(person))
    made.publish(FIRST)
    made.confirm(FIRST)
    yield made
    made.year.close()


@pytest.fixture(scope="module")
def second(lived: Lived) -> Lived:
    """Return the ledger after the second year, in which the same people are low; Zhou is in the other branch."""
    moved = TransferMember(person=ZHOU, to_branch=OTHER_BRANCH, on=date(2026, 6, 30), extract=PAPER)
    lived.ask(LI, at(2026, 7, 1), moved)
    office = Appoint(person=ZHANG, role=RECORDER, branch=OTHER_BRANCH, since=date(2026, 7, 1), decided_by="党委")
    lived.ask(REGISTRAR, at(2026, 7, 1), office)
    lived.open(SECOND, "2026")
    staying = tuple(person for person in MEMBERS if person != ZHOU)
    for person in staying:
        lived.record(SECOND, person, components(person), gates(person))
    lived.publish(SECOND, staying)
    lived.confirm(SECOND)
    elsewhere = OpenRound(round=ELSEWHERE, branch=OTHER_BRANCH, period="2026", rulebook=lived.rulebook)
    lived.ask(ZHANG, lived.year.clock.now(), elsewhere)
    for person in (QIAN, ZHOU):
        lived.record(ELSEWHERE, person, components(person), gates(person))
    lived.ask(ZHANG, lived.year.clock.now(), Tally(round=ELSEWHERE))
    return lived


def line(person: PersonId, earlier: dict[str, int] | None = None) -> dict[str, Any]:
    kind = "probationary" if person == WU else "formal"
    about = {"id": person, "kind": kind, "joined": "2025-01-06"}
    return {**about, "components": components(person), "gates": gates(person), "earlier": earlier or {}}


def test_the_ledger_comes_to_what_the_calculator_computes(
    lived: Lived, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    computed = calculated(tmp_path, capsys, SCHEME, "2025", [line(person) for person in MEMBERS])
    for person, result in lived.results(FIRST).items():
        assert said(result) == expected(computed[person])
        assert (result.score_star, result.star) == (computed[person]["score_star"], computed[person]["star"])
    assert [computed[person]["star"] for person in (LI, CHEN, SUN, WU)] == [2, 4, 2, 3]


def test_what_a_probation_comes_to_is_told_in_result_list_and_confirmation(lived: Lived) -> None:
    end = ("extended", "延长预备期", "probation extended")
    confirmed = folded(lived.year.ledger, Confirmations, FIRST, lived.year.ledger.head().size).stars[WU]
    assert confirmed.verdict is not None
    assert confirmed.verdict.probation is not None
    assert confirmed.verdict.probation.outcome == "extended"
    with lived.year.follower().reading() as reading:
        (star,) = current_stars(reading, round_id=FIRST, person=WU)
        sheet = score_sheet(reading, FIRST)
    assert star.confirmed is not None
    assert (star.probation, star.confirmed.probation) == (end, end)
    assert sheet is not None
    assert {row.person: row.probation for row in sheet.rows}[WU] == end
    assert {row.probation for row in sheet.rows if row.person != WU} == {None}
    assert "confirms Wu with a total of 84.99, three stars, probation extended" in (
        explain(lived.year.ledger, FIRST, WU).as_text("en")
    )


def test_reasons_that_are_not_open_are_neither_told_nor_explained(lived: Lived) -> None:
    """The scheme opens name, total and star to the branch: a probation's end is for Wu himself and the officers."""
    ledger = lived.year.ledger
    for viewer, told in ((Viewer("branch"), False), (Viewer("member", WU), True), (Viewer("auditor"), True)):
        curtain = FactReader(Disclosures(ledger, viewer))
        confirmed = [fact for fact in ledger.read() if fact.event.NAME == "star.Confirmed.v1"]
        (event,) = (curtain.event(fact) for fact in confirmed if getattr(fact.event, "person", "") == WU)
        assert ("probation extended" in tell(event, Telling()).en) is told


def test_a_probation_is_nobodys_business_on_the_notice_board(lived: Lived) -> None:
    posted = [fact.event for fact in lived.year.ledger.read() if fact.event.NAME == "notice.LinePosted.v1"]
    assert [each.verdict for each in posted if getattr(each, "person", "") == WU] == [None]  # type: ignore[attr-defined]


def test_the_first_year_says_that_the_year_before_is_not_known(lived: Lived) -> None:
    told = explain(lived.year.ledger, FIRST, SUN).as_text("en")
    assert "organisational_measures follows after 2 years; 2024 is not known (2025: 2)" in told


def test_two_low_years_lead_to_measures_with_the_confirmation_as_their_source(
    second: Lived, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    computed = calculated(tmp_path, capsys, SCHEME, "2026", [line(SUN, {"2025": 2}), line(CHEN, {"2025": 4})])
    assert [each["state"] for each in computed[SUN]["consequences"]] == ["follows"]
    explained = explain(second.year.ledger, SECOND, SUN)
    (step,) = (node for node in explained.tree.nodes() if node.label.en.startswith("2 years in succession"))
    assert step.label.en == "2 years in succession (2025: 2, 2026: 2): organisational_measures"
    assert [note.type for note in step.facts] == ["star.Confirmed.v1"]
    assert "in succession" not in explain(second.year.ledger, SECOND, CHEN).as_text("en")


def test_whoever_moves_takes_his_stars_along(second: Lived) -> None:
    told = explain(second.year.ledger, ELSEWHERE, ZHOU).as_text("en")
    assert "2 years in succession (2025: 2, 2026: 2)" in told


def test_a_condition_found_wrong_after_the_confirmation_goes_the_way_of_a_correction(second: Lived) -> None:
    """Zhao's tasks were not all done: by the gate of four stars he holds three."""
    ledger, now = second.year.ledger, second.year.clock.now()
    correction = CorrectionId("tasks-of-zhao")
    opened = OpenCorrection(round=SECOND, correction=correction, person=ZHAO, cause=Sealed("复核台账"))
    second.ask(LI, now, opened)
    wrong = MeasureAmendment(person=ZHAO, measure="tasks_done", value=Decimal("99.9"))
    decided = DecideCorrection(
        round=SECOND,
        correction=correction,
        verdict="upheld",
        findings=Sealed("有一项未完成"),
        body=BODY,
        measures=(wrong,),
    )
    second.ask(CHEN, now, decided)
    changed = [fact.event for fact in ledger.read() if isinstance(fact.event, ResultComputed)][-1]
    assert (changed.person, changed.star, changed.total) == (ZHAO, 3, Decimal("92.00"))
    again = DecideCorrection(
        round=SECOND, correction=correction, verdict="upheld", findings=Sealed("-"), body=BODY, measures=(wrong,)
    )
    assert second.refused(CHEN, again) == "no-open-correction"


def test_a_replay_of_both_years_comes_to_every_published_number(second: Lived) -> None:
    assert replay(second.year.ledger).differences == []


def test_views_come_out_the_same_when_rebuilt(second: Lived) -> None:
    follower = second.year.follower()
    follower.catch_up()
    kept = second.year.dump(VIEWS)
    follower.rebuild()
    assert second.year.dump(VIEWS) == kept
