"""Whatever happens to a branch's computer: drawn by lot before a step, and counted.

A fault strikes a named place, a commit, the clock, the views, a copy of the directory, or how a command is sent.
"""

import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path

from cli.settings import Settings
from cli.wiring import installation
from domain.decision import Fact
from domain.keeping import AcceptClock, EraseSealed
from domain.sealed import Sealed
from ledger.checking import Held, check
from ledger.checkpoint import TreeHead, open_checkpoint
from ledger.key_folder import WillNotSign
from ledger.ledger import Ledger
from ledger.proofs import StoredLog
from tests.controls import OPERATOR
from tests.simulator.beliefs import Violated, require
from tests.simulator.clerk import TROUBLE, Clerk, Letter
from tests.simulator.desk import Answer, Ask, Cast, Desk, Lay, Step
from tests.simulator.house import ORIGIN, Arming, Died, House, copied
from tests.simulator.oracle import Oracle, root_of
from tests.simulator.strays import stray

APPENDING = ("append:locked", "append:decided", "append:facts-inserted", "append:head-advanced", "append:committed")
VOTING = ("box:dropped", "box:recorded", *APPENDING)
CLOSING = ("box:counted", *APPENDING)
VIEWING = ("view:applied", "view:committed")
SIGNING = ("sign:written", "sign:replaced", "sign:on-disk")
FAULTY = 0.27
"""Before how many of the steps something happens."""


@dataclass(slots=True)
class Weather:
    """Draws what happens."""

    desk: Desk
    house: House
    clerk: Clerk
    oracle: Oracle
    faults: Counter[str] = field(default_factory=Counter)
    held: list[TreeHead] = field(default_factory=list)
    """The checkpoints that somebody outside has."""
    backups: list[Path] = field(default_factory=list)

    def before(self, step: Step) -> str:
        """Draw what happens before or while a step is taken; return its name."""
        if not self.desk.chance(FAULTY):
            return ""
        if isinstance(step, Ask | Cast | Lay) and self.desk.chance(0.35):
            return self._arm(step)
        return self._happen()

    def _arm(self, step: Step) -> str:
        places = VOTING if isinstance(step, Cast) else CLOSING if isinstance(step, Lay) else APPENDING
        place = self.desk.dice.choice(places)
        if self.desk.chance(0.4):
            self.house.arming = Arming(commit=self.desk.dice.choice(("not kept", "kept")))
            return "the commit fails"
        self.house.arming = Arming(place, dies=self.desk.chance(0.3))
        return f"{'death' if self.house.arming.dies else 'error'} at {place}"

    def _happen(self) -> str:
        happenings = (
            ("stray command", 5, self._stray),
            ("restart", 1, self.house.start_again),
            ("the clock drifts", 2, self._drift),
            ("the clock leaps", 2, self._leap),
            ("sent again", 2, self._again),
            ("strays together", 3, self._together),
            ("busy database", 2, self._busy),
            ("views followed", 2, self._follow),
            ("views lag", 2, self._lag),
            ("views deleted", 0.5, self.house.lose_views),
            ("a view's table emptied", 0.5, self._empty),
            ("checkpoint", 3, self._sign),
            ("backup", 2, self._back_up),
            ("backup restored", 3, self._restore),
            ("erasure", 3, self._erase),
        )
        ((kind, _, happen),) = self.desk.dice.choices(happenings, weights=[weight for _, weight, _ in happenings])
        happen()
        self.faults[kind] += 1
        return kind

    # how a command is sent

    def send(self, ask: Ask) -> Answer:
        """Send a command alone, beside another process, or together with strays; return what was answered."""
        letter = self.clerk.letter(ask)
        if self.desk.chance(0.06):
            others = [self.clerk.letter(stray(self.desk)) for _ in range(2)]
            self.clerk.send_together([others[0], letter, others[1]])
            self.faults["sent together"] += 1
        elif self.desk.chance(0.06):
            self.clerk.send(letter, self.house.beside())
            self.faults["sent by another process"] += 1
        else:
            self._send_alone(letter)
        return letter.refused or letter.receipt

    def _send_alone(self, letter: Letter) -> None:
        self.clerk.send(letter)
        if letter.refused is not None and letter.calm:
            self._foretell(letter)
        if letter.receipt is not None and self.desk.chance(0.06):
            if self.desk.chance(0.3):
                self.house.start_again()
            self.clerk.send_again(letter, self.house.ledger)

    def _foretell(self, letter: Letter) -> None:
        """Compare a refusal with what the decider says of the facts that were there."""
        self.oracle.read()
        last = self.oracle.mirror.facts[-1]
        if last.command_id == letter.id:
            return  # a refusal that is a fact has been compared as such
        now = max(self.house.time.now, last.recorded_at)
        _, refused = self.oracle.mirror.decide(letter.ask.command, letter.ask.actor, now)
        code = None if refused is None else refused.code
        said = None if letter.refused is None else letter.refused.code
        require(code == said, f"{letter.id} was refused as {said}, and should have been as {code}")
        self.oracle.checks["refusals"] += 1

    def _stray(self) -> None:
        self._send_alone(self.clerk.letter(stray(self.desk)))
        self.oracle.read()

    def _again(self) -> None:
        """Send an old letter again that was answered for good."""
        done = [letter for letter in self.clerk.letters.values() if letter.receipt is not None]
        if done:
            self.clerk.send_again(self.desk.dice.choice(done), self.house.ledger)

    def _together(self) -> None:
        one = stray(self.desk)
        self.clerk.send_together([self.clerk.letter(each) for each in (stray(self.desk), one, one)])
        self.oracle.read()

    def _busy(self) -> None:
        """Let somebody hold the lock while a command is sent, and ask again when he is gone."""
        letter = self.clerk.letter(stray(self.desk))
        with self.house.busy("ledger.db"):
            self.clerk.hear(letter, self._refusal_of(letter))
        self.clerk.send(letter)
        self.oracle.read()

    def _refusal_of(self, letter: Letter) -> Exception:
        ask = letter.ask
        try:
            self.house.ledger.execute(ask.command, actor=ask.actor, command_id=letter.id)
        except Exception as error:  # noqa: BLE001 - judged by the clerk
            return error
        message = f"{letter.id} was recorded while the database was locked"
        raise AssertionError(message)

    # the clock

    def _drift(self) -> None:
        self.house.time.leaps(timedelta(seconds=self.desk.dice.randint(-45, 45)))

    def _leap(self) -> None:
        self.clerk.leap(timedelta(minutes=self.desk.dice.choice((-1_400, -60, -7, 7, 90, 2_900))))

    # the views

    def _follow(self) -> None:
        """Keep the views up; where that fails halfway, they go on from where they were."""
        if self.desk.chance(0.4):
            self.house.arming = Arming(self.desk.dice.choice(VIEWING), dies=self.desk.chance(0.5))
        with suppress(Died, *TROUBLE):
            if self.desk.chance(0.2):
                self.house.follower.positions()
                with self.house.busy("views.db"):
                    self.house.follower.catch_up()
            self.house.follower.catch_up()
        self.clerk.revive()
        self.house.arming = Arming()

    def _lag(self) -> None:
        """Keep the views up to some fact only."""
        size = len(self.oracle.mirror.facts)
        with suppress(Died):
            self.house.follower.catch_up(upto=self.desk.dice.randint(size // 2, size))

    def _empty(self) -> None:
        """Empty a view's table behind its back: it is named, and made anew."""
        self.house.follower.catch_up()
        view = self.desk.dice.choice(self.house.parts.views)
        table = view.tables[-1].name
        with closing(sqlite3.connect(self.house.folder / "views.db")) as connection:
            gone = connection.execute(f"DELETE FROM {table}").rowcount  # noqa: S608 - our own names
            connection.commit()
        require((view.name in self.house.follower.differing()) == bool(gone), f"nobody saw that {table} is empty")
        self.house.follower.rebuild()

    # checkpoints, copies, erasures

    def _sign(self) -> None:
        """Sign everything; where the signer fails halfway, he signs the same afterwards."""
        if not self.house.signer.is_born():
            self.house.signer.be_born(ORIGIN)
        if self.desk.chance(0.4):
            self.house.arming = Arming(self.desk.dice.choice(SIGNING), dies=self.desk.chance(0.5))
        with suppress(Died, *TROUBLE):
            self.oracle.sign()
        self.clerk.revive()
        self.house.arming = Arming()
        signed = open_checkpoint(self.oracle.sign(), [self.house.signer.verifier()]).head
        self.held.append(signed)
        self.oracle.noted.append((signed.size, signed.root))

    def _back_up(self) -> None:
        copy = self.house.folder.with_name(f"backup-{len(self.backups)}")
        self.backups.append(copied(self.house.folder, copy))

    def _restore(self) -> None:
        """Put an old copy in the ledger's place: the signer refuses it, and a checkpoint held outside tells."""
        if not self.backups or not self.held:
            return
        folder = copied(self.desk.dice.choice(self.backups), self.house.folder.with_name("restored"))
        old = House(folder, self.house.time, random.Random(len(self.held)), self.house.parts)  # noqa: S311 - likewise
        newest = max(self.held, key=lambda head: head.size)
        try:
            if self.desk.chance(0.5):
                for _ in range(min(newest.size - old.ledger.head().size + 1, 5)):
                    old.ledger.execute(AcceptClock(why="分叉"), actor=OPERATOR)
            self._require_told(old.ledger, newest)
        finally:
            old.close()
            shutil.rmtree(folder)

    def _require_told(self, old: Ledger, newest: TreeHead) -> None:
        entries = [row.entry for row in old.rows()]
        if root_of(entries[: newest.size]) == newest.root:
            return  # nothing of it has been signed, nobody could tell
        with suppress(WillNotSign):
            self.house.signer.sign(StoredLog(old))
            message = "the signer signed an old copy"
            raise Violated(message)
        report = check(old, [Held("held outside", newest, ())])
        require(not report.verdict.ok, "an old copy was taken for the ledger")
        self.faults["old copies refused and told"] += 1

    def _erase(self) -> None:
        """Erase some sealed words by order; wherever they lay, they are gone."""
        digests = [digest for fact in self.oracle.mirror.facts for digest in _sealed(fact)]
        if not digests:
            return
        digest = self.desk.dice.choice(digests)
        words = self.house.ledger.words([digest]).get(digest)
        if self.desk.chance(0.3):
            self.house.arming = Arming(self.desk.dice.choice(APPENDING), dies=self.desk.chance(0.7))
        asked = EraseSealed(digests=(digest,), ordered_by="党委", ground="本人申请")
        letter = self.clerk.send(self.clerk.letter(Ask(OPERATOR, asked)))
        self.oracle.read()
        elsewhere = self.house.ledger.words(digests).values()  # the same words, sealed once more
        if words is not None and letter.receipt is not None and words not in elsewhere:
            self.oracle.erased.append(words)
            self.oracle.look_for_words()

    # the end

    def end(self) -> None:
        """Open the directory as the program itself does, verify everything, and compare every checkpoint held."""
        self.house.close()
        settings = Settings(self.house.folder, None, None, None, None, "en")
        with installation(settings) as found:
            held = [Held(f"{number}", head, ()) for number, head in enumerate(self.held[-1:])]
            verdict = check(found.ledger, held).verdict
            said = [each for each in verdict.findings if each.severity != "note"]
            require(verdict.ok and not said, f"verification finds {said}")
            require(verdict.size == len(self.oracle.entries), "verification hashes other facts")


def _sealed(fact: Fact) -> list[str]:
    values = (getattr(fact.event, each.name) for each in fields(fact.event))  # type: ignore[arg-type]
    return [value.digest for value in values if isinstance(value, Sealed) and value.digest is not None]
