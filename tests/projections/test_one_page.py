"""An explanation on one page: what fits, what is folded, what a hand calculator can follow, what an audience sees."""

import re
from datetime import UTC, datetime
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.text import Text
from projections.disclosed_facts import FactReader
from projections.disclosed_rows import RowCurtain
from projections.disclosed_tree import explanation_for
from projections.explain import explain
from projections.explanation import Cited, Node
from projections.fact_notes import FactNote
from projections.one_page import MOST_LINES, WIDTH, Matter, Page, condensed, one_page
from projections.page_html import page_html
from projections.page_matter import matter_of
from projections.page_text import page_lines, width, wrapped
from projections.withholding import Disclosures, Viewer
from tests.controls import CHEN, LI, ROUND, SUN, WANG, ZHANG, ZHAO
from tests.projections.year_ledger import Year

RULE = Cited("9-9", Text("条文。", "The clause."))
NOTHING = Text("", "")


def fitted(matter: Matter, language: str = "zh") -> Page:
    return one_page(matter, "en" if language == "en" else "zh", lambda page: len(page_lines(page)))


def leaf(number: int, value: str) -> Node:
    note = FactNote(number, "x", datetime(2025, 3, 5, 1, tzinfo=UTC), None, False, "P03", None, NOTHING, ())  # noqa: FBT003
    return Node(Text(f"第{number}次：{value}", f"entry {number}: {value}"), value, RULE, (), (note,))


def item(code: str, values: list[str], first: int) -> Node:
    total = sum(map(Fraction, values), Fraction(0))
    formula = f"{code}：{' + '.join(values)} = {total}"
    return Node(Text(formula, formula), str(total), RULE, (), (), tuple(map(leaf, range(first, first + 99), values)))


def of_items(counts: list[int]) -> Matter:
    """Return a result of items with so many entries each."""
    items = tuple(item(f"i{at}", ["3", "1", "3"] * count, 100 * at + 1) for at, count in enumerate(counts))
    top = Node(Text("合计", "sum"), "", RULE, (), (), items)
    return Matter("张三", ("2025-03",), (), (), Node(Text("五星", "five"), "5", RULE, (), (), (top,)), (), NOTHING)


@pytest.mark.parametrize("person", [LI, WANG, ZHANG, CHEN, ZHAO, SUN])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_star_is_computed_on_one_page_from_given_values_to_the_star(ended: Year, person: str, language: str) -> None:
    found = explain(ended.ledger, ROUND, person)
    page = fitted(matter_of(found, ended.ledger.head(), ()), language)
    lines = page_lines(page)
    assert len(lines) <= MOST_LINES
    assert max(map(width, lines)) <= WIDTH
    assert all(step.clauses for step in page.steps)
    whole = "\n".join(lines)
    assert found.document in "".join(line.strip() for line in lines)
    assert ended.ledger.head().root.hex() in "".join(line.strip() for line in lines)
    assert found.total is None or f" {found.total} " in whole
    assert found.total is None or any(found.total in step.words for step in page.steps)


def test_what_is_shown_can_be_computed_again_by_hand(ended: Year) -> None:
    page = fitted(matter_of(explain(ended.ledger, ROUND, SUN), ended.ledger.head(), ()), "en")
    sums = [re.search(r": ([0-9.× %+]+) = ([0-9.]+)", step.words) for step in page.steps]
    checked = [found for found in sums if found is not None]
    assert len(checked) >= 6
    for found in checked:
        terms = [term.replace("%", "/100").split("×") for term in found[1].split("+")]
        value = sum((Fraction(_number(one)) * Fraction(_number(many)) for one, many in terms), Fraction(0))
        assert value == Fraction(found[2])


def _number(words: str) -> Fraction:
    number, _, hundredth = words.strip().partition("/")
    return Fraction(number) / (int(hundredth) if hundredth else 1)


def test_sixty_entries_are_told_item_by_item_with_counts_and_sums() -> None:
    page = fitted(of_items([8, 7, 5]))
    assert len(page_lines(page)) <= MOST_LINES
    assert [(step.words, step.folded) for step in page.steps[:3]] == [
        ("i0：3 × 16 + 1 × 8 = 56", 24),
        ("i1：3 × 14 + 1 × 7 = 49", 21),
        ("i2：3 × 10 + 1 × 5 = 35", 15),
    ]
    assert page.steps[0].sources == "#1–#24"
    assert "（其下24步见附件）" in "\n".join(page_lines(page))


@settings(max_examples=20)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=60))
def test_whatever_is_explained_fits_on_one_page(counts: list[int]) -> None:
    lines = page_lines(fitted(of_items(counts)))
    assert len(lines) <= MOST_LINES
    assert max(map(width, lines)) <= WIDTH


def test_control_without_folding_it_would_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.one_page._FOLDS", ((1_000, 1_000),))
    assert len(page_lines(fitted(of_items([8, 7, 5])))) > MOST_LINES


@given(st.lists(st.sampled_from(("1", "3", "2.5", "(-4)", "(-0.5)")), min_size=2, max_size=70), st.sampled_from("元 "))
def test_a_long_sum_is_shortened_without_changing_what_it_comes_to(terms: list[str], before: str) -> None:
    short = condensed(f"{before} {' + '.join(terms)} = 7")
    value = sum((Fraction(each.strip("()")) for each in terms), Fraction(0))
    said = [each.split(" × ") for each in short.removeprefix(f"{before} ").removesuffix(" = 7").split(" + ")]
    assert sum(Fraction(one[0].strip("()")) * Fraction(one[-1] if len(one) > 1 else 1) for one in said) == value
    assert len(said) <= max(5, 3)


@pytest.mark.parametrize("words", ["92 × 35% + 88 × 35% + 88 × 20% + 88 × 10% = 90", "1 + 1 = 2", "a: 1 + 2 + 3 + 4"])
def test_a_sum_of_weights_or_a_short_one_stays_as_it_is(words: str) -> None:
    assert condensed(words) == words


@given(st.text("中文，。（）ab 1", max_size=300))
def test_wrapping_loses_no_letter_and_begins_no_line_with_a_closing_mark(words: str) -> None:
    lines = list(wrapped(words, 3))
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    for before, after in pairwise(lines):
        assert not after.strip().startswith(("，", "。", "）")) or width(before) >= WIDTH - 3


class Asked(HTMLParser):
    """Collects tags and everything by which a document could ask for something elsewhere."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        super().__init__()
        self.tags: list[str] = []
        self.elsewhere: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.elsewhere.extend(name for name, _ in attrs if name in {"src", "href", "style", "onload", "action"})


def test_the_document_asks_for_nothing_elsewhere_and_escapes_what_people_wrote(ended: Year) -> None:
    matter = matter_of(explain(ended.ledger, ROUND, SUN), ended.ledger.head(), ("<script>alert(1)</script>",))
    document = page_html(fitted(matter))
    read = Asked()
    read.feed(document)
    assert "script" not in read.tags
    assert read.elsewhere == []
    assert not re.search(r"url\(|@import|https?:", document)
    assert "@page { size: A4" in document


@pytest.mark.parametrize(("audience", "shown"), [("masses", False), ("administration", False), ("branch", True)])
def test_a_page_shows_an_audience_no_more_than_the_tree_does(ended: Year, audience: str, *, shown: bool) -> None:
    rows = RowCurtain(Disclosures(ended.ledger, Viewer(audience)))
    found = explanation_for(explain(ended.ledger, ROUND, SUN, curtain=FactReader(rows.disclosures)), rows)
    withheld = tuple(each.line("zh") for each in rows.withheld)
    page = fitted(matter_of(found, ended.ledger.head(), withheld))
    assert any("× 35%" in step.words for step in page.steps) is shown
    assert ("× 35%" in page_html(page)) is shown
    assert bool(page.withheld) is not shown
