"""A town that does everything over HTTP: each person signs in with a link, a password and a code, and asks as himself.

What the demo types at the terminal is carried out here by requests instead: the same words become the same command
values, and those go to the routes. Nothing reaches the ledger otherwise, once it has been opened.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
import pyotp
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from api.commands.places import PLACES, spelt
from api.commands.recording import Recording
from api.commands.uploads import Uploads
from api.identity.accounts import Accounts
from api.identity.identified import Identified
from cli.derived import Asking
from cli.settings import Settings
from cli.web import UPLOADS
from cli.wiring import Installation, installation, opened_accounts
from domain.decision import Command
from domain.ids import PersonId
from domain.sealed import Sealed
from ledger.attachable import KINDS
from ledger.ballot_files import BoxFiles
from ledger.clock import SimulatedClock

ROOT: Final = "/api/v1"
OWN_PAGE: Final = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
PASSWORD: Final = "eleven bright lanterns of {}"  # noqa: S105 - of nobody
LOOK_FIRST: Final = 428


@dataclass
class Town:
    """The people of an installation, each with a browser of his own in which he has signed in."""

    installed: Installation
    accounts: Accounts
    app: Any
    browsers: dict[str, TestClient] = field(default_factory=dict)
    requests: int = 0

    @property
    def clock(self) -> SimulatedClock:
        """The clock of the ledger."""
        clock = self.installed.ledger.clock
        assert isinstance(clock, SimulatedClock)
        return clock

    def browser(self, person: str) -> TestClient:
        """Return the browser of somebody who has signed in, with a password and an authenticator of his own."""
        if person not in self.browsers:
            self.browsers[person] = self._signed_in(person)
        return self.browsers[person]

    def _signed_in(self, person: str) -> TestClient:
        browser = TestClient(self.app, headers=OWN_PAGE)
        account = self.accounts.people.made_for(PersonId(person))
        token = self.accounts.links.issue(account.account, "invitation", "console")
        must(browser.post(f"{ROOT}/sign-in/link", json={"token": token}))
        must(browser.put(f"{ROOT}/password", json={"new": PASSWORD.format(person), "old": ""}))
        secret = must(browser.post(f"{ROOT}/authenticator")).json()["secret"]
        must(browser.post(f"{ROOT}/authenticator/confirm", json={"code": pyotp.TOTP(secret).now()}))
        return browser

    def prove(self, person: str) -> None:
        """Have somebody prove again that it is he."""
        must(self.browser(person).post(f"{ROOT}/step-up", json={"password": PASSWORD.format(person)}))

    def ask(self, asking: Asking, person: str, on_behalf_of: str | None = None) -> Response:
        """Ask for a command as its person would: files first, then the command, looking first where it changes."""
        command, browser = asking.command, self.browser(person)
        for each in asking.attachments:
            headers = {"Content-Type": each.media_type}
            must(browser.put(f"{ROOT}/attachments/{each.sha256}", content=each.content, headers=headers))
        if command.GRAVE:
            self.prove(person)
        url, body = request_for(command, on_behalf_of)
        self.requests += 1
        answer = browser.post(url, json=body)
        if answer.status_code == LOOK_FIRST:
            self.requests += 1
            answer = browser.post(url, json=body, headers={"If-Match": answer.headers["ETag"]})
        return answer

    def send_ahead(self, file: Path, person: str) -> str:
        """Send a file ahead; return the SHA-256 under which a request names it."""
        content = file.read_bytes()
        name = sha256(content).hexdigest()
        headers = {"Content-Type": KINDS[file.suffix].media_type}
        must(self.browser(person).put(f"{ROOT}/attachments/{name}", content=content, headers=headers))
        return name

    def take_in(self, url: str, said: dict[str, Any], person: str) -> Response:
        """Look at what a table would do, then confirm what was seen."""
        preview = must(self.browser(person).post(f"{ROOT}/{url}/preview", json=said)).json()
        assert preview["can_be_confirmed"], preview["errors"]
        headers = {"If-Match": preview["confirm_with"]}
        return self.browser(person).post(f"{ROOT}/{url}/confirmation", json=said, headers=headers)

    def drop(self, path: str, said: dict[str, Any], person: str, method: str = "POST") -> Response:
        """Do something with a ballot box."""
        return self.browser(person).request(method, f"/ballots/boxes/{path}", json=said)


def request_for(command: Command, on_behalf_of: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return where a command is asked for, and the body of the request."""
    place = PLACES[type(command)]
    given = {each.name: getattr(command, each.name) for each in dataclasses.fields(command)}  # type: ignore[arg-type]
    in_body = {each.name: given[each.name] for each in place.in_body if given[each.name] is not None}
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(in_body, enc_hook=_words))
    if on_behalf_of is not None:
        body["on_behalf_of"] = on_behalf_of
    return f"{ROOT}/{spelt(place.kind.AT, command)}", body


def _words(value: object) -> object:
    if isinstance(value, Sealed):
        return value.text
    raise NotImplementedError(type(value).__name__)


def must(answer: Response) -> Response:
    """Return an answer that is what was hoped for."""
    assert answer.status_code < 300, answer.text
    return answer


@contextmanager
def town(settings: Settings) -> Iterator[Town]:
    """Lend the town of an installation whose ledger has been opened on a simulated clock."""
    with installation(settings) as installed, opened_accounts(installed) as accounts:
        recording = Recording(
            installed.ledger, installed.follower, Uploads(settings.data / UPLOADS), BoxFiles(settings.data)
        )
        app = create_app(
            ledger=installed.ledger,
            follower=installed.follower,
            identities=Identified(accounts, secure=False),
            recording=recording,
        )
        yield Town(installed, accounts, app)


def instant(words: str) -> datetime:
    """Return the instant that a step of the demo names."""
    return datetime.fromisoformat(words)
