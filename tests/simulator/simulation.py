"""One seed: a branch through its years in one process, with whatever happens to it; judged after every few steps."""

import logging
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from unittest import mock

from sqlalchemy import Engine

from domain.decision import Refused
from domain.ids import PersonId
from ledger.engine import open_database
from projections.dump import dump
from projections.engine import Follower
from projections.views import VIEWS
from tests.simulator.annual_officers import annual_year
from tests.simulator.beliefs import Beliefs
from tests.simulator.clerk import Clerk
from tests.simulator.desk import Answer, Ask, Cast, Desk, Lay, Script, Step, Wait
from tests.simulator.founding import ANNUAL, DOCUMENTS, FIRST_YEAR, PAPER, Pen, Plan, founding
from tests.simulator.house import SOUND, Arming, House, Parts, copied
from tests.simulator.mirror import Mirror
from tests.simulator.month_officers import month_year
from tests.simulator.oracle import Oracle
from tests.simulator.virtual_time import VirtualTime
from tests.simulator.weather import Weather

STEPS_BETWEEN = 20
COMMANDS = ("sent", "acknowledged", "refused", "in doubt", "sent again")
BROUGHT = (PAPER, *DOCUMENTS.values())


@dataclass(slots=True)
class Outcome:
    """What one seed, or several together, came to."""

    root: str = ""
    """The root over the last seed's facts."""
    lived: Counter[str] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Outcome") -> None:
        """Add another seed's."""
        self.root = other.root
        for name in ("lived", "commands", "faults", "checks"):
            getattr(self, name).update(getattr(other, name))

    @property
    def figures(self) -> dict[str, int]:
        """Return the line for the notebook."""
        commands = {name: self.commands[name] for name in COMMANDS}
        return {**self.lived, **commands, **_sorted(self.faults), **_sorted(self.checks, "checked: ")}


def _sorted(counts: Counter[str], prefix: str = "") -> dict[str, int]:
    return {f"{prefix}{name}": count for name, count in sorted(counts.items())}


class Failed(AssertionError):  # noqa: N818 - names what is the case
    """A seed that is not as it must be, with the steps that led there."""

    def __init__(self, seed: int, trace: list[str], why: BaseException) -> None:
        """Say how to do it again."""
        self.seed, self.steps, self.why = seed, len(trace), why
        shown = "\n".join(f"  {number:4} {step}" for number, step in enumerate(trace, 1))
        super().__init__(
            f"{type(why).__name__}: {why}\nseed {seed}, step {len(trace)}; to replay it alone:\n"
            f"  STARLEDGER_SEED={seed} python3 run.py test tests/simulator -k one_seed\n{shown}"
        )


class Simulation:
    """One seed on its way."""

    def __init__(self, seed: int, folder: Path, parts: Parts, soak: int, every: int) -> None:
        """Found the branch in `folder`."""
        self.plan, self.every = Plan.of(seed, soak), every
        self.dice = random.Random(f"life {seed}")  # noqa: S311 - must be the same in every run
        nonces = random.Random(f"nonces {seed}")  # noqa: S311 - likewise
        shown = tuple(view for view in parts.views if view.name in self.plan.views)
        parts = replace(parts, views=shown)
        self.house = House(copied(_founded(self.plan.size), folder / "data"), VirtualTime(), nonces, parts)
        self.clerk, self.trace = Clerk(self.house), list[str]()
        self.believed = Beliefs()
        documents = {attachment.sha256: attachment.content for attachment in BROUGHT}
        self.oracle = Oracle(self.house, self.clerk, self.believed, Mirror(documents))
        pen = Pen(1000)
        now = self.house.time.now
        self.desk = Desk(self.plan, self.dice, pen, self.believed, now, now)
        self.weather = Weather(self.desk, self.house, self.clerk, self.oracle)
        self._begin()

    def _begin(self) -> None:
        for number, (actor, command) in enumerate(founding(self.plan.size, Pen())):
            letter = self.clerk.letter(Ask(actor, command, BROUGHT))
            letter.id = f"f{number}"
        self.clerk.letters = {letter.id: letter for letter in self.clerk.letters.values()}
        self.oracle.read()
        self.oracle.look_at_tree()
        self.oracle.founded = len(self.oracle.entries)
        self.clerk.letters.clear()

    def run(self) -> Outcome:
        """Live through all years; raise `Failed` where anything is not as it must be."""
        try:
            with self._listening(), self._failing_commits():
                self._live(self._years())
                self._end()
        except Exception as error:
            raise Failed(self.plan.seed, self.trace, error) from error
        finally:
            self.house.close()
        return self._outcome()

    def _years(self) -> Script:
        for number, scheme in enumerate(self.plan.years):
            year = FIRST_YEAR + number
            yield from annual_year(self.desk, year) if scheme == ANNUAL else month_year(self.desk, year)

    def _live(self, script: Script) -> None:
        answer: Answer = None
        while (step := _next(script, answer)) is not None:
            self.trace.append(_said(step))
            trouble = self.weather.before(step)
            if trouble:
                self.trace[-1] += f"  [{trouble}]"
            answer = self._take(step)
            self.house.arming = Arming()
            self._look()

    def _take(self, step: Step) -> Answer:
        match step:
            case Wait():
                self.house.time.goes_by(step.step + timedelta(minutes=1))
                return None
            case Ask():
                return self.weather.send(step)
            case Cast():
                answer = self.clerk.vote(step)
                if not isinstance(answer, Refused):
                    self.believed.sheets[step.box, PersonId(step.voter)] = step.marks
                return answer
            case Lay():
                return self.clerk.vote(step)

    def _look(self) -> None:
        self.clerk.revive()
        self.oracle.read()
        self.desk.now = self.house.time.now
        if self.oracle.mirror.facts:
            self.desk.recorded = self.oracle.mirror.facts[-1].recorded_at
        if len(self.trace) % self.every == 0:
            self.oracle.look_at_tree()
            self.oracle.look_for_words()
            if len(self.trace) % (3 * self.every) == 0:
                self.oracle.look_at_views()

    def _end(self) -> None:
        self.house.arming.place = self.house.arming.commit = ""
        self.oracle.look_at_tree()
        self.oracle.compare_answers()
        self.oracle.look_for_words()
        self.oracle.look_for_votes()
        self.oracle.look_at_past()
        self.oracle.compare_replay(replayed)
        if self.plan.seed % 4 == 0:
            self.oracle.compare_past()
        self.weather.end()

    def _outcome(self) -> Outcome:
        oracle, clerk = self.oracle, self.clerk
        lived = Counter(years=len(self.plan.years), steps=len(self.trace), facts=len(oracle.entries))
        lived["restarts"] = self.house.lives - 1
        faults = self.house.fired + self.weather.faults
        return Outcome(oracle.noted[-1][1].hex(), lived, clerk.counts, faults, oracle.checks + self.believed.checked)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        logging.getLogger().addHandler(self.oracle.log)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(self.oracle.log)

    @contextmanager
    def _failing_commits(self) -> Iterator[None]:
        with mock.patch("ledger.engine._hand_in", self.house.hand_in):
            yield


def _next(script: Script, answer: Answer) -> Step | None:
    """Return the step after this answer; None after the last one."""
    try:
        return script.send(answer)
    except StopIteration:
        return None


def _said(step: Step) -> str:
    match step:
        case Ask():
            return f"{step.actor}: {step.command}"
        case Cast():
            return f"{step.voter}: votes in {step.box}"
        case Lay():
            return f"{step.actor}: {'closes' if step.opening is None else 'opens'} {step.box}"
        case Wait():
            return f"{step.step} go by"


def live(seed: int, folder: Path, parts: Parts = SOUND, *, soak: int = 1, every: int = STEPS_BETWEEN) -> Outcome:
    """Live through one seed in `folder`, which is emptied first; judged after every so many steps, and at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Simulation(seed, folder, parts, soak, every).run()


# what is made once for all seeds


@cache
def _founded(size: int) -> Path:
    """Return the data directory of a branch of this size on its first day, from which every seed takes a copy."""
    folder = Path(tempfile.mkdtemp(prefix="starledger-founded-")) / "life-0"
    folder.mkdir()
    dice = random.Random(f"founding {size}")  # noqa: S311 - must be the same in every run
    house = House(folder, VirtualTime(), dice, SOUND)
    for number, (actor, command) in enumerate(founding(size, Pen())):
        house.ledger.execute(command, actor=actor, command_id=f"f{number}", attachments=BROUGHT)
    house.follower.catch_up()
    house.close()
    return folder


@cache
def _memory() -> Engine:
    """Return the database in which views are rebuilt."""
    return open_database("sqlite://", "views")


def replayed(house: House) -> str:
    """Return what all views come to, folded from nothing in memory."""
    engine = _memory()
    views = [view for view in VIEWS if view.name in {each.name for each in house.parts.views}]
    follower = Follower(house.ledger, engine, views, monotonic=float)
    follower.rebuild()
    with follower.reading() as reading:
        return dump(reading.connection, reading.ledger_id, views)
