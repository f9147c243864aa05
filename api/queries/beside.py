"""What stands beside the ledger and is read over HTTP too: the signer, and a witness."""

import threading
from dataclasses import dataclass, field

from ledger.signer import Signing
from ledger.witness import Witness


@dataclass(frozen=True, slots=True)
class Beside:
    """Collaborators of some routes; where one is missing, those routes find nothing.

    A stream of facts ends after `stream_seconds`, and when the server is told to (`stopping`).
    """

    signer: Signing | None = None
    witness: Witness | None = None
    stream_seconds: float = 600.0
    stopping: threading.Event = field(default_factory=threading.Event)
