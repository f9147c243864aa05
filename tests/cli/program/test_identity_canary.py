"""Who objected in confidence, health, circumstances and choices are told to nobody but a named reader, in no way.

Words that stand nowhere else are looked for in every answer to every audience, in every route, log line, file, cell and
error message (reliability.md, "objector's identity canary"). Each control takes one safety away, and must be found out.
"""

import dataclasses
import json
import logging
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog

from api.logging import configure
from cli.exits import Exit
from cli.wiring import keeping_open
from domain.objections import FileObjection
from domain.sealed import Sealed
from domain.text import Text
from ledger.ledger import Ledger
from projections.sentences import Telling
from tests.cli.canary_house import (
    BY_OFFICER,
    CHOICE,
    HEALTH,
    IN_CONFIDENCE,
    OBJECTOR,
    House,
    annual_house,
    monthly_house,
)
from tests.cli.canary_search import (
    Program,
    Searched,
    ask_every_route,
    ask_everything,
    for_whom,
    in_rows,
    look_at_bytes,
    occurrences,
    questions,
    reading_commands,
)
from tests.experiments import Notebook

PROMISE = "who objected in confidence, health, circumstances and choices are told to named readers alone"
WAY = "canaries looked for in every answer to every audience, route, log line, file, cell and error message"
RANDOM = re.compile(r"[0-9a-f]{8,}[0-9a-f-]*")


@pytest.fixture(scope="module")
def annual(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Give the house of seed A's year, which tests only read."""
    return annual_house(tmp_path_factory.mktemp("annual") / "data")


@pytest.fixture(scope="module")
def monthly(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Give the house of seed B's months, which tests only read."""
    return monthly_house(tmp_path_factory.mktemp("monthly") / "data")


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Give everything that is logged meanwhile, down to the last detail."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = StringIO()
    configure(written, as_json=True, level=logging.DEBUG)
    yield written
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def copy_of(house: House, directory: Path) -> House:
    """Return a house of its own, to write in."""
    shutil.copytree(house.data, directory / "data")
    return dataclasses.replace(house, data=directory / "data")


def searched_in(house: House, program: Program, log: StringIO) -> Searched:
    """Return what the whole search came to in one house."""
    searched = Searched(house.canaries)
    with keeping_open():
        ask_everything(house, program, searched)
    ask_every_route(house, searched)
    look_at_bytes(house, searched)
    searched.look("log", log.getvalue())
    return searched


@pytest.mark.slow
def test_no_canary_is_found_anywhere(
    annual: House, monthly: House, program: Program, log: StringIO, notebook: Notebook
) -> None:
    outcomes = [searched_in(house, program, log) for house in (annual, monthly)]
    figures = {
        "canaries": sum(len(outcome.canaries) for outcome in outcomes),
        "sub-commands": len(reading_commands()),
        "answers, files and tables": sum(outcome.answers for outcome in outcomes),
        "bytes": sum(outcome.octets for outcome in outcomes),
        "found": sum(len(outcome.found) for outcome in outcomes),
    }
    notebook.saw(PROMISE, WAY, on="SQLite", runs=len(outcomes), figures=figures)
    assert [outcome.found for outcome in outcomes] == [[], []]
    assert [outcome.crashed for outcome in outcomes] == [[], []]
    assert outcomes[0].answering | outcomes[1].answering == set(reading_commands())
    assert figures["answers, files and tables"] > 1000


@pytest.mark.slow
def test_sentences_that_resolve_sealed_words_are_found_out(
    annual: House, program: Program, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(annual.data / "ledger.db")) as connection:
        words = dict(connection.execute("SELECT digest, value FROM sealed").fetchall())
    monkeypatch.setattr(Telling, "sealed", lambda _, value: Text(*[words.get(getattr(value, "digest", ""), "")] * 2))
    searched = Searched(annual.canaries)
    with keeping_open():
        ask_everything(annual, program, searched, thorough=False)
    figures = {"found": len(searched.found), "answers": searched.answers}
    way = f"{WAY}; sentences that resolve sealed words"
    notebook.saw(PROMISE, way, on="SQLite", runs=1, control=True, figures=figures)
    assert {where.split()[0] for _, where in searched.found} >= {"history", "explain"}


def test_only_the_named_reader_is_told_and_each_time_is_on_record(
    annual: House, monthly: House, program: Program, tmp_path: Path
) -> None:
    for number, original in enumerate((annual, monthly)):
        house = copy_of(original, tmp_path / str(number))
        for canary, position in house.readings.items():
            words = ("read-sealed", "--fact", position, "--purpose", "核对")
            for nobody in ("li", "zhang", "operator", "stranger", "auditor"):
                code, out, err = told(program, house, *words, "--as", nobody, "--json")
                if (nobody, position) != ("zhang", annual.readings.get(canary)) or "exempt" not in canary:
                    assert code == 4
                    assert canary not in out + err
            code, out, err = told(program, house, *words, "--as", "chen")
            assert (code, out, canary in err) == (0, f"{canary}\n", False)
        history = told(program, house, "history", "--json")[1]
        kinds = [fact["type"] for fact in json.loads(history)]
        assert kinds.count("sealed.Read.v1") >= len(house.readings)
        assert kinds.count("sealed.ReadingRefused.v1") >= 4 * len(house.readings)
        assert not [canary for canary in house.canaries if canary in history]


def told(program: Program, house: House, *words: object, lang: str = "zh") -> tuple[int, str, str]:
    """Return what the terminal answers about a house."""
    return program("--data", house.data, "--lang", lang, *words)


FAILING: tuple[tuple[object, ...], ...] = (
    ("exempt-member", "--round", "workshop-1.2025", "--person", "sun", "--decided-by", "x", "--as", "sun"),
    ("exempt-member", "--round", "nowhere", "--person", "sun", "--decided-by", "x", "--as", "li"),
    ("exempt-member", "--round", "workshop-1.2025", "--person", "su n", "--decided-by", "x", "--as", "li"),
    ("exempt-member", "--round", "workshop-1.2025", "--person", "sun", "--decided-by", "x", "--as", "li", "--dry-run"),
)
APOLOGIES = ('{"person": "sun", "health": "@"}', '[{"person": "sun", "health": "@"', '{"person": 7, "health": "@"}')


def complaints(program: Program, house: House) -> Iterator[str]:
    """Yield what is answered to commands that carry a canary and fail in one way or another."""
    for words in FAILING:
        yield "".join(told(program, house, *words, "--reason", HEALTH)[1:])
    for apology in APOLOGIES:
        for language in ("zh", "en"):
            attendance = ("record-attendance", "--meeting", "m", "--present", "li", "--as", "zhang", "--apologies")
            yield "".join(told(program, house, *attendance, apology.replace("@", HEALTH), lang=language)[1:])
    objecting = (
        "file-objection",
        "--round",
        "workshop-1.2025",
        "--objection",
        "o-9",
        "--about",
        "wu",
        "--confidential",
    )
    named = (*objecting, "--statement", "x", "--confidential-name", HEALTH)
    yield "".join(told(program, house, *named, "--as", "li")[1:])
    yield "".join(told(program, house, *named, "--as", "stranger")[1:])
    yield "".join(told(program, house, *named, "--as", "li", "--objector", "sun")[1:])
    with closing(sqlite3.connect(house.data / "ledger.db")) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON sealed BEGIN SELECT RAISE(ABORT, 'no room'); END")
        connection.commit()
    late = program("--data", house.data, *named[:6], "o-10", *named[7:], "--as", "li")
    assert late[0] != 0
    yield "".join(late[1:])


def test_no_error_message_and_no_log_line_repeats_private_words(
    annual: House, program: Program, log: StringIO, tmp_path: Path
) -> None:
    searched = Searched((HEALTH,))
    for answer in complaints(program, copy_of(annual, tmp_path)):
        searched.look(answer, answer)
    searched.look("log", log.getvalue())
    assert searched.answers > 10
    assert searched.found == []


def test_a_log_that_prints_what_was_asked_is_found_out(
    annual: House, program: Program, log: StringIO, tmp_path: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger, "execute", talkative(Ledger.execute))
    searched = Searched((HEALTH,))
    for _ in complaints(program, copy_of(annual, tmp_path)):
        pass
    searched.look("log", log.getvalue())
    way = f"{WAY}; a log that prints what was asked"
    notebook.saw(PROMISE, way, on="SQLite", runs=1, control=True, figures={"found": len(searched.found)})
    assert searched.found == [(HEALTH, "log")]


def talkative(execute: Callable[..., Any]) -> Callable[..., Any]:
    """Return how to record with a log line that has the words of the command in it."""

    def run(self: Ledger, command: Any, **how: Any) -> Any:  # noqa: ANN401
        fields = ((each.name, getattr(command, each.name)) for each in dataclasses.fields(command))
        said = {name: value.text if isinstance(value, Sealed) else value for name, value in fields}
        structlog.stdlib.get_logger("ledger").info("asked", words=str(said))
        return execute(self, command, **how)

    return run


def test_who_objects_in_confidence_is_found_no_more_often_than_if_he_had_not(
    annual: House, program: Program, tmp_path: Path
) -> None:
    twin = annual_house(tmp_path / "data", quiet=False)
    assert in_rows(annual, OBJECTOR) == in_rows(twin, OBJECTOR)
    assert sum(in_rows(annual, OBJECTOR).values()) > 0
    with keeping_open():
        assert occurrences(annual, program, OBJECTOR) == occurrences(twin, program, OBJECTOR)


def test_without_confidence_he_is_found_more_often(
    annual: House, program: Program, tmp_path: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileObjection, "in_confidence", False)
    open_house = annual_house(tmp_path / "data")
    more = sum(in_rows(open_house, OBJECTOR).values()) - sum(in_rows(annual, OBJECTOR).values())
    way = f"{WAY}; objecting without a pseudonym"
    notebook.saw(PROMISE, way, on="SQLite", runs=1, control=True, figures={"found more often": more})
    assert more > 0
    objection = ("history", "--objection", IN_CONFIDENCE)
    assert OBJECTOR in told(program, open_house, *objection)[1]
    assert OBJECTOR not in told(program, annual, *objection)[1]
    assert "zhao" in told(program, annual, "history", "--objection", BY_OFFICER)[1]


def test_a_choice_that_does_not_fit_is_neither_repeated_nor_kept(
    opened: Path, program: Program, tmp_path: Path, log: StringIO
) -> None:
    house, searched = with_box(opened, tmp_path, program), Searched((CHOICE,))
    refused = vote(house, program, CHOICE)
    assert refused[0] == Exit.REFUSED
    searched.look("vote", "".join(refused[1:]))
    look_at_bytes(house, searched)
    searched.look("log", log.getvalue())
    assert searched.found == []


def test_no_answer_depends_on_what_lies_in_a_ballot_box(opened: Path, program: Program, tmp_path: Path) -> None:
    told_of: list[list[str]] = []
    for points in ("37", "61"):
        house = with_box(opened, tmp_path / points, program)
        assert vote(house, program, points)[0] == Exit.OK
        with keeping_open():
            answers = everything_said(house, program)
        assert told(program, house, "void-box", "--box", "B1", "--why", "x", "--as", "P03")[0] == Exit.OK
        with keeping_open():
            told_of.append(answers + everything_said(house, program))
    assert told_of[0] == told_of[1]
    assert "box-status" in {words[0] for words in questions(house, tmp_path)}


def with_box(opened: Path, directory: Path, program: Program) -> House:
    """Return a house of its own with an open ballot box."""
    shutil.copytree(opened, directory / "data")
    asked = {"round_id": ("r2025",), "box": ("B1",), "branch": ("b1",), "person": ("P01", "P02")}
    house = House(directory / "data", (CHOICE,), asked, {})
    voters = tuple(word for number in range(1, 7) for word in ("--voter", f"P{number:02}=masses"))
    opening = ("open-box", "--box", "B1", "--round", "r2025", "--component", "masses", *voters, "--as", "P03")
    assert told(program, house, *opening)[0] == Exit.OK
    return house


def vote(house: House, program: Program, mark: str) -> tuple[int, str, str]:
    """Let one voter give everybody else the same mark; return what the terminal answers."""
    sheet = house.data.parent / "sheet.json"
    sheet.write_text(json.dumps({f"P{number:02}": mark for number in range(2, 9)}), encoding="utf-8")
    return told(program, house, "vote", "--box", "B1", "--sheet", f"@{sheet}", "--as", "P01")


def everything_said(house: House, program: Program) -> list[str]:
    """Return every answer in plain, with what is random about it left out."""
    out = house.data.parent / "out"
    out.mkdir(exist_ok=True)
    steady = {name for name, command in reading_commands().items() if for_whom(command)} | {"box-status"}
    answers = ["".join(told(program, house, *words)[1:]) for words in questions(house, out) if words[0] in steady]
    return [RANDOM.sub("…", answer.replace(str(house.data.parent), "")) for answer in answers]
