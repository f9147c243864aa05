"""Charts: drawn without styles and scripts, well-formed whatever a name says, before the same reader as the table."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from api.pages.charts import Bar, columns, lines_of_progress
from tests.api.pages.conftest import Opens
from tests.controls import LI, ROUND

HOSTILE = '</text><script>alert("周")</script>'
BARS = [Bar(HOSTILE, Decimal(3), "3 / 4", Decimal(4)), Bar("b", Decimal(0), "0")]


@pytest.mark.parametrize("drawn", [columns(BARS, HOSTILE), lines_of_progress(BARS, HOSTILE), columns([], "")])
def test_a_chart_is_well_formed_and_nothing_in_it_acts(drawn: str) -> None:
    tags = {each.tag.rpartition("}")[2] for each in ET.fromstring(drawn).iter()}  # noqa: S314 - our own
    assert tags <= {"svg", "title", "rect", "text", "line"}
    assert "style" not in drawn


def test_a_column_is_as_high_as_its_value_and_the_rule_stands_at_the_limit() -> None:
    drawn = columns([Bar("a", Decimal(2), "2", Decimal(4)), Bar("b", Decimal(4), "4")], "t")
    rectangles = [each for each in ET.fromstring(drawn) if each.tag.endswith("rect")][1:]  # noqa: S314 - our own
    low, high = (Decimal(each.attrib["height"]) for each in rectangles)
    assert low * 2 == high
    dashed = next(each for each in ET.fromstring(drawn) if "stroke-dasharray" in each.attrib)  # noqa: S314 - likewise
    assert dashed.attrib["y1"] == rectangles[1].attrib["y"]


@pytest.mark.parametrize("chart", ["months", "distribution", "progress"])
def test_a_chart_is_a_picture_that_no_cache_keeps(opens: Opens, chart: str) -> None:
    answer = opens(f"/charts/{chart}.svg?round_id={ROUND}", as_person=LI)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/svg+xml", "private, no-store")
    assert ET.fromstring(answer.text).tag.endswith("svg")  # noqa: S314 - our own
