"""Who asks over HTTP: an account that has signed in for a person, how it did so, and what that allows.

An account opens the door and no more: what a person may do is decided by the offices that the ledger knows, when the
command is decided or the answer is disclosed.
"""

from dataclasses import dataclass
from typing import Final, Literal, Protocol, get_args

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.ability import ABILITY, Ability
from domain.decision import Command
from domain.ids import PersonId

Means = Literal["password", "link", "slip", "key", "demo"]
"""How somebody signed in: with a password (and a one-time code), a one-time link, a printed slip, an API key.

`demo`: he was chosen from the list of a demonstration, where nothing is anybody's.
"""
Reach = Literal["read", "record", "decide", "export", "account"]
"""What an API key may be used for; a session reaches everything that its person may do.

`account` is his own account: who must enrol an authenticator first reaches nothing else.
"""
JOURNAL: Final = "journal"
PRINCIPAL: Final = "principal"
"""Under what there stand beside a request: where refusals are noted, and who has come in."""
EVERYTHING: Final[frozenset[Reach]] = frozenset(get_args(Reach))
OF_KEYS: Final[frozenset[Reach]] = EVERYTHING - {"account"}
"""What a key can be made for: none opens the account that it was made by."""


class Waiting(Protocol):
    """Where what takes two persons waits for the second one."""

    def second_for(self, principal: "Principal", order: "Order") -> Command:
        """Return the command as it is to be carried out; raises `WaitsForSecond` where another must stand behind it."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """A command with what came along, under the id that it has in the ledger."""

    command: Command
    command_id: str
    on_behalf_of: str | None = None
    if_match: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `stepped_up`: has proved a moment ago, once more, that it is really he."""

    account: str
    person: PersonId
    means: Means
    session: str | None = None
    reach: frozenset[Reach] = EVERYTHING
    stepped_up: bool = False
    form_token: str = ""
    """What the forms of his session must carry, in the field `form_token` or the header `X-Form-Token`."""
    waits_at: Waiting | None = None
    """Where what he asks for waits where it takes two persons; None: nothing does (tests without accounts)."""


class Identities(Protocol):
    """Where it is known who a request comes from."""

    def principal(self, request: HTTPConnection) -> Principal | None:
        """Return who asks, None where nothing says so; raises `Refused` for credentials that are not valid."""
        ...


class Nobody:
    """Identities of an installation without accounts: nobody is signed in."""

    def principal(self, request: HTTPConnection) -> Principal | None:  # noqa: ARG002 - the protocol's
        """Return None."""
        return None


class Introducing:
    """Puts beside each request what the doors ask: identities, and whether this process may record at present.

    Only doors ask, so a public route reads nothing.
    """

    def __init__(
        self,
        app: ASGIApp,
        identities: Identities,
        ability: Ability | None = None,
        journal: object = None,
    ) -> None:
        """Wrap `app`; `journal` is where refusals are noted (`api.journal`)."""
        self._app = app
        self._beside = {"identities": identities, ABILITY: ability or Ability(), JOURNAL: journal}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with them."""
        if scope["type"] == "http":
            scope.setdefault("state", {}).update(self._beside)
        await self._app(scope, receive, send)


def principal_of(request: HTTPConnection) -> Principal | None:
    """Return who asks, None where nobody has signed in."""
    identities: Identities = request.scope["state"]["identities"]
    return identities.principal(request)
