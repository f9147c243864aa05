"""Sending commands as people do who are not sure whether they were heard: again, twice, together, after a restart.

What was answered is kept here, outside the system under test: every command with its one receipt, or its refusal.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from domain.decision import Refused
from domain.keeping import AcceptClock
from ledger.clock import LEAP, ClockLeapt
from ledger.failures import InDoubt
from ledger.ledger import Ledger, Receipt
from tests.controls import OPERATOR
from tests.simulator.beliefs import require
from tests.simulator.desk import Ask, Cast, Lay
from tests.simulator.house import Broken, Died, House

TROUBLE = (InDoubt, Broken, sqlite3.OperationalError, sa.exc.OperationalError)
MOST_TRIES = 20


@dataclass(slots=True)
class Letter:
    """A command under its id, and what was answered to it so far."""

    id: str
    ask: Ask
    receipt: Receipt | None = None
    refused: Refused | None = None
    calm: bool = True
    """Whether nothing happened on the way, so that its refusal can be foretold."""

    @property
    def answered(self) -> bool:
        return self.receipt is not None or self.refused is not None


@dataclass(slots=True)
class Clerk:
    """Sends letters to a house, and keeps the answers."""

    house: House
    letters: dict[str, Letter] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    """Everything that anybody was told in words."""
    counts: Counter[str] = field(default_factory=Counter)
    leapt: timedelta = timedelta()
    """How far the wall clock is off, where that is further than a process goes along with."""

    def letter(self, ask: Ask) -> Letter:
        """Return a new letter."""
        made = Letter(f"c{len(self.letters)}", ask)
        self.letters[made.id] = made
        return made

    def send(self, letter: Letter, ledger: Ledger | None = None) -> Letter:
        """Send a letter until it is answered, whatever happens on the way."""
        for _ in range(MOST_TRIES):
            if letter.answered:
                return letter
            self._try(letter, ledger or self.house.ledger)
            ledger = None
        message = f"{letter.id} was never answered"
        raise AssertionError(message)

    def _try(self, letter: Letter, ledger: Ledger) -> None:
        try:
            self.hear(letter, self._execute(letter, ledger))
        except Died:
            self.hear(letter, InDoubt())
        except Exception as error:  # noqa: BLE001 - judged at once
            self.hear(letter, error)

    def _execute(self, letter: Letter, ledger: Ledger) -> Receipt:
        self.counts["sent"] += 1
        ask = letter.ask
        return ledger.execute(ask.command, actor=ask.actor, command_id=letter.id, attachments=ask.attachments)

    def hear(self, letter: Letter, answer: Receipt | BaseException) -> None:
        """Take an answer: the first one counts, and every other must be the same."""
        if isinstance(answer, BaseException):
            self.heard.append(f"{answer} {getattr(answer, 'why', '')}")
        if isinstance(answer, Receipt):
            self._done(letter, answer)
        elif isinstance(answer, Refused):
            self._refused(letter, answer)
        elif isinstance(answer, ClockLeapt):
            self.counts["stopped by the clock"] += 1
            self._set_clock_right()
        elif isinstance(answer, TROUBLE):
            self._in_doubt(letter)
        else:
            raise answer

    def _done(self, letter: Letter, receipt: Receipt) -> None:
        require(receipt.command_id == letter.id, "somebody else's receipt")
        require(letter.refused is None, f"{letter.id} was refused first and then acknowledged")
        if letter.receipt is None:
            self.counts["acknowledged"] += 1
            letter.receipt = receipt
        same = (letter.receipt.positions, letter.receipt.recorded_at) == (receipt.positions, receipt.recorded_at)
        require(same, f"{letter.id} was answered in two ways")

    def _refused(self, letter: Letter, refused: Refused) -> None:
        require(letter.receipt is None, f"{letter.id} was acknowledged first and then refused")
        if letter.refused is None:
            self.counts["refused"] += 1
            letter.refused = refused
        require(letter.refused.code == refused.code, f"{letter.id} was refused in two ways")

    def _in_doubt(self, letter: Letter) -> None:
        self.counts["in doubt"] += 1
        letter.calm = False
        self.revive()

    def revive(self) -> None:
        """Start a new process where the last one died."""
        if self.house.died is not None:
            self.counts["deaths"] += 1
            self.house.start_again()

    def _set_clock_right(self) -> None:
        """Do one of the three things that can be done about a clock that leapt."""
        way = self.counts["stopped by the clock"] % 3
        if way == 0 or not self.leapt:
            self.house.start_again()
        elif way == 1:
            self.send(self.letter(Ask(OPERATOR, AcceptClock(why="已校准"))))
            self.counts["clocks accepted"] += 1
        else:
            self.house.time.leaps(-self.leapt)
            self.leapt = timedelta()

    def leap(self, step: timedelta) -> None:
        """Move the wall clock; whoever works on goes on with it unless it is too far."""
        self.house.time.leaps(step)
        self.leapt = step if abs(step) > LEAP else timedelta()

    # more than once, and together

    def send_again(self, letter: Letter, ledger: Ledger) -> None:
        """Send a letter once more that has been answered for good."""
        self.counts["sent again"] += 1
        self._try(letter, ledger)

    def send_together(self, letters: Sequence[Letter]) -> None:
        """Send letters so that all but the first share one commit; whoever hears nothing asks again alone."""
        self.counts["together"] += len(letters)
        for letter in letters:
            letter.calm = False
        answers = asyncio.run(self._together(letters))
        self.revive()
        for letter, answer in zip(letters, answers, strict=True):
            self.hear(letter, answer)
        for letter in letters:
            self.send(letter)

    async def _together(self, letters: Sequence[Letter]) -> list[Receipt | BaseException]:
        gate = self.house.gate
        gate.close()
        tasks = [asyncio.create_task(self._submit(letters[0]))]
        tasks[0].add_done_callback(lambda _: gate.entered.set())
        await asyncio.to_thread(gate.entered.wait)  # not here: the loop has to turn for a command to begin
        for letter in letters[1:]:
            tasks.append(asyncio.create_task(self._submit(letter)))
            await asyncio.sleep(0)
        gate.opened.set()
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    async def _submit(self, letter: Letter) -> Receipt:
        self.counts["sent"] += 1
        ask = letter.ask
        return await self.house.ledger.submit(
            ask.command, actor=ask.actor, command_id=letter.id, attachments=ask.attachments
        )

    # ballots

    def vote(self, step: Cast | Lay) -> Receipt | Refused | None:
        """Have the keeper do something until he has done or refused it."""
        for _ in range(MOST_TRIES):
            self.counts["asked of the keeper"] += 1
            try:
                return step.do(self.house.keeper)
            except Refused as refused:
                self.heard.append(f"{refused.why}")
                return refused
            except ClockLeapt:
                self.counts["stopped by the clock"] += 1
                self._set_clock_right()
            except (Died, *TROUBLE):
                self.counts["in doubt"] += 1
                self.revive()
        message = "the keeper never answered"
        raise AssertionError(message)
