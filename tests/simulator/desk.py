"""What officers do, as steps: what is asked, a vote, a day that goes by; and the desk they all work at."""

import random
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.dates import CHINA
from domain.decision import Command, Refused
from domain.ids import BoxId, PersonId, RoundId
from ledger.ballot_boxes import Keeper
from ledger.ledger import Receipt
from ledger.store import Attachment
from tests.simulator.beliefs import Beliefs
from tests.simulator.founding import PAPER, Pen, Plan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BODY = "考核工作领导小组"


@dataclass(frozen=True, slots=True)
class Ask:
    """A command, and who asks for it."""

    actor: PersonId
    command: Command
    attachments: tuple[Attachment, ...] = (PAPER,)


@dataclass(frozen=True, slots=True)
class Wait:
    """Time that goes by."""

    step: timedelta


@dataclass(frozen=True, slots=True)
class Cast:
    """A sheet dropped into a box by its voter."""

    box: BoxId
    voter: PersonId
    marks: dict[str, str]

    def do(self, keeper: Keeper) -> Receipt | None:
        """Drop it."""
        return keeper.vote(self.box, self.voter, self.marks)


@dataclass(frozen=True, slots=True)
class Lay:
    """A box opened, or, with `opening` None, closed and counted."""

    box: BoxId
    actor: PersonId
    opening: Command | None = None

    def do(self, keeper: Keeper) -> Receipt | None:
        """Open or close it."""
        if self.opening is None:
            return keeper.close(self.box, actor=self.actor)
        return keeper.open(self.opening, actor=self.actor)  # type: ignore[arg-type]


Step = Ask | Wait | Cast | Lay
Answer = Receipt | Refused | None
Script = Generator[Step, Answer, None]


@dataclass(slots=True)
class Desk:
    """What the officers of a branch have before them."""

    plan: Plan
    dice: random.Random
    pen: Pen
    believed: Beliefs
    now: datetime
    """What the wall clock says."""
    recorded: datetime
    """When the last fact was recorded: never later facts are dated before it."""

    def until(self, day: date, hour: int = 9) -> Wait:
        """Return the waiting for an hour of a day; none where that is over."""
        then = datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)
        return Wait(max(then - self.now, timedelta()))

    def chance(self, share: float) -> bool:
        """Return True in this share of all cases."""
        return self.dice.random() < share

    @property
    def today(self) -> date:
        """Return the day in China."""
        return max(self.now, self.recorded).astimezone(CHINA).date()

    def somebody(self, *but: PersonId) -> PersonId:
        """Return a member drawn by lot, none of `but`."""
        return self.dice.choice([person for person in self.plan.members if person not in but])

    def evaluated(self, which: RoundId) -> list[PersonId]:
        """Return who is evaluated in a round."""
        return self.believed.rounds[which].evaluated if which in self.believed.rounds else []
