"""The generated pages say what the code says: each is current, complete, and the scan behind it finds what is cited."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from cli.exits import Exit, Stop, refuse
from cli.main import app
from docs.citations import citations
from docs.generate import GROUPS, KINDS_OF_REFUSAL, codes_in, events_page, pages, type_name
from domain.catalogue import CATALOGUE
from domain.decision import REFUSALS
from domain.notices import NoticePosted
from domain.scores import ScoreRecorded
from domain.text import Text

REMEDY = "docs/{} is older than the code; run: .venv/bin/python docs/generate.py"


@pytest.mark.parametrize("name", ["requirements.md", "events.md", "commands.md", "forms.md", "api.md"])
def test_a_generated_page_is_current(checkout: Path, name: str) -> None:
    written = (checkout / "docs" / name).read_text(encoding="utf-8")
    assert written == pages(checkout)[name], REMEDY.format(name)


def test_every_sub_command_is_in_the_docs(checkout: Path) -> None:
    page = (checkout / "docs" / "commands.md").read_text(encoding="utf-8")
    names = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert [name for name in names if f"\n### `{name}`\n" not in page] == []


def test_every_event_is_in_the_docs(checkout: Path) -> None:
    page = (checkout / "docs" / "events.md").read_text(encoding="utf-8")
    assert [name for name in CATALOGUE.events if f"\n### `{name}`\n" not in page] == []


def test_every_clause_of_the_seeds_is_in_the_docs(checkout: Path) -> None:
    page = (checkout / "docs" / "requirements.md").read_text(encoding="utf-8")
    numbers = {"A-": 51, "AMB-A": 18, "B-": 55, "AMB-B": 28}
    assert numbers.keys() == GROUPS.keys()
    wanted = [f"{prefix}{number}" for prefix, last in numbers.items() for number in range(1, last + 1)]
    assert [line.split(" | ")[0].removeprefix("| ") for line in page.splitlines() if _is_clause(line)] == wanted


def _is_clause(line: str) -> bool:
    return line.startswith(tuple(f"| {prefix}" for prefix in GROUPS))


@pytest.fixture
def house(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return how to put one file into an otherwise empty house."""

    def put(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path

    return put


def test_a_citation_is_found_where_it_stands(house: Callable[[str, str], Path]) -> None:
    clause = "A-" + "900"
    root = house("ledger/deep/tree.py", f'"""Say ({clause})."""\n\n\ndef root() -> str:\n    """Say {clause}."""\n')
    house("tests/ledger/test_tree.py", f'"""Say {clause}."""\n')
    assert citations(root) == {clause: {"ledger": ["deep.tree"], "tests": ["ledger/test_tree"]}}


def test_an_id_that_is_part_of_another_word_is_no_citation(house: Callable[[str, str], Path]) -> None:
    clause = "A-" + "900"
    assert citations(house("domain/a.py", f'"""X{clause}, {clause}b, AMB-{clause}, RFC-{clause}."""\n')) == {}


def test_a_command_and_an_event_are_called_by_the_names_that_users_know(checkout: Path) -> None:
    places = citations(checkout)
    assert "`set-goal`" in places["A-16"]["domain"]


def test_a_rulebook_cites_a_clause_by_the_place_that_rests_on_it(checkout: Path) -> None:
    places = citations(checkout)
    assert "annual-360 `caps[1]`" in places["A-33"]["rulebook"]
    assert "annual-360 `readings.cap_rounding`" in places["AMB-A4"]["rulebook"]
    assert "annual-360 `publicity`" in places["AMB-B14"]["rulebook"]


def test_refusal_codes_are_read_with_their_kind() -> None:
    text = 'raise NotFound("no-such-thing", W)\nraise Refused(code, W)\nother("not-a-code")\nraise Refused("no", W)'
    assert codes_in(text) == {"no-such-thing": "NotFound", "no": "Refused"}


def test_the_exit_code_beside_a_refusal_is_the_one_the_program_ends_with() -> None:
    ended = {}
    for kind in REFUSALS:
        with pytest.raises(Stop) as stopped:
            refuse(kind("code", Text("", "")), "en", as_json=False)
        ended[kind.__name__] = Exit(stopped.value.code)
    assert ended == KINDS_OF_REFUSAL


def test_a_field_says_how_it_is_kept() -> None:
    page = events_page()
    assert "| statement | sealed text | sealed |" in page
    assert "| document | Document | attachment, read by decisions |" in page
    assert "| evidence | Evidence or none | attachment |" in page
    assert "| person | PersonId | tag `person:…` |" in page


def test_types_are_written_in_readers_words() -> None:
    assert type_name(ScoreRecorded.__annotations__["points"]) == "decimal, as text"
    assert type_name(NoticePosted.__annotations__["places"]) == "list of text"
