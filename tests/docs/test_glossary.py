"""The glossary has the words of the field: every office, every kind of event, the nouns that the seeds use."""

import re
from pathlib import Path

import pytest

from domain.catalogue import CATALOGUE
from domain.roles import EN_ZH

NOUNS = {
    "commitment": "公开承诺",
    "record entry": "记实",
    "report": "一讲",
    "comment": "点评",
    "appraisal ballot": "民主评议",
    "publicity": "公示",
    "objection": "异议",
    "confirmation": "确认",
    "star": "星级",
    "rulebook": "评星办法",
    "round": "评定周期",
}
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows(checkout: Path) -> list[tuple[str, str, str]]:
    """Return (Chinese, English, in the code) of every entry."""
    text = (checkout / "docs" / "glossary.md").read_text(encoding="utf-8")
    return [(zh, en, code) for zh, en, code in ROW.findall(text) if zh not in {"中文", "---"}]


def test_every_office_stands_beside_its_name(rows: list[tuple[str, str, str]]) -> None:
    offices = {(zh, code.strip("`")) for zh, _, code in rows}
    assert [role for role, zh in EN_ZH.items() if (zh, role) not in offices] == []


def test_every_kind_of_event_is_a_word_of_the_field(rows: list[tuple[str, str, str]]) -> None:
    kinds = {name.partition(".")[0] for name in CATALOGUE.events}
    words = {
        word for _, _, code in rows for quoted in re.findall("`([^`]+)`", code) for word in re.split(r"\W", quoted)
    }
    assert sorted(kinds - words) == []


@pytest.mark.parametrize(("en", "zh"), NOUNS.items())
def test_the_nouns_of_the_seeds_are_there(rows: list[tuple[str, str, str]], en: str, zh: str) -> None:
    assert [row for row in rows if row[0].startswith(zh) and row[1].startswith(en)]


def test_a_chinese_term_has_one_entry(rows: list[tuple[str, str, str]]) -> None:
    terms = [zh for zh, _, _ in rows]
    assert sorted(terms) == sorted(set(terms))
