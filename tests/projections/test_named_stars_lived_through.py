"""A round of named stars in a real ledger, from adoption to confirmation, as the calculator computes it (§3.13).

Scheme: tests/domain/schemes/named-stars.toml, asked once a year.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.confirmation import Confirmations
from domain.corrections import DecideCorrection, OpenCorrection
from domain.ids import CorrectionId, PersonId, RoundId
from domain.notices import LinePosted
from domain.rulings import Amendment
from domain.sealed import Sealed
from projections.explain import explain
from projections.folding import folded
from projections.replay import replay
from projections.sentences import Telling, tell
from projections.stars import current_stars
from tests.controls import CHEN, LI, MEMBERS, SUN, WANG, WU, ZHANG
from tests.projections.scheme_ledger import BODY, SCHEMES, Lived, at, calculated, expected, opened_under, said

SCHEME = (SCHEMES / "named-stars.toml").read_bytes().replace(b'period = "half_year"', b'period = "year"')
ROUND = RoundId("named-2025")
STUDY = {LI: "18", WANG: "17.5", SUN: "20"}
LESSONS = {LI: 2, CHEN: 1}
TUTORING = {LI: 5, SUN: 4}


def entries(person: PersonId) -> list[dict[str, str]]:
    """Return open lessons of 6 points and tutoring of 2.5: teaching 30 + 6 × n, serving 10 + 2.5 × n."""
    lessons = [
        {"item": "open-lesson", "points": "6", "occurred_on": f"2025-0{3 + n}-01"}
        for n in range(LESSONS.get(person, 0))
    ]
    tutoring = [{"item": "tutoring", "occurred_on": f"2025-0{3 + n}-02"} for n in range(TUTORING.get(person, 0))]
    return lessons + tutoring


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Give the ledger with the confirmed round."""
    made = opened_under(tmp_path_factory.mktemp("named") / "ledger.db", SCHEME)
    made.year.clock.set(at(2025, 12, 20))
    for person in MEMBERS:
        made.note(person, entries(person))
    made.open(ROUND, "2025", draw="work")
    for person in MEMBERS:
        made.record(ROUND, person, {"study": STUDY.get(person, "10")}, {})
    made.publish(ROUND)
    made.confirm(ROUND)
    yield made
    made.year.close()


def line(person: PersonId) -> dict[str, Any]:
    kind = "probationary" if person == WU else "formal"
    about = {"id": person, "kind": kind, "joined": "2025-01-06", "entries": {"work": entries(person)}}
    return {**about, "components": {"study": STUDY.get(person, "10")}}


def test_the_ledger_comes_to_what_the_calculator_computes(
    lived: Lived, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    computed = calculated(tmp_path, capsys, SCHEME, "2025", [line(person) for person in MEMBERS])
    for person, result in lived.results(ROUND).items():
        held = [each["code"] for each in computed[person]["named_stars"] if each["held"]]
        assert said(result) == expected(computed[person])
        assert list(() if result.verdict is None else result.verdict.named) == held
    assert lived.results(ROUND)[LI].label == "学习星、教学星、服务星、辅导星"


def test_the_notice_and_the_confirmation_call_the_stars_by_name(lived: Lived) -> None:
    posted = {e.person: e for fact in lived.year.ledger.read() if isinstance(e := fact.event, LinePosted)}
    confirmed = folded(lived.year.ledger, Confirmations, ROUND, lived.year.ledger.head().size).stars
    for person, named, label in (
        (LI, ("study", "teaching", "service", "tutor"), "学习星、教学星、服务星、辅导星"),
        (SUN, ("study", "service"), "学习星、服务星"),
        (ZHANG, (), "未获命名星"),
    ):
        for fact in (posted[person], confirmed[person]):
            assert fact.label == label
            assert (() if fact.verdict is None else fact.verdict.named) == named
    with lived.year.follower().reading() as reading:
        (star,) = current_stars(reading, round_id=ROUND, person=SUN)
    assert star.confirmed is not None
    assert (star.label_en, star.confirmed.named) == ("star of study, star of service", ("study", "service"))


def test_the_explanation_and_the_history_use_the_labels_in_both_languages(lived: Lived) -> None:
    told = explain(lived.year.ledger, ROUND, SUN)
    assert told.label is not None
    assert (told.label.zh, told.label.en) == ("学习星、服务星", "star of study, star of service")
    assert "star confirmed: star of study, star of service" in told.as_text("en")
    assert "trial" not in told.as_text("en")
    facts = [fact.event for fact in lived.year.ledger.read() if fact.event.NAME == "star.Confirmed.v1"]
    sentences = [tell(event, Telling()).en for event in facts]
    assert any(sentence.endswith("confirms zhang with a total of 50.00, no named star.") for sentence in sentences)


def test_a_star_that_is_lost_without_a_change_of_the_total_hangs_and_is_confirmed_anew(lived: Lived) -> None:
    """Wang gains half a point of study: the star of study, and another total; Zhang's stays as it was."""
    now, correction = lived.year.clock.now(), CorrectionId("study")
    lived.ask(LI, now, OpenCorrection(round=ROUND, correction=correction, person=WANG, cause=Sealed("漏计")))
    amended = DecideCorrection(
        round=ROUND,
        correction=correction,
        verdict="upheld",
        findings=Sealed("属实"),
        body=BODY,
        amendments=(Amendment(person=WANG, component="study", points=Decimal(18)),),
    )
    lived.ask(CHEN, now, amended)
    assert lived.results(ROUND)[WANG].label == "学习星"
    lived.post(ROUND)
    lived.confirm(ROUND)
    confirmed = folded(lived.year.ledger, Confirmations, ROUND, lived.year.ledger.head().size).stars[WANG]
    assert confirmed.verdict is not None
    assert confirmed.verdict.named == ("study",)


def test_a_replay_comes_to_every_published_number(lived: Lived) -> None:
    assert replay(lived.year.ledger).differences == []
