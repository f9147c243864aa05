"""A number without a clause is named wherever in the document it stands, in every construct of the format."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rulebooks
from domain.findings import Invalid
from domain.rulebook import Rulebook, lint, parse_rulebook

SCHEMES = sorted((Path(__file__).parents[1] / "schemes").glob("*.toml"))
BOOKS = [rulebooks.shipped(name) for name in rulebooks.SHIPPED] + [path.read_bytes() for path in SCHEMES]
NAMES = [*rulebooks.SHIPPED, *(path.stem for path in SCHEMES)]
CLAUSE = re.compile(r'^(?:[a-z]+_)?clause = "[^"]+"\n|, clause = "[^"]+"', re.MULTILINE)


def named(rulebook: Rulebook, code: str) -> list[str]:
    return [each.place for each in lint(rulebook) if each.code == code]


def uncommented(document: bytes) -> str:
    return re.sub(r"^#.*\n| +# .*$", "", document.decode(), flags=re.MULTILINE)


def without_one(text: str) -> Iterator[tuple[str, str]]:
    """Yield the document without one of its citations, and what was taken out, citation by citation."""
    for found in CLAUSE.finditer(text):
        yield text[: found.start()] + text[found.end() :], text[: found.end()].splitlines()[-1]


@pytest.mark.parametrize("document", BOOKS, ids=NAMES)
def test_every_number_of_the_books_cites_a_clause_that_is_there(document: bytes) -> None:
    rulebook = parse_rulebook(document)
    assert named(rulebook, "clause-missing") == []
    assert named(rulebook, "clause-absent") == []


@pytest.mark.parametrize("document", BOOKS, ids=NAMES)
def test_a_citation_taken_out_anywhere_is_missed(document: bytes) -> None:
    text, tried = uncommented(document), 0
    for less, line in without_one(text):
        with contextlib.suppress(Invalid):
            assert len(named(parse_rulebook(less.encode()), "clause-missing")) == 1, line
            tried += 1
    assert tried > 10


@pytest.mark.parametrize("document", BOOKS, ids=NAMES)
def test_a_citation_of_what_is_not_there_is_missed(document: bytes) -> None:
    text = uncommented(document)
    for found in CLAUSE.finditer(text):
        wrong = text[: found.start()] + re.sub(r'"[^"]+"', '"NO-SUCH"', found[0]) + text[found.end() :]
        assert len(named(parse_rulebook(wrong.encode()), "clause-absent")) == 1, found[0]
