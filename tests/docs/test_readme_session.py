"""The session in each README happens as it is printed: typed in order, in a fresh directory, compared line by line.

It shows what A-41 asks for, that what was recorded is difficult to change, and A-43, that every number can be traced.
In the printed output `…` stands for what differs from run to run, and on a line of its own for lines left out.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

READMES = ("README.md", "README.zh.md")
SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "=== next line ==="
PRELUDE = 'starledger() { "$PYTHON" -P -m cli.main "$@"; }\npython3() { "$PYTHON" "$@"; }\n'


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is typed, and what is printed after it."""

    typed: str
    printed: str


def exchanges(session: str) -> list[Exchange]:
    """Return what a session types and prints; a typed line that ends in a backslash goes on."""
    found = []
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        typed, printed = re.fullmatch(r"((?:[^\n]*\\\n)*[^\n]*\n)(.*)", part, re.DOTALL).groups()  # type: ignore[union-attr]
        found.append(Exchange(typed.strip(), printed.strip()))
    return found


def typed_in(session: list[Exchange], where: Path) -> list[str]:
    """Return what is printed after each line of a session that is typed in `where`, errors included."""
    script = PRELUDE + "".join(f"echo '{MARK}'\n{each.typed}\n" for each in session)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STARLEDGER_")}
    ended = subprocess.run(
        ["bash", "-c", script],  # noqa: S607 - whichever shell the reader has
        cwd=where,
        env=environment | {"PYTHON": sys.executable, "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return [part.strip() for part in ended.stdout.split(f"{MARK}\n")[1:]]


def fits(printed: str, really: str) -> bool:
    """Return whether what a README prints is what came, but for what it leaves out."""
    wanted = "".join(_pattern(line) for line in printed.splitlines())
    there = "".join(f"{line.rstrip()}\n" for line in really.splitlines())
    return re.fullmatch(wanted, there) is not None


def _pattern(line: str) -> str:
    return r"(?:.*\n)*?" if line == "…" else "[^\n]*?".join(map(re.escape, line.split("…"))) + "\n"


def session_of(readme: Path) -> list[Exchange]:
    """Return the one session that a README shows."""
    (session,) = SESSION.findall(readme.read_text(encoding="utf-8"))
    return exchanges(session)


@pytest.mark.slow
@pytest.mark.parametrize("name", READMES)
def test_the_session_happens_as_it_is_printed(checkout: Path, tmp_path: Path, name: str) -> None:
    session = session_of(checkout / name)
    came = typed_in(session, tmp_path)
    assert len(came) == len(session)
    for each, really in zip(session, came, strict=True):
        assert fits(each.printed, really), f"$ {each.typed}\nREADME:\n{each.printed}\n\nreally:\n{really}"


@pytest.mark.parametrize("name", READMES)
def test_the_session_shows_a_change_that_is_found(checkout: Path, name: str) -> None:
    typed = "\n".join(each.typed for each in session_of(checkout / name))
    shown = ("post-notice", "file-objection", "confirm-stars", "explain", "verify", "UPDATE facts", "verify")
    places = [place for place in map(typed.find, shown) if place >= 0]
    assert len(places) == len(shown)
    assert typed.rfind("verify") > typed.find("UPDATE facts") > typed.find("verify")


def test_both_sessions_type_the_same_but_for_the_words(checkout: Path) -> None:
    one, other = (session_of(checkout / name) for name in READMES)
    assert [_commands(each.typed) for each in one] == [_commands(each.typed) for each in other]


def _commands(typed: str) -> list[str]:
    """Return a typed line without what is quoted: words for people are of the reader's language."""
    return [word for word in re.sub(r"\"[^\"]*\"", '""', typed).split() if not word.startswith("#")]


def test_what_differs_from_the_printed_would_be_found() -> None:
    assert fits("a …\n…\nz", "a 1\nb\nc\nz")
    assert fits("…\nz", "z")
    assert not fits("a …\nz", "a 1\nb\nz")
    assert not fits("a", "a\nb")
    assert not fits("a", "b")


def test_what_is_typed_is_told_from_what_is_printed() -> None:
    assert exchanges("$ one \\\n  more\nout\nput\n$ two\n$ three\nlast\n") == [
        Exchange("one \\\n  more", "out\nput"),
        Exchange("two", ""),
        Exchange("three", "last"),
    ]
