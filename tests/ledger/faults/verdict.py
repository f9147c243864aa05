"""What became of the facts, compared with what was noted outside the ledger while they were recorded."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from ledger.ledger import Ledger
from ledger.verification import verify


@dataclass(slots=True)
class Witness:
    """What was sent, and what was acknowledged with which position."""

    sent: set[str] = field(default_factory=set)
    done: dict[str, int] = field(default_factory=dict)

    def hear(self, words: str) -> None:
        """Take `sent ID` or `done ID POSITION` into account."""
        what, name, *position = words.split()
        if what == "sent":
            self.sent.add(name)
        elif what == "done":
            self.done[name] = int(position[0])


@dataclass(slots=True)
class Tally:
    """The sums over all runs of one experiment; `unreadable` counts ledgers that could not even be opened and read."""

    acknowledged: int = 0
    lost: int = 0
    in_doubt_but_kept: int = 0
    doubled: int = 0
    half_written: int = 0
    unreadable: int = 0
    tree_ok: bool = True

    def add(self, witness: Witness, ledger: Ledger, besides: Iterable[str] = ()) -> None:
        """Compare one ledger with what was told of it; `besides` are commands that nobody told of."""
        held = [(fact.command_id, fact.position) for fact in ledger.read()]
        places = dict(held)
        verdict = verify(ledger)
        several = Counter(command for command, _ in held if command in witness.sent)
        unheard = set(places) - witness.sent - set(besides)
        self.acknowledged += len(witness.done)
        self.lost += sum(places.get(command) != at for command, at in witness.done.items())
        self.in_doubt_but_kept += len((set(places) & witness.sent) - set(witness.done))
        self.doubled += sum(count - 1 for count in several.values()) + len(unheard)
        self.half_written += sum(finding.severity != "note" for finding in verdict.findings)
        in_order = [position for _, position in held] == list(range(1, len(held) + 1))
        self.tree_ok = self.tree_ok and in_order and verdict.root == ledger.head().root

    def include(self, other: "Tally") -> None:
        """Add the sums of another tally."""
        for name in ("acknowledged", "lost", "in_doubt_but_kept", "doubled", "half_written", "unreadable"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.tree_ok = self.tree_ok and other.tree_ok

    @property
    def sound(self) -> bool:
        """Return whether everything acknowledged is there, once and whole."""
        return self.tree_ok and not (self.lost or self.doubled or self.half_written or self.unreadable)

    @property
    def figures(self) -> dict[str, int]:
        """Return the line for the notebook."""
        return asdict(self)
