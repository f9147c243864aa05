"""UmaDB, an event store with the same kind of condition, where its wheel is installed: that carries the server.

It has one durability, its own (a commit is answered once it is written through), and no setting to read back.
"""

import importlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.made import facts
from bench.measuring import Operation, Settings, Skip

START_SECONDS = 20
STOP_SECONDS = 10
SERVER = "import sys, umadb; umadb.run_server_from_args(sys.argv)"


class Umadb:
    """A server of our own with a client for each writer."""

    def __init__(self, module: Any, address: str, facts_each: int) -> None:  # noqa: ANN401 - an optional package
        """Write to the server at `address`."""
        self._module = module
        self._address = address
        self._facts_each = facts_each

    def settings(self) -> Settings:
        """Return nothing: it has no settings to ask for."""
        return {}

    def client(self) -> Any:  # noqa: ANN401
        """Return a new client."""
        return self._module.Client(self._address)

    def operations(self, writer: int, number: int) -> Sequence[Operation]:
        """Return one conditional append each."""
        client = self.client()
        return [partial(client.append, *appended) for appended in self._appends(writer, number)]

    def _appends(self, writer: int, number: int) -> Iterator[tuple[list[Any], Any]]:
        module, made = self._module, facts()
        for start in range(number):
            some = [made[(start * self._facts_each + place) % len(made)] for place in range(self._facts_each)]
            item = module.QueryItem(types=["PointsEntered"], tags=[f"command:{writer}-{start}"])
            condition = module.AppendCondition(fail_if_events_match=module.Query(items=[item]), after=0)
            yield self.events([(one.line, one.tags) for one in some]), condition

    def events(self, lines: Sequence[tuple[bytes, Sequence[str]]]) -> list[Any]:
        """Return events that carry these lines under these tags."""
        event = self._module.Event
        return [event(event_type="PointsEntered", data=line, tags=[*tags]) for line, tags in lines]


def umadb_module() -> Any:  # noqa: ANN401
    """Return the package; `Skip` where it is not installed."""
    if importlib.util.find_spec("umadb") is None:
        message = "umadb is not installed (pip install umadb)"
        raise Skip(message)
    kept = signal.getsignal(signal.SIGINT)
    try:
        return importlib.import_module("umadb")
    finally:
        signal.signal(signal.SIGINT, kept)  # importing it takes the handler over


@contextmanager
def umadb(directory: Path, facts_each: int = 1) -> Iterator[Umadb]:
    """Lend a new server with its file in `directory`."""
    module = umadb_module()
    directory.mkdir(parents=True, exist_ok=True)
    address = f"127.0.0.1:{_free_port()}"
    command = [sys.executable, "-c", SERVER, "--listen", address, "--db-path", str(directory / "uma.db")]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=quiet, stdout=quiet, stderr=quiet, env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    ) as server:
        try:
            store = Umadb(module, f"http://{address}", facts_each)
            _wait_for(store)
            yield store
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(store: Umadb) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            store.client().head()
        except Exception as error:
            if time.monotonic() > until:
                message = f"umadb does not answer: {error}"
                raise Skip(message) from error
            time.sleep(0.1)
        else:
            return
