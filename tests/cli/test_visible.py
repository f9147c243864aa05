"""Nobody's words act on a terminal; they are shown, and a line of JSON stays the document that it was."""

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.visible import Visible, visible


class Screen(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x1b[1A", "\\u001b[2J\\u001b[1A"),
        ("\x9b2J", "\\u009b2J"),
        ("张\u202e三", "张\\u202e三"),
        ("a\rb", "a\\u000db"),
        ("a\u2028b", "a\\u2028b"),
        ("\x1b]0;title\x07", "\\u001b]0;title\\u0007"),
        ("\x1b[8mhidden", "\\u001b[8mhidden"),
    ],
)
def test_what_would_act_is_shown_on_a_screen_and_in_a_file(hostile: str, shown: str) -> None:
    for stream in (io.StringIO(), Screen()):
        Visible(stream).write(hostile)
        assert stream.getvalue() == shown


RARE = ["张三", "\U00020bb7野家", "阿依古丽·买买提", "葛\U000e0100城", "Ngô Bảo", "👩‍🔧", "a\tb\n"]


@pytest.mark.parametrize("name", RARE)
def test_names_keep_their_characters_however_rare(name: str) -> None:
    stream = io.StringIO()
    assert Visible(stream).write(name) == len(name)
    assert stream.getvalue() == name


def test_colours_pass_on_a_screen_only() -> None:
    screen, file = Screen(), io.StringIO()
    for stream in (screen, file):
        Visible(stream).write("\x1b[1;31m红\x1b[0m")
    assert screen.getvalue() == "\x1b[1;31m红\x1b[0m"
    assert file.getvalue() == "\\u001b[1;31m红\\u001b[0m"


@given(st.text())
def test_a_line_of_json_stays_the_document_that_it_was(text: str) -> None:
    assert json.loads(visible(json.dumps(text, ensure_ascii=False))) == text


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("\x1b[m01;8\x9b\u202e")))
def test_nothing_that_is_left_moves_a_cursor(text: str) -> None:
    left = re.sub("\x1b\\[[0-7;]*m", "", visible(text, colours=True))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", left)
