"""`starledger bench`: how fast the ledger is, beside the bare engine and its peers, in one run on this machine."""

import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from cli.exits import Exit, stop
from cli.options import JSON, settings_of
from cli.printing import print_json, print_table
from cli.visible import screen
from domain.text import Language, Text

if TYPE_CHECKING:
    from bench.outcome import Line, Outcome

POSTGRES = "STARLEDGER_BENCH_POSTGRES"
PAGE = Path("docs") / "performance.md"


def add_bench(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("bench", rich_help_panel="auditing")(bench)


def bench(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    only: Annotated[list[str] | None, typer.Option(help="only this row (key; may be given several times)")] = None,
    rotations: Annotated[int | None, typer.Option(min=1, help="turns of each contender (3; with --quick 1)")] = None,
    seed: Annotated[int | None, typer.Option(help="of the order of turns (else drawn, and printed)")] = None,
    directory: Annotated[Path | None, typer.Option("--dir", exists=True, file_okay=False, help="on which disk")] = None,
    postgres: Annotated[str | None, typer.Option(help=f"URL of a PostgreSQL server (else {POSTGRES})")] = None,
    out: Annotated[Path | None, typer.Option(help="write the page with all details to this file")] = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="write docs/performance.md of the checkout anew")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="tiny sizes: shows that it runs, not how fast")] = False,
    growth: Annotated[bool, typer.Option("--growth", help="also ledgers of up to a million facts")] = False,
    as_json: JSON = False,
) -> None:
    """Measure the ledger beside the bare engine and its peers; nothing but a temporary directory is written to."""
    from bench.peer_message_db import VARIABLE  # noqa: PLC0415 - only this sub-command needs the benchmark
    from bench.report import as_markdown  # noqa: PLC0415
    from bench.run import Asked, measure  # noqa: PLC0415

    language = settings_of(ctx).language
    page = _page(out, language, write=write)
    asked = Asked(
        only=tuple(only or ()),
        rotations=rotations or (1 if quick else 3),
        seed=secrets.randbelow(10**6) if seed is None else seed,
        postgres=postgres or os.environ.get(POSTGRES),
        message_db=Path(os.environ[VARIABLE]) if VARIABLE in os.environ else None,
        quick=quick,
        growth=growth,
    )
    console = Console(file=screen())
    with (
        tempfile.TemporaryDirectory(prefix="starledger-bench-", dir=directory) as made,
        Progress(console=console, disable=not console.is_terminal) as bar,
    ):
        try:
            outcome = measure(asked, Path(made), _telling(bar, _MEASURING.said_in(language)))
        except LookupError as unknown:
            stop(Exit.USAGE, _no_such_row(str(unknown)), language)
    if page is not None:
        page.write_text(as_markdown(outcome), encoding="utf-8")
    if as_json:
        print_json(outcome.as_json())
    else:
        print_outcome(outcome, language)


def _telling(bar: Progress, title: str) -> Callable[[str, int, int], None]:
    task = bar.add_task(title)

    def told(words: str, done: int, total: int) -> None:
        bar.update(task, description=words, completed=done, total=total)

    return told


def _page(out: Path | None, language: Language, *, write: bool) -> Path | None:
    """Return where the page is to be written, None where nowhere."""
    if not write:
        return out
    page = Path(__file__).resolve().parents[1] / PAGE
    if not page.parent.is_dir():
        stop(Exit.USAGE, _NO_CHECKOUT, language)
    return page


def print_outcome(outcome: "Outcome", language: Language) -> None:
    """Print the table, what it was measured on, and what a store left undone."""
    for name, value in outcome.machine.items():
        sys.stdout.write(f"{name}: {value.splitlines()[0]}\n")
    for engine, settings in outcome.settings().items():
        sys.stdout.write(f"{engine}: {', '.join(f'{name}={value}' for name, value in settings.items())}\n")
    sys.stdout.write(f"{_TURNS.said_in(language).format(outcome.rotations, outcome.seed, outcome.seconds)}\n")
    if outcome.machine["file system"] in {"tmpfs", "ramfs"}:
        sys.stdout.write(f"{_IN_MEMORY.said_in(language)}\n")
    if any(line.unsteady for line in outcome.lines):
        sys.stdout.write(f"{_UNSTEADY.said_in(language)}\n")
    if outcome.quick:
        sys.stdout.write(f"{_QUICK.said_in(language)}\n")
    sys.stdout.write("\n")
    print_table(_HEADS, [_cells(line, language) for line in outcome.lines], language)
    _print_left_out(outcome, language)
    _print_growth(outcome, language)


def _print_left_out(outcome: "Outcome", language: Language) -> None:
    for line in outcome.lines:
        for one in line.measured:
            if (why := one.skipped or one.unsafe) is not None:
                said = (_SKIPPED if one.skipped else _UNSAFE).said_in(language)
                sys.stdout.write(f"{line.row.key} {one.contender.name}: {said}: {why.splitlines()[0]}\n")


def _print_growth(outcome: "Outcome", language: Language) -> None:
    from bench.outcome import flatness  # noqa: PLC0415
    from bench.report import MEBIBYTE, figure  # noqa: PLC0415

    if not outcome.growth:
        return
    sys.stdout.write("\n")
    grown = [
        (
            f"{one.facts:,}",
            figure(one.append_us, "µs"),
            figure(one.load_us, "µs"),
            figure(one.replay_per_second, "facts/s"),
            figure(one.verify_per_second, "facts/s"),
            f"{one.replay_peak_bytes / MEBIBYTE:.1f} MiB",
            f"{one.verify_peak_bytes / MEBIBYTE:.1f} MiB",
        )
        for one in outcome.growth
    ]
    print_table(_GROWTH_HEADS, grown, language)
    sys.stdout.writelines(f"{name}: {ratio:.2f}\n" for name, ratio in flatness(outcome.growth).items())


def _cells(line: "Line", language: Language) -> tuple[str, ...]:
    from bench.outcome import share  # noqa: PLC0415
    from bench.report import figure, shown_share, target_of, verdict_of  # noqa: PLC0415

    unit = line.row.unit
    peers = [one for one in line.measured if one.contender.role == "peer" and one.median is not None]
    return (
        line.row.key,
        line.row.work.said_in(language),
        figure(line.raw, unit),
        figure(line.ours, unit),
        shown_share(line.ratio),
        target_of(line),
        _VERDICTS[verdict_of(line)].said_in(language),
        shown_share(share(line.ours, line.strict)),
        ", ".join(f"{one.contender.name} {shown_share(share(one.median, line.raw))}" for one in peers),
    )


_HEADS = (
    "行/row · 工作/work · 裸引擎/raw · 本账/ours · 占比/share · 目标/target · 达标/met · "
    "占更严上限/of the stricter limit · 同类/peers"
)
_GROWTH_HEADS = (
    "事实数/facts · 追加一条/one append · 取五十条并决定/load 50 and decide · 重放/replay · 核验/verify · "
    "重放内存/memory to replay · 核验内存/memory to verify"
)
_VERDICTS = {
    "–": Text("–", "–"),
    "no": Text("否", "no"),
    "yes": Text("是", "yes"),
    "yes, both": Text("两项均是", "yes, both"),
    "the first": Text("仅第一项", "the first"),
}
_MEASURING = Text("正在测量", "Measuring")
_TURNS = Text(
    "每项 {0} 轮取中位数，次序种子 {1}，共 {2:.0f} 秒", "medians of {0} rotations, seed {1}, {2:.0f} s in all"
)
_QUICK = Text(
    "--quick 的规模太小：只说明能运行，数字没有意义。", "--quick: this shows that it runs; the figures mean nothing."
)
_IN_MEMORY = Text(
    "目录在内存文件系统上：数字不能说明落盘的代价；请用 --dir 指定磁盘上的目录。",
    "The directory lies in memory: nothing here says what durable writes cost; name one on a disk with --dir.",
)
_UNSTEADY = Text(
    "裸引擎自身的数字相差一倍以上：机器上另有负载；请在空闲时重测。",
    "The raw limit itself varied by more than a factor of two: the machine was busy; run it again when it is quiet.",
)
_SKIPPED = Text("未测", "skipped")
_UNSAFE = Text("未落盘，不比较", "not durable, not compared")
_NO_CHECKOUT = Text(
    "这里没有源码目录的 docs/；请用 --out 指定文件。", "There is no docs/ of a checkout here; name a file with --out."
)


def _no_such_row(key: str) -> Text:
    return Text(f"没有这一行：{key}。", f"There is no such row: {key}.")
