"""JSON that somebody gives: exact numbers, no field twice, nothing that JSON does not have."""

import json
from decimal import Decimal

from domain.sheet.plain import fields_once, no_number


class NotJson(ValueError):  # noqa: N818 - says what the input is, not that something broke
    """What was given is not JSON as it is taken here; the message says why."""


def read_json(words: bytes | str) -> object:
    """Return the value that `words` (JSON, UTF-8) writes, its decimals exact; `NotJson` where it does not."""
    try:
        text = words.decode("utf-8-sig") if isinstance(words, bytes) else words
        return json.loads(text, parse_float=_plain, parse_constant=no_number, object_pairs_hook=fields_once)
    except (ValueError, ArithmeticError, RecursionError) as fault:
        raise NotJson(str(fault)) from fault


def _plain(written: str) -> Decimal:
    """Return a decimal as it is written; one with an exponent would be digits without end to whoever counts them."""
    if "e" in written.lower():
        message = f"{written[:20]}: write the number out, without an exponent"
        raise ValueError(message)
    return Decimal(written)
