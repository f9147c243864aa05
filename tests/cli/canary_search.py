"""Looking for canaries: every reading sub-command for every audience, routes, logs, and every byte that is kept."""

import dataclasses
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import INTERNAL_SERVER_ERROR
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, Final

import typer
from fastapi.testclient import TestClient

from api.app import create_app
from api.queries.beside import Beside
from cli.exits import Exit
from cli.main import app
from cli.wiring import installation
from domain.archiving import ExportSealed
from domain.catalogue import CATALOGUE
from projections.withholding import AUDIENCES
from tests.api.every_route import questions as questions_over_http
from tests.api.identities import PERSON, STEPPED_UP, ByHeader
from tests.cli.canary_house import House
from tests.cli.conftest import settings

Program = Callable[..., tuple[int, str, str]]
WITHOUT_LEDGER: Final = frozenset({"score", "demo", "serve", "signer", "bench", "witness"})
"""They read no ledger, make one of their own, or never end."""
NOT_ASKED: Final = frozenset({"rulebook", "as_of", "as_json", "audience", "reader", "check", "with_stars", "ballots"})
"""Options that choose nothing to read, or are tried separately."""
GIVEN: Final = frozenset({"import-table", "import-roster-table", "key-in", "compare-sheets", "check-receipt"})
"""They take a workbook, a sheet or a receipt in; the corpus of error messages has its own words for them."""
TO_WRITE: Final = frozenset({"grant", "tiles", "accounts", "backup", "restore", "move", "print"}) | GIVEN
"""Or they write hashes alone, or rights, or the whole installation; what is printed is searched in tests/paper."""
EXPORTS: Final = frozenset({ExportSealed.NAME})
"""It records something only where sealed words leave, which is tried separately."""
ARCHIVES: Final = ("archive", "earlier", "later")
FILES: Final = dict.fromkeys(("file", "old", "new"), ("annual-360", "monthly-points"))
"""Rulebooks, where one is asked for."""
MOMENTS: Final = {"first": ("1",), "without": ("30", "90"), "cap_rounding": ("ceil",), "star": ("3",)}
"""What the auditor's desk compares from, and supposes otherwise."""
CODE: Final = {"copy": ("0000-0000-0000-0000",)}
"""A code that no notice has, where the house has no notice."""
FORMS: Final = ("prov", "text", "page", "html")
"""The other forms of an explanation over HTTP."""
CELLS: Final = "SELECT * FROM {}"


@dataclass
class Searched:
    """What was looked through, and where a canary was found."""

    canaries: tuple[str, ...]
    answers: int = 0
    octets: int = 0
    found: list[tuple[str, str]] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    answering: set[str] = field(default_factory=set)

    def look(self, where: str, content: str | bytes) -> None:
        """Look through one answer, line, file or row."""
        kept = content.encode() if isinstance(content, str) else content
        self.answers += 1
        self.octets += len(kept)
        self.found += [(canary, where) for canary in self.canaries if canary.encode() in kept]


def reading_commands() -> dict[str, typer.core.TyperCommand]:
    """Return every sub-command that only reads, from the program itself: a new one is among them.

    One of a group is named by both words, such as `rulebook try`.
    """
    recording = {kind.NAME for kind in CATALOGUE.deciders} | WITHOUT_LEDGER | TO_WRITE
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    groups = {name: command.commands for name, command in commands.items() if hasattr(command, "commands")}
    asking = {name: group for name, group in groups.items() if name not in recording}
    grouped = {f"{name} {own}": command for name, group in asking.items() for own, command in group.items()}
    alone = {name: command for name, command in commands.items() if name not in recording - EXPORTS | groups.keys()}
    return alone | grouped


def questions(house: House, out: Path) -> Iterator[tuple[str, ...]]:
    """Yield every way to ask every reading sub-command about what is in the house."""
    for name, command in reading_commands().items():
        options = {option.name: option for option in command.params if option.name not in NOT_ASKED}
        moments = {**MOMENTS, **CODE, **dict.fromkeys(ARCHIVES, (str(out / "archive.zip"),))}
        known: dict[str, Iterable[str]] = {**moments, **house.asked, **FILES, "out": (str(out / f"{name}.xlsx"),)}
        needed = [key for key, option in options.items() if option.required]
        if any(key not in known for key in needed):
            if any(key not in ("box", "meeting", "objection", "round_id", "person", "branch", "out") for key in needed):
                raise LookupError(name, needed)  # a new sub-command: say in the house how it is asked
            continue
        for values in product(*(known[key] for key in needed)):
            given = [word for key, value in zip(needed, values, strict=True) for word in _said(options[key], value)]
            yield (name, *given)
            for key in options.keys() - set(needed):
                yield from ((name, *given, *_said(options[key], value)) for value in known.get(key, ()))


def _said(option: Any, value: str) -> tuple[str, ...]:  # noqa: ANN401 - click's
    return (value,) if option.param_type_name == "argument" else (_flag(option), value)


def _flag(option: Any) -> str:  # noqa: ANN401 - click's
    found: str = max(option.opts, key=len)
    return found


def for_whom(command: typer.core.TyperCommand) -> bool:
    """Return whether a sub-command can be asked to answer for an audience."""
    return any(option.name == "audience" for option in command.params)


def viewers(command: typer.core.TyperCommand, house: House) -> Iterator[tuple[str, ...]]:
    """Yield before whom a sub-command can answer: each audience, some people."""
    if for_whom(command):
        yield from (("--audience", audience) for audience in AUDIENCES)
        yield from (("--reader", person) for person in house.asked.get("person", ())[:3])


def ask_everything(house: House, program: Program, searched: Searched, *, thorough: bool = True) -> None:
    """Ask every question, for every audience if `thorough`, as JSON and in text, and look through every answer."""
    out = Path(tempfile.mkdtemp(dir=house.data.parent))
    commands = reading_commands()
    asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = [(words, ()) for words in questions(house, out)]
    first = dataclasses.replace(house, asked={name: values[:1] for name, values in house.asked.items()})
    for words in questions(first, out) if thorough else ():
        asked += [(words, viewer) for viewer in viewers(commands[words[0]], house)]
    for words, viewer in asked:
        command = commands[words[0]]
        for language, form in _forms(command, everything=thorough and not viewer):
            code, said, complained = program(
                "--data", house.data, "--lang", language, *words[0].split(), *words[1:], *viewer, *form
            )
            searched.look(" ".join((*words, *viewer, *form)), said + complained)
            searched.answering |= {words[0]} if code == Exit.OK else set()
            if code == Exit.UNEXPECTED and for_whom(command):
                searched.crashed.append(" ".join((*words, *viewer, *form)))
            if "--out" in words or words[0] in EXPORTS:
                _look_into_files(out, searched)


def _forms(command: typer.core.TyperCommand, *, everything: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield in which languages and forms an answer is asked for; before an audience English only as JSON."""
    yield ("zh", ())
    if everything:
        yield ("en", ())
    if any(option.name == "as_json" for option in command.params):
        yield ("en", ("--json",))


def _look_into_files(out: Path, searched: Searched) -> None:
    """Look into workbooks, and into the archive, which stays for the sub-commands that check it."""
    for path in (*out.glob("*.xlsx"), *out.glob("*.zip")):
        with zipfile.ZipFile(path) as written:
            for member in written.namelist():
                searched.look(f"{path.name}!{member}", written.read(member))
        if path.suffix == ".xlsx":
            path.unlink()


def ask_every_route(house: House, searched: Searched) -> int:
    """Ask every GET route that there is, as each person of the house and as nobody; return how many were asked."""
    with installation(settings(house.data)) as installed:
        beside = Beside(stream_seconds=0)
        served = create_app(ledger=installed.ledger, follower=installed.follower, identities=ByHeader(), beside=beside)
        urls = ["/openapi.json", "/nowhere"]
        for route, url in questions_over_http(served, house.asked):
            past = f"{url}{'&' if '?' in url else '?'}as_of=150"
            urls += [url, past, *(f"{url}?format={form}" for form in FORMS if route.endswith("/explanation"))]
        with TestClient(served, raise_server_exceptions=False) as client:
            asked = list(product(urls, (None, *house.asked["person"])))
            for url, person in asked:
                answer = client.get(url, headers={} if person is None else {PERSON: person, STEPPED_UP: "now"})
                for content in _unpacked(answer.content):
                    searched.look(f"{url} as {person}", content + str(answer.headers).encode())
                searched.crashed += [f"{url} as {person}"] if answer.status_code == INTERNAL_SERVER_ERROR else []
    return len(asked)


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield what was sent, or what is in it where it is an archive."""
    if not zipfile.is_zipfile(BytesIO(content)):
        yield content
        return
    with zipfile.ZipFile(BytesIO(content)) as archive:
        yield from (archive.read(name) for name in archive.namelist())


def look_at_bytes(house: House, searched: Searched) -> None:
    """Look through every file beside the ledger, every cell of it outside the sealed table, and the file without it."""
    for path in sorted(house.data.rglob("*")):
        if path.is_file() and not path.name.startswith("ledger.db"):
            searched.look(path.name, path.read_bytes())
    for table, content in cells(house.data / "ledger.db"):
        searched.look(f"ledger.db {table}", content)
    searched.look("ledger.db without sealed words", without_sealed(house.data / "ledger.db"))


def cells(database: Path, *, sealed: bool = False) -> Iterator[tuple[str, bytes]]:
    """Yield every table of a database with its rows in plain; that of sealed words only if wanted."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            if sealed or name != "sealed":
                rows = connection.execute(CELLS.format(name)).fetchall()
                yield name, repr(rows).encode() + b"".join(_raw(rows))


def _raw(rows: list[tuple[Any, ...]]) -> Iterator[bytes]:
    yield from (cell for row in rows for cell in row if isinstance(cell, bytes))


def without_sealed(database: Path) -> bytes:
    """Return the bytes of a copy of a ledger from which the sealed words were taken out."""
    copy = Path(tempfile.mkdtemp(dir=database.parent.parent)) / "copy.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA secure_delete = ON")
        target.execute("DELETE FROM sealed")
        target.commit()
        target.execute("VACUUM")
    found = copy.read_bytes()
    shutil.rmtree(copy.parent)
    return found


def occurrences(house: House, program: Program, word: str) -> list[int]:
    """Return how often a word stands in each answer that is asked for in plain."""
    out = Path(tempfile.mkdtemp(dir=house.data.parent))
    return [
        "".join(program("--data", house.data, "--lang", "en", *words)[1:]).count(word)
        for words in questions(house, out)
    ]


def in_rows(house: House, word: str) -> dict[str, int]:
    """Return how often a word stands in each table of the ledger, sealed words included."""
    return {table: content.count(word.encode()) for table, content in cells(house.data / "ledger.db", sealed=True)}
