"""A run of load in words: docs/load.md."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bench.month_end import MIX

if TYPE_CHECKING:
    from bench.load import Pace, Run

HEAD = """\
<!-- Written by `python -m bench.load --write`; do not edit. -->
# Load

What one run of `python -m bench.load` saw: a real server (`starledger serve`) on the machine below, {connections:,}
connections that are kept open, each of another person who has signed in, asked at a steady pace by one client process
on the same machine. The loop is open: nobody waits for the answer before the next one asks, and the time of an answer
counts from when its request was due, so a server that stalls cannot hide it. Each pace is kept up for {seconds:g}
seconds, then raised; the first that is too much (an error, or fewer than 95 of 100 answered in time) is the last.

Of a hundred requests {mix}. A command is durable when it is acknowledged: in the same transaction, on disk.
The ceiling is a bare route of the same server, asked in the same way: what this server and this client can do at most.
"""


def page(runs: "Sequence[Run]", machine: Mapping[str, str], asked: argparse.Namespace) -> str:
    """Return the page."""
    mix = ", ".join(f"{share} are '{kind}'" for kind, share in MIX)
    said = [HEAD.format(connections=asked.connections, seconds=asked.seconds, mix=mix)]
    for run in runs:
        said.append(f"\n## {run.engine}, {run.workers} process{'es' if run.workers > 1 else ''}\n")
        said.append(_table("month-end mix", run.mix))
        said.append(_table("bare route", run.ceiling))
        said.append(_ratio(run))
    said.append("\n## Machine\n\n| | |\n|---|---|\n")
    said.append("".join(f"| {name} | {value} |\n" for name, value in machine.items()))
    return "".join(said)


def _table(title: str, paces: "Sequence[Pace]") -> str:
    lines = [
        f"\n| {title}: asked a second | answered | durable commands | p50 ms | p95 ms | p99 ms | errors |\n",
        "|---|---|---|---|---|---|---|\n",
    ]
    for pace in paces:
        times = " | ".join(f"{1000 * seconds:.1f}" for seconds in pace.quantiles)
        errors = ", ".join(f"{number} × {status or 'no answer'}" for status, number in sorted(pace.errors.items()))
        lines.append(f"| {pace.wanted} | {pace.answered:.0f} | {pace.durable:.0f} | {times} | {errors or '0'} |\n")
    return "".join(lines)


def _ratio(run: "Run") -> str:
    best, most = (max((pace.answered for pace in paces), default=0.0) for paces in (run.mix, run.ceiling))
    durable = max((pace.durable for pace in run.mix), default=0.0)
    kept = max((pace.wanted for pace in run.mix if pace.is_kept_up), default=0)
    share = best / most if most else float("nan")
    return (
        f"\nKept up without an error: {kept} requests a second. At most {best:.0f} answered a second, "
        f"{share:.2f} of the bare route's {most:.0f}; at most {durable:.0f} durable commands a second. "
        f"Acknowledged {run.acknowledged:,} facts, stored as acknowledged {run.stored:,}.\n"
    )
