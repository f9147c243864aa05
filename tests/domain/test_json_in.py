"""What is given as JSON is taken exactly, or refused with the reason."""

from decimal import Decimal

import pytest

from domain.json_in import NotJson, read_json


def test_decimals_are_exact_and_a_byte_order_mark_is_no_matter() -> None:
    read = read_json('\ufeff[{"points": 2.10, "times": 3}]'.encode())
    assert read == [{"points": Decimal("2.10"), "times": 3}]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (b'{"points": 1, "points": 2}', "points"),
        (b'{"a": {"b": 1, "b": 1}}', "twice"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b"[" + b"9" * 10_000 + b"]", "digits"),
        (b"[1e999999999]", "exponent"),
        (b'"\xff\xfe"', "utf-8"),
        (b"[" * 100_000, "recursion"),
        (b"{'a': 1}", "double quotes"),
        (b"", "value"),
        (b'{"a": 1} {"a": 2}', "Extra data"),
    ],
)
def test_what_is_doubled_endless_or_no_json_is_refused_with_the_reason(words: bytes, why: str) -> None:
    with pytest.raises(NotJson, match=why):
        read_json(words)
