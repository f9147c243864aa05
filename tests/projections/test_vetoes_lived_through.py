"""A round of grades and vetoes in a real ledger, from adoption to confirmation, as the calculator computes it (§3.11).

Scheme: tests/domain/schemes/veto-and-multipliers.toml; a second year shows the veto that holds for two.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.confirmation import Confirmations
from domain.confirming import ConfirmStars
from domain.ids import PersonId, RoundId, RulebookId, VetoId
from domain.proposing import ProposeList
from domain.sealed import Sealed
from domain.tally import Tally
from domain.veto_rulings import RuleOnVeto
from domain.vetoes import DeclareVeto
from ledger.verification import verify
from projections.effects import effects
from projections.explain import explain
from projections.folding import folded
from projections.replay import replay
from projections.stars import current_stars
from projections.views import VIEWS
from projections.why_not import why_not
from tests.controls import BRANCH, CHEN, LI, MEMBERS, SUN, WANG, WU, ZHANG, ZHAO, ZHOU
from tests.projections.scheme_ledger import BODY, SCHEMES, Lived, at, calculated, expected, opened_under, said

SCHEME = (SCHEMES / "veto-and-multipliers.toml").read_bytes()
FIRST, SECOND = RoundId("grades-2025"), RoundId("grades-2026")
CODES = {SUN: "case", ZHOU: "dues", WU: "inquiry", WANG: "accident"}


def entries(person: PersonId, year: int) -> list[dict[str, str]]:
    """Return one to three honours and a report: 60 + 4.5 + 10 × honours, and one person late."""
    honours = {LI: 1, WANG: 3, SUN: 2}.get(person, 1)
    found = [{"item": "report", "occurred_on": f"{year}-03-01", "level": "province"}]
    found += [{"item": "honour", "occurred_on": f"{year}-0{4 + n}-01", "level": "province"} for n in range(honours)]
    return found + ([{"item": "late", "occurred_on": f"{year}-06-01"}] if person == ZHAO else [])


def veto(person: PersonId, day: date) -> DeclareVeto:
    return DeclareVeto(
        veto=VetoId(f"veto-{person}"),
        branch=BRANCH,
        person=person,
        rulebook=RulebookId("baishi-bureau"),
        code=CODES[person],
        occurred_on=day,
        decided_by="局机关党委",
        reason=Sealed("依文件"),
    )


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Give the ledger after the first round: three vetoes counted by its tally, one by a ruling while it hung."""
    made = opened_under(tmp_path_factory.mktemp("grades") / "ledger.db", SCHEME)
    made.year.clock.set(at(2025, 12, 20))
    for person in MEMBERS:
        made.note(person, entries(person, 2025))
    made.open(FIRST, "2025", draw="points")
    for person in (SUN, ZHOU, WANG):
        made.ask(ZHAO, at(2026, 1, 13), veto(person, date(2025, 9, 1)))
    made.publish(FIRST)
    made.ask(ZHAO, at(2026, 1, 14), veto(WU, date(2025, 10, 1)))
    made.year.clock.set(at(2026, 2, 2))
    assert made.refused(CHEN, ConfirmStars(round=FIRST, body=BODY, people=(WU,))) == "veto-waiting"
    assert made.refused(ZHANG, Tally(round=FIRST)) == "list-proposed"
    waits = why_not(made.year.ledger, FIRST, WU, 3, at(2026, 2, 2)).between
    assert [made.fact_type(each.facts[0]) for each in waits if each.kind == "procedure"] == ["veto.Declared.v1"]
    made.ask(CHEN, at(2026, 2, 3), RuleOnVeto(round=FIRST, veto=VetoId(f"veto-{WU}"), body=BODY))
    made.post(FIRST)
    made.confirm(FIRST)
    yield made
    made.year.close()


@pytest.fixture(scope="module")
def second(lived: Lived) -> Lived:
    """Return the ledger after the round of the next year, in which nobody was vetoed anew."""
    lived.year.clock.set(at(2026, 12, 20))
    for person in MEMBERS:
        lived.note(person, entries(person, 2026))
    lived.open(SECOND, "2026", draw="points")
    lived.publish(SECOND)
    lived.confirm(SECOND)
    return lived


def line(person: PersonId, year: int, vetoes: list[Any]) -> dict[str, Any]:
    kind = "probationary" if person == WU else "formal"
    return {"id": person, "kind": kind, "entries": entries(person, year), "vetoes": vetoes, "joined": "2025-01-06"}


def test_the_ledger_comes_to_what_the_calculator_computes(
    lived: Lived, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = [line(person, 2025, [CODES[person]] if person in CODES else []) for person in MEMBERS]
    computed = calculated(tmp_path, capsys, SCHEME, "2025", sheet)
    for person, result in lived.results(FIRST).items():
        assert said(result) == expected(computed[person])
    assert [computed[person]["label"] for person in (WANG, SUN, ZHOU, WU)] == ["先锋", "不合格", "不合格", "不评定"]


def test_the_confirmation_holds_the_grade_in_both_languages(lived: Lived) -> None:
    stars = folded(lived.year.ledger, Confirmations, FIRST, lived.year.ledger.head().size).stars
    held = stars[WANG]
    assert (held.star, held.label, None if held.verdict is None else held.verdict.label) == (4, "先锋", "vanguard")
    unrated = stars[WU].verdict
    assert unrated is not None
    assert (stars[WU].star, stars[WU].label, unrated.unrated) == (0, "不评定", "veto")


def test_views_show_the_grade_and_come_out_the_same_when_rebuilt_and_as_of(lived: Lived) -> None:
    follower = lived.year.follower()
    with follower.reading() as reading:
        shown = {each.person: each for each in current_stars(reading, round_id=FIRST)}
    assert (shown[WANG].label, shown[WANG].label_en) == ("先锋", "vanguard")
    confirmed = shown[WANG].confirmed
    assert confirmed is not None
    assert confirmed.label_en == "vanguard"
    kept = lived.year.dump(VIEWS)
    follower.rebuild()
    assert lived.year.dump(VIEWS) == kept
    with follower.as_of(lived.year.ledger.head().size) as again:
        assert {each.person: each for each in current_stars(again, round_id=FIRST)} == shown


def test_the_explanation_names_the_veto_with_the_fact_it_was_declared_in(lived: Lived) -> None:
    explained = explain(lived.year.ledger, FIRST, WU)
    cited = [note for node in explained.tree.nodes() for note in node.facts if note.type == "veto.Declared.v1"]
    (sentence,) = (note.sentence.en for note in cited)
    assert "declared the veto 'inquiry' (veto-wu) against Wu for what occurred on 2025-10-01" in sentence
    assert "veto “under inquiry”" in explained.as_text("en")


def test_a_veto_of_two_years_holds_in_the_next_round_and_the_others_do_not(
    second: Lived, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = [
        line(person, 2026, [{"code": "accident", "period": "2025"}] if person == WANG else []) for person in MEMBERS
    ]
    computed = calculated(tmp_path, capsys, SCHEME, "2026", sheet)
    results = second.results(SECOND)
    for person, result in results.items():
        assert (str(result.total), result.label) == (computed[person]["total"], computed[person]["label"])
    assert [each["state"] for each in computed[WANG]["consequences"]] == ["withheld"]
    barred = explain(second.year.ledger, SECOND, WANG)
    assert "barred by “an accident one answers for”" in barred.as_text("en")
    assert [results[person].label for person in (WANG, SUN, ZHOU, WU)] == ["先锋", "优秀", "合格", "合格"]


def test_a_replay_of_both_years_comes_to_every_published_number(second: Lived) -> None:
    assert replay(second.year.ledger).differences == []


def test_a_preview_says_whom_a_veto_would_change_and_after_the_list_that_only_a_ruling_does(tmp_path: Path) -> None:
    made = opened_under(tmp_path / "ledger.db", SCHEME)
    made.year.clock.set(at(2025, 12, 20))
    made.note(SUN, entries(SUN, 2025))
    made.open(FIRST, "2025", draw="points")
    made.ask(ZHANG, at(2026, 1, 13), Tally(round=FIRST))
    ledger, asked = made.year.ledger, veto(SUN, date(2025, 9, 1))
    (round_before,) = effects(ledger, ledger.preview(asked, actor=ZHAO))
    assert [(each.person, each.total, each.star) for each in round_before.changes] == [
        (SUN, (Decimal("84.50"), Decimal("0.00")), (3, 1))
    ]
    made.ask(CHEN, at(2026, 1, 13), ProposeList(round=FIRST, body=BODY))
    (round_after,) = effects(ledger, ledger.preview(asked, actor=ZHAO))
    assert round_after.changes == ()
    assert round_after.unknown is not None
    assert "only a ruling does" in round_after.unknown.en
    made.year.close()


def test_every_fact_of_both_years_verifies(second: Lived) -> None:
    assert verify(second.year.ledger).findings == ()
