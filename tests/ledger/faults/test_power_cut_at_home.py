"""The power goes while a branch works: its data directory comes up with facts, boxes, keys and answers that fit."""

import os
import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli.exits import Stop
from cli.wiring import Installation, installation
from domain.ballot_sheets import read_sheet
from domain.decision import Refused
from domain.ids import PersonId
from ledger.ballot_boxes import Keeper
from ledger.ballot_contents import OpenedBox
from ledger.ballot_files import BoxFiles
from tests.experiments import Notebook
from tests.ledger.ballot_house import BOX, sheet
from tests.ledger.faults.branch_program import opened, registering
from tests.ledger.faults.conftest import Library
from tests.ledger.faults.power_cut import images
from tests.ledger.faults.recorded import empty_disk, recorded
from tests.ledger.faults.verdict import Tally, Witness

PROMISE, WAY = "an acknowledged ballot is kept", "power cut in a data directory: facts, keys, boxes and views"
PROGRAM = Path(__file__).with_name("branch_program.py")
SEED = int(os.environ.get("STARLEDGER_SEED", "20260106"))
IMAGES, ROUNDS = 40 * int(os.environ.get("STARLEDGER_SOAK", "1")), 75


@dataclass(slots=True)
class Teller:
    """Notes outside the system what was cast: for each place the sheet taken last, and those that were tried since."""

    facts: Witness = field(default_factory=Witness)
    taken: dict[str, str] = field(default_factory=dict)
    tried: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    printed: bool = False

    def hear(self, words: str) -> None:
        """Take a mark into account."""
        what, *rest = words.split()
        if what == "casting":
            self.tried[rest[0]].add(rest[1])
        elif what == "cast":
            self.taken[rest[0]] = rest[1]
            self.tried[rest[0]].clear()
        elif what == "printed":
            self.printed = True
        else:
            self.facts.hear(words)


@dataclass(slots=True)
class Outcome:
    """What became of facts, sheets, answers and views over all images."""

    facts: Tally = field(default_factory=Tally)
    sheets: int = 0
    sheets_lost: int = 0
    answers_lost: int = 0
    views_differ: int = 0

    @property
    def figures(self) -> dict[str, int]:
        """Return the line for the notebook."""
        own = {name: getattr(self, name) for name in ("sheets", "sheets_lost", "answers_lost", "views_differ")}
        return {**self.facts.figures, **own}

    def add(self, teller: Teller, installed: Installation) -> None:
        """Compare one data directory that came up with what was told."""
        self.facts.add(teller.facts, installed.ledger, besides=self._of_the_house(installed))
        self.sheets += len(teller.taken)
        self.answers_lost += sum(not repeated(installed, name) for name in teller.facts.done)
        self.sheets_lost += sheets_lost(teller, Keeper(installed.ledger, BoxFiles(installed.settings.data)))
        self.views_differ += len(installed.follower.differing())

    def miss(self, teller: Teller) -> None:
        """Count a data directory that could not be opened: nothing told of it is there."""
        self.facts.acknowledged += len(teller.facts.done)
        self.sheets += len(teller.taken)
        self.answers_lost += len(teller.facts.done)
        self.sheets_lost += len(teller.taken)

    @staticmethod
    def _of_the_house(installed: Installation) -> set[str]:
        """Return the commands that nobody gave an id."""
        return {fact.command_id for fact in installed.ledger.read() if not fact.command_id.startswith("x")}


def repeated(installed: Installation, name: str) -> bool:
    """Return whether a command sent again gets the answer it got before."""
    try:
        return installed.ledger.execute(registering(name), actor="registrar", command_id=name).repeated
    except Refused:
        return False


def sheets_lost(teller: Teller, keeper: Keeper) -> int:
    """Return how many sheets do not lie at their places as they were taken (or, in doubt, as they were tried since)."""
    if not teller.printed:
        return 0
    try:
        keeper.sweep()
        with keeper.lent(BOX) as held:
            return sum(
                not is_there(held, place, {taken, *teller.tried[place]}) for place, taken in teller.taken.items()
            )
    except Refused:
        return len(teller.taken)


def is_there(held: OpenedBox, place: str, grades: set[str]) -> bool:
    """Return whether one of these sheets lies at a place and, if it is a voter's own, its return is recorded."""
    kind, _, who = place.partition(":")
    voter = PersonId(who) if kind == "voter" else None
    possible = {read_sheet(held.opened, sheet(voter, grade), voter).hex() for grade in grades}
    lying = held.contents.sheets.get(held.key.place(place))
    return lying is not None and lying.rows in possible and (voter is None or voter in held.state.on_screen)


def outcome_of(folder: Path, library: Path, checkout: Path, mode: str) -> Outcome:
    """Record a branch at work, cut its power often, and return what came up."""
    record = recorded(folder, library, checkout, PROGRAM, [str(folder / "disk"), mode, str(SEED), str(ROUNDS)])
    outcome, teller = Outcome(), Teller()
    for image in images(record, empty_disk(folder / "disk"), random.Random(SEED), IMAGES, folder, teller.hear):  # noqa: S311
        try:
            with installation(opened(image), create=True) as installed:
                outcome.add(teller, installed)
        except Stop:  # the key that recognises commands is damaged
            outcome.miss(teller)
    return outcome


@pytest.mark.slow
def test_a_branch_finds_every_ballot_and_answer_after_a_power_cut(
    tmp_path: Path, library: Library, checkout: Path, notebook: Notebook
) -> None:
    outcome = outcome_of(tmp_path.resolve(), library("watched_disk"), checkout, "sound")
    notebook.saw(PROMISE, WAY, on="SQLite", runs=IMAGES, figures=outcome.figures, seed=SEED)
    assert outcome.facts.sound
    assert (outcome.sheets_lost, outcome.answers_lost, outcome.views_differ) == (0, 0, 0)
    assert outcome.sheets > IMAGES


@pytest.mark.slow
def test_keys_and_boxes_that_are_not_synchronised_would_be_missed(
    tmp_path: Path, library: Library, checkout: Path, notebook: Notebook
) -> None:
    outcome = outcome_of(tmp_path.resolve(), library("watched_disk"), checkout, "careless")
    way = f"{WAY}; keys and boxes not synchronised"
    notebook.saw(PROMISE, way, on="SQLite", runs=IMAGES, figures=outcome.figures, control=True, seed=SEED)
    assert min(outcome.sheets_lost, outcome.answers_lost) > 0
