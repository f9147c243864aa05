"""A branch at work in a data directory while its disk is recorded: `branch_program.py FOLDER MODE SEED ROUNDS`.

People are registered under command ids, a ballot box is opened, slips are printed, sheets are dropped and replaced, and
views are kept up; three times over everything is closed and opened again. Into the record goes what was sent and what
was acknowledged: `sent`/`done` as in `noting_program.py`, `casting PLACE GRADE` and `cast PLACE GRADE` for sheets.
MODE `sound` is the program as it is; in `careless`, the control, what Python writes (keys and boxes, not the database)
is not synchronised.
"""

import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

from cli.settings import Settings
from cli.wiring import Installation, installation
from domain.ids import PersonId
from domain.organisation import RegisterPerson
from domain.sealed import Sealed
from ledger.ballot_boxes import Keeper
from ledger.ballot_files import BoxFiles
from ledger.engine import open_database
from tests.ledger.ballot_house import BOX, GRADES, MEMBERS, SECRETARY_OF_IT, house, opening, sheet
from tests.ledger.faults.power_cut import mark

SESSIONS, SLIPS = 3, 4
Tell = Callable[[str], None]


def registering(name: str) -> RegisterPerson:
    """Return the command that is sent under this id."""
    return RegisterPerson(person=PersonId(name), full_name=Sealed(f"姓名 {name}"))


def opened(folder: Path) -> Settings:
    """Return the settings of a run in this data directory."""
    return Settings(folder, None, None, None, None, "zh")


def prepare(folder: Path, tell: Tell) -> list[str]:
    """Found the branch and open its box; return the codes of the slips."""
    engine = open_database(f"sqlite:///{folder / 'ledger.db'}")
    house(engine)
    engine.dispose()
    codes: list[str] = []
    with installation(opened(folder)) as installed:
        keeper = Keeper(installed.ledger, BoxFiles(folder))
        keeper.open(opening(slips=SLIPS), actor=SECRETARY_OF_IT)
        keeper.print_slips(BOX, "representatives", SLIPS, actor=SECRETARY_OF_IT, deliver=codes.extend)
        tell("printed")
    return codes


def work(installed: Installation, codes: list[str], dice: random.Random, name: str, tell: Tell) -> None:
    """Do one thing, and tell before and afterwards."""
    keeper, grade = Keeper(installed.ledger, BoxFiles(installed.settings.data)), dice.choice(GRADES[1:])
    what = dice.randrange(4)
    if what == 0:
        tell(f"sent {name}")
        receipt = installed.ledger.execute(registering(name), actor="registrar", command_id=name)
        tell(f"done {name} {receipt.positions[0]}")
    elif what == 1:
        voter = dice.choice(MEMBERS)
        tell(f"casting voter:{voter} {grade}")
        keeper.vote(BOX, voter, sheet(voter, grade))
        tell(f"cast voter:{voter} {grade}")
    elif what == 2:
        code = dice.choice(codes)
        tell(f"casting slip:{code} {grade}")
        keeper.vote_by_slip(BOX, code, sheet(None, grade))
        tell(f"cast slip:{code} {grade}")
    else:
        installed.follower.catch_up()


def main() -> None:
    """Prepare, then work."""
    _program, folder, mode, seed, rounds = sys.argv
    if mode == "careless":
        os.fsync = lambda fd: None  # noqa: ARG005 - the line that the control takes away
    dice = random.Random(int(seed))  # noqa: S311 - must be the same in every run
    log = os.open(os.environ["STARLEDGER_DISK_LOG"], os.O_WRONLY | os.O_APPEND)

    def tell(words: str) -> None:
        mark(log, words)

    codes = prepare(Path(folder), tell)
    for session in range(SESSIONS):
        with installation(opened(Path(folder))) as installed:
            for number in range(int(rounds) // SESSIONS):
                work(installed, codes, dice, f"x{session}-{number}", tell)


if __name__ == "__main__":
    main()
