"""What a profile of Python could not tell: one statement of the engine, and bytes, taken apart by what they hold."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bench.measuring import Skip, timed
from bench.reads import FOLDED_BY_SQL, FOLDED_FIELDS, open_totals
from bench.workshop import Workshop

HASH_BYTES = 32
NAMED = {
    "commands": "commands with fingerprints and answers",
    "tags": "tags",
    "facts_by_type": "the index by type",
    "sqlite_autoindex_facts_1": "the index by position",
}
SIZES = "SELECT name, sum(pgsize), sum(unused) FROM dbstat GROUP BY name"
LINES = "SELECT count(*), sum(length(CAST(entry AS BLOB))) FROM facts"


def fold_in_sql(workshop: Workshop) -> Mapping[str, float]:
    """Return the seconds of each step of folding in SQL: each statement does what the one before it did, and more."""
    taken = ", ".join(f"max({field})" for field in FOLDED_FIELDS)
    with open_totals(workshop.file(), workshop) as connection:
        lines = timed(lambda: connection.execute("SELECT max(length(entry)) FROM facts").fetchall())
        fields = timed(lambda: connection.execute(f"SELECT {taken} FROM facts").fetchall())  # noqa: S608 - our own
        whole = timed(lambda: connection.execute(FOLDED_BY_SQL))
    return {
        "reading the lines": lines,
        "parsing their JSON, taking out three fields": max(fields - lines, 0),
        "sorting, adding up, writing": max(whole - fields, 0),
    }


def bytes_on_disk(workshop: Workshop) -> Mapping[str, float]:
    """Return the bytes of a ledger's file by what they hold; `Skip` where SQLite cannot say."""
    with closing(sqlite3.connect(Path(str(workshop.singles().engine.url.database)))) as connection:
        try:
            sizes = {name: (size, unused) for name, size, unused in connection.execute(SIZES)}
        except sqlite3.OperationalError as error:
            raise Skip(str(error)) from error
        number, lines = connection.execute(LINES).fetchone()
    rows, slack = sizes.pop("facts")
    hashes = 2 * HASH_BYTES * number
    found = {NAMED[name]: size for name, (size, _) in sizes.items() if name in NAMED}
    return {
        "lines": lines,
        "leaves and links": hashes,
        "what else stands in the rows": rows - slack - lines - hashes,
        "slack of the rows' pages": slack,
        **found,
        "other tables": sum(size for name, (size, _) in sizes.items() if name not in NAMED),
    }
