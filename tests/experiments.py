"""What experiments saw, as JSON: one file each beside the run, gathered by it into `docs/guarantees.md`.

`python3 run.py test --record` runs the experiments and writes both `docs/experiments.json` and the table on that page.
Without `--record` an experiment only prints what it saw, which pytest shows where it fails.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

BEGIN = "<!-- What the last recorded run saw; written by `python3 run.py test --record`. -->"
END = "<!-- End of what the last recorded run saw. -->"

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one experiment came to: its figures, or those of its control, where a safety line is taken away."""

    promise: str
    experiment: str
    on: str
    runs: int
    control: bool = False
    seed: int | None = None
    figures: dict[str, int | str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the file name under which it is kept, the same at every run."""
        words = f"{self.promise} {self.experiment} {self.on} {'control' if self.control else ''}"
        return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") + ".json"


class Notebook:
    """Takes down what experiments saw."""

    def __init__(self, directory: Path | None) -> None:
        """Write into `directory`; None: nowhere but on standard output."""
        self._directory = directory

    def saw(
        self,
        promise: str,
        experiment: str,
        *,
        on: str,
        runs: int,
        figures: Mapping[str, int | str],
        control: bool = False,
        seed: int | None = None,
    ) -> None:
        """Take down one outcome: under which promise, what was done, on which engine, how often, and the figures."""
        seen = Seen(promise, experiment, ENGINES.get(on, on), runs, control, seed, dict(figures))
        words = json.dumps(asdict(seen), ensure_ascii=False)
        print(words)  # noqa: T201 - shown by pytest where it fails
        if self._directory is not None:
            (self._directory / seen.name).write_text(words, encoding="utf-8")


def gather(directory: Path, docs: Path) -> None:
    """Merge what lies in `directory` into `docs/experiments.json`, and write the table of `docs/guarantees.md` anew."""
    kept = docs / "experiments.json"
    known = {seen.name: seen for seen in read(kept)} | {seen.name: seen for seen in _found_in(directory)}
    seens = sorted(known.values(), key=lambda seen: (seen.promise, seen.experiment, seen.on, seen.control))
    lines = ",\n".join(json.dumps(asdict(seen), ensure_ascii=False) for seen in seens)
    kept.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    page = docs / "guarantees.md"
    page.write_text(with_table(page.read_text(encoding="utf-8"), seens), encoding="utf-8")


def read(kept: Path) -> list[Seen]:
    """Return what earlier recorded runs saw."""
    return [Seen(**each) for each in json.loads(kept.read_text(encoding="utf-8"))] if kept.exists() else []


def _found_in(directory: Path) -> Iterable[Seen]:
    return [Seen(**json.loads(file.read_text(encoding="utf-8"))) for file in sorted(directory.glob("*.json"))]


def with_table(page: str, seens: Iterable[Seen]) -> str:
    """Return the page with its table written anew between the two marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    rows = [
        "| promise | experiment | on | runs | what was seen |",
        "|---|---|---|---|---|",
        *(_row(seen) for seen in seens),
    ]
    return "\n".join([before + BEGIN, "", *rows, "", END + after])


def _row(seen: Seen) -> str:
    figures = dict(seen.figures) | ({} if seen.seed is None else {"seed": seen.seed})
    said = " · ".join(f"{name.replace('_', ' ')} {_said(value)}" for name, value in figures.items())
    kind = f"*control:* {seen.experiment}" if seen.control else seen.experiment
    return f"| {seen.promise} | {kind} | {seen.on} | {seen.runs:,} | {said} |"


def _said(value: int | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) and abs(value) < 10**7 else str(value)
