"""The schemes beside this file, computed as the calculator does: one person, by the command line, as JSON."""

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.exits import Exit
from cli.main import main

Computed = Callable[..., dict[str, Any]]
HERE = Path(__file__).parent


@pytest.fixture
def scheme_outcome(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Return the exit code of `starledger score` for one person under a scheme of this folder, and what it printed."""

    def run(scheme: str, period: str = "2025", **person: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 - JSON
        sheet = tmp_path / "sheet.json"
        sheet.write_text(json.dumps({"period": period, "people": [{"id": "P01", **person}]}), encoding="utf-8")
        code = main(["--lang", "en", "score", str(HERE / f"{scheme}.toml"), str(sheet), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def scheme_result(scheme_outcome: Callable[..., tuple[int, dict[str, Any]]]) -> Computed:
    """Return the one person's result under a scheme."""

    def run(scheme: str, **person: Any) -> dict[str, Any]:  # noqa: ANN401
        code, printed = scheme_outcome(scheme, **person)
        assert code == Exit.OK, printed
        (result,) = printed["people"]
        assert isinstance(result, dict)
        return result

    return run


@pytest.fixture
def scheme_findings(scheme_outcome: Callable[..., tuple[int, dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
    """Return the findings for which a sheet is refused under a scheme."""

    def run(scheme: str, **person: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        code, printed = scheme_outcome(scheme, **person)
        assert code == Exit.REFUSED
        return list(printed["findings"])

    return run


@pytest.fixture
def scheme_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Return the exit code of `starledger score` for a whole sheet under a scheme, and what it printed."""

    def run(scheme: str, people: list[dict[str, Any]], **sheet: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401
        path = tmp_path / "table.json"
        path.write_text(json.dumps({"period": "2025", **sheet, "people": people}), encoding="utf-8")
        code = main(["--lang", "en", "score", str(HERE / f"{scheme}.toml"), str(path), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture(scope="session")
def steps_of() -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    """Return every step of a result's explanation."""

    def walk(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield step
        for child in step["children"]:
            yield from walk(child)

    return lambda result: list(walk(result["explanation"]))


@pytest.fixture(scope="session")
def clauses_of() -> Callable[[str], set[str]]:
    """Return the ids of a scheme's clauses."""

    def read(scheme: str) -> set[str]:
        document = tomllib.loads((HERE / f"{scheme}.toml").read_text(encoding="utf-8"))
        return {clause["id"] for clause in document["clauses"]}

    return read
