"""The demo is a whole year of seed A, played by the program's own sub-commands."""

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from cli import demo_months
from cli.demo_year import BRANCH, CHOSEN, IMPROVING, MEMBERS, OBJECTED, ROUND, SCORES
from cli.settings import settings
from cli.wiring import installation
from projections.explain import explain
from projections.one_page import MOST_LINES, WIDTH, one_page
from projections.page_matter import matter_of
from projections.page_text import page_lines, width

Program = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, program: Program) -> Path:
    data = tmp_path_factory.mktemp("demo") / "data"
    code, said, complained = program("--data", data, "demo", "--no-serve")
    assert code == 0, complained
    assert "党员09" in said
    assert "intact" in said
    return data


def stars(program: Program, data: Path, *more: str) -> dict[str, dict[str, object]]:
    code, said, _ = program("--data", data, "stars", "--round", ROUND, "--json", *more)
    assert code == 0
    return {row["person"]: row for row in json.loads(said)["stars"]}


def test_everybody_ends_with_a_confirmed_star(program: Program, year: Path) -> None:
    found = stars(program, year)
    assert list(found) == list(MEMBERS)
    assert all(row["confirmed"] for row in found.values())


def test_the_caps_of_five_and_thirty_per_cent_hold(program: Program, year: Path) -> None:
    held = [row["confirmed"]["star"] for row in stars(program, year).values()]  # type: ignore[index]
    assert held.count(5) == 1
    assert held.count(4) == 6


def test_the_objection_moved_another_members_star_through_the_quota(program: Program, year: Path) -> None:
    now, before = stars(program, year), stars(program, year, "--as-of", "2026-01-26T12:00:00+08:00")
    assert (before[CHOSEN]["star"], now[CHOSEN]["star"]) == (4, 3)
    assert (before[OBJECTED]["star"], now[OBJECTED]["star"]) == (3, 4)


def test_whom_the_objection_could_touch_was_confirmed_only_after_hanging_anew(program: Program, year: Path) -> None:
    before = stars(program, year, "--as-of", "2026-01-26T12:00:00+08:00")
    assert before["P10"]["confirmed"]
    assert not any(before[person]["confirmed"] for person in (CHOSEN, OBJECTED, "P07"))


def test_totals_are_those_of_a_hand_calculator(program: Program, year: Path) -> None:
    found = stars(program, year)
    work, group, branch, masses, self_given = (Fraction(word) for word in SCORES[2].split())
    total = work * 35 / 100 + (group * 60 + branch * 40) / 100 * 40 / 100 + masses * 20 / 100 + self_given * 5 / 100
    assert Fraction(str(found["P02"]["total_exact"])) == total
    assert found["P02"]["total"] == "96.69"


def test_the_explanation_leads_to_facts_and_clauses(program: Program, year: Path) -> None:
    code, said, _ = program("--data", year, "explain", "--round", ROUND, "--person", OBJECTED, "--json")
    assert code == 0
    facts = [fact for node in nodes(json.loads(said)["tree"]) for fact in node["facts"]]
    assert {"star.Confirmed.v1", "score.Recorded.v1", "score.Corrected.v1", "rulebook.Adopted.v1"} <= {
        fact["type"] for fact in facts
    }
    assert all(node["clause"] for node in nodes(json.loads(said)["tree"]))


def nodes(node: dict[str, list[dict[str, object]]]) -> list[dict[str, list[dict[str, object]]]]:
    return [node, *(each for child in node["children"] for each in nodes(child))]  # type: ignore[arg-type]


def test_those_of_two_stars_and_below_have_a_plan(program: Program, year: Path) -> None:
    for person in IMPROVING:
        code, said, _ = program("--data", year, "record", "--person", person, "--json")
        assert code == 0
        assert "improvement" in {entry["kind"] for entry in json.loads(said)["entries"]}


def test_a_fact_changed_by_sql_is_named(program: Program, year: Path, tmp_path: Path) -> None:
    copy = tmp_path / "ledger.db"
    with sqlite3.connect(year / "ledger.db") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with sqlite3.connect(copy) as database:
        triggers = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in triggers:
            database.execute(f"DROP TRIGGER {name}")
        [(position,)] = database.execute(
            "SELECT max(position) FROM facts WHERE type = 'score.Recorded.v1' AND entry LIKE '%\"points\":\"83\"%'"
        )
        database.execute(
            'UPDATE facts SET entry = replace(entry, \'"points":"83"\', \'"points":"93"\') WHERE position = ?',
            (position,),
        )
    database.close()
    code, said, _ = program("--data", tmp_path, "verify", "--json")
    verdict = json.loads(said)
    assert code == 10
    assert verdict["ok"] is False
    assert position in [finding["position"] for finding in verdict["findings"]]


def test_facts_cannot_be_changed_or_deleted_while_the_triggers_are_there(year: Path) -> None:
    database = sqlite3.connect(year / "ledger.db")
    for statement in (
        "UPDATE facts SET type = 'x'",
        "DELETE FROM facts",
        "DELETE FROM tags",
        "UPDATE commands SET answer = ''",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(statement)
    database.close()


def test_deleting_the_views_is_harmless(program: Program, year: Path) -> None:
    before = stars(program, year)
    for file in year.glob("views.db*"):
        file.unlink()
    assert stars(program, year) == before


def test_rebuilding_says_how_fast(program: Program, year: Path) -> None:
    code, said, _ = program("--data", year, "rebuild", "--json")
    assert code == 0
    assert json.loads(said)["facts_per_second"] > 0


def test_the_demo_makes_its_own_directory_anew(program: Program, year: Path) -> None:
    before = stars(program, year)
    code, _, _ = program("--data", year, "demo", "--no-serve")
    assert code == 0
    assert {p: row["star"] for p, row in stars(program, year).items()} == {p: row["star"] for p, row in before.items()}


# the second branch: seed B


def months(program: Program, data: Path, period: str) -> dict[str, dict[str, object]]:
    code, said, _ = program("--data", data, "stars", "--round", period, "--json")
    assert code == 0
    return {row["person"]: row for row in json.loads(said)["stars"]}


def test_every_member_of_the_second_branch_ends_with_an_annual_star_or_without_one(
    program: Program, year: Path
) -> None:
    found = months(program, year, demo_months.YEAR_ROUND)
    assert list(found) == list(demo_months.MEMBERS)
    assert all(row["confirmed"] for row in found.values())
    unrated = [person for person, row in found.items() if row["star"] == 0]
    assert unrated == [demo_months.FAILING]


def test_a_months_stars_are_proposed_and_never_confirmed(program: Program, year: Path) -> None:
    for month in range(1, 13):
        found = months(program, year, f"M2025-{month:02}")
        assert len(found) == len(demo_months.MEMBERS)
        assert not any(row["confirmed"] or row["notice"] for row in found.values())


def test_the_annual_total_is_that_of_a_hand_calculator(program: Program, year: Path) -> None:
    found = months(program, year, demo_months.YEAR_ROUND)
    one_entry_of_minus_three_in_twelve_months = Fraction(97 + 11 * 100, 12)
    total = one_entry_of_minus_three_in_twelve_months * 70 / 100 + Fraction(75) * 30 / 100
    assert Fraction(str(found["Q09"]["total_exact"])) == total
    assert Fraction(str(found["Q20"]["total_exact"])) == Fraction(100) * 70 / 100 + Fraction(75) * 30 / 100


def test_a_window_whose_last_day_is_a_holiday_rolls_on(program: Program, year: Path) -> None:
    code, said, _ = program("--data", year, "notices", "--round", demo_months.YEAR_ROUND, "--json")
    assert code == 0
    assert json.loads(said)[0]["ends_at"].startswith("2026-02-24T16:00:00")


def test_an_inquorate_meeting_and_a_rejected_list_stay_in_the_history(program: Program, year: Path) -> None:
    for month, word in ((demo_months.INQUORATE, "no quorum"), (demo_months.REJECTED, "rejected")):
        code, said, _ = program("--data", year, "--lang", "en", "history", "--round", f"M2025-{month:02}")
        assert code == 0
        assert word in said


def test_the_correction_after_confirmation_shows_both_decisions(program: Program, year: Path) -> None:
    row = months(program, year, demo_months.YEAR_ROUND)["Q10"]
    assert row["confirmed"]["superseded"] == 1  # type: ignore[index]


def test_no_ballot_box_is_left_on_the_disk(year: Path) -> None:
    left = [path for path in year.rglob("*") if path.is_file() and path.suffix in {".box", ".key"}]
    assert [path.name for path in left] == ["fingerprint.key"]


def test_the_demo_leaves_a_directory_alone_that_it_did_not_make(program: Program, tmp_path: Path) -> None:
    kept = tmp_path / "thesis.txt"
    kept.write_text("mine", encoding="utf-8")
    code, _, complained = program("--data", tmp_path, "demo", "--no-serve")
    assert code == 5
    assert str(tmp_path) in complained
    assert kept.read_text(encoding="utf-8") == "mine"


def test_history_tells_every_fact_of_an_objection_in_both_languages(program: Program, year: Path) -> None:
    for language, word in (("zh", "异议"), ("en", "bjection")):
        code, said, _ = program("--data", year, "--lang", language, "history", "--objection", "O1")
        assert code == 0
        assert said.count(word) >= 4
    assert BRANCH == "B1"


def test_a_view_that_differs_from_a_replay_is_named(program: Program, year: Path) -> None:
    assert program("--data", year, "rebuild", "--check")[0] == 0
    with sqlite3.connect(year / "views.db") as views:
        views.execute("UPDATE stars SET total = '100.00' WHERE person = 'P20'")
    views.close()
    code, said, _ = program("--data", year, "rebuild", "--check", "--json")
    assert (code, json.loads(said)) == (12, {"differing": ["stars"]})
    assert program("--data", year, "rebuild")[0] == 0
    assert program("--data", year, "rebuild", "--check")[0] == 0


def test_a_meeting_is_read_as_a_whole_and_a_branchs_meetings_as_a_list(program: Program, year: Path) -> None:
    code, said, _ = program("--data", year, "meeting", "--meeting", "S2025-05", "--json")
    record = json.loads(said)
    assert code == 0
    assert sum(one["presence"] == "present" for one in record["members"]) == len(demo_months.MEMBERS) - 1
    assert all(one["report"] and one["commentator"] for one in record["members"])
    assert [(vote["round"], vote["outcome"], vote["named"]) for vote in record["votes"]] == [
        ("M2025-05", "adopted", True)
    ]
    code, said, _ = program("--data", year, "meeting", "--branch", demo_months.BRANCH, "--json")
    assert (code, len(json.loads(said))) == (0, 12)
    assert program("--data", year, "meeting", "--meeting", "S1999-01")[0] == 3
    assert program("--data", year, "meeting")[0] == 2
    printed = program("--data", year, "meeting", "--meeting", "S2025-05")[1]
    assert "支部二党员03" in printed
    assert printed.splitlines()[-1].split()[0] == "M2025-05"


# one page


@pytest.mark.parametrize(("round_id", "people"), [(ROUND, MEMBERS), (demo_months.YEAR_ROUND, demo_months.MEMBERS)])
def test_everybodys_star_is_computed_on_one_page(year: Path, round_id: str, people: Sequence[str]) -> None:
    with installation(settings(year, None, "zh")) as installed:
        head = installed.ledger.head()
        for person in people:
            matter = matter_of(explain(installed.ledger, round_id, person), head, ())
            page = one_page(matter, "zh", lambda tried: len(page_lines(tried)))
            lines = page_lines(page)
            assert len(lines) <= MOST_LINES, person
            assert max(map(width, lines)) <= WIDTH, person
            assert [step.words for step in page.steps if step.folded] == [], person


def test_a_page_is_written_once_for_paper_and_printed_for_a_terminal(
    program: Program, year: Path, tmp_path: Path
) -> None:
    asked = ("--data", year, "--lang", "zh", "explain", "--round", ROUND, "--person", OBJECTED, "--page")
    code, said, _ = program(*asked, "-")
    assert code == 0
    assert "8. 加权合计：94.5 × 35% + 90.4 × 40% + 90 × 20% + 93 × 5% = 91.885 [A-23]" in said.splitlines()
    code, said, told = program(*asked, tmp_path / "page.html")
    assert (code, said) == (0, "")
    assert "page.html" in told
    assert "加权合计：94.5 × 35% + 90.4 × 40%" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert program(*asked, tmp_path / "page.html")[0] == 5


def test_a_page_prints_on_one_sheet_of_a4(program: Program, year: Path, tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("chromium is not on this machine; the bounds of lines are checked all the same")
    for round_id, person in ((ROUND, OBJECTED), (demo_months.YEAR_ROUND, demo_months.MEMBERS[-1])):
        html, pdf = tmp_path / f"{person}.html", tmp_path / f"{person}.pdf"
        program("--data", year, "explain", "--round", round_id, "--person", person, "--page", html)
        quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
        subprocess.run([browser, *quiet, html], check=True, capture_output=True, timeout=120)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 1
