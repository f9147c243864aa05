"""Identities for tests: whoever a header names has signed in; without accounts, passwords or sessions."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection

from api.principal import EVERYTHING, Principal, Reach
from domain.ids import PersonId

PERSON: Final = "x-test-person"
STEPPED_UP: Final = "x-test-stepped-up"


@dataclass(frozen=True, slots=True)
class ByHeader:
    """Takes the person from a header, `default` where there is none."""

    default: str | None = None
    reach: frozenset[Reach] = EVERYTHING

    def principal(self, request: HTTPConnection) -> Principal | None:
        """Return the person named, as one who signed in with a password."""
        person = request.headers.get(PERSON, self.default)
        if person is None:
            return None
        stepped_up = STEPPED_UP in request.headers
        return Principal(f"account-{person}", PersonId(person), "password", "session", self.reach, stepped_up)
