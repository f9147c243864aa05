"""JSON that somebody gives to the terminal: exact numbers, no field twice, nothing that JSON does not have."""

import json
from collections import Counter
from decimal import Decimal
from typing import NoReturn


class NotJson(ValueError):  # noqa: N818 - says what the input is, not that something broke
    """What was given is not JSON as it is taken here; the message says why."""


def read_json(words: bytes | str) -> object:
    """Return the value that `words` (JSON, UTF-8) writes, its decimals exact; `NotJson` where it does not."""
    try:
        text = words.decode("utf-8-sig") if isinstance(words, bytes) else words
        return json.loads(text, parse_float=_plain, parse_constant=_no_number, object_pairs_hook=_fields)
    except (ValueError, ArithmeticError, RecursionError) as fault:
        raise NotJson(str(fault)) from fault


def _plain(written: str) -> Decimal:
    """Return a decimal as it is written; one with an exponent would be digits without end to whoever counts them."""
    if "e" in written.lower():
        message = f"{written[:20]}: write the number out, without an exponent"
        raise ValueError(message)
    return Decimal(written)


def _no_number(written: str) -> NoReturn:
    message = f"{written} is not a number"
    raise ValueError(message)


def _fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        message = f"the field {counts.most_common(1)[0][0]!a} stands twice in one place"
        raise ValueError(message)
    return read
