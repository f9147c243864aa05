"""Load on a real server: `python -m bench.load`, and docs/load.md with `--write`. On this machine only, and it ends.

Each pace is kept up for some seconds by an open loop over all connections; then it is raised until the server no longer
keeps up. The same connections ask a bare route of the same server: that is its ceiling. In the end every command that
was acknowledged is looked up in the ledger.
"""

import argparse
import asyncio
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import select

from bench.load_page import page
from bench.machine import describe
from bench.measuring import Skip
from bench.month_end import RECORDING, Town, bare, requests, settled
from bench.open_loop import Answer, OpenLoop, Request, arrivals, quantile
from bench.postgres import Server, server, url_of
from ledger.engine import open_database
from ledger.schema import facts

HOST = "127.0.0.1"
PACES = (50, 100, 200, 400, 800, 1600, 3200)
STARTER = "import sys; from cli.main import main; sys.exit(main())"
SUCCESS = range(200, 300)
PATIENCE_SECONDS = 120
KEPT_UP = 0.95
PAGE = Path(__file__).resolve().parent.parent / "docs" / "load.md"
QUANTILES = (0.5, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Pace:
    """What came of one pace: a second wanted, answered and durably recorded; seconds of answers; statuses of errors."""

    wanted: int
    answered: float
    durable: float
    quantiles: tuple[float, ...]
    errors: Counter[int]

    @property
    def is_kept_up(self) -> bool:
        """Return whether the server answered as fast as it was asked, without an error."""
        return not self.errors and self.answered >= KEPT_UP * self.wanted


@dataclass(frozen=True, slots=True)
class Run:
    """One engine's run: the mix, the bare route, and whether all that was acknowledged is there."""

    engine: str
    workers: int
    mix: tuple[Pace, ...]
    ceiling: tuple[Pace, ...]
    acknowledged: int
    stored: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 1 where something acknowledged is not stored."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        place.chmod(0o711)  # the server's account has to pass through
        found = _server(place, stack)
        runs = [run("SQLite", place / "sqlite", None, 1, asked)]
        if isinstance(found, Server):
            url = url_of(stack.enter_context(found.database()))
            runs.append(run("PostgreSQL", place / "postgresql", url, asked.workers, asked))
        text = page(runs, describe(place, found), asked)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if all(each.acknowledged == each.stored for each in runs) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--connections", type=int, default=1_000, help="connections, each of another person")
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each pace is kept up")
    parser.add_argument("--workers", type=int, default=2, help="processes that serve on PostgreSQL")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write docs/load.md")
    return parser


def _server(place: Path, stack: ExitStack) -> Server | str:
    try:
        return stack.enter_context(server(None, place))
    except Skip as reason:
        return str(reason)


def run(engine: str, data: Path, url: str | None, workers: int, asked: argparse.Namespace) -> Run:
    """Settle a town, serve it, raise the pace of the mix and of the bare route, and look for what was acknowledged."""
    town = settled(data, asked.connections, url)
    lot = Random(asked.seed)  # noqa: S311 - no secrets
    answers: list[Answer] = []
    with serving(data, url, workers) as port:
        mix = _raised(port, asked, lot, lambda number: requests(town, number, lot), answers)
        ceiling = _raised(port, asked, lot, bare, [])
    positions = acknowledged(answers)
    return Run(engine, workers, mix, ceiling, len(positions), stored(town, url, positions))


def _raised(
    port: int, asked: argparse.Namespace, lot: Random, drawn: Callable[[int], list[Request]], every: list[Answer]
) -> tuple[Pace, ...]:
    """Return what came of each pace, the first that was too much being the last; put all answers into `every`."""
    paces: list[Pace] = []
    for wanted in PACES:
        loop = OpenLoop(HOST, port, asked.connections)
        took = asyncio.run(_keep_up(loop, drawn(int(wanted * asked.seconds)), wanted, lot))
        every += loop.answers
        paces.append(_pace(wanted, loop.answers, took))
        if not paces[-1].is_kept_up:
            break
    return tuple(paces)


async def _keep_up(loop: OpenLoop, drawn: Sequence[Request], wanted: int, lot: Random) -> float:
    await loop.open()
    try:
        return await loop.run(arrivals(drawn, wanted, lot))
    finally:
        loop.close()


def _pace(wanted: int, answers: Sequence[Answer], took: float) -> Pace:
    good = [each for each in answers if each.status in SUCCESS]
    seconds = [each.seconds for each in good]
    return Pace(
        wanted,
        len(good) / took,
        sum(each.kind in RECORDING for each in good) / took,
        tuple(quantile(seconds, share) for share in QUANTILES),
        Counter(each.status for each in answers if each.status not in SUCCESS),
    )


def acknowledged(answers: Sequence[Answer]) -> list[tuple[int, str]]:
    """Return position and command id of everything that the server said it had recorded."""
    found = []
    for each in answers:
        if each.kind in RECORDING and each.status in SUCCESS:
            said = json.loads(each.body)
            found += [(position, said["command_id"]) for position in said["positions"]]
    return found


def stored(town: Town, url: str | None, positions: Sequence[tuple[int, str]]) -> int:
    """Return of how many of them the ledger holds the fact, at that place and under that command."""
    engine = open_database(url or f"sqlite:///{town.data / 'ledger.db'}")
    try:
        with engine.connect() as connection:
            rows = connection.execute(select(facts.c.position, facts.c.entry))
            commands = {row.position: json.loads(row.entry)["command"] for row in rows}
    finally:
        engine.dispose()
    return sum(commands.get(position) == command for position, command in positions)


@contextmanager
def serving(data: Path, url: str | None, workers: int) -> Iterator[int]:
    """Serve an installation in processes of its own; give the port. It is told to end, and ends."""
    port = _free_port()
    environment = (
        os.environ | {"STARLEDGER_DATA": str(data)} | ({} if url is None else {"STARLEDGER_DATABASE_URL": url})
    )
    words = [sys.executable, "-c", STARTER, "serve", "--port", str(port), "--workers", str(workers)]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(words, env=environment, stderr=log, stdout=log) as process,  # noqa: S603 - our own program
    ):
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        line = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            line.request("GET", "/readyz")
            if line.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            line.close()
    message = "the server did not begin to serve"
    raise RuntimeError(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
