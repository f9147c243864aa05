"""One serving process put together: an installation opened for its whole life, and the application over it."""

import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from fastapi import FastAPI

from api.ability import Ability, Check, disk_has_room, signer_is_there
from api.app import create_app
from api.commands.recording import Recording
from api.commands.uploads import Uploads
from api.identity.identified import Identified
from api.living import living
from api.logging import configure
from api.queries.beside import Beside
from cli.archive import checkpoints_beside
from cli.settings import Settings, settings
from cli.signing import signing_for
from cli.wiring import Installation, installation, opened_accounts
from ledger.ballot_files import BoxFiles

UPLOADS = "uploads"
"""The folder of files that were sent ahead, beside the ledger."""


def application() -> FastAPI:
    """Return the application of a process that has its settings from the environment: one of several."""
    return application_of(settings(None, None, None))


def application_of(said: Settings) -> FastAPI:
    """Return the application; what it has opened is closed when its life ends."""
    configure()
    opened = ExitStack()
    installed = opened.enter_context(installation(said))
    identities = Identified(opened.enter_context(opened_accounts(installed)), secure=said.secure)
    ability = Ability(checks(installed))
    alive = living(installed.ledger, installed.follower, ability)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with opened:
            async with alive(app):
                yield

    return create_app(
        ledger=installed.ledger,
        follower=installed.follower,
        identities=identities,
        ability=ability,
        recording=_recording(installed),
        journal=identities.accounts.journal,
        lifespan=lifespan,
        beside=Beside(signer=signing_for(said, None, installed.ledger.ledger_id), stopping=ability.stopping),
    )


def _recording(installed: Installation) -> Recording:
    """Return what recording works with: files that wait, ballot boxes, and what the signer has signed."""
    ledger, said = installed.ledger, installed.settings
    return Recording(
        ledger,
        installed.follower,
        Uploads(said.data / UPLOADS),
        BoxFiles(said.data),
        lambda: checkpoints_beside(ledger, said, None),
    )


def checks(installed: Installation) -> list[Check]:
    """Return what is looked at before anything is recorded; the signer only where it has to be there."""
    said = installed.settings
    signing = signing_for(said, None, installed.ledger.ledger_id)
    return [disk_has_room(said.data), *([signer_is_there(signing.available)] if said.require_signer else [])]


def hand_down(said: Settings) -> None:
    """Put the settings of this run into the environment, for the processes that are started from here."""
    words = {
        "STARLEDGER_DATA": str(said.data.resolve()),
        "STARLEDGER_LEDGER": said.ledger,
        "STARLEDGER_LANG": said.language,
        "STARLEDGER_SECURE": "1" if said.secure else None,
        "STARLEDGER_CLOCK": None if said.clock is None else said.clock.isoformat(),
    }
    os.environ.update({name: value for name, value in words.items() if value is not None})
