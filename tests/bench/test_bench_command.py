"""`starledger bench`: one command makes a table, a JSON document or a page, and leaves nothing else behind."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bench.growth import Grown
from bench.outcome import Outcome, flatness
from bench.report import as_markdown
from bench.run import Asked, measure
from cli.main import main
from tests.bench.figures import line, measured

ROW = "append-1-sqlite"


@pytest.fixture
def said() -> Callable[..., tuple[int, str, str]]:
    """Run `starledger bench` with these words; return exit code, stdout and stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["--lang", "en", "bench", *map(str, words)])
        return code, out.getvalue(), err.getvalue()

    return run


def test_the_json_has_every_figure_and_ratios_of_medians(quick: Outcome) -> None:
    document: dict[str, Any] = json.loads(json.dumps(quick.as_json()))
    assert [row["key"] for row in document["rows"]] == [ROW, "replay", "disk"]
    assert (document["seed"], document["rotations"], document["quick"]) == (7, 3, True)
    assert document["settings"] == {"sqlite": {"journal_mode": "wal", "synchronous": "2"}}
    for row in document["rows"]:
        by_role = {one["role"]: one for one in row["contenders"] if one["role"] in {"raw", "ours"}}
        for role, one in by_role.items():
            assert len(one["samples"]) == 3
            assert row[role] == one["median"] == statistics.median(one["samples"])
        assert row["ratio"] == row["ours"] / row["raw"]
        assert row["met"] is not None


def test_the_machine_is_described_without_anybodys_directories(quick: Outcome, tmp_path: Path) -> None:
    assert {"cores", "Python", "SQLite", "PostgreSQL", "file system"} <= quick.machine.keys()
    assert str(tmp_path.parent) not in as_markdown(quick)


def test_a_run_leaves_nothing_but_what_it_prints(said: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    page = Path("docs") / "performance.md"
    before = page.read_bytes() if page.exists() else None
    code, out, _ = said("--quick", "--only", "load", "--dir", tmp_path)
    assert code == 0
    assert "load 50 facts and decide" in out
    assert list(tmp_path.iterdir()) == []
    assert (page.read_bytes() if page.exists() else None) == before


def test_stdout_is_one_document_and_the_page_goes_where_it_is_told(
    said: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    page = tmp_path / "page.md"
    words = ("--quick", "--only", "load", "--dir", tmp_path, "--out", page, "--json", "--seed", 3, "--rotations", 2)
    code, out, err = said(*words)
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert (document["seed"], document["rotations"]) == (3, 2)
    assert "these figures mean nothing" in page.read_text(encoding="utf-8")


def test_an_unknown_row_is_a_mistake_of_usage(said: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, out, err = said("--quick", "--only", "no-such-row", "--dir", tmp_path)
    assert (code, out) == (2, "")
    assert "no-such-row" in err


def test_without_a_server_its_rows_say_why(tmp_path: Path) -> None:
    url = f"postgresql://nobody@/none?host={tmp_path}"
    outcome = measure(Asked(only=("append-1-postgresql",), rotations=1, quick=True, postgres=url), tmp_path)
    (row,) = outcome.lines
    assert (row.ours, row.ratio, row.met) == (None, None, None)
    assert "PostgreSQL does not answer" in str(row.measured[0].skipped)
    assert "skipped: PostgreSQL does not answer" in as_markdown(outcome)


@pytest.mark.postgres
@pytest.mark.slow
def test_the_rows_on_postgresql_are_filled(checkout: Path, postgres_server: Any, tmp_path: Path) -> None:  # noqa: ANN401 - the fixture's URL
    only = ("append-1-postgresql", "append-100-postgresql", "writers-32-postgresql", "load-postgresql")
    url = postgres_server.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "cli.main", "bench", "--quick", "--json", "--dir", tmp_path, "--postgres", url]
    command += [word for key in only for word in ("--only", key)]
    ended = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    document = json.loads(ended.stdout)
    assert [(row["key"], bool(row["raw"] and row["ours"])) for row in document["rows"]] == [(key, True) for key in only]
    assert [one["unsafe"] for row in document["rows"] for one in row["contenders"] if one["unsafe"]] == []
    assert document["settings"]["postgresql"]["fsync"] == "on"
    assert document["machine"]["PostgreSQL"][:2].isdigit()


@pytest.mark.slow
def test_growth_is_shown_at_every_size(tmp_path: Path) -> None:
    outcome = measure(Asked(only=("growth",), rotations=1, quick=True), tmp_path)
    assert [grown.facts for grown in outcome.growth] == [200, 1_000]
    for grown in outcome.growth:
        assert min(grown.append_us, grown.load_us, grown.replay_per_second, grown.verify_per_second) > 0
    assert "## Growth" in as_markdown(outcome)


def test_growth_is_the_cost_at_the_largest_size_over_that_at_the_smallest() -> None:
    small, large = Grown(10, 5, 10, 100, 200, 1, 1), Grown(1000, 10, 5, 50, 200, 1, 1)
    assert flatness([small, large]) == {"append": 2, "load": 0.5, "replay per fact": 2, "verify per fact": 1}
    assert flatness([small]) == {}


def outcome_of(*lines: Any) -> Outcome:  # noqa: ANN401 - rows that nobody measured
    return Outcome({"file system": "tmpfs", "cores": "2"}, 1, 3, quick=False, lines=lines, growth=(), seconds=1.0)


def test_the_page_says_what_falls_short_what_was_skipped_and_what_was_not_durable() -> None:
    skipped = measured("peer", name="umadb")
    skipped.skipped = "not installed"
    hasty = measured("peer", 900, name="hasty", settings={"journal_mode": "wal", "synchronous": "0"})
    page = as_markdown(outcome_of(line(measured("raw", 100), measured("ours", 40), skipped, hasty, target=0.5)))
    assert "misses its target. It was not profiled." in page
    assert "skipped: not installed" in page
    assert "**not durable** (synchronous=0): not compared" in page
    assert "hasty 9" not in page
    assert "lay in memory" in page


def test_the_page_of_a_row_that_reaches_everything_explains_nothing() -> None:
    page = as_markdown(outcome_of(line(measured("raw", 100), measured("ours", 90), target=0.5, then=0.75)))
    assert "| 0.90 | ≥ 0.5, then 0.75 | yes, both |" in page
    assert "falls short" not in page
