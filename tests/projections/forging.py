"""Facts that no decider would have made, appended behind the head as any other: the tree stays whole, and they lie."""

from domain.catalogue import CATALOGUE
from domain.decision import Catalogue, Command, Context, Event, command, decider
from ledger.ledger import Ledger
from tests.projections.year_ledger import numbered


@command("forge")
class Forge(Command):
    """Append whatever one likes."""

    number: int


def forge(ledger: Ledger, *events: Event, actor: str = "mallory", number: int = 1) -> int:
    """Append `events` as one command would; return the position of the first."""

    def as_said(_asked: Forge, _context: Context) -> list[Event]:
        return list(events)

    catalogue = Catalogue.of(tuple(CATALOGUE.events.values()), (decider(as_said),))
    bent = Ledger(
        ledger.engine,
        ledger.ledger_id,
        catalogue=catalogue,
        clock=ledger.clock,
        fingerprint_key=b"key",
        random=numbered(5_000_000 + 1_000 * number),
    )
    return bent.execute(Forge(number=number), actor=actor, command_id=f"forged-{number}").positions[0]
