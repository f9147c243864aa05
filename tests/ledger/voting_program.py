"""A process that dies at a failpoint of the keeper: `voting_program.py URL FOLDER FAILPOINT vote|close`."""

import os
import sys
from pathlib import Path

from ledger.ballot_boxes import Keeper
from ledger.ballot_files import BoxFiles
from ledger.engine import open_database
from tests.ledger.ballot_house import BOX, MEMBERS, SECRETARY_OF_IT, ledger_on, sheet


def main() -> None:
    """Vote as the last member, or close the box, and die there without any chance to tidy up."""
    _program, url, folder, at, act = sys.argv

    def die(name: str) -> None:
        if name == at:
            os._exit(9)

    keeper = Keeper(ledger_on(open_database(url)), BoxFiles(Path(folder)), failpoint=die)
    if act == "vote":
        keeper.vote(BOX, MEMBERS[-1], sheet(MEMBERS[-1], "不合格"))
    else:
        keeper.close(BOX, actor=SECRETARY_OF_IT)


if __name__ == "__main__":
    main()
