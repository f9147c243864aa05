"""What an engine once said of a sheet, it says for ever: each file under golden/ is frozen with the engine it names."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from domain.scoring import ENGINE

FROZEN = json.loads((Path(__file__).parent / "golden" / "schemes-engine-2.json").read_text(encoding="utf-8"))
SCHEMES = Path(__file__).parents[1] / "domain" / "schemes"


@pytest.mark.parametrize("case", FROZEN, ids=[case["name"] for case in FROZEN])
def test_what_engine_2_said_of_the_composed_schemes_it_still_says(
    case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All but the explaining tree, whose numbers the schemes' own tests hold; the rulebook's bytes are frozen too."""
    path = tmp_path / "sheet.json"
    path.write_text(json.dumps(case["sheet"]), encoding="utf-8")
    assert main(["--lang", "en", "score", str(SCHEMES / f"{case['scheme']}.toml"), str(path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    for person in printed["people"]:
        del person["explanation"]
    assert (printed.pop("engine"), case["outcome"]["engine"]) == (ENGINE, 2)
    assert printed == {name: value for name, value in case["outcome"].items() if name != "engine"}
