"""A line between a program and PostgreSQL that breaks: it passes bytes on for a while and then hangs up."""

import contextlib
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FaultyLine:
    """Listens on the loopback address and passes each call on to the server's socket, until its luck runs out."""

    def __init__(self, server: Path, dice: random.Random, most_answers: int) -> None:
        """Let every call have between none and `most_answers` answers before it breaks in the middle of the next."""
        self._server, self._dice, self._most_answers = server, dice, most_answers
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.broken = 0

    @contextmanager
    def open(self) -> Iterator["FaultyLine"]:
        """Take calls for as long as this lasts."""
        taking = threading.Thread(target=self._take_calls, daemon=True)
        taking.start()
        try:
            yield self
        finally:
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            taking.join(10)

    def _take_calls(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                answers = self._dice.randrange(self._most_answers)
                threading.Thread(target=self._answer, args=(server, caller, answers), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(caller, server), daemon=True).start()

    def _pass_on(self, caller: socket.socket, server: socket.socket) -> None:
        """Pass everything on that is asked: the server hears it, whether or not its answer ever arrives."""
        with contextlib.suppress(OSError):
            while asked := caller.recv(65_536):
                server.sendall(asked)
        hang_up(server)

    def _answer(self, server: socket.socket, caller: socket.socket, answers: int) -> None:
        """Pass so many answers back; of the next one only the beginning, or nothing, arrives."""
        with contextlib.suppress(OSError):
            while answer := server.recv(65_536):
                if not answers:
                    caller.sendall(answer[: self._dice.randrange(len(answer))])
                    self.broken += 1
                    break
                caller.sendall(answer)
                answers -= 1
        hang_up(caller)


def hang_up(line: socket.socket) -> None:
    """End a call on both sides."""
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
