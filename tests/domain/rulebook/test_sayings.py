"""A scheme is read clause by clause in sentences: everything that cites a clause is said under it (A-3)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import rulebooks
from domain.rulebook import Rulebook, cited, parse_rulebook, readings
from domain.rulebook.sayings import Saying, sayings

Changed = Callable[..., Rulebook]
SCHEMES = sorted((Path(__file__).parents[1] / "schemes").glob("*.toml"))
BOOKS = [rulebooks.shipped(name) for name in rulebooks.SHIPPED] + [path.read_bytes() for path in SCHEMES]
NAMES = [*rulebooks.SHIPPED, *(path.stem for path in SCHEMES)]


def at(rulebook: Rulebook, place: str) -> Saying:
    (found,) = [saying for saying in sayings(rulebook) if saying.place == place]
    return found


@pytest.mark.parametrize("document", BOOKS, ids=NAMES)
def test_everything_that_cites_a_clause_is_said_under_it(document: bytes) -> None:
    rulebook = parse_rulebook(document)
    found = {(saying.place, saying.clause) for saying in sayings(rulebook)}
    assert set(cited(rulebook)) <= found
    assert {(f"readings.{each.name}", each.amb) for each in readings(rulebook.readings)} <= found


@pytest.mark.parametrize("document", BOOKS, ids=NAMES)
def test_every_sentence_is_said_in_both_languages_and_names_no_field(document: bytes) -> None:
    for saying in sayings(parse_rulebook(document)):
        assert saying.text.zh.strip(), saying
        assert saying.text.en.strip(), saying
        assert "clause" not in saying.text.en, saying


@pytest.mark.parametrize(
    ("place", "clause", "en", "zh"),
    [
        ("components.work", "A-23", "weighs 35 %", "占35%"),
        ("bands[1]", "A-32", "88 and above, up to 95 excluded", "88分以上、95分以下（不含）"),
        ("bands[4]", "A-29", "up to 75 excluded", "75分以下（不含）"),
        ("caps[1]", "A-33", "at most 30 % of all members, rounded down", "不超过党员总数的30%，舍去小数"),
        ("publicity", "P-SEVEN-DAYS", "for 7 calendar days", "公示7个自然日"),
        ("meeting", "NORM-BRANCH-11", "at least 1/2 are present; more than 1/2", "到会1/2以上"),
        ("objections", "AMB-B16", "accepted within 3 working days, ruled on within 10", "3个工作日内受理，10个内裁定"),
        ("items.job-small", "A-4", "1 point, at most 10 times a period", "1分，每期最多10次"),
        ("consequences[0]", "A-36", "four stars and above", "四星级以上"),
        ("groups.job", "AMB-A12", "starts at 80, between 0 and 100", "起点80分，在0至100分之间"),
        ("newcomers", "AMB-A15", "less than 6 months", "不满6个月"),
        ("calendar", "A-18", "opens on 01-01", "次年1月1日"),
    ],
)
def test_a_sentence_says_the_numbers(changed: Changed, place: str, clause: str, en: str, zh: str) -> None:
    saying = at(changed(), place)
    assert saying.clause == clause
    assert en in saying.text.en
    assert zh in saying.text.zh


@pytest.mark.parametrize(
    ("old", "new", "place", "en"),
    [
        ("percent = 30", "percent = 25", "caps[1]", "at most 25 %"),
        ("days = 7", "days = 9", "publicity", "for 9 calendar days"),
        ('cap_rounding = "floor"', 'cap_rounding = "ceil"', "caps[0]", "rounded up"),
        ('overflow = "cascade"', 'overflow = "branch_vote"', "overflow", "the branch votes"),
        ('hold = "ripple"', 'hold = "all"', "confirmation", "holds everybody"),
        ("low = 95", "low = 95\nlow_inclusive = false", "bands[0]", "95 excluded and above"),
    ],
)
def test_a_sentence_follows_the_document(changed: Changed, old: str, new: str, place: str, en: str) -> None:
    assert en not in at(changed(), place).text.en
    assert en in at(changed((old, new)), place).text.en


@pytest.mark.parametrize(
    ("scheme", "place", "en"),
    [
        ("clamp-order", "components.points.order[0]", "begin at 80"),
        ("categories-and-measures", "retention.results", "are kept for 30 years"),
        ("categories-and-measures", "exemptions.seconded", "is a ground of exemption, decided by the members' meeting"),
        ("veto-and-multipliers", "vetoes.case", "is a veto: the total counts as 0"),
        ("gates-and-probation", "gates.clean", "it is a yes"),
        ("gates-and-probation", "probation[1]", "from 70, below 85"),
        ("named-stars", "named_stars.study", "for 18 points or more"),
        ("both-ends", "floors[0]", "at least 10 %"),
        ("quarterly-sums", "annual", "the sum of its periods"),
    ],
)
def test_every_construct_of_the_format_has_its_sentence(scheme: str, place: str, en: str) -> None:
    rulebook = parse_rulebook(next(path for path in SCHEMES if path.stem == scheme).read_bytes())
    assert en in at(rulebook, place).text.en


def test_what_has_no_sentence_of_its_own_is_said_as_it_is_written(
    changed: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.rulebook.sayings.result_sentences", lambda _: ())
    monkeypatch.setattr("domain.rulebook.sayings.conduct_sentences", lambda _: ())
    assert "days: 7; unit: calendar_days" in at(changed(), "publicity").text.en


def test_the_words_of_the_shipped_rulebooks_are_said_in_chinese(changed: Changed) -> None:
    for name in ("annual-360", "monthly-points"):
        for saying in sayings(changed(name=name)):
            if saying.place.startswith(("procedure", "disclosure", "publicity", "objections", "meeting", "scope")):
                assert not re.search("[a-z]{3}", saying.text.zh), saying
