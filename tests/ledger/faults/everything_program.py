"""A process in which something fails at one named place, forked anew for each: `everything_program.py FOLDER MODE`.

Reads `LIFE PLACE TIMES HOW` from stdin and forks a child that registers people, keeps a ballot box, keeps views up and
signs checkpoints in FOLDER/LIFE, a copy of FOLDER/house. When it passes PLACE for the TIMES-th time it dies (HOW is
`exit`), or an error is raised and it begins the same work again with the objects it has (`raise`). On stdout comes how
it ended and, as JSON, how often it passed which place. MODE `sound` is the ledger as it is; in `halving`, the control,
an append is committed in two parts.
"""

import json
import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any, cast

from sqlalchemy import event

from domain.ballot_boxes import Box
from domain.catalogue import CATALOGUE
from domain.dates import CHINA
from domain.ids import PersonId
from domain.organisation import RegisterPerson
from domain.sealed import Sealed
from ledger.archive.export import Wanted, export
from ledger.ballot_boxes import Keeper
from ledger.ballot_files import BoxFiles
from ledger.clock import SimulatedClock
from ledger.engine import open_database
from ledger.failpoints import Failpoint
from ledger.ledger import Ledger
from ledger.proofs import StoredLog
from ledger.signer import Signer
from projections.engine import Follower
from projections.views import VIEWS
from tests.ledger.ballot_house import BOX, MEMBERS, NOW, SECRETARY_OF_IT, opening, sheet

DIED = 9


class BrokenError(Exception):
    """What happens at the named place."""


def hasten(connection: Any, _record: object) -> None:  # noqa: ANN401
    """Leave out what only a power cut could miss: here processes die, and the system lives on."""
    connection.execute("PRAGMA synchronous = OFF")


class Life:
    """Ledger, keeper, views and signer of one folder, with one way to fail."""

    def __init__(self, folder: Path, failpoint: Failpoint, driver_connections: list[Any]) -> None:
        """Open everything."""
        engine = open_database(f"sqlite:///{folder / 'ledger.db'}")
        event.listen(engine, "connect", lambda connection, _record: driver_connections.append(connection))
        event.listen(engine, "connect", hasten)
        clock = SimulatedClock(NOW.astimezone(CHINA))
        self.ledger = Ledger(
            engine, "main", catalogue=CATALOGUE, clock=clock, fingerprint_key=b"k" * 32, failpoint=failpoint
        )
        self.keeper = Keeper(self.ledger, BoxFiles(folder), failpoint=failpoint)
        views = open_database(f"sqlite:///{folder / 'views.db'}", "views")
        event.listen(views, "connect", hasten)
        self.follower = Follower(self.ledger, views, VIEWS, failpoint=failpoint, batch_facts=25)
        self.signer = Signer(folder / "signer", failpoint)
        self._told, self._archive, self._failpoint = folder / "told", folder / "archive.zip", failpoint

    def everything(self) -> None:
        """Do what is not done yet, and tell of what is acknowledged."""
        self._register("x1")
        self.follower.catch_up()
        self._sign()
        if cast("Box", self.ledger.fold(Box, BOX)).ended is None:
            self.keeper.open(opening(), actor=SECRETARY_OF_IT)
            for voter in MEMBERS:
                self.keeper.vote(BOX, voter, sheet(voter))
        self._register("x2")
        self.keeper.close(BOX, actor=SECRETARY_OF_IT)
        if len(self.signer.keys()) == 1:
            self.signer.rotate()
        self._sign()
        self._register("x3")
        self.follower.catch_up()
        export(self.ledger, self._archive, Wanted(), self._failpoint)

    def _register(self, name: str) -> None:
        self._tell(f"sent {name}")
        asked = RegisterPerson(person=PersonId(name), full_name=Sealed(f"姓名 {name}"))
        receipt = self.ledger.execute(asked, actor="registrar", command_id=name)
        self._tell(f"done {name} {receipt.positions[0]}")

    def _sign(self) -> None:
        if not self.signer.is_born():
            self.signer.be_born("example.org/main")
        self.signer.sign(StoredLog(self.ledger))

    def _tell(self, words: str) -> None:
        with self._told.open("a") as told:
            told.write(f"{words}\n")


class Failing:
    """A failpoint that fails once."""

    def __init__(self, place: str, times: int, how: str, mode: str) -> None:
        """Fail at `place`."""
        self.passed: Counter[str] = Counter()
        self.connections: list[Any] = []
        self._place, self._times, self._how, self._mode = place, times, how, mode

    def __call__(self, name: str) -> None:
        """Pass a place."""
        self.passed[name] += 1
        if self._mode == "halving" and name == "append:facts-inserted":
            for connection in self.connections:
                if connection.in_transaction:
                    connection.execute("COMMIT")
                    connection.execute("BEGIN IMMEDIATE")
        if name == self._place and self.passed[name] == self._times:
            if self._how == "exit":
                os._exit(DIED)
            raise BrokenError


def live(folder: Path, failing: Failing) -> None:
    """Live once, or, where an error is raised, go on to the end all the same."""
    life = Life(folder, failing, failing.connections)
    try:
        life.everything()
    except BrokenError:
        life.everything()


def main() -> None:
    """Fork a child for every line on stdin."""
    _program, folder, mode = sys.argv
    os.fsync = lambda fd: None  # noqa: ARG005 - as `hasten`
    for line in sys.stdin:
        name, place, times, how = line.split()
        child = os.fork()
        if child == 0:
            if not Path(folder, name).exists():
                shutil.copytree(Path(folder, "house"), Path(folder, name))
            failing = Failing(place, int(times), how, mode)
            live(Path(folder, name), failing)
            print("lived", json.dumps(failing.passed), flush=True)  # noqa: T201 - its answer
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            print("died" if status == DIED else "fell", "{}", flush=True)  # noqa: T201 - likewise


if __name__ == "__main__":
    main()
