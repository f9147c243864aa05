"""Asking a server at a steady pace over many connections, whether it keeps up or not: an open loop.

Who asks does not wait for the answer before the next one asks. The time of an answer counts from when its request was
due, not from when a connection was free, so a server that stalls cannot hide it (no coordinated omission). One process,
plain sockets, requests as bytes: the client must stay much cheaper than the server it measures.
"""

import asyncio
import ipaddress
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
MOST_SECONDS = 300
"""No run lasts longer: the loop ends by itself whatever the server does."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as bytes, and what kind it is of."""

    kind: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: seconds since it was due, status (0: no answer), and the body."""

    kind: str
    seconds: float
    status: int
    body: bytes


@dataclass(slots=True)
class Connection:
    """One connection that is kept open; where it breaks, the next request opens it anew."""

    host: str
    port: int
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def ask(self, octets: bytes) -> tuple[int, bytes]:
        """Return status and body; raises `OSError` or `EOFError` where there is no answer."""
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        try:
            self._writer.write(octets)
            head = await self._reader.readuntil(HEAD_END)
            return int(head[9:12]), await self._reader.readexactly(_length(head))
        except (OSError, EOFError, ValueError):
            self.close()
            raise

    def close(self) -> None:
        """Close it."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(LENGTH):
            return int(line.removeprefix(LENGTH))
    raise ValueError(head)


@dataclass(slots=True)
class OpenLoop:
    """A number of connections to a server on this machine, and what was answered over them."""

    host: str
    port: int
    connections: int
    answers: list[Answer] = field(default_factory=list)
    _free: "asyncio.Queue[Connection]" = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        """Refuse any address but this machine's own."""
        if not ipaddress.ip_address(self.host).is_loopback:
            message = f"{self.host} is not on this machine"
            raise ValueError(message)

    async def open(self) -> None:
        """Open every connection."""
        for _ in range(self.connections):
            self._free.put_nowait(Connection(self.host, self.port))

    async def run(self, requests: Iterable[tuple[float, Request]]) -> float:
        """Send each request when it is due (seconds from now) and return how long all took to be answered."""
        started = time.perf_counter()
        async with asyncio.timeout(MOST_SECONDS), asyncio.TaskGroup() as asking:
            for due, request in requests:
                pause = started + due - time.perf_counter()
                await asyncio.sleep(max(0.0, pause))
                asking.create_task(self._one(started + due, request))
        return time.perf_counter() - started

    async def _one(self, due: float, request: Request) -> None:
        connection = await self._free.get()
        try:
            status, body = await connection.ask(request.octets)
        except (OSError, EOFError, ValueError):
            status, body = 0, b""
        finally:
            self._free.put_nowait(connection)
        self.answers.append(Answer(request.kind, time.perf_counter() - due, status, body))

    def close(self) -> None:
        """Close every connection."""
        while not self._free.empty():
            self._free.get_nowait().close()


def arrivals(requests: Sequence[Request], per_second: float, lot: random.Random) -> Iterator[tuple[float, Request]]:
    """Yield the requests with the second at which each is due: independent, so many a second on average."""
    due = 0.0
    for request in requests:
        due += lot.expovariate(per_second)
        yield due, request


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all does not exceed (nearest rank); NaN of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
