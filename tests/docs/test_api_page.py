"""The page for programs: its session happens as printed, with a real server and real requests; its lists are whole."""

import shutil
import socket
from pathlib import Path

import pytest

from docs.generate import codes_in
from docs.http_page import codes_made
from domain.catalogue import CATALOGUE
from tests.docs.test_audit_page import walk
from tests.docs.test_readme_session import Exchange, fits, typed_in

PAGE = "docs/api.md"
SERVE = "starledger serve"
ITSELF = '"$PYTHON" -P -m cli.main serve'
"""A shell's function in the background is a process more, which would be the one that is told to end."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.slow
def test_the_session_happens_as_it_is_printed(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shutil.which("curl"), "the session in docs/api.md is typed with curl, which is not installed here"
    monkeypatch.setenv("PORT", str(free_port()))
    session = walk(checkout / PAGE)
    typed = [Exchange(each.typed.replace(SERVE, ITSELF).replace("kill %1", "kill $!"), "") for each in session]
    came = typed_in(typed, tmp_path)
    assert len(came) == len(session) > 0
    for each, really in zip(session, came, strict=True):
        assert fits(each.printed, really), f"$ {each.typed}\npage:\n{each.printed}\n\nreally:\n{really}"


def test_every_command_is_on_the_page(checkout: Path) -> None:
    page = (checkout / PAGE).read_text(encoding="utf-8")
    assert [kind.NAME for kind in CATALOGUE.deciders if f"| `{kind.NAME}` |" not in page] == []


def test_every_code_that_a_decision_is_refused_with_is_on_the_page(checkout: Path) -> None:
    page = (checkout / PAGE).read_text(encoding="utf-8")
    codes = {code for path in (checkout / "domain").glob("*.py") for code in codes_in(path.read_text(encoding="utf-8"))}
    assert len(codes) > 100
    assert sorted(code for code in codes if f"`{code}`" not in page) == []


def test_a_code_is_found_with_the_status_that_answers_it() -> None:
    made = (
        'raise Conflict("a", why)\nclass Late(Refused):\n    def __init__(self):\n        super().__init__("b", why)\n'
    )
    assert dict(codes_made(made)) == {"a": 409, "b": 422}
