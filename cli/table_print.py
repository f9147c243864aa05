"""A preview as people and programs read it: lines on stdout, or one JSON document."""

import sys
from collections.abc import Iterable, Mapping

import msgspec

from ledger.ledger import Receipt


def print_json(shown: Mapping[str, object], receipt: Receipt | None) -> None:
    """Print the one document that `--json` promises: the preview, and what became of it."""
    document = {**shown, "written": receipt is not None and bool(receipt.positions), "receipt": receipt}
    sys.stdout.write(msgspec.json.encode(document).decode() + "\n")


def print_lines(words: Iterable[str]) -> None:
    """Print lines on stdout."""
    for line in words:
        sys.stdout.write(line + "\n")
