"""What one cell means, and what is refused because it could mean two things."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbooks.cells import Gap, Unclear, name_key, read_code, read_date, read_name, read_score


@pytest.mark.parametrize(
    ("raw", "points"),
    [
        ("90分", "90"),
        ("「90分」", "90"),
        ("９０", "90"),
        ("８８．５", "88.5"),
        ("90.5 分", "90.5"),
        ("\u3000 90\u3000", "90"),
        ("90\u00a0分", "90"),
        (88.5, "88.5"),
        (89.47, "89.47"),
        (90, "90"),
        (0, "0"),
        ("-0", "0"),
        ("100", "100"),
        ("100.00", "100"),
        ("89.123456", "89.123456"),
    ],
)
def test_a_score_is_understood_however_it_was_typed(raw: str | float, points: str) -> None:
    assert str(read_score(raw)) == points


@pytest.mark.parametrize(
    "raw",
    ["90/85", "九十", "约90", "9O", "9 0", "90~95", "90、", "9²", "⑨", "+90", "090", "90.", ".5", "1e2", "优秀", "9,5"],
)
def test_what_could_mean_two_scores_is_refused(raw: str) -> None:
    assert isinstance(read_score(raw), Unclear)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("90%", "score-is-percentage"),
        ("９０％", "score-is-percentage"),
        (date(2025, 9, 10), "score-is-date"),
        (time(9, 30), "score-is-date"),
        (True, "score-unclear"),
        ("101", "score-out-of-range"),
        (100.01, "score-out-of-range"),
        ("-1", "score-out-of-range"),
        (1e300, "score-unclear"),
        (float("nan"), "score-unclear"),
        ("9" * 10_000, "score-unclear"),
        (89.10000000000001, "score-too-many-decimals"),
        ("89.1234567", "score-too-many-decimals"),
    ],
)
def test_a_refused_score_says_why(raw: str | float | date | time, code: str) -> None:
    refused = read_score(raw)
    assert isinstance(refused, Unclear)
    assert refused.code == code


def test_a_number_shown_as_a_percentage_is_no_score() -> None:
    refused = read_score(0.9, percent=True)
    assert isinstance(refused, Unclear)
    assert refused.code == "score-is-percentage"


@pytest.mark.parametrize("raw", ["/", "／", "—", "——", "-", "不适用", " 不适用 ", "无"])
def test_a_stroke_or_the_word_says_that_the_score_does_not_exist(raw: str) -> None:
    assert read_score(raw) is Gap.NOT_APPLICABLE


@pytest.mark.parametrize("raw", [None, "", "  ", "\u3000"])
def test_an_empty_cell_is_missing_and_not_zero(raw: str | None) -> None:
    assert read_score(raw) is Gap.MISSING


@given(st.decimals(min_value=0, max_value=100, places=6))
def test_every_score_of_six_decimals_survives_being_an_excel_number(points: Decimal) -> None:
    assert read_score(float(points)) == points
    assert read_score(f"{points} 分") == points


@pytest.mark.parametrize(
    "raw",
    [
        "2025-03-05",
        "2025/3/5",
        "2025.3.5",
        "2025年3月5日",
        "2025年03月05日",
        "２０２５年３月５日",
        "2025 年 3 月 5 日",
        "20250305",
        45721,
        date(2025, 3, 5),
        datetime(2025, 3, 5),  # noqa: DTZ001 - as Excel gives it
    ],
)
def test_a_date_with_the_year_first_is_understood(raw: str | int | date) -> None:
    assert read_date(raw) == date(2025, 3, 5)


@pytest.mark.parametrize(
    "raw",
    [
        "03/05/2025",
        "5.3.2025",
        "03-05-25",
        "2025-02-30",
        "2025年3月",
        "2025.03",
        2025.03,
        2025,
        "2025-3/5",
        "1月5日",
        "九月",
        True,
        time(9),
        -3,
        "1025-01-01",
        "2025.3.5日",
    ],
)
def test_a_date_that_does_not_say_its_day_is_refused(raw: str | float | time) -> None:
    assert isinstance(read_date(raw), Unclear)


def test_a_serial_number_is_counted_as_the_workbook_counts() -> None:
    assert read_date(44259, counts_from_1904=True) == date(2025, 3, 5)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        (" 欧阳 娜娜 ", "欧阳娜娜"),
        ("买买提•艾力", "买买提\u00b7艾力"),
        ("买买提・艾力", "买买提\u00b7艾力"),
        ("买买提 · 艾力", "买买提\u00b7艾力"),
        ("买买提.艾力", "买买提\u00b7艾力"),
        ("𠮷 野", "𠮷野"),
        ("Anna  Schmidt", "Anna Schmidt"),
        ("党员01", "党员01"),
        ("=王五", "=王五"),
    ],
)
def test_a_name_keeps_its_characters_and_loses_stray_spaces(raw: str, name: str) -> None:
    assert read_name(raw) == name


@pytest.mark.parametrize("raw", ["张\u202e三", "张\x07三", 12, 1.5, True, "12", "——", "长" * 61, date(2025, 1, 1)])
def test_what_cannot_be_a_name_is_refused(raw: str | float | date) -> None:
    assert isinstance(read_name(raw), Unclear)


def test_names_are_compared_in_normal_form_and_kept_as_written() -> None:
    composed, decomposed = "José", "Jose\u0301"
    assert read_name(decomposed) == decomposed
    assert name_key(decomposed) == name_key(composed)
    assert read_name("党员０１") == "党员０１"
    assert name_key("党员０１") == "党员01"


def test_a_number_of_a_person_is_text_whatever_excel_made_of_it() -> None:
    assert read_code(7) == "7"
    assert read_code("Ｐ０１ ") == "P01"
    assert read_code(None) is Gap.MISSING
    assert isinstance(read_code(7.5), Unclear)


@given(st.text())
def test_any_text_is_a_value_a_gap_or_unclear(text: str) -> None:
    assert isinstance(read_score(text), Decimal | Gap | Unclear)
    assert isinstance(read_date(text), date | Gap | Unclear)
    assert isinstance(read_name(text), str | Gap | Unclear)


@given(st.text())
def test_reading_a_name_twice_changes_nothing_more(text: str) -> None:
    name = read_name(text)
    if isinstance(name, str):
        assert read_name(name) == name
