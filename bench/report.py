"""A run in words: docs/performance.md."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from bench.growth import Grown
from bench.measuring import Measured
from bench.outcome import Line, Outcome, flatness, note_on, share
from bench.profiling import Profile

MEBIBYTE = 1024 * 1024
THOUSAND = 1_000
LEAST_SHARE = 0.03

HEAD = """\
<!-- Written by `starledger bench --growth --write`; do not edit. -->
# Performance

What one run of `starledger bench` saw: every figure below comes from one command on one machine. Each is the median
of {rotations} rotations; in each the rows, and within a row its contenders, take their turns in another shuffled order
(seed {seed}), after a garbage collection and, where they write, a short warm-up that is not counted. Facts are lines of
about 400 bytes, as the ledger stores them; every contender stores lines of that length.

The **raw limit** is the plainest code on the same engine that writes or reads the same bytes, equally durable: one
table, the position as its only index, no condition, tag, hash or order among writers. Targets are shares of it, or so
many milliseconds where a question is answered. Where still plainer or cleverer raw code is quicker, that **stricter
limit** stands beside it with our share of it.
"""
QUICK = "\n> Sizes were those of `--quick`, which only shows that everything runs: these figures mean nothing.\n"
TMPFS = "\n> The directory lay in memory: nothing here says what durable writes cost.\n"
UNSTEADY = """
> In {rows} of {all} rows the raw limit itself varied by more than a factor of two within this run: something else used
> the machine. Shares are those of turns that followed each other, but the run should be repeated when it is quiet.
"""
DURABILITY = """\

## Durability

Read back on connections of our own, while the figures were made. A store that answers otherwise is marked and not
compared.
"""
DETAILS = """\

## Who did what

Medians, with the least and the most seen. A contender without figures says why.
"""
SHORTFALLS = """
### What falls short, and why

Each row that misses a target was done once more in this run and watched: a profile says what share of our time each
part took. Watching makes short Python functions dearer than they are; how much, stands beside it. Where the work is one
statement of the engine, or bytes, it is taken apart in the same run by what it holds.
"""
GROWTH = """\

## Growth

Ledgers of points of as many members as make 50 facts each, on SQLite. Replay and verification ran in a process of their
own each time; memory is what that process held at most beyond an opened ledger.
"""


def as_markdown(outcome: Outcome) -> str:
    """Return the page."""
    parts = [HEAD.format(rotations=outcome.rotations, seed=outcome.seed)]
    if outcome.quick:
        parts.append(QUICK)
    if outcome.machine["file system"] in {"tmpfs", "ramfs"}:
        parts.append(TMPFS)
    if unsteady := [line for line in outcome.lines if line.unsteady]:
        parts.append(UNSTEADY.format(rows=len(unsteady), all=len(outcome.lines)))
    lines = chain(
        parts, ["", *_machine(outcome)], _table(outcome.lines), _missed(outcome.lines), [DURABILITY], _settings(outcome)
    )
    more = chain(lines, [DETAILS], *map(_details, outcome.lines), _growth(outcome.growth))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(more)).rstrip() + "\n"


def _machine(outcome: Outcome) -> Iterator[str]:
    yield "| machine | |"
    yield "|---|---|"
    for name, value in outcome.machine.items():
        yield f"| {name} | {value.splitlines()[0]} |"
    yield f"| the run took | {outcome.seconds:,.0f} s |"


def _table(lines: Sequence[Line]) -> Iterator[str]:
    yield "\n## Our ledger beside the raw limit and its peers\n"
    yield "| work | raw limit | ours | share | target | met | stricter limit | eventsourcing | best peer |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for line in lines:
        cells = (
            line.row.work.en,
            figure(line.raw, line.row.unit),
            figure(line.ours, line.row.unit),
            shown_share(line.ratio),
            target_of(line),
            verdict_of(line),
            _strict(line),
            _peer(line, line.named("eventsourcing")),
            _peer(line, line.best_peer, named=True),
        )
        yield f"| {' | '.join(cells)} |"


def figure(value: float | None, unit: str) -> str:
    """Return a figure with its unit, short."""
    if value is None:
        return "–"
    if unit == "ms":
        return f"{value:,.1f} ms"
    if unit != "facts/s":
        return f"{value:,.0f} {unit}"
    if value >= THOUSAND * THOUSAND:
        return f"{value / THOUSAND / THOUSAND:.2f} M/s"
    return f"{value / THOUSAND:,.1f} k/s"


def shown_share(ratio: float | None) -> str:
    """Return a share with two significant places."""
    return "–" if ratio is None else f"{ratio:.2f}"


def target_of(line: Line) -> str:
    """Return what is wanted of a row."""
    row, sign = line.row, "≤" if line.row.lower_is_better else "≥"
    if row.most is not None:
        return f"{sign} {row.most:g} {row.unit}"
    if row.target is None:
        return "–"
    least = "" if row.least is None else f" and {figure(row.least, row.unit)}"
    then = "" if row.then is None else f", then {row.then:g}"
    return f"{sign} {row.target:g}{then}{least}"


def verdict_of(line: Line) -> str:
    """Return whether it was reached."""
    if line.met is None:
        return "–"
    if not line.met:
        return "no"
    return "yes" if line.then_met is None else "yes, both" if line.then_met else "the first"


def _strict(line: Line) -> str:
    if line.strict is None:
        return "–"
    return f"{figure(line.strict, line.row.unit)} ({shown_share(share(line.ours, line.strict))})"


def _peer(line: Line, one: Measured | None, *, named: bool = False) -> str:
    if one is None or one.median is None:
        return "–"
    ratio = shown_share(share(one.median, line.raw))
    return f"{one.contender.name} {ratio}" if named else ratio


def _missed(lines: Sequence[Line]) -> Iterator[str]:
    missed = [line for line in lines if line.is_missed]
    if missed:
        yield SHORTFALLS
    for line in missed:
        wanted = "its target" if line.met is False else "its further target"
        said = (f"misses {wanted}.", note_on(line), _profile(line.profile))
        yield f"- **{line.row.work.en}** {' '.join(filter(None, said))}"


def _profile(profile: Profile | None) -> str:
    """Return the parts of a profile, those that are hardly seen together."""
    if profile is None:
        return "It was not profiled."
    seen = {part: share for part, share in profile.shares.items() if round(share, 2) >= LEAST_SHARE}
    rest = 1 - sum(seen.values())
    shown = {**seen, "the rest": rest} if round(rest, 2) else seen
    slowed = "" if profile.slowed is None else f", watched {profile.slowed:.1f} times as long"
    return f"*Profile{slowed}:* {', '.join(f'{part} {share:.0%}' for part, share in shown.items())}."


def _settings(outcome: Outcome) -> Iterator[str]:
    for engine, settings in outcome.settings().items():
        yield f"- {engine}: " + ", ".join(f"`{name}={value}`" for name, value in settings.items())


def _details(line: Line) -> Iterator[str]:
    yield f"\n### {line.row.work.en}\n"
    yield "| contender | does | median | least – most | share |"
    yield "|---|---|---|---|---|"
    for one in line.measured:
        name = one.contender.name + {"raw": " (limit)", "strict": " (stricter limit)"}.get(one.contender.role, "")
        yield f"| {name} | {one.contender.does} | {_measured(line, one)} |"


def _measured(line: Line, one: Measured) -> str:
    if one.skipped is not None:
        return f"skipped: {one.skipped.splitlines()[0]} | – | –"
    if one.unsafe is not None:
        return f"**not durable** ({one.unsafe}): not compared | – | –"
    values = [sample.value for sample in one.samples]
    unit = line.row.unit
    spread = f"{figure(min(values), unit)} – {figure(max(values), unit)}" if values else "–"
    return f"{figure(one.median, unit)} | {spread} | {shown_share(share(one.median, line.raw))}"


def _growth(growth: Sequence[Grown]) -> Iterator[str]:
    if not growth:
        return
    yield GROWTH
    yield "| facts | one append | load 50 and decide | replay | verify | memory to replay | memory to verify |"
    yield "|---|---|---|---|---|---|---|"
    for grown in growth:
        memory = (f"{size / MEBIBYTE:,.1f} MiB" for size in (grown.replay_peak_bytes, grown.verify_peak_bytes))
        times = f"{grown.append_us:,.0f} µs | {grown.load_us:,.0f} µs"
        rates = f"{figure(grown.replay_per_second, 'facts/s')} | {figure(grown.verify_per_second, 'facts/s')}"
        yield f"| {grown.facts:,} | {times} | {rates} | {' | '.join(memory)} |"
    flat = flatness(growth)
    if flat:
        told = ", ".join(f"{name} {ratio:.2f}" for name, ratio in flat.items())
        sizes = f"{growth[-1].facts:,} facts over that at {growth[0].facts:,}"
        yield f"\nCost at {sizes} (1 is flat; per fact, 1 is linear): {told}."
