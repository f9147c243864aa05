"""Exports a ledger over and over until it is killed: `exporting_program.py LEDGER.db TARGET.zip whole|in-place`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from ledger.archive.export import Wanted, export
from tests.projections.year_ledger import open_year


def main() -> None:
    """Announce the beginning, then export without end; in place, a file grows under its own name."""
    file, target, way = sys.argv[1:]
    year = open_year(f"sqlite:///{file}", start=950_000)
    beside = Path(target).with_suffix(".whole")
    export(year.ledger, beside, Wanted())
    content = beside.read_bytes()
    beside.unlink()
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while True:
        if way == "whole":
            export(year.ledger, Path(target), Wanted())
            continue
        with Path(target).open("wb", buffering=0) as out:  # what an export must not do
            out.writelines(content[start : start + 64] for start in range(0, len(content), 64))


if __name__ == "__main__":
    main()
